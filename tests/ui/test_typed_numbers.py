"""Numbers that were typed into arrays: their text, and the arrays with them."""

from __future__ import annotations

import re

import numpy as np

from ui.typed_numbers import Edit, Typed, apply

TYPED = Typed({"x": "x", "dy": "d"})


def test_what_is_written_is_read_back_and_fits_the_pattern() -> None:
    edits = (Edit("x", 12, 0.5), Edit("dy", 3, -1.0), Edit("x", 0, 2.125))
    text = TYPED.write(edits)
    assert text == "x.12:0.5~d.3:-1~x.0:2.125"
    assert re.fullmatch(TYPED.pattern, text)
    assert TYPED.parse(text) == edits
    assert TYPED.parse("") == ()


def test_of_several_edits_of_one_entry_the_last_is_written() -> None:
    assert TYPED.write([Edit("x", 1, 5), Edit("dy", 1, 6), Edit("x", 1, 7)]) == "x.1:7~d.1:6"


def test_a_letter_that_no_array_has_does_not_fit_the_pattern() -> None:
    assert not re.fullmatch(TYPED.pattern, "w.1:2")


def test_applying_changes_a_copy_and_leaves_out_what_lies_beyond() -> None:
    array = np.zeros(3)
    edits = (Edit("x", 1, 4.0), Edit("x", 3, 9.0), Edit("dy", 0, 8.0))
    assert apply(edits, "x", array).tolist() == [0, 4, 0]
    assert array.tolist() == [0, 0, 0]
