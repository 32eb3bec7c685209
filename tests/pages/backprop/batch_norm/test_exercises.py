"""Which way was forgotten shows in the sums."""

from __future__ import annotations

import numpy as np

from pages.backprop.batch_norm import exercises as batch_norm


def test_each_forgotten_way_comes_up_and_shows_in_the_sums() -> None:
    problems = [batch_norm.forgotten_way(np.random.default_rng(seed)) for seed in range(60)]
    assert {problem.answer for problem in problems} == {"nothing", "mean", "variance"}
    for problem in problems:
        zero = (problem.values["total"] == "0", problem.values["along"] == "0")
        assert zero == (problem.answer != "mean", problem.answer != "variance"), problem
