"""One look into a network in the middle of its training: pictures, gradients and statistics of every layer."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from engine.layers import ReLU
from engine.losses import CrossEntropyLoss
from engine.network import Network, Trace
from engine.training.fit import Snapshot
from engine.training.metrics import Histogram, histogram, layers_with_weights, update_ratio
from engine.types import Array


@dataclass(frozen=True)
class LayerDiagnostics:
    """A layer that learns, with the ReLU behind it where there is one.

    weight: its weights. dweight: their gradient in the last training step, None before the first.
    y: what the layer (and its ReLU) makes of the chosen example, without N. dy: dL/dy for that example alone.
    ratio: ‖ΔW‖/‖W‖ of the last step, None before the first. activations: y over the whole sample.
    """

    name: str
    weight: Array
    dweight: Array | None
    y: Array
    dy: Array
    ratio: float | None
    weights: Histogram
    gradients: Histogram
    activations: Histogram


@dataclass(frozen=True)
class Diagnostics:
    """p: the ten probabilities for the chosen example (C,); loss: −ln p[target]; layers: from input to output."""

    p: Array
    loss: float
    layers: tuple[LayerDiagnostics, ...]

    @property
    def is_dead(self) -> bool:
        """Whether some layer answers 0 to every example: no gradient passes it, so nothing before it learns."""
        return any(layer.activations.zeros == layer.activations.size for layer in self.layers)


def diagnose(network: Network, snapshot: Snapshot | None, image: Array, target: int, sample: Array) -> Diagnostics:
    """Diagnose a network by one example, image (C, H, W) of class target, and a sample (N, C, H, W).

    snapshot: the training step that made the network, None before the first.
    """
    with np.errstate(all="ignore"):
        trace = network.forward(image[np.newaxis])
        loss = CrossEntropyLoss()
        value, cache = loss.forward(trace.y, np.array([target]))
        back = network.backward(trace, loss.backward(cache))
        many = network.forward(sample)
        layers = []
        for name in layers_with_weights(network.params):
            seen = _behind(trace, name)
            key = f"{name}.weight"
            weight = network.params[key]
            dweight = snapshot.grads[key] if snapshot else None
            layers.append(
                LayerDiagnostics(
                    name=name,
                    weight=weight,
                    dweight=dweight,
                    y=trace[seen].y[0],
                    dy=back[seen].dy[0],
                    ratio=update_ratio(snapshot.previous[key], weight) if snapshot else None,
                    weights=histogram(weight),
                    gradients=histogram(dweight if dweight is not None else np.zeros(0)),
                    activations=histogram(many[seen].y),
                )
            )
    return Diagnostics(p=cache["p"][0], loss=float(value), layers=tuple(layers))


def _behind(trace: Trace, name: str) -> str:
    """The ReLU right behind a layer, or the layer itself."""
    names = [step.name for step in trace]
    after = names.index(name) + 1
    follows = after < len(names) and isinstance(trace[after].layer, ReLU)
    return names[after] if follows else name
