"""nginx: where it is, its configuration, and whether it takes it."""

from __future__ import annotations

import asyncio
import os
import resource
import shutil
import socket
import string
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from deploy import limits, static
from deploy.options import Options, Server, cores
from deploy.problems import Problem

TEMPLATE = Path(__file__).parent / "nginx.conf.template"
PAGE = Path(__file__).parent / "pages" / "unavailable.html"

PLACES = ("nginx", "/usr/sbin/nginx", "/usr/local/sbin/nginx", "/usr/local/bin/nginx", "/opt/homebrew/bin/nginx")
# One refused connection isn't yet a dead process, three in a moment are; then its readers no longer wait for a try.
FAILURES = "max_fails=3 fail_timeout=3s"
MOST_FILES = 65_536
RESOLVE_SECONDS = 60.0


class Template(string.Template):
    """nginx's own variables have a $, so what is filled in has an @ and braces."""

    delimiter = "@"
    pattern = r"""
        @(?:(?P<escaped>@)|(?P<named>(?!))|\{(?P<braced>[a-z_]+)\}|(?P<invalid>(?!)))
    """  # type: ignore[assignment]


def program(asked: str | None) -> str:
    """Where nginx is. (On Debian it isn't on the path of a person who isn't root.)

    Raises:
        Problem: it isn't installed.
    """
    for name in [asked] if asked else PLACES:
        if found := shutil.which(name):
            return found
    where = f"{asked}: there is no such program." if asked else "nginx isn't installed."
    raise Problem(
        f"{where} On Debian or Ubuntu `sudo apt-get install nginx` brings it, on a Mac `brew install nginx`; "
        "--nginx says where it is. Without it, one process on one core still works: `streamlit run app.py`."
    )


@dataclass(frozen=True)
class Where:
    """What a configuration depends on."""

    listen: str
    servers: Sequence[Server]
    trusted: Sequence[str] = ()
    certificate: Path | None = None
    key: Path | None = None


def where(options: Options, servers: Sequence[Server]) -> Where:
    """As the command line has it."""
    host = f"[{options.address}]" if ":" in options.address else options.address
    listen = f"{host}:{options.port}{' ssl' if options.certificate else ''}"
    return Where(listen, servers, options.trusted, options.certificate, options.key)


def configuration(to: Where) -> str:
    """The template, filled in."""
    files = _files()
    return Template(TEMPLATE.read_text(encoding="utf-8")).substitute(
        workers=cores(),
        files=files,
        connections=files // 2,
        anyone="\n".join(f"        server {server} {FAILURES};" for server in to.servers),
        each="\n".join(_upstream(number, to.servers) for number in range(len(to.servers))),
        processes="\n".join(f"        {n} process_{n};" for n, _ in enumerate(to.servers, 1)),
        uploads="\n".join(f"    upstream upload_{n} {{ server {server}; }}" for n, server in enumerate(to.servers, 1)),
        upload_processes="\n".join(f"        {n} upload_{n};" for n, _ in enumerate(to.servers, 1)),
        answered="\n".join(f"        {_ending_with(server)} {n};" for n, server in enumerate(to.servers, 1)),
        trusted=_trusted(to.trusted),
        listen=to.listen,
        tls=_tls(to),
        upload=limits.upload_kilobytes(),
    )


def _upstream(number: int, servers: Sequence[Server]) -> str:
    own = f"process_{number + 1}"
    lines = [f"    upstream {own} {{", f"        zone {own} 128k;"]
    lines += [
        f"        server {server} {FAILURES}{'' if other == number else ' backup'};"
        for other, server in enumerate(servers)
    ]
    return "\n".join([*lines, "    }"])


def _ending_with(server: Server) -> str:
    return '"~(^|[ ,:])' + str(server).replace(".", r"\.").replace("[", r"\[").replace("]", r"\]") + '$"'


def _trusted(networks: Sequence[str]) -> str:
    if not networks:
        return ""
    lines = [f"set_real_ip_from {network};" for network in networks]
    return "\n".join(f"    {line}" for line in [*lines, "real_ip_header X-Forwarded-For;", "real_ip_recursive on;"])


def _tls(to: Where) -> str:
    if to.certificate is None:
        return ""
    lines = [
        f'ssl_certificate "{to.certificate}";',
        f'ssl_certificate_key "{to.key}";',
        "ssl_protocols TLSv1.2 TLSv1.3;",
        "ssl_session_cache shared:tls:10m;",
        "error_page 497 =301 https://$http_host$request_uri;",
        'add_header Strict-Transport-Security "max-age=31536000" always;',
    ]
    return "\n".join(f"        {line}" for line in lines)


def _files() -> int:
    """How many files a worker may open: what the system allows, up to what the largest class needs."""
    allowed = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    return MOST_FILES if allowed == resource.RLIM_INFINITY else min(allowed, MOST_FILES)


async def resolved(servers: Sequence[Server]) -> tuple[Server, ...]:
    """Servers by their numbers, for nginx compares with those; waits for names that aren't known yet.

    Raises:
        Problem: a name stays unknown.
    """
    loop, found = asyncio.get_running_loop(), []
    for server in servers:
        until = loop.time() + RESOLVE_SECONDS
        while True:
            try:
                answers = await loop.getaddrinfo(server.host, server.port, type=socket.SOCK_STREAM)
                break
            except OSError as error:
                if loop.time() > until:
                    raise Problem(f"--servers {server}: no such machine is known here ({error.strerror}).") from None
                await asyncio.sleep(1)
        host = str(answers[0][4][0])
        found.append(Server(f"[{host}]" if ":" in host else host, server.port))
    return tuple(found)


async def prepare(folder: Path, to: Where) -> None:
    """Write all that nginx reads into its folder.

    Raises:
        Problem: nginx couldn't read it there.
    """
    _let_workers_in(folder)
    (folder / "unused").mkdir()
    (folder / "_deploy").mkdir()
    shutil.copy(PAGE, folder / "_deploy")
    (folder / "nginx.conf").write_text(configuration(to), encoding="utf-8")
    compressing = asyncio.create_task(asyncio.to_thread(static.compress, static.streamlit_files(), folder / "static"))
    try:
        await asyncio.shield(compressing)
    finally:
        # A thread can't be called off, and the folder must not be removed under it.
        await asyncio.wait((compressing,))


def _let_workers_in(folder: Path) -> None:
    """Started by root, nginx's workers become nobody: they pass through this folder, and can't list it.

    Raises:
        Problem: they can't pass through one above it.
    """
    os.chmod(folder, 0o711)
    if os.geteuid() != 0:
        return
    closed = [above for above in folder.parents if not above.stat().st_mode & 0o001]
    if closed:
        raise Problem(
            f"{closed[0]} is root's alone, and nginx, started by root, works as nobody. "
            "Let TMPDIR name a folder that everybody may enter, or start this as another person."
        )


def command(nginx: str, folder: Path) -> list[str]:
    """Run it here, with its paths in this folder and its complaints where the person sees them."""
    return [nginx, "-p", f"{folder}/", "-c", "nginx.conf", "-e", "stderr"]


async def check(nginx: str, folder: Path) -> None:
    """Let nginx read its configuration.

    Raises:
        Problem: it doesn't like it, in its own words.
    """
    asked = await asyncio.create_subprocess_exec(
        *command(nginx, folder), "-t", "-q", stdin=asyncio.subprocess.DEVNULL,
        stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.STDOUT,
    )  # fmt: skip
    said, _ = await asked.communicate()
    if asked.returncode != 0:
        raise Problem(f"nginx refuses its configuration: {said.decode(errors='replace').strip()}")
