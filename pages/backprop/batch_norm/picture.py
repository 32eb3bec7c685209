"""The pictures of the lesson "Batch norm", their settings, and what is said about the numbers."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from engine.types import Array
from engine.written import signed
from pages.backprop.batch_norm import compute
from pages.backprop.batch_norm import controls as lesson
from pages.backprop.batch_norm import grids as figures
from pages.backprop.batch_norm.controls import Normed
from ui import state
from ui.components.bench import Knob, Note, Scene, bench, undoing
from ui.components.board import Drawn, board
from ui.figures.formulas import source
from ui.figures.grids import Grid, Picture
from ui.figures.number_sheet import number_sheet
from ui.i18n import _, _n, joined
from ui.numbers import power_of_ten

if TYPE_CHECKING:
    from ui.figures.export import Figure

Arrays = dict[str, Array]
MOUNT = board(__file__)

ABOUT = 0.01
"""As near as this is called about the same."""
WRONG = 1e-4
"""A dx further than this from the measured one is wrong: central differences in float64 are closer."""


def drawn() -> Drawn:
    """The chain of steps, or the three ways back."""
    scene, arrays = _ways() if state.get("view") == "ways" else _steps()
    return bench(scene, arrays, labels(), state={"step": explained(scene.rows)})


def explained(rows: Sequence[Picture]) -> str:
    """The step that is explained: the one that the link names, if it is shown."""
    results = {grid.id for row in rows for grid in _grids(row) if grid.result}
    step, ways = str(state.get("step")), state.get("view") == "ways"
    usual = "dx" if ways else lesson.START
    return step if step in results and (step != lesson.START or not ways) else usual


def views() -> dict[str, str]:
    """Three ways to see it, in the reader's language."""
    return {"steps": _("Step by step"), "ways": _("Three ways back"), "test": _("In testing")}


def _steps() -> tuple[Scene, Arrays]:
    """The chain, by the batch's own statistics or the running ones."""
    now = lesson.normed()
    running, arrays, eps = now.running is not None, now.arrays(), lesson.EPSILONS[state.get("eps")][1]
    m, features = now.given["x"].shape
    rows = figures.chain(arrays, eps, running=running, scales=state.get("batch") == "scales")
    made = Scene(
        **_common(rows),
        text="step-x-hat",
        kicker=_("running averages") if running else _("nine steps and their undoing"),
        formula=figures.steps_formula(running=running),
        shapes=_("m = {m} examples · {features} features · c = x − μ, q = c²").format(m=m, features=features),
        code=source(compute.forward_steps, 'found["centred"] ='),
        facts={"m": m, "eps": eps},
        knobs=_knobs(*(("seen", "momentum") if running else ("eps",))),
        notes=_averages(now) if running else _spread(now),
    )
    return made, arrays | _was()


def _ways() -> tuple[Scene, Arrays]:
    """dx as the sum of three ways, beside what is measured."""
    now = lesson.normed()
    arrays = now.arrays() | lesson.three_ways(now)
    on = {name: state.get(f"{name}_way") == "on" for name in ("mean", "var")}
    rows = figures.ways(arrays, through_mean=on["mean"], through_var=on["var"])
    made = Scene(
        **_common(rows),
        text="scene-ways",
        kicker=_("three ways from x to the loss"),
        formula=figures.ways_formula(),
        shapes=_("dL/dx of L = Σ dy · y; measured with h = 10⁻⁵"),
        code=source(compute.ways, "np.stack"),
        facts={"m": len(arrays["x"])},
        knobs=_knobs("mean_way", "var_way"),
        notes=_verdict(now, arrays["measured"]),
    )
    return made, arrays | _was()


def _common(rows: Sequence[Picture]) -> dict[str, Any]:
    return {"id": f"{state.get('view')}.{state.get('batch')}", "rows": rows, "result": "step"}


def _grids(row: Picture) -> list[Grid]:
    stacks = [item for item in row if not isinstance(item, str | Grid)]
    return [grid for stack in stacks for grid in stack]


def labels() -> dict[str, str]:
    """Words of the pictures' own."""
    roles = {
        "running": _("Running"),
        "learned": _("Learned"),
        "way_own": _("Through its own x̂"),
        "way_mean": _("Through μ"),
        "way_var": _("Through σ²"),
        "measured": _("Measured"),
        "difference": _("Difference"),
        "result_plain": _("Result"),
        **_bands(),
        "own_range": _("every picture has a range of its own:"),
    }
    return roles | {"9 output": _("9 Output"), "1′ result": _("1′ Result"), "2′ result": _("2′ Result")}


def _bands() -> dict[str, str]:
    if state.get("view") == "ways":
        return {"band_forward": _("three ways"), "band_backward": _("beside them")}
    return {"band_forward": _("forward →"), "band_backward": _("← backward")}


# ---- settings ----


def _knobs(*wanted: str) -> list[Knob]:
    batches = {
        "scales": _("three scales"),
        "digits": _("scores of six digits"),
        "constant": _("one feature constant"),
        "two": _("two examples"),
    }
    upstreams = {"mixed": _("mixed"), "ones": _("all 1"), "x_hat": _("x̂ itself")}
    on = (("on", _("on")), ("off", _("off")))
    options: dict[str, tuple[str, Any]] = {
        "eps": ("ε", tuple((name, text) for name, (_value, text) in lesson.EPSILONS.items())),
        "mean_way": (_("way through μ"), on),
        "var_way": (_("way through σ²"), on),
        "seen": (_("batches seen"), tuple((name, name) for name in lesson.SEEN)),
        "momentum": (_("momentum"), (("0.1", "0.1"), ("0.5", "0.5"))),
    }
    made = [
        Knob("select", "batch", _("batch"), state.get("batch"), options=tuple(batches.items())),
        Knob("select", "upstream", "dy", state.get("upstream"), options=tuple(upstreams.items())),
    ]
    for name in wanted:
        label, found = options[name]
        kind: Any = "choice" if found == on else "select"
        made.append(Knob(kind, name, label, state.get(name), options=found, flagged=state.get(name) == "off"))
    return [*made, *undoing(lesson.EDITS)]


def _was() -> Arrays:
    """The numbers before the learner's own, where there are any."""
    if not lesson.EDITS.typed:
        return {}
    return {f"was:{name}": np.atleast_2d(array) for name, array in lesson.given().items()}


# ---- what is said ----


def _spread(now: Normed) -> list[Note]:
    """The features' scales before and after; a feature that doesn't vary is named."""
    told = _("Deviation of each feature: {before} in x, {after} in x̂, {made} in y.")
    names = {"before": now.given["x"], "after": now.forward["x_hat"], "made": now.forward["y"]}
    numbers = {name: " · ".join(f"**{short(value)}**" for value in array.std(axis=0)) for name, array in names.items()}
    notes = [Note(told.format(**numbers))]
    flat = [str(at) for at in np.flatnonzero(now.forward["var"][0] < 1e-12)]
    if flat:
        warning = _(
            "Feature {which} is the same for all examples: σ² = 0, and only ε keeps the root from 0. 1/σ is {size}."
        )
        size = short(float(now.forward["inv_std"].max()))
        notes.append(Note(warning.format(which=", ".join(flat), size=size), flagged=True))
    if len(now.given["x"]) == 2 and (np.abs(np.abs(now.forward["x_hat"]) - 1) < ABOUT).all():
        told = _("With two examples x̂ is about +1 and −1, whatever the numbers, and dx about 0, whatever dy.")
        notes.append(Note(told, flagged=True))
    return notes


def _averages(now: Normed) -> list[Note]:
    """How far the running averages have come, and what the difference does to y."""
    assert now.running is not None
    x = now.given["x"]
    own = compute.forward_steps(x, now.given["weight"], now.given["bias"], now.eps)
    momentum = float(state.get("momentum"))
    share = 100 * (1 - (1 - momentum) ** int(state.get("seen")))
    told = _n(
        "After {seen} batch like this one, μ and σ² have come {share} % of the way from 0 and 1. "
        "Largest difference from y in training: **{far}**.",
        "After {seen} batches like this one, μ and σ² have come {share} % of the way from 0 and 1. "
        "Largest difference from y in training: **{far}**.",
        int(state.get("seen")),
    )
    far = short(float(np.abs(now.forward["y"] - own["y"]).max()))
    return [Note(told.format(seen=state.get("seen"), share=f"{share:.0f}", far=far))]


def _verdict(now: Normed, measured: Array) -> list[Note]:
    """Is dx right? If not, which sign gives away what is missing."""
    dx, x_hat = now.backward["dx"], now.forward["x_hat"]
    worst = float(np.abs(dx - measured).max())
    sums = " · ".join(signed(value, 2) for value in dx.sum(axis=0))
    along = " · ".join(signed(value, 2) for value in (dx * x_hat).sum(axis=0))
    signs = _("Σ dx of each feature: {sums}; Σ dx · x̂: {along}.").format(sums=sums, along=along)
    size = power_of_ten(worst) if worst < WRONG else short(worst)
    if worst < WRONG * max(1.0, float(np.abs(measured).max())):
        right = _("dx agrees with the measured gradient to {worst}.")
        return [Note(joined(right.format(worst=size), signs))]
    wrong = _("dx is wrong by up to **{worst}**.")
    return [Note(joined(wrong.format(worst=size), signs), flagged=True)]


def short(value: float) -> str:
    """Three digits that count, and every digit of a larger whole."""
    return f"{value:.3g}".replace("-", "−") if abs(value) < 999.5 else f"{value:,.0f}".replace("-", "−")


# ---- to take away ----


def figure() -> Figure:
    """Every step above its undoing, as a sheet of numbers."""
    numbers = lesson.numbers()
    above = ("x", "mean", "centred", "var", "x_hat", "y")
    below = ("dx", "dmean", "dcentred", "dvar", "dx_hat", "dy")
    return number_sheet([[(name, numbers[name]) for name in row if name in numbers] for row in (above, below)])
