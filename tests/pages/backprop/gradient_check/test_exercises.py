"""The exercises of "Gradient check": what the engine answers is what the solutions arrive at."""

from __future__ import annotations

import numpy as np
import pytest

from pages.backprop.gradient_check.compute.case import CASES
from pages.backprop.gradient_check.exercises import best_h, central_difference, relative_error, which_layer

SEEDS = range(40)


@pytest.mark.parametrize("make", [central_difference, relative_error, best_h, which_layer])
def test_the_solution_by_hand_is_the_engine_s_answer(make) -> None:  # type: ignore[no-untyped-def]
    for seed in SEEDS:
        problem = make(np.random.default_rng(seed))
        assert problem.grade(problem.worked), problem


def test_a_central_difference_of_a_cube_is_off_by_h_squared() -> None:
    for seed in SEEDS:
        problem = central_difference(np.random.default_rng(seed))
        assert problem.answer == pytest.approx(problem.values["exact"] + float(str(problem.values["square"])))


def test_the_best_h_depends_on_type_and_rule() -> None:
    asked = [best_h(np.random.default_rng(seed)) for seed in SEEDS]
    assert {problem.answer for problem in asked} == {"h3", "h6", "h8"}
    assert not any("*" in str(problem.values["formula"]) for problem in asked), "a star would be read as bold type"


def test_every_fault_is_asked_for_and_blamed_on_its_own_layer() -> None:
    answers = {which_layer(np.random.default_rng(seed)).answer for seed in range(200)}
    assert answers == {case.layer for case in CASES if case.fault}
