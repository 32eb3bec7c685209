"""The layers of the small network with their backward passes written out, a line a thought.

Forwards they are the engine's own layers. First they are right; then come layers with exactly one wrong line in
``backward``, and each still fits: no shape gives it away. Shapes as in ``engine.layers``; the loss is softmax
cross-entropy, the mean over the batch.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from engine import layers, losses
from engine.kernels import window
from engine.losses.softmax import one_hot
from engine.types import Array, Cache, Params


@dataclass(frozen=True)
class Conv(layers.Conv2d):
    """y = W ∗ x + b with stride 1; see ``Conv2d``."""

    def backward(self, params: Params, cache: Cache, dy: Array) -> tuple[Array, Params]:
        """dW[k,c] = Σ dy[k] · x[c] over all places; dx = dy, framed, convolved with the turned kernel; db = Σ dy."""
        x, weight, p = cache["x"], params["weight"], self.geometry[1][0]
        dbias = dy.sum(axis=(0, 2, 3))
        seen = window.windows(window.pad(x, (p, p)), self.kernel, (1, 1), (1, 1))
        dweight = np.einsum("nkij,ncijab->kcab", dy, seen)
        q = weight.shape[2] - 1 - p
        framed = np.pad(dy, ((0, 0), (0, 0), (q, q), (q, q)))
        fed = window.windows(framed, self.kernel, (1, 1), (1, 1))
        turned = weight[:, :, ::-1, ::-1]
        dx = np.einsum("nkuvab,kcab->ncuv", fed, turned)
        return dx, {"weight": dweight, "bias": dbias}


@dataclass(frozen=True)
class Norm(layers.BatchNorm2d):
    """y = γ · (x - μ) / √(σ² + ε) + β by the batch's own μ and σ²; see ``BatchNorm``."""

    def backward(self, params: Params, cache: Cache, dy: Array) -> tuple[Array, Params]:
        """dx by its three ways: through x̂ itself, through μ, through σ²."""
        x_hat, inv_std, over = cache["x_hat"], cache["inv_std"], (0, 2, 3)
        dbias = dy.sum(axis=over)
        dweight = (dy * x_hat).sum(axis=over)
        dx_hat = dy * params["weight"].reshape(1, -1, 1, 1)
        shift = dx_hat.mean(axis=over, keepdims=True)
        stretch = (dx_hat * x_hat).mean(axis=over, keepdims=True)
        dx = inv_std * (dx_hat - shift - x_hat * stretch)
        return dx, {"weight": dweight, "bias": dbias}


@dataclass(frozen=True)
class Relu(layers.ReLU):
    """y = max(0, x); see ``ReLU``."""

    def backward(self, params: Params, cache: Cache, dy: Array) -> tuple[Array, Params]:
        """What passed forwards passes backwards."""
        passed = cache["gate"]
        dx = dy * passed
        return dx, {}


@dataclass(frozen=True)
class Pool(layers.MaxPool2d):
    """y = the largest of each window, windows side by side; see ``MaxPool2d``."""

    def backward(self, params: Params, cache: Cache, dy: Array) -> tuple[Array, Params]:
        """Each window's winner gets the window's dy."""
        dx, size = np.zeros_like(cache["x"]), self.geometry[0][1]
        for n, c, i, j in np.ndindex(*dy.shape):
            row, column = divmod(int(cache["switches"][n, c, i, j]), size)
            dx[n, c, i * size + row, j * size + column] += dy[n, c, i, j]
        return dx, {}


@dataclass(frozen=True)
class Flatten(layers.Flatten):
    """All numbers of an example in one row; see ``Flatten``."""


@dataclass(frozen=True)
class Linear(layers.Linear):
    """y = x @ W.T + b; see ``Linear``."""

    def backward(self, params: Params, cache: Cache, dy: Array) -> tuple[Array, Params]:
        """dW = dy.T @ x, db = Σ dy, dx = dy @ W."""
        x, weight = cache["x"], params["weight"]
        dweight = dy.T @ x
        dbias = dy.sum(axis=0)
        dx = dy @ weight
        return dx, {"weight": dweight, "bias": dbias}


@dataclass(frozen=True)
class Loss(losses.CrossEntropyLoss):
    """L = -1/N Σ_n ln p[n, t_n]; see ``CrossEntropyLoss``."""

    def backward(self, cache: Cache, dy: float | Array | None = None) -> Array:
        """dz = (p - y) / N."""
        p = cache["p"]
        wanted = one_hot(cache["target"], p.shape[1], p.dtype)
        dz: Array = (p - wanted) / len(p)
        return dz


# ---- one wrong line each ----


@dataclass(frozen=True)
class ConvPaddedByEdges(Conv):
    """dy is framed with copies of its border instead of zeros: beyond the last place there was no output."""

    def backward(self, params: Params, cache: Cache, dy: Array) -> tuple[Array, Params]:
        """dW, db and dx as in ``Conv``, but for one line."""
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
class ConvNotTurned(Conv):
    """The kernel goes back the way it came, not turned by 180°."""

    def backward(self, params: Params, cache: Cache, dy: Array) -> tuple[Array, Params]:
        """dW, db and dx as in ``Conv``, but for one line."""
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
class NormWithoutMean(Norm):
    """The way through the mean is forgotten."""

    def backward(self, params: Params, cache: Cache, dy: Array) -> tuple[Array, Params]:
        """dγ, dβ and dx as in ``Norm``, but for one line."""
        x_hat, inv_std, over = cache["x_hat"], cache["inv_std"], (0, 2, 3)
        dbias = dy.sum(axis=over)
        dweight = (dy * x_hat).sum(axis=over)
        dx_hat = dy * params["weight"].reshape(1, -1, 1, 1)
        shift = np.zeros_like(inv_std)
        stretch = (dx_hat * x_hat).mean(axis=over, keepdims=True)
        dx = inv_std * (dx_hat - shift - x_hat * stretch)
        return dx, {"weight": dweight, "bias": dbias}


@dataclass(frozen=True)
class ReluGatedByGradient(Relu):
    """The gate asks whether dy is positive, not whether x was."""

    def backward(self, params: Params, cache: Cache, dy: Array) -> tuple[Array, Params]:
        """dx as in ``Relu``, but for one line."""
        passed = dy > 0
        dx = dy * passed
        return dx, {}


@dataclass(frozen=True)
class PoolToFirstCell(Pool):
    """Every window's first cell is paid, whoever won."""

    def backward(self, params: Params, cache: Cache, dy: Array) -> tuple[Array, Params]:
        """dx as in ``Pool``, but for one line."""
        dx, size = np.zeros_like(cache["x"]), self.geometry[0][1]
        for n, c, i, j in np.ndindex(*dy.shape):
            row, column = divmod(0, size)
            dx[n, c, i * size + row, j * size + column] += dy[n, c, i, j]
        return dx, {}


@dataclass(frozen=True)
class LinearTransposed(Linear):
    """dW is x.T @ dy: of a square weight the transposed gradient, and it fits."""

    def backward(self, params: Params, cache: Cache, dy: Array) -> tuple[Array, Params]:
        """dW, db and dx as in ``Linear``, but for one line."""
        x, weight = cache["x"], params["weight"]
        dweight = x.T @ dy
        dbias = dy.sum(axis=0)
        dx = dy @ weight
        return dx, {"weight": dweight, "bias": dbias}


@dataclass(frozen=True)
class LinearBiasOfOne(Linear):
    """The bias hears the first example only."""

    def backward(self, params: Params, cache: Cache, dy: Array) -> tuple[Array, Params]:
        """dW, db and dx as in ``Linear``, but for one line."""
        x, weight = cache["x"], params["weight"]
        dweight = dy.T @ x
        dbias = dy[0]
        dx = dy @ weight
        return dx, {"weight": dweight, "bias": dbias}


@dataclass(frozen=True)
class LossNotAveraged(Loss):
    """The mean over the batch is forgotten on the way back."""

    def backward(self, cache: Cache, dy: float | Array | None = None) -> Array:
        """dz as in ``Loss``, but for one line."""
        p = cache["p"]
        wanted = one_hot(cache["target"], p.shape[1], p.dtype)
        dz: Array = p - wanted
        return dz


@dataclass(frozen=True)
class LossOfEachAlone(Loss):
    """Softmax's slope is taken number by number, p(1 - p), as a sigmoid's: the others' -pᵢpⱼ are dropped."""

    def backward(self, cache: Cache, dy: float | Array | None = None) -> Array:
        """dz as in ``Loss``, but for one line."""
        p = cache["p"]
        wanted = one_hot(cache["target"], p.shape[1], p.dtype)
        dz: Array = -wanted / p * (p * (1 - p)) / len(p)
        return dz
