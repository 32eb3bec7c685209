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
# The browser keeps what moved from the beginning, and says how much of it, if any, it had no room to keep.
_SHIFTS = """() => new Promise((done) => {
  const name = (node) => node?.closest?.('[class*="st-key-"]')?.className ?? node?.nodeName ?? "?";
  const observer = new PerformanceObserver((list, _observer, { droppedEntriesCount }) => {
    const moved = list.getEntriesByType("layout-shift").filter(({ hadRecentInput }) => !hadRecentInput);
    const who = (sources) => [...new Set(sources.map(({ node }) => name(node)))].join(", ");
    done({ shifts: moved.map(({ value, sources }) => [value, who(sources)]), forgotten: droppedEntriesCount });
  });
  // Every page has been navigated to: where nothing moved, too, there is something to tell.
  for (const type of ["layout-shift", "navigation"]) observer.observe({ type, buffered: true });
})"""


@pytest.mark.parametrize(("address", "size"), [(address, size) for address in ADDRESSES for size in SIZES])
def test_a_page_that_opens_moves_nothing_that_stands_there_already(page: Page, address: str, size: str) -> None:
    width, height = SIZES[size]
    page.set_viewport_size({"width": width, "height": height})
    opened(page, address)
    if address != "/":
        page.locator(f"{PICTURE}:has([data-drawn])").first.wait_for()
    still(page)
    answer = page.evaluate(_SHIFTS)
    shifts = answer["shifts"]
    assert not answer["forgotten"]
    assert sum(value for value, _who in shifts) < MOST, "\n".join(f"{value:.3f} {who}" for value, who in shifts)
