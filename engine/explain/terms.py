"""One chosen number, and the very products that make it, forwards or backwards."""

from __future__ import annotations

from dataclasses import dataclass
from math import prod

import numpy as np

from engine.explain import rules
from engine.network import BackStep, Step
from engine.types import Array

Index = tuple[int, ...]


@dataclass(frozen=True)
class Terms:
    """value = Σ left · right + bias, and where each factor stands.

    ``left`` and ``right`` (T,) are the factors of the T terms, in reading order. ``left_at`` and ``right_at`` are
    their places in the arrays called ``left_name`` and ``right_name``: one row of indices a term, all -1 for
    padding. A term whose place doesn't exist has the factor 0. Without a right array its factors are 1.
    """

    left_name: str
    right_name: str | None
    left: Array
    right: Array
    left_at: Array
    right_at: Array
    bias: float
    value: float

    @property
    def products(self) -> Array:
        """left · right, term by term."""
        return self.left * self.right


def forward_terms(step: Step, index: Index) -> Terms:
    """The terms of ``step.y[index]``."""
    rule = rules.forward_rule(step.layer, step.x.shape, step.y.shape)
    return evaluate(rule, rules.factors(step), step.y, index)


def input_grad_terms(step: Step, back: BackStep, index: Index) -> Terms:
    """The terms of ``back.dx[index]``: every way by which this input moved the loss."""
    rule = rules.input_rule(step.layer, step.x.shape, step.y.shape)
    return evaluate(rule, rules.factors(step, back), back.dx, index)


def param_grad_terms(step: Step, back: BackStep, name: str, index: Index) -> Terms:
    """The terms of ``back.grads[name][index]``: every place where this parameter was used."""
    found = rules.param_rules(step.layer, step.x.shape, step.y.shape)
    if name not in found:
        raise KeyError(f"{step.name} has no parameter {name!r}; it has {', '.join(found) or 'none'}.")
    return evaluate(found[name], rules.factors(step, back), back.grads[name], index)


def evaluate(rule: rules.Rule, arrays: dict[str, Array], result: Array, index: Index) -> Terms:
    """The terms of ``result[index]`` under a rule. Raises IndexError for a place that the result doesn't have."""
    if len(index) != result.ndim or any(not 0 <= i < size for i, size in zip(index, result.shape, strict=True)):
        raise IndexError(f"There is no entry {tuple(index)} in an array of shape {result.shape}.")
    at = np.unravel_index(np.ravel_multi_index(index, result.shape), tuple(rule.result.values()))
    grid = np.indices(tuple(rule.terms.values())).reshape(len(rule.terms), -1) if rule.terms else np.zeros((0, 1))
    indices = dict(zip(rule.result, map(np.asarray, at), strict=True)) | dict(
        zip(rule.terms, grid.astype(np.intp), strict=True)
    )
    count = prod(rule.terms.values())
    left, left_at = _read(rule.left, arrays, indices, count)
    if rule.right is None:
        right, right_at = np.ones_like(left), np.full((count, 0), -1)
    else:
        right, right_at = _read(rule.right, arrays, indices, count)
    bias = _read(rule.bias, arrays, indices, 1)[0][0] if rule.bias else 0.0
    return Terms(
        rule.left.array,
        rule.right.array if rule.right else None,
        left,
        right,
        left_at,
        right_at,
        float(bias),
        float(result[index]),
    )


def _read(read: rules.Read, arrays: dict[str, Array], indices: dict[str, Array], count: int) -> tuple[Array, Array]:
    """The factors of all terms and their places in the array's own shape."""
    array = arrays[read.array]
    flat = np.broadcast_to(rules.places(read, indices), (count,))
    inside = flat >= 0
    values = np.where(inside, array.reshape(-1)[np.maximum(flat, 0)], array.dtype.type(0))
    places = np.stack(np.unravel_index(np.maximum(flat, 0), array.shape), axis=1)
    return values, np.where(inside[:, None], places, -1)
