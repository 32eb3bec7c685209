"""Operators that weigh and add up: convolutions and matrix products."""

from engine import Conv2d, ConvTranspose2d, Linear, ZeroPad2d
from engine.types import Array, Pair, Params
from tests.engine.onnx_nodes.node import Case, NotExpressible, through, two_dimensional
from tests.engine.onnx_nodes.window import Window, pair_of


def learned(weight: Array, bias: Array | None) -> Params:
    return {"weight": weight} if bias is None else {"weight": weight, "bias": bias}


def conv(case: Case) -> list[Array]:
    x, weight, bias = case.image, case.given(1), case.optional(2)
    window, groups = Window.of(case), int(case.attributes.get("group", 1))
    channels, kernel, stride = (x.shape[1], len(weight)), window.kernel, window.stride
    padding = window.padding if window.symmetric else 0
    layer = Conv2d(*channels, kernel, stride, padding, window.dilation, groups, bias is not None)
    before = [] if window.symmetric else [ZeroPad2d(window.sides)]
    return [through(x, *before, layer, params=learned(weight, bias))]


def conv_transpose(case: Case) -> list[Array]:
    x, weight, bias = case.image, two_dimensional(case.given(1)), case.optional(2)
    groups, kernel = int(case.attributes.get("group", 1)), (weight.shape[2], weight.shape[3])
    stride, dilation = pair_of(case, "strides", 1), pair_of(case, "dilations", 1)
    padding, extra = (0, 0), pair_of(case, "output_padding", 0)
    if "output_shape" in case.attributes or case.word("auto_pad", "NOTSET") != "NOTSET":
        wanted = case.attributes.get("output_shape", [size * s for size, s in zip(x.shape[2:], stride, strict=True)])
        full = [
            (m - 1) * s + d * (k - 1) + 1 + e
            for m, s, d, k, e in zip(x.shape[2:], stride, dilation, kernel, extra, strict=True)
        ]
        # What is missing is added at the end, what is too much is cut off, and that only evenly.
        extra = _pair(e + max(0, w - f) for e, w, f in zip(extra, wanted, full, strict=True))
        cut = [max(0, f - w) for w, f in zip(wanted, full, strict=True)]
        if any(c % 2 for c in cut):
            raise NotExpressible("padding that differs from side to side")
        padding = _pair(c // 2 for c in cut)
    elif "pads" in case.attributes:
        top, left, bottom, right = case.attributes["pads"]
        if (top, left) != (bottom, right):
            raise NotExpressible("padding that differs from side to side")
        padding = top, left
    channels = weight.shape[1] * groups
    layer = ConvTranspose2d(
        x.shape[1], channels, kernel, stride, padding, extra, groups, bias is not None, dilation=dilation
    )
    return [through(x, layer, params=learned(weight, bias))]


def _pair(values: object) -> Pair:
    first, second = values  # type: ignore[misc]
    return int(first), int(second)


def gemm(case: Case) -> list[Array]:
    """alpha · A · B + beta · C: a linear layer whose weight has alpha in it and whose bias has beta."""
    a = case.x.T if case.attributes.get("transA", 0) else case.x
    weight = case.given(1) if case.attributes.get("transB", 0) else case.given(1).T
    weight, bias = weight * case.number("alpha", 1), case.optional(2)
    out = len(weight)
    if bias is not None:
        if bias.ndim > 1 and len(bias) > 1:
            raise NotExpressible("a bias of its own for each example")
        bias = (bias * case.number("beta", 1)).reshape(-1)
        bias = bias if len(bias) == out else bias.repeat(out)
    layer = Linear(a.shape[1], out, bias=bias is not None)
    return [through(a, layer, params=learned(weight, bias))]


def matmul(case: Case) -> list[Array]:
    """x · W with one matrix W for all rows of x. A vector W is a matrix with one column, a vector x is one row."""
    x, weight = case.x, case.given(1)
    if weight.ndim > 2:
        raise NotExpressible("a matrix of its own for each matrix of a stack")
    columns = weight if weight.ndim == 2 else weight[:, None]
    y = through(x[None], Linear(*columns.shape, bias=False), params={"weight": columns.T})[0]
    return [y if weight.ndim == 2 else y[..., 0]]
