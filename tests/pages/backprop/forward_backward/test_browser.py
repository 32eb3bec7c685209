"""Forward and backward, in Chromium: every stop, every cell's arithmetic, and every change and its way back."""

from __future__ import annotations

import json
import re
from urllib.parse import parse_qs, urlparse

import numpy as np
import pytest
from playwright.sync_api import Page, expect

from engine.data.digits import digit
from engine.zoo.digit_network import pretrained_digit_network
from pages.backprop.forward_backward import controls as lesson
from pages.backprop.forward_backward.compute import Edit, TrainingStep, format_edits, run, telling_pixel
from pages.backprop.forward_backward.stops import Stops
from tests.e2e.waiting import clock_standing, quiet, still, words_to_server

pytestmark = pytest.mark.browser

NUMBER = re.compile(r"[−+]?\d+(?:\.\d+)?")


def open_lesson(page: Page, query: str = "") -> None:
    page.goto(f"/forward-backward{query}")
    expect(page.locator(".forward-backward .say h2")).to_be_visible()
    expect(page.locator(".st-key-held-out")).to_be_visible()
    still(page)


def training_step(**changes: object) -> TrainingStep:
    image, label = digit(lesson.DIGIT)
    options = {"lr": lesson.RATE} | changes
    return run(pretrained_digit_network(), image[None], label, **options)  # type: ignore[arg-type]


def in_link(page: Page, name: str) -> str | None:
    return parse_qs(urlparse(page.evaluate("location.href")).query).get(name, [None])[0]


def expect_link(page: Page, **wanted: str) -> None:
    """Wait until the address holds exactly these controls."""
    page.wait_for_function(
        "wanted => JSON.stringify(Object.fromEntries([...new URLSearchParams(location.search)].sort())) === wanted",
        arg=json.dumps(dict(sorted(wanted.items())), separators=(",", ":")),
    )


def numbers(text: str) -> list[float]:
    return [float(found.replace("−", "-")) for found in NUMBER.findall(text)]


def cells(page: Page, grid: str) -> np.ndarray:
    """The numbers written in the cells of one picture, row by row, padding left out."""
    texts = page.locator(f'[data-grid="{grid}"] .cells .cell:not(.pad)').all_inner_texts()
    return np.array([numbers(text)[0] for text in texts])


def type_into(page: Page, cell: int, value: str) -> None:
    page.locator('[data-grid="Y"] .cells .cell').nth(cell).click()
    page.locator("input.edit").fill(value)
    page.locator("input.edit").press("Enter")


def test_the_arrow_key_walks_the_whole_journey_and_every_stop_says_its_sentence(page: Page) -> None:
    open_lesson(page)
    page.locator(".has-keys").focus()
    seen = []
    for number in range(1, len(lesson.STOPS) + 1):
        expect(page.locator(".count")).to_have_text(re.compile(rf"^{number} / {len(lesson.STOPS)}$"))
        sentence = page.locator(".say p").inner_text()
        assert sentence.endswith(".")
        assert not set("{}*") & set(sentence)
        assert page.locator(".pictures .cells").count() >= 1
        assert page.locator(".shelf-head b").inner_text()
        seen.append(page.locator(".say h2").inner_text())
        page.keyboard.press("ArrowRight")
    assert len(set(seen)) >= 15
    expect_link(page, at="after")


def test_a_reload_comes_back_to_the_same_stop_and_channel(page: Page) -> None:
    open_lesson(page, "?at=conv2.forward&k2=5")
    heading, name = page.locator(".say h2").inner_text(), page.locator(".shelf-head b").inner_text()
    assert name.startswith("y[5, ")
    page.reload()
    expect(page.locator(".shelf-head b")).to_have_text(name)
    assert page.locator(".say h2").inner_text() == heading


def test_the_first_stop_shows_the_image_and_the_next_the_engine_s_own_map(page: Page) -> None:
    open_lesson(page, "?k1=2")
    e = training_step()
    np.testing.assert_allclose(cells(page, "Y"), e.x.ravel(), atol=0.0051)
    page.locator(".has-keys").focus()
    page.keyboard.press("ArrowRight")
    expect(page.locator(".count")).to_have_text(re.compile("^2 /"))
    np.testing.assert_allclose(cells(page, "Y"), e.trace["conv1"].y[0, 2].ravel(), atol=0.0051)


def test_hovering_writes_out_the_arithmetic_with_no_word_to_the_server(page: Page) -> None:
    sent = words_to_server(page)
    open_lesson(page, "?at=conv1.forward&k1=2")
    e, before = training_step(), quiet(page, sent)
    with clock_standing(page):
        for flat in (9, 27, 44, 63):
            page.locator('[data-grid="Y"] .cells .cell').nth(flat).hover()
            row, column = divmod(flat, 8)
            expect(page.locator(".shelf-head b")).to_have_text(f"y[2, {row}, {column}]")
            shown = numbers(page.locator(".shelf .total").last.inner_text())[-1]
            assert shown == pytest.approx(float(e.trace["conv1"].y[0, 2, row, column]), abs=0.0051)
        assert len(sent) == before


def test_a_typed_pixel_recomputes_everything_and_undo_brings_every_number_back(page: Page) -> None:
    open_lesson(page)
    sentence = page.locator(".say p").inner_text()
    type_into(page, 21, "0.25")
    expect(page.locator(".edits")).to_contain_text("0.25")
    e = training_step(edits=[Edit("x", 21, 0.25)])
    expect(page.locator(".say p")).to_contain_text(f"{100 * float(e.p[0].max()):.1f} %")
    expect_link(page, edits="x.21:0.25")
    page.locator(".edits button").first.click()
    expect(page.locator(".say p")).to_have_text(sentence)
    expect_link(page)


@pytest.mark.parametrize("typed", ["abc", "5000", ""])
def test_what_is_no_sensible_number_is_refused_in_place(page: Page, typed: str) -> None:
    open_lesson(page)
    type_into(page, 21, typed)
    expect(page.locator("input.edit.wrong")).to_be_visible()
    page.locator("input.edit").press("Escape")
    expect(page.locator("input.edit")).to_have_count(0)
    assert in_link(page, "edits") is None


def test_the_step_repeated_ten_times_draws_the_engine_s_losses_and_reset_takes_them_away(page: Page) -> None:
    open_lesson(page, "?at=after")
    page.locator(".repeats button").first.click()
    expect(page.locator(".repeats .caption")).to_be_visible()
    losses = training_step(repeats=10).losses
    first, last, steps = numbers(page.locator(".repeats .caption").inner_text())
    assert (first, last) == (pytest.approx(losses[0], abs=6e-4), pytest.approx(losses[-1], abs=6e-4))
    assert steps == 10
    expect_link(page, at="after", repeats="10")
    page.locator(".repeats button").nth(1).click()
    expect(page.locator(".repeats .caption")).to_have_count(0)


def test_a_step_a_hundred_times_longer_forgets_the_other_digits(page: Page) -> None:
    open_lesson(page)
    page.locator(".stage").evaluate("stage => { stage.dataset.first = 'yes'; }")
    page.get_by_role("button", name="Take a step 100 times longer").click()
    expect(page.locator(".count")).to_have_text(re.compile("^23 /"))
    # The stage goes there; no other one is drawn in its place.
    assert page.locator(".stage").get_attribute("data-first") == "yes"
    expect_link(page, at="after", lr="0.05")
    count, before, after = numbers(page.locator(".st-key-held-out").inner_text())
    e = training_step(lr=lesson.LONG_RATE)
    assert (before, count) == lesson.known(e.network, lesson.DIGIT)
    assert after == lesson.known(e.updated, lesson.DIGIT)[0] < before / 2


def test_a_suggestion_is_a_new_scene_wherever_the_cursor_was_and_however_often(page: Page) -> None:
    open_lesson(page)
    page.get_by_role("button", name="Take a step 100 times longer").click()
    expect(page.locator(".count")).to_have_text(re.compile("^23 /"))
    page.locator('[data-control="previous"]').click()
    expect(page.locator(".count")).to_have_text(re.compile("^22 /"))
    page.get_by_role("button", name="Take a step 100 times longer").click()
    expect(page.locator(".count")).to_have_text(re.compile("^23 /"))
    page.get_by_role("button", name="Change one pixel").click()
    expect(page.locator(".count")).to_have_text(re.compile("^1 /"))
    pixel = telling_pixel(training_step())
    expect_link(page, edits=format_edits([pixel]))
    page.get_by_role("button", name="Put a kernel to sleep").click()
    expect(page.locator(".count")).to_have_text(re.compile("^3 /"))
    busiest = Stops(training_step(edits=[pixel])).best()["conv1"]
    asleep = Edit("conv1.bias", busiest, lesson.SLEEP)
    expect_link(page, edits=format_edits([asleep]), at="relu1.forward", k1=str(busiest))


def test_the_badge_opens_the_comparison(page: Page) -> None:
    open_lesson(page)
    page.locator(".st-key-forward-backward-badge button").click()
    expect(page.locator(".st-key-gradient-check")).to_contain_text("The two ways agree")
    expect(page.get_by_test_id("stDataFrame")).to_be_visible()


def test_another_digit_begins_anew_with_its_own_numbers(page: Page) -> None:
    open_lesson(page, "?digit=0")
    e = run(pretrained_digit_network(), digit(0)[0][None], digit(0)[1], lr=lesson.RATE)
    np.testing.assert_allclose(cells(page, "Y"), e.x.ravel(), atol=0.0051)
    expect(page.locator(".say p")).to_contain_text(f"{100 * float(e.p[0].max()):.1f} %")


def test_the_whole_lesson_speaks_chinese(page: Page) -> None:
    open_lesson(page, "?lang=zh&at=conv2.input")
    expect(page.locator(".say h2")).to_have_text(re.compile("[\u4e00-\u9fff]"))
    for part in (".say p", ".shelf-head", ".st-key-held-out", ".st-key-suggestions", ".st-key-forward-backward-badge"):
        text = page.locator(part).first.inner_text()
        assert re.search("[\u4e00-\u9fff]", text), part
        assert not re.search(r"[a-z]{3,} [a-z]{3,}", text), text
