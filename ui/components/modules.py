"""Plain ES modules without a build: a component's script with all that it imports put inside it.

Streamlit takes a component's JavaScript as one text. Here every ``import … from "./other.js"`` is replaced by
a ``data:`` URL that holds that other file (and what it imports in turn), so that components can be written,
read and tested as ordinary modules. ``"stepcnn:theme"`` stands for the colours of ui/figures/theme.py.
"""

from __future__ import annotations

import base64
import re
from functools import cache
from pathlib import Path

from ui.figures import theme

COMPONENTS = Path(__file__).parent
GENERATED = {"stepcnn:theme": theme.javascript}
_IMPORT = re.compile(
    r"""^(\s*(?:import|export)\s[^"';]*?\sfrom\s*|\s*import\s*)  # import {f} from, export * from, import
        (["'])([^"']+)\2""",
    re.MULTILINE | re.VERBOSE,
)


class ModuleError(ValueError):
    """A component's script imports something that can't be put inside it."""


@cache
def module(path: str | Path) -> str:
    """The text of a module with its imports inlined.

    Args:
        path: a .js file, absolute or relative to ui/components.

    Raises:
        ModuleError: for a missing file, an import from the network, a bare name, or a circle.
    """
    return _inline((COMPONENTS / path).resolve(), ())


@cache
def style(path: str | Path) -> str:
    """The text of a style sheet, absolute or relative to ui/components."""
    return (COMPONENTS / path).read_text(encoding="utf-8")


def _inline(path: Path, importers: tuple[Path, ...]) -> str:
    if path in importers:
        circle = " -> ".join(p.name for p in (*importers[importers.index(path) :], path))
        raise ModuleError(f"Modules import each other in a circle: {circle}. Move what both need to a third.")
    if not path.is_file():
        by = f", which {importers[-1].name} imports" if importers else ""
        raise ModuleError(f"There is no module {path.name}{by}, in {path.parent}.")

    def replace(match: re.Match[str]) -> str:
        head, quote, target = match.groups()
        return f"{head}{quote}{_address(target, path, importers)}{quote}"

    return _IMPORT.sub(replace, path.read_text(encoding="utf-8"))


def _address(target: str, path: Path, importers: tuple[Path, ...]) -> str:
    if target in GENERATED:
        text = GENERATED[target]()
    elif target.startswith(("./", "../")):
        text = _inline((path.parent / target).resolve(), (*importers, path))
    else:
        raise ModuleError(
            f'{path.name} imports "{target}". A component may import only "./file.js", "../folder/file.js" '
            f"and {', '.join(GENERATED)}: nothing is fetched."
        )
    return "data:text/javascript;base64," + base64.b64encode(text.encode()).decode()
