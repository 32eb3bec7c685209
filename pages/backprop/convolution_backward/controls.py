"""Behind the lesson "Convolution, backward": its controls, what they make, and what becomes of changes."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import cache
from typing import Any

import numpy as np
import streamlit as st

from engine import reference
from engine.data.digits import digit
from engine.gradcheck import GradCheck, compare
from engine.layers import AvgPool2d, Conv2d, MaxPool2d
from engine.losses import CrossEntropyLoss
from engine.trace import BackStep, Step
from engine.types import Array
from engine.zoo.digit_network import pretrained_digit_network
from pages.backprop.convolution_backward.compute import ConvBackward, convolve_backward
from pages.backprop.convolution_backward.examples import DY, POOLED, W, X
from ui import state
from ui.components.bench import Edited, Rested, standing
from ui.controls import Choice, Control, Number, Short
from ui.edits import Typed, TypedNumbers, apply
from ui.i18n import _

KEY = "convolution-backward"
VIEWS = ("dx", "dw", "columns", "pool")
SOURCES = ("small", "two", "conv1", "conv2")
DIGIT, LOUDEST = 5, -1
MOST_STRIDE, MOST_PADDING, MOST_DILATION, MOST_WINDOW = 3, 2, 2, 3

WRITTEN = TypedNumbers({"weight": "w", "x": "x", "dy": "d"})
CONTROLS: tuple[Control, ...] = (
    Choice("view", VIEWS, "dx"),
    Choice("source", SOURCES, "small"),
    Number("stride", 1, MOST_STRIDE, 1, integer=True),
    Number("padding", 0, MOST_PADDING, 0, integer=True),
    Number("dilation", 1, MOST_DILATION, 1, integer=True),
    Choice("kind", ("max", "average"), "max"),
    Number("window", 2, MOST_WINDOW, 2, integer=True),
    Number("step", 1, MOST_WINDOW, 2, integer=True),
    Short("edits", WRITTEN.pattern, 400, example="w.4:2~d.0:-1"),
    Choice("shown", ("Y", "B", "C"), "Y"),
    Number("cell", LOUDEST, 9999, LOUDEST, integer=True),
    Number("k", 0, 15, 0, integer=True),
    Number("c", 0, 7, 0, integer=True),
    *(control for control in standing.CONTROLS if control.name != "result"),
)
SETTINGS = ("source", "stride", "padding", "dilation", "kind", "window", "step")
EXAMPLES: Mapping[str, dict[str, Any]] = {
    "flip": {},
    "stride": {"stride": 2},
    "stride-dw": {"view": "dw", "stride": 2},
    "dilation": {"dilation": 2, "padding": 2},
    "same": {"padding": 1},
    "channels": {"source": "two"},
    "network": {"source": "conv2", "k": 7},
    "im2col": {"view": "columns"},
    "pool-max": {"view": "pool"},
    "pool-overlap": {"view": "pool", "window": 3, "step": 1},
    "pool-average": {"view": "pool", "kind": "average"},
}
_DEFAULTS = {control.name: control.default for control in CONTROLS}


def edits() -> tuple[Typed, ...]:
    """What the learner typed, the newest last."""
    return WRITTEN.parse(str(state.get("edits")))


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
    return apply(edits(), given())


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


# ---- the check ----


def against_loops() -> tuple[int, float]:
    """How many gradients the loops give, and their largest difference from the layer's."""
    pairs: list[tuple[Array, Array]]
    if state.get("view") == "pool":
        step, back = pooled()
        kernel, stride, *_rest = step.layer.geometry  # type: ignore[attr-defined]
        loops: Callable[..., Array] = (
            reference.max_pool2d_backward if isinstance(step.layer, MaxPool2d) else reference.avg_pool2d_backward
        )
        pairs = [(loops(step.x, back.dy, kernel, stride), back.dx)]
    else:
        now = backward()
        found = reference.conv2d_backward(now.x, now.params["weight"], now.dy, *now.layer.geometry)
        pairs = list(zip(found, (now.dx, now.grads["weight"], now.grads["bias"]), strict=True))
    return sum(a.size for a, _b in pairs), max(float(np.abs(a - b).max()) for a, b in pairs)


def against_differences() -> GradCheck:
    """The gradients of L = Σ dy · y against central differences, on a sample of every array's entries."""
    if state.get("view") == "pool":
        step, back = pooled()
        arrays, grads = {"x": np.array(step.x)}, {"x": back.dx}
        layer_: Conv2d | MaxPool2d | AvgPool2d = pool()
        dy = back.dy
    else:
        now = backward()
        arrays = {"x": np.array(now.x), **{name: np.array(array) for name, array in now.params.items()}}
        grads, layer_, dy = {"x": now.dx, **now.grads}, now.layer, now.dy

    def loss() -> float:
        params = {name: array for name, array in arrays.items() if name != "x"}
        return float((dy * layer_.forward(params, arrays["x"])[0]).sum())

    return compare(loss, arrays, grads, rng=np.random.default_rng(0), sample=80)


# ---- what the learner does ----


def forget_what_no_longer_fits() -> None:
    """Another source takes all changed numbers along; another geometry those of dy, whose shape it makes."""
    before = state.changed(*SETTINGS, "view")
    if not before:
        return
    if before.keys() & {"view", "source"}:
        for name in ("cell", "shown", "k", "c"):
            state.set(name, _DEFAULTS[name])
    other = "source" in before or ("view" in before and "pool" in (before["view"], state.get("view")))
    geometry = before.keys() & {"stride", "padding", "dilation", "kind", "window", "step"}
    state.set("edits", WRITTEN.write(() if other else tuple(c for c in edits() if not (geometry and c.array == "dy"))))


def take_edit(edit: Edited) -> None:
    """Keep a typed number, if there is still room for one in the link."""
    if edit.array not in WRITTEN.letters:
        return
    try:
        state.set("edits", WRITTEN.write((*edits(), Typed(edit.array, edit.index, edit.value))))
    except ValueError:
        st.toast(_("So many changed numbers don't fit into the link: undo some first."))


def take_settings(values: Mapping[str, Any]) -> None:
    """Take settings that came from the browser, those that the controls allow."""
    for name in SETTINGS:
        if name in values:
            try:
                state.set(name, values[name])
            except (ValueError, TypeError):
                continue


def act(name: str) -> None:
    """The buttons in the row of settings."""
    if name == "undo":
        state.set("edits", WRITTEN.write(edits()[:-1]))
    elif name == "restore":
        state.set("edits", "")


def take_place(rested: Rested) -> None:
    """Where the cursor rests goes into the link."""
    told: dict[str, str | int] = {
        "cell": rested.cell,
        "shown": rested.active,
        **{name: rested.cursors.get(name, 0) for name in ("k", "c")},
    }
    for name, value in told.items():
        try:
            state.set(name, value)
        except ValueError:
            state.set(name, _DEFAULTS[name])


def show(example: str) -> None:
    """Open a worked example: every setting that it doesn't name goes back to its usual value."""
    state.take(_DEFAULTS | EXAMPLES[example])
