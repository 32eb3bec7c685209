"""The numbers behind a live training picture, checked by hand and against scikit-learn."""

from __future__ import annotations

import numpy as np
import pytest
from sklearn.metrics import accuracy_score, log_loss
from sklearn.metrics import confusion_matrix as sklearn_confusion_matrix

from engine.data.digits import digits
from engine.training.metrics import (
    Evaluation,
    confusion_matrix,
    evaluate,
    histogram,
    layers_with_weights,
    update_ratio,
    worst_mistakes,
)
from engine.zoo.digit_network import digit_network


def test_histogram_of_both_signs_is_symmetric_about_zero() -> None:
    counted = histogram(np.array([-1.0, 0.5, 0.5, 3.0]), bins=6)
    np.testing.assert_allclose(counted.edges, [-3, -2, -1, 0, 1, 2, 3])
    np.testing.assert_array_equal(counted.counts, [0, 0, 1, 2, 0, 1])


def test_histogram_of_one_sign_ends_at_zero() -> None:
    assert histogram(np.array([1.0, 4.0])).edges[[0, -1]].tolist() == [0, 4]
    assert histogram(np.array([-1.0, -4.0])).edges[[0, -1]].tolist() == [-4, 0]


def test_histogram_leaves_out_zeros_and_broken_numbers_but_counts_them() -> None:
    counted = histogram(np.array([0.0, 0.0, 1.0, np.nan, np.inf, -np.inf]))
    assert (counted.zeros, counted.not_finite, counted.size) == (2, 3, 6)
    assert counted.counts.sum() == 1
    assert np.isfinite(counted.edges).all()


@pytest.mark.parametrize("values", [np.zeros(0), np.zeros(5), np.full(3, np.nan)])
def test_histogram_without_a_number_to_show_is_empty(values: np.ndarray) -> None:
    counted = histogram(values)
    assert counted.counts.sum() == 0
    assert counted.edges[[0, -1]].tolist() == [-1, 1]


def test_histogram_bins_every_finite_number_that_is_not_zero() -> None:
    values = np.random.default_rng(0).normal(size=(7, 11, 13)).astype(np.float32)
    assert histogram(values).counts.sum() == values.size


def test_update_ratio_is_the_length_moved_over_the_length() -> None:
    # ‖(3, 4)‖ = 5, moved by ‖(0, 0.05)‖ = 0.05
    assert update_ratio(np.array([3.0, 4.0]), np.array([3.0, 4.05])) == pytest.approx(0.01)


def test_update_ratio_of_zero_weights_is_zero_or_infinite() -> None:
    assert update_ratio(np.zeros(2), np.zeros(2)) == 0
    assert update_ratio(np.zeros(2), np.ones(2)) == np.inf


def test_evaluate_agrees_with_scikit_learn() -> None:
    network, data = digit_network(np.random.default_rng(1)), digits()
    found = evaluate(network, data.validation_x, data.validation_y)
    assert found.accuracy == pytest.approx(accuracy_score(data.validation_y, found.predicted))
    assert found.loss == pytest.approx(log_loss(data.validation_y, found.p, labels=range(10)), rel=1e-6)
    np.testing.assert_allclose(found.p.sum(axis=1), 1, rtol=1e-9)
    assert found.losses.mean() == pytest.approx(found.loss)


def test_confusion_matrix_agrees_with_scikit_learn() -> None:
    rng = np.random.default_rng(2)
    target, predicted = rng.integers(0, 10, 200), rng.integers(0, 10, 200)
    expected = sklearn_confusion_matrix(target, predicted, labels=range(10))
    np.testing.assert_array_equal(confusion_matrix(target, predicted, 10), expected)


def test_worst_mistakes_are_wrong_answers_by_falling_loss() -> None:
    p = np.array([[0.9, 0.1], [0.2, 0.8], [0.6, 0.4], [0.01, 0.99]])
    target = np.array([0, 0, 1, 0])
    losses = -np.log(p[np.arange(4), target])
    found = Evaluation(loss=0, accuracy=0, p=p, predicted=p.argmax(axis=1), losses=losses)
    mistakes = worst_mistakes(found, target, most=2)
    assert [m.index for m in mistakes] == [3, 1]
    assert (mistakes[0].predicted, mistakes[0].p_predicted, mistakes[0].p_target) == (1, 0.99, 0.01)
    assert len(worst_mistakes(found, target, most=9)) == 3


def test_layers_with_weights_are_named_in_order() -> None:
    assert layers_with_weights(digit_network(np.random.default_rng(0)).params) == ("conv1", "conv2", "linear")
