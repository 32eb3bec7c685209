"""The pictures of a convolution: sliding, as a matrix product, transposed, and a linear layer seen as one."""

from __future__ import annotations

from collections.abc import Mapping
from math import prod
from typing import Any

import numpy as np

from engine.explain import rules
from engine.explain.rule import Axis, Read, of
from engine.layers import Conv2d
from engine.trace import Step
from engine.types import Array, Shape
from pages.blocks.convolution.compute.convolved import Convolved
from ui.figures import grids
from ui.figures.grids import Grid, Picture, rule_data

Rows = list[Picture]
Arrays = Mapping[str, Array]

MOST_CELLS = 14
"""Rows or columns that are written out in cells; of a larger picture only the window is."""


def slide(convolved: Convolved, *, edit_pixels: bool) -> Rows:
    """x ∗ W = y, and between them, where x is too large for cells, the numbers that the kernel lies on."""
    step, layer = convolved.step, convolved.layer
    look = _look(step)
    x = _image(convolved, look, edit=edit_pixels)
    rule = rule_data(rules.forward_rule(layer, step.x.shape, step.y.shape), _names(convolved), group=("c", "c"))
    y = _result(step, rule, look)
    kernel = _kernel(step, look, "c")
    if x.view != "drawing":
        return [[x, "∗", kernel, "=", y]]
    limit = x.limit or float(np.abs(step.x).max())
    lens = Grid(
        "L", "window", x.name, x.array, "lens", layer.kernel, ramp=x.ramp, limit=limit, decimals=look["decimals"]
    )
    return [[x, lens, "∗", kernel, "=", y]]


def matrix(convolved: Convolved) -> Rows:
    """x and y, and the same as W_row · X_col = Y_row: the product stands where row and column meet."""
    step, layer = convolved.step, convolved.layer
    look = _look(step)
    k, c, kh, kw = step.params["weight"].shape
    oh, ow = step.y.shape[2:]
    patch = Axis({"c": kh * kw, "a": kw, "b": 1})
    column = Read("columns", (c * kh * kw, oh * ow), (patch, Axis({"i": ow, "j": 1})))
    own = rules.forward_rule(layer, step.x.shape, step.y.shape)
    rule = rule_data(own, _names(convolved), group=("c", "c"), also=[column])
    x, y = _image(convolved, look, edit=False), _result(step, rule, look)
    kernel = _kernel(step, look, "c")
    sequential = {"ramp": x.ramp, "limit": x.limit}
    columns = grids.matrix(
        "C", "patches", "X_col", "columns", c * kh * kw, oh * ow, leads=True, **_cells(look), **sequential
    )
    rows = grids.matrix("R", "kernels", "W_row", "weight", k, c * kh * kw, decimals=look["weights"])
    product = grids.matrix(
        "P", "output", "Y_row", "y", k, oh * ow, result=True, rule=rule, symbol="y", chooses="k", **_cells(look)
    )
    return [[[x, y], "→", [kernel, rows], "·", [columns, product]]]


def sparse(convolved: Convolved, dense: Shape) -> Rows:
    """x ∗ W = y, and the same as one matrix times all of x: a row for each output, mostly zeros."""
    step, look = convolved.step, _look(convolved.step)
    height, width = step.x.shape[2:]
    own = rules.forward_rule(convolved.layer, step.x.shape, step.y.shape)
    # The matrix seen as (place, pixel): where a kernel's cell lies beyond the rim, there is no entry.
    entry = Read("dense", (*step.y.shape[2:], height, width), (of("i"), of("j"), *own.left.axes[3:]))
    rule = rule_data(own, group=("c", "c"), also=[entry])
    x, y = _image(convolved, look, edit=True), _result(step, rule, look)
    kernel = _kernel(step, look, "c")
    rows, columns = dense
    bright = {"ramp": x.ramp, "limit": x.limit}
    flat = grids.matrix("F", "laid_flat", "x", "x", 1, columns, **_cells(look), **bright)
    matrix = grids.matrix("B", "one_matrix", "W", "dense", rows, columns, decimals=look["weights"])
    z = grids.matrix("Z", "output", "y", "y", rows, 1, result=True, rule=rule, **_cells(look))
    return [[x, "∗", kernel, "=", y], [[flat, matrix], "=", z]]


def transposed(step: Step) -> Rows:
    """A small input, and the larger output onto which every number of it stamps the kernel."""
    look = _look(step)
    rule = rule_data(rules.forward_rule(step.layer, step.x.shape, step.y.shape), group=("c", "c"))
    x = grids.maps("X", "input", "x", step.x.shape, "c", name="x", **_bright(step.x), **_cells(look))
    weight = step.params["weight"].shape
    kernel = grids.kernel("W", "kernel_turned", "weight", weight, "c", "k", turned=True, **_cells(look))
    y = grids.maps("Y", "output", "y", step.y.shape, "k", name="y", result=True, rule=rule, stamps=True, **_cells(look))
    return [[x, "∗", kernel, "=", y]]


def linear(convolution: Step, as_linear: Step) -> Rows:
    """One class's votes twice: as a convolution whose kernel covers the whole of x, and as a row of a matrix."""
    conv = convolution.layer
    assert isinstance(conv, Conv2d)
    shape, weight = convolution.x.shape, convolution.params["weight"].shape
    rule = rule_data(rules.forward_rule(conv, shape, convolution.y.shape), group=("c", "c"))
    flat_rule = rule_data(rules.forward_rule(as_linear.layer, as_linear.x.shape, as_linear.y.shape), {"x": "flat"})
    classes = weight[0]
    x = grids.maps("X", "input", "x", shape, "c", name="x", size=2)
    kernel = grids.kernel("W", "kernel", "weight", weight, "Y", "c", edit=False, size=2)
    y = grids.bars(
        "Y", "output", f"y {classes}×1×1", "y", classes, result=True, rule=rule, twin="Z", fixed=True, decimals=3
    )
    features = shape[1:]
    flat = grids.flat("F", "input", "flat", features, name="x, flat")
    row = grids.flat("V", "weight", "matrix", features, row="Y", name="W", edit=False)
    more: dict[str, Any] = {"rule": _of_matrix(flat_rule), "twin": "Y", "fixed": True, "decimals": 2}
    z = grids.matrix("Z", "output", f"y {classes}", "z", 1, classes, result=True, **more)
    return [[x, "∗", kernel, "=", y], [flat, "·", row, "=", z]]


def _of_matrix(rule: dict[str, Any]) -> dict[str, Any]:
    """The same rule, its weight under the name that tells it from the convolution's."""
    return rule | {"right": rule["right"] | {"array": "matrix"}}


def _names(convolved: Convolved) -> dict[str, str]:
    return {} if convolved.step.x is convolved.x else {"x": "padded"}


def _image(convolved: Convolved, look: Mapping[str, Any], *, edit: bool) -> Grid:
    step, own = convolved.step, convolved.layer.geometry[1]
    array = "x" if step.x is convolved.x else "padded"
    taken = (convolved.padding, convolved.padding) if array == "padded" else (0, 0)
    shape: Shape = step.x.shape
    parts = grids.grouped(convolved.layer)
    more: dict[str, Any] = {"name": "x", "pad": own, "margin": taken, "groups": parts, **_bright(step.x)}
    if max(shape[2] + 2 * own[0], shape[3] + 2 * own[1]) <= MOST_CELLS:
        return grids.maps("X", "input", array, shape, "c", edit=edit, **_cells(look), **more)
    rgb = array if shape[1] == 3 and step.x.min() >= 0 and step.x.max() <= 1 else None
    return Grid(
        "X",
        "input",
        array=array,
        view="drawing",
        shape=shape[1:],
        cursor={"c": "c"},
        rgb=rgb,
        **more,
    )


def _kernel(step: Step, look: Mapping[str, Any], channel: str) -> Grid:
    weight = step.params["weight"].shape
    size = 1.15 if max(weight[2:]) <= 3 else 1.0
    return grids.kernel("W", "kernel", "weight", weight, "k", channel, edit=True, size=size, decimals=look["weights"])


def _result(step: Step, rule: dict[str, Any], look: Mapping[str, Any]) -> Grid:
    shape, parts = step.y.shape, grids.grouped(step.layer)
    more: dict[str, Any] = {"name": "y", "result": True, "rule": rule, "groups": parts, **_cells(look)}
    if max(shape[2:]) <= MOST_CELLS:
        return grids.maps("Y", "output", "y", shape, "k", **more)
    return Grid("Y", "output", array="y", view="drawing", shape=shape[1:], cursor={"c": "k"}, **more)


def _bright(x: Array) -> dict[str, Any]:
    """The ramp of an image: from dark to light where nothing in it is below 0."""
    return {} if x.min() < 0 else {"ramp": "sequential", "limit": max(1.0, float(x.max()))}


def _look(step: Step) -> dict[str, Any]:
    """Decimals of all numbers, and of the weights: none where all are whole."""
    weight = step.params["weight"]
    whole = all(bool((array == np.round(array)).all()) for array in (step.x, weight, step.y))
    weights = bool((weight == np.round(weight)).all())
    return {"decimals": 0 if whole else 2, "weights": 0 if weights else 2}


def _cells(look: Mapping[str, Any]) -> dict[str, Any]:
    return {"decimals": look["decimals"]}


def patches_of(step: Step) -> tuple[int, int]:
    """(rows, columns) of X_col."""
    weight = step.params["weight"].shape
    return prod(weight[1:]), prod(step.y.shape[2:])


def matrix_formula() -> str:
    """Y_row = W_row · X_col + b, entry by entry."""
    product = '<v g="R">W<sub>k,r</sub></v> <v g="C">X<sub>r,t</sub></v>'
    return f'<v g="P">Y<sub>k,t</sub></v> = b<sub>k</sub> + {summed("r")} {product}'


def sparse_formula() -> str:
    """y = W · x + b, with all of x in one column."""
    product = '<v g="B">W<sub>t,r</sub></v> <v g="F">x<sub>r</sub></v>'
    return f'<v g="Z">y<sub>t</sub></v> = b + {summed("r")} {product}'


def transposed_formula() -> str:
    """Every input stamps the kernel onto y."""
    place = "i·s+a·d−p, j·s+b·d−p"
    product = '<v g="W">W<sub>a,b</sub></v> <v g="X">x<sub>i,j</sub></v>'
    return f'<v g="Y">y<sub>{place}</sub></v> += {product}'


def linear_formula() -> str:
    """The same votes, with the features in rows and columns, and in one line."""
    conv = '<v g="W">W<sub>k,c,a,b</sub></v> <v g="X">x<sub>c,a,b</sub></v>'
    flat = '<v g="V">W<sub>k,j</sub></v> <v g="F">x<sub>j</sub></v>'
    above = f'<v g="Y">y<sub>k,0,0</sub></v> = b<sub>k</sub> + {summed("c,a,b")} {conv}'
    return f'{above}<br><v g="Z">y<sub>k</sub></v> = b<sub>k</sub> + {summed("j")} {flat}'


def summed(over: str) -> str:
    """The sign of a sum over these indices."""
    return f'<span class="sum"><big>Σ</big><small>{over}</small></span>'
