"""Layers that draw: how often, how much, and the same again from the same seed.

Each bound on a statistic is five of its standard deviations, which a right layer oversteps once in 1.7 million draws;
the seeds are fixed besides.
"""

from math import sqrt

import numpy as np
import pytest

from engine.layers.activation_learned import RReLU
from engine.layers.dropout import Dropout, Dropout2d
from engine.layers.pool_variants import StochasticPool2d
from engine.types import Array, Layer

COUNT = 1_000_000
DRAWING: tuple[tuple[Layer, tuple[int, ...]], ...] = (
    (Dropout(0.4), (2, 3, 4)),
    (Dropout2d(0.4), (2, 3, 4)),
    (RReLU(), (2, 3, 4)),
    (StochasticPool2d(2), (2, 4, 4)),
)


def rng(seed: int = 0) -> np.random.Generator:
    return np.random.default_rng(seed)


def trained(layer: Layer, x: Array, seed: int = 0) -> Array:
    return layer.forward({}, x, train=True, rng=rng(seed))[0]


@pytest.mark.parametrize(("layer", "shape"), DRAWING, ids=str)
def test_the_same_seed_draws_the_same_and_another_does_not(layer: Layer, shape: tuple[int, ...]) -> None:
    x = rng(1).standard_normal((5, *shape))
    assert np.array_equal(trained(layer, x), trained(layer, x))
    assert not np.array_equal(trained(layer, x), trained(layer, x, seed=1))


@pytest.mark.parametrize(("layer", "shape"), DRAWING, ids=str)
def test_float32_and_float64_draw_the_same(layer: Layer, shape: tuple[int, ...]) -> None:
    x = rng(1).standard_normal((5, *shape)).astype(np.float32)
    np.testing.assert_allclose(trained(layer, x), trained(layer, x.astype(np.float64)), rtol=1e-6)


@pytest.mark.parametrize("p", [0.1, 0.5, 0.8])
def test_dropout_drops_a_share_p_and_keeps_the_mean(p: float) -> None:
    y = trained(Dropout(p), np.ones((1000, COUNT // 1000)))
    assert set(np.unique(y)) == {0, 1 / (1 - p)}
    # A share of n draws has the standard deviation √(p(1 - p)/n); a mean of y that times 1/(1 - p).
    deviation = sqrt(p * (1 - p) / COUNT)
    assert abs((y == 0).mean() - p) <= 5 * deviation
    assert abs(y.mean() - 1) <= 5 * deviation / (1 - p)


def test_dropout_drops_neighbours_independently() -> None:
    dropped = trained(Dropout(0.3), np.ones((1000, COUNT // 1000))) == 0
    pairs = dropped[:, :-1] & dropped[:, 1:]
    # Each pair has the chance 0.09; overlapping pairs are correlated, which at most doubles the variance.
    assert abs(pairs.mean() - 0.09) <= 5 * sqrt(2 * 0.09 * 0.91 / pairs.size)


def test_dropout2d_drops_whole_channels_a_share_p_of_them() -> None:
    p, channels = 0.3, 100_000
    y = trained(Dropout2d(p), np.ones((channels // 100, 100, 2, 2)))
    assert (y == y[:, :, :1, :1]).all()
    assert abs((y == 0).mean() - p) <= 5 * sqrt(p * (1 - p) / channels)


@pytest.mark.parametrize("layer", [Dropout(0.7), Dropout2d(0.7), Dropout(0.0), Dropout(1.0)], ids=str)
def test_in_testing_dropout_does_nothing(layer: Layer) -> None:
    x = rng().standard_normal((2, 3, 4, 4))
    y, cache = layer.forward({}, x)
    assert np.array_equal(y, x)
    assert np.array_equal(layer.backward({}, cache, 2 * x)[0], 2 * x)


def test_dropouts_two_ends() -> None:
    x = rng().standard_normal((4, 5))
    assert np.array_equal(trained(Dropout(0.0), x), x)
    assert not trained(Dropout(1.0), x).any()


def test_rrelus_slopes_are_uniform_between_their_bounds() -> None:
    lower, upper = 0.1, 0.4
    slopes = -trained(RReLU(lower, upper), -np.ones((1000, COUNT // 1000)))
    assert lower <= slopes.min() < lower + 0.001 < upper - 0.001 < slopes.max() <= upper
    # U(l, u) has the mean (l + u)/2 and the variance (u - l)²/12; the mean of n of them that over n.
    width = upper - lower
    assert abs(slopes.mean() - (lower + upper) / 2) <= 5 * width / sqrt(12 * COUNT)
    # Its variance's own variance: (μ4 - σ⁴)/n with μ4 = w⁴/80, that is w⁴/180 over n.
    assert abs(slopes.var() - width**2 / 12) <= 5 * width**2 / sqrt(180 * COUNT)


def test_stochastic_pooling_as_in_the_paper() -> None:
    # Activations 1.6 and 2.4 in a window of zeros have the chances 0.4 and 0.6; expected 0.4·1.6 + 0.6·2.4 = 2.08.
    window = np.array([[1.6, 0, 0], [0, 0, 0], [0, 0, 2.4]])
    layer, n = StochasticPool2d(3), 100_000
    expected, cache = layer.forward({}, window[None, None])
    assert expected.item() == pytest.approx(2.08)
    # dy/dx = (2x - y)/Σx: (3.2 - 2.08)/4 = 0.28 and (4.8 - 2.08)/4 = 0.68; a zero's own chance is 0, and stays so.
    dx, _ = layer.backward({}, cache, np.ones((1, 1, 1, 1)))
    np.testing.assert_allclose(dx[0, 0], [[0.28, 0, 0], [0, 0, 0], [0, 0, 0.68]], atol=1e-12)

    drawn, cache = layer.forward({}, np.broadcast_to(window, (n, 1, 3, 3)).copy(), train=True, rng=rng())
    assert set(np.unique(drawn)) == {1.6, 2.4}
    assert abs((drawn == 2.4).mean() - 0.6) <= 5 * sqrt(0.6 * 0.4 / n)
    dx, _ = layer.backward({}, cache, np.ones((n, 1, 1, 1)))
    assert np.array_equal(dx[:, 0, 0, 0] == 1, drawn[:, 0, 0, 0] == 1.6)
    assert dx.sum() == n


def test_stochastic_pooling_of_nothing_positive_draws_any_cell_alike() -> None:
    n = 100_000
    window = np.array([[-1.0, -2.0], [-3.0, -4.0]])
    layer = StochasticPool2d(2)
    assert layer.forward({}, window[None, None])[0].item() == -2.5
    drawn = trained(layer, np.broadcast_to(window, (n, 1, 2, 2)).copy())
    for value in (-1, -2, -3, -4):
        assert abs((drawn == value).mean() - 0.25) <= 5 * sqrt(0.25 * 0.75 / n)
