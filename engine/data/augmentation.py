"""More examples out of those at hand: pictures changed in ways that leave their label true."""

from __future__ import annotations

import numpy as np

from engine.types import Array


def random_affine(
    x: Array,
    rng: np.random.Generator,
    *,
    degrees: float = 10.0,
    translate: float = 0.05,
    scale: tuple[float, float] = (0.9, 1.1),
    shear: float = 10.0,
) -> Array:
    """Turn, move, scale and slant every picture by an amount of its own.

    y[c, i, j] = x[c, A @ (i - m, j - m) + m + t], read bilinearly, 0 outside

    x (N, C, H, W), y the same shape and dtype; m is the picture's middle. A turns by up to ``degrees`` either way,
    scales height and width by factors in ``scale``, and slants by up to ``shear`` degrees; t is up to
    ``translate`` of each side. Names as in torchvision's ``RandomAffine``.
    """
    n, _, height, width = x.shape
    turn, slant = (np.deg2rad(rng.uniform(-most, most, n)) for most in (degrees, shear))
    scale_y, scale_x = 1 / rng.uniform(*scale, (2, n))
    cos, sin, tan = np.cos(turn), np.sin(turn), np.tan(slant)
    t_y, t_x = (rng.uniform(-translate, translate, n) * side for side in (height, width))

    i, j = np.arange(height)[:, None] - (height - 1) / 2, np.arange(width) - (width - 1) / 2
    across = j + _each(tan) * i
    source_i = _each(scale_y) * (_each(cos) * i + _each(sin) * across) + (height - 1) / 2 + _each(t_y)
    source_j = _each(scale_x) * (_each(cos) * across - _each(sin) * i) + (width - 1) / 2 + _each(t_x)
    return bilinear(x, source_i, source_j)


def bilinear(x: Array, i: Array, j: Array) -> Array:
    """y[n, c, h, w] = x[n, c] at row i[n, h, w] and column j[n, h, w], between the four nearest pixels; 0 outside.

    x (N, C, H, W), i and j (N, H', W') -> y (N, C, H', W') in x's dtype.
    """
    n, _, height, width = x.shape
    padded = np.pad(x, ((0, 0), (0, 0), (1, 2), (1, 2)))
    i, j = np.clip(i + 1, 0, height + 1), np.clip(j + 1, 0, width + 1)
    top, left = i.astype(np.intp), j.astype(np.intp)
    down, right = (i - top)[..., None], (j - left)[..., None]
    which = np.arange(n)[:, None, None]
    upper = padded[which, :, top, left] * (1 - right) + padded[which, :, top, left + 1] * right
    lower = padded[which, :, top + 1, left] * (1 - right) + padded[which, :, top + 1, left + 1] * right
    return np.ascontiguousarray((upper * (1 - down) + lower * down).transpose(0, 3, 1, 2).astype(x.dtype))


def _each(values: Array) -> Array:
    """One number for each picture, (N,) -> (N, 1, 1)."""
    return values[:, None, None]
