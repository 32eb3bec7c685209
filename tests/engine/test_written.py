"""Numbers and equations as they are written: they say what they mean, and hold at the digits shown."""

from __future__ import annotations

import math
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as some

from engine.exercise import factor, number
from engine.written import MORE, bracketed, equation, shown, signed, trimmed
from tests.equations import equations, false_ones

NUMBERS = some.floats(-1e6, 1e6, allow_nan=False)


@pytest.mark.parametrize(
    ("value", "decimals", "text"),
    [
        (1000, 0, "1000"),
        (16000, 0, "16000"),
        (100.0, 4, "100"),
        (0.5, 0, "1"),
        (-0.4, 0, "0"),
        (10.04, 1, "10"),
        (-20, 0, "-20"),
    ],
)
def test_only_what_says_nothing_is_left_out(value: float, decimals: int, text: str) -> None:
    assert trimmed(value, decimals) == text


@given(NUMBERS, some.integers(0, 9))
def test_a_trimmed_number_is_the_rounded_number_without_idle_signs(value: float, decimals: int) -> None:
    text = trimmed(value, decimals)
    assert abs(Decimal(text) - Decimal(value)) <= Decimal(1).scaleb(-decimals) / 2
    assert text == "0" or Decimal(text) != 0
    assert not ("." in text and text[-1] in "0.")
    assert len(text.partition(".")[2]) <= decimals


@given(NUMBERS, some.integers(0, 9))
def test_what_is_written_is_read_back(value: float, decimals: int) -> None:
    assert shown(signed(value, decimals)).value == pytest.approx(float(trimmed(value, decimals)))
    assert shown(bracketed(signed(value, decimals))).value == shown(signed(value, decimals)).value


@pytest.mark.parametrize(
    ("text", "value", "half"),
    [
        ("2.30", 2.3, 0.005),
        ("−1.2·10⁻⁸", -1.2e-8, 0.5e-9),
        ("(−3)", -3, 0.005),
        ("2048", 2048, 0.5),
        ("1,024", 1024, 0.5),
    ],
)
def test_a_written_number_says_how_far_the_number_may_be(text: str, value: float, half: float) -> None:
    assert shown(text) == pytest.approx((value, half))


def test_what_is_no_number_is_not_read() -> None:
    with pytest.raises(ValueError, match="no written number"):
        shown("w")
    assert shown("−∞").value == -math.inf


FACTORS = some.floats(-50, 50, allow_nan=False)


@given(some.lists(FACTORS, min_size=2, max_size=4), some.integers(0, 4))
def test_a_written_product_holds_at_its_shown_digits(factors: list[float], decimals: int) -> None:
    told = equation(factors, math.prod, math.prod(factors), decimals=decimals)
    text = " × ".join(bracketed(part) for part in told.parts) + f" {told.sign} {told.result}"
    assert len(list(equations(text))) == 1
    if told.sign == "=":
        made, result = math.prod(shown(part).value for part in told.parts), shown(told.result)
        assert abs(made - result.value) <= result.half * 1.001


@pytest.mark.parametrize(
    ("factors", "decimals", "text"),
    [
        ((19.77, 0.1057), 2, "19.77 × 0.1057 = 2.09"),
        ((1024.0, 2.0), 0, "1024 × 2 = 2048"),
        ((0.125, 2.0), 2, "0.125 × 2 = 0.25"),
        ((0.25, -3.0), 2, "0.25 × (−3) = −0.75"),
        ((1 / 3, 3e6), 2, "0.33 × 3000000 ≈ 1000000"),
    ],
)
def test_factors_get_the_digits_that_the_equation_needs(factors: tuple[float, ...], decimals: int, text: str) -> None:
    told = equation(factors, math.prod, math.prod(factors), decimals=decimals)
    first, *others = told.parts
    assert f"{' × '.join((first, *map(bracketed, others)))} {told.sign} {told.result}" == text
    assert not false_ones(text)
    assert all(len(part.partition(".")[2]) <= decimals + MORE for part in told.parts)


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (0.5, "0.5"), (-3.0, "−3"), (-0.0, "0"), (1234567.0, "1234567"), (123456.7, "123457"), (1 / 256, "0.00390625"),
        (1 / 3, "0.333333"), (2.345e-5, "2.345·10⁻⁵"), (-1e-7, "−1·10⁻⁷"), (0.99999999, "1"), (9.9999996e-5, "0.0001"),
        (0.1 + 0.2, "0.3"),
    ],
)  # fmt: skip
def test_an_exercise_s_number_is_written_by_the_same_rule(value: float, text: str) -> None:
    assert number(value) == text
    assert factor(-abs(value)) == (f"(−{text.lstrip('−')})" if value else "0")


@given(some.floats(-1e12, 1e12, allow_nan=False))
def test_no_number_of_an_exercise_is_written_as_a_program_writes_it(value: float) -> None:
    text = number(value)
    assert "e" not in text
    said = shown(text)
    assert abs(said.value - value) <= max(said.half, 5e-6 * abs(value)) * (1 + 1e-9)
