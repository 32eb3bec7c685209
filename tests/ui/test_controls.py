"""Controls read what they write, and say what would have been right when they can't."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as some

from ui import limits
from ui.controls import Choice, Control, Flag, Number, Numbers, Refusal, Short, quoted

KIND = Choice("kind", ("max", "mean"), "max")
RENAMED = Choice("draw", ("normal", "lsuv"), "normal", linked=(("lsuv", "data"),))
LR = Number("lr", 0.0001, 1.0, 0.1)
DIGIT = Number("digit", 0, 1796, 504, integer=True)
GRID = Flag("grid")
DRAWN = Short("drawn", "[0-9a-g]{4}", 4, example="0fg1")
SCORES = Numbers("scores", (3, 1, -3), (1, -2, 0, 4.5), fewest=2)
WEIGHTS = Numbers("w", (), (0.5, -1), fewest=1, most=80)
ALL: tuple[Control, ...] = (KIND, RENAMED, LR, DIGIT, GRID, DRAWN, SCORES, WEIGHTS)


@pytest.mark.parametrize("control", ALL, ids=lambda control: control.name)
def test_default_and_another_value_survive_the_url(control: Control) -> None:
    assert control.other() != control.default
    for value in (control.default, control.other()):
        read = control.read(control.write(value))
        assert read == value
        assert type(read) is type(value)


@given(some.floats(0.0001, 1.0))
def test_every_float_survives_the_url_exactly(value: float) -> None:
    assert LR.read(LR.write(value)) == value


@pytest.mark.parametrize("control", ALL, ids=lambda control: control.name)
@given(text=some.text(max_size=300))
def test_any_text_is_read_or_refused_with_a_value_error(control: Control, text: str) -> None:
    try:
        value = control.read(text)
    except ValueError:
        return
    assert control.read(control.write(value)) == value


@pytest.mark.parametrize(
    "text", ["NaN", "inf", "-inf", "1e9", "-1", "", "0x10", "1;2", "9" * 3_000, "9" * 10_000, "<script>"]
)
def test_numbers_refuse_what_is_no_number_in_range(text: str) -> None:
    with pytest.raises(ValueError, match=r"a number from 0.0001 to 1"):
        LR.read(text)
    with pytest.raises(ValueError, match=r"a whole number from 0 to 1796"):
        DIGIT.read(text)


def test_an_option_may_have_another_word_in_links() -> None:
    assert RENAMED.write("lsuv") == "data"
    assert RENAMED.read("data") == RENAMED.read("lsuv") == "lsuv"
    for unknown in ("data", "gone"):
        with pytest.raises(Refusal, match="one of normal, lsuv"):
            RENAMED.write(unknown)


def test_whole_numbers_refuse_fractions() -> None:
    with pytest.raises(ValueError, match="whole number"):
        DIGIT.read("3.5")


def test_a_choice_names_its_options_when_it_refuses() -> None:
    with pytest.raises(ValueError, match="one of max, mean"):
        KIND.read("median")


def test_what_a_picture_tells_of_a_default_that_no_decimals_can_write_is_still_the_default() -> None:
    third = Number("third", 0, 1, 1 / 3)
    assert third.told(1 / 3) == third.default
    assert third.told(0.25) == 0.25
    assert LR.told(1 / 3) == 0.333333333


def test_a_short_text_must_match_as_a_whole() -> None:
    with pytest.raises(ValueError, match="at most 4 characters"):
        DRAWN.read("0fg1\n")
    with pytest.raises(ValueError, match="at most 4 characters"):
        DRAWN.read("0fg")


@pytest.mark.parametrize("text", ["1", "1,2,3,4,5", "1,,2", "1;2", "1,x", "nan,1", "1e9,1", "1,2,", "1,2\n"])
def test_a_list_of_numbers_refuses_what_is_none(text: str) -> None:
    with pytest.raises(ValueError, match=r"numbers such as 1,-2,0,4\.5"):
        SCORES.read(text)


def test_there_may_be_more_numbers_than_in_the_example() -> None:
    assert len(WEIGHTS.read(",".join(["1.5"] * 80))) == 80
    with pytest.raises(ValueError, match=r"numbers such as 0\.5,-1"):
        WEIGHTS.read(",".join(["1.5"] * 81))


def test_an_empty_list_of_numbers_in_a_link_is_the_default() -> None:
    assert SCORES.read("") == SCORES.default
    assert WEIGHTS.read(WEIGHTS.write(())) == ()


@pytest.mark.parametrize("told", ["1,2", None, 3, {"0": 1}, []])
def test_what_a_picture_tells_of_a_list_of_numbers_must_be_a_list(told: object) -> None:
    assert SCORES.told([1, 2.5]) == (1, 2.5)
    with pytest.raises(TypeError, match="a list of numbers"):
        SCORES.told(told)


def test_where_no_numbers_are_the_default_a_picture_may_tell_none() -> None:
    assert WEIGHTS.told([]) == ()


def test_a_default_outside_the_range_is_refused_when_the_control_is_made() -> None:
    with pytest.raises(ValueError, match="isn't one of"):
        Choice("kind", ("max",), "mean")
    with pytest.raises(ValueError, match=r"isn't in 0\.\.1"):
        Number("lr", 0, 1, 2)


def test_quoted_text_is_cut_and_stands_on_one_line() -> None:
    text = quoted("a\nb " + "x" * 10_000)
    assert text.startswith("a b x")
    assert len(text) == limits.QUOTED_CHARACTERS + 1
