"""Behind the lesson "Receptive field": its controls, the network that they choose, and how the stack is changed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np
import streamlit as st

from engine.analysis.receptive_field import Field, receptive_fields
from engine.layers import Conv2d, MaxPool2d
from engine.network import Network
from engine.types import Layer, Shape, ShapeError
from engine.zoo.classic import ALEXNET_INPUT, VGG_INPUT, alexnet_layers, vgg16_layers
from engine.zoo.digit_network import digit_network, pretrained_digit_network
from pages.blocks.receptive_field.compute.stack import (
    Window,
    format_stack,
    layers_of,
    map_sizes,
    parse_stack,
    windows_of,
)
from ui import state, trained
from ui.controls import Choice, Control, Flag, Number, Short, Value
from ui.i18n import _, joined

if TYPE_CHECKING:
    from ui.lesson import Frame

Unit = tuple[int, int, int]
"""Level (0 is the image), row, column."""

KEY = "receptive-field"
NETS = ("own", "digits", "alexnet", "vgg16")
STACK, SIZE = "c3-c3-c3", 11
PRESETS: Mapping[str, tuple[str, int]] = {
    "three": (STACK, SIZE),
    "seven": ("c7", SIZE),
    "dilated": ("c3-c3d2-c3d4", 17),
    "pooled": ("c3p1-m2-c3p1-m2-c3p1", 12),
}
LIMITS: Mapping[str, tuple[int, int]] = {
    "kernel": (1, 11),
    "stride": (1, 4),
    "padding": (0, 5),
    "dilation": (1, 4),
    "size": (5, 24),
}
LAYERS = 6

_WINDOW = r"[cm](1[01]|[1-9])(s[1-4])?(p[0-5])?(d[1-4])?"
CONTROLS: tuple[Control, ...] = (
    Choice("net", NETS, "own"),
    Short("stack", rf"{_WINDOW}(-{_WINDOW}){{0,{LAYERS - 1}}}", 12 * LAYERS, STACK, example="c5-m2-c3p1"),
    Number("size", *LIMITS["size"], SIZE, integer=True),
    Short("unit", r"\d{1,2}\.\d{1,3}\.\d{1,3}", 10, example="1.2.3"),
    Flag("held"),
    Number("seed", 0, 9999, 0, integer=True),
    Choice("weights", ("pretrained", "mine"), "pretrained"),
)

_NO_UNIT: Mapping[str, Value] = {"unit": "", "held": False}
_HISTORY, _COMPLAINT = f"{KEY}.history", f"{KEY}.complaint"
TEMPLATE = digit_network(np.random.default_rng(0))


def settle() -> list[str]:
    """Bring controls that don't fit together back into order; what had to be given up, for the reader."""
    notices = []
    if state.get("weights") == "mine" and trained.handed_over() is None:
        notices.append(
            _("This link wants a network that you trained, but this visit has none yet, so you see the pretrained one.")
        )
    problem = misfit(parse_stack(state.get("stack")), int(state.get("size")))
    if problem:
        state.take({"stack": STACK, "size": SIZE})
        notices.append(joined(problem, _("So you see three 3×3 kernels.")))
    if state.get("unit") and not _is_there(_read_unit(state.get("unit"))):
        state.take(_NO_UNIT)
        notices.append(_("The unit in this link isn't there, so you see one in the middle of the last layer."))
    if state.get("held") and not state.get("unit"):
        state.take(_NO_UNIT)
    complaint = st.session_state.pop(_COMPLAINT, None)
    return [*notices, complaint] if complaint else notices


def misfit(windows: Sequence[Window], size: int) -> str:
    """Why a stack can't stand on an image of this size, in the reader's language; "" where it can."""
    units = size
    for window in windows:
        if window.kind == "pool" and 2 * window.padding > window.kernel:
            return _(
                "{layer} has a padding of {padding}, but pooling may be padded by half its window at most."
            ).format(layer=window.name, padding=window.padding)
        try:
            units = window.places(units)
        except ShapeError:
            return _(
                "{layer} has no place on a map of {units}×{units}: its window spans {span}. A larger image, "
                "a smaller window or more padding would do."
            ).format(layer=window.name, units=units, span=window.span)
    return ""


# The networks


def layers() -> tuple[Sequence[tuple[str, Layer]], Shape]:
    """The chosen network's layers and the shape of its input."""
    match state.get("net"):
        case "digits":
            return pretrained_digit_network().layers, TEMPLATE.input_shape
        case "alexnet":
            return alexnet_layers(), ALEXNET_INPUT
        case "vgg16":
            return vgg16_layers(), VGG_INPUT
    size = int(state.get("size"))
    return layers_of(parse_stack(state.get("stack"))), (1, size, size)


def windows() -> tuple[Window, ...]:
    """The windows of the chosen network."""
    return windows_of(layers()[0])


def fields() -> tuple[Field, ...]:
    """The image's own field, and one for each window."""
    found = {field.name: field for field in receptive_fields(*layers())}
    return found["input"], *(found[window.name] for window in windows())


def text_numbers() -> dict[str, str]:
    """What units of well-known networks see, for the text."""
    vgg = {field.name: field for field in receptive_fields(vgg16_layers(), VGG_INPUT)}
    alexnet = receptive_fields(alexnet_layers(), ALEXNET_INPUT)
    layers = [name for name, layer in alexnet_layers() if isinstance(layer, Conv2d | MaxPool2d)]
    digit = receptive_fields(TEMPLATE.layers, TEMPLATE.input_shape)
    return {
        "last": str(max(field.size[0] for field in digit if field.name == "pool2")),
        "vgg_conv": str(vgg["conv5_3"].size[0]),
        "vgg_conv_jump": str(vgg["conv5_3"].jump[0]),
        "vgg_pool": str(vgg["pool5"].size[0]),
        "vgg_pool_jump": str(vgg["pool5"].jump[0]),
        "alexnet": ", ".join(f"{field.name} {field.size[0]}" for field in alexnet if field.name in layers),
    }


def network() -> Network:
    """The digit network of the controls: pretrained, or the learner's own."""
    mine = trained.handed_over() if state.get("weights") == "mine" else None
    return mine[0] if mine else pretrained_digit_network()


def is_named() -> bool:
    """Whether the network is a famous one, too large to draw every unit and without weights to measure."""
    return state.get("net") in ("alexnet", "vgg16")


def size() -> int:
    """Pixels of the image, side to side."""
    return layers()[1][1]


def unit() -> Unit:
    """The chosen unit: the link's, or the one in the middle of the last layer."""
    if state.get("unit"):
        return _read_unit(state.get("unit"))
    sizes = map_sizes(windows(), size())
    return len(sizes) - 1, (sizes[-1] - 1) // 2, (sizes[-1] - 1) // 2


def _read_unit(text: str) -> Unit:
    level, row, column = (int(number) for number in text.split("."))
    return level, row, column


def _is_there(at: Unit) -> bool:
    sizes = map_sizes(windows(), size())
    return at[0] < len(sizes) and max(at[1:]) < sizes[at[0]]


# The row above the picture


def networks() -> dict[str, str]:
    """The learner's own stack, or one of the known networks."""
    return {"own": _("Your own stack"), "digits": _("Digit network"), "alexnet": "AlexNet", "vgg16": "VGG-16"}


def has_weights() -> bool:
    """Whether there is a choice of whose weights: where networks can't be chosen, it is left out too."""
    return state.get("net") == "digits" and not state.hidden("net")


def suggestions(frame: Frame) -> None:
    """Four stacks of the text, each one click away, and the way back."""
    if not frame.shows("suggestions"):
        return
    names = {
        "three": _("Three 3×3"),
        "seven": _("One 7×7"),
        "dilated": _("Dilation 1, 2, 4"),
        "pooled": _("Pooling between"),
    }
    with st.container(key="suggestions", horizontal=True, width="content"):
        for name, label in names.items():
            st.button(label, on_click=preset, args=(name,), key=f"{KEY}.{name}")
        st.button(_("Undo"), on_click=undo, disabled=not history(), key=f"{KEY}.undo")


# What the learner does


@dataclass(frozen=True)
class Edit:
    """What the learner did to the stack: "set", "add", "remove", "size" or "seed"."""

    kind: str
    at: int = 0
    field: str = ""
    value: int | None = None
    what: str = ""


def read_edit(value: Any) -> Edit | None:
    """What the learner did, as it came from the browser; None where it can't be read."""
    if not isinstance(value, Mapping) or value.get("kind") not in ("set", "add", "remove", "size", "seed"):
        return None
    at, number = value.get("at", 0), value.get("value")
    return Edit(
        kind=str(value["kind"]),
        at=int(at) if isinstance(at, int) else 0,
        field=str(value.get("field", "")),
        value=int(number) if isinstance(number, int | float) and number == number else None,
        what=str(value.get("what", "")),
    )


def edit(told: Any) -> None:
    """Take a change of the stack into the controls, or complain and change nothing."""
    done = read_edit(told)
    if done is None:
        return
    now = list(parse_stack(state.get("stack")))
    if done.kind == "seed":
        state.set("seed", (int(state.get("seed")) + 1) % 10_000)
    elif done.kind == "add" and 0 <= done.at <= len(now) < LAYERS:
        new = Window("pool", 2, stride=2) if done.what == "pool" else Window("conv", 3)
        _build([*now[: done.at], new, *now[done.at :]], int(state.get("size")))
    elif done.kind == "remove" and 0 <= done.at < len(now):
        _build([*now[: done.at], *now[done.at + 1 :]], int(state.get("size")))
    elif done.kind in ("set", "size"):
        _set_number(done, now)


def _set_number(done: Edit, now: list[Window]) -> None:
    name = "size" if done.kind == "size" else done.field
    low, high = LIMITS.get(name, (1, 0))
    if done.value is None or not low <= done.value <= high:
        st.session_state[_COMPLAINT] = _("Please type a whole number from {low} to {high}.").format(low=low, high=high)
    elif done.kind == "size":
        _build(now, done.value, grow=False)
    elif 0 <= done.at < len(now):
        now[done.at] = replace(now[done.at], **{done.field: done.value})  # type: ignore[arg-type]
        _build(now, int(state.get("size")))


def _build(stack: Sequence[Window], image: int, *, grow: bool = True) -> None:
    """Take a stack into the controls; where it needs a larger image than it has, the image grows."""
    named = parse_stack(format_stack(stack))
    problem = misfit(named, image)
    if problem and grow:
        image = next((n for n in range(image, LIMITS["size"][1] + 1) if not misfit(named, n)), image)
    if misfit(named, image):
        st.session_state[_COMPLAINT] = problem
        return
    history().append((state.get("stack"), int(state.get("size"))))
    _show(format_stack(named), image)


def _show(stack: str, image: int) -> None:
    state.take({"net": "own", "stack": stack, "size": image, **_NO_UNIT})


def history() -> list[tuple[str, int]]:
    """The stacks that were built before the present one, the newest last."""
    found: list[tuple[str, int]] = st.session_state.setdefault(_HISTORY, [])
    return found


def undo() -> None:
    """Back to the stack before the last change."""
    if history():
        _show(*history().pop())


def preset(name: str) -> None:
    """One of the stacks that the text speaks of."""
    history().append((state.get("stack"), int(state.get("size"))))
    _show(*PRESETS[name])


def other_network() -> None:
    """Another network's units are others."""
    state.take(_NO_UNIT)
