"""What is printed holds as printed: the rule is the same on both sides of the wire, and every lesson keeps it."""

from __future__ import annotations

import math
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from playwright.sync_api import Page, expect

from engine.written import Write, equation, shown, trimmed
from tests.e2e.moves import types
from tests.e2e.test_frame import load
from tests.e2e.visits import go_to
from tests.e2e.waiting import rested, settled
from tests.equations import equations, false_ones, plain
from tests.test_equations import TRUE
from ui import catalogue

pytestmark = [pytest.mark.browser, pytest.mark.one_visit]

SETTLED = """(cases) => cases.map(({ parts, result, fewest }) => {
  const written = (digits) => parts.map((part) => `(${part.toFixed(digits)})`).join(" × ");
  const { digits, sign } = window.loaded.settle(written, result, fewest);
  return [digits, sign];
})"""
NOT_WRITTEN = re.compile(r"[⌊%½¼,*]|inf|^\.")
"""What only people and prose write."""
READ = """(texts) => texts.map((text) => {
  const { value, half } = window.loaded.shown(text);
  return [String(value), half];
})"""


def drawn(count: int) -> list[dict[str, Any]]:
    """Products of all sizes, some with ties and round numbers."""
    rng = np.random.default_rng(0)
    cases = []
    for _ in range(count):
        parts = (
            (rng.normal(size=rng.integers(2, 5)) * 10.0 ** rng.integers(-2, 3)).round(int(rng.integers(0, 8))).tolist()
        )
        decimals = int(rng.integers(0, 5))
        cases.append({"parts": parts, "result": f"{math.prod(parts):.{decimals}f}", "fewest": decimals})
    return cases


def written_or(result: str) -> Write:
    """As the engine writes it; what is no number is the result."""
    return lambda value, decimals: result if math.isnan(value) else trimmed(value, decimals)


def test_factors_get_the_same_digits_in_the_browser_as_in_python(page: Page) -> None:
    load(page, "shared/equation.js")
    cases = drawn(400)
    found = page.evaluate(SETTLED, cases)
    for case, (digits, sign) in zip(cases, found, strict=True):
        told = equation(case["parts"], math.prod, math.nan, decimals=case["fewest"], write=written_or(case["result"]))
        assert (told.sign, list(told.parts)) == (sign, [trimmed(part, digits) for part in case["parts"]]), case
    assert {sign for _, sign in found} == {"=", "≈"}


def test_written_numbers_are_read_alike(page: Page) -> None:
    load(page, "shared/equation.js")
    texts = ["0", "−3", "(−3.50)", "2048", "1,024", "2.3·10⁻⁸", "−1.2·10⁵", "3.5e-05", "∞", "−∞"]
    for text, (value, half) in zip(texts, page.evaluate(READ, texts), strict=True):
        assert (float(value.replace("Infinity", "inf")), half) == pytest.approx(shown(text)), text


def test_written_arithmetic_comes_to_the_same_in_the_browser(page: Page) -> None:
    load(page, "shared/equation.js")
    read = [one.left for text in TRUE if "⟦" not in text for one in equations(text)]
    sides = [side for side in read if not NOT_WRITTEN.search(side.text)]
    texts = [side.text.replace("[", "(").replace("]", ")") for side in sides]
    found = page.evaluate("texts => texts.map((text) => String(window.loaded.worth(text)))", texts)
    assert len(texts) > 20
    for side, value in zip(sides, found, strict=True):
        assert float(value.replace("Infinity", "inf")) == pytest.approx(side.value), side.text
    for text in ("", "w", "2 ×", "(2", "2)", "2 3", "f(2)"):
        assert page.evaluate("text => window.loaded.worth(text)", text) is None, text


# ---- the lessons themselves ----

SCRIPT = f"() => {{ {Path(__file__).with_name('printed.js').read_text()} }}"
STAGES = (".track .phase", ".scene-tab", ".view-tab", '[class*="-view"] button', ".ticks .tick")
"""What shows another picture of a lesson: its scenes, views and steps."""
MOST_STAGES = 8
ANSWERS = ".cell, .chip, .node, .step, .score-cell, .entry-cell, .entry, .map canvas, canvas[data-level]"
"""What answers to the pointer."""
POINTED = 10
FEWEST_READ = 200
ODD = "0.12345"
FIELDS = ".cell.editable, .editable .cell:not(.pad), .node.variable .value"


def printed(page: Page) -> set[str]:
    """Every line that is there, and that the pictures add while they are pointed at."""
    there = page.evaluate("window.printed.lines()")
    return {*there, *page.evaluate("([what, most]) => window.printed.pointed(what, most)", [ANSWERS, POINTED])}


def visited(page: Page, key: str) -> Iterator[tuple[str, set[str]]]:
    """A lesson's lines, as it opens, with an odd number typed in, and in each of its scenes and views."""
    go_to(page, f"/{key}")
    expect(page.locator(".st-key-section-exercises")).to_be_visible()
    settled(page)
    page.evaluate(SCRIPT)
    yield "", printed(page)
    if page.locator(FIELDS).count():
        types(f"{FIELDS} >> nth=0", ODD)(page)
        rested(page)
        settled(page)
        yield "typed", printed(page)
    for selector in STAGES:
        count = page.locator(selector).count()
        for n in range(0, count, max(1, count // MOST_STAGES)):
            page.locator(selector).nth(n).click()
            rested(page, 60)
            settled(page)
            yield f"{selector} {n}", printed(page)


@pytest.mark.slow
def test_every_equation_of_every_lesson_holds_at_its_shown_digits(page: Page) -> None:
    false: dict[str, str] = {}
    read = 0
    for entry in catalogue.LESSONS:
        seen: set[str] = set()
        for place, lines in visited(page, entry.key):
            for line in sorted(lines - seen):
                read += len(list(equations(plain(line))))
                false |= {f"{entry.key} {place}: {fault}   in: {line[:160]}": "" for fault in false_ones(plain(line))}
            seen |= lines
    assert not false, "\n".join(["", *false])
    assert read > FEWEST_READ
