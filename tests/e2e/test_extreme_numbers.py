"""Infinities, what is no number, huge, tiny, equal and absent numbers: something sensible is drawn, nothing thrown."""

from __future__ import annotations

import base64
import re
from urllib.parse import urlencode

import numpy as np
import pytest
from playwright.sync_api import Page, expect

from tests.e2e.test_frame import load
from tests.e2e.visits import go_to
from tests.e2e.waiting import settled
from tests.pages.opening import visit
from ui import catalogue, state
from ui.components.pack import pack
from ui.controls import Control, Number, Refusal, Short

pytestmark = [pytest.mark.browser, pytest.mark.one_visit]

WILD = "[0, -0, 1, -1, 0.5, 1e38, -1e38, 1e308, -1e308, 5e-324, NaN, Infinity, -Infinity, undefined]"
EXTREMES = ("-9999.99", "9999.99", "-1000", "1000", "-100", "100", "-20", "20", "-1", "9", "0", "1")


def wrong(page: Page, body: str) -> list[str]:
    """What a piece of JavaScript finds wrong: it has ``WILD``, the module ``m`` and ``bad(what)``."""
    found: list[str] = page.evaluate(
        f"""() => {{
          const WILD = {WILD}, m = window.loaded, found = [];
          const bad = (...what) => found.push(what.map(String).join(" "));
          {body}
          return found.slice(0, 20);
        }}"""
    )
    return found


def test_every_number_has_a_colour(page: Page) -> None:
    load(page, "shared/colours.js")
    assert not wrong(
        page,
        """
        const fits = (rgb) => rgb.length === 3 && rgb.every((c) => Number.isInteger(c) && c >= 0 && c <= 255);
        for (const ramp of ["diverging", "sequential"]) for (const mode of ["light", "dark"]) {
          for (const value of WILD) for (const limit of WILD) {
            const rgb = m.colour(value, limit, ramp, mode);
            if (!fits(rgb) || !["#000000", "#ffffff"].includes(m.inkOn(rgb))) bad(value, limit, ramp, rgb);
          }
          const end = (value) => String(m.colour(value, 1, ramp, mode));
          if (end(Infinity) !== end(1) || end(-Infinity) !== end(-1)) bad(ramp, "infinities aren't at the ends");
        }""",
    )


def test_every_number_can_be_written(page: Page) -> None:
    load(page, "shared/numbers.js")
    names = ["format", "scientific", "short", "readable", "significant"]
    assert not wrong(
        page,
        f"""for (const name of {names}) for (const value of WILD) for (const most of [0, 2, 6, 30, NaN]) {{
          const text = m[name](value, most);
          if (!text || /undefined|NaN|Infinity|e[+-]/.test(text)) bad(name, value, most, text);
        }}""",
    )


def test_every_axis_has_two_ends_and_few_ticks(page: Page) -> None:
    load(page, "shared/scales.js")
    assert not wrong(
        page,
        """
        for (const low of WILD) for (const high of WILD) for (const log of [false, true]) {
          const scale = m.makeScale({ low, high, log }, 10, 210), { axis } = scale;
          if (!(axis.low < axis.high && axis.high - axis.low < Infinity)) bad("ends", low, high, axis.low, axis.high);
          if (scale.at(axis.low) !== 10 || Math.abs(scale.at(axis.high) - 210) > 1e-6) bad("at", low, high, log);
          for (const value of WILD) if (!Number.isFinite(scale.clamp(value))) bad("clamp", low, high, value);
          const ticks = m.ticksOf({ low, high, log }, 6);
          const written = ticks.every(({ text }) => text && !/NaN|Infinity|undefined/.test(text));
          if (ticks.length > 40 || !written) bad("ticks", low, high, log);
        }
        for (const x of WILD) m.heightAt([], [], x), m.heightAt([0, NaN, 2], [1, Infinity, 3], x);""",
    )


def test_a_plot_of_anything_is_drawn(page: Page) -> None:
    load(page, "shared/plot.js")
    assert not wrong(
        page,
        """
        const host = document.createElement("div");
        host.style.cssText = "width: 400px; height: 200px";
        document.body.append(host);
        const plot = m.makePlot(host, { label: "it" }), some = WILD.filter((_, i) => i % 2);
        const places = "x|y|x1|x2|y1|y2|cx|cy|r|d";
        const shapeless = new RegExp(`\\b(${places}|width|height|transform|viewBox)="[^"]*(NaN|Infinity|undefined)`);
        const lists = [[], [3], WILD.map(Number), [2, 2, 2], [Infinity, Infinity], [NaN, NaN]];
        for (const low of WILD) for (const high of some) for (const ys of lists) for (const log of [false, true]) {
          const xs = ys.map((_, i) => (ys.length > 3 ? ys[ys.length - 1 - i] : i)), [x, y] = [ys.at(-2) ?? low, high];
          plot.update({
            x: { low, high, label: "x" }, y: { low: high, high: low, log, label: "y" }, areas: [{ x: xs, high: ys }],
            curves: [{ x: xs, y: ys, label: "one" }, { x: xs, y: xs, label: "two" }],
            bars: [{ edges: [low, 0, high], counts: [high, low], limit: high }],
            rules: [{ x, label: "here" }, { y, label: "there" }], points: [{ x, y, label: "point" }],
            handles: [{ id: "h", x, y, along: "xy", label: "hold", text: "h" }],
          });
          plot.cursor(x);
          const hit = shapeless.exec(host.innerHTML);
          if (hit) bad(low, high, ys, log, hit[0]);
        }""",
    )


def test_a_small_picture_of_anything_is_drawn(page: Page) -> None:
    load(page, "shared/thumbnail.js")
    assert not wrong(
        page,
        """
        for (const values of [WILD, [], [Infinity], [NaN, NaN], [7, 7], [1e38, -1e38]]) {
          const limit = m.limitOf(values);
          if (!(limit > 0 && limit < Infinity)) bad("limit", values, limit);
          for (const end of WILD) for (const side of [0, 1, 4]) {
            m.thumbnail(values, side, values.length, end, "diverging", "light");
            m.mosaic(values, 2, side, 2, side, end, "sequential", "dark");
          }
          m.photograph(values, 1, 2);
        }""",
    )


def test_numbers_that_are_not_finite_come_back_from_the_header(page: Page) -> None:
    load(page, "shared/unpack.js")
    data = pack({"a": float("nan"), "b": [{"c": float("inf")}, np.float64("-inf"), 1.5], "d": "nan"}, {})
    read = page.evaluate(
        """(text) => {
          const { meta } = window.loaded.unpack(Uint8Array.from(atob(text), (c) => c.charCodeAt(0)));
          return [Number.isNaN(meta.a), meta.b[0].c === Infinity, meta.b[1] === -Infinity, meta.b[2], meta.d];
        }""",
        base64.b64encode(data).decode(),
    )
    assert read == [True, True, True, 1.5, "nan"]


def test_what_people_type_is_read_as_they_mean_it(page: Page) -> None:
    load(page, "shared/reading.js")
    texts = {"0.5": 0.5, "−3": -3, "0,5": 0.5, " 1e-4 ": 1e-4, "1/4": 0.25, "０．５": 0.5, "-2": -2, ".5": 0.5}
    assert page.evaluate("texts => texts.map(window.loaded.readNumber)", list(texts)) == list(texts.values())
    for text in ("", "-", "abc", "1/0/2", "0x10", "1_000", "Infinity", "NaN", "1e999", "2/0", "0/0"):
        assert not page.evaluate("text => Number.isFinite(window.loaded.readNumber(text))", text), text


# ---- whole lessons ----


def pushed(control: Control, high: bool) -> str | None:
    """The text of a control's lowest or highest value; of a list, that of all its numbers."""
    if isinstance(control, Number):
        return control.write(control.high if high else control.low)
    if isinstance(control, Short):
        given = control.example or control.default
        for extreme in EXTREMES[high::2]:
            text = re.sub(r"(^|[:,])-?\d+(\.\d+)?", rf"\g<1>{extreme}", given)
            try:
                control.read(text)
            except Refusal:
                continue
            return text if text != given else None
    return None


def controls_of(entry: catalogue.Lesson) -> list[Control]:
    bound = visit(str(entry.path), {}).session_state["stepcnn.controls"]
    return [control for name, control in bound.items() if name not in state.FRAME_NAMES]


def expect_drawn(page: Page) -> None:
    expect(page.locator(".st-key-section-exercises")).to_be_visible()
    settled(page)
    page.wait_for_function(
        """() => [...document.querySelectorAll("[data-testid=stBidiComponentIsolated]")].every(({ shadowRoot }) => {
          const host = shadowRoot?.querySelector("div > div");
          return !host || host.childElementCount || host.closest("[class*=st-key-frame]");
        })""",
    )
    expect(page.get_by_test_id("stException")).to_have_count(0)
    expect(page.locator(".failed")).to_have_count(0)


@pytest.mark.parametrize("entry", catalogue.LESSONS, ids=lambda entry: entry.key)
def test_a_lesson_at_the_ends_of_all_its_controls_is_drawn(page: Page, entry: catalogue.Lesson) -> None:
    controls = controls_of(entry)
    for high in (False, True):
        query = {control.name: text for control in controls if (text := pushed(control, high)) is not None}
        go_to(page, f"/{entry.key}?{urlencode(query)}")
        expect_drawn(page)


@pytest.mark.parametrize("scene", ["shares", "temperature", "slopes", "margins", "overflow"])
def test_scores_far_beyond_what_a_float_holds_are_drawn(page: Page, scene: str) -> None:
    lists = {"scores": "710,0", "warm": "9999,-9999,0", "margins": "-9999,9999,9999", "large": "9999,9999,0"}
    go_to(page, f"/softmax?{urlencode({'scene': scene, 'truth': 1, 'T': 0.1, **lists})}")
    expect_drawn(page)
    cell = page.locator(".with-lane .cell.editable").first
    if scene == "temperature":
        return
    for text in ("800", "1000", "0"):
        cell.click()
        page.locator("input.edit").fill(text)
        page.keyboard.press("Enter")
        expect(page.locator("input.edit")).to_have_count(0)
    expect_drawn(page)
