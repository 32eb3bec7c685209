"""One number of a network moved a little both ways: what the loss really does, beside what the gradient says.

    (L(v + h) - L(v - h)) / 2h  ≈  dL/dv

Any number will do: of the input, of what a layer put out, of a parameter, of the shares at the end. The network runs
once for each loss, in float64; the layers before a number that one of them put out take no part.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from math import floor, isfinite, log10
from typing import Literal

import numpy as np

from engine.gradcheck import Entry, GradCheck
from engine.losses import CrossEntropyLoss, KLDivLoss
from engine.losses.softmax import one_hot
from engine.network import Network
from engine.trace import Trace
from engine.types import Array

Verdict = Literal["outside", "zero", "agrees", "tiny", "kink", "curved", "differs"]
INPUT, SHARES = "x", "p"
"""The network's input, and softmax of its output: what has a name besides the layers' outputs and the parameters."""

_LOSS = CrossEntropyLoss()
_OF_SHARES = KLDivLoss(reduction="batchmean")
_SIDES = ("gate", "switches")
_SHORT = 1e-5


@dataclass(frozen=True)
class Nudge:
    """A number v, the loss at v - h, v and v + h, and the slope both ways.

    ``noise`` is what rounding alone may make of the quotient. ``flips`` counts for each layer what stands on another
    side at v - h, v or v + h than at the others: ReLU's gates, the winners of max pooling and of maxout. Where a
    network is made of these and of layers that are linear in each number, none there means none on the whole way:
    before the first flip everything runs straight. ``right``: whether the two agree where h is as short as it can be.
    """

    value: float
    h: float
    below: float
    loss: float
    above: float
    entry: Entry
    noise: float
    flips: Mapping[str, int]
    right: bool

    @property
    def digits(self) -> int:
        """To how many digits the two slopes agree; 16 where they are the same number."""
        error = self.entry.relative_error
        if not isfinite(error):
            return 0
        return 16 if error == 0 else max(0, min(16, floor(-log10(error))))

    @property
    def verdict(self) -> Verdict:
        """What there is to say, by the gradient check's own rule.

        "outside"   at v - h or v + h the loss is no finite number, such as the logarithm of a share below 0
        "zero"      both are 0: this number is without effect
        "agrees"    as closely as a right gradient does
        "tiny"      too small a gradient for a relative error; the two differ by no more than rounding explains
        "kink"      they don't, and a gate or a winner changed on the way: the quotient is the mean of several slopes
        "curved"    they don't, and none did, but a shorter h would do: the loss is curved
        "differs"   they don't, and nothing of that explains it
        """
        if not (isfinite(self.below) and isfinite(self.above)):
            return "outside"
        if self.entry.analytic == 0 == self.entry.numeric:
            return "zero"
        check = _checked(self.entry, self.h, self.noise)
        if check.agrees:
            return "agrees" if check.measurable else "tiny"
        return "kink" if self.flips else "curved" if self.right else "differs"


@dataclass(frozen=True)
class _Run:
    """The loss of one run, its logits, and the layers that it went through."""

    loss: float
    z: Array
    trace: Trace | None = None


def nudge(network: Network, x: Array, target: Array, name: str, index: int, h: float) -> Nudge:
    """Move entry ``index`` (flat, row by row) of ``name`` by h both ways, under cross-entropy.

    x (N, *input_shape), target (N,) class numbers. ``name`` is "x", a layer's (what it puts out), a parameter's
    ("conv1.weight") or "p", the shares: there the others stay as they are, and dL/dp[t] = -1 / (N · p[t]).
    Nothing that is handed in is changed. Raises ValueError for another name, an index outside, an h that isn't above 0.
    """
    network, x = network.astype(np.float64), x.astype(np.float64)
    trace = network.forward(x)
    _, cache = _LOSS.forward(trace.y, target)
    back = network.backward(trace, _LOSS.backward(cache))
    q = one_hot(target, cache["p"].shape[1], np.dtype(np.float64))
    values = {INPUT: x, **{step.name: step.y for step in trace}, **network.params, SHARES: cache["p"]}
    of_shares = np.zeros_like(q)
    with np.errstate(all="ignore"):
        np.divide(_OF_SHARES.backward({"q": q}), cache["p"], out=of_shares, where=q > 0)
    slopes = {INPUT: back.dx, **{step.name: step.dy for step in back}, **back.grads, SHARES: of_shares}
    if name not in slopes:
        raise ValueError(f"There is no {name!r} to nudge; there are {', '.join(slopes)}.")
    if not 0 <= index < values[name].size:
        raise ValueError(f"{name} has no entry {index}; its entries are numbered 0 to {values[name].size - 1}.")
    if not (isfinite(h) and h > 0):
        raise ValueError(f"A nudge was given h={h}; it expects a finite number above 0, such as 0.01.")
    run = _runs(network, x, target, name, q)
    value, analytic = float(values[name].flat[index]), float(slopes[name].flat[index])
    place = tuple(int(i) for i in np.unravel_index(index, values[name].shape))

    def at(by: float) -> _Run:
        moved = values[name].copy()
        moved.reshape(-1)[index] += by
        return run(moved)

    def measured(below: _Run, above: _Run, step: float) -> Entry:
        return Entry(name, place, analytic, (above.loss - below.loss) / (2 * step))

    # The smaller a share, the more its logarithm bends.
    short = _SHORT * max(value, float(np.finfo(np.float64).tiny)) if name == SHARES else _SHORT
    with np.errstate(all="ignore"):
        below, here, above = at(-h), at(0.0), at(h)
        entry = measured(below, above, h)
        closest = measured(at(-short), at(short), short)
    rounding = float(np.finfo(np.float64).eps) * max(abs(here.loss), float(np.abs(here.z).max()))
    return Nudge(
        value=value,
        h=h,
        below=below.loss,
        loss=here.loss,
        above=above.loss,
        entry=entry,
        noise=rounding / h,
        flips=_flips(below.trace, here.trace, above.trace),
        right=_checked(closest, short, rounding / short).agrees,
    )


def _checked(entry: Entry, h: float, noise: float) -> GradCheck:
    return GradCheck((entry,), 1, h, noise)


def _runs(network: Network, x: Array, target: Array, name: str, q: Array) -> Callable[[Array], _Run]:
    """From an array that stands in the place of ``name`` to the loss."""
    layers = [layer for layer, _ in network.layers]

    def end(z: Array, trace: Trace | None = None) -> _Run:
        return _Run(float(_LOSS.forward(z, target)[0]), z, trace)

    def run(moved: Array) -> _Run:
        if name == SHARES:
            # A share that isn't asked for takes no part, whatever it becomes.
            return _Run(float(_OF_SHARES.forward(np.log(moved, out=np.zeros_like(moved), where=q > 0), q)[0]), moved)
        if name == layers[-1]:
            return end(moved)
        if name == INPUT:
            trace = network.forward(moved)
        elif name in layers:
            trace = network.forward_from(layers[layers.index(name) + 1], moved)
        else:
            trace = network.replace({**network.params, name: moved}).forward(x)
        return end(trace.y, trace)

    return run


def _flips(*traces: Trace | None) -> dict[str, int]:
    """How many gates and winners of each layer aren't the same in all passes; layers without any are left out."""
    passes = [trace for trace in traces if trace is not None]
    found = {}
    for steps in zip(*passes, strict=True):
        for key in _SIDES:
            # A smooth gate is a number between 0 and 1, and has no sides.
            sides = [step.cache[key] for step in steps if key in step.cache and step.cache[key].dtype.kind in "biu"]
            count = int(np.count_nonzero(np.any([side != sides[0] for side in sides], axis=0))) if sides else 0
            if count:
                found[steps[0].name] = count
    return found
