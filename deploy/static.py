"""Streamlit's own scripts and style sheets, compressed once: nginx hands them out, and no server process is asked."""

from __future__ import annotations

import gzip
import importlib.util
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

LEVEL = 6
"""The last three levels would take four times as long for one part in a hundred."""


def streamlit_files() -> Path:
    """The folder that Streamlit serves under /static/; found without importing it, which would take a second."""
    found = importlib.util.find_spec("streamlit")
    assert found is not None
    assert found.origin is not None
    return Path(found.origin).parent / "static" / "static"


def compress(source: Path, target: Path) -> None:
    """Every file of `source` as <name>.gz in `target`. (zlib works without the interpreter, so threads do help.)"""
    files = [path for path in source.rglob("*") if path.is_file()]

    def one(file: Path) -> None:
        goal = target / f"{file.relative_to(source)}.gz"
        goal.parent.mkdir(parents=True, exist_ok=True)
        goal.write_bytes(gzip.compress(file.read_bytes(), LEVEL, mtime=0))

    with ThreadPoolExecutor() as pool:
        list(pool.map(one, files))
