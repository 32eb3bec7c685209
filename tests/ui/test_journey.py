"""The picture on the home page shows the network's own numbers."""

from __future__ import annotations

import base64
import re
from html import unescape
from xml.etree import ElementTree

import numpy as np
import pytest

from engine.data.digits import digit
from engine.losses import softmax
from engine.network import Trace
from engine.zoo.digit_network import pretrained_digit_network
from ui.figures import svg, theme
from ui.figures.journey import journey

LABELS = dict.fromkeys(
    ("input", "kernel", "output", "deeper", "answer", "sum", "alt", "alt deeper"), "<b>words & more</b>"
)


@pytest.fixture(scope="module")
def trace() -> Trace:
    return pretrained_digit_network().forward(digit(504)[0][None])


def picture(trace: Trace, mode: theme.Mode = "light") -> str:
    return journey(trace, softmax(trace.y)[0], mode, LABELS)


def drawings(html: str) -> list[ElementTree.Element]:
    found = re.findall(r"base64,([A-Za-z0-9+/=]+)", html)
    return [ElementTree.fromstring(base64.b64decode(code)) for code in found]


def test_the_chips_are_the_nine_products_and_the_bias_of_the_framed_cell(trace: Trace) -> None:
    html = unescape(picture(trace))
    chips = re.findall(r">(−?[\d.]+) × (−?[\d.]+)<", html)
    products = [float(a.replace("−", "-")) * float(b.replace("−", "-")) for a, b in chips]
    bias = float(re.search(r">b (−?[\d.]+)<", html)[1].replace("−", "-"))  # type: ignore[index]
    value = float(re.search(r"<strong[^>]*>(−?[\d.]+)<", html)[1].replace("−", "-"))  # type: ignore[index]
    assert len(products) == 9
    assert sum(products) + bias == pytest.approx(value, abs=0.06)  # two decimals each
    assert value == pytest.approx(trace["conv1"].y[0, :, 1:-1, 1:-1].max(), abs=0.005)


@pytest.mark.parametrize("mode", ["light", "dark"])
def test_every_cell_is_painted_in_the_colour_of_its_value(trace: Trace, mode: theme.Mode) -> None:
    first, _ = drawings(picture(trace, mode))
    fills = [rect.get("fill") for rect in first.iter("{http://www.w3.org/2000/svg}rect")]
    pixels = theme.colours(trace["conv1"].x[0, 0], 1.0, ramp="sequential", mode=mode).reshape(-1, 3)
    assert fills[:64] == ["#{:02x}{:02x}{:02x}".format(*rgb) for rgb in pixels]


def test_the_longest_bar_belongs_to_the_networks_answer(trace: Trace) -> None:
    _, second = drawings(picture(trace))
    widths = [float(rect.get("width", 0)) for rect in second.iter("{http://www.w3.org/2000/svg}rect")][-10:]
    assert int(np.argmax(widths)) == int(trace.y[0].argmax()) == 7


def test_words_are_shown_as_text_not_run_as_markup(trace: Trace) -> None:
    assert "<b>words" not in picture(trace)


@pytest.mark.parametrize(("value", "words"), [(0.0, "0"), (-0.001, "0.00"), (-1.5, "−1.50"), (2.0, "2.00")])
def test_numbers_have_a_true_minus_and_no_negative_zero(value: float, words: str) -> None:
    assert svg.number(value) == words
