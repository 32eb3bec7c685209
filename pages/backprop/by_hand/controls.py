"""What the learner can set, the sheet that follows from it, and what is taken away."""

from __future__ import annotations

from dataclasses import replace
from functools import cache, lru_cache

import numpy as np

from engine.types import Array, ShapeError
from pages.backprop.by_hand.compute.run import Run, descend
from pages.backprop.by_hand.compute.setup import CLASSIC, HEADS, HIDDEN, MOST_LAYERS, MOST_UNITS, Setup, drawn
from pages.backprop.by_hand.compute.sheet import Sheet, written_out
from pages.backprop.by_hand.figure import handout
from ui import limits, state
from ui.controls import Choice, Control, Flag, Number, Numbers, Short
from ui.downloads import download
from ui.i18n import _, _n
from ui.numbers import power_of_ten

SIZES = ("2-2-2", "3-4-2", "1-1-1", "2-3-1", "2-2-2-2", "4-4-4-4-4")
LEVELS = (0, 1, 10, 1000, 10_000)
VIEWS = ("network", "matrices")
RATES = (0, 100)
MOST_PARAMS = MOST_LAYERS * MOST_UNITS * (MOST_UNITS + 1)

CONTROLS: tuple[Control, ...] = (
    Short("sizes", r"[1-4](-[1-4]){1,4}", 9, "2-2-2", example="3-4-2"),
    Choice("hidden", tuple(HIDDEN), "sigmoid"),
    Choice("head", HEADS, "sigmoid"),
    Number("seed", 0, 999, 0, integer=True),
    # No numbers are the network's own.
    Numbers("x", (), (0.5, -1), fewest=1, most=MOST_UNITS),
    Numbers("t", (), (0.2, 0.8), fewest=1, most=MOST_UNITS),
    Numbers("w", (), (0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1, 1.1, 1.2), fewest=1, most=MOST_PARAMS),
    Number("lr", *RATES, CLASSIC.lr),
    Flag("biases"),
    Choice("run", tuple(map(str, LEVELS)), "0"),
    Number("n", 0, LEVELS[-1], 0, integer=True),
    Short("at", r"[A-Za-z0-9_]{1,16}", 16, "dE_w5", example="net_h1"),
    Choice("view", VIEWS, VIEWS[0]),
    Flag("quiz"),
    Short("done", r"[0-9a-f]{1,64}", 64, example="3f"),
)


def setup() -> tuple[Setup, str]:
    """The network that the controls ask for, before any step, and a notice where they can't be met."""
    sizes = tuple(int(size) for size in (str(state.get("sizes")) or "2-2-2").split("-"))
    base = drawn(sizes, int(state.get("seed")), hidden=str(state.get("hidden")), head=str(state.get("head")))
    base = replace(base, lr=float(state.get("lr")), biases=bool(state.get("biases")))
    try:
        return replace(
            base,
            x=state.get("x") or base.x,
            target=state.get("t") or base.target,
            params=state.get("w") or base.params,
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
        notice = _n(
            "After {n} step the numbers are beyond all bounds: this learning rate is too large.",
            "After {n} steps the numbers are beyond all bounds: this learning rate is too large.",
            run.steps,
        ).format(n=f"{run.steps:,}")
    return written_out(start.at(run.at(n))), run, n, notice


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


@cache
def text_numbers() -> dict[str, str]:
    """For the text: the classic network's numbers, at its first step and after ten thousand."""
    sheet, run = written_out(CLASSIC), trained(CLASSIC, LEVELS[-1])
    end = written_out(CLASSIC.at(run.at(run.steps)))
    given = {
        name: f"{sheet.value(name):.2f}".lstrip("0") for name in sheet.symbols if name[0] in "itwb" and len(name) == 2
    }
    found = {name: f"{sheet.value(name):.9f}".lstrip("0") for name in sheet.symbols if name not in given}
    return found | given | {
        "net_h1": f"{sheet.value('net_h1'):.4f}".lstrip("0"),
        "lr": f"{CLASSIC.lr:g}".lstrip("0"),
        "d_out_o1": f"{sheet.value('dE_out_o1'):.8f}".lstrip("0"),
        "out_o1_8": f"{sheet.value('out_o1'):.8f}".lstrip("0"),
        "steps": f"{run.steps:,}",
        "E_1": f"{run.errors[1]:.9f}".lstrip("0"),
        "E_last": power_of_ten(float(run.errors[-1]), 4),
        "out_o1_last": f"{end.value('out_o1'):.9f}".lstrip("0"),
        "out_o2_last": f"{end.value('out_o2'):.9f}".lstrip("0"),
    }  # fmt: skip


def example() -> str:
    """The sheet as a handout."""
    sheet, _run, n, _notice = now()
    words = {
        "title": _("Backpropagation by hand: a {sizes} network").format(sizes="-".join(map(str, sheet.setup.sizes))),
        "given": _("Given") if n == 0 else _n("Given, after {n} step", "Given, after {n} steps", n).format(n=f"{n:,}"),
        "forward": _("Forward"),
        "error": _("Error"),
        "backward": _("Backward"),
        "update": _("Update"),
        "again": _("After the step"),
    }
    return handout(sheet, words)


def offer_example() -> None:
    """The sheet as a handout, to download."""
    label, make = _("Worked example, Markdown with LaTeX"), lambda: example().encode()
    download(label, make, file_name="by-hand.md", mime="text/markdown", key="by-hand.handout")
