"""The frame: every part of a lesson, in both languages, and what happens when something goes wrong."""

from __future__ import annotations

import pytest
from streamlit.testing.v1 import AppTest

from tests.ui.conftest import OpenSample
from ui import errors, i18n, lesson


def texts(at: AppTest) -> str:
    return "\n".join(element.value for element in at.markdown)


def sheet(at: AppTest) -> str:
    return "\n".join(body for element in at.get("html") if "<style>" in (body := element.proto.body))


def html(at: AppTest) -> str:
    return "\n".join(body for element in at.get("html") if "<style>" not in (body := element.proto.body))


def test_title_goal_and_every_part_are_there(open_sample: OpenSample) -> None:
    at = open_sample()
    assert not at.exception
    assert not at.error
    assert "<h1>A sample lesson</h1>" in html(at)
    assert "Every part of the frame once." in html(at)
    assert "## Why it works" in texts(at)
    assert "At a stride of 1 it stops at 36 places" in texts(at)
    assert "sc-marked" in html(at)
    assert "## Try it yourself" in texts(at)
    assert "## Take it with you" in texts(at)
    assert len(at.get("download_button")) == 4


def test_the_other_language_is_one_click_away_and_in_the_link(open_sample: OpenSample) -> None:
    at = open_sample(lr="0.5")
    at.button(key="frame.language").click().run()
    assert "<h1>示例课</h1>" in html(at)
    assert "## 为什么行得通" in texts(at)
    assert dict(at.query_params) == {"lr": "0.5", "lang": "zh"}
    at.button(key="frame.language").click().run()
    assert "<h1>A sample lesson</h1>" in html(at)
    assert dict(at.query_params) == {"lr": "0.5"}


def test_a_link_opens_in_its_language(open_sample: OpenSample) -> None:
    at = open_sample(lang="zh")
    assert "<h1>示例课</h1>" in html(at)
    assert not at.warning


def test_lecture_view_is_one_click_away_and_in_the_link(open_sample: OpenSample) -> None:
    at = open_sample()
    assert "font-size: 20px" not in sheet(at)
    at.button(key="frame.presenter").click().run()
    assert "font-size: 20px" in sheet(at)
    assert at.query_params["present"] == "1"
    at.button(key="frame.presenter").click().run()
    assert "font-size: 20px" not in sheet(at)


@pytest.mark.parametrize(
    ("part", "gone"),
    [("text", "Why it works"), ("code", "sc-marked"), ("exercises", "Try it yourself"), ("take-away", "Take it with")],
)
def test_an_instructors_link_hides_a_part_and_nothing_else(open_sample: OpenSample, part: str, gone: str) -> None:
    whole, less = open_sample(), open_sample(hide=part)
    assert gone in texts(whole) + html(whole)
    shown = texts(less) + html(less)
    assert gone not in shown
    assert "<h1>A sample lesson</h1>" in shown


def test_the_check_runs_when_asked_and_stays(open_sample: OpenSample) -> None:
    at = open_sample()
    assert "checked" not in texts(at)
    at.button(key="sample.check").click().run()
    assert "checked" in texts(at)
    at.run()
    assert "checked" in texts(at)


def test_an_exception_in_a_page_becomes_a_plain_message_and_the_work_is_kept(open_sample: OpenSample) -> None:
    at = open_sample(lr="0.5")
    at.session_state["sample.break"] = True
    at.run()
    assert not at.exception
    assert "Your work is kept" in at.error[0].value
    assert "planted" not in at.error[0].value
    at.session_state["sample.break"] = False
    at.run()
    assert not at.error
    assert at.slider[0].value == 0.5


def test_a_part_that_fails_leaves_the_other_parts(open_sample: OpenSample, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("ui.components.code.render", lambda *args: 1 / 0)
    at = open_sample()
    assert len(at.error) == 2
    assert "## Try it yourself" in texts(at)


def test_the_traceback_goes_to_the_servers_log(open_sample: OpenSample, caplog: pytest.LogCaptureFixture) -> None:
    at = open_sample()
    at.session_state["sample.break"] = True
    at.run()
    assert "RuntimeError: planted" in caplog.text


def test_an_exception_in_a_fragment_becomes_the_same_message_when_it_reruns_alone() -> None:
    def page() -> None:
        import streamlit as st

        from ui import errors

        @errors.fragment
        def part() -> None:
            if st.button("break"):
                raise RuntimeError("planted")

        st.write("around")
        part()

    at = AppTest.from_function(page).run()
    at.button[0].click().run()
    assert not at.exception
    assert len(at.error) == 1
    assert "Your work is kept" in at.error[0].value
    assert at.markdown[0].value == "around"


def test_streamlits_own_stop_is_no_error() -> None:
    def page() -> None:
        import streamlit as st

        from ui.errors import caught

        with caught():
            st.write("before")
            st.stop()

    at = AppTest.from_function(page).run()
    assert not at.error
    assert not at.exception


@pytest.mark.parametrize("text", ["<script>", "[x](javascript:y)", "**b**", "`c`", "$x$", ":red[x]", "| a |", "&lt;"])
def test_quoted_text_has_every_mark_escaped(text: str) -> None:
    escaped = errors.plain(text)
    assert escaped.replace("\\", "") == text
    assert all(escaped[at - 1] == "\\" for at, c in enumerate(escaped) if c in "<>[]()*`$:|&_")


@pytest.mark.parametrize(("font", "said"), [(True, "步长 h"), (False, "step h")])
def test_a_figure_is_in_the_reader_s_language_or_in_english_where_no_typeface_has_chinese(
    monkeypatch: pytest.MonkeyPatch, font: bool, said: str
) -> None:
    monkeypatch.setattr(lesson, "has_chinese_font", lambda: font)
    monkeypatch.setattr(i18n.state, "get", lambda name: {"lang": "zh"}[name])
    drawn: list[str] = []
    lesson._legible(lambda: drawn.append(i18n._("step h")))  # type: ignore[arg-type, return-value]
    assert drawn == [said]
    assert i18n.language() == "zh"
