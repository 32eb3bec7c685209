"""What can be wrong with a typed formula, in the reader's language: the engine's sentences, told by their shape."""

from __future__ import annotations

import re

from ui.i18n import _

_NUMBER = r"(-?[\d.e+,]+)"


def said(reason: str) -> str:
    """A ``ParseError``'s reason in the reader's language; one that isn't known stays as it is."""
    for pattern, sentence in (*_sentences(), *_arithmetic()):
        if found := re.fullmatch(pattern, reason):
            return sentence.format(*(_part(piece) for piece in found.groups()))
    return reason


def troubles() -> dict[str, str]:
    """Why a formula has no value for these numbers, by the names of the browser's tape; {0}, {1} are numbers."""
    names = ("divide", "zero-power", "broken-power", "log", "large", "no-slope", "endless")
    return {name: sentence for name, (_pattern, sentence) in zip(names, _arithmetic(), strict=True)}


def _arithmetic() -> list[tuple[str, str]]:
    return [
        ("Here something is divided by 0", _("Here something is divided by 0")),
        (
            "Here 0 is raised to a negative power, which divides by 0",
            _("Here 0 is raised to a negative power, which divides by 0"),
        ),
        (
            rf"Here {_NUMBER}, a negative number, is raised to the broken power {_NUMBER}",
            _("Here {0}, a negative number, is raised to the broken power {1}"),
        ),
        (
            rf"A logarithm needs a positive number, and here it is given {_NUMBER}",
            _("A logarithm needs a positive number, and here it is given {0}"),
        ),
        (r"Here the numbers grow beyond .*", _("Here the numbers grow beyond 10¹²")),
        (
            rf"{_NUMBER} to the power of {_NUMBER} has no derivative here: .*",
            _(
                "{0} to the power of {1} has no derivative here: where the exponent can move, the base must be "
                "positive, and at 0 a power below 1 is infinitely steep"
            ),
        ),
        (
            "On the way back the gradients grow beyond all bounds",
            _("On the way back the gradients grow beyond all bounds"),
        ),
    ]


def _sentences() -> list[tuple[str, str]]:
    return [
        (
            r"The formula has (\d+) characters; (\d+) are the most",
            _("The formula has {0} characters; {1} are the most"),
        ),
        (r"The formula is empty; .*", _("The formula is empty; (x + y) * z would be one")),
        (r"(.+) has no place in a formula: (.+)", _("{0} has no place in a formula: {1}")),
        (r"This bracket is never closed", _("This bracket is never closed")),
        (r"This bracket was never opened", _("This bracket was never opened")),
        (r"There are too many brackets inside brackets", _("There are too many brackets inside brackets")),
        (
            r"A number and a name stand side by side; .*",
            _("A number and a name stand side by side; to multiply, write *"),
        ),
        (r"From here on it can't be read", _("From here on it can't be read")),
        (r"The formula is nested too deeply", _("The formula is nested too deeply")),
        (r"The formula is nested more than (\d+) deep", _("The formula is nested more than {0} deep")),
        (r"Of the operations only .* are known", _("Of the operations only + - * / and ** are known")),
        (r"This can't be part of a formula: (.+)", _("This can't be part of a formula: {0}")),
        (r"Nothing can be called like this; .*", _("Nothing can be called like this; to multiply, write *")),
        (
            r"There is no function (.+); known are (.+)\. To multiply, write \*",
            _("There is no function {0}; known are {1}. To multiply, write *"),
        ),
        (r"max takes 2 to (\d+) numbers; here it has (\d+)", _("max takes 2 to {0} numbers; here it has {1}")),
        (r"(\w+) takes one number; here it has (\d+)", _("{0} takes one number; here it has {1}")),
        (r"This is no number that a formula can use", _("This is no number that a formula can use")),
        (r"Numbers up to ([\d,]+) can be typed", _("Numbers up to {0} can be typed")),
        (r"(\w+) is a function: .*", _("{0} is a function: it needs brackets, as in {0}(x)")),
        (
            r"A variable's name is a letter, .*",
            _("A variable's name is a letter, then up to 15 letters, digits and _"),
        ),
    ]


def _part(piece: str) -> str:
    """A part of a sentence that is itself words of the engine's."""
    known = {
        "a power is written **, as in x**2": _("a power is written **, as in x**2"),
        "only the formula itself is wanted, without an equals sign": _(
            "only the formula itself is wanted, without an equals sign"
        ),
        "only round brackets ( ) are used": _("only round brackets ( ) are used"),
        "letters, digits, + - * / ** ( ) and commas make a formula": _(
            "letters, digits, + - * / ** ( ) and commas make a formula"
        ),
        "a dot belongs inside a number only": _("a dot belongs inside a number only"),
        "there is no 'if' here; max and relu can choose": _("there is no 'if' here; max and relu can choose"),
        "there is no 'and' or 'or' here": _("there is no 'and' or 'or' here"),
        "there are no comparisons here; max and relu can choose": _(
            "there are no comparisons here; max and relu can choose"
        ),
        "a comma belongs between the arguments of max only": _("a comma belongs between the arguments of max only"),
        "a star stands between two numbers": _("a star stands between two numbers"),
        "it is no number": _("it is no number"),
    }
    return known.get(piece, piece.replace("-", "−") if re.fullmatch(_NUMBER, piece) else piece)
