"""What to look at while a network learns: numbers drawn from its weights, gradients, activations and answers.

Pure functions of arrays. Values that aren't finite (a training run that blew up) are counted, never summed.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from engine.losses import CrossEntropyLoss
from engine.network import Network
from engine.types import Array


@dataclass(frozen=True)
class Histogram:
    """How often values fall into equal bins: `counts` (bins,) between `edges` (bins + 1,).

    `zeros` and `not_finite` values were left out of the bins (exact zeros come in crowds behind a ReLU and
    would hide everything else); `size` is the number of all values.
    """

    edges: Array
    counts: Array
    zeros: int
    not_finite: int
    size: int


def histogram(values: Array, bins: int = 31) -> Histogram:
    """Equal bins that are symmetric about zero when `values` has both signs, and start at zero otherwise.

    values: any shape. An array without a single finite, non-zero value gives empty bins over [-1, 1].
    """
    flat = np.asarray(values, dtype=np.float64).ravel()
    finite = flat[np.isfinite(flat)]
    counted = finite[finite != 0]
    high = float(np.abs(counted).max()) if counted.size else 1.0
    low, top = -high, high
    if counted.size and counted.min() > 0:
        low = 0.0
    elif counted.size and counted.max() < 0:
        top = 0.0
    counts, edges = np.histogram(counted, bins=bins, range=(low, top))
    return Histogram(
        edges=edges,
        counts=counts,
        zeros=int(finite.size - counted.size),
        not_finite=int(flat.size - finite.size),
        size=int(flat.size),
    )


def update_ratio(previous: Array, current: Array) -> float:
    """r = ‖W' − W‖ / ‖W‖: by what share of its own size did a step move a weight? About 1e-3 is healthy.

    previous, current: the same shape. Returns 0 where nothing moved, infinity where W was zero and moved, and
    NaN where either has values that aren't finite.
    Source: Stanford CS231n, "Neural networks 3: learning and evaluation" (ratio of weights to updates).
    """
    moved = float(np.linalg.norm(np.asarray(current, np.float64) - np.asarray(previous, np.float64)))
    size = float(np.linalg.norm(np.asarray(previous, np.float64)))
    if moved == 0.0:
        return 0.0
    return moved / size if size else float("inf")


@dataclass(frozen=True)
class Evaluation:
    """A network's answers to N examples: mean loss, accuracy in [0, 1], probabilities p (N, C) float64,
    `predicted` classes (N,), and each example's own loss `losses` (N,) = −ln p[target]."""

    loss: float
    accuracy: float
    p: Array
    predicted: Array
    losses: Array


def evaluate(network: Network, x: Array, target: Array) -> Evaluation:
    """Ask the network about x (N, C, H, W), whose true classes are target (N,), without training it."""
    with np.errstate(all="ignore"):
        z = network.predict(x).astype(np.float64)
        loss, cache = CrossEntropyLoss().forward(z, target)
        losses, _ = CrossEntropyLoss(reduction="none").forward(z, target)
    p = cache["p"]
    predicted = p.argmax(axis=1)
    return Evaluation(
        loss=float(loss),
        accuracy=float(np.mean(answers_right(z, target))),
        p=p,
        predicted=predicted,
        losses=losses,
    )


def answers_right(z: Array, target: Array) -> Array:
    """Whether the largest of the scores z (N, C, …) is at the target (N, …), for each of them.

    Among scores that aren't numbers none is the largest: such an answer isn't right, wherever argmax points.
    """
    right: Array = (z.argmax(axis=1) == target) & ~np.isnan(z.max(axis=1))
    return right


def confusion_matrix(target: Array, predicted: Array, classes: int) -> Array:
    """M[i, j] = how many examples of class i were taken for class j. Shape (classes, classes), int64.

    Its diagonal counts the right answers, its row sums the examples of each class.
    """
    matrix = np.zeros((classes, classes), dtype=np.int64)
    np.add.at(matrix, (target, predicted), 1)
    return matrix


@dataclass(frozen=True)
class Mistake:
    """Example `index` is a `target`, but the network said `predicted`, giving it `p_predicted` and the truth
    only `p_target`."""

    index: int
    target: int
    predicted: int
    p_predicted: float
    p_target: float


def worst_mistakes(evaluation: Evaluation, target: Array, most: int) -> tuple[Mistake, ...]:
    """The wrong answers that cost the greatest loss, the worst first; at most `most` of them."""
    lost = np.isnan(evaluation.losses)
    wrong = np.flatnonzero((evaluation.predicted != target) | lost)
    cost = np.where(lost, np.inf, evaluation.losses)
    order = wrong[np.argsort(-cost[wrong], kind="stable")][:most]
    return tuple(
        Mistake(
            index=int(i),
            target=int(target[i]),
            predicted=int(evaluation.predicted[i]),
            p_predicted=float(evaluation.p[i, evaluation.predicted[i]]),
            p_target=float(evaluation.p[i, target[i]]),
        )
        for i in order
    )


def layers_with_weights(params: Mapping[str, Array]) -> tuple[str, ...]:
    """The names of the layers that learn, in order: ``("conv1", "conv2", "linear")``."""
    return tuple(name.removesuffix(".weight") for name in params if name.endswith(".weight"))
