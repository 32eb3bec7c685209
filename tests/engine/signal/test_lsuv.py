"""Layer-sequential unit variance: every layer's outputs come out with variance 1, on the data that were used."""

import pickle

import numpy as np
import pytest

from engine import Conv2d, Flatten, Linear, MaxPool2d, Network, ReLU
from engine.initializers import HeNormal, Normal, Zeros
from engine.signal.lsuv import lsuv
from engine.types import Array, Initializer, ShapeError


def a_network(initializer: Initializer = HeNormal(), dtype: type = np.float64) -> Network:
    layers = [
        ("conv1", Conv2d(2, 6, 3, padding=1)),
        ("relu1", ReLU()),
        ("pool1", MaxPool2d(2)),
        ("conv2", Conv2d(6, 8, 3)),
        ("relu2", ReLU()),
        ("flatten", Flatten()),
        ("out", Linear(8 * 2 * 2, 5)),
    ]
    return Network.build(layers, (2, 8, 8), rng=np.random.default_rng(0), initializer=initializer, dtype=dtype)


def a_batch(dtype: type = np.float64) -> Array:
    """Far from standard: values around 3 with a spread of 7."""
    return np.random.default_rng(1).normal(3, 7, (40, 2, 8, 8)).astype(dtype)


def variances(network: Network, x: Array) -> list[float]:
    trace = network.forward(x)
    return [float(trace[name].y.var()) for name in ("conv1", "conv2", "out")]


@pytest.mark.parametrize("initializer", [HeNormal(), Normal(0.01), Normal(3)], ids=str)
def test_every_layer_with_weights_puts_out_variance_1(initializer: Initializer) -> None:
    network, x = a_network(initializer), a_batch()
    assert max(abs(variance - 1) for variance in variances(network, x)) > 0.5
    for rng in (None, np.random.default_rng(2)):
        scaled, record = lsuv(network, x, rng=rng, tolerance=1e-6)
        assert variances(scaled, x) == pytest.approx([1, 1, 1], abs=1e-6)
        assert [step.name for step in record] == ["conv1", "conv2", "out"]


def test_without_biases_one_round_is_enough() -> None:
    _, record = lsuv(a_network(), a_batch(), tolerance=1e-9)
    assert [step.rounds for step in record] == [1, 1, 1]


def test_the_record_tells_what_was_done() -> None:
    network, x = a_network(), a_batch()
    scaled, record = lsuv(network, x)
    first = record[0]
    assert first.variance_before == pytest.approx(variances(network, x)[0])
    assert first.variance_after == pytest.approx(variances(scaled, x)[0])
    assert first.factor == pytest.approx(first.variance_before**-0.5)
    np.testing.assert_allclose(scaled.params["conv1.weight"], first.factor * network.params["conv1.weight"])


def test_a_bias_that_varies_takes_more_rounds_and_stays_as_it_is() -> None:
    network, x = a_network(), a_batch()
    biases = {name: np.linspace(-0.9, 0.9, value.size) for name, value in network.params.items() if "bias" in name}
    network = network.replace(network.params | biases)
    scaled, record = lsuv(network, x, tolerance=1e-4, most_rounds=200)
    assert variances(scaled, x) == pytest.approx([1, 1, 1], abs=1e-4)
    assert max(step.rounds for step in record) > 1
    for name, bias in biases.items():
        np.testing.assert_array_equal(scaled.params[name], bias)


def test_with_a_generator_the_weights_are_orthogonal_before_they_are_scaled() -> None:
    scaled, record = lsuv(a_network(), a_batch(), rng=np.random.default_rng(2))
    weight = scaled.params["conv1.weight"].reshape(6, -1) / record[0].factor
    np.testing.assert_allclose(weight @ weight.T, np.eye(6), atol=1e-12)


def test_layers_that_put_out_the_same_number_everywhere_stay_as_they_are() -> None:
    network = a_network(Zeros())
    scaled, record = lsuv(network, a_batch())
    assert not any(value.any() for value in scaled.params.values())
    assert [(step.factor, step.variance_after) for step in record] == [(1, 0)] * 3


def test_the_network_itself_stays_and_float32_stays_float32() -> None:
    network, x = a_network(dtype=np.float32), a_batch(np.float32)
    before = pickle.dumps((network, x))
    scaled, _ = lsuv(network, x, rng=np.random.default_rng(0))
    assert pickle.dumps((network, x)) == before
    assert {value.dtype for value in scaled.params.values()} == {np.dtype(np.float32)}


def test_what_cannot_work_is_refused_with_the_reason() -> None:
    with pytest.raises(ShapeError, match=r"\(N, 2, 8, 8\)"):
        lsuv(a_network(), a_batch()[:, :, :7])
    with pytest.raises(ValueError, match="0 examples"):
        lsuv(a_network(), a_batch()[:0])
    with pytest.raises(ValueError, match="tolerance=0"):
        lsuv(a_network(), a_batch(), tolerance=0)
    with pytest.raises(ValueError, match="most_rounds=0"):
        lsuv(a_network(), a_batch(), most_rounds=0)
