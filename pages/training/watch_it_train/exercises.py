"""Exercises for "Watch it train": what can be known about a run before it starts, and while it goes."""

from __future__ import annotations

from math import ceil, hypot, log

import numpy as np

from engine.exercise import Mistake, Problem
from engine.losses import CrossEntropyLoss
from engine.optimizers import SGD
from engine.sentence import Sentence
from engine.training.metrics import update_ratio
from engine.training.run import steps_in_an_epoch


def first_loss(rng: np.random.Generator) -> Problem:
    """A network that gives all C classes the same score has the loss ln C, whatever the label is."""
    classes = int(rng.choice([2, 100, 1000])) if rng.random() < 0.2 else int(rng.integers(3, 60))
    target = np.array([int(rng.integers(classes))])
    answer, _ = CrossEntropyLoss().forward(np.zeros((1, classes)), target)
    return Problem(
        answer=answer,
        worked=log(classes),
        values={"classes": classes, "share": f"1/{classes}"},
        decimals=2,
        mistakes=(
            Mistake(log(classes) / log(10), Sentence("That is the logarithm to the base 10. The loss counts in e.")),
            Mistake(log(classes) / log(2), Sentence("That is the logarithm to the base 2. The loss counts in e.")),
            Mistake(1 / classes, Sentence("That is the probability of the true class. The loss is −ln of it.")),
            Mistake(1 - 1 / classes, Sentence("That is how far the probability is from 1. The loss is −ln of it.")),
        ),
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
        mistakes=(
            Mistake(full * epochs, Sentence("The last batch of each epoch is smaller, and it is a step, too.")),
            Mistake(
                ceil(examples * epochs / batch),
                Sentence("Each epoch ends with a smaller batch of its own: what is left over isn't carried on."),
            ),
            Mistake(full + 1, Sentence("That is one epoch.")),
            Mistake(examples * epochs, Sentence("That counts examples. A step takes a batch of them.")),
        ),
    )  # fmt: skip


def ratio_of_an_update(rng: np.random.Generator) -> Problem:
    """Plain SGD moves W by lr · dW, so the ratio of update to weights is lr · ‖dW‖ / ‖W‖."""
    legs = [(3, 4), (6, 8), (5, 12), (8, 15)]
    w, g = (np.array(legs[i], dtype=np.float64) for i in rng.permutation(len(legs))[:2])
    w, g = w / 10, g / 100
    lr = float(rng.choice([0.05, 0.1, 0.2, 0.5]))
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
        decimals=4,
        mistakes=(
            Mistake(slope / size, Sentence("The learning rate is missing.")),
            Mistake(lr * slope, Sentence("That is how far W moves. It is still to be divided by the size of W.")),
            Mistake(lr * size / slope, Sentence("That is the other way round: the gradient stands above.")),
            Mistake(lr * (slope / size) ** 2, Sentence("The roots are missing: that is the ratio of the squares.")),
            Mistake(
                lr * float(g.sum() / w.sum()), Sentence("A length isn't the sum of the numbers: it is √(a² + b²).")
            ),
        ),
    )  # fmt: skip


EXERCISES = (first_loss, steps_of_a_run, ratio_of_an_update)
