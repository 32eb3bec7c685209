"""Scripts that look at a page from inside."""

from __future__ import annotations

from pathlib import Path


def script(*names: str) -> str:
    """A function for the browser made of these files beside this one, in this order."""
    return "() => { " + "\n".join(Path(__file__).with_name(name).read_text() for name in names) + " }"
