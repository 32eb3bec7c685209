"""No style sheet writes type smaller than the smallest there is (``--fine``), at either of the two sizes of a page."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.root import ROOT
from ui.figures import theme

SHEETS = [path for folder in ("assets", "pages", "ui") for path in sorted((ROOT / folder).rglob("*.css"))]
SIZE = re.compile(r"font(?:-size)?:\s*(?:[a-z\d]+ )*?(\d*\.?\d+)(r?em|px)\b")


def too_small(sheet: str) -> list[str]:
    """Sizes without a floor that are somewhere less than the finest type; no size at all is how words are hidden."""
    found = []
    for size in SIZE.finditer(sheet):
        value = float(size[1])
        least = theme.FINEST_PIXELS if size[2] == "px" else 1.0
        if 0 < value < least:
            found.append(size[0])
    return found


@pytest.mark.parametrize("path", SHEETS, ids=lambda path: str(path.relative_to(ROOT)))
def test_a_small_size_has_a_floor(path: Path) -> None:
    assert not too_small(path.read_text())


def test_a_size_without_a_floor_is_found() -> None:
    assert too_small("a { font-size: .74rem } b { font: 600 .7em/1.2 x } i { font: italic 0.9rem var(--serif) }") == [
        "font-size: .74rem",
        "font: 600 .7em",
        "font: italic 0.9rem",
    ]
    assert not too_small("a { font-size: max(.74rem, var(--fine)) } i { font-size: 0 }")
