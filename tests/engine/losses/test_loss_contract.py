"""What every loss promises, and PyTorch's losses on drawn configurations."""

import inspect
import pickle
from collections.abc import Callable
from dataclasses import dataclass, field, fields
from math import prod
from typing import Any

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from torch.nn import functional

import engine.losses
from engine.losses import (
    LOSSES,
    BCELoss,
    BCEWithLogitsLoss,
    CenterLoss,
    CrossEntropyLoss,
    HuberLoss,
    KLDivLoss,
    L1Loss,
    LargeMarginSoftmaxLoss,
    MSELoss,
    MultiMarginLoss,
    NLLLoss,
    RampLoss,
    SigmoidQuadraticLoss,
    SmoothL1Loss,
    TukeyBiweightLoss,
    log_softmax,
    softmax,
)
from engine.types import Array
from tests.engine.cases import relative_error, separated

CLASSES = 4
COST = [[0, 1, 2, 0.5], [3, 0, 1, 1], [0, 0.1, 0, 2], [1, 1, 1, 0]]


@dataclass(frozen=True)
class LossCase:
    """A loss, the kind of target that it takes, and what else its forward pass is given."""

    loss: Any
    target: str
    extra: tuple[str, ...] = field(default=())
    places: tuple[int, ...] = field(default=())

    def __str__(self) -> str:
        return str(self.loss)


CASES = (
    LossCase(CrossEntropyLoss(), "classes"),
    LossCase(CrossEntropyLoss(), "shares"),
    LossCase(CrossEntropyLoss(label_smoothing=0.1), "classes"),
    LossCase(CrossEntropyLoss(temperature=3), "classes"),
    LossCase(CrossEntropyLoss(weight=(1, 2, 0.5, 0)), "classes"),
    LossCase(CrossEntropyLoss(weight=(1, 2, 0.5, 0), temperature=0.5, label_smoothing=0.3), "shares"),
    LossCase(CrossEntropyLoss(cost=COST), "classes"),
    LossCase(CrossEntropyLoss(ignore_index=1), "classes"),
    LossCase(CrossEntropyLoss(ignore_index=3, weight=(1, 2, 0.5, 0), label_smoothing=0.2), "classes"),
    LossCase(CrossEntropyLoss(), "classes", places=(2, 3)),
    LossCase(CrossEntropyLoss(weight=(1, 2, 0.5, 3), label_smoothing=0.2), "shares", places=(2, 3)),
    LossCase(CrossEntropyLoss(ignore_index=1, weight=(1, 2, 0.5, 3), cost=COST), "classes", places=(2, 3)),
    LossCase(NLLLoss(), "classes"),
    LossCase(NLLLoss(weight=(1, 2, 0.5, 0), ignore_index=1), "classes"),
    LossCase(NLLLoss(ignore_index=2), "classes", places=(2, 3)),
    LossCase(MultiMarginLoss(), "classes"),
    LossCase(MultiMarginLoss(p=2, margin=0.7), "classes"),
    LossCase(MultiMarginLoss(mean_over_classes=False), "classes"),
    LossCase(RampLoss(), "classes"),
    LossCase(RampLoss(s=-0.5), "classes"),
    LossCase(BCEWithLogitsLoss(), "shares"),
    LossCase(BCEWithLogitsLoss(pos_weight=(3, 1, 0, 0.5)), "shares"),
    LossCase(BCEWithLogitsLoss(weight=(1, 2, 0.5, 0), pos_weight=(3, 1, 0, 0.5)), "shares"),
    LossCase(BCELoss(), "shares"),
    LossCase(BCELoss(weight=(1, 2, 0.5, 0)), "shares"),
    LossCase(SigmoidQuadraticLoss(), "shares"),
    LossCase(KLDivLoss(), "shares"),
    LossCase(KLDivLoss(reduction="batchmean"), "shares"),
    LossCase(MSELoss(), "numbers"),
    LossCase(L1Loss(), "numbers"),
    LossCase(HuberLoss(delta=0.4), "numbers"),
    LossCase(SmoothL1Loss(), "numbers"),
    LossCase(SmoothL1Loss(beta=0.4), "numbers"),
    LossCase(SmoothL1Loss(beta=0), "numbers"),
    LossCase(TukeyBiweightLoss(c=0.9), "numbers"),
    LossCase(CenterLoss(), "classes"),
    LossCase(CenterLoss(), "classes", ("rows",)),
    *(LossCase(LargeMarginSoftmaxLoss(m), "classes", ("rows",)) for m in (1, 2, 3, 4)),
)
every_loss = pytest.mark.parametrize("case", CASES, ids=str)


def setup(case: LossCase, dtype: Any = np.float64) -> tuple[Array, Array, tuple[Array, ...]]:
    """An input in general position, a target of the case's kind, and the rest of what forward takes."""
    rng = np.random.default_rng(8)
    # The odd factor keeps differences of two scores away from 1, where a hinge has its corner.
    z = 1.93 * separated(rng, (6, CLASSES, *case.places), dtype)
    if isinstance(case.loss, BCELoss):
        z = (1 / (1 + np.exp(-z))).astype(dtype)
    rows = rng.standard_normal((CLASSES, CLASSES)).astype(dtype)
    classes = np.array([0, 3, 1, 1, 2, 0]).reshape(-1, *(1,) * len(case.places))
    targets = {
        "classes": (classes + np.arange(prod(case.places)).reshape(case.places)) % CLASSES,
        "shares": softmax(rng.standard_normal(z.shape)).astype(dtype),
        "numbers": rng.standard_normal(z.shape).astype(dtype),
    }
    return z, targets[case.target], (rows,) * len(case.extra)


def test_every_loss_of_the_engine_is_under_contract() -> None:
    public = [getattr(engine.losses, name) for name in engine.losses.__all__]
    losses = {thing for thing in public if inspect.isclass(thing) and thing is not engine.losses.Loss}
    assert {type(case.loss) for case in CASES} == losses
    assert {type(loss) for loss in LOSSES.values()} == losses - {LargeMarginSoftmaxLoss}


@every_loss
def test_the_gradient_agrees_with_central_differences(case: LossCase) -> None:
    z, target, extra = setup(case)
    dz, h = case.loss.backward(case.loss.forward(z, target, *extra)[1]), 1e-5
    slopes = np.empty_like(z)
    for index in np.ndindex(*z.shape):
        nudge = np.zeros_like(z)
        nudge[index] = h
        up, down = (case.loss.forward(z + sign * nudge, target, *extra)[0] for sign in (1, -1))
        slopes[index] = (up - down) / (2 * h)
    assert np.abs(slopes).max() > 1e-3
    assert relative_error(dz, slopes) <= 1e-7


@every_loss
def test_arguments_stay_as_they_were(case: LossCase) -> None:
    z, target, extra = setup(case)
    before = pickle.dumps((z, target, extra))
    _, cache = case.loss.forward(z, target, *extra)
    kept = pickle.dumps(dict(cache))
    case.loss.backward(cache)
    assert pickle.dumps((z, target, extra)) == before
    assert pickle.dumps(dict(cache)) == kept


@every_loss
@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_a_dtype_stays_itself_and_the_loss_is_a_plain_number(case: LossCase, dtype: Any) -> None:
    z, target, extra = setup(case, dtype)
    loss, cache = case.loss.forward(z, target, *extra)
    assert type(loss) is float
    kept = [value for value in cache.values() if value.dtype.kind == "f"]
    assert {value.dtype for value in [case.loss.backward(cache), *kept]} == {np.dtype(dtype)}


@every_loss
def test_float32_is_as_good_as_its_digits(case: LossCase) -> None:
    z, target, extra = setup(case)
    narrow = [value.astype(np.float32) if value.dtype.kind == "f" else value for value in (z, target, *extra)]
    loss, cache = case.loss.forward(z, target, *extra)
    loss32, cache32 = case.loss.forward(*narrow)
    assert loss32 == pytest.approx(loss, rel=1e-5)
    assert relative_error(case.loss.backward(cache32), case.loss.backward(cache)) <= 1e-5


@every_loss
def test_specs_and_caches_pickle_and_specs_hash(case: LossCase) -> None:
    z, target, extra = setup(case)
    _, cache = case.loss.forward(z, target, *extra)
    loss_again, cache_again = pickle.loads(pickle.dumps((case.loss, cache)))
    assert loss_again == case.loss
    assert hash(loss_again) == hash(case.loss)
    assert loss_again.backward(cache_again).tobytes() == case.loss.backward(cache).tobytes()
    for setting in fields(case.loss):
        with pytest.raises(AttributeError):
            setattr(case.loss, setting.name, 1)


@every_loss
def test_a_batch_twice_over_costs_the_same_and_pulls_half_as_much_at_each_example(case: LossCase) -> None:
    z, target, extra = setup(case)
    once, twice = (case.loss.forward(np.concatenate([z] * n), np.concatenate([target] * n), *extra) for n in (1, 2))
    assert twice[0] == pytest.approx(once[0], rel=1e-12)
    np.testing.assert_allclose(
        case.loss.backward(twice[1]), np.concatenate([case.loss.backward(once[1]) / 2] * 2), rtol=1e-10, atol=1e-15
    )


Twin = Callable[[torch.Tensor, torch.Tensor], torch.Tensor]


@st.composite
def pairs_with_torch(draw: st.DrawFn) -> tuple[Any, Twin, Array, Array, float]:
    """One of PyTorch's losses in both engines, with the same settings, an input and a target.

    The last is the size of the terms p and y whose difference is the gradient, 0 where it is no difference: where
    they nearly cancel, as for a certain and right answer, the digits left are those of the terms.
    """
    rng = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    shape = draw(st.integers(1, 5)), draw(st.integers(2, 6))
    z = rng.normal(0, draw(st.sampled_from([0.1, 1.0, 30.0])), shape)
    classes = rng.integers(0, shape[1], shape[0])
    shares = rng.dirichlet(np.full(shape[1], 0.5), shape[0])
    numbers = rng.normal(0, 2, shape)
    weight = rng.uniform(0.1, 3, shape[1]) if draw(st.booleans()) else None
    tensor = None if weight is None else torch.from_numpy(weight)
    positive = draw(st.floats(0.01, 5))
    smoothing, reduction = draw(st.floats(0, 1)), draw(st.sampled_from(["mean", "batchmean"]))
    p = draw(st.sampled_from([1, 2]))

    def weights(like: torch.Tensor) -> torch.Tensor | None:
        return None if tensor is None else tensor.to(like.dtype)

    def cross_entropy(x: torch.Tensor, y: torch.Tensor) -> torch.Tensor:
        return functional.cross_entropy(x / positive, y, weight=weights(x), label_smoothing=smoothing)

    ours = CrossEntropyLoss(weight=weight, label_smoothing=smoothing, temperature=positive)
    terms = 1 / shape[0] / positive
    options: tuple[tuple[Any, Twin, Array, Array, float], ...] = (
        (ours, cross_entropy, z, classes, terms),
        (ours, cross_entropy, z, shares, terms),
        (
            BCEWithLogitsLoss(pos_weight=weight),
            lambda x, y: functional.binary_cross_entropy_with_logits(x, y, pos_weight=weights(x)),
            z,
            rng.uniform(0, 1, shape).round(draw(st.integers(0, 2))),
            1 / z.size,
        ),
        (MultiMarginLoss(p, positive), torch.nn.MultiMarginLoss(p, positive), z, classes, 0),
        (KLDivLoss(reduction=reduction), torch.nn.KLDivLoss(reduction=reduction), log_softmax(z), shares, 0),  # type: ignore[arg-type]
        (MSELoss(), torch.nn.MSELoss(), z, numbers, 0),
        (L1Loss(), torch.nn.L1Loss(), z, numbers, 0),
        (HuberLoss(delta=positive), torch.nn.HuberLoss(delta=positive), z, numbers, 0),
    )
    return options[draw(st.integers(0, len(options) - 1))]


@pytest.mark.filterwarnings("ignore:reduction. 'mean' divides the total loss:UserWarning")
@pytest.mark.parametrize(("dtype", "tolerance"), [(np.float64, 1e-10), (np.float32, 1e-4)])
@given(pairs_with_torch())
def test_loss_and_gradient_agree_with_pytorch(
    dtype: Any, tolerance: float, pair: tuple[Any, Twin, Array, Array, float]
) -> None:
    loss, twin, z, target, terms = pair
    z, target = z.astype(dtype), target.astype(dtype) if target.dtype.kind == "f" else target
    value, cache = loss.forward(z, target)
    x = torch.from_numpy(z.copy()).requires_grad_()
    expected = twin(x, torch.from_numpy(target.copy()))
    expected.backward()
    assert x.grad is not None
    assert value == pytest.approx(expected.item(), rel=tolerance, abs=tolerance)
    gradient = x.grad.numpy()
    error = np.abs(loss.backward(cache) - gradient).max() / (max(np.abs(gradient).max(), terms) or 1)
    assert error <= tolerance
