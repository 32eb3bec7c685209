"""A component's script and style sheet travel once: before it stands an element that is the same in every run."""

from __future__ import annotations

from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from ui.components import mounting
from ui.components.pack import pack

SCRIPT = "export default () => 'drawn';"


def page(script: str = "export default () => 'drawn';") -> None:
    import streamlit as st

    from ui.components.mounting import mounted

    mount = mounted("test.mounted", html="<p></p>", css="p { color: red }", js=script)
    st.session_state.runs = st.session_state.get("runs", 0) + 1
    mount(key="it", data=b"numbers" * st.session_state.runs)


def shown(at: AppTest) -> list[Any]:
    return [element.proto for element in at.get("bidi_component")]


def test_the_script_stands_before_the_component_and_is_the_same_in_every_run() -> None:
    at = AppTest.from_function(page).run()
    script, component = shown(at)
    assert SCRIPT in script.js_content
    assert "color: red" in script.js_content
    assert component.html_content == "<p></p>"
    again = shown(at.run())
    assert again[0].SerializeToString() == script.SerializeToString()
    assert again[1].bytes == b"numbersnumbers" + bytes(8)


def test_the_component_itself_carries_neither_script_nor_style_sheet() -> None:
    _, component = shown(AppTest.from_function(page).run())
    assert SCRIPT not in component.js_content
    assert "color: red" not in component.js_content + component.css_content


def test_a_component_waits_for_its_own_version_of_the_script() -> None:
    waiting = {shown(AppTest.from_function(page, args=(script,)).run())[1].js_content for script in ("1", "2")}
    assert len(waiting) == 2


@pytest.mark.parametrize(("told", "heard"), [({"since": 1}, False), ({"since": 2}, True), ({}, True), (None, True)])
def test_what_was_told_before_the_page_took_another_state_is_not_heard_after_it(
    told: object, heard: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    session = {"stepcnn.taken": 2, "it": {"place": told}}
    monkeypatch.setattr(mounting.st, "session_state", session)
    calls: list[str] = []
    given = mounting.hearing("it", "on_place_change", lambda: calls.append("heard"))
    given()
    assert bool(calls) is heard


def test_what_is_told_is_answered_even_if_nothing_else_has_changed(monkeypatch: pytest.MonkeyPatch) -> None:
    """An element that is the same as before isn't sent; a picture that waits for its answer would wait for ever."""
    sent: list[bytes] = []
    monkeypatch.setattr(mounting.st, "session_state", {})
    component = mounting.st.components.v2
    monkeypatch.setattr(component, "component", lambda name, **_: lambda **given: sent.append(given.get("data", b"")))
    mount = mounting.mounted("test.answered", html="<p></p>", css="", js=SCRIPT)
    mount(key="it", data=pack({"chosen": 1}, {}))
    mounting.hearing("it", "on_place_change", lambda: None)()
    mount(key="it", data=pack({"chosen": 1}, {}))
    first, second = (data for data in sent if data)
    assert first != second
    assert first[:-8] == second[:-8] == pack({"chosen": 1}, {})
