"""What a picture tells its server is heard, once, even if a message is lost on the way."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, WebSocketRoute, expect
from streamlit.proto.BackMsg_pb2 import BackMsg

from tests.e2e.test_frame import load, opened
from tests.e2e.waiting import quiet, words_to_server

pytestmark = pytest.mark.browser

TOLD = """() => {
  window.said = [];
  window.telling = window.loaded.makeTelling();
  window.telling.heard(0, (name, change) => window.said.push(change), 0);
}"""


def said(page: Page) -> list[dict[str, object]]:
    return list(page.evaluate("window.said"))


@pytest.fixture
def telling(page: Page) -> Page:
    page.clock.install()
    load(page, "shared/telling.js")
    page.evaluate(TOLD)
    return page


def test_what_isn_t_answered_is_told_again_by_its_number(telling: Page) -> None:
    telling.evaluate("window.telling.tell({ step: 1 })")
    telling.clock.run_for(3_900)
    assert len(said(telling)) == 1
    telling.clock.run_for(200)
    first, again = said(telling)
    assert first == again
    telling.evaluate("window.telling.heard(window.said[0].id, window.telling.heard, 0)")
    telling.clock.run_for(60_000)
    assert len(said(telling)) == 2


def test_what_waits_meanwhile_is_told_after_the_answer_and_not_in_place_of_what_was_lost(telling: Page) -> None:
    telling.evaluate("window.telling.tell({ step: 1 }); window.telling.tell({ state: 2 })")
    telling.clock.run_for(4_100)
    telling.evaluate("window.telling.tell({ state: 3 })")
    assert [set(change) & {"step", "state"} for change in said(telling)] == [{"step"}, {"step"}]
    telling.evaluate("window.telling.heard(window.said[0].id, (_, change) => window.said.push(change), 0)")
    assert said(telling)[-1]["state"] == 3


def test_a_server_that_never_answers_is_told_five_times_and_what_waits_then_has_its_turn(telling: Page) -> None:
    telling.evaluate("window.telling.tell({ step: 1 }); window.telling.tell({ state: 2 })")
    telling.clock.run_for(59_000)
    assert [change.get("step") for change in said(telling)] == [1] * 5
    telling.clock.run_for(2_000)
    assert said(telling)[5]["state"] == 2


def test_who_has_left_is_told_nothing(telling: Page) -> None:
    telling.evaluate("window.telling.tell({ step: 1 }); window.telling.leave()")
    telling.clock.run_for(60_000)
    assert len(said(telling)) == 1


def test_a_press_that_gets_lost_between_browser_and_server_is_answered_all_the_same(page: Page) -> None:
    dropped: list[str] = []
    lose = False

    def between(route: WebSocketRoute) -> None:
        server = route.connect_to_server()

        def pass_on(message: bytes | str) -> None:
            asked = BackMsg.FromString(message) if isinstance(message, bytes) else BackMsg()
            if lose and not dropped and asked.rerun_script.fragment_id:
                dropped.append(asked.rerun_script.fragment_id)
            else:
                server.send(message)

        route.on_message(pass_on)

    page.route_web_socket("**/_stcore/stream", between)
    opened(page, "/convolution")
    quiet(page, words_to_server(page))
    lose = True
    page.locator('[data-knob="stride1"]').click()
    expect(page.locator('[data-grid="Y"] .cell')).to_have_count(16)
    assert len(dropped) == 1
