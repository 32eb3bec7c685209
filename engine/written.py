"""Numbers and equations as they are written: what is printed holds as printed.

From the digits that are shown a reader works an equation out again. So its factors get as many as it needs; where even
a few more don't do, "≈" is written. ``ui/components/shared/equation.js`` is the same in the browser.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Sequence
from decimal import ROUND_HALF_UP, Context, Decimal
from typing import Literal, NamedTuple

MORE = 3
"""Digits that the factors get at most, beyond those of a line that holds without them."""
LARGE = 100
"""From here on a result without decimals has been rounded to the unit."""

_POWER = str.maketrans("⁻⁰¹²³⁴⁵⁶⁷⁸⁹", "-0123456789")
_RAISED = str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹")
_NUMBER = re.compile(r"(-?)(\d+)(?:\.(\d+))?(?:·10([⁻⁰¹²³⁴⁵⁶⁷⁸⁹]+)|e([-+]?\d+))?")

_EXACT = Context(prec=400)  # a float has 309 digits before the point at most

Write = Callable[[float, int], str]


class Shown(NamedTuple):
    """What a written number says, and how far the number itself may be from it."""

    value: float
    half: float


class Equation(NamedTuple):
    """A written equation: what stands on its left, its sign, and what comes out."""

    parts: tuple[str, ...]
    sign: Literal["=", "≈"]
    result: str


def trimmed(value: float, decimals: int = 4) -> str:
    """A number with so many decimals at most, and none that say nothing: 0.25, -3, 0, 1000.

    Halfway between two it is the one farther from 0, as people and browsers round: 0.125 is 0.13.
    """
    if not math.isfinite(value):
        return str(value)
    rounded = Decimal(float(value)).quantize(Decimal(1).scaleb(-decimals), ROUND_HALF_UP, _EXACT)
    text = f"{rounded if rounded else abs(rounded):f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def signed(value: float, decimals: int = 4) -> str:
    """The same with a true minus sign: −3."""
    return trimmed(value, decimals).replace("-", "−")


def raised(power: int) -> str:
    """A whole number as an exponent: ⁻⁸."""
    return str(power).translate(_RAISED)


def significant(value: float, digits: int = 6) -> str:
    """A number with so many digits that count, a whole one with all of its own: −0.5, 1234567, 2.3·10⁻⁸."""
    if not math.isfinite(value) or value == 0:
        return signed(value)
    rounded, least = float(f"{value:.{digits - 1}e}"), 1e-4
    power = math.floor(math.log10(abs(rounded)))
    if abs(rounded) >= least:
        return signed(value, max(0, digits - 1 - power))
    return f"{signed(rounded / 10.0**power, digits - 1)}·10{raised(power)}"


def bracketed(text: str) -> str:
    """A number behind a sign or before a power: (−3)."""
    return f"({text})" if text.startswith(("−", "-")) else text


def shown(text: str) -> Shown:
    """What a written number says.

    Raises:
        ValueError: for what is no written number.
    """
    clean = text.strip("()").replace("−", "-").replace(",", "")
    if clean in ("∞", "-∞"):
        return Shown(math.inf if clean == "∞" else -math.inf, 0.0)
    match = _NUMBER.fullmatch(clean)
    if match is None:
        raise ValueError(f"{text!r} is no written number.")
    decimals = match[3] or ""
    power = int((match[4] or match[5] or "0").translate(_POWER))
    value = float(f"{match[1]}{match[2]}.{decimals}e{power}")
    if decimals or power:
        return Shown(value, 0.5 * 10.0 ** (power - len(decimals)))
    return Shown(value, 0.5 if abs(value) >= LARGE else 0.005)


def equation(
    parts: Sequence[float],
    make: Callable[[Sequence[float]], float],
    result: float,
    *,
    decimals: int = 2,
    given: int | None = None,
    most: int | None = None,
    write: Write = signed,
) -> Equation:
    """The parts of an equation with the fewest digits with which it holds as printed; else with "≈".

    Args:
        parts: the exact numbers on its left.
        make: what is made of them.
        result: the exact number on its right.
        decimals: how many the right side shows.
        given: how many the left side shows at least; as many as the right one.
        most: and at most; ``MORE`` than at least.
    """
    right, fewest = write(result, decimals), decimals if given is None else given
    wanted = shown(right)
    for digits in range(fewest, (fewest + MORE if most is None else most) + 1):
        left = tuple(write(part, digits) for part in parts)
        if _comes_to(make, [shown(text).value for text in left], wanted):
            return Equation(left, "=", right)
    return Equation(tuple(write(part, fewest) for part in parts), "≈", right)


def _comes_to(make: Callable[[Sequence[float]], float], values: Sequence[float], wanted: Shown) -> bool:
    try:
        made = make(values)
    except (ArithmeticError, ValueError):
        return False
    return made == wanted.value or abs(made - wanted.value) <= wanted.half * (1 + 1e-9)
