"""A setting that comes as a number of NumPy's is the same as Python's, and leaves float32 as it is.

The cases are those of the registries, so that a new layer, loss, optimizer or schedule is under this as well.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable, Mapping
from dataclasses import fields, is_dataclass
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine import ALL_INITIALIZERS, ALL_OPTIMIZERS, SGD, CenterLoss, Regularized, regularizers, schedules
from engine.data import augmentation, colour
from engine.data.preprocessing import PCA, Whitening
from engine.training.lr_range import lr_range_test
from engine.types import Array
from tests.engine.drawn_layers import LAYERS, one_step
from tests.engine.drawn_layers import modes as drawn_modes
from tests.engine.losses.test_loss_contract import CASES as LOSSES
from tests.engine.losses.test_loss_contract import LossCase, setup
from tests.engine.networks import small_network, stripes

PLAIN = (float, int, bool, str, type(None))
every_float = pytest.mark.parametrize("kind", [np.float64, np.float32, np.asarray], ids=["float64", "float32", "array"])


def in_numpy(value: Any, kind: Callable[[float], Any]) -> Any:
    """A setting with NumPy's numbers for Python's."""
    if type(value) is float:
        return kind(value)
    if type(value) is int:
        return np.int64(value)
    return tuple(in_numpy(each, kind) for each in value) if type(value) is tuple else value


def in_python(value: Any) -> Any:
    """The same numbers as Python's."""
    if isinstance(value, np.generic | np.ndarray):
        return value.item()
    return tuple(map(in_python, value)) if type(value) is tuple else value


def both(spec: Any, kind: Callable[[float], Any]) -> tuple[Any, Any]:
    """The spec made of NumPy's numbers, and the same made of Python's."""
    given_ = {field.name: in_numpy(getattr(spec, field.name), kind) for field in fields(spec)}
    return type(spec)(**given_), type(spec)(**{name: in_python(value) for name, value in given_.items()})


def assert_plain(value: Any) -> None:
    """Python's numbers everywhere inside."""
    if isinstance(value, tuple | list):
        for each in value:
            assert_plain(each)
    elif is_dataclass(value):
        for field in fields(value):
            assert_plain(getattr(value, field.name))
    else:
        assert type(value) in PLAIN or callable(value), repr(value)


def assert_same(found: Mapping[str, Array], expected: Mapping[str, Array]) -> None:
    """The same float32 numbers (counts stay whole)."""
    assert found.keys() == expected.keys()
    for name, value in found.items():
        assert value.dtype.kind in "iu" if name.endswith(("num_batches_tracked", "step")) else value.dtype == np.float32
        np.testing.assert_array_equal(value, expected[name], err_msg=name)


@pytest.mark.parametrize("layer", LAYERS, ids=lambda layer: layer.__name__)
@settings(max_examples=12)
@given(data=st.data(), mode=drawn_modes, kind=st.sampled_from([np.float64, np.float32]))
def test_layers(layer: type, data: st.DataObject, mode: Any, kind: Any) -> None:
    drawn, shape = data.draw(LAYERS[layer])
    made, twin = both(drawn, kind)
    assert made == twin
    assert repr(made) == repr(twin)
    assert_plain(made)
    (step, back), (own, twin_back) = (one_step(each, shape, mode, np.float32) for each in (made, twin))
    assert_same({"y": step.y, "dx": back.dx, **back.grads}, {"y": own.y, "dx": twin_back.dx, **twin_back.grads})
    buffers = {name: np.asarray(step.cache[name]) for name in step.params if name in step.cache}
    assert_same(buffers, {name: np.asarray(own.cache[name]) for name in buffers})


@pytest.mark.parametrize("case", LOSSES, ids=str)
@every_float
def test_losses(case: LossCase, kind: Any) -> None:
    made, twin = both(case.loss, kind)
    assert made == twin
    assert_plain(made)
    z, target, extra = setup(case, np.float32)
    (value, cache), (expected, own) = (loss.forward(z, target, *extra) for loss in (made, twin))
    assert value == expected
    assert type(value) is float
    assert_same({"dz": made.backward(cache)}, {"dz": twin.backward(own)})
    if hasattr(made, "reduction"):
        alone = type(made)(reduction="none")
        cost, cache = alone.forward(z, target)
        assert cost.dtype == alone.backward(cache, np.ones(cost.shape)).dtype == np.float32


def test_arrays_as_settings() -> None:
    """The weights of classes mostly come as an array."""
    from engine import Adam, BCEWithLogitsLoss, CrossEntropyLoss

    weight, cost = np.array([1, 2, 0.5]), np.array([[0, 1.0], [2, 0]])
    for made in (
        CrossEntropyLoss(weight=weight),  # type: ignore[arg-type]
        CrossEntropyLoss(cost=cost),  # type: ignore[arg-type]
        BCEWithLogitsLoss(pos_weight=weight),  # type: ignore[arg-type]
        Adam(betas=np.array([0.8, 0.9])),  # type: ignore[arg-type]
    ):
        assert_plain(made)
        assert hash(made) == hash(made)


def test_a_step_of_the_centres() -> None:
    rng = np.random.default_rng(0)
    x, centers = (rng.standard_normal((4, 3)).astype(np.float32) for _ in range(2))
    moved = CenterLoss().update_centers(centers, x, np.arange(4), alpha=np.float64(0.3))
    assert_same({"c": moved}, {"c": CenterLoss().update_centers(centers, x, np.arange(4), alpha=0.3)})


def settings_of(kind: type) -> dict[str, Any]:
    """Values that work for every setting of an optimizer or regularizer: its defaults, and what isn't 0 by default."""
    found: dict[str, Any] = {}
    for name, parameter in inspect.signature(kind).parameters.items():
        value = parameter.default
        found[name] = 0.3 if value is parameter.empty or (type(value) is float and value == 0) else value
    try:
        kind(**found)
    except ValueError:
        defaults = {name: value for name, value in found.items() if name in ("lr",)}
        return defaults
    return found


@pytest.mark.parametrize("name", ALL_OPTIMIZERS)
@every_float
def test_optimizers(name: str, kind: Any) -> None:
    optimizer = ALL_OPTIMIZERS[name]
    made, twin = both(optimizer(**settings_of(optimizer)), kind)
    assert_plain(made)
    rng = np.random.default_rng(0)
    start = {"w": rng.standard_normal((3, 2)).astype(np.float32)}
    ends = []
    for each in (made, twin):
        params, state = start, None
        for step in range(3):
            params, state = each.update(params, {"w": np.sin(np.float32(step) + params["w"])}, state)
        assert state is not None
        ends.append((params, {key: np.asarray(buffer["w"]) for key, buffer in state.buffers.items()}))
    for found, expected in zip(*ends, strict=True):
        assert_same(found, expected)


REGULARIZERS = [thing for thing in vars(regularizers).values() if is_dataclass(thing) and hasattr(thing, "penalty")]


@pytest.mark.parametrize("regularizer", REGULARIZERS)
@every_float
def test_regularizers(regularizer: Any, kind: Any) -> None:
    made, twin = both(regularizer(**settings_of(regularizer)), kind)
    assert_plain(made)
    w = {"w": np.random.default_rng(0).standard_normal((3, 2)).astype(np.float32)}
    assert_same(made.gradient(w), twin.gradient(w))
    assert_same(made.project(w), twin.project(w))
    assert type(made.penalty(w)) is float
    moved, _ = Regularized(SGD(kind(0.1)), made).update(w, w)
    assert_same(moved, Regularized(SGD(in_python(kind(0.1))), twin).update(w, w)[0])


@pytest.mark.parametrize("name", ALL_INITIALIZERS)
@every_float
def test_initializers(name: str, kind: Any) -> None:
    made, twin = both(ALL_INITIALIZERS[name], kind)
    assert_plain(made)
    first, second = (each(np.random.default_rng(0), (4, 3)) for each in (made, twin))
    np.testing.assert_array_equal(first, second)


VALUES = {"schedule": schedules.Constant(0.1), "step_size": 2, "T_max": 4, "steps": 3, "total_steps": 6, "cycles": 2}
SCHEDULES = [
    thing for name, thing in vars(schedules).items() if is_dataclass(thing) and name[0] != "_" and callable(thing)
]


@pytest.mark.parametrize("schedule", SCHEDULES)
@every_float
def test_schedules(schedule: Any, kind: Any) -> None:
    given_ = {}
    for name, parameter in inspect.signature(schedule).parameters.items():
        by_type = {"int": 4, "float": 0.5}.get(str(parameter.annotation), (2, 4))
        given_[name] = VALUES.get(name, by_type if parameter.default is parameter.empty else parameter.default)
        if "OneCycleLR" in str(parameter.annotation):
            given_[name] = schedules.OneCycleLR(0.1, 6)
    made, twin = both(schedule(**given_), kind)
    assert_plain(made)
    if "__call__" not in vars(schedule):
        return
    for step in range(1, 6):
        assert made(step) == made(np.int64(step)) == twin(step)
        assert type(made(step)) is float
        assert type(made(np.int64(step))) is float
        optimizer = schedules.scheduled(SGD(kind(0.1)), lr=made)(np.int64(step))
        assert type(optimizer.lr) is float


def test_the_learning_rate_test() -> None:
    x, target = stripes(12)
    low, high = np.logspace(-3, -1, 2)
    points = list(
        lr_range_test(
            small_network(),
            (x, target),
            SGD(low, momentum=np.float64(0.9)),
            rng=np.random.default_rng(0),
            low=low,
            high=high,
            steps=3,
            smoothing=np.float64(0.9),
        )
    )
    assert {type(value) for point in points for value in (point.lr, point.loss, point.smoothed)} == {float}


def amounts(function: Callable[..., Any], kind: Any) -> dict[str, Any]:
    """A function's own amounts in NumPy's numbers."""
    return {
        name: in_numpy(parameter.default, kind)
        for name, parameter in inspect.signature(function).parameters.items()
        if parameter.default is not parameter.empty
    }


DRAWING = {
    name: function
    for module in (augmentation, colour)
    for name, function in inspect.getmembers(module, inspect.isfunction)
    if list(inspect.signature(function).parameters)[:2] == ["x", "rng"]
}


@pytest.mark.parametrize("name", DRAWING)
@every_float
def test_augmentations(name: str, kind: Any) -> None:
    x = np.random.default_rng(0).random((4, 3, 5, 5)).astype(np.float32)
    more: dict[str, Any] = {}
    if name == "random_crop":
        more = {"size": np.int64(3)}
    if name == "fancy_pca":
        more = {"colours": colour.ColourAxes.fit(x)}
    given_ = amounts(DRAWING[name], kind)
    found = DRAWING[name](x, np.random.default_rng(1), **given_, **more)
    expected = DRAWING[name](
        x, np.random.default_rng(1), **{key: in_python(value) for key, value in given_.items()}, **more
    )
    assert_same({"x": found}, {"x": expected})


@every_float
def test_other_changes_of_pictures(kind: Any) -> None:
    x = np.random.default_rng(0).random((4, 3, 5, 5)).astype(np.float32)
    assert augmentation.affine(x, turn=kind(20.0), scale_x=kind(1.1)).dtype == np.float32
    assert augmentation.gaussian_blur(x, kind(0.7)).dtype == np.float32
    assert augmentation.resize(x, (np.int64(7), 3)).dtype == np.float32
    mixed = augmentation.mixup(x, np.eye(4, dtype=np.float32), np.random.default_rng(0), alpha=kind(0.2))
    assert mixed.x.dtype == mixed.target.dtype == np.float32
    assert type(mixed.share) is float


@every_float
def test_whitening(kind: Any) -> None:
    x = np.random.default_rng(0).random((9, 4)).astype(np.float32)
    made = Whitening.fit(x, k=np.int64(3), epsilon=kind(0.1))
    assert_same({"y": made.transform(x)}, {"y": Whitening.fit(x, k=3, epsilon=in_python(kind(0.1))).transform(x)})
    assert_plain(Whitening(PCA.fit(x), kind(0.1)).epsilon)
