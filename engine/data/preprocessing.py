"""Bringing pictures to a common middle and spread before a network sees them.

Each kind of statistics is fitted once, on the training split alone, and then applied to every split:

    scale = ZScore.fit(train_x)
    train_x, validation_x = scale.transform(train_x), scale.transform(validation_x)

Fitted on all examples, the validation split would have told the network something about itself: a leak.
x is (N, C, H, W) or (N, D) throughout.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import prod
from typing import Literal, Protocol, Self

import numpy as np

from engine.guard import expect_floats, guard
from engine.types import Array, Shape, ShapeError

Per = Literal["channel", "pixel"]


class Preprocessor(Protocol):
    """Statistics of a training split, ready to be applied."""

    @classmethod
    def fit(cls, x: Array) -> Self:
        """The statistics of these examples: give it the training split and nothing else."""
        ...

    def transform(self, x: Array) -> Array:
        """Examples of any split, brought to the training split's scale. Raises ShapeError for another kind of x."""
        ...

    def inverse(self, y: Array) -> Array:
        """Back again, to look at."""
        ...


@dataclass(frozen=True)
class MeanImage:
    """y = x - μ with μ the mean training picture, pixel by pixel. mean: (C, H, W) or (D,)."""

    mean: Array

    @classmethod
    def fit(cls, x: Array) -> Self:
        """μ = (1/N) Σ_n x[n]."""
        return cls(_examples(x).mean(axis=0, dtype=np.float64).astype(x.dtype))

    def transform(self, x: Array) -> Array:
        """x - μ."""
        return _fitting(x, self.mean.shape) - self.mean

    def inverse(self, y: Array) -> Array:
        """y + μ."""
        return _fitting(y, self.mean.shape) + self.mean


@dataclass(frozen=True)
class ChannelMean:
    """y = x - μ with one μ for each channel: all places of a picture move alike. mean: (C, 1, 1) or (D,)."""

    mean: Array

    @classmethod
    def fit(cls, x: Array) -> Self:
        """μ[c] = the mean of channel c over all examples and places."""
        axes = _axes(_examples(x), "channel")
        return cls(x.mean(axis=axes, dtype=np.float64, keepdims=True)[0].astype(x.dtype))

    def transform(self, x: Array) -> Array:
        """x - μ."""
        return _fitting(x, self.mean.shape) - self.mean

    def inverse(self, y: Array) -> Array:
        """y + μ."""
        return _fitting(y, self.mean.shape) + self.mean


@dataclass(frozen=True)
class ZScore:
    """y = (x - μ) / σ: mean 0 and standard deviation 1. mean, std: (C, 1, 1), (C, H, W) or (D,).

    What never changed in training (σ = 0: the margin of every digit) is divided by 1: it becomes 0.
    """

    mean: Array
    std: Array

    @classmethod
    def fit(cls, x: Array, per: Per = "channel") -> Self:
        """μ and σ of each channel, or of each pixel."""
        axes = _axes(_examples(x), per)
        mean = x.mean(axis=axes, dtype=np.float64, keepdims=True)[0]
        std = x.std(axis=axes, dtype=np.float64, keepdims=True)[0]
        changes = x.max(axis=axes, keepdims=True)[0] > x.min(axis=axes, keepdims=True)[0]
        return cls(mean.astype(x.dtype), np.where(changes, std, 1).astype(x.dtype))

    def transform(self, x: Array) -> Array:
        """(x - μ) / σ."""
        return (_fitting(x, self.mean.shape) - self.mean) / self.std

    def inverse(self, y: Array) -> Array:
        """y · σ + μ."""
        return _fitting(y, self.mean.shape) * self.std + self.mean


@dataclass(frozen=True)
class MinMax:
    """y = (x - low) / (high - low): the training split fills [0, 1]; others may reach beyond. Shapes as ZScore's.

    What never changed in training (high = low) becomes 0.
    """

    low: Array
    high: Array

    @classmethod
    def fit(cls, x: Array, per: Per = "channel") -> Self:
        """The smallest and the largest number of each channel, or of each pixel."""
        axes = _axes(_examples(x), per)
        return cls(x.min(axis=axes, keepdims=True)[0], x.max(axis=axes, keepdims=True)[0])

    @property
    def span(self) -> Array:
        """high - low, or 1 where that is 0."""
        span = self.high - self.low
        return np.where(span > 0, span, 1).astype(span.dtype)

    def transform(self, x: Array) -> Array:
        """(x - low) / (high - low)."""
        return (_fitting(x, self.low.shape) - self.low) / self.span

    def inverse(self, y: Array) -> Array:
        """y · (high - low) + low."""
        return _fitting(y, self.low.shape) * self.span + self.low


@dataclass(frozen=True)
class PCA:
    """y = U · (x - μ): the coordinates of x along the directions in which training examples differ most.

    mean (D,), components U (K, D) with orthonormal rows, variances λ (K,) falling, D = C·H·W; y (N, K).
    λ and the rows of U are the eigenvalues and eigenvectors of the covariance Σ = (1/N) Σ_n (x[n] - μ)(x[n] - μ)ᵀ.
    An eigenvector is as good as its opposite: here its largest entry is positive. Pearson, 1901.
    """

    mean: Array
    components: Array
    variances: Array
    shape: Shape
    """One example's own shape, for ``inverse``."""

    @classmethod
    def fit(cls, x: Array, k: int | None = None) -> Self:
        """The first k directions, all of them unless told. Raises ValueError for a k outside 1 ... D."""
        rows = _rows(_examples(x))
        size = rows.shape[1]
        if k is not None and not 1 <= k <= size:
            raise ValueError(f"k={k}: expected a number of directions from 1 to {size}, the numbers of one example.")
        mean = rows.mean(axis=0)
        centred = rows - mean
        variances, vectors = np.linalg.eigh(centred.T @ centred / len(rows))
        components = vectors.T[::-1][:k]
        largest = np.take_along_axis(components, np.abs(components).argmax(axis=1)[:, None], axis=1)
        signs = np.where(largest < 0, -1.0, 1.0)
        kept = np.maximum(variances[::-1][:k], 0)  # rounding can leave -1e-20
        return cls(mean.astype(x.dtype), (components * signs).astype(x.dtype), kept.astype(x.dtype), tuple(x.shape[1:]))

    def transform(self, x: Array) -> Array:
        """(x - μ) · Uᵀ, (N, K)."""
        return (_fitting(x, self.shape).reshape(len(x), -1) - self.mean) @ self.components.T

    def inverse(self, y: Array) -> Array:
        """y · U + μ: the example itself, or, with K < D, the nearest that K directions can make."""
        return (_fitting(y, self.variances.shape) @ self.components + self.mean).reshape(-1, *self.shape)


@dataclass(frozen=True)
class Whitening:
    """y = U · (x - μ) / √(λ + ε): no two numbers of y go together any more, and each has variance λ / (λ + ε).

    ε keeps directions in which training examples hardly differ, mostly noise, from being blown up. With ``zca``
    the result is turned back by Uᵀ, which leaves it as close to the picture as whitened numbers can be, and it keeps
    x's shape; without, y is (N, K). Bell & Sejnowski, "The 'independent components' of natural scenes are edge
    filters", 1997.
    """

    pca: PCA
    epsilon: float = 1e-5
    zca: bool = False

    @classmethod
    def fit(cls, x: Array, k: int | None = None, epsilon: float = 1e-5, zca: bool = False) -> Self:
        """μ, U and λ as PCA fits them. Raises ValueError for an ε that isn't positive."""
        if not epsilon > 0:
            raise ValueError(f"epsilon={epsilon}: expected a positive number, such as 1e-5; it is divided by.")
        return cls(PCA.fit(x, k), epsilon, zca)

    @property
    def scale(self) -> Array:
        """√(λ + ε)."""
        scale: Array = np.sqrt(self.pca.variances + self.pca.variances.dtype.type(self.epsilon))
        return scale

    def transform(self, x: Array) -> Array:
        """U · (x - μ) / √(λ + ε), turned back with ``zca``."""
        y = self.pca.transform(x) / self.scale
        return (y @ self.pca.components).reshape(x.shape) if self.zca else y

    def inverse(self, y: Array) -> Array:
        """The way back, as far as the kept directions reach."""
        if self.zca:
            y = _fitting(y, self.pca.shape).reshape(len(y), -1) @ self.pca.components.T
        return self.pca.inverse(y * self.scale)


PREPROCESSORS: dict[str, type[Preprocessor]] = {
    "mean_image": MeanImage,
    "channel_mean": ChannelMean,
    "z_score": ZScore,
    "min_max": MinMax,
    "pca": PCA,
    "whitening": Whitening,
}


def _examples(x: Array) -> Array:
    """x itself, if statistics can be taken of it."""
    expect_floats("fit", "x", x)
    if x.ndim not in (2, 4) or not x.size:
        raise ShapeError(
            f"Statistics were asked of an array of shape {x.shape}; expected at least one example, (N, C, H, W) or "
            "(N, D)."
        )
    return x


def _axes(x: Array, per: Per) -> tuple[int, ...]:
    """The axes to take statistics over: examples, and for a channel's also its places."""
    if per not in ("channel", "pixel"):
        raise ValueError(f"per={per!r}: expected 'channel' or 'pixel'.")
    return (0, 2, 3) if per == "channel" and x.ndim == 4 else (0,)


def _rows(x: Array) -> Array:
    return x.reshape(len(x), -1).astype(np.float64)


def _fitting(x: Array, fitted: Shape) -> Array:
    """x itself, if one example of it goes with statistics of this shape. Raises ShapeError."""
    shape = x.shape[1:]
    if len(shape) == len(fitted) and all(f in (1, size) for f, size in zip(fitted, shape, strict=True)):
        return x
    hint = f" x.reshape(-1, {', '.join(map(str, fitted))}) would work." if prod(shape) == prod(fitted) else ""
    raise ShapeError(f"These statistics belong to examples of shape {fitted}; x has shape {x.shape}.{hint}")


guard(globals())
