"""Live source with marked lines and values."""

from __future__ import annotations

import inspect
import re
import sys
import threading
from html import unescape

import numpy as np
import pytest

from engine import reference
from engine.autograd.expression import outline
from engine.layers import Conv2d
from ui.components.code import MarkError, render, view
from ui.components.code.view import describe


def scale(x: float, weight: float = 2.0) -> float:
    """y = weight x

    Longer, with <markup> & quotes.
    """
    y = weight * x  # the product
    text = f"{y} <b>"
    return y if text else 0.0


def shown(html: str) -> list[str]:
    """The lines of source in the HTML, as a reader sees them."""
    return [unescape(re.sub(r"<[^>]+>", "", code)) for code in re.findall(r"<code>(.*?)</code>", html, re.DOTALL)]


@pytest.mark.parametrize("function", [scale, Conv2d, Conv2d.forward, render], ids=lambda f: f.__qualname__)
def test_every_line_of_the_source_is_shown_as_it_stands(function) -> None:  # type: ignore[no-untyped-def]
    source = inspect.cleandoc("\n" + inspect.getsource(function)).splitlines()
    assert [line.rstrip() for line in shown(render(function))] == [line.rstrip() for line in source]


def test_a_hundred_readers_at_once_get_the_same_and_none_gets_an_error() -> None:
    functions = [function for function in vars(reference).values() if inspect.isfunction(function)]
    functions = [function for function in functions if function.__module__ == reference.__name__]
    alone = {function: render(function) for function in functions}
    formula = outline("(x + y) * exp(z)")
    failures: list[str] = []

    class Litter:
        """What a busy server leaves lying about: clearing it up runs Python in the midst of whatever another does."""

        def __init__(self) -> None:
            self.itself = self

        def __del__(self) -> None:
            pass

    def read() -> None:
        try:
            for _ in range(10):
                litter = [Litter() for _ in range(200)]
                del litter
                view._source.cache_clear()
                view._html.cache_clear()
                assert {function: render(function) for function in functions} == alone
                assert outline("(x + y) * exp(z)") == formula
        except (SystemError, AssertionError) as error:
            failures.append(repr(error)[:200])

    interval = sys.getswitchinterval()
    sys.setswitchinterval(1e-5)  # threads take turns as often as they do on a busy server
    try:
        readers = [threading.Thread(target=read) for _ in range(8)]
        for reader in readers:
            reader.start()
        for reader in readers:
            reader.join()
    finally:
        sys.setswitchinterval(interval)
    assert failures == []


def test_marked_lines_are_marked_and_only_those() -> None:
    html = render(scale, mark=["weight * x", r"return .* else"])
    assert html.count("sc-marked") == 2


def test_values_stand_under_the_marked_lines_that_use_them() -> None:
    html = render(scale, mark=["weight * x"], values={"x": np.arange(6.0).reshape(2, 3), "weight": -0.25, "z": 1})
    assert "<b>weight</b> −0.25" in html
    assert "<b>x</b> 2×3, 0 … 5" in html
    assert "<b>z</b>" not in html
    assert 'title="weight = −0.25"' in html


def test_markup_in_source_and_values_is_shown_as_text() -> None:
    html = render(scale, mark=["weight * x"], values={"x": "<script>alert(1)</script>"})
    assert "<script>" not in html
    assert "&lt;markup&gt; &amp; quotes" in html


def test_a_mark_that_fits_no_line_is_an_error() -> None:
    with pytest.raises(MarkError, match="No line of the source matches 'einsum'"):
        render(scale, mark=["einsum"])


@pytest.mark.parametrize(
    ("value", "words"),
    [
        (3, "3"),
        (True, "True"),
        (-0.123456, "−0.1235"),
        (np.float32(2), "2"),
        (np.zeros((1, 8, 8)), "1×8×8, 0 … 0"),
        (np.zeros((0, 8)), "0×8"),
        ("same", "same"),
        ((3, 3), "(3, 3)"),
    ],
)
def test_values_are_described_in_a_few_characters(value: object, words: str) -> None:
    assert describe(value) == words
