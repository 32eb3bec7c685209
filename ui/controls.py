"""What a page can be told: controls that know their own range, and how they are written in a URL.

Each control reads a text into a value or raises ``Refusal`` with what would have been right. Nothing but
numbers, names from a list and short texts of a stated pattern ever enters through a URL.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Protocol, cast

from ui import limits
from ui.numbers import DECIMALS, TYPED, typed

Value = str | int | float | bool | tuple[float, ...]


class Refusal(ValueError):
    """A text that a control can't use. ``message`` says what it wants; its gaps are in ``values``."""

    def __init__(self, message: str, **values: object) -> None:
        super().__init__(message.format(**values))
        self.message = message
        self.values = values


class Control(Protocol):
    """A named value with a default, a reader and a writer. ``read(write(value)) == value``."""

    @property
    def name(self) -> str: ...
    @property
    def default(self) -> Value: ...
    def read(self, text: str) -> Value: ...
    def write(self, value: Value) -> str: ...
    def other(self) -> Value: ...
    def told(self, value: object) -> Value: ...


@dataclass(frozen=True)
class Choice:
    """One of a few names."""

    name: str
    options: tuple[str, ...]
    default: str
    linked: tuple[tuple[str, str], ...] = ()
    """Options that links call by another word, each with that word: a link lives longer than a name."""

    def __post_init__(self) -> None:
        if self.default not in self.options:
            raise ValueError(f"{self.name}: the default {self.default!r} isn't one of {self.options}.")

    def read(self, text: str) -> str:
        return self._known({word: option for option, word in self.linked}.get(text, text))

    def write(self, value: Value) -> str:
        option = self._known(str(value))
        return dict(self.linked).get(option, option)

    def _known(self, option: str) -> str:
        if option not in self.options:
            raise Refusal("one of {options}", options=", ".join(self.options))
        return option

    def other(self) -> str:
        """A value that isn't the default, for tests and examples."""
        return next((option for option in self.options if option != self.default), self.default)

    def told(self, value: object) -> str:
        """A value that came from a picture."""
        return str(value)


@dataclass(frozen=True)
class Number:
    """A number from low to high, both allowed."""

    name: str
    low: float
    high: float
    default: float
    integer: bool = False

    def __post_init__(self) -> None:
        if not self.low <= self.default <= self.high:
            raise ValueError(f"{self.name}: the default {self.default} isn't in {self.low}..{self.high}.")
        if self.integer:
            object.__setattr__(self, "default", int(self.default))

    def read(self, text: str) -> float:
        if self.integer:
            refusal = Refusal("a whole number from {low} to {high}", low=f"{self.low:g}", high=f"{self.high:g}")
        else:
            refusal = Refusal("a number from {low} to {high}", low=f"{self.low:g}", high=f"{self.high:g}")
        try:
            value = int(text) if self.integer else float(text)
        except ValueError:
            raise refusal from None
        if not self.low <= value <= self.high:  # NaN too: no comparison with it holds
            raise refusal
        return value

    def write(self, value: Value) -> str:
        given = cast("float", value)
        number = self.read(repr(int(given) if self.integer else float(given)))
        return repr(int(number)) if self.integer or number == int(number) else repr(number)

    def other(self) -> float:
        """A value that isn't the default, for tests and examples."""
        return self.read(self.write(self.high if self.default != self.high else self.low))

    def told(self, value: object) -> float:
        """A value that came from a picture, rounded as a link holds it; the default stays what it is, such as 1/3."""
        decimals = 0 if self.integer else DECIMALS
        rounded = round(float(value), decimals)  # type: ignore[arg-type]
        return self.default if rounded == round(self.default, decimals) else rounded


@dataclass(frozen=True)
class Flag:
    """On or off; 1 or 0 in the URL."""

    name: str
    default: bool = False

    def read(self, text: str) -> bool:
        if text not in ("0", "1"):
            raise Refusal("0 or 1")
        return text == "1"

    def write(self, value: Value) -> str:
        return "1" if value else "0"

    def other(self) -> bool:
        """A value that isn't the default, for tests and examples."""
        return not self.default

    def told(self, value: object) -> bool:
        """A value that came from a picture."""
        return value in (True, 1, "1")


@dataclass(frozen=True)
class Short:
    """A short text of a stated pattern: the whole of it must match, and empty is always allowed."""

    name: str
    pattern: str
    max_length: int
    default: str = ""
    example: str = ""

    def read(self, text: str) -> str:
        if text and (len(text) > self.max_length or not re.fullmatch(self.pattern, text)):
            raise Refusal("at most {count} characters of a certain form", count=self.max_length)
        return text

    def write(self, value: Value) -> str:
        return self.read(str(value))

    def other(self) -> str:
        """A value that isn't the default, for tests and examples."""
        return self.read(self.example)

    def told(self, value: object) -> str:
        """A value that came from a picture."""
        return str(value)


@dataclass(frozen=True)
class Numbers:
    """Some numbers in their order: 3,1,-3. There are as many as in the example, or from ``fewest`` to so many.

    ``most``: where there may be more of them than in the example.
    """

    name: str
    default: tuple[float, ...]
    example: tuple[float, ...]
    fewest: int | None = None
    most: int | None = None

    def read(self, text: str) -> tuple[float, ...]:
        most = len(self.example) if self.most is None else self.most
        fewest = most if self.fewest is None else self.fewest
        if text and not re.fullmatch(rf"{TYPED}(,{TYPED}){{{fewest - 1},{most - 1}}}", text):
            raise Refusal("numbers such as {example}", example=self.write(self.example))
        return tuple(float(number) for number in text.split(",")) if text else self.default

    def write(self, value: Value) -> str:
        numbers = value if isinstance(value, tuple | list) else ()
        return ",".join(typed(float(number)) for number in numbers)

    def other(self) -> tuple[float, ...]:
        """A value that isn't the default, for tests and examples."""
        return self.read(self.write(self.example))

    def told(self, value: object) -> tuple[float, ...]:
        """Numbers that came from a picture; none at all only where none are the default."""
        if not isinstance(value, list | tuple) or (self.default and not value):
            raise TypeError(f"{self.name}: a list of numbers is wanted, not {value!r}.")
        return tuple(round(float(number), DECIMALS) for number in value)


def quoted(text: str) -> str:
    """A text from outside, cut to a length that fits in a sentence."""
    shown = " ".join(text.split())
    if len(shown) > limits.QUOTED_CHARACTERS:
        shown = shown[: limits.QUOTED_CHARACTERS] + "…"
    return shown
