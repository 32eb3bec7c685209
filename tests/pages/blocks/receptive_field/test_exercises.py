"""The exercises of "Receptive field" ask for what the engine knows, and their worked solutions say why."""

from __future__ import annotations

import numpy as np
import pytest

from pages.blocks.receptive_field.exercises import field_size, first_pixel, one_kernel, who_sees

MAKERS = (field_size, one_kernel, first_pixel, who_sees)


@pytest.mark.parametrize("make", MAKERS)
def test_worked_solutions_arrive_at_the_engine_s_answer(make) -> None:  # type: ignore[no-untyped-def]
    for seed in range(60):
        problem = make(np.random.default_rng(seed))
        assert problem.grade(problem.worked), (seed, problem)


def test_three_kernels_of_3_against_one_of_7() -> None:
    """Curriculum A [G]: 27·C² weights against 49·C²."""
    problems = [one_kernel(np.random.default_rng(seed)) for seed in range(60)]
    three = next(p for p in problems if (p.values["kernel"], p.values["count"]) == (3, 3))
    assert (three.values["stack"], three.answer) == (27, 49)


def test_strides_always_matter_in_the_size_of_a_field() -> None:
    for seed in range(20):
        problem = field_size(np.random.default_rng(seed))
        assert "\\cdot 1 = " in str(problem.values["lines"])
        assert any(f"s = {stride}" in str(problem.values["stack"]) for stride in (2, 3))
