"""A weight taken apart into its length and its direction."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from engine.initializers import HeNormal
from engine.types import Array, Cache, Initializer, Layer, Params, Shape


@dataclass(frozen=True)
class WeightNorm:
    """layer(x) with weight = g · v / ‖v‖: length g and direction v of each output's weights are learned apart.

    layer: one with a ``weight``, such as Linear or Conv2d. weight_v has the weight's shape, weight_g (out, 1, …)
    one length for each row v of weight_v; everything else of the layer stays. Fresh parameters have g = ‖v‖, so
    that the weight is what the initializer drew.
    Raises ValueError where the layer has no weight, or a row of v is all 0 and has no direction.
    Salimans & Kingma, "Weight normalization", 2016.
    """

    layer: Layer

    def init(
        self,
        rng: np.random.Generator,
        initializer: Initializer = HeNormal(),
        dtype: npt.DTypeLike = np.float32,
    ) -> Params:
        """v drawn as the layer draws its weight, g = ‖v‖."""
        params = self.layer.init(rng, initializer, dtype)
        if "weight" not in params:
            raise ValueError(f"{self!r}: {type(self.layer).__name__} has no weight; Linear or Conv2d would work.")
        v = params.pop("weight")
        return {"weight_g": row_norms(v), "weight_v": v, **params}

    def output_shape(self, shape: Shape) -> Shape:
        """The layer's own."""
        return self.layer.output_shape(shape)

    def _inner(self, params: Params, weight: Array) -> Params:
        rest = {name: value for name, value in params.items() if name not in ("weight_g", "weight_v")}
        return {"weight": weight, **rest}

    def forward(
        self, params: Params, x: Array, *, train: bool = False, rng: np.random.Generator | None = None
    ) -> tuple[Array, Cache]:
        """1. direction = v / ‖v‖.  2. weight = g · direction.  3. y = layer(x) with that weight."""
        norm = row_norms(params["weight_v"])
        if not norm.all():
            raise ValueError(
                f"{self!r}: a row of weight_v is all 0, so it has no direction to give to the weight; an initializer "
                "that draws, such as HeNormal(), would work."
            )
        direction = params["weight_v"] / norm
        normed = params["weight_g"] * direction
        y, cache = self.layer.forward(self._inner(params, normed), x, train=train, rng=rng)
        return y, {**cache, "direction": direction, "norm": norm, "normed_weight": normed}

    def backward(self, params: Params, cache: Cache, dy: Array) -> tuple[Array, Params]:
        """dg = Σ dW · direction, dv = g/‖v‖ · (dW - direction · dg), the sum over a row.

        3'. The layer's own backward pass gives dW.
        2'. W = g · direction:  dg = Σ dW · direction;  the direction gets g · dW.
        1'. direction = v/‖v‖ doesn't change when v grows along itself: that part of its gradient is taken
            out, the rest is divided by ‖v‖. So dv stands at right angles to v.
        """
        dx, grads = self.layer.backward(self._inner(params, cache["normed_weight"]), cache, dy)
        dweight, direction = grads.pop("weight"), cache["direction"]
        along = (dweight * direction).sum(axis=tuple(range(1, dweight.ndim)), keepdims=True)
        dv = params["weight_g"] / cache["norm"] * (dweight - direction * along)
        return dx, {"weight_g": along, "weight_v": dv, **grads}


def row_norms(v: Array) -> Array:
    """‖v‖ of each row along the first axis, as (out, 1, …)."""
    norms: Array = np.sqrt((v * v).sum(axis=tuple(range(1, v.ndim)), keepdims=True))
    return norms
