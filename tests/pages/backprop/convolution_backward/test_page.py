"""The page of "Convolution, backward" without a browser: what the bench is given, what becomes of its events."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

from engine import reference
from pages.backprop.convolution_backward import controls as lesson
from tests.pages.opening import Bench, do, edit, link, visit
from ui import catalogue

KEY = "convolution-backward"
FILE = str(catalogue.lesson(KEY).path)
Open = Callable[..., AppTest]


@pytest.fixture
def bench(monkeypatch: pytest.MonkeyPatch) -> Bench:
    return Bench.instead(monkeypatch)


@pytest.fixture
def open_page(bench: Bench) -> Open:
    def opened(**query: str) -> AppTest:
        return visit(FILE, query)

    return opened


def loops(stride: int = 1, padding: int = 0, dilation: int = 1) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    side = (5 + 2 * padding - 2 * dilation - 1) // stride + 1
    geometry = ((stride, stride), (padding, padding), (dilation, dilation))
    return reference.conv2d_backward(lesson.X, lesson.W, lesson.DY[:, :, :side, :side], *geometry)


def test_the_plain_page_follows_one_weight_through_the_forward_pass_s_own_numbers(
    open_page: Open, bench: Bench
) -> None:
    at = open_page()
    forward, backward = bench.scene.rows
    assert [grid if isinstance(grid, str) else grid["name"] for grid in forward] == ["x", "∗", "W", "=", "y"]
    assert [grid["array"] for grid in backward if not isinstance(grid, str)] == ["x", "dy", "x", "dweight"]
    np.testing.assert_array_equal(bench.arrays["y"], reference.conv2d(lesson.X, lesson.W, None))
    np.testing.assert_array_equal(bench.arrays["dweight"], loops()[1])
    assert link(at) == {}


def test_a_link_that_names_its_view_opens_it_as_before(open_page: Open, bench: Bench) -> None:
    at = open_page(view="dx")
    np.testing.assert_array_equal(bench.arrays["dx"], loops()[0])
    assert "**5×5**" in bench.notes
    assert link(at) == {"view": "dx"}


def hidden(bench: Bench) -> set[str]:
    grids = [one for row in bench.scene.rows for item in row for one in (item if isinstance(item, list) else [item])]
    return {grid["id"] for grid in grids if not isinstance(grid, str) and grid["hide"]}


def test_the_values_of_dw_are_hidden_by_a_button_and_found_ones_belong_to_their_numbers(
    open_page: Open, bench: Bench
) -> None:
    at = open_page(view="dw")
    assert hidden(bench) == set()
    do(at, bench, quiz=True)
    assert hidden(bench) == {"Y", "B"}
    do(at, bench, state={"done": "5"})
    assert link(at) == {"view": "dw", "quiz": "1", "done": "5", "cell": "0"}
    do(at, bench, edit=edit("x", 0, 20.0))
    assert "done" not in link(at)
    do(at, bench, quiz=True)
    assert hidden(bench) == set()
    assert "quiz" not in link(at)


@pytest.mark.parametrize("query", [{}, {"view": "dx"}, {"view": "dw", "source": "conv2"}])
def test_only_whole_numbers_of_the_whole_dw_are_to_be_found(
    open_page: Open, bench: Bench, query: dict[str, str]
) -> None:
    open_page(quiz="1", **query)
    assert hidden(bench) == set()


@pytest.mark.parametrize("stride", ["1", "2", "3"])
@pytest.mark.parametrize("padding", ["0", "1", "2"])
@pytest.mark.parametrize("dilation", ["1", "2"])
def test_every_setting_gives_the_loops_gradients(
    open_page: Open, bench: Bench, stride: str, padding: str, dilation: str
) -> None:
    settings = {"stride": stride, "padding": padding, "dilation": dilation}
    wanted = loops(int(stride), int(padding), int(dilation))
    open_page(view="dx", **settings)
    np.testing.assert_array_equal(bench.arrays["dx"], wanted[0])
    open_page(view="dw", **settings)
    np.testing.assert_array_equal(bench.arrays["dweight"], wanted[1])
    np.testing.assert_array_equal(bench.arrays["dbias"], wanted[2])
    open_page(view="columns", **settings)
    np.testing.assert_array_equal(bench.arrays["dx"], wanted[0])


def test_rows_that_were_never_read_are_named(open_page: Open, bench: Bench) -> None:
    open_page(view="dx", stride="3")
    assert [note.flagged for note in bench.scene.notes] == [False, True]
    assert "last 2 rows" in bench.notes
    assert not bench.arrays["dx"][0, 0, 3:].any()


def test_stride_and_dilation_change_places_for_a_weight(open_page: Open, bench: Bench) -> None:
    open_page(view="dw", stride="2", padding="2", dilation="2")
    assert "cells are **2** apart and it moves by **2**" in bench.notes


def test_the_networks_own_gradients_are_the_ones_of_forward_and_backward(open_page: Open, bench: Bench) -> None:
    open_page(view="dx", source="conv2", k="7")
    step, back = lesson.network_steps()["conv2"]
    np.testing.assert_allclose(bench.arrays["dx"], back.dx, atol=1e-12)
    np.testing.assert_allclose(bench.arrays["dy"], back.dy)
    open_page(source="conv2", view="dw")
    np.testing.assert_allclose(bench.arrays["dweight"], back.grads["weight"], atol=1e-12)
    assert step.name == "conv2"


@pytest.mark.parametrize(("window", "step"), [("2", "2"), ("3", "1"), ("2", "1"), ("3", "3"), ("2", "3")])
def test_pooling_sends_all_of_dy_on(open_page: Open, bench: Bench, window: str, step: str) -> None:
    open_page(view="pool", window=window, step=step)
    expected = reference.max_pool2d_backward(lesson.POOLED, bench.arrays["dy"], (int(window),) * 2, (int(step),) * 2)
    np.testing.assert_array_equal(bench.arrays["dx"], expected)
    assert bench.arrays["dx"].sum() == bench.arrays["dy"].sum()
    open_page(view="pool", window=window, step=step, kind="average")
    expected = reference.avg_pool2d_backward(lesson.POOLED, bench.arrays["dy"], (int(window),) * 2, (int(step),) * 2)
    np.testing.assert_allclose(bench.arrays["dx"], expected)


def test_a_larger_number_takes_the_gradient_over(open_page: Open, bench: Bench) -> None:
    at = open_page(view="pool")
    before = bench.arrays["dx"][0, 0].copy()
    do(at, bench, edit=edit("x", 0, 20.0))
    after = bench.arrays["dx"][0, 0]
    assert (before[0, 0], after[0, 0]) == (0, before[1, 1])
    assert after[1, 1] == 0
    assert link(at)["edits"] == "x.0:20"


def test_typed_numbers_stay_where_they_fit_and_go_where_they_do_not(open_page: Open, bench: Bench) -> None:
    at = open_page(edits="w.0:5~d.8:7~x.3:9")
    assert bench.arrays["dy"][0, 0, 2, 2] == 7
    do(at, bench, set={"stride": 2})
    assert link(at)["edits"] == "w.0:5~x.3:9"  # dy has another shape now
    do(at, bench, undo=True)
    assert link(at)["edits"] == "w.0:5"
    do(at, bench, set={"source": "two"})
    assert "edits" not in link(at)


def test_where_the_cursor_rests_goes_into_the_link(open_page: Open, bench: Bench) -> None:
    at = open_page(view="columns")
    do(at, bench, state={"cell": 12, "k": 0, "shown": "C"})
    assert link(at) == {"view": "columns", "cell": "12", "shown": "C"}
    do(at, bench, state={"cell": 10**6, "k": 99, "shown": "nonsense"})
    assert link(at) == {"view": "columns", "cell": "12", "shown": "C"}


@pytest.mark.parametrize("example", lesson.EXAMPLES)
def test_every_worked_example_opens(open_page: Open, bench: Bench, example: str) -> None:
    at = open_page(stride="3", source="two", edits="w.4:2")
    at.session_state[f"{KEY}.examples"] = True
    at.run()
    next(button for button in at.button if button.key == f"{KEY}.example.{example}").click().run()
    assert not at.exception
    assert not at.error
    assert "edits" not in link(at)


@pytest.mark.parametrize(
    "query", [{}, {"view": "dw", "source": "conv1"}, {"view": "pool"}, {"source": "two", "stride": "2"}]
)
def test_the_check_agrees_with_loops_and_differences(open_page: Open, query: dict[str, str]) -> None:
    at = open_page(**query)
    at.button(f"{KEY}.check").click().run()
    assert not at.exception
    assert len(at.success) == 1
    assert any("plain loops" in shown.value for shown in at.markdown)
