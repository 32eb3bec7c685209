"""Training, the gradient check and the learning rate test take every loss, with targets of the kind that it takes."""

import itertools
import math
from typing import Any

import numpy as np
import pytest

from engine import SGD, Conv2d, Flatten, Linear, Network, ReLU, Sigmoid, fit
from engine.gradcheck import check_network
from engine.losses import LOSSES, CrossEntropyLoss, HuberLoss, L1Loss, MSELoss, softmax
from engine.training.lr_range import lr_range_test
from engine.types import Array, ShapeError

CLASS_LOSSES = {"cross_entropy", "negative_log_likelihood", "hinge", "squared_hinge", "ramp", "center"}
every_loss = pytest.mark.parametrize("name", LOSSES)


def network(outputs: int = 3) -> Network:
    layers = [
        ("conv", Conv2d(1, 2, 3)),
        ("relu", ReLU()),
        ("flatten", Flatten()),
        ("linear", Linear(32, outputs)),
    ]
    return Network.build(layers, (1, 6, 6), rng=np.random.default_rng(0))


def network_for(name: str) -> Network:
    """One that gives what the loss takes: shares come out of a sigmoid."""
    plain = network()
    if name != "binary_cross_entropy_of_shares":
        return plain
    return Network((*plain.layers, ("sigmoid", Sigmoid())), plain.params, plain.input_shape)


def data(name: str, examples: int = 24) -> tuple[Array, Array]:
    """Pictures, and a target of the kind that the loss takes, which a network can learn from them."""
    rng = np.random.default_rng(1)
    x = rng.standard_normal((examples, 1, 6, 6)).astype(np.float32)
    features = x.reshape(examples, -1)[:, :3]
    if name in CLASS_LOSSES:
        return x, features.argmax(axis=1)
    if name in ("binary_cross_entropy", "binary_cross_entropy_of_shares", "sigmoid_quadratic", "kl_divergence"):
        return x, softmax(features)
    return x, 2 * features


@every_loss
def test_training_lowers_every_loss(name: str) -> None:
    x, target = data(name)
    rng = np.random.default_rng(0)
    snapshots = list(fit(network_for(name), (x, target), SGD(0.05), rng=rng, epochs=30, loss=LOSSES[name]))
    assert snapshots[-1].loss < snapshots[0].loss
    assert all(isinstance(s.loss, float) for s in snapshots)


@every_loss
def test_the_share_of_right_answers_is_a_number_where_targets_are_classes(name: str) -> None:
    x, target = data(name)
    first = next(fit(network_for(name), (x, target), SGD(0.05), rng=np.random.default_rng(0), loss=LOSSES[name]))
    assert math.isnan(first.accuracy) == (name not in CLASS_LOSSES)


def test_one_output_for_each_of_several_numbers_to_meet_is_not_a_class() -> None:
    """Whole numbers as regression targets (N, 1): no class numbers, though integers."""
    x, _ = data("mse")
    target = np.arange(len(x))[:, None]
    first = next(fit(network(1), (x, target), SGD(1e-4), rng=np.random.default_rng(0), loss=MSELoss()))
    assert math.isnan(first.accuracy)
    assert math.isfinite(first.loss)


@every_loss
def test_the_gradient_check_passes_with_every_loss(name: str) -> None:
    x, target = data(name, 12)
    check = check_network(network_for(name), x, target, rng=np.random.default_rng(0), loss=LOSSES[name], sample=40)
    assert any(abs(entry.analytic) > 1e-4 for entry in check.entries)
    assert check.worst.relative_error < 1e-6


@pytest.mark.parametrize("loss", [MSELoss(), L1Loss(), HuberLoss()])
def test_the_learning_rate_test_runs_on_numbers_to_meet(loss: Any) -> None:
    points = list(lr_range_test(network(), data("mse"), SGD(0.1), rng=np.random.default_rng(0), loss=loss, steps=60))
    assert min(point.smoothed for point in points) < points[0].smoothed


def test_a_sum_trains_like_a_mean_with_a_rate_as_much_smaller() -> None:
    """The sum's gradient is 8 times the mean's in a batch of 8: a rate of 0.01 does what 0.08 does."""
    x, target = data("cross_entropy")
    ends = []
    for loss, rate in ((CrossEntropyLoss(reduction="sum"), 0.01), (CrossEntropyLoss(), 0.08)):
        steps = fit(network(), (x, target), SGD(rate), rng=np.random.default_rng(0), batch_size=8, loss=loss)
        ends.append(list(itertools.islice(steps, 6))[-1].network.params)
    for name in ends[0]:
        np.testing.assert_allclose(ends[0][name], ends[1][name], rtol=1e-4, atol=1e-6)


def test_training_on_single_costs_is_refused_with_what_would_work() -> None:
    x, target = data("cross_entropy")
    alone = CrossEntropyLoss(reduction="none")
    with pytest.raises(ShapeError, match="reduction='mean' gives one number"):
        next(fit(network(), (x, target), SGD(0.1), rng=np.random.default_rng(0), loss=alone))
    with pytest.raises(ShapeError, match="reduction='mean' gives one number"):
        check_network(network(), x, target, rng=np.random.default_rng(0), loss=alone)
