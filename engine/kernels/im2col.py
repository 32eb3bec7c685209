"""A convolution as one matrix product."""

from __future__ import annotations

from engine.kernels import window
from engine.types import Array, Pair


def im2col(x: Array, kernel: Pair, stride: Pair = (1, 1), padding: Pair = (0, 0), dilation: Pair = (1, 1)) -> Array:
    """X_col[n, (c·kh + a)·kw + b, i·OW + j] = x[n, c, i·s + a·d - p, j·s + b·d - p]: each patch is a column.

    x (N, C, H, W), X_col (N, C·kh·kw, OH·OW). With the weight (K, C, kh, kw) read as W_row (K, C·kh·kw),
    a convolution is

        Y_row = W_row @ X_col + b,   (K, OH·OW), which is y (K, OH, OW) row by row.

    A pixel that lies in several patches is copied into several columns: kh·kw times as much memory for a stride of 1.
    PyTorch calls it ``unfold``. Chellapilla, Puri & Simard, "High performance convolutional neural networks for
    document processing", 2006.
    """
    patches = window.windows(window.pad(x, padding), kernel, stride, dilation)
    n, c, oh, ow, kh, kw = patches.shape
    return patches.transpose(0, 1, 4, 5, 2, 3).reshape(n, c * kh * kw, oh * ow)
