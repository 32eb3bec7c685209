"""Facts about activations that can be checked by hand."""

import math

import numpy as np
import pytest
import torch

from engine import Linear
from engine.layers.activation import ELU, LeakyReLU, Sigmoid, Softplus, Softsign
from engine.layers.activation_across import LogSoftmax, Maxout, Softmax
from engine.layers.activation_elu import CELU, SELU
from engine.layers.activation_hard import Hardsigmoid, Hardswish, Hardtanh, ReLU6
from engine.layers.activation_learned import PReLU, RReLU
from engine.layers.activation_smooth import GELU, Mish, SiLU
from engine.layers.erf import erf
from engine.types import Array, Layer
from tests.engine.cases import engine_passes
from tests.engine.cases_layers2 import torch_twin_passes


def curve(layer: Layer, x: Array) -> Array:
    y, _ = layer.forward(layer.init(np.random.default_rng(0), dtype=x.dtype), x)
    return y


def test_the_error_function_is_right_to_the_last_digits() -> None:
    x = np.concatenate([np.linspace(-7, 7, 20_001), np.linspace(-0.6, 0.6, 2_001), [1e-300, 30, -30, np.inf, -np.inf]])
    expected = np.array([math.erf(value) for value in x])
    given = erf(x)
    assert np.abs(given - expected).max() <= 4e-16
    assert (np.abs(given - expected) <= 1e-15 * np.abs(expected)).all()


FAR_OUT = [
    *(Sigmoid(), Softplus(), ELU(), SiLU(), GELU(), LeakyReLU(), Softmax(), LogSoftmax(), Mish(), Softsign(), SELU()),
    *(CELU(), Hardtanh(), ReLU6(), Hardsigmoid(), Hardswish()),
]


@pytest.mark.parametrize("layer", FAR_OUT, ids=str)
@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_nothing_overflows_far_out(layer: Layer, dtype: type) -> None:
    x = np.array([[-1e4, -800, -90, 0, 90, 800, 1e4]], dtype)
    with np.errstate(over="raise", invalid="raise", divide="raise"):
        y, cache = layer.forward({}, x)
        dx, _ = layer.backward({}, cache, np.ones_like(x))
    assert np.isfinite(y).all()
    assert np.isfinite(dx).all()


def test_softplus_is_a_relu_from_afar() -> None:
    # log(1 + e^0) = log 2; log(1 + e^40) = 40 + 4e-18.
    np.testing.assert_allclose(curve(Softplus(), np.array([[0.0, 40.0, -40.0]]))[0], [math.log(2), 40, math.exp(-40)])


def test_elu_approaches_minus_alpha() -> None:
    np.testing.assert_allclose(curve(ELU(alpha=1.5), np.array([[2.0, -50.0]]))[0], [2, -1.5])


@pytest.mark.parametrize("layer", [Hardtanh(), Hardtanh(0, 3), ReLU6(), Hardsigmoid(), Hardswish()], ids=str)
def test_at_a_corner_the_gradient_is_pytorchs(layer: Layer) -> None:
    x = np.array([[-3.0, -1.0, -0.0, 0.0, 1.0, 3.0, 6.0]])
    dy = np.ones_like(x)
    assert engine_passes(layer, {}, x, dy).worst_error(torch_twin_passes(layer, {}, x, dy)) <= 1e-12


def test_selu_keeps_mean_0_and_variance_1_where_they_are() -> None:
    # Over a standard normal the mean of y and that of y² - 1 are 0: sums over a fine grid, far enough out.
    x = np.linspace(-12, 12, 480_001)
    density = np.exp(-x * x / 2) / math.sqrt(2 * math.pi) * (x[1] - x[0])
    y = curve(SELU(), x[None])[0]
    assert abs((y * density).sum()) < 1e-6
    assert (y * y * density).sum() == pytest.approx(1, abs=1e-6)


@pytest.mark.parametrize("layer", [CELU(alpha=0.4), Hardsigmoid()], ids=str)
def test_what_pytorch_computes_with_single_precision_numbers_agrees_to_their_digits(layer: Layer) -> None:
    x = np.random.default_rng(0).normal(0, 2, (4, 50))
    theirs = torch.nn.CELU(0.4) if isinstance(layer, CELU) else torch.nn.Hardsigmoid()
    np.testing.assert_allclose(curve(layer, x), theirs(torch.from_numpy(x)).numpy(), rtol=1e-6, atol=1e-7)


def test_celu_has_no_corner_at_0_where_elu_has_one() -> None:
    x = np.array([[-1e-9, 1e-9]])
    for layer, expected in ((CELU(alpha=0.5), [1, 1]), (ELU(alpha=0.5), [0.5, 1])):
        _, cache = layer.forward({}, x)
        np.testing.assert_allclose(layer.slope(cache)[0], expected, atol=1e-8)


def test_mish_has_its_lowest_point_near_minus_1_192() -> None:
    x = np.linspace(-3, 3, 600_001)[None]
    y = curve(Mish(), x)[0]
    assert x[0, y.argmin()] == pytest.approx(-1.19246, abs=1e-4)
    assert y.min() == pytest.approx(-0.30884, abs=1e-5)


def test_softsign_by_hand() -> None:
    # 1/2 and 3/4 at 1 and 3, with the slopes 1/4 and 1/16.
    y, cache = Softsign().forward({}, np.array([[1.0, -3.0]]))
    assert y.tolist() == [[0.5, -0.75]]
    assert Softsign().slope(cache).tolist() == [[1 / 4, 1 / 16]]


def test_the_logarithms_of_softmax_are_right_where_its_shares_are_0() -> None:
    x = np.array([[1000.0, 0.0, 999.0]])
    y = curve(LogSoftmax(), x)
    np.testing.assert_allclose(
        y[0], [-math.log1p(math.exp(-1)), -1000 - math.log1p(math.exp(-1)), -1 - math.log1p(math.exp(-1))]
    )
    np.testing.assert_allclose(np.exp(y), curve(Softmax(), x), atol=1e-15)


def test_silu_has_its_lowest_point_near_minus_1_278() -> None:
    x = np.linspace(-3, 3, 600_001)[None]
    y = curve(SiLU(), x)[0]
    assert x[0, y.argmin()] == pytest.approx(-1.27846, abs=1e-4)
    assert y.min() == pytest.approx(-0.27846, abs=1e-5)


def test_gelus_two_forms_differ_by_less_than_half_a_thousandth() -> None:
    x = np.linspace(-8, 8, 10_001)[None]
    apart = np.abs(curve(GELU(), x) - curve(GELU("tanh"), x)).max()
    assert 4e-4 < apart < 5e-4
    # GELU(1) = Φ(1) = 0.841344746.
    assert curve(GELU(), np.array([[1.0]])).item() == pytest.approx(0.841344746, abs=1e-9)


def test_prelu_starts_as_pytorchs_does_and_learns_a_slope_for_each_channel() -> None:
    assert PReLU(2).init(np.random.default_rng(0))["weight"].tolist() == [0.25, 0.25]
    x = np.array([[[-1.0, 2.0], [-3.0, -4.0]]])
    params = {"weight": np.array([0.5, 0.1])}
    y, cache = PReLU(2).forward(params, x)
    _, grads = PReLU(2).backward(params, cache, np.ones_like(x))
    assert y.tolist() == [[[-0.5, 2.0], [-0.30000000000000004, -0.4]]]
    assert grads["weight"].tolist() == [-1, -7]


def test_a_fixed_slope_is_a_leaky_relu() -> None:
    x = np.random.default_rng(0).standard_normal((3, 4))
    expected = curve(LeakyReLU(0.3), x)
    assert np.array_equal(curve(PReLU(start=0.3), x), expected)
    assert np.array_equal(RReLU(0.3, 0.3).forward({}, x, train=True, rng=np.random.default_rng(0))[0], expected)


def test_maxout_of_x_and_minus_x_is_the_absolute_value() -> None:
    both = {"weight": np.array([[1.0], [-1.0]]), "bias": np.zeros(2)}
    z, _ = Linear(1, 2).forward(both, np.array([[3.0], [-4.0]]))
    y, cache = Maxout(2).forward({}, z)
    dz, _ = Maxout(2).backward({}, cache, np.array([[1.0], [1.0]]))
    assert y.tolist() == [[3], [4]]
    assert dz.tolist() == [[1, 0], [0, 1]]


def test_maxout_takes_neighbouring_channels_and_the_first_of_equals() -> None:
    # Channels 0 and 1 make the first unit, 2 and 3 the second.
    y, cache = Maxout(2).forward({}, np.array([[1.0, 5.0, 7.0, 7.0]]))
    dx, _ = Maxout(2).backward({}, cache, np.array([[10.0, 20.0]]))
    assert y.tolist() == [[5, 7]]
    assert dx.tolist() == [[0, 10, 20, 0]]


def test_softmax_ignores_a_shift_and_adds_up_to_one() -> None:
    x = np.random.default_rng(0).standard_normal((2, 3, 4))
    y = curve(Softmax(1), x)
    np.testing.assert_allclose(y.sum(axis=1), 1)
    np.testing.assert_allclose(curve(Softmax(1), x + 100), y)
    _, cache = Softmax(1).forward({}, x)
    dx, _ = Softmax(1).backward({}, cache, x)
    np.testing.assert_allclose(dx.sum(axis=1), 0, atol=1e-15, err_msg="a shift of all scores moves nothing")
