"""What the first weights do to a signal on its way through a deep stack, and to the gradient on its way back."""

from engine.signal.prediction import Predicted, over_sizes, predict, variance_of
from engine.signal.setup import (
    ACTIVATIONS,
    DRAWS,
    LINKS,
    SIZES,
    STACKS,
    Setup,
    network_of,
    resized,
    size_of,
    unit_network,
)
from engine.signal.signal import LayerSignal, Signal, Spread, measure

__all__ = [
    "ACTIVATIONS",
    "DRAWS",
    "LINKS",
    "SIZES",
    "STACKS",
    "LayerSignal",
    "Predicted",
    "Setup",
    "Signal",
    "Spread",
    "measure",
    "network_of",
    "over_sizes",
    "predict",
    "resized",
    "size_of",
    "unit_network",
    "variance_of",
]
