"""Lines of text beside the syntax tree that Python's parser makes of them: which place a node has, and what edits make.

What is too long or too deeply nested is refused by counting, before the parser sees it.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from engine import syntax
from engine.sentence import Sentence
from engine.text.limits import Limits
from engine.text.reading import Fault, Fix, Place, Refused, rows_of

_TOKEN = re.compile(
    r"""(?P<string>'''(?:[^\\]|\\.)*?(?:'''|\Z)|\"{3}(?:[^\\]|\\.)*?(?:\"{3}|\Z)|'(?:[^'\\\n]|\\.)*'?|"(?:[^"\\\n]|\\.)*"?)"""
    r"|(?P<comment>\#[^\n]*)|(?P<word>\w+)|(?P<space>\s+)|(?P<sign>.)",
    re.DOTALL,
)
_AS_PRINTED = str.maketrans("（），．＝：［］｛｝＋－＊／　\xa0０１２３４５６７８９", "(),.=:[]{}+-*/  0123456789")
"""Signs of Chinese keyboards and of web pages, each one character, so that places stay the same."""
_OPENING, _CLOSING = "([{", ")]}"

UNCLOSED = Sentence("This bracket is never closed")
_COMPLAINTS = {
    "indent": Sentence("This line isn't indented as those around it are"),
    "never closed": UNCLOSED,
    "unmatched": Sentence("This bracket was never opened"),
    "does not match": Sentence("This bracket closes another one than was opened"),
    "unterminated": Sentence("This text has no closing quotation mark"),
    "positional argument follows": Sentence("What has no name stands before what has one"),
    "keyword argument repeated": Sentence("One setting stands here twice"),
    "perhaps you forgot a comma": Sentence("Between two settings a comma is missing"),
}
"""What Python's parser complains of, and how we say it."""


@dataclass(frozen=True)
class Source:
    """Some lines of a text, the first of them at ``first`` and without ``margin`` characters at its beginning."""

    lines: tuple[str, ...]
    first: int = 1
    margin: int = 0

    @property
    def text(self) -> str:
        """What the parser is given."""
        return "\n".join([self.lines[0][self.margin :], *self.lines[1:]])

    def place(self, node: ast.expr | ast.stmt | ast.keyword | ast.arg | ast.alias) -> Place:
        """Where a node stands in the whole text."""
        last, end = node.end_lineno or node.lineno, node.end_col_offset
        return self.between(node.lineno, node.col_offset, last, node.col_offset if end is None else end)

    def between(self, line: int, offset: int, last: int, end: int) -> Place:
        """A place from the parser's lines and its offsets, which count bytes."""
        return Place(self.first + line - 1, self._column(line, offset), self.first + last - 1, self._column(last, end))

    def words(self, node: ast.expr | ast.stmt | ast.keyword, most: int = 40) -> str:
        """A node's own text, shortened."""
        place = self.place(node)
        line = self.lines[place.line - self.first]
        whole = place.last == place.line
        text = line[place.column - 1 : place.end - 1 if whole else len(line)]
        return text if whole and len(text) <= most else text[: most - 1] + "…"

    def whole(self) -> Place:
        """All of these lines, from where they begin."""
        return Place(self.first, self.margin + 1, self.first + len(self.lines) - 1, len(self.lines[-1]) + 1)

    def edited(self, edits: Iterable[tuple[Place, str]]) -> Fix:
        """What becomes of the lines that hold these places when other words stand there."""
        ordered = sorted(edits, key=lambda edit: (edit[0].line, edit[0].column), reverse=True)
        line = min(place.line for place, _ in ordered)
        last = max(place.last for place, _ in ordered)
        rows = list(self.lines[line - self.first : last - self.first + 1])
        for place, text in ordered:
            top, bottom = place.line - line, place.last - line
            rows[top : bottom + 1] = [rows[top][: place.column - 1] + text + rows[bottom][place.end - 1 :]]
        return Fix(line, last, "\n".join(rows))

    def without(self, node: ast.stmt) -> Fix:
        """The fix that takes a statement's lines away."""
        place = self.place(node)
        return Fix(place.line, place.last, "")

    def tree(self, limits: Limits) -> list[ast.stmt]:
        """The statements of these lines. Raises Refused for what is no Python, or nested too deeply."""
        try:
            body = syntax.statements(self.text)
        except SyntaxError as error:
            raise Refused(self._complaint(error)) from None
        except (ValueError, RecursionError, MemoryError, OverflowError):
            raise Refused(Fault(self.whole(), Sentence("This is nested too deeply to be read"))) from None
        _expect_shallow(self, body, limits)
        return body

    def _complaint(self, error: SyntaxError) -> Fault:
        said = error.msg or ""
        sentence = next((words for part, words in _COMPLAINTS.items() if part in said), None)
        row = min(max(error.lineno or 1, 1), len(self.lines))
        line = self.lines[row - 1]
        margin = self.margin if row == 1 else 0
        column = min(max((error.offset or 1) + margin, 1), len(line) + 1)
        place = Place(self.first + row - 1, column, self.first + row - 1, min(column + 1, len(line) + 1))
        fixes: tuple[Fix, ...] = ()
        if sentence is UNCLOSED and row == len(self.lines):
            fixes = (Fix(place.line, place.line, line.rstrip().rstrip(",") + missing_brackets(line)),)
        elif sentence is None:
            sentence = Sentence(
                "This isn't a line that can be read; a layer is written like {example}",
                example="Conv2d(1, 8, 3, padding=1)",
            )
        return Fault(place, sentence, fixes)

    def _column(self, line: int, offset: int) -> int:
        row = self.lines[line - 1][self.margin if line == 1 else 0 :]
        before = len(row.encode()[:offset].decode(errors="ignore"))
        return before + 1 + (self.margin if line == 1 else 0)


def as_typed(text: str, limits: Limits) -> tuple[str, ...]:
    """A text's lines, its printed signs as Python writes them. Raises Refused for what is too much to be read."""
    if len(text) > limits.characters:
        raise Refused(
            Fault(
                Place(1, 1, 1, 1),
                Sentence(
                    "This text has {count} characters; at most {most} are read",
                    count=f"{len(text):,}",
                    most=f"{limits.characters:,}",
                ),
            )
        )
    lines = tuple(rows_of(text.translate(_AS_PRINTED)))
    if len(lines) > limits.lines:
        told = Sentence("There are {count} lines; at most {most} are read", count=len(lines), most=limits.lines)
        raise Refused(Fault(_at(lines, limits.lines + 1, 1), told))
    for number, line in enumerate(lines, start=1):
        odd = next((at for at, sign in enumerate(line) if sign == "\0" or 0xD800 <= ord(sign) < 0xE000), None)
        if odd is not None:
            told = Sentence("Here stands a character that no text has (code {code})", code=ord(line[odd]))
            raise Refused(Fault(_at(lines, number, odd + 1), told))
    _expect_few(lines, limits)
    return lines


def comment_starts(line: str) -> int:
    """Where a line's comment begins; its length where it has none."""
    return next((found.start() for found in _TOKEN.finditer(line) if found["comment"] is not None), len(line))


def balance(line: str) -> int:
    """How many brackets a line opens more than it closes."""
    signs = [found["sign"] for found in _TOKEN.finditer(line) if found["sign"] is not None]
    return sum((sign in _OPENING) - (sign in _CLOSING) for sign in signs)


def missing_brackets(line: str) -> str:
    """What closes the brackets that a line leaves open."""
    held: list[str] = []
    for found in _TOKEN.finditer(line):
        sign = found["sign"]
        if sign is not None and sign in _OPENING:
            held.append(_CLOSING[_OPENING.index(sign)])
        elif sign is not None and sign in _CLOSING and held:
            held.pop()
    return "".join(reversed(held))


def _expect_few(lines: Sequence[str], limits: Limits) -> None:
    """Raise Refused where there are too many words and signs, or brackets inside brackets."""
    text, depth, count = "\n".join(lines), 0, 0
    for found in _TOKEN.finditer(text):
        if found["space"] is not None or found["comment"] is not None:
            continue
        count += 1
        sign = found["sign"]
        if sign is not None:
            depth = max(depth + (sign in _OPENING) - (sign in _CLOSING), 0)
        if count > limits.tokens:
            told = Sentence("There are more than {most} words and signs", most=f"{limits.tokens:,}")
        elif depth > limits.brackets:
            told = Sentence("Brackets stand inside brackets more than {most} deep", most=limits.brackets)
        else:
            continue
        line = text.count("\n", 0, found.start()) + 1
        column = found.start() - (text.rfind("\n", 0, found.start()) + 1) + 1
        raise Refused(Fault(_at(lines, line, column), told))


def _expect_shallow(source: Source, body: Sequence[ast.stmt], limits: Limits) -> None:
    """Raise Refused for a tree that is deeper than what walks through it can go."""
    held: list[tuple[ast.AST, int, ast.stmt]] = [(node, 1, node) for node in body]
    while held:
        node, depth, top = held.pop()
        if isinstance(node, ast.stmt):
            top = node
        if depth > limits.nodes:
            raise Refused(Fault(source.place(top), Sentence("This is nested too deeply to be read")))
        held += [(child, depth + 1, top) for child in ast.iter_child_nodes(node)]


def _at(lines: Sequence[str], line: int, column: int) -> Place:
    return Place(line, column, line, min(column + 1, len(lines[line - 1]) + 1))
