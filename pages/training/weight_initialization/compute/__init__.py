"""What this lesson alone computes: its classic experiments, a signal's fate in one word, and the race of the starts."""

from pages.training.weight_initialization.compute.presets import PRESETS
from pages.training.weight_initialization.compute.race import STEPS, Record, Training, apart, classifier, smoothed
from pages.training.weight_initialization.compute.verdict import Verdict, verdict

__all__ = ["PRESETS", "STEPS", "Record", "Training", "Verdict", "apart", "classifier", "smoothed", "verdict"]
