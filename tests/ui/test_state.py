"""Controls <-> URL <-> session, through the running app."""

from __future__ import annotations

import pytest

from tests.root import ROOT
from tests.ui.conftest import OpenSample
from ui import catalogue, limits, state
from ui.controls import Number


def values(at) -> dict[str, object]:  # type: ignore[no-untyped-def]
    return {name: value for name, value in at.session_state["stepcnn.values"].items() if name.startswith("sample.")}


DEFAULTS = {
    "sample.kind": "max",
    "sample.lr": 0.1,
    "sample.digit": 5,
    "sample.grid": False,
    "sample.drawn": "",
    "sample.task": 0,
}


def test_without_a_query_every_control_has_its_default_and_the_url_stays_empty(open_sample: OpenSample) -> None:
    at = open_sample()
    assert values(at) == DEFAULTS
    assert dict(at.query_params) == {}
    assert not at.warning


def test_a_link_restores_every_control_and_its_widget(open_sample: OpenSample) -> None:
    query = {"kind": "mean", "lr": "0.5", "digit": "504", "grid": "1", "drawn": "0fg1", "task": "7"}
    at = open_sample(**query)
    assert values(at) == {
        "sample.kind": "mean",
        "sample.lr": 0.5,
        "sample.digit": 504,
        "sample.grid": True,
        "sample.drawn": "0fg1",
        "sample.task": 7,
    }
    assert at.slider[0].value == 0.5
    assert at.selectbox[0].value == "mean"
    assert not at.warning
    assert dict(at.query_params) == query


def test_moving_a_widget_writes_the_url_and_its_default_takes_it_away(open_sample: OpenSample) -> None:
    at = open_sample()
    at.slider[0].set_value(0.25).run()
    assert at.query_params["lr"] == "0.25"
    at.slider[0].set_value(0.1).run()
    assert "lr" not in at.query_params


def test_a_reader_who_comes_back_finds_the_page_as_it_was(open_sample: OpenSample) -> None:
    at = open_sample()
    at.slider[0].set_value(0.25).run()
    at.switch_page(str(catalogue.HOME)).run()
    assert not at.slider
    at.query_params.clear()
    at.switch_page(str(ROOT / "tests/ui/blocks/sample/page.py")).run()
    assert at.slider[0].value == 0.25
    assert at.query_params["lr"] == "0.25"


@pytest.mark.parametrize(
    "query",
    [
        {"lr": "NaN"},
        {"digit": "1000000000"},
        {"digit": "9" * 10_000},
        {"kind": "<script>alert(1)</script>"},
        {"drawn": "__import__('os')"},
        {"lr": ["0.1", "0.2"]},
        {"unknown": "1"},
        {"<b>x</b>": "1"},
        {"lang": "xx"},
        {"present": "yes"},
        {"hide": "<img src=x onerror=alert(1)>"},
        {"task": "-1"},
    ],
    ids=lambda query: next(f"{name}={str(text)[:24]}" for name, text in query.items()),
)
def test_a_value_that_cannot_be_used_gives_one_notice_and_the_default(
    open_sample: OpenSample, query: dict[str, str | list[str]]
) -> None:
    at = open_sample(**query)
    assert not at.exception
    assert not at.error
    assert values(at) == DEFAULTS
    assert len(at.warning) == 1
    assert len(at.warning[0].value) < 400
    assert dict(at.query_params) == {}


def test_a_notice_shows_markup_as_the_text_it_is(open_sample: OpenSample) -> None:
    notice = open_sample(kind="[x](http://x) **b** <script>").warning[0].value
    assert r"\[x\]\(http\:\/\/x\)".replace(r"\/", "/") in notice
    assert r"\<script\>" in notice
    assert r"\*\*b\*\*" in notice


def test_many_problems_make_one_short_notice(open_sample: OpenSample) -> None:
    at = open_sample(**{f"name{n}": "1" for n in range(50)})
    assert len(at.warning) == 1
    assert f"and {50 - limits.NOTICE_ITEMS} more" in at.warning[0].value


def test_the_notice_stays_until_it_is_dismissed(open_sample: OpenSample) -> None:
    at = open_sample(lr="NaN")
    at.slider[0].set_value(0.2).run()
    assert at.warning
    at.button(key="frame.dismiss").click().run()
    assert not at.warning


def test_one_bad_value_leaves_the_good_ones(open_sample: OpenSample) -> None:
    at = open_sample(lr="NaN", digit="7")
    assert values(at)["sample.digit"] == 7
    assert values(at)["sample.lr"] == 0.1


def test_tracking_names_in_a_link_are_no_problem(open_sample: OpenSample) -> None:
    at = open_sample(utm_source="mail", fbclid="x")
    assert not at.warning
    assert dict(at.query_params) == {}


def test_a_hidden_control_keeps_its_value_from_the_link(open_sample: OpenSample) -> None:
    at = open_sample(hide="lr,exercises", lr="0.5")
    assert not at.slider
    assert values(at)["sample.lr"] == 0.5
    assert at.query_params["lr"] == "0.5"
    assert at.query_params["hide"] == "lr,exercises"


@pytest.mark.parametrize(
    ("lang", "says"), [("en", "hide was “exercizes”, and wants the name of a part"), ("zh", "hide 是“exercizes”")]
)
def test_a_link_that_hides_what_the_page_doesnt_have_says_so_and_hides_the_rest(
    open_sample: OpenSample, lang: str, says: str
) -> None:
    at = open_sample(hide="lr,exercizes,code", lang=lang)
    assert len(at.warning) == 1
    assert says in at.warning[0].value.replace("\\", "")
    assert not at.slider
    assert at.query_params["hide"] == "lr,exercizes,code"


def test_what_one_page_knows_or_has_told_isnt_told_by_the_next(open_sample: OpenSample) -> None:
    at = open_sample(hide="lr,exercizes")
    at.switch_page(str(catalogue.lesson("softmax").path)).run()
    assert not at.warning


def test_a_page_with_two_controls_of_one_name_is_refused_in_words() -> None:
    with pytest.raises(ValueError, match="two controls are called digit"):
        state.bind(Number("digit", 0, 9, 0), Number("lr", 0, 1, 0.1), Number("digit", 0, 1, 1), page="sample")
