"""Exercises for "Backprop by hand": single steps of a 2-2-2 sigmoid network with other numbers."""

from __future__ import annotations

import numpy as np

from engine.exercise import Mistake, Problem, factor, number
from engine.layers import Linear, Sigmoid
from engine.losses import MSELoss
from engine.mistakes import NO_INPUT, NO_SLOPE, ONE_WAY_ONLY, UPHILL
from engine.sentence import Sentence
from engine.types import Array
from pages.backprop.by_hand.compute.setup import Setup
from pages.backprop.by_hand.compute.sheet import Sheet, written_out

WAYS = ("grows", "shrinks")


def _sheet(rng: np.random.Generator) -> Sheet:
    """A network of its own, with numbers of two decimals."""
    params = tuple(float(value) for value in np.round(rng.uniform(0.1, 0.9, 12), 2))
    x = tuple(float(value) for value in np.round(rng.uniform(0.1, 0.9, 2), 2))
    target = (0.01, 0.99) if rng.random() < 0.5 else (0.99, 0.01)
    return written_out(Setup((2, 2, 2), x, target, params))


def error_of_one_output(rng: np.random.Generator) -> Problem:
    """E = ½(t - out)²."""
    sheet = _sheet(rng)
    out, t = round(sheet.value("out_o1"), 2), sheet.value("t1")
    gap = round(t - out, 2)
    if abs(gap) < 0.15:
        return error_of_one_output(rng)
    return Problem(
        answer=float(MSELoss(reduction="sum").forward(np.array([out]), np.array([t]))[0]) / 2,
        worked=(t - out) * (t - out) / 2,
        values={"out": number(out), "t": number(t), "gap": number(gap)},
        decimals=3,
        mistakes=(
            Mistake(gap * gap, Sentence("The factor ½ is missing.")),
            Mistake(gap / 2, Sentence("The square is missing.")),
            Mistake(gap, Sentence("That is the gap. It is still to be squared and halved.")),
            Mistake((t * t - out * out) / 2, Sentence("The gap is squared, not each of the two numbers.")),
        ),
    )


def output_weight_gradient(rng: np.random.Generator) -> Problem:
    """dE/dw5 = (out - t) · out(1 - out) · out_h1."""
    sheet = _sheet(rng)
    out, h, t = round(sheet.value("out_o1"), 2), round(sheet.value("out_h1"), 2), sheet.value("t1")
    gap, slope = out - t, out * (1 - out)
    if abs(gap) < 0.15:
        return output_weight_gradient(rng)
    _, cache = MSELoss(reduction="sum").forward(np.array([[out]]), np.array([[t]]))
    delta = _through_sigmoid(out, MSELoss(reduction="sum").backward(cache) / 2)
    return Problem(
        answer=_dw(h, delta),
        worked=gap * slope * h,
        values={
            "out": f"{out:.2f}",
            "h": f"{h:.2f}",
            "t": number(t),
            "gap": number(round(gap, 2)),
            "slope": f"{slope:.4f}",
        },
        decimals=3,
        mistakes=(
            Mistake(gap * h, NO_SLOPE),
            Mistake(gap * slope, NO_INPUT),
            Mistake(
                2 * gap * slope * h, Sentence("The error has the factor ½, so its slope is the gap, not twice that.")
            ),
            Mistake(
                gap * h * (1 - h) * h, Sentence("The slope belongs to the output that the weight leads to, not to h.")
            ),
        ),
    )


def hidden_delta(rng: np.random.Generator) -> Problem:
    """δ_h1 = (δ_o1 · w5 + δ_o2 · w7) · out_h1(1 - out_h1)."""
    sheet = _sheet(rng)
    first, second, h = (round(sheet.value(name), 2) for name in ("d_o1", "d_o2", "out_h1"))
    w5, w7 = sheet.value("w5"), sheet.value("w7")
    slope, handed = h * (1 - h), first * w5 + second * w7
    if abs(handed * slope) < 0.004:
        return hidden_delta(rng)
    outputs = Linear(1, 2, bias=False)
    params = {"weight": np.array([[w5], [w7]])}
    _, cache = outputs.forward(params, np.array([[h]]))
    back, _ = outputs.backward(params, cache, np.array([[first, second]]))
    return Problem(
        answer=float(_through_sigmoid(h, back).item()),
        worked=handed * slope,
        values={
            "d1": number(first),
            "d2": number(second),
            "w5": number(w5),
            "w7": number(w7),
            "h": f"{h:.2f}",
            "handed": number(round(handed, 4)),
            "handed_factor": factor(round(handed, 4)),
            "slope": f"{slope:.4f}",
        },
        decimals=4,
        mistakes=(
            Mistake(handed, NO_SLOPE),
            Mistake(first * w5 * slope, ONE_WAY_ONLY),
            Mistake(second * w7 * slope, ONE_WAY_ONLY),
            Mistake(handed * h, Sentence("The slope is h·(1 − h): the second factor is missing.")),
            Mistake((first * w7 + second * w5) * slope, Sentence("Each δ comes back through its own weight.")),
            Mistake((first + second) * slope, Sentence("Each δ comes back multiplied by its weight.")),
        ),
    )


def which_way(rng: np.random.Generator) -> Problem:
    """Whether descent makes an output's weight larger or smaller."""
    sheet = _sheet(rng)
    at = int(rng.integers(5, 9))
    unit = 1 if at < 7 else 2
    out, t = sheet.value(f"out_o{unit}"), sheet.value(f"t{unit}")
    return Problem(
        answer="shrinks" if sheet.value(f"new_w{at}") < sheet.value(f"w{at}") else "grows",
        # All of h's answers are above 0, so the gap alone decides.
        worked="shrinks" if out > t else "grows",
        values={"w": at, "unit": unit, "out": f"{out:.3f}", "t": number(t), "side": "−" if out < t else "+"},
        choices=WAYS,
        mistakes=tuple(Mistake(way, UPHILL) for way in WAYS),
    )


def _through_sigmoid(out: float, upstream: Array) -> Array:
    """What arrives before a sigmoid that answers ``out``."""
    _, cache = Sigmoid().forward({}, np.log(np.array([[out / (1 - out)]])))
    return Sigmoid().backward({}, cache, upstream)[0]


def _dw(x: float, dz: Array) -> float:
    """The gradient of one weight, between a unit that says x and one whose δ is dz."""
    layer, params = Linear(1, 1, bias=False), {"weight": np.zeros((1, 1))}
    _, cache = layer.forward(params, np.array([[x]]))
    return float(layer.backward(params, cache, dz)[1]["weight"].item())


EXERCISES = (error_of_one_output, output_weight_gradient, hidden_delta, which_way)
