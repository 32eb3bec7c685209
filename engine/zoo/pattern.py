"""A network written as a pattern, the way its layers are drawn on a board, read into a list of (name, layer).

    pattern   INPUT -> [[CONV -> RELU]*N -> POOL?]*M -> [FC -> RELU]*K -> FC

    words     INPUT (once, first), CONV, RELU, POOL, FC (the last one gives the scores)
    [...]     layers that belong together
    *3, *N    so many times; a letter stands for a number that is given beside the pattern
    ?         there or not, as is chosen beside the pattern

What the words become: CONV a 3×3 convolution that keeps height and width, of ``channels`` maps, twice as many after
each pool; POOL max pooling of 2×2; FC a linear layer of ``hidden`` units, the last one of ``classes``.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from engine.autograd.expression import ParseError
from engine.layers.activation import ReLU
from engine.layers.conv import Conv2d
from engine.layers.linear import Linear
from engine.layers.pool import MaxPool2d
from engine.layers.shape import Flatten
from engine.sentence import Sentence
from engine.types import Shape, expect_counts
from engine.zoo.classic import Layers

PATTERN = "INPUT -> [[CONV -> RELU]*N -> POOL?]*M -> [FC -> RELU]*K -> FC"

MAX_LENGTH = 300
MAX_DEPTH = 4
"""Brackets inside brackets."""
MAX_REPEAT = 16
MAX_LAYERS = 64
MAX_WIDTH = 4096
"""The most channels or hidden units that can be asked for."""
MAX_CHANNELS = 512
"""Where the doubling of channels stops, unless more were asked for."""

_WORDS = ("INPUT", "CONV", "RELU", "POOL", "FC")
_TOKEN = re.compile(
    r"(?P<arrow>->|→|➔)|(?P<word>[A-Za-z_]+)|(?P<number>[0-9]+)|(?P<sign>[\[\]*?×［］＊？【】])|\s+", re.ASCII
)
_SPACE = re.compile(r"\s")
_AS_PRINTED = str.maketrans("×＊［］【】？", "**[][]?")
_HINTS = {
    "(": "layers that belong together stand in square brackets [ ]",
    "（": "layers that belong together stand in square brackets [ ]",
    "{": "layers that belong together stand in square brackets [ ]",
    ",": "an arrow -> stands between two layers",
    "-": "an arrow is written ->",
    ">": "an arrow is written ->",
    "+": "'*' with a number says how often",
}


class PatternError(ParseError):
    """A pattern that can't be read or built: ``message``, ``expression`` (the pattern) and ``position``.

    As text: the message, the pattern, and a caret under the character that it is about.
    """


def pattern_layers(
    pattern: str,
    input_shape: Shape,
    classes: int,
    *,
    repeats: Mapping[str, int] | None = None,
    optional: bool = True,
    channels: int = 16,
    hidden: int = 64,
) -> Layers:
    """The layers of a pattern, named by kind and number (conv1, relu1, pool1, flatten, fc1).

    ``repeats`` gives the letters their numbers ({"N": 2, "M": 3, "K": 1}); ``optional`` says whether what bears a
    question mark is there. Raises PatternError with the place of the fault, ValueError for numbers that can't be used.
    """
    expect_counts("pattern_layers", classes=classes, channels=channels, hidden=hidden)
    for name, width in {"classes": classes, "channels": channels, "hidden": hidden}.items():
        if width > MAX_WIDTH:
            raise ValueError(f"pattern_layers: {name}={width}; at most {MAX_WIDTH:,} are built here.")
    if len(input_shape) != 3 or min(input_shape) < 1:
        raise ValueError(
            f"pattern_layers: input_shape={input_shape}; expected (channels, height, width), all at least 1."
        )
    pattern = _SPACE.sub(" ", pattern)  # on one line, so that the caret stands right
    words = _Reader(pattern, dict(repeats or {}), optional).words()
    return _Builder(pattern, input_shape, channels).build(words, hidden, classes)


@dataclass(frozen=True)
class _Word:
    """A word, a sign or a number of the pattern and where it stands."""

    text: str
    position: int


class _Reader:
    """Reads row := item {-> item};  item := (word | "[" row "]") ["*" count | "?"], and repeats as it goes."""

    def __init__(self, pattern: str, repeats: Mapping[str, int], optional: bool) -> None:
        self.pattern, self.repeats, self.optional = pattern, repeats, optional
        self.tokens = self._tokens()
        self.place = 0

    def words(self) -> list[_Word]:
        """The pattern's words with every repetition written out."""
        words = self._row(0)
        if self._peek() == "]":
            raise self._fault("This bracket was never opened")
        return words

    def _tokens(self) -> list[_Word]:
        if len(self.pattern) > MAX_LENGTH:
            told = Sentence(
                "The pattern has {count} characters; at most {most} are read",
                count=f"{len(self.pattern):,}",
                most=MAX_LENGTH,
            )
            raise PatternError(told, self.pattern[:MAX_LENGTH], MAX_LENGTH)
        tokens, at = [], 0
        while at < len(self.pattern):
            match = _TOKEN.match(self.pattern, at)
            if match is None:
                sign = self.pattern[at]
                hint = _HINTS.get(sign, "it is made of layers, arrows ->, brackets [ ], * and ?")
                raise self._fault("A pattern has no {sign}: {hint}", at, sign=repr(sign), hint=hint)
            if match["arrow"]:
                tokens.append(_Word("->", at))
            elif match[0].strip():
                tokens.append(_Word(match[0].translate(_AS_PRINTED), at))
            at = match.end()
        return tokens

    def _row(self, depth: int) -> list[_Word]:
        words = self._item(depth)
        while self._peek() == "->":
            self.place += 1
            words += self._item(depth)
            self._expect_few(words)
        if self._peek() not in ("", "]"):
            raise self._fault("Here an arrow -> is missing")
        return words

    def _item(self, depth: int) -> list[_Word]:
        if self._peek() == "[":
            words = self._group(depth)
        elif self._peek().upper() in _WORDS:
            token = self._take()
            words = [_Word(token.text.upper(), token.position)]
        else:
            raise self._no_layer()
        if self._peek() == "?":
            self.place += 1
            return words if self.optional else []
        if self._peek() == "*":
            self.place += 1
            words = words * self._count()
            self._expect_few(words)
        if self._peek() in ("*", "?"):
            raise self._fault("Only one * or ? can follow a layer or a bracket; brackets around it allow another")
        return words

    def _group(self, depth: int) -> list[_Word]:
        opened = self._take()
        if depth == MAX_DEPTH:
            raise self._fault("Brackets stand inside brackets more than {most} deep", opened.position, most=MAX_DEPTH)
        words = self._row(depth + 1)
        if self._peek() != "]":
            raise self._fault("This bracket is never closed", opened.position)
        self.place += 1
        return words

    def _count(self) -> int:
        if not re.fullmatch(r"\w+", self._peek(), re.ASCII):
            raise self._fault("After * a number or a letter is expected, such as *2 or *N")
        token = self._take()
        count = int(token.text) if token.text.isdigit() else self.repeats.get(token.text)
        if count is None:
            known = ", ".join(self.repeats) or "none"
            raise self._fault(
                "{name} has no number; letters that have one: {known}", token.position, name=token.text, known=known
            )
        if not isinstance(count, int) or not 0 <= count <= MAX_REPEAT:
            named = f"{token.text} = {count!r}" if token.text in self.repeats else token.text
            raise self._fault(
                "{count} times is not possible; a whole number from 0 to {most} is",
                token.position,
                count=named,
                most=MAX_REPEAT,
            )
        return count

    def _expect_few(self, words: list[_Word]) -> None:
        if len(words) > MAX_LAYERS:
            raise self._fault("The pattern makes more than {most} layers", words[-1].position, most=MAX_LAYERS)

    def _no_layer(self) -> PatternError:
        text = self._peek()
        if text == "":
            what = "The pattern is empty" if not self.tokens else "The pattern ends where a layer is expected"
            return self._fault("{what}; for example {pattern}", what=what, pattern=PATTERN)
        if text.isalpha():
            return self._fault(
                "There is no layer called {name}; there are {known}", name=text[:20], known=", ".join(_WORDS)
            )
        return self._fault(
            "Here a layer is expected, not {text}: {known}, or a bracket [ ]", text=text[:20], known=", ".join(_WORDS)
        )

    def _peek(self) -> str:
        return self.tokens[self.place].text if self.place < len(self.tokens) else ""

    def _take(self) -> _Word:
        self.place += 1
        return self.tokens[self.place - 1]

    def _fault(self, template: str, position: int | None = None, **values: Any) -> PatternError:
        if position is None:
            position = self.tokens[self.place].position if self.place < len(self.tokens) else len(self.pattern)
        return PatternError(Sentence(template, **values), self.pattern, position)


class _Builder:
    """Makes a layer of each word and follows the shape, so that a word without a picture left is found at its place."""

    def __init__(self, pattern: str, input_shape: Shape, channels: int) -> None:
        self.pattern = pattern
        self.shape = input_shape
        self.channels = channels
        self.most_channels = max(channels, MAX_CHANNELS)
        self.layers: Layers = []
        self.made: dict[str, int] = {}

    def build(self, words: list[_Word], hidden: int, classes: int) -> Layers:
        """All layers. Raises PatternError for words in an order that makes no network."""
        if not words or words[0].text != "INPUT":
            raise self._fault("A pattern starts with INPUT", words[0].position if words else 0)
        if words[-1].text != "FC":
            raise self._fault("A pattern ends with FC, which gives the scores", words[-1].position)
        for number, word in enumerate(words[1:], start=2):
            match word.text:
                case "INPUT":
                    raise self._fault("INPUT stands at the start only", word.position)
                case "RELU":
                    self._add("relu", ReLU())
                case "CONV":
                    self._expect_picture(word)
                    self._add("conv", Conv2d(self.shape[0], self.channels, 3, padding=1))
                case "POOL":
                    self._expect_picture(word)
                    self._pool(word)
                case _:
                    self._linear(classes if number == len(words) else hidden)
        return self.layers

    def _pool(self, word: _Word) -> None:
        if min(self.shape[1:]) < 2:
            height, width = self.shape[1:]
            raise self._fault(
                "Here the picture is {height}×{width}, too small for one more POOL",
                word.position,
                height=height,
                width=width,
            )
        self._add("pool", MaxPool2d(2))
        self.channels = min(2 * self.channels, self.most_channels)

    def _linear(self, features: int) -> None:
        if len(self.shape) == 3:
            self.layers.append(("flatten", Flatten()))
            self.shape = Flatten().output_shape(self.shape)
        self._add("fc", Linear(self.shape[0], features))

    def _add(self, kind: str, layer: Conv2d | ReLU | MaxPool2d | Linear) -> None:
        self.made[kind] = self.made.get(kind, 0) + 1
        self.layers.append((f"{kind}{self.made[kind]}", layer))
        self.shape = layer.output_shape(self.shape)

    def _expect_picture(self, word: _Word) -> None:
        if len(self.shape) != 3:
            raise self._fault(
                "After FC there is no picture any more; {word} must stand before it", word.position, word=word.text
            )

    def _fault(self, template: str, position: int, **values: Any) -> PatternError:
        return PatternError(Sentence(template, **values), self.pattern, position)
