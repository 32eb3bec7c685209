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
