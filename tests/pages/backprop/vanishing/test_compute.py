"""A gradient's way back through deep networks: products of Jacobians, what was measured and what is predicted."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
import torch

from engine.data.digits import digits
from engine.layers import Sigmoid
from engine.network import Network
from engine.signal import Setup, network_of
from engine.signal import measure as init_measure
from engine.types import Array, ShapeError
from pages.backprop.vanishing.compute.back import Flow, measure, send_back
from pages.backprop.vanishing.compute.jacobian import STARTS, jacobians, pair, products, spectrum
from pages.backprop.vanishing.compute.learning import STEPS, learn
from pages.backprop.vanishing.compute.prediction import predict
from pages.backprop.vanishing.compute.setup import (
    ACTIVATION_NAMES,
    NORMS,
    PRESETS,
    SHORTCUTS,
    Deep,
    Norm,
    sized,
    unit_network,
)

KINDS = [(act, norm, link) for act in ("tanh", "relu", "linear") for norm in ("none", "layer") for link in SHORTCUTS]


def built(deep: Deep, seed: int = 0) -> Network:
    return sized(unit_network(deep, np.random.default_rng([seed, 0])), deep)


def sent(deep: Deep, samples: int = 64, seed: int = 0) -> tuple[Array, Array]:
    rng = np.random.default_rng([seed, 1])
    shape = (samples, deep.width)
    return rng.standard_normal(shape, dtype=np.float32), rng.standard_normal(shape, dtype=np.float32)


def flow(deep: Deep, samples: int = 64, seed: int = 0) -> Flow:
    return measure(built(deep, seed), *sent(deep, samples, seed))


def test_a_sigmoid_passes_on_a_quarter_at_most() -> None:
    """[G] σ'(0) = 0.25."""
    layer = Sigmoid()
    _, cache = layer.forward({}, np.zeros(1))
    assert layer.backward({}, cache, np.ones(1))[0][0] == 0.25
    steepest = layer.backward({}, cache, np.ones(1))[0][0]
    assert steepest**10 == pytest.approx(9.5e-7, rel=5e-3)
    assert steepest**50 == pytest.approx(7.9e-31, rel=5e-3)


@pytest.mark.parametrize("norm", NORMS)
@pytest.mark.parametrize("link", SHORTCUTS)
@pytest.mark.parametrize("activation", ACTIVATION_NAMES)
def test_what_is_sent_back_layer_by_layer_is_the_networks_own_gradient(activation: str, norm: str, link: str) -> None:
    deep = Deep(4, 6, activation, norm=norm, shortcut=link)  # type: ignore[arg-type]
    network = built(deep).astype(np.float64)
    x, dy = (values.astype(np.float64) for values in sent(deep, 5))
    trace = network.forward(x, train=True)
    layers_backward, back = send_back(network, trace, dy), network.backward(trace, dy)
    np.testing.assert_allclose(layers_backward[-1].dx, back.dx, rtol=1e-12, atol=1e-12)
    weights = [g for name, g in back.grads.items() if g.ndim == 2 and ".gate." not in name]
    for passed, dweight in zip(layers_backward[::-1], weights, strict=True):
        np.testing.assert_allclose(passed.grads["branch.weight"], dweight, rtol=1e-12, atol=1e-12)


@pytest.mark.parametrize(("activation", "norm", "link"), KINDS)
def test_a_jacobian_times_a_gradient_is_what_the_layer_sends_back(activation: str, norm: str, link: str) -> None:
    deep = Deep(5, 7, activation, norm=norm, shortcut=link)  # type: ignore[arg-type]
    network = built(deep).astype(np.float64)
    x, dy = (values[:1].astype(np.float64) for values in sent(deep))
    js = jacobians(network, x[0])
    for j, passed in zip(js[::-1], send_back(network, network.forward(x), dy), strict=True):
        np.testing.assert_allclose(j.T @ passed.dy[0], passed.dx[0], rtol=1e-12, atol=1e-12)


@pytest.mark.parametrize(("activation", "norm", "link"), KINDS)
def test_the_product_of_all_jacobians_is_backpropagation(activation: str, norm: str, link: str) -> None:
    deep = Deep(6, 5, activation, norm=norm, shortcut=link)  # type: ignore[arg-type]
    network = built(deep).astype(np.float64)
    x, dy = (values[:1].astype(np.float64) for values in sent(deep))
    whole = products(jacobians(network, x[0]))
    back = network.backward(network.forward(x), dy)
    np.testing.assert_allclose(whole[0].T @ dy[0], back.dx[0], rtol=1e-12, atol=1e-12)
    np.testing.assert_array_equal(whole[-1], np.eye(5))


@pytest.mark.parametrize("link", ["none", "residual"])
def test_jacobians_agree_with_pytorch(link: str) -> None:
    deep = Deep(3, 4, "tanh", shortcut=link)  # type: ignore[arg-type]
    network = built(deep).astype(np.float64)
    weights = [torch.from_numpy(w) for w in network.params.values() if w.ndim == 2]
    y = sent(deep)[0][0].astype(np.float64)
    for j, weight in zip(jacobians(network, y), weights, strict=True):

        def layer(x: torch.Tensor, w: torch.Tensor = weight) -> torch.Tensor:
            return torch.tanh(w @ x) + (x if link == "residual" else 0)

        at = torch.from_numpy(y)
        np.testing.assert_allclose(j, torch.autograd.functional.jacobian(layer, at).numpy(), rtol=1e-12, atol=1e-14)
        y = layer(at).numpy()


def test_each_layer_multiplies_and_the_gains_multiply_up() -> None:
    found = flow(replace(PRESETS["sigmoid"], depth=20))
    np.testing.assert_allclose(found.dy[0] / found.dy[-1], np.prod(found.gain), rtol=1e-5)
    assert found.average**20 == pytest.approx(found.dy[0] / found.dy[-1])
    np.testing.assert_allclose(found.factors["branch.slope"] * found.factors["branch.weight"], found.gain, rtol=1e-5)


def test_without_links_it_measures_what_the_initialization_lab_measures() -> None:
    deep, setup = Deep(6, 40, "tanh"), Setup(6, 40, "tanh", size="xavier")
    x, dy = sent(deep)
    other = init_measure(network_of(setup, x, np.random.default_rng([0, 0])), x, dy)
    found = flow(deep)
    np.testing.assert_allclose(found.dy, [other.dx.rms, *(layer.dy.rms for layer in other.layers)], rtol=1e-5)
    np.testing.assert_allclose(found.y, [other.x.rms, *(layer.y.rms for layer in other.layers)], rtol=1e-5)
    np.testing.assert_allclose(found.mean_square_slope, [la.mean_square_slope for la in other.layers], rtol=1e-5)
    np.testing.assert_allclose(found.mean_square_w, [la.mean_square_w for la in other.layers], rtol=1e-5)


@pytest.mark.parametrize("name", PRESETS)
def test_the_predicted_gains_are_those_that_are_measured(name: str) -> None:
    """At a width of 256: within 20 % at each layer, for one draw of weights, and 3 % on average over the layers."""
    deep = replace(PRESETS[name], width=256, depth=min(20, PRESETS[name].depth))
    expected = predict(deep)
    if name == "residual-he":
        assert np.isnan(expected.gain).all()
        return
    found = flow(deep)
    assert found.gain == pytest.approx(expected.gain, rel=0.2)
    assert found.average == pytest.approx(expected.dy[0] ** (1 / deep.depth), rel=0.03)


@pytest.mark.parametrize("norm", NORMS)
@pytest.mark.parametrize("activation", ["tanh", "linear"])
def test_a_highway_s_predicted_sizes_are_those_that_are_measured(activation: str, norm: Norm) -> None:
    deep = Deep(10, 256, activation, norm=norm, shortcut="highway")
    expected, found = predict(deep), flow(deep, samples=200)
    np.testing.assert_allclose(found.y, expected.y, rtol=0.02)
    np.testing.assert_allclose(found.dy, expected.dy, rtol=0.02)


@pytest.mark.parametrize("draw", ["uniform", "orthogonal", "sparse"])
def test_other_draws_of_the_same_size_have_the_same_gain(draw: str) -> None:
    deep = Deep(6, 128, "tanh", draw)  # type: ignore[arg-type]
    assert flow(deep).gain == pytest.approx(predict(deep).gain, rel=0.07)


@pytest.mark.parametrize("name", PRESETS)
def test_the_worked_examples_fade_or_grow_as_they_are_said_to(name: str) -> None:
    left = {
        "sigmoid-10": (1e-7, 2e-6), "sigmoid": (1e-33, 1e-30), "relu-xavier": (1e-9, 1e-6), "relu-he": (0.1, 10),
        "explodes": (1e3, 1e6), "tanh-xavier": (0.05, 0.3), "batch-norm": (0.3, 5), "layer-norm": (1e-23, 1e-18),
        "residual": (1, 2), "residual-he": (1e8, 1e13),
    }  # fmt: skip
    low, high = left[name]
    assert low < flow(PRESETS[name]).dy[0] < high


def test_with_x_added_no_layer_shrinks_a_gradient_much() -> None:
    for activation in ("sigmoid", "tanh", "relu"):
        assert flow(Deep(30, 64, activation, shortcut="residual")).gain.min() > 0.97


def test_what_float32_loses_is_said_and_not_hidden() -> None:
    faded = flow(Deep(50, 32, "sigmoid", times=0.2))
    assert faded.dy[0] == 0
    assert faded.average == 0
    assert np.isnan(faded.gain[0])
    burst = flow(Deep(50, 32, "linear", times=10.0))
    assert not np.isfinite(burst.dy[0])
    assert burst.average == float("inf")


def test_orthogonal_layers_without_a_bend_keep_every_length() -> None:
    found = spectrum(jacobians(built(Deep(12, 24, "linear", "orthogonal")).astype(np.float64), np.ones(24)))
    np.testing.assert_allclose(found.product, 1, rtol=1e-5)
    drawn = spectrum(jacobians(built(Deep(12, 24, "linear", "normal")).astype(np.float64), np.ones(24)))
    spread = drawn.product[:, 0] / np.nanmin(drawn.product, axis=1)
    assert spread[0] > 1e3 * spread[10]


def test_the_largest_stretch_of_a_product_is_no_more_than_the_product_of_the_largest() -> None:
    found = spectrum(jacobians(built(Deep(8, 16, "tanh")).astype(np.float64), np.ones(16)))
    assert (found.product[:-1, 0] <= found.product[1:, 0] * found.layer[:, 0] * (1 + 1e-12)).all()


def test_the_spectrum_s_mean_is_the_mean_over_directions() -> None:
    js = jacobians(built(Deep(5, 16, "tanh")).astype(np.float64), np.ones(16))
    v = np.random.default_rng(0).standard_normal((4000, 16))
    lengths = np.linalg.norm(v @ products(js)[0], axis=1) / np.linalg.norm(v, axis=1)
    assert np.sqrt((lengths**2).mean()) == pytest.approx(spectrum(js).rms[0], rel=0.05)


def test_one_example_behind_batch_norm_has_no_jacobian() -> None:
    with pytest.raises(ValueError, match="Batch norm ties"):
        jacobians(built(Deep(2, 4, norm="batch")), np.ones(4))
    with pytest.raises(ShapeError, match="one example"):
        jacobians(built(Deep(2, 4)), np.ones(3))


def test_two_units_are_written_out_exactly() -> None:
    for name, start in STARTS.items():
        found = pair(start.weights(5), start.activation, start.shortcut)
        own = found.slopes[:, :, np.newaxis] * found.weights + (np.eye(2) if start.shortcut == "residual" else 0)
        np.testing.assert_allclose(found.js, own, atol=1e-14, err_msg=name)
        np.testing.assert_allclose(
            np.linalg.det(found.products[0]), np.prod(np.linalg.det(found.js)), atol=1e-12, err_msg=name
        )


def test_a_turn_keeps_halves_fade_and_a_singular_matrix_loses_a_direction() -> None:
    def stretch(name: str) -> Array:
        start = STARTS[name]
        return np.linalg.svd(pair(start.weights(6), start.activation, start.shortcut).products[0], compute_uv=False)

    np.testing.assert_allclose(stretch("turn"), 1, rtol=1e-3)
    np.testing.assert_allclose(stretch("half"), 0.5**6, rtol=1e-3)
    np.testing.assert_allclose(stretch("double"), 2**6, rtol=1e-3)
    assert stretch("sigmoid")[0] < 0.25**6
    assert stretch("singular")[1] < 1e-12
    sheared = stretch("shear")
    assert sheared[0] * sheared[1] == pytest.approx(1)
    assert sheared[0] > 3


def test_where_the_gradient_fades_not_a_bit_of_the_first_layers_changes() -> None:
    """In 50 sigmoids; with x added, the same layers learn to read digits."""
    known = digits()
    mean, std = known.train_x.mean(), known.train_x.std()
    data, validation = (
        (((x - mean) / std).astype(np.float32).reshape(len(x), -1), target)
        for x, target in ((known.train_x, known.train_y), (known.validation_x, known.validation_y))
    )
    faded = learn(PRESETS["sigmoid"], data, validation, lr=0.03, seed=0)
    assert (faded.untouched[:20] == 1).all()
    assert faded.moved[0] == 0 < faded.moved[-1]
    assert faded.accuracy is not None
    assert faded.accuracy < 0.15
    added = learn(PRESETS["residual"], data, validation, lr=0.03, seed=0)
    assert added.accuracy is not None
    assert added.accuracy > 0.7
    assert added.untouched.max() < 0.5
    burst = learn(PRESETS["residual-he"], data, validation, lr=0.03, seed=0)
    assert burst.accuracy is None
    assert len(burst.losses) < STEPS


def test_wrong_setups_are_refused_in_words() -> None:
    for wrong in ({"activation": "step"}, {"draw": "zeros"}, {"norm": "group"}, {"shortcut": "dense"}, {"times": 0.0}):
        with pytest.raises(ValueError, match="expected"):
            Deep(**wrong)  # type: ignore[arg-type]
