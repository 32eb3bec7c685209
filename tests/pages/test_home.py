"""The home page: a true picture, one click to the first wonder, and no lesson that isn't there."""

from __future__ import annotations

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

from engine.data.digits import decode_digit, digit
from tests.root import ROOT
from ui import catalogue, i18n
from ui.figures.journey import SEVEN


@pytest.fixture(params=["en", "zh"])
def home(request: pytest.FixtureRequest) -> AppTest:
    at = AppTest.from_file(ROOT / "ui/site/main.py", default_timeout=60)
    at.query_params["lang"] = request.param
    at.run()
    assert not at.exception
    assert not at.error
    return at


def html(at: AppTest) -> str:
    return "\n".join(body for element in at.get("html") if "<style>" not in (body := element.proto.body))


def test_the_digit_in_the_picture_is_one_of_the_data_set() -> None:
    image, label = digit(504)
    np.testing.assert_array_equal(decode_digit(SEVEN), image)
    assert label == 7


def test_every_part_of_the_course_is_on_the_map_and_says_whether_it_is_open(home: AppTest) -> None:
    to: i18n.Language = "zh" if home.query_params.get("lang") == "zh" else "en"
    shown = html(home)
    for part in catalogue.PARTS:
        assert f"<b>{part.letter}</b><h3>{part.title[to]}</h3>" in shown
    closed = [part for part in catalogue.PARTS if not catalogue.lessons_of(part.key)]
    assert shown.count('class="sc-later"') == len(closed)


def test_only_the_lessons_of_the_catalogue_are_links(home: AppTest) -> None:
    links = [link.proto.page for link in home.get("page_link")]
    assert sorted(set(links)) == sorted(entry.key for entry in catalogue.LESSONS)


def test_every_link_leads_to_the_reader_s_language_in_another_tab_too(home: AppTest) -> None:
    wanted = "lang=zh" if home.query_params.get("lang") in ("zh", ["zh"]) else ""
    assert {link.proto.query_string for link in home.get("page_link")} == {wanted}


def test_the_number_of_open_lessons_is_the_catalogues(home: AppTest) -> None:
    assert f"{len(catalogue.LESSONS)} " in html(home).split('class="sc-map-head"')[1]
