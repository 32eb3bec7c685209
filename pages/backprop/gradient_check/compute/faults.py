"""Layers of ``right.py`` with exactly one wrong line in ``backward``. Each still fits: no shape gives it away."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from engine.kernels import window
from engine.losses.softmax import one_hot
from engine.types import Array, Cache, Params
from pages.backprop.gradient_check.compute import right


@dataclass(frozen=True)
class ConvPaddedByEdges(right.Conv):
    """dy is framed with copies of its border instead of zeros: beyond the last place there was no output."""

    def backward(self, params: Params, cache: Cache, dy: Array) -> tuple[Array, Params]:
        """dW, db and dx as in ``right.Conv``, but for one line."""
        x, weight, p = cache["x"], params["weight"], self.geometry[1][0]
        dbias = dy.sum(axis=(0, 2, 3))
        seen = window.windows(window.pad(x, (p, p)), self.kernel, (1, 1), (1, 1))
        dweight = np.einsum("nkij,ncijab->kcab", dy, seen)
        q = weight.shape[2] - 1 - p
        framed = np.pad(dy, ((0, 0), (0, 0), (q, q), (q, q)), mode="edge")
        fed = window.windows(framed, self.kernel, (1, 1), (1, 1))
        turned = weight[:, :, ::-1, ::-1]
        dx = np.einsum("nkuvab,kcab->ncuv", fed, turned)
        return dx, {"weight": dweight, "bias": dbias}


@dataclass(frozen=True)
class ConvNotTurned(right.Conv):
    """The kernel goes back the way it came, not turned by 180°."""

    def backward(self, params: Params, cache: Cache, dy: Array) -> tuple[Array, Params]:
        """dW, db and dx as in ``right.Conv``, but for one line."""
        x, weight, p = cache["x"], params["weight"], self.geometry[1][0]
        dbias = dy.sum(axis=(0, 2, 3))
        seen = window.windows(window.pad(x, (p, p)), self.kernel, (1, 1), (1, 1))
        dweight = np.einsum("nkij,ncijab->kcab", dy, seen)
        q = weight.shape[2] - 1 - p
        framed = np.pad(dy, ((0, 0), (0, 0), (q, q), (q, q)))
        fed = window.windows(framed, self.kernel, (1, 1), (1, 1))
        turned = weight
        dx = np.einsum("nkuvab,kcab->ncuv", fed, turned)
        return dx, {"weight": dweight, "bias": dbias}


@dataclass(frozen=True)
class NormWithoutMean(right.Norm):
    """The way through the mean is forgotten."""

    def backward(self, params: Params, cache: Cache, dy: Array) -> tuple[Array, Params]:
        """dγ, dβ and dx as in ``right.Norm``, but for one line."""
        x_hat, inv_std, over = cache["x_hat"], cache["inv_std"], (0, 2, 3)
        dbias = dy.sum(axis=over)
        dweight = (dy * x_hat).sum(axis=over)
        dx_hat = dy * params["weight"].reshape(1, -1, 1, 1)
        shift = np.zeros_like(inv_std)
        stretch = (dx_hat * x_hat).mean(axis=over, keepdims=True)
        dx = inv_std * (dx_hat - shift - x_hat * stretch)
        return dx, {"weight": dweight, "bias": dbias}


@dataclass(frozen=True)
class ReluGatedByGradient(right.Relu):
    """The gate asks whether dy is positive, not whether x was."""

    def backward(self, params: Params, cache: Cache, dy: Array) -> tuple[Array, Params]:
        """dx as in ``right.Relu``, but for one line."""
        passed = dy > 0
        dx = dy * passed
        return dx, {}


@dataclass(frozen=True)
class PoolToFirstCell(right.Pool):
    """Every window's first cell is paid, whoever won."""

    def backward(self, params: Params, cache: Cache, dy: Array) -> tuple[Array, Params]:
        """dx as in ``right.Pool``, but for one line."""
        dx, size = np.zeros_like(cache["x"]), self.geometry[0][1]
        for n, c, i, j in np.ndindex(*dy.shape):
            row, column = divmod(0, size)
            dx[n, c, i * size + row, j * size + column] += dy[n, c, i, j]
        return dx, {}


@dataclass(frozen=True)
class LinearTransposed(right.Linear):
    """dW is x.T @ dy: of a square weight the transposed gradient, and it fits."""

    def backward(self, params: Params, cache: Cache, dy: Array) -> tuple[Array, Params]:
        """dW, db and dx as in ``right.Linear``, but for one line."""
        x, weight = cache["x"], params["weight"]
        dweight = x.T @ dy
        dbias = dy.sum(axis=0)
        dx = dy @ weight
        return dx, {"weight": dweight, "bias": dbias}


@dataclass(frozen=True)
class LinearBiasOfOne(right.Linear):
    """The bias hears the first example only."""

    def backward(self, params: Params, cache: Cache, dy: Array) -> tuple[Array, Params]:
        """dW, db and dx as in ``right.Linear``, but for one line."""
        x, weight = cache["x"], params["weight"]
        dweight = dy.T @ x
        dbias = dy[0]
        dx = dy @ weight
        return dx, {"weight": dweight, "bias": dbias}


@dataclass(frozen=True)
class LossNotAveraged(right.Loss):
    """The mean over the batch is forgotten on the way back."""

    def backward(self, cache: Cache, dy: float | Array | None = None) -> Array:
        """dz as in ``right.Loss``, but for one line."""
        p = cache["p"]
        wanted = one_hot(cache["target"], p.shape[1], p.dtype)
        dz: Array = p - wanted
        return dz
