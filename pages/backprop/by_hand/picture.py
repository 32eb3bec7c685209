"""What the browser is sent: the sheet with every quantity as markup, its lines with their words, and the run so far."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from pages.backprop.by_hand.compute.setup import CLASSIC, HEADS, HIDDEN
from pages.backprop.by_hand.compute.sheet import Line, Sheet, Symbol
from pages.backprop.by_hand.controls import LEVELS, RATES, SIZES, curve, now
from pages.backprop.by_hand.labels import labels
from ui.components.board import Drawn, board

MOUNT = board(__file__, "plot")

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
    """The block of words for a line: a gradient's sign decides what it asks for, and the two errors what came of it."""
    if line.kind == "again":
        before, after = sheet.value("E"), sheet.value("new_E")
        return "step-again" + ("" if after < before else "-same" if after == before else "-more")
    if line.kind not in ("weight", "bias"):
        return f"step-{line.kind}"
    gradient = sheet.value(line.result)
    return f"step-{line.kind}" + ("" if gradient > 0 else "-grow" if gradient < 0 else "-zero")


def drawn() -> Drawn:
    """The network and its sheet after so many steps, and the errors on the way there."""
    sheet, run, n, notice = now()
    steps, errors = curve(run)
    meta: dict[str, Any] = {
        "symbols": {
            name: {
                "markup": markup(symbol, sheet.symbols),
                "spoken": spoken(symbol, sheet.symbols),
                "value": symbol.value,
            }
            for name, symbol in sheet.symbols.items()
        },
        "lines": [
            {
                "result": line.result,
                "tokens": line.tokens,
                "phase": line.phase,
                "unit": line.unit,
                "text": text_of(line, sheet),
                "facts": facts(line, sheet),
            }
            for line in sheet.lines
        ],
        "units": sheet.units,
        "weights": sheet.weights,
        "biases": sheet.biases,
        "first": f"dE_{sheet.weights[-1][0][0]}",
        "signs": SIGNS,
        "n": n,
        "levels": LEVELS,
        "rate": {"usual": CLASSIC.lr, "range": RATES},
        "shares": sheet.setup.head.endswith("-ce"),
        "choices": {"sizes": SIZES, "hidden": list(HIDDEN), "head": HEADS},
        "notice": notice,
    }
    return Drawn(meta, {"steps": steps, "errors": errors}, labels())
