"""A visitor who trains: presses play in "Watch it train", and asks for one picture after the other as the page does."""

from __future__ import annotations

import asyncio
import json
import time

from streamlit.proto.BackMsg_pb2 import BackMsg
from websockets.asyncio.client import ClientConnection

from benchmarks.visitor import Page, ask, open_page, visit

LESSON, PICTURE = "watch-it-train", "stepcnn.watch-it-train"
PERIOD = 0.25
"""Seconds between two questions for a picture; the component's own."""


async def train(url: str, until: float, answers: list[Page]) -> None:
    """Open the lesson, let it run at full speed, and note how long each new picture took; it must have learned."""
    async with visit(url) as connection:
        opened = await open_page(connection, url, LESSON)
        if PICTURE not in opened.pictures:
            opened.faults.append("no live picture to train in")
            answers.append(opened)
            return
        # The first message after the page was asked for by its name says which page it is, and no more is heard of it.
        await tell(connection, url, opened, look=True)
        first = await tell(connection, url, opened, state={"speed": "full"}, do=["play"])
        last = first
        while time.perf_counter() < until:
            asked = time.perf_counter()
            last = await tell(connection, url, opened, look=True)
            answers.append(last)
            await asyncio.sleep(max(0.0, PERIOD - (time.perf_counter() - asked)))
        if step_of(last) <= step_of(first):
            last.faults.append(f"it didn't train: step {step_of(last)} after step {step_of(first)}")


def step_of(page: Page) -> int:
    """The step that the live picture shows; -1 where there is none."""
    return int(page.pictures[PICTURE].meta["step"]) if PICTURE in page.pictures else -1


async def tell(connection: ClientConnection, url: str, page: Page, **change: object) -> Page:
    """What the live picture tells the server, and the picture that comes for it."""
    live = page.pictures[PICTURE]
    message = BackMsg()
    state = message.rerun_script
    state.page_name, state.fragment_id, state.page_script_hash = LESSON, live.fragment, page.script
    state.context_info.url = f"{url}/{LESSON}"
    widget = state.widget_states.widgets.add()
    widget.id = f"$$STREAMLIT_INTERNAL_KEY_{live.widget}__events"
    told = {**change, "id": time.time_ns() // 1000}
    widget.json_trigger_value = json.dumps([{"event": "change", "value": told}])
    answer = await ask(connection, message)
    if PICTURE not in answer.pictures:
        answer.faults.append("no new picture")
    return answer
