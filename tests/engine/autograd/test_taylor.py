"""A formula in one variable: its values in the type that it is given, and its first three derivatives, exactly."""

from __future__ import annotations

import numpy as np
import pytest

from engine.autograd.expression import OPERATIONS, outline, parse
from engine.autograd.taylor import VALUES, derivatives, evaluate

FORMULAS = ("x**3", "sigmoid(x)", "1/x", "exp(x) / (1 + x**2)", "tanh(x) * log(x)", "x**2.5 - x**-2", "2**x",
            "max(x, 1 - x) * relu(x)", "-x + 3 / (x - 7)")  # fmt: skip


def test_every_operation_of_a_formula_has_its_values_and_its_series() -> None:
    assert set(VALUES) == set(OPERATIONS)


@pytest.mark.parametrize("formula", FORMULAS)
def test_a_formula_s_value_and_slope_are_the_graph_s(formula: str) -> None:
    for x in (0.3, 1.7, 4.0):
        graph = parse(formula, {"x": x})
        assert evaluate(outline(formula), np.array([x]))[0] == pytest.approx(graph.value, rel=1e-12)
        assert derivatives(outline(formula), x)[0] == pytest.approx(graph.grads["x"], rel=1e-11, abs=1e-13)


@pytest.mark.parametrize(
    ("formula", "x", "wanted"),
    [
        ("x**3", 2.0, (12.0, 12.0, 6.0)),
        ("x**4 / 24", 3.0, (4.5, 4.5, 3.0)),
        ("1/x", 0.5, (-4.0, 16.0, -96.0)),
        ("exp(2*x)", 0.0, (2.0, 4.0, 8.0)),
        ("log(x)", 2.0, (0.5, -0.25, 0.25)),
        # σ' = 1/4, σ'' = 0, σ''' = -1/8 at 0; tanh' = 1, tanh'' = 0, tanh''' = -2.
        ("sigmoid(x)", 0.0, (0.25, 0.0, -0.125)),
        ("tanh(x)", 0.0, (1.0, 0.0, -2.0)),
        ("relu(x) + max(x, 5)", 2.0, (1.0, 0.0, 0.0)),
    ],
)
def test_the_first_three_derivatives_are_exact(formula: str, x: float, wanted: tuple[float, float, float]) -> None:
    assert derivatives(outline(formula), x) == pytest.approx(wanted, rel=1e-13, abs=1e-15)


def test_a_formula_is_computed_in_the_type_that_it_is_given() -> None:
    for dtype in ("float64", "float32"):
        values = evaluate(outline("exp(x) / 3 + sigmoid(x) - relu(x)"), np.array([0.1, 0.7], dtype))
        assert values.dtype == dtype
    assert evaluate(outline("1/3 + 0*x"), np.array([1], np.float32))[0] == np.float32(1) / np.float32(3)
