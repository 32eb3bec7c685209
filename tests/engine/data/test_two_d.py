"""Sets of points in the plane: their form, and that each point lies where its equation says."""

import numpy as np
import pytest

from engine.data.two_d import TWO_D, blobs, circles, moons, spiral, xor


def rng(seed: int = 0) -> np.random.Generator:
    return np.random.default_rng(seed)


@pytest.mark.parametrize("name", TWO_D)
def test_a_set_in_the_plane_has_the_promised_form(name: str) -> None:
    points = TWO_D[name](301, rng())
    assert (points.x.shape, points.x.dtype, points.y.dtype) == ((301, 2), np.float32, np.int64)
    counts = np.bincount(points.y)
    assert counts.max() - counts.min() <= 1
    np.testing.assert_array_equal(TWO_D[name](301, rng()).x, points.x)
    assert not np.array_equal(TWO_D[name](301, rng(1)).x, points.x)
    assert (np.diff(points.y) != 0).sum() > 60, "classes come mixed"
    assert TWO_D[name](0, rng()).x.shape == (0, 2)


def test_points_lie_where_their_equations_say() -> None:
    plain = moons(200, rng(), noise=0)
    centre = np.where(plain.y[:, None] == 0, [0, 0], [1, 0.5])
    np.testing.assert_allclose(np.linalg.norm(plain.x - centre, axis=1), 1, rtol=1e-5)
    assert (plain.x[plain.y == 0, 1] >= 0).all()
    assert (plain.x[plain.y == 1, 1] <= 0.5).all()
    plain = circles(200, rng(), noise=0, factor=0.3)
    np.testing.assert_allclose(np.linalg.norm(plain.x, axis=1), np.where(plain.y == 0, 1, 0.3), rtol=1e-5)
    plain = blobs(200, rng(), noise=0, classes=4)
    assert len(np.unique(plain.x.round(5), axis=0)) == 4
    plain = spiral(200, rng(), noise=0)
    radius = np.linalg.norm(plain.x, axis=1)
    turn = np.arctan2(plain.x[:, 0], plain.x[:, 1]) - 4 * radius - 2 * np.pi * plain.y / 3
    np.testing.assert_allclose(np.cos(turn[radius > 0.01]), 1, atol=1e-4)
    plain = xor(200, rng())
    np.testing.assert_array_equal(plain.y, (plain.x[:, 0] > 0) != (plain.x[:, 1] > 0))
    assert np.abs(plain.x).max() <= 1


def test_noise_has_the_standard_deviation_that_was_asked_for() -> None:
    """20,000 numbers: their standard deviation is 0.3 · (1 ± 5/√40,000 = 2.5 %)."""
    push = blobs(10_000, rng(), noise=0.3, classes=1).x - [1, 0]
    assert push.std() == pytest.approx(0.3, rel=0.025)


@pytest.mark.parametrize("arguments", [{"n": -1}, {"n": 5, "noise": -0.1}, {"n": 5, "classes": 0}], ids=str)
def test_sets_that_make_no_sense_are_refused(arguments: dict[str, float]) -> None:
    with pytest.raises(ValueError, match="expected"):
        spiral(rng=rng(), **arguments)  # type: ignore[arg-type]
