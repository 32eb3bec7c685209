"""Losses: their value, and the log-probabilities that ONNX hands on beside it."""

from typing import Any

import numpy as np

from engine import CrossEntropyLoss, NLLLoss, log_softmax
from engine.types import Array
from tests.engine.onnx_nodes.node import Case


def softmax_cross_entropy(case: Case) -> list[Array]:
    return [_value(CrossEntropyLoss, case), log_softmax(case.x)]


def negative_log_likelihood(case: Case) -> list[Array]:
    return [_value(NLLLoss, case)]


def _value(kind: Any, case: Case) -> Array:
    """Class numbers for each example or place; without an ``ignore_index`` every one of them counts."""
    weight = case.optional(2)
    loss = kind(
        None if weight is None else tuple(weight),
        ignore_index=case.attributes.get("ignore_index", -100),
        reduction=case.word("reduction", "mean"),
    )
    return np.asarray(loss.forward(case.x, case.given(1))[0])
