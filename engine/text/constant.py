"""Numbers, words and pairs out of a syntax tree: a whitelist of nodes, computed here and never executed.

16 * 5 * 5      -> 400
(3, 3)          -> (3, 3)
"same"          -> "same"
hidden // 2     -> what ``hidden`` was said to be, halved
"""

from __future__ import annotations

import ast
import math
from collections.abc import Callable, Mapping

from engine.sentence import Sentence
from engine.text.reading import Fault, Refused
from engine.text.source import Source

Constant = int | float | str | bool | None | tuple["Constant", ...]

_SPARE = (ast.Expr, ast.Assert, ast.Delete, ast.Global, ast.Nonlocal, ast.Import, ast.ImportFrom)
"""Statements that a network does without."""

LARGEST = 10**12
"""What a number may grow to while it is computed; what a layer may be given is less."""

_OPERATIONS: dict[type[ast.operator], Callable[[float, float], float]] = {
    ast.Add: lambda a, b: a + b,
    ast.Sub: lambda a, b: a - b,
    ast.Mult: lambda a, b: a * b,
    ast.Div: lambda a, b: a / b,
    ast.FloorDiv: lambda a, b: a // b,
    ast.Mod: lambda a, b: a % b,
}
_NOT_READ: dict[type[ast.AST], Sentence] = {
    ast.Lambda: Sentence("a lambda"),
    ast.ListComp: Sentence("a comprehension"),
    ast.SetComp: Sentence("a comprehension"),
    ast.DictComp: Sentence("a comprehension"),
    ast.GeneratorExp: Sentence("a comprehension"),
    ast.NamedExpr: Sentence("an assignment inside of an expression (:=)"),
    ast.JoinedStr: Sentence("an f-string"),
    ast.Starred: Sentence("a starred argument"),
    ast.IfExp: Sentence("a choice (if … else)"),
    ast.BoolOp: Sentence("'and' or 'or'"),
    ast.Compare: Sentence("a comparison"),
    ast.Subscript: Sentence("square brackets behind a name"),
    ast.Dict: Sentence("a dictionary"),
    ast.Set: Sentence("a set"),
    ast.Await: Sentence("await"),
    ast.Yield: Sentence("yield"),
    ast.YieldFrom: Sentence("yield"),
    ast.For: Sentence("a loop"),
    ast.While: Sentence("a loop"),
    ast.AsyncFor: Sentence("a loop"),
    ast.If: Sentence("a choice (if)"),
    ast.Match: Sentence("a choice (match)"),
    ast.With: Sentence("a 'with'"),
    ast.AsyncWith: Sentence("a 'with'"),
    ast.Try: Sentence("a 'try'"),
    ast.Raise: Sentence("a 'raise'"),
    ast.Assert: Sentence("an 'assert'"),
    ast.Delete: Sentence("a 'del'"),
    ast.Global: Sentence("a 'global'"),
    ast.Nonlocal: Sentence("a 'nonlocal'"),
    ast.FunctionDef: Sentence("a function"),
    ast.AsyncFunctionDef: Sentence("a function"),
    ast.ClassDef: Sentence("a class"),
    ast.Import: Sentence("an import"),
    ast.ImportFrom: Sentence("an import"),
}
"""What source is often made of, and what is not read here."""


def constant(source: Source, node: ast.expr, known: Mapping[str, Constant]) -> Constant:
    """The value of an expression of constants and known names. Raises Refused for anything else."""
    match node:
        case ast.Constant(int() | float() | str() | None as value):
            return _bounded(source, node, value)
        case ast.Tuple(elts) | ast.List(elts):
            return tuple(constant(source, each, known) for each in elts)
        case ast.UnaryOp(ast.USub() | ast.UAdd() as sign, operand):
            value = number(source, operand, known)
            return -value if isinstance(sign, ast.USub) else value
        case ast.BinOp(left, operator, right) if type(operator) in _OPERATIONS:
            return _computed(source, node, number(source, left, known), number(source, right, known), operator)
        case ast.Name(name) if name in known:
            return known[name]
        case ast.Attribute(ast.Name("self"), name) if f"self.{name}" in known:
            return known[f"self.{name}"]
        case ast.Name() | ast.Attribute():
            raise refused(
                source,
                node,
                Sentence("{name} has no value here; a number was expected", name=source.words(node)),
            )
    raise not_read(source, node, Sentence("a number, a word in quotation marks, or a pair of numbers"))


def refused(source: Source, node: ast.expr | ast.stmt | ast.keyword, sentence: Sentence) -> Refused:
    """A refusal of this node."""
    return Refused(Fault(source.place(node), sentence))


def not_read(source: Source, node: ast.expr | ast.stmt, expected: Sentence) -> Refused:
    """A refusal of a node that isn't in the whitelist, saying what it is and what was expected."""
    what = _NOT_READ.get(type(node))
    if what is None:
        told = Sentence("{given} isn't read here; expected {expected}", given=source.words(node), expected=expected)
    else:
        told = Sentence("Here stands {what}, which isn't read; expected {expected}", what=what, expected=expected)
    fixes = (source.without(node),) if isinstance(node, _SPARE) else ()
    return Refused(Fault(source.place(node), told, fixes))


def number(source: Source, node: ast.expr, known: Mapping[str, Constant]) -> float:
    """``constant``, where nothing but a number will do. Raises Refused."""
    value = constant(source, node, known)
    if not isinstance(value, int | float) or isinstance(value, bool):
        raise refused(source, node, Sentence("{given} is no number; one was expected", given=source.words(node)))
    return value


def _computed(source: Source, node: ast.expr, left: float, right: float, operator: ast.operator) -> Constant:
    try:
        return _bounded(source, node, _OPERATIONS[type(operator)](left, right))
    except ZeroDivisionError:
        raise refused(source, node, Sentence("Here is a division by 0: {given}", given=source.words(node))) from None


def _bounded(source: Source, node: ast.expr, value: float | str | None) -> Constant:
    if isinstance(value, int | float) and (not math.isfinite(value) or abs(value) > LARGEST):
        raise refused(
            source,
            node,
            Sentence("{given} is too large a number; at most {most} is read", given=source.words(node), most="10¹²"),
        )
    return value
