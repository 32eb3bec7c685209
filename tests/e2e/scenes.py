"""A walk through a lesson that is told in scenes."""

from __future__ import annotations

from collections.abc import Iterator

from playwright.sync_api import Page, expect


def each_scene(page: Page, scenes: tuple[str, ...]) -> Iterator[str]:
    """Every scene in turn, by the track's own buttons: its name, once its picture is there."""
    for number, scene in enumerate(scenes):
        page.locator(".track .phase").nth(number).click()
        expect(page.locator(f'.scenes[data-scene="{scene}"] .pictures > *').first).to_be_visible()
        yield scene
