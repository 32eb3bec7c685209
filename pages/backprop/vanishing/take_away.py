"""The figure that "Vanishing and exploding" gives to take away: that of the open view."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from pages.backprop.vanishing import controls as lesson
from pages.backprop.vanishing.figure import depth_figure, stretch_figure
from pages.backprop.vanishing.words import recipe
from ui import state
from ui.i18n import _
from ui.names import draws

if TYPE_CHECKING:
    from ui.figures.export import Figure


def figure() -> Figure:
    """What is shown, with the curves that were kept."""
    labels = {
        "gradient": _("Gradient, root mean square"), "gain": _("Gain of each layer"), "layer": _("layer"),
        "predicted": _("predicted"), "stretch": _("Singular values, largest and smallest"),
    }  # fmt: skip
    if state.get("view") == "jacobian":
        stretch = np.linalg.svd(lesson.two_wide().products, compute_uv=False)
        return stretch_figure([(_("two units"), stretch)], labels)
    if state.get("view") == "spectrum":
        found = lesson.spectra()
        rows = ((found.deep, found.found), (found.other, found.beside))
        return stretch_figure([(draws()[deep.draw], one.product) for deep, one in rows], labels)
    now = lesson.now()
    shown = [now, *(lesson.measured(one) for one in lesson.kept())]
    return depth_figure([(recipe(one.kept), one.flow) for one in shown], now.expected, labels)
