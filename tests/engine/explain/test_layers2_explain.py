"""The terms of every number that the second storey's layers make: they add up, and stand where they say."""

import json
from collections.abc import Iterator
from dataclasses import asdict
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine import BackStep, Step
from engine.explain import rules
from engine.explain.terms import Terms, evaluate, forward_terms, input_grad_terms, param_grad_terms
from engine.layers.activation import Sigmoid
from engine.layers.norm import BatchNorm1d, BatchNorm2d
from engine.types import Layer, Shape
from tests.engine.cases import Case
from tests.engine.cases_layers2 import (
    BATCH_NORMS,
    BATCH_NORMS_IN_TESTING,
    HELD,
    PLAIN,
    UNPOOLED,
    WITHOUT_TWIN,
    Held,
    released,
)
from tests.engine.drawn_layers import Mode, one_step
from tests.engine.explain.test_every_layer_explained import explained
from tests.engine.layers.test_blocks import BLOCKS
from tests.engine.layers.test_layers2_twins import transposed_convolutions

BLOCK_CASES = [Case(*block) for block in BLOCKS]
HELD_TO_A_MODE = (*HELD, *BATCH_NORMS, *BATCH_NORMS_IN_TESTING)
MODES = [
    *((case, False) for case in (*PLAIN, *WITHOUT_TWIN, *BLOCK_CASES)),
    *((Case(released(case), case.shape), False) for case in UNPOOLED),
    *((case, True) for case in BLOCK_CASES[3:5]),
    *((Case(released(case), case.shape), case.layer.train) for case in HELD_TO_A_MODE if isinstance(case.layer, Held)),
]
"""Every later layer, in the mode or modes in which it does something of its own."""

every_layer = pytest.mark.parametrize(("case", "train"), MODES, ids=str)


def passes(case: Case, train: bool, dtype: Any = np.float64) -> tuple[Step, BackStep]:
    return one_step(case.layer, case.shape, Mode(2, train, seed=9), dtype)


def entries(step: Step, back: BackStep) -> Iterator[tuple[Terms, float]]:
    arrays = rules.factors(step, back)
    for _, rule, result in explained(step, back):
        for index in np.ndindex(*result.shape):
            yield evaluate(rule, arrays, result, index), result[index]


@every_layer
@pytest.mark.parametrize(("dtype", "tolerance"), [(np.float64, 1e-12), (np.float32, 1e-5)])
def test_the_terms_of_every_entry_add_up_to_it(case: Case, train: bool, dtype: Any, tolerance: float) -> None:
    for terms, value in entries(*passes(case, train, dtype)):
        assert terms.products.sum() + terms.bias == pytest.approx(value, rel=tolerance, abs=tolerance)


@every_layer
def test_each_factor_stands_where_its_record_says(case: Case, train: bool) -> None:
    step, back = passes(case, train)
    arrays = rules.factors(step, back)
    for terms, _ in entries(step, back):
        for name, values, places in (
            (terms.left_name, terms.left, terms.left_at),
            (terms.right_name, terms.right, terms.right_at),
        ):
            if name is not None:
                assert values.tolist() == [arrays[name][tuple(at)] if (at >= 0).all() else 0 for at in places]


@every_layer
def test_no_product_is_counted_twice(case: Case, train: bool) -> None:
    for terms, _ in entries(*passes(case, train)):
        inside = (terms.left_at >= 0).all(axis=1)
        places = np.concatenate([terms.left_at, terms.right_at], axis=1)[inside]
        assert len(np.unique(places, axis=0)) == len(places)


@every_layer
def test_a_rule_is_plain_data_that_fits_into_json(case: Case, train: bool) -> None:
    for _, rule, _ in explained(*passes(case, train)):
        assert json.loads(json.dumps(asdict(rule)))["terms"] == dict(rule.terms)


@given(transposed_convolutions(), st.integers(0, 2**32 - 1))
def test_terms_add_up_for_any_transposed_convolution(drawn: tuple[Layer, Shape], seed: int) -> None:
    for terms, value in entries(*one_step(*drawn, Mode(2, False, seed))):
        assert terms.products.sum() + terms.bias == pytest.approx(value, rel=1e-10, abs=1e-10)


def test_a_layer_that_is_no_sum_of_products_says_where_its_formula_is() -> None:
    step, _ = one_step(Sigmoid(), (3,), Mode(2, False, 0))
    with pytest.raises(NotImplementedError, match=r"Sigmoid.*engine/reference/__init__\.py"):
        forward_terms(step, (0, 0))


def test_batch_norm_hands_back_three_terms_its_own_and_two_for_the_statistics() -> None:
    # Numbers 1, 3 with eps 0: μ = 2, σ² = 1, x̂ = -1, 1. γ = 2 and dy = 5, 1, so dx̂ = 10, 2.
    # dx = 1/σ · (dx̂ - mean(dx̂) - x̂ · mean(dx̂ · x̂)): for the first 10 - 6 - (-1)·(-4) = 0.
    layer, x, dy = BatchNorm1d(1, eps=0.0), np.array([[1.0], [3.0]]), np.array([[5.0], [1.0]])
    params = layer.init(np.random.default_rng(0), dtype=np.float64) | {"weight": np.array([2.0])}
    y, cache = layer.forward(params, x, train=True)
    dx, grads = layer.backward(params, cache, dy)
    step, back = Step("bn", layer, params, x, y, cache), BackStep("bn", dy, dx, grads)

    terms = input_grad_terms(step, back, (0, 0))
    assert terms.products.tolist() == [10, -6, -4]
    # dL/dy = 5 through γ/σ = 2; dL/dμ = -Σ dx̂ = -12 through 1/2; dL/dσ² = -½·(10·(-1) + 2·1) = 4 through 2·(-1)/2.
    assert (terms.left.tolist(), terms.right.tolist()) == ([5, -12, 4], [2, 0.5, -1])
    assert forward_terms(step, (1, 0)).products.tolist() == [(3 - 2) * 2]
    assert param_grad_terms(step, back, "weight", (0,)).products.tolist() == [5 * -1, 1 * 1]


def test_batch_norm_in_testing_gives_the_statistics_no_gradient() -> None:
    step, back = one_step(BatchNorm2d(2), (2, 2, 2), Mode(2, False, 0))
    terms = input_grad_terms(step, back, (1, 0, 1, 1))
    assert terms.products[0] == pytest.approx(back.dx[1, 0, 1, 1], rel=1e-12)
    assert not terms.products[1:].any()


def test_a_weight_inside_a_block_is_explained_by_its_own_layers_rule() -> None:
    block, shape = BLOCKS[3]
    step, back = one_step(block, shape, Mode(2, True, 0))
    terms = param_grad_terms(step, back, "body.conv2.weight", (1, 0, 2, 0))
    assert (terms.left_name, terms.right_name) == ("body.conv2.x", "body.conv2.dy")
    assert terms.products.sum() == pytest.approx(back.grads["body.conv2.weight"][1, 0, 2, 0], rel=1e-12)
