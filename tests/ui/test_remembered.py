"""What a page may refer to: only what a browser that hears late can't have let go."""

from __future__ import annotations

import pytest

from ui.remembered import Remembered


class LateBrowser:
    """A browser as Streamlit's is, which hears the end of each run ``late`` runs after it was sent."""

    def __init__(self, most: int, late: int) -> None:
        self.most, self.late, self.ends = most, late, 0
        self.kept: dict[str, int] = {}

    def ended(self, run: int) -> None:
        while self.ends < run - self.late:
            self.ends += 1
            self.kept = {name: at for name, at in self.kept.items() if self.ends - at <= self.most}

    def hears_all(self, run: int) -> None:
        late, self.late = self.late, 0
        self.ended(run)
        self.late = late


@pytest.mark.parametrize("late", range(4))
@pytest.mark.parametrize("pause", range(1, 7))
def test_what_is_referred_to_is_still_there_however_late_the_browser_hears(pause: int, late: int) -> None:
    browser, tab, referred = LateBrowser(2, late), Remembered(2), []
    for run in range(30):
        # What it says that it keeps, before the ends that are on their way have come.
        claimed = set(browser.kept)
        tab.begin()
        if run % pause == 0:
            safe = tab.used("picture")
            browser.hears_all(run)
            if safe and "picture" in claimed:
                assert "picture" in browser.kept
                referred.append(run)
            browser.kept["picture"] = browser.ends
        browser.ended(run + 1)
    assert bool(referred) == (pause <= 2)


def test_a_browser_that_is_only_asked_what_it_keeps_may_have_let_it_go() -> None:
    browser = LateBrowser(2, late=1)
    browser.kept["picture"] = 0
    browser.ended(3)
    claimed = set(browser.kept)
    browser.hears_all(3)
    assert "picture" in claimed
    assert "picture" not in browser.kept
