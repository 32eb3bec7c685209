"""The app's processes: the command that each of them is."""

from __future__ import annotations

import os
import secrets
import signal
import sys
from collections.abc import Mapping, Sequence

from deploy.limits import ROOT
from deploy.options import Server
from deploy.supervisor import Kept

SECRET = "STREAMLIT_SERVER_COOKIE_SECRET"


def environment(given: Mapping[str, str]) -> dict[str, str]:
    """What the processes share: the cookies' secret, a new one for each start unless one was given.

    Machines that share readers must be given the same.
    """
    return {SECRET: secrets.token_hex(32), **given}


def command(server: Server) -> list[str]:
    """One server of the app; its settings are those of .streamlit/config.toml."""
    app = [sys.executable, "-m", "streamlit", "run", str(ROOT / "app.py")]
    return [*app, "--server.address", server.host, "--server.port", str(server.port), "--server.headless", "true"]


def kept(servers: Sequence[Server]) -> list[Kept]:
    """A kept process for each server. Nothing of them is on the disk, so the last signal may be the hard one."""
    shared = environment(os.environ)
    return [
        Kept(f"process {number} ({server})", command(server), shared, signal.SIGKILL)
        for number, server in enumerate(servers, 1)
    ]
