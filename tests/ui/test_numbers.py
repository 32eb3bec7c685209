"""How numbers are written."""

from __future__ import annotations

import pytest

from engine.written import trimmed
from ui.numbers import power_of_ten


@pytest.mark.parametrize(("value", "text"), [(2.34e-8, "2.3·10⁻⁸"), (-0.0123, "−1.2·10⁻²"), (3e5, "3.0·10⁵"), (0, "0")])
def test_small_numbers_are_written_as_people_write_them(value: float, text: str) -> None:
    assert power_of_ten(value) == text


@pytest.mark.parametrize(("value", "text"), [(0.25, "0.25"), (-3.0, "-3"), (100.0, "100"), (-1e-9, "0")])
def test_decimals_that_say_nothing_are_left_out(value: float, text: str) -> None:
    assert trimmed(value) == text
