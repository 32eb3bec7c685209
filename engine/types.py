"""The few words that every room of the engine shares."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from operator import eq
from typing import Any, Literal, Protocol, runtime_checkable

import numpy as np
import numpy.typing as npt

Array = npt.NDArray[Any]
Params = dict[str, Array]
"""Named arrays. A layer's are ``{"weight": ..., "bias": ...}``, a network's ``{"conv1.weight": ...}``."""
Cache = Mapping[str, Any]
"""What a forward pass keeps for its backward pass, by name: arrays, and the Traces of a block's inner layers."""
Shape = tuple[int, ...]
Pair = tuple[int, int]
Floating = Literal["float32", "float64"]


class ShapeError(ValueError):
    """Shapes that don't fit: says what was given, what was expected, and what would work."""


class Initializer(Protocol):
    """Draws the first values of a weight of the given shape (float64)."""

    def __call__(self, rng: np.random.Generator, shape: Shape, /) -> Array: ...


@runtime_checkable
class BiasInitializer(Protocol):
    """An initializer that draws biases, too; beside any other they start at 0."""

    def bias(self, rng: np.random.Generator, weight: Shape, shape: Shape, /) -> Array:
        """The first values of a bias (float64) beside a weight of shape ``weight``, whose fan counts."""
        ...


@runtime_checkable
class Layer(Protocol):
    """A frozen spec of one differentiable function; parameters and caches are plain data outside it."""

    def init(
        self,
        rng: np.random.Generator,
        initializer: Initializer = ...,
        dtype: npt.DTypeLike = ...,
    ) -> Params:
        """Fresh parameters: named arrays, ``{}`` where the layer has none."""
        ...

    def output_shape(self, shape: Shape) -> Shape:
        """The output's shape for one example of ``shape`` (both without N); raises ShapeError."""
        ...

    def forward(
        self, params: Params, x: Array, *, train: bool = False, rng: np.random.Generator | None = None
    ) -> tuple[Array, Cache]:
        """y and what the backward pass needs. Changes none of its arguments."""
        ...

    def backward(self, params: Params, cache: Cache, dy: Array) -> tuple[Array, Params]:
        """dL/dx from dL/dy, and dL/dparam under each parameter's own name."""
        ...


def pair(value: int | Pair, name: str, *, least: int = 0) -> Pair:
    """One number for both directions, or (height, width), as PyTorch takes them.

    Raises ValueError when the value isn't one or two whole numbers of at least ``least``.
    """
    both = tuple(value) if isinstance(value, Sequence) else (value, value)
    if len(both) != 2 or any(not isinstance(v, int | np.integer) or v < least for v in both):
        raise ValueError(
            f"{name}={value!r}: expected a whole number of at least {least}, or a pair (height, width) of them, "
            f"for example {name}={max(least, 1)} or {name}=({max(least, 1)}, {max(least, 1)})."
        )
    return int(both[0]), int(both[1])


def expect_counts(what: str, **counts: int) -> None:
    """Raise ValueError unless each of these is a whole number of at least 1."""
    for name, value in counts.items():
        if not isinstance(value, int | np.integer) or value < 1:
            raise ValueError(f"{what}: {name}={value!r}; expected a whole number of at least 1.")


def expect_shape(given: Shape, axes: str, fixed: Mapping[str, int], what: object) -> None:
    """Check a shape against named axes, e.g. ``axes="C, H, W"`` with ``fixed={"C": 3}``.

    Raises ShapeError that names the layer (``what``), the expected axes and the shape that came.
    """
    names = axes.split(", ")
    if len(given) == len(names) and all(map(eq, given, map(fixed.get, names, given))):
        return
    wanted = ", ".join(str(fixed.get(name, name)) for name in names)
    if len(given) != len(names):
        raise ShapeError(
            f"{what} was given an input of shape {given}, which has {len(given)} axes; it expects "
            f"{len(names)}: ({wanted})."
        )
    for name, size in zip(names, given, strict=True):
        if name in fixed and size != fixed[name]:
            raise ShapeError(
                f"{what} was given an input of shape {given} with {name} = {size}; it expects ({wanted}). "
                f"An input with {name} = {fixed[name]}, or a layer made for {name} = {size}, would work."
            )
