"""A sheet as a worked example: Markdown with LaTeX, for a handout."""

from __future__ import annotations

from collections.abc import Mapping

from pages.backprop.by_hand.compute.sheet import Sheet
from pages.backprop.by_hand.compute.symbols import latex, number_latex, tokens_latex


def handout(sheet: Sheet, words: Mapping[str, str]) -> str:
    """Every line as result = formula = numbers = value, under the headings of ``words``.

    ``words``: "title", "given", and a heading for each phase: "forward", "error", "backward", "update".
    """
    made = {line.result for line in sheet.lines}
    given = [symbol for name, symbol in sheet.symbols.items() if name not in made]
    parts = [f"# {words['title']}", f"## {words['given']}"]
    for kind in ("i", "t", "w", "b", "lr"):
        row = [rf"{latex(s, sheet.symbols)} = {number_latex(s.value)}" for s in given if s.base == kind]
        parts.append("$" + r"$, $".join(row) + "$")
    phase = ""
    for line in sheet.lines:
        if line.phase != phase:
            phase = line.phase
            parts.append(f"## {words[phase]}")
        symbol = sheet.symbols[line.result]
        sides = [latex(symbol, sheet.symbols), tokens_latex(line.tokens, sheet.symbols, numbers=False)]
        numbers = tokens_latex(line.tokens, sheet.symbols, numbers=True)
        value = number_latex(symbol.value)
        sides += [numbers, value] if numbers != value else [value]
        parts.append("$$" + " = ".join(sides) + "$$")
    return "\n\n".join(parts) + "\n"
