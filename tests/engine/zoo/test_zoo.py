"""The digit network: its form, how well it reads, and that its script makes the weights that ship."""

import numpy as np
import pytest

from engine import gradcheck
from engine.data.digits import digits
from engine.initializers import Zeros
from engine.io.npz import load_npz
from engine.zoo import train_digits
from engine.zoo.digit_network import WEIGHTS, digit_network, pretrained_digit_network
from engine.zoo.train_digits import train


def accuracy(x: np.ndarray, y: np.ndarray) -> float:
    return float((pretrained_digit_network().predict(x).argmax(axis=1) == y).mean())


def test_the_digit_network_has_the_promised_layers_and_shapes() -> None:
    network = digit_network(np.random.default_rng(0))
    assert dict(network.shapes()) == {
        "conv1": (8, 8, 8),
        "relu1": (8, 8, 8),
        "pool1": (8, 4, 4),
        "conv2": (16, 4, 4),
        "relu2": (16, 4, 4),
        "pool2": (16, 2, 2),
        "flatten": (64,),
        "linear": (10,),
    }
    assert sum(value.size for value in network.params.values()) == 80 + 1168 + 650
    assert {value.dtype for value in network.params.values()} == {np.dtype(np.float32)}


def test_the_same_seed_gives_the_same_network_and_the_initializer_is_used() -> None:
    first, again = (digit_network(np.random.default_rng(7)) for _ in range(2))
    assert all(np.array_equal(first.params[name], again.params[name]) for name in first.params)
    assert not digit_network(np.random.default_rng(7), Zeros()).params["conv1.weight"].any()


def test_the_pretrained_network_reads_98_in_100_digits_that_it_was_not_trained_on() -> None:
    data = digits()
    assert accuracy(data.validation_x, data.validation_y) >= 0.98
    assert accuracy(data.train_x, data.train_y) >= 0.99


def test_everyone_gets_the_same_pretrained_network_and_nobody_can_change_it() -> None:
    network = pretrained_digit_network()
    assert pretrained_digit_network() is network
    for value in network.params.values():
        assert value.dtype == np.float32
        with pytest.raises(ValueError, match="read-only"):
            value.flat[0] = 0


def test_the_gradients_of_the_pretrained_network_agree_with_central_differences() -> None:
    data = digits()
    rng = np.random.default_rng(0)
    found = gradcheck.check_network(pretrained_digit_network(), data.validation_x[:3], data.validation_y[:3], rng=rng)
    assert found.worst.relative_error < 1e-6


def test_the_training_script_learns_in_a_short_run_already(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(train_digits, "EPOCHS", 6)
    monkeypatch.setattr(train_digits, "COPIES", 1)
    data = digits()
    found = train().predict(data.validation_x).argmax(axis=1)
    assert (found == data.validation_y).mean() > 0.8


@pytest.mark.slow
def test_the_training_script_makes_the_weights_that_ship() -> None:
    """Bit for bit with the library versions that made them; others may add in another order.

    Training runs in float64, where that changes the 16th digit; float32, which ships, has 7.
    """
    again, shipped = train().params, load_npz(WEIGHTS)
    assert list(again) == list(shipped)
    for name, value in again.items():
        assert value.dtype == shipped[name].dtype
        np.testing.assert_allclose(value, shipped[name], rtol=1e-5, atol=1e-6)
