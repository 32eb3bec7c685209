"""One number moved both ways: what PyTorch's own network does when a hook moves the same number."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
import torch

from engine import Conv2d, CrossEntropyLoss, Flatten, Linear, MaxPool2d, Network, ReLU, SiLU
from engine.data.digits import digit
from engine.nudge import nudge
from engine.types import Array, ShapeError
from engine.zoo.digit_network import digit_network, pretrained_digit_network
from tests.engine.cases import torch_module

SIZES = (1.0, 0.1, 0.01, 0.001, 1e-5)
LAYERS = ("conv1", "relu1", "pool1", "conv2", "relu2", "pool2", "flatten", "linear")


def example() -> tuple[Array, Array]:
    image, label = digit(5)
    return image[None], np.array([label])


def twin_of(network: Network) -> torch.nn.Sequential:
    twin = torch.nn.Sequential()
    for name, layer in network.layers:
        twin.add_module(name, torch_module(layer))
    twin.double()
    twin.load_state_dict({name: torch.from_numpy(value.astype(np.float64)) for name, value in network.params.items()})
    return twin


def torch_loss(network: Network, name: str, index: int, by: float) -> float:
    """The loss of PyTorch's network with one of its numbers moved."""
    (x, target), twin = example(), twin_of(network)
    tx, tt = torch.from_numpy(x.astype(np.float64)), torch.from_numpy(target)

    def moved(array: torch.Tensor) -> torch.Tensor:
        found = array.detach().clone()
        found.view(-1)[index] += by
        return found

    if name == "p":
        shares = moved(torch.softmax(twin(tx), dim=1))
        return float(torch.nn.functional.nll_loss(torch.log(shares), tt))
    if name in LAYERS:
        twin.get_submodule(name).register_forward_hook(lambda _module, _given, y: moved(y))
    elif name != "x":
        with torch.no_grad():
            twin.get_parameter(name).copy_(moved(twin.get_parameter(name)))
    with torch.no_grad():
        return float(torch.nn.functional.cross_entropy(twin(moved(tx) if name == "x" else tx), tt))


PLACES = ("x", *LAYERS, *digit_network(np.random.default_rng(0)).params, "p")


@pytest.mark.parametrize("name", PLACES)
def test_both_losses_are_those_of_pytorch_with_the_same_number_moved(name: str) -> None:
    network, rng = pretrained_digit_network(), np.random.default_rng(len(name))
    x, target = example()
    size = {"x": x.size, "p": 10, **{step.name: step.y.size for step in network.forward(x)}}
    size |= {key: value.size for key, value in network.params.items()}
    for h in SIZES:
        index = int(rng.integers(size[name]))
        found = nudge(network, x, target, name, index, h)
        for by, loss in ((-h, found.below), (0.0, found.loss), (h, found.above)):
            assert loss == pytest.approx(torch_loss(network, name, index, by), rel=1e-9, abs=1e-12, nan_ok=True)
        assert found.entry.numeric == pytest.approx((found.above - found.below) / (2 * h), nan_ok=True)


@pytest.mark.parametrize("name", PLACES)
def test_a_short_nudge_agrees_with_backpropagation_and_a_long_one_is_said_to_be_bent(name: str) -> None:
    network, (x, target) = pretrained_digit_network(), example()
    trace = network.forward(x)
    loss, cache = CrossEntropyLoss().forward(trace.y, target)
    back = network.backward(trace, CrossEntropyLoss().backward(cache))
    slopes = {"x": back.dx, **{step.name: step.dy for step in back}, **back.grads}
    slopes["p"] = np.where(np.arange(10) == target, -1 / cache["p"], 0)
    strongest = int(np.abs(slopes[name]).argmax())
    found = nudge(network, x, target, name, strongest, 1e-5)
    assert found.loss == pytest.approx(loss, rel=1e-5)
    assert found.entry.analytic == pytest.approx(slopes[name].flat[strongest], rel=1e-4)
    assert found.verdict == "agrees"
    assert found.digits >= 7
    if name != "p":
        long = nudge(network, x, target, name, strongest, 1.0)
        assert long.verdict == ("kink" if long.flips else "curved")
        assert long.digits < found.digits


def test_nothing_that_was_handed_in_is_changed() -> None:
    network, (x, target) = pretrained_digit_network(), example()
    before = {name: value.copy() for name, value in network.params.items()}
    image = x.copy()
    for name in PLACES:
        nudge(network, x, target, name, 3, 1.0)
    assert np.array_equal(x, image)
    assert all(np.array_equal(network.params[name], value) for name, value in before.items())


def bent(layer: Any) -> Network:
    """x (1, 2) -> the layer -> two logits."""
    layers = (("bend", layer), ("linear", Linear(2, 2)))
    params = {"linear.weight": np.array([[1.0, 0.5], [-1.0, 2.0]]), "linear.bias": np.zeros(2)}
    return Network(layers, params, (2,))


def test_a_gate_that_opens_on_the_way_is_a_kink_and_one_that_stays_isn_t() -> None:
    target = np.array([1])
    crossed = nudge(bent(ReLU()), np.array([[0.05, 1.0]]), target, "x", 0, 0.1)
    assert crossed.flips == {"bend": 1}
    assert crossed.verdict == "kink"
    clear = nudge(bent(ReLU()), np.array([[0.5, 1.0]]), target, "x", 0, 0.1)
    assert not clear.flips
    assert clear.verdict == "curved"
    assert clear.digits >= 2


def test_standing_on_the_kink_itself_is_one() -> None:
    found = nudge(bent(ReLU()), np.array([[0.0, 1.0]]), np.array([1]), "x", 0, 1e-5)
    assert found.flips == {"bend": 1}
    assert found.verdict == "kink"
    assert found.entry.analytic == 0
    assert found.entry.numeric != 0


def test_a_smooth_gate_has_no_sides() -> None:
    assert not nudge(bent(SiLU()), np.array([[0.05, 1.0]]), np.array([1]), "x", 0, 0.1).flips


def test_a_window_with_another_winner_is_a_kink_and_one_that_lost_has_no_slope() -> None:
    layers = (("pool", MaxPool2d(2)), ("flatten", Flatten()), ("linear", Linear(1, 2)))
    params = {"linear.weight": np.array([[1.0], [-1.0]]), "linear.bias": np.zeros(2)}
    network = Network(layers, params, (1, 2, 2))
    x, target = np.array([[[[1.0, 0.95], [0.2, 0.0]]]]), np.array([0])
    crossed = nudge(network, x, target, "x", 1, 0.1)
    assert (crossed.flips, crossed.verdict) == ({"pool": 1}, "kink")
    lost = nudge(network, x, target, "x", 2, 0.1)
    assert (lost.entry.analytic, lost.entry.numeric, lost.verdict) == (0, 0, "zero")
    assert lost.digits == 16


def test_a_share_below_0_has_no_logarithm_and_no_quotient() -> None:
    found = nudge(pretrained_digit_network(), *example(), "p", 5, 1.0)
    assert found.verdict == "outside"
    assert found.digits == 0


def test_a_small_share_bends_so_much_that_only_a_step_of_its_own_size_is_short() -> None:
    network, (x, target) = pretrained_digit_network(), example()
    bias = network.params["linear.bias"].copy()
    bias[5] -= 9
    unsure = network.replace({**network.params, "linear.bias": bias})
    found = nudge(unsure, x, target, "p", 5, 1e-5)
    assert found.value < 1e-4
    assert found.verdict == "curved"


def test_a_share_that_has_left_float64_s_range_is_answered_too() -> None:
    network, (x, target) = pretrained_digit_network(), example()
    bias = network.params["linear.bias"].copy()
    bias[5] -= 1000
    lost = network.replace({**network.params, "linear.bias": bias})
    assert nudge(lost, x, target, "p", 5, 0.1).verdict == "outside"
    assert nudge(lost, x, target, "linear", 5, 0.1).verdict == "agrees"


def test_a_gradient_that_rounding_drowns_is_told_by_the_gradient_check_s_rule() -> None:
    network, (x, target) = pretrained_digit_network(), example()
    trace = network.forward(x)
    back = network.backward(trace, CrossEntropyLoss().backward(CrossEntropyLoss().forward(trace.y, target)[1]))
    slopes = np.abs(back.grads["linear.weight"]).ravel()
    faint = int(np.where(slopes > 0, slopes, np.inf).argmin())
    assert nudge(network, x, target, "linear.weight", faint, 1e-5).verdict == "tiny"


def test_a_wrong_gradient_is_not_laid_to_the_curve(monkeypatch: pytest.MonkeyPatch) -> None:
    right = Conv2d.backward

    def wrong(self: Conv2d, *given: Any) -> Any:
        dx, grads = right(self, *given)
        return dx, {**grads, "weight": 1.01 * grads["weight"]}

    monkeypatch.setattr(Conv2d, "backward", wrong)
    found = nudge(pretrained_digit_network(), *example(), "conv1.weight", 3, 1e-5)
    assert found.verdict == "differs"
    assert found.digits == 2
    assert not found.right


@pytest.mark.parametrize(
    ("name", "index", "h", "words"),
    [
        ("conv9", 0, 0.1, "conv9"),
        ("x", 64, 0.1, "0 to 63"),
        ("x", -1, 0.1, "0 to 63"),
        ("x", 0, 0.0, "above 0"),
        ("x", 0, float("nan"), "above 0"),
    ],
)
def test_what_cannot_be_nudged_is_named_with_what_would_do(name: str, index: int, h: float, words: str) -> None:
    with pytest.raises(ValueError, match=words):
        nudge(pretrained_digit_network(), *example(), name, index, h)


@pytest.mark.parametrize("name", LAYERS)
def test_a_network_runs_on_from_any_layer_as_pytorch_s_does(name: str) -> None:
    network, (x, _) = pretrained_digit_network().astype(np.float64), example()
    trace = network.forward(x.astype(np.float64))
    kept = network.forward_from(name, trace[name].x)
    assert [step.name for step in kept] == list(LAYERS[LAYERS.index(name) :])
    assert np.array_equal(kept.y, trace.y)
    other = np.random.default_rng(4).normal(size=trace[name].x.shape)
    expected = torch.from_numpy(other)
    for own in LAYERS[LAYERS.index(name) :]:
        expected = twin_of(network).get_submodule(own)(expected)
    np.testing.assert_allclose(network.forward_from(name, other).y, expected.detach().numpy(), rtol=1e-10, atol=1e-12)


def test_running_on_from_nowhere_or_with_another_shape_is_named() -> None:
    network = pretrained_digit_network()
    with pytest.raises(KeyError, match="conv9"):
        network.forward_from("conv9", np.zeros((1, 8, 4, 4)))
    with pytest.raises(ShapeError, match=r"\(N, 8, 4, 4\)"):
        network.forward_from("conv2", np.zeros((1, 8, 8, 8)))
    with pytest.raises(ShapeError, match=r"\(N, 1, 8, 8\)"):
        network.forward_from("conv1", np.zeros((1, 8, 8)))
