"""Behind the lesson "Batch norm": its controls, the batch, the steps that follow from it, and the learner's changes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

import numpy as np
import streamlit as st

from engine.data.digits import all_digits
from engine.gradcheck import GradCheck, compare, numeric_gradient
from engine.layers import BatchNorm1d
from engine.types import Array, Params
from engine.zoo.digit_network import pretrained_digit_network
from pages.backprop.batch_norm.compute import backward_steps, forward_steps, running_averages, ways
from ui import state
from ui.components.bench import Edited, Rested, standing
from ui.controls import Choice, Control, Number, Short
from ui.edits import Typed, TypedNumbers, apply
from ui.i18n import _

KEY = "batch-norm"
VIEWS = ("steps", "ways", "test")
BATCHES = ("scales", "digits", "constant", "two")
UPSTREAMS = ("mixed", "ones", "x_hat")
EPSILONS = {"1e-5": (1e-5, "0.00001"), "0.1": (0.1, "0.1"), "1": (1.0, "1")}
SEEN = ("0", "1", "5", "20", "100")
STEPS = (
    *("mean", "centred", "squared", "var", "std", "inv_std", "x_hat", "scaled", "y"),
    *("dscaled", "dbias", "dweight", "dx_hat", "dinv_std", "dstd", "dvar", "dsquared", "dcentred", "dmean", "dx"),
)
WAYS = ("own", "through_mean", "through_var", "difference")
START = "x_hat"
"""The step that shows at once what all nine are for."""

WRITTEN = TypedNumbers({"x": "x", "weight": "g", "bias": "b", "dy": "d"})
CONTROLS: tuple[Control, ...] = (
    Choice("view", VIEWS, "steps"),
    Choice("batch", BATCHES, "scales"),
    Choice("upstream", UPSTREAMS, "mixed"),
    Choice("eps", tuple(EPSILONS), "1e-5"),
    Choice("mean_way", ("on", "off"), "on"),
    Choice("var_way", ("on", "off"), "on"),
    Choice("seen", SEEN, "5"),
    Choice("momentum", ("0.1", "0.5"), "0.1"),
    Short("edits", WRITTEN.pattern, 300, example="x.4:2~g.0:-1"),
    Choice("step", (*STEPS, *WAYS), START),
    Number("cell", 0, 17, 0, integer=True),
    *(control for control in standing.CONTROLS if control.name != "result"),
)
SETTINGS = ("batch", "upstream", "eps", "mean_way", "var_way", "seen", "momentum")
EXAMPLES: Mapping[str, dict[str, Any]] = {
    "scales": {},
    "undo": {"step": "dcentred"},
    "shift": {"upstream": "ones", "view": "ways"},
    "stretch": {"upstream": "x_hat", "view": "ways"},
    "no-mean": {"view": "ways", "mean_way": "off"},
    "no-variance": {"view": "ways", "var_way": "off"},
    "two": {"batch": "two"},
    "constant": {"batch": "constant"},
    "digits": {"batch": "digits"},
    "running": {"view": "test", "seen": "5"},
    "long": {"view": "test", "seen": "100"},
}
_DEFAULTS = {control.name: control.default for control in CONTROLS}

# Three features on three scales: means 40, 1, 0.5 and deviations 20, 3, 0.2, so that x̂ comes out in halves.
_SCALES = np.array([[10, 3, 0.7], [30, 1, 0.4], [30, -3, 0.5], [40, 1, 0.2], [60, 3, 0.8], [70, 1, 0.4]])
_MIXED = np.array([[1, 0, 2], [0, -1, 1], [-1, 1, 0], [2, 0, -1], [0, 1, 1], [1, -2, 0]], float)
_GAMMA, _BETA = np.array([1.0, 2.0, 0.5]), np.array([0.0, 1.0, -1.0])


@dataclass(frozen=True)
class Normed:
    """A batch, γ, β and dy, and all that follows: the steps forwards and backwards, by name."""

    given: Params
    eps: float
    running: Params | None
    forward: Params
    backward: Params

    def arrays(self) -> Params:
        """Everything by its name, numbers that a feature has once as (1, D)."""
        once = {name: np.atleast_2d(array) for name, array in self.given.items()}
        return once | self.forward | self.backward


def edits() -> tuple[Typed, ...]:
    """What the learner typed, the newest last."""
    return WRITTEN.parse(str(state.get("edits")))


# ---- what is shown ----


@cache
def _scores() -> Array:
    """The digit network's scores of the classes 0, 1 and 2 for six digits."""
    images = all_digits()[0][:6]
    return np.round(pretrained_digit_network().predict(images)[:, :3].astype(np.float64), 4)


def batch() -> Array:
    """x before any of its numbers was changed."""
    match state.get("batch"):
        case "digits":
            return _scores()
        case "constant":
            return np.concatenate([np.full((6, 1), 30.0), _SCALES[:, 1:]], axis=1)
        case "two":
            return _SCALES[:2]
    return _SCALES


def eps() -> float:
    """ε, which keeps the root from 0."""
    return EPSILONS[state.get("eps")][0]


def given() -> Params:
    """x, γ, β and dy before any of their numbers was changed."""
    x = batch()
    kinds = {"mixed": _MIXED[: len(x)], "ones": np.ones_like(x)}
    chosen = state.get("upstream")
    found = {"x": x, "weight": _GAMMA, "bias": _BETA}
    return found | {"dy": forward_steps(x, _GAMMA, _BETA, eps())["x_hat"] if chosen == "x_hat" else kinds[chosen]}


def changed() -> Params:
    """The same with the learner's numbers; one beyond its array's end is left out."""
    return apply(edits(), given())


def running(x: Array) -> Params:
    """The running averages after so many batches like this one."""
    layer = BatchNorm1d(x.shape[1], momentum=float(state.get("momentum")))
    params = layer.init(np.random.default_rng(0), dtype=np.float64)
    return running_averages(layer, params, x, int(state.get("seen")))


def normed() -> Normed:
    """The batch, normed as the view has it: by its own statistics, or by the running ones."""
    now, view = changed(), state.get("view")
    taken = running(now["x"]) if view == "test" else None
    forward = forward_steps(now["x"], now["weight"], now["bias"], eps(), taken)
    on = {name: view != "ways" or state.get(f"{name}_way") == "on" for name in ("mean", "var")}
    backward = backward_steps(forward, now["weight"], now["dy"], through_mean=on["mean"], through_var=on["var"])
    return Normed(now, eps(), taken, forward, backward)


def measured(now: Normed) -> Array:
    """dL/dx of L = Σ dy · y by central differences, all of x."""
    x = np.array(now.given["x"])

    def loss() -> float:
        y = forward_steps(x, now.given["weight"], now.given["bias"], now.eps, now.running)["y"]
        return float((now.given["dy"] * y).sum())

    return np.array([numeric_gradient(loss, x, place) for place in np.ndindex(*x.shape)]).reshape(x.shape)


def three_ways(now: Normed) -> Params:
    """dx's parts, what is measured of it, and the difference."""
    own, mean, var = ways(now.forward, now.backward)
    slopes = measured(now)
    parts = {"own": own, "through_mean": mean, "through_var": var}
    return parts | {"measured": slopes, "difference": now.backward["dx"] - slopes}


def numbers() -> Params:
    """What is taken away."""
    return normed().arrays()


# ---- the check ----


def against_the_layer() -> tuple[int, float]:
    """How many numbers ``BatchNorm1d`` gives too, and the largest difference from the steps'."""
    now = normed()
    layer = BatchNorm1d(now.given["x"].shape[1], eps=now.eps)
    params = layer.init(np.random.default_rng(0), dtype=np.float64)
    params |= {"weight": now.given["weight"], "bias": now.given["bias"], **(now.running or {})}
    y, cache = layer.forward(params, now.given["x"], train=now.running is None)
    dx, grads = layer.backward(params, cache, now.given["dy"])
    whole = backward_steps(now.forward, now.given["weight"], now.given["dy"])
    pairs = [(now.forward["y"], y), (whole["dx"], dx)]
    pairs += [(whole[f"d{name}"][0], grads[name]) for name in ("weight", "bias")]
    return sum(a.size for a, _b in pairs), max(float(np.abs(a - b).max()) for a, b in pairs)


def against_differences() -> GradCheck:
    """dx, dγ and dβ of L = Σ dy · y against central differences."""
    now = normed()
    arrays = {name: np.array(now.given[name]) for name in ("x", "weight", "bias")}
    whole = backward_steps(now.forward, now.given["weight"], now.given["dy"])
    grads = {"x": whole["dx"], "weight": whole["dweight"][0], "bias": whole["dbias"][0]}

    def loss() -> float:
        y = forward_steps(arrays["x"], arrays["weight"], arrays["bias"], now.eps, now.running)["y"]
        return float((now.given["dy"] * y).sum())

    return compare(loss, arrays, grads, rng=np.random.default_rng(0))


# ---- what the learner does ----


def forget_what_no_longer_fits() -> None:
    """Another batch takes the changed numbers along, another dy its own."""
    before = state.changed("batch", "upstream")
    if "batch" in before:
        state.set("edits", "")
        state.set("cell", 0)
    elif "upstream" in before:
        state.set("edits", WRITTEN.write(tuple(c for c in edits() if c.array != "dy")))


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
    told: dict[str, str | int] = {"cell": rested.cell, "step": rested.active}
    for name, value in told.items():
        try:
            state.set(name, value)
        except ValueError:
            state.set(name, _DEFAULTS[name])


def show(example: str) -> None:
    """Open a worked example: every setting that it doesn't name goes back to its usual value."""
    state.take(_DEFAULTS | EXAMPLES[example])
