"""A training run as the page asks for it: steps, epochs, another recipe, another rate, and the desk that keeps it."""

from __future__ import annotations

import weakref

import numpy as np
import pytest

from pages.training.watch_it_train.run import Desk, Recipe, make_optimizer
from tests.background import SOON, Held, eventually, no_thread_is_left, threads
from ui import limits
from ui.jobs import Job

__all__ = ["no_thread_is_left"]

RECIPE = Recipe("he_normal", "sgd", batch_size=64, seed=0, epochs=200)


OPTIMIZER = make_optimizer("sgd", 0.05, 0.9, 0.001)


def watched(job: Job) -> bool:
    """Look at a job until it rests."""

    def rests() -> bool:
        job.look()
        return job.wait(0.01)

    return eventually(rests)


def test_another_recipe_puts_the_run_before_it_aside_at_rest() -> None:
    desk = Desk()
    first = desk.training(RECIPE, OPTIMIZER, "full")
    first.do("play")
    assert eventually(lambda run=first.run: run.step > 0)
    network = weakref.ref(first.run)
    second = desk.training(Recipe("he_normal", "sgd", batch_size=64, seed=1, epochs=200), OPTIMIZER, "full")
    assert first.job.status == "paused"
    assert eventually(lambda: threads() == 0)
    assert second.run.step == 0
    desk.clear()
    del first
    assert network() is None, "a desk that was cleared lets go of every run's arrays"


def test_reset_starts_from_the_same_weights() -> None:
    desk = Desk()
    first = desk.training(RECIPE, OPTIMIZER, "full")
    before = first.run.initial.params
    first.do("step")
    assert watched(first.job)
    desk.clear()
    again = desk.training(RECIPE, OPTIMIZER, "full").run.network.params
    for name, value in before.items():
        np.testing.assert_array_equal(again[name], value)


def test_a_new_learning_rate_keeps_the_run_and_counts_from_the_next_step() -> None:
    desk = Desk()
    training = desk.training(RECIPE, OPTIMIZER, "full")
    training.do("step")
    assert watched(training.job)
    assert desk.training(RECIPE, make_optimizer("sgd", 0.001, 0.9, 0.001), "full") is training
    training.do("step")
    assert watched(training.job)
    assert [point.lr for point in training.run.points()] == [0.05, 0.001]
    desk.clear()


def test_a_single_step_is_done_when_the_page_is_drawn_again(monkeypatch: pytest.MonkeyPatch) -> None:
    # A busy machine may need longer than a page should wait.
    monkeypatch.setattr("pages.training.watch_it_train.run.A_STEP", SOON)
    desk = Desk()
    training = desk.training(RECIPE, OPTIMIZER, "slow")
    for number in range(1, 6):
        training.do("step")
        assert training.run.step == number
        assert training.job.status == "paused"
    desk.clear()


def test_a_single_step_that_stands_in_line_doesn_t_keep_the_page_waiting() -> None:
    desk = Desk()
    held = [Held() for _ in range(limits.JOBS)]
    others = [Job(one.advance, patience=60) for one in held]
    for other, one in zip(others, held, strict=True):
        other.play()
        assert one.inside.wait(SOON)
    training = desk.training(RECIPE, OPTIMIZER, "full")
    training.do("step")
    assert training.run.step == 0
    assert eventually(lambda: training.job.status == "queued")
    for one in held:
        one.go.set()
    for other in others:
        other.stop()
    assert watched(training.job)
    assert training.run.step == 1
    desk.clear()


def test_one_epoch_goes_to_the_next_whole_epoch() -> None:
    desk = Desk()
    training = desk.training(RECIPE, OPTIMIZER, "full")
    training.do("step")
    assert watched(training.job)
    training.do("epoch")
    assert watched(training.job)
    assert training.run.step == training.run.steps_per_epoch
    desk.clear()


def test_steps_that_are_asked_for_while_one_is_taken_are_all_taken(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("pages.training.watch_it_train.run.A_STEP", 0.0)
    training = Desk().training(RECIPE, OPTIMIZER, "full")
    for _ in range(4):
        training.do("step")
    assert watched(training.job)
    assert (training.run.step, training.job.status) == (4, "paused")
