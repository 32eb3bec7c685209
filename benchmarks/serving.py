"""A server of the app on a port of its own, and what its processes take of the machine."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from benchmarks.app import free_port, healthy

ROOT = Path(__file__).parents[1]
START_LIMIT = 90.0


@dataclass(frozen=True)
class Processes:
    """Processes of a server, as Linux counts them; None where nothing is known of them."""

    pids: Sequence[int]

    def cpu(self) -> float | None:
        """Processor seconds that they have used."""
        return self._sum(lambda pid: sum(map(int, _stat(pid)[11:13])) / os.sysconf("SC_CLK_TCK"))

    def memory(self) -> float | None:
        """Bytes that they hold in memory."""
        return self._sum(lambda pid: int(_stat(pid)[21]) * os.sysconf("SC_PAGE_SIZE"))

    def threads(self) -> int | None:
        """How many threads they have."""
        found = self._sum(lambda pid: int(_stat(pid)[17]))
        return None if found is None else int(found)

    def _sum(self, one: Callable[[int], float]) -> float | None:
        if not self.pids or not Path("/proc/self/stat").exists():
            return None
        return float(sum(one(pid) for pid in self.pids))


def _stat(pid: int) -> list[str]:
    """The words of /proc/…/stat after the name, which may hold spaces itself."""
    return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()


@contextmanager
def serving(app: Path | None = None, settings: Path | None = None) -> Iterator[tuple[str, Processes]]:
    """A server on loopback: its address and its process; it ends with the block.

    Args:
        app: its script; that of this folder's app if none is named.
        settings: the folder whose .streamlit/config.toml it follows; the script's own if none is named.
    """
    app = (app or ROOT / "app.py").resolve()
    port = free_port()
    url = f"http://127.0.0.1:{port}"
    command = [sys.executable, "-m", "streamlit", "run", str(app), "--server.headless", "true"]
    process = subprocess.Popen(
        [*command, "--server.port", str(port), "--server.address", "127.0.0.1"],
        cwd=settings or app.parent,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        until = time.monotonic() + START_LIMIT
        while not healthy(url):
            if process.poll() is not None or time.monotonic() > until:
                raise RuntimeError(f"{app} didn't start; `streamlit run {app}` will say why.")
            time.sleep(0.05)
        yield url, Processes([process.pid])
    finally:
        process.terminate()
        process.wait(15)
