"""The view in which every place has a kernel of its own: its pictures, and what is said about it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from engine import reference
from engine.explain import rules
from engine.explain.rule import Axis, Read
from engine.types import Array
from pages.blocks.convolution import controls as lesson
from pages.blocks.convolution import sources as pictures
from pages.blocks.convolution.compute.unshared import Unshared
from pages.blocks.convolution.grids import summed
from ui.components.bench import Knob, Note, Scene
from ui.figures import grids
from ui.figures.formulas import source
from ui.figures.grids import Grid, Picture, rule_data
from ui.i18n import _, _n
from ui.numbers import power_of_ten, size_of


def scene(common: dict[str, Any], knobs: Sequence[Knob], notes: Sequence[Note]) -> tuple[Scene, dict[str, Array]]:
    """The view, and its arrays."""
    now = lesson.unshared()
    image, out = now.step.x.shape[1:], now.step.y.shape[2:]
    kernel = now.shared.kernel
    made = Scene(
        **common,
        rows=_pictures(now),
        text="scene-local",
        kicker=_("locally connected"),
        formula=_formula(),
        shapes=f"x {size_of(image)} · W {size_of(out)} × {size_of(kernel)} → y {size_of(out)}",
        code=source(reference.locally_connected2d, "weight["),
        facts={"rows": out[0], "columns": out[1]},
        knobs=knobs,
        notes=[*notes, *_counted(now)],
    )
    before = {f"was:{name}": array for name, array in lesson.given().items()} if lesson.EDITS.typed else {}
    return made, dict(now.arrays()) | {"mosaic": now.mosaic} | before


def _counted(now: Unshared) -> list[Note]:
    weight, bias = now.step.params["weight"], now.step.params["bias"]
    shared = now.shared.init(np.random.default_rng(0))
    text = _n(
        "Weights: **{own}** here, for one place; **{shared}** if all places share one kernel.",
        "Weights: **{own}** here, for {places} places; **{shared}** if all places share one kernel.",
        bias.size,
    )
    told = [Note(text.format(own=f"{weight.size:,}", places=bias.size, shared=shared["weight"].size))]
    if np.ptp(weight, axis=(1, 2)).max() == 0 == np.ptp(bias):
        gap = float(np.abs(lesson.convolved().step.y - now.step.y).max())
        alike = _("All kernels are the same now, and so it is the convolution: the outputs differ by at most {gap}.")
        told.append(Note(alike.format(gap=power_of_ten(gap))))
    if max(pictures.picture().shape[1:]) > lesson.FEW:
        told.append(Note(_("Of this picture the 8×8 pixels in its middle, so that every number can be seen.")))
    return told


def _pictures(now: Unshared) -> list[Picture]:
    step, layer = now.step, now.step.layer
    kh, kw = now.shared.kernel
    height, width = step.y.shape[2:]
    decimals = {name: 0 if bool((array == np.round(array)).all()) else 2 for name, array in now.arrays().items()}
    # Each weight stands in the mosaic once more.
    twice = Read("mosaic", (height * kh, width * kw), (Axis({"i": kh, "a": 1}), Axis({"j": kw, "b": 1})))
    rule = rule_data(rules.forward_rule(layer, step.x.shape, step.y.shape), group=("c", "c"), also=[twice])
    bright: dict[str, Any] = {}
    if step.x.min() >= 0:
        bright = {"ramp": "sequential", "limit": max(1.0, float(step.x.max()))}
    pad = now.shared.geometry[1]
    x = grids.maps("X", "input", "x", step.x.shape, "c", name="x", edit=True, pad=pad, decimals=decimals["x"], **bright)
    every = Grid(
        "M", "every_kernel", "", "mosaic", "drawing", (1, height * kh, width * kw), decimals=decimals["weight"]
    )
    shape = (height * width, 1, kh, kw)
    own = grids.kernel(
        "W", "own_kernel", "weight", shape, "Y", "c", edit=True, places=(height, width), decimals=decimals["weight"]
    )
    y = grids.maps("Y", "output", "y", step.y.shape, "k", name="y", result=True, rule=rule, decimals=decimals["y"])
    return [[x, "∗", every, own, "=", y]]


def _formula() -> str:
    place = "i·s+a−p, j·s+b−p"
    product = f'<v g="W">W<sub>i,j,a,b</sub></v> <v g="X">x<sub>{place}</sub></v>'
    return f'<v g="Y">y<sub>i,j</sub></v> = b<sub>i,j</sub> + {summed("a,b")} {product}'
