"""What the browser is sent: the open view's numbers, the settings, and the words; that view as a figure; and every
layer's gradient at every size of the weights, from which a size is chosen for the picture."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np
import streamlit as st

from engine.types import Array
from pages.backprop.vanishing import controls as lesson
from pages.backprop.vanishing import words as say
from pages.backprop.vanishing.compute.jacobian import STARTS
from pages.backprop.vanishing.compute.prediction import var_w
from pages.backprop.vanishing.compute.setup import ACTIVATION_NAMES, DRAWS, NORMS, PRESETS, SHORTCUTS
from pages.backprop.vanishing.figure import Landscape, depth_figure, first, stretch_figure, surface
from ui import plots, startup, state
from ui.components.board import Drawn, board
from ui.i18n import _
from ui.names import draws

if TYPE_CHECKING:
    from ui.figures.export import Figure
    from ui.lesson import Frame

MOUNT = board(__file__, "plot")
SIZES = 25
"""Of the weights, in the landscape."""


def drawn() -> Drawn:
    """The open view."""
    view = state.get("view")
    meta, arrays = {"depth": _depth, "jacobian": _jacobian, "spectrum": _spectrum}[view]()
    ranges = {"depth": [lesson.SHALLOWEST, lesson.DEEPEST], "times": lesson.TIMES, "layers": [1, lesson.LAYERS]}
    return Drawn({"view": view, "options": options(), "ranges": ranges} | meta, arrays, say.labels())


def options() -> dict[str, list[tuple[str, str]]]:
    """Values and words of every setting that is chosen from a few."""
    return {
        "act": list(say.bends().items()),
        "draw": [(draw, draws()[draw]) for draw in DRAWS],
        "size": list(say.sizes().items()),
        "width": [(width, width) for width in lesson.WIDTHS],
        "norm": [(norm, say.norms()[norm]) for norm in NORMS],
        "link": [(link, say.links()[link]) for link in SHORTCUTS],
        "bend": [(bend, say.bends()[bend]) for bend in ACTIVATION_NAMES],
    }


def _said(block: str, facts: Mapping[str, str], kicker: str) -> dict[str, Any]:
    return {"kicker": kicker, "says": block, "facts": dict(facts)}


def _depth() -> tuple[dict[str, Any], dict[str, Array]]:
    now, kept, deep = lesson.now(), lesson.kept(), lesson.setup().deep
    block, facts = say.verdict(now)
    meta = {
        **_said(block, facts, say.recipe(now.kept)),
        "of": {"depth": deep.depth, "width": deep.width, "norm": deep.norm, "link": deep.shortcut},
        "chosen": lesson.preset(),
        "presets": [(name, say.preset_names()[name]) for name in PRESETS],
        "values": {name: lesson.as_controls(deep) for name, deep in PRESETS.items()},
        "kept": [
            {"name": name, "label": say.difference(one, now.kept)}
            for name, one in zip(lesson.kept_names(), kept, strict=True)
        ],
        "most_kept": lesson.MOST_KEPT,
        "var_w": var_w(now.kept.deep),
        "theory": bool(np.isfinite(now.expected.gain).all()),
    }
    flow = now.flow
    arrays = {
        "gain": flow.gain, "average": np.array([flow.average]), "predicted.dy": now.expected.dy,
        "predicted.y": now.expected.y, "predicted.gain": now.expected.gain, "predicted.slope2": now.expected.slope**2,
    }  # fmt: skip
    arrays |= {f"factor.{name}": values for name, values in flow.factors.items()}
    arrays |= {f"way.{name}": values for name, values in flow.ways.items()}
    for name, one in (("now", now), *((f"kept{i}", lesson.measured(one)) for i, one in enumerate(kept))):
        arrays |= {f"{name}.dy": one.flow.dy, f"{name}.dw": one.flow.dweight, f"{name}.y": one.flow.y}
    return meta, arrays


def _jacobian() -> tuple[dict[str, Any], dict[str, Array]]:
    two = lesson.two_wide()
    stretch = np.linalg.svd(two.products, compute_uv=False)
    longest, shortest = float(stretch[0, 0]), float(stretch[0, 1])
    block = "singular" if shortest < 1e-9 * max(longest, 1e-300) else "holds"
    if longest < 1e-300:
        block = "dead"
    if block == "holds" and not 0.2 < longest < 5:
        block = "shrinks" if longest <= 0.2 else "stretches"
    names = {
        "press": _("presses"), "turn": _("turns"), "half": _("½ · turns"), "double": _("2 · turns"),
        "sigmoid": _("turns, sigmoid"), "shear": _("shears"), "singular": _("one singular"), "drawn": _("drawn, ReLU"),
        "residual": _("small, x added"),
    }  # fmt: skip
    facts = {
        "layers": str(len(two.js)), "longest": say.size(longest), "shortest": say.size(shortest),
        "det": say.size(abs(float(np.linalg.det(two.products[0])))),
    }  # fmt: skip
    meta = {
        **_said(f"say-jacobian-{block}", facts, _("Layers of two units, exactly")),
        "starts": [(name, names[name]) for name in STARTS],
        "values": {
            name: {"start": name, "typed": "", "bend": start.activation, "skip": start.shortcut == "residual"}
            for name, start in STARTS.items()
        },
    }
    return meta, {
        "js": two.js, "weights": two.weights, "slopes": two.slopes, "products": two.products, "stretch": stretch,
    }  # fmt: skip


def _spectrum() -> tuple[dict[str, Any], dict[str, Array]]:
    found, asked = lesson.spectra(), lesson.setup()
    meta = {
        **_said("say-spectrum", say.spectrum_facts(found), say.recipe(lesson.Kept(found.deep, asked.seed))),
        "names": {"found": draws()[found.deep.draw], "beside": draws()[found.other.draw]},
        "without_batch": asked.deep.norm == "batch",
        "narrowed": found.deep.width if found.deep.width != asked.deep.width else 0,
    }
    arrays: dict[str, Array] = {}
    for name, one in (("found", found.found), ("beside", found.beside)):
        arrays |= {f"{name}.product": one.product, f"{name}.layer": one.layer}
    return meta, arrays


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
    return depth_figure([(say.recipe(one.kept), one.flow) for one in shown], now.expected, labels)


def landscape() -> Landscape:
    """The present network with its weights at every size, its own among them."""
    of = lesson.setup()
    times = np.unique([*np.round(np.geomspace(*lesson.TIMES, SIZES), 2), of.deep.times])
    found = [lesson.measured(replace(of, deep=replace(of.deep, times=float(one)))).flow.dy for one in times]
    return Landscape(times, np.array(found))


def show_landscape(frame: Frame) -> None:
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
