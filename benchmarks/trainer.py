"""A visitor who trains: presses play in "Watch it train", and asks for one picture after the other as the page does."""

from __future__ import annotations

import asyncio
import json
import time

from streamlit.proto.BackMsg_pb2 import BackMsg
from websockets.asyncio.client import ClientConnection

from benchmarks.visitor import Page, ask, open_page, visit

LESSON = "watch-it-train"
PERIOD = 0.25
"""Seconds between two questions for a picture; the component's own."""


async def train(url: str, until: float, answers: list[Page]) -> None:
    """Open the lesson, let it run at full speed, and note how long each new picture took."""
    async with visit(url) as connection:
        opened = await open_page(connection, url, LESSON)
        if not opened.live:
            opened.faults.append("no live picture to train in")
            answers.append(opened)
            return
        await tell(connection, url, opened, do=["play"])
        while time.perf_counter() < until:
            asked = time.perf_counter()
            answers.append(await tell(connection, url, opened, look=True))
            await asyncio.sleep(max(0.0, PERIOD - (time.perf_counter() - asked)))


async def tell(connection: ClientConnection, url: str, page: Page, **change: object) -> Page:
    """What the live picture tells the server, and the picture that comes for it."""
    component, fragment = page.live
    message = BackMsg()
    state = message.rerun_script
    state.page_name, state.fragment_id, state.page_script_hash = LESSON, fragment, page.script
    state.context_info.url = f"{url}/{LESSON}"
    widget = state.widget_states.widgets.add()
    widget.id = f"$$STREAMLIT_INTERNAL_KEY_{component}__events"
    told = {**change, "id": time.time_ns() // 1000}
    widget.json_trigger_value = json.dumps([{"event": "change", "value": told}])
    answer = await ask(connection, message)
    if not any(kind == "bidi_component" for kind in answer.outline.values()):
        answer.faults.append("no new picture")
    return answer
