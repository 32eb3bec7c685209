"""The shape network: its form, how well it names shapes, and that its script makes the weights that ship."""

from __future__ import annotations

import numpy as np
import pytest

from engine.data.shapes import SHAPES
from engine.io.npz import load_npz
from engine.zoo import train_shapes
from engine.zoo.shape_network import WEIGHTS, pretrained_shape_network, shape_network
from engine.zoo.train_shapes import held_out_shapes, train


def test_it_has_the_promised_layers_and_parameters() -> None:
    network = shape_network(np.random.default_rng(0))
    shapes = dict(network.shapes())
    assert [shapes[name] for name in ("conv1", "pool1", "conv2", "pool2", "conv3", "pool3", "linear")] == [
        (8, 32, 32), (8, 16, 16), (16, 16, 16), (16, 8, 8), (16, 8, 8), (16, 4, 4), (5,)
    ]  # fmt: skip
    assert sum(value.size for value in network.params.values()) == 608 + 1168 + 2320 + 1285 == 5381
    assert {value.dtype for value in network.params.values()} == {np.dtype(np.float32)}


def test_it_names_98_in_100_shapes_that_it_was_not_trained_on() -> None:
    """The text of the lesson "Feature maps" says so."""
    held = held_out_shapes()
    right = pretrained_shape_network().predict(held.x).argmax(axis=1) == held.y
    assert right.mean() >= 0.98
    for label, name in enumerate(SHAPES):
        assert right[held.y == label].mean() >= 0.95, name


def test_everyone_gets_the_same_network_and_nobody_can_change_it() -> None:
    network = pretrained_shape_network()
    assert pretrained_shape_network() is network
    for value in (*network.params.values(), held_out_shapes().x):
        with pytest.raises(ValueError, match="read-only"):
            value.flat[0] = 0


def test_a_short_run_learns_already(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(train_shapes, "EPOCHS", 4)
    monkeypatch.setattr(train_shapes, "EXAMPLES", 4000)
    held = held_out_shapes()
    found = train().predict(held.x[:500]).argmax(axis=1)
    assert (found == held.y[:500]).mean() > 0.5


@pytest.mark.slow
def test_its_script_makes_the_weights_that_ship() -> None:
    """Bit for bit with the library versions that made them; others may add in another order."""
    again, shipped = train().params, load_npz(WEIGHTS)
    assert list(again) == list(shipped)
    for name, value in again.items():
        assert value.dtype == shipped[name].dtype
        np.testing.assert_allclose(value, shipped[name], rtol=1e-4, atol=1e-5)
