"""The training loop: every step is the steps it claims to be, and can be stopped, kept and repeated."""

import itertools
import pickle
from typing import Any

import numpy as np
import pytest

from engine import SGD, Adam, CrossEntropyLoss, Network, Snapshot, fit
from engine.types import Array
from tests.engine.networks import small_network, stripes

DATA = stripes(20)


def run(steps: int | None = None, seed: int = 5, **settings: Any) -> list[Snapshot]:
    arguments: dict[str, Any] = {"optimizer": SGD(0.05, momentum=0.9), "batch_size": 8, **settings}
    snapshots = fit(small_network(), DATA, rng=np.random.default_rng(seed), **arguments)
    return list(itertools.islice(snapshots, steps))


def weights(snapshot: Snapshot) -> bytes:
    return b"".join(value.tobytes() for value in snapshot.network.params.values())


def test_the_same_seed_trains_to_the_same_bits() -> None:
    assert [weights(s) for s in run(7)] == [weights(s) for s in run(7)]
    assert weights(run(1)[0]) != weights(run(1, seed=6)[0])


def test_a_step_is_forward_loss_backward_update() -> None:
    network, (x, target), loss, optimizer = small_network(), DATA, CrossEntropyLoss(), SGD(0.1)
    trace = network.forward(x, train=True)
    value, cache = loss.forward(trace.y, target)
    grads = network.backward(trace, loss.backward(cache)).grads
    expected, _ = optimizer.update(network.params, grads)

    (snapshot,) = run(1, optimizer=optimizer, batch_size=len(x))
    assert snapshot.loss == pytest.approx(value, rel=1e-5)
    assert snapshot.accuracy == pytest.approx((trace.y.argmax(axis=1) == target).mean())
    for name, param in expected.items():
        np.testing.assert_allclose(snapshot.grads[name], grads[name], atol=1e-5)
        np.testing.assert_allclose(snapshot.network.params[name], param, atol=1e-6)


def test_each_step_starts_where_the_last_one_ended() -> None:
    snapshots = run(6)
    for before, after in itertools.pairwise(snapshots):
        assert after.previous is before.network.params
    for snapshot in snapshots:
        assert snapshot.network.params.keys() == snapshot.grads.keys()


def test_an_update_can_be_made_again_from_its_snapshot() -> None:
    first, second = run(2, optimizer=Adam(0.01))
    params, state = second.optimizer.update(second.previous, second.grads, first.state)
    assert pickle.dumps(params) == pickle.dumps(second.network.params)
    assert pickle.dumps(state) == pickle.dumps(second.state)


def test_no_snapshot_is_overwritten_by_a_later_one() -> None:
    kept, copies = [], []
    for snapshot in itertools.islice(fit(small_network(), DATA, Adam(0.01), rng=np.random.default_rng(0)), 6):
        kept.append(snapshot)
        copies.append(pickle.dumps((snapshot.network.params, snapshot.previous, snapshot.grads, snapshot.state)))
    assert [pickle.dumps((s.network.params, s.previous, s.grads, s.state)) for s in kept] == copies


def test_training_leaves_the_given_network_and_data_as_they_were() -> None:
    network, (x, target) = small_network(), stripes(20)
    before = pickle.dumps((network, x, target))
    list(fit(network, (x, target), SGD(0.1), rng=np.random.default_rng(0), epochs=1))
    assert pickle.dumps((network, x, target)) == before


def test_a_pause_of_any_length_changes_nothing() -> None:
    paused = fit(small_network(), DATA, SGD(0.05, momentum=0.9), rng=np.random.default_rng(5), batch_size=8)
    first = [weights(next(paused)) for _ in range(3)]
    run(4, seed=99)
    rest = [weights(next(paused)) for _ in range(3)]
    assert first + rest == [weights(s) for s in run(6)]


def test_the_learning_rate_changes_while_training_runs() -> None:
    rate = {"lr": 0.05}
    training = fit(
        small_network(), DATA, lambda step: SGD(rate["lr"], momentum=0.9), rng=np.random.default_rng(5), batch_size=8
    )
    before = [next(training) for _ in range(3)]
    rate["lr"] = 0.0
    frozen = next(training)
    assert [weights(s) for s in before] == [weights(s) for s in run(3)]
    assert [s.optimizer.lr for s in [*before, frozen]] == [0.05, 0.05, 0.05, 0.0]
    assert weights(frozen) == weights(before[-1])
    assert frozen.state.step == 4, "the momentum goes on through a change of rate"


def test_the_optimizer_is_asked_for_by_the_number_of_the_step() -> None:
    asked: list[int] = []

    def schedule(step: int) -> SGD:
        asked.append(step)
        return SGD(0.1 / step)

    snapshots = run(4, optimizer=schedule)
    assert asked == [s.step for s in snapshots] == [1, 2, 3, 4]
    assert [s.optimizer.lr for s in snapshots] == [0.1, 0.05, 0.1 / 3, 0.025]


class Recorder(Network):
    """A network that remembers which examples it was shown; example n holds the number n everywhere."""

    seen: list[list[int]]

    def train_forward(self, x: Array, **settings: Any) -> Any:
        Recorder.seen.append(x[:, 0, 0, 0].astype(int).tolist())
        return super().train_forward(x, **settings)


def test_an_epoch_shows_every_example_once_in_an_order_of_its_own() -> None:
    x = np.broadcast_to(np.arange(20, dtype=np.float32)[:, None, None, None], (20, 1, 6, 6))
    plain = small_network()
    Recorder.seen = []
    network = Recorder(plain.layers, plain.params, plain.input_shape)
    snapshots = list(fit(network, (x, DATA[1]), SGD(1e-6), rng=np.random.default_rng(0), batch_size=8, epochs=2))
    assert [len(batch) for batch in Recorder.seen] == [8, 8, 4, 8, 8, 4]
    assert [s.epoch for s in snapshots] == [0, 0, 0, 1, 1, 1]
    first, second = (list(itertools.chain(*Recorder.seen[i : i + 3])) for i in (0, 3))
    assert sorted(first) == sorted(second) == list(range(20))
    assert first != second
    assert first != sorted(first)


def test_training_learns_the_stripes() -> None:
    snapshots = run(epochs=12, optimizer=Adam(0.02))
    unseen, target = stripes(60, seed=2)
    assert snapshots[0].loss > 0.8
    assert snapshots[-1].loss < 0.3
    assert (snapshots[-1].network.predict(unseen).argmax(axis=1) == target).mean() >= 0.9


def test_a_rate_that_is_too_high_ends_in_numbers_that_say_so_not_in_an_exception() -> None:
    with np.errstate(all="ignore"):
        losses = [s.loss for s in run(30, optimizer=SGD(1e6))]
    assert not np.isfinite(losses).all()


@pytest.mark.parametrize(
    ("data", "batch_size", "says"),
    [
        ((DATA[0], DATA[1][:-1]), 8, ["20 examples", "19 targets"]),
        ((DATA[0][:0], DATA[1][:0]), 8, ["0 examples", "at least one"]),
        (DATA, 0, ["batch_size=0", "at least 1"]),
    ],
)
def test_data_that_cannot_be_trained_on_are_refused(data: Any, batch_size: int, says: list[str]) -> None:
    for words in says:
        with pytest.raises(ValueError, match=words):
            next(fit(small_network(), data, SGD(0.1), rng=np.random.default_rng(0), batch_size=batch_size))
