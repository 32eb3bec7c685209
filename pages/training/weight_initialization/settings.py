"""The row of settings above the weight initialization lab: what isn't dragged or clicked in the picture itself."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import streamlit as st

from engine.signal import ACTIVATIONS, DRAWS, STACKS
from pages.training.weight_initialization.controls import (
    CHANNELS,
    DATA,
    DEPTHS,
    FEW,
    KEY,
    MANY,
    SEEDS,
    WIDTHS,
    quick,
)
from ui import state
from ui.controls import Value
from ui.figures import theme
from ui.i18n import _
from ui.names import activations, draws

OFTEN = ("stack", "depth", "width", "channels", "act", "draw", "norm")
SELDOM = ("data", "bias", "samples", "seed")


@dataclass(frozen=True)
class Row:
    """The settings that a row of widgets showed when it was drawn."""

    shown: Mapping[str, Value]

    def is_up_to_date(self) -> bool:
        """Whether they are still what they were: a classic experiment changes several at once."""
        return all(state.get(name) == value for name, value in self.shown.items())


def setup_widgets() -> Row:
    """The widgets, to stand in a row; those that are seldom touched are built when they are asked for."""
    names = [*OFTEN]
    _choose("stack", _("layers"), STACKS, 9.6, {"dense": _("fully connected"), "conv": _("3×3 convolutions")})
    _count("depth", _("depth"), 1, DEPTHS)
    if state.get("stack") == "dense":
        _choose("width", _("units a layer"), WIDTHS, 5.4, {})
    else:
        _choose("channels", _("channels a layer"), CHANNELS, 6.4, {})
    _choose("act", _("activation"), tuple(ACTIVATIONS), 7.2, activations())
    _choose("draw", _("weights drawn"), DRAWS, 9.6, draws())
    if not state.hidden("norm"):
        st.toggle(_("batch norm"), key=state.key("norm"), on_change=quick, width="content")
    if not all(state.hidden(name) for name in SELDOM):
        popover = st.popover(_("More settings"), key=f"{KEY}.more", on_change="rerun", width="content")
        if popover.open:
            names += SELDOM
            with popover:
                _seldom()
    return Row({name: state.get(name) for name in names})


def _seldom() -> None:
    _choose("data", _("data"), DATA, 9.6, {"noise": _("noise"), "digits": _("digits")})
    _choose("bias", _("bias"), ("0", "0.01", "0.1"), 9.6, {})
    _choose(
        "samples", _("examples"), (FEW, MANY), 9.6, {MANY: "1,000"}, disabled=state.get("stack") != "dense",
        tries=False,
        help=_("While you try things out, 64 examples answer at once. 1,000 make the numbers a little finer."),
    )  # fmt: skip
    _count("seed", _("seed"), 0, SEEDS)


def _choose(
    name: str,
    label: str,
    options: tuple[str, ...],
    rem: float,
    shown: Mapping[str, str],
    *,
    disabled: bool = False,
    tries: bool = True,
    help: str | None = None,
) -> None:
    if not state.hidden(name):
        st.selectbox(
            label, options, key=state.key(name), width=_pixels(rem), disabled=disabled, help=help,
            format_func=lambda option: shown.get(option, option), on_change=quick if tries else None,
        )  # fmt: skip


def _count(name: str, label: str, low: int, high: int) -> None:
    if not state.hidden(name):
        st.number_input(label, low, high, key=state.key(name), width=_pixels(6.4), step=1, on_change=quick)


def _pixels(rem: float) -> int:
    """Streamlit takes widths in pixels; type is larger in the lecture view."""
    return round(rem * (theme.PRESENTER_PIXELS if state.get("present") else theme.ROOT_PIXELS))
