"""How the app feels, in numbers: starts it, opens it in Chromium on this machine, and prints a table.

    python benchmarks/app.py

Times are what a reader waits for: from the start of the server, or from an input event, to the picture. Needs
Chromium and requirements-dev.txt. A busy machine makes every number larger, so close what else is running.
"""

from __future__ import annotations

import argparse
import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median, quantiles

from playwright.sync_api import Browser, CDPSession, Page, sync_playwright

ROOT = Path(__file__).parents[1]
START_LIMIT = 60.0
PAGE_LIMIT_MS = 60_000
QUIET = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
LESSON = "forward-backward"
TRAINING = "watch-it-train"
USABLE = ".forward-backward .grid.result .cell"


@dataclass(frozen=True)
class Row:
    """One line of the table."""

    what: str
    value: str
    goal: str = ""


def p95(values: list[float]) -> float:
    return quantiles(values, n=20, method="inclusive")[-1]


def spread(values: list[float], unit: str = "ms") -> str:
    return f"{p95(values):7.1f} {unit}   (median {median(values):.1f}, n = {len(values)})"


# The server.


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def healthy(url: str) -> bool:
    try:
        with urllib.request.urlopen(f"{url}/_stcore/health", timeout=1) as answer:
            return bool(answer.status == 200)
    except (urllib.error.URLError, OSError):
        return False


@contextmanager
def server() -> Iterator[tuple[str, float]]:
    """The app on a free port of this machine, and the moment at which its start was asked for."""
    url = f"http://127.0.0.1:{(port := free_port())}"
    started = time.perf_counter()
    command = [sys.executable, "-m", "streamlit", "run", "app.py", "--server.headless", "true"]
    process = subprocess.Popen(
        [*command, "--server.port", str(port), "--server.address", "127.0.0.1"],
        cwd=ROOT,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        while not healthy(url):
            if process.poll() is not None or time.perf_counter() - started > START_LIMIT:
                raise RuntimeError("The app didn't start; `streamlit run app.py` will say why.")
            time.sleep(0.02)
        yield url, started
    finally:
        process.terminate()
        process.wait(10)


# Waiting for a page.


def open_lesson(page: Page, url: str) -> None:
    page.goto(f"{url}/{LESSON}", wait_until="commit")
    page.locator(USABLE).first.wait_for(timeout=PAGE_LIMIT_MS)


def first_pages(browser: Browser, runs: int) -> list[Row]:
    """From the server's start, and for a further tab, until a cell of the lesson's picture can be pointed at."""
    starts, tabs = [], []
    for _ in range(runs):
        with server() as (url, started):
            context = browser.new_context(viewport={"width": 1440, "height": 900})
            open_lesson(context.new_page(), url)
            starts.append(time.perf_counter() - started)
            asked = time.perf_counter()
            open_lesson(context.new_page(), url)
            tabs.append(time.perf_counter() - asked)
            context.close()
    return [
        Row(
            "server start -> first usable page",
            f"{median(starts):7.2f} s    (worst {max(starts):.2f}, n = {runs})",
            "4.5 s",
        ),
        Row("second tab -> usable page", f"{median(tabs):7.2f} s    (worst {max(tabs):.2f}, n = {runs})", "2 s"),
    ]


# Bytes.


@dataclass
class Weight:
    """Bytes that reached a page: files over HTTP as they travelled, and messages of its connection."""

    files: float = 0
    messages: float = 0
    requests: set[str] = field(default_factory=set)

    def watch(self, cdp: CDPSession) -> None:
        cdp.on("Network.loadingFinished", self._file)
        cdp.on("Network.webSocketFrameReceived", self._message)
        cdp.on("Network.requestWillBeSent", lambda event: self.requests.add(event["request"]["url"]))
        cdp.send("Network.enable")

    def _file(self, event: dict[str, float]) -> None:
        self.files += event["encodedDataLength"]

    def _message(self, event: dict[str, dict[str, str]]) -> None:
        # Binary messages are reported in base64.
        self.messages += len(event["response"]["payloadData"]) * 3 / 4


def page_weight(browser: Browser, url: str, path: str, ready: str) -> Row:
    page = browser.new_page()
    weight = Weight()
    weight.watch(page.context.new_cdp_session(page))
    page.goto(f"{url}/{path}", wait_until="commit")
    page.locator(ready).first.wait_for(timeout=PAGE_LIMIT_MS)
    page.wait_for_load_state("networkidle")
    page.close()
    total = weight.files + weight.messages
    return Row(
        f"page weight, first visit, /{path}",
        f"{total:11,.0f} bytes (files {weight.files:,.0f}, of the session {weight.messages:,.0f})",
    )


# Pointing and stepping.

TWO_FRAMES = "() => new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))"

STEP = """
async (stage) => {
  const next = stage.querySelector('[data-control="next"]'), count = stage.querySelector(".count");
  const before = count.textContent, start = performance.now();
  next.click();
  while (count.textContent === before) await new Promise(requestAnimationFrame);
  await new Promise(requestAnimationFrame);
  return performance.now() - start;
}
"""


def script_ms(cdp: CDPSession) -> float:
    metrics = cdp.send("Performance.getMetrics")["metrics"]
    return 1000 * float(next(m["value"] for m in metrics if m["name"] == "ScriptDuration"))


def hover(page: Page, moves_each: int) -> Row:
    """Script time of all that a move of the pointer onto another cell sets off, up to the second frame after it.

    At every stop of the journey, so that sums of nine terms and of seventy-two are both among them.
    """
    cdp = page.context.new_cdp_session(page)
    cdp.send("Performance.enable")
    shelf = page.locator(".forward-backward .shelf")
    times, seen = [], set()
    for tick in page.locator(".forward-backward .tick").all():
        tick.click()
        boxes = [cell.bounding_box() for cell in page.locator(f"{USABLE}:not(.pad)").all()]
        middles = [(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2) for box in boxes if box]
        for number in range(min(moves_each, len(middles))):
            before = script_ms(cdp)
            page.mouse.move(*middles[(number * 37) % len(middles)])
            page.evaluate(TWO_FRAMES)
            times.append(script_ms(cdp) - before)
            seen.add(shelf.inner_text())
    if len(seen) < len(times) / 4:
        raise RuntimeError(f"{len(times)} moves showed only {len(seen)} different explanations: hovering is broken.")
    return Row("hover -> highlight, script time, p95", spread(times), "16 ms")


def steps(page: Page, rounds: int) -> Row:
    """From the click on "next" to the first frame that shows the new picture, over the whole journey."""
    times = []
    for _ in range(rounds):
        first = page.locator(".forward-backward .tick").first
        first.click()
        page.evaluate(TWO_FRAMES)
        count = page.locator(".forward-backward .tick").count()
        for _ in range(count - 1):
            times.append(float(page.locator(".forward-backward").evaluate(STEP)))
    return Row('click on "next" -> new picture, p95', spread(times), "100 ms")


# Training.

COUNT_UPDATES = """
(where, seconds) => new Promise((done) => {
  let updates = 0, last = where.textContent;
  const start = performance.now();
  const look = () => {
    if (where.textContent !== last) { updates += 1; last = where.textContent; }
    const passed = performance.now() - start;
    if (passed < 1000 * seconds) requestAnimationFrame(look);
    else done({ rate: 1000 * updates / passed, where: last });
  };
  look();
})
"""


def training(browser: Browser, url: str, seconds: float) -> Row:
    """How often a second the live picture shows a later step of the run."""
    page = browser.new_page(viewport={"width": 1440, "height": 900})
    page.goto(f"{url}/{TRAINING}")
    page.locator(".watch-it-train .where").wait_for(timeout=PAGE_LIMIT_MS)
    page.locator(".watch-it-train .play").click()
    page.wait_for_timeout(1500)
    found = page.locator(".watch-it-train .where").evaluate(COUNT_UPDATES, seconds)
    page.close()
    return Row("refreshes a second while training", f"{found['rate']:7.1f} /s   (at the end: {found['where']})", "4 /s")


def table(rows: list[Row]) -> str:
    width = max(len(row.what) for row in rows)
    return "\n".join(f"{row.what:<{width}}  {row.value:<58} {'goal ' + row.goal if row.goal else ''}" for row in rows)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--quick", action="store_true", help="fewer repetitions")
    quick = parser.parse_args().quick
    chromium = os.environ.get("CHROMIUM") or shutil.which("chromium") or shutil.which("chromium-browser")
    if not chromium:
        sys.exit("No Chromium found; install it, or name it in the environment variable CHROMIUM.")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=QUIET)
        rows = first_pages(browser, 1 if quick else 5)
        with server() as (url, _):
            page = browser.new_page(viewport={"width": 1440, "height": 900})
            open_lesson(page, url)
            page.reload()  # what follows is measured on a server that has had its first visitor
            open_lesson(page, url)
            rows.append(hover(page, 3 if quick else 16))
            rows.append(steps(page, 1 if quick else 5))
            page.close()
            rows.append(page_weight(browser, url, LESSON, USABLE))
            rows.append(page_weight(browser, url, TRAINING, ".watch-it-train .where"))
            rows.append(training(browser, url, 4 if quick else 15))
        browser.close()
    print(table(rows))


if __name__ == "__main__":
    main()
