"""The exercises of "Feature maps" ask for what the engine knows, and their worked solutions say why."""

from __future__ import annotations

from collections import Counter

import numpy as np
import pytest

from pages.inside.feature_maps.exercises import RUNS, empty_share, last_row, stronger_map, which_strokes


@pytest.mark.parametrize("make", [empty_share, last_row, stronger_map, which_strokes])
def test_worked_solutions_arrive_at_the_engine_s_answer(make) -> None:  # type: ignore[no-untyped-def]
    for seed in range(200):
        problem = make(np.random.default_rng(seed))
        assert problem.grade(problem.worked), (seed, problem)


def test_every_kind_of_kernel_is_asked_for() -> None:
    asked = Counter(which_strokes(np.random.default_rng(seed)).answer for seed in range(120))
    assert set(asked) == set(RUNS)
    assert min(asked.values()) > 20


def test_the_largest_number_is_always_in_the_other_map() -> None:
    for seed in range(50):
        problem = stronger_map(np.random.default_rng(seed))
        assert problem.values["by_max"] != problem.answer
