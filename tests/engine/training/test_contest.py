"""Who learns faster, and whether that is more than chance."""

from __future__ import annotations

from functools import partial

import numpy as np
import pytest

from engine.layers import Linear
from engine.network import Network
from engine.training.contest import Entrant, enter, lead


def problem(count: int) -> tuple[np.ndarray, np.ndarray]:
    x = np.random.default_rng(count).normal(size=(count, 4)).astype(np.float32)
    return x, (x[:, 0] + x[:, 1] > 0).astype(np.int64)


def straight(seed: int) -> Network:
    return Network.build([("out", Linear(4, 2))], (4,), rng=np.random.default_rng(seed))


def entered(rates: tuple[float, ...] = (0.01, 0.5), seeds: range = range(3)) -> Entrant:
    return enter(straight, problem(64), problem(40), rates=rates, seeds=seeds, steps=20, every=5, batch_size=16)


def test_the_same_entrant_meets_the_same_weights_and_batches() -> None:
    first, again = entered(), entered()
    assert first.losses.shape == (2, 3, 5)
    np.testing.assert_array_equal(first.losses, again.losses)
    assert lead(first.at_best[:, -1], again.at_best[:, -1]).tied


def test_the_first_loss_is_that_before_any_step_whatever_the_rate() -> None:
    losses = entered().losses
    np.testing.assert_array_equal(losses[0, :, 0], losses[1, :, 0])
    assert len(set(losses[0, :, 0].tolist())) == 3


def test_the_best_rate_has_the_least_loss_at_the_end() -> None:
    found = entered((0.01, 0.5, 0.1))
    ends = found.losses[:, :, -1].mean(axis=1)
    assert ends[found.best] == ends.min()
    assert found.rate == found.rates[found.best] == 0.5
    np.testing.assert_array_equal(found.at_best, found.losses[found.best])


def test_a_rate_that_blows_up_is_never_the_best() -> None:
    found = entered((1e39, 0.1))
    assert np.isinf(found.losses[0, :, -1]).all()
    assert found.rate == 0.1


def test_a_lead_is_counted_seed_by_seed_and_small_ones_are_ties() -> None:
    behind = np.array([1.0, 2.0, 3.0])
    clear = lead(behind, behind - [0.5, 0.6, 0.4])
    assert (clear.mean, clear.spread) == (pytest.approx(0.5), pytest.approx(0.1))
    assert not clear.tied
    assert not lead(behind - [0.5, 0.6, 0.4], behind).tied
    assert lead(behind, behind - [0.5, -0.6, 0.4]).tied


def test_what_cannot_be_run_is_refused() -> None:
    enters = partial(enter, straight, problem(8), problem(8))
    with pytest.raises(ValueError, match="at least one of each"):
        enters(rates=(), seeds=(0,), steps=10, every=5)
    with pytest.raises(ValueError, match="multiple"):
        enters(rates=(0.1,), seeds=(0,), steps=10, every=3)
    with pytest.raises(ValueError, match="as many of each"):
        lead(np.array([1.0]), np.array([2.0]))
