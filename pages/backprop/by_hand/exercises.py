"""Exercises for "Backprop by hand": single steps of a 2-2-2 sigmoid network with other numbers."""

from __future__ import annotations

import numpy as np

from engine.exercise import Problem, number
from engine.losses import MSELoss
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
    return Problem(
        answer=float(MSELoss(reduction="sum").forward(np.array([out]), np.array([t]))[0]) / 2,
        worked=(t - out) * (t - out) / 2,
        values={"out": number(out), "t": number(t), "gap": number(round(t - out, 4))},
        tolerance=0.002,
    )


def output_weight_gradient(rng: np.random.Generator) -> Problem:
    """dE/dw5 = (out - t) · out(1 - out) · out_h1."""
    sheet = _sheet(rng)
    out, h, t = (sheet.value(name) for name in ("out_o1", "out_h1", "t1"))
    shown_out, shown_h = round(out, 3), round(h, 3)
    return Problem(
        answer=sheet.value("dE_w5"),
        worked=(shown_out - t) * shown_out * (1 - shown_out) * shown_h,
        values={
            "out": f"{shown_out:.3f}",
            "h": f"{shown_h:.3f}",
            "t": number(t),
            "gap": number(round(shown_out - t, 3)),
            "slope": f"{shown_out * (1 - shown_out):.4f}",
        },
        tolerance=max(0.02 * abs(sheet.value("dE_w5")), 2e-4),
    )


def hidden_delta(rng: np.random.Generator) -> Problem:
    """δ_h1 = (δ_o1 · w5 + δ_o2 · w7) · out_h1(1 - out_h1)."""
    sheet = _sheet(rng)
    first, second, h = (round(sheet.value(name), 3) for name in ("d_o1", "d_o2", "out_h1"))
    w5, w7 = sheet.value("w5"), sheet.value("w7")
    slope = h * (1 - h)
    exact = sheet.value("d_h1")
    worked = (first * w5 + second * w7) * slope
    if abs(exact) < 0.004:
        return hidden_delta(rng)
    return Problem(
        answer=exact,
        worked=worked,
        values={
            "d1": number(first),
            "d2": number(second),
            "w5": number(w5),
            "w7": number(w7),
            "h": f"{h:.3f}",
            "handed": f"{first * w5 + second * w7:.4f}".replace("-", "−"),
            "slope": f"{slope:.4f}",
        },
        tolerance=max(0.05 * abs(exact), 6e-4),
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
    )


EXERCISES = (error_of_one_output, output_weight_gradient, hidden_delta, which_way)
