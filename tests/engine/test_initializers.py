"""Initial weights have the spread that their formulas promise.

The bounds are five standard errors of the estimates; the seed is fixed, so a test passes or fails for good.
For n draws with variance s² the mean's standard error is s/√n, the variance's s²·√((k - 1)/n), where k, the
kurtosis, is 3 for a normal distribution and 9/5 for a uniform one.
"""

from collections.abc import Callable
from dataclasses import dataclass
from math import sqrt

import numpy as np
import pytest
import torch

from engine.initializers import (
    INITIALIZERS,
    HeNormal,
    HeUniform,
    Normal,
    XavierNormal,
    XavierUniform,
    Zeros,
    fans,
)
from engine.types import Initializer, Shape

SHAPES: tuple[Shape, ...] = ((400, 300), (100, 80, 5, 3))
NORMAL, UNIFORM = 3.0, 9 / 5


@dataclass(frozen=True)
class Promise:
    """An initializer, the kurtosis of its distribution and its variance as a function of the fans."""

    initializer: Initializer
    kurtosis: float
    variance: Callable[[int, int], float]

    def __str__(self) -> str:
        return str(self.initializer)


PROMISES = (
    Promise(HeNormal(), NORMAL, lambda fan_in, fan_out: 2 / fan_in),
    Promise(HeUniform(), UNIFORM, lambda fan_in, fan_out: 2 / fan_in),
    Promise(XavierNormal(), NORMAL, lambda fan_in, fan_out: 2 / (fan_in + fan_out)),
    Promise(XavierUniform(), UNIFORM, lambda fan_in, fan_out: 2 / (fan_in + fan_out)),
    Promise(Normal(0.05), NORMAL, lambda fan_in, fan_out: 0.05**2),
)
every_promise = pytest.mark.parametrize("promise", PROMISES, ids=str)


def draw(initializer: Initializer, shape: Shape, seed: int = 2) -> np.ndarray:
    return initializer(np.random.default_rng(seed), shape)


@pytest.mark.parametrize("shape", SHAPES, ids=str)
@every_promise
def test_mean_and_variance_are_as_promised(promise: Promise, shape: Shape) -> None:
    fan_in, fan_out = torch.nn.init._calculate_fan_in_and_fan_out(torch.empty(shape))
    promised = promise.variance(fan_in, fan_out)
    weight = draw(promise.initializer, shape)
    n = weight.size
    assert abs(weight.mean()) <= 5 * sqrt(promised / n)
    assert abs(weight.var() - promised) <= 5 * promised * sqrt((promise.kurtosis - 1) / n)


@every_promise
def test_the_shape_of_the_distribution_is_as_named(promise: Promise) -> None:
    weight = draw(promise.initializer, SHAPES[0])
    standard = weight / weight.std()
    # A uniform distribution ends at √3 standard deviations; of 120,000 normal draws 1 in 12 lies beyond that.
    beyond = (np.abs(standard) > sqrt(3) * 1.01).mean()
    assert (standard**4).mean() == pytest.approx(promise.kurtosis, rel=0.03)
    assert beyond == (0 if promise.kurtosis == UNIFORM else pytest.approx(0.080, abs=0.005))


@pytest.mark.parametrize("shape", [(7, 5), (6, 4, 3, 2)], ids=str)
def test_fans_are_counted_as_pytorch_counts_them(shape: Shape) -> None:
    assert fans(shape) == torch.nn.init._calculate_fan_in_and_fan_out(torch.empty(shape))


def test_zeros_are_zero() -> None:
    assert not draw(Zeros(), (3, 4)).any()


@pytest.mark.parametrize("name", INITIALIZERS)
def test_each_registered_initializer_is_reproducible_float64_of_the_right_shape(name: str) -> None:
    first, second = draw(INITIALIZERS[name], (4, 3, 2, 2)), draw(INITIALIZERS[name], (4, 3, 2, 2))
    assert first.shape == (4, 3, 2, 2)
    assert first.dtype == np.float64
    assert first.tobytes() == second.tobytes()
    if name != "zeros":
        assert first.tobytes() != draw(INITIALIZERS[name], (4, 3, 2, 2), seed=3).tobytes()


def test_a_shape_without_fans_is_refused() -> None:
    with pytest.raises(ValueError, match=r"\(3,\).*\(out, in\)"):
        draw(HeNormal(), (3,))
