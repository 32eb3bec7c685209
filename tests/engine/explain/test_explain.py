"""For every number of every layer, forwards and backwards: its terms add up to it, and stand where they say."""

import json
from collections.abc import Iterator
from dataclasses import asdict, dataclass, replace
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine import BackStep, Conv2d, Network, Step
from engine.explain import rules
from engine.explain.terms import Terms, forward_terms, input_grad_terms, param_grad_terms
from engine.types import Array, Layer, Params, Shape
from tests.engine.cases import CASES, Case, random_params, separated
from tests.engine.networks import small_network, stripes
from tests.engine.strategies import avg_pools, convolutions, max_pools

BATCH = 2
BY_HAND = Case(Conv2d(1, 1, (1, 2)), (1, 1, 2))
every_layer = pytest.mark.parametrize("case", CASES, ids=str)


def one_step(layer: Layer, shape: Shape, dtype: Any = np.float64, seed: int = 9) -> tuple[Step, BackStep]:
    """One layer's forward and backward pass, as a network of that layer records them."""
    rng = np.random.default_rng(seed)
    params = random_params(layer, rng, dtype)
    network = Network((("layer", layer),), {f"layer.{key}": value for key, value in params.items()}, shape)
    trace = network.forward(separated(rng, (BATCH, *shape), dtype))
    back = network.backward(trace, rng.standard_normal(trace.y.shape).astype(dtype))
    return trace["layer"], back["layer"]


@dataclass(frozen=True)
class Explained:
    """An array and the terms of each of its entries."""

    array: Array
    terms: dict[tuple[int, ...], Terms]


def everything(step: Step, back: BackStep) -> Iterator[Explained]:
    """All entries of y, of dx and of each parameter's gradient."""

    def explained(array: Array, terms: Any) -> Explained:
        return Explained(array, {index: terms(index) for index in np.ndindex(*array.shape)})

    yield explained(step.y, lambda index: forward_terms(step, index))
    yield explained(back.dx, lambda index: input_grad_terms(step, back, index))
    for name, grad in back.grads.items():
        yield explained(grad, lambda index, name=name: param_grad_terms(step, back, name, index))


def terms_add_up(step: Step, back: BackStep, tolerance: float) -> None:
    for explained in everything(step, back):
        given = {index: terms.products.sum() + terms.bias for index, terms in explained.terms.items()}
        for index, value in given.items():
            assert value == pytest.approx(explained.array[index], rel=tolerance, abs=tolerance)
            assert explained.terms[index].value == explained.array[index]


@every_layer
@pytest.mark.parametrize(("dtype", "tolerance"), [(np.float64, 1e-12), (np.float32, 1e-5)])
def test_the_terms_of_every_entry_add_up_to_it(case: Case, dtype: Any, tolerance: float) -> None:
    terms_add_up(*one_step(case.layer, case.shape, dtype), tolerance)


def read_again(arrays: Params, name: str, at: Array) -> Array:
    """The numbers at the places that a record names, 0 for padding."""
    values = [arrays[name][tuple(place)] if (place >= 0).all() else 0 for place in at]
    return np.array(values, dtype=arrays[name].dtype)


@every_layer
def test_each_factor_stands_where_its_record_says(case: Case) -> None:
    step, back = one_step(case.layer, case.shape)
    arrays = rules.factors(step, back)
    for explained in everything(step, back):
        for terms in explained.terms.values():
            assert np.array_equal(terms.left, read_again(arrays, terms.left_name, terms.left_at))
            if terms.right_name is None:
                assert (terms.right == 1).all()
            else:
                assert np.array_equal(terms.right, read_again(arrays, terms.right_name, terms.right_at))


@every_layer
def test_no_product_is_counted_twice(case: Case) -> None:
    for explained in everything(*one_step(case.layer, case.shape)):
        for terms in explained.terms.values():
            inside = (terms.left_at >= 0).all(axis=1)
            places = np.concatenate([terms.left_at, terms.right_at], axis=1)[inside]
            assert len(np.unique(places, axis=0)) == len(places)


@given(st.one_of(convolutions(), max_pools(), avg_pools()), st.integers(0, 2**32 - 1))
def test_terms_add_up_for_any_geometry(drawn: tuple[Layer, Shape], seed: int) -> None:
    terms_add_up(*one_step(*drawn, seed=seed), tolerance=1e-10)


def test_a_hand_calculation() -> None:
    # A 1×2 input (3, 5), a 1×2 kernel (2, -1), bias 10, upstream gradient 7.
    step, back = one_step(BY_HAND.layer, BY_HAND.shape)
    params = {"weight": np.array([[[[2.0, -1.0]]]]), "bias": np.array([10.0])}
    x, dy = np.array([[[[3.0, 5.0]]]]), np.array([[[[7.0]]]])
    y, cache = step.layer.forward(params, x)
    dx, grads = step.layer.backward(params, cache, dy)
    step, back = replace(step, params=params, x=x, y=y, cache=cache), replace(back, dy=dy, dx=dx, grads=grads)

    terms = forward_terms(step, (0, 0, 0, 0))
    assert (terms.left.tolist(), terms.right.tolist(), terms.bias) == ([3, 5], [2, -1], 10)
    assert terms.value == 3 * 2 + 5 * -1 + 10
    assert terms.left_at.tolist() == terms.right_at.tolist() == [[0, 0, 0, 0], [0, 0, 0, 1]]
    assert input_grad_terms(step, back, (0, 0, 0, 1)).value == 7 * -1
    assert param_grad_terms(step, back, "weight", (0, 0, 0, 0)).value == 3 * 7
    assert param_grad_terms(step, back, "bias", (0,)).value == 7


def test_an_inner_cell_of_a_convolution_has_one_term_for_each_weight_it_reads() -> None:
    step = small_network().forward(stripes(1)[0])["conv2"]
    terms = forward_terms(step, (0, 0, 1, 1))
    assert len(terms.left) == 3 * 3 * 3
    assert (terms.left_at >= 0).all()
    corner = forward_terms(step, (0, 0, 0, 0))
    assert (corner.left_at[:, 0] >= 0).sum() == 3 * 2 * 2, "five of nine cells per channel lie on the padding"


def test_the_terms_of_a_whole_network_add_up_at_every_step() -> None:
    network = small_network(dtype=np.float64)
    trace = network.forward(stripes(2, dtype=np.float64)[0])
    back = network.backward(trace, np.random.default_rng(0).standard_normal(trace.y.shape))
    for step in trace:
        terms_add_up(step, back[step.name], tolerance=1e-12)


@every_layer
def test_a_rule_is_plain_data_that_fits_into_json(case: Case) -> None:
    step, _ = one_step(case.layer, case.shape)
    found = [
        rules.forward_rule(case.layer, step.x.shape, step.y.shape),
        rules.input_rule(case.layer, step.x.shape, step.y.shape),
        *rules.param_rules(case.layer, step.x.shape, step.y.shape).values(),
    ]
    for rule in found:
        assert json.loads(json.dumps(asdict(rule)))["result"] == dict(rule.result)


@pytest.mark.parametrize("index", [(0, 0, 0), (0, 0, 6, 0), (0, 0, -1, 0), (2, 0, 0, 0), ()], ids=str)
def test_a_place_that_is_not_there_is_named(index: tuple[int, ...]) -> None:
    step = small_network().forward(stripes(2)[0])["conv1"]
    with pytest.raises(IndexError, match=r"\(2, 3, 6, 6\)"):
        forward_terms(step, index)


def test_an_unknown_parameter_is_answered_with_the_known_ones() -> None:
    step, back = one_step(BY_HAND.layer, BY_HAND.shape)
    with pytest.raises(KeyError, match=r"gamma.*weight, bias"):
        param_grad_terms(step, back, "gamma", (0,))
