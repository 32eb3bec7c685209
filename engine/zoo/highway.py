"""Highway networks, as a plain list of (name, layer): no weights are made until a Network is built."""

from __future__ import annotations

from engine.layers.activation import ReLU, Sigmoid
from engine.layers.blocks import Highway
from engine.layers.linear import Linear
from engine.layers.shape import Flatten
from engine.types import Shape, expect_counts
from engine.zoo.classic import Layers

HIGHWAY_INPUT: Shape = (1, 28, 28)

MOST_LAYERS = 200


def highway_layers(depth: int = 10, units: int = 50, classes: int = 10, *, gate_bias: float = -2.0) -> Layers:
    """A thin, deep network for digits, (1, 28, 28) -> (classes,): a plain layer, depth - 1 highway layers, the scores.

    A highway layer of 50 units has 2 · (50 · 50 + 50) = 5,100 parameters, about what a plain one of 71 has, 5,112; the
    paper compares the two at 10, 20, 50 and 100 layers. Raises ValueError for a depth outside 2 to 200.
    Srivastava, Greff & Schmidhuber, "Training very deep networks", 2015.
    """
    expect_counts("highway_layers", depth=depth, units=units, classes=classes)
    if not 2 <= depth <= MOST_LAYERS:
        raise ValueError(f"highway_layers: depth={depth}; expected 2 to {MOST_LAYERS} layers, such as 10.")
    highway = Highway(
        transform=(("linear", Linear(units, units)), ("relu", ReLU())),
        gate=(("linear", Linear(units, units)), ("sigmoid", Sigmoid())),
        gate_bias=gate_bias,
    )
    return [
        ("flatten", Flatten()),
        ("fc1", Linear(28 * 28, units)),
        ("relu1", ReLU()),
        *((f"highway{number}", highway) for number in range(2, depth + 1)),
        ("fc", Linear(units, classes)),
    ]
