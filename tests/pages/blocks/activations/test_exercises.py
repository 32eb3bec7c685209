"""The exercises of "Activations": the written way arrives where the engine does."""

from __future__ import annotations

import numpy as np
import pytest

from pages.blocks.activations.exercises import (
    SIGNS,
    gradient_through_a_leak,
    links_until_nothing,
    slope_from_output,
    which_way,
)

MAKERS = (slope_from_output, gradient_through_a_leak, which_way, links_until_nothing)


@pytest.mark.parametrize("make", MAKERS)
def test_the_worked_solution_is_right_for_many_seeds(make) -> None:  # type: ignore[no-untyped-def]
    for seed in range(200):
        problem = make(np.random.default_rng(seed))
        assert problem.grade(problem.worked), (seed, problem)


def test_all_three_ways_are_asked_for() -> None:
    assert {which_way(np.random.default_rng(seed)).answer for seed in range(60)} == set(SIGNS)


def test_inputs_of_one_sign_never_move_the_weights_apart() -> None:
    for seed in range(200):
        problem = which_way(np.random.default_rng(seed))
        signs = [str(problem.values[name]).startswith("−") for name in ("x1", "x2")]
        assert (problem.answer == "apart") == (signs[0] != signs[1])


def test_one_link_less_would_not_be_certain() -> None:
    for seed in range(50):
        problem = links_until_nothing(np.random.default_rng(seed))
        share, limit = float(str(problem.values["share"])), 10.0 ** -int(str(problem.values["limit"])[5:-1])
        assert share ** int(float(str(problem.answer))) < limit <= share ** (int(float(str(problem.answer))) - 1)
