"""Operators that make one number of a window."""

import numpy as np

from engine import AdaptiveAvgPool2d, AvgPool2d, LPPool2d, MaxPool2d
from engine.types import Array, Pair
from tests.engine.onnx_nodes.node import Case, NotExpressible, through, two_dimensional
from tests.engine.onnx_nodes.window import Window


def _padding(window: Window) -> Pair:
    padding = window.symmetric()
    if any(2 * p > k for p, k in zip(padding, window.kernel, strict=True)):
        raise NotExpressible("padding of more than half the window")
    return padding


def _rounded_up(case: Case) -> bool:
    return bool(case.attributes.get("ceil_mode", 0))


def max_pool(case: Case) -> list[Array]:
    x, window = two_dimensional(case.moved), Window.of(case)
    layer = MaxPool2d(window.kernel, window.stride, _padding(window), window.dilation, ceil_mode=_rounded_up(case))
    y, cache = layer.forward({}, x)
    return [y, _flat_places(x, cache["switches"], layer, by_column=bool(case.attributes.get("storage_order", 0)))]


def _flat_places(x: Array, switches: Array, layer: MaxPool2d, by_column: bool) -> Array:
    """Where each winner stands in the whole of x, as ONNX counts; by_column down the columns instead of the rows."""
    kernel, stride, padding, dilation = layer.geometry
    n, c, i, j = np.indices(switches.shape)
    a, b = np.divmod(switches.astype(int), kernel[1])
    row, column = i * stride[0] + a * dilation[0] - padding[0], j * stride[1] + b * dilation[1] - padding[1]
    height, width = x.shape[2:]
    within = column * height + row if by_column else row * width + column
    places: Array = (n * x.shape[1] + c) * height * width + within
    return places


def average_pool(case: Case) -> list[Array]:
    x, window = case.image, Window.of(case)
    if window.dilation != (1, 1):
        raise NotExpressible("an average with dilation")
    counted = bool(case.attributes.get("count_include_pad", 0))
    layer = AvgPool2d(window.kernel, window.stride, _padding(window), _rounded_up(case), count_include_pad=counted)
    return [through(x, layer)]


def lp_pool(case: Case) -> list[Array]:
    x, window = case.image, Window.of(case)
    if window.symmetric() != (0, 0) or window.dilation != (1, 1):
        raise NotExpressible("a norm with padding" if window.dilation == (1, 1) else "a norm with dilation")
    return [through(x, LPPool2d(case.number("p", 2), window.kernel, window.stride, _rounded_up(case)))]


def global_average_pool(case: Case) -> list[Array]:
    return [through(case.image, AdaptiveAvgPool2d(1))]


def global_max_pool(case: Case) -> list[Array]:
    x = case.image
    return [through(x, MaxPool2d((x.shape[2], x.shape[3])))]
