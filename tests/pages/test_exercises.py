"""Exercises of several lessons: what is worked out by hand agrees with what the engine computes, for any seed."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest

from engine.problem import Problem
from pages.backprop.by_hand import exercises
from pages.backprop.cross_entropy_quadratic import exercises as cross_entropy_quadratic
from pages.backprop.vanishing import exercises as vanishing
from pages.blocks.convolution import exercises as convolution
from pages.training.weight_initialization import exercises as weight_initialization

SEEDS = range(40)

MAKERS: tuple[Callable[[np.random.Generator], Problem], ...] = (
    *(exercises.error_of_one_output, exercises.output_weight_gradient, exercises.hidden_delta, exercises.which_way),
    *(convolution.slide, convolution.output_size, convolution.parameters, convolution.patch_matrix),
    convolution.fully_connected,
    *(cross_entropy_quadratic.quadratic_gradient, cross_entropy_quadratic.cross_entropy_gradient),
    *(cross_entropy_quadratic.how_many_times, cross_entropy_quadratic.who_moves_first),
    *(vanishing.quarter_bound, vanishing.gain_of_a_layer, vanishing.layers_until_lost, vanishing.with_x_added),
    vanishing.two_jacobians,
    *(weight_initialization.variance_of_a_sum, weight_initialization.keep_the_variance),
    *(weight_initialization.layers_until_lost, weight_initialization.who_learns),
)


def problems(make: Callable[[np.random.Generator], Problem]) -> list[Problem]:
    return [make(np.random.default_rng(seed)) for seed in SEEDS]


def name(make: Callable[[np.random.Generator], Problem]) -> str:
    return f"{make.__module__.rpartition('.')[2]}.{make.__name__}"


@pytest.mark.parametrize("make", MAKERS, ids=name)
def test_the_worked_solution_is_graded_as_right_and_another_answer_as_wrong(
    make: Callable[[np.random.Generator], Problem],
) -> None:
    for problem in problems(make):
        assert problem.grade(problem.worked)
        if isinstance(problem.answer, tuple):
            assert not problem.grade((*problem.answer[::-1], 1))
        elif isinstance(problem.answer, str):
            assert not any(problem.grade(choice) for choice in problem.choices if choice != problem.answer)
        else:
            assert not problem.grade(problem.answer + 2 * problem.tolerance + 1)


@pytest.mark.parametrize("make", MAKERS, ids=name)
def test_a_seed_makes_the_same_question_again_and_another_seed_another_one(
    make: Callable[[np.random.Generator], Problem],
) -> None:
    assert problems(make) == problems(make)
    assert len({str(problem) for problem in problems(make)}) > 3


@pytest.mark.parametrize(
    "make",
    [exercises.which_way, cross_entropy_quadratic.who_moves_first, weight_initialization.who_learns],
    ids=name,
)
def test_every_choice_is_right_for_some_question(make: Callable[[np.random.Generator], Problem]) -> None:
    made = problems(make)
    assert {problem.answer for problem in made} == set(made[0].choices)


def test_the_gradients_of_the_two_costs_differ_by_the_slope_of_the_sigmoid() -> None:
    for problem in problems(cross_entropy_quadratic.how_many_times):
        a = float(str(problem.values["a"]))
        assert problem.answer == pytest.approx(1 / (a * (1 - a)))


def test_a_sigmoid_leaves_at_most_a_quarter_of_a_gradient() -> None:
    # Curriculum, vanishing gradients: (1/4)^L for weights of size 1.
    plain = [problem for problem in problems(vanishing.quarter_bound) if problem.values["weight"] == "1"]
    assert plain
    for problem in plain:
        assert problem.answer == pytest.approx(-int(str(problem.values["layers"])) * np.log10(4))
