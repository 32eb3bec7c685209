"""A rate that falls on a plateau: step by step PyTorch's, by hand, and in training."""

from typing import Any

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from torch.optim import lr_scheduler

from engine import SGD, Linear, Network, Plateau, ReduceLROnPlateau, fit


@given(
    st.lists(st.one_of(st.floats(-2, 2), st.sampled_from([1.0, float("nan")])), min_size=1, max_size=40),
    st.fixed_dictionaries(
        {
            "mode": st.sampled_from(["min", "max"]),
            "factor": st.floats(0.05, 0.95),
            "patience": st.integers(0, 4),
            "threshold": st.sampled_from([0.0, 1e-4, 0.3]),
            "threshold_mode": st.sampled_from(["rel", "abs"]),
            "cooldown": st.integers(0, 3),
            "min_lr": st.sampled_from([0.0, 0.02]),
            "eps": st.sampled_from([1e-8, 0.01]),
        }
    ),
)
def test_every_measurement_moves_it_as_it_moves_pytorchs(metrics: list[float], settings: dict[str, Any]) -> None:
    optimizer = torch.optim.SGD([torch.zeros(1)], lr=0.1)
    twin = lr_scheduler.ReduceLROnPlateau(optimizer, **settings)
    state = None
    for metric in metrics:
        twin.step(metric)
        state = ReduceLROnPlateau(0.1, **settings).update(metric, state)
        assert state.lr == pytest.approx(optimizer.param_groups[0]["lr"], rel=1e-12)
        assert (state.best, state.num_bad_epochs) == (twin.best, twin.num_bad_epochs)
        assert state.cooldown_counter == twin.cooldown_counter


def test_a_fall_by_hand() -> None:
    """Two in a row no better than 1 are one too many for a patience of 1; the next rests, then it counts on."""
    plateau = ReduceLROnPlateau(0.4, factor=0.5, patience=1, cooldown=1)
    states = [plateau.start()]
    for metric in (1.0, 1.0, 1.0, 1.0, 1.0, 1.0):
        states.append(plateau.update(metric, states[-1]))
    assert [state.lr for state in states] == [0.4, 0.4, 0.4, 0.2, 0.2, 0.2, 0.1]
    assert states[3] == Plateau(0.2, 1.0, 0, 1)


def test_training_goes_on_with_the_rate_that_was_measured_for() -> None:
    rng = np.random.default_rng(0)
    x = rng.standard_normal((40, 3))
    network = Network.build([("out", Linear(3, 2))], (3,), rng=rng, dtype=np.float64)
    plateau = ReduceLROnPlateau(0.5, mode="max", factor=0.1, patience=0)
    state, rates = plateau.start(), []

    def optimizer(_: int) -> SGD:
        return SGD(state.lr)

    for snapshot in fit(network, (x, (x[:, 0] > 0).astype(int)), optimizer, rng=rng, epochs=6):
        rates.append(snapshot.optimizer.lr)
        state = plateau.update(1.0, state)
    # Two steps an epoch; a measurement that never gets better lowers the rate each time after the first.
    assert rates[:4] == pytest.approx([0.5, 0.5, 0.05, 0.005])


@pytest.mark.parametrize(
    ("settings", "says"),
    [
        ({"lr": -1}, "lr=-1"),
        ({"mode": "low"}, "mode='low'.*an accuracy"),
        ({"threshold_mode": "none"}, "threshold_mode='none'"),
        ({"factor": 1.0}, "factor=1.0"),
        ({"patience": -1}, "patience=-1"),
        ({"cooldown": -1}, "cooldown=-1"),
        ({"min_lr": float("nan")}, "min_lr=nan"),
    ],
)
def test_settings_that_cannot_work_are_refused_with_the_reason(settings: dict[str, Any], says: str) -> None:
    with pytest.raises(ValueError, match=f"ReduceLROnPlateau: {says}"):
        ReduceLROnPlateau(**{"lr": 0.1, **settings})
