"""The pictures of the lesson "Pooling": x and y above, dL/dy and dL/dx below, and the same digit before and after."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from engine.explain import rules
from engine.explain.rules import Read, of
from engine.layers import Conv2d, MaxPool2d
from engine.layers.pool_variants import LPPool2d, StochasticPool2d
from engine.types import Array, Shape
from pages.blocks.pooling.compute import Pooled, each_cells_share
from ui.figures import grids
from ui.figures.grids import Picture, rule_data

Rows = list[Picture]

SMALL = 0.5
"""Cells of the pictures that are moved, against those of what is made of them."""
FINE = 0.1
"""Gradients below this are written with four decimals."""


def both_ways(pooled: Pooled) -> Rows:
    """x left, dx right; between them y, and beneath y the gradient that comes back to it."""
    step, back, layer = pooled.step, pooled.back, pooled.layer
    weighed = isinstance(layer, Conv2d)
    x_shape, y_shape = step.x.shape, step.y.shape
    reads = rules.forward_rule(layer, x_shape, y_shape)
    same_place = Read("dy", y_shape, (of("n"), of("c"), of("i"), of("j")))
    own_pixel = Read("x", x_shape, (of("n"), of("c"), of("i"), of("j")))
    if weighed:
        same_place = Read("dy", _grouped(y_shape), (of("n"), of("g"), of("k"), of("i"), of("j")))
        own_pixel = Read("x", _grouped(x_shape), (of("n"), of("g"), of("c"), of("i"), of("j")))
    shares = each_cells_share(pooled)
    beside = [same_place] + ([] if shares is None else [Read("shares", x_shape, reads.left.axes)])
    winners = _winners(layer, pooled)
    window = rule_data(reads)["left"] if winners else None
    bright = _bright(step.x)
    # Room for a pixel that two windows send their gradient to; and both maps of gradients share the colours.
    limit = max(2 * float(np.abs(back.dy).max()), float(np.abs(back.dx).max())) or 1.0
    x = grids.maps(
        "X", "input", "x", x_shape, "c",
        name="x", edit=True, pad=layer.geometry[-2], winners=winners, window=window, **bright,
        **_decimals(step.x),
    )  # fmt: skip
    y = grids.maps(
        "Y", "output", "y", y_shape, "c",
        name="y", result=True, rule=rule_data(reads, beside=beside), how=_forward(layer, winners), channels=False,
        **(_bright(step.y, step.x) if winners else _bright(step.y)), **(_fine(back.dx) or _decimals(step.y)),
    )  # fmt: skip
    dy = grids.maps("DY", "upstream", "dy", y_shape, "c", name="dL/dy", edit=True, channels=False, limit=limit)
    own_rule = rule_data(rules.input_rule(layer, x_shape, y_shape), beside=[own_pixel])
    dx = grids.maps(
        "DX", "result_dx", "dx", x_shape, "c",
        name="dL/dx", result=True, rule=own_rule, how="route" if winners else "spread", symbol="dx",
        limit=limit, channels=False, **_fine(back.dx),
    )  # fmt: skip
    middle: list[Any] = [x, "→"]
    if shares is not None:
        role = "shares" if isinstance(layer, LPPool2d) else "chances"
        more: dict[str, Any] = {"ramp": "sequential", "limit": 1} if shares.min() >= 0 else {"limit": 1}
        middle += [grids.maps("P", role, "shares", x_shape, "c", name="", channels=False, decimals=2, **more), "→"]
    if weighed:
        kernel = step.params["weight"].shape
        look: dict[str, Any] = {"size": 1.1 if max(kernel[2:]) < 4 else 0.9}
        weight = grids.kernel("W", "kernel", "weight", kernel, "c", "one", **_decimals(step.params["weight"]), **look)
        rule = rule_data(rules.param_rules(layer, x_shape, y_shape)["weight"])
        dweight = grids.kernel(
            "DW", "result_dw", "dweight", kernel, "c", "one", edit=False, result=True, rule=rule, how="collect",
            name="dW",            **_decimals(back.grads["weight"]), **look,
        )  # fmt: skip
        middle = [x, "∗", [weight, dweight], "="]
    return [[*middle, [y, dy], "→", dx]]


def _forward(layer: object, winners: str | None) -> str:
    if isinstance(layer, MaxPool2d):
        return "max"
    return "draw" if winners else "weigh"


def _winners(layer: object, pooled: Pooled) -> str | None:
    """The array that says which cell each window took, where it took just one."""
    if isinstance(layer, MaxPool2d):
        return "taken"
    return "share" if isinstance(layer, StochasticPool2d) and "switches" in pooled.step.cache else None


def _grouped(shape: Shape) -> Shape:
    """Each channel as a group of its own, as a depthwise convolution's rule reads them."""
    return (shape[0], shape[1], 1, *shape[2:])


def before_and_after(moves: Mapping[str, tuple[Pooled, Pooled]], before: str, after: str) -> Rows:
    """Two rows: the picture where it was and where it went, each with what three layers make of it."""
    return [_moved_row(moves, 0, before), _moved_row(moves, 1, after)]


def _moved_row(moves: Mapping[str, tuple[Pooled, Pooled]], at: int, name: str) -> Picture:
    first = next(iter(moves.values()))
    x = first[at].step.x
    row: list[Any] = [
        grids.maps(
            f"X{at}", "input", f"x{at}", x.shape, "c",
            name=name, edit=at == 0, size=SMALL, channels=False, **_bright(x, first[0].step.x), **_decimals(x),
        ),
        "→",
    ]  # fmt: skip
    for method, pair in moves.items():
        step, layer = pair[at].step, pair[at].layer
        names = {"x": f"x{at}", "taken": f"taken{at}", "share": f"share{at}"}
        rule = rule_data(rules.forward_rule(layer, step.x.shape, step.y.shape), names)
        both = np.concatenate([each.step.y.ravel() for each in pair])
        row.append(
            grids.maps(
                f"{method}{at}", method, f"{method}{at}", step.y.shape, "c",
                name="y", result=True, rule=rule, how="max" if method == "max" else "weigh", channels=False,
                twin=f"{method}{1 - at}", symbol="y", **_bright(both), **_decimals(step.y),
            )
        )  # fmt: skip
    return row


def moved_arrays(moves: Mapping[str, tuple[Pooled, Pooled]]) -> dict[str, Array]:
    """Every array of ``before_and_after``; what differs from before is marked in the second row."""
    found: dict[str, Array] = {}
    for method, pair in moves.items():
        for at, pooled in enumerate(pair):
            arrays = pooled.arrays()
            found |= {f"x{at}": pooled.step.x, f"{method}{at}": pooled.step.y}
            found |= {f"{name}{at}": arrays[name] for name in ("taken", "share") if name in arrays}
            found |= {name: arrays[name] for name in ("weight",) if name in arrays}
        found[f"was:{method}1"] = pair[0].step.y
    return found


def _bright(values: Array, beside: Array | None = None) -> dict[str, Any]:
    """The ramp of what is never negative, with the end of the array that it is to be compared with."""
    if values.min() < 0:
        return {}
    most = float((values if beside is None else beside).max())
    return {"ramp": "sequential", "limit": most if most > 0 else 1.0}


def _decimals(values: Array) -> dict[str, int]:
    """None where all numbers are whole, else two."""
    return {"decimals": 0 if bool((values == np.round(values)).all()) else 2}


def _fine(gradient: Array) -> dict[str, int]:
    """Four decimals where the shares are so small that two would say nothing of them."""
    return {"decimals": 4} if np.abs(gradient).max() < FINE else {}


# ---- formulas ----

_X = '<v g="X">x<sub>c,is+a−p,js+b−p</sub></v>'
_Y, _DY, _DX = '<v g="Y">y</v>', '<v g="DY">dy</v>', '<v g="DX">dx</v>'


def _sum(over: str) -> str:
    return f'<span class="sum"><big>Σ</big><small>{over}</small></span>'


FORMULAS: Mapping[str, str] = {
    "max": f"{_Y} = max<sub>a,b</sub> {_X}<br>{_DX}<sub>i*,j*</sub> += {_DY}<sub>i,j</sub>",
    "average": f"{_Y} = {_sum('a,b')} {_X} · 1/m<br>{_DX} += {_DY} · 1/m",
    "norm": (
        f"{_Y} = ({_sum('a,b')} |<v g='X'>x</v>|<sup>p</sup>)<sup>1/p</sup><br>"
        f"{_DX} += {_DY} · sign(<v g='X'>x</v>) (|<v g='X'>x</v>| / {_Y})<sup>p−1</sup>"
    ),
    "draw": (
        "(i*, j*) ~ P = <v g='X'>x</v><sup>+</sup> / Σ <v g='X'>x</v><sup>+</sup><br>"
        f"{_DX}<sub>i*,j*</sub> += {_DY}<sub>i,j</sub>"
    ),
    "expected": (
        f"{_Y} = {_sum('a,b')} <v g='P'>P</v> <v g='X'>x</v>, P = x<sup>+</sup> / Σ x<sup>+</sup><br>"
        f"{_DX} += {_DY} · (2 <v g='X'>x</v> − {_Y}) / Σ x<sup>+</sup>, x &gt; 0"
    ),
    "global": (
        f"{_Y}<sub>c</sub> = 1/(H·W) {_sum('i,j')} <v g='X'>x<sub>c,i,j</sub></v><br>{_DX} = {_DY}<sub>c</sub> / (H·W)"
    ),
    "convolution": (
        f"{_Y} = {_sum('a,b')} <v g='W'>W<sub>c,a,b</sub></v> {_X}<br>"
        f"{_DX} += {_DY} <v g='W'>W</v>, &nbsp;<v g='DW'>dW</v> += {_DY} <v g='X'>x</v>"
    ),
    "move": "y(T x) ≟ y(x)<br>y(T x) ≟ T′ y(x)",
}
