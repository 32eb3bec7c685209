"""What the first weights do to a signal on its way through a deep stack, and to the gradient on its way back."""

from engine.init_lab.prediction import Predicted, over_sizes, predict, variance_of
from engine.init_lab.presets import PRESETS
from engine.init_lab.race import STEPS, Record, Training, apart, classifier, smoothed
from engine.init_lab.setup import (
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
from engine.init_lab.signal import LayerSignal, Signal, Spread, measure
from engine.init_lab.verdict import Verdict, verdict

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
