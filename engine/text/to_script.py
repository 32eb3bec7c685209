"""Layers as a script on this engine: it builds the network, shows its table, and runs one example both ways."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from engine.layers import Highway, Parallel, Residual, WeightNorm
from engine.summary import brief
from engine.types import Layer, Shape

_STEP = "    "


def script_of(layers: Sequence[tuple[str, Layer]], input_shape: Shape) -> str:
    """The source of a program that needs nothing but the engine and NumPy."""
    names = sorted({"Network", *_kinds(layers)}, key=str.lower)
    rows = "\n".join(_row(layers, _STEP))
    return f"""import numpy as np

from engine import {", ".join(names)}

layers = (
{rows}
)
rng = np.random.default_rng(0)
network = Network.build(layers, {input_shape!r}, rng=rng)
print(network)

x = rng.standard_normal((1, *network.input_shape)).astype(np.float32)
trace = network.forward(x)
back = network.backward(trace, np.ones_like(trace.y))
print("y", trace.y.shape, "dL/dx", back.dx.shape)
"""


def _kinds(layers: Sequence[tuple[str, Layer]]) -> Iterator[str]:
    """The names of all classes that the layers are of."""
    for _, layer in layers:
        yield type(layer).__name__
        if isinstance(layer, WeightNorm):
            yield from _kinds([("", layer.layer)])
        elif isinstance(layer, Residual | Highway | Parallel):
            for row in layer.paths().values():
                yield from _kinds(row)


def _row(layers: Sequence[tuple[str, Layer]], margin: str) -> Iterator[str]:
    for name, layer in layers:
        lines = list(_made(layer, margin))
        lines[0] = f'{margin}("{name}", {lines[0]}'
        lines[-1] += "),"
        yield from lines


def _made(layer: Layer, margin: str) -> Iterator[str]:
    """The expression that makes a layer, its first line without a margin."""
    inside = margin + _STEP
    match layer:
        case Residual() | Highway():
            yield f"{type(layer).__name__}("
            for path, row in layer.paths().items():
                yield f"{inside}{path}=("
                yield from _row(row, inside + _STEP)
                yield f"{inside}),"
            if isinstance(layer, Highway):
                yield f"{inside}gate_bias={layer.gate_bias!r},"
            yield f"{margin})"
        case Parallel(branches):
            yield "Parallel(("
            for name, row in branches:
                yield f'{inside}("{name}", ('
                yield from _row(row, inside + _STEP)
                yield f"{inside})),"
            yield f"{margin}))"
        case _:
            yield brief(layer)
