"""What the live picture is told and tells: whole events once each, and finite numbers whatever happens."""

from __future__ import annotations

import json
from dataclasses import replace

import numpy as np
import pytest

from engine.data.digits import digit
from engine.training.metrics import evaluate
from pages.training.watch_it_train.picture import CURVE_POINTS, Example, picture
from pages.training.watch_it_train.run import Recipe, Training, digit_answered, make_optimizer
from pages.training.watch_it_train.scene import Event, read_events

RECIPE = Recipe("he_normal", "sgd", batch_size=64, seed=0, epochs=3)


def training_after(steps: int, *, lr: float = 0.05, momentum: float = 0.9, decay: float = 0.001) -> Training:
    training = Training.start(RECIPE, make_optimizer("sgd", lr, momentum, decay))
    for _ in range(steps):
        training.run.advance()
    return training


def unpacked(training: Training) -> tuple[dict, dict[str, np.ndarray]]:
    """Read the bytes as the browser does."""
    image, label = digit(12)
    data = picture(training, Example(image, label), "steady", None, heard=7)
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
                assert f"**{meta['step']}** steps" in meta["say"]["text"]
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
    assert len(picture(training_after(69), Example(image, label), "full", None, 0)) < 60_000


def test_a_digit_for_a_cell_of_the_confusion_matrix_is_of_that_class_and_answer() -> None:
    network = training_after(20).run.network
    for truth in range(10):
        for answer in range(10):
            index = digit_answered(network, truth, answer)
            if index is not None:
                image, label = digit(index)
                assert label == truth
                assert evaluate(network, image[None], np.array([label])).predicted[0] == answer


def test_each_event_is_taken_once_and_in_order() -> None:
    raw = [{"action": "step", "value": "", "id": 1}, {"action": "speed", "value": "full", "id": 2}]
    assert read_events(raw, 0) == (2, [Event("step"), Event("speed", "full")])
    assert read_events(raw, 1) == (2, [Event("speed", "full")])
    assert read_events(raw, 2) == (2, [])


@pytest.mark.parametrize(
    "raw", [None, "play", 3, {}, [None], [{"action": "play"}], [{"action": "rm", "id": 1}], [{"id": "1"}], [[1]]]
)
def test_what_is_no_event_is_left_out(raw: object) -> None:
    assert read_events(raw, 0)[1] == []
