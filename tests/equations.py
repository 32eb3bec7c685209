"""A reader of printed equations: every "=" of a text, worked out from the numbers that stand there.

``1.2 × 3 = 3.6`` holds if its left side, computed from the digits shown, lies within half a unit of the last digit
shown on the right. Sides with letters in them are names and are left alone; words around an equation, and units in it,
are left out. What is drawn in a box of its own (a chip) is a bracket: ``⟦ ⟧``. A matrix, ``▦[1|2;3|4]``, is read cell
by cell, also a product or a sum of two: each cell of one side, worked out, against the same cell of the other.
"""

from __future__ import annotations

import math
import operator
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field

from engine.written import LARGE

_SUPERSCRIPT = str.maketrans("⁻⁺⁰¹²³⁴⁵⁶⁷⁸⁹", "-+0123456789")
_FRACTIONS = {"½": 1 / 2, "¼": 1 / 4, "¾": 3 / 4, "⅓": 1 / 3, "⅔": 2 / 3, "⅛": 1 / 8}
_TOKEN = re.compile(
    r"""(?P<scaled>(?:\d+(?:\.\d+)?)\s?[·×]\s?10(?:[⁻⁺]?[⁰¹²³⁴⁵⁶⁷⁸⁹]+))   # 2.3·10⁻⁸ is one number
    |(?P<shape>\d+(?:×\d+)+(?=\))|(?<=\()\d+(?:×\d+)+)                    # (3×2)·(2×2) is of shapes
    |(?P<number>\d{1,3}(?:,\d{3})+(?:\.\d+)?(?![\d])|\d+(?:\.\d+)?(?:e[-+−]?\d+)?(?![A-Za-z_])|\d+(?:\.\d+)?|\.\d+)
    |(?P<raised>[⁻⁺]?[⁰¹²³⁴⁵⁶⁷⁸⁹]+)
    |(?P<fraction>[½¼¾⅓⅔⅛])
    |(?P<equal>[=≈≠])
    |(?P<operator>[-+−–×·*÷/^√])
    |(?P<open>[(\[⟦⌊⌈])|(?P<close>[)\]⟧⌋⌉])
    |(?P<bar>[|])
    |(?P<infinity>∞|inf\b)|(?P<percent>%)
    |(?P<stop>[,;:.!?→、，。；：！？\n])
    |(?P<word>[A-Za-z][A-Za-z]+(?:[-'’][a-z]+)*[₀-₉]*|[\u3400-\u9fff]+)
    |(?P<letter>[^\s])""",
    re.VERBOSE,
)
_DIVIDES = re.compile(r"[÷/√½¼¾⅓⅔⅛⁻]|\be\b|ln|log|exp|tanh|σ|\^ [(\[]? ?[-−]")
_CLOSES = {"(": ")", "[": "]", "⟦": "⟧", "⌊": "⌋", "⌈": "⌉"}
FUNCTIONS: dict[str, Callable[..., float]] = {
    "ln": math.log,
    "log₁₀": math.log10,
    "exp": math.exp,
    "tanh": math.tanh,
    "max": max,
    "min": min,
    "σ": lambda x: 1 / (1 + math.exp(-x)),
    "√": math.sqrt,
}
LARGEST_SINGLE = 3.4e38  # beyond it a float of 32 bits says inf
MOST_DIGITS = 14  # a float's sixteenth digit is no number, but noise


@dataclass(frozen=True)
class Token:
    kind: str
    text: str
    start: int
    end: int


class Unreadable(ValueError):
    """No arithmetic, or none that stands alone."""


@dataclass
class Side:
    """One side of an equation: its value at the shown digits, and how far the numbers not shown could move it."""

    text: str
    numerals: list[tuple[float, float]]  # each with half a unit of its last shown digit; 0 for an integer
    expression: Expression
    single: bool  # one number, with or without its sign
    bare: bool  # a sign right behind an operator

    @property
    def value(self) -> float:
        return _safely(self.expression, [value for value, _ in self.numerals])

    @property
    def slack(self) -> float:
        values, whole = [value for value, _ in self.numerals], 0.0
        for at, (value, half) in enumerate(self.numerals):
            if half:
                whole += abs(_safely(self.expression, [*values[:at], value + half, *values[at + 1 :]]) - self.value)
        return whole


Expression = Callable[[Sequence[float]], float]


@dataclass(frozen=True)
class Equation:
    """Two sides and the sign between them."""

    left: Side
    sign: str
    right: Side

    @property
    def text(self) -> str:
        return f"{self.left.text} {self.sign} {self.right.text}"

    @property
    def fault(self) -> str:
        """What is wrong with it; nothing if it holds."""
        if self.left.bare or self.right.bare:
            return "a negative number without brackets"
        noisy = (piece for side in (self.left, self.right) for piece in re.findall(r"[\d.]+", side.text))
        if any(len(piece.replace(".", "").lstrip("0")) > MOST_DIGITS and "." in piece for piece in noisy):
            return "noise behind the digits that a float holds"
        a, b = self.left.value, self.right.value
        if math.isnan(a) or math.isnan(b):
            return "" if math.isnan(a) and math.isnan(b) else f"{a:.6g} is not {b:.6g}"
        if (a == b and self.sign != "≠") or ("inf" in self.right.text and a > LARGEST_SINGLE):
            return ""
        holds = abs(a - b) <= self._bound(a, b)
        if self.sign == "≠":
            return f"{a:.6g} is {b:.6g}" if holds else ""
        return "" if holds else f"{a:.6g} is not {b:.6g}"

    def _bound(self, a: float, b: float) -> float:
        if math.isinf(a) or math.isinf(b):
            return 0
        noise = 1e-9 * max(abs(a), abs(b))
        if self.sign == "≈":
            last = self.right.numerals[0][1] if self.right.single else self.right.slack
            return self.left.slack + 2 * last + max(0.02 * abs(b), noise)
        shown = self.right if self.right.single else self.left if self.left.single else None
        if shown is None:
            return self.left.slack + self.right.slack + noise
        value, half = shown.numerals[0]
        return (half or self._whole(value, self.left if shown is self.right else self.right)) * (1 + 1e-6) + noise

    @staticmethod
    def _whole(value: float, other: Side) -> float:
        """How far a result without decimals may be off: not at all, but where it was rounded to the unit."""
        decimals = max((len(piece) for piece in re.findall(r"\.(\d+)", other.text)), default=0)
        if _DIVIDES.search(other.text) or (decimals and abs(value) >= LARGE):
            return 0.5
        return 0.5 * 10.0 ** -min(decimals, 2) if decimals else 0.0


def _safely(expression: Expression, values: Sequence[float]) -> float:
    try:
        return expression(values)
    except OverflowError:
        return math.inf
    except (ZeroDivisionError, ValueError):
        return math.nan


def _of(function: Callable[..., float], *parts: Expression) -> Expression:
    """A function of what stands there."""
    return lambda values: function(*(part(values) for part in parts))


@dataclass
class _Parser:
    """Recursive descent; numbers are kept apart, so that they can be moved."""

    tokens: Sequence[Token]
    at: int = 0
    numerals: list[tuple[float, float]] = field(default_factory=list)
    bare: bool = False

    def whole(self) -> Expression:
        made = self.sum()
        if self.at != len(self.tokens):
            raise Unreadable
        return made

    def peek(self, *texts: str) -> bool:
        return self.at < len(self.tokens) and self.tokens[self.at].text in texts

    def next(self) -> Token:
        if self.at == len(self.tokens):
            raise Unreadable
        self.at += 1
        return self.tokens[self.at - 1]

    def sum(self) -> Expression:
        made = self.signed()
        while self.peek("+", "-", "−", "–"):
            minus = self.next().text != "+"
            made = _of(operator.sub if minus else operator.add, made, self.product(self.sign_after()))
        return made

    def signed(self) -> Expression:
        """The first term, which may have a sign of its own."""
        if self.peek("-", "−", "–", "+"):
            minus = self.next().text != "+"
            made = self.product(None)
            return _of(operator.neg, made) if minus else made
        return self.product(None)

    def sign_after(self) -> Expression | None:
        """A number with a sign behind an operator, which should have stood in brackets."""
        if not self.peek("-", "−"):
            return None
        self.next()
        self.bare = True
        return _of(operator.neg, self.power())

    def product(self, given: Expression | None) -> Expression:
        made = given or self.power()
        while self.peek("×", "·", "*", "÷", "/"):
            over = self.next().text in "÷/"
            made = _of(operator.truediv if over else operator.mul, made, self.sign_after() or self.power())
        return made

    def power(self) -> Expression:
        base = self.atom()
        if self.peek("^"):
            self.next()
            return _of(_power, base, self.minus_atom())
        if self.at < len(self.tokens) and self.tokens[self.at].kind == "raised":
            up = float(self.next().text.translate(_SUPERSCRIPT))
            return _of(lambda x: _power(x, up), base)
        if self.peek("%"):
            self.next()
            return _of(lambda x: x / 100, base)
        return base

    def minus_atom(self) -> Expression:
        if self.peek("-", "−"):
            self.next()
            return _of(operator.neg, self.atom())
        return self.atom()

    def atom(self) -> Expression:
        token = self.next()
        if token.kind in ("number", "scaled"):
            return self.numeral(token)
        if token.kind == "fraction":
            return self.constant(_FRACTIONS[token.text])
        if token.kind == "infinity":
            return self.constant(math.inf)
        raised = self.at < len(self.tokens) and self.tokens[self.at].kind == "raised"
        if token.text == "e" and (raised or self.peek("^")):
            return self.constant(math.e)
        if token.kind == "open":
            return self.bracket(token)
        if token.text in FUNCTIONS:
            return self.call(FUNCTIONS[token.text])
        if token.kind == "bar":
            inside = self.sum()
            if self.next().kind != "bar":
                raise Unreadable
            return _of(abs, inside)
        raise Unreadable

    def numeral(self, token: Token) -> Expression:
        text = token.text.replace(",", "").replace("−", "-")
        power = 0
        if token.kind == "scaled":
            text, ten = re.split(r"\s?[·×]\s?10", text)
            power = int(ten.translate(_SUPERSCRIPT))
        head = text.split("e")[0]
        if "e" in text:
            power = int(text.split("e")[1])
        decimals = len(head.partition(".")[2])
        half = 0.5 * 10.0 ** (power - decimals) if decimals or power else 0.0
        return self.constant(float(f"{head}e{power}"), half)

    def constant(self, value: float, half: float = 0.0) -> Expression:
        self.numerals.append((value, half))
        return operator.itemgetter(len(self.numerals) - 1)

    def bracket(self, token: Token) -> Expression:
        inside = self.sum()
        if self.next().text != _CLOSES[token.text]:
            raise Unreadable
        if token.text in "⌊⌈":
            return _of(math.floor if token.text == "⌊" else math.ceil, inside)
        return inside

    def call(self, function: Callable[..., float]) -> Expression:
        if not self.peek("("):
            # √ and ln of one number, or of what stands in a box.
            return _of(function, self.power())
        self.next()
        arguments = [self.sum()]
        while self.peek(",") and function in (max, min):
            self.next()
            arguments.append(self.sum())
        if self.next().text != ")":
            raise Unreadable
        return arguments[0] if function in (max, min) and len(arguments) == 1 else _of(function, *arguments)


def _power(base: float, exponent: float) -> float:
    made = base**exponent
    if isinstance(made, complex):
        raise ValueError
    return made


def tokens_of(text: str) -> list[Token]:
    found = [Token(one.lastgroup or "", one[0], one.start(), one.end()) for one in _TOKEN.finditer(text)]
    return list(_without_units(found))


def _without_units(tokens: list[Token]) -> Iterator[Token]:
    """Words between a number and a sign are what is counted: 72 weights + 8 biases."""
    for at, token in enumerate(tokens):
        before, after = tokens[at - 1] if at else None, tokens[at + 1] if at + 1 < len(tokens) else None
        counted = before is not None and before.kind in ("number", "word") and token.text.lower() == token.text
        goes_on = after is not None and (after.kind == "equal" or after.text in ("+", "−", "×", "·", "÷"))
        if token.kind == "word" and counted and goes_on and token.text not in FUNCTIONS:
            continue
        yield token


def _read(tokens: Sequence[Token]) -> Side:
    parser = _Parser(tokens)
    expression = parser.whole()
    meant = [token for token in tokens if token.text not in "⟦⟧"]
    single = len(parser.numerals) == 1 and all(t.kind in ("number", "scaled") or t.text in "-−()" for t in meant)
    said = " ".join(token.text for token in meant)
    return Side(said, parser.numerals, expression, single, parser.bare)


def _left(tokens: Sequence[Token]) -> Side | None:
    """The longest arithmetic that ends here and begins where something may begin."""
    for start in range(len(tokens)):
        try:
            side = _read(tokens[start:])
        except Unreadable:
            continue
        return side if not start or _may_begin(tokens[:start], tokens[start]) else None
    return None


def _may_begin(tokens: Sequence[Token], first: Token) -> bool:
    before = tokens[-1]
    if before.kind == "word":
        return first.kind != "open" or first.start > before.end
    if before.kind == "letter" and first.text == "⟦":
        # To x: → x ⟦2⟧ × ⟦3⟧ = 6
        name = next((token for token in reversed(tokens) if token.kind != "letter"), before)
        return name.text == "→"
    return before.kind in ("stop", "open")


def _right(tokens: Sequence[Token]) -> Side | None:
    for end in range(len(tokens), 0, -1):
        try:
            side = _read(tokens[:end])
        except Unreadable:
            continue
        return side if end == len(tokens) or _may_end(tokens[end - 1], tokens[end]) else None
    return None


def _may_end(last: Token, after: Token) -> bool:
    return after.kind in ("stop", "close", "word") or (after.kind == "open" and after.start > last.end)


def equations(text: str) -> Iterator[Equation]:
    """Every equation of a text whose two sides are arithmetic."""
    lines = (part for whole in text.splitlines() for part in (*_by_cells(whole), _MATRIX.sub("▦", whole)))
    for line in lines:
        if not set("=≈≠") & set(line):
            continue
        tokens = tokens_of(line)
        signs = [at for at, token in enumerate(tokens) if token.kind == "equal"]
        for n, at in enumerate(signs):
            begins = signs[n - 1] + 1 if n else 0
            ends = signs[n + 1] if n + 1 < len(signs) else len(tokens)
            left, right = _left(_opened(tokens[begins:at])), _right(_closed(tokens[at + 1 : ends]))
            if left and right and not (left.single and right.single and not n):
                yield Equation(left, tokens[at].text, right)


Matrix = list[list[str]]
_MATRIX = re.compile(r"▦\[([^\]]*)\]")
_JOINED = r"▦\[[^\]]*\](?:\s*[·×⊙+]\s*▦\[[^\]]*\])*"
_GOES_ON = re.compile(r"[·×⊙+−]\s*$")  # what stands behind such a sign is only a part: ▦[1] − η · ▦[2]


def _by_cells(line: str) -> Iterator[str]:
    """An equation for each cell of matrices with a sign between them."""
    pieces = re.split(r"([=≈])", line) if "▦[" in line else []
    for at in range(1, len(pieces), 2):
        left, right = re.search(rf"{_JOINED}\s*$", pieces[at - 1]), re.match(rf"\s*{_JOINED}", pieces[at + 1])
        if left and _GOES_ON.search(pieces[at - 1][: left.start()]):
            continue
        first, second = (_worked(found[0]) if found else None for found in (left, right))
        if first and second and [len(row) for row in first] == [len(row) for row in second]:
            for a, b in zip((c for row in first for c in row), (c for row in second for c in row), strict=True):
                yield f"0 + ({a}) {pieces[at]} {b}"


def _worked(joined: str) -> Matrix | None:
    """The cells of a matrix, or of a product or a sum of several, as sums that are written out."""
    first, *others = [[row.split("|") for row in found[1].split(";")] for found in _MATRIX.finditer(joined)]
    for sign, other in zip(re.findall(r"\]\s*([·×⊙+])", joined), others, strict=True):
        if sign in "+⊙":
            if [len(row) for row in first] != [len(row) for row in other]:
                return None
            each = "({}) + ({})" if sign == "+" else "({})·({})"
            first = [
                [each.format(*pair) for pair in zip(*rows, strict=True)] for rows in zip(first, other, strict=True)
            ]
        elif any(len(row) != len(other) for row in first):
            return None
        else:
            columns = list(zip(*other, strict=True))
            first = [
                [" + ".join(f"({a})·({b})" for a, b in zip(row, column, strict=True)) for column in columns]
                for row in first
            ]
    return first


def _opened(tokens: Sequence[Token]) -> Sequence[Token]:
    """Without brackets that close on the other side of the sign, or opened before the text."""
    depth, cut = 0, 0
    for at in range(len(tokens) - 1, -1, -1):
        if tokens[at].kind == "close":
            depth += 1
        elif tokens[at].kind == "open":
            depth -= 1
            if depth < 0:
                cut = at + 1
                break
    return tokens[cut:]


def _closed(tokens: Sequence[Token]) -> Sequence[Token]:
    depth = 0
    for at, token in enumerate(tokens):
        if token.kind == "open":
            depth += 1
        elif token.kind == "close":
            depth -= 1
            if depth < 0:
                return tokens[:at]
    return tokens


def false_ones(text: str) -> list[str]:
    """The equations of a text that don't hold, each with what is wrong with it."""
    return [f"{one.text}   ({fault})" for one in equations(text) if (fault := one.fault)]


_TEX = (
    (r"\\(?:left|right|big|Big|displaystyle|,|;|!|quad|qquad)(?![a-zA-Z])", " "),
    (r"\\(?:text|mathrm|mathbf|operatorname)\{([^{}]*)\}", r"\1"),
    (r"\\(?:t|d)?frac\{((?:[^{}]|\{[^{}]*\})*)\}\{((?:[^{}]|\{[^{}]*\})*)\}", r"((\1)/(\2))"),
    (r"\\sqrt\{((?:[^{}]|\{[^{}]*\})*)\}", r"√(\1)"),
    (r"\\cdot|\\times", "·"),
    (r"\\approx", "≈"),
    (r"\\ln", "ln"),
    (r"\\sigma", "σ"),
    (r"\\infty", "∞"),
    (r"\^\{((?:[^{}]|\{[^{}]*\})*)\}", r"^(\1)"),
    (r"\{,\}", ","),
)


def plain(markdown: str) -> str:
    """Markdown with formulas, as one line of signs."""
    return re.sub(r"\$\$?(.+?)\$\$?", lambda found: _untexed(found[1]), markdown, flags=re.DOTALL).replace("**", "")


def _untexed(formula: str) -> str:
    before = ""
    while before != formula:
        before = formula
        for pattern, instead in _TEX:
            formula = re.sub(pattern, instead, formula)
    return formula
