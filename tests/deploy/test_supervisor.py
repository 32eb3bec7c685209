"""What is kept alive, how patiently, and that it ends with the one who keeps it."""

from __future__ import annotations

import asyncio
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from deploy import child, servers
from deploy.options import Server
from deploy.supervisor import LONGEST_PAUSE, PROVEN, Backoff, Kept
from tests.asynchronous import run
from tests.deploy.running import alive, until
from tests.root import ROOT

SLEEPER = [sys.executable, "-c", "import time; time.sleep(600)"]
DEAF = [sys.executable, "-c", "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); time.sleep(600)"]


def test_the_first_start_comes_at_once_and_later_ones_ever_more_patiently() -> None:
    backoff = Backoff()
    pauses = [backoff.after(0.1) for _ in range(10)]
    assert pauses[:5] == [0, 0.5, 1, 2, 4]
    assert pauses[-1] == LONGEST_PAUSE
    assert backoff.after(PROVEN) == 0


def test_what_died_is_started_again_and_what_is_let_go_is_not() -> None:
    async def scene() -> None:
        kept = Kept("sleeper", SLEEPER, os.environ, signal.SIGKILL)
        await kept.start()
        assert kept.process is not None
        first = kept.process.pid
        os.kill(first, signal.SIGKILL)
        await asyncio.wait_for(kept.died.wait(), 30)
        while kept.process.pid == first:
            await asyncio.sleep(0.01)
        second = kept.process.pid
        assert alive(second)
        await kept.stop()
        assert not alive(second)

    run(scene())


def test_a_child_that_doesnt_listen_is_ended_all_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(child, "PATIENCE", 0.5)

    async def scene() -> int | None:
        process = await child.start(DEAF, os.environ, signal.SIGKILL)
        await child.end(process)
        return process.returncode

    assert run(scene()) in (-signal.SIGKILL, -signal.SIGTERM)


PARENT = """
import asyncio, os, signal, sys
from deploy import child

async def scene():
    process = await child.start([sys.executable, "-c", "import time; time.sleep(600)"], os.environ, signal.SIGKILL)
    sys.stdout.write(f"{process.pid}\\n")
    sys.stdout.flush()
    await process.wait()

asyncio.run(scene())
"""


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="only Linux tells a process that its parent died")
def test_children_end_with_a_parent_that_is_killed_outright(tmp_path: Path) -> None:
    with subprocess.Popen([sys.executable, "-c", PARENT], cwd=ROOT, stdout=subprocess.PIPE, text=True) as parent:
        assert parent.stdout is not None
        pid = int(parent.stdout.readline())
        assert alive(pid)
        parent.kill()
    until("the child has ended", lambda: not alive(pid), 30)


def test_processes_share_a_secret_that_is_new_for_each_start_unless_given() -> None:
    first, second = servers.environment({}, 2), servers.environment({}, 2)
    assert len(first[servers.SECRET]) == 64
    assert first[servers.SECRET] != second[servers.SECRET]
    assert servers.environment({servers.SECRET: "mine"}, 2)[servers.SECRET] == "mine"
    both = servers.kept([Server("127.0.0.1", 1), Server("127.0.0.1", 2)])
    assert both[0].environment[servers.SECRET] == both[1].environment[servers.SECRET]


@pytest.mark.parametrize(("processes", "share"), [(1, 8), (2, 4), (3, 2), (16, 1)])
def test_each_process_keeps_its_share_of_the_cores_busy(
    processes: int, share: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(servers, "cores", lambda: 8)
    told = servers.environment({}, processes)
    asked = [sys.executable, "-c", "from ui import limits; import sys; sys.exit(limits.JOBS)"]
    assert subprocess.run(asked, cwd=ROOT, env={**os.environ, **told}, check=False).returncode == share
