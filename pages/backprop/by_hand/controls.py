"""Behind the lesson "Backprop by hand": its controls, the sheet they ask for, and what is taken away."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from functools import lru_cache
from typing import Any

import numpy as np
import streamlit as st

from engine.types import Array, ShapeError
from pages.backprop.by_hand.compute import (
    CLASSIC,
    HEADS,
    HIDDEN,
    Run,
    Setup,
    Sheet,
    descend,
    drawn,
    handout,
    written_out,
)
from ui import limits, state
from ui.controls import Choice, Control, Flag, Number, Short
from ui.i18n import _

KEY = "by-hand"
SIZES = ("2-2-2", "3-4-2", "1-1-1", "2-3-1", "2-2-2-2", "4-4-4-4-4")
LEVELS = (0, 1, 10, 1000, 10_000)
VIEWS = ("network", "matrices")
GOOD = 1e-7
MOST = 1000.0
DECIMALS = 9

_NUMBER = r"-?\d{1,4}(\.\d{1,9})?"
_LIST = rf"{_NUMBER}(,{_NUMBER}){{0,79}}"
CONTROLS: tuple[Control, ...] = (
    Short("sizes", r"[1-4](-[1-4]){1,4}", 9, "2-2-2", example="3-4-2"),
    Choice("hidden", tuple(HIDDEN), "sigmoid"),
    Choice("head", HEADS, "sigmoid"),
    Number("seed", 0, 999, 0, integer=True),
    Short("x", _LIST, 70, example="0.5,-1"),
    Short("t", _LIST, 70, example="0.2,0.8"),
    Short("w", _LIST, 1200, example="0.1,0.2,0.3,0.4,0.5,0.6,0.7,0.8,0.9,1,1.1,1.2"),
    Number("lr", 0, 100, CLASSIC.lr),
    Flag("biases"),
    Choice("run", tuple(map(str, LEVELS)), "0"),
    Number("n", 0, LEVELS[-1], 0, integer=True),
    Short("at", r"[A-Za-z0-9_]{1,16}", 16, "dE_w5", example="net_h1"),
    Choice("view", VIEWS, VIEWS[0]),
    Flag("quiz"),
    Short("done", r"[0-9a-f]{1,64}", 64, example="3f"),
)
_SETTINGS = ("hidden", "head", "sizes", "seed", "biases")
_PLACES = ("at", "view", "quiz", "done")


def setup() -> tuple[Setup, str]:
    """The network that the controls ask for, before any step, and a notice where they can't be met."""
    sizes = tuple(int(size) for size in (str(state.get("sizes")) or "2-2-2").split("-"))
    base = drawn(sizes, int(state.get("seed")), hidden=str(state.get("hidden")), head=str(state.get("head")))
    base = replace(base, lr=float(state.get("lr")), biases=bool(state.get("biases")))
    try:
        return replace(
            base, x=_list("x") or base.x, target=_list("t") or base.target, params=_list("w") or base.params
        ), ""
    except ShapeError:
        return base, _("The numbers in this link don't fit a network {sizes}, so these are its own.").format(
            sizes="-".join(map(str, sizes))
        )
    except ValueError:
        return base, _("With cross-entropy a target is a share, a number from 0 to 1; so these are the usual ones.")


@lru_cache(maxsize=32)
def trained(start: Setup, steps: int) -> Run:
    """A run of so many steps; ten thousand take a moment, so runs take turns."""
    if steps <= LEVELS[2]:
        return descend(start, steps)
    with limits.HEAVY:
        return descend(start, steps)


def now() -> tuple[Sheet, Run, int, str]:
    """The sheet as it stands after ``n`` steps, the run that it is from, n, and a notice."""
    start, notice = setup()
    run = trained(start, int(state.get("run")))
    n = min(int(state.get("n")), run.steps)
    if run.steps < int(state.get("run")):
        notice = _("After {n} steps the numbers are beyond all bounds: this learning rate is too large.").format(
            n=f"{run.steps:,}"
        )
    return written_out(start.at(run.at(n))), run, n, notice


def act(told: Mapping[str, Any]) -> None:
    """Take what the learner did into the controls; what can't be read changes nothing."""
    kind = told.get("kind")
    try:
        if kind == "edit":
            _edit(str(told["name"]), float(told["value"]))
        elif kind == "set" and told["name"] in _SETTINGS:
            _set(str(told["name"]), told["value"])
        elif kind == "steps":
            _go(int(told["to"]))
        elif kind == "reset":
            for name in ("x", "t", "w", "done"):
                state.set(name, "")
            state.set("lr", CLASSIC.lr)
            _rewind()
    except (KeyError, TypeError, ValueError, OverflowError):
        pass
    for name in _PLACES:
        try:
            state.set(name, told[name])
        except (KeyError, TypeError, ValueError):
            continue


def _edit(name: str, value: float) -> None:
    """Another number for a symbol. The weights as they are now become the start."""
    sheet, _run, n, _notice = now()
    start = sheet.setup
    if not abs(value) <= MOST or name not in sheet.symbols:
        raise ValueError(f"{name} = {value}: expected a given number, from {-MOST:g} to {MOST:g}.")
    if name == "lr":
        state.set("lr", value)
    else:
        field, at = _field_of(sheet, name)
        numbers = list(getattr(start, field))
        numbers[at] = value
        moved: dict[str, Any] = {field: tuple(numbers)}
        changed = replace(start, **moved)
        if n or field == "params":
            state.set("w", _written(changed.params))
        if field != "params":
            state.set({"x": "x", "target": "t"}[field], _written(numbers))
    state.set("done", "")
    _rewind()


def _field_of(sheet: Sheet, name: str) -> tuple[str, int]:
    """Where a symbol stands among the setup's numbers."""
    at = int(name[1:]) - 1
    if name[0] == "b":
        return "params", sheet.setup.weights + at
    return {"i": "x", "t": "target", "w": "params"}[name[0]], at


def _set(name: str, value: Any) -> None:
    """Another network: its own numbers, unless only what follows from them changes."""
    before = state.get(name)
    state.set(name, value)
    if state.get(name) == before:
        return
    if name in ("sizes", "seed"):
        for other in ("x", "t", "w"):
            state.set(other, "")
    elif name == "head":
        state.set("t", "")
    state.set("done", "")
    _rewind()


def _go(to: int) -> None:
    """Stand after so many steps; the run is made as long as that needs."""
    to = max(0, min(to, LEVELS[-1]))
    needed = next(level for level in LEVELS if level >= to)
    if needed > int(state.get("run")):
        state.set("run", str(needed))
    state.set("n", to)


def _rewind() -> None:
    state.set("run", "0")
    state.set("n", 0)


def _list(name: str) -> tuple[float, ...]:
    text = str(state.get(name))
    return tuple(float(number) for number in text.split(",")) if text else ()


def _written(values: Any) -> str:
    return ",".join(f"{float(value):.{DECIMALS}f}".rstrip("0").rstrip(".") for value in values)


def curve(run: Run, most: int = 240) -> tuple[Array, Array]:
    """Steps and errors of a run, few enough to be drawn: dense at first, then ever wider apart."""
    last = run.steps
    if last <= most:
        steps = np.arange(last + 1)
    else:
        steps = np.unique(np.concatenate([[0], np.geomspace(1, last, most).round().astype(int)]))
    return steps.astype(np.int32), run.errors[steps]


def numbers() -> dict[str, Array]:
    """What is taken away: every quantity of the sheet, and the run so far."""
    sheet, run, _n, _notice = now()
    found = {name: np.array([symbol.value]) for name, symbol in sheet.symbols.items()}
    return found | {"run.params": run.params, "run.E": run.errors}


def example() -> str:
    """The sheet as a handout."""
    sheet, _run, n, _notice = now()
    words = {
        "title": _("Backpropagation by hand: a {sizes} network").format(sizes="-".join(map(str, sheet.setup.sizes))),
        "given": _("Given") if n == 0 else _("Given, after {n} steps").format(n=f"{n:,}"),
        "forward": _("Forward"),
        "error": _("Error"),
        "backward": _("Backward"),
        "update": _("Update"),
    }
    return handout(sheet, words)


def gradient_check() -> None:
    """Every weight's and bias's gradient against central differences of the error."""
    sheet = now()[0]
    start, h = sheet.setup, 1e-5

    def error_with(at: int, by: float) -> float:
        moved = start.at((*start.params[:at], start.params[at] + by, *start.params[at + 1 :]))
        return moved.error(moved.network().predict(np.array([start.x])))[0]

    names = [name for layer in sheet.weights for row in layer for name in row]
    names += [name for layer in sheet.biases for name in layer]
    analytic = start.flat(start.passes()[1].grads)
    numeric = [(error_with(at, h) - error_with(at, -h)) / (2 * h) for at in range(len(names))]
    rows = list(zip(names, analytic, numeric, strict=True))
    worst = max(abs(a - b) / max(abs(a), abs(b), 1e-8) for _name, a, b in rows)
    mark = "✓" if worst < GOOD else "≠"
    st.markdown(_("{mark} Largest relative error: **{error}**.").format(mark=mark, error=f"{worst:.1e}"))
    st.dataframe(
        {
            _("parameter"): [name for name, _a, _b in rows],
            _("by hand"): [f"{a:+.9f}" for _name, a, _b in rows],
            _("central difference"): [f"{b:+.9f}" for _name, _a, b in rows],
        },
        hide_index=True,
    )
