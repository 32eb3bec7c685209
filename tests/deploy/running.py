"""A real ``python -m deploy``: its address, its processes by their ids, and what it leaves."""

from __future__ import annotations

import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from deploy.nginx import PLACES
from tests.browser import free_port
from tests.chromium import absent
from tests.root import ROOT

PATIENCE = 90.0
LISTED = re.compile(r"^\s*(\d+)\s+(\d+)\s+(.*)$")


def until(said: str, true: Callable[[], bool], seconds: float = PATIENCE) -> None:
    """Wait for a state, and fail in words when it doesn't come."""
    before = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < before, f"not within {seconds:g} s: {said}"
        time.sleep(0.02)


def needs_nginx() -> None:
    """Skip where nginx isn't installed; fail where the browser tests are required."""
    if not any(map(shutil.which, PLACES)):
        absent("no nginx found (on Debian: apt-get install nginx)")


def descendants(of: int) -> dict[int, str]:
    """The processes that come from this one, by their ids, with their commands."""
    said = subprocess.run(["ps", "-A", "-ww", "-o", "pid=,ppid=,args="], capture_output=True, text=True, check=True)
    rows = [(int(m[1]), int(m[2]), m[3]) for line in said.stdout.splitlines() if (m := LISTED.match(line))]
    found: dict[int, str] = {}
    parents = {of}
    while parents:
        new = {pid: command for pid, parent, command in rows if parent in parents and pid not in found}
        found |= new
        parents = set(new)
    return found


def alive(pid: int) -> bool:
    """Whether it runs; one that ended and was not yet taken note of doesn't."""
    said = subprocess.run(["ps", "-p", str(pid), "-o", "stat="], capture_output=True, text=True, check=False)
    return said.stdout.strip()[:1] not in ("", "Z")


@dataclass
class Running:
    """A deployment at work."""

    program: subprocess.Popen[str]
    base: str
    folder: Path
    """Where it puts its temporary files."""
    log: Path
    seen: set[int] = field(default_factory=set)
    """Every process that it was ever seen to have."""

    def note(self) -> dict[int, str]:
        found = descendants(self.program.pid)
        self.seen |= set(found)
        return found

    def ports(self) -> list[str]:
        """The servers' ports, in the order of the cookie's names: 1, 2, …"""
        (settings,) = self.folder.glob("*/nginx.conf")
        inside = settings.read_text(encoding="utf-8").split("upstream anyone {")[1].split("}")[0]
        return re.findall(r"server [\d.]+:(\d+)", inside)

    def server(self, name: str) -> int | None:
        """The id of the process that the cookie calls so, while it runs."""
        port = self.ports()[int(name) - 1]
        return next((pid for pid, command in self.note().items() if f"--server.port {port}" in command), None)

    def answers(self, name: str) -> bool:
        """Whether that process itself is well, asked without the proxy."""
        try:
            with urllib.request.urlopen(
                f"http://127.0.0.1:{self.ports()[int(name) - 1]}/_stcore/health", timeout=5
            ) as said:
                return bool(said.status == 200)
        except OSError:
            return False

    def stop(self, by: signal.Signals = signal.SIGTERM) -> int:
        self.note()
        self.program.send_signal(by)
        return self.program.wait(60)

    def left(self) -> list[str]:
        """What is still there: processes, and temporary files."""
        return [f"process {pid}" for pid in self.seen if alive(pid)] + [str(path) for path in self.folder.iterdir()]


@contextmanager
def running(log: Path, *options: str) -> Iterator[Running]:
    """Start it on a free port, with its temporary files in an empty folder, and end it if the test didn't."""
    # Not in one of pytest's folders, for those are their owner's alone, and nginx started by root works as nobody.
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        folder.chmod(0o711)
        with _started(folder, log, *options) as deployment:
            yield deployment


@contextmanager
def _started(folder: Path, log: Path, *options: str) -> Iterator[Running]:
    port = free_port()
    command = [sys.executable, "-m", "deploy", "--port", str(port), *options]
    environment = {**os.environ, "TMPDIR": str(folder)}
    with log.open("w") as complaints:
        program = subprocess.Popen(
            command, cwd=ROOT, env=environment, stdout=subprocess.PIPE, stderr=complaints, text=True
        )
    assert program.stdout is not None
    try:
        # Its one line, or nothing when it ended.
        line = program.stdout.readline().strip()
        if not line:
            pytest.fail(f"python -m deploy ended with {program.wait(60)}:\n{log.read_text()}")
        assert line == f"StepCNN: http://127.0.0.1:{port}"
        yield Running(program, line.removeprefix("StepCNN: "), folder, log)
    finally:
        if program.poll() is None:
            program.terminate()
            try:
                program.wait(30)
            except subprocess.TimeoutExpired:
                program.kill()
                program.wait(10)
        program.stdout.close()
