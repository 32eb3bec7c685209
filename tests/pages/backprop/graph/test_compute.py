"""D = W·X and its way back: PyTorch, every term by rule, and shapes that don't fit."""

import numpy as np
import pytest
import torch

from engine.explain.rules import places
from engine.types import ShapeError
from pages.backprop.graph import exercises
from pages.backprop.graph.compute import matmul, matmul_backward, matmul_rules

SIZES = [(2, 3, 2), (1, 4, 3), (4, 1, 1), (5, 10, 3)]


def drawn(m: int, k: int, n: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    rng = np.random.default_rng([m, k, n])
    return rng.normal(size=(m, k)), rng.normal(size=(k, n)), rng.normal(size=(m, n))


@pytest.mark.parametrize("sizes", SIZES)
def test_both_gradients_are_those_of_pytorch(sizes: tuple[int, int, int]) -> None:
    W, X, dD = drawn(*sizes)
    theirs = [torch.tensor(a, requires_grad=True) for a in (W, X)]
    (theirs[0] @ theirs[1]).backward(torch.tensor(dD))
    for ours, true in zip(matmul_backward(W, X, dD), theirs, strict=True):
        assert true.grad is not None
        np.testing.assert_allclose(ours, true.grad.numpy(), rtol=1e-12)


def test_a_gradient_is_as_large_as_what_it_is_the_gradient_of() -> None:
    """Curriculum B, graph: dW = dD·Xᵀ, dX = Wᵀ·dD."""
    W, X, dD = drawn(5, 10, 3)
    dW, dX = matmul_backward(W, X, dD)
    assert (dW.shape, dX.shape) == (W.shape, X.shape)
    assert np.array_equal(dW, dD @ X.T)
    assert np.array_equal(dX, W.T @ dD)


@pytest.mark.parametrize("sizes", SIZES)
def test_the_rules_make_every_number(sizes: tuple[int, int, int]) -> None:
    W, X, dD = drawn(*sizes)
    dW, dX = matmul_backward(W, X, dD)
    arrays = {"W": W, "X": X, "dD": dD, "D": matmul(W, X), "dW": dW, "dX": dX}
    for name, rule in matmul_rules(*sizes).items():
        assert rule.right is not None
        sides = {**rule.result, **rule.terms}
        grid = dict(zip(sides, np.indices(tuple(sides.values())), strict=True))
        left, right = (arrays[read.array].reshape(-1)[places(read, grid)] for read in (rule.left, rule.right))
        np.testing.assert_allclose((left * right).sum(axis=-1), arrays[name], rtol=1e-10)


def test_shapes_that_don_t_fit_are_named() -> None:
    with pytest.raises(ShapeError, match=r"W 2×3 · X 4×2 doesn't fit"):
        matmul(np.ones((2, 3)), np.ones((4, 2)))
    with pytest.raises(ShapeError, match="dD is 3×2; as the gradient of W·X it must be 2×2"):
        matmul_backward(np.ones((2, 3)), np.ones((3, 2)), np.ones((3, 2)))


def test_the_exercises_by_hand_are_the_engine_s() -> None:
    for make in (exercises.two_uses, exercises.which_gate, exercises.sigmoid_gate, exercises.matrix_shape):
        for seed in range(60):
            problem = make(np.random.default_rng(seed))
            assert problem.grade(problem.worked), (make.__name__, seed)
