"""Whole numbers, truth values, halves, complex numbers, objects and lists: computed with as floats, or refused.

Never a wrong value without a word. The cases are those of the registries, so that a new layer, loss or augmentation
is under this as well.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import engine.losses
from engine import Conv2d, CrossEntropyLoss, Flatten, Linear, Network, ReLU, fit, reference
from engine.data import augmentation, colour
from engine.data.preprocessing import PREPROCESSORS
from engine.gradcheck import check_network, compare, numeric_gradient
from engine.guard import InputError
from engine.losses.softmax import one_hot
from engine.optimizers import ALL_OPTIMIZERS, SGD
from engine.signal.lsuv import lsuv
from engine.training.metrics import evaluate
from engine.types import Array, ShapeError
from tests.engine.cases import relative_error
from tests.engine.drawn_layers import LAYERS, one_step
from tests.engine.drawn_layers import modes as drawn_modes
from tests.engine.kinds_of_numbers import KINDS, every_kind, refused_or_right, whole_numbers
from tests.engine.loops import by_loops
from tests.engine.losses.test_loss_contract import CASES as LOSSES
from tests.engine.losses.test_loss_contract import LossCase, setup

every_layer = pytest.mark.parametrize("kind", LAYERS, ids=lambda kind: kind.__name__)
odd = st.sampled_from(KINDS)
arrays = st.sampled_from([kind for kind in KINDS if kind != "list"])


# Layers and their loops


@every_layer
@settings(max_examples=15)
@given(data=st.data(), mode=drawn_modes, numbers=odd)
def test_a_layer_takes_floats(kind: type, data: st.DataObject, mode: Any, numbers: str) -> None:
    layer, shape = data.draw(LAYERS[kind])
    step, back = one_step(layer, shape, mode)
    rng = np.random.default_rng(mode.seed)
    x, floats = whole_numbers(rng, step.x.shape, numbers)
    dy, floating = whole_numbers(rng, step.y.shape, numbers)

    def forward(given: Any) -> Array:
        return layer.forward(step.params, given, train=mode.train, rng=np.random.default_rng(0))[0]

    def backward(given: Any) -> Array:
        return layer.backward(step.params, step.cache, given)[0]

    refused_or_right(lambda: forward(x), lambda: forward(floats), numbers)
    refused_or_right(lambda: backward(dy), lambda: backward(floating), numbers)


@every_layer
@settings(max_examples=10)
@given(data=st.data(), mode=drawn_modes, numbers=arrays)
def test_a_layer_s_parameters_are_floats(kind: type, data: st.DataObject, mode: Any, numbers: str) -> None:
    layer, shape = data.draw(LAYERS[kind])
    step, _ = one_step(layer, shape, mode)
    counted = [name for name, value in step.params.items() if value.dtype.kind == "f" and value.size]
    if not counted:
        return
    made = {name: whole_numbers(np.random.default_rng(mode.seed), step.params[name].shape, numbers) for name in counted}

    def forward(which: int) -> Array:
        params = {**step.params, **{name: both[which] for name, both in made.items()}}
        return layer.forward(params, step.x, train=mode.train, rng=np.random.default_rng(0))[0]

    refused_or_right(lambda: forward(0), lambda: forward(1), numbers)


@every_layer
@settings(max_examples=8)
@given(data=st.data(), mode=drawn_modes, numbers=arrays)
def test_so_do_its_loops(kind: type, data: st.DataObject, mode: Any, numbers: str) -> None:
    layer, shape = data.draw(LAYERS[kind])
    step, back = one_step(layer, shape, mode)
    x, _ = whole_numbers(np.random.default_rng(mode.seed), step.x.shape, numbers)
    with pytest.raises(InputError):
        by_loops(layer, step.params, x, back.dy, step.cache)


@every_kind
def test_the_loops_of_cross_entropy_take_floats(kind: str) -> None:
    z, floats = whole_numbers(np.random.default_rng(0), (3, 4), kind)
    target = np.array([0, 3, 1])
    for loops in (reference.cross_entropy, reference.cross_entropy_backward):
        refused_or_right(lambda loops=loops: loops(z, target), lambda loops=loops: loops(floats, target), kind)


def test_every_loop_looks_at_its_arrays() -> None:
    with pytest.raises(InputError, match=r"np\.asarray\(x, np\.float32\)"):
        reference.relu([1, -1])  # type: ignore[arg-type]
    for name in reference.__all__:
        function = getattr(reference, name)
        if inspect.isfunction(function) and "Array" in str(inspect.signature(function)):
            assert hasattr(function, "__wrapped__"), name


# Losses


@pytest.mark.parametrize("case", LOSSES, ids=str)
@every_kind
def test_a_loss_takes_floats(case: LossCase, kind: str) -> None:
    z, target, extra = setup(case)
    odd_z, floats = whole_numbers(np.random.default_rng(1), z.shape, kind)
    refused_or_right(
        lambda: case.loss.forward(odd_z, target, *extra)[0], lambda: case.loss.forward(floats, target, *extra)[0], kind
    )


@pytest.mark.parametrize("case", LOSSES, ids=str)
@every_kind
@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_a_loss_s_target_may_be_of_any_real_kind(case: LossCase, kind: str, dtype: Any) -> None:
    """A target of whole numbers is as good as one of floats; class numbers stay what they are."""
    z, right, extra = setup(case, dtype)
    if right.dtype.kind in "iu":
        if kind in ("bool", "float16") or (kind == "uint8" and right.min() < 0):
            return
    else:
        # One yes in every row: shares of 1, probabilities, and numbers to be met.
        right = (right == right.max(axis=1, keepdims=True)).astype(np.float64)
    target: Any = {"list": right.tolist(), "complex128": right + 1j}.get(kind)
    target = right.astype(kind) if target is None else target
    expected, cache = case.loss.forward(z, right, *extra)
    if kind in ("complex128", "object"):
        with pytest.raises(InputError, match=kind):
            case.loss.forward(z, target, *extra)
        return
    value, own = case.loss.forward(z, target, *extra)
    assert value == pytest.approx(expected, rel=1e-6)
    back = case.loss.backward(own)
    assert back.dtype == dtype
    np.testing.assert_allclose(back, case.loss.backward(cache), rtol=1e-6, atol=1e-9)


@pytest.mark.parametrize("case", [case for case in LOSSES if case.extra], ids=str)
@every_kind
def test_weights_and_centres_are_floats(case: LossCase, kind: str) -> None:
    x, target, extra = setup(case)
    rows, floats = whole_numbers(np.random.default_rng(1), extra[0].shape, kind)
    refused_or_right(
        lambda: case.loss.forward(x, target, rows)[0], lambda: case.loss.forward(x, target, floats)[0], kind
    )


@pytest.mark.parametrize("case", [case for case in LOSSES if hasattr(case.loss, "reduction")], ids=str)
@every_kind
def test_what_comes_back_to_a_loss_is_real(case: LossCase, kind: str) -> None:
    loss = type(case.loss)(reduction="none")
    z, target, _ = setup(case)
    cost, cache = loss.forward(z, target)
    dy, floats = whole_numbers(np.random.default_rng(2), cost.shape, kind)
    refused_or_right(lambda: loss.backward(cache, dy), lambda: loss.backward(cache, floats), kind)


@pytest.mark.parametrize("name", ["softmax", "log_softmax", "sigmoid"])
@every_kind
def test_shares_are_made_of_floats(name: str, kind: str) -> None:
    function = getattr(engine.losses, name)
    z, floats = whole_numbers(np.random.default_rng(2), (3, 4), kind)
    refused_or_right(lambda: function(z), lambda: function(floats), kind)


# Augmentation and preprocessing


def _pictures() -> dict[str, Callable[[Any], Any]]:
    """How each function of pictures is called."""
    shares = one_hot(np.arange(4), 4, np.float64)

    def rng() -> np.random.Generator:
        return np.random.default_rng(3)

    calls: dict[str, Callable[[Any], Any]] = {
        "random_crop": lambda x: augmentation.random_crop(x, rng(), size=3),
        "heat_crop": lambda x: augmentation.heat_crop(x, np.ones((4, 5, 5)), size=3).x,
        "affine": lambda x: augmentation.affine(x, turn=20, shift_x=0.3),
        "bilinear": lambda x: augmentation.bilinear(x, np.full((4, 2, 2), 0.5), np.full((4, 2, 2), 1.25)),
        "resize": lambda x: augmentation.resize(x, 7),
        "gaussian_blur": lambda x: augmentation.gaussian_blur(x, 0.7),
        "mixup": lambda x: augmentation.mixup(x, shares, rng()).x,
        "predict_averaged": lambda x: augmentation.predict_averaged(lambda y: y, x, [lambda y: y]),
        "rgb_to_hsv": colour.rgb_to_hsv,
        "hsv_to_rgb": colour.hsv_to_rgb,
        "fancy_pca": lambda x: colour.fancy_pca(
            x, rng(), colour.ColourAxes(np.eye(3), np.array([3.0, 2, 1]), np.ones(3))
        ),
        "ColourAxes.fit": lambda x: colour.ColourAxes.fit(x).variances,
    }
    for module in (augmentation, colour):
        for name, function in inspect.getmembers(module, inspect.isfunction):
            drawn = list(inspect.signature(function).parameters)[:2] == ["x", "rng"]
            if name not in calls and drawn:
                calls[name] = lambda x, function=function: function(x, rng())
    return calls


PICTURES = _pictures()


def test_every_function_of_pictures_is_among_them() -> None:
    for module in (augmentation, colour):
        for name, function in inspect.getmembers(module, inspect.isfunction):
            if function.__module__ == module.__name__ and "x" in inspect.signature(function).parameters:
                assert name in PICTURES or name.startswith("_"), name
    assert {function.__name__ for function in augmentation.AUGMENTATIONS.values()} <= PICTURES.keys()


@pytest.mark.parametrize("name", PICTURES)
@every_kind
def test_pictures_are_floats(name: str, kind: str) -> None:
    x, floats = whole_numbers(np.random.default_rng(4), (4, 3, 5, 5), kind)
    refused_or_right(lambda: PICTURES[name](x), lambda: PICTURES[name](floats), kind)


def test_bytes_are_told_to_be_divided() -> None:
    with pytest.raises(InputError, match=r"x\.astype\(np\.float32\) / 255 would work"):
        augmentation.gaussian_noise(np.zeros((1, 1, 2, 2), np.uint8), np.random.default_rng(0))


@pytest.mark.parametrize("name", PREPROCESSORS)
@every_kind
def test_statistics_are_those_of_floats(name: str, kind: str) -> None:
    rng = np.random.default_rng(5)
    x, floats = whole_numbers(rng, (6, 1, 2, 2), kind)
    fitted = PREPROCESSORS[name].fit(rng.standard_normal((6, 1, 2, 2)))
    refused_or_right(
        lambda: PREPROCESSORS[name].fit(x).transform(x), lambda: PREPROCESSORS[name].fit(floats).transform(floats), kind
    )
    refused_or_right(lambda: fitted.transform(x), lambda: fitted.transform(floats), kind)


# Networks, gradient checks and training


def network(dtype: Any = np.float64) -> Network:
    layers = [("conv", Conv2d(1, 2, 3)), ("relu", ReLU()), ("flatten", Flatten()), ("linear", Linear(8, 3))]
    return Network.build(layers, (1, 4, 4), rng=np.random.default_rng(0), dtype=dtype)


PASSES: dict[str, Callable[[Network, Any], Array]] = {
    "forward": lambda net, x: net.forward(x).y,
    "predict": lambda net, x: net.predict(x),
    "train_forward": lambda net, x: net.train_forward(x).y,
    "forward_from": lambda net, x: net.forward_from("conv", x).y,
    "evaluate": lambda net, x: evaluate(net, x, np.array([0, 1])).losses,
    "lsuv": lambda net, x: lsuv(net, x)[0].params["conv.weight"],
}


@pytest.mark.parametrize("name", PASSES)
@every_kind
def test_a_network_takes_floats(name: str, kind: str) -> None:
    x, floats = whole_numbers(np.random.default_rng(6), (2, 1, 4, 4), kind)
    refused_or_right(lambda: PASSES[name](network(), x), lambda: PASSES[name](network(), floats), kind)


@every_kind
def test_what_goes_back_through_a_network_is_of_floats(kind: str) -> None:
    net = network()
    x = np.random.default_rng(7).standard_normal((2, 1, 4, 4))
    dy, floats = whole_numbers(np.random.default_rng(6), (2, 3), kind)
    refused_or_right(lambda: net.backward(net.forward(x), dy).dx, lambda: net.backward(net.forward(x), floats).dx, kind)
    alone = Network.build([("conv", Conv2d(1, 1, 4))], (1, 4, 4), rng=np.random.default_rng(0), dtype=np.float64)
    dy, floats = whole_numbers(np.random.default_rng(6), (2, 1, 1, 1), kind)
    refused_or_right(
        lambda: alone.gradients(alone.train_forward(x), dy)["conv.weight"],
        lambda: alone.gradients(alone.train_forward(x), floats)["conv.weight"],
        kind,
    )


@every_kind
def test_a_network_s_parameters_are_floats(kind: str) -> None:
    net = network()
    x = np.random.default_rng(7).standard_normal((2, 1, 4, 4))
    weight, floats = whole_numbers(np.random.default_rng(8), (2, 1, 3, 3), kind)
    refused_or_right(
        lambda: Network(net.layers, {**net.params, "conv.weight": weight}, (1, 4, 4)).predict(x),
        lambda: Network(net.layers, {**net.params, "conv.weight": floats}, (1, 4, 4)).predict(x),
        kind,
    )


@pytest.mark.parametrize("dtype", [np.float16, np.int64, complex, bool])
def test_no_network_is_made_of_anything_else(dtype: Any) -> None:
    for make in (network, network().astype):
        with pytest.raises(InputError, match=r"np\.float32 \(to train\) or np\.float64 \(to check\) works"):
            make(dtype)


@every_kind
def test_the_gradient_check_computes_in_float64(kind: str) -> None:
    x, floats = whole_numbers(np.random.default_rng(9), (2, 1, 4, 4), kind)

    def checked(given: Any) -> Array:
        check = check_network(network(np.float32), given, np.array([0, 2]), rng=np.random.default_rng(0))
        assert check.agrees
        return np.array([[entry.analytic, entry.numeric] for entry in check.entries])

    refused_or_right(lambda: checked(x), lambda: checked(floats), kind)


@every_kind
def test_numbers_that_can_t_be_nudged_are_refused(kind: str) -> None:
    w, floats = whole_numbers(np.random.default_rng(10), (3,), kind)

    def squares(array: Any) -> Callable[[], float]:
        return lambda: float(sum(value * value for value in array).real)

    refused_or_right(lambda: numeric_gradient(squares(w), w, (1,)), lambda: 2 * floats[1], kind)
    if kind != "list":
        with pytest.raises(InputError):
            compare(squares(w), {"w": w}, {"w": 2 * floats}, rng=np.random.default_rng(0))


@every_kind
def test_training_takes_floats(kind: str) -> None:
    x, floats = whole_numbers(np.random.default_rng(11), (6, 1, 4, 4), kind)
    target = np.arange(6) % 3

    def trained(given: Any) -> Array:
        steps = fit(network(), (given, target), SGD(0.1), rng=np.random.default_rng(0), epochs=1, batch_size=6)
        return next(steps).network.params["conv.weight"]

    refused_or_right(lambda: trained(x), lambda: trained(floats), kind)


@pytest.mark.parametrize("name", ALL_OPTIMIZERS)
@every_kind
def test_an_optimizer_takes_floats_and_leaves_weights_in_their_type(name: str, kind: str) -> None:
    optimizer = ALL_OPTIMIZERS[name](lr=0.1)  # type: ignore[call-arg]
    w = np.random.default_rng(12).standard_normal((3, 2))
    g, floats = whole_numbers(np.random.default_rng(13), (3, 2), kind)
    refused_or_right(
        lambda: optimizer.update({"w": w}, {"w": g})[0]["w"],
        lambda: optimizer.update({"w": w}, {"w": floats})[0]["w"],
        kind,
    )
    with pytest.raises(InputError):
        optimizer.update({"w": g}, {"w": floats})
    moved, state = optimizer.update({"w": w.astype(np.float32)}, {"w": floats})
    assert moved["w"].dtype == np.float32
    assert all(buffer["w"].dtype in (np.float32, np.int64) for buffer in state.buffers.values())


def test_counts_stay_whole() -> None:
    """num_batches_tracked is a whole number in PyTorch, too."""
    layer = engine.BatchNorm2d(1)
    net = Network.build([("norm", layer)], (1, 2, 2), rng=np.random.default_rng(0))
    x = np.random.default_rng(0).standard_normal((2, 1, 2, 2)).astype(np.float32)
    assert net.replace({**net.params, **net.train_forward(x).buffers}).params["norm.num_batches_tracked"] == 1


def test_pictures_in_float64_leave_a_float32_network_as_it_is() -> None:
    rng = np.random.default_rng(0)
    x, target = rng.standard_normal((6, 1, 4, 4)), np.arange(6) % 3
    net = network(np.float32)
    assert {step.y.dtype for step in net.forward(x)} == {np.dtype(np.float32)}
    assert net.predict(x).dtype == net.train_forward(x).y.dtype == np.float32
    step = next(fit(net, (x, target), SGD(0.1, momentum=0.9), rng=rng))
    kept = [*step.network.params.values(), *step.grads.values(), *step.state.buffers["momentum_buffer"].values()]
    assert {value.dtype for value in kept} == {np.dtype(np.float32)}
    # And float32 pictures lose nothing in a float64 network.
    single = x.astype(np.float32)
    error = relative_error(network().predict(single), network().predict(single.astype(np.float64)))
    assert error == 0


def test_a_loss_of_other_code_may_give_float64() -> None:
    class Doubled:
        def forward(self, z: Array, target: Array) -> tuple[float, dict[str, Any]]:
            value, cache = CrossEntropyLoss().forward(z, target)
            return 2 * value, {"dz": 2 * CrossEntropyLoss().backward(cache).astype(np.float64)}

        def backward(self, cache: Any) -> Array:
            dz: Array = cache["dz"]
            return dz

    rng = np.random.default_rng(0)
    data = rng.standard_normal((6, 1, 4, 4)).astype(np.float32), np.arange(6) % 3
    step = next(fit(network(np.float32), data, SGD(0.1), rng=rng, loss=Doubled()))  # type: ignore[arg-type]
    assert {value.dtype for value in step.network.params.values()} == {np.dtype(np.float32)}


def test_a_gradient_of_another_shape_is_refused() -> None:
    for kind in ALL_OPTIMIZERS.values():
        with pytest.raises(ShapeError, match=r"gradient of shape \(3,\) for w, which has shape \(4, 3\)"):
            kind(lr=0.1).update({"w": np.ones((4, 3))}, {"w": np.ones(3)})  # type: ignore[call-arg]
