"""What every layer promises. A later layer is held to all of it by one line in cases.py."""

import pickle
from collections.abc import Callable
from dataclasses import FrozenInstanceError, fields
from typing import Any

import numpy as np
import pytest

import engine.layers
from engine.types import Array, Layer, Params
from tests.engine.cases import (
    CASES,
    LOOPS,
    Case,
    engine_passes,
    random_params,
    relative_error,
    separated,
    torch_module,
    torch_passes,
)
from tests.engine.cases_layers2 import BATCH_NORMS, PLAIN, UNPOOLED, WITHOUT_TWIN, released

BATCH = 2
every_layer = pytest.mark.parametrize("case", CASES, ids=str)


def rng() -> np.random.Generator:
    return np.random.default_rng(7)


def setup(case: Case, dtype: Any = np.float64) -> tuple[Params, Array, Array]:
    """Parameters, a batch and an upstream gradient for it."""
    random = rng()
    params = random_params(case.layer, random, dtype)
    x = separated(random, (BATCH, *case.shape), dtype)
    dy = random.standard_normal((BATCH, *case.layer.output_shape(case.shape))).astype(dtype)
    return params, x, dy


def frozen(arrays: Params) -> Params:
    """Copies that raise when anything writes into them."""
    copies = {name: value.copy() for name, value in arrays.items()}
    for copy in copies.values():
        copy.flags.writeable = False
    return copies


def same_bits(left: Params, right: Params) -> bool:
    return left.keys() == right.keys() and all(
        left[name].dtype == right[name].dtype and left[name].tobytes() == right[name].tobytes() for name in left
    )


def central_differences(f: Callable[[Array], float], at: Array, h: float = 1e-5) -> Array:
    """df/dx ≈ (f(x + h) - f(x - h)) / 2h, one number of x after the other."""
    slopes = np.empty_like(at)
    for index in np.ndindex(*at.shape):
        up, down = at.copy(), at.copy()
        up[index] += h
        down[index] -= h
        slopes[index] = (f(up) - f(down)) / (2 * h)
    return slopes


def test_every_layer_of_the_engine_is_under_contract() -> None:
    held = {type(case.layer) for case in (*CASES, *PLAIN, *WITHOUT_TWIN)}
    held |= {type(released(case)) for case in (*BATCH_NORMS, *UNPOOLED)}
    exported = {getattr(engine.layers, name) for name in engine.layers.__all__}
    blocks = {engine.layers.Residual, engine.layers.Highway, engine.layers.Parallel}  # in test_blocks.py
    assert held | blocks == {layer for layer in exported if isinstance(layer, type)}


@every_layer
def test_the_declared_shape_is_the_actual_shape(case: Case) -> None:
    params, x, dy = setup(case)
    y, cache = case.layer.forward(params, x)
    assert y.shape == (BATCH, *case.layer.output_shape(case.shape))
    dx, grads = case.layer.backward(params, cache, dy)
    assert dx.shape == x.shape
    assert {name: grad.shape for name, grad in grads.items()} == {name: value.shape for name, value in params.items()}


@every_layer
def test_the_input_gradient_agrees_with_central_differences(case: Case) -> None:
    params, x, dy = setup(case)
    numeric = central_differences(lambda moved: float((case.layer.forward(params, moved)[0] * dy).sum()), x)
    assert relative_error(engine_passes(case.layer, params, x, dy).dx, numeric) <= 1e-7


@every_layer
def test_the_parameter_gradients_agree_with_central_differences(case: Case) -> None:
    params, x, dy = setup(case)
    grads = engine_passes(case.layer, params, x, dy).grads
    assert grads.keys() == params.keys()
    for name in params:

        def loss(moved: Array, name: str = name) -> float:
            return float((case.layer.forward({**params, name: moved}, x)[0] * dy).sum())

        assert relative_error(grads[name], central_differences(loss, params[name])) <= 1e-7, name


@every_layer
@pytest.mark.parametrize(("dtype", "tolerance"), [(np.float64, 1e-10), (np.float32, 1e-4)])
def test_both_passes_agree_with_pytorch(case: Case, dtype: Any, tolerance: float) -> None:
    params, x, dy = setup(case, dtype)
    given = engine_passes(case.layer, params, x, dy)
    assert given.worst_error(torch_passes(case.layer, params, x, dy)) <= tolerance


@pytest.mark.parametrize("case", [case for case in CASES if type(case.layer) in LOOPS], ids=str)
def test_both_passes_agree_with_the_loops(case: Case) -> None:
    params, x, dy = setup(case)
    given = engine_passes(case.layer, params, x, dy)
    assert given.worst_error(LOOPS[type(case.layer)](case.layer, params, x, dy)) <= 1e-12


@every_layer
def test_arguments_stay_as_they_were(case: Case) -> None:
    params, x, dy = setup(case)
    arguments = frozen({**params, "x": x, "dy": dy})
    held = {name: arguments[name] for name in params}
    _, cache = case.layer.forward(held, arguments["x"], train=True, rng=rng())
    case.layer.backward(held, frozen(dict(cache)), arguments["dy"])
    assert held.keys() == params.keys()
    assert same_bits(arguments, {**params, "x": x, "dy": dy})


@every_layer
def test_another_forward_leaves_a_pending_backward_alone(case: Case) -> None:
    params, x, dy = setup(case)
    expected = engine_passes(case.layer, params, x, dy)
    y, cache = case.layer.forward(params, x)
    case.layer.forward(params, -3 * x)
    dx, grads = case.layer.backward(params, cache, dy)
    assert same_bits({"y": y, "dx": dx, **grads}, {"y": expected.y, "dx": expected.dx, **expected.grads})


@every_layer
@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_a_dtype_stays_itself(case: Case, dtype: Any) -> None:
    fresh = case.layer.init(rng(), dtype=dtype)
    params, x, dy = setup(case, dtype)
    y, cache = case.layer.forward(params, x)
    dx, grads = case.layer.backward(params, cache, dy)
    kept = [value for value in cache.values() if np.issubdtype(value.dtype, np.floating)]
    assert {a.dtype for a in [*fresh.values(), y, dx, *grads.values(), *kept]} == {np.dtype(dtype)}


@every_layer
def test_memory_order_makes_no_difference(case: Case) -> None:
    params, x, dy = setup(case)
    expected = engine_passes(case.layer, params, x, dy)
    turned = [np.ascontiguousarray(a.T).T for a in (x, dy)]
    assert engine_passes(case.layer, params, *turned).worst_error(expected) <= 1e-12


@every_layer
def test_examples_of_a_batch_keep_to_themselves(case: Case) -> None:
    params, x, dy = setup(case)
    whole = engine_passes(case.layer, params, x, dy)
    alone = [engine_passes(case.layer, params, x[n : n + 1], dy[n : n + 1]) for n in range(BATCH)]
    assert relative_error(whole.y, np.concatenate([one.y for one in alone])) <= 1e-12
    assert relative_error(whole.dx, np.concatenate([one.dx for one in alone])) <= 1e-12
    for name in params:
        assert relative_error(whole.grads[name], alone[0].grads[name] + alone[1].grads[name]) <= 1e-12


@every_layer
def test_specs_parameters_and_caches_pickle(case: Case) -> None:
    params, x, dy = setup(case)
    _, cache = case.layer.forward(params, x)
    layer, params_again, cache_again = pickle.loads(pickle.dumps((case.layer, params, cache)))
    assert layer == case.layer
    before, after = case.layer.backward(params, cache, dy), layer.backward(params_again, cache_again, dy)
    assert same_bits({"dx": before[0], **before[1]}, {"dx": after[0], **after[1]})


@every_layer
def test_the_same_seed_gives_the_same_bits(case: Case) -> None:
    first, second = case.layer.init(np.random.default_rng(3)), case.layer.init(np.random.default_rng(3))
    assert same_bits(first, second)
    if "weight" in first:
        assert not same_bits(first, case.layer.init(np.random.default_rng(4)))


@every_layer
def test_parameters_have_pytorchs_names_and_shapes(case: Case) -> None:
    state = torch_module(case.layer).state_dict()
    assert {name: value.shape for name, value in case.layer.init(rng()).items()} == {
        name: tuple(value.shape) for name, value in state.items()
    }


@every_layer
def test_a_spec_is_frozen_hashable_and_a_layer(case: Case) -> None:
    assert isinstance(case.layer, Layer)
    assert hash(case.layer) == hash(pickle.loads(pickle.dumps(case.layer)))
    for field in fields(case.layer):  # type: ignore[arg-type]
        with pytest.raises(FrozenInstanceError):
            setattr(case.layer, field.name, 1)
