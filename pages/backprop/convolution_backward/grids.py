"""The pictures of a convolution's backward pass: one weight's journey, dx, dW, the matrix product's way, pooling."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from engine.explain import rules
from engine.explain.rule import Axis, Read, Rule, of
from engine.layers import AvgPool2d, Conv2d, MaxPool2d
from engine.trace import BackStep, Step
from engine.types import Array
from pages.backprop.convolution_backward.compute import ConvBackward
from ui.figures import formulas, grids
from ui.figures.grids import Grid, Picture, rule_data

Rows = list[Picture]


def input_grad(now: ConvBackward) -> Rows:
    """dy (the stride's zeros put in), the turned kernel, dx."""
    layer, weight = now.layer, now.params["weight"].shape
    rule = rules.input_rule(layer, now.x.shape, now.y.shape)
    top, left = (d * (k - 1) - p for k, p, d in zip(layer.kernel, *layer.geometry[1:], strict=True))
    around = (top, left)
    look = decimals(now.x, now.dy, *now.params.values())
    dy = grids.maps("dY", "upstream", "dy", now.dy.shape, "k", name="dy", edit=True, decimals=look)
    turned = grids.kernel("W", "kernel_turned", "weight", weight, "k", "c", turned=True, edit=True, decimals=look)
    dx = grids.maps("Y", "result_dx", "dx", now.x.shape, "c", name="dx", result=True, decimals=look)
    if not strided(layer):
        data = rule_data(rule, group=("k", "k"))
        return [[replace(dy, pad=around), "∗", turned, "=", replace(dx, rule=data)]]
    through = replace(rule, left=_spread(rule.left, now.spread))
    data = rule_data(through, group=("k", "k"), also=[rule.left])
    z = grids.maps("Z", "spread", "z", now.spread.shape, "k", name="z", pad=around, decimals=look, channels=False)
    return [[dy, "→", z, "∗", turned, "=", replace(dx, rule=data)]]


def journey(now: ConvBackward) -> Rows:
    """Forward, x ∗ W = y; backward, the pixels that one weight met, times dy, added up into its place of dW."""
    layer, look = now.layer, decimals(now.x, now.dy, *now.params.values())
    shape, outputs = now.params["weight"].shape, now.dy.shape[2:]
    x = grids.maps("X", "input", "x", now.x.shape, "c", name="x", pad=layer.geometry[1], edit=True, decimals=look)
    x = replace(x, **bright(now.x))
    weight = grids.kernel("W", "kernel", "weight", shape, "k", "c", edit=True, decimals=look)
    y = grids.maps("V", "output", "y", now.y.shape, "k", name="y", decimals=look, channels=False)
    dy = grids.maps("dY", "upstream", "dy", now.dy.shape, "k", name="dy", edit=True, decimals=look)
    lens: dict[str, Any] = {"array": "x", "view": "lens", "shape": outputs, "axes": ("i", "j"), "decimals": look}
    met = Grid("M", "met", "", **lens, **bright(now.x))
    largest = float(abs(now.x).max() * abs(now.dy).max()) or 1.0
    products = Grid("P", "products", "", **lens, shows="product", limit=largest)
    dw = grids.kernel("Y", "result_dw", "dweight", shape, "k", "c", name="dW", edit=False, decimals=look)
    rule = rules.param_rules(layer, now.x.shape, now.y.shape)["weight"]
    dw = replace(dw, result=True, rule=rule_data(rule))
    return [[x, "∗", weight, "=", y], [met, "×", dy, "=", products, "Σ", dw]]


def weight_grad(now: ConvBackward, *, hide: bool = False) -> Rows:
    """x, dy as the kernel (the stride's zeros put in), dW and db."""
    layer, look = now.layer, decimals(now.x, now.dy, *now.params.values())
    found = rules.param_rules(layer, now.x.shape, now.y.shape)
    shape = now.grads["weight"].shape
    x = grids.maps("X", "input", "x", now.x.shape, "c", name="x", pad=layer.geometry[1], edit=True, decimals=look)
    x = replace(x, **bright(now.x))
    dy = grids.maps("dY", "upstream", "dy", now.dy.shape, "k", name="dy", edit=True, decimals=look)
    dw = grids.kernel("Y", "result_dw", "dweight", shape, "k", "c", name="dW", edit=False, decimals=look, hide=hide)
    more: dict[str, Any] = {"decimals": look, "result": True, "text": "scene-dw-bias", "hide": hide}
    db = grids.line("B", "result_db", "dbias", shape[0], "k", rule=rule_data(found["bias"]), **more)
    rule, kernel = found["weight"], [dy]
    also: list[Read] = []
    if strided(layer):
        also = [found["weight"].right] if found["weight"].right else []
        rule = _over_spread(rule, now.spread)
        z = grids.maps("Z", "spread", "z", now.spread.shape, "k", name="z", decimals=look, channels=False)
        kernel = [dy, z]
        # A term of z that is one of the stride's zeros has no place in dy.
        also = [replace(read, axes=(*read.axes[:3], *_apart(layer))) for read in also]
    return [[x, "∗", kernel, "=", [replace(dw, result=True, rule=rule_data(rule, also=also)), db]]]


def columns(now: ConvBackward) -> Rows:
    """W_rowᵀ · dY_row = dX_col, whose numbers are added up where patches overlap: dx."""
    layer, look = now.layer, decimals(now.x, now.dy, *now.params.values())
    (rows, filters), (_, places) = now.rows.shape, now.columns.shape
    product = Rule(
        {"r": rows, "t": places},
        {"k": filters},
        Read("rows", (rows, filters), (of("r"), of("k"))),
        Read("dy", (filters, places), (of("k"), of("t"))),
    )
    own = rules.input_rule(layer, now.x.shape, now.y.shape)
    (sh, sw), (ph, pw), (dh, dw) = layer.geometry
    copies = Read(
        "columns",
        (now.x.shape[1], *layer.kernel, *now.dy.shape[2:]),
        (of("c"), of("a"), of("b"), Axis({"i": 1, "a": -dh}, ph, sh), Axis({"j": 1, "b": -dw}, pw, sw)),
    )
    added = Rule(own.result, {name: size for name, size in own.terms.items() if name != "k"}, copies)
    dy = grids.maps("dY", "upstream", "dy", now.dy.shape, "k", name="dy", edit=True, decimals=look)
    matrices: dict[str, Any] = {"decimals": look}
    weights = grids.matrix("W", "kernels", "W_rowᵀ", "rows", rows, filters, **matrices)
    upstream = grids.matrix("R", "upstream_rows", "dY_row", "dy", filters, places, **matrices)
    told: dict[str, Any] = {"symbol": "dX_col", "text": "scene-columns-copy"}
    copied = grids.matrix(
        "C", "copies", "dX_col", "columns", rows, places, result=True, rule=rule_data(product), **told, **matrices
    )
    dx = grids.maps("Y", "result_dx", "dx", now.x.shape, "c", name="dx", result=True, decimals=look)
    dx = replace(dx, rule=rule_data(added))
    return [[[dy, weights], "·", [upstream, copied], "→", dx]]


def pooling(step: Step, back: BackStep) -> Rows:
    """dy sent to the winners of the windows, or shared out among their cells."""
    layer = step.layer
    assert isinstance(layer, MaxPool2d | AvgPool2d)
    look = decimals(step.x, back.dy)
    backward = rules.input_rule(layer, step.x.shape, step.y.shape)
    dy = grids.maps("dY", "upstream", "dy", back.dy.shape, "c", name="dy", edit=True, size=1.2, decimals=look)
    shared = look if isinstance(layer, MaxPool2d) else 2
    dx = grids.maps("Y", "result_dx", "dx", step.x.shape, "c", name="dx", result=True, decimals=shared)
    if isinstance(layer, MaxPool2d):
        window = rule_data(rules.forward_rule(layer, step.x.shape, step.y.shape))["left"]
        marked: dict[str, Any] = {"winners": "taken", "window": window, "edit": True, "channels": False}
        x = grids.maps("X", "switches", "x", step.x.shape, "c", name="x", **bright(step.x), **marked, decimals=look)
        return [[dy, "×", x, "=", replace(dx, rule=rule_data(backward))]]
    kh, kw = layer.geometry[0]
    cell = Read("cell", (1, 1, kh, kw), (Axis({}), Axis({}), of("a"), of("b")))
    looks: dict[str, Any] = {"ramp": "sequential", "decimals": 2}
    share = Grid("W", "share", f"1/{kh * kw}", "cell", "kernel", (1, 1, kh, kw), {"k": "one", "c": "one"}, **looks)
    return [[dy, "×", share, "=", replace(dx, rule=rule_data(backward, also=[cell]))]]


def strided(layer: Conv2d) -> bool:
    """Does the stride leave places out?"""
    return layer.geometry[0] != (1, 1)


def decimals(*arrays: Array) -> int:
    """None where every number is whole."""
    return 0 if all(bool((array == array.round()).all()) for array in arrays) else 2


def bright(x: Array) -> dict[str, Any]:
    """The ramp of numbers that are never below 0."""
    return {} if x.min() < 0 else {"ramp": "sequential", "limit": max(1.0, float(x.max()))}


def _spread(read: Read, z: Array) -> Read:
    """The same places in z, where none falls between two cells."""
    return Read("z", (*read.view[:3], *z.shape[2:]), tuple(replace(axis, divide=1) for axis in read.axes))


def _over_spread(rule: Rule, z: Array) -> Rule:
    """dW's terms over every cell of z: the stride has gone into it."""
    assert rule.right is not None
    one = [Axis({**axis.by, name: 1}, axis.start) for axis, name in zip(rule.left.axes[3:], "ij", strict=True)]
    terms = {**rule.terms, "i": z.shape[2], "j": z.shape[3]}
    right = Read("z", (*rule.right.view[:3], *z.shape[2:]), rule.right.axes)
    return Rule(rule.result, terms, replace(rule.left, axes=(*rule.left.axes[:3], *one)), right)


def _apart(layer: Conv2d) -> tuple[Axis, Axis]:
    """Which row and column of dy a cell of z is."""
    (sh, sw), *_rest = layer.geometry
    return Axis({"i": 1}, 0, sh), Axis({"j": 1}, 0, sw)


# ---- formulas ----


def _sum(over: str) -> str:
    return f'<span class="sum"><big>Σ</big><small>{over}</small></span>'


def input_formula(layer: Conv2d) -> str:
    """dx from dy, or from z where the stride has put zeros into it."""
    if not strided(layer):
        return formulas.formula("conv-input", layer)
    (sh, sw), (ph, _pw), (dh, _dw) = layer.geometry
    pad, times = f"+{ph}" if ph else "", str(dh) if dh > 1 else ""
    place = f"k, u{pad}−{times}a, v{pad}−{times}b"
    product = f'<v g="Z">z<sub>{place}</sub></v> <v g="W">W<sub>k,c,a,b</sub></v>'
    spread = f'<v g="Z">z<sub>k, {sh}i, {sw}j</sub></v> = <v g="dY">dy<sub>k,i,j</sub></v>, else 0'
    return f'<v g="Y">dx<sub>c,u,v</sub></v> = {_sum("k,a,b")} {product}<br><small>{spread}</small>'


def columns_formula() -> str:
    """The product, and the sum over a pixel's copies."""
    product = f'{_sum("k")} <v g="W">W<sub>k,r</sub></v> <v g="R">dY<sub>k,t</sub></v>'
    added = '<v g="Y">dx</v> = col2im(<v g="C">dX_col</v>)'
    return f'<v g="C">dX<sub>r,t</sub></v> = {product}<br>{added}'


def average_formula() -> str:
    """An equal share for every cell of the window."""
    share = '<v g="W">1/(k<sub>h</sub>k<sub>w</sub>)</v>'
    return f'<v g="Y">dx<sub>c,u,v</sub></v> = {_sum("windows")} <v g="dY">dy<sub>c,i,j</sub></v> · {share}'
