"""Exercises for "Gradient check": a central difference by hand, a relative error, the best h, and who is to blame."""

from __future__ import annotations

import numpy as np

from engine.exercise import Problem
from engine.gradcheck import Entry, numeric_gradient
from engine.types import Floating
from pages.backprop.gradient_check.compute.case import CASES, checked
from pages.backprop.gradient_check.compute.sweep import Rule, formula_subject

_H: dict[str, float] = {"h3": 4e-3, "h6": 5e-6, "h8": 1e-8, "h11": 1e-11}
_THUMB: tuple[tuple[Floating, Rule, str], ...] = (
    ("float32", "central", "h3"),
    ("float64", "central", "h6"),
    ("float64", "one-sided", "h8"),
)
"""The rule of thumb's answers: u^(1/3) for central differences, u^(1/2) for one-sided ones."""
_SMOOTH = (("x**3", "x³", 2.0), ("exp(x)", "eˣ", 0.5), ("sigmoid(x)", "σ(x)", 1.0), ("x**4 - x", "x⁴ − x", 1.0))
_RAISED = str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹")
_LAYERS = ("conv", "norm", "relu", "pool", "hidden", "relu2", "output", "loss")


def central_difference(rng: np.random.Generator) -> Problem:
    """(f(x + h) - f(x - h)) / 2h of x³: 3x² + h²."""
    x, h = int(rng.integers(1, 5)), float(rng.choice([0.1, 0.2, 0.5]))
    w = np.array([float(x)])
    above, below = (x + h) ** 3, (x - h) ** 3
    return Problem(
        answer=numeric_gradient(lambda: float(w[0] ** 3), w, (0,), h),
        worked=3 * x**2 + h**2,
        values={
            "x": x,
            "h": f"{h:g}",
            "above": f"{above:.6g}",
            "below": f"{below:.6g}",
            "twice": f"{2 * h:g}",
            "exact": 3 * x**2,
            "square": f"{h**2:g}",
        },
        tolerance=0.0015,
    )


def relative_error(rng: np.random.Generator) -> Problem:
    """|a - n| / max(|a|, |n|)."""
    analytic = float(rng.choice([0.4, 0.5, 0.8, 2.0, 4.0, 5.0])) * float(rng.choice([-1, 1]))
    numeric = analytic * float(rng.choice([0.5, 0.75, 0.8, 0.9, 0.95, 0.99]))
    gap, larger = abs(analytic - numeric), max(abs(analytic), abs(numeric))
    return Problem(
        answer=Entry("w", (0,), analytic, numeric).relative_error,
        worked=gap / larger,
        values={
            "analytic": _signed(analytic),
            "numeric": _signed(numeric),
            "gap": f"{gap:.4g}",
            "larger": f"{larger:.4g}",
        },
        tolerance=0.0005,
    )


def best_h(rng: np.random.Generator) -> Problem:
    """Which of four steps has the smallest truncation and round-off together?"""
    dtype, rule, thumb = _THUMB[int(rng.integers(len(_THUMB)))]
    formula, written, x = _SMOOTH[int(rng.integers(len(_SMOOTH)))]
    subject, steps = formula_subject(formula, x), np.array(list(_H.values()))
    total = subject.truncation(steps, rule) + subject.round_off(steps, dtype, rule)
    unit, power = ("6 · 10⁻⁸" if dtype == "float32" else "1.1 · 10⁻¹⁶"), ("⅓" if rule == "central" else "½")
    return Problem(
        answer=list(_H)[int(total.argmin())],
        worked=thumb,
        values={
            "formula": written,
            "x": f"{x:g}",
            "dtype": dtype,
            "quotient": "(f(x + h) − f(x − h)) / 2h" if rule == "central" else "(f(x + h) − f(x)) / h",
            "unit": unit,
            "power": power,
        },
        choices=tuple(_H),
    )


def which_layer(rng: np.random.Generator) -> Problem:
    """In which layer does the fault sit? From the worst relative error of all that each layer hands out."""
    case = [case for case in CASES if case.fault][int(rng.integers(len(CASES) - 1))]
    check = checked(case)
    rows = []
    for layer in _LAYERS:
        worst = {strip.name: _error(strip.worst()) for strip in check.of(layer)}
        rows.append(f"| {layer} | " + " | ".join(worst.get(name, "–") for name in ("dx", "weight", "bias")) + " |")
    blamed = [layer for layer in _LAYERS if any(strip.wrong().any() for strip in check.of(layer))]
    return Problem(
        answer=case.layer,
        worked=blamed[-1],
        values={"table": "\n".join(rows), "last": blamed[-1]},
        choices=_LAYERS,
    )


def _error(error: float) -> str:
    if error > 1e-2 or error == 0:
        return f"**{error:.2f}**" if error else "0"
    mantissa, power = f"{error:.0e}".split("e")
    return f"{mantissa}·10{str(int(power)).translate(_RAISED)}"


def _signed(value: float) -> str:
    return f"{value:.6g}".replace("-", "−")


EXERCISES = (central_difference, relative_error, best_h, which_layer)
