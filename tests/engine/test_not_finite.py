"""NaN and infinity stay what they are: never taken for a good number, never spread further than in PyTorch."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from torch.nn import functional

from engine import (
    SGD,
    AdaptiveAvgPool2d,
    AvgPool2d,
    BCELoss,
    ConvTranspose2d,
    CrossEntropyLoss,
    KLDivLoss,
    LPPool2d,
    MaxNorm,
    MaxPool2d,
    NLLLoss,
    ReLU,
    Softsign,
    StochasticPool2d,
    Upsample,
    fit,
    reference,
)
from engine.gradcheck import GOOD, Entry, GradCheck, check_network, compare
from engine.losses import log_softmax, softmax
from engine.training.metrics import answers_right, evaluate, worst_mistakes
from engine.types import Array, Layer
from tests.engine.cases import CASES, Case, Passes, engine_passes, random_params, separated
from tests.engine.cases_layers2 import BATCH_NORMS, BATCH_NORMS_IN_TESTING, PLAIN, WITHOUT_TWIN, torch_twin_passes
from tests.engine.loops import by_loops
from tests.engine.losses.test_loss_contract import CASES as LOSSES
from tests.engine.losses.test_loss_contract import LossCase, setup
from tests.engine.networks import small_network, stripes
from tests.engine.strategies import max_pools

quiet = pytest.mark.filterwarnings("ignore::RuntimeWarning")
pytestmark = quiet
BAD = (math.nan, -math.inf, math.inf)
every_bad = pytest.mark.parametrize("bad", BAD, ids=["nan", "-inf", "inf"])


# The gradient check


@pytest.mark.parametrize(
    ("analytic", "numeric"), [(math.nan, 0.1), (0.1, math.nan), (math.inf, math.inf), (0, math.nan)]
)
def test_a_gradient_that_is_no_number_is_never_right(analytic: float, numeric: float) -> None:
    bad = Entry("w", (0,), analytic, numeric)
    assert bad.relative_error == bad.difference == math.inf
    for noise in (0.0, 1e-12, 1e3):
        for others in ((), (Entry("w", (1,), 0.3, 0.3),), (Entry("w", (1,), 0.0, 0.0),)):
            for entries in ((bad, *others), (*others, bad)):
                check = GradCheck(entries, 2, 1e-5, noise)
                assert not check.agrees
                assert check.worst == bad
                assert check.worst_difference == math.inf


@every_bad
def test_a_check_finds_the_gradient_that_is_no_number(bad: float) -> None:
    w = np.array([0.7, 0.2, 0.4])
    gradients = {"w": np.array([2 * 0.7, bad, 2 * 0.4])}
    check = compare(lambda: float((w**2).sum()), {"w": w}, gradients, rng=np.random.default_rng(0))
    assert not check.agrees
    assert check.worst.index == (1,)
    assert math.isfinite(check.noise)
    assert all(entry.relative_error <= GOOD for entry in check.entries if entry.index != (1,))


@every_bad
def test_a_network_with_a_bad_weight_doesn_t_pass(bad: float) -> None:
    network = small_network()
    params = {name: value.copy() for name, value in network.params.items()}
    params["conv2.weight"][0, 0, 0, 0] = bad
    check = check_network(network.replace(params), *stripes(4), rng=np.random.default_rng(0))
    assert not check.agrees


# Layers, beside PyTorch and the loops

TWINS = (*CASES, *PLAIN, *BATCH_NORMS, *BATCH_NORMS_IN_TESTING)
# A share of 0 takes nothing of a cell; PyTorch multiplies by it, as it does by a gradient of 0. Softsign is flat at ∞.
SHARPER = {(Upsample, "y"), (LPPool2d, "dx"), (Softsign, "dx")}
# The zeros around an image meet its NaN in the products of a kernel, as in PyTorch; loops leave them out.
APART_FROM_LOOPS = {(ConvTranspose2d, "weight")}


def with_one_bad(case: Case, bad: float, seed: int) -> tuple[dict[str, Array], Array, Array]:
    rng = np.random.default_rng(seed)
    x, params = separated(rng, (2, *case.shape)), random_params(case.layer, rng)
    x.flat[rng.integers(x.size)] = bad
    y, _ = case.layer.forward(params, x)
    return params, x, rng.standard_normal(y.shape)


def named(passes: Passes) -> dict[str, Array]:
    return {"y": passes.y, "dx": passes.dx, **passes.grads}


def assert_alike(layer: Layer, found: Passes, expected: Passes, apart: set[tuple[type, str]]) -> None:
    for name, mine in named(found).items():
        if (type(layer), name) not in apart:
            other = named(expected)[name]
            np.testing.assert_allclose(mine, other, rtol=1e-6, atol=1e-8, equal_nan=True, err_msg=name)


def assert_never_better(layer: Layer, x: Array, found: Passes, expected: Passes) -> None:
    """What isn't finite in PyTorch isn't here; nor is more than that, but for the bad place's own gradient."""
    for name, mine in named(found).items():
        other = named(expected)[name]
        good, right = np.isfinite(mine), np.isfinite(other)
        if (type(layer), name) not in SHARPER:
            assert not (good & ~right).any(), name
        own = ~np.isfinite(x) if mine.shape == x.shape else np.zeros(mine.shape, bool)
        assert not (right & ~good & ~own).any(), name
        np.testing.assert_allclose(mine[good & right & ~own], other[good & right & ~own], rtol=1e-6, atol=1e-8)


@pytest.mark.parametrize("case", TWINS, ids=str)
@every_bad
@pytest.mark.parametrize("seed", range(3))
def test_a_bad_number_reaches_what_it_reaches_in_pytorch(case: Case, bad: float, seed: int) -> None:
    params, x, dy = with_one_bad(case, bad, seed)
    found = engine_passes(case.layer, params, x, dy)
    assert_never_better(case.layer, x, found, torch_twin_passes(case.layer, params, x, dy))


SHARP = {"LocalResponseNorm", "GELU", "SiLU", "Tanh", "Sigmoid", "Softplus", "ELU", "Held", "LayerNorm", "GroupNorm"}


@pytest.mark.parametrize(
    "case", [c for c in (*CASES, *PLAIN, *WITHOUT_TWIN) if type(c.layer).__name__ not in SHARP | {"RReLU"}], ids=str
)
@pytest.mark.parametrize("seed", range(3))
def test_so_it_does_in_the_loops(case: Case, seed: int) -> None:
    params, x, dy = with_one_bad(case, math.nan, seed)
    found, cache = engine_passes(case.layer, params, x, dy), case.layer.forward(params, x)[1]
    assert_alike(case.layer, found, by_loops(case.layer, params, x, dy, cache), APART_FROM_LOOPS)


@dataclass(frozen=True)
class BadImage:
    """A max pooling, and an image in which many numbers are none."""

    layer: MaxPool2d
    x: Array


@st.composite
def bad_images(draw: st.DrawFn) -> BadImage:
    layer, shape = draw(max_pools())
    rng = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    values = draw(st.sampled_from([[math.nan, 0.0], [-math.inf, math.nan, 1.0], [-math.inf], [-math.inf, 2.0]]))
    x = np.where(rng.random((2, *shape)) < 0.4, separated(rng, (2, *shape)), rng.choice(values, (2, *shape)))
    return BadImage(layer, x if draw(st.booleans()) else np.where(np.isfinite(x), -math.inf, x))


@given(bad_images())
def test_the_winner_among_bad_numbers_is_pytorch_s_and_the_loops(image: BadImage) -> None:
    layer, x = image.layer, image.x
    y, _ = layer.forward({}, x)
    dy = np.random.default_rng(0).standard_normal(y.shape)
    found = engine_passes(layer, {}, x, dy)
    assert_alike(layer, found, torch_twin_passes(layer, {}, x, dy), set())
    assert_alike(layer, found, by_loops(layer, {}, x, dy, {}), set())


UPSAMPLED = (
    Upsample(scale_factor=2),
    Upsample(scale_factor=(2, 3)),
    Upsample(scale_factor=2, mode="bilinear"),
)


@pytest.mark.parametrize("layer", [*UPSAMPLED, AdaptiveAvgPool2d(3)])
@every_bad
def test_one_bad_pixel_stays_where_it_is(layer: Any, bad: float) -> None:
    rng = np.random.default_rng(0)
    x = rng.standard_normal((1, 2, 6, 6))
    good, _ = layer.forward({}, x)
    x[0, 1, 2, 3] = bad
    y, cache = layer.forward({}, x)
    changed = ~np.isclose(y, good)
    assert np.isfinite(y[~changed]).all()
    assert not changed[0, 0].any()
    reach = {Upsample: 16, AdaptiveAvgPool2d: 1}[type(layer)]
    assert 0 < changed.sum() <= reach
    dy = rng.standard_normal(y.shape)
    dy[0, 1, 1, 1] = bad
    dx, _ = layer.backward({}, cache, dy)
    assert 0 < (~np.isfinite(dx)).sum() <= 4


@pytest.mark.parametrize("layer", [StochasticPool2d(2), LPPool2d(2, 2), MaxPool2d(2), AvgPool2d(2)])
@pytest.mark.parametrize("train", [True, False])
@pytest.mark.parametrize("place", range(4))
def test_pooling_doesn_t_hide_what_is_no_number(layer: Any, train: bool, place: int) -> None:
    x = np.ones((1, 1, 2, 2))
    x.flat[place] = math.nan
    y, cache = layer.forward({}, x, train=train, rng=np.random.default_rng(0))
    assert np.isnan(y).all()
    dx, _ = layer.backward({}, cache, np.full_like(y, math.nan))
    assert np.isnan(dx).any()


# Losses


@pytest.mark.parametrize("case", LOSSES, ids=str)
@pytest.mark.parametrize("place", [(0, 0), (0, 3), (4, 2)])
def test_a_loss_of_what_is_no_number_is_none(case: LossCase, place: tuple[int, int]) -> None:
    z, target, extra = setup(case)
    if isinstance(case.loss, NLLLoss):
        # Of each row it reads the number at the target alone, as PyTorch's.
        z[:] = math.nan
    z[place] = math.nan
    try:
        value = case.loss.forward(z, target, *extra)[0]
    except ValueError:
        # No share lies outside of 0 to 1.
        assert isinstance(case.loss, BCELoss)
        return
    assert math.isnan(value)


@pytest.mark.parametrize("case", [case for case in LOSSES if case.target != "classes"], ids=str)
def test_nor_is_it_of_targets_that_are_none(case: LossCase) -> None:
    z, target, extra = setup(case)
    target = target.copy()
    target[1, 2] = math.nan
    try:
        value = case.loss.forward(z, target, *extra)[0]
    except ValueError:
        return
    assert math.isnan(value)


@pytest.mark.parametrize("reduction", ["mean", "sum", "none"])
@pytest.mark.parametrize("weight", [None, (1.0, 2.0, 0.5)])
@pytest.mark.parametrize("smoothing", [0.0, 0.1])
@pytest.mark.parametrize("target", [[0, 1], [1, 2], [2, 0]])
def test_a_class_without_a_chance(
    reduction: Any, weight: tuple[float, ...] | None, smoothing: float, target: list[int]
) -> None:
    """Masked out by -∞, it costs nothing where it isn't asked for, and everything where it is."""
    z = np.array([[0.3, -math.inf, 1.2], [0.1, 0.2, -0.4]])
    loss = CrossEntropyLoss(weight=weight, label_smoothing=smoothing, reduction=reduction)
    value, cache = loss.forward(z, np.array(target))
    tz = torch.tensor(z, requires_grad=True)
    w = None if weight is None else torch.tensor(weight, dtype=torch.float64)
    expected = functional.cross_entropy(
        tz, torch.tensor(target), weight=w, label_smoothing=smoothing, reduction=reduction
    )
    np.testing.assert_allclose(value, expected.detach().numpy(), rtol=1e-12)
    if not smoothing:
        assert np.isfinite(value).all() == (target[0] != 1)
        expected.sum().backward()
        assert tz.grad is not None
        dy = np.ones(2) if reduction == "none" else None
        np.testing.assert_allclose(loss.backward(cache, dy), tz.grad.numpy(), rtol=1e-12)


def test_every_way_to_the_same_loss_says_the_same_of_it() -> None:
    z = np.array([[0.3, -math.inf, 1.2], [0.1, 0.2, -math.inf]])
    target = np.array([2, 0])
    plain = CrossEntropyLoss().forward(z, target)[0]
    assert math.isfinite(plain)
    ways = [
        CrossEntropyLoss(weight=(1, 1, 1)).forward(z, target)[0],
        CrossEntropyLoss(temperature=0.5).forward(z / 2, target)[0],
        CrossEntropyLoss(reduction="sum").forward(z, target)[0] / 2,
        CrossEntropyLoss(reduction="none").forward(z, target)[0].mean(),
        CrossEntropyLoss().forward(z, np.eye(3)[target])[0],
        KLDivLoss(reduction="batchmean").forward(log_softmax(z), np.eye(3)[target])[0],
    ]
    assert ways == pytest.approx([plain] * len(ways))


def test_what_the_divergence_shows() -> None:
    q = softmax(np.random.default_rng(0).standard_normal((2, 3)))
    log_p = np.log(q)
    q[0] = [0, 0.5, 0.5]
    for bad in (math.nan, math.inf):
        log_p[0, 0] = bad
        assert math.isnan(KLDivLoss().forward(log_p, q)[0])
    # p = 0 where q = 0 is no loss; where q > 0 it is an endless one.
    log_p[0, 0] = -math.inf
    assert math.isfinite(KLDivLoss().forward(log_p, q)[0])
    log_p[0, 1] = -math.inf
    assert KLDivLoss().forward(log_p, q)[0] == math.inf


# Training


def test_an_answer_that_is_no_number_isn_t_right() -> None:
    z = np.array([[math.nan, 0.0], [math.nan, math.nan], [0.0, 1.0], [math.inf, 0.0]])
    np.testing.assert_array_equal(answers_right(z, np.array([0, 0, 1, 0])), [False, False, True, True])
    assert answers_right(z[:0], np.array([], int)).shape == (0,)


def test_a_network_that_blew_up_is_right_nowhere() -> None:
    x, target = stripes(9)
    network = small_network()
    broken = network.replace({name: np.full_like(value, math.nan) for name, value in network.params.items()})
    step = next(fit(broken, (x, target), SGD(0.1), rng=np.random.default_rng(0)))
    assert step.accuracy == 0
    assert math.isnan(step.loss)
    evaluation = evaluate(broken, x, target)
    assert evaluation.accuracy == 0
    assert math.isnan(evaluation.loss)
    # Its answers to class 0, where argmax points, are among the mistakes, and the worst of them.
    assert len(worst_mistakes(evaluation, target, 9)) == 9


def test_the_worst_mistake_is_the_one_without_a_loss() -> None:
    x, target = stripes(9)
    evaluation = evaluate(small_network(), x, target)
    losses, predicted = evaluation.losses.copy(), (target + 1) % 3
    losses[4] = math.nan
    lost = type(evaluation)(evaluation.loss, evaluation.accuracy, evaluation.p, predicted, losses)
    assert worst_mistakes(lost, target, 3)[0].index == 4


def test_an_example_s_own_loss_has_no_upper_end() -> None:
    """A share that rounds to 0 still has a logarithm: that of 1e-400 is -921."""
    network = small_network(dtype=np.float64)
    params = {name: value * 0 for name, value in network.params.items()}
    params["linear.bias"] = np.array([0.0, 921.0, 0.0])
    evaluation = evaluate(network.replace(params), stripes(1)[0], np.array([0]))
    assert evaluation.losses[0] == pytest.approx(921)
    assert evaluation.loss == pytest.approx(921)


def test_a_limit_holds_for_the_other_rows() -> None:
    w = np.array([[3.0, 4], [math.nan, 0], [0.3, 0.4]])
    held = MaxNorm(1.0).project({"w": w})["w"]
    np.testing.assert_allclose(held, [[0.6, 0.8], [math.nan, math.nan], [0.3, 0.4]])


def test_the_loops_let_it_through() -> None:
    x = np.array([[math.nan, -1.0, 2.0]])
    np.testing.assert_array_equal(reference.relu(x), [[math.nan, 0, 2]])
    assert np.isnan(ReLU().backward({}, ReLU().forward({}, x)[1], np.full_like(x, math.nan))[0]).all()
