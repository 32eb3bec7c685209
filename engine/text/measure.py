"""What each piece makes of one example: shape, parameters, multiply-adds, what it sees; and where the first misfit is.

Behind a misfit the rest is measured as if the line were mended, where it is known how. Nothing is built: a network's
size is known, and refused if need be, before a weight is made.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from math import prod

from engine.analysis.cost import layer_cost
from engine.analysis.count import Cost
from engine.analysis.receptive_field import Field, through
from engine.layers import Highway, Identity, Linear, Parallel, Residual
from engine.sentence import Sentence
from engine.summary import brief
from engine.text.changes import fits
from engine.text.limits import Limits
from engine.text.meet import Block, paths_mend
from engine.text.mend import Before, misfit
from engine.text.reading import Fault, Line
from engine.text.said import Piece, names_of
from engine.trace import Layers
from engine.types import Layer, Shape

_BYTES = 4 * 4
"""Of a parameter in training: itself, its gradient, and the two numbers that Adam keeps; four bytes each."""


@dataclass(frozen=True)
class At:
    """Where one stands between two layers: an example's shape there, what a unit sees, and inside how many blocks."""

    shape: Shape | None
    field: Field | None
    depth: int = 0
    as_if: bool = False
    inside: str = ""
    """The blocks and paths around, as parameters' names begin there."""


@dataclass
class Measured:
    """The lines so far, all that is wrong, and what the layers cost together."""

    limits: Limits
    typed: Sequence[str]
    lines: list[Line] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)
    parameters: int = 0
    multiply_adds: int = 0
    activations: int = 0
    modules: dict[str, str] = field(default_factory=dict)
    too_large: Fault | None = None

    def row(self, pieces: Sequence[Piece], at: At, outside: Sequence[Before] = ()) -> tuple[Layers | None, At]:
        """Measure pieces in a row. Gives their layers, mended where they had to be; None where one is lost.

        ``outside`` are the pieces in front of the block that the row is a path of: a cause may be among them.
        """
        names = names_of(pieces, [_outline(piece) for piece in pieces])
        layers: list[tuple[str, Layer]] = []
        before = list(outside)
        whole = True
        for name, piece in zip(names, pieces, strict=True):
            stood = at
            layer, at = self._block(name, piece, at, before) if piece.kind else self._leaf(name, piece, at, before)
            if layer is None:
                whole = False
                before = []
                continue
            layers.append((name, layer))
            before.append(Before(piece, layer, stood.shape))
        return tuple(layers) if whole else None, at

    def _leaf(self, name: str, piece: Piece, at: At, before: Sequence[Before]) -> tuple[Layer | None, At]:
        fault, layer, fits = piece.fault, piece.layer, piece.layer
        if piece.module:
            self.modules[f"{at.inside}{name}"] = piece.module
        if layer is not None and at.shape is not None:
            # Behind the first misfit nobody looks for causes any more: they would be sought in what is only supposed.
            found = misfit(piece, layer, at.shape, () if self.faults else before)
            if found is not None:
                own, fits = found
                fault = fault or own
        if fault is not None:
            self.faults.append(fault)
        if fits is None or at.shape is None:
            return self._lost(name, piece, layer, fault, at)
        as_if = at.as_if or fault is not None
        out = fits.output_shape(at.shape)
        if self._too_many(piece, prod(out)):
            return self._lost(name, piece, layer, self.too_large, at)
        cost = layer_cost(fits, at.shape)
        view = _field(fits, at)
        self._count(piece, cost)
        self.lines.append(_line(name, piece, layer, fault, at, out, cost, view, as_if))
        return fits, replace(at, shape=out, field=view, as_if=as_if)

    def _lost(
        self, name: str, piece: Piece, layer: Layer | None, fault: Fault | None, at: At
    ) -> tuple[Layer | None, At]:
        """A line of which no more is known than what it says."""
        typed = self.typed[piece.place.line - 1].strip()
        text = brief(layer) if layer is not None else typed
        self.lines.append(Line(piece.place, text, at.depth, name, layer, fault, as_if=at.as_if))
        return layer if fault is None else None, replace(at, shape=None, field=None, as_if=True)

    def _block(self, name: str, piece: Piece, at: At, before: Sequence[Before]) -> tuple[Layer | None, At]:
        """The block's own line first, then those of its paths; its own numbers are known after them."""
        place = len(self.lines)
        self.lines.append(Line(piece.place, piece.kind, at.depth, name, None, as_if=at.as_if))
        inner = replace(at, depth=at.depth + 1)
        faults, rows, as_if = len(self.faults), [], at.as_if
        for path, pieces in piece.rows:
            layers, end = self.row(pieces, replace(inner, inside=f"{at.inside}{name}.{path}."), before)
            rows.append((path, layers))
            as_if = as_if or end.as_if
        layer = _assembled(piece, rows)
        fault: Fault | None = None
        if layer is not None and at.shape is not None and not fits(layer, at.shape):
            fault, layer = paths_mend(piece, layer, at.shape)
            self.faults.append(fault)
        whole = layer is not None and len(self.faults) == faults
        head = replace(self.lines[place], fault=fault, layer=layer if whole else None)
        if layer is None or at.shape is None:
            self.lines[place] = head
            return layer, replace(at, shape=None, field=None, as_if=True)
        as_if = as_if or fault is not None
        out, view, cost = layer.output_shape(at.shape), _field(layer, at), layer_cost(layer, at.shape)
        self._too_many(piece, prod(out))
        self.lines[place] = replace(
            head,
            output=out,
            parameters=cost.parameters.value,
            multiply_adds=cost.multiply_adds.value,
            field=view,
            as_if=as_if,
        )
        return layer, replace(at, shape=out, field=view, as_if=as_if)

    def _count(self, piece: Piece, cost: Cost) -> None:
        """Add a layer's costs; the first that goes over a bound is told of."""
        self.parameters += cost.parameters.value
        self.multiply_adds += cost.multiply_adds.value
        limits = self.limits
        needed = _BYTES * self.parameters + 2 * 4 * self.activations
        if self.parameters > limits.parameters:
            told = Sentence(
                "With this layer there are {count} parameters; at most {most} are built here",
                count=f"{self.parameters:,}",
                most=f"{limits.parameters:,}",
            )
        elif self.multiply_adds > limits.multiply_adds:
            told = Sentence(
                "With this layer one example takes {count} multiply-adds; at most {most} are done here",
                count=f"{self.multiply_adds:,}",
                most=f"{limits.multiply_adds:,}",
            )
        elif needed > limits.bytes:
            told = Sentence(
                "With this layer a training step needs {count} MB; at most {most} MB are given to it",
                count=f"{needed // 10**6:,}",
                most=f"{limits.bytes // 10**6:,}",
            )
        else:
            return
        self._tell(piece, told)

    def _too_many(self, piece: Piece, numbers: int) -> bool:
        """Whether this layer makes more numbers than can be held, which nobody then counts on from."""
        self.activations += numbers
        if self.activations <= self.limits.activations:
            return False
        told = Sentence(
            "With this layer one example makes {count} numbers; at most {most} are held here",
            count=f"{self.activations:,}",
            most=f"{self.limits.activations:,}",
        )
        self._tell(piece, told)
        self.activations = 0
        return True

    def _tell(self, piece: Piece, told: Sentence) -> None:
        if self.too_large is None:
            self.too_large = Fault(piece.place, told)
            self.faults.append(self.too_large)


def _outline(piece: Piece) -> Layer | None:
    """What kind of layer a piece is, as far as its automatic name needs it."""
    blocks: dict[str, Layer] = {
        "Residual": Residual((("layer", Identity()),)),
        "Parallel": Parallel((("branch", ()),)),
        "Highway": Highway((), ()),
    }
    return blocks.get(piece.kind, piece.layer)


def _assembled(piece: Piece, rows: Sequence[tuple[str, Layers | None]]) -> Block | None:
    """A block of its paths' layers; None where one of them is lost."""
    known = {path: layers for path, layers in rows if layers is not None}
    if len(known) < len(rows):
        return None
    match piece.kind:
        case "Residual":
            return Residual(known["body"], known["shortcut"])
        case "Parallel":
            return Parallel(tuple(known.items()))
        case _:
            return Highway(known["transform"], known["gate"], **piece.settings)


def _field(layer: Layer, at: At) -> Field | None:
    """What a unit behind the layer sees; None where its units have no field in common."""
    if at.field is None or (isinstance(layer, Linear) and at.shape is not None and len(at.shape) > 1):
        return None
    try:
        return through(layer, at.field)
    except (TypeError, ValueError):
        return None


def _line(
    name: str,
    piece: Piece,
    layer: Layer | None,
    fault: Fault | None,
    at: At,
    out: Shape,
    cost: Cost,
    view: Field | None,
    as_if: bool,
) -> Line:
    return Line(
        piece.place,
        brief(layer) if layer is not None else "",
        at.depth,
        name,
        layer,
        fault,
        out,
        cost.parameters.value,
        cost.multiply_adds.value,
        view,
        as_if,
    )


def start(shape: Shape) -> At:
    """In front of the first layer; what a unit sees is counted in pixels, so only where there is a picture."""
    picture = Field("input", (1, 1), (1, 1), (0, 0), (shape[1], shape[2])) if len(shape) == 3 else None
    return At(shape, picture)
