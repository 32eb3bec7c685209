"""The command line as data."""

from __future__ import annotations

import argparse
import ipaddress
import os
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from deploy.problems import Problem

PORT = 8501
MOST_PROCESSES = 64


@dataclass(frozen=True)
class Server:
    """One process of the app: where nginx finds it."""

    host: str
    port: int

    def __str__(self) -> str:
        return f"{self.host}:{self.port}"


@dataclass(frozen=True)
class Options:
    """What ``python -m deploy`` was asked for."""

    address: str
    port: int
    processes: int
    proxy: bool
    servers: tuple[Server, ...]
    trusted: tuple[str, ...]
    certificate: Path | None
    key: Path | None
    nginx: str | None


def cores() -> int:
    """The cores that this process may use, which in a container can be fewer than the machine's."""
    allowed = getattr(os, "sched_getaffinity", None)
    return len(allowed(0)) if allowed else os.cpu_count() or 1


def parse(arguments: Sequence[str] | None = None) -> Options:
    """Read the command line.

    Raises:
        Problem: something can't be used; the message says what would work.
    """
    given = _parser().parse_args(arguments)
    if not 1 <= given.processes <= MOST_PROCESSES:
        raise Problem(
            f"--processes {given.processes}: give a number from 1 to {MOST_PROCESSES}; one for each core is best."
        )
    if not 1 <= given.port <= 65535:
        raise Problem(f"--port {given.port}: give a number from 1 to 65535, for instance {PORT}.")
    if given.servers and not given.proxy:
        raise Problem(
            "--servers and --no-proxy: one puts nginx before servers elsewhere, the other starts none. Give one."
        )
    if (given.certificate is None) != (given.key is None):
        raise Problem("--certificate and --key belong together: give both files, or neither and put TLS before it.")
    for file in (given.certificate, given.key):
        if file is not None and not file.is_file():
            raise Problem(f"{file}: there is no such file. Give the path of a PEM file.")
    return Options(
        address=_address(given.address),
        port=given.port,
        processes=given.processes,
        proxy=given.proxy,
        servers=tuple(_server(text) for text in given.servers),
        trusted=tuple(_network(text) for text in given.trusted),
        certificate=given.certificate and given.certificate.resolve(),
        key=given.key and given.key.resolve(),
        nginx=given.nginx,
    )


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        "python -m deploy", description="StepCNN on every core: several servers, one address."
    )
    parser.add_argument(
        "--address", default="127.0.0.1", help="where it is reached; 0.0.0.0 is from everywhere (%(default)s)"
    )
    parser.add_argument("--port", type=int, default=PORT, help="at which port (%(default)s)")
    parser.add_argument(
        "--processes", type=int, default=cores(), help="servers of the app; one for each core (%(default)s)"
    )
    parser.add_argument(
        "--no-proxy", dest="proxy", action="store_false", help="the servers alone, at --port and the ports after it"
    )
    parser.add_argument(
        "--servers", nargs="+", default=[], metavar="HOST:PORT", help="nginx alone, before servers that run elsewhere"
    )
    parser.add_argument(
        "--trusted", nargs="+", default=[], metavar="NETWORK", help="proxies whose X-Forwarded-For is believed"
    )
    parser.add_argument("--certificate", type=Path, metavar="FILE", help="TLS: the certificate's chain, PEM")
    parser.add_argument("--key", type=Path, metavar="FILE", help="TLS: its key, PEM")
    parser.add_argument("--nginx", metavar="PROGRAM", help="nginx, where it isn't found by itself")
    return parser


def _address(text: str) -> str:
    try:
        return str(ipaddress.ip_address(text))
    except ValueError:
        raise Problem(f"--address {text}: give a number such as 127.0.0.1, 0.0.0.0 or ::, not a name.") from None


def _server(text: str) -> Server:
    host, _, port = text.rpartition(":")
    if not host or not port.isdecimal() or not 1 <= int(port) <= 65535:
        raise Problem(f"--servers {text}: give HOST:PORT, for instance 10.0.0.2:{PORT}.")
    return Server(host, int(port))


def _network(text: str) -> str:
    try:
        return str(ipaddress.ip_network(text))
    except ValueError:
        raise Problem(f"--trusted {text}: give a network such as 10.0.0.0/8, or one address.") from None
