"""Batch normalisation, and the standardising that all normalisations share."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Sequence
from dataclasses import dataclass
from math import prod
from typing import ClassVar

import numpy as np
import numpy.typing as npt

from engine.initializers import HeNormal
from engine.kernels.channels import laid_over, total, total_of_products
from engine.types import Array, Cache, Initializer, Params, Shape, expect_counts, expect_shape

Axes = Sequence[int]


def count(x: Array, axes: Axes) -> int:
    """How many numbers lie along these axes, also where there is no example."""
    return prod(x.shape[axis] for axis in axes)


def standardise(x: Array, eps: float, axes: Axes) -> tuple[Array, Array, Array, Array]:
    """x_hat = (x - mean) / √(var + eps) by x's own mean and (biased) variance over these axes.

    Returns x_hat, 1 / √(var + eps), mean and var; the last three keep the axes with length 1.
    """
    m = x.dtype.type(count(x, axes))
    mean = total(x, axes) / m
    x_hat = x - laid_over(x, mean)
    var = total_of_products(x_hat, x_hat, axes) / m
    inv_std = inverse_std(var, eps)
    x_hat *= inv_std
    return x_hat, inv_std, mean, var


def inverse_std(var: Array, eps: float) -> Array:
    """1 / √(var + eps): eps keeps a feature that never varies from dividing by 0."""
    inv_std: Array = 1 / np.sqrt(var + var.dtype.type(eps))
    return inv_std


def standardise_backward(dx_hat: Array, x_hat: Array, inv_std: Array, axes: Axes) -> Array:
    """dx = inv_std · (dx_hat - mean(dx_hat) - x_hat · mean(dx_hat · x_hat)), the means taken over ``axes``.

    For statistics that were x's own. A change of x that only shifts it, or only stretches it, is undone by the
    normalisation: the two means take these two directions out of the gradient.
    """
    m = dx_hat.dtype.type(count(dx_hat, axes))
    shift = total(dx_hat, axes) / m
    stretch = total_of_products(dx_hat, x_hat, axes) / m
    dx: Array = x_hat * stretch
    np.subtract(dx_hat, dx, out=dx)
    dx -= shift
    dx *= inv_std
    return dx


def scale_and_shift(x_hat: Array, params: Params, shape: Shape) -> Array:
    """y = γ · x_hat + β, weight (γ) and bias (β) seen with ``shape``; either may be missing."""
    y = x_hat * laid_over(x_hat, params["weight"].reshape(shape)) if "weight" in params else x_hat.copy(order="K")
    if "bias" in params:
        y += params["bias"].reshape(shape)
    return y


def scale_and_shift_backward(params: Params, x_hat: Array, dy: Array, shape: Shape) -> tuple[Array, Params]:
    """dx_hat = dy · γ, dγ = Σ dy · x_hat, dβ = Σ dy: each γ and β collects every number that it served."""
    served = tuple(axis for axis, size in enumerate(shape) if size == 1)
    grads, dx_hat = {}, dy
    if "weight" in params:
        grads["weight"] = total_of_products(dy, x_hat, served).reshape(params["weight"].shape)
        dx_hat = dy * params["weight"].reshape(shape)
    if "bias" in params:
        grads["bias"] = total(dy, served).reshape(params["bias"].shape)
    return dx_hat, grads


@dataclass(frozen=True)
class BatchNorm(ABC):
    """y = γ · (x - μ) / √(σ² + ε) + β for each feature or channel, with μ, σ² taken over the batch.

    In training μ and σ² are this batch's, over N (and L, or H and W), and the running averages move a step of
    ``momentum`` towards them: running = (1 - momentum) · running + momentum · batch's, the variance unbiased
    (over m - 1). momentum=None averages all batches equally. With train=False the running averages are used,
    so that an example's y doesn't depend on its neighbours.

    weight (γ), bias (β): (num_features,), learned. running_mean, running_var (num_features,) and
    num_batches_tracked (a count, int64) are buffers: forward(train=True) hands on their new values in its cache.
    Raises ShapeError for another number of features, ValueError for training on one number per feature.
    Ioffe & Szegedy, "Batch normalization: accelerating deep network training", 2015.
    """

    num_features: int
    eps: float = 1e-5
    momentum: float | None = 0.1
    affine: bool = True
    track_running_stats: bool = True

    buffers: ClassVar[tuple[str, ...]] = ("running_mean", "running_var", "num_batches_tracked")

    def __post_init__(self) -> None:
        expect_counts(type(self).__name__, num_features=self.num_features)

    def init(
        self,
        rng: np.random.Generator,
        initializer: Initializer = HeNormal(),
        dtype: npt.DTypeLike = np.float32,
    ) -> Params:
        """γ = 1, β = 0, running mean 0, running variance 1, no batch seen; nothing is drawn."""
        params: Params = {}
        if self.affine:
            params |= {"weight": np.ones(self.num_features, dtype), "bias": np.zeros(self.num_features, dtype)}
        if self.track_running_stats:
            params["running_mean"] = np.zeros(self.num_features, dtype)
            params["running_var"] = np.ones(self.num_features, dtype)
            params["num_batches_tracked"] = np.zeros((), np.int64)
        return params

    @abstractmethod
    def output_shape(self, shape: Shape) -> Shape:
        """The input's own shape."""

    def forward(
        self, params: Params, x: Array, *, train: bool = False, rng: np.random.Generator | None = None
    ) -> tuple[Array, Cache]:
        """Nine small steps, m being how many numbers a feature has in the batch.

        1. μ = Σ x / m.  2. c = x - μ.  3. q = c².  4. σ² = Σ q / m.  5. s = √(σ² + ε).  6. r = 1 / s.
        7. x̂ = c · r.  8. g = γ · x̂.  9. y = g + β.
        With running averages 1 and 4 are given.
        """
        self.output_shape(x.shape[1:])
        axes, across = self._axes(x)
        cache: Params = {}
        if train or not self.track_running_stats:
            self._expect_several(x)
            x_hat, inv_std, mean, var = standardise(x, self.eps, axes)
            cache |= {"batch_mean": mean, "batch_var": var}
            if train and self.track_running_stats:
                cache |= self._moved(params, mean.reshape(-1), var.reshape(-1), x.size // self.num_features)
        else:
            inv_std = inverse_std(params["running_var"].reshape(across), self.eps)
            x_hat = x - params["running_mean"].reshape(across)
            x_hat *= inv_std
        return scale_and_shift(x_hat, params, across), {"x_hat": x_hat, "inv_std": inv_std, **cache}

    def _axes(self, x: Array) -> tuple[Axes, Shape]:
        """The axes that a feature's numbers lie along, and the shape that lays a feature's own number over them."""
        return (0, *range(2, x.ndim)), (1, -1, *(1,) * (x.ndim - 2))

    def _expect_several(self, x: Array) -> None:
        if x.size <= self.num_features:
            raise ValueError(
                f"{self!r} was given a batch of shape {x.shape} to normalise by its own statistics, with "
                + ("no number for each feature, which has no mean." if not x.size else "one number for each feature: ")
                + ("minus its own mean that is always 0." if x.size else "")
                + " At least two examples, or train=False, work."
            )

    def _moved(self, params: Params, mean: Array, var: Array, count: int) -> Params:
        """The buffers after this batch."""
        seen = params["num_batches_tracked"] + 1
        step = mean.dtype.type(1 / seen if self.momentum is None else self.momentum)
        unbiased = var * mean.dtype.type(count / (count - 1))
        return {
            "running_mean": params["running_mean"] * (1 - step) + mean * step,
            "running_var": params["running_var"] * (1 - step) + unbiased * step,
            "num_batches_tracked": np.asarray(seen),
        }

    def backward(self, params: Params, cache: Cache, dy: Array) -> tuple[Array, Params]:
        """The nine steps backwards, all sums over the m numbers of a feature.

        9'. dg = dy;                         dβ = Σ dy.
        8'. dx̂ = dg · γ;                     dγ = Σ dg · x̂.
        7'. x̂ = c · r:                       dr = Σ dx̂ · c, and c gets dx̂ · r.
        6'. r = 1/s:                         ds = dr · (-1/s²).
        5'. s = √(σ² + ε):                   dσ² = ds / (2s).
        4'. σ² = Σ q / m:                    dq = dσ² / m, the same for all.
        3'. q = c²:                          c gets 2c · dq as well; both of its ways add up to dc.
        2'. c = x - μ:                       x gets dc, dμ = -Σ dc.
        1'. μ = Σ x / m:                     x gets dμ / m as well.
        Put together (6' to 3' give c the share -x̂ · r · Σ(dx̂ · x̂) / m; Σ c = 0 keeps it out of dμ):
            dx = r · (dx̂ - Σ dx̂ / m - x̂ · Σ (dx̂ · x̂) / m).
        A feature has one γ for all its numbers, so the sums are γ · dβ and γ · dγ, which are known by then:
            dx = γ · r · (dy - dβ / m - x̂ · dγ / m).
        Running averages don't move with x: then 7' is the end, dx = dy · γ · r.
        """
        x_hat, (axes, across) = cache["x_hat"], self._axes(dy)
        dweight, dbias = total_of_products(dy, x_hat, axes), total(dy, axes)
        scale, grads = cache["inv_std"], {}
        if self.affine:
            scale = scale * params["weight"].reshape(across)
            grads = {"weight": dweight.reshape(-1), "bias": dbias.reshape(-1)}
        if "batch_mean" not in cache:
            return dy * scale, grads
        m = dy.dtype.type(dy.size // self.num_features)
        dx: Array = x_hat * laid_over(x_hat, dweight / -m)
        dx += dy
        dx -= dbias / m
        dx *= scale
        return dx, grads


@dataclass(frozen=True)
class BatchNorm1d(BatchNorm):
    """y = γ · (x - μ) / √(σ² + ε) + β for each feature, μ and σ² over N (and L): see ``BatchNorm``.

    x (N, num_features) or (N, num_features, L), y alike.
    """

    def output_shape(self, shape: Shape) -> Shape:
        """The input's own shape."""
        axes = "num_features, L" if len(shape) == 2 else "num_features"
        expect_shape(shape, axes, {"num_features": self.num_features}, self)
        return shape


@dataclass(frozen=True)
class BatchNorm2d(BatchNorm):
    """y = γ · (x - μ) / √(σ² + ε) + β for each channel, μ and σ² over N, H and W: see ``BatchNorm``.

    x (N, num_features, H, W), y alike.
    """

    def output_shape(self, shape: Shape) -> Shape:
        """The input's own shape."""
        expect_shape(shape, "num_features, H, W", {"num_features": self.num_features}, self)
        return shape
