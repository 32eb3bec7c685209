"""The page of "Batch norm" without a browser: what the chain is given, what becomes of its events."""

from __future__ import annotations

import inspect
import math
import re
from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

from engine.layers import BatchNorm1d
from pages.backprop.batch_norm import controls as lesson
from pages.backprop.batch_norm.compute import forward_steps
from tests.pages.opening import Bench, do, edit, link, visit
from ui import catalogue
from ui.figures.grids import Grid

KEY = "batch-norm"
FILE = str(catalogue.lesson(KEY).path)
Open = Callable[..., AppTest]


@pytest.fixture
def chain(monkeypatch: pytest.MonkeyPatch) -> Bench:
    return Bench.instead(monkeypatch)


@pytest.fixture
def open_page(chain: Bench) -> Open:
    def opened(**query: str) -> AppTest:
        return visit(FILE, query)

    return opened


SIGNS = {"−": "-", "×": "*", "÷": "/", "√": "math.sqrt", "²": "**2"}


def worked_out(pieces: list[Any], arrays: Mapping[str, np.ndarray], row: int, column: int) -> float:
    """A step's arithmetic exactly as it is written on the shelf, with the numbers put in."""

    def entry(name: str, n: int) -> str:
        array = np.atleast_2d(arrays[name])
        return f"({array[n if len(array) > 1 else 0, column]!r})".replace("np.float64", "")

    def product(read: list[str], n: int) -> str:
        return "(" + " * ".join(entry(name, n) for name in read) + ")"

    written = []
    for piece in pieces:
        if isinstance(piece, str):
            written.append(re.sub("[−×÷√²]", lambda sign: SIGNS[sign[0]], piece))
        else:
            rows = range(len(arrays[piece["read"][0]])) if piece["all"] else [row]
            written.append(" + ".join(product(piece["read"], n) for n in rows))
    return float(eval(" ".join(written), {"math": math}))  # our own signs and numbers


@pytest.mark.parametrize(
    "query",
    [
        {},
        {"eps": "1"},
        {"batch": "digits"},
        {"batch": "two", "eps": "0.1"},
        {"batch": "constant", "upstream": "ones"},
        {"view": "test"},
        {"view": "test", "seen": "0"},
        {"view": "ways"},
        {"view": "ways", "mean_way": "off"},
        {"view": "ways", "var_way": "off"},
    ],
    ids=str,
)
def test_what_is_written_on_the_shelf_makes_the_number(open_page: Open, chain: Bench, query: dict[str, str]) -> None:
    open_page(**query)
    results = [grid for grid in chain.grids.values() if grid.result]
    assert len(results) >= 5
    for grid in results:
        assert grid.rule is not None
        values = np.atleast_2d(chain.arrays[grid.array])
        scale = max(1.0, float(np.abs(values).max()))
        for row, column in np.ndindex(*values.shape):
            found = worked_out(grid.rule["pieces"], chain.arrays, row, column)
            assert found == pytest.approx(values[row, column], abs=1e-7 * scale), (grid.id, row, column)


def test_every_step_and_its_undoing_is_there_with_words_of_its_own(open_page: Open, chain: Bench) -> None:
    open_page()
    assert {name for name, grid in chain.grids.items() if grid.result} == set(lesson.STEPS)
    texts = [grid.text for grid in chain.grids.values() if grid.result]
    assert len(set(texts)) == len(texts)
    assert set(texts) <= set(chain.texts)
    for query in ({"view": "test"}, {"view": "ways"}, {"batch": "two"}):
        open_page(**query)
        assert {grid.text for grid in chain.grids.values() if grid.result} <= set(chain.texts)


def test_each_gradient_stands_under_its_value(open_page: Open, chain: Bench) -> None:
    for view in ("steps", "test"):
        open_page(view=view)
        above, below = chain.scene.rows
        assert len(above) == len(below)
        for values, gradients in zip(above, below, strict=True):
            names = [grid.id for grid in values if isinstance(grid, Grid)]
            assert [grid.id for grid in gradients if isinstance(grid, Grid)] in ([f"d{name}" for name in names], [])


def test_three_scales_become_one(open_page: Open, chain: Bench) -> None:
    open_page()
    assert "**20** · **2** · **0.2** in x, **1** · **1** · **1** in x̂" in chain.notes
    np.testing.assert_allclose(chain.arrays["mean"], [[40, 1, 0.5]])
    np.testing.assert_allclose(chain.arrays["x_hat"][:, 0], [-1.5, -0.5, -0.5, 0, 1, 1.5], atol=1e-6)


def test_the_steps_are_the_layer_on_what_is_shown(open_page: Open, chain: Bench) -> None:
    open_page(edits="x.4:9~g.0:3~b.2:-2~d.1:5")
    arrays = chain.arrays
    assert (arrays["x"][1, 1], arrays["weight"][0, 0], arrays["bias"][0, 2], arrays["dy"][0, 1]) == (9, 3, -2, 5)
    layer = BatchNorm1d(3)
    params = layer.init(np.random.default_rng(0), dtype=np.float64)
    params |= {"weight": arrays["weight"][0], "bias": arrays["bias"][0]}
    y, cache = layer.forward(params, arrays["x"], train=True)
    np.testing.assert_allclose(arrays["y"], y, atol=1e-9)
    np.testing.assert_allclose(arrays["dx"], layer.backward(params, cache, arrays["dy"])[0], atol=1e-8)


@pytest.mark.parametrize("way", ["mean", "var"])
def test_a_way_switched_off_makes_dx_wrong_and_is_said_so(open_page: Open, chain: Bench, way: str) -> None:
    open_page(view="ways")
    assert not any(note.flagged for note in chain.scene.notes)
    assert np.abs(chain.arrays["difference"]).max() < 1e-6
    open_page(view="ways", **{f"{way}_way": "off"})
    assert [note.flagged for note in chain.scene.notes] == [True]
    assert np.abs(chain.arrays["difference"]).max() > 0.1
    dx, x_hat = chain.arrays["dx"], chain.arrays["x_hat"]
    assert (np.abs(dx.sum(axis=0)).max() > 0.1) == (way == "mean")
    assert (np.abs((dx * x_hat).sum(axis=0)).max() > 0.1) == (way == "var")
    assert [knob.name for knob in chain.scene.knobs if knob.flagged] == [f"{way}_way"]


@pytest.mark.parametrize("upstream", ["ones", "x_hat"])
def test_shifting_or_stretching_the_batch_is_undone_so_dx_is_0(open_page: Open, chain: Bench, upstream: str) -> None:
    open_page(upstream=upstream)
    np.testing.assert_allclose(chain.arrays["dx"], 0, atol=1e-2 if upstream == "x_hat" else 1e-12)


def test_two_examples_are_said_to_be_about_1_apart_only_where_epsilon_leaves_them_so(
    open_page: Open, chain: Bench
) -> None:
    for eps, said in (("1e-5", True), ("1", False)):
        open_page(batch="two", eps=eps)
        assert ("about +1" in chain.notes) == said
        assert (np.abs(np.abs(chain.arrays["x_hat"]) - 1) < 0.01).all() == said


def test_what_is_shown_at_5_and_6_is_called_the_gradient_and_not_the_slope(open_page: Open, chain: Bench) -> None:
    open_page()
    forward, backward = chain.arrays, chain.arrays
    slopes = {"dstd": -1 / forward["std"] ** 2, "dvar": 1 / (2 * forward["std"])}
    arrived = {"dstd": backward["dinv_std"], "dvar": backward["dstd"]}
    for name, slope in slopes.items():
        np.testing.assert_allclose(backward[name], arrived[name] * slope)
        assert "gradient" in chain.texts[f"step-{name}"].body


def test_nothing_is_divided_by_but_the_number_of_examples_and_the_deviation() -> None:
    lines = [line for line in inspect.getsource(forward_steps).splitlines() if " / " in line and "found[" in line]
    assert {line.split(" / ")[1].split()[0] for line in lines} == {"m", 'found["std"]'}


def test_a_feature_that_never_varies_and_a_batch_of_two_are_warned_of(open_page: Open, chain: Bench) -> None:
    open_page(batch="constant")
    assert [note.flagged for note in chain.scene.notes] == [False, True]
    assert "1/σ is 316" in chain.notes
    open_page(batch="two")
    assert chain.scene.notes[-1].flagged
    np.testing.assert_allclose(np.abs(chain.arrays["x_hat"]), 1, atol=1e-3)


def test_in_testing_the_averages_stand_in_and_come_closer_with_every_batch(open_page: Open, chain: Bench) -> None:
    gaps = []
    for seen in lesson.SEEN:
        open_page(view="test", seen=seen)
        gaps.append(abs(chain.arrays["mean"][0, 0] - 40))
        assert not chain.grids["mean"].result
        np.testing.assert_allclose(chain.arrays["dx"], chain.arrays["dx_hat"] * chain.arrays["inv_std"])
    assert gaps == sorted(gaps, reverse=True)
    assert gaps[0] == 40
    assert gaps[-1] < 0.01
    np.testing.assert_allclose(chain.arrays["var"], [[480, 4.8, 0.048]], rtol=1e-3)  # 6/5 of the batch's own


def test_where_the_cursor_rests_and_what_was_typed_go_into_the_link(open_page: Open, chain: Bench) -> None:
    at = open_page()
    do(at, chain, state={"cell": 2, "step": "dvar"})
    assert link(at) == {"step": "dvar", "cell": "2"}
    assert chain.sent[-1].state == {"step": "dvar"}
    do(at, chain, edit=edit("weight", 1, 4.0))
    assert link(at)["edits"] == "g.1:4"
    do(at, chain, set={"upstream": "ones", "eps": "nonsense"})
    assert link(at)["upstream"] == "ones"
    assert "eps" not in link(at)
    do(at, chain, set={"batch": "digits"})
    assert "edits" not in link(at)
    before = link(at)
    do(at, chain, state={"cell": 10**6, "step": "nonsense"})
    assert link(at) == before


@pytest.mark.parametrize("example", lesson.EXAMPLES)
def test_every_worked_example_opens(open_page: Open, chain: Bench, example: str) -> None:
    at = open_page(eps="1", edits="g.0:2")
    at.session_state[f"{KEY}.examples"] = True
    at.run()
    next(button for button in at.button if button.key == f"{KEY}.example.{example}").click().run()
    assert not at.exception
    assert not at.error
    assert "edits" not in link(at)


@pytest.mark.parametrize("query", [{}, {"view": "test"}, {"view": "ways", "mean_way": "off"}, {"batch": "digits"}])
def test_the_check_agrees_with_the_layer_and_with_differences(open_page: Open, query: dict[str, str]) -> None:
    at = open_page(**query)
    at.button(f"{KEY}.check").click().run()
    assert not at.exception
    assert len(at.success) == 1
    assert any("two formulas" in shown.value for shown in at.markdown)
