"""The fully connected layer."""

from __future__ import annotations

from dataclasses import dataclass
from math import prod

import numpy as np
import numpy.typing as npt

from engine.initializers import HeNormal, first_bias
from engine.types import Array, Cache, Initializer, Params, Shape, ShapeError, expect_counts


@dataclass(frozen=True)
class Linear:
    """y[n,k] = b[k] + Σ_j W[k,j] · x[n,j], as a matrix product y = x @ W.T + b.

    x (N, in_features), weight (out_features, in_features), bias (out_features,), y (N, out_features).
    x may have axes in between, (N, …, in_features): each of its rows goes through alike, y (N, …, out_features).
    Raises ShapeError for an input whose last axis has another size.
    """

    in_features: int
    out_features: int
    bias: bool = True

    def __post_init__(self) -> None:
        expect_counts("Linear", in_features=self.in_features, out_features=self.out_features)

    def init(
        self,
        rng: np.random.Generator,
        initializer: Initializer = HeNormal(),
        dtype: npt.DTypeLike = np.float32,
    ) -> Params:
        """weight drawn by the initializer, bias 0 or drawn by it, too."""
        shape = (self.out_features, self.in_features)
        params = {"weight": initializer(rng, shape).astype(dtype)}
        if self.bias:
            params["bias"] = first_bias(initializer, rng, shape, (self.out_features,), dtype)
        return params

    def output_shape(self, shape: Shape) -> Shape:
        """(…, out_features)."""
        if not shape or shape[-1] != self.in_features:
            remedy = (
                f"Flatten() before it would make ({self.in_features},) of it"
                if len(shape) > 1 and prod(shape) == self.in_features
                else f"a layer made for in_features = {shape[-1]} would work"
                if shape
                else f"an input of shape ({self.in_features},) would work"
            )
            raise ShapeError(
                f"{self!r} was given an input of shape {shape}; it expects (…, {self.in_features}), in_features along "
                f"the last axis: {remedy}."
            )
        return (*shape[:-1], self.out_features)

    def forward(
        self, params: Params, x: Array, *, train: bool = False, rng: np.random.Generator | None = None
    ) -> tuple[Array, Cache]:
        """1. s = x @ W.T.  2. y = s + b."""
        out = self.output_shape(x.shape[1:])
        y = rows(x) @ params["weight"].T
        if self.bias:
            y += params["bias"]
        return y.reshape(len(x), *out), {"x": x}

    def backward(self, params: Params, cache: Cache, dy: Array) -> tuple[Array, Params]:
        """dx = dy @ W, dW = dy.T @ x, db = Σ_n dy.

        2'. b is added to every row, so it collects every row:            db[k] = Σ_n dy[n,k].
        1'. y[n,k] holds W[k,j] · x[n,j]. So W[k,j] moves y[n,k] by x[n,j]:  dW[k,j] = Σ_n dy[n,k] · x[n,j],
            and x[n,j] moves each y[n,k] by W[k,j]:                        dx[n,j] = Σ_k dy[n,k] · W[k,j].
        Axes in between make more rows n, nothing else.
        """
        if dy.ndim > 2:
            dx, grads = self.backward(params, {"x": rows(cache["x"])}, rows(dy))
            return dx.reshape(cache["x"].shape), grads
        grads = {"weight": dy.T @ cache["x"]}
        if self.bias:
            grads["bias"] = dy.sum(axis=0)
        return dy @ params["weight"], grads


def rows(x: Array) -> Array:
    """(N, …, F) as (N · …, F); x itself where it is (N, F)."""
    return x if x.ndim == 2 else x.reshape(-1, x.shape[-1])
