"""A run that remembers: its curve, its end, and what happens when numbers blow up."""

from __future__ import annotations

import math
from collections.abc import Callable

import numpy as np
import pytest

from engine.data.digits import digits
from engine.initializers import INITIALIZERS
from engine.optimizers import SGD, Adam, Optimizer
from engine.training.fit import fit
from engine.training.metrics import evaluate
from engine.training.run import Run, first_step_at, likely_cause, steps_in_an_epoch
from engine.zoo.digit_network import digit_network

GOOD = SGD(0.05, momentum=0.9, weight_decay=0.001)
OVERFLOWS = SGD(10, weight_decay=0.5)


def make(optimizer: Optimizer = GOOD, *, epochs: int = 2, seed: int = 0, initializer: str = "he_normal") -> Run:
    data = digits()
    return Run(
        lambda rng: digit_network(rng, INITIALIZERS[initializer]),
        (data.train_x, data.train_y),
        (data.validation_x, data.validation_y),
        optimizer,
        seed=seed,
        batch_size=64,
        epochs=epochs,
    )


def to_the_end(run: Run, each: Callable[[], None] = lambda: None) -> Run:
    while run.advance():
        each()
    return run


def test_an_epoch_shows_every_example_once_and_the_last_batch_takes_the_rest() -> None:
    assert steps_in_an_epoch(64, 32) == 2
    assert steps_in_an_epoch(65, 32) == 3
    data = digits()
    one_epoch = fit(
        digit_network(np.random.default_rng(0)), (data.train_x, data.train_y), GOOD,
        rng=np.random.default_rng(0), batch_size=64, epochs=1,
    )  # fmt: skip
    assert len(list(one_epoch)) == steps_in_an_epoch(len(data.train_y), 64)


def test_a_run_ends_after_its_last_epoch() -> None:
    run = to_the_end(make(epochs=1))
    assert run.step == run.total_steps == len(run.points())
    assert run.ended
    assert not run.advance()


def test_the_same_seed_gives_the_same_curve_bit_for_bit() -> None:
    assert to_the_end(make(epochs=1)).points() == to_the_end(make(epochs=1)).points()
    assert to_the_end(make(epochs=1, seed=1)).points() != to_the_end(make(epochs=1)).points()


def test_validation_is_asked_every_fifth_step_and_at_the_end() -> None:
    run = to_the_end(make(epochs=1))
    asked = [p.step for p in run.points() if p.validation_loss is not None]
    assert asked == sorted({*range(5, run.total_steps + 1, 5), run.total_steps})


def test_the_learning_rate_can_change_between_two_steps() -> None:
    run = make()
    run.advance()
    run.optimizer = slower = SGD(0.001, momentum=0.9)
    assert run.optimizer is slower
    run.advance()
    assert [p.lr for p in run.points()] == [0.05, 0.001]
    assert run.snapshot is not None
    assert run.snapshot.state.step == 2, "the momentum carried on"


def test_what_the_untrained_network_answers_is_kept() -> None:
    data = digits()
    run = to_the_end(make(epochs=1))
    assert run.before.loss == evaluate(run.initial, data.validation_x, data.validation_y).loss
    assert run.before.accuracy < 0.3


def test_steps_to_the_end_of_an_epoch() -> None:
    run = make()
    assert run.steps_to_epoch_end() == run.steps_per_epoch
    run.advance()
    assert run.steps_to_epoch_end() == run.steps_per_epoch - 1


def test_a_run_that_overflows_ends_and_keeps_its_last_finite_network() -> None:
    run = to_the_end(make(OVERFLOWS))
    assert run.diverged_at == run.step + 1
    assert run.ended
    assert all(np.isfinite(value).all() for value in run.network.params.values())
    assert all(math.isfinite(p.loss) for p in run.points())


def test_the_first_loss_of_an_even_guess_is_ln_10() -> None:
    run = make(initializer="zeros")
    run.advance()
    assert run.points()[0].loss == pytest.approx(math.log(10), rel=1e-6)


@pytest.mark.slow
@pytest.mark.parametrize("seed", [0, 1, 2])
def test_the_default_recipe_reaches_97_percent(seed: int) -> None:
    run = to_the_end(make(epochs=30, seed=seed))
    assert first_step_at(run.points(), 0.97) is not None


@pytest.mark.slow
def test_the_default_recipe_ends_above_97_percent() -> None:
    last = to_the_end(make(epochs=30)).points()[-1]
    assert last.validation_accuracy is not None
    assert last.validation_accuracy >= 0.97


def test_first_step_at_an_accuracy_never_reached_is_none() -> None:
    assert first_step_at(to_the_end(make(epochs=1)).points(), 1.01) is None


@pytest.mark.parametrize(
    ("optimizer", "cause"),
    [
        (OVERFLOWS, "weight_decay"),
        (SGD(0.5, momentum=0.9), "learning_rate"),
        (Adam(0.1), "learning_rate"),
        (SGD(0.01), "unknown"),
        (Adam(0.001), "unknown"),
    ],
)
def test_likely_causes(optimizer: Optimizer, cause: str) -> None:
    assert likely_cause(optimizer) == cause


@pytest.mark.parametrize("momentum", [0.0, 0.9])
def test_weight_decay_alone_grows_weights_exactly_beyond_the_stated_bound(momentum: float) -> None:
    """lr · λ against 2 (1 + β), with no gradient but the decay's own."""

    def size_after(product: float) -> float:
        optimizer, params, state = SGD(1.0, momentum=momentum, weight_decay=product), {"w": np.ones(1)}, None
        for _ in range(400):
            params, state = optimizer.update(params, {"w": np.zeros(1)}, state)
        return abs(float(params["w"][0]))

    bound = 2 * (1 + momentum)
    assert size_after(0.95 * bound) < 1
    assert size_after(1.05 * bound) > 10
    assert likely_cause(SGD(1.0, momentum=momentum, weight_decay=1.05 * bound)) == "weight_decay"
    assert likely_cause(SGD(1.0, momentum=momentum, weight_decay=0.95 * bound)) != "weight_decay"
