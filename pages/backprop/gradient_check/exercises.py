"""Exercises for "Gradient check": a central difference by hand, a relative error, the best h, and who is to blame."""

from __future__ import annotations

import numpy as np

from engine.exercise import Mistake, Problem, number
from engine.gradcheck import Entry, numeric_gradient
from engine.sentence import Sentence
from engine.types import Floating
from engine.written import raised
from pages.backprop.gradient_check.compute.case import CASES, checked
from pages.backprop.gradient_check.compute.sweep import Rule, formula_subject

_H: dict[str, float] = {"h3": 4e-3, "h6": 5e-6, "h8": 1e-8, "h11": 1e-11}
_THUMB: tuple[tuple[Floating, Rule, str], ...] = (
    ("float32", "central", "h3"),
    ("float64", "central", "h6"),
    ("float64", "one-sided", "h8"),
)
"""The rule of thumb's answers: u^(1/3) for central differences, u^(1/2) for one-sided ones."""
_SMOOTH = (("x**3", "x³"), ("exp(x)", "eˣ"), ("sigmoid(x)", "σ(x)"), ("x**4 - x", "x⁴ − x"), ("tanh(x)", "tanh(x)"))
_AT = (0.5, 1.0, 1.5, 2.0)
_CHECKED_WITH = (1e-4, 3e-5, 1e-5, 3e-6, 1e-6)
_LAYERS = ("conv", "norm", "relu", "pool", "hidden", "relu2", "output", "loss")


def central_difference(rng: np.random.Generator) -> Problem:
    """(f(x + h) - f(x - h)) / 2h of x³: 3x² + h²."""
    x, h = int(rng.integers(1, 9)), float(rng.choice([0.1, 0.2, 0.3, 0.4, 0.5]))
    w = np.array([float(x)])
    above, below = (x + h) ** 3, (x - h) ** 3
    found = (above - below) / (2 * h)
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
        decimals=2,
        mistakes=(
            Mistake(3.0 * x**2, Sentence("That is the true slope. The difference is a little off it.")),
            Mistake(2 * found, Sentence("The two points lie 2h apart: it is to be divided by 2h.")),
            Mistake((above - x**3) / h, Sentence("That is the one-sided difference, (f(x + h) − f(x)) / h.")),
            Mistake(above - below, Sentence("That is still to be divided by 2h.")),
            Mistake(found * h**2, Sentence("It is divided by 2h, and not multiplied by h/2.")),
        ),
    )


def relative_error(rng: np.random.Generator) -> Problem:
    """|a - n| / max(|a|, |n|)."""
    analytic = float(rng.choice([0.4, 0.5, 0.8, 2.0, 4.0, 5.0])) * float(rng.choice([-1, 1]))
    numeric = round(analytic * float(rng.choice([0.5, 0.75, 0.8, 0.9, 0.95])), 3)
    gap, larger = abs(analytic - numeric), max(abs(analytic), abs(numeric))
    return Problem(
        answer=Entry("w", (0,), analytic, numeric).relative_error,
        worked=gap / larger,
        values={
            "analytic": number(analytic),
            "numeric": number(numeric),
            "gap": f"{gap:.4g}",
            "larger": f"{larger:.4g}",
        },
        decimals=3,
        mistakes=(
            Mistake(gap, Sentence("That is the difference. It is still to be divided by the larger size.")),
            Mistake(gap / abs(numeric), Sentence("It is divided by the larger of the two sizes.")),
            Mistake(gap / (larger + abs(numeric)), Sentence("It is divided by the larger size, not by both together.")),
            Mistake(100 * gap / larger, Sentence("Those are per cent. Asked is the number itself.")),
        ),
    )


def best_h(rng: np.random.Generator) -> Problem:
    """Which of four steps has the smallest truncation and round-off together?"""
    dtype, rule, thumb = _THUMB[int(rng.integers(len(_THUMB)))]
    (formula, written), x = _SMOOTH[int(rng.integers(len(_SMOOTH)))], float(rng.choice(_AT))
    subject, steps = formula_subject(formula, x), np.array(list(_H.values()))
    total = subject.truncation(steps, rule) + subject.round_off(steps, dtype, rule)
    answer = list(_H)[int(total.argmin())]
    if answer != thumb:  # where a derivative is 0 or nearly so, the rule of thumb has nothing to say
        return best_h(rng)
    unit, power = ("6 · 10⁻⁸" if dtype == "float32" else "1.1 · 10⁻¹⁶"), ("⅓" if rule == "central" else "½")
    return Problem(
        answer=answer,
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
        mistakes=(
            Mistake("h11", Sentence("So small an h leaves nothing but rounding of the difference.")),
            Mistake("h3", Sentence("For {dtype} that is too large: the chord is far from the tangent.", dtype=dtype)),
            Mistake(
                "h8",
                Sentence(
                    "That is the square root of float64's rounding. It counts for one-sided differences in float64."
                ),
            ),
            Mistake(
                "h6",
                Sentence("That is the third root of float64's rounding. It counts for central differences in float64."),
            ),
        ),
    )


def which_layer(rng: np.random.Generator) -> Problem:
    """In which layer does the fault sit? From the worst relative error of all that each layer hands out."""
    case = [case for case in CASES if case.fault][int(rng.integers(len(CASES) - 1))]
    h = float(rng.choice(_CHECKED_WITH))
    check = checked(case, h)
    rows = []
    for layer in _LAYERS:
        worst = {strip.name: _error(strip.worst()) for strip in check.of(layer)}
        rows.append(f"| {layer} | " + " | ".join(worst.get(name, "–") for name in ("dx", "weight", "bias")) + " |")
    blamed = [layer for layer in _LAYERS if any(strip.wrong().any() for strip in check.of(layer))]
    return Problem(
        answer=case.layer,
        worked=blamed[-1],
        values={"table": "\n".join(rows), "last": blamed[-1], "h": _power(h)},
        choices=_LAYERS,
        mistakes=tuple(
            Mistake(
                layer,
                Sentence(
                    "{layer} hands out wrong numbers, but it was given wrong ones: look further towards the loss.",
                    layer=layer,
                )
                if layer in blamed
                else Sentence("All that {layer} hands out agrees with the measurement.", layer=layer),
            )
            for layer in _LAYERS
        ),
    )


def _error(error: float) -> str:
    if error > 1e-2 or error == 0:
        return f"**{error:.2f}**" if error else "0"
    return _power(error)


def _power(value: float) -> str:
    """One digit and a power of ten."""
    mantissa, power = f"{value:.0e}".split("e")
    return f"{mantissa}·10{raised(int(power))}"


EXERCISES = (central_difference, relative_error, best_h, which_layer)
