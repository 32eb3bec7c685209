"""Every layer's gradient at every size of the weights: a surface to turn, and the first layer's, to choose from."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np
import streamlit as st

from pages.backprop.vanishing import controls as lesson
from pages.backprop.vanishing.surface import Landscape, first, surface
from ui import plots, startup, state
from ui.i18n import _

if TYPE_CHECKING:
    from ui.lesson import Frame

SIZES = 25


def landscape() -> Landscape:
    """The present network with its weights at every size, its own among them."""
    of = lesson.setup()
    times = np.unique([*np.round(np.geomspace(*lesson.TIMES, SIZES), 2), of.deep.times])
    found = [lesson.measured(replace(of, deep=replace(of.deep, times=float(one)))).flow.dy for one in times]
    return Landscape(times, np.array(found))


def show(frame: Frame) -> None:
    """The surface, and beneath it what the first layer gets, where a click takes that size for the picture."""
    now, chosen = landscape(), float(state.get("times"))
    words = {
        "layer": _("layer"),
        "times": _("σ of the weights, × its rule"),
        "gradient": _("gradient"),
        "first": _("gradient at the input"),
    }
    mode, present = startup.mode(), bool(state.get("present"))
    plots.show(surface(now, chosen, words, mode, present=present), key="vanishing.surface")
    st.markdown(frame.words("landscape-choose"))
    plots.show(first(now, chosen, words, mode, present=present), key="vanishing.first", chosen=take)


def take(point: Mapping[str, Any]) -> None:
    """The picture above takes the size that was clicked."""
    state.take({"times": round(float(point["x"]), 2)})
