"""The two costs' gradients differ by one factor, and each may move first."""

from __future__ import annotations

import numpy as np
import pytest

from pages.backprop.cross_entropy_quadratic.exercises import how_many_times, who_moves_first


def test_the_gradients_of_the_two_costs_differ_by_the_slope_of_the_sigmoid() -> None:
    for seed in range(40):
        problem = how_many_times(np.random.default_rng(seed))
        a = float(str(problem.values["a"]))
        assert problem.answer == pytest.approx(1 / (a * (1 - a)))


def test_every_choice_is_right_for_some_question() -> None:
    problems = [who_moves_first(np.random.default_rng(seed)) for seed in range(40)]
    assert {problem.answer for problem in problems} == set(problems[0].choices)
