"""How a quantity is called and written: a plain name, and LaTeX."""

from __future__ import annotations

from dataclasses import dataclass

DIGITS = 9
OPERATORS = {
    "*": r" \cdot ",
    "+": " + ",
    "-": " - ",
    "/": r" \,/\, ",
    "**2": "^2",
    "0.5*": r"\tfrac12 ",
    "1-": "1 - ",
    "-(": "-(",
    "sigmoid(": r"\sigma(",
    "tanh(": r"\tanh(",
    "relu(": r"\max(0,\, ",
    "log(": r"\ln(",
    "exp(": r"\exp(",
    ">0]": " > 0]",
}
"""The signs between quantities, as LaTeX; what isn't here is written as it is."""


@dataclass(frozen=True)
class Symbol:
    """A quantity: ``base`` with an index, or where ``below`` is given the derivative of ``base`` by it.

    ``value`` is a number that the engine computed.
    """

    name: str
    base: str
    index: str
    value: float
    below: str = ""
    """Name of the quantity that a derivative is taken by."""
    new: bool = False


def written(value: float, digits: int = DIGITS) -> str:
    """A number to nine decimals without idle zeros; below 0.0001 with a power of ten: 3.5102e-05."""
    if value == 0:
        return "0"
    if abs(value) < 1e-4 or abs(value) >= 1e7:
        return f"{value:.4e}"
    text = f"{value:.{digits}f}".rstrip("0").rstrip(".")
    return "0" if text in ("-0", "") else text


def number_latex(value: float) -> str:
    """A number in LaTeX."""
    text = written(value)
    head, power, exponent = text.partition("e")
    return rf"{head} \cdot 10^{{{int(exponent)}}}" if power else text


def latex(symbol: Symbol, symbols: dict[str, Symbol]) -> str:
    """A symbol in LaTeX."""
    base = {"d": r"\delta", "lr": r"\eta", "net": r"\mathit{net}", "out": r"\mathit{out}"}.get(symbol.base, symbol.base)
    text = f"{base}_{{{symbol.index}}}" if symbol.index else base
    if symbol.below:
        return rf"\frac{{\partial {text}}}{{\partial {latex(symbols[symbol.below], symbols)}}}"
    return f"{text}^{{+}}" if symbol.new else text


def tokens_latex(tokens: tuple[str, ...], symbols: dict[str, Symbol], *, numbers: bool) -> str:
    """A right-hand side in LaTeX, with its symbols or with their numbers."""
    pieces = []
    for token in tokens:
        if token not in symbols:
            pieces.append(OPERATORS.get(token, token))
        elif numbers:
            text = number_latex(symbols[token].value)
            pieces.append(f"({text})" if symbols[token].value < 0 else text)
        else:
            pieces.append(latex(symbols[token], symbols))
    return "".join(pieces)
