"""What the browser is sent: tables of every curve, and for the open scene what the engine found."""

from __future__ import annotations

import math
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

import numpy as np

from engine.training.contest import Entrant, lead
from engine.types import Array
from pages.blocks.activations.compute.functions import FLAT, FUNCTIONS, SHAPED_BY, STOPPED, Facts, curve
from pages.blocks.activations.compute.learning import EVERY, RACE_RATES, RACERS, WIDTH, contour
from pages.blocks.activations.compute.units import EDGE, EXAMPLES, STEPS, STEPS_PER_ONE, UNITS, draws, grid
from pages.blocks.activations.controls import (
    FIT_RATES,
    NUMBERS,
    SETTINGS,
    STARTS,
    WALK_RATES,
    curves,
    died,
    fitted,
    known,
    linked,
    passage,
    raced,
    settings,
    walk_rates,
    walks,
)
from pages.blocks.activations.figure import activation_sheet
from pages.blocks.activations.labels import WRITTEN, labels, title
from ui import state
from ui.components.board import Drawn, board

if TYPE_CHECKING:
    from ui.figures.export import Figure

MOUNT = board(__file__, "plot")
LEVELS = (0.02, 0.1, 0.3, 0.7)
"""Mean losses at which the zig-zag's contours are drawn."""


def drawn() -> Drawn:
    """Tables of the curves, the crowd, the chain, the two zig-zags, the learned slope; and what is trained, once it is
    asked for."""
    through, chain, zigzags = passage(), linked(), walks()
    slope, lr = fitted(), walk_rates()
    facts, runs = known(settings()), died() if state.get("at") == "dying" else {}
    arrays = _tables()
    arrays["z"], arrays["dy"] = draws()
    arrays |= {"starts": STARTS, "chain.a": chain.a, "chain.slopes": chain.slopes}
    for name, walked in zigzags.items():
        arrays |= {f"{name}.{part}": getattr(walked, part) for part in ("x", "z", "t", "dz", "dw", "w", "distance")}
        arrays[f"{name}.contours"] = np.stack([contour(walked, level) for level in LEVELS])
    for part in ("x", "t", "w", "y", "dy", "dw", "loss", "slopes", "bowl"):
        arrays[f"learned.{part}"] = getattr(slope, part)
    for name, run in runs.items():
        parts = ("open", "dead", "accuracy", "start", "lasted")
        arrays |= {f"dying.{name}.{part}": getattr(run, part) for part in parts}
        arrays["rates"] = run.rates
    racers = raced() if state.get("at") == "race" else {}
    arrays |= {f"race.{name}": entrant.at_best for name, entrant in racers.items()}
    meta = {
        "settings": [control.name for control in SETTINGS],
        "functions": [_function(name, *facts[name], facts["relu"][1]) for name in FUNCTIONS],
        "crowd": {
            "per_one": STEPS_PER_ONE, "edge": EDGE, "units": UNITS, "examples": EXAMPLES, "flat": FLAT,
            "stopped": STOPPED, "summary": through.summary(), "dead": [int(i) for i in np.flatnonzero(through.dead)],
        },
        "chain": {"name": state.get("f"), "weight": chain.weight, "bound": chain.bound},
        "walks": {
            name: {
                "arrival": walked.arrival(), "same_sign": walked.same_sign,
                "goal": walked.goal.tolist(), "lr": lr[name],
            }
            for name, walked in zigzags.items()
        },
        "walk_rates": WALK_RATES,
        "learned": {"best": slope.best, "rates": FIT_RATES},
        "race": _standing(racers),
        "dying": {"names": list(runs), "steps": STEPS},
        "ranges": {name: list(pair) for name, pair in NUMBERS.items()},
    }  # fmt: skip
    return Drawn(meta, {name: _light(array) for name, array in arrays.items()}, labels())


def _standing(racers: dict[str, Entrant]) -> dict[str, Any]:
    """Each racer's rate, and how far tanh is ahead of sigmoid at each lap; nothing while nobody has asked."""
    if not racers:
        return {"rates": {}, "leads": []}
    slower, faster = (racers[name].at_best for name in RACERS)
    leads = [lead(*both) for both in zip(slower.T, faster.T, strict=True)]
    return {
        "rates": {name: entrant.rate for name, entrant in racers.items()},
        "every": EVERY,
        "tried": len(RACE_RATES),
        "leads": [{"mean": one.mean, "spread": one.spread, "tied": one.tied} for one in leads],
        "network": f"Linear(64, {WIDTH}) → f → Linear({WIDTH}, {WIDTH}) → f → Linear({WIDTH}, 10)",
    }


def _tables() -> dict[str, Array]:
    """Every curve and its slope, on the places where a crowd may stand."""
    x = grid()
    tables: dict[str, Array] = {"x": x}
    for name in FUNCTIONS:
        found = curve(name, x, settings())
        tables[f"{name}.y"], tables[f"{name}.slope"] = found.y.astype(np.float32), found.slope.astype(np.float32)
    return tables


def _light(array: Array) -> Array:
    """float32 is enough for what is drawn; places on the x axis stay exact."""
    return array.astype(np.float32) if array.dtype == np.float64 and array.size > 5000 else array


def _function(name: str, found: Facts, time: float, relu: float) -> dict[str, Any]:
    return {
        "name": name,
        "title": title(name),
        **asdict(WRITTEN[name]),
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


def figure() -> Figure:
    """What is shown, as a sheet to take away."""
    return activation_sheet(curves(), passage(), linked(), labels())
