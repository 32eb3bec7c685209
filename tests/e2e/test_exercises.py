"""Exercises in Chromium: a known mistake is answered as such, in both languages, and the field says what it takes."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from engine.mistakes import NO_STRIDE
from pages.blocks.pooling.exercises import dropped, window
from tests.e2e.waiting import settled
from ui.exercises import Exercise, solved, written

pytestmark = pytest.mark.browser

WINDOW, DROPPED = Exercise(window), Exercise(dropped)
SEED = next(
    seed for seed in range(50) if any(mistake.says == NO_STRIDE for mistake in WINDOW.problem(seed).mistakes)
)  # fmt: skip
SAID = {
    "en": "isn't it. That is what comes out with stride 1. Here the window moves 2 cells at a time.",
    "zh": "这是步幅为 1 时的结果。这里窗口每次移动 2 格。",
}
RIGHT = {"en": "Right:", "zh": "正确："}
CHECK = {"en": "Check", "zh": "检查"}
DECIMALS = {"en": "Give one decimal.", "zh": "请保留一位小数。"}
EXACT = {"en": "the exact number", "zh": "精确的数"}


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_a_known_mistake_is_answered_by_its_own_sentence_and_then_the_right_answer_is_right(
    page: Page, lang: str
) -> None:
    page.goto(f"/pooling?lang={lang}&task={SEED}")
    place = page.locator(f".st-key-exercise-{WINDOW.key}")
    expect(place.get_by_placeholder(EXACT[lang])).to_be_visible()
    settled(page)
    problem = WINDOW.problem(SEED)
    (mistake,) = (mistake for mistake in problem.mistakes if mistake.says == NO_STRIDE)
    place.get_by_role("textbox").fill(written(mistake.gives))
    place.get_by_role("button", name=CHECK[lang], exact=True).click()
    expect(place.get_by_test_id("stAlert")).to_contain_text(SAID[lang])
    place.get_by_role("textbox").fill(solved(problem))
    place.get_by_role("button", name=CHECK[lang], exact=True).click()
    expect(place.get_by_test_id("stAlert")).to_contain_text(RIGHT[lang])

    rounded = page.locator(f".st-key-exercise-{DROPPED.key}")
    expect(rounded).to_contain_text(DECIMALS[lang])
    rounded.get_by_role("textbox").fill(solved(DROPPED.problem(SEED)))
    rounded.get_by_role("button", name=CHECK[lang], exact=True).click()
    expect(rounded.get_by_test_id("stAlert")).to_contain_text(RIGHT[lang])
