"""Exercises for "Computational graph": gradients of small formulas, patterns, and shapes of matrices."""

from __future__ import annotations

from math import exp

import numpy as np

from engine.autograd.expression import parse
from engine.exercise import Mistake, Problem, factor, number
from engine.mistakes import NO_BIAS, NO_INPUT, ONE_WAY_ONLY
from engine.sentence import Sentence
from pages.backprop.graph.compute import matmul_backward

GATES = ("add", "multiply", "max")


def two_uses(rng: np.random.Generator) -> Problem:
    """∂f/∂x of f = x·y + x·x or f = (x + y)·x: what comes back along both wires, added up."""
    x, y = (int(v) for v in rng.choice([-5, -4, -3, -2, 2, 3, 4, 5], 2))
    if rng.random() < 0.5:
        formula, first, second = "x * y + x * x", y, 2 * x
        first_words, second_words = f"y = {number(y)}", f"x + x = {number(2 * x)}"
    else:
        formula, first, second = "(x + y) * x", x, x + y
        first_words, second_words = f"x = {number(x)}", f"x + y = {number(x + y)}"
    return Problem(
        answer=parse(formula, {"x": x, "y": y}).grads["x"],
        worked=float(first + second),
        values={
            "formula": formula.replace("*", "·"), "x": number(x), "y": number(y),
            "first": first_words, "second": second_words,
            "sum": f"{factor(first)} + {factor(second)}",
        },
        mistakes=(
            Mistake(float(first), ONE_WAY_ONLY),
            Mistake(float(second), ONE_WAY_ONLY),
            Mistake(float(first * second), Sentence("What comes back on several wires is added up, not multiplied.")),
            Mistake(parse(formula, {"x": x, "y": y}).value, Sentence("That is f itself. Asked is how f moves with x.")),
        ),
    )  # fmt: skip


def which_gate(rng: np.random.Generator) -> Problem:
    """Which of +, × and max sent these gradients, told from the inputs, the upstream gradient and what came out."""
    op = str(rng.choice(GATES))
    a, b = (int(v) for v in rng.choice([-4, -3, 2, 3, 5, 6], 2, replace=False))
    upstream = int(rng.choice([-3, -2, 2, 4]))
    sent = {
        "add": (upstream, upstream),
        "multiply": (upstream * b, upstream * a),
        "max": (upstream, 0) if a > b else (0, upstream),
    }
    text = {"add": "a + b", "multiply": "a * b", "max": "max(a, b)"}
    grads = {gate: parse(f"({formula}) * u", {"a": a, "b": b, "u": upstream}).grads for gate, formula in text.items()}
    shown = sent[op]
    answer = next(gate for gate, grad in grads.items() if (grad["a"], grad["b"]) == shown)
    return Problem(
        answer=answer,
        worked=op,
        values={
            "a": number(a), "b": number(b), "upstream": number(upstream),
            "da": number(shown[0]), "db": number(shown[1]),
            **{f"{gate}_sends": _pair(pair) for gate, pair in sent.items()},
        },
        choices=GATES,
        mistakes=(
            Mistake("add", Sentence("An add hands the same on to both: {sent}.", sent=_pair(sent["add"]))),
            Mistake("multiply", Sentence("A multiply swaps: it would send {sent}.", sent=_pair(sent["multiply"]))),
            Mistake("max", Sentence("A max sends all to the larger input: {sent}.", sent=_pair(sent["max"]))),
        ),
    )  # fmt: skip


def sigmoid_gate(rng: np.random.Generator) -> Problem:
    """∂f/∂w of f = σ(w·x + b): local slopes of σ and ×, multiplied along the way."""
    w, x, b = (int(v) for v in (*rng.choice([-3, -2, -1, 1, 2, 3], 2), rng.choice([-2, -1, 1, 2])))
    z = w * x + b
    if abs(z) > 4:
        return sigmoid_gate(rng)
    s = 1 / (1 + exp(-z))
    slope = s * (1 - s)
    bare = 1 / (1 + exp(-w * x))
    graph = parse("sigmoid(w * x + b)", {"w": w, "x": x, "b": b})
    return Problem(
        answer=graph.grads["w"],
        worked=slope * x,
        values={
            "w": number(w), "x": number(x), "b": number(b), "z": number(z),
            "s": f"{s:.5f}", "rest": f"{1 - round(s, 5):.5f}", "slope": f"{slope:.5f}", "factor": factor(x),
        },
        decimals=3,
        mistakes=(
            Mistake(slope, NO_INPUT),
            Mistake(slope * w, Sentence("That is ∂f/∂x. A product swaps: w's gradient has the factor x.")),
            Mistake(s * x, Sentence("The sigmoid's slope is s·(1 − s): the second factor is missing.")),
            Mistake(bare * (1 - bare) * x, NO_BIAS),
            Mistake(s, Sentence("That is f itself. Asked is how f moves with w.")),
        ),
    )  # fmt: skip


def matrix_shape(rng: np.random.Generator) -> Problem:
    """Which shape the gradient of one factor of D = W·X has, and in which order the product fits."""
    m, k, n = (int(v) for v in rng.choice(np.arange(2, 9), 3, replace=False))
    of_weight = bool(rng.random() < 0.5)
    W, X, dD = np.ones((m, k)), np.ones((k, n)), np.ones((m, n))
    dW, dX = matmul_backward(W, X, dD)
    products = (f"dD·Xᵀ: ({m}×{n})·({n}×{k})", f"Wᵀ·dD: ({k}×{m})·({m}×{n})")
    return Problem(
        answer=(dW if of_weight else dX).shape,
        worked=(m, k) if of_weight else (k, n),
        values={
            "w": f"{m}×{k}", "x": f"{k}×{n}",
            "which": "dW" if of_weight else "dX", "of": "W" if of_weight else "X",
            "product": products[0] if of_weight else products[1],
        },
        mistakes=(
            Mistake((k, n) if of_weight else (m, k), Sentence("That is the shape of the other factor.")),
            Mistake((m, n), Sentence("That is the shape of D, and so of dD.")),
        ),
    )  # fmt: skip


def _pair(sent: tuple[int, int]) -> str:
    return ", ".join(map(number, sent))


EXERCISES = (two_uses, which_gate, sigmoid_gate, matrix_shape)
