"""Where a window of ONNX's lies: its attributes in the words of the engine."""

from dataclasses import dataclass
from math import ceil

from engine.layers.padding import Sides
from engine.types import Pair, Shape
from tests.engine.onnx_nodes.node import Case


def pair_of(case: Case, name: str, default: int) -> Pair:
    """An attribute (height, width)."""
    height, width = case.attributes.get(name, (default, default))
    return int(height), int(width)


@dataclass(frozen=True)
class Window:
    """Kernel, stride and dilation as (height, width), padding as ((top, bottom), (left, right))."""

    kernel: Pair
    stride: Pair
    dilation: Pair
    pads: tuple[Pair, Pair]

    @classmethod
    def of(cls, case: Case) -> "Window":
        """From ``kernel_shape`` (or the weight), ``strides``, ``dilations``, and ``pads`` or ``auto_pad``."""
        shape: Shape = case.attributes.get("kernel_shape", ())
        kernel = (int(shape[0]), int(shape[1])) if shape else (case.given(1).shape[2], case.given(1).shape[3])
        stride, dilation = pair_of(case, "strides", 1), pair_of(case, "dilations", 1)
        top, left, bottom, right = case.attributes.get("pads", (0, 0, 0, 0))
        pads = (top, bottom), (left, right)
        auto = case.word("auto_pad", "NOTSET")
        if auto.startswith("SAME"):
            down, across = (
                _same(size, k, s, d, auto == "SAME_UPPER")
                for size, k, s, d in zip(case.given(0).shape[2:], kernel, stride, dilation, strict=True)
            )
            pads = down, across
        return cls(kernel, stride, dilation, pads)

    @property
    def symmetric(self) -> bool:
        """Whether the padding is the same on opposite sides."""
        return all(before == after for before, after in self.pads)

    @property
    def padding(self) -> Pair:
        """That padding, as the engine's layers take it."""
        return self.pads[0][0], self.pads[1][0]

    @property
    def sides(self) -> Sides:
        """All four, as a layer that pads takes them."""
        (top, bottom), (left, right) = self.pads
        return left, right, top, bottom


def _same(size: int, kernel: int, stride: int, dilation: int, upper: bool) -> Pair:
    """So much padding that ⌈size / stride⌉ places fit; an odd row stands at the end, with SAME_LOWER at the start."""
    total = max(0, (ceil(size / stride) - 1) * stride + dilation * (kernel - 1) + 1 - size)
    less, more = total // 2, total - total // 2
    return (less, more) if upper else (more, less)
