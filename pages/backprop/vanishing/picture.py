"""What the browser is sent: the open view's numbers, the settings, and the words."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from engine.types import Array
from pages.backprop.vanishing import controls as lesson
from pages.backprop.vanishing import words as say
from pages.backprop.vanishing.compute import BENDS, DRAWS, LINKS, NORMS, PRESETS, STARTS
from pages.backprop.vanishing.labels import labels
from ui import state
from ui.components.pack import pack
from ui.i18n import _
from ui.names import draws

Texts = Mapping[str, tuple[str, str]]


def picture(controls: Mapping[str, Any], texts: Texts, *, heard: int, present: bool = False) -> bytes:
    """The open view as one block of bytes. controls: all by name; texts: heading and sentence of each ``say-…``;
    present: whether a lecture hall looks on."""
    view = controls["view"]
    meta, arrays = {"depth": _depth, "jacobian": _jacobian, "spectrum": _spectrum}[view](texts)
    common = {
        "heard": heard,
        "present": present,
        "controls": dict(controls),
        "asked": state.taken(),
        "labels": labels(),
        "options": options(),
        "ranges": {"depth": [lesson.SHALLOWEST, lesson.DEEPEST], "times": lesson.TIMES, "layers": [1, lesson.LAYERS]},
    }
    return pack(common | meta, arrays)


def options() -> dict[str, list[tuple[str, str]]]:
    """Values and words of every setting that is chosen from a few."""
    return {
        "act": list(say.bends().items()),
        "draw": [(draw, draws()[draw]) for draw in DRAWS],
        "size": list(say.sizes().items()),
        "width": [(width, width) for width in lesson.WIDTHS],
        "norm": [(norm, say.norms()[norm]) for norm in NORMS],
        "link": [(link, say.links()[link]) for link in LINKS],
        "bend": [(bend, say.bends()[bend]) for bend in BENDS],
    }


def _said(texts: Texts, block: str, facts: Mapping[str, str], kicker: str) -> dict[str, Any]:
    return {"kicker": kicker, "text": list(texts[block]), "facts": dict(facts)}


def _depth(texts: Texts) -> tuple[dict[str, Any], dict[str, Array]]:
    now, kept = lesson.now(), lesson.kept()
    block, facts = say.verdict(now)
    meta = {
        **_said(texts, block, facts, say.recipe(now.kept)),
        "verdict": block.removeprefix("say-"),
        "chosen": lesson.preset(),
        "presets": [(name, say.preset_names()[name]) for name in PRESETS],
        "kept": [{"name": one.written(), "label": say.difference(one, now.kept)} for one in kept],
        "theory": bool(np.isfinite(now.expected.gain).all()),
    }
    flow = now.flow
    arrays = {
        "gain": flow.gain, "average": np.array([flow.average]), "mean_square_w": flow.mean_square_w,
        "slope2": flow.mean_square_slope, "predicted.dy": now.expected.dy, "predicted.y": now.expected.y,
        "predicted.gain": now.expected.gain,
    }  # fmt: skip
    arrays |= {f"factor.{name}": values for name, values in flow.factors.items()}
    arrays |= {f"way.{name}": values for name, values in flow.ways.items()}
    for name, one in (("now", now), *((f"kept{i}", lesson.measured(one)) for i, one in enumerate(kept))):
        arrays |= {f"{name}.dy": one.flow.dy, f"{name}.dw": one.flow.dweight, f"{name}.y": one.flow.y}
    return meta, arrays


def _jacobian(texts: Texts) -> tuple[dict[str, Any], dict[str, Array]]:
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
        **_said(texts, f"say-jacobian-{block}", facts, _("Layers of two units, exactly")),
        "starts": [(name, names[name]) for name in STARTS],
    }
    return meta, {
        "js": two.js, "weights": two.weights, "slopes": two.slopes, "products": two.products, "stretch": stretch,
    }  # fmt: skip


def _spectrum(texts: Texts) -> tuple[dict[str, Any], dict[str, Array]]:
    found, asked = lesson.spectra(), lesson.setup()
    meta = {
        **_said(texts, "say-spectrum", say.spectrum_facts(found), say.recipe(lesson.Kept(found.deep, asked.seed))),
        "names": {"found": draws()[found.deep.draw], "beside": draws()[found.other.draw]},
        "without_batch": asked.deep.norm == "batch",
        "narrowed": found.deep.width if found.deep.width != asked.deep.width else 0,
    }
    arrays = {}
    for name, one in (("found", found.found), ("beside", found.beside)):
        arrays |= {f"{name}.product": one.product, f"{name}.layer": one.layer}
    return meta, arrays
