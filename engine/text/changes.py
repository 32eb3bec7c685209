"""Settings of a layer that might make it fit, and whether they do: each is tried before it is offered."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import fields, replace
from itertools import product
from typing import Any

from engine.layers import Conv2d, LayerNorm, Linear, LocallyConnected2d
from engine.types import Layer, Shape, pair

Changes = Mapping[str, Any]

CHANNELS = ("in_channels", "num_features", "num_channels", "num_parameters")
"""How layers call the channels that they read."""


def fits(layer: Layer, shape: Shape) -> bool:
    """Whether the layer can read an example of this shape."""
    try:
        return min(layer.output_shape(shape), default=1) >= 1
    except (ValueError, TypeError, ArithmeticError, IndexError):
        return False


def through(layers: Sequence[tuple[str, Layer]], shape: Shape | None) -> Shape | None:
    """What layers in a row make of this shape; None where one of them can't read it."""
    for _, layer in layers:
        if shape is None or not fits(layer, shape):
            return None
        shape = layer.output_shape(shape)
    return shape


def works(layer: Layer, changes: Changes, shape: Shape | None = None) -> bool:
    """Whether there is such a layer, and it can read an example of this shape."""
    try:
        changed = with_changes(layer, changes)
        return shape is None or fits(changed, shape)
    except (ValueError, TypeError):
        return False


def with_changes(layer: Layer, changes: Changes) -> Layer:
    """The layer with other settings; those that it hasn't are passed over. Raises ValueError where there is none."""
    own = {field.name for field in fields(layer)}  # type: ignore[arg-type]
    changed: Layer = replace(layer, **{name: value for name, value in changes.items() if name in own})  # type: ignore[type-var]
    return changed


def changes_for(layer: Layer, shape: Shape) -> Iterator[Changes]:
    """Settings that might make the layer fit, the smallest changes first."""
    if isinstance(layer, Linear):
        yield from ({"in_features": shape[0]},) if len(shape) == 1 else ()
        return
    if isinstance(layer, LayerNorm):
        yield {"normalized_shape": shape if len(shape) > 1 else shape[0]}
        return
    yield from (
        {**first, **second} for first, second in product(_channel_changes(layer, shape), _windows(layer, shape))
    )
    own = {field.name for field in fields(layer)}  # type: ignore[arg-type]
    if "start_dim" in own:
        yield {"start_dim": 1, "end_dim": -1}
    if "dim" in own:
        yield {"dim": 1}
    for name in ("pieces", "upscale_factor", "downscale_factor"):
        if name in own:
            for value in range(2, 9):
                yield {name: value}


def _channel_changes(layer: Layer, shape: Shape) -> list[Changes]:
    found: list[Changes] = [{}]
    name = next((each for each in CHANNELS if hasattr(layer, each)), None)
    if name is None or not shape:
        return found
    channels = shape[0]
    found.append({name: channels})
    groups = getattr(layer, "groups", 1)
    if groups > 1:
        found.append({name: channels, "groups": channels})
        found.append({name: channels, "groups": channels, "out_channels": channels})
        found.append({name: channels, "groups": 1})
    if hasattr(layer, "num_groups"):
        found += [{name: channels, "num_groups": number} for number in (4, 2, 1)]
    return found


def _windows(layer: Layer, shape: Shape) -> Iterator[Changes]:
    """Nothing; then more padding, then smaller windows."""
    yield {}
    if len(shape) != 3:
        return
    if isinstance(layer, LocallyConnected2d):
        size = shape[1] if shape[1] == shape[2] else shape[1:]
        yield {"input_size": size}
        yield {"input_size": size, "kernel_size": min(*shape[1:], 3)}
        return
    own = {field.name for field in fields(layer)}  # type: ignore[arg-type]
    if "kernel_size" in own:
        kernel = pair(layer.kernel_size, "kernel_size")  # type: ignore[attr-defined]
        if "padding" in own:
            most = max(kernel) if isinstance(layer, Conv2d) else min(kernel) // 2
            yield from ({"padding": padding} for padding in range(1, min(most, 16) + 1))
            yield {"kernel_size": min(*shape[1:], *kernel), "padding": 0}
        yield {"kernel_size": min(*shape[1:], *kernel)}
        if "dilation" in own:
            yield {"kernel_size": min(*shape[1:], *kernel), "dilation": 1}
    elif "padding" in own:
        yield from ({"padding": padding} for padding in range(max(min(*shape[1:]) - 1, 0), -1, -1))
