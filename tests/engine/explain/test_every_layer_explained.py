"""Every layer of the engine has rules and loops, and both give the very numbers that the layer gives."""

from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import engine.layers
from engine.explain import rules
from engine.explain.terms import evaluate
from engine.layers import CELU, ELU, SELU, Sigmoid, Softplus, Softsign, Tanh
from engine.trace import BackStep, Step
from engine.types import Array
from tests.engine.cases import LOOPS as PLAIN_LOOPS
from tests.engine.cases import Passes
from tests.engine.drawn_layers import LAYERS, Mode, modes, one_step
from tests.engine.loops import LOOPS, by_loops

NO_SUM_OF_PRODUCTS = frozenset({Sigmoid, Tanh, Softplus, ELU, SELU, CELU, Softsign})
"""y is a curve of one number, made of no products: the loop says how. The gradients have their rules."""

EXPORTED = [kind for name in engine.layers.__all__ if isinstance(kind := getattr(engine.layers, name), type)]
every_layer = pytest.mark.parametrize("kind", EXPORTED, ids=lambda kind: kind.__name__)


def has_rule(rule: Any, kind: type) -> bool:
    """Whether anything but the fallback, which raises, answers for this kind of layer."""
    return rule.dispatch(kind) is not rule.dispatch(object)


@every_layer
def test_a_layer_has_rules_of_its_value_and_its_gradient_and_loops(kind: type) -> None:
    assert has_rule(rules.forward_rule, kind) != (kind in NO_SUM_OF_PRODUCTS)
    assert has_rule(rules.input_rule, kind)
    assert kind in LOOPS or kind in PLAIN_LOOPS
    assert kind in LAYERS, "nothing is drawn for it, so nothing below holds it to its rules and loops"


def explained(step: Step, back: BackStep) -> Iterator[tuple[str, rules.Rule, Array]]:
    """Each array that the layer made, and its rule."""
    x, y = step.x.shape, step.y.shape
    if type(step.layer) not in NO_SUM_OF_PRODUCTS:
        yield "y", rules.forward_rule(step.layer, x, y), step.y
    yield "dx", rules.input_rule(step.layer, x, y), back.dx
    found = rules.param_rules(step.layer, x, y)
    assert found.keys() == back.grads.keys()
    for name, rule in found.items():
        yield name, rule, back.grads[name]


@every_layer
@settings(max_examples=25)
@given(st.data(), modes)
def test_the_terms_of_every_entry_add_up_to_it(kind: type, data: st.DataObject, mode: Mode) -> None:
    step, back = one_step(*data.draw(LAYERS[kind]), mode)
    arrays = rules.factors(step, back)
    for name, rule, result in explained(step, back):
        for index in np.ndindex(*result.shape):
            terms = evaluate(rule, arrays, result, index)
            total = terms.products.sum() + terms.bias
            assert total == pytest.approx(result[index], rel=1e-10, abs=1e-10), f"{name}[{index}] of {step.layer}"


@every_layer
@settings(max_examples=25)
@given(st.data(), modes)
def test_both_passes_agree_with_the_loops(kind: type, data: st.DataObject, mode: Mode) -> None:
    step, back = one_step(*data.draw(LAYERS[kind]), mode)
    expected = by_loops(step.layer, step.params, step.x, back.dy, step.cache)
    given = Passes(step.y, back.dx, dict(back.grads))
    assert given.grads.keys() == expected.grads.keys()
    for name, ours, theirs in (
        ("y", given.y, expected.y),
        ("dx", given.dx, expected.dx),
        *((name, given.grads[name], expected.grads[name]) for name in given.grads),
    ):
        assert ours.shape == theirs.shape
        np.testing.assert_allclose(ours, theirs, rtol=1e-10, atol=1e-10, err_msg=f"{name} of {step.layer}")


@pytest.mark.parametrize("rule", [rules.forward_rule, rules.input_rule], ids=["forward", "input"])
def test_a_layer_of_ones_own_without_rules_is_told_where_they_are_written(rule: Any) -> None:
    with pytest.raises(NotImplementedError, match=r"object.*engine/explain/rules\.py"):
        rule(object(), (1, 2), (1, 2))
