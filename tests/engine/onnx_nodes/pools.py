"""Operators that make one number of a window."""

import numpy as np

from engine import AdaptiveAvgPool2d, AdaptiveMaxPool2d, AvgPool2d, ConstantPad2d, LPPool2d, MaxPool2d, ZeroPad2d
from engine.types import Array
from tests.engine.onnx_nodes.node import Case, NotExpressible, through, two_dimensional
from tests.engine.onnx_nodes.window import Window


def _fits(window: Window) -> bool:
    """Whether pooling pads so by itself: on all sides alike, and no more than half the window."""
    return window.symmetric and all(2 * p <= k for p, k in zip(window.padding, window.kernel, strict=True))


def _rounded_up(case: Case) -> bool:
    return bool(case.attributes.get("ceil_mode", 0))


def max_pool(case: Case) -> list[Array]:
    """Padding never wins. Where a layer before it has to pad, it does so with -inf."""
    x, window = two_dimensional(case.moved), Window.of(case)
    own = window.padding if _fits(window) else 0
    layer = MaxPool2d(window.kernel, window.stride, own, window.dilation, ceil_mode=_rounded_up(case))
    if not _fits(window):
        return [through(x, ConstantPad2d(window.sides, -np.inf), layer)]
    y, cache = layer.forward({}, x)
    return [y, _flat_places(x, cache["switches"], layer, by_column=bool(case.attributes.get("storage_order", 0)))]


def _flat_places(x: Array, switches: Array, layer: MaxPool2d, by_column: bool) -> Array:
    """Where each winner stands in the whole of x, as ONNX counts; by_column down the columns instead of the rows."""
    n, c, _, _ = np.indices(switches.shape)
    height, width = x.shape[2:]
    row, column = np.divmod(layer.indices({"x": x, "switches": switches}), width)
    within = column * height + row if by_column else row * width + column
    places: Array = (n * x.shape[1] + c) * height * width + within
    return places


def average_pool(case: Case) -> list[Array]:
    x, window = case.image, Window.of(case)
    if window.dilation != (1, 1):
        raise NotExpressible("an average with dilation")
    counted = bool(case.attributes.get("count_include_pad", 0))
    if not _fits(window) and not counted:
        raise NotExpressible("an average without its padding, which differs from side to side or is most of a window")
    own, before = (window.padding, []) if _fits(window) else (0, [ZeroPad2d(window.sides)])
    layer = AvgPool2d(window.kernel, window.stride, own, _rounded_up(case), count_include_pad=counted)
    return [through(x, *before, layer)]


def lp_pool(case: Case) -> list[Array]:
    x, window = case.image, Window.of(case)
    if window.dilation != (1, 1):
        raise NotExpressible("a norm with dilation")
    layer = LPPool2d(case.number("p", 2), window.kernel, window.stride, _rounded_up(case))
    return [through(x, ZeroPad2d(window.sides), layer)]


def global_average_pool(case: Case) -> list[Array]:
    return [through(case.image, AdaptiveAvgPool2d(1))]


def global_max_pool(case: Case) -> list[Array]:
    return [through(case.image, AdaptiveMaxPool2d(1))]
