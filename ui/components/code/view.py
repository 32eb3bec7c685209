"""Python source as HTML: coloured, marked lines, and under each marked line what its names stand for here."""

from __future__ import annotations

import ast
import inspect
import io
import keyword
import re
import textwrap
import tokenize
from collections.abc import Callable, Mapping, Sequence
from html import escape
from pathlib import Path
from typing import Any

import numpy as np

ROOT = Path(__file__).parents[3]


class MarkError(ValueError):
    """A mark that no line of the source matches: the source has moved on and the lesson must follow."""


def render(function: Callable[..., Any], mark: Sequence[str] = (), values: Mapping[str, Any] | None = None) -> str:
    """HTML of a function's live source.

    Args:
        function: a function, method or class whose source can be read.
        mark: regular expressions; lines that one of them matches are marked.
        values: what names stand for here; shown under marked lines, and on each such name as a hint.

    Raises:
        MarkError: when a mark matches no line.
    """
    lines, first = inspect.getsourcelines(inspect.unwrap(function))
    source = textwrap.dedent("".join(lines))
    shown = {name: describe(value) for name, value in (values or {}).items()}
    marked = _marked(source, mark)
    rows: list[str] = []
    doc = _docstring(source)
    for number, (html, names) in enumerate(_coloured(source, shown)):
        if number == doc.start and doc:
            rows.append('<details class="sc-doc"><summary>')
        classes = "sc-line sc-marked" if number in marked else "sc-line"
        rows.append(f'<div class="{classes}"><i>{first + number}</i><code>{html or " "}</code></div>')
        if number in marked and names:
            chips = "".join(f"<span><b>{escape(n)}</b> {escape(shown[n])}</span>" for n in names)
            rows.append(f'<div class="sc-values">{chips}</div>')
        if number == doc.start and doc:
            rows.append("</summary>")
        if number == doc.stop - 1 and doc:
            rows.append("</details>")
    place = Path(inspect.getsourcefile(inspect.unwrap(function)) or "")
    file = place.relative_to(ROOT) if place.is_relative_to(ROOT) else place.name
    title = f"<div class='sc-file'>{escape(str(file))}<b>{escape(function.__qualname__)}</b></div>"
    return f'<div class="sc-code">{title}<div class="sc-lines" tabindex="0">{"".join(rows)}</div></div>'


def _docstring(source: str) -> range:
    """The lines of the docstring, counted from 0; empty unless it is longer than its first line."""
    node = ast.parse(source).body[0]
    first = node.body[0] if isinstance(node, ast.FunctionDef | ast.ClassDef) else node
    if not isinstance(first, ast.Expr) or not isinstance(first.value, ast.Constant) or first.end_lineno is None:
        return range(0)
    return range(first.lineno - 1, first.end_lineno) if first.end_lineno > first.lineno else range(0)


def describe(value: Any) -> str:
    """A value in a few characters: numbers as they are, arrays as shape and range."""
    if isinstance(value, np.ndarray) and value.ndim:
        shape = "×".join(map(str, value.shape))
        if not value.size or not np.issubdtype(value.dtype, np.number):
            return shape
        return f"{shape}, {_number(float(value.min()))} … {_number(float(value.max()))}"
    if isinstance(value, bool | np.bool_):
        return str(bool(value))
    if isinstance(value, int | np.integer):
        return str(int(value))
    if isinstance(value, float | np.floating) or (isinstance(value, np.ndarray) and value.ndim == 0):
        return _number(float(value))
    return str(value)


def _number(value: float) -> str:
    return f"{value:.4g}".replace("-", "−")


def _marked(source: str, mark: Sequence[str]) -> set[int]:
    found: set[int] = set()
    lines = source.splitlines()
    for pattern in mark:
        hits = {number for number, line in enumerate(lines) if pattern in line}
        hits = hits or {number for number, line in enumerate(lines) if re.search(pattern, line)}
        if not hits:
            raise MarkError(f"No line of the source matches {pattern!r}.")
        found |= hits
    return found


def _coloured(source: str, shown: Mapping[str, str]) -> list[tuple[str, list[str]]]:
    """For each line its HTML and the names in it that have a value."""
    lines = source.splitlines()
    html: list[list[str]] = [[] for _ in lines]
    names: list[list[str]] = [[] for _ in lines]
    at = [0] * len(lines)

    def put(row: int, start: int, end: int, kind: str, hint: str = "") -> None:
        html[row].append(escape(lines[row][at[row] : start]))
        text = escape(lines[row][start:end])
        title = f' title="{escape(hint)}"' if hint else ""
        html[row].append(f'<span class="{kind}"{title}>{text}</span>' if kind else text)
        at[row] = end

    for token in tokenize.generate_tokens(io.StringIO(source).readline):
        kind, hint = _kind(token, shown)
        if hint and token.string not in names[token.start[0] - 1]:
            names[token.start[0] - 1].append(token.string)
        for row in range(token.start[0] - 1, min(token.end[0], len(lines))):
            first = token.start[1] if row == token.start[0] - 1 else 0
            last = token.end[1] if row == token.end[0] - 1 else len(lines[row])
            if last > first:
                put(row, first, last, kind, hint)
    for index, line in enumerate(lines):
        html[index].append(escape(line[at[index] :]))
    return [("".join(pieces), found) for pieces, found in zip(html, names, strict=True)]


def _kind(token: tokenize.TokenInfo, shown: Mapping[str, str]) -> tuple[str, str]:
    """The CSS class of a token, and the value that its name stands for here."""
    if token.type == tokenize.COMMENT:
        return "sc-comment", ""
    if token.type == tokenize.STRING:
        return "sc-string", ""
    if token.type == tokenize.NUMBER:
        return "sc-number", ""
    if token.type == tokenize.NAME:
        if keyword.iskeyword(token.string):
            return "sc-keyword", ""
        if token.string in shown:
            return "sc-known", f"{token.string} = {shown[token.string]}"
    return "", ""
