"""The exercises of the two backward lessons: solutions arrive at the engine's answer, and none is trivial."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest

from engine.problem import Problem
from pages.backprop.batch_norm import exercises as batch_norm
from pages.backprop.convolution_backward import exercises

MAKERS = (
    *(exercises.pixel, exercises.weight_gradient),
    *(exercises.spread_size, exercises.pooled),
    *(batch_norm.standardise, batch_norm.gamma_gradient, batch_norm.running_mean, batch_norm.forgotten_way),
)


@pytest.mark.parametrize("make", MAKERS, ids=lambda make: make.__name__)
def test_worked_solutions_arrive_at_the_engines_answer(make: Callable[[np.random.Generator], Problem]) -> None:
    for seed in range(60):
        problem = make(np.random.default_rng(seed))
        assert problem.grade(problem.worked), (seed, problem)


def test_each_forgotten_way_comes_up_and_shows_in_the_sums() -> None:
    problems = [batch_norm.forgotten_way(np.random.default_rng(seed)) for seed in range(60)]
    assert {problem.answer for problem in problems} == {"nothing", "mean", "variance"}
    for problem in problems:
        zero = (problem.values["total"] == "0", problem.values["along"] == "0")
        assert zero == (problem.answer != "mean", problem.answer != "variance"), problem


def test_a_middle_pixel_hears_of_more_than_one_output() -> None:
    sums = [str(exercises.pixel(np.random.default_rng(seed)).values["sum"]) for seed in range(30)]
    assert all(text.count("·") == 4 for text in sums)
