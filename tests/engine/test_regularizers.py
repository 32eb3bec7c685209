"""Regularizers against PyTorch's autograd and its own renorm, and what they do to training."""

import pickle
from typing import Any

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from engine import Linear, Network, ReLU, fit
from engine.optimizers import SGD, Adam
from engine.regularizers import L1, L2, ElasticNet, MaxNorm, Regularized, Regularizer
from engine.types import Array, Params

REGULARIZERS: tuple[Regularizer, ...] = (L1(0.3), L2(0.2), ElasticNet(0.3, 0.2), MaxNorm(1.5))
every_regularizer = pytest.mark.parametrize("regularizer", REGULARIZERS, ids=str)


def some_params(dtype: Any = np.float64) -> Params:
    rng = np.random.default_rng(6)
    shapes = {"conv.weight": (3, 2, 2, 2), "conv.bias": (3,), "norm.weight": (3,), "out.weight": (2, 5)}
    return {name: rng.standard_normal(shape).astype(dtype) for name, shape in shapes.items()}


def torch_penalty(regularizer: Regularizer, tensors: dict[str, torch.Tensor]) -> torch.Tensor:
    weights = [tensor for tensor in tensors.values() if tensor.ndim >= 2]
    l1 = {L1: "strength", ElasticNet: "l1"}.get(type(regularizer))
    l2 = {L2: "strength", ElasticNet: "l2"}.get(type(regularizer))
    total = torch.zeros((), dtype=weights[0].dtype)
    for tensor in weights:
        if l1:
            total = total + getattr(regularizer, l1) * tensor.abs().sum()
        if l2:
            total = total + getattr(regularizer, l2) / 2 * tensor.square().sum()
    return total


@pytest.mark.parametrize("regularizer", REGULARIZERS[:3], ids=str)
@pytest.mark.parametrize(("dtype", "tolerance"), [(np.float64, 1e-10), (np.float32, 1e-4)])
def test_price_and_gradient_agree_with_pytorchs_autograd(
    regularizer: Regularizer, dtype: Any, tolerance: float
) -> None:
    params = some_params(dtype)
    tensors = {name: torch.from_numpy(value.copy()).requires_grad_() for name, value in params.items()}
    expected = torch_penalty(regularizer, tensors)
    expected.backward()
    assert regularizer.penalty(params) == pytest.approx(expected.item(), rel=tolerance)
    found = regularizer.gradient(params)
    assert found.keys() == {"conv.weight", "out.weight"}
    for name, g in found.items():
        assert g.dtype == dtype
        np.testing.assert_allclose(g, tensors[name].grad, rtol=tolerance)  # type: ignore[arg-type]


@given(
    arrays.arrays(np.float64, st.tuples(st.integers(1, 4), st.integers(1, 5)), elements=st.floats(-10, 10)),
    st.floats(0.1, 10),
)
def test_max_norm_equals_pytorchs_renorm(weight: Array, c: float) -> None:
    expected = torch.renorm(torch.from_numpy(weight), p=2, dim=0, maxnorm=c).numpy()
    projected = MaxNorm(c).project({"weight": weight})["weight"]
    # PyTorch divides by the length plus 1e-7.
    np.testing.assert_allclose(projected, expected, rtol=1e-5, atol=1e-12)
    assert np.linalg.norm(projected, axis=1).max() <= c * (1 + 1e-12)


def test_max_norm_by_hand() -> None:
    # (3, 4) has length 5 and becomes (1.8, 2.4) of length 3; (1, 2), of length √5, stays; so does the bias.
    params = {"weight": np.array([[3.0, 4.0], [1.0, 2.0]]), "bias": np.array([50.0])}
    projected = MaxNorm(3).project(params)
    np.testing.assert_allclose(projected["weight"], [[1.8, 2.4], [1, 2]], rtol=1e-15)
    assert projected["bias"] is params["bias"]


def test_a_filters_length_is_that_of_its_whole_kernel() -> None:
    weight = np.ones((2, 1, 3, 3))
    weight[1] *= 10
    projected = MaxNorm(3).project({"weight": weight})["weight"]
    assert np.sqrt((projected**2).sum(axis=(1, 2, 3))).tolist() == pytest.approx([3, 3])


@every_regularizer
def test_arguments_stay_as_they_were(regularizer: Regularizer) -> None:
    params = some_params()
    before = pickle.dumps(params)
    regularizer.penalty(params)
    regularizer.gradient(params)
    regularizer.project(params)
    assert pickle.dumps(params) == before


@every_regularizer
def test_projecting_twice_is_projecting_once(regularizer: Regularizer) -> None:
    once = regularizer.project(some_params())
    twice = regularizer.project(once)
    for name in once:
        np.testing.assert_allclose(twice[name], once[name], rtol=1e-14)


@every_regularizer
def test_biases_and_scales_are_neither_priced_nor_moved(regularizer: Regularizer) -> None:
    params = some_params()
    only_these = {name: params[name] for name in ("conv.bias", "norm.weight")}
    assert regularizer.penalty(only_these) == 0
    assert regularizer.gradient(only_these) == {}
    assert regularizer.project(only_these)["conv.bias"] is params["conv.bias"]


def test_l2_in_the_gradient_is_weight_decay_for_plain_sgd() -> None:
    assert Regularized(SGD(0.1), L2(0.3)).lr == 0.1
    params, grads = some_params(), some_params()
    params = {name: w for name, w in params.items() if w.ndim >= 2}
    grads = {name: grads[name] + 1 for name in params}
    one, _ = Regularized(SGD(0.1, momentum=0.9), L2(0.3)).update(params, grads)
    other, _ = SGD(0.1, momentum=0.9, weight_decay=0.3).update(params, grads)
    for name in params:
        np.testing.assert_allclose(one[name], other[name], rtol=1e-12)


@every_regularizer
def test_frozen_parameters_stay_frozen_under_a_regularizer(regularizer: Regularizer) -> None:
    params = {name: 10 * w for name, w in some_params().items()}
    grads = {"out.weight": np.ones((2, 5))}
    after, state = Regularized(Adam(), regularizer).update(params, grads)
    assert after["conv.weight"] is params["conv.weight"]
    assert list(after) == list(params)
    assert not np.array_equal(after["out.weight"], params["out.weight"])
    assert state.buffers["exp_avg"].keys() == {"out.weight"}


def trained(regularizer: Regularizer | None, lr: float = 0.1) -> tuple[Params, list[float]]:
    """Weights and losses after 60 epochs on 100 points of 12 numbers, of which two tell the class."""
    rng = np.random.default_rng(3)
    x = rng.standard_normal((100, 12))
    data = x, (x[:, 0] + x[:, 1] > 0).astype(int)
    layers = [("hidden", Linear(12, 8)), ("relu", ReLU()), ("out", Linear(8, 2))]
    network = Network.build(layers, (12,), rng=rng, dtype=np.float64)
    optimizer = SGD(lr) if regularizer is None else Regularized(SGD(lr), regularizer)
    snapshots = list(fit(network, data, optimizer, rng=rng, epochs=60))
    return snapshots[-1].network.params, [snapshot.loss for snapshot in snapshots]


def test_l2_makes_weights_smaller_and_l1_makes_more_of_them_nearly_0() -> None:
    plain, l2, l1 = (trained(regularizer)[0]["hidden.weight"] for regularizer in (None, L2(0.05), L1(0.02)))
    assert np.linalg.norm(l2) < 0.7 * np.linalg.norm(plain)

    def small(w: Array) -> float:
        return float((np.abs(w) < 0.01 * np.abs(w).max()).mean())

    assert small(l1) > 0.3 > small(plain)
    assert small(l1) > small(l2)


def test_max_norm_holds_throughout_a_training_that_would_leave_it() -> None:
    free, _ = trained(None, lr=1)
    held, losses = trained(MaxNorm(1), lr=1)
    assert np.linalg.norm(free["hidden.weight"], axis=1).max() > 2
    for name in ("hidden.weight", "out.weight"):
        assert np.linalg.norm(held[name], axis=1).max() <= 1 + 1e-12
    assert np.mean(losses[-4:]) < 0.5 * losses[0]


@pytest.mark.parametrize(
    ("build", "says"),
    [
        (lambda: L1(-1), "L1: strength=-1"),
        (lambda: L2(float("nan")), "L2: strength=nan"),
        (lambda: ElasticNet(0.1, -0.1), "l2=-0.1"),
        (lambda: MaxNorm(0), "c=0.*above 0"),
    ],
)
def test_settings_that_cannot_work_are_refused_with_the_reason(build: Any, says: str) -> None:
    with pytest.raises(ValueError, match=says):
        build()
