"""Choosing a picture: what the link says, what the row shows, and what comes from the browser or a file."""

from __future__ import annotations

import io
from typing import Any

import numpy as np
import pytest
from PIL import Image
from streamlit.testing.v1 import AppTest

from engine.data.digits import decode_digit, digit, encode_digit
from engine.data.pictures import to_digit
from ui.picture_input import EXAMPLE


def lesson() -> None:
    import streamlit as st

    from ui import picture_input as module
    from ui import state

    state.restore_frame()
    state.restore(*module.picture_controls(digit=5, target=7), page="sample")
    for action, value in st.session_state.pop("act", []):
        getattr(module, action)(value)
    st.session_state["picture"] = module.picture_input()
    state.sync()


def opened(**query: str) -> AppTest:
    at = AppTest.from_function(lesson, default_timeout=30)
    for name, text in query.items():
        at.query_params[name] = text
    return at.run()


def act(at: AppTest, action: str, value: Any) -> AppTest:
    """Do what the browser's component does when it reports this value."""
    at.session_state["act"] = [(action, value)]
    return at.run()


def upload(at: AppTest, data: bytes, name: str = "mine.png") -> AppTest:
    at.session_state["picture.way"] = "upload"
    at.session_state["picture.open"] = True
    at.run()
    return at.file_uploader[0].set_value((name, data, "image/png")).run()


def picture(at: AppTest) -> Any:
    assert not at.exception
    return at.session_state["picture"]


def row(at: AppTest) -> str:
    return " ".join(element.proto.body for element in at.get("html"))


def photo(*, size: int = 200, **options: Any) -> bytes:
    image = Image.new("L", (size, size), 230)
    image.paste(20, (int(size * 0.45), int(size * 0.2), int(size * 0.55), int(size * 0.8)))
    file = io.BytesIO()
    image.save(file, options.pop("kind", "PNG"), **options)
    return file.getvalue()


def test_at_first_the_lesson_s_own_digit_is_shown() -> None:
    at = opened()
    shown = picture(at)
    assert (shown.source, shown.index, shown.label, shown.notes) == ("digit", 5, digit(5)[1], ())
    np.testing.assert_array_equal(shown.image, digit(5)[0])
    assert "Digit 5, a 5" in row(at)
    assert not at.query_params


def test_a_link_brings_a_digit_with_its_own_label() -> None:
    shown = picture(opened(digit="504", target="3"))
    assert (shown.source, shown.index, shown.label) == ("digit", 504, 7)


def test_a_link_brings_a_drawing_with_what_it_is_meant_to_be() -> None:
    at = opened(drawn=EXAMPLE, target="2")
    shown = picture(at)
    assert (shown.source, shown.index, shown.label) == ("drawn", None, 2)
    np.testing.assert_array_equal(shown.image, decode_digit(EXAMPLE))
    assert "Your drawing, meant as a 2" in row(at)


@pytest.mark.parametrize(
    "query",
    [
        {"digit": "1797"},
        {"digit": "-1"},
        {"digit": "1e9"},
        {"digit": "nan"},
        {"digit": "<script>alert(1)</script>"},
        {"drawn": "0" * 63},
        {"drawn": "h" * 64},
        {"drawn": "0" * 10_000},
        {"target": "10"},
        {"target": "seven"},
    ],
)
def test_a_link_that_cannot_be_used_shows_the_lesson_s_own_digit(query: dict[str, str]) -> None:
    at = opened(**query)
    assert picture(at).index == 5
    assert "<script>" not in row(at)


def test_a_digit_that_is_chosen_comes_into_the_link_and_puts_the_drawing_away() -> None:
    at = act(opened(drawn=EXAMPLE), "_choose_digit", 17)
    assert picture(at).index == 17
    assert dict(at.query_params) == {"digit": "17"}


def test_a_drawing_comes_into_the_link_and_bare_paper_brings_the_digit_back() -> None:
    at = act(opened(digit="17"), "_choose_drawing", EXAMPLE)
    assert picture(at).source == "drawn"
    assert dict(at.query_params) == {"digit": "17", "drawn": EXAMPLE}
    at = act(at, "_choose_drawing", "")
    assert picture(at).index == 17
    assert dict(at.query_params) == {"digit": "17"}


@pytest.mark.parametrize(
    ("action", "value"),
    [
        ("_choose_digit", None),
        ("_choose_digit", "17"),
        ("_choose_digit", 10**9),
        ("_choose_digit", -1),
        ("_choose_digit", {"a": 1}),
        ("_choose_drawing", None),
        ("_choose_drawing", 17),
        ("_choose_drawing", "g" * 65),
        ("_choose_drawing", "<script>"),
    ],
)
def test_a_strange_report_from_the_browser_changes_nothing(action: str, value: Any) -> None:
    at = act(opened(), action, value)
    assert picture(at).index == 5
    assert not at.query_params


def test_a_file_becomes_a_digit_in_the_link() -> None:
    at = upload(opened(), photo())
    shown = picture(at)
    assert shown.source == "upload"
    grey = np.asarray(Image.open(io.BytesIO(photo())), dtype=np.float32)[np.newaxis] / 255
    np.testing.assert_array_equal(shown.image, to_digit(grey))
    assert at.query_params["drawn"] == encode_digit(shown.image)
    assert "Your picture, meant as a 7" in row(at)


def test_what_a_file_is_meant_to_be_is_the_learner_s_choice() -> None:
    at = upload(opened(), photo())
    at.segmented_control(key="sample.target").set_value(1).run()
    assert picture(at).label == 1
    assert at.query_params["target"] == "1"


def test_what_was_done_to_a_file_is_said() -> None:
    exif = Image.Exif()
    exif[0x0112] = 6
    at = upload(opened(), photo(kind="JPEG", exif=exif), "phone.jpg")
    assert picture(at).notes == ("The picture is turned upright, as the camera noted.",)
    assert any("turned upright" in caption.value for caption in at.caption)


@pytest.mark.parametrize(
    ("data", "complaint"),
    [
        (b"<svg onload='alert(1)'/>", "an SVG drawing"),
        (photo()[:150], "damaged or cut short"),
        (photo(size=5000), "at most 16 million"),
        (b"", "empty"),
    ],
)
def test_a_file_that_cannot_be_read_gets_a_plain_message_and_changes_nothing(data: bytes, complaint: str) -> None:
    at = upload(opened(digit="17"), data)
    assert picture(at).index == 17
    assert complaint in at.warning[0].value
    assert dict(at.query_params) == {"digit": "17"}


def test_after_a_file_that_cannot_be_read_another_may_come() -> None:
    at = upload(opened(), b"nothing")
    assert len(at.warning) == 1
    at = upload(at, photo())
    assert not at.warning
    assert picture(at).source == "upload"


def test_a_link_can_hide_the_choice_and_still_show_the_picture() -> None:
    at = opened(hide="digit", digit="17")
    assert picture(at).index == 17
    assert "Digit 17" in row(at)
    assert not at.get("popover")
