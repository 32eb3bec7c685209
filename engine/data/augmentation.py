"""More examples out of those at hand: pictures changed in ways that leave their label true.

x is (N, C, H, W) throughout, and every picture gets an amount of its own. What changes colours stands in
``colour.py``.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from math import ceil

import numpy as np

from engine.data.colour import colour_jitter
from engine.guard import guard
from engine.types import Array, Pair, ShapeError, pair


def random_horizontal_flip(x: Array, rng: np.random.Generator, *, p: float = 0.5) -> Array:
    """y[c, i, j] = x[c, i, W - 1 - j] with probability p, else x. Not for digits: a mirrored 2 is none."""
    return np.where(_each(rng.random(len(x)) < p)[..., None], x[..., ::-1], x)


def random_vertical_flip(x: Array, rng: np.random.Generator, *, p: float = 0.5) -> Array:
    """y[c, i, j] = x[c, H - 1 - i, j] with probability p, else x."""
    return np.where(_each(rng.random(len(x)) < p)[..., None], x[..., ::-1, :], x)


def random_crop(x: Array, rng: np.random.Generator, *, size: int | Pair, padding: int | Pair = 0) -> Array:
    """A piece (N, C, *size) of every picture, at a place of its own, ``padding`` zeros around the picture first.

    Raises ShapeError for a piece larger than the padded picture.
    """
    (height, width), (down, across) = pair(size, "size", least=1), pair(padding, "padding")
    padded = np.pad(x, ((0, 0), (0, 0), (down, down), (across, across)))
    room = padded.shape[2] - height, padded.shape[3] - width
    if min(room) < 0:
        raise ShapeError(
            f"A piece of {height}×{width} was asked of pictures of {x.shape[2]}×{x.shape[3]} with padding {padding}; "
            f"at most {padded.shape[2]}×{padded.shape[3]} can be had."
        )
    top, left = (rng.integers(0, free + 1, len(x)) for free in room)
    views = np.lib.stride_tricks.sliding_window_view(padded, (height, width), axis=(2, 3))
    return np.ascontiguousarray(views[np.arange(len(x)), :, top, left])


@dataclass(frozen=True)
class HeatCrop:
    """``x`` (N, C, *size) pieces; ``top`` and ``left`` (N,) are the places of their upper left corners."""

    x: Array
    top: Array
    left: Array


def heat_crop(x: Array, heat: Array, *, size: int | Pair) -> HeatCrop:
    """The piece around each picture's hottest region: (top, left) = argmax Σ_{i,j} u_i · v_j · heat[top + i, left + j].

    u = 1, 2, …, 2, 1 over the piece's rows and v over its columns: heat counts more the nearer it is to the middle.
    heat (N, h', w') of any size is first brought to the picture's. With ``engine.cam`` or ``engine.grad_cam`` as the
    heat this is supervised augmentation: a random crop may miss what gives a picture its label, and then teaches the
    wrong thing; this one keeps it.
    Raises ShapeError for a piece larger than the picture, or heat that doesn't fit.
    """
    (height, width), (n, _, rows, columns) = pair(size, "size", least=1), x.shape
    if heat.ndim != 3 or len(heat) != n:
        raise ShapeError(
            f"Heat of shape {heat.shape} was given for {n} pictures; expected ({n}, h, w), a map for each."
        )
    if height > rows or width > columns:
        raise ShapeError(f"A piece of {height}×{width} was asked of pictures of {rows}×{columns}; it must fit in.")
    enlarged = resize(heat[:, None].astype(np.float64), (rows, columns))[:, 0]
    windows = np.lib.stride_tricks.sliding_window_view
    held = windows(windows(enlarged, height, axis=1) @ _tent(height), width, axis=2) @ _tent(width)
    top, left = np.unravel_index(held.reshape(n, -1).argmax(axis=1), held.shape[1:])
    pieces = windows(x, (height, width), axis=(2, 3))
    return HeatCrop(np.ascontiguousarray(pieces[np.arange(n), :, top, left]), top, left)


def random_rotation(x: Array, rng: np.random.Generator, *, degrees: float = 15.0) -> Array:
    """Turned by up to ``degrees`` either way; 15 and 30 are usual."""
    return affine(x, turn=rng.uniform(-degrees, degrees, len(x)))


def random_scale(x: Array, rng: np.random.Generator, *, scale: tuple[float, float] = (0.8, 1.3)) -> Array:
    """Made larger or smaller about the middle, height and width alike, by a factor in ``scale``."""
    factor = rng.uniform(*scale, len(x))
    return affine(x, scale_y=factor, scale_x=factor)


def random_shift(x: Array, rng: np.random.Generator, *, translate: float = 0.1) -> Array:
    """Moved by up to ``translate`` of each side."""
    height, width = x.shape[2:]
    shift_y, shift_x = (rng.uniform(-translate, translate, len(x)) * side for side in (height, width))
    return affine(x, shift_y=shift_y, shift_x=shift_x)


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
    turn, slant = (rng.uniform(-most, most, n) for most in (degrees, shear))
    scale_y, scale_x = rng.uniform(*scale, (2, n))
    shift_y, shift_x = (rng.uniform(-translate, translate, n) * side for side in (height, width))
    return affine(x, turn=turn, slant=slant, scale_y=scale_y, scale_x=scale_x, shift_y=shift_y, shift_x=shift_x)


def affine(
    x: Array,
    *,
    turn: float | Array = 0.0,
    slant: float | Array = 0.0,
    scale_y: float | Array = 1.0,
    scale_x: float | Array = 1.0,
    shift_y: float | Array = 0.0,
    shift_x: float | Array = 0.0,
) -> Array:
    """The change that ``random_affine`` draws, with given amounts: one number for all pictures, or (N,) of them.

    ``turn`` (counter-clockwise) and ``slant`` in degrees, scales as factors, shifts in pixels: the picture moves up by
    ``shift_y`` and left by ``shift_x``. Outside the picture is 0.
    """
    n, _, height, width = x.shape
    turn, slant = np.deg2rad(_all(turn, n)), np.deg2rad(_all(slant, n))
    shrink_y, shrink_x = 1 / _all(scale_y, n), 1 / _all(scale_x, n)
    cos, sin, tan = np.cos(turn), np.sin(turn), np.tan(slant)

    i, j = np.arange(height)[:, None] - (height - 1) / 2, np.arange(width) - (width - 1) / 2
    across = j + _each(tan) * i
    source_i = _each(shrink_y) * (_each(cos) * i + _each(sin) * across) + (height - 1) / 2 + _each(_all(shift_y, n))
    source_j = _each(shrink_x) * (_each(cos) * across - _each(sin) * i) + (width - 1) / 2 + _each(_all(shift_x, n))
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


def resize(x: Array, size: int | Pair) -> Array:
    """y[n, c, i, j] = x[n, c] at ((i + ½) · H/H' - ½, (j + ½) · W/W' - ½), read bilinearly.

    x (N, C, H, W), y (N, C, *size); beyond its edge the picture goes on as its edge. As PyTorch's ``interpolate`` with
    mode="bilinear" and align_corners=False.
    """
    n, (rows, columns) = len(x), pair(size, "size", least=1)
    i, j = (
        np.clip((np.arange(new) + 0.5) * old / new - 0.5, 0, old - 1)
        for new, old in zip((rows, columns), x.shape[2:], strict=True)
    )
    return bilinear(x, np.broadcast_to(i[:, None], (n, rows, columns)), np.broadcast_to(j, (n, rows, columns)))


def gaussian_noise(x: Array, rng: np.random.Generator, *, std: float = 0.05) -> Array:
    """y = x + std · N(0, 1), for each number on its own. Nothing is cut off at 0 or 1."""
    y: Array = x + x.dtype.type(std) * rng.standard_normal(x.shape).astype(x.dtype)
    return y


def random_blur(x: Array, rng: np.random.Generator, *, sigma: tuple[float, float] = (0.1, 1.0)) -> Array:
    """Each picture blurred with a σ of its own, in pixels."""
    return gaussian_blur(x, rng.uniform(*sigma, len(x)))


def gaussian_blur(x: Array, sigma: float | Array) -> Array:
    """y = x * g with g[d] ∝ exp(-d² / 2σ²), down and across; beyond its edge the picture is mirrored.

    ``sigma`` in pixels, one for all pictures or (N,) of them, each positive. g ends at the largest 4σ, and sums to 1.
    """
    sigma = _all(sigma, len(x))
    if not (sigma > 0).all():
        raise ValueError(f"sigma={sigma.min()}: expected a positive number of pixels.")
    reach = ceil(4 * sigma.max()) if len(x) else 0
    bell = np.exp(-(np.arange(-reach, reach + 1) ** 2) / (2 * sigma[:, None] ** 2))
    bell = (bell / bell.sum(axis=1, keepdims=True)).astype(x.dtype)
    for axis in (2, 3):
        around = [(0, 0), (0, 0), (0, 0), (0, 0)]
        around[axis] = (reach, reach)
        windows = np.lib.stride_tricks.sliding_window_view(np.pad(x, around, "symmetric"), 2 * reach + 1, axis=axis)
        x = np.einsum("nchwk,nk->nchw", windows, bell)
    return x


@dataclass(frozen=True)
class Mixed:
    """``x`` (N, C, H, W), ``target`` (N, K) soft labels; ``partner`` (N,) and ``share`` say what was mixed in."""

    x: Array
    target: Array
    partner: Array
    share: float


def mixup(x: Array, target: Array, rng: np.random.Generator, *, alpha: float = 0.2) -> Mixed:
    """x' = λ·x[n] + (1 - λ)·x[partner n], and the labels in the same shares: λ ~ Beta(α, α), one for the batch.

    target (N, K): a row of shares for each example, as ``one_hot`` makes them. Here the label changes along with the
    picture. Zhang et al., "mixup: beyond empirical risk minimization", 2018.
    """
    if target.ndim != 2 or len(target) != len(x):
        raise ShapeError(f"target has shape {target.shape}; expected ({len(x)}, K). one_hot makes it from labels.")
    if not alpha > 0:
        raise ValueError(f"alpha={alpha}: expected a positive number, such as 0.2.")
    share, partner = float(rng.beta(alpha, alpha)), rng.permutation(len(x))
    mixed_x, mixed_target = ((share * a + (1 - share) * a[partner]).astype(a.dtype) for a in (x, target * 1.0))
    return Mixed(mixed_x, mixed_target, partner, share)


def predict_averaged(
    predict: Callable[[Array], Array], x: Array, transforms: Sequence[Callable[[Array], Array]]
) -> Array:
    """p[n] = (1/T) Σ_t predict(transform_t(x))[n]: test-time augmentation, one answer out of T looks at a picture.

    ``predict`` takes (N, C, H, W) and gives an array whose first axis is N, best shares of 1 (``softmax`` of scores);
    each transform takes x and gives pictures that ``predict`` takes, as ``lambda x: x[..., ::-1]`` does. Put
    ``lambda x: x`` among them to count the picture itself. Krizhevsky, Sutskever & Hinton, 2012, average ten crops.
    Raises ValueError for no transforms.
    """
    if not transforms:
        raise ValueError("predict_averaged was given no transforms; expected at least one, such as lambda x: x.")
    mean: Array = np.mean([predict(transform(x)) for transform in transforms], axis=0)
    return mean


guard(globals())

AUGMENTATIONS: dict[str, Callable[[Array, np.random.Generator], Array]] = {
    "flip": random_horizontal_flip,
    "rotate": random_rotation,
    "scale": random_scale,
    "shift": random_shift,
    "affine": random_affine,
    "colour": colour_jitter,
    "noise": gaussian_noise,
    "blur": random_blur,
}
"""Those that need nothing but pictures, by name; sizes stay as they are."""


def _tent(size: int) -> Array:
    """1, 2, …, 2, 1."""
    up: Array = np.arange(1.0, size + 1)
    return np.minimum(up, up[::-1])


def _all(value: float | Array, n: int) -> Array:
    """One number for each picture, (N,)."""
    return np.broadcast_to(np.asarray(value, dtype=np.float64), (n,))


def _each(values: Array) -> Array:
    """One number for each picture, (N,) -> (N, 1, 1)."""
    return values[:, None, None]
