"""Behind the lesson "Forward and backward": its controls, its experiment, and the proof of its gradients."""

from __future__ import annotations

import time
from collections.abc import Sequence
from typing import Any

import numpy as np
import streamlit as st

from engine.data.digits import digits
from engine.gradcheck import GradCheck, check_network
from engine.network import Network
from engine.training.metrics import evaluate
from engine.zoo.digit_network import digit_network, pretrained_digit_network
from pages.backprop.forward_backward.compute import (
    Edit,
    Experiment,
    format_edits,
    parse_edits,
    run,
    telling_pixel,
)
from pages.backprop.forward_backward.picture import RATES, Beginning, StageEvents
from pages.backprop.forward_backward.stops import Stops
from ui import limits, state, trained, visit
from ui.components.bench import standing
from ui.controls import Choice, Control, Number, Short
from ui.i18n import _
from ui.picture_input import chosen_picture, picture_controls

KEY = "forward-backward"
# A held-out 5 that the pretrained network takes for a 9; one step at this rate mends it and harms no other digit.
DIGIT = 5
RATE = 0.0005
LONG_RATE = 100 * RATE
SLEEP = -10.0
REPEAT = 10
CHECKED = 60

STOPS = (
    *("image", "conv1.forward", "relu1.forward", "pool1.forward", "conv2.forward", "relu2.forward", "pool2.forward"),
    *("linear.forward", "softmax", "loss", "logits.gradient", "linear.weight", "linear.input", "pool2.input"),
    *("relu2.input", "conv2.weight", "conv2.input", "pool1.input", "relu1.input", "conv1.weight", "conv1.input"),
    *("update", "after"),
)
CURSORS = {"conv1": "k1", "conv2": "k2", "class": "k3"}
LOUDEST = -1
CONTROLS: tuple[Control, ...] = (
    *picture_controls(digit=DIGIT, target=DIGIT),
    Choice("weights", ("pretrained", "mine"), "pretrained"),
    Number("lr", RATES[0], RATES[-1], RATE),
    Short("edits", r"[a-z0-9.:~-]+", 1500, example="x.21:0.25~conv1.bias.2:-10"),
    Number("repeats", 0, limits.REPEATS, 0, integer=True),
    Choice("at", STOPS, STOPS[0]),
    Number("k1", LOUDEST, 7, LOUDEST, integer=True),
    Number("k2", LOUDEST, 15, LOUDEST, integer=True),
    Number("k3", LOUDEST, 9, LOUDEST, integer=True),
    Number("cell", LOUDEST, 9_999, LOUDEST, integer=True),
    Number("choice", LOUDEST, 2, LOUDEST, integer=True),
    *standing.CONTROLS,
)
_PLACE = ("cell", "choice", *(control.name for control in standing.CONTROLS))
_PLAIN_PLACE = {control.name: control.default for control in CONTROLS if control.name in _PLACE}

_SEEN, _BEGINNING = "network.seen", f"{KEY}.beginning"
# What was drawn is sent every 10 ms, by another thread, which a check that began at once would keep from it.
_LEAVES = 0.02
_TEMPLATE = digit_network(np.random.default_rng(0))


def settle() -> list[str]:
    """Bring controls that no longer fit together back into order; what had to be given up, for the reader."""
    notices = []
    _open_what_was_handed_over()
    if state.get("weights") == "mine" and trained.handed_over() is None:
        notices.append(
            _("This link wants a network that you trained, but this visit has none yet, so you see the pretrained one.")
        )
    try:
        edits = parse_edits(state.get("edits"), _TEMPLATE)
    except ValueError:
        edits = ()
        state.set("edits", "")
        notices.append(_("The changed numbers in this link couldn't be read, so every number is as it was."))
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
        state.set(name, LOUDEST)
    for name, value in _PLAIN_PLACE.items():
        state.set(name, value)


def network() -> Network:
    """The chosen network, without edits."""
    mine = trained.handed_over() if state.get("weights") == "mine" else None
    return mine[0] if mine else pretrained_digit_network()


def experiment() -> Experiment:
    """Everything computed for what the controls say."""
    picture = chosen_picture()
    return run(
        network(),
        picture.image[np.newaxis],
        picture.label,
        lr=float(state.get("lr")),
        edits=parse_edits(state.get("edits"), _TEMPLATE),
        repeats=int(state.get("repeats")),
    )


def cursors() -> dict[str, int]:
    """The channels that the link chooses; none where the loudest is wanted."""
    chosen = {cursor: int(state.get(name)) for cursor, name in CURSORS.items()}
    return {cursor: channel for cursor, channel in chosen.items() if channel != LOUDEST}


def act(events: StageEvents) -> None:
    """Take what the learner did on the stage into the controls."""
    if events.at in STOPS:
        state.set("at", events.at)
    if events.cursors:
        best = Stops(experiment()).best()
        for cursor, channel in events.cursors.items():
            if cursor in CURSORS:
                state.set(CURSORS[cursor], LOUDEST if channel == best[cursor] else channel)
    for name, value in (events.standing or {}).items():
        if name in _PLACE:
            _take(name, value)
    edits = parse_edits(state.get("edits"), _TEMPLATE)
    if events.edit is not None:
        _take_edit(Edit(events.edit.array, events.edit.index, events.edit.value), edits)
    if events.undo:
        state.set("edits", format_edits(edits[:-1]))
    if events.reset:
        state.set("edits", "")
        state.set("repeats", 0)
    if events.repeat:
        state.set("repeats", min(int(state.get("repeats")) + REPEAT, limits.REPEATS))
    if events.lr is not None and RATES[0] <= events.lr <= RATES[-1]:
        state.set("lr", events.lr)


def _take(name: str, value: Any) -> None:
    try:
        state.set(name, value)
    except (TypeError, ValueError):
        return


def _take_edit(edit: Edit, edits: tuple[Edit, ...]) -> None:
    """Add an edit, the newest last, if it is one that the network allows."""
    others = [other for other in edits if (other.array, other.index) != (edit.array, edit.index)]
    try:
        text = format_edits([*others, edit])
        parse_edits(text, _TEMPLATE)
        state.set("edits", text)
    except ValueError as error:
        st.toast(str(error))


def change_a_pixel() -> None:
    """Suggestion: the pixel that promises most, as far as it can go."""
    _set_the_stage(STOPS[0], edits=[telling_pixel(experiment())])


def take_a_long_step() -> None:
    """Suggestion: learn this one image, and forget the others."""
    _set_the_stage(STOPS[-1], lr=LONG_RATE)


def put_a_kernel_to_sleep() -> None:
    """Suggestion: a bias so low that nothing of the busiest map of the first convolution gets through ReLU."""
    channel = Stops(experiment()).best()["conv1"]
    _set_the_stage("relu1.forward", edits=[Edit("conv1.bias", channel, SLEEP)], k1=channel)


def _set_the_stage(at: str, *, edits: Sequence[Edit] = (), lr: float = RATE, k1: int = LOUDEST) -> None:
    cursor = {name: k1 if name == "k1" else LOUDEST for name in CURSORS.values()}
    asked = {"edits": format_edits(edits), "lr": lr, "repeats": 0, "at": at}
    state.take(_PLAIN_PLACE | cursor | asked)
    begin()


def begin() -> None:
    """Let the stage begin where the controls say, when it is drawn for the first time or a state was taken."""
    place = {name: state.get(name) for name in _PLACE}
    st.session_state[_BEGINNING] = Beginning(state.taken(), str(state.get("at")), cursors(), place)


def beginning() -> Beginning:
    """Where the stage began. What it is told stays the same while the cursor moves, so that it isn't sent again."""
    found: Beginning = st.session_state[_BEGINNING]
    return found


def known(of: Network) -> tuple[int, int]:
    """How many of the held-out digits a network reads rightly, and how many there are."""
    return _known(_flat(of)), len(digits().validation_y)


def shapes_of(layer: str) -> dict[str, str]:
    """The shapes of a layer's arrays in this experiment, by the names that the engine's code has for them."""
    now = experiment()
    step, dy = now.trace[layer], now.back[layer].dy
    arrays = {"x": step.x, "y": step.y, "dx": step.x, "dy": dy, "dbias": step.params["bias"]}
    arrays |= {"weight": step.params["weight"], "dweight": step.params["weight"]}
    return {name: "×".join(map(str, array.shape)) for name, array in arrays.items()}


def gradient_check(of: Experiment) -> GradCheck:
    """This very experiment's gradients against central differences, on a sample of its network's parameters."""
    return _gradient_check(_flat(of.network), of.x.tobytes(), of.target)


@st.cache_data(max_entries=256, show_spinner=False)
def _known(params: bytes) -> int:
    data = digits()
    return int((evaluate(_network(params), data.validation_x, data.validation_y).predicted == data.validation_y).sum())


@st.cache_data(max_entries=256, show_spinner=False)
def _gradient_check(params: bytes, x: bytes, target: int) -> GradCheck:
    with limits.SCRIPTS.away():
        time.sleep(_LEAVES)
    image = np.frombuffer(x, np.float32).reshape(1, *_TEMPLATE.input_shape)
    with limits.HEAVY, np.errstate(all="ignore"):
        return check_network(_network(params), image, np.array([target]), rng=np.random.default_rng(0), sample=CHECKED)


def _flat(of: Network) -> bytes:
    """A digit network's parameters as bytes: what results are kept under."""
    return b"".join(array.tobytes() for array in of.params.values())


def _network(params: bytes) -> Network:
    """The digit network of these bytes."""
    flat, at, arrays = np.frombuffer(params, np.float32), 0, {}
    for name, array in _TEMPLATE.params.items():
        arrays[name] = flat[at : at + array.size].reshape(array.shape)
        at += array.size
    return _TEMPLATE.replace(arrays)
