"""The words of the loops over maps: where a kernel fits, and which cells lie under it."""

from __future__ import annotations

from collections.abc import Iterator

from engine.types import Array, Pair


def places(size: int, kernel: int, stride: int, padding: int, dilation: int = 1, ceil_mode: bool = False) -> int:
    """How often a kernel fits along an axis: its first cell starts at 0, stride, 2·stride, ...

    Its last cell, dilation · (kernel - 1) further on, must still lie on the padded axis. With ceil_mode one more
    kernel may reach over the end, if it starts before the padding there.
    """
    last_start = size + 2 * padding - dilation * (kernel - 1) - 1
    if ceil_mode:
        return len(range(0, min(last_start + stride, size + padding), stride))
    return len(range(0, last_start + 1, stride))


def covered(x: Array, i: int, j: int, kernel: Pair, stride: Pair, padding: Pair) -> int:
    """How many cells of the kernel at place (i, j) lie on the padded x: all, but for a last one that reaches over."""
    rows, columns = (
        min(k, int(size) + 2 * p - at * s)
        for at, size, k, s, p in zip((i, j), x.shape[2:], kernel, stride, padding, strict=True)
    )
    return rows * columns


def window(
    x: Array, i: int, j: int, kernel: Pair, stride: Pair, padding: Pair, dilation: Pair = (1, 1)
) -> Iterator[tuple[int, int, int, int]]:
    """The cells of x under the kernel at place (i, j): (a, b, row, column), the padding left out."""
    H, W = x.shape[2:]
    for a in range(kernel[0]):
        for b in range(kernel[1]):
            row = i * stride[0] + a * dilation[0] - padding[0]
            column = j * stride[1] + b * dilation[1] - padding[1]
            if 0 <= row < H and 0 <= column < W:
                yield a, b, row, column
