"""The terms of every number that the second storey's layers make: they add up, and stand where they say."""

import json
from collections.abc import Iterator
from dataclasses import asdict
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine import BackStep, Step, rules
from engine.explain import Terms, evaluate, forward_terms, input_grad_terms
from engine.layers.activation import ELU, Sigmoid, Softplus, Tanh
from engine.layers.activation_across import Softmax
from engine.layers.local_response import LocalResponseNorm
from engine.layers.norm_example import GroupNorm, InstanceNorm2d, LayerNorm
from engine.layers.weight_norm import WeightNorm
from engine.types import Array, Layer, Shape
from tests.engine.cases import Case, random_params, separated
from tests.engine.cases_layers2 import HELD, PLAIN, WITHOUT_TWIN, released
from tests.engine.test_layers2_twins import transposed_convolutions

CURVED = (Sigmoid, Tanh, Softplus, ELU)
"""y isn't made of products; dx is."""
NO_PRODUCTS = (Softmax, LayerNorm, GroupNorm, InstanceNorm2d, LocalResponseNorm)
"""Every number depends on every other through a shared denominator."""

EXPLAINED = [case for case in PLAIN + WITHOUT_TWIN if not isinstance(case.layer, NO_PRODUCTS)]
DRAWN = [Case(released(case), case.shape) for case in HELD]
every_layer = pytest.mark.parametrize(
    ("case", "train"), [(case, False) for case in EXPLAINED] + [(case, True) for case in DRAWN], ids=str
)


def one_step(layer: Layer, shape: Shape, train: bool, dtype: Any = np.float64, seed: int = 9) -> tuple[Step, BackStep]:
    rng = np.random.default_rng(seed)
    params = random_params(layer, rng, dtype)
    x = separated(rng, (2, *shape), dtype)
    y, cache = layer.forward(params, x, train=train, rng=rng)
    dy = rng.standard_normal(y.shape).astype(dtype)
    dx, grads = layer.backward(params, cache, dy)
    return Step("layer", layer, params, x, y, cache), BackStep("layer", dy, dx, grads)


def everything(step: Step, back: BackStep) -> Iterator[tuple[rules.Rule, Array]]:
    """Each rule and the array whose entries it explains."""
    shapes = step.x.shape, step.y.shape
    if not isinstance(step.layer, CURVED):
        yield rules.forward_rule(step.layer, *shapes), step.y
    yield rules.input_rule(step.layer, *shapes), back.dx
    found = rules.param_rules(step.layer, *shapes)
    own = {"weight_v", "weight_g"} if isinstance(step.layer, WeightNorm) else set()
    assert found.keys() == back.grads.keys() - own
    for name, rule in found.items():
        yield rule, back.grads[name]


def entries(step: Step, back: BackStep) -> Iterator[tuple[Terms, float]]:
    arrays = rules.factors(step, back)
    for rule, result in everything(step, back):
        for index in np.ndindex(*result.shape):
            yield evaluate(rule, arrays, result, index), result[index]


@every_layer
@pytest.mark.parametrize(("dtype", "tolerance"), [(np.float64, 1e-12), (np.float32, 1e-5)])
def test_the_terms_of_every_entry_add_up_to_it(case: Case, train: bool, dtype: Any, tolerance: float) -> None:
    for terms, value in entries(*one_step(case.layer, case.shape, train, dtype)):
        assert terms.products.sum() + terms.bias == pytest.approx(value, rel=tolerance, abs=tolerance)


@every_layer
def test_each_factor_stands_where_its_record_says(case: Case, train: bool) -> None:
    step, back = one_step(case.layer, case.shape, train)
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
    for terms, _ in entries(*one_step(case.layer, case.shape, train)):
        inside = (terms.left_at >= 0).all(axis=1)
        places = np.concatenate([terms.left_at, terms.right_at], axis=1)[inside]
        assert len(np.unique(places, axis=0)) == len(places)


@every_layer
def test_a_rule_is_plain_data_that_fits_into_json(case: Case, train: bool) -> None:
    for rule, _ in everything(*one_step(case.layer, case.shape, train)):
        assert json.loads(json.dumps(asdict(rule)))["terms"] == dict(rule.terms)


@given(transposed_convolutions(), st.integers(0, 2**32 - 1))
def test_terms_add_up_for_any_transposed_convolution(drawn: tuple[Layer, Shape], seed: int) -> None:
    for terms, value in entries(*one_step(*drawn, train=False, seed=seed)):
        assert terms.products.sum() + terms.bias == pytest.approx(value, rel=1e-10, abs=1e-10)


def test_a_layer_that_is_no_sum_of_products_says_that_it_has_no_rule() -> None:
    step, _ = one_step(Sigmoid(), (3,), train=False)
    with pytest.raises(NotImplementedError, match="Sigmoid"):
        forward_terms(step, (0, 0))
    step, back = one_step(Softmax(), (3,), train=False)
    with pytest.raises(NotImplementedError, match="Softmax"):
        input_grad_terms(step, back, (0, 0))
