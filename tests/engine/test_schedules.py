"""Schedules against PyTorch's and their own formulas, and the learning rate range test."""

import math
import pickle
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
import torch
from hypothesis import assume, given
from hypothesis import strategies as st
from torch.optim import lr_scheduler

from engine import Linear, Network, ReLU, fit
from engine.optimizers import SGD, Adam
from engine.regularizers import L2, Regularized
from engine.schedules import (
    Constant,
    CosineAnnealingLR,
    CyclicCosine,
    ExponentialLR,
    InverseTime,
    LinearRamp,
    MultiStepLR,
    OneCycleLR,
    Schedule,
    StepLR,
    Warmup,
    scheduled,
)
from engine.training.lr_range import RangePoint, lr_range_test, suggested_lr
from engine.types import Array

STEPS = 30


def torch_rates(lr: float, build: Callable[[torch.optim.Optimizer], Any], steps: int = STEPS) -> list[float]:
    """The rate at each of PyTorch's steps, the scheduler being called after each."""
    optimizer = torch.optim.SGD([torch.zeros(1)], lr=lr)
    scheduler = build(optimizer)
    rates = []
    for _ in range(steps):
        rates.append(float(optimizer.param_groups[0]["lr"]))
        optimizer.step()
        scheduler.step()
    return rates


def rates(schedule: Schedule, steps: int = STEPS) -> list[float]:
    return [schedule(step) for step in range(1, steps + 1)]


wholes = st.integers(1, 12)
gammas = st.floats(0.1, 1)


@given(st.floats(1e-4, 1), wholes, gammas)
def test_steps_and_exponential_decay_equal_pytorchs(lr: float, step_size: int, gamma: float) -> None:
    step = torch_rates(lr, lambda o: lr_scheduler.StepLR(o, step_size, gamma))
    exponential = torch_rates(lr, lambda o: lr_scheduler.ExponentialLR(o, gamma))
    assert rates(StepLR(lr, step_size, gamma)) == pytest.approx(step, rel=1e-10)
    assert rates(ExponentialLR(lr, gamma)) == pytest.approx(exponential, rel=1e-10)


@given(st.floats(1e-4, 1), st.lists(st.integers(1, STEPS + 2), max_size=5), gammas)
def test_drops_at_milestones_equal_pytorchs(lr: float, milestones: list[int], gamma: float) -> None:
    expected = torch_rates(lr, lambda o: lr_scheduler.MultiStepLR(o, milestones, gamma))
    assert rates(MultiStepLR(lr, milestones, gamma)) == pytest.approx(expected, rel=1e-10)


@given(
    st.floats(1e-4, 1),
    st.integers(2, 40),
    st.floats(0, 1),
    st.sampled_from(["cos", "linear"]),
    st.floats(1, 100),
    st.floats(1, 1e5),
    st.booleans(),
)
def test_one_cycle_of_rate_and_momentum_equals_pytorchs(
    lr: float, steps: int, pct: float, anneal: Any, div: float, final: float, three: bool
) -> None:
    # Where a way has no length, PyTorch divides by 0.
    assume(abs(pct * steps - 1) > 1e-6)
    settings = {"pct_start": pct, "anneal_strategy": anneal, "div_factor": div, "final_div_factor": final}
    optimizer = torch.optim.SGD([torch.zeros(1)], lr=0.1, momentum=0.5)
    twin = lr_scheduler.OneCycleLR(
        optimizer, lr, steps, **settings, three_phase=three, base_momentum=0.7, max_momentum=0.9
    )
    expected, expected_momentum = [], []
    for step in range(steps):
        expected.append(optimizer.param_groups[0]["lr"])
        expected_momentum.append(optimizer.param_groups[0]["momentum"])
        optimizer.step()
        if step < steps - 1:
            twin.step()
    cycle = OneCycleLR(lr, steps, **settings, three_phase=three)
    assert rates(cycle, steps) == pytest.approx(expected, rel=1e-9, abs=1e-15)
    assert rates(cycle.momentum(0.7, 0.9), steps) == pytest.approx(expected_momentum, rel=1e-9)


@given(st.floats(1e-4, 1), st.integers(1, 40), st.floats(0, 1e-4))
def test_cosine_annealing_equals_pytorchs_down_to_its_end(lr: float, T_max: int, eta_min: float) -> None:
    expected = torch_rates(lr, lambda o: lr_scheduler.CosineAnnealingLR(o, T_max, eta_min), T_max + 1)
    assert rates(CosineAnnealingLR(lr, T_max, eta_min), T_max + 1) == pytest.approx(expected, rel=1e-8, abs=1e-12)


@given(st.floats(1e-4, 1), st.integers(1, 6), st.integers(1, 20))
def test_cyclic_cosine_equals_pytorchs_warm_restarts(lr: float, cycles: int, length: int) -> None:
    steps = cycles * length
    expected = torch_rates(lr, lambda o: lr_scheduler.CosineAnnealingWarmRestarts(o, length), steps)
    assert rates(CyclicCosine(lr, steps, cycles), steps) == pytest.approx(expected, rel=1e-8, abs=1e-12)


@given(st.floats(1e-4, 1), st.integers(2, 12), wholes)
def test_warmup_before_a_schedule_equals_pytorchs_two_in_sequence(lr: float, steps: int, step_size: int) -> None:
    def build(optimizer: torch.optim.Optimizer) -> Any:
        first = lr_scheduler.LinearLR(optimizer, start_factor=1 / steps, total_iters=steps - 1)
        second = lr_scheduler.StepLR(optimizer, step_size)
        return lr_scheduler.SequentialLR(optimizer, [first, second], milestones=[steps])

    assert rates(Warmup(StepLR(lr, step_size), steps)) == pytest.approx(torch_rates(lr, build), rel=1e-8)


def test_each_schedule_by_hand() -> None:
    assert rates(Constant(0.1), 3) == [0.1, 0.1, 0.1]
    assert rates(StepLR(1, 2, 0.1), 5) == pytest.approx([1, 1, 0.1, 0.1, 0.01])
    assert rates(ExponentialLR(1, 0.5), 3) == [1, 0.5, 0.25]
    assert rates(InverseTime(1, 1), 4) == pytest.approx([1, 1 / 2, 1 / 3, 1 / 4])
    assert rates(LinearRamp(0.5, 0.9, 2), 4) == pytest.approx([0.5, 0.7, 0.9, 0.9])
    assert rates(CosineAnnealingLR(1, 2, 0.2), 4) == pytest.approx([1, 0.6, 0.2, 0.2])
    assert rates(MultiStepLR(1, [2, 3], 0.1), 5) == pytest.approx([1, 1, 0.1, 0.01, 0.01])
    # One step up (0.4 · 5 - 1), three down, each a third of the way from 1 to 0.1 / 100; then the end.
    one = OneCycleLR(1, 5, pct_start=0.4, anneal_strategy="linear", div_factor=10, final_div_factor=100)
    assert rates(one, 6) == pytest.approx([0.1, 1, 1 - 0.333, 1 - 0.666, 0.001, 0.001])
    assert rates(one.momentum(0.8, 0.9), 5) == pytest.approx([0.9, 0.8, 0.8 + 0.1 / 3, 0.8 + 0.2 / 3, 0.9])
    assert rates(Warmup(ExponentialLR(1, 0.5), 2), 5) == pytest.approx([0.5, 1, 1, 0.5, 0.25])


def test_a_cycle_that_does_not_divide_the_run_ends_with_it() -> None:
    # ⌈10 / 3⌉ = 4: cycles of 4, 4 and 2 steps.
    schedule = CyclicCosine(0.2, 10, 3)
    assert schedule.cycle == 4
    assert schedule.snapshots() == (4, 8, 10)
    assert schedule(1) == schedule(5) == schedule(9) == 0.2


def test_a_snapshot_is_taken_where_the_rate_is_lowest() -> None:
    schedule = CyclicCosine(0.1, 600, 6)
    assert schedule.snapshots() == (100, 200, 300, 400, 500, 600)
    for end in schedule.snapshots():
        assert schedule(end) == min(rates(schedule, 600))


def problem(seed: int = 0) -> tuple[Network, tuple[Array, Array], np.random.Generator]:
    """A small network and 200 points, whose class is the sign of their first number times their second."""
    rng = np.random.default_rng(seed)
    x = rng.standard_normal((200, 4)).astype(np.float32)
    layers = [("hidden", Linear(4, 16)), ("relu", ReLU()), ("out", Linear(16, 2))]
    return Network.build(layers, (4,), rng=rng), (x, (x[:, 0] * x[:, 1] > 0).astype(int)), rng


def test_a_scheduled_optimizer_has_each_setting_as_its_schedule_says() -> None:
    network, data, rng = problem()
    choose = scheduled(SGD(1, momentum=0.1), lr=StepLR(0.4, 2, 0.5), momentum=LinearRamp(0.5, 0.9, 4))
    used = [snapshot.optimizer for snapshot in fit(network, data, choose, rng=rng, batch_size=100, epochs=3)]
    assert used == [SGD(0.4 * 0.5 ** (t // 2), momentum=LinearRamp(0.5, 0.9, 4)(t + 1)) for t in range(6)]


def test_a_scheduled_setting_that_an_optimizer_does_not_have_is_named() -> None:
    with pytest.raises(ValueError, match=r"momentum.*lr, betas, eps, weight_decay"):
        scheduled(Adam(), momentum=Constant(0.9))
    with pytest.raises(ValueError, match="no setting"):
        scheduled(Adam())
    with pytest.raises(ValueError, match=r"lr.*optimizer, regularizer"):
        scheduled(Regularized(SGD(0.1), L2(0.1)), lr=Constant(0.1))


def test_schedules_pickle_and_compare() -> None:
    schedule = Warmup(CyclicCosine(0.1, 100, 4), 10)
    again = pickle.loads(pickle.dumps(schedule))
    assert again == schedule
    assert rates(again) == rates(schedule)


@pytest.mark.parametrize(
    "schedule",
    [
        Constant(0.1),
        LinearRamp(0, 1, 3),
        StepLR(0.1, 3),
        MultiStepLR(0.1, [2]),
        OneCycleLR(0.1, 5),
        OneCycleLR(0.1, 5).momentum(),
        ExponentialLR(0.1, 0.9),
        InverseTime(0.1, 0.1),
        CosineAnnealingLR(0.1, 5),
        CyclicCosine(0.1, 10, 2),
        Warmup(Constant(0.1), 3),
    ],
    ids=lambda schedule: type(schedule).__name__,
)
def test_there_is_no_step_before_the_first(schedule: Schedule) -> None:
    with pytest.raises(ValueError, match="step 0; steps count from 1"):
        schedule(0)


@pytest.mark.parametrize(
    ("build", "says"),
    [
        (lambda: StepLR(0.1, 0), "step_size=0"),
        (lambda: StepLR(0.1, 3, gamma=2), "gamma=2"),
        (lambda: ExponentialLR(0.1, 0), "gamma=0"),
        (lambda: InverseTime(0.1, -1), "decay=-1"),
        (lambda: CosineAnnealingLR(0.1, 2.5), "T_max=2.5"),  # type: ignore[arg-type]
        (lambda: MultiStepLR(0.1, [3, 0]), "milestones=0"),
        (lambda: OneCycleLR(0.1, 0), "total_steps=0"),
        (lambda: OneCycleLR(0.1, 5, pct_start=1.5), "pct_start=1.5"),
        (lambda: OneCycleLR(0.1, 5, div_factor=0), "div_factor=0"),
        (lambda: OneCycleLR(0.1, 5, anneal_strategy="sin"), "'cos' or 'linear'"),  # type: ignore[arg-type]
        (lambda: CyclicCosine(0.1, 3, 4), "4 cycles.*total_steps=3"),
        (lambda: CyclicCosine(0.1, 3, 0), "cycles=0"),
        (lambda: Warmup(Constant(0.1), 0), "steps=0"),
        (lambda: LinearRamp(0.1, 0.2, 0), "steps=0"),
    ],
)
def test_settings_that_cannot_work_are_refused_with_the_reason(build: Callable[[], Schedule], says: str) -> None:
    with pytest.raises(ValueError, match=says):
        build()


def test_a_range_test_goes_through_its_rates_in_equal_steps_of_the_logarithm_and_leaves_the_network_alone() -> None:
    network, data, rng = problem()
    before = pickle.dumps(network)
    points = list(lr_range_test(network, data, SGD(1), rng=rng, low=1e-4, high=1e-2, steps=21))
    assert pickle.dumps(network) == before
    assert [point.step for point in points] == list(range(1, 22))
    assert (points[0].lr, points[10].lr, points[20].lr) == pytest.approx((1e-4, 1e-3, 1e-2))


def test_the_running_mean_of_a_range_test_is_the_mean_of_what_came_weighted_by_its_age() -> None:
    network, data, rng = problem()
    points = list(lr_range_test(network, data, SGD(1), rng=rng, low=1e-4, high=1e-2, steps=12, smoothing=0.7))
    losses = [point.loss for point in points]
    weights = 0.7 ** np.arange(12)[::-1]
    assert points[-1].smoothed == pytest.approx((weights * losses).sum() / weights.sum(), rel=1e-10)
    assert points[0].smoothed == pytest.approx(losses[0])


def test_a_range_test_ends_where_the_loss_blows_up() -> None:
    network, data, rng = problem()
    points = list(lr_range_test(network, data, SGD(1), rng=rng, low=1e-3, high=1e6, steps=100))
    assert len(points) < 100
    assert not points[-1].smoothed <= 4 * min(point.smoothed for point in points[:-1])
    assert all(point.smoothed <= 4 * points[0].smoothed for point in points[:-1])


def test_training_with_the_suggested_rate_learns_and_with_the_last_rate_of_the_test_does_not() -> None:
    network, data, rng = problem()
    points = list(lr_range_test(network, data, SGD(1), rng=rng, low=1e-4, high=1e4))
    suggested = suggested_lr(points)
    assert points[0].lr < suggested < points[-1].lr

    def accuracy(lr: float) -> float:
        with np.errstate(all="ignore"):
            *_, last = fit(network, data, SGD(lr), rng=np.random.default_rng(1), epochs=30)
            y = last.network.predict(data[0])
        return float((y.argmax(axis=1) == data[1]).mean())

    assert accuracy(suggested) > 0.9
    assert accuracy(points[-1].lr) < 0.7


def test_the_suggested_rate_is_a_tenth_of_that_with_the_lowest_loss() -> None:
    points = [RangePoint(i, 10.0**i, s, s) for i, s in enumerate([2.0, 1.9, 1.2, 1.1, 5.0, math.nan])]
    assert suggested_lr(points) == 100
    with pytest.raises(ValueError, match="never falls among 2 finite points"):
        suggested_lr(points[3:])
    with pytest.raises(ValueError, match="0 finite points"):
        suggested_lr([])


@pytest.mark.parametrize(
    "settings", [{"low": 0.0}, {"low": 1.0, "high": 0.1}, {"steps": 1}, {"smoothing": 1.0}], ids=str
)
def test_a_range_test_that_cannot_work_is_refused_when_it_is_asked_for(settings: dict[str, Any]) -> None:
    network, data, rng = problem()
    with pytest.raises(ValueError, match="0 < low < high, at least 2 steps"):
        lr_range_test(network, data, SGD(1), rng=rng, **settings)
