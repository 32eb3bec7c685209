"""What the learner can set in "Pooling", and the layer that it makes."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from functools import cache
from typing import Any

import numpy as np

from engine.analysis.conv_arithmetic import Fit
from engine.data.digits import all_digits
from engine.layers import AvgPool2d, MaxPool2d
from engine.layers.pool_variants import LPPool2d, StochasticPool2d
from engine.types import Array
from engine.zoo.digit_network import pretrained_digit_network
from pages.blocks.pooling.compute import (
    Pooled,
    PoolLayer,
    Stays,
    moved,
    pool,
    stays,
    strided_convolution,
    strided_kernel,
)
from ui import state
from ui.components.bench import standing
from ui.controls import Choice, Control, Number
from ui.edits import Edits
from ui.i18n import _
from ui.picture_input import chosen_picture, picture_controls
from ui.resets import Reset

METHODS = ("max", "average", "norm", "stochastic", "global", "convolution")
KERNELS = ("mean", "pick", "edge")
SIDES: Mapping[str, int] = {"digit": 8, "digit-7": 7, "digit-4": 4, "maps": 8}
MOST_WINDOW, MOST_PADDING, FARTHEST = 5, 2, 3
RESULTS = ("Y", "DX", "DW")
"""The results of the view "both", by the number that the link has for them: ``back``."""
EDITS = Edits({"x": "x", "dy": "d", "weight": "w"}, most=400, example="x.12:0.5~d.3:-1", alias={"x0": "x"})

CONTROLS: tuple[Control, ...] = (
    *picture_controls(digit=504, target=7),
    Choice("view", ("both", "move"), "both"),
    Choice("source", tuple(SIDES), "digit"),
    Choice("method", METHODS, "max"),
    Number("window", 1, MOST_WINDOW, 2, integer=True),
    Number("stride", 1, MOST_WINDOW, 2, integer=True),
    Number("padding", 0, MOST_PADDING, 0, integer=True),
    Choice("counted", ("yes", "no"), "yes"),
    Number("p", 1, 16, 2, integer=True),
    Choice("phase", ("train", "test"), "train"),
    Number("seed", 0, 999, 0, integer=True),
    Choice("kernel", KERNELS, "mean"),
    Choice("moved", KERNELS, "pick"),
    Choice("upstream", ("ones", "square"), "ones"),
    Number("right", -FARTHEST, FARTHEST, 1, integer=True),
    Number("down", -FARTHEST, FARTHEST, 0, integer=True),
    EDITS.control,
    standing.cell(9_999),
    Number("c", 0, 7, 0, integer=True),
    Number("back", 0, len(RESULTS) - 1, 0, integer=True),
    standing.RESULT,
    *standing.HOW,
)
SETTINGS = (
    "source", "method", "window", "stride", "padding", "counted", "p", "phase", "kernel", "moved", "upstream",
)  # fmt: skip
# Another picture takes its typed pixels along, another window its gradients and weights, and all the cursor.
RESETS = (
    Reset((*SETTINGS, "digit", "drawn", "view"), controls=("result", "cell", "c", "back")),
    Reset(("source", "digit", "drawn"), arrays=("x",)),
    Reset(("source", "digit", "drawn", "method", "window", "stride", "padding", "upstream"), arrays=("dy",)),
    Reset(("source", "window", "kernel", "method"), arrays=("weight",)),
)
_ARROWS = {"left": ("right", -1), "right": ("right", 1), "up": ("down", -1), "down": ("down", 1)}

# The typed numbers stand in the window at row 1, column 1 of the digit that the page opens on.
EXAMPLES: Mapping[str, dict[str, Any]] = {
    "tie": {"edits": "x.19:0.875", "cell": 5},
    "overlap": {"source": "digit-7", "window": 3, "back": 1, "cell": 16},
    "apart": {"source": "digit-7"},
    "shares": {"method": "average", "back": 1},
    "length": {"method": "norm", "edits": "x.18:0.3~x.19:0~x.26:0.4~x.27:0~d.5:2", "cell": 5},
    "chance": {"method": "stochastic", "edits": "x.18:0.4~x.19:0.3~x.26:0.1~x.27:0.2", "cell": 5},
    "expected": {"method": "stochastic", "phase": "test", "edits": "x.18:0.4~x.19:0.3~x.26:0.1~x.27:0.2", "cell": 5},
    "global": {"source": "maps", "method": "global"},
    "strided": {"method": "convolution", "back": 2},
    "moved": {"view": "move"},
    "moved-2": {"view": "move", "right": 2},
    "moved-wide": {"view": "move", "window": 3, "padding": 1},
}


@dataclass(frozen=True)
class Settings:
    """The settings as they can be used together; what had to be taken otherwise than chosen is in ``notices``."""

    window: int
    stride: int
    padding: int
    notices: tuple[str, ...] = ()


def settings(method: str | None = None) -> Settings:
    """What the controls say, made to go together with the picture's size and the kind of pooling."""
    method = method or state.get("method")
    side = image().shape[-1]
    if method == "global":
        return Settings(side, side, 0)
    chosen = Settings(int(state.get("window")), int(state.get("stride")), int(state.get("padding")))
    if method in ("norm", "stochastic"):
        chosen = replace(chosen, padding=0)
    if chosen.padding > chosen.window // 2:
        notice = _("Padding may be at most half of the window, or a window could hold padding alone: here {most}.")
        most = chosen.window // 2
        chosen = replace(chosen, padding=most, notices=(*chosen.notices, notice.format(most=most)))
    if chosen.window > side + 2 * chosen.padding:
        notice = _("A window of {window} has no place on {side} cells; a window of {side} is shown.")
        told = notice.format(window=chosen.window, side=side)
        chosen = replace(chosen, window=side, padding=0, notices=(*chosen.notices, told))
    return chosen


def fit() -> Fit:
    """How the window fits along a side of the picture."""
    now = settings()
    return Fit(image().shape[-1], now.window, now.stride, now.padding)


def image() -> Array:
    """What is pooled, (1, C, H, W) float64, before any number of it was changed."""
    if state.get("source") == "maps":
        maps = pretrained_digit_network().forward(chosen_picture().image[np.newaxis])["relu1"].y
    else:
        maps = chosen_picture().image[np.newaxis]
    side = SIDES[state.get("source")]
    first = (maps.shape[-1] - side) // 2
    return maps[:, :, first : first + side, first : first + side].astype(np.float64)


def changed() -> Array:
    """The same with the learner's numbers."""
    return EDITS.put({"x": image()})["x"]


def weight() -> Array:
    """The strided convolution's weight, before any number of it was changed."""
    return strided_kernel(state.get("kernel"), settings().window, image().shape[1])


def layer(method: str, channels: int) -> PoolLayer:
    """The layer that the settings ask for."""
    now = settings(method)
    match method:
        case "max":
            return MaxPool2d(now.window, now.stride, now.padding)
        case "norm":
            return LPPool2d(int(state.get("p")), now.window, now.stride)
        case "stochastic":
            return StochasticPool2d(now.window, now.stride)
        case "convolution":
            return strided_convolution(channels, now.window, now.stride, now.padding)
    return AvgPool2d(now.window, now.stride, now.padding, count_include_pad=state.get("counted") == "yes")


def pooled() -> Pooled:
    """The chosen picture, pooled in the chosen way, and the chosen gradient, sent back."""
    method, x = state.get("method"), changed()
    params = EDITS.put({"weight": weight()}) if method == "convolution" else {}
    train = method == "stochastic" and state.get("phase") == "train"
    rng = np.random.default_rng(int(state.get("seed")))
    return pool(layer(method, x.shape[1]), x, upstream, params=params, train=train, rng=rng)


def upstream(y: Array) -> Array:
    """dL/dy of the chosen loss, L = Σ y or L = ½ Σ y², with the learner's numbers."""
    return EDITS.put({"dy": given_upstream(y)})["dy"]


def given_upstream(y: Array) -> Array:
    """dL/dy of the chosen loss."""
    return y.copy() if state.get("upstream") == "square" else np.ones_like(y)


@dataclass(frozen=True)
class Moved:
    """One way of pooling before and after the picture moved."""

    before: Pooled
    after: Pooled

    @property
    def stays(self) -> Stays:
        """What is the same in both outputs."""
        return stays(self.before.step.y, self.after.step.y)


def moves() -> dict[str, Moved]:
    """Max, average and strided convolution of the picture, and of the same moved by the chosen cells."""
    x = changed()
    after = moved(x, int(state.get("right")), int(state.get("down")))
    found = {}
    for method in ("max", "average", "convolution"):
        kernel = strided_kernel(state.get("moved"), settings("max").window, x.shape[1])
        params = {"weight": kernel} if method == "convolution" else {}
        made = layer(method, x.shape[1])
        found[method] = Moved(pool(made, x, params=params), pool(made, after, params=params))
    return found


@cache
def over_all_digits() -> dict[str, str]:
    """For the text: how much stays, over all digits of the data set, when they move a cell to the right; per cent."""
    x = all_digits()[0].astype(np.float64)
    after = moved(x, 1, 0)
    layers: dict[str, PoolLayer] = {"max": MaxPool2d(2), "wide": MaxPool2d(3, 2, 1), "average": AvgPool2d(2)}
    outputs = {name: [pool(made, each).step.y for each in (x, after)] for name, made in layers.items()}
    picking = {"weight": strided_kernel("pick", 2, 1)}
    outputs["pick"] = [pool(strided_convolution(1, 2, 2), each, params=picking).step.y for each in (x, after)]
    shares = {name: f"{100 * stays(pair[0], pair[1]).share:.0f}" for name, pair in outputs.items()}
    return shares | {"digits": f"{len(x):,}"}


def sizes() -> dict[str, str]:
    """The shapes of the arrays, by the names that the engine's code has for them."""
    now = pooled()
    arrays = {"x": now.step.x, "dy": now.back.dy, "dx": now.back.dx}
    return {name: "×".join(map(str, array.shape)) for name, array in arrays.items()}


# What the learner did.


def draw_again(_told: object) -> None:
    """Another number is drawn from every window."""
    state.set("seed", (int(state.get("seed")) + 1) % 1000)


def _move(axis: str, by: int) -> Callable[[object], None]:
    def move(_told: object) -> None:
        state.set(axis, int(np.clip(int(state.get(axis)) + by, -FARTHEST, FARTHEST)))

    return move


ARROWS = {name: _move(axis, by) for name, (axis, by) in _ARROWS.items()}
"""The buttons that move the picture by a cell."""
