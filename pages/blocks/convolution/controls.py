"""What the learner can set in "Convolution", and the convolution that it makes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from engine.analysis.conv_arithmetic import Fit
from engine.data.filters import FILTERS, stack
from engine.data.resize import shrink
from engine.layers import Conv2d, Linear
from engine.layers.convert import conv_to_linear, linear_to_conv
from engine.layers.padding import PADS
from engine.trace import Step
from engine.types import Array, Shape
from engine.zoo.digit_network import pretrained_digit_network
from pages.blocks.convolution import sources as pictures
from pages.blocks.convolution.compute.convolved import Convolved, convolve, transpose
from pages.blocks.convolution.compute.unshared import Unshared, banded, connect, places
from ui import state
from ui.components.bench import standing
from ui.controls import Choice, Control, Number
from ui.edits import Edits
from ui.i18n import _
from ui.picture_input import chosen_picture, picture_controls
from ui.resets import Reset

EDITS = Edits({"weight": "w", "bias": "b", "x": "x"}, most=600, example="w.4:2~x.12:0.5")
VIEWS = ("slide", "matrix", "sparse", "transposed", "linear", "local")
KERNELS = tuple(FILTERS)
FEW, SMALL = 8, 4
MOST_PADDING, MOST_FILTERS = 5, 8

CONTROLS: tuple[Control, ...] = (
    *picture_controls(digit=504, target=7),
    Choice("view", VIEWS, "slide"),
    Choice("source", tuple(pictures.MAKERS), "digit"),
    Number("shape", 0, 999, 8, integer=True),
    Number("channels", 1, pictures.MAPS, pictures.MAPS, integer=True),
    Choice("kernel", KERNELS, "horizontal"),
    Number("filters", 1, MOST_FILTERS, 1, integer=True),
    Number("stride", 1, 4, 1, integer=True),
    Number("padding", 0, MOST_PADDING, 1, integer=True),
    Choice("mode", tuple(PADS), "zeros"),
    Number("dilation", 1, 3, 1, integer=True),
    Choice("own", ("two", "one"), "two"),
    Number("groups", 1, pictures.MAPS, 1, integer=True),
    EDITS.control,
    standing.cell(99_999),
    Number("k", 0, 9, 0, integer=True),
    Number("c", 0, 15, 0, integer=True),
    standing.RESULT,
    *standing.HOW,
)
# Another picture takes its changed pixels along, another kernel its changed weights; channels that are read in other
# groups are read by other kernels too. One channel can't be cut into groups.
_PICTURE = ("source", "digit", "drawn", "shape", "channels", "view")
_KERNEL = ("source", "channels", "kernel", "filters", "groups", "view")
RESETS = (
    Reset(("source",), controls=("groups",), through=pictures.GREY),
    Reset(_PICTURE, arrays=("x",)),
    Reset((*_KERNEL, "own"), arrays=("weight", "bias")),
    Reset(("stride", "padding"), arrays=("weight", "bias"), where=("view", "local")),
    Reset((*_PICTURE, *_KERNEL), controls=("cell", "k", "c")),
)

ALEXNET = Conv2d(3, 96, 11, stride=4), (3, 227, 227)
GREY = "w.0:0.299~w.1:0.587~w.2:0.114"
EXAMPLES: Mapping[str, dict[str, Any]] = {
    "cross": {"source": "cross", "kernel": "cross", "padding": 0},
    "cross-2": {"source": "cross", "kernel": "cross", "padding": 0, "stride": 2},
    "counting": {"source": "counting", "kernel": "cross", "padding": 0},
    "ten": {"source": "ten", "kernel": "vertical", "padding": 0, "stride": 2},
    "depth": {"source": "five", "kernel": "sharpen", "filters": 2, "stride": 2},
    "photo": {"source": "china", "kernel": "edges", "padding": 0},
    "one-by-one": {"source": "shape", "kernel": "point", "padding": 0, "edits": GREY},
    "depthwise": {"source": "flower", "kernel": "vertical", "filters": 3, "groups": 3},
    "grouped": {"source": "maps", "kernel": "vertical", "filters": 8, "groups": 4},
    "dilated": {"source": "digit", "kernel": "vertical", "dilation": 2, "padding": 2},
    "alexnet": {"source": "alexnet", "kernel": "wave-11", "stride": 4, "padding": 0},
    "im2col": {"source": "counting", "kernel": "cross", "padding": 0, "view": "matrix"},
    "sparse": {"source": "counting", "kernel": "cross", "padding": 0, "view": "sparse"},
    "transposed": {"source": "digit", "kernel": "soft-blur", "stride": 2, "view": "transposed"},
    "linear": {"view": "linear"},
    "local": {"view": "local", "source": "face", "kernel": "edges"},
}


@dataclass(frozen=True)
class Settings:
    """The settings as they can be used together; what had to be taken otherwise than chosen is said in ``notices``."""

    source: str
    stride: int
    padding: int
    dilation: int
    groups: int
    filters: int
    notices: tuple[str, ...] = ()


def settings() -> Settings:
    """What the controls say, made to go together: groups divide, the kernel finds a place, the padding can be had."""
    stride, padding, dilation, groups, filters = (
        int(state.get(name)) for name in ("stride", "padding", "dilation", "groups", "filters")
    )
    chosen, shape = Settings(pictures.OWN.source(), stride, padding, dilation, groups, filters), image().shape
    if state.get("view") == "local":
        chosen = replace(chosen, dilation=1)
    for fitted in (_from_this_visit, _with_groups, _with_room, _with_padding):
        chosen = fitted(chosen, shape)
    return chosen


def _from_this_visit(chosen: Settings, _shape: Shape) -> Settings:
    if state.get("source") == chosen.source:
        return chosen
    notice = _("This link shows a picture that was uploaded in another visit; here is a digit instead.")
    return replace(chosen, notices=(*chosen.notices, notice))


def _with_groups(chosen: Settings, shape: Shape) -> Settings:
    """Only groups that cut the channels into equal parts, and as many filters for each."""
    channels, wanted = shape[0], chosen.groups
    if wanted == 1 or state.get("view") != "slide":
        return replace(chosen, groups=1)
    dividing = [number for number in range(1, channels + 1) if channels % number == 0]
    groups = max(number for number in dividing if number <= wanted)
    filters, notices = max(groups, chosen.filters - chosen.filters % groups), []
    if groups != wanted:
        uneven = _(
            "{wanted} groups can't cut {channels} channels into equal parts; these can: {which}. Taken: {groups}."
        )
        single = _("Groups cut the channels into parts, and this picture has only one channel.")
        which = ", ".join(map(str, dividing))
        told = single if channels == 1 else uneven
        notices.append(told.format(wanted=wanted, channels=channels, which=which, groups=groups))
    if filters != chosen.filters:
        uneven = _("{groups} groups need the same number of filters each: there are {filters} now.")
        notices.append(uneven.format(groups=groups, filters=filters))
    return replace(chosen, groups=groups, filters=filters, notices=(*chosen.notices, *notices))


def _with_room(chosen: Settings, shape: Shape) -> Settings:
    """The kernel must have a place: with more padding, or else without dilation."""
    if state.get("view") in ("transposed", "linear"):
        return chosen
    size, kernel = min(shape[1:]), max(FILTERS[state.get("kernel")].shape)
    fit = Fit(size, kernel, padding=chosen.padding, dilation=chosen.dilation)
    if fit.places:
        return chosen
    dilation = chosen.dilation if _needed(fit) <= MOST_PADDING else 1
    padding = max(chosen.padding, _needed(replace(fit, dilation=dilation)))
    notice = _(
        "A kernel that spans {span} cells has no place on {size} with padding {padding}; "
        "with padding {needed} and dilation {dilation} it has."
    )
    told = notice.format(span=fit.span, size=size, padding=fit.padding, needed=padding, dilation=dilation)
    return replace(chosen, padding=padding, dilation=dilation, notices=(*chosen.notices, told))


def _needed(fit: Fit) -> int:
    """The padding that gives the kernel its first place."""
    return max(0, -(-(fit.span - fit.size) // 2))


def _with_padding(chosen: Settings, shape: Shape) -> Settings:
    """No more padding than the picture has numbers to give, or than leaves something over of a transposed output."""
    view, size = state.get("view"), min(shape[1:])
    if view == "transposed":
        span = chosen.dilation * (max(FILTERS[state.get("kernel")].shape) - 1) + 1
        most: int | None = ((size - 1) * chosen.stride + span - 1) // 2
        notice = _("Padding cuts a transposed output smaller; here at most {most} leaves something over.")
    elif view == "local":
        most = (max(FILTERS[state.get("kernel")].shape) - 1) // 2
        notice = _("Padding: here at most {most}, so that there are no more kernels than can be seen.")
    elif view == "sparse":
        most = chosen.dilation * (max(FILTERS[state.get("kernel")].shape) - 1) // 2
        notice = _("Padding: here at most {most}, so that the matrix has no more rows than can be read.")
    else:
        most = PADS[state.get("mode")]((0,) * 4).most(size)
        notice = _("This mode of padding takes its numbers from the picture, which can give no more than {most}.")
    if most is None or chosen.padding <= most or view == "linear":
        return chosen
    return replace(chosen, padding=most, notices=(*chosen.notices, notice.format(most=most)))


def image() -> Array:
    """The picture that the view reads, (C, H, W), before its numbers were changed."""
    x, view = pictures.picture(), state.get("view")
    if view == "local":
        x = x.mean(axis=0, keepdims=True)
    if view in ("matrix", "local"):
        top, left = ((size - FEW) // 2 if size > FEW else 0 for size in x.shape[1:])
        return x[:, top : top + FEW, left : left + FEW]
    if view == "sparse":
        top, left = ((size - SMALL) // 2 for size in x.shape[1:])
        grey: Array = x.mean(axis=0, keepdims=True)
        return grey[:, top : top + SMALL, left : left + SMALL]
    if view == "transposed":
        return shrink(x.mean(axis=0, keepdims=True), SMALL if x.shape[1] == FEW else SMALL + 1).astype(np.float64)
    return x


def given() -> dict[str, Array]:
    """x, weight and bias before any of their numbers was changed."""
    if state.get("view") != "local":
        return shared()
    x, now, chosen = image(), settings(), state.get("kernel")
    names = alike(chosen)[: 1 if state.get("own") == "one" else 2]
    out = places(x.shape[1:], FILTERS[chosen].shape, now.stride, now.padding)
    weight = banded([FILTERS[name] for name in names], out, len(x))
    return {"x": x[None], "weight": weight, "bias": np.zeros(weight.shape[:3])}


def alike(kernel: str) -> list[str]:
    """The kernels of the same size, this one first."""
    names = [name for name in KERNELS if FILTERS[name].shape == FILTERS[kernel].shape]
    first = names.index(kernel)
    return [*names[first:], *names[:first]]


def shared() -> dict[str, Array]:
    """The same where all places share a filter's kernel."""
    x, now = image(), settings()
    kernels = alike(state.get("kernel"))
    # The filters of one group are different ones, and every group has the same.
    each = now.filters // now.groups
    names = [kernels[k % each % len(kernels)] for k in range(now.filters)]
    weight = stack(names, len(x) // now.groups)
    return {"x": x[None], "weight": weight, "bias": np.zeros(len(weight))}


def changed() -> dict[str, Array]:
    """The same with the learner's numbers."""
    return EDITS.put(given())


def unshared() -> Unshared:
    """The same windows with a kernel of its own at every place."""
    arrays, now = changed(), settings()
    params = {"weight": arrays["weight"], "bias": arrays["bias"]}
    return connect(arrays["x"], params, stride=now.stride, padding=now.padding)


def convolved() -> Convolved:
    """The convolution that the settings ask for; where nothing is shared, by the chosen kernel alone."""
    arrays, now = changed(), settings()
    if state.get("view") == "local":
        kernel = FILTERS[state.get("kernel")][None, None]
        return convolve(arrays["x"], {"weight": kernel, "bias": np.zeros(1)}, stride=now.stride, padding=now.padding)
    params = {"weight": arrays["weight"], "bias": arrays["bias"]}
    return convolve(
        arrays["x"],
        params,
        stride=now.stride,
        padding=now.padding,
        mode=state.get("mode"),
        dilation=now.dilation,
        groups=now.groups,
    )


def stamped() -> Step:
    """The transposed convolution that the settings ask for."""
    arrays, now = changed(), settings()
    weight = arrays["weight"][:1]
    return transpose(arrays["x"], weight, stride=now.stride, padding=now.padding, dilation=now.dilation)


def as_matrix() -> tuple[Convolved, Step]:
    """A small convolution by the first kernel, and the linear layer whose matrix does the same."""
    arrays, now = changed(), settings()
    params = {name: arrays[name][:1] for name in ("weight", "bias")}
    made = convolve(arrays["x"], params, stride=now.stride, padding=now.padding, dilation=now.dilation)
    layer, dense = conv_to_linear(made.layer, params, made.x.shape[1:])
    flat = made.x.reshape(1, -1)
    y, cache = layer.forward(dense, flat)
    return made, Step("linear", layer, dense, flat, y, cache)


def as_convolution() -> tuple[Step, Step]:
    """The digit network's last layer on the chosen digit: as a convolution, and as the linear layer that it is."""
    network = pretrained_digit_network()
    trace = network.forward(chosen_picture().image[np.newaxis])
    last = trace["linear"]
    assert isinstance(last.layer, Linear)
    maps = trace["pool2"].y
    layer, params = linear_to_conv(last.layer, last.params, maps.shape[1:])
    y, cache = layer.forward(params, maps)
    return Step("convolution", layer, params, maps, y, cache), last


def sizes() -> dict[str, str]:
    """The shapes of the convolution's arrays, by the names that the engine's code has for them."""
    now = convolved()
    arrays = {"x": now.step.x, "weight": now.step.params["weight"], "y": now.step.y}
    return {name: "×".join(map(str, array.shape)) for name, array in arrays.items()}


def alexnet() -> dict[str, str]:
    """The sizes of AlexNet's first layer, for the text."""
    layer, image = ALEXNET
    side, (filters, places, _width) = image[1], layer.output_shape(image)
    kernel, stride, printed = layer.kernel[0], layer.geometry[0][0], side - 3
    rows = image[0] * kernel**2
    return {
        "side": str(side),
        "kernel": str(kernel),
        "stride": str(stride),
        "places": str(places),
        "printed": str(printed),
        "exact": f"{float(Fit(printed, kernel, stride).exact):g}",
        "filters": str(filters),
        "rows": str(rows),
        "columns": f"{places**2:,}",
    }


def motive() -> dict[str, str]:
    """The weights of a neuron that reads all of a picture in colour, for the text: of a small one and a larger one."""
    sides = {"small": 32, "large": 200}
    weights = {f"{name}_weights": f"{3 * side**2:,}" for name, side in sides.items()}
    return {name: str(side) for name, side in sides.items()} | weights


def another_shape(_told: object) -> None:
    """The next coloured shape."""
    state.set("shape", (int(state.get("shape")) + 1) % 1000)
