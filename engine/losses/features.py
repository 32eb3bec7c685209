"""Losses on the features before the last layer: they need more than scores, so ``forward`` takes it as well."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from engine.losses.base import expect_setting
from engine.losses.softmax import log_softmax, one_hot
from engine.types import Array, Cache, ShapeError


@dataclass(frozen=True)
class CenterLoss:
    """L = 1/(2N) Σ_n |x_n - c[t_n]|²: features of one class draw together around its centre.

    x (N, D) features, target (N,) class numbers, centers (C, D). Added, times a λ, to a loss that keeps the classes
    apart. Without ``centers`` each class's centre is the mean of its features in the batch. The paper sums over the
    batch; here it is the mean, as everywhere. Wen et al., "A discriminative feature learning approach for deep face
    recognition", 2016. Raises ShapeError and ValueError.
    """

    def forward(self, x: Array, target: Array, centers: Array | None = None) -> tuple[float, Cache]:
        """1. d = x - c[t].  2. L = Σ d² / 2N."""
        target = np.asarray(target)
        if centers is None:
            _expect_features("CenterLoss", x, target, None)
            centers = self.means(x, target)
        _expect_features("CenterLoss", x, target, centers)
        d = x - centers[target].astype(x.dtype, copy=False)
        return float((d * d).sum() / (2 * len(x))), {"d": d}

    def backward(self, cache: Cache) -> Array:
        """dL/dx = d / N.

        2'. dL/dd = d / N.  1'. dd/dx = 1. Where c is the batch's own mean it moves with x too, but what reaches it,
            -Σ d over the class, is 0.
        """
        d = cache["d"]
        dx: Array = d / len(d)
        return dx

    def means(self, x: Array, target: Array) -> Array:
        """c[k] = the mean of x over class k, 0 for a class that has none. (C, D), C being the largest target + 1."""
        members = one_hot(target, int(target.max()) + 1 if target.size else 0, x.dtype)
        centers: Array = members.T @ x / np.maximum(members.sum(axis=0), 1)[:, None]
        return centers

    def update_centers(self, centers: Array, x: Array, target: Array, alpha: float = 0.5) -> Array:
        """c[k] ← c[k] - alpha · Σ_{n of class k} (c[k] - x_n) / (1 + n_k): new centers; the old stay as they are.

        The 1 in the divisor keeps a class with few examples in the batch calm; a class with none stays put.
        """
        target = np.asarray(target)
        _expect_features("CenterLoss", x, target, centers)
        members = one_hot(target, len(centers), x.dtype)
        counts = members.sum(axis=0)[:, None]
        moved: Array = centers - alpha * (counts * centers - members.T @ x) / (1 + counts)
        return moved


@dataclass(frozen=True)
class LargeMarginSoftmaxLoss:
    """L = -(1/N) Σ_n ln softmax(f_n)[t_n], f[k] = |W_k| |x| cos θ_k but f[t] = |W_t| |x| ψ(θ_t).

    x (N, D) features, weight (C, D) of the last layer (without bias), θ_k the angle between x and W_k.
    ψ(θ) = (-1)^k cos(mθ) - 2k on [kπ/m, (k+1)π/m] falls m times as fast as cos θ, so the true class must win by an
    angle m times as small. m = 1 is CrossEntropyLoss of x @ W.T. Liu et al., "Large-margin softmax loss for
    convolutional neural networks", 2016. Raises ShapeError and ValueError.
    """

    m: int = 2

    def __post_init__(self) -> None:
        works = isinstance(self.m, int | np.integer) and self.m >= 1
        expect_setting("LargeMarginSoftmaxLoss", works, f"m={self.m!r}", "a whole number of at least 1, such as 2")

    def forward(self, x: Array, target: Array, weight: Array) -> tuple[float, Cache]:
        """1. c = cos θ_t.  2. ψ = (-1)^k cos(mθ) - 2k.  3. f = x @ W.T with f[t] = |W_t| |x| ψ.  4. Cross-entropy."""
        target = np.asarray(target)
        _expect_features("LargeMarginSoftmaxLoss", x, target, weight)
        rows = np.arange(len(x))
        f = x @ weight.T
        a, b = np.linalg.norm(weight[target], axis=1), np.linalg.norm(x, axis=1)
        c = np.clip(f[rows, target] / np.where(a * b > 0, a * b, 1), -1, 1)
        psi, slope = self.psi(c)
        f[rows, target] = a * b * psi
        log_p = log_softmax(f)
        loss = 0.0 - float(log_p[rows, target].mean())
        cache = {"x": x, "weight": weight, "target": target, "p": np.exp(log_p), "a": a, "b": b, "c": c}
        return loss, {**cache, "psi": psi, "slope": slope}

    def psi(self, c: Array) -> tuple[Array, Array]:
        """ψ as a function of c = cos θ, and dψ/dc.

        cos(mθ) = T_m(c) and d cos(mθ)/dc = m · U_{m-1}(c): Chebyshev's polynomials, both by
        P_{j+1} = 2c · P_j - P_{j-1}, from T_0 = 1, T_1 = c, and U_{-1} = 0, U_0 = 1.
        """
        k = np.clip(np.floor(self.m * np.arccos(c) / np.pi), 0, self.m - 1)
        t_before, t = np.ones_like(c), c
        u_before, u = np.zeros_like(c), np.ones_like(c)
        for _ in range(self.m - 1):
            t_before, t = t, 2 * c * t - t_before
            u_before, u = u, 2 * c * u - u_before
        sign = 1 - 2 * (k % 2)
        return sign * t - 2 * k, sign * self.m * u

    def backward(self, cache: Cache) -> Array:
        """dL/dx = df @ W, with the true class's row of W replaced by df[t]/dx, where df = (p - y) / N.

        4'. df = (p - y) / N.
        3'. f[t] = a · b · ψ(c) with a = |W_t|, b = |x|, c = W_t·x / (a·b).
            db/dx = x/b and dc/dx = W_t/(a·b) - c · x/b², so
            df[t]/dx = a·ψ·x/b + a·b·ψ'·dc/dx = ψ' · W_t + (a/b) · (ψ - c·ψ') · x; and by symmetry
            df[t]/dW_t = ψ' · x + (b/a) · (ψ - c·ψ') · W_t.
        """
        df, through, bend, a, b = self._shared(cache)
        dx: Array = df @ cache["weight"] + through * cache["weight"][cache["target"]] + bend * _ratio(a, b) * cache["x"]
        return dx

    def backward_weight(self, cache: Cache) -> Array:
        """dL/dW = df.T @ x, with the true class's part as derived under ``backward``."""
        df, through, bend, a, b = self._shared(cache)
        dweight: Array = df.T @ cache["x"]
        own = through * cache["x"] + bend * _ratio(b, a) * cache["weight"][cache["target"]]
        np.add.at(dweight, cache["target"], own)
        return dweight

    def _shared(self, cache: Cache) -> tuple[Array, Array, Array, Array, Array]:
        """df without the true class, df[t]·ψ', df[t]·(ψ - c·ψ'), and the lengths a and b, each but df as (N, 1)."""
        rows, p = np.arange(len(cache["target"])), cache["p"]
        df = p / p.dtype.type(len(p))
        true = ((p[rows, cache["target"]] - 1) / p.dtype.type(len(p)))[:, None]
        df[rows, cache["target"]] = 0
        psi, slope, c = cache["psi"][:, None], cache["slope"][:, None], cache["c"][:, None]
        return df, true * slope, true * (psi - c * slope), cache["a"][:, None], cache["b"][:, None]


def _ratio(upper: Array, lower: Array) -> Array:
    """upper / lower, 0 where lower is 0: what it multiplies is 0 there as well."""
    ratio: Array = np.where(lower > 0, upper, 0) / np.where(lower > 0, lower, 1)
    return ratio


def _expect_features(what: str, x: Array, target: Array, rows: Array | None) -> None:
    """Raise unless x is (N, D), target (N,) class numbers, and rows (C, D) has one row for each class."""
    if x.ndim != 2 or target.shape != x.shape[:1] or (rows is not None and rows.shape[1:] != x.shape[1:]):
        third = "" if rows is None else f" and one row for each class of shape {rows.shape}"
        raise ShapeError(
            f"{what} was given features of shape {x.shape}, targets of shape {target.shape}{third}; it expects "
            f"(N, D), (N,) and (C, D)."
        )
    classes = None if rows is None else len(rows)
    too_large = classes is not None and target.size and target.max() >= classes
    if target.dtype.kind not in "iu" or (target.size and target.min() < 0) or too_large:
        upper = "" if classes is None else f" to {classes - 1}"
        raise ValueError(
            f"{what} was given targets {np.unique(target)[:10]} of type {target.dtype}; it expects whole numbers "
            f"from 0{upper}."
        )
