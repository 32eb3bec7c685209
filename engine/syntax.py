"""Python source as a syntax tree, one at a time.

Python 3.11 counts how deep the nodes of a tree are nested in one place for all threads: two of them at it together may
both fail with "AST constructor recursion depth mismatch" (CPython's gh-106905). Whoever reads source takes turns here.
"""

from __future__ import annotations

import ast
import inspect
import textwrap
import threading
from collections.abc import Callable
from typing import Any

# What reads a class's source makes a tree as well, inside of inspect.
_ALONE = threading.RLock()


def expression(text: str) -> ast.expr:
    """The tree of one expression.

    Raises:
        SyntaxError: for a text that is none.
        ValueError: for one that is nested too deeply; or RecursionError, or MemoryError.
    """
    with _ALONE:
        return ast.parse(text, mode="eval").body


def statement(text: str) -> ast.stmt:
    """The tree of a text's first statement: of a function's or class's source, its definition."""
    with _ALONE:
        return ast.parse(text).body[0]


def statements(text: str) -> list[ast.stmt]:
    """The trees of all statements of a text. Raises what ``expression`` does."""
    with _ALONE:
        return ast.parse(text).body


def source(function: Callable[..., Any]) -> tuple[str, int]:
    """The live source of a function, method or class without its indent, and the number of its first line."""
    with _ALONE:
        lines, first = inspect.getsourcelines(inspect.unwrap(function))
    return textwrap.dedent("".join(lines)), first


def undocumented(function: Callable[..., Any]) -> list[str]:
    """The lines of a function's live source without its docstring and its indent."""
    text, _first = source(function)
    lines, node = text.splitlines(), statement(text)
    assert isinstance(node, ast.FunctionDef)
    if ast.get_docstring(node) is not None:
        documented = node.body[0]
        del lines[documented.lineno - 1 : documented.end_lineno]
    return lines
