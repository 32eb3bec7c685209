"""Where a window of ONNX's lies: its attributes in the words of the engine."""

from dataclasses import dataclass
from math import ceil

from engine.types import Pair, Shape
from tests.engine.onnx_nodes.node import Case, NotExpressible


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
            sizes = case.given(0).shape[2:]
            pads = tuple(  # type: ignore[assignment]
                _same(size, k, s, d, auto == "SAME_UPPER")
                for size, k, s, d in zip(sizes, kernel, stride, dilation, strict=True)
            )
        return cls(kernel, stride, dilation, pads)

    def symmetric(self) -> Pair:
        """The padding, if it is the same on opposite sides."""
        if any(before != after for before, after in self.pads):
            raise NotExpressible("padding that differs from side to side")
        return self.pads[0][0], self.pads[1][0]


def _same(size: int, kernel: int, stride: int, dilation: int, upper: bool) -> Pair:
    """So much padding that ⌈size / stride⌉ places fit; an odd row stands at the end, with SAME_LOWER at the start."""
    total = max(0, (ceil(size / stride) - 1) * stride + dilation * (kernel - 1) + 1 - size)
    less, more = total // 2, total - total // 2
    return (less, more) if upper else (more, less)
