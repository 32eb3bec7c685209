"""What is measured of a signal on its way through a deep stack, and what is predicted of it."""

from __future__ import annotations

from dataclasses import replace
from math import sqrt

import numpy as np
import pytest

from engine.initializers import (
    HeNormal,
    HeUniform,
    LeCunNormal,
    LeCunUniform,
    Normal,
    XavierNormal,
    XavierUniform,
)
from engine.signal import (
    ACTIVATIONS,
    Setup,
    Signal,
    measure,
    network_of,
    over_sizes,
    predict,
    resized,
    size_of,
    unit_network,
)
from engine.signal.signal import moments
from engine.types import Array


def sent(setup: Setup, samples: int = 200, seed: int = 0) -> tuple[Array, Array]:
    """Noise to send forwards, and a gradient to send backwards."""
    rng = np.random.default_rng([seed, 1])
    x = rng.standard_normal((samples, *setup.input_shape), dtype=np.float32)
    return x, rng.standard_normal((samples, *setup.input_shape), dtype=np.float32)


def measured(setup: Setup, samples: int = 200, seed: int = 0) -> Signal:
    x, dy = sent(setup, samples, seed)
    return measure(network_of(setup, x, np.random.default_rng([seed, 0])), x, dy)


DRAWS = {
    "normal xavier": (Setup(size="xavier"), LeCunNormal()),
    "uniform xavier": (Setup(size="xavier", draw="uniform"), LeCunUniform()),
    "normal glorot": (Setup(size="glorot"), XavierNormal()),
    "uniform glorot": (Setup(size="glorot", draw="uniform"), XavierUniform()),
    "normal he": (Setup(size="he"), HeNormal()),
    "uniform he": (Setup(size="he", draw="uniform"), HeUniform()),
    "normal fixed": (Setup(sigma=0.02), Normal(0.02)),
}


@pytest.mark.parametrize("name", DRAWS)
def test_a_size_times_a_unit_draw_is_the_initializer_of_that_name(name: str) -> None:
    setup, initializer = DRAWS[name]
    setup = replace(setup, width=40, depth=2)
    x = np.zeros((1, 24), np.float32)
    weight = network_of(setup, x, np.random.default_rng(3)).params["weight1.weight"]
    expected = initializer(np.random.default_rng(3), (40, 24))
    np.testing.assert_allclose(weight, expected, rtol=2e-6)


def test_sparse_units_have_ten_links_and_keep_the_signal() -> None:
    setup = Setup(size="xavier", draw="sparse", width=200, depth=3)
    x, _ = sent(setup)
    network = network_of(setup, x, np.random.default_rng(0))
    assert set(np.count_nonzero(network.params["weight2.weight"], axis=1)) == {10}
    assert measured(setup).layers[-1].y.std == pytest.approx(predict(setup, (200,)).std[-1], rel=0.1)


def test_orthogonal_weights_of_xavier_size_are_a_turn() -> None:
    setup = Setup(size="xavier", draw="orthogonal", width=30, depth=1)
    weight = network_of(setup, np.zeros((1, 30), np.float32), np.random.default_rng(0)).params["weight1.weight"]
    np.testing.assert_allclose(weight @ weight.T, np.eye(30), atol=1e-5)


def test_a_data_dependent_draw_gives_every_sum_variance_1() -> None:
    for activation in ACTIVATIONS:
        found = measured(Setup(width=60, depth=6, draw="lsuv", activation=activation))
        assert [layer.var_s for layer in found.layers] == pytest.approx([1] * 6, rel=0.02)


def test_the_same_unit_draw_serves_every_size() -> None:
    setup = Setup(width=30, depth=2)
    x, _ = sent(setup, 4)
    unit = unit_network(setup, x.shape[1:], np.random.default_rng(5))
    small, large = (resized(unit, replace(setup, sigma=sigma), x) for sigma in (0.01, 0.1))
    np.testing.assert_allclose(10 * small.params["weight2.weight"], large.params["weight2.weight"], rtol=1e-6)


PREDICTABLE = [
    Setup(width=400, depth=8, sigma=0.01),
    Setup(width=400, depth=8, sigma=1.0),
    Setup(width=400, depth=8, size="xavier"),
    Setup(width=400, depth=8, size="glorot", activation="sigmoid"),
    Setup(width=400, depth=5, size="xavier", activation="relu"),
    Setup(width=400, depth=5, size="he", activation="leaky_relu"),
    Setup(width=400, depth=5, size="he", activation="elu", draw="uniform"),
    Setup(width=400, depth=5, size="he", activation="gelu", bias=0.1),
    Setup(width=400, depth=5, size="he", activation="silu", draw="orthogonal"),
    Setup(width=400, depth=8, sigma=0.01, batch_norm=True),
    Setup(width=400, depth=8, size="he", activation="relu", batch_norm=True),
    Setup(width=400, depth=5, draw="lsuv", activation="relu"),
    Setup(width=400, depth=8, draw="zeros"),
    Setup(width=32, depth=3, size="xavier", stack="conv"),
]


@pytest.mark.parametrize("setup", PREDICTABLE, ids=str)
def test_what_is_predicted_from_the_draw_alone_is_what_is_measured(setup: Setup) -> None:
    drawn = [measured(setup, 200 if setup.stack == "dense" else 60, seed) for seed in range(3)]
    expected = predict(setup, setup.input_shape)
    std = np.mean([[s.x.std, *(layer.y.std for layer in s.layers)] for s in drawn], axis=0)
    gradient = np.mean([[s.dx.rms, *(layer.dy.rms for layer in s.layers)] for s in drawn], axis=0)
    np.testing.assert_allclose(std, expected.std, rtol=0.12, atol=1e-12)
    np.testing.assert_allclose(gradient, expected.gradient, rtol=0.15, atol=1e-12)


def test_a_sum_has_n_times_var_w_times_the_mean_square_of_its_inputs() -> None:
    for setup in (Setup(width=400, sigma=0.03), Setup(width=400, size="he", activation="relu")):
        for layer in measured(setup).layers:
            product = layer.n_in * layer.mean_square_w * layer.mean_square_x
            assert layer.var_s == pytest.approx(product, rel=0.2)


def test_going_back_it_is_the_slopes_that_count() -> None:
    signal = measured(Setup(width=400, size="he", activation="relu", batch_norm=True))
    for below, above in zip([signal.dx, *(layer.dy for layer in signal.layers)], signal.layers, strict=False):
        product = above.n_out * above.mean_square_w * above.mean_square_slope * above.norm * above.dy.rms**2
        assert below.rms**2 == pytest.approx(product, rel=0.2)


def test_predictions_for_many_sizes_are_those_for_each() -> None:
    sizes = (0.01, 0.05, 1.0)
    for setup in (Setup(width=100), Setup(width=100, activation="relu", batch_norm=True, size="he")):
        many = over_sizes(setup, (64,), sizes)
        for at, sigma in enumerate(sizes):
            one = predict(replace(setup, size="fixed", sigma=sigma), (64,))
            np.testing.assert_allclose(many.std[at], one.std, rtol=1e-12)
            np.testing.assert_allclose(many.gradient[at], one.gradient, rtol=1e-12)


def test_hes_rule_keeps_the_mean_square_of_relu_layers_exactly() -> None:
    found = predict(Setup(size="he", activation="relu", width=77), (77,))
    # E[max(0, z)²] = 1/2 · Var(z), and the mean of max(0, z) is √(Var(z) / 2π).
    np.testing.assert_allclose(found.std[1:], sqrt(1 - 1 / np.pi), rtol=1e-4)
    np.testing.assert_allclose(found.gradient, 1, rtol=1e-3)


def test_batch_norm_over_relu_makes_gradients_grow_by_pi_over_pi_minus_1_a_layer() -> None:
    # Yang et al., 2019: the price of batch norm without skip connections.
    found = predict(Setup(size="he", activation="relu", batch_norm=True), (500,)).gradient ** 2
    np.testing.assert_allclose(found[1:-1] / found[2:], np.pi / (np.pi - 1), rtol=1e-3)


def test_numbers_too_small_or_too_large_to_be_squared_in_float32_are_measured_too() -> None:
    for scale in (1e-30, 1.0, 1e30):
        mean, std, rms = moments(np.array([1, 3], np.float32) * np.float32(scale))
        assert (mean / scale, std / scale, rms / scale) == pytest.approx((2, 1, sqrt(5)), rel=1e-6)
    assert moments(np.zeros(3, np.float32)) == (0, 0, 0)
    assert not np.isfinite(moments(np.array([1, np.inf], np.float32)).std)
    assert not np.isfinite(moments(np.array([1, np.nan], np.float32)).std)


def test_histograms_count_every_value_and_zeros_apart() -> None:
    layer = measured(Setup(width=100, size="he", activation="relu"), samples=50).layers[-1]
    for found in (layer.y.own, layer.y.shared):
        assert found.counts.sum() + found.zeros == found.size == 50 * 100
    assert layer.y.zeros == pytest.approx(layer.y.own.zeros / layer.y.own.size)
    assert layer.y.zeros == pytest.approx(layer.flat), "ReLU is flat where it is zero"


def test_a_unit_is_dead_if_it_is_flat_for_every_example() -> None:
    setup = Setup(width=50, depth=1, activation="relu", bias=-100.0)
    assert measured(setup).layers[0].dead == 1
    assert measured(replace(setup, bias=100.0)).layers[0].dead == 0


@pytest.mark.parametrize(
    ("settings", "says"),
    [
        ({"depth": 0}, "depth=0"),
        ({"sigma": 0.0}, "expected a number above 0"),
        ({"sigma": float("nan")}, "expected a number above 0"),
        ({"activation": "step"}, "expected one of tanh"),
        ({"draw": "cauchy"}, "expected one of normal"),
        ({"size": "huge"}, "expected one of fixed"),
        ({"stack": "tree"}, "expected one of dense"),
    ],
)
def test_a_setup_that_cannot_be_is_refused_with_what_would_work(settings: dict[str, object], says: str) -> None:
    with pytest.raises(ValueError, match=says):
        Setup(**settings)  # type: ignore[arg-type]


# ---- training from a start ----


def test_initializers_by_name_are_sized_by_their_own_rule() -> None:
    shape = (30, 20)
    assert size_of(Setup(size="xavier"), shape) == pytest.approx(sqrt(1 / 20))
    assert size_of(Setup(size="glorot"), shape) == pytest.approx(sqrt(2 / 50))
    assert size_of(Setup(size="he"), shape) == pytest.approx(sqrt(2 / 20))
    assert size_of(Setup(size="he", draw="sparse"), shape) == pytest.approx(sqrt(2 / 10))
    assert size_of(Setup(sigma=0.3), shape) == 0.3
