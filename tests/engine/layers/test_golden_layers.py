"""Worked examples of the curriculum, [G], that the second storey's layers arrive at."""

from math import prod

import numpy as np
import pytest

from engine import Conv2d, Linear, Network
from engine.kernels import window
from engine.layers.activation import Elementwise, Sigmoid, Tanh
from engine.layers.activation_across import Softmax
from engine.layers.conv_variants import LocallyConnected2d
from engine.layers.convert import linear_to_conv
from engine.layers.local_response import LocalResponseNorm
from engine.types import Array


def slope_at(layer: Elementwise, x: float) -> float:
    _, cache = layer.forward({}, np.array([[x]], float))
    return float(layer.slope(cache)[0, 0])


def test_slopes_of_sigmoid_and_tanh() -> None:
    # [G] activations: σ'(0) = 0.25, σ'(±10) ≈ 0, tanh'(0) = 1.
    assert slope_at(Sigmoid(), 0) == 0.25
    assert (
        slope_at(Sigmoid(), 10) == pytest.approx(slope_at(Sigmoid(), -10), rel=1e-9) == pytest.approx(4.54e-5, rel=1e-3)
    )
    assert slope_at(Tanh(), 0) == 1


def test_tanh_is_a_stretched_sigmoid() -> None:
    # activations: tanh(x) = 2σ(2x) - 1.
    x = np.linspace(-5, 5, 101)[None]
    assert Tanh().forward({}, x)[0] == pytest.approx(2 * Sigmoid().forward({}, 2 * x)[0] - 1, abs=1e-15)


@pytest.mark.parametrize(
    ("scores", "shares"),
    [
        ([3, 1, -3], [0.8789, 0.1189, 0.0022]),
        ([1, -2, 0], [0.705, 0.035, 0.259]),
        ([0.5, -1, 0], [0.547, 0.122, 0.331]),
        ([123, 456, 789], [0, 0, 1]),
    ],
)
def test_softmax_as_a_layer(scores: list[float], shares: list[float]) -> None:
    # [G] softmax & losses on scores; the last row would overflow without the shift by the maximum.
    y, _ = Softmax().forward({}, np.array([scores], dtype=float))
    np.testing.assert_allclose(y[0], shares, atol=5e-4)


def test_a_sigmoid_neuron() -> None:
    # [G] graph: w = (2, -3, -3), x = (-1, -2): z = 1, σ = .7311, dw = (-.1966, -.3932, .1966), dx = (.3932, -.5898).
    linear, sigmoid = Linear(2, 1), Sigmoid()
    params = {"weight": np.array([[2.0, -3.0]]), "bias": np.array([-3.0])}
    z, z_cache = linear.forward(params, np.array([[-1.0, -2.0]]))
    y, y_cache = sigmoid.forward({}, z)
    dz, _ = sigmoid.backward({}, y_cache, np.ones((1, 1)))
    dx, grads = linear.backward(params, z_cache, dz)
    assert z.item() == 1
    assert y.item() == pytest.approx(0.7311, abs=5e-5)
    np.testing.assert_allclose([*grads["weight"][0], grads["bias"][0]], [-0.1966, -0.3932, 0.1966], atol=5e-5)
    np.testing.assert_allclose(dx[0], [0.3932, -0.5898], atol=5e-5)


def two_two_two() -> Network:
    """The 2-2-2 network of sigmoid units, all weights and biases given."""
    network = Network.build(
        [("hidden", Linear(2, 2)), ("h", Sigmoid()), ("output", Linear(2, 2)), ("o", Sigmoid())],
        input_shape=(2,),
        rng=np.random.default_rng(0),
        dtype=np.float64,
    )
    return network.replace(
        {
            "hidden.weight": np.array([[0.15, 0.20], [0.25, 0.30]]),
            "hidden.bias": np.full(2, 0.35),
            "output.weight": np.array([[0.40, 0.45], [0.50, 0.55]]),
            "output.bias": np.full(2, 0.60),
        }
    )


X, TARGET, LR = np.array([[0.05, 0.10]]), np.array([[0.01, 0.99]]), 0.5


def half_squares(y: Array) -> float:
    return float(((y - TARGET) ** 2).sum() / 2)


def stepped(network: Network) -> Network:
    """One step of plain descent on E = Σ (y - t)² / 2, the weights alone."""
    trace = network.forward(X)
    grads = network.backward(trace, trace.y - TARGET).grads
    moved = {name: w - LR * grads[name] if name.endswith("weight") else w for name, w in network.params.items()}
    return network.replace(moved)


def test_backpropagation_by_hand_one_step() -> None:
    # [G] backprop by hand, with out_o1 in its right form .751365070.
    network = two_two_two()
    trace = network.forward(X)
    assert trace["hidden"].y[0, 0] == pytest.approx(0.3775, abs=1e-12)
    np.testing.assert_allclose(trace["h"].y[0], [0.593269992, 0.596884378], atol=5e-10)
    assert trace["output"].y[0, 0] == pytest.approx(1.105905967, abs=5e-10)
    np.testing.assert_allclose(trace.y[0], [0.751365070, 0.772928465], atol=5e-10)
    np.testing.assert_allclose((trace.y - TARGET)[0] ** 2 / 2, [0.274811083, 0.023560026], atol=5e-10)
    assert half_squares(trace.y) == pytest.approx(0.298371109, abs=5e-10)

    grads = network.backward(trace, trace.y - TARGET).grads
    assert grads["output.weight"][0, 0] == pytest.approx(0.082167041, abs=5e-10)
    after = stepped(network)
    np.testing.assert_allclose(
        after.params["output.weight"], [[0.358916480, 0.408666186], [0.511301270, 0.561370121]], atol=5e-10
    )
    np.testing.assert_allclose(
        after.params["hidden.weight"], [[0.149780716, 0.199561432], [0.249751144, 0.299502287]], atol=5e-10
    )
    assert half_squares(after.predict(X)) == pytest.approx(0.291027774, abs=5e-10)


@pytest.mark.slow
def test_backpropagation_by_hand_ten_thousand_steps() -> None:
    # [G] backprop by hand: E = 3.5102e-5, out = (.015913620, .984064274), weights only.
    network = two_two_two()
    for _ in range(10_000):
        network = stepped(network)
    y = network.predict(X)
    assert half_squares(y) == pytest.approx(3.5102e-5, rel=2e-4)
    np.testing.assert_allclose(y[0], [0.015913620, 0.984064274], atol=5e-9)


def test_alexnets_first_layer_shared_and_unshared() -> None:
    # [G] convolution: 34,944 parameters shared against 105,705,600 unshared, 290,400 neurons of 364.
    shared = Conv2d(3, 96, 11, stride=4).init(np.random.default_rng(0))
    shape = LocallyConnected2d(3, 96, 227, 11, stride=4).weight_shape
    neurons = prod(shape[:3])
    assert sum(value.size for value in shared.values()) == 34_944
    assert (neurons, prod(shape[3:]) + 1) == (290_400, 364)
    assert prod(shape) + neurons == 105_705_600


def test_an_image_as_a_matrix_of_patches() -> None:
    # [G] im2col: 227×227×3 with 11×11 stride 4 -> X_col 363×3025, W_row 96×363, and their product is the layer.
    rng = np.random.default_rng(0)
    layer = Conv2d(3, 96, 11, stride=4, bias=False)
    x, params = rng.standard_normal((1, 3, 227, 227)), layer.init(rng, dtype=np.float64)
    columns = window.windows(x, (11, 11), (4, 4), (1, 1))[0].transpose(0, 3, 4, 1, 2).reshape(363, 3025)
    rows = params["weight"].reshape(96, 363)
    y, _ = layer.forward(params, x)
    np.testing.assert_allclose(rows @ columns, y[0].reshape(96, 3025), rtol=1e-10, atol=1e-10)


@pytest.mark.slow
def test_a_fully_connected_layer_as_a_convolution() -> None:
    # [G] fully connected as convolution, 7×7×512 -> 4096: equal outputs.
    rng = np.random.default_rng(0)
    fc6 = Linear(7 * 7 * 512, 4096)
    params = {
        "weight": rng.standard_normal((4096, 25_088), np.float32) * np.float32(0.01),
        "bias": rng.standard_normal(4096, np.float32),
    }
    conv, same = linear_to_conv(fc6, params, (512, 7, 7))
    assert conv == Conv2d(512, 4096, (7, 7))
    x = rng.standard_normal((1, 512, 7, 7), np.float32)
    as_linear, as_conv = fc6.forward(params, x.reshape(1, -1))[0], conv.forward(same, x)[0]
    assert as_conv.shape == (1, 4096, 1, 1)
    np.testing.assert_allclose(as_conv[:, :, 0, 0], as_linear, rtol=1e-4, atol=1e-4)
    assert np.shares_memory(same["weight"], params["weight"]), "the same 102,760,448 numbers, seen otherwise"


@pytest.mark.parametrize("channels", [1, 2, 7])
def test_local_response_normalisation_as_l2_normalisation(channels: int) -> None:
    # [G] normalisation: k = 0, n = N, α = 1, β = .5 is L2 normalisation. "n = N" means that all channels are around
    # each: a window of 2N - 1. Our alpha, as PyTorch's, is divided by the size; the paper's α isn't.
    size = 2 * channels - 1
    x = np.random.default_rng(0).standard_normal((2, channels, 3, 3))
    y, _ = LocalResponseNorm(size, alpha=size, beta=0.5, k=0).forward({}, x)
    np.testing.assert_allclose(y, x / np.linalg.norm(x, axis=1, keepdims=True), rtol=1e-12)
