"""The activations' lab: curves from the engine's own layers, a crowd, a chain, a zig-zag, and units that die."""

from __future__ import annotations

import math

import numpy as np
import pytest

from pages.blocks.activations.compute.functions import (
    FUNCTIONS,
    SHAPED_BY,
    USUAL,
    Settings,
    activation,
    curve,
    facts,
    nanoseconds,
)
from pages.blocks.activations.compute.learning import (
    GOAL,
    RACE_RATES,
    RACERS,
    SEEDS,
    best_rate,
    chain,
    contour,
    inputs,
    points,
    race,
    racer,
    slope_fit,
    walk,
)
from pages.blocks.activations.compute.units import EDGE, EXAMPLES, HIDDEN, UNITS, dying, grid, pass_through, place

NAMES = tuple(FUNCTIONS)


def at(name: str, x: float, settings: Settings = USUAL) -> tuple[float, float]:
    found = curve(name, np.array([x]), settings)
    return float(found.y[0]), float(found.slope[0])


# ---- curves ----


def test_slopes_of_sigmoid_and_tanh_through_the_lab() -> None:
    # [G] activations: σ'(0) = 0.25, σ'(±10) ≈ 0, tanh'(0) = 1.
    assert at("sigmoid", 0)[1] == 0.25
    assert at("sigmoid", 10)[1] == pytest.approx(4.54e-5, rel=1e-3)
    assert at("sigmoid", -10)[1] == pytest.approx(4.54e-5, rel=1e-3)
    assert at("tanh", 0)[1] == 1


def test_tanh_is_a_stretched_sigmoid_on_the_whole_grid() -> None:
    # activations: tanh(x) = 2σ(2x) - 1.
    x = grid()
    np.testing.assert_allclose(curve("tanh", x).y, 2 * curve("sigmoid", 2 * x).y - 1, atol=1e-15)


@pytest.mark.parametrize("name", NAMES)
def test_a_slope_is_the_limit_of_small_differences(name: str) -> None:
    x, h = np.array([-3.3, -1.7, -0.2, 0.35, 0.9, 2.2]), 1e-6
    numeric = (curve(name, x + h).y - curve(name, x - h).y) / (2 * h)
    np.testing.assert_allclose(curve(name, x).slope, numeric, atol=1e-8)


@pytest.mark.parametrize(("name", "setting"), [(name, one) for name, many in SHAPED_BY.items() for one in many])
def test_a_setting_bends_its_activation_and_no_other(name: str, setting: str) -> None:
    changed = Settings(**{setting: 0.3})
    x = np.linspace(-4, 4, 81)
    assert np.abs(curve(name, x, changed).y - curve(name, x).y).max() > 1e-3
    for other in FUNCTIONS:
        if other != name:
            np.testing.assert_array_equal(curve(other, x, changed).y, curve(other, x).y)


def test_maxout_is_the_largest_of_its_lines() -> None:
    s = Settings(left=-1, right=0.5, level=0.2)
    x = np.linspace(-3, 3, 61)
    np.testing.assert_allclose(curve("maxout", x, s).y, np.maximum(np.maximum(-x, 0.5 * x), 0.2))


def test_an_unknown_activation_is_named_with_those_there_are() -> None:
    with pytest.raises(KeyError, match=r"swoosh.*sigmoid, tanh"):
        activation("swoosh")


# ---- facts ----


@pytest.mark.parametrize(
    ("name", "low", "high", "sides", "dies", "centred"),
    [
        ("sigmoid", 0, 1, (True, True), False, False),
        ("tanh", -1, 1, (True, True), False, True),
        ("relu", 0, math.inf, (True, False), True, False),
        ("leaky_relu", -math.inf, math.inf, (False, False), False, False),
        ("prelu", -math.inf, math.inf, (False, False), False, False),
        ("rrelu", -math.inf, math.inf, (False, False), False, False),
        ("elu", -1, math.inf, (True, False), False, False),
        ("softplus", 0, math.inf, (True, False), False, False),
        ("maxout", 0.5, math.inf, (False, False), False, False),
        ("gelu", -0.17, math.inf, (True, False), False, False),
        ("silu", -0.2785, math.inf, (True, False), False, False),
    ],
)
def test_what_is_true_of_each_activation_is_found_from_its_curve(
    name: str, low: float, high: float, sides: tuple[bool, bool], dies: bool, centred: bool
) -> None:
    found = facts(name)
    assert found.low == pytest.approx(low, abs=1e-4)
    assert found.high == pytest.approx(high, abs=1e-4)
    assert (found.flat_left, found.flat_right) == sides
    assert found.dies is dies
    assert found.centred is centred


def test_mean_outputs_of_standard_normal_inputs() -> None:
    assert facts("relu").mean == pytest.approx(1 / math.sqrt(2 * math.pi), abs=1e-4)
    assert facts("sigmoid").mean == pytest.approx(0.5, abs=1e-6)
    assert facts("tanh").mean == pytest.approx(0, abs=1e-9)


def test_only_gated_activations_are_anywhere_steeper_than_one() -> None:
    assert {name for name in NAMES if facts(name).steepest > 1 + 1e-9} == {"gelu", "silu"}


def test_a_leak_of_nothing_dies_as_relu_does() -> None:
    assert facts("leaky_relu", Settings(negative_slope=0)).dies


def test_time_is_measured() -> None:
    assert 0 < nanoseconds("relu") < 1e5


# ---- crowd ----


def test_a_crowd_has_the_mean_and_spread_that_were_asked_for() -> None:
    x = place(1.5, 0.8)
    assert x.shape == (EXAMPLES, UNITS)
    assert x.mean() == pytest.approx(1.5, abs=0.01)
    assert x.std() == pytest.approx(0.8, abs=0.01)


def test_every_number_of_a_crowd_stands_in_the_table() -> None:
    assert np.isin(place(-3.7, 3.1), grid()).all()
    assert np.abs(place(4, 4)).max() <= EDGE


def test_a_gradient_is_multiplied_by_the_slope_where_its_number_stands() -> None:
    found = pass_through("sigmoid", 0.5, 2)
    np.testing.assert_allclose(found.dx, found.dy * found.y * (1 - found.y), atol=1e-15)


def test_far_out_a_sigmoid_lets_next_to_nothing_back() -> None:
    near, far = pass_through("sigmoid", 0, 0.5), pass_through("sigmoid", 4, 0.5)
    assert near.flat == 0
    assert far.flat > 0.9
    assert far.summary()["std_dx"] < 0.1 * near.summary()["std_dx"]


def test_a_crowd_below_zero_kills_relus_but_no_leaky_ones() -> None:
    assert pass_through("relu", -4, 0.5).dead.all()
    assert not pass_through("leaky_relu", -4, 0.5).dead.any()
    found = pass_through("relu", -1.5, 1)
    assert 0 < found.dead.sum() < UNITS
    np.testing.assert_array_equal(found.dead, (found.x <= 0).all(axis=0))


# ---- chain ----


@pytest.mark.parametrize("name", NAMES)
def test_a_chains_gradient_is_the_product_of_its_links(name: str) -> None:
    found = chain(name, np.array([-1.3, 0.4, 2.1]), 0.9, 6)
    product = np.prod(0.9 * found.slopes, axis=0)
    np.testing.assert_allclose(found.gradients[0], product, rtol=1e-12)
    np.testing.assert_allclose(found.gradients[4], np.prod(0.9 * found.slopes[4:], axis=0), rtol=1e-12)
    assert (np.abs(found.gradients[0]) <= found.bound**6 * (1 + 1e-9)).all()


def test_ten_sigmoids_leave_less_than_a_millionth() -> None:
    # 0.25^10 = 9.54e-7, whatever the start.
    found = chain("sigmoid", np.linspace(-6, 6, 25), 1, 10)
    assert found.bound**10 == pytest.approx(9.5367e-7, rel=1e-4)
    assert found.gradients[0].max() < 1e-6


def test_relus_pass_a_gradient_whole_or_not_at_all() -> None:
    found = chain("relu", np.array([-2.0, 2.0]), 1, 20)
    assert found.gradients[0].tolist() == [0, 1]


def test_a_shorter_chain_is_the_beginning_of_a_longer_one() -> None:
    short, long = chain("tanh", np.array([0.7]), 1.5, 4), chain("tanh", np.array([0.7]), 1.5, 9)
    np.testing.assert_array_equal(short.a, long.a[:5])
    np.testing.assert_array_equal(short.slopes, long.slopes[:4])


def test_a_chain_wants_at_least_one_link() -> None:
    with pytest.raises(ValueError, match="at least one link"):
        chain("relu", np.zeros(1), 1, 0)


# ---- zig-zag ----


def test_positive_inputs_push_both_weights_the_same_way_at_every_step() -> None:
    found = walk(False, 0.4, 60, 0)
    assert (found.x > 0).all()
    assert found.same_sign == 1
    assert (np.sign(found.dw) == np.sign(found.dz)[:, None]).all()


def arrivals(centred: bool, lr: float, steps: int = 60) -> list[int]:
    return [walk(centred, lr, steps, seed).arrival() or steps + 1 for seed in range(20)]


def test_centred_inputs_go_the_shorter_way_each_walk_at_its_own_best_rate() -> None:
    positive, centred = (arrivals(kind, best_rate(kind, 60)) for kind in (False, True))
    assert sum(centred) < 0.6 * sum(positive)
    assert all(walk(True, best_rate(True, 60), 60, seed).same_sign < 0.8 for seed in range(5))


def test_at_one_rate_for_both_centred_inputs_gain_nothing_to_speak_of() -> None:
    for lr in (0.2, 0.4):
        assert sum(arrivals(True, lr)) > 0.9 * sum(arrivals(False, lr))


def test_centred_inputs_are_the_same_numbers_moved_and_not_stretched() -> None:
    positive, centred = (inputs(kind, np.random.default_rng(4)) for kind in (False, True))
    np.testing.assert_allclose(centred, positive - 0.5, atol=1e-15)


@pytest.mark.parametrize("centred", [False, True])
def test_the_best_rate_is_that_of_the_earliest_arrivals_of_real_walks(centred: bool) -> None:
    best = best_rate(centred, 60)
    own = sum(arrivals(centred, best))
    assert all(sum(arrivals(centred, rate)) > 0.93 * own for rate in (best / 2, best * 0.8, best * 1.25, best * 2))
    assert sum(arrivals(centred, best / 2)) > own
    assert sum(arrivals(centred, best * 2)) > own


def test_each_step_is_one_of_gradient_descent() -> None:
    found = walk(True, 0.2, 30, 1)
    np.testing.assert_allclose(found.w[1:], found.w[:-1] - 0.2 * found.dw, atol=1e-15)
    np.testing.assert_allclose(found.dz, 2 * (found.z - found.t), atol=1e-15)
    np.testing.assert_allclose(found.dw, found.dz[:, None] * found.x, atol=1e-15)


def test_a_contour_has_one_loss_all_around_the_goal() -> None:
    found = walk(False, 0.4, 5, 0)
    ring = contour(found, 0.1) - np.array(GOAL)
    np.testing.assert_allclose(np.einsum("ni,ij,nj->n", ring, found.moment, ring), 0.1)


# ---- dying ----


def test_relus_die_at_high_learning_rates_and_leaky_ones_dont() -> None:
    # activations: share of dead units against learning rate.
    relu = dying("relu", 0, rates=(0.1, 3.0))
    assert relu.dead[0] < 0.1
    assert relu.dead[1] > 0.9
    assert relu.accuracy[0] > 0.85
    assert relu.accuracy[1] < 0.2
    assert dying("leaky_relu", 0, rates=(3.0,)).dead[0] == 0


def test_units_stop_at_high_rates_also_where_no_slope_is_exactly_0() -> None:
    for name in ("elu", "silu", "tanh"):
        assert not facts(name).dies
        assert dying(name, 0, rates=(10.0,)).dead[0] > 0.5


def test_the_share_of_dead_units_is_that_of_units_no_digit_opens() -> None:
    found = dying("relu", 1, rates=(1.4,))
    assert found.open.shape == (1, HIDDEN)
    assert found.dead[0] == (found.open[0] == 0).mean()


@pytest.mark.parametrize("name", ["maxout", "prelu", "gelu"])
def test_every_kind_of_activation_can_be_trained_so(name: str) -> None:
    found = dying(name, 0, rates=(0.1, 10.0))
    assert found.accuracy[0] > 0.8
    assert np.isfinite(found.open).all()


# ---- the race ----


def test_racers_differ_in_their_activation_alone() -> None:
    sigmoid, tanh = (racer(name, 3) for name in RACERS)
    assert sigmoid.params.keys() == tanh.params.keys()
    for path, value in sigmoid.params.items():
        np.testing.assert_array_equal(value, tanh.params[path])
    assert [type(layer).__name__ for _, layer in sigmoid.layers if "Linear" not in repr(layer)][1:] == ["Sigmoid"] * 2
    assert [type(layer).__name__ for _, layer in tanh.layers if "Linear" not in repr(layer)][1:] == ["Tanh"] * 2


def test_each_races_at_a_best_rate_that_lies_between_worse_ones() -> None:
    for entrant in race().values():
        assert RACE_RATES[0] < entrant.rate < RACE_RATES[-1]
        assert len(entrant.at_best) == SEEDS >= 3
        assert np.isfinite(entrant.at_best).all()


# ---- a slope that is learned ----


def test_the_learned_slopes_gradient_is_the_sum_over_the_points_below_zero() -> None:
    # [G] PReLU: dL/dw = Σ dy·x over x < 0; y = x elsewhere.
    found = slope_fit(0.25, 0.7, 0.1, 15, 0)
    below = found.x < 0
    assert 2 <= below.sum() < len(found.x)
    np.testing.assert_allclose(found.dw, (found.dy * found.x)[:, below].sum(axis=1))
    np.testing.assert_allclose(found.y[:, ~below], np.tile(found.x[~below], (16, 1)))
    np.testing.assert_allclose(found.dy, 2 * (found.y - found.t) / len(found.x))
    np.testing.assert_allclose(found.w[1:], found.w[:-1] - 0.1 * found.dw[:-1])


@pytest.mark.parametrize("seed", [0, 1, 2])
@pytest.mark.parametrize("aim", [-0.8, 0, 0.7])
def test_a_slope_comes_to_rest_where_the_products_cancel(seed: int, aim: float) -> None:
    found = slope_fit(0.25, aim, 0.1, 200, seed)
    assert found.w[-1] == pytest.approx(found.best, abs=1e-6)
    assert found.dw[-1] == pytest.approx(0, abs=1e-6)
    assert found.loss[-1] <= found.bowl.min() + 1e-9
    assert (np.diff(found.loss) <= 1e-12).all()


def test_a_slope_whose_steps_are_too_long_runs_away() -> None:
    found = slope_fit(0.25, 0.7, 0.5, 15, 1)
    assert abs(found.w[-1] - found.best) > 10 * abs(found.w[0] - found.best)


def test_the_points_have_one_decimal_and_none_lies_at_the_corner() -> None:
    for seed in range(100):
        x, t = points(0.7, seed)
        np.testing.assert_array_equal(x, x.round(1))
        np.testing.assert_array_equal(t, t.round(1))
        assert np.abs(x).min() > 0.2
