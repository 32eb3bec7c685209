"""The page of "Watch it train", run without a browser."""

from __future__ import annotations

import pytest
from streamlit.testing.v1 import AppTest

from tests.printed import number
from tests.root import ROOT
from ui.catalogue import lesson

KEY = "watch-it-train"


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


def test_every_setting_of_a_run_comes_from_the_link() -> None:
    link = {
        "init": "zeros", "optimizer": "adam", "lr": "0.002", "momentum": "0.5", "decay": "0.01", "batch": "16",
        "epochs": "3", "seed": "7", "speed": "full", "digit": "100",
    }  # fmt: skip
    at = opened(**link)
    assert {name: str(at.session_state[f"{KEY}.{name}"]) for name in link} == link


def test_a_link_that_makes_no_sense_falls_back_and_says_so() -> None:
    at = opened(lr="nan", batch="10^9", init="<b>", seed="-1")
    assert at.session_state[f"{KEY}.lr"] == "0.05"
    assert at.session_state[f"{KEY}.batch"] == "64"
    assert len(at.warning) == 1


def test_momentum_is_closed_where_adam_has_none() -> None:
    momentum = [box for box in opened(optimizer="adam").selectbox if box.key == f"{KEY}.momentum"]
    assert momentum[0].disabled


def test_an_instructor_can_hide_a_setting() -> None:
    assert f"{KEY}.batch" not in [box.key for box in opened(hide="batch").selectbox]


def test_a_new_learning_rate_is_written_to_the_link() -> None:
    at = opened()
    at.select_slider(key=f"{KEY}.lr").set_value("0.01").run()
    assert not at.exception
    assert at.query_params["lr"] == "0.01"


@pytest.mark.parametrize("language", ["en", "zh"])
def test_the_gradients_are_checked_on_demand(language: str) -> None:
    at = opened(lang=language)
    at.button(key=f"{KEY}.check").click().run()
    assert not at.exception
    assert not at.error
    errors = [number(cell) for cell in at.dataframe[0].value.iloc[:, 3]]
    assert len(errors) == 10
    assert max(errors) < 1e-5
