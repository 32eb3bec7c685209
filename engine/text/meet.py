"""Paths of a block that don't meet: told with all shapes, and mended in the shortcut or in a line of theirs."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from itertools import islice

from engine.layers import Conv2d, Highway, Parallel, Residual
from engine.sentence import Sentence
from engine.text.changes import Changes, fits, through, with_changes, works
from engine.text.edits import edit, with_shortcut, written
from engine.text.reading import Fault, Fix
from engine.text.said import Piece
from engine.trace import Layers
from engine.types import Layer, Shape, pair

Block = Residual | Parallel | Highway

_MOST_TRIED = 4_000
"""Layers that are asked for their shape, all tries together."""


def paths_mend(piece: Piece, layer: Block, shape: Shape) -> tuple[Fault, Block | None]:
    """What is wrong with a block whose paths don't meet, and the block as it would be with the first mend."""
    made = {path: through(layers, shape) for path, layers in layer.paths().items()}
    told = Sentence(
        "The paths of this block don't meet: from {shape} come {made}",
        shape=written(shape),
        made=", ".join(f"{path} {written(own) if own else '?'}" for path, own in made.items()),
    )
    found = [*_shortcut(piece, layer, shape, made), *_line(piece, layer, shape)]
    return Fault(piece.place, told, tuple(fix for fix, _ in found)), found[0][1] if found else None


def _shortcut(piece: Piece, layer: Block, shape: Shape, made: dict[str, Shape | None]) -> Iterator[tuple[Fix, Block]]:
    """A 1×1 convolution in a residual block's empty shortcut, with the body's channels and its stride."""
    body = made.get("body")
    if not isinstance(layer, Residual) or layer.shortcut or body is None or not len(body) == len(shape) == 3:
        return
    down, across = (-(-size // max(out, 1)) for size, out in zip(shape[1:], body[1:], strict=True))
    conv = Conv2d(shape[0], body[0], 1, stride=down if down == across else (down, across))
    mended = Residual(layer.body, (("conv1", conv),))
    if fits(mended, shape):
        yield from ((fix, mended) for fix in with_shortcut(piece.rows[0][1][-1], conv))


def _line(piece: Piece, layer: Block, shape: Shape) -> Iterator[tuple[Fix, Block]]:
    """The first line of the block that with another padding or stride makes the paths meet."""
    tries = _MOST_TRIED // max(sum(len(pieces) for _, pieces in piece.rows), 1)
    for at, place, inner, changes in islice(_tries(piece), tries):
        mended = _replaced(layer, at, place, changes)
        if mended is not None and fits(mended, shape):
            yield from ((fix, mended) for fix in edit(inner.call, changes))
            return


def _tries(piece: Piece) -> Iterator[tuple[int, int, Piece, Changes]]:
    """In which path, at which place, which piece could be told what."""
    for at, (_, pieces) in enumerate(piece.rows):
        for place, inner in enumerate(pieces):
            if inner.call is not None and inner.layer is not None:
                yield from ((at, place, inner, changes) for changes in _windows(inner.layer))


def _windows(layer: Layer) -> Iterator[Changes]:
    if hasattr(layer, "padding") and hasattr(layer, "kernel_size"):
        most = max(pair(layer.kernel_size, "kernel_size"))
        yield from ({"padding": padding} for padding in range(min(most, 4)))
    if hasattr(layer, "stride"):
        yield from ({"stride": stride} for stride in (1, 2, 3))


def _replaced(block: Block, at: int, place: int, changes: Changes) -> Block | None:
    """The block with one of its layers told something else."""
    rows = list(block.paths().items())
    path, layers = rows[at]
    name, layer = layers[place]
    if not works(layer, changes):
        return None
    rows[at] = path, (*layers[:place], (name, with_changes(layer, changes)), *layers[place + 1 :])
    return _of_paths(block, dict(rows))


def _of_paths(block: Block, rows: dict[str, Layers]) -> Block:
    if isinstance(block, Parallel):
        return Parallel(tuple(rows.items()))
    if isinstance(block, Residual):
        return Residual(rows["body"], rows["shortcut"])
    return replace(block, transform=rows["transform"], gate=rows["gate"])
