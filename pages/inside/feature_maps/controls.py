"""Behind the lesson "Feature maps": its controls, what they choose, and what becomes of what the learner does."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from functools import cache
from typing import TYPE_CHECKING, Any

import streamlit as st

from engine.data.digits import digits, encode_digit
from engine.layers import Conv2d, Flatten, Linear, MaxPool2d
from engine.network import Network
from engine.trace import Trace
from engine.training.metrics import evaluate
from engine.zoo.digit_network import pretrained_digit_network
from engine.zoo.shape_network import pretrained_shape_network
from engine.zoo.train_shapes import EXAMPLES, held_out_shapes
from pages.inside.feature_maps import sources as pictures
from ui import catalogue, state, trained
from ui.controls import Choice, Control, Flag, Number, Short, Value
from ui.i18n import _
from ui.picture_input import MOST_INDEX, picture_controls, picture_input
from ui.sources import names as source_names

if TYPE_CHECKING:
    from ui.lesson import Frame

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
_LEAVE = f"{KEY}.leave"
_NO_CELL: Mapping[str, Value] = {"cell": "", "held": True}
_NO_UNIT: Mapping[str, Value] = {"channel": "", **_NO_CELL}


def settle() -> list[str]:
    """Bring controls that don't fit together back into order, and leave if that was asked for.

    Returns:
        What had to be given up, for the reader.
    """
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
        state.take({"layer": "conv1", **_NO_UNIT})
    if not _is_there():
        state.take(_NO_UNIT)
        notices.append(_("The unit in this link isn't there, so you see the strongest one."))
    link = leaving()
    if link is not None:
        state.go(catalogue.lesson("forward-backward"), **link)
    return notices


def _is_there() -> bool:
    channels, height, width = maps_shape(str(state.get("layer")))
    row, column = cell() or (0, 0)
    return (channel() or 0) < channels and row < height and column < width


def maps_shape(layer: str) -> tuple[int, int, int]:
    """(C, H, W) of a layer's maps; a flat layer has C maps of one unit."""
    shape = dict(network().shapes())[layer]
    return shape if len(shape) == 3 else (shape[0], 1, 1)


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


# The row above the picture


def networks() -> dict[str, str]:
    """The two trained networks."""
    return {"digits": _("Digit network"), "shapes": _("Shape network")}


def has_weights() -> bool:
    """Whether there is a choice of whose weights: where networks can't be chosen, it is left out too."""
    return state.get("net") == "digits" and not state.hidden("net")


def choose_picture(frame: Frame) -> None:
    """What the network is shown, and what had to be done to it."""
    if not frame.shows("source"):
        return
    names = source_names()
    known = [name for name in pictures.SOURCES if name != "own" or pictures.OWN.image is not None]
    st.selectbox(
        _("Picture"), known, format_func=lambda name: names[name], key=state.key("source"),
        label_visibility="collapsed", width=190,
    )  # fmt: skip
    match pictures.OWN.source():
        case "digit":
            picture_input(network() if state.get("net") == "digits" else pretrained_digit_network())
        case "shape":
            st.button(_("Another shape"), on_click=another_shape, key=f"{KEY}.another")
    with st.popover(_("Upload a picture"), key=f"{KEY}.upload", width="content"):
        pictures.OWN.upload()
    note = pictures.shown(network().input_shape).note
    if note:
        st.caption(note)


# What the learner does


def other_network() -> None:
    """Another network reads other pictures and has other layers."""
    there = state.get("layer") in open_layers()
    source = "shape" if state.get("net") == "shapes" else "digit"
    state.take({"source": source, "layer": state.get("layer") if there else "conv1", **_NO_UNIT})


def another_shape() -> None:
    """The next coloured shape."""
    state.take({"shape": (int(state.get("shape")) + 1) % (pictures.LAST_SHAPE + 1), **_NO_CELL})


def take_picture(index: Any) -> None:
    """Look at one of the pictures of the data set."""
    name, last = ("shape", pictures.LAST_SHAPE) if state.get("net") == "shapes" else ("digit", MOST_INDEX)
    if isinstance(index, int) and 0 <= index <= last:
        state.take({name: index, "source": name, "drawn": "", "view": "maps", **_NO_CELL})


def leave(channel: Any) -> None:
    """The learner wants this map's products, in "Forward and backward"."""
    with suppress(ValueError):
        state.set("channel", str(channel))
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


@cache
def network_facts() -> dict[str, str]:
    """For the text: how large the two networks are, and how many pictures that they never trained on they name."""
    found = {"shape_examples": f"{EXAMPLES:,}"}
    held, known = held_out_shapes(), digits()
    new = {
        "digit": (pretrained_digit_network(), known.validation_x, known.validation_y),
        "shape": (pretrained_shape_network(), held.x, held.y),
    }
    for name, (network, x, y) in new.items():
        right = evaluate(network, x, y).accuracy
        size = sum(array.size for array in network.params.values())
        found |= {f"{name}_size": f"{size:,}", f"{name}_count": f"{len(y):,}", f"{name}_right": f"{100 * right:.1f}"}
    return found
