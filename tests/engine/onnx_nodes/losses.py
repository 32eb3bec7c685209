"""Losses: their value, and the log-probabilities that ONNX hands on beside it."""

import numpy as np

from engine import CrossEntropyLoss, log_softmax
from engine.types import Array
from tests.engine.onnx_nodes.node import Case, NotExpressible


def softmax_cross_entropy(case: Case) -> list[Array]:
    z, target, weight = case.x, case.given(1), case.optional(2)
    if z.ndim != 2:
        raise NotExpressible("a class for each place of a map: not yet")
    if "ignore_index" in case.attributes:
        raise NotExpressible("ignore_index: not yet")
    how = case.word("reduction", "mean")
    loss = CrossEntropyLoss(weight=None if weight is None else tuple(weight), reduction=how)  # type: ignore[arg-type]
    return [np.asarray(loss.forward(z, target)[0]), log_softmax(z)]
