"""The cases: one small network, one batch of real digits, and in each case another layer that is wrong, or none.

    x (4, 1, 8, 8) -> conv (2) -> norm -> relu -> pool 4×4 -> flatten (8) -> hidden (8) -> relu2 -> output (4) -> loss

Forwards all cases are the same network, so the numeric gradients are measured once for all of them.
"""

from __future__ import annotations

import difflib
from dataclasses import dataclass
from functools import cache

import numpy as np

from engine.data.digits import all_digits
from engine.gradcheck import WRONG, numeric_gradient
from engine.losses import Loss
from engine.network import Network
from engine.syntax import undocumented
from engine.trace import Trace
from engine.types import Array, Layer, Params
from pages.backprop.gradient_check.compute import passes

CLASSES = 4
EXAMPLES = (0, 1, 2, 3)
"""Places of the batch in the whole set: one digit of each class."""
SEED = 6
H = 1e-5


@dataclass(frozen=True)
class Case:
    """``fault`` takes the place of the layer (or the loss) called ``layer``; None: everything is right."""

    key: str
    layer: str = ""
    fault: Layer | Loss | None = None

    @property
    def kind(self) -> str:
        """The fault's name, "nothing" for a right network."""
        return type(self.fault).__name__ if self.fault else "nothing"


RIGHT: tuple[tuple[str, Layer], ...] = (
    ("conv", passes.Conv(1, 2, 3, padding=1)),
    ("norm", passes.Norm(2)),
    ("relu", passes.Relu()),
    ("pool", passes.Pool(4)),
    ("flatten", passes.Flatten()),
    ("hidden", passes.Linear(8, 8)),
    ("relu2", passes.Relu()),
    ("output", passes.Linear(8, CLASSES)),
)

CASES: tuple[Case, ...] = (
    Case("a", "hidden", passes.LinearTransposed(8, 8)),
    Case("b", "pool", passes.PoolToFirstCell(4)),
    Case("c", "loss", passes.LossNotAveraged()),
    Case("d", "norm", passes.NormWithoutMean(2)),
    Case("e"),
    Case("f", "conv", passes.ConvPaddedByEdges(1, 2, 3, padding=1)),
    Case("g", "output", passes.LinearBiasOfOne(8, CLASSES)),
    Case("h", "relu", passes.ReluGatedByGradient()),
    Case("i", "conv", passes.ConvNotTurned(1, 2, 3, padding=1)),
    Case("j", "loss", passes.LossOfEachAlone()),
)


@dataclass(frozen=True)
class Strip:
    """One array of gradients, both ways. ``layer`` hands it out; ``name`` is "dx" or a parameter's.

    analytic, numeric: of the array's own shape; dx is that of the first example.
    """

    layer: str
    name: str
    analytic: Array
    numeric: Array

    @property
    def error(self) -> Array:
        """|analytic - numeric| / max(|analytic|, |numeric|), 0 where both are 0: ``gradcheck.Entry``'s, at once."""
        scale = np.maximum(np.abs(self.analytic), np.abs(self.numeric))
        gap = np.abs(self.analytic - self.numeric)
        found: Array = np.divide(gap, scale, out=np.zeros_like(scale), where=scale > 0)
        return found

    def worst(self, floor: float = 1e-6) -> float:
        """The largest relative error among gradients above ``floor``, 0 where there are none."""
        measurable = np.maximum(np.abs(self.analytic), np.abs(self.numeric)) > floor
        return float(self.error[measurable].max(initial=0.0))

    def ratio(self, floor: float = 1e-6) -> float | None:
        """What every entry's numeric gradient was multiplied by, where it is the same number for all of them."""
        measurable = np.abs(self.numeric) > floor
        found = self.analytic[measurable] / self.numeric[measurable]
        return float(np.median(found)) if found.size > 1 and np.ptp(found) < 1e-4 * abs(found[0]) else None

    def wrong(self, floor: float = 1e-9) -> Array:
        """Where the two really differ: by more than 1 % and by more than a difference's own noise."""
        found: Array = (self.error > WRONG) & (np.abs(self.analytic - self.numeric) > floor)
        return found


def wrong_line(case: Case) -> int | None:
    """Which line of the wrong ``backward`` isn't that of the right one, counted from 0 as ``source_of`` has them."""
    if case.fault is None:
        return None
    ours, theirs = source_of(case, case.layer), source_of(Case(""), case.layer)
    matcher = difflib.SequenceMatcher(None, theirs, ours, autojunk=False)
    changed = [i for tag, _a, _b, low, high in matcher.get_opcodes() if tag != "equal" for i in range(low, high)]
    if len(changed) != 1:
        raise ValueError(f"{case.kind} differs from the right layer in {len(changed)} lines; a fault is one line.")
    return changed[0]


@cache
def source_of(case: Case, layer: str) -> tuple[str, ...]:
    """The live source of a layer's ``backward`` in this case, without its docstring and its indent."""
    function = type(_spec(case, layer)).backward
    return tuple(undocumented(function))


def _spec(case: Case, layer: str) -> Layer | Loss:
    if case.layer == layer and case.fault is not None:
        return case.fault
    return passes.Loss() if layer == "loss" else dict(RIGHT)[layer]


@cache
def _network() -> Network:
    """The right network in float64; norm's γ and β away from 1 and 0, so that they matter."""
    rng = np.random.default_rng(SEED)
    network = Network.build(RIGHT, (1, 8, 8), rng=rng, dtype=np.float64)
    drawn = {name: rng.normal(1 if name == "norm.weight" else 0, 0.3, network.params[name].shape)
             for name in ("conv.bias", "norm.weight", "norm.bias", "hidden.bias", "output.bias")}  # fmt: skip
    return network.replace({**network.params, **drawn})


def batch() -> tuple[Array, Array]:
    """Four real digits and what they are."""
    images, labels = all_digits()
    return images[list(EXAMPLES)].astype(np.float64), labels[list(EXAMPLES)]


def _case_network(case: Case) -> tuple[Network, Loss]:
    network = _network()
    layers = tuple((name, _spec(case, name)) for name, _layer in RIGHT)
    loss = _spec(case, "loss")
    return Network(layers, network.params, network.input_shape), loss  # type: ignore[arg-type, return-value]


def _forward(network: Network) -> Trace:
    return network.forward(batch()[0], train=True)


@cache
def numeric_gradients(h: float = H) -> Params:
    """Central differences of the loss by every parameter, and by the first example's input of every layer.

    "conv.weight", …, "conv.dx", …, "loss.dx". Layers before the changed number aren't computed again.
    """
    network, loss = _network(), passes.Loss()
    trace, target = _forward(network), batch()[1]
    found: Params = {}
    for place, step in enumerate(trace):
        x, params = step.x.copy(), {name: value.copy() for name, value in network.params.items()}

        def value(start: int = place, x: Array = x, params: Params = params) -> float:
            y = x
            for name, layer in network.layers[start:]:
                own = {key: params[f"{name}.{key}"] for key in network.params_of(name)}
                y, _cache = layer.forward(own, y, train=True)
            return float(loss.forward(y, target)[0])

        for key in _learned(step.params):
            found[f"{step.name}.{key}"] = _all(value, params[f"{step.name}.{key}"], h)
        found[f"{step.name}.dx"] = _all(value, x, h, first=True)
    scores = trace.y.copy()
    found["loss.dx"] = _all(lambda: float(loss.forward(scores, target)[0]), scores, h, first=True)
    return found


def _learned(params: Params) -> list[str]:
    return [name for name in params if name in ("weight", "bias")]


def _all(f: object, array: Array, h: float, *, first: bool = False) -> Array:
    """Every entry's central difference; ``first``: those of the first example only."""
    part = array[0] if first else array
    places = (((0, *index) if first else index) for index in np.ndindex(*part.shape))
    return np.array([numeric_gradient(f, array, place, h) for place in places]).reshape(part.shape)  # type: ignore[arg-type]


@dataclass(frozen=True)
class Checked:
    """All strips of a case, from the first layer to the loss, and the sums that batch norm's dx must have."""

    strips: tuple[Strip, ...]
    sums: Array

    @property
    def worst(self) -> float:
        """The largest relative error of all gradients that can be measured."""
        return max(strip.worst() for strip in self.strips)

    def of(self, layer: str) -> tuple[Strip, ...]:
        """What this layer hands out."""
        return tuple(strip for strip in self.strips if strip.layer == layer)


def checked(case: Case, h: float = H) -> Checked:
    """Backpropagation through this case's network, beside the measured gradients.

    ``sums``: Σ of norm's dx over the batch and all places, for each channel; 0 where norm is right.
    """
    network, loss = _case_network(case)
    trace, target = _forward(network), batch()[1]
    dz = loss.backward(loss.forward(trace.y, target)[1])
    back = network.backward(trace, dz)
    measured = numeric_gradients(h)
    strips = []
    for step in trace:
        made = {"dx": back[step.name].dx[0], **back[step.name].grads}
        strips += [Strip(step.name, key, made[key], measured[f"{step.name}.{key}"])
                   for key in ("dx", *_learned(step.params))]  # fmt: skip
    strips.append(Strip("loss", "dx", dz[0], measured["loss.dx"]))
    return Checked(tuple(strips), back["norm"].dx.sum(axis=(0, 2, 3)))


@dataclass(frozen=True)
class Verdict:
    """What an accusation is worth.

    "found", "right-network"   it was this line; nothing was wrong, as was said
    "not-nothing"              something is wrong
    "not-here"                 all that this layer hands out agrees with the measurement
    "upstream"                 what comes into this layer from the loss's side is wrong already
    "this-layer"               it is this layer, and another line
    """

    kind: str

    @property
    def found(self) -> bool:
        """Whether the case is solved."""
        return self.kind in ("found", "right-network")


def judged(case: Case, layer: str, line: int | None) -> Verdict:
    """Judge a line of a layer's ``backward``, or (layer "") that nothing is wrong, by the check's own pattern."""
    if not layer:
        return Verdict("right-network" if case.fault is None else "not-nothing")
    if layer == case.layer:
        return Verdict("found" if line == wrong_line(case) else "this-layer")
    check = checked(case)
    if not any(strip.wrong().any() for strip in check.of(layer)):
        return Verdict("not-here")
    return Verdict("upstream")
