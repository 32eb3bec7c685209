"""At the edge: no examples, numbers that are no class, seeds in the place of generators, other people's weights."""

from __future__ import annotations

import inspect
import io
import math
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from engine import (
    ALL_INITIALIZERS,
    SGD,
    BatchNorm2d,
    Conv2d,
    CrossEntropyLoss,
    Dropout,
    Flatten,
    Linear,
    MaxUnpool2d,
    Network,
    ReLU,
    check_network,
    fit,
    load_npz,
    load_safetensors,
    lr_range_test,
    lsuv,
    one_hot,
    save_npz,
    save_safetensors,
)
from engine.data import augmentation, colour, sampling, shapes, splits, two_d
from engine.data.examples import Examples
from engine.guard import InputError
from engine.io.weights import WeightsError
from engine.layers.norm import BatchNorm
from engine.sentence import Sentence
from engine.training.metrics import evaluate
from engine.types import Array, Layer
from tests.engine.cases import CASES, Case, random_params
from tests.engine.cases_layers2 import BATCH_NORMS_IN_TESTING, PLAIN, torch_twin_passes
from tests.engine.drawn_layers import LAYERS
from tests.engine.losses.test_loss_contract import CASES as LOSSES
from tests.engine.losses.test_loss_contract import LossCase, setup
from tests.engine.networks import small_network, stripes

nothing = pytest.mark.filterwarnings("ignore::RuntimeWarning")


# No examples


def passes_of_nothing(layer: Layer, shape: tuple[int, ...], train: bool) -> None:
    rng = np.random.default_rng(0)
    params = random_params(layer, rng)
    for name in params:
        if name.endswith("num_batches_tracked"):
            params[name] = np.array(0)
    x = np.zeros((0, *shape))
    more: dict[str, Any] = {"indices": x.astype(int)} if isinstance(layer, MaxUnpool2d) else {}
    y, cache = layer.forward(params, x, train=train, rng=rng, **more)
    assert y.shape == (0, *layer.output_shape(shape))
    dx, grads = layer.backward(params, cache, np.zeros(y.shape))
    assert dx.shape == (0, *shape)
    for name, grad in grads.items():
        np.testing.assert_array_equal(grad, np.zeros(params[name].shape), err_msg=name)


@pytest.mark.parametrize("kind", LAYERS, ids=lambda kind: kind.__name__)
@settings(max_examples=15)
@given(data=st.data(), train=st.booleans())
@nothing
def test_every_layer_takes_no_examples(kind: type, data: st.DataObject, train: bool) -> None:
    layer, shape = data.draw(LAYERS[kind])
    if counts_by_itself(layer, train):
        with pytest.raises(ValueError, match="no number for each feature, which has no mean"):
            passes_of_nothing(layer, shape, train)
        return
    passes_of_nothing(layer, shape, train)


def counts_by_itself(layer: Any, train: bool) -> bool:
    """Whether it, or a layer inside of it, is a batch norm that takes the batch's statistics: nothing has none."""
    if isinstance(layer, BatchNorm):
        return train or not layer.track_running_stats
    inner = [entry for row in layer.paths().values() for _, entry in row] if hasattr(layer, "paths") else []
    return any(counts_by_itself(each, train) for each in [*inner, *filter(None, [getattr(layer, "layer", None)])])


@pytest.mark.parametrize("case", [*CASES, *PLAIN, *BATCH_NORMS_IN_TESTING], ids=str)
def test_pytorch_makes_the_same_of_none(case: Case) -> None:
    x, params = np.zeros((0, *case.shape)), random_params(case.layer, np.random.default_rng(0))
    shape = (0, *case.layer.output_shape(case.shape))
    try:
        expected = torch_twin_passes(case.layer, params, x, np.zeros(shape))
    except (IndexError, RuntimeError):
        # There PyTorch fails itself.
        assert type(case.layer).__name__ in ("InstanceNorm2d", "PixelShuffle", "PixelUnshuffle")
        return
    assert expected.y.shape == shape
    for name, grad in expected.grads.items():
        np.testing.assert_array_equal(grad, np.zeros(params[name].shape), err_msg=name)


@pytest.mark.parametrize("case", LOSSES, ids=str)
@nothing
def test_the_mean_of_no_costs_is_none(case: LossCase) -> None:
    z, target, extra = setup(case)
    value, cache = case.loss.forward(z[:0], target[:0], *extra)
    assert math.isnan(value)
    assert case.loss.backward(cache).shape == (0, *z.shape[1:])
    if hasattr(case.loss, "reduction"):
        value, cache = type(case.loss)(reduction="sum").forward(z[:0], target[:0])
        assert value == 0
        assert type(case.loss)(reduction="none").forward(z[:0], target[:0])[0].shape[0] == 0


def test_a_network_takes_no_examples() -> None:
    network, none = small_network(), np.zeros((0, 1, 6, 6), np.float32)
    trace = network.forward(none)
    assert trace.y.shape == network.predict(none).shape == network.train_forward(none).y.shape == (0, 3)
    back = network.backward(trace, np.zeros((0, 3), np.float32))
    assert all(not grad.any() for grad in back.grads.values())


@nothing
def test_nothing_is_checked_and_measured_as_nothing() -> None:
    none, target = np.zeros((0, 1, 6, 6), np.float32), np.array([], int)
    assert not check_network(small_network(), none, target, rng=np.random.default_rng(0)).agrees
    evaluation = evaluate(small_network(), none, target)
    assert math.isnan(evaluation.accuracy)
    assert math.isnan(evaluation.loss)
    with pytest.raises(ValueError, match="at least one"):
        next(fit(small_network(), (none, target), SGD(0.1), rng=np.random.default_rng(0)))


@pytest.mark.parametrize("name", augmentation.AUGMENTATIONS)
def test_no_pictures_are_changed_into_none(name: str) -> None:
    none = np.zeros((0, 3, 4, 4))
    assert augmentation.AUGMENTATIONS[name](none, np.random.default_rng(0)).shape == none.shape


# Class numbers


@pytest.mark.parametrize("target", [[-1, 0], [0, 3], [0.0, 1.0], [True, False]])
def test_a_number_that_is_no_class_is_refused(target: list[Any]) -> None:
    with pytest.raises(ValueError, match="whole numbers from 0 to 2") as caught:
        one_hot(np.array(target), 3)
    assert str(np.unique(np.array(target))) in str(caught.value)


def test_classes_of_any_shape_are_marked_along_the_second_axis() -> None:
    target = np.array([[0, 2], [1, 1]])
    expected = np.moveaxis(torch.nn.functional.one_hot(torch.from_numpy(target), 3).numpy(), -1, 1)
    np.testing.assert_array_equal(one_hot(target, 3), expected)
    np.testing.assert_array_equal(one_hot([2, 0], 3), [[0, 0, 1], [1, 0, 0]])  # type: ignore[arg-type]
    assert one_hot(np.array([], int), 3).shape == (0, 3)


# Seeds in the place of generators


def _drawing() -> dict[str, Callable[[Any], Any]]:
    """What draws, by name: a function of what it is given to draw with."""
    x, y = np.random.default_rng(0).random((6, 3, 5, 5)), np.arange(6) % 3
    net, data = small_network(), stripes(6)
    more: dict[str, dict[str, Any]] = {
        "random_crop": {"size": 3},
        "fancy_pca": {"colours": colour.ColourAxes.fit(x)},
        "mixup": {"target": np.eye(6)},
        "class_balanced_batches": {"batch_size": 2},
        "stratified_split": {"share": 0.5},
    }
    drawn = np.random.default_rng(0).random((9, 1, 2, 2), np.float32)
    examples = Examples(drawn, np.arange(9) % 3, ("a", "b", "c"), "nine", Sentence("drawn"))
    first = {"x": x, "y": y, "n": 6, "examples": examples}
    found: dict[str, Callable[[Any], Any]] = {
        "Network.build": lambda rng: Network.build([("linear", Linear(2, 2))], (2,), rng=rng),
        "fit": lambda rng: fit(net, data, SGD(0.1), rng=rng),
        "check_network": lambda rng: check_network(net, *data, rng=rng),
        "lr_range_test": lambda rng: lr_range_test(net, data, SGD(0.1), rng=rng),
        "lsuv": lambda rng: lsuv(net, data[0], rng=rng),
        "Dropout": lambda rng: Dropout().forward({}, np.ones((2, 3)), train=True, rng=rng),
    }
    for name, initializer in ALL_INITIALIZERS.items():
        found[name] = lambda rng, initializer=initializer: initializer(rng, (3, 2))
    for module in (augmentation, colour, sampling, splits, two_d, shapes):
        for name, function in inspect.getmembers(module, inspect.isfunction):
            parameters = list(inspect.signature(function).parameters)
            if "rng" in parameters and not name.startswith("_"):
                given_ = {key: first[key] for key in parameters[:1]} | more.get(name, {})
                found[name] = lambda rng, function=function, given_=given_: function(rng=rng, **given_)
    return found


DRAWING = _drawing()


@pytest.mark.parametrize("name", DRAWING)
@pytest.mark.parametrize("seed", [0, 7, np.random.RandomState(0), "seed"], ids=["0", "7", "RandomState", "text"])
def test_a_seed_is_told_how_to_become_a_generator(name: str, seed: Any) -> None:
    with pytest.raises(InputError, match=r"np\.random\.default_rng\((0|7)\) would work") as caught:
        DRAWING[name](seed)
    assert f"rng={seed!r}"[:30] in str(caught.value)
    if seed == 7:
        assert "default_rng(7)" in str(caught.value)


@pytest.mark.parametrize("name", DRAWING)
def test_with_a_generator_it_draws(name: str) -> None:
    DRAWING[name](np.random.default_rng(0))


@pytest.mark.parametrize("kind", LAYERS, ids=lambda kind: kind.__name__)
@settings(max_examples=3)
@given(data=st.data())
def test_so_it_is_by_every_layer(kind: type, data: st.DataObject) -> None:
    layer, shape = data.draw(LAYERS[kind])
    with pytest.raises(InputError, match=r"np\.random\.default_rng\(0\) would work"):
        layer.init(0)
    params = random_params(layer, np.random.default_rng(0))
    with pytest.raises(InputError, match=r"np\.random\.default_rng\(3\) would work"):
        layer.forward(params, np.zeros((2, *shape)), train=True, rng=3)


# Weights of other people

NAMES = ["conv-1.weight", "stage/1.weight", "größe.0.weight", "层.weight", "a b.weight", "block#2.weight", "x'.weight"]


@pytest.mark.parametrize(
    ("save", "load", "kind"), [(save_npz, load_npz, "npz"), (save_safetensors, load_safetensors, "safetensors")]
)
def test_names_that_pytorch_takes_come_back(
    save: Callable[..., None], load: Callable[..., dict[str, Array]], kind: str, tmp_path: Path
) -> None:
    model = torch.nn.Module()
    for name in NAMES:
        owner = model
        *path, _ = name.split(".")
        for part in path:
            inner = torch.nn.Linear(2, 1, bias=False) if part == path[-1] else torch.nn.Module()
            owner.add_module(part, inner)
            owner = inner
    state = {name: value.detach().numpy() for name, value in model.state_dict().items()}
    assert list(state) == NAMES
    path_of = tmp_path / f"weights.{kind}"
    save(path_of, state)
    found = load(path_of, state)
    assert list(found) == NAMES
    for name in NAMES:
        np.testing.assert_array_equal(found[name], state[name])
    model.load_state_dict({name: torch.from_numpy(value) for name, value in found.items()})


def test_what_numpy_saves_under_such_names_is_read(tmp_path: Path) -> None:
    np.savez(tmp_path / "weights.npz", **{name: np.ones(2) for name in NAMES})
    assert set(load_npz(tmp_path / "weights.npz")) == set(NAMES)
    save_npz(tmp_path / "own.npz", {name: np.ones(2) for name in NAMES})
    assert set(np.load(tmp_path / "own.npz")) == set(NAMES)


@pytest.mark.parametrize(
    "name", ["", ".", "a..b", ".a", "a.", "../a", "/a", "a\x00", "a\n", "<b>", "c:a", "a\\b", "a" * 400]
)
def test_what_no_module_is_called_is_refused(name: str) -> None:
    for save in (save_npz, save_safetensors):
        with pytest.raises(WeightsError, match="can't be a parameter's name"):
            save(io.BytesIO(), {name: np.zeros(1)})


def test_weights_without_a_count_of_batches_are_read_as_in_pytorch() -> None:
    """Batch norm has counted its batches since PyTorch 0.4.1; older weights, and other libraries', have no count."""
    layers = [("conv", Conv2d(1, 2, 3)), ("norm", BatchNorm2d(2)), ("relu", ReLU()), ("flatten", Flatten())]
    network = Network.build(layers, (1, 4, 4), rng=np.random.default_rng(0))
    for save, load in ((save_npz, load_npz), (save_safetensors, load_safetensors)):
        file = io.BytesIO()
        save(file, {name: value + 1 for name, value in network.params.items() if "num_batches" not in name})
        found = load(file.getvalue(), network.params)  # type: ignore[operator]
        assert list(found) == list(network.params)
        assert found["norm.num_batches_tracked"] == 0
        np.testing.assert_array_equal(found["norm.running_mean"], np.ones(2, np.float32))
        network.replace(found).predict(np.zeros((1, 1, 4, 4), np.float32))
        # The running mean itself may not be missing.
        file = io.BytesIO()
        save(file, {name: value for name, value in network.params.items() if "running_mean" not in name})
        with pytest.raises(WeightsError, match=r"lacks 'norm\.running_mean'"):
            load(file.getvalue(), network.params)  # type: ignore[operator]
    module = torch.nn.BatchNorm2d(2)
    module.load_state_dict({name: v for name, v in module.state_dict().items() if name != "num_batches_tracked"})


def test_a_list_of_class_numbers_is_as_good_as_an_array() -> None:
    z = np.random.default_rng(0).standard_normal((3, 4))
    assert CrossEntropyLoss().forward(z, [0, 3, 1])[0] == CrossEntropyLoss().forward(z, np.array([0, 3, 1]))[0]  # type: ignore[arg-type]
    x, target = stripes(6)
    listed = next(fit(small_network(), (x, target.tolist()), SGD(0.1), rng=np.random.default_rng(0)))  # type: ignore[arg-type]
    assert listed.loss == next(fit(small_network(), (x, target), SGD(0.1), rng=np.random.default_rng(0))).loss
