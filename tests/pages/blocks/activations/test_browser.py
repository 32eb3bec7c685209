"""Activations, in Chromium: what is dragged, pointed at and typed, against what the engine says."""

from __future__ import annotations

import base64
import json
import re
from collections.abc import Iterator
from typing import Any
from urllib.parse import parse_qs, urlparse

import numpy as np
import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from engine.training.contest import lead
from pages.blocks.activations.compute.functions import FUNCTIONS, SHAPED_BY, Settings, curve
from pages.blocks.activations.compute.learning import EVERY, LAPS, RACERS, best_rate, chain, race, slope_fit, walk
from pages.blocks.activations.compute.units import draws, dying, pass_through, place
from pages.blocks.activations.controls import FIT, SCENES, WALK
from tests.e2e.test_equations import SCRIPT
from tests.e2e.visits import go_to
from tests.e2e.waiting import still
from tests.equations import equations, false_ones, plain
from tests.printed import number
from tests.root import ROOT
from ui.components.modules import module

pytestmark = [pytest.mark.browser, pytest.mark.one_visit]

RESHAPE = """
async ([url, name, settings, x]) => {
  const { reshape } = await import(url);
  const table = reshape(name, settings, x);
  return [[...table.y], [...table.slope]];
}
"""
STAND = """
async ([url, z, mean, spread]) => {
  const { stand } = await import(url);
  return [...stand(z, mean, spread, { per_one: 50, edge: 12 })];
}
"""


def open_lesson(page: Page, query: str = "") -> None:
    go_to(page, f"/activations{query}")
    expect(page.locator(".activations .say h2")).to_be_visible()
    expect(page.locator('.activations[data-settled="true"]')).to_be_visible()
    still(page)


def link(page: Page) -> dict[str, str]:
    return {name: texts[0] for name, texts in parse_qs(urlparse(page.evaluate("location.href")).query).items()}


def expect_in_link(page: Page, name: str, value: str | None) -> None:
    page.wait_for_function(
        "([name, value]) => new URLSearchParams(location.search).get(name) === value", arg=[name, value]
    )


def settled(page: Page) -> None:
    expect(page.locator('.activations[data-settled="true"]')).to_be_visible()


def summary(page: Page) -> dict[str, float]:
    found: dict[str, float] = json.loads(page.locator(".picture").get_attribute("data-summary") or "{}")
    return found


def handle(page: Page, name: str) -> Locator:
    return page.locator(f'.handle[data-id="{name}"]')


def drag(page: Page, what: Locator, right: float, *, drop: bool = True) -> None:
    still(page)
    box = what.locator(".hit").bounding_box() if what.locator(".hit").count() else what.bounding_box()
    assert box is not None
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    page.mouse.move(x, y)
    page.mouse.down()
    page.mouse.move(x + right / 2, y, steps=3)
    page.mouse.move(x + right, y, steps=3)
    if drop:
        page.mouse.up()


@pytest.fixture(scope="module")
def blank(browser: Browser) -> Iterator[Any]:
    page = browser.new_page()
    yield page
    page.close()


def url_of(name: str) -> str:
    script = module(ROOT / "pages/blocks/activations/browser" / name)
    return "data:text/javascript;base64," + base64.b64encode(script.encode()).decode()


# ---- what the browser computes while something is dragged is what the engine computes ----


@pytest.mark.parametrize("name", list(SHAPED_BY))
def test_a_curve_that_is_being_bent_is_the_engines_curve(blank: Any, name: str) -> None:
    x = np.linspace(-12, 12, 241)
    shaped = Settings(
        negative_slope=0.3, weight=-0.4, lower=0.1, upper=0.7, alpha=1.7, beta=3.3, left=-0.9, right=0.4, level=0.3
    )
    y, slope = blank.evaluate(RESHAPE, [url_of("own.js"), name, vars(shaped), x.tolist()])
    expected = curve(name, x, shaped)
    np.testing.assert_allclose(y, expected.y, atol=1e-12)
    np.testing.assert_allclose(slope, expected.slope, atol=1e-12)


@pytest.mark.parametrize(("mean", "spread"), [(0, 2), (-3.95, 0.15), (4, 4)])
def test_a_crowd_that_is_being_dragged_stands_where_the_engine_puts_it(blank: Any, mean: float, spread: float) -> None:
    z = draws()[0]
    found = blank.evaluate(STAND, [url_of("crowd.js"), [float(v) for v in z.ravel()], mean, spread])
    np.testing.assert_array_equal((np.array(found) - 600) / 50, place(mean, spread).ravel())


def test_the_numbers_of_every_crowd_are_the_engines(page: Page) -> None:
    open_lesson(page, "?mean=-0.6&spread=1.35")
    for name in FUNCTIONS:
        page.locator(f'.thumb[data-name="{name}"]').click()
        assert summary(page) == pytest.approx(pass_through(name, -0.6, 1.35).summary(), abs=1e-6), name


def test_the_crowd_follows_the_hand_before_the_server_is_asked(page: Page) -> None:
    open_lesson(page, "?f=relu")
    drag(page, handle(page, "mean"), -60, drop=False)
    held = summary(page)
    assert held["mean_x"] < -0.5
    assert "mean" not in link(page)
    page.mouse.up()
    page.wait_for_function("new URLSearchParams(location.search).has('mean')")
    settled(page)
    mean = float(link(page)["mean"])
    assert summary(page) == pytest.approx(pass_through("relu", mean, 2).summary(), abs=1e-6)


def test_keys_move_the_crowd_as_the_pointer_does(page: Page) -> None:
    open_lesson(page)
    handle(page, "spread").focus()
    page.keyboard.press("ArrowRight")
    page.keyboard.press("ArrowRight")
    expect_in_link(page, "spread", "2.2")
    handle(page, "mean").focus()
    page.keyboard.press("PageDown")
    expect_in_link(page, "mean", "-1")


# ---- reading off ----


def test_pointing_at_the_curve_writes_its_arithmetic_out(page: Page) -> None:
    open_lesson(page)
    plot = page.locator(".crowd .curve .plot")
    plot.focus()
    page.keyboard.press("Home")
    for _ in range(50):
        page.keyboard.press("ArrowRight")
    shelf = page.locator(".activations .shelf")
    # [G] activations: σ'(0) = 0.25.
    expect(shelf).to_contain_text("at x = 0")
    assert [text.strip("= ") for text in shelf.locator(".total").all_inner_texts()] == ["0.500", "0.250", "0.250"]


def test_all_curves_are_read_off_at_once(page: Page) -> None:
    open_lesson(page, "?at=compare&with=tanh~gelu")
    page.locator(".compare .plot").hover(position={"x": 300, "y": 100})
    text = page.locator(".compare .plot-card b").inner_text()
    x = float(text.split("=")[1].replace("−", "-"))
    rows = page.locator(".compare .plot-card").evaluate(
        "card => [...card.querySelectorAll('span, i')].map((e) => e.textContent)"
    )
    read = {name: float(value.replace("−", "-")) for name, value in zip(rows[::2], rows[1::2], strict=True)}
    for shown, name in (("sigmoid", "sigmoid"), ("tanh", "tanh"), ("GELU", "gelu")):
        found = curve(name, np.array([x]))
        assert read[shown] == pytest.approx(found.y[0], abs=1e-3)
        assert read[f"{shown}′"] == pytest.approx(found.slope[0], abs=1e-3)


def test_a_curve_is_laid_beside_and_taken_away(page: Page) -> None:
    open_lesson(page, "?at=compare")
    page.get_by_role("button", name="Compare with GELU").click()
    expect(page.locator('.compare .curve[data-id="gelu"]')).to_be_visible()
    expect_in_link(page, "with", "tanh~relu~gelu")
    page.get_by_role("button", name="Show all").click()
    expect(page.locator(".compare path.curve")).to_have_count(2 * len(FUNCTIONS))
    page.get_by_role("button", name="Only this one").click()
    expect(page.locator(".compare path.curve")).to_have_count(2)


# ---- settings ----


def test_a_setting_is_typed_and_a_word_is_refused(page: Page) -> None:
    open_lesson(page, "?f=elu")
    cell = page.locator('.number-cell[data-name="alpha"]')
    cell.focus()
    page.keyboard.press("Enter")
    page.locator(".number-cell input").fill("much")
    page.keyboard.press("Enter")
    expect(page.locator(".number-cell input.wrong")).to_be_visible()
    page.locator(".number-cell input").fill("0.5")
    page.keyboard.press("Enter")
    expect(cell).to_contain_text("0.50")
    expect_in_link(page, "alpha", "0.5")
    settled(page)
    assert summary(page) == pytest.approx(pass_through("elu", 0, 2, Settings(alpha=0.5)).summary(), abs=1e-6)


def test_a_setting_is_dragged(page: Page) -> None:
    open_lesson(page, "?f=leaky_relu")
    drag(page, page.locator('.number-cell[data-name="negative_slope"]'), 80)
    page.wait_for_function("new URLSearchParams(location.search).has('negative_slope')")
    settled(page)
    slope = float(link(page)["negative_slope"])
    assert slope > 0.1
    expected = pass_through("leaky_relu", 0, 2, Settings(negative_slope=slope))
    assert summary(page) == pytest.approx(expected.summary(), abs=1e-6)


# ---- the other scenes ----


@pytest.mark.parametrize(("name", "weight", "length"), [("sigmoid", 1, 10), ("tanh", 1.5, 7), ("elu", -0.8, 12)])
def test_what_a_chain_leaves_is_the_engines_product(page: Page, name: str, weight: float, length: int) -> None:
    open_lesson(page, f"?at=chain&f={name}&chain_weight={weight}&links={length}&start=0.5")
    titles = page.locator(".chain-rows .gradient").evaluate_all("cells => cells.map((cell) => cell.title)")
    expected = chain(name, np.array([0.5]), weight, length).gradients[:, 0]
    assert len(titles) == length + 1
    for title, value in zip(titles, expected, strict=True):
        assert number(title.split("=")[1]) == pytest.approx(value, rel=0.06, abs=1e-6)


def test_the_end_of_the_chain_is_dragged(page: Page) -> None:
    open_lesson(page, "?at=chain")
    handle(page, "links").focus()
    page.keyboard.press("ArrowLeft")
    expect_in_link(page, "links", "9")
    expect(page.locator(".chain-rows .gradient")).to_have_count(10)


def test_the_zig_zag_is_stepped_and_played(page: Page) -> None:
    open_lesson(page, "?at=zigzag&step=4")
    page.locator(".activations .say h2").click()
    page.keyboard.press("ArrowRight")
    expect_in_link(page, "step", "5")
    dw = walk(False, best_rate(False, WALK), WALK, 0).dw[5]
    totals = page.locator(".activations .shelf .line").first.locator(".total")
    shown = [number(text.strip("= ")) for text in totals.all_inner_texts()]
    assert shown == pytest.approx(dw.tolist(), abs=1e-3)
    page.get_by_role("button", name="2×").click()
    page.get_by_role("button", name="Play").click()
    expect(page.locator(".zigzag .where")).not_to_have_text("step 5 of 60")
    page.get_by_role("button", name="Pause").click()
    page.wait_for_function("Number(new URLSearchParams(location.search).get('step')) > 5")


def test_a_rate_for_both_walks_is_said_to_be_the_same(page: Page) -> None:
    open_lesson(page, "?at=zigzag")
    said = page.locator(".activations .say")
    for centred in (False, True):
        rate = best_rate(centred, WALK)
        expect(said.locator("p")).to_contain_text(f"step {walk(centred, rate, WALK, 0).arrival()}")
        expect(said.locator("p")).to_contain_text(f"rate {rate:g}")
    page.locator(".zigzag .knob").get_by_role("button", name="0.4", exact=True).click()
    expect(said.locator("h2")).to_have_text("What does the same rate show?")
    for centred in (False, True):
        expect(said.locator("p")).to_contain_text(f"step {walk(centred, 0.4, WALK, 0).arrival()}")
    expect_in_link(page, "lr", "0.4")


def expect_race(page: Page, lap: int, seed: int) -> bool:
    """What is said and written of a lap; whether it is a tie."""
    behind, ahead = (race()[name].at_best for name in RACERS)
    found = lead(behind[:, lap], ahead[:, lap])
    said = page.locator(".activations .say p")
    expect(page.locator(".race .where")).to_have_text(f"step {lap * EVERY} of {LAPS * EVERY}")
    expect(said).to_contain_text("a tie" if found.tied else f"{RACERS[found.mean > 0]} is ahead")
    expect(said).to_contain_text(f"{abs(found.mean):.3f}")
    expect(said).to_contain_text(f"{found.spread:.3f}")
    for entrant in race().values():
        expect(said).to_contain_text(f"{entrant.rate:g}")
    gap = behind[seed, lap] - ahead[seed, lap]
    assert totals(page) == pytest.approx([gap, found.mean], abs=5e-4)
    for line in page.evaluate("window.printed.lines()"):
        assert not list(false_ones(plain(line))), line
    return found.tied


def test_a_race_says_at_each_step_who_is_ahead_or_that_it_is_a_tie(page: Page) -> None:
    open_lesson(page, "?at=race")
    expect(page.locator(".race path.curve")).to_have_count(4)
    page.evaluate(SCRIPT)
    ties = {expect_race(page, LAPS, 0)}
    page.get_by_role("button", name="Previous").click()
    ties.add(expect_race(page, LAPS - 1, 0))
    plot = page.locator(".race .plot")
    plot.focus()
    page.keyboard.press("Home")
    page.keyboard.press("Enter")
    expect_in_link(page, "lap", "0")
    ties.add(expect_race(page, 0, 0))
    assert ties == {True, False}
    page.locator('.race [data-knob="start_seed1"]').click()
    expect_in_link(page, "start_seed", "1")
    expect_race(page, 0, 1)
    page.get_by_role("button", name="Next").click()
    expect_in_link(page, "lap", "1")
    page.reload()
    settled(page)
    still(page)
    page.evaluate(SCRIPT)
    expect_race(page, 1, 1)
    page.wait_for_timeout(1100)  # Back leads to where the reader rested
    page.locator('.scene-tab[data-scene="zigzag"]').click()
    expect_in_link(page, "at", "zigzag")
    page.go_back()
    expect_in_link(page, "at", "race")
    settled(page)
    expect_race(page, 1, 1)
    page.get_by_role("button", name="2×").click()
    page.get_by_role("button", name="Play").click()
    expect(page.locator(".race .where")).to_have_text(f"step {LAPS * EVERY} of {LAPS * EVERY}")
    expect_race(page, LAPS, 1)


def pulls(page: Page) -> list[list[float]]:
    """The factors of each product that the learned slope's gradient is the sum of."""
    return [
        [number(part.strip(" ()")) for part in text.split("×")]
        for text in page.locator(".shelf .pull").all_inner_texts()
    ]


def totals(page: Page) -> list[float]:
    """What stands behind the shelf's equal signs: dw, the next slope, the marked point's y and dy."""
    return [number(text.strip("=≈ ")) for text in page.locator(".activations .shelf .total").all_inner_texts()]


def test_a_slope_is_learned_step_by_step_and_a_step_is_undone(page: Page) -> None:
    open_lesson(page, "?at=learned")
    found = slope_fit(0.25, 0.7, 0.1, FIT, 0)
    below = found.x < 0
    path = page.locator('.learned .curve[data-id="prelu"]')
    bends = [path.get_attribute("d")]
    for step in range(3):
        expect(page.locator(".learned .where")).to_have_text(f"step {step} of {FIT}")
        expect(page.locator(".learned .panel-note").first).to_contain_text(f"w = {found.w[step]:.3f}")
        assert pulls(page) == [
            pytest.approx([dy, x], abs=5e-3) for dy, x in zip(found.dy[step][below], found.x[below], strict=True)
        ]
        assert totals(page)[:2] == pytest.approx([found.dw[step], found.w[step + 1]], abs=5e-4)
        page.get_by_role("button", name="Next").click()
        bends.append(path.get_attribute("d"))
    assert len(set(bends)) == 4
    expect_in_link(page, "fit_step", "3")
    page.get_by_role("button", name="Previous").click()
    expect_in_link(page, "fit_step", "2")
    assert path.get_attribute("d") == bends[2]
    page.reload()
    settled(page)
    still(page)
    expect(page.locator(".learned .where")).to_have_text(f"step 2 of {FIT}")
    page.get_by_role("button", name="2×").click()
    page.get_by_role("button", name="Play").click()
    expect(page.locator(".learned .where")).to_have_text(f"step {FIT} of {FIT}")
    expect(page.locator(".activations .say p")).to_contain_text(f"{found.w[FIT]:.3f}")


def test_what_is_printed_of_a_learned_slope_holds_also_where_it_runs_away(page: Page) -> None:
    open_lesson(page, "?at=learned&fit_lr=0.5&seed=1")
    page.evaluate(SCRIPT)
    read = 0
    for step in range(FIT + 1):
        expect(page.locator(".learned .where")).to_have_text(f"step {step} of {FIT}")
        for line in page.evaluate("window.printed.lines()"):
            read += len(list(equations(plain(line))))
            assert not list(false_ones(plain(line))), line
        page.get_by_role("button", name="Next").click()
    assert read > 4 * FIT


def test_a_product_marks_its_point_and_says_where_its_gradient_comes_from(page: Page) -> None:
    open_lesson(page, "?at=learned&fit_step=1&seed=3")
    found = slope_fit(0.25, 0.7, 0.1, FIT, 3)
    marked = page.locator(".learned .point.accent circle")
    before = marked.get_attribute("cx")
    page.locator(".shelf .pull").nth(2).hover()
    expect(marked).not_to_have_attribute("cx", str(before))
    assert totals(page)[2:] == pytest.approx([found.y[1][2], found.dy[1][2]], abs=5e-4)
    page.locator(".shelf .pull").nth(1).focus()
    assert totals(page)[2:] == pytest.approx([found.y[1][1], found.dy[1][1]], abs=5e-4)


def test_another_rate_seed_and_slope_teach_it_otherwise(page: Page) -> None:
    open_lesson(page, "?at=learned&fit_step=4")
    said = page.locator(".activations .say")
    expect(said.locator("h2")).to_have_text("What does a slope learn from?")
    page.locator(".learned .knob").get_by_role("button", name="0.5", exact=True).click()
    expect_in_link(page, "fit_lr", "0.5")
    page.locator('.learned [data-knob="seed1"]').click()
    expect_in_link(page, "seed", "1")
    expect(said.locator("h2")).to_have_text("Why does it run away?")
    expect(said.locator("p")).to_contain_text(f"{slope_fit(0.25, 0.7, 0.5, FIT, 1).w[4]:.3f}".replace("-", "−"))
    page.locator(".learned .knob").get_by_role("button", name="0.2", exact=True).click()
    for name, value in (("weight", "-0.5"), ("aim", "0.3")):
        page.locator(f'.number-cell[data-name="{name}"]').focus()
        page.keyboard.press("Enter")
        page.locator(".number-cell input").fill(value)
        page.keyboard.press("Enter")
        expect_in_link(page, name, value)
    settled(page)
    found = slope_fit(-0.5, 0.3, 0.2, FIT, 1)
    expect(said.locator("p")).to_contain_text(f"{found.w[4]:.3f}")
    expect(said.locator("p")).to_contain_text(f"{found.best:.3f}")
    page.wait_for_timeout(1100)  # Back leads to where the reader rested
    page.locator('.scene-tab[data-scene="crowd"]').click()
    expect_in_link(page, "at", None)
    page.go_back()
    expect_in_link(page, "at", "learned")
    settled(page)
    expect(said.locator("p")).to_contain_text(f"{found.best:.3f}")


def test_the_facts_of_dying_units_say_what_the_experiment_finds(page: Page) -> None:
    open_lesson(page, "?at=dying&f=elu")
    expect(page.locator(".dying .unit[data-unit]")).to_have_count(100)
    page.get_by_role("tab", name="Facts").click()
    most = round(100 * dying("elu", 0).dead.max())
    assert most > 10
    expect(page.locator(".activations .facts")).to_contain_text(f"{most} %")
    expect(page.locator(".activations .facts")).not_to_contain_text("dies")


def test_dead_units_are_counted_from_real_networks(page: Page) -> None:
    open_lesson(page, "?at=dying&f=relu&rate=1.4")
    found = dying("relu", 0, rates=(1.4,))
    expect(page.locator(".dying .unit[data-unit]")).to_have_count(100)
    assert page.locator(".dying .units .unit.dead").count() == round(100 * found.dead[0])
    expect(page.locator(".activations .say p")).to_contain_text(f"{round(100 * found.accuracy[0])} %")


def test_a_learning_rate_is_kept_by_a_click(page: Page) -> None:
    open_lesson(page, "?at=dying&f=relu")
    plot = page.locator(".dying .plot")
    plot.focus()
    page.keyboard.press("Home")
    page.keyboard.press("Enter")
    expect_in_link(page, "rate", "0.01")
    expect(page.locator(".units-note")).to_contain_text(re.compile("^[0-5] of 100 units are dead"))


def test_scenes_are_changed_by_arrow_keys(page: Page) -> None:
    open_lesson(page)
    page.locator('.scene-tab[data-scene="crowd"]').focus()
    page.keyboard.press("ArrowRight")
    expect_in_link(page, "at", "compare")
    expect(page.locator('.scene-tab[data-scene="compare"]')).to_be_focused()


def test_a_scene_that_is_left_while_it_waits_takes_nothing_from_the_next(page: Page) -> None:
    open_lesson(page)
    page.locator('.scene-tab[data-scene="dying"]').evaluate(
        "tab => { tab.click(); tab.parentElement.querySelector('[data-scene=chain]').click(); }"
    )
    expect(page.locator(".chain-rows")).to_be_visible()


# ---- the whole page ----


def test_picture_and_arithmetic_are_seen_without_scrolling(page: Page) -> None:
    open_lesson(page)
    for scene in SCENES:
        page.locator(f'.scene-tab[data-scene="{scene}"]').click()
        expect(page.locator(".activations .shelf .shelf-head")).to_be_visible()
        box = page.locator(".activations .bench").bounding_box()
        assert box is not None
        assert box["y"] + box["height"] <= 900, scene


def test_a_phone_scrolls_one_way_only(page: Page) -> None:
    page.set_viewport_size({"width": 390, "height": 844})
    open_lesson(page, "?lang=zh")
    for scene in SCENES:
        page.locator(f'.scene-tab[data-scene="{scene}"]').click()
        settled(page)
        wide = page.locator('[data-testid="stMain"]').evaluate("main => main.scrollWidth - main.clientWidth")
        assert wide <= 0, scene
        board = page.locator(".activations .bench").bounding_box()
        assert board is not None
        assert board["width"] <= 390, scene


def test_reduced_motion_steps_calmly(browser: Browser, app_url: str) -> None:
    context = browser.new_context(base_url=app_url, reduced_motion="reduce", viewport={"width": 1440, "height": 900})
    page = context.new_page()
    open_lesson(page, "?at=zigzag")
    page.evaluate("""() => {
      const { setInterval } = window;
      window.paces = [];
      window.setInterval = (run, ms) => { paces.push(ms); return setInterval(run, ms); };
    }""")
    page.get_by_role("button", name="Play").click()
    expect(page.locator(".zigzag .where")).not_to_have_text(f"step 0 of {WALK}")
    assert min(page.evaluate("window.paces")) >= 1000
    context.close()


def test_a_setting_is_pulled_on_the_curve_itself(page: Page) -> None:
    open_lesson(page, "?f=elu")
    box = handle(page, "alpha").locator(".hit").bounding_box()
    assert box is not None
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    page.mouse.move(x, y)
    page.mouse.down()
    page.mouse.move(x, y + 15, steps=3)
    page.mouse.move(x, y + 30, steps=3)
    page.mouse.up()
    page.wait_for_function("new URLSearchParams(location.search).has('alpha')")
    settled(page)
    alpha = float(link(page)["alpha"])
    assert alpha > 1.1
    assert summary(page) == pytest.approx(pass_through("elu", 0, 2, Settings(alpha=alpha)).summary(), abs=1e-6)


def test_a_settings_handle_obeys_the_arrow_keys(page: Page) -> None:
    open_lesson(page, "?f=softplus")
    handle(page, "beta").focus()
    page.keyboard.press("ArrowDown")
    page.wait_for_function("Number(new URLSearchParams(location.search).get('beta')) > 1")
