"""A weight may go either way."""

from __future__ import annotations

import numpy as np

from pages.backprop.by_hand.exercises import which_way


def test_every_choice_is_right_for_some_question() -> None:
    problems = [which_way(np.random.default_rng(seed)) for seed in range(40)]
    assert {problem.answer for problem in problems} == set(problems[0].choices)
