"""Ports: which are free, and whether the one that was asked for is."""

from __future__ import annotations

import socket

from deploy.options import Server
from deploy.problems import Problem

LOOPBACK = "127.0.0.1"


def free(count: int) -> tuple[Server, ...]:
    """As many different free ports of the loopback address; held together, so that none is given twice."""
    probes = [socket.socket() for _ in range(count)]
    try:
        for probe in probes:
            probe.bind((LOOPBACK, 0))
        return tuple(Server(LOOPBACK, int(probe.getsockname()[1])) for probe in probes)
    finally:
        for probe in probes:
            probe.close()


def must_be_free(address: str, port: int) -> None:
    """Say plainly that somebody has the port, before anything is started.

    Raises:
        Problem: the port is taken, or isn't this person's to take.
    """
    with socket.socket(socket.AF_INET6 if ":" in address else socket.AF_INET) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((address, port))
        except PermissionError:
            raise Problem(
                f"Port {port} needs an administrator's rights. Give one above 1023, for instance --port 8501."
            ) from None
        except OSError as error:
            raise Problem(
                f"{address}:{port} can't be used ({error.strerror}). Give another --port or --address."
            ) from None
