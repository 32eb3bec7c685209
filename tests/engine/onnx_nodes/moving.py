"""Operators that move numbers to other places."""

from math import ceil, floor

import numpy as np

from engine import (
    CircularPad2d,
    ConstantPad2d,
    Flatten,
    MaxUnpool2d,
    Parallel,
    PixelShuffle,
    PixelUnshuffle,
    ReflectionPad2d,
    ReplicationPad2d,
    Upsample,
)
from engine.types import Array, Pair
from tests.engine.onnx_nodes.given import Given
from tests.engine.onnx_nodes.node import Case, NotExpressible, through, two_dimensional
from tests.engine.onnx_nodes.window import Window


def flatten(case: Case) -> list[Array]:
    """(d_0 · … · d_{axis-1}, d_axis · …): all axes are one example's, and each half becomes one."""
    x, axis = case.x, int(case.attributes.get("axis", 1)) % case.x.ndim
    first = [Flatten(1, axis)] if axis else []
    y = through(x[None], *first, Flatten(2 if axis else 1))
    return [y[0] if axis else y]


def depth_to_space(case: Case) -> list[Array]:
    """PixelShuffle has the channel outermost ("CRD"); the other order is the same where there is one channel."""
    x, r = case.image, int(case.attributes["blocksize"])
    if case.word("mode", "DCR") != "CRD" and x.shape[1] != r * r:
        raise NotExpressible("channels in another order")
    return [through(x, PixelShuffle(r))]


def space_to_depth(case: Case) -> list[Array]:
    x, r = case.image, int(case.attributes["blocksize"])
    if case.word("mode", "DCR") != "CRD" and x.shape[1] != 1:
        raise NotExpressible("channels in another order")
    return [through(x, PixelUnshuffle(r))]


def max_unpool(case: Case) -> list[Array]:
    """ONNX counts places in the whole array, and for the size that follows from the kernel; the engine within a map."""
    x, indices, shape, window = case.image, case.given(1), case.optional(2), Window.of(case)
    layer = MaxUnpool2d(window.kernel, window.stride, window.padding)
    own = layer.output_shape(x.shape[1:])[1:]
    size = own if shape is None else (int(shape[2]), int(shape[3]))
    row, column = np.divmod(indices % (own[0] * own[1]), own[1])
    return [layer.forward({}, x, indices=row * size[1] + column, output_size=size)[0]]


def pad(case: Case) -> list[Array]:
    """Rows and columns around maps; whole numbers are moved as floats."""
    x, pads = two_dimensional(case.moved), case.given(1)
    value, axes = case.optional(2), case.optional(3)
    chosen = [int(axis) % 4 for axis in (range(4) if axes is None else axes)]
    starts, ends = (dict(zip(chosen, map(int, half), strict=True)) for half in np.split(pads, 2))
    left, right, top, bottom = starts.get(3, 0), ends.get(3, 0), starts.get(2, 0), ends.get(2, 0)
    if any(starts.get(axis, 0) or ends.get(axis, 0) for axis in (0, 1)):
        raise NotExpressible("padding of examples or channels")
    sides, mode = (left, right, top, bottom), case.word("mode", "constant")
    if mode == "constant":
        return [through(x, ConstantPad2d(sides, 0.0 if value is None else float(value)))]
    kinds = {"reflect": ReflectionPad2d, "edge": ReplicationPad2d, "wrap": CircularPad2d}
    return [through(x, kinds[mode](sides))]


def concat(case: Case) -> list[Array]:
    """What stands before the axis are examples, the axis has their channels."""
    axis = int(case.attributes["axis"]) % case.x.ndim
    first, *others = (array.reshape(-1, *array.shape[axis:]) for array in map(case.given, range(len(case.inputs))))
    given = tuple((f"b{number}", (("given", Given(array)),)) for number, array in enumerate(others))
    joined = through(first, Parallel((("itself", ()), *given)))
    return [joined.reshape(*case.x.shape[:axis], *joined.shape[1:])]


def resize(case: Case) -> list[Array]:
    """To given sizes, or by given scales, along the last two axes."""
    x, mode = case.image, case.word("mode", "nearest")
    if mode not in ("nearest", "linear"):
        raise NotExpressible(f"mode {mode}")
    if case.attributes.get("antialias", 0):
        raise NotExpressible("smoothed before it is made smaller")
    rule = case.word("coordinate_transformation_mode", "half_pixel")
    if rule == "tf_crop_and_resize":
        raise NotExpressible("a part of the map")
    scales, sizes = _wanted(case)
    for scale, size, before in zip(scales, sizes, x.shape[2:], strict=True):
        if mode == "linear" and (rule != "half_pixel" or size != scale * before):
            raise NotExpressible(f"places by the rule {rule}" if rule != "half_pixel" else "a scale that is no size's")
        rounding = case.word("nearest_mode", "round_prefer_floor")
        picked = [i * before // size for i in range(size)]
        if mode == "nearest" and picked != _nearest(before, size, scale, rule, rounding):
            raise NotExpressible(f"the nearest cell by the rule {rule}, {rounding}")
    return [through(x, Upsample(size=sizes, mode="nearest" if mode == "nearest" else "bilinear"))]


def _wanted(case: Case) -> tuple[tuple[float, float], Pair]:
    """Scales and sizes along height and width. Upsample has the scales as its second input, Resize as its third."""
    x, axes = case.x, [axis % 4 for axis in case.attributes.get("axes", range(4))]
    given = case.given(1) if case.operator == "Upsample" else case.optional(2)
    if given is not None:
        by_axis = {axis: float(scale) for axis, scale in zip(axes, given, strict=True)}
        scales = by_axis[2], by_axis[3]
        return scales, (floor(x.shape[2] * scales[0]), floor(x.shape[3] * scales[1]))
    wanted = {axis: int(size) for axis, size in zip(axes, case.given(3), strict=True)}
    scales = wanted[2] / x.shape[2], wanted[3] / x.shape[3]
    policy = case.word("keep_aspect_ratio_policy", "stretch")
    if policy != "stretch":
        scale = min(scales) if policy == "not_larger" else max(scales)
        return (scale, scale), (floor(x.shape[2] * scale + 0.5), floor(x.shape[3] * scale + 0.5))
    return scales, (wanted[2], wanted[3])


def _nearest(before: int, size: int, scale: float, rule: str, rounding: str) -> list[int]:
    """Which cell ONNX takes for each of ``size``."""
    places = {
        "half_pixel": [(i + 0.5) / scale - 0.5 for i in range(size)],
        "asymmetric": [i / scale for i in range(size)],
        "align_corners": [i * (before - 1) / max(1, size - 1) for i in range(size)],
    }[rule]
    rounded = {
        "round_prefer_floor": lambda place: ceil(place - 0.5),
        "round_prefer_ceil": lambda place: floor(place + 0.5),
        "floor": floor,
        "ceil": ceil,
    }[rounding]
    return [min(max(rounded(place), 0), before - 1) for place in places]
