"""A page that opens doesn't move what stands on it already: a picture's room is kept, and prose doesn't come first."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page

from tests.e2e.test_frame import ADDRESSES, opened
from tests.e2e.waiting import still

pytestmark = pytest.mark.browser

# What the Web Vitals call good.
MOST = 0.1
SIZES = {"desk": (1440, 900), "phone": (390, 844)}
PICTURE = '[class*="-board"]:is([class*="st-key-"]):not([class*="st-key-script-"])'
_WATCH = """window.shifts = [];
new PerformanceObserver((list) => {
  for (const { value, hadRecentInput, sources } of list.getEntries()) {
    if (hadRecentInput) continue;
    const name = (node) => node?.closest?.('[class*="st-key-"]')?.className ?? node?.nodeName ?? "?";
    window.shifts.push([value, [...new Set(sources.map(({ node }) => name(node)))].join(", ")]);
  }
}).observe({ type: "layout-shift", buffered: true });"""


@pytest.mark.parametrize(("address", "size"), [(address, size) for address in ADDRESSES for size in SIZES])
def test_a_page_that_opens_moves_nothing_that_stands_there_already(page: Page, address: str, size: str) -> None:
    width, height = SIZES[size]
    page.set_viewport_size({"width": width, "height": height})
    page.add_init_script(_WATCH)
    opened(page, address)
    if address != "/":
        page.locator(f"{PICTURE}:has([data-drawn])").first.wait_for()
    still(page)
    shifts = page.evaluate("window.shifts")
    assert sum(value for value, _who in shifts) < MOST, "\n".join(f"{value:.3f} {who}" for value, who in shifts)
