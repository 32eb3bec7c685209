"""Along one weight a network's loss is known exactly from kink to kink, and checks that step across one are wrong."""

from __future__ import annotations

import numpy as np
import pytest

from engine import CrossEntropyLoss
from engine.data.digits import digit
from engine.types import Array
from engine.zoo.digit_network import pretrained_digit_network
from pages.backprop.gradient_check.compute.kinks import (
    SIMPLE,
    Path,
    crossings,
    decisions,
    path_along,
    tangents,
)

NETWORK = pretrained_digit_network().astype(np.float64)
IMAGE, LABEL = digit(5)
PLACES: tuple[tuple[str, tuple[int, ...]], ...] = (
    ("conv1.weight", (1, 0, 2, 0)),
    ("conv1.bias", (3,)),
    ("conv2.weight", (7, 5, 1, 0)),
    ("linear.weight", (5, 5)),
)


def changed(name: str, index: tuple[int, ...], value: float) -> dict[str, Array]:
    weight = NETWORK.params[name].copy()
    weight[index] = value
    return {**NETWORK.params, name: weight}


def loss_at(name: str, index: tuple[int, ...], value: float) -> float:
    scores = NETWORK.replace(changed(name, index, value)).predict(IMAGE[None].astype(np.float64))
    return float(CrossEntropyLoss().forward(scores, np.array([LABEL]))[0])


@pytest.fixture(scope="module", params=PLACES, ids=lambda place: place[0])
def walked(request: pytest.FixtureRequest) -> tuple[str, tuple[int, ...], Path]:
    name, index = request.param
    return name, index, path_along(NETWORK, IMAGE, LABEL, name, index)


def test_the_path_is_the_network_s_own_loss_everywhere(walked: tuple[str, tuple[int, ...], Path]) -> None:
    name, index, path = walked
    for x in np.linspace(path.edges[0], path.edges[-1], 61):
        assert path.value(float(x)) == pytest.approx(loss_at(name, index, float(x)), abs=1e-12)


def test_the_way_reaches_half_a_unit_to_both_sides(walked: tuple[str, tuple[int, ...], Path]) -> None:
    name, index, path = walked
    middle = NETWORK.params[name][index]
    assert path.edges[[0, -1]] == pytest.approx([middle - 0.5, middle + 0.5])
    assert len(path.flips) == len(path.kinks)


def test_at_every_kink_a_decision_changes_and_the_slope_jumps(walked: tuple[str, tuple[int, ...], Path]) -> None:
    name, index, path = walked
    for kink in path.kinks:
        sides = [NETWORK.replace(changed(name, index, kink + d)).forward(IMAGE[None].astype(np.float64))
                 for d in (-1e-7, 1e-7)]  # fmt: skip
        assert (decisions(sides[0]) != decisions(sides[1])).any()
        slopes = [path.logits(kink + d)[1] for d in (-1e-7, 1e-7)]
        assert np.abs(slopes[0] - slopes[1]).max() > 1e-9


def test_the_linear_layer_s_weights_meet_no_kink_and_the_first_layer_s_many() -> None:
    assert path_along(NETWORK, IMAGE, LABEL, "linear.weight", (5, 5)).distance(0.0) == np.inf
    assert len(path_along(NETWORK, IMAGE, LABEL, "conv1.weight", (1, 0, 2, 0)).kinks) == 9


def test_three_derivatives_by_differences_of_the_one_before(walked: tuple[str, tuple[int, ...], Path]) -> None:
    _name, _index, path = walked
    x = float(path.edges[1] + path.edges[2]) / 2 if len(path.kinks) > 1 else float(path.edges[:2].mean())
    h = min(1e-5, path.distance(x) / 3)
    assert path.derivatives(x)[0] == pytest.approx(path.numeric(x, h), rel=1e-6, abs=1e-9)
    for order in (1, 2):
        by_difference = (path.derivatives(x + h)[order - 1] - path.derivatives(x - h)[order - 1]) / (2 * h)
        assert path.derivatives(x)[order] == pytest.approx(by_difference, rel=1e-5, abs=1e-6)


def test_a_tangent_is_the_change_of_every_layer() -> None:
    name, index = PLACES[0]
    moving = tangents(NETWORK.forward(IMAGE[None].astype(np.float64)), name, index)
    value, h = float(NETWORK.params[name][index]), 1e-6
    above, below = (NETWORK.replace(changed(name, index, value + s * h)).forward(IMAGE[None].astype(np.float64))
                    for s in (1, -1))  # fmt: skip
    for layer, dy in moving.items():
        np.testing.assert_allclose(dy, (above[layer].y - below[layer].y) / (2 * h), atol=1e-8)


def test_a_check_is_wrong_as_soon_as_h_reaches_the_kink_and_right_before() -> None:
    path = path_along(NETWORK, IMAGE, LABEL, *PLACES[0])
    kink = path.sharpest()
    assert kink is not None
    x, slope = kink + 0.01, path.derivatives(kink + 0.01)[0]
    assert path.distance(x) == pytest.approx(0.01)
    assert abs(path.numeric(x, 0.0099) - slope) < 1e-3 * abs(slope)
    assert abs(path.numeric(x, 0.02) - slope) > 0.1 * abs(slope)


def test_the_sharpest_kink_of_the_lesson_changes_the_slope_sevenfold() -> None:
    path = path_along(NETWORK, IMAGE, LABEL, *PLACES[0])
    kink = path.sharpest()
    assert kink is not None
    left, right = (path.derivatives(kink + side)[0] for side in (-1e-6, 1e-6))
    assert (left, right) == (pytest.approx(-0.4404, abs=1e-3), pytest.approx(-2.9766, abs=1e-3))


@pytest.mark.parametrize(
    ("name", "f"),
    [
        ("relu", lambda x: max(0.0, x)),
        ("max", lambda x: max(0.25 + x / 2, 0.75 - x / 2)),
        ("abs", abs),
        ("smooth", lambda x: float(np.log1p(np.exp(2 * x)))),
    ],
)
def test_the_simple_functions_are_what_they_are_called(name: str, f) -> None:  # type: ignore[no-untyped-def]
    for x in np.linspace(-2.5, 2.5, 21):
        assert SIMPLE[name].value(float(x)) == pytest.approx(f(float(x)), abs=1e-12)


def test_on_a_kink_the_chord_takes_the_mean_of_both_slopes_for_every_h() -> None:
    assert SIMPLE["relu"].derivatives(0.0)[0] == 0, "the gate asks for x > 0"
    for h in (1.0, 1e-3, 1e-6):
        assert SIMPLE["relu"].numeric(0.0, h) == pytest.approx(0.5)


def test_crossings_count_the_parameters_whose_ends_decide_differently() -> None:
    found = crossings(NETWORK, IMAGE)
    assert found.total == 1898
    # What the lesson prints for digit 5.
    assert [found.crossed[h] for h in (1e-2, 1e-3, 1e-5)] == [5, 1, 0]
    one_by_one = 0
    for name in ("conv1.weight", "conv1.bias"):
        for index in np.ndindex(*NETWORK.params[name].shape):
            value = float(NETWORK.params[name][index])
            sides = [NETWORK.replace(changed(name, index, value + d)).forward(IMAGE[None].astype(np.float64))
                     for d in (-1e-2, 1e-2)]  # fmt: skip
            one_by_one += bool((decisions(sides[0]) != decisions(sides[1])).any())
    assert 0 < one_by_one <= found.crossed[1e-2]


def test_a_layer_that_isn_t_straight_is_refused_by_name() -> None:
    from engine import Linear, Network, Sigmoid

    network = Network.build([("l", Linear(3, 3)), ("s", Sigmoid())], (3,), rng=np.random.default_rng(0))
    with pytest.raises(TypeError, match="Layer 's'"):
        tangents(network.forward(np.ones((1, 3), np.float32)), "l.weight", (0, 0))
