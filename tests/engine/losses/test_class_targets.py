"""Class numbers for each example or each place, some of them ignored, against PyTorch and by hand."""

import math
from typing import Any

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from engine import SGD, Conv2d, Network, fit
from engine.losses import BCELoss, CrossEntropyLoss, NLLLoss, SmoothL1Loss, log_softmax
from engine.types import Array, ShapeError

IGNORED = (-100, -1, 0, 255)


@st.composite
def answers(draw: st.DrawFn) -> tuple[dict[str, Any], Array, Array, Array]:
    """Settings that both losses have, logits (N, C, …), class numbers (N, …) and shares of the logits' shape."""
    rng = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    classes, places = draw(st.integers(2, 5)), draw(st.sampled_from([(), (3,), (2, 3), (2, 1, 2)]))
    shape = (draw(st.integers(1, 4)), classes, *places)
    ignored = draw(st.sampled_from(IGNORED))
    target = rng.integers(0, classes, (shape[0], *places))
    target = np.where(rng.random(target.shape) < draw(st.sampled_from([0, 0.4])), ignored, target)
    shares = np.moveaxis(rng.dirichlet(np.ones(classes), (shape[0], *places)), -1, 1)
    weight = rng.uniform(0.1, 3, classes) * rng.integers(0, 2, classes) + 0.01 if draw(st.booleans()) else None
    settings = {
        "weight": weight,
        "ignore_index": ignored,
        "reduction": draw(st.sampled_from(["mean", "sum", "none"])),
    }
    # PyTorch's mean over nothing is 0/0; ours is 0.
    if (target == ignored).all():
        settings["reduction"] = "sum"
    return settings, rng.normal(0, draw(st.sampled_from([0.1, 1.0, 5.0])), shape), target, shares


def agrees(loss: Any, twin: Any, z: Array, target: Array, seed: int) -> None:
    """Value and gradient of both, with an upstream gradient, in float64."""
    x = torch.from_numpy(z.copy()).requires_grad_()
    expected = twin(x, torch.from_numpy(target.copy()))
    dy = np.asarray(np.random.default_rng(seed).standard_normal(tuple(expected.shape)))
    expected.backward(torch.from_numpy(dy))
    assert x.grad is not None
    value, cache = loss.forward(z, target)
    np.testing.assert_allclose(value, expected.detach().numpy(), rtol=1e-11, atol=1e-12)
    np.testing.assert_allclose(loss.backward(cache, dy), x.grad.numpy(), rtol=1e-10, atol=1e-12)


def twin_of(kind: Any, settings: dict[str, Any], **more: Any) -> Any:
    weight = settings["weight"]
    return kind(**{**settings, "weight": None if weight is None else torch.from_numpy(weight)}, **more)


@given(answers(), st.sampled_from([0.0, 0.1, 1.0]), st.integers(0, 99))
def test_cross_entropy_of_places_and_of_what_is_ignored_is_pytorchs(
    drawn: tuple[dict[str, Any], Array, Array, Array], smoothing: float, seed: int
) -> None:
    settings, z, target, shares = drawn
    twin = twin_of(torch.nn.CrossEntropyLoss, settings, label_smoothing=smoothing)
    agrees(CrossEntropyLoss(**settings, label_smoothing=smoothing), twin, z, target, seed)
    spread = {**settings, "ignore_index": -100}
    twin = twin_of(torch.nn.CrossEntropyLoss, spread, label_smoothing=smoothing)
    agrees(CrossEntropyLoss(**spread, label_smoothing=smoothing), twin, z, shares, seed)


@given(answers(), st.integers(0, 99))
def test_the_likelihood_of_places_and_of_what_is_ignored_is_pytorchs(
    drawn: tuple[dict[str, Any], Array, Array, Array], seed: int
) -> None:
    settings, z, target, _ = drawn
    agrees(NLLLoss(**settings), twin_of(torch.nn.NLLLoss, settings), log_softmax(z), target, seed)


@given(answers())
def test_cross_entropy_is_the_likelihood_of_a_log_softmax(drawn: tuple[dict[str, Any], Array, Array, Array]) -> None:
    settings, z, target, _ = drawn
    whole, parts = (
        loss.forward(x, target)[0]
        for loss, x in ((CrossEntropyLoss(**settings), z), (NLLLoss(**settings), log_softmax(z)))
    )
    np.testing.assert_allclose(whole, parts, rtol=1e-12, atol=1e-14)


@pytest.mark.parametrize("kind", [CrossEntropyLoss, NLLLoss])
def test_what_is_ignored_costs_nothing_and_pulls_nothing(kind: Any) -> None:
    """As if it weren't there: the mean is over the rest, and its own scores may be anything."""
    z, target = log_softmax(np.array([[1.0, 2, 0], [0, 1, 3], [5, 5, 5]])), np.array([0, 2, -100])
    loss, cache = kind().forward(z, target)
    assert loss == pytest.approx(kind().forward(z[:2], target[:2])[0], rel=1e-14)
    assert kind().backward(cache)[2].tolist() == [0, 0, 0]
    none, cache = kind().forward(z, np.full(3, -100))
    assert none == 0
    assert not kind().backward(cache).any()


def test_a_map_of_answers_is_as_many_answers_as_places() -> None:
    rng = np.random.default_rng(0)
    z, target = rng.normal(size=(2, 4, 3, 5)), rng.integers(0, 4, (2, 3, 5))
    rows = np.moveaxis(z, 1, -1).reshape(-1, 4)
    assert CrossEntropyLoss().forward(z, target)[0] == pytest.approx(
        CrossEntropyLoss().forward(rows, target.reshape(-1))[0], rel=1e-14
    )


def test_the_slope_of_a_share_is_that_of_a_sigmoid_turned_round() -> None:
    """-ln 0.25 = ln 4, whose slope in p is -1/0.25; a certain and wrong answer costs 100 nats, as in PyTorch."""
    loss, cache = BCELoss(reduction="sum").forward(np.array([0.25]), np.array([1.0]))
    assert loss == pytest.approx(math.log(4))
    assert BCELoss(reduction="sum").backward(cache) == pytest.approx([-4])
    certain = torch.tensor([0.0, 1.0], dtype=torch.float64, requires_grad=True)
    torch.nn.BCELoss()(certain, torch.tensor([1.0, 0.0], dtype=torch.float64)).backward()
    value, cache = BCELoss().forward(np.array([0.0, 1.0]), np.array([1.0, 0.0]))
    assert value == 100
    assert certain.grad is not None
    np.testing.assert_allclose(BCELoss().backward(cache), certain.grad.numpy())


def test_a_rounded_corner_by_hand() -> None:
    """beta = 2: r = 1 costs 1/4 and pulls with 1/2; r = -5 costs 5 - 1 and pulls with -1."""
    loss = SmoothL1Loss(beta=2, reduction="none")
    value, cache = loss.forward(np.array([1.0, -5.0]), np.zeros(2))
    assert value.tolist() == [0.25, 4]
    assert loss.backward(cache, np.ones(2)).tolist() == [0.5, -1]


def test_a_network_learns_maps_of_answers_and_what_is_ignored_does_not_count_as_wrong() -> None:
    """Which of two classes a pixel has is the sign of its only number; half of the pixels have no answer."""
    rng = np.random.default_rng(0)
    x = rng.standard_normal((20, 1, 6, 6)).astype(np.float32)
    target = np.where(rng.random((20, 6, 6)) < 0.5, -100, (x[:, 0] > 0).astype(int))
    network = Network.build([("conv", Conv2d(1, 2, 1))], (1, 6, 6), rng=rng)
    *_, last = fit(network, (x, target), SGD(1.0), rng=rng, epochs=40)
    assert last.accuracy > 0.95
    nothing = next(fit(network, (x, np.full_like(target, -100)), SGD(1.0), rng=rng))
    assert nothing.loss == 0
    assert math.isnan(nothing.accuracy)


@pytest.mark.parametrize(
    ("run", "error", "says"),
    [
        (lambda: NLLLoss().forward(np.zeros((2, 3, 4)), np.array([0, 1])), ShapeError, r"\(2, 3, 4\).*\(N, H, W\)"),
        (lambda: NLLLoss().forward(np.zeros((2, 3)), np.array([0, 3])), ValueError, "0 to 2.*-100 for what"),
        (lambda: NLLLoss().forward(np.zeros((2, 3)), np.array([0.0, 1])), ValueError, "type float64"),
        (lambda: NLLLoss([1, 2]).forward(np.zeros((2, 3)), np.array([0, 1])), ShapeError, "a weight for 2 classes"),
        (lambda: NLLLoss([0, 0]), ValueError, "not all of them 0"),
        (lambda: CrossEntropyLoss().forward(np.zeros((2, 3, 4)), np.zeros((2, 3), int)), ShapeError, r"\(N, H, W\)"),
        (lambda: CrossEntropyLoss().forward(np.zeros(3), np.zeros(3)), ShapeError, r"\(N, C\)"),
        (lambda: BCELoss().forward(np.array([1.5]), np.array([1.0])), ValueError, "an input from 1.5"),
        (lambda: BCELoss().forward(np.array([0.5]), np.array([2.0])), ValueError, "targets from 2.0"),
        (lambda: BCELoss([1, 2]).forward(np.full((1, 3), 0.5), np.ones((1, 3))), ShapeError, "2 weights"),
        (lambda: SmoothL1Loss(beta=-1), ValueError, "beta=-1"),
    ],
)
def test_what_does_not_fit_is_named(run: Any, error: type[ValueError], says: str) -> None:
    with pytest.raises(error, match=says):
        run()
