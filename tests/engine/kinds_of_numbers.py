"""The same numbers in every kind of array that NumPy has, and what may come of them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from engine.guard import InputError
from engine.types import Array, Shape

KINDS = ("uint8", "int64", "bool", "float16", "complex128", "object", "list")
every_kind = pytest.mark.parametrize("kind", KINDS)


def whole_numbers(rng: np.random.Generator, shape: Shape, kind: str) -> tuple[Any, Array]:
    """0, 1 and 2 (0 and 1 as truth values) in that kind, and the same numbers in float64."""
    numbers = rng.integers(0, 2 if kind == "bool" else 3, shape)
    if kind == "list":
        return numbers.tolist(), numbers.astype(np.float64)
    if kind == "complex128":
        return numbers + 1j, numbers.astype(np.float64)
    return numbers.astype(kind), numbers.astype(np.float64)


def refused_or_right(call: Callable[[], Any], expected: Callable[[], Any], kind: str) -> None:
    """Either a sentence that says what would work, or what float64 gives; of complex numbers always the sentence."""
    try:
        with np.errstate(all="ignore"):
            found = call()
    except InputError as error:
        says = str(error)
        assert "was given" in says
        assert "float32" in says or "real" in says
        assert {"list": "list", "object": "object"}.get(kind, kind) in says
        return
    assert kind != "complex128"
    np.testing.assert_equal(np.asarray(found).dtype.kind, "f")
    np.testing.assert_allclose(found, expected(), rtol=1e-6, atol=1e-7)
