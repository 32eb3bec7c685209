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
from pages.training.weight_initialization.compute.presets import PRESETS
from pages.training.weight_initialization.compute.race import (
    STEPS,
    Record,
    Training,
    apart,
    classifier,
    smoothed,
)
from pages.training.weight_initialization.compute.verdict import Verdict, verdict

__all__ = [
    "ACTIVATIONS",
    "DRAWS",
    "LINKS",
    "PRESETS",
    "SIZES",
    "STACKS",
    "STEPS",
    "LayerSignal",
    "Predicted",
    "Record",
    "Setup",
    "Signal",
    "Spread",
    "Training",
    "Verdict",
    "apart",
    "classifier",
    "measure",
    "network_of",
    "over_sizes",
    "predict",
    "resized",
    "size_of",
    "smoothed",
    "unit_network",
    "variance_of",
    "verdict",
]
