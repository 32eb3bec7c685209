"""The pooling exercises: the cases that their words promise."""

from __future__ import annotations

import numpy as np
import pytest

from engine.exercise import Problem
from pages.blocks.pooling import exercises

SEEDS = range(40)


def problems(make) -> list[Problem]:  # type: ignore[no-untyped-def]
    return [make(np.random.default_rng(seed)) for seed in SEEDS]


@pytest.mark.parametrize(
    "make", [exercises.window, exercises.route, exercises.dropped, exercises.expected, exercises.norm]
)
def test_the_worked_solution_agrees_with_the_engine(make) -> None:  # type: ignore[no-untyped-def]
    assert all(problem.grade(problem.worked) for problem in problems(make))


def test_the_cell_of_the_route_always_wins_more_than_one_window() -> None:
    assert all(problem.values["windows"] in (2, 4) for problem in problems(exercises.route))


def test_a_tie_goes_to_its_first_cell_and_never_to_both() -> None:
    for problem in problems(exercises.tie):
        assert problem.answer == problem.worked
        assert problem.answer != "cell-both"


def test_2x2_windows_with_stride_2_drop_75_per_cent() -> None:
    # Curriculum, pooling: 75 % of activations dropped at (2, 2).
    shares = {p.answer for p in problems(exercises.dropped) if p.values["kernel"] == p.values["stride"] == 2}
    assert shares == {75.0}


def test_the_norms_windows_are_neat() -> None:
    assert all(sum(value**2 for value in cells) ** 0.5 % 1 == 0 for cells in exercises.NEAT)
