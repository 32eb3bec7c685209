"""What a look into the network shows while it trains."""

from __future__ import annotations

import numpy as np
import pytest

from engine.data.digits import digits
from engine.initializers import INITIALIZERS
from engine.losses import CrossEntropyLoss
from engine.optimizers import SGD, Optimizer
from engine.training.metrics import evaluate, update_ratio
from engine.training.run import Run
from engine.zoo.digit_network import digit_network
from pages.training.watch_it_train.compute import diagnose
from pages.training.watch_it_train.words import say
from ui.jobs import Job

GOOD = SGD(0.05, momentum=0.9, weight_decay=0.001)


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


def test_a_look_shows_the_arrays_that_the_network_itself_computes() -> None:
    run, data = make(), digits()
    run.advance()
    seen = diagnose(run.network, run.snapshot, data.validation_x[0], int(data.validation_y[0]), data.validation_x[:8])
    trace = run.network.forward(data.validation_x[:1])
    value, cache = CrossEntropyLoss().forward(trace.y, data.validation_y[:1])
    back = run.network.backward(trace, CrossEntropyLoss().backward(cache))
    assert seen.loss == pytest.approx(value)
    conv1, conv2, linear = seen.layers
    np.testing.assert_array_equal(conv1.y, trace["relu1"].y[0])
    np.testing.assert_array_equal(conv2.dy, back["relu2"].dy[0])
    np.testing.assert_array_equal(linear.y, trace.y[0])
    assert run.snapshot is not None
    assert conv1.dweight is run.snapshot.grads["conv1.weight"]
    assert conv1.ratio is not None
    assert 0 < conv1.ratio < 1
    assert conv1.activations.size == 8 * 8 * 8 * 8


def test_before_the_first_step_there_is_no_gradient_and_no_update() -> None:
    run, data = make(), digits()
    seen = diagnose(run.network, None, data.validation_x[0], int(data.validation_y[0]), data.validation_x[:8])
    assert [layer.dweight for layer in seen.layers] == [None, None, None]
    assert [layer.ratio for layer in seen.layers] == [None, None, None]
    assert not seen.is_dead


def test_a_network_whose_relus_answer_only_zero_is_dead() -> None:
    network, data = digit_network(np.random.default_rng(0)), digits()
    shut = network.replace({**network.params, "conv2.bias": np.full(16, -1e6, dtype=np.float32)})
    assert diagnose(shut, None, data.validation_x[0], 0, data.validation_x[:8]).is_dead


def test_before_the_first_step_zeros_are_not_called_random_draws() -> None:
    for initializer, said in (("he_normal", "random draws"), ("zeros", "All weights are 0")):
        run, data = make(initializer=initializer), digits()
        seen = diagnose(run.network, None, data.validation_x[0], int(data.validation_y[0]), data.validation_x[:8])
        answers = evaluate(run.network, data.validation_x, data.validation_y)
        assert said in say(run, Job(run.advance), 0, seen, answers).text


def test_no_layer_is_said_to_go_farthest_since_that_depends_on_the_draw() -> None:
    farthest = set()
    for seed in range(4):
        run = make(seed=seed)
        before = run.network.params
        run.advance()
        after = run.network.params
        moved = {name: update_ratio(before[name], after[name]) for name in before if name.endswith(".weight")}
        farthest.add(max(moved, key=lambda name: moved[name]))
    assert len(farthest) > 1
