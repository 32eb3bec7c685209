"""Each start learns in some question."""

from __future__ import annotations

import numpy as np

from pages.training.weight_initialization.exercises import who_learns


def test_every_choice_is_right_for_some_question() -> None:
    problems = [who_learns(np.random.default_rng(seed)) for seed in range(40)]
    assert {problem.answer for problem in problems} == set(problems[0].choices)
