"""A layer a line, read into pieces; and what ``print(model)`` shows, which is nearly the same.

    Conv2d(1, 8, 3, padding=1)         a layer, its settings as in PyTorch; a comma behind it does no harm
    first = Conv2d(1, 8, 3)            with a name of its own
    (first): Conv2d(1, 8, …)           as PyTorch prints it
    Residual(                          a block: its layers each in a line, up to the closing bracket
        Conv2d(8, 8, 3, padding=1)
        Shortcut(                      … and its other paths in brackets of their own
            Conv2d(8, 8, 1)
        )
    )

Each line is read by itself, so that one that can't be read leaves the others as they are.
"""

from __future__ import annotations

import ast
import re
from contextlib import suppress
from dataclasses import fields, replace

from engine.layers import Identity
from engine.sentence import Sentence
from engine.text.arguments import example, layer_of, unknown_layer
from engine.text.blocks import Held
from engine.text.constant import not_read, number
from engine.text.known import BLOCKS, LAYERS, nearest
from engine.text.limits import Limits
from engine.text.reading import Fault, Fix, Place, Refused
from engine.text.said import NAME, Piece, Said
from engine.text.source import UNCLOSED, Source, balance, comment_starts, missing_brackets
from engine.types import Layer

_LABEL = re.compile(r"\s*(?:\((?P<printed>\w+)\)\s*:\s*|(?P<typed>[^\W\d]\w*)\s*=\s*(?!=))")
_OPENING = re.compile(r"(?P<word>(?:\w+\.)*\w+)\s*\(\s*")
_LAYER = re.compile(r"\s*(?:\(\w+\):\s*|\w+\s*=\s*)?(?:\w+\.)*[A-Z]\w*\(")
_CLOSING = re.compile(r"\s*\)\s*,?\s*")

A_LAYER = Sentence("a layer, such as {example}", example="Conv2d(1, 8, 3, padding=1)")


def read_lines(lines: tuple[str, ...], limits: Limits, *, printed: bool) -> Said:
    """All pieces of a text of lines; a line's fault is in its piece."""
    reader = _Lines(lines, limits, printed)
    reader.read()
    return Said(tuple(reader.held[0].pieces), tuple(reader.notes))


class _Lines:
    """Goes from line to line, with the blocks that stand open."""

    def __init__(self, lines: tuple[str, ...], limits: Limits, printed: bool) -> None:
        self.lines, self.limits, self.printed = lines, limits, printed
        self.bare = tuple(line[: comment_starts(line)].rstrip() for line in lines)
        self.balances = [balance(line) for line in self.bare]
        self.begins = [_LAYER.match(line) is not None for line in self.bare]
        self.held = [Held("Sequential", "", Place(1, 1, 1, 1))]
        self.names: list[set[str]] = [set()]
        self.notes: list[Sentence] = []

    def read(self) -> None:
        """Every line, and the brackets that are open at the end."""
        at = 0
        while at < len(self.lines):
            if not self.bare[at].strip():
                at += 1
                continue
            end = self._end(at)
            source = Source(self.bare[at:end], at + 1, len(self.bare[at]) - len(self.bare[at].lstrip()))
            try:
                self._line(source)
            except Refused as refusal:
                self._take_fault(source, refusal)
            at = end
        if len(self.held) > 1:
            self._close_all()

    def _end(self, at: int) -> int:
        """Behind the last line that belongs to the one at ``at``: a layer's brackets may be spread over several."""
        if self._opens(self.bare[at]) is not None:
            return at + 1
        end, depth = at + 1, self.balances[at]
        while depth > 0 and end < len(self.lines) and not self.begins[end]:
            depth += self.balances[end]
            end += 1
        return end if depth <= 0 else at + 1

    def _opens(self, line: str) -> tuple[str, str] | None:
        """(name, word) of a line that opens a block."""
        label = _LABEL.match(line)
        found = _OPENING.fullmatch(line, label.end() if label else len(line) - len(line.lstrip()))
        if found is None:
            return None
        word = found["word"].rpartition(".")[2]
        if word in BLOCKS or (self.printed and word not in LAYERS):
            return (label["printed"] or label["typed"] if label else ""), word
        return None

    def _close_all(self) -> None:
        """What was never closed, as if it were; the last that was opened is told of."""
        place = self.held[-1].place
        rows = [self.lines[held.place.line - 1] for held in reversed(self.held[1:])]
        closing = [row[: len(row) - len(row.lstrip())] + ")" for row in rows]
        fix = Fix(len(self.lines), len(self.lines), "\n".join([self.lines[-1], *closing]))
        while len(self.held) > 1:
            left = self.held.pop()
            with suppress(Refused):
                self.held[-1].close(left)
        self.held[0].take(Piece((), place, Identity(), fault=Fault(place, UNCLOSED, (fix,))))

    def _take_fault(self, source: Source, refusal: Refused) -> None:
        """A line with a fault, and with the layer that it would be once it was mended, where there is one."""
        meant = refusal.meant or self._meant(source, refusal.fault)
        label = _LABEL.match(source.lines[0])
        name = label["typed"] or label["printed"] if label else ""
        path = (name,) if NAME.fullmatch(name) else ()
        self.held[-1].take(Piece(path, source.whole(), meant, fault=refusal.fault))

    def _meant(self, source: Source, fault: Fault) -> Layer | None:
        """The layer that the fault's fix makes of the line."""
        fix = fault.fixes[0] if fault.fixes else None
        if fix is None or "\n" in fix.text or fix.line != source.first:
            return None
        label = _LABEL.match(fix.text)
        margin = label.end() if label else len(fix.text) - len(fix.text.lstrip())
        mended = _without_comma(Source((fix.text,), source.first, margin))
        try:
            match mended.tree(self.limits):
                case [ast.Expr(ast.Call() as call)] if _word(mended, call) in LAYERS:
                    return _leaf(mended, call, "", self.limits).layer
        except Refused:
            return None
        return None

    def _line(self, source: Source) -> None:
        opened = self._opens(source.lines[0])
        if opened is not None:
            self._open(source, *opened)
        elif _CLOSING.fullmatch(source.lines[0]):
            self._close(source)
        else:
            self._one(source)

    def _open(self, source: Source, name: str, word: str) -> None:
        place = source.whole()
        if len(self.held) > self.limits.blocks:
            told = Sentence("Blocks stand inside blocks more than {most} deep", most=self.limits.blocks)
            self.held.append(Held("Sequential", name, place))
            self.names.append(set())
            raise Refused(Fault(place, told))
        unknown = word not in BLOCKS
        self.held.append(
            Held("Sequential" if unknown else word, "" if len(self.held) == 1 and unknown else name, place)
        )
        self.names.append(set())
        if unknown and len(self.held) > 2:
            told = Sentence("What is printed doesn't say how {name} joins its layers; its source would", name=word[:40])
            raise Refused(Fault(place, told))
        if unknown:
            self.notes.append(
                Sentence("A printed model doesn't show its forward: read as its layers in this order, each once")
            )

    def _close(self, source: Source) -> None:
        if len(self.held) == 1:
            place = source.whole()
            told = Sentence("This bracket was never opened")
            raise Refused(Fault(place, told, (Fix(place.line, place.last, ""),)))
        inner = self.held.pop()
        self.names.pop()
        faulty = [piece for piece in inner.pieces if piece.fault is not None]
        try:
            self.held[-1].close(inner)
        except Refused:
            if not faulty:
                raise
            self.held[-1].pieces += faulty

    def _one(self, source: Source) -> None:
        """A line with a whole layer, or a setting of the block around it."""
        line = source.lines[0]
        label = _LABEL.match(line)
        name = ""
        if label:
            name = self._named(source, label["printed"] or label["typed"], label.start(label.lastgroup or 0))
            source = replace(source, margin=label.end())
        if not source.text.strip(" ,"):
            raise Refused(Fault(source.whole(), Sentence("Here {what} is expected", what=A_LAYER)))
        source = _without_comma(source)
        open_brackets = missing_brackets("\n".join(source.lines))
        if open_brackets and len(source.lines) == 1:
            place = source.whole()
            fix = Fix(place.line, place.last, source.lines[0] + open_brackets)
            raise Refused(Fault(place, UNCLOSED, (fix,)))
        body = source.tree(self.limits)
        if len(body) != 1:
            raise Refused(Fault(source.whole(), Sentence("One layer stands in each line")))
        match body[0]:
            case ast.Expr(ast.Call() as call):
                self._take(source, call, name)
            case ast.Expr(value) if name == "gate_bias" and self.held[-1].word == "Highway":
                self.held[-1].settings[name] = number(source, value, {})
            case ast.Expr(value):
                raise self._no_layer(source, value)
            case other:
                raise not_read(source, other, A_LAYER)

    def _take(self, source: Source, call: ast.Call, name: str) -> None:
        if name in self.names[-1]:
            told = Sentence("{name} stands here twice; each layer needs a name of its own", name=name)
            row = source.lines[0]
            fix = Fix(source.first, source.first, row.replace(name, f"{name}_2", 1)) if len(source.lines) == 1 else None
            raise Refused(Fault(source.whole(), told, (fix,) if fix else ()))
        if name:
            self.names[-1].add(name)
        word = _word(source, call)
        if word in BLOCKS:
            self.held[-1].close(_inline(source, call, name, self.limits, 1))
            return
        piece = _leaf(source, call, name, self.limits)
        self.held[-1].take(_with_plain_pairs(piece) if self.printed else piece)

    def _named(self, source: Source, name: str, at: int) -> str:
        if self.printed and name.isdigit():
            return name
        if not NAME.fullmatch(name):
            place = Place(source.first, at + 1, source.first, at + 1 + len(name))
            told = Sentence("{name} can't be a name; letters, digits and _ can, such as conv1", name=name[:40])
            raise Refused(Fault(place, told))
        return name

    def _no_layer(self, source: Source, value: ast.expr) -> Refused:
        """The refusal of an expression that calls nothing: a layer without its brackets, or anything else."""
        word = value.attr if isinstance(value, ast.Attribute) else value.id if isinstance(value, ast.Name) else ""
        near = nearest(word, blocks=True) if word else ""
        if near:
            told = Sentence("A layer's brackets are missing, such as {example}", example=f"{near}()")
            fix = source.edited([(source.place(value), example(near) if near in LAYERS else f"{near}()")])
            return Refused(Fault(source.place(value), told, (fix,)))
        return not_read(source, value, A_LAYER)


def _leaf(source: Source, call: ast.Call, name: str, limits: Limits) -> Piece:
    word = _word(source, call)
    if word not in LAYERS:
        raise unknown_layer(source, call, word, blocks=True)
    layer, said = layer_of(source, call, word, {}, limits)
    return Piece((name,) if name else (), source.place(call), layer, said)


def _with_plain_pairs(piece: Piece) -> Piece:
    """PyTorch prints pairs where one number was given: 5 for (5, 5)."""
    layer = piece.layer
    found = {field.name: getattr(layer, field.name) for field in fields(layer)}  # type: ignore[arg-type]
    pairs = {name: value[0] for name, value in found.items() if isinstance(value, tuple) and value == value[:1] * 2}
    return replace(piece, layer=replace(layer, **pairs))  # type: ignore[type-var]


def _inline(source: Source, call: ast.Call, name: str, limits: Limits, depth: int) -> Held:
    """A block whose layers stand inside its brackets, in one line."""
    held = Held(_word(source, call), name, source.place(call))
    if depth > limits.blocks:
        told = Sentence("Blocks stand inside blocks more than {most} deep", most=limits.blocks)
        raise Refused(Fault(held.place, told))
    said: list[tuple[str, ast.expr]] = [("", each) for each in call.args]
    said += [(keyword.arg or "", keyword.value) for keyword in call.keywords]
    for inner_name, value in said:
        if inner_name == "gate_bias":
            held.settings[inner_name] = number(source, value, {})
            continue
        if not isinstance(value, ast.Call):
            raise not_read(source, value, A_LAYER)
        if _word(source, value) in BLOCKS:
            held.close(_inline(source, value, inner_name, limits, depth + 1))
        else:
            held.take(_leaf(source, value, inner_name, limits))
    return held


def _word(source: Source, call: ast.Call) -> str:
    """The name that is called, without what stands before its dot: nn.Conv2d is Conv2d."""
    match call.func:
        case ast.Name(name):
            return name
        case ast.Attribute(ast.Name("nn" | "layers" | "engine"), name):
            return name
        case ast.Attribute(ast.Attribute(ast.Name("torch"), "nn"), name):
            return name
    raise not_read(source, call.func, A_LAYER)


def _without_comma(source: Source) -> Source:
    last = source.lines[-1]
    return replace(source, lines=(*source.lines[:-1], last.rstrip(", ") if last.endswith(",") else last))
