"""One image, one label, one network: forward, loss, backward, update, and the loss after, all kept.

Everything follows from plain data (image, label, learning rate, edits), so that a link can hold a training step.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from engine.losses import CrossEntropyLoss
from engine.network import BackTrace, Network, Trace
from engine.nudge import INPUT, SHARES, Nudge, nudge
from engine.optimizers import SGD
from engine.types import Array, ShapeError

MOST_EDITS = 24
LARGEST_VALUE = 1000.0
NUDGES = ("1", "0.1", "0.01", "0.001", "0.0001", "0.00001")
"""How far a number can be nudged, as it is written."""

_EDIT = re.compile(r"([a-z][a-z0-9_.]*)\.([0-9]{1,9}):(-?[0-9]{1,9}(?:\.[0-9]{1,25})?(?:e-?[0-9]{1,3})?)", re.ASCII)
_LOSS = CrossEntropyLoss()


@dataclass(frozen=True)
class Edit:
    """One number replaced: entry ``index`` (flat, row by row) of the image ("x") or of a parameter ("conv1.weight")."""

    array: str
    index: int
    value: float


@dataclass(frozen=True)
class TrainingStep:
    """Everything that the network computes for one image and one step of SGD; no array is overwritten later.

    ``network`` and ``x`` (1, *input_shape) hold the edits, ``original`` and ``original_x`` don't. ``p`` (1, C) is
    softmax of the logits ``trace.y``, ``loss`` = -ln p[target] in nats, ``dz`` (1, C) = dL/dlogits = p - y.
    ``updated`` = network - lr · back.grads; ``p_after`` and ``loss_after`` are what it makes of the same image.
    ``losses`` starts with ``loss`` and has one more after each repeated step. A loss that has left float32's range
    is inf or nan; it is kept, and the repeats end there.
    """

    original: Network
    original_x: Array
    network: Network
    x: Array
    target: int
    lr: float
    edits: tuple[Edit, ...]
    trace: Trace
    p: Array
    loss: float
    dz: Array
    back: BackTrace
    updated: Network
    p_after: Array
    loss_after: float
    losses: tuple[float, ...]

    @property
    def guess(self) -> int:
        """The class with the largest probability."""
        return int(self.p[0].argmax())

    @property
    def guess_after(self) -> int:
        """The class with the largest probability after the update."""
        return int(self.p_after[0].argmax())

    @property
    def diverged(self) -> bool:
        """Whether a loss after an update is no longer a finite number."""
        return not (math.isfinite(self.loss_after) and all(map(math.isfinite, self.losses)))

    def arrays(self) -> dict[str, Array]:
        """Every number of the training step by name: ``x``, ``conv1.y``, ``conv1.weight``, ``pool1.switches``, ``p``, …

        ``name.grad`` is the loss's gradient for that array, ``name.updated`` a parameter after the update.
        """
        found = {"x": self.x, "x.grad": self.back.dx}
        for step in self.trace:
            back = self.back[step.name]
            found |= {f"{step.name}.{key}": value for key, value in step.cache.items() if key != "x"}
            found |= {f"{step.name}.y": step.y, f"{step.name}.y.grad": back.dy}
            for key, value in step.params.items():
                name = f"{step.name}.{key}"
                found |= {name: value, f"{name}.grad": back.grads[key], f"{name}.updated": self.updated.params[name]}
        found |= {"p": self.p, "p.updated": self.p_after, "target": np.array([self.target])}
        found |= {"lr": np.array(self.lr), "loss": np.array(self.losses), "loss.updated": np.array(self.loss_after)}
        return found


@dataclass(frozen=True)
class _Pass:
    """One forward and backward pass."""

    trace: Trace
    p: Array
    loss: float
    dz: Array
    back: BackTrace


def run(
    network: Network, x: Array, target: int, *, lr: float, edits: Sequence[Edit] = (), repeats: int = 0
) -> TrainingStep:
    """Forward, loss, backward, one update of plain SGD, forward again; ``repeats`` such updates for ``losses``.

    x (1, *input_shape). Raises ShapeError for another shape, ValueError for a target that isn't a class, a learning
    rate that isn't a finite number of at least 0, an edit that doesn't fit, or a negative number of repeats.
    """
    if x.shape != (1, *network.input_shape):
        raise ShapeError(
            f"A training step was given x of shape {x.shape}; it expects one example, "
            f"(1, {', '.join(map(str, network.input_shape))})."
        )
    if not (math.isfinite(lr) and lr >= 0):
        raise ValueError(f"A training step was given lr={lr}; it expects a finite number of at least 0, such as 0.05.")
    if repeats < 0:
        raise ValueError(f"A training step was given repeats={repeats}; it expects 0 or more, such as 10.")
    dtype = next(iter(network.params.values())).dtype
    edits = tuple(edits)
    edited, edited_x = apply_edits(network, x.astype(dtype, copy=False), edits)
    label = np.array([target])
    # A rate that is far too large soon leaves float32's range: a result to look at here, not a fault.
    with np.errstate(over="ignore", invalid="ignore", divide="ignore"):
        first = _pass(edited, edited_x, label)
        updated = _step(edited, first, lr)
        loss_after, cache_after = _LOSS.forward(updated.predict(edited_x), label)
        losses = tuple(_losses(edited, edited_x, label, lr, repeats))
    return TrainingStep(
        original=network,
        original_x=x,
        network=edited,
        x=edited_x,
        target=target,
        lr=lr,
        edits=edits,
        trace=first.trace,
        p=first.p,
        loss=first.loss,
        dz=first.dz,
        back=first.back,
        updated=updated,
        p_after=cache_after["p"],
        loss_after=loss_after,
        losses=losses,
    )


def _pass(network: Network, x: Array, target: Array) -> _Pass:
    trace = network.forward(x)
    loss, cache = _LOSS.forward(trace.y, target)
    dz = _LOSS.backward(cache)
    return _Pass(trace, cache["p"], loss, dz, network.backward(trace, dz))


def _step(network: Network, passed: _Pass, lr: float) -> Network:
    """w ← w - lr · dL/dw for every parameter."""
    params, _ = SGD(lr).update(network.params, passed.back.grads)
    return network.replace(params)


def _losses(network: Network, x: Array, target: Array, lr: float, repeats: int) -> Iterator[float]:
    """The loss before the first step and after each; the last is where it stops being finite, if it does."""
    for _ in range(repeats):
        passed = _pass(network, x, target)
        yield passed.loss
        if not math.isfinite(passed.loss):
            return
        network = _step(network, passed, lr)
    yield _LOSS.forward(network.predict(x), target)[0]


def apply_edits(network: Network, x: Array, edits: Sequence[Edit]) -> tuple[Network, Array]:
    """The network and the image with some numbers replaced; the arguments stay as they are."""
    arrays = {"x": x, **network.params}
    for edit in edits:
        _check(edit, arrays)
    for name in {edit.array for edit in edits}:
        arrays[name] = arrays[name].copy()
    for edit in edits:
        arrays[edit.array].reshape(-1)[edit.index] = edit.value
    return network.replace({name: arrays[name] for name in network.params}), arrays["x"]


def telling_pixel(of: TrainingStep) -> Edit:
    """The one pixel whose change, as far as it can go within [0, 1], promises to lower the loss most.

    The promise is the gradient's: moving x by Δ changes the loss by about dx · Δ.
    """
    x, dx = of.x.reshape(-1), of.back.dx.reshape(-1)
    best = np.where(dx > 0, 0.0, 1.0)
    promised = dx * (best - x)
    index = int(promised.argmin())
    return Edit("x", index, float(best[index] if promised[index] < 0 else x[index]))


@dataclass(frozen=True)
class Nudged:
    """Which number is nudged, and how far: entry ``index`` (flat) of the input ("x"), of what a layer put out
    ("conv1"), of a parameter ("conv1.weight") or of the shares ("p"); ``h`` as it is written."""

    array: str
    index: int
    h: str

    def run(self, of: TrainingStep) -> Nudge:
        """Both losses and both slopes, in this training step's network."""
        return nudge(of.network, of.x, np.array([of.target]), self.array, self.index, float(self.h))


def parse_nudge(text: str, network: Network) -> Nudged | None:
    """Read "conv1.weight.3:0.01": array.index:h. An empty text is no nudge.

    Raises ValueError for another form, an array or an index that this network doesn't have, an h that isn't offered.
    """
    if not text:
        return None
    place, _, h = text.partition(":")
    array, _, index = place.rpartition(".")
    shapes = {INPUT: network.input_shape, **dict(network.shapes()), SHARES: network.shapes()[-1][1]}
    sizes = {name: math.prod(shape) for name, shape in shapes.items()}
    sizes |= {name: value.size for name, value in network.params.items()}
    if h not in NUDGES or not index.isascii() or not index.isdigit() or int(index) >= sizes.get(array, 0):
        raise ValueError(f"{text[:40]!r} isn't a nudge; array.index:h was expected, such as conv1.weight.3:0.01.")
    return Nudged(array, int(index), h)


def parse_edits(text: str, network: Network) -> tuple[Edit, ...]:
    """Read "x.27:0.5~conv1.weight.3:-1.25": array.index:value, joined by "~". An empty text is no edit.

    Where one place is named twice the later value stands. Raises ValueError for anything that this network can't
    take: a form that isn't this one, an unknown array, an index outside it, a value beyond ±1000, over 24 edits.
    """
    if not text:
        return ()
    pieces = text.split("~")
    if len(pieces) > MOST_EDITS:
        raise ValueError(f"There are {len(pieces)} edits; at most {MOST_EDITS} are taken.")
    arrays = {"x": np.empty((1, *network.input_shape), np.float32), **network.params}
    found: dict[tuple[str, int], Edit] = {}
    for piece in pieces:
        match = _EDIT.fullmatch(piece)
        if match is None:
            shown = piece if len(piece) <= 40 else piece[:40] + "…"
            raise ValueError(f"{shown!r} isn't an edit; array.index:value was expected, such as conv1.weight.3:-1.25.")
        edit = Edit(match[1], int(match[2]), float(match[3]))
        _check(edit, arrays)
        found[edit.array, edit.index] = edit
    return tuple(found.values())


def format_edits(edits: Sequence[Edit]) -> str:
    """Write edits so that ``parse_edits`` reads the same ones."""
    return "~".join(f"{edit.array}.{edit.index}:{_number(edit.value)}" for edit in edits)


def _number(value: float) -> str:
    return repr(int(value)) if value == int(value) else repr(float(value))


def _check(edit: Edit, arrays: dict[str, Array]) -> None:
    """Raise ValueError unless the edit's place exists in ``arrays`` and its value is a sensible number."""
    if edit.array not in arrays:
        raise ValueError(f"There is no array {edit.array!r} to edit; there are {', '.join(arrays)}.")
    size = arrays[edit.array].size
    if not 0 <= edit.index < size:
        raise ValueError(f"{edit.array} has no entry {edit.index}; its entries are numbered 0 to {size - 1}.")
    if not math.isfinite(edit.value) or abs(edit.value) > LARGEST_VALUE:
        raise ValueError(
            f"{edit.array} entry {edit.index} can't become {edit.value}; "
            f"a number from {-LARGEST_VALUE:g} to {LARGEST_VALUE:g} was expected."
        )
