"""Facts about activations that can be checked by hand."""

import math

import numpy as np
import pytest

from engine import Linear
from engine.layers.activation import ELU, LeakyReLU, Sigmoid, Softplus
from engine.layers.activation_across import Maxout, Softmax
from engine.layers.activation_learned import PReLU, RReLU
from engine.layers.activation_smooth import GELU, SiLU
from engine.layers.erf import erf
from engine.types import Array, Layer


def curve(layer: Layer, x: Array) -> Array:
    y, _ = layer.forward(layer.init(np.random.default_rng(0), dtype=x.dtype), x)
    return y


def test_the_error_function_is_right_to_the_last_digits() -> None:
    x = np.concatenate([np.linspace(-7, 7, 20_001), np.linspace(-0.6, 0.6, 2_001), [1e-300, 30, -30, np.inf, -np.inf]])
    expected = np.array([math.erf(value) for value in x])
    given = erf(x)
    assert np.abs(given - expected).max() <= 4e-16
    assert (np.abs(given - expected) <= 1e-15 * np.abs(expected)).all()


@pytest.mark.parametrize("layer", [Sigmoid(), Softplus(), ELU(), SiLU(), GELU(), LeakyReLU(), Softmax()], ids=str)
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
