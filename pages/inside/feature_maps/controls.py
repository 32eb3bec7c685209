"""Behind the lesson "Feature maps": its controls, what they choose, and what becomes of what the learner does."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import streamlit as st

from engine.data.digits import encode_digit
from engine.layers import Conv2d, Flatten, Linear, MaxPool2d
from engine.network import Network
from engine.trace import Trace
from engine.zoo.digit_network import pretrained_digit_network
from engine.zoo.shape_network import pretrained_shape_network
from pages.inside.feature_maps import sources as pictures
from ui import state, trained
from ui.controls import Choice, Control, Flag, Number, Short
from ui.i18n import _
from ui.picture_input import picture_controls

KEY = "feature-maps"
DIGIT = 118
SHAPE = 7
LAYERS = ("conv1", "relu1", "pool1", "conv2", "relu2", "pool2", "conv3", "relu3", "pool3", "linear")
VIEWS = ("maps", "kernel", "crossing", "layers")
CONTROLS: tuple[Control, ...] = (
    Choice("net", ("digits", "shapes"), "digits"),
    Choice("weights", ("pretrained", "mine"), "pretrained"),
    Choice("source", pictures.SOURCES, "digit"),
    *picture_controls(digit=DIGIT, target=7),
    Number("shape", 0, pictures.LAST_SHAPE, SHAPE, integer=True),
    Choice("layer", LAYERS, "conv1"),
    Choice("view", VIEWS, "maps"),
    Choice("sort", ("max", "mean", "number"), "max"),
    Choice("scope", ("map", "layer", "all"), "layer"),
    Short("channel", r"\d{1,2}", 2, example="3"),
    Short("cell", r"\d{1,2}\.\d{1,2}", 5, example="1.2"),
    Flag("held", True),
)
TOLD = ("layer", "view", "sort", "scope")
_LEAVE = f"{KEY}.leave"


def settle() -> list[str]:
    """Bring controls that don't fit together back into order; what had to be given up, for the reader."""
    notices = []
    if state.get("net") == "digits" and state.get("weights") == "mine" and trained.handed_over() is None:
        notices.append(
            _("This link wants a network that you trained, but this visit has none yet, so you see the pretrained one.")
        )
    if state.get("source") == "own" and pictures.OWN.image is None:
        state.set("source", "digit")
        notices.append(_("This link shows a picture that was uploaded in another visit; here is a digit instead."))
    names = [name for name, _layer in network().layers]
    if state.get("layer") not in names:
        notices.append(
            _("This network has no layer {layer}, so you see {instead}.").format(
                layer=state.get("layer"), instead="conv1"
            )
        )
        state.set("layer", "conv1")
        _forget_the_unit()
    if not _is_there():
        _forget_the_unit()
        notices.append(_("The unit in this link isn't there, so you see the strongest one."))
    return notices


def _forget_the_unit() -> None:
    state.set("channel", "")
    _forget_the_cell()


def _forget_the_cell() -> None:
    state.set("cell", "")
    state.set("held", True)


def _is_there() -> bool:
    channels, height, width = maps_shape(str(state.get("layer")))
    row, column = cell() or (0, 0)
    return (channel() or 0) < channels and row < height and column < width


def maps_shape(layer: str) -> tuple[int, int, int]:
    """(C, H, W) of a layer's maps; a flat layer has C maps of one unit."""
    shape = dict(network().shapes())[layer]
    return shape if len(shape) == 3 else (shape[0], 1, 1)  # type: ignore[return-value]


def channel() -> int | None:
    """The chosen map; None stands for the strongest."""
    text = str(state.get("channel"))
    return int(text) if text else None


def cell() -> tuple[int, int] | None:
    """The locked unit's row and column; None where none is locked."""
    text = str(state.get("cell"))
    if not text:
        return None
    row, column = text.split(".")
    return int(row), int(column)


def network() -> Network:
    """The network of the controls."""
    if state.get("net") == "shapes":
        return pretrained_shape_network()
    mine = trained.handed_over() if state.get("weights") == "mine" else None
    return mine[0] if mine else pretrained_digit_network()


def trace() -> Trace:
    """The chosen picture through the network."""
    of = network()
    return of.forward(pictures.shown(of.input_shape).image[None])


def kind(layer: str) -> str:
    """How a layer makes its numbers: "conv", "relu", "pool" or "linear"."""
    found = dict(network().layers)[layer]
    if isinstance(found, Conv2d):
        return "conv"
    if isinstance(found, Linear):
        return "linear"
    return "pool" if isinstance(found, MaxPool2d) else "relu"


def open_layers() -> tuple[str, ...]:
    """The layers that have maps to show: all but those that only write numbers in another order."""
    return tuple(name for name, layer in network().layers if not isinstance(layer, Flatten))


# What the learner does


def other_network() -> None:
    """Another network reads other pictures and has other layers."""
    state.set("source", "shape" if state.get("net") == "shapes" else "digit")
    if state.get("layer") not in open_layers():
        state.set("layer", "conv1")
    _forget_the_unit()


def another_shape() -> None:
    """The next coloured shape."""
    state.set("shape", (int(state.get("shape")) + 1) % (pictures.LAST_SHAPE + 1))
    _forget_the_cell()


def take(told: Mapping[str, Any]) -> None:
    """Take what the browser tells into the controls; what doesn't fit is left out."""
    for name in TOLD:
        if isinstance(told.get(name), str):
            _try(name, told[name])
    if state.get("layer") not in open_layers():
        state.set("layer", "conv1")
    if "channel" in told:
        _try("channel", "" if told["channel"] is None else str(told["channel"]))
    if "cell" in told:
        place = told["cell"]
        _try("cell", ".".join(map(str, place)) if isinstance(place, list) and len(place) == 2 else "")
        state.set("held", told.get("held") is not False)
    if not _is_there():
        _forget_the_unit()


def take_picture(index: Any) -> None:
    """Look at one of the pictures of the data set."""
    if not isinstance(index, int):
        return
    name, source = ("shape", "shape") if state.get("net") == "shapes" else ("digit", "digit")
    if _try(name, index):
        state.set("source", source)
        state.set("drawn", "")
        state.set("view", "maps")
        _forget_the_cell()


def _try(name: str, value: Any) -> bool:
    try:
        state.set(name, value)
    except ValueError:
        return False
    return True


def leave() -> None:
    """The learner wants the chosen map's products, in "Forward and backward"."""
    st.session_state[_LEAVE] = True


def leaving() -> dict[str, str] | None:
    """The link of "Forward and backward" that shows the same channel of the same picture, when it was asked for."""
    if not st.session_state.pop(_LEAVE, False) or state.get("net") != "digits":
        return None
    layer = str(state.get("layer"))
    cursor = {"1": "k1", "2": "k2"}.get(layer[-1], "k3")
    query = {"at": f"{layer}.forward"}
    if channel() is not None:
        query[cursor] = str(channel())
    if state.get("weights") == "mine" and trained.handed_over() is not None:
        query["weights"] = "mine"
    if pictures.OWN.source() == "digit" and not state.get("drawn"):
        return query | {"digit": str(state.get("digit"))}
    image = pictures.shown(network().input_shape).image
    return query | {"drawn": encode_digit(image), "target": str(state.get("target"))}
