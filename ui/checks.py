"""How far two ways to compute the same gradient may differ."""

from __future__ import annotations

GOOD = 1e-6
"""The largest relative difference from central differences that a right gradient has in float64."""
