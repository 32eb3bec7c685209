"""What the learner can set in "Forward and backward", and the training step that it makes."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from typing import Any

import numpy as np
import streamlit as st

from engine.data.digits import digits
from engine.network import Network
from engine.training.metrics import evaluate
from engine.types import Array
from engine.zoo.digit_network import digit_network, pretrained_digit_network
from pages.backprop.forward_backward.compute import (
    Edit,
    Nudged,
    TrainingStep,
    format_edits,
    parse_edits,
    parse_nudge,
    run,
    telling_pixel,
)
from pages.backprop.forward_backward.stops import Stops
from ui import limits, state, trained, visit
from ui.components.bench import standing
from ui.controls import Choice, Control, Number, Short, Value
from ui.i18n import _
from ui.picture_input import chosen_picture, picture_controls

RATES = (0.0001, 0.0002, 0.0005, 0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1.0, 2.0, 5.0, 10.0)
# A held-out 5 that the pretrained network takes for a 9; one step at this rate mends it and harms no other digit.
DIGIT = 5
RATE = 0.0005
LONG_RATE = 100 * RATE
SLEEP = -10.0
REPEAT = 10

STOPS = (
    *("image", "conv1.forward", "relu1.forward", "pool1.forward", "conv2.forward", "relu2.forward", "pool2.forward"),
    *("linear.forward", "softmax", "loss", "logits.gradient", "linear.weight", "linear.input", "pool2.input"),
    *("relu2.input", "conv2.weight", "conv2.input", "pool1.input", "relu1.input", "conv1.weight", "conv1.input"),
    *("update", "after"),
)
CURSORS = {"conv1": "k1", "conv2": "k2", "class": "k3"}
STRONGEST = standing.STRONGEST
_PLACE: tuple[Control, ...] = (
    standing.cell(9_999),
    Number("choice", STRONGEST, 5, STRONGEST, integer=True),
    standing.RESULT,
    *standing.HOW,
    Short("nudge", r"[a-z0-9.:]+", 40, example="conv1.weight.3:0.01"),
)
CONTROLS: tuple[Control, ...] = (
    *picture_controls(digit=DIGIT, target=DIGIT),
    Choice("weights", ("pretrained", "mine"), "pretrained"),
    Number("lr", RATES[0], RATES[-1], RATE),
    Short("edits", r"[a-z0-9.:~-]+", 1500, example="x.21:0.25~conv1.bias.2:-10"),
    Number("repeats", 0, limits.REPEATS, 0, integer=True),
    Choice("at", STOPS, STOPS[0]),
    Number("k1", STRONGEST, 7, STRONGEST, integer=True),
    Number("k2", STRONGEST, 15, STRONGEST, integer=True),
    Number("k3", STRONGEST, 9, STRONGEST, integer=True),
    *_PLACE,
)
_SEEN = "network.seen"
TEMPLATE = digit_network(np.random.default_rng(0))


def settle() -> list[str]:
    """Bring controls that no longer fit together back into order; what had to be given up, for the reader."""
    notices = []
    _open_what_was_handed_over()
    if state.get("weights") == "mine" and trained.handed_over() is None:
        notices.append(
            _("This link wants a network that you trained, but this visit has none yet, so you see the pretrained one.")
        )
    try:
        edits = parse_edits(state.get("edits"), TEMPLATE)
    except ValueError:
        edits = ()
        state.set("edits", "")
        notices.append(_("The changed numbers in this link couldn't be read, so every number is as it was."))
    try:
        nudged()
    except ValueError:
        state.set("nudge", "")
        notices.append(_("The number that this link nudges doesn't exist here, so none is nudged."))
    _forget_what_belonged_to_another(edits)
    return notices


def _open_what_was_handed_over() -> None:
    """A network that has just come from another lesson is the one to look at."""
    mine = trained.handed_over()
    if mine is not None:
        first = next(iter(mine[0].params.values()))
        if visit.kept(_SEEN) is not first:
            visit.keep(_SEEN, first)
            state.set("weights", "mine")


def _forget_what_belonged_to_another(edits: tuple[Edit, ...]) -> None:
    """Another picture takes its changed pixels along, another network its changed weights."""
    before = state.changed("digit", "drawn", "weights").keys()
    if not before:
        return
    other_picture, other_network = before & {"digit", "drawn"}, "weights" in before
    kept = [edit for edit in edits if not (other_picture if edit.array == "x" else other_network)]
    state.set("edits", format_edits(kept))
    state.set("repeats", 0)
    for name in CURSORS.values():
        state.set(name, STRONGEST)
    for control in _PLACE:
        state.set(control.name, control.default)


def network() -> Network:
    """The chosen network, without edits."""
    mine = trained.handed_over() if state.get("weights") == "mine" else None
    return mine[0] if mine else pretrained_digit_network()


def training_step() -> TrainingStep:
    """Everything computed for what the controls say."""
    picture, of = chosen_picture(), network()
    lr, edits, repeats = float(state.get("lr")), str(state.get("edits")), int(state.get("repeats"))
    return _training_step(of, flat(of), picture.image[np.newaxis], picture.label, lr, edits, repeats)


@st.cache_resource(max_entries=64, show_spinner=False)
def _training_step(
    _of: Network, params: bytes, x: Array, label: int, lr: float, edits: str, repeats: int
) -> TrainingStep:
    """The stage, its proof and the line beneath it ask for the same one; ``params`` tells networks apart."""
    return run(_of, x, label, lr=lr, edits=parse_edits(edits, TEMPLATE), repeats=repeats)


# ---- what the learner does ----


def edits() -> tuple[Edit, ...]:
    """The numbers that the learner changed, the newest last."""
    return parse_edits(state.get("edits"), TEMPLATE)


def nudged() -> Nudged | None:
    """The number that is nudged."""
    return parse_nudge(state.get("nudge"), TEMPLATE)


def take_edit(told: Any) -> None:
    """Add what was typed, the newest last, if it is something that the network allows."""
    for one in told if isinstance(told, list) else ():
        with suppress(KeyError, TypeError):
            _add(Edit(str(one["array"]), int(one["index"]), float(one["value"])))


def _add(edit: Edit) -> None:
    others = [other for other in edits() if (other.array, other.index) != (edit.array, edit.index)]
    try:
        text = format_edits([*others, edit])
        parse_edits(text, TEMPLATE)
        state.set("edits", text)
    except ValueError as error:
        st.toast(str(error))


def undo(_told: object) -> None:
    """Take the newest change back."""
    state.set("edits", format_edits(edits()[:-1]))


def reset(_told: object) -> None:
    """All as it was."""
    state.set("edits", "")
    state.set("repeats", 0)


def repeat(_told: object) -> None:
    """Ten more steps like this one."""
    state.set("repeats", min(int(state.get("repeats")) + REPEAT, limits.REPEATS))


ACTS: Mapping[str, Callable[[Any], None]] = {"edit": take_edit, "undo": undo, "reset": reset, "repeat": repeat}


def change_a_pixel() -> None:
    """Suggestion: the pixel that promises most, as far as it can go."""
    _set_the_stage(STOPS[0], edits=[telling_pixel(training_step())])


def take_a_long_step() -> None:
    """Suggestion: learn this one image, and forget the others."""
    _set_the_stage(STOPS[-1], lr=LONG_RATE)


def put_a_kernel_to_sleep() -> None:
    """Suggestion: a bias so low that nothing of the busiest map of the first convolution gets through ReLU."""
    channel = Stops(training_step()).best()["conv1"]
    _set_the_stage("relu1.forward", edits=[Edit("conv1.bias", channel, SLEEP)], k1=channel)


def _set_the_stage(at: str, *, edits: Sequence[Edit] = (), lr: float = RATE, k1: int = STRONGEST) -> None:
    cursor = {name: k1 if name == "k1" else STRONGEST for name in CURSORS.values()}
    asked: dict[str, Value] = {control.name: control.default for control in _PLACE}
    state.take(asked | cursor | {"edits": format_edits(edits), "lr": lr, "repeats": 0, "at": at})


def known(of: Network, besides: int | None = None) -> tuple[int, int]:
    """How many of the held-out digits a network reads rightly, and how many there are.

    ``besides``: the place in the data set of the one that is on the stage, which isn't counted.
    """
    others = digits().validation_index != (-1 if besides is None else besides)
    return int(_right(flat(of))[others].sum()), int(others.sum())


def shapes_of(layer: str) -> dict[str, str]:
    """The shapes of a layer's arrays in this training step, by the names that the engine's code has for them."""
    now = training_step()
    step, dy = now.trace[layer], now.back[layer].dy
    arrays = {"x": step.x, "y": step.y, "dx": step.x, "dy": dy, "dbias": step.params["bias"]}
    arrays |= {"weight": step.params["weight"], "dweight": step.params["weight"]}
    return {name: "×".join(map(str, array.shape)) for name, array in arrays.items()}


@st.cache_data(max_entries=256, show_spinner=False)
def _right(params: bytes) -> Array:
    data = digits()
    right: Array = evaluate(of_bytes(params), data.validation_x, data.validation_y).predicted == data.validation_y
    return right


def flat(of: Network) -> bytes:
    """A digit network's parameters as bytes: what results are kept under."""
    return b"".join(array.tobytes() for array in of.params.values())


def of_bytes(params: bytes) -> Network:
    """The digit network of these bytes."""
    flat, at, arrays = np.frombuffer(params, np.float32), 0, {}
    for name, array in TEMPLATE.params.items():
        arrays[name] = flat[at : at + array.size].reshape(array.shape)
        at += array.size
    return TEMPLATE.replace(arrays)
