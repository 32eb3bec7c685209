"""Weight initialization, in Chromium."""

from __future__ import annotations

import re
from collections.abc import Iterator
from urllib.parse import parse_qs, urlparse

import numpy as np
import pytest
from playwright.sync_api import Page, expect
from threadpoolctl import threadpool_limits

from engine.signal import Setup, over_sizes, predict
from pages.training.weight_initialization.compute import PRESETS
from pages.training.weight_initialization.controls import FEW, MANY, SIGMAS, View, examples, measured
from pages.training.weight_initialization.words import number
from tests import printed
from tests.e2e.visits import go_to
from tests.e2e.waiting import SLOW, answered, quiet, soon, still, words_to_server
from tests.tabs import PHONE

pytestmark = [pytest.mark.browser, pytest.mark.one_visit]

LESSON = "/weight-initialization"
RACE = ".weight-initialization-race"
TRAINED = 5 * SLOW


@pytest.fixture(autouse=True, scope="module")
def as_served() -> Iterator[None]:
    """The engine measures here on as many threads as in the server: where nearly every unit is saturated, the few that
    aren't make the whole gradient, and the order in which products are added up shows."""
    measured.cache_clear()
    with threadpool_limits(limits=1, user_api="blas"):
        yield


def open_lesson(page: Page, base: str, query: str = "") -> None:
    go_to(page, LESSON + query)
    expect(page.locator(".weight-initialization[data-at]")).to_be_visible()
    still(page)


def sizes(page: Page, kind: str = "y") -> list[str]:
    """The sizes written beneath the histograms, data first."""
    return page.locator(f".row-host[data-kind={kind}] .first").all_text_contents()


def expect_sizes(page: Page, one: View) -> None:
    """What is written is what the engine measures here, where matrix products may be added up in another order."""

    def written() -> None:
        signal = one.signal
        shown = [printed.number(text) for text in (*sizes(page), *sizes(page, "g"))]
        found = [signal.x.std, *(s.y.std for s in signal.layers), signal.dx.rms, *(s.dy.rms for s in signal.layers)]
        assert shown == pytest.approx(found, rel=0.03, abs=6e-5)
        assert all(printed.number(number(size)) == pytest.approx(size, rel=0.03, abs=6e-5) for size in found)

    soon(page, written)


def point(page: Page, kind: str, layer: int, of: int = 11) -> None:
    box = page.locator(f".row-host[data-kind={kind}]").bounding_box()
    assert box is not None
    rem, left = 15, 3.1 * 15
    page.mouse.move(box["x"] + left + (layer + 0.5) * (box["width"] - left - 0.3 * rem) / of, box["y"] + 60)


def link(page: Page) -> dict[str, str]:
    return {name: texts[0] for name, texts in parse_qs(urlparse(page.url).query).items()}


def expect_link(page: Page, wanted: dict[str, str]) -> None:
    page.wait_for_function(
        "wanted => { const q = new URLSearchParams(location.search);"
        " return Object.entries(wanted).every(([name, text]) => q.get(name) === text); }",
        arg=wanted,
    )


def test_it_opens_on_the_signal_that_fades_with_a_question_and_the_classic_numbers(page: Page, app_url: str) -> None:
    open_lesson(page, app_url)
    expect(page.locator(".weight-initialization h2")).to_have_text("Where did the signal go?")
    expect_sizes(page, measured(PRESETS["small"], "noise", int(MANY), 0))
    assert sizes(page)[2:7] == ["0.0477", "0.0106", "0.0024", "0.0005", "0.0001"]


def test_the_whole_picture_and_its_arithmetic_stand_on_the_first_screen(page: Page, app_url: str) -> None:
    open_lesson(page, app_url)
    box = page.locator(".weight-initialization").bounding_box()
    assert box is not None
    assert box["y"] + box["height"] <= 900


def test_one_click_on_a_classic_experiment_shows_it_and_writes_it_into_the_link(page: Page, app_url: str) -> None:
    open_lesson(page, app_url, "?act=gelu")
    for name, experiment in PRESETS.items():
        # The address is written after the picture.
        with answered(page):
            page.locator(f".weight-initialization .start[data-name={name}]").click()
        expect(page.locator(".weight-initialization")).to_have_attribute("data-chosen", name)
        expect_sizes(page, measured(experiment, "noise", int(MANY), 0))
        page.reload()
        expect(page.locator(".weight-initialization")).to_have_attribute("data-chosen", name)


def test_the_settings_above_follow_an_experiment(page: Page, app_url: str) -> None:
    open_lesson(page, app_url)
    row = page.locator(".st-key-recipe")
    expect(row.get_by_role("combobox", name="activation")).to_have_value("tanh")
    page.locator(".weight-initialization .start[data-name=relu-he]").click()
    expect(row.get_by_role("combobox", name="activation")).to_have_value("ReLU")
    page.locator(".weight-initialization .start[data-name=normed]").click()
    expect(row.get_by_role("switch", name="batch norm")).to_be_checked()


def test_seldom_touched_settings_wait_behind_a_button(page: Page, app_url: str) -> None:
    open_lesson(page, app_url)
    expect(page.get_by_role("combobox", name="examples")).to_have_count(0)
    page.get_by_role("button", name="More settings").click()
    page.get_by_role("spinbutton", name="seed").fill("3")
    page.keyboard.press("Enter")
    expect_link(page, {"seed": "3", "samples": FEW})
    expect_sizes(page, measured(Setup(), "noise", int(FEW), 3))


def test_pointing_at_a_layer_puts_its_numbers_into_the_rule(page: Page, app_url: str) -> None:
    open_lesson(page, app_url)
    point(page, "y", 3)
    layer = measured(PRESETS["small"], "noise", int(MANY), 0).signal.layers[2]
    shelf = page.locator(".weight-initialization .shelf")
    expect(shelf).to_contain_text("layer 3")
    assert shelf.locator(".chip").all_text_contents()[:2] == ["n500", "Var(w)0.0001"]
    expect(shelf).to_contain_text(f"E[x²]{layer.mean_square_x:.3g}")
    expect(shelf).to_contain_text(number(layer.y.std))
    point(page, "g", 3)
    expect(shelf).to_contain_text("Gradients")
    expect(shelf.locator(".chip")).to_have_count(4)


def test_weights_that_are_one_number_are_not_given_a_variance(page: Page, app_url: str) -> None:
    open_lesson(page, app_url)
    page.locator(".weight-initialization .start[data-name=alike]").first.click()
    expect(page.locator(".sizer .keeps")).to_contain_text("Var(w) = 0")
    point(page, "y", 3)
    shelf = page.locator(".weight-initialization .shelf")
    expect(shelf.locator(".chip").nth(1)).to_contain_text("E[w²]")
    expect(shelf).not_to_contain_text("Var(w)")
    expect(shelf).not_to_contain_text("predicted,")


def test_dragging_the_size_moves_the_prediction_in_the_browser_and_is_measured_by_the_engine(
    page: Page, app_url: str
) -> None:
    sent = words_to_server(page)
    open_lesson(page, app_url)
    handle = page.locator(".weight-initialization .handle")
    x = examples(Setup(), "noise", int(FEW), 0).astype(np.float64)
    expected = over_sizes(Setup(), (500,), SIGMAS, float((x**2).mean()), float(x.var(axis=0).mean()))
    box = handle.bounding_box()
    line = page.locator(".line-host").bounding_box()
    assert box is not None
    assert line is not None
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    page.mouse.move(x, y)
    page.mouse.down()
    page.mouse.move(x + 0.164 * line["width"] - 1, y, steps=6)
    page.mouse.up()
    page.wait_for_function("() => new URLSearchParams(location.search).has('sigma')")
    quiet(page, sent)
    sigma = float(link(page)["sigma"])
    place = SIGMAS.index(sigma)
    assert sigma == pytest.approx(0.0447, rel=0.4)
    found = measured(Setup(sigma=sigma), "noise", int(FEW), 0)
    assert found.predicted.std == pytest.approx(expected.std[place], rel=1e-3)
    expect_sizes(page, found)


def test_the_keyboard_reaches_the_size_the_layers_and_the_experiments(page: Page, app_url: str) -> None:
    open_lesson(page, app_url)
    page.locator(".weight-initialization .handle").focus()
    page.keyboard.press("ArrowRight")
    expect_link(page, {"sigma": f"{SIGMAS[SIGMAS.index(0.01) + 1]:g}", "samples": FEW})
    page.locator(".weight-initialization .pictures").focus()
    page.keyboard.press("ArrowRight")
    expect(page.locator(".weight-initialization")).to_have_attribute("data-at", "y2")
    page.keyboard.press("ArrowDown")
    expect(page.locator(".weight-initialization")).to_have_attribute("data-at", "g2")
    page.keyboard.press("Enter")
    expect_link(page, {"at": "g2"})
    page.keyboard.press("Escape")
    page.wait_for_function("() => !new URLSearchParams(location.search).has('at')")
    page.locator(".weight-initialization .start[data-name=relu-he]").focus()
    page.keyboard.press("Enter")
    expect(page.locator(".weight-initialization")).to_have_attribute("data-chosen", "relu-he")


def test_a_rule_for_the_size_puts_the_handle_where_the_rule_stands(page: Page, app_url: str) -> None:
    open_lesson(page, app_url)
    page.locator(".pill[data-rule=he]").click()
    expect_link(page, {"size": "he"})
    expect(page.locator(".sizer-name b")).to_have_text("σ = 0.0632")
    assert predict(Setup(size="he"), (500,)).std.shape == (11,)


def test_the_signal_can_be_followed_up_and_back_again(page: Page, app_url: str) -> None:
    open_lesson(page, app_url, "?depth=2&width=10")
    seen = []
    for _ in range(6):
        page.locator(".weight-initialization [data-control=next]").click()
        seen.append(page.locator(".weight-initialization").get_attribute("data-at"))
    assert seen == ["y2", "g2", "g1", "g0", "y0", "y1"]


def test_a_locked_layer_comes_back_with_the_link(page: Page, app_url: str) -> None:
    open_lesson(page, app_url, "?at=g4")
    expect(page.locator(".weight-initialization")).to_have_attribute("data-at", "g4")
    expect(page.locator(".weight-initialization .help")).to_contain_text("locked")
    point(page, "y", 2)
    expect(page.locator(".weight-initialization")).to_have_attribute("data-at", "g4")


def test_the_race_trains_every_start_and_shows_units_that_stay_alike(page: Page, app_url: str) -> None:
    open_lesson(page, app_url, "?depth=3&width=30&size=xavier")
    expect(page.locator(f"{RACE} .units")).to_contain_text("train first")
    page.locator(f"{RACE} .go").click()
    expect(page.locator(RACE)).to_have_attribute("data-finished", "8", timeout=TRAINED)
    starts = page.locator(f"{RACE} .start").all_inner_texts()
    assert starts[0].startswith("yours")
    right = {text.split("\n")[0]: int(re.findall(r"(\d+) %", text)[0]) for text in starts}
    assert right["ReLU · He"] > 80 > 40 > right["all alike"]
    assert right["tanh · 0.01"] < 20
    page.locator(f"{RACE} .start[data-name=alike]").click()
    expect(page.locator(f"{RACE} .units")).to_contain_text("w = 0.003")
    pictures = page.locator(f"{RACE} .unit canvas").evaluate_all("all => all.map(c => c.toDataURL())")
    assert len(pictures) == 8
    assert len(set(pictures)) == 1, "units that start alike have learnt alike"
    page.locator(f"{RACE} .start[data-name=relu-he]").click()
    expect(page.locator(f"{RACE} .units")).to_contain_text("N(0, 2/n)")
    assert len(set(page.locator(f"{RACE} .unit canvas").evaluate_all("all => all.map(c => c.toDataURL())"))) == 8


def test_each_of_the_two_pictures_is_heard_after_the_other_one_was(page: Page, app_url: str) -> None:
    open_lesson(page, app_url, "?depth=1&width=10&stack=dense")
    page.locator(".pill[data-rule=he]").click()
    expect_link(page, {"size": "he"})
    page.locator(f"{RACE} .rates button").last.click()
    expect_link(page, {"lr": "0.1"})
    page.locator(f"{RACE} .go").click()
    expect(page.locator(f"{RACE} .start").first).to_be_visible()
    page.locator(".weight-initialization .handle").focus()
    page.keyboard.press("ArrowRight")
    page.wait_for_function("() => new URLSearchParams(location.search).has('sigma')")
    assert link(page)["lr"] == "0.1"


@pytest.mark.parametrize("query", ["", "?lang=zh&draw=data&act=relu", "?stack=conv&depth=20&channels=4"])
def test_nothing_is_wider_than_a_phone(page: Page, app_url: str, query: str) -> None:
    page.set_viewport_size(PHONE)
    open_lesson(page, app_url, query)
    assert page.evaluate("document.documentElement.scrollWidth") == PHONE["width"]


def test_readers_who_want_no_motion_see_the_next_numbers_at_once(page: Page, app_url: str) -> None:
    page.emulate_media(reduced_motion="reduce")
    open_lesson(page, app_url)
    expect(page.locator(".weight-initialization .start[data-name=large] .spark path")).to_be_attached()
    places = page.locator(".weight-initialization .start[data-name=large]").evaluate(
        "b => { b.click(); return [...b.getRootNode().querySelectorAll('.row-host[data-kind=y] circle')]"
        ".map(c => Number(c.getAttribute('cy'))); }"
    )
    assert max(places[1:]) - min(places[1:]) < 1, "all layers stand level in the very frame of the click"


@pytest.mark.parametrize("query", ["", "?present=1"])
def test_the_lines_beneath_a_histogram_keep_their_leading(page: Page, app_url: str, query: str) -> None:
    open_lesson(page, app_url, query)
    first, second = (page.locator(f".signal .{line}").first for line in ("first", "second:not(:empty)"))
    apart = second.evaluate("(node) => Number(node.getAttribute('y'))") - first.evaluate(
        "(node) => Number(node.getAttribute('y'))"
    )
    assert apart >= second.evaluate("(node) => parseFloat(getComputedStyle(node).fontSize)")
