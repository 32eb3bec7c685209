"""Changes of colour that leave the label true. x is (N, 3, H, W), red, green, blue in [0, 1].

HSV says a colour by hue (its place on the colour circle, 0 and 1 both being red), saturation (0 is grey) and value
(the largest of the three). Smith, "Color gamut transform pairs", 1978.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Self

import numpy as np

from engine.guard import expect_floats, guard
from engine.types import Array, ShapeError


def rgb_to_hsv(x: Array) -> Array:
    """v = max, s = (max - min) / max, h = 1/6 · place of the largest on the circle. (N, 3, H, W) both ways.

    Grey has no hue; it is given 0.
    """
    _expect_colours(x)
    red, green, blue = x[:, 0], x[:, 1], x[:, 2]
    value = x.max(axis=1)
    chroma = value - x.min(axis=1)
    some = np.where(chroma > 0, chroma, 1)
    hue = np.select(
        [chroma == 0, value == red, value == green],
        [np.zeros_like(value), (green - blue) / some % 6, (blue - red) / some + 2],
        (red - green) / some + 4,
    )
    return np.stack([hue / 6, chroma / np.where(value > 0, value, 1), value], axis=1).astype(x.dtype)


def hsv_to_rgb(x: Array) -> Array:
    """The way back: channel n is v - v·s·max(0, min(k, 4 - k, 1)), k = (n + 6h) mod 6, n = 5, 3, 1."""
    _expect_colours(x)
    hue, saturation, value = x[:, 0], x[:, 1], x[:, 2]
    channels = []
    for n in (5, 3, 1):
        k = (n + 6 * hue) % 6
        channels.append(value - value * saturation * np.clip(np.minimum(k, 4 - k), 0, 1))
    return np.stack(channels, axis=1).astype(x.dtype)


def colour_jitter(
    x: Array, rng: np.random.Generator, *, hue: float = 0.05, saturation: float = 0.3, value: float = 0.3
) -> Array:
    """Each picture in slightly other colours: h + U(-hue, hue), s and v times U(1 - amount, 1 + amount), within [0, 1].

    Grey pictures (N, 1, H, W) have a value alone, and only that is changed.
    """
    n = len(x)
    turn, *factors = (
        rng.uniform(middle - most, middle + most, (n, 1, 1)) for middle, most in ((0, hue), (1, saturation), (1, value))
    )
    if x.ndim == 4 and x.shape[1] == 1:
        return np.clip(x * factors[1][:, None], 0, 1).astype(x.dtype)
    h, s, v = rgb_to_hsv(x).transpose(1, 0, 2, 3)
    moved = np.stack([(h + turn) % 1, np.clip(s * factors[0], 0, 1), np.clip(v * factors[1], 0, 1)], axis=1)
    return hsv_to_rgb(moved.astype(x.dtype))


@dataclass(frozen=True)
class ColourAxes:
    """The directions in which a training set's pixels differ: p_i = axes[i] with variances λ_i = variances[i], falling.

    ``scale`` (3,) are the units of red, green and blue: 1, or each channel's own standard deviation.
    """

    axes: Array
    variances: Array
    scale: Array

    @classmethod
    def fit(cls, x: Array, *, standardise: bool = False) -> Self:
        """Eigenvectors and eigenvalues of the 3×3 covariance of all pixels of the training split.

        ``standardise`` brings each channel to standard deviation 1 first, so that a channel of strong contrast has
        no more say than the others.
        """
        _expect_colours(x)
        pixels = x.transpose(0, 2, 3, 1).reshape(-1, 3).astype(np.float64)
        scale = np.maximum(pixels.std(axis=0), 1e-12) if standardise else np.ones(3)
        centred = (pixels - pixels.mean(axis=0)) / scale
        variances, vectors = np.linalg.eigh(centred.T @ centred / len(pixels))
        return cls(vectors.T[::-1], np.maximum(variances[::-1], 0), scale)

    def shift(self, alpha: Array) -> Array:
        """scale · Σ_i α_i·λ_i·p_i: alpha (N, 3) -> what is added to red, green and blue, (N, 3)."""
        shift: Array = (alpha * self.variances) @ self.axes * self.scale
        return shift


def fancy_pca(x: Array, rng: np.random.Generator, colours: ColourAxes, *, std: float = 0.1) -> Array:
    """y = x + Σ_i α_i·λ_i·p_i for all pixels of a picture alike, α_i ~ N(0, std²) drawn anew for each picture.

    As if the same thing stood in other light. λ is a variance, so how strong the change is hangs on the scale of x:
    it is made for [0, 1]. With axes that were fitted with ``standardise`` this is the PCA jitter of other texts.
    Nothing is cut off at 0 or 1. Krizhevsky et al., "ImageNet classification …", 2012.
    """
    _expect_colours(x)
    shift = colours.shift(rng.normal(0, std, (len(x), 3)))
    y: Array = x + shift[:, :, None, None].astype(x.dtype)
    return y


def _expect_colours(x: Array) -> None:
    expect_floats("ColourAxes.fit", "x", x)
    if x.ndim != 4 or x.shape[1] != 3:
        raise ShapeError(f"Colours were asked of an array of shape {x.shape}; expected (N, 3, H, W): red, green, blue.")


guard(globals())
