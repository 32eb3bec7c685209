"""How numbers are written, in sentences and in links."""

from __future__ import annotations

from math import log10

from engine.types import Shape
from engine.written import raised, trimmed


def power_of_ten(value: float, decimals: int = 1) -> str:
    """A small number as people write it: 2.3·10⁻⁸."""
    if value == 0:
        return "0"
    mantissa, power = f"{value:.{decimals}e}".split("e")
    return f"{mantissa.replace('-', '−')}·10{raised(int(power))}"


def ten_to(value: float) -> str:
    """A power of ten, written as one: 10⁻⁷."""
    return f"10{raised(round(log10(value)))}"


DECIMALS = 9
"""Decimals of a typed number in a link: more than a float32 can tell apart."""
TYPED = rf"-?\d{{1,4}}(\.\d{{1,{DECIMALS}}})?"
"""What a typed number looks like in a link."""


def typed(value: float) -> str:
    """A number as it was typed, for a link."""
    return trimmed(value, DECIMALS)


def size_of(shape: Shape) -> str:
    """3×8×8."""
    return "×".join(map(str, shape))
