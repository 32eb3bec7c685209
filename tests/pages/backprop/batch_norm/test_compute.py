"""The nine steps and their undoing are the layer; without one of the ways x takes, dx is wrong in a telling way."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.explain.rule import backward_factors
from engine.gradcheck import compare
from engine.layers import BatchNorm1d
from engine.trace import BackStep, Step
from pages.backprop.batch_norm.compute import (
    BACKWARD,
    FORWARD,
    backward_steps,
    forward_steps,
    running_averages,
    ways,
)

CASES = st.tuples(st.integers(2, 7), st.integers(1, 4), st.sampled_from([1e-5, 0.1, 1.0]), st.integers(0, 99))


def drawn(batch: int, features: int, seed: int):  # type: ignore[no-untyped-def]
    rng = np.random.default_rng(seed)
    x, dy = rng.normal(2, 3, (batch, features)), rng.normal(size=(batch, features))
    return x, rng.normal(size=features), rng.normal(size=features), dy


@given(CASES)
def test_the_nine_steps_are_batch_norm_in_training_forwards_and_backwards(case) -> None:  # type: ignore[no-untyped-def]
    batch, features, eps, seed = case
    x, weight, bias, dy = drawn(batch, features, seed)
    layer = BatchNorm1d(features, eps=eps)
    params = layer.init(np.random.default_rng(0), dtype=np.float64) | {"weight": weight, "bias": bias}
    y, cache = layer.forward(params, x, train=True)
    dx, grads = layer.backward(params, cache, dy)
    forward = forward_steps(x, weight, bias, eps)
    backward = backward_steps(forward, weight, dy)
    assert tuple(forward) == FORWARD
    assert set(backward) == set(BACKWARD)
    np.testing.assert_allclose(forward["y"], y, atol=1e-10)
    np.testing.assert_allclose(backward["dx"], dx, atol=1e-9, rtol=1e-7)
    np.testing.assert_allclose(backward["dweight"][0], grads["weight"], atol=1e-10)
    np.testing.assert_allclose(backward["dbias"][0], grads["bias"], atol=1e-10)


@given(CASES)
def test_with_running_averages_they_are_batch_norm_in_testing(case) -> None:  # type: ignore[no-untyped-def]
    batch, features, eps, seed = case
    x, weight, bias, dy = drawn(batch, features, seed)
    layer = BatchNorm1d(features, eps=eps)
    params = layer.init(np.random.default_rng(0), dtype=np.float64) | {"weight": weight, "bias": bias}
    params |= running_averages(layer, params, x, 3)
    y, cache = layer.forward(params, x)
    dx, _ = layer.backward(params, cache, dy)
    forward = forward_steps(x, weight, bias, eps, params)
    np.testing.assert_allclose(forward["y"], y, atol=1e-10)
    np.testing.assert_allclose(backward_steps(forward, weight, dy)["dx"], dx, atol=1e-9)


@given(CASES)
def test_every_gradient_on_the_way_is_the_slope_of_the_rest(case) -> None:  # type: ignore[no-untyped-def]
    """The loss as a function of c alone, of x̂ alone: what follows from it, recomputed."""
    batch, features, eps, seed = case
    x, weight, bias, dy = drawn(batch, features, seed)
    forward = forward_steps(x, weight, bias, eps)
    backward = backward_steps(forward, weight, dy)
    centred, x_hat = np.array(forward["centred"]), np.array(forward["x_hat"])

    def from_centred() -> float:
        scale = 1 / np.sqrt((centred**2).mean(axis=0) + eps)
        return float((dy * (weight * centred * scale + bias)).sum())

    def from_x_hat() -> float:
        return float((dy * (weight * x_hat + bias)).sum())

    rng = np.random.default_rng(0)
    for f, array, grad in ((from_centred, centred, "dcentred"), (from_x_hat, x_hat, "dx_hat")):
        found = compare(f, {"a": array}, {"a": backward[grad]}, rng=rng)
        assert found.worst_difference < 1e-5 * (1 + float(np.abs(backward[grad]).max()))


@given(CASES)
def test_the_three_ways_are_those_of_the_direct_rule_and_add_up_to_dx(case) -> None:  # type: ignore[no-untyped-def]
    batch, features, eps, seed = case
    x, weight, bias, dy = drawn(batch, features, seed)
    forward = forward_steps(x, weight, bias, eps)
    backward = backward_steps(forward, weight, dy)
    found = ways(forward, backward)
    np.testing.assert_allclose(found.sum(axis=0), backward["dx"], atol=1e-9)
    layer = BatchNorm1d(features, eps=eps)
    params = layer.init(np.random.default_rng(0), dtype=np.float64) | {"weight": weight, "bias": bias}
    y, cache = layer.forward(params, x, train=True)
    dx, grads = layer.backward(params, cache, dy)
    factors = backward_factors(layer, Step("bn", layer, params, x, y, cache), BackStep("bn", dy, dx, grads))
    np.testing.assert_allclose(found, factors["upstream"] * factors["local"], atol=1e-8, rtol=1e-6)


def test_without_the_means_way_dx_adds_up_to_something_and_without_the_variances_it_follows_x_hat() -> None:
    x, weight, bias, dy = drawn(6, 3, 4)
    forward = forward_steps(x, weight, bias, 1e-9)
    whole, no_mean, no_var = (
        backward_steps(forward, weight, dy, through_mean=mean, through_var=var)["dx"]
        for mean, var in ((True, True), (False, True), (True, False))
    )
    for dx, sums, follows in ((whole, False, False), (no_mean, True, False), (no_var, False, True)):
        assert bool(np.abs(dx.sum(axis=0)).max() > 1e-6) is sums
        assert bool(np.abs((dx * forward["x_hat"]).sum(axis=0)).max() > 1e-6) is follows
    assert np.abs(ways(forward, backward_steps(forward, weight, dy, through_mean=False))[1]).max() == 0


def test_a_shift_or_a_stretch_of_the_batch_is_undone_so_no_gradient_asks_for_one() -> None:
    x, weight, bias, _ = drawn(6, 3, 5)
    forward = forward_steps(x, weight, bias, 1e-9)
    for dy in (np.ones_like(x), forward["x_hat"]):
        np.testing.assert_allclose(backward_steps(forward, weight, dy)["dx"], 0, atol=1e-8)


@pytest.mark.parametrize("batches", [0, 1, 5, 100])
def test_running_averages_come_nine_tenths_closer_with_each_batch(batches: int) -> None:
    x = drawn(6, 3, 6)[0]
    layer = BatchNorm1d(3)
    params = layer.init(np.random.default_rng(0), dtype=np.float64)
    found = running_averages(layer, params, x, batches)
    share = 1 - 0.9**batches
    np.testing.assert_allclose(found["running_mean"], share * x.mean(axis=0), atol=1e-12)
    np.testing.assert_allclose(found["running_var"], share * x.var(axis=0, ddof=1) + 1 - share, atol=1e-12)
    assert found["num_batches_tracked"] == batches
