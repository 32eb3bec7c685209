"""The page of "Weight initialization", run without a browser."""

from __future__ import annotations

import pytest
from streamlit.testing.v1 import AppTest

from engine.signal import Setup
from pages.training.weight_initialization import controls as page
from pages.training.weight_initialization.compute import PRESETS
from pages.training.weight_initialization.words import drawn
from tests.pages.opening import bound, link
from tests.root import ROOT
from ui import i18n, state
from ui.catalogue import lesson
from ui.components.telling import read_change

KEY = "weight-initialization"


def opened(**query: str) -> AppTest:
    at = AppTest.from_file(ROOT / "ui/site/main.py", default_timeout=60)
    for name, text in query.items():
        at.query_params[name] = text
    at.run()  # AppTest learns the pages' addresses from a first run
    for name, text in query.items():
        at.query_params[name] = text
    at.switch_page(str(lesson(KEY).path)).run()
    assert not at.exception
    assert not at.error
    return at


def test_every_setting_comes_from_the_link() -> None:
    link = {
        "stack": "conv", "data": "digits", "depth": "3", "width": "30", "channels": "4", "act": "gelu",
        "draw": "uniform", "size": "glorot", "sigma": "0.2", "norm": "1", "bias": "0.01", "samples": "64", "seed": "7",
        "axis": "own", "at": "g2", "lr": "0.1", "units": "relu-he",
    }  # fmt: skip
    at = opened(**link)
    assert {name: at.query_params[name] for name in link} == link


def test_a_link_that_makes_no_sense_falls_back_and_says_so() -> None:
    at = opened(sigma="nan", depth="99", act="step", at="z3", size="xavier")
    assert at.session_state[f"{KEY}.sigma"] == 0.01
    assert at.session_state[f"{KEY}.depth"] == 10
    assert at.session_state[f"{KEY}.size"] == "xavier"
    assert len(at.warning) == 1


@pytest.mark.parametrize(
    "query",
    [
        {"draw": "zeros"},
        {"draw": "data", "act": "relu"},
        {"draw": "constant", "data": "digits"},
        {"draw": "sparse", "size": "he", "act": "relu"},
        {"sigma": "10", "act": "relu", "depth": "20"},
        {"stack": "conv", "channels": "4", "norm": "1", "data": "digits"},
        {"depth": "1", "width": "10", "data": "digits", "size": "glorot"},
        {"draw": "orthogonal", "width": "30", "norm": "1", "act": "sigmoid"},
    ],
    ids=str,
)
def test_no_choice_of_settings_breaks_the_page(query: dict[str, str]) -> None:
    at = opened(**query)
    assert not at.warning


@pytest.mark.parametrize("word", ["data", "lsuv"])
def test_weights_fitted_to_the_data_have_their_rule_s_name_in_the_engine_and_their_own_in_links(word: str) -> None:
    at = opened(draw=word)
    assert not at.warning
    assert at.session_state[f"{KEY}.draw"] == "lsuv"
    assert link(at)["draw"] == "data"


def test_a_changed_setting_is_measured_on_few_examples() -> None:
    at = opened()
    assert at.session_state[f"{KEY}.samples"] == "1000"
    at.selectbox(key=f"{KEY}.act").set_value("relu").run()
    assert not at.exception
    assert at.session_state[f"{KEY}.samples"] == page.FEW
    assert at.query_params["act"] == "relu"


def test_the_classic_numbers_stand_on_the_page() -> None:
    text = next(block.value for block in opened().markdown if "0.01 · randn:" in block.value)
    assert "0.0477, 0.0106, 0.0024, 0.0005, 0.0001" in text
    assert text.count("0.98") >= 10


@pytest.mark.parametrize("language", ["en", "zh"])
def test_the_prediction_is_checked_against_other_draws_on_demand(language: str) -> None:
    at = opened(lang=language, depth="3", width="100")
    at.button(key=f"{KEY}.check").click().run()
    assert not at.exception
    assert not at.error
    table = at.dataframe[0].value
    predicted, drawn_last = float(table.iloc[3, 1]), [float(table.iloc[3, column]) for column in (2, 3, 4)]
    assert drawn_last == pytest.approx([predicted] * 3, rel=0.25)


def test_an_instructor_can_hide_a_setting() -> None:
    def keys(**query: str) -> list[str | None]:
        at = opened(**query)
        at.session_state[f"{KEY}.more"] = True  # what a popover holds is made when it is opened
        at.run()
        assert not at.exception
        return [one.key for one in (*at.number_input, *at.selectbox, *at.toggle)]

    assert {f"{KEY}.seed", f"{KEY}.bias", f"{KEY}.norm"} <= set(keys())
    left = keys(hide="seed,norm")
    assert f"{KEY}.bias" in left
    assert not {f"{KEY}.seed", f"{KEY}.norm"} & set(left)


def test_every_classic_experiment_can_be_spelt_in_controls() -> None:
    widths = {int(width) for width in page.WIDTHS}
    for known in PRESETS.values():
        assert known.width in widths
        assert page.SIGMAS[0] <= known.sigma <= page.SIGMAS[-1]
        assert known.depth <= page.DEPTHS


@pytest.fixture
def controls(monkeypatch: pytest.MonkeyPatch) -> None:
    bound(monkeypatch, page.CONTROLS, KEY)


@pytest.mark.usefixtures("controls")
@pytest.mark.parametrize("name", PRESETS)
def test_a_classic_experiment_sets_every_setting_whatever_it_was(name: str) -> None:
    state.take({"act": "gelu", "data": "digits", "seed": 3, "draw": "zeros", "norm": True, "axis": "own"})
    assert page.preset() == ""
    page.choose_preset(name)
    assert page.preset() == name
    assert page.samples() == int(page.MANY)
    assert state.get("axis") == "own"


@pytest.mark.usefixtures("controls")
def test_a_dragged_size_is_one_of_normal_weights_where_the_draw_has_none() -> None:
    state.take({"draw": "lsuv", "size": "he"})
    for sigma in page.SIGMAS:
        page.choose_size(sigma)
        assert (state.get("sigma"), state.get("size"), state.get("draw")) == (sigma, "fixed", "normal")
    page.choose_rule("glorot")
    assert page.setup() == Setup(size="glorot")
    assert page.samples() == int(page.FEW)


@pytest.mark.usefixtures("controls")
@pytest.mark.parametrize("told", [None, 11, "nan", {}, [], "x"])
def test_what_can_t_be_used_leaves_the_settings_as_they_are(told: object) -> None:
    page.choose_preset(told)
    page.choose_rule(told)
    page.choose_size(told)
    state.hear(page.LAB, {"at": told, "axis": told, "act": "relu"})
    assert state.query() == {}


def test_the_sizes_on_the_axis_rise_and_hold_the_round_ones() -> None:
    assert list(page.SIGMAS) == sorted(set(page.SIGMAS))
    assert {0.001, 0.01, 0.1, 1.0, 10.0} <= set(page.SIGMAS)


@pytest.mark.parametrize("raw", [None, 3, "x", {}, {"id": "1"}, {"id": 5}, {"id": 4, "preset": "small"}])
def test_what_is_no_change_or_an_old_one_is_not_heard(raw: object) -> None:
    assert read_change(raw, 5) is None


def test_a_change_is_heard_once() -> None:
    assert read_change({"id": 6.0, "sigma": 0.1}, 5) == (6, {"sigma": 0.1})


@pytest.mark.parametrize(
    ("setup", "formula"),
    [
        (Setup(), "N(0, 0.01²)"),
        (Setup(size="he"), "N(0, 2/n)"),
        (Setup(size="xavier", draw="uniform"), "U(±√(3/n))"),
        (Setup(size="he", draw="uniform"), "U(±√(6/n))"),
        (Setup(size="glorot"), "N(0, 2/(n + n′))"),
        (Setup(size="xavier", draw="sparse"), "N(0, 1/10) · 10 links"),
        (Setup(draw="constant", sigma=0.003), "w = 0.003"),
    ],
    ids=str,
)
def test_a_draw_is_written_as_its_formula(setup: Setup, formula: str) -> None:
    assert drawn(setup) == formula


def test_where_all_weights_are_alike_the_sentence_says_what_gets_through_and_does_not_promise_it() -> None:
    for language in i18n.NAMES:
        told = i18n.blocks(KEY, language)["say-alike"].body
        assert "{gradient}" in told
        assert "{last}" in told
    assert page.measured(Setup(draw="constant", sigma=0.01), "noise", 100, 0).signal.layers[0].dy.rms < 1e-3
