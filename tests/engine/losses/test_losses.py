"""Softmax and plain cross-entropy against PyTorch, the loops and central differences, and at the ends of their range.

The other losses, and cross-entropy's settings, stand in test_loss_contract.py and test_loss_facts.py.
"""

import math
import pickle

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from engine import CrossEntropyLoss, one_hot, reference, softmax
from engine.types import ShapeError

LOSS = CrossEntropyLoss()


@given(st.integers(1, 5), st.integers(1, 6), st.sampled_from([0.1, 1.0, 30.0]), st.integers(0, 2**32 - 1))
def test_loss_and_gradient_agree_with_pytorch_and_the_loops(
    examples: int, classes: int, scale: float, seed: int
) -> None:
    rng = np.random.default_rng(seed)
    logits, target = rng.normal(0, scale, (examples, classes)), rng.integers(0, classes, examples)
    loss, cache = LOSS.forward(logits, target)
    dlogits = LOSS.backward(cache)

    z = torch.from_numpy(logits.copy()).requires_grad_()
    expected = torch.nn.functional.cross_entropy(z, torch.from_numpy(target))
    expected.backward()
    assert z.grad is not None
    assert loss == pytest.approx(expected.item(), rel=1e-10, abs=1e-12)
    np.testing.assert_allclose(dlogits, z.grad.numpy(), rtol=1e-10, atol=1e-12)

    assert loss == pytest.approx(reference.cross_entropy(logits, target), rel=1e-10, abs=1e-12)
    np.testing.assert_allclose(dlogits, reference.cross_entropy_backward(logits, target), atol=1e-12)
    np.testing.assert_allclose(softmax(logits), reference.softmax(logits), atol=1e-12)


def test_the_gradient_agrees_with_central_differences() -> None:
    rng = np.random.default_rng(5)
    logits, target = rng.normal(0, 1, (3, 4)), np.array([2, 0, 3])
    dlogits, h = LOSS.backward(LOSS.forward(logits, target)[1]), 1e-5
    for index in np.ndindex(3, 4):
        nudge = np.zeros((3, 4))
        nudge[index] = h
        slope = (LOSS.forward(logits + nudge, target)[0] - LOSS.forward(logits - nudge, target)[0]) / (2 * h)
        assert slope == pytest.approx(dlogits[index], rel=1e-7)


def test_a_hand_calculation() -> None:
    # e^0 : e^ln 3 = 1 : 3, so p = (1/4, 3/4). The true class is 0: loss = ln 4, gradient = (1/4 - 1, 3/4).
    loss, cache = LOSS.forward(np.array([[0.0, math.log(3)]]), np.array([0]))
    np.testing.assert_allclose(cache["p"], [[0.25, 0.75]], rtol=1e-15)
    assert loss == pytest.approx(math.log(4), rel=1e-15)
    np.testing.assert_allclose(LOSS.backward(cache), [[-0.75, 0.75]], rtol=1e-15)


def test_equal_scores_cost_the_logarithm_of_the_number_of_classes() -> None:
    assert LOSS.forward(np.full((4, 10), 7.0), np.arange(4))[0] == pytest.approx(math.log(10), rel=1e-12)


def test_huge_scores_stay_finite() -> None:
    logits = np.array([[1000.0, 0.0, -1000.0]])
    loss, cache = LOSS.forward(logits, np.array([2]))
    assert loss == 2000
    np.testing.assert_allclose(LOSS.backward(cache), [[1, 0, -1]])
    np.testing.assert_allclose(softmax(logits), [[1, 0, 0]])


def test_float32_stays_float32_and_the_cache_pickles() -> None:
    loss, cache = LOSS.forward(np.ones((2, 3), np.float32), np.array([0, 1]))
    assert isinstance(loss, float)
    assert cache["p"].dtype == LOSS.backward(cache).dtype == softmax(np.ones((2, 3), np.float32)).dtype
    assert cache["p"].dtype == np.float32
    again = pickle.loads(pickle.dumps(cache))
    assert LOSS.backward(again).tobytes() == LOSS.backward(cache).tobytes()


def test_one_hot_marks_the_target() -> None:
    assert one_hot(np.array([1, 0]), 3).tolist() == [[0, 1, 0], [1, 0, 0]]


@pytest.mark.parametrize(
    ("logits", "target", "error", "says"),
    [
        (np.zeros((2, 3)), np.array([0, 1, 2]), ShapeError, [r"\(2, 3\)", r"\(3,\)", r"\(N, C\)"]),
        (np.zeros(3), np.array([0]), ShapeError, [r"\(3,\)", r"\(N, C\)"]),
        (np.zeros((2, 3)), np.array([0, 3]), ValueError, ["3", "0 to 2"]),
        (np.zeros((2, 3)), np.array([-1, 0]), ValueError, ["-1", "0 to 2"]),
        (np.zeros((2, 3)), np.array([0.5, 1]), ValueError, ["float64", "0 to 2"]),
    ],
)
def test_targets_that_do_not_fit_are_named(
    logits: np.ndarray, target: np.ndarray, error: type[ValueError], says: list[str]
) -> None:
    for words in says:
        with pytest.raises(error, match=words):
            LOSS.forward(logits, target)
