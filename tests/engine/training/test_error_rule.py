"""The error-driven rule of one unit, against scikit-learn's perceptron, PyTorch's gradient, and Novikoff's bound."""

from __future__ import annotations

import numpy as np
import pytest

from engine.training.error_rule import error_step
from engine.types import ShapeError

torch = pytest.importorskip("torch")


def test_a_perceptron_s_step_is_scikit_learn_s() -> None:
    from sklearn.linear_model import Perceptron

    rng = np.random.default_rng(0)
    kinds = set()
    for _ in range(200):
        weight, bias, x = rng.normal(size=3), float(rng.normal()), rng.normal(size=3)
        target, lr = int(rng.integers(2)), float(rng.uniform(0.1, 2))
        theirs = Perceptron(eta0=lr, shuffle=False)
        theirs.partial_fit(np.zeros((1, 3)), [target], classes=[0, 1])
        theirs.coef_, theirs.intercept_ = weight[None].copy(), np.array([bias])
        theirs.partial_fit(x[None], [target])
        ours = error_step(weight, bias, x, target, lr)
        np.testing.assert_allclose(ours.weight, theirs.coef_[0], atol=1e-12)
        assert ours.bias == pytest.approx(theirs.intercept_[0])
        kinds.add(ours.error)
    assert kinds == {-1, 0, 1}


def test_a_sigmoid_s_step_is_one_of_sgd_down_pytorch_s_cross_entropy() -> None:
    rng = np.random.default_rng(1)
    for _ in range(50):
        weight, bias, x = rng.normal(size=4), float(rng.normal()), rng.normal(size=4)
        target, lr, steepness = int(rng.integers(2)), float(rng.uniform(0.1, 2)), float(rng.uniform(0.3, 5))
        w = torch.tensor(weight, requires_grad=True)
        b = torch.tensor(bias, dtype=torch.float64, requires_grad=True)
        z = steepness * (w @ torch.tensor(x) + b)
        torch.nn.functional.binary_cross_entropy_with_logits(z, torch.tensor(float(target)).double()).backward()
        torch.optim.SGD([w, b], lr=lr).step()
        ours = error_step(weight, bias, x, target, lr, steepness)
        np.testing.assert_allclose(ours.weight, w.detach().numpy(), atol=1e-12)
        assert ours.bias == pytest.approx(b.item())
        np.testing.assert_allclose(ours.weight - weight, ours.weight_change, atol=1e-12)


def test_where_a_line_parts_the_examples_there_are_no_more_errors_than_novikoff_allows() -> None:
    # From zeros, at most (R / γ)² errors: R the longest example with its 1, γ the least distance from the line.
    rng = np.random.default_rng(2)
    for _ in range(20):
        parting = rng.normal(size=3)
        x = rng.normal(size=(30, 2))
        longer = np.hstack([x, np.ones((30, 1))])
        sums = longer @ parting / np.linalg.norm(parting)
        x, longer, sums = (part[np.abs(sums) > 0.1] for part in (x, longer, sums))
        bound = (np.linalg.norm(longer, axis=1).max() / np.abs(sums).min()) ** 2
        weight, bias, errors, clean = np.zeros(2), 0.0, 0, False
        while not clean:
            clean = True
            for one, target in zip(x, sums > 0, strict=True):
                step = error_step(weight, bias, one, int(target), 1.0)
                weight, bias = step.weight, step.bias
                errors += step.error != 0
                clean &= step.error == 0
        assert errors <= bound


def test_an_example_of_another_length_is_refused_in_words() -> None:
    with pytest.raises(ShapeError, match="one number for each weight"):
        error_step(np.zeros(2), 0.0, np.zeros(3), 1, 0.5)
