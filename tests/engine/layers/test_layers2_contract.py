"""The contract of test_layer_contract.py, held against the second storey's layers."""

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
import torch

from engine.layers.conv_variants import ConvTranspose2d, LocallyConnected2d
from engine.layers.weight_norm import WeightNorm
from tests.engine.cases import Case, engine_passes
from tests.engine.cases_layers2 import (
    BATCH_NORMS,
    BATCH_NORMS_IN_TESTING,
    HELD,
    PLAIN,
    UNPOOLED,
    WITHOUT_TWIN,
    released,
    torch_twin,
    torch_twin_passes,
)
from tests.engine.layers import test_layer_contract as contract

ALONE = (*PLAIN, *WITHOUT_TWIN, *UNPOOLED, *BATCH_NORMS_IN_TESTING)
EVERY = (*ALONE, *HELD, *BATCH_NORMS)
TWINS = (*PLAIN, *UNPOOLED, *BATCH_NORMS, *BATCH_NORMS_IN_TESTING)

CHECKS = (
    contract.test_the_declared_shape_is_the_actual_shape,
    contract.test_the_input_gradient_agrees_with_central_differences,
    contract.test_the_parameter_gradients_agree_with_central_differences,
    contract.test_arguments_stay_as_they_were,
    contract.test_another_forward_leaves_a_pending_backward_alone,
    contract.test_memory_order_makes_no_difference,
    contract.test_specs_parameters_and_caches_pickle,
    contract.test_a_spec_is_frozen_hashable_and_a_layer,
)


@pytest.mark.parametrize("check", CHECKS, ids=lambda check: check.__name__.removeprefix("test_"))
@pytest.mark.parametrize("case", EVERY, ids=str)
def test_the_contract_holds(case: Case, check: Callable[[Case], None]) -> None:
    check(case)


@pytest.mark.parametrize("case", ALONE, ids=str)
def test_examples_of_a_batch_keep_to_themselves(case: Case) -> None:
    contract.test_examples_of_a_batch_keep_to_themselves(case)


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
@pytest.mark.parametrize("case", EVERY, ids=str)
def test_a_dtype_stays_itself(case: Case, dtype: Any) -> None:
    contract.test_a_dtype_stays_itself(case, dtype)


@pytest.mark.parametrize(("dtype", "tolerance"), [(np.float64, 1e-10), (np.float32, 1e-4)])
@pytest.mark.parametrize("case", TWINS, ids=str)
def test_both_passes_agree_with_pytorch(case: Case, dtype: Any, tolerance: float) -> None:
    params, x, dy = contract.setup(case, dtype)
    given = engine_passes(case.layer, params, x, dy)
    assert given.worst_error(torch_twin_passes(case.layer, params, x, dy)) <= tolerance


@pytest.mark.parametrize("case", TWINS, ids=str)
def test_fresh_parameters_are_named_shaped_and_filled_as_pytorchs(case: Case) -> None:
    fresh = released(case).init(np.random.default_rng(0))
    twin = torch_twin(case.layer).state_dict()
    assert {name: value.shape for name, value in fresh.items()} == {name: tuple(v.shape) for name, v in twin.items()}
    if type(released(case)).__name__ != "ConvTranspose2d":
        assert all(torch.equal(torch.from_numpy(np.array(fresh[name])), twin[name]) for name in fresh)


DRAWN = [
    case for case in PLAIN + WITHOUT_TWIN if isinstance(case.layer, ConvTranspose2d | LocallyConnected2d | WeightNorm)
]


@pytest.mark.parametrize("case", DRAWN, ids=str)
def test_fresh_weights_are_the_seeds(case: Case) -> None:
    first, second, other = (case.layer.init(np.random.default_rng(seed)) for seed in (3, 3, 4))
    assert contract.same_bits(first, second)
    assert not contract.same_bits(first, other)


@pytest.mark.parametrize("case", HELD, ids=str)
def test_a_layer_that_draws_says_so_where_it_has_no_generator(case: Case) -> None:
    layer = released(case)
    with pytest.raises(ValueError, match=r"draws at random in training.*default_rng"):
        layer.forward(layer.init(np.random.default_rng(0)), np.ones((1, *case.shape)), train=True)
