"""The limit: a workload's matrix products alone, cut into tiles that stay in the cache.

Every multiply-add of a convolution or a linear layer is part of a matrix product (m × k) @ (k × n), so no engine
that calls the same BLAS can be faster than these products, and it would be as fast only if lowering images,
activations, pooling, normalising and the update of the weights took no time at all. Tiles lie ready in the
cache, in the size and the order of memory in which this machine multiplies them fastest.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import product
from math import ceil, prod
from time import perf_counter

import numpy as np

from benchmarks.workloads import SEED, Workload
from engine import Array, Conv2d, Linear, Shape
from engine.trace import shapes_through

TILES = (500_000, 1_000_000, 2_000_000, 4_000_000)
"""Multiply-adds of one tile, from well inside a core's second-level cache to about its size."""

_AT_ONCE = 16
_TRIES = 5


@dataclass(frozen=True)
class Product:
    """A matrix product (m × k) @ (k × n)."""

    m: int
    k: int
    n: int

    @property
    def multiply_adds(self) -> int:
        return self.m * self.k * self.n

    def tile(self, largest: int) -> Product:
        """The product that is left when the longest axis is halved until ``largest`` multiply-adds suffice.

        A matrix times a vector isn't cut: each weight serves once, and has to come from memory for that.
        """
        axes = [self.m, self.k, self.n]
        while min(self.m, self.n) > 1 and prod(axes) > largest:
            longest = axes.index(max(axes))
            axes[longest] = ceil(axes[longest] / 2)
        return Product(*axes)


def products(workload: Workload) -> Iterator[Product]:
    """Forward y = W · x; backward dW = dy · xᵀ and, where there is a layer below or it is asked for, dx = Wᵀ · dy."""
    shapes = shapes_through(workload.layers, workload.input_shape)
    for number, ((_, layer), (_, shape)) in enumerate(zip(workload.layers, shapes, strict=True)):
        if isinstance(layer, Conv2d):
            cells, places = prod(layer.kernel), workload.batch * prod(shape[1:])
            forward = Product(layer.out_channels, layer.in_channels * cells, places)
            to_input = Product(layer.in_channels, layer.out_channels * cells, places)
        elif isinstance(layer, Linear):
            forward = Product(layer.out_features, layer.in_features, workload.batch)
            to_input = Product(layer.in_features, layer.out_features, workload.batch)
        else:
            continue
        yield forward
        if workload.kind in ("train", "passes"):
            yield Product(forward.m, forward.n, forward.k)
            if number > 0 or workload.kind == "passes":
                yield to_input


class _Tiles:
    """One product as tiles of one size and memory order: the same tile as often as the product holds it.

    ``turned`` says which of left, right and result lie column by column.
    """

    def __init__(self, whole: Product, largest: int, turned: Sequence[bool]) -> None:
        tile = whole.tile(largest)
        self._count = ceil(whole.multiply_adds / tile.multiply_adds)
        self.multiply_adds = self._count * tile.multiply_adds
        self._left = _matrix(tile.m, tile.k, turned[0])
        self._right = _matrix(tile.k, tile.n, turned[1])
        rows, columns = (tile.n, tile.m) if turned[2] else (tile.m, tile.n)
        self._out = _at_a_line((min(_AT_ONCE, self._count), rows, columns))
        if turned[2]:
            self._out = self._out.swapaxes(1, 2)

    def run(self, most: int | None = None) -> int:
        """All tiles, or no more than ``most`` of them; how many it did. Many in one call: Python's share is small."""
        wanted = self._count if most is None else min(most, self._count)
        for start in range(0, wanted, len(self._out)):
            out = self._out[: wanted - start]
            np.matmul(np.broadcast_to(self._left, (len(out), *self._left.shape)), self._right, out=out)
        return wanted

    def seconds(self) -> float:
        """What the whole product would take, from the best of a few short tries."""
        best = float("inf")
        for _ in range(_TRIES):
            start = perf_counter()
            done = self.run(_AT_ONCE)
            best = min(best, (perf_counter() - start) / done)
        return best * self._count


def _matrix(rows: int, columns: int, turned: bool) -> Array:
    matrix = _at_a_line((columns, rows) if turned else (rows, columns))
    np.random.default_rng(SEED).standard_normal(out=matrix, dtype=np.float32)
    return matrix.T if turned else matrix


def _at_a_line(shape: Shape) -> Array:
    """Zeros that start at a line of the cache, as the engine's own images do: no vector straddles two lines."""
    memory = np.zeros(prod(shape) + 16, np.float32)
    return np.ndarray(shape, np.float32, memory, -memory.ctypes.data % 64)


def fastest(whole: Product) -> _Tiles:
    """The tiles in which this machine does a product fastest."""
    if min(whole.m, whole.n) == 1:
        return _Tiles(whole, whole.multiply_adds, (False, False, False))
    either = (False, True)
    ways = product(TILES, either, either, either)
    return min((_Tiles(whole, largest, turned) for largest, *turned in ways), key=_Tiles.seconds)


class Products:
    """All products of a workload's step."""

    def __init__(self, workload: Workload) -> None:
        self._tiles = [fastest(whole) for whole in products(workload)]
        self.multiply_adds = sum(tiles.multiply_adds for tiles in self._tiles)

    def step(self) -> None:
        for tiles in self._tiles:
            tiles.run()

    def witness(self) -> None:
        """The products are no network, so there is nothing to agree on."""


def contender(workload: Workload) -> Products:
    """The workload's matrix products."""
    return Products(workload)
