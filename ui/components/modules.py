"""Plain ES modules without a build: a component's script with all that it imports put inside it, each module once.

Streamlit takes a component's JavaScript as one text. Here the modules that a script imports, directly or not, stand
before it as texts; in the browser each becomes a ``blob:`` URL, once for the whole page, and
``import … from "./other.js"`` means that URL. So components can be written, read and tested as ordinary modules, and
what many share travels once; that it isn't sent again with every answer is ui/components/mounting.py's work.
``"shared/dom.js"`` is what many share, from wherever it is imported, and ``"stepcnn:theme"`` stands for the colours of
ui/figures/theme.py.
"""

from __future__ import annotations

import json
import re
from functools import cache
from pathlib import Path

from ui.figures import theme

COMPONENTS = Path(__file__).parent
SHARED = "shared/"
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
    return _inline((COMPONENTS / path).resolve())


@cache
def style(path: str | Path) -> str:
    """The text of a style sheet, absolute or relative to ui/components."""
    return (COMPONENTS / path).read_text(encoding="utf-8")


_LOADER = """const $known = (globalThis.$stepcnnModules ??= new Map()), $urls = [];
for (const text of $MODULES) {
  const source = text.replace(/stepcnn:(\\d+)/g, (link, number) => $urls[number]);
  if (!$known.has(source)) $known.set(source, URL.createObjectURL(new Blob([source], { type: "text/javascript" })));
  $urls.push($known.get(source));
}
"""
_NAMED = re.compile(r"^(\s*)import\s*(?:\{([^}]*)\}\s*from\s*)?([\"'])stepcnn:(\d+)\3", re.MULTILINE)


def _inline(path: Path) -> str:
    """A module's text, and before it, once each and in order, the modules that it needs."""
    known: dict[Path | str, int] = {}
    needed: list[str] = []
    text = _linked(path, (), known, needed)
    if not needed:
        return text
    awaiting = _NAMED.sub(_awaited, text)
    if re.search(r"from\s*[\"']stepcnn:\d", awaiting):
        raise ModuleError(f"{path.name}: a script that others hand names through must import them by name itself.")
    return _LOADER.replace("$MODULES", json.dumps(needed, ensure_ascii=False)) + awaiting


def _awaited(found: re.Match[str]) -> str:
    """``import { a, b as c } from "stepcnn:3"`` as a wait for the third module."""
    space, names, _quote, number = found.groups()
    taken = f"const {{{names.replace(' as ', ': ')}}} = " if names else ""
    return f"{space}{taken}await import($urls[{number}])"


def _linked(path: Path, importers: tuple[Path, ...], known: dict[Path | str, int], needed: list[str]) -> str:
    """A module's text with each import replaced by its number among the needed ones."""
    if path in importers:
        circle = " -> ".join(p.name for p in (*importers[importers.index(path) :], path))
        raise ModuleError(f"Modules import each other in a circle: {circle}. Move what both need to a third.")
    if not path.is_file():
        by = f", which {importers[-1].name} imports" if importers else ""
        raise ModuleError(f"There is no module {path.name}{by}, in {path.parent}.")

    def replace(match: re.Match[str]) -> str:
        head, quote, target = match.groups()
        return f"{head}{quote}stepcnn:{number(target)}{quote}"

    def number(target: str) -> int:
        if target in GENERATED:
            key: Path | str = target
        elif target.startswith(SHARED):
            key = (COMPONENTS / target).resolve()
        elif target.startswith(("./", "../")):
            key = (path.parent / target).resolve()
        else:
            raise ModuleError(
                f'{path.name} imports "{target}". A component may import only "./file.js", "../folder/file.js", '
                f'"{SHARED}file.js" and {", ".join(GENERATED)}: nothing is fetched.'
            )
        if key not in known:
            text = GENERATED[target]() if isinstance(key, str) else _linked(key, (*importers, path), known, needed)
            known[key] = len(needed)
            needed.append(text)
        return known[key]

    return _IMPORT.sub(replace, path.read_text(encoding="utf-8"))
