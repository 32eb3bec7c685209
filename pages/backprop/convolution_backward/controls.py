"""What the learner can set in "Convolution, backward", and the gradients that it makes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from functools import cache
from typing import Any

import numpy as np

from engine.data.digits import digit
from engine.layers import AvgPool2d, Conv2d, MaxPool2d
from engine.losses import CrossEntropyLoss
from engine.trace import BackStep, Step
from engine.types import Array, Pair
from engine.zoo.digit_network import pretrained_digit_network
from pages.backprop.convolution_backward.compute import ConvBackward, convolve_backward
from pages.backprop.convolution_backward.examples import DY, POOLED, W, X
from ui import state
from ui.components.bench import standing
from ui.controls import Choice, Control, Flag, Number, Short
from ui.edits import Edits
from ui.resets import Reset

VIEWS = ("weight", "dw", "dx", "columns", "pool")
SOURCES = ("small", "two", "conv1", "conv2")
DIGIT = 5
MOST_STRIDE, MOST_PADDING, MOST_DILATION, MOST_WINDOW = 3, 2, 2, 3

EDITS = Edits({"weight": "w", "x": "x", "dy": "d"}, most=400, example="w.4:2~d.0:-1")
CONTROLS: tuple[Control, ...] = (
    Choice("view", VIEWS, "weight"),
    Choice("source", SOURCES, "small"),
    Number("stride", 1, MOST_STRIDE, 1, integer=True),
    Number("padding", 0, MOST_PADDING, 0, integer=True),
    Number("dilation", 1, MOST_DILATION, 1, integer=True),
    Choice("kind", ("max", "average"), "max"),
    Number("window", 2, MOST_WINDOW, 2, integer=True),
    Number("step", 1, MOST_WINDOW, 2, integer=True),
    EDITS.control,
    Choice("shown", ("Y", "B", "C"), "Y"),
    standing.cell(9999),
    Number("place", 0, 999, 0, integer=True),
    Flag("quiz"),
    Short("done", r"[0-9a-f]{1,64}", 64, example="3f"),
    Number("k", 0, 15, 0, integer=True),
    Number("c", 0, 7, 0, integer=True),
    *standing.HOW,
)
GEOMETRY = ("stride", "padding", "dilation", "kind", "window", "step")
RESETS = (
    Reset(("view", "source"), controls=("shown", "cell", "place", "k", "c")),
    Reset(("source",), arrays=tuple(EDITS.letters)),
    Reset(("view",), arrays=tuple(EDITS.letters), through=("pool",)),
    Reset(GEOMETRY, arrays=("dy",)),
    Reset(("view", "source", *GEOMETRY, EDITS.name), controls=("done",)),
)
EXAMPLES: Mapping[str, dict[str, Any]] = {
    "journey": {},
    "journey-padding": {"padding": 1},
    "journey-stride": {"stride": 2},
    "journey-channels": {"source": "two", "k": 1},
    "whole": {"view": "dw", "quiz": True, "cell": 0},
    "stride-dw": {"view": "dw", "stride": 2},
    "channels-dw": {"view": "dw", "source": "two", "stride": 2, "padding": 1},
    "flip": {"view": "dx"},
    "stride": {"view": "dx", "stride": 2},
    "dilation": {"view": "dx", "dilation": 2, "padding": 2},
    "same": {"view": "dx", "padding": 1},
    "channels": {"view": "dx", "source": "two"},
    "network": {"view": "dx", "source": "conv2", "k": 7},
    "im2col": {"view": "columns"},
    "pool-max": {"view": "pool"},
    "pool-overlap": {"view": "pool", "window": 3, "step": 1},
    "pool-average": {"view": "pool", "kind": "average"},
}


# ---- what is shown ----


@cache
def network_steps() -> dict[str, tuple[Step, BackStep]]:
    """Every layer of the digit network, forwards and backwards, on the 5 that it takes for a 9."""
    image, label = digit(DIGIT)
    network, loss = pretrained_digit_network().astype(np.float64), CrossEntropyLoss()
    trace = network.forward(image[None].astype(np.float64))
    _value, cache = loss.forward(trace.y, np.array([label]))
    back = network.backward(trace, loss.backward(cache))
    return {name: (trace[name], back[name]) for name in ("conv1", "conv2", "pool1", "pool2")}


def layer() -> Conv2d:
    """The convolution that the settings ask for."""
    source = state.get("source")
    if source in ("conv1", "conv2"):
        own = network_steps()[source][0].layer
        assert isinstance(own, Conv2d)
        return own
    channels = 2 if source == "two" else 1
    stride, padding, dilation = (int(state.get(name)) for name in ("stride", "padding", "dilation"))
    return Conv2d(channels, channels, 3, stride, padding, dilation)


def geometry() -> dict[str, Pair]:
    """Stride, padding and dilation of the convolution, by the names that the engine's code has for them."""
    return dict(zip(("stride", "padding", "dilation"), layer().geometry, strict=True))


def given() -> dict[str, Array]:
    """x, weight, bias and dy before any of their numbers was changed; of a pooling layer x and dy."""
    source = state.get("source")
    if state.get("view") == "pool":
        if source in ("conv1", "conv2"):
            step, back = network_steps()[source.replace("conv", "pool")]
            return {"x": step.x, "dy": back.dy}
        x = POOLED if source == "small" else np.concatenate([POOLED, POOLED[:, :, ::-1]], axis=1)
        return {"x": x, "dy": _dy(len(x[0]), pool().output_shape(x.shape[1:])[1])}
    if source in ("conv1", "conv2"):
        step, back = network_steps()[source]
        return {"x": step.x, "weight": step.params["weight"], "bias": step.params["bias"], "dy": back.dy}
    if source == "small":
        x, weight = X, W
    else:
        x = np.concatenate([X, X[:, :, ::-1]], axis=1)
        weight = np.stack([np.concatenate([W[0], -W[0, :, ::-1]]), np.concatenate([10 - W[0], W[0].swapaxes(1, 2)])])
    dy = _dy(len(weight), layer().output_shape(x.shape[1:])[1])
    return {"x": x, "weight": weight, "bias": np.zeros(len(weight)), "dy": dy}


def _dy(maps: int, size: int) -> Array:
    """An upstream gradient of small whole numbers; each further map has its rows in the opposite order."""
    first = DY[:, :, :size, :size]
    return np.concatenate([first, first[:, :, ::-1]][:maps], axis=1)


def changed() -> dict[str, Array]:
    """The same with the learner's numbers; one beyond its array's end is left out."""
    return EDITS.put(given())


def backward() -> ConvBackward:
    """The convolution, forwards and backwards."""
    arrays, asked = changed(), layer()
    if one_channel_only():
        arrays["x"], arrays["weight"] = arrays["x"][:, :1], arrays["weight"][:, :1]
        asked = replace(asked, in_channels=1)
    params = {"weight": arrays["weight"], "bias": arrays["bias"]}
    return convolve_backward(asked, params, arrays["x"], arrays["dy"])


def one_channel_only() -> bool:
    """Whether the matrices would be too tall for the page: then they show x's first channel, whose rows are its own."""
    return (state.get("view"), state.get("source")) == ("columns", "conv2")


def pool() -> MaxPool2d | AvgPool2d:
    """The pooling layer that the settings ask for."""
    maker = MaxPool2d if state.get("kind") == "max" else AvgPool2d
    if state.get("source") in ("conv1", "conv2"):
        return maker(2)
    return maker(int(state.get("window")), int(state.get("step")))


def pooled() -> tuple[Step, BackStep]:
    """The pooling layer, forwards and backwards."""
    arrays, kind = changed(), pool()
    y, cache = kind.forward({}, arrays["x"])
    dx, grads = kind.backward({}, cache, arrays["dy"])
    return Step("pool", kind, {}, arrays["x"], y, cache), BackStep("pool", arrays["dy"], dx, grads)


def numbers() -> dict[str, Array]:
    """What is taken away."""
    if state.get("view") == "pool":
        step, back = pooled()
        return {"x": step.x, "y": step.y, "dy": back.dy, "dx": back.dx}
    now = backward()
    made = {"dx": now.dx, "dweight": now.grads["weight"], "dbias": now.grads["bias"], "dX_col": now.columns}
    return {"x": now.x, **now.params, "y": now.y, "dy": now.dy, **made}


# ---- what the learner does ----


def hides() -> bool:
    """Whether dW's values are the learner's to find; those of the trained network are too long to be added up."""
    return bool(state.get("quiz")) and (state.get("view"), state.get("source")) in (("dw", "small"), ("dw", "two"))


def hide(_told: object) -> None:
    """Hide dW's values, none of them found yet, or show them."""
    state.set("quiz", not state.get("quiz"))
    state.set("done", "")
    state.set("cell", 0 if state.get("quiz") else standing.STRONGEST)
