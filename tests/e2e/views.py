"""Every picture of a page: its views, each with its scenes and tabs."""

from __future__ import annotations

from collections.abc import Iterator

from playwright.sync_api import Page

from tests.e2e.waiting import answered

VIEWS = ".st-key-bench-row [data-testid=stButtonGroup] >> nth=0 >> button"
SCENES = ".track .phase"
TABS = ".board [role=tablist] [role=tab]"


def states(page: Page) -> Iterator[str]:
    """The page as it opens, and then every view above its picture with every scene and tab in it; then as it opened."""
    yield "as it opens"
    views = page.locator(VIEWS).count()
    for view in range(max(1, views)):
        if view:
            chosen(page, view)
            yield f"view {view}"
        for kind, name in ((SCENES, "scene"), (TABS, "tab")):
            for at in range(1, page.locator(kind).count()):
                page.locator(kind).nth(at).click()
                yield f"view {view}, {name} {at}"
            if page.locator(kind).count() > 1:
                page.locator(kind).first.click()
    if views > 1:
        chosen(page, 0)


def chosen(page: Page, view: int) -> None:
    with answered(page):
        page.locator(VIEWS).nth(view).click()
