"""Mean, sum and none, each with an upstream gradient, against PyTorch on drawn configurations."""

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from torch.nn import functional

from engine.losses import (
    BCELoss,
    BCEWithLogitsLoss,
    CrossEntropyLoss,
    HuberLoss,
    KLDivLoss,
    L1Loss,
    MSELoss,
    MultiMarginLoss,
    NLLLoss,
    SmoothL1Loss,
    log_softmax,
    sigmoid,
)
from engine.types import Array, ShapeError

Twin = Callable[[torch.Tensor, torch.Tensor], torch.Tensor]
REDUCED = (
    *(BCELoss, BCEWithLogitsLoss, CrossEntropyLoss, HuberLoss, KLDivLoss),
    *(L1Loss, MSELoss, MultiMarginLoss, NLLLoss, SmoothL1Loss),
)
every_reduced_loss = pytest.mark.parametrize("kind", REDUCED)


def pair(
    kind: type, reduction: str, rng: np.random.Generator, shape: tuple[int, int], dtype: Any
) -> tuple[Any, Twin, Array, Array]:
    """A loss with drawn settings in both engines, an input and a target."""
    z = rng.normal(0, rng.choice([0.1, 1.0, 5.0]), shape).astype(dtype)
    classes = rng.integers(0, shape[1], shape[0])
    shares = rng.dirichlet(np.ones(shape[1]), shape[0]).astype(dtype)
    weight = rng.uniform(0.1, 3, shape[1]) if rng.random() < 0.5 else None
    tensor = None if weight is None else torch.from_numpy(weight.astype(dtype))
    knob, p = float(rng.uniform(0.1, 0.9)), int(rng.integers(1, 3))
    settings: Any = {"reduction": reduction}
    if kind is CrossEntropyLoss:
        smoothing, target = knob * int(rng.integers(0, 2)), classes if rng.random() < 0.5 else shares

        def cross_entropy(x: torch.Tensor, y: torch.Tensor) -> torch.Tensor:
            return functional.cross_entropy(x, y, weight=tensor, label_smoothing=smoothing, **settings)

        return CrossEntropyLoss(weight, label_smoothing=smoothing, **settings), cross_entropy, z, target
    if kind is NLLLoss:
        return NLLLoss(weight, **settings), torch.nn.NLLLoss(tensor, **settings), log_softmax(z), classes
    if kind is BCELoss:
        return BCELoss(weight, **settings), torch.nn.BCELoss(tensor, **settings), sigmoid(z), shares
    if kind is BCEWithLogitsLoss:
        other = None if rng.random() < 0.5 else rng.uniform(0.1, 3, shape[1])
        factors = None if other is None else torch.from_numpy(other.astype(dtype))
        twin = torch.nn.BCEWithLogitsLoss(tensor, pos_weight=factors, **settings)
        return BCEWithLogitsLoss(weight, pos_weight=other, **settings), twin, z, shares
    if kind is MultiMarginLoss:
        return MultiMarginLoss(p, knob, **settings), torch.nn.MultiMarginLoss(p, knob, **settings), z, classes
    if kind is KLDivLoss:
        return KLDivLoss(**settings), torch.nn.KLDivLoss(**settings), log_softmax(z), shares
    numbers = rng.normal(0, 2, shape).astype(dtype)
    if kind is SmoothL1Loss:
        beta = knob * int(rng.integers(0, 2))
        return SmoothL1Loss(beta=beta, **settings), torch.nn.SmoothL1Loss(beta=beta, **settings), z, numbers
    if kind is HuberLoss:
        return HuberLoss(delta=knob, **settings), torch.nn.HuberLoss(delta=knob, **settings), z, numbers
    return kind(**settings), getattr(torch.nn, kind.__name__)(**settings), z, numbers


@every_reduced_loss
@pytest.mark.filterwarnings("ignore:reduction. 'mean' divides the total loss:UserWarning")
@pytest.mark.parametrize(("dtype", "tolerance"), [(np.float64, 1e-10), (np.float32, 2e-4)])
@given(
    reduction=st.sampled_from(["mean", "sum", "none"]),
    shape=st.tuples(st.integers(1, 5), st.integers(2, 6)),
    seed=st.integers(0, 2**32 - 1),
)
def test_every_reduction_and_its_gradient_agree_with_pytorch(
    kind: type, dtype: Any, tolerance: float, reduction: str, shape: tuple[int, int], seed: int
) -> None:
    rng = np.random.default_rng(seed)
    loss, twin, z, target = pair(kind, reduction, rng, shape, dtype)
    x = torch.from_numpy(z.copy()).requires_grad_()
    expected = twin(x, torch.from_numpy(target.copy()))
    dy = rng.standard_normal(tuple(expected.shape)).astype(dtype)
    expected.backward(torch.from_numpy(np.asarray(dy)))
    value, cache = loss.forward(z, target)
    dz = loss.backward(cache, dy)

    assert np.shape(value) == tuple(expected.shape)
    assert isinstance(value, np.ndarray if reduction == "none" else float)
    np.testing.assert_allclose(value, expected.detach().numpy(), rtol=tolerance, atol=tolerance)
    assert x.grad is not None
    assert dz.dtype == dtype
    # The scale of the terms: where p and y nearly cancel, the digits that are left are those of the terms.
    scale = max(float(np.abs(x.grad.numpy()).max()), float(np.abs(dy).max()))
    assert float(np.abs(dz - x.grad.numpy()).max()) <= tolerance * scale


@every_reduced_loss
def test_sum_and_mean_are_made_of_what_none_gives(kind: type) -> None:
    made = {}
    for reduction in ("mean", "sum", "none"):
        loss, _, z, target = pair(kind, reduction, np.random.default_rng(3), (4, 3), np.float64)
        made[reduction], cache = loss.forward(z, target)
        # A sum's gradient is what "none" hands back when each of its costs counts once.
        dy = np.ones_like(made["none"]) if reduction == "none" else None
        made[f"d {reduction}"] = loss.backward(cache, dy)
    assert made["none"].shape in {(4,), (4, 3)}
    assert made["sum"] == pytest.approx(made["none"].sum(), rel=1e-12)
    np.testing.assert_allclose(made["d sum"], made["d none"], rtol=1e-12, atol=1e-15)
    share = made["mean"] / made["sum"]
    np.testing.assert_allclose(made["d mean"], made["d sum"] * share, rtol=1e-10, atol=1e-15)


def test_each_answer_has_its_own_cost_and_pull() -> None:
    """(3 - 1)² = 4 and (0 - 2)² = 4 in a mean of 4; their slopes are 2·2 and 2·(-2), times dy = 10 and 0.5."""
    value, cache = MSELoss(reduction="none").forward(np.array([3.0, 0.0]), np.array([1.0, 2.0]))
    np.testing.assert_array_equal(value, [4, 4])
    np.testing.assert_array_equal(MSELoss(reduction="none").backward(cache, np.array([10.0, 0.5])), [40, -2])


def test_a_batch_mean_is_the_divergence_for_each_example() -> None:
    """Two rows, C = 4: "mean" divides the sum by 8, "batchmean" by 2."""
    rng = np.random.default_rng(0)
    log_p, q = log_softmax(rng.normal(size=(2, 4))), rng.dirichlet(np.ones(4), 2)
    total, batch, mean = (KLDivLoss(reduction=r).forward(log_p, q)[0] for r in ("sum", "batchmean", "mean"))  # type: ignore[arg-type]
    assert batch == pytest.approx(total / 2)
    assert mean == pytest.approx(total / 8)


@every_reduced_loss
def test_a_reduction_that_does_not_exist_is_refused(kind: type) -> None:
    with pytest.raises(ValueError, match=rf"{kind.__name__}: reduction='average'; expected 'mean'.*'none'"):
        kind(reduction="average")


@every_reduced_loss
def test_an_upstream_gradient_of_another_shape_is_refused(kind: type) -> None:
    loss, _, z, target = pair(kind, "none", np.random.default_rng(0), (4, 3), np.float64)
    value, cache = loss.forward(z, target)
    with pytest.raises(ShapeError, match=r"reduction='none' was given no dy; .* reduction='mean' gives one number"):
        loss.backward(cache)
    with pytest.raises(ShapeError, match=r"was given a dy of shape \(5,\)"):
        loss.backward(cache, np.ones(5))
    loss, _, z, target = pair(kind, "sum", np.random.default_rng(0), (4, 3), np.float64)
    _, cache = loss.forward(z, target)
    with pytest.raises(ShapeError, match=r"forward gives has shape \(\).*Leaving dy out means 1"):
        loss.backward(cache, value)
