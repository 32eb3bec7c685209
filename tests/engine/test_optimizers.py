"""Ten steps of each optimizer against PyTorch's of the same name and settings."""

import pickle
from dataclasses import fields
from typing import Any

import numpy as np
import pytest
import torch

from engine.optimizers import OPTIMIZERS, SGD, Adam, Optimizer
from engine.types import Params

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
)
every_setting = pytest.mark.parametrize("optimizer", SETTINGS, ids=str)


def a_walk(dtype: Any = np.float64, steps: int = 10) -> tuple[Params, list[Params]]:
    """First parameters, and a gradient for each step; some gradients are exactly 0."""
    rng = np.random.default_rng(11)
    shapes = {"weight": (3, 2), "bias": (3,)}

    def draw() -> Params:
        return {name: rng.standard_normal(shape).astype(dtype) for name, shape in shapes.items()}

    grads = [draw() for _ in range(steps)]
    for grad in grads:
        grad["bias"][0] = 0
    return draw(), grads


def torch_walk(optimizer: Optimizer, params: Params, grads: list[Params]) -> list[Params]:
    tensors = {name: torch.from_numpy(value.copy()) for name, value in params.items()}
    settings = {field.name: getattr(optimizer, field.name) for field in fields(optimizer)}  # type: ignore[arg-type]
    twin = getattr(torch.optim, type(optimizer).__name__)(tensors.values(), **settings)
    path = []
    for grad in grads:
        for name, tensor in tensors.items():
            tensor.grad = torch.from_numpy(grad[name].copy())
        twin.step()
        path.append({name: tensor.numpy().copy() for name, tensor in tensors.items()})
    return path


@every_setting
@pytest.mark.parametrize(("dtype", "tolerance"), [(np.float64, 1e-10), (np.float32, 1e-4)])
def test_ten_steps_equal_pytorchs(optimizer: Optimizer, dtype: Any, tolerance: float) -> None:
    params, grads = a_walk(dtype)
    expected, state = torch_walk(optimizer, params, grads), None
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


@pytest.mark.parametrize("grad", [1e-3, 1.0, 1e3])
def test_adams_first_step_has_the_length_of_the_learning_rate(grad: float) -> None:
    # m̂ = g and v̂ = g² after the correction, so the step is lr · g / (|g| + eps).
    params, _ = Adam(lr=0.01, eps=1e-12).update({"w": np.array([5.0])}, {"w": np.array([grad])})
    assert params["w"][0] == pytest.approx(5.0 - 0.01, rel=1e-9)


def test_a_hand_calculation_with_momentum() -> None:
    # v = 2, w = 1 - 0.1·2 = 0.8;  v = 0.5·2 + 4 = 5, w = 0.8 - 0.1·5 = 0.3.
    optimizer = SGD(0.1, momentum=0.5)
    params, state = optimizer.update({"w": np.array([1.0])}, {"w": np.array([2.0])})
    params, state = optimizer.update(params, {"w": np.array([4.0])}, state)
    assert params["w"][0] == pytest.approx(0.3)
    assert state.step == 2
    assert state.buffers["momentum_buffer"]["w"][0] == pytest.approx(5)


def test_the_registry_holds_every_optimizer_that_is_tested() -> None:
    assert set(OPTIMIZERS.values()) == {type(optimizer) for optimizer in SETTINGS}


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
    ],
)
def test_settings_that_cannot_work_are_refused_with_the_reason(build: Any, says: list[str]) -> None:
    for words in says:
        with pytest.raises(ValueError, match=words):
            build()
