"""Faults to be found by a gradient check: a small network whose backward passes are written out, and wrong ones."""

from pages.backprop.gradient_check.compute.faults.case import (
    CASES,
    Case,
    Strip,
    Verdict,
    checked,
    judged,
    source_of,
    wrong_line,
)

__all__ = ["CASES", "Case", "Strip", "Verdict", "checked", "judged", "source_of", "wrong_line"]
