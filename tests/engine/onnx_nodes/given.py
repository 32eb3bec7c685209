"""Where an operator reads two arrays and the engine's blocks read one: a path that forgets x and has the other."""

from dataclasses import dataclass

import numpy as np

from engine.layers.parameterless import Parameterless
from engine.types import Array, Cache, Params, Shape


@dataclass(frozen=True)
class Given(Parameterless):
    """y = the array that it holds, whatever x is."""

    y: Array

    def output_shape(self, shape: Shape) -> Shape:
        return self.y.shape[1:]

    def forward(
        self, params: Params, x: Array, *, train: bool = False, rng: np.random.Generator | None = None
    ) -> tuple[Array, Cache]:
        return self.y, {"x": x}

    def backward(self, params: Params, cache: Cache, dy: Array) -> tuple[Array, Params]:
        return np.zeros_like(cache["x"]), {}
