"""A layer that doesn't fit what arrives: said with both numbers, and mended at the line itself and where the cause is.

A mend is tried before it is offered: the layer with the other setting must read what arrives, and a cause that was
mended must make, through all layers in between, what the line asks for.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice, product
from math import prod

from engine.layers import (
    BatchNorm1d,
    BatchNorm2d,
    Conv2d,
    Dropout,
    Dropout2d,
    Flatten,
    Identity,
    Linear,
    WeightNorm,
)
from engine.sentence import Sentence
from engine.summary import brief
from engine.text.changes import CHANNELS, Changes, changes_for, fits, through, with_changes, works
from engine.text.edits import edit, flattened, renamed, written
from engine.text.reading import Fault, Fix
from engine.text.said import Piece
from engine.types import Layer, Shape, pair

_MAPS_ONLY = ("Pool2d", "Unpool2d", "Pad2d", "Conv2d", "Transpose2d", "Connected2d", "Shuffle", "Upsample")
_MOST_TRIED = 400


@dataclass(frozen=True)
class Before:
    """A piece further up in the same row, its layer as it was measured, and the shape that it read."""

    piece: Piece
    layer: Layer
    shape: Shape | None


def misfit(piece: Piece, layer: Layer, shape: Shape, before: Sequence[Before]) -> tuple[Fault, Layer | None] | None:
    """What is wrong with a layer on this shape, and the layer that would be right; None where it fits."""
    if isinstance(layer, WeightNorm):
        found = misfit(piece, layer.layer, shape, before)
        if found is None or found[1] is None or isinstance(found[1], Identity):
            return found
        return found[0], WeightNorm(found[1])
    if fits(layer, shape):
        if piece.wants is None or piece.wants == prod(shape):
            return None
        told = Sentence("Here a row of {wanted} is wanted, but one of {given} arrives", **_counts(piece.wants, shape))
        fix = edit(piece.call, {"features": prod(shape)})
        return Fault(piece.place, told, (*fix, *_cause(piece.wants, layer, before))), layer
    changes = next((each for each in islice(changes_for(layer, shape), _MOST_TRIED) if works(layer, each, shape)), None)
    told = _told(layer, shape)
    causes = _cause(_wanted(layer, shape), layer, before)
    if changes is not None:
        return Fault(piece.place, told, (*edit(piece.call, changes), *causes)), with_changes(layer, changes)
    kind = _other_kind(layer, shape)
    if kind is not None:
        return Fault(piece.place, told, (*renamed(piece.call, layer, kind), *causes)), kind
    if isinstance(layer, Linear) and len(shape) > 1:
        flat = prod(shape)
        return Fault(piece.place, told, (*flattened(piece.call, layer, flat), *causes)), _Flat(
            flat, layer.out_features, layer.bias
        )
    if len(shape) == 1 and type(layer).__name__.endswith(_MAPS_ONLY):
        place = piece.place
        gone = (Fix(place.line, place.last, ""),) if piece.call is not None and piece.call.style == "line" else ()
        return Fault(piece.place, told, gone), Identity()
    return Fault(piece.place, told, causes), None


@dataclass(frozen=True)
class _Flat(Linear):
    """A Linear with the Flatten in front of it that it lacks."""

    def output_shape(self, shape: Shape) -> Shape:
        """(out_features,)."""
        return super().output_shape((prod(shape),))


def _told(layer: Layer, shape: Shape) -> Sentence:
    """What doesn't fit, with the number that is read and the one that arrives."""
    own, arrives = brief(layer), written(shape)
    wanted = _wanted(layer, shape)
    if isinstance(layer, Linear):
        if len(shape) > 1:
            return Sentence(
                "{layer} reads a row of {wanted}, but maps of {given} arrive",
                layer=own,
                wanted=f"{layer.in_features:,}",
                given=arrives,
            )
        return Sentence(
            "{layer} reads a row of {wanted}, but one of {given} arrives", layer=own, **_counts(wanted, shape)
        )
    maps_only = type(layer).__name__.endswith(_MAPS_ONLY) or isinstance(layer, BatchNorm2d)
    if maps_only and len(shape) != 3:
        return Sentence("{layer} reads maps, but a row of {given} arrives", layer=own, given=arrives)
    if wanted is not None and wanted != shape[0]:
        return Sentence(
            "Of channels, {layer} reads {wanted}, but {given} arrive", layer=own, wanted=wanted, given=shape[0]
        )
    try:
        layer.output_shape(shape)
    except (ValueError, TypeError, ArithmeticError, IndexError) as error:
        return Sentence("{layer} doesn't fit {given}: {reason}", layer=own, given=arrives, reason=str(error))
    return Sentence("{layer} leaves nothing of {given}", layer=own, given=arrives)


def _counts(wanted: int | None, shape: Shape) -> dict[str, str]:
    return {"wanted": f"{wanted or 0:,}", "given": f"{prod(shape):,}"}


def _wanted(layer: Layer, shape: Shape) -> int | None:
    """How many channels, or numbers, the layer was made for."""
    if isinstance(layer, Linear):
        return layer.in_features
    return next((getattr(layer, name) for name in CHANNELS if getattr(layer, name, 1) != 1), None)


def _other_kind(layer: Layer, shape: Shape) -> Layer | None:
    """The twin for rows of a layer for maps, or the other way round."""
    twin: Layer | None = None
    match layer:
        case BatchNorm1d():
            twin = BatchNorm2d(shape[0], layer.eps, layer.momentum, layer.affine, layer.track_running_stats)
        case BatchNorm2d():
            twin = BatchNorm1d(shape[0], layer.eps, layer.momentum, layer.affine, layer.track_running_stats)
        case Dropout2d():
            twin = Dropout(layer.p)
    return twin if twin is not None and fits(twin, shape) else None


def _cause(wanted: int | None, layer: Layer, before: Sequence[Before]) -> tuple[Fix, ...]:
    """The mend of an earlier line after which this layer gets what it reads, where one is found by trying."""
    if wanted is None or any(each.shape is None for each in before):
        return ()
    tried = 0
    for at, changes in _earlier(wanted, layer, before):
        tried += 1
        if tried > _MOST_TRIED:
            return ()
        each = before[at]
        if each.piece.call is None or each.shape is None or not works(each.layer, changes, each.shape):
            continue
        shape: Shape | None = with_changes(each.layer, changes).output_shape(each.shape)
        shape = through([("", later.layer) for later in before[at + 1 :]], shape)
        if shape is None or not fits(layer, shape):
            continue
        if isinstance(layer, Flatten) and prod(shape) != wanted:
            continue
        return edit(each.piece.call, changes)
    return ()


def _earlier(wanted: int, layer: Layer, before: Sequence[Before]) -> Iterator[tuple[int, Changes]]:
    """Which earlier line could be told what: how many it makes, from the nearest on; else how it is padded."""
    for at in range(len(before) - 1, -1, -1):
        for name in ("out_channels", "out_features"):
            if hasattr(before[at].layer, name):
                if not isinstance(layer, Linear | Flatten) or name == "out_features":
                    yield at, {name: wanted}
                break
        else:
            continue
        break
    if isinstance(layer, Linear | Flatten):
        for (at, each), padding in product(enumerate(before[:24]), range(4)):
            if hasattr(each.layer, "padding") and hasattr(each.layer, "kernel_size"):
                most = max(pair(each.layer.kernel_size, "kernel_size"))
                if each.layer.padding != padding <= (most if isinstance(each.layer, Conv2d) else most // 2):
                    yield at, {"padding": padding}
        for (at, each), stride in product(enumerate(before[:24]), (1, 2, 3)):
            if hasattr(each.layer, "stride") and each.layer.stride != stride:
                yield at, {"stride": stride}
