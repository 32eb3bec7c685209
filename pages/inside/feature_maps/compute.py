"""What the maps of a layer say: how strong and how empty each is, what fires it most, and which way its kernel runs.

A unit is one number of a map. All units of a map share one kernel, so a map shows where its kernel found what it
looks for, and a data set's largest numbers on it show what that is.
Sources: Zeiler & Fergus, "Visualizing and understanding convolutional networks", 2014 (the inputs that fire a unit
most); Hinton, "Distributed representations", 1984 (one thing fires many units, one unit fires for many things).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Literal

import numpy as np

from engine.analysis.receptive_field import Box, Field, receptive_fields
from engine.layers import Conv2d, Linear
from engine.network import Network
from engine.types import Array, Layer, Pair, Shape, ShapeError

By = Literal["max", "mean"]
BATCH = 250


def strength(maps: Array, by: By = "max") -> Array:
    """How strongly each map fires: max_ij y, or mean_ij max(y, 0), the mean of what ReLU lets through.

    maps (C, H, W) -> (C,). Raises ShapeError for anything else than maps.
    """
    _expect_maps(maps)
    found: Array = maps.max(axis=(1, 2)) if by == "max" else np.maximum(maps, 0).mean(axis=(1, 2))
    return found


def strongest(maps: Array, by: By = "max") -> Array:
    """The maps' numbers, strongest first; of equals the lower number first. (C, H, W) -> (C,) int."""
    found: Array = np.argsort(-strength(maps, by), kind="stable")
    return found


def sparsity(maps: Array) -> Array:
    """The share of each map's units that are 0, or that ReLU would make 0: those with y <= 0. (C, H, W) -> (C,)."""
    _expect_maps(maps)
    found: Array = (maps <= 0).mean(axis=(1, 2))
    return found


def _expect_maps(maps: Array) -> None:
    if maps.ndim != 3 or 0 in maps.shape:
        raise ShapeError(f"Maps have shape (C, H, W); this array has {maps.shape}. trace[name].y[0] would do.")


# Kernels


@dataclass(frozen=True)
class Direction:
    """How a kernel's variation divides: from row to row, from column to column, and the rest. Together 1, or all 0."""

    rows: float
    columns: float
    rest: float


def direction(kernel: Array) -> Direction:
    """Which strokes a kernel tells apart: rows for horizontal ones, columns for vertical ones.

        w_ij = m + r_i + c_j + e_ij        r_i = mean_j w_ij - m,  c_j = mean_i w_ij - m
        Σ (w_ij - m)² = kw Σ r_i² + kh Σ c_j² + Σ e_ij²

    The three sums on the right, as shares of the left. A kernel whose rows are each of one number, such as Sobel's
    without its smoothing, has rows = 1. kernel (kh, kw) or (C, kh, kw), of which the mean over C is taken.
    Source: the two-way analysis of variance, Fisher, "Statistical methods for research workers", 1925.
    """
    flat = kernel.mean(axis=0) if kernel.ndim == 3 else kernel
    if flat.ndim != 2 or flat.size == 0:
        raise ShapeError(f"A kernel has shape (kh, kw) or (C, kh, kw); this array has {kernel.shape}.")
    about = flat.astype(np.float64) - flat.mean(dtype=np.float64)
    total = float((about**2).sum())
    if total == 0:
        return Direction(0.0, 0.0, 0.0)
    rows = flat.shape[1] * float((about.mean(axis=1) ** 2).sum()) / total
    columns = flat.shape[0] * float((about.mean(axis=0) ** 2).sum()) / total
    return Direction(rows, columns, max(0.0, 1 - rows - columns))


def colour_share(kernel: Array) -> float:
    """How much of a kernel answers to colour: 1 - C Σ g² / Σ w², with g_ij = mean_c w_cij, what all channels share.

    0 for a kernel that treats red, green and blue alike, 1 for one that grey pixels leave cold. kernel (C, kh, kw).
    """
    if kernel.ndim != 3:
        raise ShapeError(f"A kernel for colours has shape (C, kh, kw); this array has {kernel.shape}.")
    whole = float((kernel.astype(np.float64) ** 2).sum())
    grey = len(kernel) * float((kernel.mean(axis=0, dtype=np.float64) ** 2).sum())
    return 1 - grey / whole if whole else 0.0


def kernels_behind(network: Network, name: str) -> tuple[str, Array]:
    """The weights that made a layer's maps: its own, or those of the last layer below it that has any.

    Returns that layer's name and (K, C, kh, kw); a linear layer's weights are laid over the maps it reads.
    Raises KeyError for no such layer, or where there are no weights below it.
    """
    shape: Shape = network.input_shape
    before = shape
    found: tuple[str, Array] | None = None
    for (layer_name, layer), (_name, after) in zip(network.layers, network.shapes(), strict=True):
        if isinstance(layer, Conv2d):
            found = layer_name, network.params[f"{layer_name}.weight"]
        elif isinstance(layer, Linear):
            found = layer_name, network.params[f"{layer_name}.weight"].reshape(-1, *before)
        if len(after) == 3:
            before = after
        if layer_name == name:
            if found is None:
                raise KeyError(f"No layer up to {name!r} has kernels.")
            return found
    raise KeyError(f"No layer is called {name!r} here; there are {', '.join(n for n, _ in network.layers)}.")


def as_maps(y: Array) -> Array:
    """A layer's output for one example as maps: (C, H, W) as it is, (K,) as K maps of one unit."""
    return y if y.ndim == 3 else y.reshape(-1, 1, 1)


# Data


@dataclass(frozen=True)
class Peaks:
    """Where each map is largest, on each of N images: ``value`` (N, C), ``row`` and ``column`` (N, C)."""

    value: Array
    row: Array
    column: Array


@dataclass(frozen=True)
class TopInput:
    """An image that fires a map: its place in the data, the unit that fires, its value and the pixels that it sees."""

    index: int
    unit: Pair
    value: float
    box: Box


def peaks(network: Network, x: Array, names: Sequence[str]) -> dict[str, Peaks]:
    """max_ij y[n, c, i, j] and where it is, for each of these layers. x (N, C, H, W).

    Where a layer has units that see nothing but picture, only they count: at the rim the padding's zeros make edges
    that no picture has.
    """
    inside = {name: _sees_only_picture(field_of(network.layers, network.input_shape, name), x.shape) for name in names}
    found: dict[str, list[tuple[Array, Array, int]]] = {name: [] for name in names}
    for start in range(0, len(x), BATCH):
        trace = network.forward(x[start : start + BATCH])
        for name in names:
            y = trace[name].y
            flat = y.reshape(*y.shape[:2], -1)
            at = np.where(inside[name].ravel(), flat, -np.inf).argmax(axis=2)
            width = y.shape[3] if y.ndim == 4 else 1
            found[name].append((np.take_along_axis(flat, at[..., np.newaxis], axis=2)[..., 0], at, width))
    return {name: _joined(parts) for name, parts in found.items()}


def _sees_only_picture(field: Field, shape: Shape) -> Array:
    """Which units' fields lie wholly on pictures (N, C, H, W), (units down, units across); all where none does."""
    sides = []
    for first, jump, size, units, pixels in zip(
        field.first, field.jump, field.size, field.units, shape[2:], strict=True
    ):
        start = first + jump * np.arange(units)
        sides.append((start >= 0) & (start + size <= pixels))
    found: Array = np.outer(*sides)
    return found if found.any() else np.ones_like(found)


def _joined(parts: Sequence[tuple[Array, Array, int]]) -> Peaks:
    value, at = (np.concatenate([part[which] for part in parts]) for which in (0, 1))
    row, column = np.divmod(at, parts[0][2])
    return Peaks(value, row, column)


def top_inputs(found: Peaks, channel: int, field: Field, image: Pair, most: int = 9) -> tuple[TopInput, ...]:
    """The images on which a map's largest number is largest, and the part of each that this unit sees.

    ``field`` is the layer's, ``image`` the images' height and width. Raises IndexError for no such map.
    """
    if not 0 <= channel < found.value.shape[1]:
        raise IndexError(f"There is no map {channel}: the layer has maps 0 to {found.value.shape[1] - 1}.")
    order = np.argsort(-found.value[:, channel], kind="stable")[:most]
    return tuple(
        TopInput(
            int(n),
            unit := (int(found.row[n, channel]), int(found.column[n, channel])),
            float(found.value[n, channel]),
            field.pixels(unit).clip(image),
        )
        for n in order
    )


def fires(values: Array, share: float = 0.5) -> Array:
    """Which maps fire on which images: those that reach ``share`` of the map's own largest number on any of them.

    values (N, C), the peaks -> (N, C) of bool. A map that is nowhere above 0 fires nowhere.
    """
    most = values.max(axis=0, keepdims=True)
    found: Array = (values >= share * most) & (most > 0) & (values > 0)
    return found


def field_of(layers: Sequence[tuple[str, Layer]], input_shape: Shape, name: str) -> Field:
    """The receptive field of a layer's units; a flat layer sees the whole image."""
    by_name = {field.name: field for field in receptive_fields(layers, input_shape)}
    field = by_name[name]
    whole = replace(field, size=input_shape[1:], first=(0, 0), units=(1, 1))  # type: ignore[arg-type]
    return whole if isinstance(dict(layers)[name], Linear) else field
