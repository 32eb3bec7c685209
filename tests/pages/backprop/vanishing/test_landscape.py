"""The landscape of "Vanishing and exploding": all sizes of the weights at once, to turn and to choose from."""

from __future__ import annotations

import re

import numpy as np
import pytest
from playwright.sync_api import Page, expect

from pages.backprop.vanishing import controls as lesson
from pages.backprop.vanishing import picture
from pages.backprop.vanishing.compute.setup import Deep
from pages.backprop.vanishing.figure import FARTHEST, Landscape, first, surface
from tests.e2e.waiting import still
from tests.pages.opening import bound, visit
from ui import catalogue, state

WORDS = {"layer": "layer", "times": "σ", "gradient": "gradient", "first": "at the input"}
FILE = str(catalogue.lesson("vanishing").path)


@pytest.fixture
def controls(monkeypatch: pytest.MonkeyPatch) -> None:
    bound(monkeypatch, lesson.CONTROLS, "vanishing")


@pytest.mark.usefixtures("controls")
def test_every_line_of_it_is_the_measured_network_of_that_size_and_the_picture_s_own_is_among_them() -> None:
    for name, value in {"act": "relu", "size": "he", "times": 1.37, "depth": 12}.items():
        state.set(name, value)
    found = picture.landscape()
    assert found.gradient.shape == (len(found.times), 13)
    assert 1.37 in found.times
    assert (found.times[0], found.times[-1]) == lesson.TIMES
    for at in (0, found.nearest(1.37), -1):
        deep = Deep(12, 64, "relu", size="he", times=float(found.times[at]))
        np.testing.assert_array_equal(found.gradient[at], lesson.measured(lesson.Kept(deep, 0)).flow.dy)


def a_landscape(*rows: list[float]) -> Landscape:
    return Landscape(np.geomspace(0.2, 12, len(rows)), np.array(rows, np.float32))


def test_the_surface_is_as_high_as_the_gradient_has_powers_of_ten_and_cut_where_it_says_so() -> None:
    drawn = surface(a_landscape([1e-30, 1e-3, 1], [0.1, 1, 1], [1e20, 10, 1]), 2.0, WORDS, "light")
    np.testing.assert_allclose(drawn.data[0].z, [[-FARTHEST, -3, 0], [-1, 0, 0], [FARTHEST, 1, 0]], atol=1e-6)
    marks = dict(zip(drawn.layout.scene.zaxis.tickvals, drawn.layout.scene.zaxis.ticktext, strict=True))
    assert (marks[-12], marks[0], marks[12]) == ("≤ 10⁻¹²", "10⁰", "≥ 10¹²")
    assert drawn.data[0].customdata[0][0].endswith("gradient 1.0·10⁻³⁰")
    whole = surface(a_landscape([0.1, 1], [1, 1], [10, 1]), 2.0, WORDS, "light")
    assert not any("≤" in text or "≥" in text for text in whole.layout.scene.zaxis.ticktext)


def test_the_chosen_size_is_the_line_on_the_surface_and_the_large_point_of_the_cut() -> None:
    of = a_landscape([1e-3, 1], [0.1, 1], [1, 1])
    line = surface(of, float(of.times[1]), WORDS, "dark").data[1]
    assert set(line.y) == {np.log10(of.times[1])}
    sizes = first(of, float(of.times[1]), WORDS, "dark").data[0].marker.size
    assert list(np.array(sizes) == max(sizes)) == [False, True, False]


def test_what_float32_has_lost_is_left_out() -> None:
    of = a_landscape([0, 1], [np.inf, 1], [1, 1])
    assert np.isnan(surface(of, 1.0, WORDS, "light").data[0].z[:2, 0]).all()
    assert np.isnan(first(of, 1.0, WORDS, "light").data[0].y[:2]).all()
    assert first(a_landscape([0, 1], [0, 1]), 1.0, WORDS, "light").layout.yaxis.tickvals is None


def test_the_page_draws_it_when_it_is_asked_for() -> None:
    at = visit(FILE, {"depth": "6", "width": "16"})
    assert not at.get("plotly_chart")
    at.button(key="vanishing.landscape").click().run()
    assert not at.exception
    assert len(at.get("plotly_chart")) == 2


@pytest.mark.usefixtures("controls")
def test_a_chosen_point_is_the_size_of_the_picture() -> None:
    before = state.taken()
    picture.take({"x": 3.4567, "y": -4.0})
    assert state.query() == {"times": "3.46"}
    assert state.taken() > before, "the browser takes the new size"


@pytest.mark.browser
def test_a_click_on_the_cut_moves_the_picture(page: Page) -> None:
    page.goto("/vanishing?depth=12&width=16")
    still(page)
    page.get_by_role("button", name="Turn the landscape").click()
    charts = page.get_by_test_id("stPlotlyChart")
    expect(charts).to_have_count(2)
    points = charts.nth(1).locator(".point")
    expect(points.first).to_be_visible()
    expect(charts.first.locator("canvas").first).to_be_visible()
    charts.nth(1).scroll_into_view_if_needed()
    box = points.nth(18).bounding_box()
    assert box is not None
    page.mouse.move(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    expect(charts.nth(1).locator(".hoverlayer")).to_contain_text("gradient at the input")
    said = str(charts.nth(1).locator(".hoverlayer").text_content())
    page.mouse.down()
    page.mouse.up()
    page.wait_for_url(re.compile("times="))
    chosen = re.search(r"times=([\d.]+)", page.url)
    assert chosen is not None
    assert f"σ × {chosen[1]}" in said
    expect(page.locator(".vanishing")).to_contain_text(f"× {chosen[1]}")
