"""Drawn layers with an input that fits them: Hypothesis shrinks a failure to the smallest such pair."""

from hypothesis import assume
from hypothesis import strategies as st

from engine import AvgPool2d, Conv2d, MaxPool2d
from engine.layers.padding import PaddingMode
from engine.types import Shape

Pair = tuple[int, int]
MODES: tuple[PaddingMode, ...] = ("zeros", "zeros", "zeros", "reflect", "replicate", "circular")


def pairs(least: int, most: int) -> st.SearchStrategy[Pair]:
    return st.tuples(st.integers(least, most), st.integers(least, most))


@st.composite
def images(draw: st.DrawFn, kernel: Pair, padding: Pair, dilation: Pair, over: Pair = (0, 0)) -> Pair:
    """A height and a width on which the kernel has at least one place, often just that one.

    With sizes rounded up it may reach ``over`` by so many rows and columns.
    """
    sizes = []
    for k, p, d, o in zip(kernel, padding, dilation, over, strict=True):
        least = max(1, d * (k - 1) + 1 - 2 * p - o)
        sizes.append(draw(st.integers(least, least + 4)))
    return sizes[0], sizes[1]


@st.composite
def convolutions(draw: st.DrawFn, *, zeros_only: bool = False) -> tuple[Conv2d, Shape]:
    """Most with so many zeros around x as they are asked for; unless zeros_only, the others "same" or x around x."""
    groups = draw(st.integers(1, 3))
    kernel, stride = draw(pairs(1, 3)), draw(pairs(1, 3))
    padding, dilation = draw(pairs(0, 3)), draw(pairs(1, 3))
    same, mode = False, MODES[0]
    if not zeros_only:
        same, mode = draw(st.sampled_from([False, False, True])), draw(st.sampled_from(MODES))
    layer = Conv2d(
        groups * draw(st.integers(1, 2)),
        groups * draw(st.integers(1, 2)),
        kernel,
        1 if same else stride,
        "same" if same else padding,
        dilation,
        groups,
        bias=draw(st.booleans()),
        padding_mode=mode,
    )
    left, right, top, bottom = layer.sides
    height, width = draw(pairs(1, 5)) if same else draw(images(kernel, padding, dilation))
    if mode in ("reflect", "circular"):
        more = 1 if mode == "reflect" else 0
        height, width = max(height, top + more, bottom + more), max(width, left + more, right + more)
    return layer, (layer.in_channels, height, width)


@st.composite
def pooling_windows(draw: st.DrawFn) -> tuple[Pair, Pair, Pair]:
    """Kernel, stride, and a padding of at most half the kernel, as pooling asks for."""
    kernel = draw(pairs(1, 4))
    padding = draw(st.tuples(*(st.integers(0, k // 2) for k in kernel)))
    return kernel, draw(pairs(1, 3)), padding


@st.composite
def max_pools(draw: st.DrawFn) -> tuple[MaxPool2d, Shape]:
    kernel, stride, padding = draw(pooling_windows())
    dilation, ceil_mode = draw(pairs(1, 2)), draw(st.booleans())
    image = draw(images(kernel, padding, dilation, _over(stride, ceil_mode)))
    # A window whose cells straddle a tiny image reads padding alone: its maximum is of nothing.
    assume(all(size >= d for size, d in zip(image, dilation, strict=True)))
    return MaxPool2d(kernel, stride, padding, dilation, ceil_mode=ceil_mode), (draw(st.integers(1, 2)), *image)


@st.composite
def avg_pools(draw: st.DrawFn) -> tuple[AvgPool2d, Shape]:
    kernel, stride, padding = draw(pooling_windows())
    ceil_mode = draw(st.booleans())
    layer = AvgPool2d(kernel, stride, padding, ceil_mode, count_include_pad=draw(st.booleans()))
    return layer, (draw(st.integers(1, 2)), *draw(images(kernel, padding, (1, 1), _over(stride, ceil_mode))))


def _over(stride: Pair, ceil_mode: bool) -> Pair:
    return (stride[0] - 1, stride[1] - 1) if ceil_mode else (0, 0)
