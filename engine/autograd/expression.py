"""A typed formula, read into a graph of single operations.

    formula   + - * / **, parentheses, numbers, names of variables,
              exp(a) log(a) sigmoid(a) tanh(a) relu(a) max(a, b, …)

    >>> graph = parse("(x + y) * z", {"x": -2, "y": 5, "z": -4})
    >>> graph.value, graph.grads
    (-12.0, {'x': -4.0, 'y': -4.0, 'z': 3.0})

What someone typed is never executed. Python's own parser makes a tree of it, and only the kinds of nodes that are
listed here become operations; everything else is refused with its place and a sentence.
"""

from __future__ import annotations

import ast
import math
import re
from collections.abc import Mapping
from dataclasses import dataclass

from engine import syntax
from engine.autograd.tape import LARGEST, OPERATIONS, Graph, Node, Operation, Sent, Tape, Undefined
from engine.sentence import Sentence

__all__ = ["FUNCTIONS", "LARGEST", "OPERATIONS", "Graph", "Node", "Operation", "ParseError", "Sent", "Tape"]
__all__ += ["Planned", "names", "outline", "parse"]

MAX_LENGTH = 200
MAX_DEPTH = 40
"""Operations inside operations, counted from the outermost."""
MAX_NUMBER = 1e6
"""The largest number, either way, that may be typed or given to a variable."""
MAX_ARGUMENTS = 8

FUNCTIONS = ("exp", "log", "sigmoid", "tanh", "relu", "max")

_BINARY: dict[type[ast.operator], str] = {
    ast.Add: "add",
    ast.Sub: "subtract",
    ast.Mult: "multiply",
    ast.Div: "divide",
    ast.Pow: "power",
}
_NAME = re.compile(r"[A-Za-z][A-Za-z0-9_]{0,15}", re.ASCII)
_STRANGE = re.compile(r"[^A-Za-z0-9_+\-*/()., ]", re.ASCII)
_AS_PRINTED = str.maketrans("×·÷−（），．\u3000", "**/-(),. ")
"""Signs as they stand in books and on Chinese keyboards, each one character, so that places stay the same."""
_ROUND = Sentence("only round brackets ( ) are used")
_HINTS = {
    "^": Sentence("a power is written **, as in x**2"),
    "=": Sentence("only the formula itself is wanted, without an equals sign"),
    "[": _ROUND,
    "{": _ROUND,
}
_FAULTS = {
    "never closed": Sentence("This bracket is never closed"),
    "unmatched": Sentence("This bracket was never opened"),
    "too many nested": Sentence("There are too many brackets inside brackets"),
    "invalid decimal literal": Sentence("A number and a name stand side by side; to multiply, write *"),
}
"""What Python's parser complains of, and how we say it."""
_KINDS: dict[type[ast.expr], Sentence] = {
    ast.Attribute: Sentence("a dot belongs inside a number only"),
    ast.IfExp: Sentence("there is no 'if' here; max and relu can choose"),
    ast.BoolOp: Sentence("there is no 'and' or 'or' here"),
    ast.Compare: Sentence("there are no comparisons here; max and relu can choose"),
    ast.Tuple: Sentence("a comma belongs between the arguments of max only"),
    ast.Starred: Sentence("a star stands between two numbers"),
}


class ParseError(ValueError):
    """A formula that can't be read or computed. ``message`` says why, ``position`` is the character it is about.

    As text: the message, the formula, and a caret under that character.
    """

    def __init__(self, message: Sentence, expression: str, position: int) -> None:
        self.message = message
        self.expression = expression
        self.position = min(max(position, 0), len(expression))
        super().__init__(f"{message}.\n{expression}\n{' ' * self.position}^")


def names(expression: str) -> tuple[str, ...]:
    """The variables of a formula in the order in which they first appear. Raises ParseError."""
    found: list[tuple[int, str]] = []
    reader = _Reader(expression, Tape())
    tree = reader.tree()
    functions = {id(node.func) for node in ast.walk(tree) if isinstance(node, ast.Call)}
    for node in ast.walk(tree):
        if isinstance(node, ast.Name) and id(node) not in functions:
            found.append((node.col_offset, reader.name(node)))
    return tuple(dict.fromkeys(name for _, name in sorted(found)))


@dataclass(frozen=True)
class Planned:
    """A node before any number is known; ``spans`` are its places in the formula, [start, end), without blanks around.

    A variable has one span for each time that it is written.
    """

    op: str
    label: str
    parents: tuple[int, ...]
    spans: tuple[tuple[int, int], ...]


def outline(expression: str) -> tuple[Planned, ...]:
    """The nodes of a formula in the order of ``parse``, whatever its variables are. Raises ParseError."""
    plan = _Plan()
    reader = _Reader(expression, plan, dict.fromkeys(names(expression), math.nan))
    reader.write(reader.tree(), depth=1)
    return tuple(
        Planned(op, label, parents, tuple(reader.spans[place]))
        for place, (op, label, parents) in enumerate(plan.written)
    )


def parse(expression: str, variables: Mapping[str, float]) -> Graph:
    """The graph of a formula at these values of its variables, forward and backward pass done.

    Raises ParseError for a formula that can't be read or computed there, ValueError for a variable whose name or
    value can't be used.
    """
    for name, value in variables.items():
        if not _NAME.fullmatch(name) or name in FUNCTIONS:
            raise ValueError(
                f"A variable can't be called {name!r}: a letter, then up to 15 letters, digits and _, works, "
                f"except for {', '.join(FUNCTIONS)}."
            )
        if not abs(value) <= MAX_NUMBER:
            raise ValueError(f"{name} = {value}: expected a number from {-MAX_NUMBER:,.0f} to {MAX_NUMBER:,.0f}.")
    reader = _Reader(expression, Tape(), variables)
    tree = reader.tree()
    reader.write(tree, depth=1)
    try:
        return reader.tape.graph()
    except Undefined as error:
        raise reader.error(error.message, tree) from None


class _Plan(Tape):
    """A tape that computes nothing: only what is applied to what."""

    @property
    def written(self) -> list[tuple[str, str, tuple[int, ...]]]:
        return [(node.op, node.label, node.parents) for node in self._nodes]

    def apply(self, op: str, *parents: int) -> int:
        return self._write(Node(op, OPERATIONS[op].symbol, parents, math.nan, (), None), moves=False)


class _Reader:
    """One formula on its way onto a tape."""

    def __init__(self, expression: str, tape: Tape, variables: Mapping[str, float] | None = None) -> None:
        self.expression = expression.strip(" \u3000")
        self.tape = tape
        self.variables = variables or {}
        self.spans: dict[int, list[tuple[int, int]]] = {}

    def error(self, message: Sentence, node: ast.expr | int) -> ParseError:
        """The error that points at a node or a character."""
        position = node if isinstance(node, int) else self._sign(node)
        return ParseError(message, self.expression, position)

    def tree(self) -> ast.expr:
        """The formula as Python's parser sees it; nothing but letters, digits and signs of arithmetic gets there."""
        if len(self.expression) > MAX_LENGTH:
            raise self.error(
                Sentence(
                    "The formula has {count} characters; {most} are the most",
                    count=len(self.expression),
                    most=MAX_LENGTH,
                ),
                MAX_LENGTH,
            )
        text = self.expression.translate(_AS_PRINTED)
        if not text.strip():
            raise self.error(Sentence("The formula is empty; (x + y) * z would be one"), 0)
        if strange := _STRANGE.search(text):
            hint = _HINTS.get(strange[0], Sentence("letters, digits, + - * / ** ( ) and commas make a formula"))
            told = Sentence("{sign} has no place in a formula: {hint}", sign=repr(strange[0]), hint=hint)
            raise self.error(told, strange.start())
        try:
            return syntax.expression(text)
        except SyntaxError as error:
            fault = next(
                (plain for part, plain in _FAULTS.items() if part in error.msg),
                Sentence("From here on it can't be read"),
            )
            raise self.error(fault, (error.offset or 1) - 1) from None
        except (ValueError, RecursionError, MemoryError):
            raise self.error(Sentence("The formula is nested too deeply"), 0) from None

    def write(self, node: ast.expr, depth: int) -> int:
        """Put a node and all below it on the tape; its place there."""
        if depth > MAX_DEPTH:
            raise self.error(Sentence("The formula is nested more than {most} deep", most=MAX_DEPTH), node)
        if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.UAdd):
            return self.write(node.operand, depth + 1)
        place = self._node(node, depth)
        self.spans.setdefault(place, []).append((node.col_offset, node.end_col_offset or node.col_offset))
        return place

    def _node(self, node: ast.expr, depth: int) -> int:
        if isinstance(node, ast.Constant):
            return self.tape.constant(self.number(node))
        if isinstance(node, ast.Name):
            return self.tape.variable(node.id, self.value(node))
        op, below = self.operation(node)
        parents = [self.write(child, depth + 1) for child in below]
        try:
            return self.tape.apply(op, *parents)
        except Undefined as error:
            raise self.error(error.message, node) from None

    def operation(self, node: ast.expr) -> tuple[str, list[ast.expr]]:
        """The operation that a node stands for, and what it is applied to."""
        if isinstance(node, ast.BinOp) and type(node.op) in _BINARY:
            return _BINARY[type(node.op)], [node.left, node.right]
        if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.USub):
            return "negate", [node.operand]
        if isinstance(node, ast.Call):
            return self.function(node), node.args
        if isinstance(node, ast.BinOp | ast.UnaryOp):
            raise self.error(Sentence("Of the operations only + - * / and ** are known"), node)
        why = _KINDS.get(type(node), Sentence("it is no number"))
        raise self.error(Sentence("This can't be part of a formula: {why}", why=why), node)

    def function(self, node: ast.Call) -> str:
        """The name of a called function, its arguments counted."""
        if not isinstance(node.func, ast.Name) or node.keywords:
            raise self.error(Sentence("Nothing can be called like this; to multiply, write *"), node)
        name, count = node.func.id, len(node.args)
        if name not in FUNCTIONS:
            known = ", ".join(FUNCTIONS)
            told = Sentence(
                "There is no function {name}; known are {known}. To multiply, write *", name=repr(name), known=known
            )
            raise self.error(told, node)
        if name == "max" and not 2 <= count <= MAX_ARGUMENTS:
            told = Sentence("max takes 2 to {most} numbers; here it has {count}", most=MAX_ARGUMENTS, count=count)
            raise self.error(told, node)
        if name != "max" and count != 1:
            raise self.error(Sentence("{name} takes one number; here it has {count}", name=name, count=count), node)
        return name

    def number(self, node: ast.Constant) -> float:
        """A typed number."""
        if not isinstance(node.value, int | float) or isinstance(node.value, bool):
            raise self.error(Sentence("This is no number that a formula can use"), node)
        value = node.value
        if not abs(value) <= MAX_NUMBER:
            raise self.error(Sentence("Numbers up to {most} can be typed", most=f"{MAX_NUMBER:,.0f}"), node)
        return float(value)

    def name(self, node: ast.Name) -> str:
        """A variable's name."""
        if node.id in FUNCTIONS:
            raise self.error(Sentence("{name} is a function: it needs brackets, as in {name}(x)", name=node.id), node)
        if not _NAME.fullmatch(node.id):
            raise self.error(Sentence("A variable's name is a letter, then up to 15 letters, digits and _"), node)
        return node.id

    def value(self, node: ast.Name) -> float:
        """A variable's value."""
        name = self.name(node)
        if name not in self.variables:
            known = ", ".join(self.variables) or "none"
            raise self.error(
                Sentence("There is no variable {name}; there are: {known}", name=repr(name), known=known), node
            )
        return float(self.variables[name])

    def _sign(self, node: ast.expr) -> int:
        """The first character of a node; of a + b the sign between the two, where the eye looks for it."""
        if not isinstance(node, ast.BinOp):
            return node.col_offset
        between = self.expression[node.left.end_col_offset : node.right.col_offset]
        sign = next(place for place, character in enumerate(between) if character not in " ()（）\u3000")
        return (node.left.end_col_offset or 0) + sign
