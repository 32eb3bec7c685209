"""The exercises of every lesson: what is worked out by hand is what the engine computes, for any seed."""

from __future__ import annotations

from importlib import import_module

import numpy as np
import pytest

from engine.exercise import Problem
from tests.root import ROOT
from ui import catalogue
from ui.exercises import Make

SEEDS = range(60)


def makers() -> list[Make]:
    """Every lesson's generators."""
    rooms = [".".join(entry.path.relative_to(ROOT).parent.parts) for entry in catalogue.LESSONS]
    return [make for room in rooms for make in import_module(f"{room}.exercises").EXERCISES]


def name(make: Make) -> str:
    return f"{make.__module__.split('.')[-2]}.{make.__name__}"


def problems(make: Make) -> list[Problem]:
    return [make(np.random.default_rng(seed)) for seed in SEEDS]


@pytest.mark.parametrize("make", makers(), ids=name)
def test_the_worked_solution_is_graded_as_right_and_another_answer_as_wrong(make: Make) -> None:
    for problem in problems(make):
        assert problem.grade(problem.worked), problem
        if isinstance(problem.answer, tuple):
            assert not problem.grade((*problem.answer[::-1], 1))
        elif isinstance(problem.answer, str):
            assert not any(problem.grade(choice) for choice in problem.choices if choice != problem.answer)
        else:
            assert not problem.grade(problem.answer + 2 * problem.tolerance + 1)


@pytest.mark.parametrize("make", makers(), ids=name)
def test_a_seed_makes_the_same_question_again_and_another_seed_another_one(make: Make) -> None:
    assert problems(make) == problems(make)
    assert len({str(problem) for problem in problems(make)}) > 3


@pytest.mark.parametrize("make", makers(), ids=name)
def test_a_question_with_choices_is_not_always_answered_alike(make: Make) -> None:
    answers = {problem.answer for problem in problems(make) if problem.choices}
    assert len(answers) != 1
