"""Shares with and without the shift, their slopes, and the hinge beside softmax, held to the curriculum's numbers."""

from __future__ import annotations

import math

import numpy as np
import pytest

from engine.losses.softmax import softmax
from pages.blocks.softmax.compute import (
    hinge_terms,
    naive_softmax,
    shifted_softmax,
    softmax_jacobian,
    two_losses,
)
from pages.blocks.softmax.exercises import (
    equal_lead,
    hinge_of_scores,
    share_of_a_class,
    slope_of_a_score,
    what_the_float_says,
)


@pytest.mark.parametrize("kind", [np.float32, np.float64])
def test_large_scores_give_nan_as_the_formula_stands_and_shares_after_the_shift(kind: type) -> None:
    # [G] Shift by the maximum for (123, 456, 789): no overflow.
    z = np.array([123, 456, 789], kind)
    e, p = naive_softmax(z)
    assert np.isinf(e).tolist() == ([True] * 3 if kind is np.float32 else [False, False, True])
    assert np.isnan(p).tolist() == np.isinf(e).tolist()
    _, shifted = shifted_softmax(z)
    assert shifted.dtype == kind
    np.testing.assert_allclose(shifted, [0, 0, 1], atol=1e-140)
    assert shifted.sum() == 1


@pytest.mark.parametrize(("kind", "limit"), [(np.float32, 88.7), (np.float64, 709.7)])
def test_exponentials_end_where_the_lesson_says(kind: type, limit: float) -> None:
    assert np.isfinite(naive_softmax(np.array([limit], kind))[0]).all()
    assert np.isinf(naive_softmax(np.array([limit + 0.2], kind))[0]).all()


@pytest.mark.parametrize(
    ("z", "p"),
    [
        ((3, 1, -3), (0.8789, 0.1189, 0.0022)),
        ((1, -2, 0), (0.705, 0.035, 0.259)),
        ((0.5, -1, 0), (0.547, 0.122, 0.331)),
    ],
)
def test_both_ways_give_the_textbook_shares(z: tuple[float, ...], p: tuple[float, ...]) -> None:
    # [G] softmax(3, 1, -3), softmax(1, -2, 0) and of half the scores.
    for way in (naive_softmax, shifted_softmax):
        np.testing.assert_allclose(way(np.array(z, float))[1], p, atol=6e-4)


def test_the_jacobian_is_that_of_central_differences_and_its_rows_and_columns_add_up_to_0() -> None:
    rng, h = np.random.default_rng(0), 1e-6
    for classes in (2, 3, 6):
        z = rng.normal(0, 2, classes)
        found = softmax_jacobian(softmax(z[None])[0])
        steps = np.eye(classes) * h
        np.testing.assert_allclose(found, (softmax(z + steps) - softmax(z - steps)).T / (2 * h), atol=1e-9)
        np.testing.assert_allclose(found.sum(axis=0), 0, atol=1e-15)
        np.testing.assert_allclose(found, found.T)


def test_the_true_class_s_row_over_minus_p_is_p_minus_y() -> None:
    z, target = np.array([3.0, 1, -3]), 1
    p = softmax(z[None])[0]
    _, _, _, dz = two_losses(z, target)
    np.testing.assert_allclose(-softmax_jacobian(p)[target] / p[target], p - [0, 1, 0], atol=1e-15)
    np.testing.assert_allclose(dz, p - [0, 1, 0], atol=1e-15)


@pytest.mark.parametrize(("z", "entropy"), [((10, -2, 3), 0.000918), ((10, 9, 9), 0.551445), ((10, -100, -100), 0.0)])
def test_the_hinge_is_content_with_all_three_and_softmax_tells_them_apart(z: tuple[float, ...], entropy: float) -> None:
    # [G] SVM against softmax on [10, -2, 3], [10, 9, 9], [10, -100, -100].
    hinge, dhinge, surprise, _ = two_losses(np.array(z, float), 0)
    assert hinge == 0
    assert dhinge.tolist() == [0, 0, 0]
    assert surprise == pytest.approx(entropy, abs=1e-6)
    by_hand = -math.log(math.exp(z[0]) / sum(map(math.exp, z)))
    assert surprise == pytest.approx(by_hand, abs=1e-12)


def test_hinge_terms_add_up_to_the_loss() -> None:
    rng = np.random.default_rng(1)
    for _ in range(30):
        z, target = rng.normal(0, 2, 5), int(rng.integers(5))
        kept = z.copy()
        assert hinge_terms(z, target).sum() == pytest.approx(two_losses(z, target)[0], rel=1e-12)
        np.testing.assert_array_equal(z, kept)


@pytest.mark.parametrize("make", [share_of_a_class, equal_lead, slope_of_a_score, hinge_of_scores, what_the_float_says])
def test_exercises_agree_with_the_work_by_hand(make) -> None:  # type: ignore[no-untyped-def]
    for seed in range(40):
        problem = make(np.random.default_rng(seed))
        assert problem.grade(problem.worked)
        if not problem.choices:
            assert not problem.grade(problem.worked + 1)
