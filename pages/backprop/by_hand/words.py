"""How the sheet's quantities and signs are written in the browser: small pieces of markup, all our own."""

from __future__ import annotations

from collections.abc import Mapping

from pages.backprop.by_hand.compute import Line, Sheet, Symbol

BASES = {"d": "δ", "lr": "η"}
SIGNS = {
    "*": "·",
    "-": "−",
    "/": "÷",
    "**2": "<sup>2</sup>",
    "0.5*": "½",
    "1-": "1 −",
    "-(": "− (",
    "sigmoid(": "σ (",
    "tanh(": "tanh (",
    "relu(": "max (0,",
    "log(": "ln (",
    "exp(": "exp (",
    ">0]": "&gt; 0 ]",
}
"""The signs between quantities; what isn't here is written as it is."""
_LOWERED = str.maketrans("0123456789", "₀₁₂₃₄₅₆₇₈₉")


def markup(symbol: Symbol, symbols: Mapping[str, Symbol]) -> str:
    """w₅, net of h₁, or a fraction ∂E over ∂w₅."""
    base = BASES.get(symbol.base, symbol.base)
    text = f"{base}<sub>{symbol.index}</sub>" if symbol.index else base
    if symbol.below:
        below = markup(symbols[symbol.below], symbols)
        return f'<span class="frac"><span>∂{text}</span><span>∂{below}</span></span>'
    return f"{text}<sup>+</sup>" if symbol.new else text


def plain(name: str) -> str:
    """A name in a sentence: w₅, h₁, out h₁."""
    for start in ("out_", "net_"):
        if name.startswith(start):
            return f"{start[:-1]} {plain(name.removeprefix(start))}"
    return {"lr": "η", "E": "E"}.get(name, name.translate(_LOWERED))


def spoken(symbol: Symbol, symbols: Mapping[str, Symbol]) -> str:
    """A quantity in one line of plain text, for titles and screen readers: ∂E/∂w₅."""
    text = BASES.get(symbol.base, symbol.base) + (f" {plain(symbol.index)}" if symbol.index else "")
    if symbol.base in "wbit" and symbol.index:
        text = text.replace(" ", "").translate(_LOWERED)
    if symbol.below:
        return f"∂{text}/∂{spoken(symbols[symbol.below], symbols)}"
    return f"{text}⁺" if symbol.new else text


def facts(line: Line, sheet: Sheet) -> dict[str, str]:
    """What the sentence about a line is filled with, numbers apart."""
    reads = line.reads(sheet.symbols)
    weight = next((name for name in reads if name[0] == "w"), line.result.removeprefix("dE_"))
    source = next((name for name in reads if name.startswith("out_") or name[0] == "i"), "")
    return {
        "unit": plain(line.unit),
        "w": plain(weight),
        "b": plain(line.result.removeprefix("dE_").removeprefix("new_")),
        "moved": plain(line.result.removeprefix("new_")),
        "source": plain(source),
        "count": str(sum(token == "*" for token in line.tokens)),
    }


def text_of(line: Line, sheet: Sheet) -> str:
    """The block of words for a line; a gradient's sign decides what it asks for."""
    if line.kind not in ("weight", "bias", "update"):
        return f"step-{line.kind}"
    gradient = sheet.value(line.result if line.kind != "update" else line.result.replace("new_", "dE_"))
    if line.kind == "update":
        return "step-update"
    return f"step-{line.kind}" + ("" if gradient > 0 else "-grow" if gradient < 0 else "-zero")
