"""Exercises for "Softmax and scores": shares, a loss, a slope and a margin for a pencil and a pocket calculator."""

from __future__ import annotations

from math import exp, log, nan

import numpy as np

from engine.exercise import Mistake, Problem, factor, listed, number
from engine.losses import CrossEntropyLoss
from engine.losses.softmax import softmax
from engine.sentence import Sentence
from engine.types import Array
from pages.blocks.softmax.compute import naive_softmax, two_losses

SETTINGS = ("nan", "0", "1")
ROWS = ("A", "B", "C")


def share_of_a_class(rng: np.random.Generator) -> Problem:
    """One class's share among three small scores."""
    z = rng.choice(np.arange(-3, 4), 3, replace=False)
    asked = int(rng.integers(3))
    powers = [round(exp(value), 3) for value in z.tolist()]
    if powers[asked] < 0.02 * sum(powers):
        return share_of_a_class(rng)
    shares = softmax(z[None].astype(float))[0]
    return Problem(
        answer=float(shares[asked]),
        worked=powers[asked] / sum(powers),
        values={
            "z": listed(z),
            "asked": asked,
            "power": f"{powers[asked]:.3f}",
            "powers": " + ".join(f"{power:.3f}" for power in powers),
            "sum": f"{sum(powers):.3f}",
        },
        decimals=2,
        mistakes=(
            Mistake(
                float(shares[asked - 1]) if asked else nan,
                Sentence("That is the share of the class before: the first one is class 0."),
            ),
            Mistake(
                float(z[asked]) / float(z.sum()) if z.sum() else nan,
                Sentence("That is the score's own part of all scores. First they go through the exponential."),
            ),
            Mistake(
                1 / (1 + exp(-int(z[asked]))),
                Sentence("That is the sigmoid of this score alone. The shares depend on all scores."),
            ),
            Mistake(powers[asked], Sentence("That is the exponential. It is still to be divided by the sum of all.")),
        ),
    )


def equal_lead(rng: np.random.Generator) -> Problem:
    """The lead over one other class that gives a share: p = 1 / (1 + e^-lead)."""
    percent = int(rng.integers(55, 100))
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
        values={
            "percent": percent,
            "ratio": f"{p / (1 - p):.4f}".rstrip("0").rstrip("."),
            "rest": 100 - percent,
        },
        decimals=2,
        mistakes=(
            Mistake(p / (1 - p), Sentence("That is the ratio of the shares. The lead is its logarithm.")),
            Mistake(log(p), Sentence("That is the logarithm of the share, not of the ratio of the two shares.")),
            Mistake(log(p / (1 - p)) / log(10), Sentence("That is the logarithm to the base 10. Softmax counts in e.")),
            Mistake(2 * p - 1, Sentence("That is how far the shares lie apart. The scores lead by another number.")),
        ),
    )


def slope_of_a_score(rng: np.random.Generator) -> Problem:
    """dL/dz of one class for two equal scores beside a third: p - y."""
    lead = int(rng.choice([-2, -1, 1, 2, 3, 4]))
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
        values={
            "lead": number(lead), "label": label, "asked": asked, "total": f"{total:.4f}", "p": f"{p:.4f}", "y": y,
        },
        decimals=2,
        mistakes=(
            Mistake(p, Sentence("That is the share. From that of the true class 1 is taken away.")),
            Mistake(p - 1, Sentence("1 is taken away for the true class only, and this is another one.")),
            Mistake(-log(p), Sentence("That is a loss. Asked is its slope for one of the scores.")),
            Mistake(p * (1 - p), Sentence("So the share itself grows with its score. Asked is the slope of the loss.")),
        ),
    )  # fmt: skip


def hinge_of_scores(rng: np.random.Generator) -> Problem:
    """The multi-class hinge loss of three whole scores."""
    z = rng.integers(-3, 7, 3)
    truth = int(rng.integers(3))
    hinge, *_ = two_losses(z.astype(float), truth)
    others = [k for k in range(3) if k != truth]
    terms = [max(0, int(z[k]) - int(z[truth]) + 1) for k in others]
    if not any(terms):
        return hinge_of_scores(rng)
    written = [f"max(0, {number(z[k])} − {factor(z[truth])} + 1)" for k in others]
    leads = [int(z[k]) - int(z[truth]) for k in others]
    return Problem(
        answer=hinge,
        worked=float(sum(terms)),
        values={
            "z": listed(z), "truth": truth, "terms": " + ".join(written), "first": terms[0], "second": terms[1],
        },
        mistakes=(
            Mistake(sum(max(0, lead) for lead in leads), Sentence("The margin of 1 is missing.")),
            Mistake(sum(terms) + 1, Sentence("The true class adds nothing: the sum leaves it out.")),
            Mistake(
                sum(lead + 1 for lead in leads), Sentence("What is below 0 counts as 0, and takes nothing from others.")
            ),
            Mistake(max(terms), Sentence("That is the larger of the two. They are added up.")),
        ),
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
        mistakes=(
            Mistake("1", Sentence("So it should be, and so it is with a shift. Here the sum is inf.")),
            Mistake("nan", Sentence("This exponential is finite, and a finite number ÷ inf has a value.")),
            Mistake("0", Sentence("This exponential is inf like the sum, and inf ÷ inf has no value.")),
        ),
    )


def can_this_be(rng: np.random.Generator) -> Problem:
    """Of three lines of scores and shares one can't be softmax's: the sum, the order, or only the ratios are wrong."""
    at, kind = int(rng.integers(3)), str(rng.choice(["sum", "order", "ratio"]))
    rows = [_possible(rng) for _ in ROWS]
    rows[at] = _impossible(rng, kind)
    off = [float(np.abs(softmax(z[None])[0] - p).max()) for z, p in rows]
    lead, ratio, due = _first_and_second(*rows[at])
    return Problem(
        answer=ROWS[int(np.argmax(off))],
        worked=next(name for name, (z, p) in zip(ROWS, rows, strict=True) if not _fits(z, p)),
        values={
            "rows": "\n".join(
                f"| {name} | {listed(z)} | {listed(p)} |" for name, (z, p) in zip(ROWS, rows, strict=True)
            ),
            "sum": number(round(float(rows[at][1].sum()), 2)),
            "lead": lead,
            "ratio": ratio,
            "due": due,
        },
        choices=ROWS,
        mistakes=tuple(
            Mistake(
                name,
                Sentence(
                    "{name} can be: its first score leads the second by {lead}, so the ratio of their shares is "
                    "about {due}. The size of the scores doesn't matter.",
                    name=name, lead=_first_and_second(z, p)[0], due=_first_and_second(z, p)[2],
                ),
            )
            for name, (z, p) in zip(ROWS, rows, strict=True)
        ),
    )  # fmt: skip


def _possible(rng: np.random.Generator) -> tuple[Array, Array]:
    """Scores of any size, and their shares to two decimals, which add up to 1."""
    while True:
        z = rng.choice(np.arange(-2, 3), 3, replace=False) + float(rng.choice([-20, 0, 0, 5, 100]))
        p = np.round(softmax(z[None])[0], 2)
        if p.min() >= 0.05 and abs(p.sum() - 1) < 1e-9:
            return z, p


def _impossible(rng: np.random.Generator, kind: str) -> tuple[Array, Array]:
    """Shares that don't add up to 1, go to the wrong class, or are far too even for their scores."""
    z, p = _possible(rng)
    if kind == "sum":
        at = int(rng.integers(3))
        return z, np.round(np.where(np.arange(3) == at, p + float(rng.choice([0.1, 0.2, 0.3])), p), 2)
    if kind == "order":
        return z, np.roll(p, int(rng.choice([1, 2])))
    first, second = float(rng.integers(60, 150)) / 10, float(rng.integers(-20, 21)) / 10
    small = float(rng.integers(1, 5)) / 100
    large = float(rng.integers(70, 94)) / 100
    return np.array([first, second, -float(rng.integers(10, 30))]), np.array(
        [large, round(1 - large - small, 2), small]
    )


def _fits(z: Array, p: Array) -> bool:
    """By hand: the shares add up to 1, and each ratio of two is e to the power of the lead, as far as digits go."""
    ratios = all(
        (p[i] - 0.0051) / (p[j] + 0.0051) <= exp(z[i] - z[j]) <= (p[i] + 0.0051) / (p[j] - 0.0051)
        for i in range(3)
        for j in range(3)
        if i != j and p[j] > 0.0051
    )
    return ratios and abs(float(p.sum()) - 1) < 0.015


def _first_and_second(z: Array, p: Array) -> tuple[str, str, str]:
    """The first score's lead over the second, the ratio of their shares, and what the lead would make of it."""
    lead = round(float(z[0] - z[1]), 1)
    due = exp(lead)
    return number(lead), f"{p[0] / p[1]:.2f}", f"{due:,.0f}" if due >= 100 else f"{due:.2f}"


EXERCISES = (share_of_a_class, equal_lead, slope_of_a_score, can_this_be, hinge_of_scores, what_the_float_says)
