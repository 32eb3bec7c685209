"""What the live picture is told and tells: what drives the run, in its order, and finite numbers whatever happens."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from types import SimpleNamespace

import numpy as np
import pytest

from engine.data.digits import digit
from engine.training.metrics import evaluate
from pages.training.watch_it_train import controls, run
from pages.training.watch_it_train import picture as live
from pages.training.watch_it_train.controls import CONTROLS
from pages.training.watch_it_train.picture import CURVE_POINTS, Example, picture
from pages.training.watch_it_train.run import Desk, Recipe, Training, digit_answered, make_optimizer
from tests.pages.opening import bound
from ui import state
from ui.components import board
from ui.components.board import Drawn

RECIPE = Recipe("he_normal", "sgd", batch_size=64, seed=0, epochs=3)


def training_after(steps: int, *, lr: float = 0.05, momentum: float = 0.9, decay: float = 0.001) -> Training:
    training = Training.start(RECIPE, make_optimizer("sgd", lr, momentum, decay))
    for _ in range(steps):
        training.run.advance()
    return training


def packed(drawn: Drawn) -> bytes:
    """What goes to the browser."""
    kept: list[bytes] = []
    with pytest.MonkeyPatch.context() as patched:
        bound(patched, CONTROLS, "watch-it-train")
        patched.setattr(board, "listen", lambda mount, make, told, key: kept.append(make(7)))
        board.draw(lambda **_: None, drawn, {"speed": "steady"}, lambda _: None, {}, key="watch-it-train.board")
    return kept[0]


def unpacked(training: Training) -> tuple[dict, dict[str, np.ndarray]]:
    """Read the bytes as the browser does."""
    image, label = digit(12)
    data = packed(picture(training, Example(image, label), None))
    length = int.from_bytes(data[4:8], "little")
    header = json.loads(data[8 : 8 + length], parse_constant=lambda word: pytest.fail(f"JSON has no {word}"))
    arrays = {}
    for entry in header["arrays"]:
        start = 8 + length + entry["offset"]
        count = int(np.prod(entry["shape"]))
        arrays[entry["name"]] = np.frombuffer(data, entry["dtype"], count, start).reshape(entry["shape"])
    return header["meta"], arrays


def test_the_first_screen_already_shows_the_untrained_network() -> None:
    training = training_after(0)
    meta, arrays = unpacked(training)
    assert (meta["step"], meta["status"], meta["heard"]) == (0, "paused", 7)
    assert "2.303" in meta["say"]["text"]
    assert meta["loss"] in meta["say"]["text"]
    np.testing.assert_array_equal(arrays["conv1.weight"], training.run.network.params["conv1.weight"])
    assert not meta["layers"][0]["hasGradient"]
    assert arrays["steps"].size == 0


def test_what_is_drawn_is_what_the_run_holds() -> None:
    training = training_after(12)
    meta, arrays = unpacked(training)
    run = training.run
    assert run.snapshot is not None
    np.testing.assert_array_equal(arrays["conv2.dweight"], run.snapshot.grads["conv2.weight"])
    np.testing.assert_allclose(arrays["loss"], [p.loss for p in run.points()], rtol=1e-6)
    assert arrays["validated"].tolist() == [0, 5, 10, 12]
    assert f"{arrays['validation_loss'][-1]:.3f}" == meta["loss"], "the curve's end is the number beside it"
    np.testing.assert_allclose(arrays["mean_loss"][1], np.mean([p.loss for p in run.points()[5:10]]), rtol=1e-6)
    assert arrays["confusion"].sum() == 359
    assert len(meta["mistakes"]) == len(arrays["mistakes"])


def test_a_picture_belongs_to_one_step_although_the_run_goes_on() -> None:
    training = Training.start(Recipe("he_normal", "sgd", 64, 0, epochs=200), make_optimizer("sgd", 0.05, 0.9, 0.001))
    training.do("play")
    try:
        for _ in range(10):
            training.job.look()
            meta, arrays = unpacked(training)
            if meta["step"]:
                assert re.search(rf"\*\*{meta['step']}\*\* step", meta["say"]["text"])
                assert arrays["steps"][-1] == arrays["validated"][-1] == meta["step"]
    finally:
        training.job.stop()
    assert training.run.step > 0


def test_a_run_that_overflowed_is_still_drawn_and_says_why() -> None:
    meta, _ = unpacked(training_after(30, lr=10, momentum=0, decay=0.5))
    assert meta["ended"]
    assert meta["say"]["title"] == "The loss is not finite"
    assert "weight decay" in meta["say"]["cause"]


def test_a_run_whose_units_died_says_why() -> None:
    meta, _ = unpacked(training_after(60, lr=2))
    assert meta["say"]["title"] == "Every unit answers zero"
    assert "learning rate" in meta["say"]["cause"]


def test_a_change_of_the_learning_rate_is_marked_where_it_happened() -> None:
    training = training_after(3)
    training.run.optimizer = make_optimizer("sgd", 0.01, 0.9, 0.001)
    training.run.advance()
    assert unpacked(training)[1]["changes"].tolist() == [4]


def test_a_long_curve_is_thinned_for_the_browser() -> None:
    training = training_after(1)
    point = training.run.points()[0]
    assert training.run.snapshot is not None
    training.run.snapshot = replace(training.run.snapshot, step=10 * CURVE_POINTS)
    training.run._points = [replace(point, step=step) for step in range(1, 10 * CURVE_POINTS + 1)]
    steps = unpacked(training)[1]["steps"]
    assert (steps.size, steps[-1]) == (CURVE_POINTS, 10 * CURVE_POINTS)


def test_a_picture_is_small_enough_to_be_sent_five_times_a_second() -> None:
    image, label = digit(12)
    assert len(packed(picture(training_after(69), Example(image, label), None))) < 60_000


def test_a_digit_for_a_cell_of_the_confusion_matrix_is_of_that_class_and_answer() -> None:
    network = training_after(20).run.network
    for truth in range(10):
        for answer in range(10):
            index = digit_answered(network, truth, answer)
            if index is not None:
                image, label = digit(index)
                assert label == truth
                assert evaluate(network, image[None], np.array([label])).predicted[0] == answer


@pytest.fixture
def at_work(monkeypatch: pytest.MonkeyPatch) -> Desk:
    """A desk and the controls, as a session has them."""
    bound(monkeypatch, CONTROLS, "watch-it-train")
    found = Desk()
    monkeypatch.setattr(run, "desk", lambda: found)
    monkeypatch.setattr(controls, "desk", lambda: found)
    monkeypatch.setattr(live, "desk", lambda: found)
    return found


def test_what_drives_the_run_is_taken_once_each_and_in_order(at_work: Desk) -> None:
    live.do(["step"])
    assert controls.current().job.wait(20)
    live.do(["reset", "undo", "reset"])
    assert controls.current().run.step == 0
    assert at_work.before() == 1
    live.do(["undo"])
    assert controls.current().run.step == 1
    at_work.clear()


@pytest.mark.parametrize("told", [None, "play", 3, {}, [None], [{"action": "play"}], ["rm"], [["play"]]])
def test_what_drives_nothing_is_left_out(at_work: Desk, told: object) -> None:
    live.do(told)
    assert controls.current().job.status == "paused"
    assert controls.current().run.step == 0


def test_a_mistake_is_the_digit_whose_maps_are_shown(monkeypatch: pytest.MonkeyPatch, at_work: Desk) -> None:
    session: dict[str, object] = {}
    monkeypatch.setattr(live, "st", SimpleNamespace(session_state=session))
    before = state.taken()
    live.choose(100)
    assert state.query() == {"digit": "100"}
    assert state.taken() > before
    assert session == {live.CHOSEN: True}
    at_work.clear()
