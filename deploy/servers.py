"""The app's processes: the command that each of them is."""

from __future__ import annotations

import os
import secrets
import signal
import sys
from collections.abc import Mapping, Sequence

from deploy.limits import ROOT
from deploy.options import Server, cores
from deploy.supervisor import Kept

SECRET = "STREAMLIT_SERVER_COOKIE_SECRET"
JOBS = "STEPCNN_JOBS"


def environment(given: Mapping[str, str], processes: int) -> dict[str, str]:
    """What the processes are told: the cookies' secret, and how many of the cores each may keep busy with heavy work.

    The secret is a new one for each start unless one was given; machines that share readers must be given the same.
    """
    return {SECRET: secrets.token_hex(32), JOBS: str(max(1, cores() // processes)), **given}


def command(server: Server) -> list[str]:
    """One server of the app; its settings are those of .streamlit/config.toml."""
    app = [sys.executable, "-m", "streamlit", "run", str(ROOT / "app.py")]
    return [*app, "--server.address", server.host, "--server.port", str(server.port), "--server.headless", "true"]


def kept(servers: Sequence[Server]) -> list[Kept]:
    """A kept process for each server. Nothing of them is on the disk, so the last signal may be the hard one."""
    shared = environment(os.environ, max(1, len(servers)))
    return [
        Kept(f"process {number} ({server})", command(server), shared, signal.SIGKILL)
        for number, server in enumerate(servers, 1)
    ]
