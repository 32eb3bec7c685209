"""What the browser is sent: tables of every curve, and for the open scene what the engine found."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

import numpy as np

from engine.types import Array
from pages.blocks.activations.compute.chain import Chain
from pages.blocks.activations.compute.crowd import EDGE, EXAMPLES, STEPS_PER_ONE, UNITS, Passage, draws, grid
from pages.blocks.activations.compute.dying import STEPS, Dying
from pages.blocks.activations.compute.facts import FLAT, STOPPED, Facts
from pages.blocks.activations.compute.functions import FUNCTIONS, SHAPED_BY, Settings, curve
from pages.blocks.activations.compute.zigzag import Walk, contour
from pages.blocks.activations.formulas import WRITTEN
from pages.blocks.activations.labels import labels
from ui import state
from ui.components.pack import pack

LEVELS = (0.02, 0.1, 0.3, 0.7)
"""Mean losses at which the zig-zag's contours are drawn."""


def picture(
    controls: Mapping[str, Any],
    settings: Settings,
    *,
    texts: Mapping[str, tuple[str, str]],
    known: Mapping[str, tuple[Facts, float]],
    passage: Passage,
    chain: tuple[Array, Chain],
    walks: Mapping[str, Walk],
    dying: Mapping[str, Dying],
    ranges: Mapping[str, tuple[float, float]],
    present: bool,
) -> bytes:
    """All of it as one block of bytes.

    Args:
        controls: every control by name, as it stands.
        texts: heading and sentence of each scene.
        known: facts of every activation, and its time in ns.
        passage: the crowd's way through the chosen one.
        chain: the starts, and their way through a chain.
        walks: the two zig-zags, "positive" and "centred".
        dying: what the training runs found, by activation; empty while nobody has asked for them.
        ranges: what each number among the controls may be.
    """
    x = grid()
    arrays: dict[str, Array] = {"x": x}
    for name in FUNCTIONS:
        found = curve(name, x, settings)
        arrays[f"{name}.y"], arrays[f"{name}.slope"] = found.y.astype(np.float32), found.slope.astype(np.float32)
    arrays["z"], arrays["dy"] = draws()
    starts, linked = chain
    arrays |= {"starts": starts, "chain.a": linked.a, "chain.slopes": linked.slopes}
    for name, walked in walks.items():
        arrays |= {f"{name}.{part}": getattr(walked, part) for part in ("x", "z", "t", "dz", "dw", "w", "distance")}
        arrays[f"{name}.contours"] = np.stack([contour(walked, level) for level in LEVELS])
    for name, found in dying.items():
        parts = ("open", "dead", "accuracy", "start", "lasted")
        arrays |= {f"dying.{name}.{part}": getattr(found, part) for part in parts}
        arrays["rates"] = found.rates
    meta = {
        "controls": dict(controls),
        "settings": asdict(settings),
        "labels": labels(),
        "texts": {name: list(text) for name, text in texts.items()},
        "present": present,
        "asked": state.taken(),
        "functions": [_function(name, *known[name], known["relu"][1]) for name in FUNCTIONS],
        "crowd": {
            "per_one": STEPS_PER_ONE, "edge": EDGE, "units": UNITS, "examples": EXAMPLES, "flat": FLAT,
            "stopped": STOPPED, "summary": passage.summary(), "dead": [int(i) for i in np.flatnonzero(passage.dead)],
        },
        "chain": {"name": controls["f"], "weight": linked.weight, "bound": linked.bound},
        "walks": {
            name: {"arrival": walked.arrival(), "same_sign": walked.same_sign, "goal": walked.goal.tolist()}
            for name, walked in walks.items()
        },
        "dying": {"names": list(dying), "steps": STEPS},
        "ranges": {name: list(pair) for name, pair in ranges.items()},
    }  # fmt: skip
    return pack(meta, {name: _light(array) for name, array in arrays.items()})


def _light(array: Array) -> Array:
    """float32 is enough for what is drawn; places on the x axis stay exact."""
    return array.astype(np.float32) if array.dtype == np.float64 and array.size > 5000 else array


def _function(name: str, found: Facts, time: float, relu: float) -> dict[str, Any]:
    return {
        "name": name,
        "title": title(name),
        **WRITTEN[name].as_data(),
        "shaped_by": list(SHAPED_BY.get(name, ())),
        "facts": {
            "low": found.low if math.isfinite(found.low) else None,
            "high": found.high if math.isfinite(found.high) else None,
            "mean": found.mean,
            "centred": found.centred,
            "steepest": found.steepest,
            "flat_left": found.flat_left,
            "flat_right": found.flat_right,
            "dies": found.dies,
            "cost": time / relu,
        },
    }


def title(name: str) -> str:
    """How an activation is called in a row of names: PyTorch's spelling."""
    return name if name == "sigmoid" else WRITTEN[name].symbol
