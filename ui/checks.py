"""The same gradients found in two ways, side by side."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Literal

import streamlit as st

from engine.gradcheck import Entry
from ui.i18n import _
from ui.numbers import power_of_ten


def place(entry: Entry) -> str:
    """Where a number stands: conv1.weight[3, 0, 1, 2]; only its name where it is one number."""
    return f"{entry.name}[{', '.join(map(str, entry.index))}]" if entry.index else entry.name


def side_by_side(
    entries: Iterable[Entry],
    *,
    of: str = "",
    ours: str = "",
    relative: bool = False,
    height: int | Literal["auto"] = "auto",
) -> None:
    """A table of gradients, with nine digits each.

    Args:
        of: what each is the gradient of, over the names; "parameter" if nothing is said.
        ours: how the first of the two was found; "backprop" if nothing is said.
        relative: with the relative error of each.
    """
    rows = list(entries)
    table = {
        of or _("parameter"): [place(entry) for entry in rows],
        ours or _("backprop"): [f"{entry.analytic:+.9f}" for entry in rows],
        _("central difference"): [f"{entry.numeric:+.9f}" for entry in rows],
    }
    if relative:
        table[_("relative error")] = [power_of_ten(entry.relative_error) for entry in rows]
    st.dataframe(table, hide_index=True, height=height)


def verdict(text: str, good: bool) -> None:
    """What was measured, as right or as a warning."""
    (st.success if good else st.warning)(text)
