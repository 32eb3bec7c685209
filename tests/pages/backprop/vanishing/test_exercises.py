"""What a sigmoid leaves of a gradient at most."""

from __future__ import annotations

import numpy as np
import pytest

from pages.backprop.vanishing.exercises import quarter_bound


def test_a_sigmoid_leaves_at_most_a_quarter_of_a_gradient() -> None:
    # Curriculum, vanishing gradients: (1/4)^L for weights of size 1.
    problems = [quarter_bound(np.random.default_rng(seed)) for seed in range(40)]
    plain = [problem for problem in problems if problem.values["weight"] == "1"]
    assert plain
    for problem in plain:
        assert problem.answer == pytest.approx(-int(str(problem.values["layers"])) * np.log10(4))
