"""Numbers as the app prints them, read back."""

from __future__ import annotations

import re

_RAISED = str.maketrans("⁻⁰¹²³⁴⁵⁶⁷⁸⁹", "-0123456789")
_NUMBER = re.compile(r"([−+-]?[\d.,]+)?·?(?:10([⁻⁰¹²³⁴⁵⁶⁷⁸⁹]+))?")


def number(text: str) -> float:
    """2.3·10⁻⁸, 10⁻⁷, −0.5 or 1,234.

    Raises:
        ValueError: when the text is no printed number.
    """
    found = _NUMBER.fullmatch(text.strip())
    if not found or not text.strip():
        raise ValueError(f"{text!r} isn't a number as it is printed")
    head, power = found.groups()
    sized = float((head or "1").replace("−", "-").replace(",", ""))
    return sized * 10.0 ** int(power.translate(_RAISED)) if power else sized
