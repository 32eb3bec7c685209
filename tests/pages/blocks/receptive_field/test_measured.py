"""The effective field: what is measured, against what theory expects."""

from __future__ import annotations

import numpy as np
import pytest

from engine import Conv2d, Network, ReLU
from engine.analysis.receptive_field import Box, receptive_fields
from engine.data.digits import digits
from engine.zoo.digit_network import pretrained_digit_network
from pages.blocks.receptive_field.compute.measured import (
    measured_field,
    measured_fields,
    middle,
    random_field,
    share,
)
from pages.blocks.receptive_field.compute.stack import parse_stack, ways_below, windows_of


def test_all_units_at_once_are_each_unit_alone() -> None:
    network, x = pretrained_digit_network(), digits().validation_x[:5]
    for name, places in (("conv1", [(0, 0), (3, 5)]), ("pool2", [(1, 0)])):
        together = measured_fields(network, x, name)
        for place in places:
            np.testing.assert_allclose(together[place], measured_field(network, x, name, place), atol=1e-6)


def test_the_trained_network_listens_nowhere_but_in_its_field() -> None:
    network, x = pretrained_digit_network(), digits().validation_x[:8]
    fields = {field.name: field for field in receptive_fields(network.layers, (1, 8, 8))}
    for window in windows_of(network.layers):
        measured = measured_fields(network, x, window.name)
        for unit in np.ndindex(*measured.shape[:2]):
            assert share(measured[unit], fields[window.name].pixels((unit[0], unit[1]))) == pytest.approx(1)


def test_a_first_layer_listens_with_its_weights_whatever_it_sees() -> None:
    rng = np.random.default_rng(0)
    network = Network.build([("conv", Conv2d(2, 3, 3)), ("relu", ReLU())], (2, 5, 5), rng=rng, dtype=np.float64)
    measured = measured_field(network, rng.standard_normal((4, 2, 5, 5)), "conv", (1, 2))
    weight = np.abs(network.params["conv.weight"]).sum(axis=1).mean(axis=0)
    np.testing.assert_allclose(measured[1:4, 2:5], weight)
    assert measured.sum() == pytest.approx(weight.sum())


@pytest.mark.parametrize(("stack", "size"), [("c3-c3-c3", 7), ("c3-c3d2-c3d4", 15), ("c3-m2-c3", 8)])
def test_with_random_weights_the_gradient_grows_with_the_root_of_the_ways(stack: str, size: int) -> None:
    windows = parse_stack(stack)
    measured = random_field(windows, size, len(windows), (0, 0), rng=np.random.default_rng(1), draws=48)
    ways = ways_below(windows, size, len(windows), 0)[0]
    expected = np.sqrt(np.outer(ways, ways))
    assert np.corrcoef(measured.ravel(), expected.ravel())[0, 1] > 0.97
    np.testing.assert_allclose(measured / measured.sum(), expected / expected.sum(), atol=0.35 / size**2)


def test_deeper_stacks_listen_to_a_smaller_part_of_their_field() -> None:
    shares = []
    for depth in (2, 4, 8):
        side = 2 * depth + 1
        field = random_field(
            parse_stack("-".join(["c3"] * depth)), side, depth, (0, 0), rng=np.random.default_rng(0), draws=24
        )
        inner = middle(Box(0, 0, side, side))
        shares.append(share(field, inner) / ((inner.bottom - inner.top) / side) ** 2)
    assert shares == sorted(shares)
    assert shares[-1] > 1.3 * shares[0]


@pytest.mark.parametrize(("side", "half"), [(1, 1), (2, 2), (3, 1), (4, 2), (5, 3), (7, 3), (8, 4), (10, 4), (11, 5)])
def test_the_middle_is_half_as_wide_and_stays_in_the_middle(side: int, half: int) -> None:
    inner = middle(Box(-2, 3, side - 2, side + 3))
    assert inner.bottom - inner.top == inner.right - inner.left == half
    assert inner.top - -2 == side - 2 - inner.bottom
    assert inner.left - 3 == side + 3 - inner.right


def test_a_share_counts_what_lies_on_the_image() -> None:
    field = np.arange(9.0).reshape(3, 3)
    assert share(field, Box(-4, 1, 2, 9)) == pytest.approx((1 + 2 + 4 + 5) / 36)
    assert np.isnan(share(np.zeros((3, 3)), Box(0, 0, 3, 3)))


@pytest.mark.parametrize("ask", [measured_fields, lambda *given: measured_field(*given, (0, 0))])
def test_a_layer_that_is_not_there_is_answered_with_those_that_are(ask) -> None:  # type: ignore[no-untyped-def]
    with pytest.raises(KeyError, match=r"conv9.*conv1"):
        ask(pretrained_digit_network(), digits().validation_x[:1], "conv9")


def test_the_same_seed_measures_the_same() -> None:
    stack = parse_stack("c3-c3")
    one, two = (random_field(stack, 7, 2, (1, 1), rng=np.random.default_rng(5), draws=2) for _ in range(2))
    np.testing.assert_array_equal(one, two)
