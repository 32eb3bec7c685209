"""Typed numbers survive the way through the link, and land where they belong."""

from __future__ import annotations

import re

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from ui.edits import Typed, TypedNumbers, apply
from ui.numbers import DECIMALS

WRITTEN = TypedNumbers({"weight": "w", "x": "x"})
TYPED = st.builds(
    Typed,
    st.sampled_from(["weight", "x"]),
    st.integers(0, 9999),
    st.floats(-1000, 1000).map(lambda value: round(value, DECIMALS) + 0.0),
)


@given(st.lists(TYPED, max_size=6, unique_by=lambda one: (one.array, one.index)))
def test_what_is_written_is_read_again(typed: list[Typed]) -> None:
    text = WRITTEN.write(typed)
    assert text == "" or re.fullmatch(WRITTEN.pattern, text)
    assert WRITTEN.parse(text) == tuple(typed)


def test_the_last_number_for_an_entry_counts() -> None:
    assert WRITTEN.write([Typed("x", 3, 1.0), Typed("weight", 0, 2.0), Typed("x", 3, -0.5)]) == "x.3:-0.5~w.0:2"


def test_numbers_land_in_new_arrays_and_those_without_a_place_are_left_out() -> None:
    x = np.zeros((2, 2))
    changed = apply([Typed("x", 3, 7.0), Typed("x", 4, 9.0), Typed("weight", 0, 1.0)], {"x": x})
    assert changed["x"].tolist() == [[0, 0], [0, 7]]
    assert not x.any()
