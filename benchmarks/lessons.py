"""How fast every lesson answers, from an event in the browser to the new picture: prints a table.

    python -m benchmarks.lessons                      # all of them, in about four minutes
    python -m benchmarks.lessons convolution pooling  # only these

Of what can be done to a lesson as it opens, the slowest is done again and again; and the pointer is moved over its
cells, which must ask the server for nothing. What is done stands with each lesson's tests, in its ``walks.py``. Needs
Chromium and requirements-dev.txt. A busy machine makes every number larger, so the load is printed too.
"""

from __future__ import annotations

import argparse
import os
import shutil
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from statistics import median

from playwright.sync_api import Browser, CDPSession, Page, sync_playwright

from benchmarks.app import PAGE_LIMIT_MS, QUIET, TWO_FRAMES, p95, script_ms, server
from tests.e2e.moves import walks_of
from ui import catalogue

KEYS = tuple(entry.key for entry in catalogue.LESSONS)
MOVES = 30
ANSWER_LIMIT_MS = 10_000
REST_MS = 250
"""A learner looks at a picture before doing the next thing, and by then the server's run is at its end."""


@dataclass(frozen=True)
class Measured:
    """What is done to a lesson, and where it shows.

    does     in words, for the table
    press    what is pressed, in turns
    shows    what is another once the new picture is drawn: an element, or ``element@attribute``
    hover    the cells, marks or plots that the pointer is moved over
    key      the key that is pressed on it, where it isn't clicked
    types    what is typed into the field that pressing opens, in turns; nothing where there is none
    settles  what must be there besides, where a picture moves before it is answered
    tells    what looks otherwise when the pointer has moved on; nothing where it only drags, as the lesson opens
    """

    does: str
    press: tuple[str, ...]
    shows: str
    hover: str
    key: str = ""
    types: tuple[str, ...] = ()
    settles: str = "body"
    tells: str = ".shelf"


def there_and_back(knob: str, steps: int = 3) -> tuple[str, ...]:
    """Some steps up and down again: of an answer that it had a moment ago the browser is only reminded."""
    return (f'[data-knob="{knob}1"]',) * steps + (f'[data-knob="{knob}-1"]',) * steps


# A picture may hang in the page or in a component's own root; both are searched.
FIND = """
  const find = (what) => {
    const [selector, nth = "0"] = what.split(" >> nth=");
    for (const host of [document, ...document.querySelectorAll('[data-testid="stBidiComponentIsolated"]')]) {
      const found = (host.shadowRoot ?? host).querySelectorAll(selector)[Number(nth)];
      if (found) return found;
    }
    return null;
  };
  const seen = (what) => {
    const [selector, attribute] = what.split("@"), found = find(selector);
    return found && (attribute ? found.getAttribute(attribute) : found.outerHTML);
  };
"""

ANSWER = f"""
async ({{ press, key, type, shows, settles, limit }}) => {{
  {FIND}
  const field = () => find("input.edit"), frame = () => new Promise(requestAnimationFrame);
  if (type) {{
    find(press).click();
    field().value = type;
  }}
  const before = seen(shows), start = performance.now();
  const hit = (element, name) => element.dispatchEvent(new KeyboardEvent("keydown", {{ key: name, bubbles: true }}));
  if (type) hit(field(), "Enter");
  else if (key) hit(find(press), key);
  else find(press).click();
  while (seen(shows) === before || !find(settles)) {{
    if (performance.now() - start > limit) throw new Error(`nothing new in ${{shows}} after ${{press}}`);
    await frame();
  }}
  // What was changed before this frame is on the screen when the next task runs.
  await new Promise((done) => setTimeout(done));
  return performance.now() - start;
}}
"""

LOOK_OF = f"(what) => {{ {FIND} return find(what)?.outerHTML ?? ''; }}"


@dataclass(frozen=True)
class Row:
    """What was measured of a lesson: times in ms, and the bytes that the server sends for an answer."""

    lesson: str
    does: str
    answers: list[float]
    size: float
    hovers: list[float]


class Received:
    """Bytes that came over the page's connection."""

    def __init__(self, cdp: CDPSession) -> None:
        self.size = 0.0
        cdp.on("Network.webSocketFrameReceived", self._add)
        cdp.send("Network.enable")

    def _add(self, event: dict[str, dict[str, str]]) -> None:
        # Binary messages are reported in base64.
        self.size += len(event["response"]["payloadData"]) * 3 / 4


def measure(browser: Browser, url: str, key: str, answers: int) -> Row:
    """Open a lesson, do what is to be done ``answers`` times, and move the pointer about."""
    lesson: Measured = walks_of(catalogue.lesson(key)).MEASURED
    page = browser.new_page(viewport={"width": 1440, "height": 900})
    page.set_default_timeout(PAGE_LIMIT_MS)
    page.goto(f"{url}/{key}", wait_until="commit")
    page.locator(lesson.hover).first.wait_for()
    page.locator(".st-key-section-exercises").wait_for()
    page.wait_for_load_state("networkidle")
    cdp = page.context.new_cdp_session(page)
    cdp.send("Performance.enable")
    hovers = hover(page, cdp, lesson)
    received = Received(cdp)
    # The first of each are for the server's own first time.
    warming = max(4, len(lesson.press))
    for turn in range(warming):
        answer(page, lesson, turn)
    received.size = 0
    times = [answer(page, lesson, turn) for turn in range(warming, warming + answers)]
    size = received.size / answers
    page.close()
    return Row(key, lesson.does, times, size, hovers)


def answer(page: Page, lesson: Measured, turn: int) -> float:
    """From the event to the end of the frame that shows the new picture."""
    typed = lesson.types[turn % len(lesson.types)] if lesson.types else None
    asked = {"press": lesson.press[turn % len(lesson.press)], "key": lesson.key, "type": typed}
    where = {"shows": lesson.shows, "settles": lesson.settles, "limit": ANSWER_LIMIT_MS}
    time = float(page.evaluate(ANSWER, asked | where))
    page.wait_for_timeout(REST_MS)
    return time


def hover(page: Page, cdp: CDPSession, lesson: Measured) -> list[float]:
    """Script time of all that a move of the pointer sets off, up to the second frame after it."""
    boxes = [box for place in page.locator(lesson.hover).all() if (box := place.bounding_box())]
    times, told = [], set()
    for move in range(MOVES):
        box, across = boxes[(7 * move) % len(boxes)], (0.5 + 0.618 * move) % 1
        before = script_ms(cdp)
        page.mouse.move(box["x"] + across * box["width"], box["y"] + box["height"] / 2)
        page.evaluate(TWO_FRAMES)
        times.append(script_ms(cdp) - before)
        told.add(page.evaluate(LOOK_OF, lesson.tells) if lesson.tells else move)
    if len(told) < 3:
        raise RuntimeError(f"{MOVES} moves of the pointer told {len(told)} different things: hovering is broken.")
    return times


def table(rows: Sequence[Row]) -> str:
    lines = [("lesson", "what is done", "p95", "median", "bytes", "hover: p95", "median")]
    for row in rows:
        times = [f"{which(ms):.1f}" for ms in (row.answers, row.hovers) for which in (p95, median)]
        lines.append((row.lesson, row.does, *times[:2], f"{row.size:,.0f}", *times[2:]))
    widths = [max(map(len, column)) for column in zip(*lines, strict=True)]
    return "\n".join(
        "  ".join(
            text.ljust(w) if i < 2 else text.rjust(w) for i, (text, w) in enumerate(zip(line, widths, strict=True))
        )
        for line in lines
    )


def load() -> str:
    return f"load of the last minute {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("lessons", nargs="*", metavar="lesson", help=f"some of {', '.join(KEYS)}")
    parser.add_argument("--answers", type=int, default=30, help="how often each thing is done (30)")
    asked = parser.parse_args()
    if unknown := sorted({*asked.lessons} - {*KEYS}):
        parser.error(f"no lesson {', '.join(unknown)}; there are {', '.join(KEYS)}")
    chromium = os.environ.get("CHROMIUM") or shutil.which("chromium") or shutil.which("chromium-browser")
    if not chromium:
        sys.exit("No Chromium found; install it, or name it in the environment variable CHROMIUM.")
    print(f"before: {load()}")
    with sync_playwright() as playwright, server() as (url, _):
        browser = playwright.chromium.launch(executable_path=chromium, args=QUIET)
        rows = [measure(browser, url, key, asked.answers) for key in asked.lessons or KEYS]
        browser.close()
    print("from the event to the new picture, and the script of a hover, in ms; the bytes of one answer")
    print(table(rows))
    print(f"after: {load()}")


if __name__ == "__main__":
    main()
