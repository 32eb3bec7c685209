"""ONNX's own tests of single operators, as the package makes them: code and random numbers, no file and no network."""

import warnings
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

import numpy as np

from engine import Network
from engine.types import Array, Layer, Params


class NotExpressible(Exception):
    """The engine has nothing that does this; the words say why."""


@dataclass(frozen=True)
class Case:
    """One test: the operator with its attributes, and arrays by position, None where an optional one is left out."""

    name: str
    operator: str
    attributes: dict[str, Any]
    inputs: tuple[Array | None, ...]
    outputs: tuple[Array | None, ...]
    rtol: float
    atol: float

    def given(self, position: int) -> Array:
        """An input that has to be there."""
        array = self.inputs[position]
        assert array is not None, f"{self.name} has no input {position}"
        return array

    def optional(self, position: int) -> Array | None:
        """An input that may be left out."""
        return self.inputs[position] if position < len(self.inputs) else None

    @property
    def x(self) -> Array:
        """The first input, in float32 or float64."""
        x = self.given(0)
        if x.dtype not in (np.float32, np.float64):
            raise NotExpressible(_kind(x))
        return x

    @property
    def moved(self) -> Array:
        """The first input where numbers are only moved or compared: float64 holds whole numbers exactly."""
        x = self.given(0)
        return x.astype(np.float64) if x.dtype.kind in "iu" else self.x

    @property
    def image(self) -> Array:
        """The first input, if it is (N, C, H, W)."""
        return two_dimensional(self.x)

    def number(self, name: str, default: float) -> float:
        """An attribute that is one number."""
        return float(self.attributes.get(name, default))

    def word(self, name: str, default: str) -> str:
        """An attribute that is a word."""
        value = self.attributes.get(name, default)
        return value.decode() if isinstance(value, bytes) else str(value)


def two_dimensional(x: Array) -> Array:
    """x itself; the engine's maps have a height and a width."""
    if x.ndim != 4:
        raise NotExpressible(f"{x.ndim - 2}-dimensional maps")
    return x


def _kind(x: Array) -> str:
    return "whole numbers" if x.dtype.kind in "iu" else f"numbers in {x.dtype}"


@cache
def every_case() -> dict[str, tuple[Case, ...]]:
    """All cases by operator. Those that ONNX takes apart into other operators ("_expanded") say the same once more."""
    from onnx.backend.test.case.node import collect_testcases

    with warnings.catch_warnings():
        # Some cases of reductions and casts overflow on purpose, while they are made.
        warnings.simplefilter("ignore", RuntimeWarning)
        found = collect_testcases()
    cases: dict[str, list[Case]] = {}
    for test in found:
        if test.model is not None and "_expanded" not in test.name:
            made = _case(test)
            cases.setdefault(made.operator, []).append(made)
    return {operator: tuple(own) for operator, own in cases.items()}


def _case(test: Any) -> Case:
    from onnx.helper import get_attribute_value

    (node,) = test.model.graph.node
    inputs, outputs = test.data_sets[0]
    return Case(
        test.name,
        node.op_type,
        {attribute.name: get_attribute_value(attribute) for attribute in node.attribute},
        _by_position(node.input, inputs),
        _by_position(node.output, outputs),
        test.rtol,
        test.atol,
    )


def _by_position(names: Sequence[str], arrays: Sequence[Array]) -> tuple[Array | None, ...]:
    left = iter(arrays)
    return tuple(next(left) if name else None for name in names)


def through(x: Array, *layers: Layer, params: Params | None = None, train: bool = False) -> Array:
    """What a network of these layers makes of a batch x. ``params`` are those of the only layer that has any."""
    row = tuple((f"l{number}", layer) for number, layer in enumerate(layers))
    of_one = next((name for name, layer in row if layer.init(np.random.default_rng(0))), "")
    held = {f"{of_one}.{name}": value.astype(x.dtype) for name, value in (params or {}).items()}
    rng = np.random.default_rng(0) if train else None
    return Network(row, held, x.shape[1:]).forward(x, train=train, rng=rng).y


def one_example(x: Array, *layers: Layer, params: Params | None = None) -> Array:
    """The same where ONNX's array has no batch: it is the only example of one."""
    return through(x[None], *layers, params=params)[0]
