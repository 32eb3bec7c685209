"""The exercises of "Watch it train": what is worked out by hand is what the engine computes."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest

from engine.exercise import Problem
from pages.training.watch_it_train.exercises import first_loss, ratio_of_an_update, steps_of_a_run


@pytest.mark.parametrize("make", [first_loss, steps_of_a_run, ratio_of_an_update])
def test_the_worked_solution_is_graded_right_and_a_wrong_one_is_not(
    make: Callable[[np.random.Generator], Problem],
) -> None:
    for seed in range(30):
        problem = make(np.random.default_rng(seed))
        assert problem.grade(problem.worked)
        assert isinstance(problem.worked, float | int)
        assert not problem.grade(problem.worked * 1.1 + 1)


def test_an_answer_with_two_decimals_is_enough_for_the_first_loss() -> None:
    problem = first_loss(np.random.default_rng(3))
    assert isinstance(problem.answer, float)
    assert problem.grade(round(problem.answer, 2))
