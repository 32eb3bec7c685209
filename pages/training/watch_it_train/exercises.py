"""Exercises for "Watch it train": what can be known about a run before it starts, and while it goes."""

from __future__ import annotations

from math import hypot, log

import numpy as np

from engine.exercise import Problem
from engine.losses import CrossEntropyLoss
from engine.optimizers import SGD
from engine.training.metrics import update_ratio
from engine.training.run import steps_in_an_epoch


def first_loss(rng: np.random.Generator) -> Problem:
    """A network that gives all C classes the same score has the loss ln C, whatever the label is."""
    classes = int(rng.choice([2, 5, 20, 26, 50, 100, 1000]))
    target = np.array([int(rng.integers(classes))])
    answer, _ = CrossEntropyLoss().forward(np.zeros((1, classes)), target)
    return Problem(
        answer=answer, worked=log(classes), values={"classes": classes, "share": f"1/{classes}"}, tolerance=0.01
    )


def steps_of_a_run(rng: np.random.Generator) -> Problem:
    """E epochs over N examples in batches of B take E · ⌈N / B⌉ steps."""
    batch = int(rng.choice([16, 32, 64, 128]))
    examples = int(rng.integers(5, 40)) * batch + int(rng.integers(1, batch))
    epochs = int(rng.integers(2, 12))
    full, rest = divmod(examples, batch)
    return Problem(
        answer=steps_in_an_epoch(examples, batch) * epochs,
        worked=(full + 1) * epochs,
        values={
            "examples": examples, "batch": batch, "epochs": epochs, "full": full, "rest": rest, "steps": full + 1,
        },
    )  # fmt: skip


def ratio_of_an_update(rng: np.random.Generator) -> Problem:
    """Plain SGD moves W by lr · dW, so the ratio of update to weights is lr · ‖dW‖ / ‖W‖."""
    legs = [(3, 4), (6, 8), (5, 12), (8, 15)]
    w, g = (np.array(legs[i], dtype=np.float64) for i in rng.permutation(len(legs))[:2])
    w, g = w / 10, g / 100
    lr = float(rng.choice([0.01, 0.02, 0.05, 0.1]))
    moved, _ = SGD(lr).update({"weight": w}, {"weight": g})
    size, slope = hypot(*w), hypot(*g)
    worked = lr * slope / size
    return Problem(
        answer=update_ratio(w, moved["weight"]),
        worked=worked,
        values={
            "w": f"({w[0]:g}, {w[1]:g})", "g": f"({g[0]:g}, {g[1]:g})", "lr": f"{lr:g}", "size": f"{size:g}",
            "slope": f"{slope:g}",
        },
        tolerance=0.02 * worked,
    )  # fmt: skip


EXERCISES = (first_loss, steps_of_a_run, ratio_of_an_update)
