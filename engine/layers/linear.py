"""The fully connected layer."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from engine.initializers import HeNormal
from engine.types import Array, Cache, Initializer, Params, Shape, expect_counts, expect_shape


@dataclass(frozen=True)
class Linear:
    """y[n,k] = b[k] + Σ_j W[k,j] · x[n,j], as a matrix product y = x @ W.T + b.

    x (N, in_features), weight (out_features, in_features), bias (out_features,), y (N, out_features).
    Raises ShapeError for an input of another width.
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
        """weight drawn by the initializer, bias 0."""
        params = {"weight": initializer(rng, (self.out_features, self.in_features)).astype(dtype)}
        if self.bias:
            params["bias"] = np.zeros(self.out_features, dtype)
        return params

    def output_shape(self, shape: Shape) -> Shape:
        """(out_features,)."""
        expect_shape(shape, "in_features", {"in_features": self.in_features}, self)
        return (self.out_features,)

    def forward(
        self, params: Params, x: Array, *, train: bool = False, rng: np.random.Generator | None = None
    ) -> tuple[Array, Cache]:
        """1. s = x @ W.T.  2. y = s + b."""
        self.output_shape(x.shape[1:])
        y = x @ params["weight"].T
        if self.bias:
            y += params["bias"]
        return y, {"x": x}

    def backward(self, params: Params, cache: Cache, dy: Array) -> tuple[Array, Params]:
        """dx = dy @ W, dW = dy.T @ x, db = Σ_n dy.

        2'. b is added to every row, so it collects every row:            db[k] = Σ_n dy[n,k].
        1'. y[n,k] holds W[k,j] · x[n,j]. So W[k,j] moves y[n,k] by x[n,j]:  dW[k,j] = Σ_n dy[n,k] · x[n,j],
            and x[n,j] moves each y[n,k] by W[k,j]:                        dx[n,j] = Σ_k dy[n,k] · W[k,j].
        """
        grads = {"weight": dy.T @ cache["x"]}
        if self.bias:
            grads["bias"] = dy.sum(axis=0)
        return dy @ params["weight"], grads
