"""Ten steps of each optimizer against PyTorch's of the same name and settings; the others by hand and by loops."""

import inspect
import math
import pickle
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import fields
from typing import Any

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

import engine.optimizers
from engine import Linear, Network, fit
from engine.optimizers import (
    ALL_OPTIMIZERS,
    FTRL,
    OPTIMIZERS,
    SGD,
    Adadelta,
    Adagrad,
    Adam,
    AdamW,
    NAdam,
    Optimizer,
    ProximalAdagrad,
    ProximalSGD,
    RMSprop,
    Rprop,
    State,
)
from engine.types import Params
from tests.engine.cases import relative_error

SETTINGS: tuple[Optimizer, ...] = (
    SGD(0.1),
    SGD(0.1, weight_decay=0.01),
    SGD(0.1, momentum=0.9),
    SGD(0.1, momentum=0.9, dampening=0.3),
    SGD(0.1, momentum=0.9, weight_decay=0.01),
    SGD(0.1, momentum=0.9, nesterov=True),
    SGD(0.1, momentum=0.8, weight_decay=0.1, nesterov=True),
    Adam(),
    Adam(0.05, betas=(0.5, 0.9)),
    Adam(0.05, betas=(0.0, 0.0), eps=1e-4),
    Adam(0.05, weight_decay=0.1),
    AdamW(),
    AdamW(0.05, weight_decay=0.3),
    Adam(0.05, betas=(0.5, 0.9), weight_decay=0.1, amsgrad=True),
    AdamW(0.05, betas=(0.5, 0.6), amsgrad=True),
    NAdam(),
    NAdam(0.05, betas=(0.5, 0.9), weight_decay=0.1, momentum_decay=0.3),
    NAdam(0.05, weight_decay=0.1, decoupled_weight_decay=True),
    Adagrad(),
    Adagrad(0.1, lr_decay=0.2, weight_decay=0.1, initial_accumulator_value=0.3),
    RMSprop(),
    RMSprop(0.05, alpha=0.9, momentum=0.8, weight_decay=0.1),
    RMSprop(0.05, alpha=0.9, momentum=0.5, centered=True),
    Adadelta(),
    Adadelta(0.5, rho=0.95, weight_decay=0.1),
    Rprop(),
    Rprop(0.1, etas=(0.3, 1.7), step_sizes=(0.02, 0.2)),
)
WITHOUT_TWIN: tuple[Optimizer, ...] = (
    ProximalSGD(0.1, l1=0.3, l2=0.2),
    ProximalAdagrad(0.1, l1=0.3, l2=0.2),
    FTRL(0.1, l1=0.3, l2=0.2),
)
every_twin = pytest.mark.parametrize("optimizer", SETTINGS, ids=str)
every_setting = pytest.mark.parametrize("optimizer", SETTINGS + WITHOUT_TWIN, ids=str)


def a_walk(dtype: Any = np.float64, steps: int = 10, seed: int = 11) -> tuple[Params, list[Params]]:
    """First parameters, and a gradient for each step; some gradients are exactly 0."""
    rng = np.random.default_rng(seed)
    shapes = {"weight": (3, 2), "bias": (3,)}

    def draw() -> Params:
        return {name: rng.standard_normal(shape).astype(dtype) for name, shape in shapes.items()}

    grads = [draw() for _ in range(steps)]
    for grad in grads:
        grad["bias"][0] = 0
    return draw(), grads


@contextmanager
def default_dtype(dtype: torch.dtype) -> Iterator[None]:
    """PyTorch keeps what an optimizer counts in its default dtype, whatever that of the weights: NAdam's Π, too."""
    before = torch.get_default_dtype()
    torch.set_default_dtype(dtype)
    try:
        yield
    finally:
        torch.set_default_dtype(before)


def torch_walk(optimizer: Optimizer, params: Params, grads: list[Params]) -> tuple[list[Params], dict[str, Params]]:
    """The parameters after each step of PyTorch's optimizer, and what it remembers in the end."""
    tensors = {name: torch.from_numpy(value.copy()) for name, value in params.items()}
    settings = {field.name: getattr(optimizer, field.name) for field in fields(optimizer)}  # type: ignore[arg-type]
    twin = getattr(torch.optim, type(optimizer).__name__)(tensors.values(), **settings)
    path = []
    with default_dtype(tensors["weight"].dtype):
        for grad in grads:
            for name, tensor in tensors.items():
                tensor.grad = torch.from_numpy(grad[name].copy()) if name in grad else None
            twin.step()
            path.append({name: tensor.numpy().copy() for name, tensor in tensors.items()})
    buffers: dict[str, Params] = {}
    for name, tensor in tensors.items():
        for key, value in twin.state[tensor].items():
            if value is not None:
                buffers.setdefault(key, {})[name] = np.asarray(value)
    return path, buffers


@every_twin
@pytest.mark.parametrize(("dtype", "tolerance"), [(np.float64, 1e-10), (np.float32, 1e-4)])
def test_ten_steps_equal_pytorchs(optimizer: Optimizer, dtype: Any, tolerance: float) -> None:
    params, grads = a_walk(dtype)
    (expected, _), state = torch_walk(optimizer, params, grads), None
    for step, grad in enumerate(grads):
        params, state = optimizer.update(params, grad, state)
        for name in params:
            np.testing.assert_allclose(params[name], expected[step][name], rtol=tolerance, atol=tolerance)
            assert params[name].dtype == dtype


@every_setting
def test_an_update_changes_none_of_its_arguments(optimizer: Optimizer) -> None:
    params, grads = a_walk()
    _, state = optimizer.update(params, grads[0])
    before = pickle.dumps((params, grads, state))
    first = optimizer.update(params, grads[1], state)
    assert pickle.dumps((params, grads, state)) == before
    assert pickle.dumps(optimizer.update(params, grads[1], state)) == pickle.dumps(first)


@every_setting
def test_a_pickled_state_goes_on_as_if_nothing_had_happened(optimizer: Optimizer) -> None:
    params, grads = a_walk()
    params, state = optimizer.update(params, grads[0])
    again, state_again, optimizer_again = pickle.loads(pickle.dumps((params, state, optimizer)))
    straight, _ = optimizer.update(params, grads[1], state)
    resumed, _ = optimizer_again.update(again, grads[1], state_again)
    assert pickle.dumps(straight) == pickle.dumps(resumed)


@every_twin
def test_what_an_optimizer_remembers_is_what_pytorchs_remembers_under_the_same_names(optimizer: Optimizer) -> None:
    params, grads = a_walk()
    _, expected = torch_walk(optimizer, params, grads)
    state = None
    for grad in grads:
        params, state = optimizer.update(params, grad, state)
    assert state is not None
    # PyTorch counts RMSprop's and Adadelta's steps too, though nothing in them depends on it.
    counted = {key for key in expected if key != "step"} | (state.buffers.keys() & {"step"})
    assert state.buffers.keys() == counted
    for key, buffer in state.buffers.items():
        assert buffer.keys() == params.keys()
        for name, value in buffer.items():
            np.testing.assert_allclose(value, expected[key][name], rtol=1e-10, atol=1e-15)


shares = st.floats(0, 0.99)
rates = st.floats(1e-4, 1)
decays = st.sampled_from([0.0, 0.01, 0.5])


@st.composite
def drawn_optimizers(draw: st.DrawFn, epsilons: tuple[float, ...]) -> Optimizer:
    lr, decay, eps = draw(rates), draw(decays), draw(st.sampled_from(epsilons))
    momentum, betas = draw(shares), (draw(shares), draw(shares))
    nesterov = draw(st.booleans()) and momentum > 0
    options: tuple[Optimizer, ...] = (
        SGD(lr, momentum, 0.0 if nesterov else draw(shares), decay, nesterov),
        Adam(lr, betas, eps, decay, draw(st.booleans())),
        AdamW(lr, betas, eps, decay, draw(st.booleans())),
        NAdam(lr, betas, eps, decay, draw(shares), draw(st.booleans())),
        Rprop(lr, (draw(st.floats(0.1, 0.9)), draw(st.floats(1.1, 3))), (draw(st.floats(0, 0.01)), draw(rates) + 0.01)),
        Adagrad(lr, draw(shares), decay, draw(shares), eps),
        RMSprop(lr, draw(shares), eps, decay, momentum),
        Adadelta(lr, draw(shares), eps, decay),
    )
    return options[draw(st.integers(0, len(options) - 1))]


# A gradient that decay has all but cancelled is divided by its own size: a small eps then blows its rounding up.
@pytest.mark.parametrize(
    ("dtype", "tolerance", "epsilons"), [(np.float64, 1e-10, (1e-8, 1e-4)), (np.float32, 1e-4, (1e-2, 0.1))]
)
@given(st.data(), st.integers(0, 2**32 - 1))
def test_ten_steps_with_drawn_settings_equal_pytorchs(
    dtype: Any, tolerance: float, epsilons: tuple[float, ...], data: st.DataObject, seed: int
) -> None:
    optimizer = data.draw(drawn_optimizers(epsilons))
    params, grads = a_walk(dtype, seed=seed)
    (expected, _), state = torch_walk(optimizer, params, grads), None
    for step, grad in enumerate(grads):
        params, state = optimizer.update(params, grad, state)
        for name in params:
            assert relative_error(params[name], expected[step][name]) <= tolerance


@every_setting
def test_what_has_no_gradient_passes_through_unchanged(optimizer: Optimizer) -> None:
    params, grads = a_walk()
    params = {"mean": np.array([5.0, 6.0]), **params}
    after, state = optimizer.update(params, grads[0])
    assert after["mean"] is params["mean"]
    assert list(after) == list(params)
    assert all("mean" not in buffer for buffer in state.buffers.values())


@every_twin
def test_a_parameter_that_joins_late_or_pauses_is_treated_as_pytorch_treats_it(optimizer: Optimizer) -> None:
    params, grads = a_walk()
    grads = [
        {name: g for name, g in grad.items() if name != "bias" or step in (3, 4, 7)} for step, grad in enumerate(grads)
    ]
    (expected, _), state = torch_walk(optimizer, params, grads), None
    for step, grad in enumerate(grads):
        params, state = optimizer.update(params, grad, state)
        for name in params:
            np.testing.assert_allclose(params[name], expected[step][name], rtol=1e-10, atol=1e-14)


@every_setting
def test_a_gradient_of_something_unknown_is_named(optimizer: Optimizer) -> None:
    params, grads = a_walk()
    with pytest.raises(ValueError, match=r"conv9\.weight.*weight, bias"):
        optimizer.update(params, {**grads[0], "conv9.weight": np.zeros(3)})


@every_setting
def test_a_dtype_stays_itself(optimizer: Optimizer) -> None:
    params, grads = a_walk(np.float32)
    params, state = optimizer.update(params, grads[0])
    params, state = optimizer.update(params, grads[1], state)
    floats = [b for buffer in state.buffers.values() for b in buffer.values() if b.dtype.kind == "f"]
    assert {value.dtype for value in [*params.values(), *floats]} == {np.dtype(np.float32)}


@pytest.mark.parametrize("grad", [1e-3, 1.0, 1e3])
def test_adams_first_step_has_the_length_of_the_learning_rate(grad: float) -> None:
    # m̂ = g and v̂ = g² after the correction, so the step is lr · g / (|g| + eps).
    params, _ = Adam(lr=0.01, eps=1e-12).update({"w": np.array([5.0])}, {"w": np.array([grad])})
    assert params["w"][0] == pytest.approx(5.0 - 0.01, rel=1e-9)


def test_adams_corrected_means_of_a_gradient_that_never_changes_are_that_gradient_and_its_square() -> None:
    params, state = {"w": np.array([5.0])}, None
    for t in range(1, 6):
        params, state = Adam().update(params, {"w": np.array([3.0])}, state)
        m, v, steps = (state.buffers[name]["w"] for name in ("exp_avg", "exp_avg_sq", "step"))
        assert steps == t
        assert m[0] == pytest.approx(3 * (1 - 0.9**t), rel=1e-12)
        m_hat, v_hat = Adam().corrected(m, v, int(steps))
        assert (m_hat[0], v_hat[0]) == (pytest.approx(3, rel=1e-12), pytest.approx(9, rel=1e-12))


def test_a_hand_calculation_with_momentum() -> None:
    # v = 2, w = 1 - 0.1·2 = 0.8;  v = 0.5·2 + 4 = 5, w = 0.8 - 0.1·5 = 0.3.
    optimizer = SGD(0.1, momentum=0.5)
    params, state = optimizer.update({"w": np.array([1.0])}, {"w": np.array([2.0])})
    params, state = optimizer.update(params, {"w": np.array([4.0])}, state)
    assert params["w"][0] == pytest.approx(0.3)
    assert state.step == 2
    assert state.buffers["momentum_buffer"]["w"][0] == pytest.approx(5)


def test_decoupled_decay_shrinks_all_weights_alike_and_adams_own_hardly_where_gradients_are_large() -> None:
    w, g = {"w": np.array([1.0, 1.0])}, {"w": np.array([0.01, 100.0])}

    def shrunk(optimizer: type[Adam]) -> list[float]:
        with_decay, _ = optimizer(0.1, weight_decay=0.5).update(w, g)
        without, _ = optimizer(0.1, weight_decay=0.0).update(w, g)
        found: list[float] = (without["w"] - with_decay["w"]).tolist()
        return found

    assert shrunk(AdamW) == pytest.approx([0.05, 0.05])
    assert max(map(abs, shrunk(Adam))) < 1e-6


def test_adagrads_steps_shrink_and_rmsprops_do_not() -> None:
    def steps(optimizer: Optimizer) -> list[float]:
        params, state = {"w": np.zeros(1)}, None
        path = [0.0]
        for _ in range(200):
            params, state = optimizer.update(params, {"w": np.ones(1)}, state)
            path.append(float(params["w"][0]))
        return list(-np.diff(path))

    # A constant gradient of 1: Adagrad's t-th step is lr/√t, RMSprop's settles at lr.
    assert steps(Adagrad(0.1)) == pytest.approx([0.1 / math.sqrt(t) for t in range(1, 201)])
    assert steps(RMSprop(0.1, alpha=0.9))[-1] == pytest.approx(0.1, rel=1e-6)


def test_a_centered_rmsprop_stays_finite_where_the_gradient_never_changes() -> None:
    params, state = {"w": np.ones(50, np.float32)}, None
    grad = np.random.default_rng(0).standard_normal(50).astype(np.float32)
    for _ in range(2000):
        params, state = RMSprop(1e-3, alpha=0.9, centered=True, eps=1e-4).update(params, {"w": grad}, state)
    assert np.isfinite(params["w"]).all()


def test_adadeltas_first_step_by_hand() -> None:
    # v = 0.05 · 4, Δ = 2 · √1e-6 / √(0.2 + 1e-6), w = 1 - Δ.
    params, state = Adadelta(rho=0.95).update({"w": np.array([1.0])}, {"w": np.array([2.0])})
    delta = 2 * math.sqrt(1e-6) / math.sqrt(0.2 + 1e-6)
    assert params["w"][0] == pytest.approx(1 - delta, rel=1e-12)
    assert state.buffers["acc_delta"]["w"][0] == pytest.approx(0.05 * delta**2, rel=1e-9)


def test_amsgrad_never_forgets_its_largest_gradient() -> None:
    """After one gradient of 100, a hundred of 1: Adam's steps grow long again, AMSGrad's stay short."""
    lengths = {}
    for amsgrad in (False, True):
        optimizer = Adam(0.1, betas=(0.0, 0.9), amsgrad=amsgrad)
        params, state = optimizer.update({"w": np.zeros(1)}, {"w": np.array([100.0])})
        for _ in range(100):
            before = params["w"][0]
            params, state = optimizer.update(params, {"w": np.ones(1)}, state)
        lengths[amsgrad] = before - params["w"][0]
    assert lengths[False] == pytest.approx(0.1, rel=0.02)
    # v = (1 - 0.9) · 100² at the first step is the largest there is: 0.1 · 1 / √1000.
    assert lengths[True] == pytest.approx(0.1 / math.sqrt(1000), rel=1e-3)


def test_rprops_steps_by_hand() -> None:
    """Signs +, +, -, -, -: 0.1, then 0.2; none where it turns (Δ = 0.1), then 0.1 with nothing to compare, then 0.2."""
    params, state = {"w": np.array([0.0])}, None
    path = [0.0]
    for g in (5.0, 0.001, -7.0, -7.0, -1.0):
        params, state = Rprop(0.1, etas=(0.5, 2.0)).update(params, {"w": np.array([g])}, state)
        path.append(float(params["w"][0]))
    assert np.diff(path) == pytest.approx([-0.1, -0.2, 0, 0.1, 0.2])


def test_nadams_first_step_looks_ahead() -> None:
    """t = 1: m = 0.1 g, v̂ = g². The step is lr · (μ' · 0.1 / (1 - μ μ') + 1), for (1 - μ) / (1 - Π) is 1."""
    optimizer = NAdam(0.01, eps=0)
    mu, ahead = optimizer.momentum(1), optimizer.momentum(2)
    assert (mu, optimizer.momentum(100_000)) == pytest.approx((0.9 * (1 - 0.5 * 0.96**0.004), 0.9))
    params, _ = optimizer.update({"w": np.array([5.0])}, {"w": np.array([3.0])})
    assert params["w"][0] == pytest.approx(5 - 0.01 * (ahead * 0.1 / (1 - mu * ahead) + 1))


def test_a_proximal_step_by_hand() -> None:
    # 1 - 0.1·2 = 0.8, shrunk by 0.1·3 to 0.5, over 1 + 0.1·1;  0.05 - 0.1·(-2) = 0.25 < 0.3 becomes exactly 0.
    params, _ = ProximalSGD(0.1, l1=3, l2=1).update({"w": np.array([1.0, 0.05])}, {"w": np.array([2.0, -2.0])})
    assert params["w"].tolist() == pytest.approx([0.5 / 1.1, 0.0], abs=0)


@pytest.mark.parametrize("optimizer", [ProximalSGD(0.2, l1=0.7, l2=0.4), ProximalAdagrad(0.2, l1=0.7, l2=0.4)], ids=str)
def test_a_proximal_step_is_the_minimum_of_its_own_small_problem(optimizer: Any) -> None:
    w, g = 0.3, -1.1
    params, state = optimizer.update({"w": np.array([w])}, {"w": np.array([g])})
    lr = 0.2 if isinstance(optimizer, ProximalSGD) else 0.2 / math.sqrt(0.1 + g * g)
    v = np.linspace(-2, 2, 4_000_001)
    problem = g * v + 0.7 * np.abs(v) + 0.2 * v * v + (v - w) ** 2 / (2 * lr)
    assert params["w"][0] == pytest.approx(v[problem.argmin()], abs=2e-6)


@pytest.mark.parametrize(
    ("optimizer", "twin"),
    [
        (ProximalSGD(0.1), SGD(0.1)),
        (ProximalAdagrad(0.1), Adagrad(0.1, initial_accumulator_value=0.1, eps=0)),
        (FTRL(0.1, beta=0.5), Adagrad(0.1, eps=0.5)),
    ],
    ids=str,
)
def test_without_l1_and_l2_the_proximal_ones_are_their_plain_relatives(optimizer: Optimizer, twin: Optimizer) -> None:
    params, grads = a_walk()
    other, state, state_other = params, None, None
    for grad in grads:
        params, state = optimizer.update(params, grad, state)
        other, state_other = twin.update(other, grad, state_other)
        for name in params:
            np.testing.assert_allclose(params[name], other[name], rtol=1e-12, atol=1e-14)


def test_ftrl_agrees_with_the_papers_algorithm_one_number_at_a_time() -> None:
    lr, beta, l1, l2 = 0.3, 1.0, 0.5, 0.2
    rng = np.random.default_rng(4)
    grads = rng.standard_normal((10, 6)) + np.linspace(-1, 1, 6)
    z, n, w = [0.0] * 6, [0.0] * 6, [0.0] * 6
    params, state = {"w": np.zeros(6)}, None
    zeros = 0
    for g in grads:
        for i in range(6):
            sigma = (math.sqrt(n[i] + g[i] ** 2) - math.sqrt(n[i])) / lr
            z[i] += g[i] - sigma * w[i]
            n[i] += g[i] ** 2
            sign = math.copysign(1, z[i])
            w[i] = 0.0 if abs(z[i]) <= l1 else -(z[i] - sign * l1) / ((beta + math.sqrt(n[i])) / lr + l2)
        params, state = FTRL(lr, beta, l1, l2).update(params, {"w": g}, state)
        np.testing.assert_allclose(params["w"], w, rtol=1e-12, atol=1e-15)
        zeros += w.count(0.0)
    assert zeros, "l1 holds some weights at 0"


def test_ftrl_starts_from_the_first_weights_less_what_l1_and_l2_ask_of_them() -> None:
    # Without a gradient z = -10 · w. l1 = 3 takes 3 / 10 off each weight; l2 = 5 multiplies by 10 / (10 + 5).
    w = {"w": np.array([0.7, -0.2, 0.0])}
    for optimizer, expected in (
        (FTRL(0.1), [0.7, -0.2, 0]),
        (FTRL(0.1, l1=3), [0.4, 0, 0]),
        (FTRL(0.1, l2=5), [0.7 * 2 / 3, -0.2 * 2 / 3, 0]),
    ):
        params, _ = optimizer.update(w, {"w": np.zeros(3)})
        np.testing.assert_allclose(params["w"], expected, rtol=1e-12)


@pytest.mark.parametrize(
    "optimizer",
    [ProximalSGD(0.2, l1=0.1), ProximalAdagrad(0.3, l1=0.1), FTRL(0.3, l1=30)],
    ids=lambda o: type(o).__name__,
)
def test_l1_puts_the_weights_of_useless_inputs_at_exactly_0_and_keeps_the_useful_ones(optimizer: Optimizer) -> None:
    # Only input 0 tells the class; the other nine are noise.
    rng = np.random.default_rng(0)
    x = rng.standard_normal((400, 10))
    data = x, (x[:, 0] > 0).astype(int)
    network = Network.build([("out", Linear(10, 2))], (10,), rng=rng, dtype=np.float64)
    *_, last = fit(network, data, optimizer, rng=rng, epochs=30)
    weight = last.network.params["out.weight"]
    assert np.abs(weight[:, 0]).max() > 0.3
    assert (weight[:, 1:] == 0).mean() > 0.8


def test_the_registries_hold_every_optimizer_and_every_one_is_tested() -> None:
    public = [getattr(engine.optimizers, name) for name in engine.optimizers.__all__]
    classes = {thing for thing in public if inspect.isclass(thing) and thing not in (Optimizer, State)}
    assert set(ALL_OPTIMIZERS.values()) == {type(optimizer) for optimizer in SETTINGS + WITHOUT_TWIN} == classes
    assert OPTIMIZERS.items() <= ALL_OPTIMIZERS.items()


@pytest.mark.parametrize(
    ("build", "says"),
    [
        (lambda: SGD(-0.1), ["lr=-0.1", "at least 0"]),
        (lambda: SGD(float("nan")), ["lr=nan", "finite"]),
        (lambda: SGD(float("inf")), ["lr=inf", "finite"]),
        (lambda: SGD(0.1, momentum=-1), ["momentum=-1"]),
        (lambda: SGD(0.1, weight_decay=-1), ["weight_decay=-1"]),
        (lambda: SGD(0.1, nesterov=True), ["nesterov", "momentum > 0"]),
        (lambda: SGD(0.1, momentum=0.9, dampening=0.1, nesterov=True), ["nesterov", "dampening = 0"]),
        (lambda: Adam(betas=(1.0, 0.999)), ["1.0", "0.999"]),
        (lambda: Adam(betas=(0.9, -0.1)), ["-0.1"]),
        (lambda: Adam(eps=-1e-8), ["eps=-1e-08"]),
        (lambda: AdamW(betas=(0.9,)), ["AdamW", "two numbers"]),
        (lambda: NAdam(momentum_decay=-1), ["NAdam: momentum_decay=-1"]),
        (lambda: NAdam(betas=(0.9, 1.0)), ["NAdam: betas"]),
        (lambda: Rprop(etas=(1.2, 0.5)), [r"etas=\(1.2, 0.5\)", "shortens"]),
        (lambda: Rprop(step_sizes=(1, 0.1)), ["the shortest and the longest"]),
        (lambda: Adagrad(initial_accumulator_value=-1), ["initial_accumulator_value=-1"]),
        (lambda: RMSprop(alpha=1), ["alpha=1", "0.9"]),
        (lambda: Adadelta(rho=1.5), ["rho=1.5"]),
        (lambda: ProximalSGD(0.1, l1=-1), ["ProximalSGD: l1=-1"]),
        (lambda: ProximalAdagrad(initial_accumulator_value=0), ["above 0"]),
        (lambda: FTRL(beta=0), ["beta=0", "above 0"]),
        (lambda: FTRL(l2=-1), ["l2=-1"]),
    ],
)
def test_settings_that_cannot_work_are_refused_with_the_reason(build: Any, says: list[str]) -> None:
    for words in says:
        with pytest.raises(ValueError, match=words):
            build()
