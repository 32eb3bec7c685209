"""Initial weights have the spread that their formulas promise.

The bounds are five standard errors of the estimates; the seed is fixed, so a test passes or fails for good.
For n draws with variance s² the mean's standard error is s/√n, the variance's s²·√((k - 1)/n), where k, the
kurtosis, is 3 for a normal distribution and 9/5 for a uniform one.
"""

import inspect
from collections.abc import Callable
from dataclasses import dataclass, fields
from math import sqrt
from typing import Any

import numpy as np
import pytest
import torch

import engine.initializers
from engine import Conv2d, ConvTranspose2d, Linear, LocallyConnected2d
from engine.initializers import (
    ALL_INITIALIZERS,
    INITIALIZERS,
    Constant,
    HeNormal,
    HeUniform,
    LeCunNormal,
    LeCunUniform,
    Normal,
    Orthogonal,
    PyTorchDefault,
    Sparse,
    Uniform,
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
    Promise(HeNormal("fan_out"), NORMAL, lambda fan_in, fan_out: 2 / fan_out),
    Promise(HeUniform("fan_avg"), UNIFORM, lambda fan_in, fan_out: 4 / (fan_in + fan_out)),
    Promise(XavierNormal("fan_in"), NORMAL, lambda fan_in, fan_out: 1 / fan_in),
    Promise(XavierUniform("fan_out"), UNIFORM, lambda fan_in, fan_out: 1 / fan_out),
    Promise(LeCunNormal(), NORMAL, lambda fan_in, fan_out: 1 / fan_in),
    Promise(LeCunUniform(), UNIFORM, lambda fan_in, fan_out: 1 / fan_in),
    Promise(PyTorchDefault(), UNIFORM, lambda fan_in, fan_out: 1 / (3 * fan_in)),
    Promise(Normal(0.05), NORMAL, lambda fan_in, fan_out: 0.05**2),
    Promise(Uniform(0.3), UNIFORM, lambda fan_in, fan_out: 0.3**2 / 3),
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


def test_a_constant_is_its_value_everywhere() -> None:
    assert (draw(Constant(0.01), (3, 4)) == 0.01).all()


@pytest.mark.parametrize(
    ("initializer", "twin", "settings"),
    [
        (HeUniform(), torch.nn.init.kaiming_uniform_, {}),
        (HeUniform("fan_out"), torch.nn.init.kaiming_uniform_, {"mode": "fan_out"}),
        (XavierUniform(), torch.nn.init.xavier_uniform_, {}),
        (PyTorchDefault(), torch.nn.init.kaiming_uniform_, {"a": sqrt(5)}),
        (LeCunUniform(), torch.nn.init.kaiming_uniform_, {"nonlinearity": "linear"}),
    ],
    ids=lambda value: getattr(value, "__name__", str(value)),
)
def test_a_uniform_one_reaches_as_far_as_pytorchs(initializer: Initializer, twin: Any, settings: Any) -> None:
    # The largest of n draws from (-a, a) falls short of a by more than 12 parts in n once in e^12 times.
    shape = (100, 80, 5, 3)
    expected = float(twin(torch.empty(shape, dtype=torch.float64), **settings).abs().max())
    assert np.abs(draw(initializer, shape)).max() == pytest.approx(expected, rel=12 / np.prod(shape))


def linked(layer: Any) -> Any:
    """PyTorch's layer of the same name and settings."""
    kinds = {Linear: torch.nn.Linear, Conv2d: torch.nn.Conv2d, ConvTranspose2d: torch.nn.ConvTranspose2d}
    return kinds[type(layer)](**{field.name: getattr(layer, field.name) for field in fields(layer)})


@pytest.mark.parametrize(
    "layer",
    [Linear(5, 4000), Conv2d(4, 4000, (3, 2), groups=2), ConvTranspose2d(4, 2000, 3, groups=2)],
    ids=lambda layer: type(layer).__name__,
)
def test_pytorchs_default_draws_weight_and_bias_as_far_as_pytorchs_layers_do(layer: Any) -> None:
    """Both reach nearly to the bound, and no further; each draw's variance is a third of the bound's square."""
    twin = linked(layer)
    params = layer.init(np.random.default_rng(2), ALL_INITIALIZERS["pytorch_default"], np.float64)
    for name, value in params.items():
        theirs = getattr(twin, name).detach().numpy()
        assert value.shape == theirs.shape
        assert np.abs(value).max() == pytest.approx(np.abs(theirs).max(), rel=24 / value.size)
        bound = np.abs(value).max()
        assert abs(value.var() - bound**2 / 3) <= 5 * bound**2 / 3 * sqrt((UNIFORM - 1) / value.size)
        assert abs(value.mean()) <= 5 * bound / sqrt(3 * value.size)


@pytest.mark.parametrize("name", ALL_INITIALIZERS)
def test_biases_start_at_0_but_for_pytorchs(name: str) -> None:
    layers = (Linear(5, 3), Conv2d(2, 3, 3), ConvTranspose2d(2, 3, 3), LocallyConnected2d(2, 3, 5, 3))
    for layer in layers:
        bias = layer.init(np.random.default_rng(0), ALL_INITIALIZERS[name])["bias"]
        assert bias.dtype == np.float32
        assert bias.all() == bias.any() == (name == "pytorch_default")
    without = Linear(5, 3, bias=False).init(np.random.default_rng(0), ALL_INITIALIZERS[name])
    assert without.keys() == {"weight"}


@pytest.mark.parametrize("shape", [(300, 80), (40, 20, 3, 3)], ids=str)
def test_a_sparse_weight_links_each_unit_to_ten_inputs_chosen_alike(shape: Shape) -> None:
    weight = draw(Sparse(std=0.5), shape).reshape(shape[0], -1)
    rows, inputs = weight.shape
    assert (np.count_nonzero(weight, axis=1) == 10).all()
    values = weight[weight != 0]
    assert abs(values.mean()) <= 5 * 0.5 / sqrt(values.size)
    assert abs(values.var() - 0.25) <= 5 * 0.25 * sqrt((NORMAL - 1) / values.size)
    # How often an input is chosen is binomial: rows trials with a chance of 10 / inputs.
    chance = 10 / inputs
    spread = sqrt(rows * chance * (1 - chance))
    assert np.abs(np.count_nonzero(weight, axis=0) - rows * chance).max() <= 5 * spread


def test_a_sparse_weight_with_fewer_inputs_than_links_uses_them_all() -> None:
    assert np.count_nonzero(draw(Sparse(links=10), (6, 4))) == 24


@pytest.mark.parametrize("shape", [(30, 30), (20, 50), (50, 20), (8, 4, 3, 3), (64, 4, 3, 3)], ids=str)
def test_an_orthogonal_weight_keeps_lengths_and_angles(shape: Shape) -> None:
    weight = draw(Orthogonal(gain=1.5), shape).reshape(shape[0], -1)
    product = weight @ weight.T if weight.shape[0] <= weight.shape[1] else weight.T @ weight
    np.testing.assert_allclose(product, 1.5**2 * np.eye(len(product)), atol=1e-12)


def test_an_orthogonal_weight_is_drawn_alike_from_all_of_them() -> None:
    # Each of the 9 entries of a turn drawn so has mean 0 and variance 1/3; over 3,000 draws the mean's standard
    # error is √(1/3 / 3000). A plain QR decomposition, its signs left as they come, fails this by far.
    rng = np.random.default_rng(1)
    draws = np.stack([Orthogonal()(rng, (3, 3)) for _ in range(3000)])
    assert np.abs(draws.mean(axis=0)).max() <= 5 * sqrt(1 / 3 / 3000)
    assert np.linalg.det(draws).mean() == pytest.approx(0, abs=5 / sqrt(3000)), "turns and mirrors alike"
    np.testing.assert_allclose((draws**2).mean(axis=0), 1 / 3, atol=0.04)


def test_the_registries_hold_every_initializer() -> None:
    classes = {
        thing
        for thing in vars(engine.initializers).values()
        if inspect.isclass(thing) and thing.__module__ == "engine.initializers"
    }
    assert {type(initializer) for initializer in ALL_INITIALIZERS.values()} == classes
    assert INITIALIZERS.items() <= ALL_INITIALIZERS.items()


@pytest.mark.parametrize("name", ALL_INITIALIZERS)
def test_each_registered_initializer_is_reproducible_float64_of_the_right_shape(name: str) -> None:
    initializer = ALL_INITIALIZERS[name]
    first, second = draw(initializer, (4, 3, 2, 2)), draw(initializer, (4, 3, 2, 2))
    assert first.shape == (4, 3, 2, 2)
    assert first.dtype == np.float64
    assert first.tobytes() == second.tobytes()
    if name not in ("zeros", "constant"):
        assert first.tobytes() != draw(initializer, (4, 3, 2, 2), seed=3).tobytes()


def test_a_shape_without_fans_is_refused() -> None:
    with pytest.raises(ValueError, match=r"\(3,\).*\(out, in\)"):
        draw(HeNormal(), (3,))


@pytest.mark.parametrize(
    ("draw_it", "says"),
    [
        (lambda: draw(HeNormal("fan"), (3, 2)), "mode='fan'.*fan_in, fan_out, fan_avg"),  # type: ignore[arg-type]
        (lambda: Sparse(links=0), "links=0"),
    ],
)
def test_settings_that_cannot_work_are_refused_with_the_reason(draw_it: Callable[[], object], says: str) -> None:
    with pytest.raises(ValueError, match=says):
        draw_it()
