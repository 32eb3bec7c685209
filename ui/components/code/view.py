"""Python source as HTML: coloured, marked lines, and under each marked line what its names stand for here."""

from __future__ import annotations

import ast
import inspect
import io
import keyword
import re
import threading
import tokenize
from collections.abc import Callable, Mapping, Sequence
from functools import cache, lru_cache
from html import escape
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

from engine import syntax

ROOT = Path(__file__).parents[3]

_MAKING = threading.Lock()


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
    shown = tuple((name, describe(value)) for name, value in (values or {}).items())
    # Whoever comes while the same is being made waits for it: hundreds open a lesson at once.
    with _MAKING:
        return _html(function, tuple(mark), shown)


@lru_cache(maxsize=512)
def _html(function: Callable[..., Any], mark: tuple[str, ...], values: tuple[tuple[str, str], ...]) -> str:
    source, shown = _source(function), dict(values)
    marked = _marked(source.text, mark)
    rows: list[str] = []
    doc = source.doc
    for number, pieces in enumerate(source.lines):
        names = dict.fromkeys(piece.text for piece in pieces if piece.named and piece.text in shown)
        if number == doc.start and doc:
            rows.append('<details class="sc-doc"><summary>')
        classes = "sc-line sc-marked" if number in marked else "sc-line"
        html = "".join(piece.html(shown) for piece in pieces)
        rows.append(f'<div class="{classes}"><i>{source.first + number}</i><code>{html or " "}</code></div>')
        if number in marked and names:
            chips = "".join(f"<span><b>{escape(n)}</b> {escape(shown[n])}</span>" for n in names)
            rows.append(f'<div class="sc-values">{chips}</div>')
        if number == doc.start and doc:
            rows.append("</summary>")
        if number == doc.stop - 1 and doc:
            rows.append("</details>")
    title = f"<div class='sc-file'>{escape(source.file)}<b>{escape(function.__qualname__)}</b></div>"
    return f'<div class="sc-code">{title}<div class="sc-lines" tabindex="0">{"".join(rows)}</div></div>'


class _Piece(NamedTuple):
    """A part of a line in one colour; a name may stand for a value."""

    text: str
    kind: str = ""
    named: bool = False

    def html(self, shown: Mapping[str, str]) -> str:
        text = escape(self.text)
        if self.named and self.text in shown:
            return f'<span class="sc-known" title="{escape(f"{self.text} = {shown[self.text]}")}">{text}</span>'
        return f'<span class="{self.kind}">{text}</span>' if self.kind else text


class _Source(NamedTuple):
    """What is the same for every reader: the text, where it stands, its lines in colours, its docstring's lines."""

    text: str
    file: str
    first: int
    lines: list[list[_Piece]]
    doc: range


@cache
def _source(function: Callable[..., Any]) -> _Source:
    text, first = syntax.source(function)
    place = Path(inspect.getsourcefile(inspect.unwrap(function)) or "")
    file = place.relative_to(ROOT) if place.is_relative_to(ROOT) else place.name
    return _Source(text, str(file), first, _coloured(text), _docstring(text))


def _docstring(source: str) -> range:
    """The lines of the docstring, counted from 0; empty unless it is longer than its first line."""
    node = syntax.statement(source)
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


def _coloured(source: str) -> list[list[_Piece]]:
    """The lines, each in pieces of one colour that together are its text."""
    lines = source.splitlines()
    pieces: list[list[_Piece]] = [[] for _ in lines]
    at = [0] * len(lines)
    for token in tokenize.generate_tokens(io.StringIO(source).readline):
        kind, named = _kind(token)
        for row in range(token.start[0] - 1, min(token.end[0], len(lines))):
            first = token.start[1] if row == token.start[0] - 1 else 0
            last = token.end[1] if row == token.end[0] - 1 else len(lines[row])
            if last > first:
                pieces[row] += [_Piece(lines[row][at[row] : first]), _Piece(lines[row][first:last], kind, named)]
                at[row] = last
    for row, line in enumerate(lines):
        pieces[row].append(_Piece(line[at[row] :]))
    return pieces


def _kind(token: tokenize.TokenInfo) -> tuple[str, bool]:
    """The CSS class of a token, and whether it is a name that may stand for a value."""
    if token.type == tokenize.COMMENT:
        return "sc-comment", False
    if token.type == tokenize.STRING:
        return "sc-string", False
    if token.type == tokenize.NUMBER:
        return "sc-number", False
    if token.type == tokenize.NAME:
        return ("sc-keyword", False) if keyword.iskeyword(token.string) else ("", True)
    return "", False
