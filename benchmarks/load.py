"""How many learners one server carries: opens every lesson through real connections, and prints what was measured.

    python -m benchmarks.load                    # about five minutes, against a server of its own
    python -m benchmarks.load --quick            # about one
    python -m benchmarks.load --url http://…     # against one that runs; --pid for each of its processes

Each opened page is looked through: a section that is missing or an error that is shown is counted as broken. A busy
machine makes every time longer; the processor time per open is hardly touched by it. "An empty app" is what Streamlit
itself takes for a page with one line, through the same visitors.
"""

from __future__ import annotations

import argparse
import asyncio
import itertools
import os
import sys
import tempfile
import time
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from statistics import median, quantiles

from benchmarks.serving import ROOT, Processes, serving
from benchmarks.trainer import train
from benchmarks.visitor import Page, fetch, files_of, open_once, open_page, visit
from ui.catalogue import LESSONS

NAMES = tuple(lesson.key for lesson in LESSONS)
CROWDS = (1, 8, 50, 100)
TRAININGS = 8
PARTS = "open,learn,train,rush,memory,floor"
EMPTY = 'import streamlit as st\nst.set_page_config(page_title="Empty")\nst.markdown("one line")\n'


@dataclass(frozen=True)
class Lengths:
    """Seconds that each part takes, and how many come."""

    opening: float
    learning: float
    learners: int = 200
    every: float = 15.0
    rush: int = 300
    within: float = 5.0


USUAL, QUICK = Lengths(15.0, 45.0), Lengths(4.0, 15.0)


@dataclass
class Tally:
    """What the opens of one part took."""

    what: str
    pages: list[Page] = field(default_factory=list)
    seconds: float = 0.0
    cpu: float | None = None

    @property
    def broken(self) -> list[str]:
        """What was wrong with pages, a line for each page."""
        return [f"{len(page.faults)} faults, first {page.faults[0]}" for page in self.pages if page.faults]

    def line(self) -> str:
        """Opens a second, their times, what they cost the server, and how many weren't whole."""
        times = [1000 * page.seconds for page in self.pages] or [0.0]
        high = quantiles(times, n=20, method="inclusive")[-1] if len(times) > 1 else times[0]
        cost = "      –" if self.cpu is None else f"{1000 * self.cpu / max(1, len(self.pages)):7.1f}"
        return (
            f"{self.what:<34}{len(self.pages):>7}{len(self.pages) / max(self.seconds, 1e-9):>9.1f}"
            f"{median(times):>9.0f}{high:>9.0f}{max(times):>9.0f}{cost:>10}{len(self.broken):>8}"
        )


HEAD = f"{'':<34}{'opens':>7}{'a second':>9}{'p50 ms':>9}{'p95 ms':>9}{'worst':>9}{'CPU ms':>10}{'broken':>8}"


async def tallied(what: str, server: Processes, work: Callable[[Tally], Awaitable[None]]) -> Tally:
    """Do the work, and see what it took of time and of the server's processor."""
    tally = Tally(what)
    cpu, began = server.cpu(), time.perf_counter()
    await work(tally)
    tally.seconds = time.perf_counter() - began
    after = server.cpu()
    tally.cpu = None if cpu is None or after is None else after - cpu
    return tally


async def references(url: str, names: Sequence[str]) -> dict[str, Page]:
    """Each page as a single visitor sees it, who comes before all others."""
    whole = {name: await open_once(url, name, {}) for name in names}
    for name, page in whole.items():
        page.compare(page)
        if page.faults:
            raise RuntimeError(f"{name} is broken for a single visitor: {'; '.join(page.faults)}")
    return whole


def opening(
    url: str, names: Sequence[str], whole: dict[str, Page], clients: int, seconds: float
) -> Callable[[Tally], Awaitable[None]]:
    """So many visitors, each of whom opens one lesson after the other in a tab of its own."""

    async def work(tally: Tally) -> None:
        until = time.perf_counter() + seconds
        turns = itertools.cycle(names)

        async def client() -> None:
            while time.perf_counter() < until:
                tally.pages.append(await open_once(url, next(turns), whole))

        await asyncio.gather(*(client() for _ in range(clients)))

    return work


def learning(url: str, whole: dict[str, Page], lengths: Lengths) -> Callable[[Tally], Awaitable[None]]:
    """So many learners, each with one tab, who go to another lesson every so many seconds."""

    async def work(tally: Tally) -> None:
        until = time.perf_counter() + lengths.learning
        turns = itertools.cycle(NAMES)

        async def learner(number: int) -> None:
            due = time.perf_counter() + lengths.every * number / lengths.learners
            async with visit(url) as connection:
                while due < until:
                    await asyncio.sleep(max(0.0, due - time.perf_counter()))
                    name = next(turns)
                    page = await open_page(connection, url, name)
                    page.compare(whole[name])
                    tally.pages.append(page)
                    due += lengths.every

        await asyncio.gather(*(learner(number) for number in range(lengths.learners)))

    return work


def rush(
    url: str, name: str, whole: dict[str, Page], lengths: Lengths, files: Sequence[str] | None
) -> Callable[[Tally], Awaitable[None]]:
    """A class follows one link at nearly the same time."""

    async def work(tally: Tally) -> None:
        async def reader(number: int) -> None:
            await asyncio.sleep(lengths.within * number / lengths.rush)
            tally.pages.append(await open_once(url, name, whole, files=files))

        await asyncio.gather(*(reader(number) for number in range(lengths.rush)))

    return work


async def memory(url: str, server: Processes, learners: int, say: Callable[[str], None]) -> None:
    """What a learner's open page holds, and whether it is given back after all have left."""
    before, threads = server.memory(), server.threads()
    leave = asyncio.Event()
    opened: list[Page] = []

    async def learner(number: int) -> None:
        async with visit(url) as connection:
            opened.append(await open_page(connection, url, NAMES[number % len(NAMES)]))
            await leave.wait()

    tasks = [asyncio.create_task(learner(number)) for number in range(learners)]
    while len(opened) < learners and not any(task.done() for task in tasks):
        await asyncio.sleep(0.1)
    during, most = server.memory(), server.threads()
    leave.set()
    await asyncio.gather(*tasks)
    # Streamlit lets go of a session that was left when the next one comes or goes, and only after its time has run out.
    for _ in range(30):
        await asyncio.sleep(1)
        await open_once(url, NAMES[0], {})
        if (server.threads() or 0) <= (threads or 0):
            break
    await asyncio.sleep(12)
    await open_once(url, NAMES[0], {})
    after, left = server.memory(), server.threads()
    if before is None or during is None or after is None:
        say("memory and threads: not known of a server that was started elsewhere (give --pid)")
        return
    say(
        f"{learners} open pages: {(during - before) / learners / 2**20:.2f} MB and "
        f"{((most or 0) - (threads or 0)) / learners:.2f} threads each; "
        f"before {before / 2**20:.0f} MB, {threads} threads; after all have left {after / 2**20:.0f} MB, {left} threads"
    )


async def measure(url: str, server: Processes, lengths: Lengths, parts: set[str], say: Callable[[str], None]) -> int:
    """Every part that was asked for; gives how many pages weren't whole."""
    await references(url, NAMES)  # the first time, the server makes what it makes once
    whole = await references(url, NAMES)
    say(f"a page weighs {median(page.size for page in whole.values()) / 2**20:.2f} MB of messages (median)")
    broken = 0
    say(HEAD)

    async def part(what: str, work: Callable[[Tally], Awaitable[None]]) -> None:
        nonlocal broken
        tally = await tallied(what, server, work)
        say(tally.line())
        for fault in sorted(set(tally.broken))[:5]:
            say(f"    {fault}")
        broken += len(tally.broken)

    if "open" in parts:
        for clients in CROWDS:
            await part(f"{clients} at once, every lesson", opening(url, NAMES, whole, clients, lengths.opening))
    if "learn" in parts:
        await part(f"{lengths.learners} learners, every {lengths.every:.0f} s each", learning(url, whole, lengths))
    if "train" in parts:
        tally = Tally(f"{TRAININGS} trainings beside {lengths.learners // 2}: a picture")
        beside = replace(lengths, learners=lengths.learners // 2)
        until = time.perf_counter() + lengths.learning
        others = tallied("… and the lessons beside them", server, learning(url, whole, beside))
        trainers = [train(url, until, tally.pages) for _ in range(TRAININGS)]
        tally.seconds = lengths.learning
        lessons, *_rest = await asyncio.gather(others, *trainers)
        for each in (tally, lessons):
            say(each.line())
            broken += len(each.broken)
    if "rush" in parts:
        name = "forward-backward"
        await part(f"{lengths.rush} follow one link in {lengths.within:.0f} s", rush(url, name, whole, lengths, None))
        files = await named(url)
        await part("… and fetch the page's files", rush(url, name, whole, lengths, files))
        say(f"    the page's files weigh {await fetch(url, files) / 2**20:.2f} MB on their way")
    if "memory" in parts:
        await memory(url, server, lengths.learners, say)
    return broken


async def named(url: str) -> list[str]:
    """The files that a browser needs before it can show any page."""
    import urllib.request

    with urllib.request.urlopen(url, timeout=30) as answer:
        return files_of(answer.read().decode())


async def floor(lengths: Lengths, say: Callable[[str], None]) -> None:
    """The same visitors before an app that does nothing: what is Streamlit's own."""
    with tempfile.TemporaryDirectory() as folder:
        script = Path(folder) / "empty.py"
        script.write_text(EMPTY, encoding="utf-8")
        with serving(script, ROOT) as (url, server):
            for clients in (1, 100):
                await open_once(url, "", {})
                work = opening(url, [""], {}, clients, lengths.opening)
                say((await tallied(f"an empty app, {clients} at once", server, work)).line())


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--url", help="a server that already runs; otherwise one is started")
    parser.add_argument("--pid", type=int, action="append", default=[], help="a process of that server")
    parser.add_argument("--app", type=Path, help="another app.py to start, to compare with")
    parser.add_argument("--quick", action="store_true", help="shorter parts")
    parser.add_argument("--parts", default=PARTS, help=f"some of {PARTS}")
    asked = parser.parse_args()
    lengths, parts = QUICK if asked.quick else USUAL, set(asked.parts.split(","))

    def say(line: str) -> None:
        print(line, flush=True)

    async def run() -> int:
        if asked.url:
            return await measure(asked.url.rstrip("/"), Processes(asked.pid), lengths, parts, say)
        with serving(asked.app) as (url, server):
            broken = await measure(url, server, lengths, parts, say)
        if "floor" in parts:
            await floor(lengths, say)
        return broken

    say(f"load of the last minute {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores")
    broken = asyncio.run(run())
    say(f"load of the last minute {os.getloadavg()[0]:.1f}")
    if broken:
        sys.exit(f"{broken} pages weren't whole.")


if __name__ == "__main__":
    main()
