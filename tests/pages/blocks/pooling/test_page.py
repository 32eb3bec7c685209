"""The page of "Pooling" without a browser: what the bench is given, what becomes of its events."""

from __future__ import annotations

import re
from collections.abc import Callable

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

from engine import reference
from engine.data.digits import digit
from engine.layers import AvgPool2d, MaxPool2d
from engine.layers.pool_variants import LPPool2d, StochasticPool2d
from engine.zoo.digit_network import pretrained_digit_network
from pages.blocks.pooling import controls as lesson
from pages.blocks.pooling.compute import pool
from tests.pages.opening import Bench, do, edit, link, visit
from ui import catalogue, i18n

KEY = "pooling"
FILE = str(catalogue.lesson(KEY).path)
DIGIT = digit(504)[0][None].astype(float)
Open = Callable[..., AppTest]


@pytest.fixture
def bench(monkeypatch: pytest.MonkeyPatch) -> Bench:
    return Bench.instead(monkeypatch)


@pytest.fixture
def open_page(bench: Bench) -> Open:
    def opened(**query: str) -> AppTest:
        return visit(FILE, query)

    return opened


def opened(at: AppTest, popover: str) -> AppTest:
    """What a popover holds is made when it is opened."""
    at.session_state[f"{KEY}.{popover}"] = True
    return at.run()


def show(at: AppTest, example: str) -> AppTest:
    opened(at, "examples")
    next(button for button in at.button if button.key == f"{KEY}.example.{example}").click().run()
    assert not at.exception
    assert not at.error
    return at


# What a newcomer meets, and the worked examples.


def test_the_plain_page_pools_a_digit_and_routes_ones_back(open_page: Open, bench: Bench) -> None:
    at = open_page()
    np.testing.assert_array_equal(bench.arrays["x"], DIGIT)
    y = reference.max_pool2d(DIGIT, (2, 2), (2, 2))
    np.testing.assert_array_equal(bench.arrays["y"], y)
    expected = reference.max_pool2d_backward(DIGIT, np.ones_like(y), (2, 2), (2, 2))
    np.testing.assert_array_equal(bench.arrays["dx"], expected)
    assert bench.scene.facts["unnoticed"] == 48
    assert link(at) == {}


def test_it_says_that_75_percent_are_dropped(open_page: Open, bench: Bench) -> None:
    # Curriculum, pooling: 75 % of activations dropped at (2, 2).
    open_page()
    assert "(8 − 2 + 2·0)/2 + 1 = **4**" in bench.notes
    assert "16 numbers stand for 64: **75 %** are dropped" in bench.notes


@pytest.mark.parametrize(
    ("query", "word"),
    [
        ({"method": "average"}, "fewer"),
        ({"method": "norm"}, "fewer"),
        ({"method": "global"}, "fewer"),
        ({"method": "convolution"}, "fewer"),
        ({"method": "stochastic", "phase": "test"}, "fewer"),
        ({"method": "stochastic"}, "are dropped"),
        ({"window": "3"}, "fewer"),
    ],
)
def test_numbers_are_dropped_only_where_those_that_stay_are_picked_from_windows_that_do_not_overlap(
    open_page: Open, bench: Bench, query: dict[str, str], word: str
) -> None:
    open_page(**query)
    assert f"%** {word}" in bench.notes
    open_page(**query, stride="1", padding="1")
    assert "are dropped" not in bench.notes
    assert "-" not in bench.notes.split("stand for")[-1]


@pytest.mark.parametrize("p", [1, 2, 3, 8])
def test_a_norm_is_never_below_the_maximum_and_a_power_mean_lies_between_average_and_maximum(p: int) -> None:
    y = pool(LPPool2d(p, 2), DIGIT).step.y
    largest, mean = pool(MaxPool2d(2), DIGIT).step.y, pool(AvgPool2d(2), DIGIT).step.y
    power_mean = y / 4 ** (1 / p)
    assert (y >= largest - 1e-12).all()
    assert (y > largest + 1e-3).any()
    assert ((mean - 1e-12 <= power_mean) & (power_mean <= largest + 1e-12)).all()
    assert "between" not in i18n.blocks(KEY, "en")["scene-norm"].heading


def test_what_is_said_of_a_number_without_a_chance_is_what_the_layer_does() -> None:
    x = np.array([[[[0.0, 0.4, 0.0, -1.0], [-0.2, 0.1, 0.0, -0.5]]]])
    found = pool(StochasticPool2d(2), x)
    np.testing.assert_allclose(found.back.dx[0, 0, :, 0], 0)
    np.testing.assert_allclose(found.back.dx[0, 0, :, 2:], 0.25)
    y = found.step.y[0, 0, 0, 0]
    above = x + np.array([[[[1e-7, 0, 0, 0], [0, 0, 0, 0]]]])
    kink = (pool(StochasticPool2d(2), above).step.y[0, 0, 0, 0] - y) / 1e-7
    assert kink == pytest.approx(-y / 0.5, rel=1e-5)


def test_the_example_of_a_tie_has_two_equals_of_which_the_first_wins(open_page: Open, bench: Bench) -> None:
    before = open_page()
    ties = bench.scene.facts["ties"]
    show(before, "tie")
    window, sent = bench.arrays["x"][0, 0, 2:4, 2:4], bench.arrays["dx"][0, 0, 2:4, 2:4]
    assert (window == window.max()).sum() == 2
    assert sent.tolist() == [[1, 0], [0, 0]]
    assert bench.scene.facts["ties"] == ties + 1


def test_overlapping_windows_let_one_pixel_win_three(open_page: Open, bench: Bench) -> None:
    at = show(open_page(), "overlap")
    assert bench.arrays["dx"].max() == 3
    assert bench.arrays["y"].shape == (1, 1, 3, 3)
    show(at, "apart")
    assert bench.arrays["y"].shape == (1, 1, 3, 3)
    assert bench.arrays["dx"].max() == 1
    assert [knob.name for knob in bench.scene.knobs if knob.flagged] == ["stride"]
    assert "(7 − 2 + 2·0)/2 + 1 = **3.5**" in bench.notes


def test_the_example_of_the_norm_has_the_shares_it_names(open_page: Open, bench: Bench) -> None:
    show(open_page(), "length")
    assert bench.arrays["y"][0, 0, 1, 1] == pytest.approx(0.5)
    np.testing.assert_allclose(bench.arrays["shares"][0, 0, 2:4, 2:4], [[0.6, 0], [0.8, 0]])
    np.testing.assert_allclose(bench.arrays["dx"][0, 0, 2:4, 2:4], [[1.2, 0], [1.6, 0]])


def test_the_examples_of_chance_have_the_chances_they_name(open_page: Open, bench: Bench) -> None:
    at = show(open_page(), "chance")
    np.testing.assert_allclose(bench.arrays["shares"][0, 0, 2:4, 2:4], [[0.4, 0.3], [0.1, 0.2]])
    assert bench.arrays["y"][0, 0, 1, 1] in bench.arrays["x"][0, 0, 2:4, 2:4]
    show(at, "expected")
    assert bench.arrays["y"][0, 0, 1, 1] == pytest.approx(0.3)


def test_eight_feature_maps_become_eight_numbers(open_page: Open, bench: Bench) -> None:
    show(open_page(), "global")
    maps = pretrained_digit_network().forward(DIGIT.astype(np.float32))["relu1"].y
    np.testing.assert_allclose(bench.arrays["y"].ravel(), maps.mean(axis=(2, 3)).ravel(), rtol=1e-6)
    assert "8 numbers stand for 512" in bench.notes
    assert not {"window", "stride", "padding"} & bench.knobs


def test_a_strided_convolution_of_equal_weights_pools_like_the_average(open_page: Open, bench: Bench) -> None:
    at = show(open_page(), "strided")
    pooled = bench.arrays["y"]
    assert bench.arrays["dweight"].shape == (1, 1, 2, 2)
    do(at, bench, edit=edit("weight", 0, 1))
    assert not np.allclose(bench.arrays["y"], pooled)
    show(at, "shares")
    np.testing.assert_allclose(bench.arrays["y"], pooled)


def test_moving_one_pixel_counts_what_stays(open_page: Open, bench: Bench) -> None:
    at = show(open_page(), "moved")
    assert "max **8** of 16 (not 0: 3 of 11)" in bench.notes
    assert "average **5** of 16 (not 0: 0 of 11)" in bench.notes
    do(at, bench, right=True)
    assert link(at)["right"] == "2"
    np.testing.assert_array_equal(bench.arrays["max1"][..., 1:], bench.arrays["max0"][..., :-1])
    assert "whole number of strides" in bench.notes
    show(at, "moved-wide")
    assert "max **11** of 16" in bench.notes


def test_moving_stops_where_the_control_does(open_page: Open, bench: Bench) -> None:
    at = open_page(view="move", down=str(-lesson.FARTHEST))
    do(at, bench, up=True)
    assert link(at)["down"] == str(-lesson.FARTHEST)


# Settings.


def test_no_setting_is_shown_that_means_nothing(open_page: Open, bench: Bench) -> None:
    at = open_page(padding="1")
    for method, shown, absent in (
        ("average", {"padding", "counted"}, {"p", "phase", "kernel"}),
        ("norm", {"p"}, {"padding", "phase"}),
        ("stochastic", {"phase", "draw"}, {"padding", "p"}),
        ("convolution", {"kernel", "padding"}, {"counted"}),
    ):
        do(at, bench, set={"method": method})
        assert shown <= bench.knobs
        assert not absent & bench.knobs


def test_padding_may_not_count_in_an_average(open_page: Open, bench: Bench) -> None:
    at = open_page(method="average", padding="1", source="digit-4")
    corner = bench.arrays["x"][0, 0, 0, 0]
    assert bench.arrays["y"][0, 0, 0, 0] == pytest.approx(corner / 4)
    do(at, bench, set={"counted": "no"})
    assert bench.arrays["y"][0, 0, 0, 0] == pytest.approx(corner)


def test_padding_beyond_half_a_window_and_a_window_too_large_are_mended_and_said(open_page: Open, bench: Bench) -> None:
    open_page(padding="2")
    assert any(note.flagged and "at most half" in note.text for note in bench.scene.notes)
    open_page(source="digit-4", window="5")
    assert any(note.flagged and "no place" in note.text for note in bench.scene.notes)
    assert bench.arrays["y"].shape == (1, 1, 1, 1)


@pytest.mark.parametrize("method", lesson.METHODS)
@pytest.mark.parametrize("source", lesson.SIDES)
def test_every_way_of_pooling_takes_every_map_and_window(
    open_page: Open, bench: Bench, method: str, source: str
) -> None:
    open_page(method=method, source=source, window="5", stride="3", padding="2", phase="test", upstream="square")
    assert bench.arrays["dx"].shape == bench.arrays["x"].shape


@pytest.mark.parametrize("view", ["both", "move"])
@pytest.mark.parametrize("source", lesson.SIDES)
def test_both_views_take_every_map_with_negative_numbers_in_it(
    open_page: Open, bench: Bench, view: str, source: str
) -> None:
    at = open_page(view=view, source=source, window="3", padding="1", moved="edge", edits="x.0:-5~x.5:-0.5~d.0:-2")
    for method in lesson.METHODS:
        do(at, bench, set={"method": method})
        assert all(np.isfinite(array).all() for array in bench.arrays.values())


def test_drawing_again_changes_the_seed_and_the_winners(open_page: Open, bench: Bench) -> None:
    at = open_page(method="stochastic")
    before = bench.arrays["y"]
    do(at, bench, draw=True)
    assert link(at)["seed"] == "1"
    assert not np.array_equal(bench.arrays["y"], before)


def test_with_half_the_sum_of_squares_the_gradient_is_y_itself(open_page: Open, bench: Bench) -> None:
    open_page(upstream="square")
    np.testing.assert_array_equal(bench.arrays["dy"], bench.arrays["y"])


def test_a_setting_that_a_control_refuses_is_left_out(open_page: Open, bench: Bench) -> None:
    at = open_page()
    do(at, bench, set={"window": 99, "method": "median", "stride": 1})
    assert link(at) == {"stride": "1"}


# Typed numbers and the link.


def test_typed_numbers_are_kept_marked_and_undone(open_page: Open, bench: Bench) -> None:
    at = open_page()
    do(at, bench, edit=edit("x", 19, 0.875))
    do(at, bench, edit=edit("dy", 5, -2))
    assert link(at)["edits"] == "x.19:0.875~d.5:-2"
    assert bench.arrays["dx"][0, 0, 2, 2] == -2
    np.testing.assert_array_equal(bench.arrays["was:x"], DIGIT)
    do(at, bench, undo=True)
    assert link(at)["edits"] == "x.19:0.875"
    do(at, bench, restore=True)
    assert "edits" not in link(at)


def test_another_window_forgets_gradients_and_keeps_pixels(open_page: Open, bench: Bench) -> None:
    at = open_page(edits="x.19:0.875~d.5:-2")
    do(at, bench, set={"window": 3})
    assert link(at)["edits"] == "x.19:0.875"
    do(at, bench, set={"source": "maps"})
    assert "edits" not in link(at)


def test_more_numbers_than_the_link_holds_are_refused_and_nothing_is_lost(open_page: Open, bench: Bench) -> None:
    many = "~".join(f"x.{index}:-123.4567" for index in range(27))
    at = open_page(edits=many)
    do(at, bench, edit=edit("x", 40, 123.4567))
    assert link(at)["edits"] == many


def test_the_resting_cursor_and_its_map_are_in_the_link(open_page: Open, bench: Bench) -> None:
    at = open_page()
    do(at, bench, state={"cell": 17, "c": 0, "back": 1})
    assert link(at) == {"cell": "17", "back": "1"}
    open_page(cell="17", back="1")
    assert bench.now["cell"] == 17
    assert bench.scene.results[bench.now[bench.scene.result]] == "DX"


# Words.


@pytest.mark.parametrize("language", ["en", "zh"])
def test_every_scene_has_words_and_all_their_gaps_are_filled(
    open_page: Open, bench: Bench, language: i18n.Language
) -> None:
    by_the_browser = {"value", "row", "column", "k", "count", "bias", "channel"}
    by_the_browser |= {"winner_row", "winner_column", "equals", "percent"}
    at = open_page(lang=language)
    seen: set[str] = set()
    for example in ("tie", *lesson.EXAMPLES):
        show(at, example)
        shown = {name: text for name, text in bench.texts.items() if name.startswith(bench.scene.text)}
        for name, (heading, body) in shown.items():
            gaps = set(re.findall(r"\{(\w+)\}", heading + body))
            assert gaps <= by_the_browser | set(bench.scene.facts), name
            seen.add(name)
    assert seen == {name for name in i18n.blocks(KEY, language) if name.startswith("scene-")}


def test_the_text_tells_what_stays_over_all_digits(open_page: Open, bench: Bench) -> None:
    texts = [text.value for text in open_page().markdown]
    told = next(text for text in texts if "1,797" in text)
    assert all(share in told for share in ("31 %", "50 %", "1 %", "6 %"))


@pytest.mark.parametrize(
    "query", [{"method": method} for method in lesson.METHODS] + [{"method": "stochastic", "phase": "test"}]
)
def test_the_check_computes_both_ways_again(open_page: Open, bench: Bench, query: dict[str, str]) -> None:
    at = open_page(**query)
    next(button for button in at.button if button.label == "Compute it again with plain loops").click().run()
    said = next(text.value for text in at.markdown if "computed twice" in text.value)
    worst = re.search(r"largest difference is (.*)\.", said)
    assert worst is not None
    assert worst[1] == "0" or re.search("10⁻¹[⁰¹²³⁴⁵⁶⁷⁸⁹]", worst[1]), worst[1]
    assert any("The mean of 1,000 draws" in text.value for text in at.markdown) == (query["method"] == "stochastic")
