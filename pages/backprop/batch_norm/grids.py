"""The pictures of batch norm: the chain of nine steps above their undoing, and the three ways from x to the loss."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from engine.types import Array
from ui.figures import grids
from ui.figures.grids import Grid, Picture

Piece = str | dict[str, Any]
MINUS, TIMES, OVER, ROOT = "−", "×", "÷", "√"


@dataclass(frozen=True)
class Link:
    """One array of the chain: how it is written, the step that made it, and the pieces of that step's arithmetic.

    A piece is a sign, or {"read": arrays whose entries are multiplied, "all": over the whole batch}.
    """

    symbol: str
    step: str
    pieces: Sequence[Piece]


def one(*arrays: str) -> Piece:
    """The entry (or product of entries) that belongs to the same example and feature."""
    return {"read": list(arrays), "all": False}


def all_of(*arrays: str) -> Piece:
    """The entries of all examples of the feature, added up."""
    return {"read": list(arrays), "all": True}


def links(m: int, eps: str, *, running: bool = False) -> dict[str, Link]:
    """Every result of the chain, forwards and then backwards; m examples in the batch."""
    over_m = f"{OVER} {m}"
    forward = {
        "mean": Link("μ", "1", ["(", all_of("x"), f") {over_m}"]),
        "centred": Link("x − μ", "2", [one("x"), MINUS, one("mean")]),
        "squared": Link("(x − μ)²", "3", [one("centred"), "²"]),
        "var": Link("σ²", "4", ["(", all_of("squared"), f") {over_m}"]),
        "std": Link("√(σ² + ε)", "5", [f"{ROOT}(", one("var"), f"+ {eps})"]),
        "inv_std": Link("r = 1/√(σ² + ε)", "6", [f"1 {OVER}", one("std")]),
        "x_hat": Link("x̂", "7", [one("centred", "inv_std")]),
        "scaled": Link("γ · x̂", "8", [one("weight", "x_hat")]),
        "y": Link("y", "9", [one("scaled"), "+", one("bias")]),
    }
    through_var = ["+ 2 ×", one("centred", "dsquared")]
    backward = {
        "dscaled": Link("d(γx̂)", "9′", [one("dy")]),
        "dbias": Link("dβ", "9′", [all_of("dy")]),
        "dweight": Link("dγ", "8′", [all_of("dscaled", "x_hat")]),
        "dx_hat": Link("dx̂", "8′", [one("dscaled", "weight")]),
        "dinv_std": Link("dr", "7′", [all_of("dx_hat", "centred")]),
        "dstd": Link("d√(σ² + ε)", "6′", [MINUS, one("dinv_std"), OVER, one("std"), "²"]),
        "dvar": Link("dσ²", "5′", [one("dstd"), f"{OVER} (2 {TIMES}", one("std"), ")"]),
        "dsquared": Link("d(x − μ)²", "4′", [one("dvar"), over_m]),
        "dcentred": Link("d(x − μ)", "3′", [one("dx_hat", "inv_std"), *through_var]),
        "dmean": Link("dμ", "2′", [f"{MINUS} (", all_of("dcentred"), ")"]),
        "dx": Link("dx", "1′", [one("dcentred"), "+", one("dmean"), over_m]),
    }
    if not running:
        return forward | backward
    for name in ("mean", "squared", "var"):
        del forward[name]
    kept = {name: backward[name] for name in ("dscaled", "dbias", "dweight", "dx_hat")}
    direct = {
        "dcentred": Link("d(x − μ)", "7′", [one("dx_hat", "inv_std")]),
        "dx": Link("dx", "2′", [one("dcentred")]),
    }
    return forward | kept | direct


def chain(arrays: Mapping[str, Array], eps: str, *, running: bool, scales: bool) -> list[Picture]:
    """Nine steps from left to right, and under each value its gradient, from right to left.

    ``running``: μ and σ² are given. ``scales``: the batch is the one whose features differ in scale.
    """
    known = links(len(arrays["x"]), eps, running=running)
    told = _OTHERWISE if running else {} if scales else {"x_hat": "step-x-hat-any"}

    def made(name: str, role: str = "") -> Grid:
        text = told.get(name, f"step-{name.replace('_', '-')}")
        return result(name, known[name], arrays, role=f"{known[name].step} {role}".strip(), text=text)

    mean = given("mean", "running", "μ", arrays, edit=False) if running else made("mean")
    var = given("var", "running", "σ²", arrays, edit=False) if running else made("var")
    own = [] if running else [[made("squared")]]
    above: list[Any] = [
        [given("x", "input", "x", arrays)], [mean], [made("centred")], *own, [var, made("std"), made("inv_std")],
        [made("x_hat")], [given("weight", "learned", "γ", arrays), given("bias", "learned", "β", arrays)],
        [made("scaled")], [made("y", "output")],
    ]  # fmt: skip
    gradients = [] if running else [[made("dsquared")]]
    of_var = [] if running else [made("dvar"), made("dstd"), made("dinv_std")]
    below: list[Any] = [
        [made("dx", "result")], [] if running else [made("dmean")], [made("dcentred")], *gradients, of_var,
        [made("dx_hat")], [made("dweight"), made("dbias")], [made("dscaled")],
        [given("dy", "upstream", "", arrays)],
    ]  # fmt: skip
    return [above, below]


def ways(arrays: Mapping[str, Array], *, through_mean: bool, through_var: bool) -> list[Picture]:
    """dx as the sum of three ways; beneath it what it came from, and what moving each x a little really does."""
    m = len(arrays["x"])
    mean: list[Piece] = [one("dmean"), f"{OVER} {m}"] if through_mean else ["0"]
    var: list[Piece] = ["2 ×", one("centred", "dsquared")] if through_var else ["0"]
    parts: list[Piece] = [one("own"), "+", one("through_mean"), "+", one("through_var")]
    known = {
        "own": Link("dx̂ · r", "", [one("dx_hat", "inv_std")]),
        "through_mean": Link("+ dμ / m", "", mean),
        "through_var": Link("+ 2c · dq", "", var),
        "dx": Link("= dx", "", parts),
        "difference": Link("dx − ΔL/Δx", "", [one("dx"), MINUS, one("measured")]),
    }
    roles = {"own": "way_own", "through_mean": "way_mean", "through_var": "way_var", "dx": "result_plain"}
    above = [[result(name, known[name], arrays, role=role, text=_WAYS_TEXT[name])] for name, role in roles.items()]
    wrong = result("difference", known["difference"], arrays, role="difference", text="scene-difference")
    measured = given("measured", "measured", "ΔL/Δx", arrays, edit=False)
    x, dy = given("x", "input", "x", arrays), given("dy", "upstream", "", arrays)
    return [above, [[x], [dy], [measured], [replace(wrong, limit=1.0)]]]


def result(name: str, link: Link, arrays: Mapping[str, Array], *, role: str, text: str) -> Grid:
    """A picture that the others make."""
    rows, columns = np.atleast_2d(arrays[name]).shape
    symbol = link.symbol.removeprefix("+ ").removeprefix("= ")
    more: dict[str, Any] = {"how": "written", "rule": {"pieces": list(link.pieces)}, "symbol": symbol, "text": text}
    return grids.matrix(name, role, link.symbol, name, rows, columns, result=True, decimals=2, **more)


def given(name: str, role: str, symbol: str, arrays: Mapping[str, Array], *, edit: bool = True) -> Grid:
    """A picture that nothing here makes."""
    rows, columns = np.atleast_2d(arrays[name]).shape
    return grids.matrix(name, role, symbol, name, rows, columns, edit=edit, decimals=2)


_OTHERWISE = {
    "centred": "step-centred-test",
    "x_hat": "step-x-hat-test",
    "y": "step-y-test",
    "dcentred": "step-dcentred-test",
    "dx": "step-dx-test",
}
"""Steps of which something else is to be said where μ and σ² are given."""
_WAYS_TEXT = {
    "own": "scene-own",
    "through_mean": "scene-through-mean",
    "through_var": "scene-through-var",
    "dx": "scene-ways",
}


# ---- formulas ----


def steps_formula(*, running: bool) -> str:
    """The steps and their undoing, a line each."""
    rows = _ROWS_RUNNING if running else tuple((str(n), *row) for n, row in enumerate(_ROWS, 1))
    line = '<div class="pair"><b>{n}</b><span>{there}</span><b>{undone}</b><span>{back}</span></div>'
    return "".join(
        line.format(n=n, there=there, undone=f"{n}′" if back else "", back=_whole(back)) for n, there, back in rows
    )


def _whole(equations: str) -> str:
    """A line breaks between equations, and only a very short one within them."""
    return " ".join(f"<span>{one}</span>" for one in re.split(r"(?<=,) ", equations))


def ways_formula() -> str:
    """dx as its three ways, and the same put together."""
    ways_ = f"{_v('own', 'dx̂ r')} + {_v('through_mean', 'dμ/m')} + {_v('through_var', '2c dq')}"
    return f"{_DX} = {ways_}<br>= r (dx̂ − mean(dx̂) − x̂ mean(dx̂ x̂))"


def _v(grid: str, symbol: str) -> str:
    return f'<v g="{grid}">{symbol}</v>'


_X, _MU, _C, _Q = _v("x", "x"), _v("mean", "μ"), _v("centred", "c"), _v("squared", "q")
_VAR, _STD, _R, _HAT = _v("var", "σ²"), _v("std", "s"), _v("inv_std", "r"), _v("x_hat", "x̂")
_G, _Y, _GAMMA, _BETA = _v("scaled", "g"), _v("y", "y"), _v("weight", "γ"), _v("bias", "β")
_DX, _DMU, _DC, _DQ = _v("dx", "dx"), _v("dmean", "dμ"), _v("dcentred", "dc"), _v("dsquared", "dq")
_DVAR, _DSTD, _DR, _DHAT = _v("dvar", "dσ²"), _v("dstd", "ds"), _v("dinv_std", "dr"), _v("dx_hat", "dx̂")
_DG, _DY, _DGAMMA, _DBETA = _v("dscaled", "dg"), _v("dy", "dy"), _v("dweight", "dγ"), _v("dbias", "dβ")
_ROWS = (
    (f"{_MU} = Σ{_X}/m", f"{_DX} = {_DC} + {_DMU}/m"),
    (f"{_C} = {_X} − {_MU}", f"{_DMU} = −Σ{_DC}"),
    (f"{_Q} = {_C}²", f"{_DC} = {_DHAT}{_R} + 2{_C}{_DQ}"),
    (f"{_VAR} = Σ{_Q}/m", f"{_DQ} = {_DVAR}/m"),
    (f"{_STD} = √({_VAR} + ε)", f"{_DVAR} = {_DSTD}/2{_STD}"),
    (f"{_R} = 1/{_STD}", f"{_DSTD} = −{_DR}/{_STD}²"),
    (f"{_HAT} = {_C}{_R}", f"{_DR} = Σ{_DHAT}{_C}"),
    (f"{_G} = {_GAMMA}{_HAT}", f"{_DHAT} = {_DG}{_GAMMA}, {_DGAMMA} = Σ{_DG}{_HAT}"),
    (f"{_Y} = {_G} + {_BETA}", f"{_DG} = {_DY}, {_DBETA} = Σ{_DY}"),
)
_ROWS_RUNNING = (
    ("2", _ROWS[1][0], f"{_DX} = {_DC}"),
    ("5", _ROWS[4][0], ""),
    ("6", _ROWS[5][0], ""),
    ("7", _ROWS[6][0], f"{_DC} = {_DHAT}{_R}"),
    ("8", *_ROWS[7]),
    ("9", *_ROWS[8]),
)
