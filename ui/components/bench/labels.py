"""Every word that a bench itself writes, in the reader's language."""

from __future__ import annotations

from ui.components.labels import quiz_labels
from ui.i18n import _


def bench_labels() -> dict[str, str]:
    """Name -> text. ``{name}`` is filled in by the browser with the numbers of the cell."""
    return {**_chrome(), **_roles(), **_notes(), **quiz_labels()}


def _chrome() -> dict[str, str]:
    return {
        "formula": _("Formula"),
        "code": _("Code"),
        "colour_range": _("colour range"),
        "scope_map": _("this map"),
        "scope_layer": _("whole layer"),
        "hover": _("hover a cell · click to lock"),
        "tap": _("tap any cell"),
        "pick": _("click a cell · type its value"),
        "locked": _("locked, with more digits · click again to release"),
        "grid_keys": _("Arrow keys move, Enter locks or edits, Escape leaves for the steps."),
        "was": _("was"),
        "edit_bias": _("Click to type another bias"),
        "more": _("more:"),
        "no_terms": _("no term: every upstream gradient is 0"),
        "all_c": _("all channels"),
        "all_k": _("all maps"),
        "goes_into": _("{name} goes into {count} cells of {where}"),
        "goes_into_one": _("{name} goes into one cell of {where}"),
        "a_zero": _("A 0 of the padding"),
        "show_channel": _("Show the products of this channel"),
    }


def _roles() -> dict[str, str]:
    return {
        "input": _("Input"),
        "output": _("Output"),
        "kernel": _("Kernel"),
        "kernel_turned": _("Kernel, turned by 180°"),
        "weight": _("Weight"),
        "gradient": _("Gradient"),
        "upstream": _("Upstream dy"),
        "local": _("Local"),
        "switches": _("Winners"),
        "target": _("Target"),
        "result_dx": _("Result dx"),
        "result_dw": _("Result dW"),
        "result_db": _("Result db"),
    }


def _notes() -> dict[str, str]:
    return {
        "note_products": _("{count} {count|product|products} and a bias"),
        "note_products_only": _("{count} {count|product|products}"),
        "note_channels": _(
            "{count} products: {here} here from channel {channel}, the rest from {others} other "
            "{others|channel|channels} below"
        ),
        "note_maps": _(
            "{count} products: {here} here through map {channel}, the rest through {others} other "
            "{others|map|maps} below"
        ),
        "note_largest": _("{count} products, largest first; {zeros_here} {zeros_here|is|are} 0"),
        "note_gate_open": _("x was positive: the gate is open"),
        "note_gate_shut": _("x was not positive: the gate is shut"),
        "note_passes": _("positive, so it passes unchanged"),
        "note_stopped": _("not positive, so it becomes 0"),
        "note_winner": _("the winner stands at row {winner_row}, column {winner_column}"),
        "note_won": _("this cell won its window: it takes the window's whole gradient"),
        "note_lost": _("row {winner_row}, column {winner_column} won this window, so this cell gets nothing"),
    }
