"""What a lesson's check says of the two ways in which it computed the same."""

from __future__ import annotations

GOOD = 1e-6
"""The largest relative difference from central differences that a right gradient has in float64."""
