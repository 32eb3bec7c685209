"""What the learner can set in "Batch norm", the batch, and the steps that follow from it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

import numpy as np

from engine.data.digits import all_digits
from engine.gradcheck import numeric_gradient
from engine.layers import BatchNorm1d
from engine.types import Array, Params
from engine.zoo.digit_network import pretrained_digit_network
from pages.backprop.batch_norm.compute import backward_steps, forward_steps, running_averages, ways
from ui import state
from ui.components.bench import standing
from ui.controls import Choice, Control
from ui.edits import Edits
from ui.resets import Reset

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

EDITS = Edits({"x": "x", "weight": "g", "bias": "b", "dy": "d"}, most=300, example="x.4:2~g.0:-1")
CONTROLS: tuple[Control, ...] = (
    Choice("view", VIEWS, "steps"),
    Choice("batch", BATCHES, "scales"),
    Choice("upstream", UPSTREAMS, "mixed"),
    Choice("eps", tuple(EPSILONS), "1e-5"),
    Choice("mean_way", ("on", "off"), "on"),
    Choice("var_way", ("on", "off"), "on"),
    Choice("seen", SEEN, "5"),
    Choice("momentum", ("0.1", "0.5"), "0.1"),
    EDITS.control,
    Choice("step", (*STEPS, *WAYS), START),
    standing.cell(17, least=0),
    *standing.HOW,
)
RESETS = (
    Reset(("batch",), controls=("cell",), arrays=tuple(EDITS.letters)),
    Reset(("upstream",), arrays=("dy",)),
)
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
    return EDITS.put(given())


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
