"""Forward and backward, in Chromium: every stop, every cell's arithmetic, and every change and its way back."""

from __future__ import annotations

import json
import re
from urllib.parse import parse_qs, urlparse

import numpy as np
import pytest
from playwright.sync_api import Page, expect

from engine.data.digits import digit
from engine.losses import CrossEntropyLoss
from engine.zoo.digit_network import pretrained_digit_network
from pages.backprop.forward_backward import controls as lesson
from pages.backprop.forward_backward.compute import Edit, TrainingStep, format_edits, run, telling_pixel
from pages.backprop.forward_backward.stops import Stops
from tests.e2e.visits import go_to
from tests.e2e.waiting import clock_standing, quiet, still, words_to_server

pytestmark = [pytest.mark.browser, pytest.mark.one_visit]

NUMBER = re.compile(r"[−+]?\d+(?:\.\d+)?")


def open_lesson(page: Page, query: str = "") -> None:
    go_to(page, f"/forward-backward{query}")
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
    e = training_step(lr=lesson.LONG_RATE)
    (before, count), (after, _) = (lesson.known(network, lesson.DIGIT) for network in (e.network, e.updated))
    assert after < before / 2
    # The sentence stands before the answer, with the step that came before: the new one is waited for.
    expect(page.locator(".st-key-held-out")).to_have_text(re.compile(rf"\b{count}\b.*\b{before}\b.*\b{after}\b"))


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


# A number moved both ways.


def loss_with(name: str, index: int, by: float) -> float:
    """The loss with one number moved, layer by layer, in float64."""
    e, target = training_step(), np.array([lesson.DIGIT])
    params = {key: value.astype(np.float64) for key, value in e.network.params.items()}
    arrays = {"x": e.x.astype(np.float64), **params}
    if name in arrays:
        arrays[name] = arrays[name].copy()
        arrays[name].flat[index] += by
    y = arrays["x"]
    for key, layer in e.network.layers:
        y, _cache = layer.forward({part: arrays[f"{key}.{part}"] for part in e.trace[key].params}, y)
        if key == name:
            y = y.copy()
            y.flat[index] += by
    if name != "p":
        return CrossEntropyLoss().forward(y, target)[0]
    p = np.exp(y - y.max()) / np.exp(y - y.max()).sum()
    p.flat[index] += by
    return -float(np.log(p[0, lesson.DIGIT]))


def slope_of(name: str, index: int) -> float:
    """What backpropagation says of it."""
    e = training_step()
    slopes = {"x": e.back.dx, **{step.name: step.dy for step in e.back}, **e.back.grads}
    slopes["p"] = np.where(np.arange(10) == lesson.DIGIT, -1 / e.p, 0)
    return float(slopes[name].flat[index])


def nudged(page: Page) -> tuple[float, float, float, float]:
    """Both losses, the quotient and the gradient, as they are printed."""
    expect(page.locator(".nudged .verdict")).to_be_visible()
    expect(page.locator(".nudged .total")).to_be_visible()
    above, below = (numbers(page.locator(".nudged .chip", has_text=f"L(v {by} h)").inner_text())[0] for by in "+−")
    quotient = numbers(page.locator(".nudged .total").inner_text())[0]
    return above, below, quotient, numbers(page.locator(".nudged .chip", has_text="backprop").inner_text())[0]


def check_nudge(page: Page, name: str, index: int, h: float) -> None:
    """What is printed is what the network does, and what backpropagation found."""
    above, below, quotient, gradient = nudged(page)
    expected = [loss_with(name, index, h), loss_with(name, index, -h)]
    assert [above, below] == pytest.approx(expected, abs=5.1e-5)
    assert quotient == pytest.approx(
        (expected[0] - expected[1]) / (2 * h), rel=5e-4, abs=5.1e-3 * abs(above - below) + 1e-9
    )
    assert gradient == pytest.approx(slope_of(name, index), rel=5e-4, abs=1e-9)
    assert in_link(page, "nudge") == f"{name}.{index}:{h:g}"


HELD = (
    ("conv1.forward", "Y", 27, "conv1"),
    ("pool2.forward", "Y", 2, "pool2"),
    ("linear.forward", "Y", 3, "linear"),
    ("softmax", "Y", 5, "p"),
    ("logits.gradient", "Y", 9, "linear"),
    ("linear.weight", "Y", 17, "linear.weight"),
    ("conv2.weight", "Y", 4, "conv2.weight"),
    ("conv2.weight", "B", 3, "conv2.bias"),
    ("conv1.input", "Y", 20, "x"),
    ("update", "Y", 4, "conv2.weight"),
)


@pytest.mark.parametrize(("at", "grid", "cell", "name"), HELD)
def test_any_number_that_is_held_can_be_nudged_and_both_losses_are_the_networks_own(
    page: Page, at: str, grid: str, cell: int, name: str
) -> None:
    open_lesson(page, f"?at={at}")
    expect(page.locator(".nudge")).to_have_count(0)
    page.locator(f'[data-grid="{grid}"] .cells .cell:not(.pad)').nth(cell).click()
    page.locator(".nudge").click()
    expect(page.locator(".nudged .verdict")).not_to_be_empty()
    held = in_link(page, "nudge")
    assert held is not None
    array, _, index = held.partition(":")[0].rpartition(".")
    assert array == name
    check_nudge(page, name, int(index), 0.01)
    page.locator('[data-nudge="0.1"]').click()
    expect(page.locator('[data-nudge="0.1"]')).to_have_attribute("aria-pressed", "true")
    expect(page.locator(".nudged .verdict")).to_be_visible()
    check_nudge(page, name, int(index), 0.1)


def test_a_pixel_is_nudged_by_a_click_and_again_in_the_picture_that_was_changed(page: Page) -> None:
    open_lesson(page)
    page.locator('[data-grid="Y"] .cells .cell').nth(20).click()
    page.locator(".nudge").click()
    check_nudge(page, "x", 20, 0.01)
    expect(page.locator("input.edit")).to_have_count(0)
    before = nudged(page)
    type_into(page, 36, "0.9")
    expect(page.locator(".edits")).to_contain_text("0.9")
    expect(page.locator(".nudged")).to_have_count(0)
    # Other channels are the strongest now; those that were shown stay, and the link says so, whatever is done next.
    best = Stops(training_step()).best()
    assert best != Stops(training_step(edits=[Edit("x", 36, 0.9)])).best()
    channels = {name: str(best[cursor]) for cursor, name in lesson.CURSORS.items() if cursor != "class"}
    page.wait_for_function(
        "(all) => Object.entries(all).every(([name, text]) => new URLSearchParams(location.search).get(name) === text)",
        arg={"edits": "x.36:0.9", **channels},
    )
    page.locator(".nudge").click()
    expect_link(page, edits="x.36:0.9", cell="36", held="1", nudge="x.36:0.01", **channels)
    assert nudged(page) != before


def test_a_kink_between_is_said_to_be_one_and_a_short_step_agrees(page: Page) -> None:
    open_lesson(page, "?at=conv1.input&cell=20&held=1&nudge=x.20:1")
    expect(page.locator(".nudged .verdict")).to_contain_text("a kink lies on the way")
    expect(page.locator(".nudged .verdict")).to_contain_text("relu1 (")
    page.locator('[data-nudge="0.00001"]').click()
    expect(page.locator(".nudged .verdict")).to_have_text(re.compile(r"^✓ They agree to \d+ digits"))
    expect_link(page, at="conv1.input", cell="20", held="1", nudge="x.20:0.00001")


def test_what_is_without_effect_and_what_has_no_logarithm_are_said_so(page: Page) -> None:
    asleep = int(training_step().trace["conv1"].y[0, 0].argmin())
    open_lesson(page, f"?at=relu1.input&k1=0&cell={asleep}&held=1&nudge=conv1.{asleep}:0.001")
    expect(page.locator(".nudged .verdict")).to_contain_text("Both are 0")
    open_lesson(page, "?at=softmax&held=1&nudge=p.3:1")
    expect(page.locator(".nudged")).to_have_count(0)
    open_lesson(page, "?at=softmax&cell=5&held=1&nudge=p.5:1")
    expect(page.locator(".nudged .verdict")).to_contain_text("no finite number")
    expect(page.locator(".nudged .total")).to_have_count(0)


def test_a_nudge_comes_back_by_reload_and_back_and_leaves_with_its_cell(page: Page) -> None:
    open_lesson(page, "?at=conv2.input&cell=20")
    page.locator('[data-grid="Y"] .cells .cell').nth(4).click()
    page.locator(".nudge").click()
    numbers_then = nudged(page)
    # The cell and what is nudged there are written one after the other.
    page.wait_for_function(
        "(q => q.get('nudge')?.includes(`.${q.get('cell')}:`))(new URLSearchParams(location.search))"
    )
    query = {name: in_link(page, name) for name in ("cell", "nudge")}
    expect_link(page, at="conv2.input", held="1", **{name: text for name, text in query.items() if text})
    page.reload()
    assert nudged(page) == numbers_then
    page.locator('[data-nudge="1"]').click()
    page.wait_for_function("location.search.includes('%3A1') && !location.search.includes('%3A1.')")
    expect(page.locator(".nudged .verdict")).to_be_visible()
    assert nudged(page) != numbers_then
    page.go_back()
    expect(page.locator('[data-nudge="0.01"]')).to_have_attribute("aria-pressed", "true")
    assert nudged(page) == numbers_then
    page.locator('[data-grid="Y"] .cells .cell').nth(7).click()
    expect(page.locator(".nudged")).to_have_count(0)
    page.wait_for_function("!location.search.includes('nudge')")
    page.keyboard.press("Escape")
    expect(page.locator(".nudge")).to_have_count(0)


def test_a_nudge_is_made_by_the_keyboard_alone_which_stays_where_it_is(page: Page) -> None:
    open_lesson(page, "?at=conv2.weight")
    page.locator('[data-grid="Y"] .cells').focus()
    page.keyboard.press("ArrowLeft")
    page.keyboard.press("Enter")
    for _ in range(60):
        page.keyboard.press("Tab")
        if focused(page) == "":
            break
    assert focused(page) == ""
    page.keyboard.press("Enter")
    expect(page.locator(".nudged .verdict")).to_be_visible()
    assert focused(page) == ""
    page.keyboard.press("Tab")
    assert focused(page) == "1"
    page.keyboard.press("Enter")
    expect(page.locator('[data-nudge="1"]')).to_have_attribute("aria-pressed", "true")
    expect(page.locator(".nudged .total")).to_be_visible()
    assert focused(page) == "1"
    page.keyboard.press("Shift+Tab")
    page.keyboard.press("Enter")
    expect(page.locator(".nudged")).to_have_count(0)
    assert focused(page) == ""


def focused(page: Page) -> str | None:
    """Which button of a nudge has the keyboard."""
    found = page.locator(".forward-backward").evaluate(
        "host => host.getRootNode().activeElement?.dataset.nudge ?? null"
    )
    return None if found is None else str(found)


# The update.


@pytest.mark.parametrize(
    ("pill", "name", "part"),
    [
        (0, "conv1.weight", "k1=2"),
        (2, "linear.weight", "k3=7"),
        (3, "conv1.bias", ""),
        (4, "conv2.bias", ""),
        (5, "linear.bias", ""),
    ],
)
def test_the_update_shows_every_array_of_parameters_and_each_cell_its_products(
    page: Page, pill: int, name: str, part: str
) -> None:
    open_lesson(page, f"?at=update&{part}" if part else "?at=update")
    page.locator(".segments .pill").nth(pill).click()
    e, row = training_step(), int(part[-1]) if part else 0
    old, gradient, new = (values[name] for values in (e.network.params, e.back.grads, e.updated.params))
    if part:
        old, gradient, new = old[row], gradient[row], new[row]
    for grid, array in (("W", old), ("dW", gradient), ("Y", new)):
        np.testing.assert_allclose(np.sort(cells(page, grid)), np.sort(array.ravel()), atol=0.0051)
    for cell in (0, old.size - 1):
        page.locator('[data-grid="Y"] .cells .cell').nth(cell).click()
        before, rate, slope, after = numbers(page.locator(".shelf .line").inner_text().replace("\n", " "))
        assert rate == lesson.RATE
        assert before - rate * slope == pytest.approx(after, abs=1e-4)
        page.locator('[data-grid="Y"] .cells .cell').nth(cell).click()
    assert in_link(page, "choice") in (str(pill), None)
    word = "bias" if name.endswith("bias") else "weight"
    expect(page.locator(".say p")).to_contain_text(f"The chosen {word} becomes")


def test_rows_of_a_layer_are_chosen_in_the_update_and_kept_in_the_link(page: Page) -> None:
    open_lesson(page, "?at=update")
    page.locator(".segments .pill").nth(2).click()
    expect(page.locator('[data-grid="Y"] .grid-head')).to_contain_text("W[5]")
    page.locator('[data-knob="class1"]').click()
    page.locator('[data-knob="class1"]').click()
    expect(page.locator('[data-grid="Y"] .grid-head')).to_contain_text("W[7]")
    np.testing.assert_allclose(
        np.sort(cells(page, "Y")), np.sort(training_step().updated.params["linear.weight"][7]), atol=0.0051
    )
    page.locator('[data-grid="Y"] .cells .cell').nth(9).click()
    name = page.locator(".shelf-head b").inner_text()
    assert name.startswith("W[7, ")
    expect_link(page, at="update", choice="2", k3="7", cell=str(7 * 64 + int(numbers(name)[1])), held="1")
    page.reload()
    expect(page.locator(".shelf-head b")).to_have_text(name)
    page.locator(".segments .pill").nth(1).click()
    expect(page.locator('[data-grid="Y"] .grid-head')).to_contain_text("W[13, 7]")
    page.locator('[data-knob="conv1-1"]').click()
    expect(page.locator('[data-grid="Y"] .grid-head')).to_contain_text("W[13, 6]")
