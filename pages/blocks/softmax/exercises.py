"""Exercises for "Softmax and scores": shares, a loss, a slope and a margin for a pencil and a pocket calculator."""

from __future__ import annotations

from math import exp, log

import numpy as np

from engine.exercise import Problem, number
from engine.losses import CrossEntropyLoss
from engine.losses.softmax import softmax
from pages.blocks.softmax.compute import naive_softmax, two_losses

SETTINGS = ("nan", "0", "1")


def share_of_a_class(rng: np.random.Generator) -> Problem:
    """One class's share among three small scores."""
    z = rng.choice(np.arange(-3, 4), 3, replace=False)
    asked = int(rng.integers(3))
    powers = [exp(value) for value in z.tolist()]
    return Problem(
        answer=float(softmax(z[None].astype(float))[0, asked]),
        worked=powers[asked] / sum(powers),
        values={
            "z": ", ".join(number(v) for v in z.tolist()),
            "asked": asked,
            "power": f"{powers[asked]:.3f}",
            "powers": " + ".join(f"{power:.3f}" for power in powers),
            "sum": f"{sum(powers):.3f}",
        },
        tolerance=0.006,
    )


def equal_lead(rng: np.random.Generator) -> Problem:
    """The lead over one other class that gives a share: p = 1 / (1 + e^-lead)."""
    percent = int(rng.choice([60, 70, 75, 80, 90, 95, 99]))
    p = percent / 100
    lead = log(p / (1 - p))
    # The engine's own softmax, asked where its share passes p.
    low, high = 0.0, 10.0
    while high - low > 1e-9:
        middle = (low + high) / 2
        low, high = (middle, high) if softmax(np.array([[middle, 0.0]]))[0, 0] < p else (low, middle)
    return Problem(
        answer=high,
        worked=lead,
        values={"percent": percent, "ratio": f"{p / (1 - p):.4g}", "rest": 100 - percent},
        tolerance=0.011,
    )


def slope_of_a_score(rng: np.random.Generator) -> Problem:
    """dL/dz of one class for two equal scores beside a third: p - y."""
    lead = int(rng.integers(1, 4))
    label, asked = int(rng.integers(3)), int(rng.integers(3))
    z = np.array([[lead, 0.0, 0.0]])
    loss = CrossEntropyLoss()
    _, cache = loss.forward(z, np.array([label]))
    total = exp(lead) + 2
    p = (exp(lead) if asked == 0 else 1.0) / total
    y = 1 if asked == label else 0
    return Problem(
        answer=float(loss.backward(cache)[0, asked]),
        worked=p - y,
        values={"lead": lead, "label": label, "asked": asked, "total": f"{total:.3f}", "p": f"{p:.3f}", "y": y},
        tolerance=0.006,
    )


def hinge_of_scores(rng: np.random.Generator) -> Problem:
    """The multi-class hinge loss of three whole scores."""
    z = rng.integers(-3, 7, 3)
    truth = int(rng.integers(3))
    hinge, *_ = two_losses(z.astype(float), truth)
    others = [k for k in range(3) if k != truth]
    terms = [max(0, int(z[k]) - int(z[truth]) + 1) for k in others]
    if not any(terms):
        return hinge_of_scores(rng)
    written = [f"max(0, {number(z[k])} − {_bracketed(z[truth])} + 1)" for k in others]
    return Problem(
        answer=hinge,
        worked=float(sum(terms)),
        values={
            "z": ", ".join(number(v) for v in z.tolist()), "truth": truth, "terms": " + ".join(written),
            "first": terms[0], "second": terms[1],
        },
    )  # fmt: skip


def what_the_float_says(rng: np.random.Generator) -> Problem:
    """What the plain formula gives for the largest score once e^z no longer fits into float64."""
    large = int(rng.integers(720, 999))
    small = int(rng.integers(1, 700))
    first = bool(rng.integers(2))
    _, p = naive_softmax(np.array([large, small], float))
    asked = p[0 if first else 1]
    return Problem(
        answer="nan" if np.isnan(asked) else number(float(asked)),
        worked="nan" if first else "0",
        values={"large": large, "small": small, "asked": 0 if first else 1},
        choices=SETTINGS,
    )


def _bracketed(value: float) -> str:
    return f"({number(value)})" if value < 0 else number(value)


EXERCISES = (share_of_a_class, equal_lead, slope_of_a_score, hinge_of_scores, what_the_float_says)
