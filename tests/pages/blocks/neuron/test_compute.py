"""One unit, its line, and what several units do together, held to the curriculum's numbers and all sixteen."""

from __future__ import annotations

from itertools import product

import numpy as np
import pytest

from engine.data.filters import FILTERS
from engine.layers import Conv2d
from engine.layers.activation import sigmoid
from engine.types import ShapeError
from pages.blocks.neuron.compute import (
    CORNERS,
    FUNCTIONS,
    MOST_GATES,
    NAND,
    PLACES,
    Circuit,
    Gate,
    TwoLayers,
    Unit,
    corners,
    line_for,
    nand_circuit,
    picture_of,
    slid,
    step,
    tally,
    truth_table,
    two_layers_for,
    walk,
)
from pages.blocks.neuron.exercises import soft_unit, two_layers, weighted_vote, which_function

XOR, XNOR = (0, 1, 1, 0), (1, 0, 0, 1)


def test_a_weighted_vote_stays_below_its_threshold() -> None:
    # [G] Scores 4, 1, -3 with weights 1, 3, 2: 4·1 + 1·3 - 3·2 = 1, below the threshold 3, output 0.
    x = np.array([[4.0, 1.0, -3.0]])
    assert Unit((1, 3, 2), 0).sums(x).tolist() == [1]
    assert Unit((1, 3, 2), -3).sums(x).tolist() == [-2]
    assert Unit((1, 3, 2), -3).outputs(x).tolist() == [0]


def test_nand_of_0_and_1_is_1() -> None:
    # [G] w = (-2, -2), b = 3: -2·0 - 2·1 + 3 = 1, above 0, output 1.
    x = np.array([[0.0, 1.0]])
    assert Unit((-2, -2), 3).sums(x).tolist() == [1]
    assert Unit((-2, -2), 3).outputs(x).tolist() == [1]
    assert truth_table(NAND) == (1, 1, 1, 0)


def test_a_sum_of_exactly_0_is_not_above_0() -> None:
    assert step(np.array([-1.0, 0.0, 1e-9])).tolist() == [0, 0, 1]


@pytest.mark.parametrize("function", FUNCTIONS, ids=str)
def test_a_line_is_given_exactly_where_one_exists(function: tuple[int, int, int, int]) -> None:
    line = line_for(function)
    assert (line is None) == (function in (XOR, XNOR))
    assert line is None or truth_table(line) == function


def test_no_unit_of_a_fine_grid_makes_xor_and_the_best_has_3_corners_right() -> None:
    # [G] XOR is impossible for one unit.
    grid = np.linspace(-3, 3, 25)
    found = {truth_table(Unit((a, b), c)) for a, b, c in product(grid, grid, grid)}
    assert set(FUNCTIONS) - found == {XOR, XNOR}
    assert max(sum(p == q for p, q in zip(bits, XOR, strict=True)) for bits in found) == 3


@pytest.mark.parametrize("function", FUNCTIONS, ids=str)
def test_two_layers_make_every_function_also_with_a_steep_sigmoid(function: tuple[int, int, int, int]) -> None:
    # [G] XOR is possible for two layers.
    net = two_layers_for(function)
    assert truth_table(net) == function
    units = (*net.hidden, net.out)
    first, second, out = (Unit(unit.weight, unit.bias, steepness=8.0) for unit in units)
    assert truth_table(TwoLayers((first, second), out)) == function


def test_xor_s_hidden_plane_brings_the_two_mixed_corners_together() -> None:
    h = two_layers_for(XOR).hidden_outputs(corners())
    assert h.tolist() == [[0, 1], [1, 1], [1, 1], [1, 0]]


@pytest.mark.parametrize("function", FUNCTIONS, ids=str)
def test_nand_gates_alone_make_every_function(function: tuple[int, int, int, int]) -> None:
    # [G] Any Boolean function by composing NANDs.
    circuit = nand_circuit(function)
    assert truth_table(circuit) == function
    assert len(circuit.gates) <= MOST_GATES


def test_xor_takes_four_gates_and_no_circuit_of_three_makes_it() -> None:
    assert len(nand_circuit(XOR).gates) == 4
    pairs = [[(a, b) for a in range(n) for b in range(a, n)] for n in (2, 3, 4)]
    for chosen in product(*pairs):
        circuit = Circuit(tuple(Gate(*pair) for pair in chosen), 4)
        assert truth_table(circuit) != XOR


def test_a_circuit_of_no_known_function_says_what_would_work() -> None:
    with pytest.raises(ValueError, match="four bits"):
        nand_circuit((0, 1, 1, 0, 1))  # type: ignore[arg-type]


def test_a_steep_sigmoid_is_nearly_the_step_and_the_line_stays_half() -> None:
    x = np.array([[0.2, 0.1], [0.9, 0.8], [0.75, 0.75]])
    soft = Unit((-2, -2), 3, steepness=40.0).outputs(x)
    np.testing.assert_allclose(soft, [1, 0, 0.5], atol=1e-3)
    np.testing.assert_allclose(Unit((-2, -2), 3, 1.0).outputs(x), sigmoid(Unit((-2, -2), 3).sums(x)))


def test_a_tally_of_random_lines_counts_what_each_line_computes() -> None:
    counts = tally(np.random.default_rng(1), 300)
    parameters = np.random.default_rng(1).standard_normal((300, 3))
    by_hand = [truth_table(Unit((a, b), c)) for a, b, c in parameters.tolist()]
    assert counts.tolist() == [by_hand.count(function) for function in FUNCTIONS]


def test_an_input_of_another_width_is_refused_in_words() -> None:
    with pytest.raises(ShapeError, match=r"2 weights was given x of shape \(4, 3\); it expects \(N, 2\)"):
        NAND.sums(np.zeros((4, 3)))


def test_a_walk_of_the_rule_ends_where_every_corner_is_right_or_comes_round_again() -> None:
    for code, function in enumerate(FUNCTIONS):
        steps = walk(Unit((-1, 2), -1), function, [i % 4 for i in range(200)], 0.5)
        learnt = Unit(tuple(steps[-1].weight.tolist()), steps[-1].bias)
        if line_for(function) is None:
            assert code in (6, 9)
            seen = [(*step.weight, step.bias) for step in steps[3::4]]
            assert len(set(seen)) < len(seen), "after some rounds the numbers are those of an earlier one"
        else:
            assert truth_table(learnt) == function
            assert not any(step.error for step in steps[-4:])


def test_a_unit_that_slides_over_a_digit_is_a_convolution() -> None:
    image, weight = picture_of(3), FILTERS["edges"]
    assert set(np.unique(image)) <= set(range(17))
    params = {"weight": weight[None, None], "bias": np.array([-2.5])}
    y = Conv2d(1, 1, 3).forward(params, image[None, None])[0][0, 0]
    found = slid(image, Unit(tuple(weight.ravel().tolist()), -2.5))
    assert found.shape == (PLACES, PLACES)
    np.testing.assert_allclose(found, y, atol=1e-12)


def test_corners_are_in_the_order_of_the_bits() -> None:
    assert [truth_table(Unit((0, 0), b)) for b in (-1, 1)] == [FUNCTIONS[0], FUNCTIONS[15]]
    assert CORNERS == ((0, 0), (0, 1), (1, 0), (1, 1))


@pytest.mark.parametrize("make", [weighted_vote, which_function, soft_unit, two_layers])
def test_exercises_agree_with_the_sums_by_hand(make) -> None:  # type: ignore[no-untyped-def]
    for seed in range(40):
        problem = make(np.random.default_rng(seed))
        assert problem.grade(problem.worked)
        if not problem.choices:
            assert not problem.grade(problem.worked + 1)
