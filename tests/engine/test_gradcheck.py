"""The gradient checker finds right gradients right and, as its negative control, wrong ones wrong."""

import pickle
from dataclasses import dataclass

import numpy as np
import pytest

from engine import Conv2d, Linear, Network, ReLU
from engine.data.digits import digit
from engine.gradcheck import GOOD, check_network, compare
from engine.types import Array, Cache, Params
from engine.zoo.digit_network import pretrained_digit_network
from tests.engine.networks import small_network, stripes

X, TARGET = stripes(6)


def with_layer(name: str, layer: object) -> Network:
    """The small network with one layer exchanged for a faulty one of the same shape."""
    network = small_network()
    layers = tuple((key, layer if key == name else good) for key, good in network.layers)
    return Network(layers, network.params, network.input_shape)  # type: ignore[arg-type]


@dataclass(frozen=True)
class SlightlyWrongConv2d(Conv2d):
    """A weight gradient that is 0.1 % too large."""

    def backward(self, params: Params, cache: Cache, dy: Array) -> tuple[Array, Params]:
        dx, grads = super().backward(params, cache, dy)
        return dx, {**grads, "weight": grads["weight"] * 1.001}


@dataclass(frozen=True)
class UngatedReLU(ReLU):
    """A backward pass that forgets the gate."""

    def backward(self, params: Params, cache: Cache, dy: Array) -> tuple[Array, Params]:
        return dy, {}


@dataclass(frozen=True)
class BiaslessLinear(Linear):
    """A bias gradient that was forgotten."""

    def backward(self, params: Params, cache: Cache, dy: Array) -> tuple[Array, Params]:
        dx, grads = super().backward(params, cache, dy)
        return dx, {**grads, "bias": np.zeros_like(grads["bias"])}


def test_a_right_network_passes() -> None:
    check = check_network(small_network(), X, TARGET, rng=np.random.default_rng(0), sample=None)
    assert len(check.entries) == check.size == sum(p.size for p in small_network().params.values())
    assert check.worst.relative_error <= 1e-7


@pytest.mark.parametrize(
    ("name", "layer", "to_blame"),
    [
        ("conv2", SlightlyWrongConv2d(3, 4, 3, padding=1), "conv2.weight"),
        ("relu1", UngatedReLU(), "conv1."),
        ("linear", BiaslessLinear(16, 3), "linear.bias"),
    ],
)
def test_a_planted_fault_is_found_where_it_was_planted(name: str, layer: object, to_blame: str) -> None:
    check = check_network(with_layer(name, layer), X, TARGET, rng=np.random.default_rng(0), sample=None)
    assert check.worst.relative_error >= 9e-4
    assert check.worst.name.startswith(to_blame)
    innocent = [e for e in check.entries if not e.name.startswith(to_blame)]
    assert max(abs(e.analytic - e.numeric) for e in innocent) < 1e-8


def test_a_step_that_is_too_long_fails() -> None:
    check = check_network(small_network(), X, TARGET, rng=np.random.default_rng(0), h=1.0)
    assert check.worst.relative_error > 1e-3


def test_the_error_of_central_differences_shrinks_with_the_square_of_the_step() -> None:
    w = np.array([0.7])

    def error(h: float) -> float:
        check = compare(lambda: float(w[0] ** 3), {"w": w}, {"w": 3 * w**2}, rng=np.random.default_rng(0), h=h)
        return check.worst_difference

    # ((w + h)³ - (w - h)³) / 2h = 3w² + h².
    assert error(1e-2) == pytest.approx(1e-4, rel=1e-6)
    assert error(1e-3) == pytest.approx(1e-6, rel=1e-4)


def test_relative_error_is_measured_by_the_larger_gradient() -> None:
    w = np.array([2.0, 0.0])
    gradients = {"w": np.array([3.0, 0.0])}
    check = compare(lambda: float(w[0] ** 2), {"w": w}, gradients, rng=np.random.default_rng(0))
    # d(w²)/dw = 4 at w = 2, and 3 was claimed.
    assert [e.relative_error for e in check.entries] == pytest.approx([0.25, 0.0])
    assert check.worst is check.entries[0]


def test_a_check_in_float64_is_made_from_float32_weights_and_leaves_them_alone() -> None:
    network = small_network()
    for value in network.params.values():
        value.flags.writeable = False
    before = pickle.dumps((network, X))
    check = check_network(network, X, TARGET, rng=np.random.default_rng(0))
    assert pickle.dumps((network, X)) == before
    assert check.worst.relative_error <= 1e-7


def test_a_sample_is_drawn_without_repetition_and_the_same_for_a_seed() -> None:
    first, second, other = (
        check_network(small_network(), X, TARGET, rng=np.random.default_rng(seed), sample=25) for seed in (1, 1, 2)
    )
    places = [(e.name, e.index) for e in first.entries]
    assert len(set(places)) == len(places) == 25
    assert first.entries == second.entries
    assert places != [(e.name, e.index) for e in other.entries]


# Good, wrong, and too small to tell.


def test_a_right_network_agrees_on_any_digit_also_where_it_is_so_sure_that_rounding_drowns_the_gradients() -> None:
    network, tiny = pretrained_digit_network(), 0
    for index in range(60):
        image, label = digit(index)
        check = check_network(network, image[None], np.array([label]), rng=np.random.default_rng(0))
        assert check.agrees, index
        if check.measurable:
            assert check.worst.relative_error <= GOOD
        else:
            assert check.worst_difference <= check.noise
            tiny += 1
    assert 0 < tiny < 60


@pytest.mark.parametrize("factor", [1 + 1e-6, 1.001, 2.0])
def test_a_gradient_that_is_off_by_more_than_the_rule_of_thumb_does_not_agree(factor: float) -> None:
    w = np.array([0.7, 0.2])
    check = compare(lambda: float((w**2).sum()), {"w": w}, {"w": 2 * w * factor}, rng=np.random.default_rng(0))
    assert not check.agrees


def test_a_forgotten_small_gradient_is_missed_by_no_rule() -> None:
    w = np.array([1.0, 1.0])
    check = compare(
        lambda: float(w[0] ** 2 + 1e-5 * w[1] ** 2), {"w": w}, {"w": np.array([2.0, 0.0])}, rng=np.random.default_rng(0)
    )
    assert not check.agrees
