"""The matrix scene of the lesson "Computational graph": D = W·X, and both factors' gradients from dD."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import replace
from typing import Any

import numpy as np

from engine.explain.rule import Read, of
from engine.types import Array
from pages.backprop.graph.compute import matmul, matmul_backward, matmul_rules
from pages.backprop.graph.controls import MOST_SIDE
from ui import state
from ui.components.bench import BENCH, Knob, Note, Scene, bench
from ui.components.board import Drawn
from ui.figures.formulas import source
from ui.figures.grids import Grid, matrix, rule_data
from ui.i18n import _, _n
from ui.numbers import typed

LETTERS = {"W": "W", "X": "X", "dD": "G"}
_BASE: Mapping[str, tuple[tuple[float, ...], ...]] = {
    "W": ((1, -2, 3, 1), (0, 2, -1, 2), (2, 1, 0, -1), (-1, 3, 1, 0)),
    "X": ((2, 1, -1, 0), (-1, 3, 0, 2), (1, 0, 2, -2), (3, -1, 1, 1)),
    "dD": ((1, -1, 2, 0), (2, 0.5, -1, 1), (-1, 1, 0, 2), (0, 2, 1, -1)),
}


def shapes() -> dict[str, tuple[int, int]]:
    """What the settings ask for; W and X may not fit."""
    rows, inner, inner2, columns = (int(state.get(name)) for name in ("rows", "inner", "inner2", "columns"))
    return {"W": (rows, inner), "X": (inner2, columns), "dD": (rows, columns)}


def fits() -> bool:
    return int(state.get("inner")) == int(state.get("inner2"))


def factors() -> dict[str, Array]:
    """W, X and dD with the learner's numbers in them; an edit beyond a matrix is left out."""
    found = {name: np.array(_BASE[name], dtype=np.float64)[: shape[0], : shape[1]] for name, shape in shapes().items()}
    for piece in filter(None, str(state.get("cells")).split("~")):
        place, value = piece.split(":")
        letter, at = place.split(".")
        name = next(name for name, known in LETTERS.items() if known == letter)
        row, column = divmod(int(at), MOST_SIDE)
        if row < found[name].shape[0] and column < found[name].shape[1]:
            found[name][row, column] = float(value)
    return found


def arrays() -> dict[str, Array]:
    """All matrices of the scene; without the products where the shapes don't fit."""
    found = factors()
    if not fits():
        return found
    W, X, dD = found["W"], found["X"], found["dD"]
    dW, dX = matmul_backward(W, X, dD)
    return found | {"D": matmul(W, X), "dW": dW, "dX": dX, "WT": W.T, "XT": X.T}


def take_edit(told: Any) -> None:
    """Other numbers in W, X or dD; a number's place in the link doesn't depend on the matrix's width."""
    for edit in told if isinstance(told, list) else ():
        with suppress(KeyError, TypeError, ValueError):
            row, column = divmod(int(edit["index"]), shapes()[edit["array"]][1])
            place = f"{LETTERS[edit['array']]}.{row * MOST_SIDE + column}"
            kept = [
                piece for piece in str(state.get("cells")).split("~") if piece and not piece.startswith(place + ":")
            ]
            state.set("cells", "~".join([*kept, f"{place}:{typed(float(edit['value']))}"]))


ACTS: dict[str, Callable[[Any], None]] = {
    "edit": take_edit,
    "restore": lambda _told: state.set("cells", ""),
    "fit": lambda _told: state.set("inner2", state.get("inner")),
}


def drawn() -> Drawn:
    """The bench of the matrices."""
    return bench(*scene(), labels(), mount=BENCH)


def scene() -> tuple[Scene, dict[str, Array]]:
    """The bench: forward above, both ways back beneath; only W and X where they don't fit."""
    found = arrays()
    (m, k), (k2, n) = shapes()["W"], shapes()["X"]
    W = _grid("W", "weight", "W", (m, k), found, edit=True, result=not fits())
    X = _grid("X", "input", "X", (k2, n), found, edit=True)
    knobs = [
        Knob("step", "rows", _("rows of W"), m, 1, MOST_SIDE),
        Knob("step", "inner", _("columns of W"), k, 1, MOST_SIDE, flagged=not fits()),
        Knob("step", "inner2", _("rows of X"), k2, 1, MOST_SIDE, flagged=not fits()),
        Knob("step", "columns", _("columns of X"), n, 1, MOST_SIDE),
    ]
    if not fits():
        knobs.append(Knob("button", "fit", _("make them fit")))
    if state.get("cells"):
        knobs.append(Knob("button", "restore", _("all as it was")))
    common: dict[str, Any] = {"formula": formula(), "knobs": knobs, "code": source(matmul_backward, "dW = ")}
    if not fits():
        told = _n(
            "W is {m}×{k}, X is {k2}×{n}: a row of W has {k} number and a column of X {k2}, so they can't meet.",
            "W is {m}×{k}, X is {k2}×{n}: a row of W has {k} numbers and a column of X {k2}, so they can't meet.",
            k,
        )
        note = Note(told.format(m=m, k=k, k2=k2, n=n), flagged=True)
        return Scene(
            "misfit",
            [[W, "·", X]],
            "scene-misfit",
            kicker=_("Shapes"),
            notes=[note],
            plays=False,
            how="given",
            **common,
        ), found
    D = _grid("D", "output", "D", (m, n), found, result=True, rule=rule_data(matmul_rules(m, k, n)["D"]))
    back = [*_back_to("dW", (m, k, n), found), "\u2003", *_back_to("dX", (m, k, n), found)]
    note = Note(
        f"D **{m}×{n}** = ({m}×{k})·({k}×{n}) · dW **{m}×{k}** = ({m}×{n})·({n}×{k}) · "
        f"dX **{k}×{n}** = ({k}×{m})·({m}×{n})"
    )
    made = Scene(
        "matrices",
        [[W, "·", X, "=", D], back],
        "scene-matrices",
        kicker=_("Both passes done"),
        notes=[note],
        facts={"m": m, "k": k, "n": n},
        **common,
    )
    return made, found


def _back_to(name: str, sizes: tuple[int, int, int], found: dict[str, Array]) -> list[Grid | str]:
    """dD · Xᵀ = dW, or Wᵀ · dD = dX; what a term reads lights in the factor as it stood above, too."""
    m, k, n = sizes
    rule = matmul_rules(m, k, n)[name]
    dD = _grid(f"dD-{name}", "up", "dD", (m, n), found, edit=True)
    if name == "dW":
        turned = _grid("XT", "turned", "XT", (n, k), found, name="Xᵀ")
        read = Read("XT", (n, k), (of("j"), of("k")))
        data = rule_data(replace(rule, right=read), also=[rule.right] if rule.right else [])
        return [dD, "·", turned, "=", _grid("dW", "back", "dW", (m, k), found, result=True, rule=data)]
    turned = _grid("WT", "turned", "WT", (k, m), found, name="Wᵀ")
    data = rule_data(replace(rule, left=Read("WT", (k, m), (of("k"), of("i")))), also=[rule.left])
    return [turned, "·", dD, "=", _grid("dX", "back", "dX", (k, n), found, result=True, rule=data)]


def _grid(
    id: str, role: str, array: str, shape: tuple[int, int], found: dict[str, Array], *, name: str = "", **more: Any
) -> Grid:
    """A matrix with its size; no more decimals than its numbers have."""
    decimals = next((d for d in (0, 1) if np.allclose(found[array], found[array].round(d))), 2)
    named = f"{name or array} {shape[0]}×{shape[1]}"
    return matrix(id, role, named, array, *shape, decimals=decimals, symbol=array, **more)


def labels() -> dict[str, str]:
    """Names of this scene's matrices."""
    return {
        "up": _("Upstream"),
        "back": _("Gradient"),
        "turned": _("Transposed"),
        "note_pixel": _("a given number"),
    }


def formula() -> str:
    """The three products, each symbol tied to its matrix."""
    return (
        '<v g="D">D</v> = <v g="W">W</v> · <v g="X">X</v><br>'
        '<v g="dW">dW</v> = <v g="dD-dW">dD</v> · <v g="XT">X<sup>T</sup></v><br>'
        '<v g="dX">dX</v> = <v g="WT">W<sup>T</sup></v> · <v g="dD-dX">dD</v>'
    )
