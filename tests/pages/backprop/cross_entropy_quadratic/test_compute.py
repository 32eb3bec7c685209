"""Two costs and one badly wrong unit: which gradient carries σ', and what that does to learning."""

from __future__ import annotations

import numpy as np
import pytest

from pages.backprop.cross_entropy_quadratic.compute import COSTS, gradient, learn

BADLY = {"x": 1.0, "y": 0.0, "lr": 0.15, "epochs": 300}


@pytest.mark.parametrize("cost", COSTS)
@pytest.mark.parametrize(("z", "x", "y"), [(4.0, 1.0, 0.0), (-3.0, 2.0, 1.0), (0.0, -1.5, 0.3), (40.0, 1.0, 0.0)])
def test_the_written_gradient_is_the_loss_s_own_and_the_difference_quotient_s(
    cost: str, z: float, x: float, y: float
) -> None:
    loss, target, h = COSTS[cost], np.array([[y]]), 1e-5
    cache = loss.forward(np.array([[z]]), target)[1]
    dw, db = gradient(cost, z, x, y)
    assert db == pytest.approx(loss.backward(cache).item(), rel=1e-12, abs=1e-15)
    assert dw == pytest.approx(db * x)
    above, below = (loss.forward(np.array([[z + sign * h]]), target)[0] for sign in (1, -1))
    assert db == pytest.approx((above - below) / (2 * h), rel=1e-6, abs=1e-9)


def test_cross_entropy_pulls_harder_by_just_the_slope_that_is_missing() -> None:
    for z in (-4.0, -1.0, 0.5, 4.0):
        a = 1 / (1 + np.exp(-z))
        quadratic, entropy = gradient("quadratic", z, 1, 0)[1], gradient("cross_entropy", z, 1, 0)[1]
        assert quadratic == pytest.approx(entropy * a * (1 - a))


def test_from_a_badly_wrong_start_the_quadratic_cost_waits() -> None:
    quadratic, entropy = (learn(cost, 2, 2, **BADLY) for cost in COSTS)  # type: ignore[arg-type]
    assert quadratic.a[0] == entropy.a[0] == pytest.approx(0.982, abs=5e-4)
    assert quadratic.dw[0] == pytest.approx(0.0173, abs=1e-4)
    assert entropy.dw[0] == pytest.approx(0.982, abs=5e-4)
    assert quadratic.a[100] > 0.96
    assert entropy.a[50] < 0.1
    assert entropy.first_below(0.2, 0) == 31
    assert quadratic.first_below(0.2, 0) is None


def test_the_quadratic_pull_grows_before_it_shrinks_and_cross_entropy_s_only_shrinks() -> None:
    quadratic, entropy = (learn(cost, 2, 2, **BADLY) for cost in COSTS)  # type: ignore[arg-type]
    assert 0 < int(quadratic.dz.argmax()) < 300
    assert (np.diff(entropy.dz) < 0).all()


def test_what_can_t_be_learned_is_refused_with_what_can() -> None:
    with pytest.raises(ValueError, match="quadratic, cross_entropy"):
        learn("cubic", 0, 0, **BADLY)  # type: ignore[arg-type]
    with pytest.raises(ValueError, match="from 0 to 1"):
        learn("quadratic", 0, 0, x=1, y=2, lr=0.1, epochs=5)


def test_a_course_s_arrays_have_their_names() -> None:
    course = learn("quadratic", 0.6, 0.9, x=1.0, y=0.0, lr=0.15, epochs=5)
    arrays = course.arrays()
    assert {"cost", "dz", "dw", "db"} <= arrays.keys()
    np.testing.assert_array_equal(arrays["cost"], course.cost)
