"""What is to be known of each loss, from hand calculations and plain loops where PyTorch has no such loss."""

import math
from typing import Any

import numpy as np
import pytest

from engine.losses import (
    BCEWithLogitsLoss,
    CenterLoss,
    CrossEntropyLoss,
    HuberLoss,
    KLDivLoss,
    L1Loss,
    LargeMarginSoftmaxLoss,
    MSELoss,
    MultiMarginLoss,
    RampLoss,
    SigmoidQuadraticLoss,
    TukeyBiweightLoss,
    log_softmax,
    sigmoid,
    softmax,
)
from engine.types import Array, ShapeError


def scores(*rows: list[float]) -> Array:
    return np.array(rows, dtype=float)


def value(loss: Any, z: Array, target: Any) -> float:
    return float(loss.forward(z, np.asarray(target))[0])


def gradient(loss: Any, z: Array, target: Any) -> Array:
    found: Array = loss.backward(loss.forward(z, np.asarray(target))[1])
    return found


def random_scores(seed: int = 3) -> tuple[Array, Array]:
    rng = np.random.default_rng(seed)
    return rng.normal(0, 2, (30, 5)), rng.integers(0, 5, 30)


def test_one_hot_targets_cost_what_their_class_numbers_cost() -> None:
    z, target = random_scores()
    hot = np.eye(5)[target]
    assert value(CrossEntropyLoss(), z, hot) == pytest.approx(value(CrossEntropyLoss(), z, target), rel=1e-12)
    np.testing.assert_allclose(
        gradient(CrossEntropyLoss(), z, hot), gradient(CrossEntropyLoss(), z, target), atol=1e-15
    )


def test_a_class_that_weighs_twice_counts_like_two_examples() -> None:
    z, target = scores([1, 2, 0], [0, 1, 3]), [0, 2]
    doubled = value(CrossEntropyLoss(), z[[0, 0, 1]], [0, 0, 2])
    assert value(CrossEntropyLoss(weight=[2, 1, 1]), z, target) == pytest.approx(doubled, rel=1e-12)


def test_a_batch_of_classes_that_weigh_nothing_costs_nothing() -> None:
    loss = CrossEntropyLoss(weight=[0, 1, 1])
    assert value(loss, scores([1, 2, 0]), [0]) == 0
    assert not gradient(loss, scores([1, 2, 0]), [0]).any()


def test_label_smoothing_of_one_tenth_over_two_classes_by_hand() -> None:
    # q = (0.95, 0.05), p = (1/4, 3/4): L = 0.95 · ln 4 + 0.05 · ln(4/3); the gradient is p - q.
    loss, z = CrossEntropyLoss(label_smoothing=0.1), scores([0, math.log(3)])
    assert value(loss, z, [0]) == pytest.approx(0.95 * math.log(4) + 0.05 * math.log(4 / 3), rel=1e-12)
    np.testing.assert_allclose(gradient(loss, z, [0]), [[0.25 - 0.95, 0.75 - 0.05]], rtol=1e-12)


def test_with_label_smoothing_the_best_answer_is_no_longer_certainty() -> None:
    loss = CrossEntropyLoss(label_smoothing=0.1)
    best = np.log(scores([0.95, 0.05]))
    assert np.abs(gradient(loss, best, [0])).max() <= 1e-15
    assert value(loss, best, [0]) < value(loss, 10 * best, [0])


def test_a_temperature_softens_the_shares_and_keeps_their_order() -> None:
    _, cache = CrossEntropyLoss(temperature=2).forward(scores([3, 1, -3]), np.array([0]))
    np.testing.assert_allclose(cache["p"], softmax(scores([1.5, 0.5, -1.5])), rtol=1e-12)


def test_a_cost_is_a_lead_that_the_true_class_must_have() -> None:
    # Truth 0 must lead class 1 by 2: e^0 : e^(0 + 2 - 2) = 1 : 1, so p = (1/2, 1/2) and L = ln 2.
    loss = CrossEntropyLoss(cost=[[0, 2], [5, 0]])
    value_, cache = loss.forward(scores([2, 0]), np.array([0]))
    np.testing.assert_allclose(cache["p"], [[0.5, 0.5]], rtol=1e-12)
    assert value_ == pytest.approx(math.log(2), rel=1e-12)
    np.testing.assert_allclose(loss.backward(cache), [[-0.5, 0.5]], rtol=1e-12)


def test_the_loss_under_a_cost_matrix_is_never_below_the_mean_cost_of_the_mistakes() -> None:
    # The curriculum's matrix for counts of 3 : 2 : 1.
    cost = np.array([[0, 2 / 3, 1 / 3], [3 / 2, 0, 1 / 2], [3, 2, 0]])
    rng = np.random.default_rng(1)
    for scale in (0.01, 0.3, 1, 10):
        z, target = rng.normal(0, scale, (50, 3)), rng.integers(0, 3, 50)
        mistakes = cost[target, z.argmax(axis=1)]
        assert mistakes.any()
        assert value(CrossEntropyLoss(cost=cost), z, target) >= mistakes.mean()


def test_a_cost_of_nothing_changes_nothing() -> None:
    z, target = random_scores()
    plain, free = CrossEntropyLoss(), CrossEntropyLoss(cost=np.zeros((5, 5)))
    assert value(free, z, target) == pytest.approx(value(plain, z, target), rel=1e-12)


def test_a_hinge_is_satisfied_where_cross_entropy_still_asks_for_more() -> None:
    # Three answers to class 0 that lead by the margin: the hinge can't tell the last two apart.
    hinge = MultiMarginLoss(mean_over_classes=False)
    rows = ([10, -2, 3], [10, 9, 9], [10, -100, -100])
    assert [value(hinge, scores(row), [0]) for row in rows] == [0, 0, 0]
    surprises = [value(CrossEntropyLoss(), scores(row), [0]) for row in rows]
    assert surprises[1] > surprises[0] > surprises[2] >= 0


def test_hinge_and_squared_hinge_by_hand() -> None:
    # Truth 0, margin 10: max(0, -7 - 13 + 10) + max(0, 11 - 13 + 10) = 0 + 8; squared 64.
    z = scores([13, -7, 11])
    assert value(MultiMarginLoss(margin=10, mean_over_classes=False), z, [0]) == 8
    assert value(MultiMarginLoss(p=2, margin=10, mean_over_classes=False), z, [0]) == 64
    assert gradient(MultiMarginLoss(margin=10, mean_over_classes=False), z, [0]).tolist() == [[-1, 0, 1]]


def test_a_network_that_knows_nothing_pays_one_margin_for_each_wrong_class() -> None:
    assert value(MultiMarginLoss(mean_over_classes=False), np.zeros((7, 10)), [3] * 7) == 9


def test_a_ramp_agrees_with_its_definition_one_example_at_a_time() -> None:
    z, target = random_scores()
    for s in (None, 0.0, -0.5, -3.0):
        total, cut = 0.0, -1 / 4 if s is None else s
        for row, t in zip(z, target, strict=True):
            u = row[t] - max(row[k] for k in range(5) if k != t)
            total += max(0, 1 - u) - max(0, cut - u)
        assert value(RampLoss(s), z, target) == pytest.approx(total / 30, rel=1e-12)


def test_beyond_its_end_a_ramp_costs_one_less_s_and_pulls_no_more() -> None:
    # Three classes: s = -1/2. u = -100 and u = -1 cost 3/2 each, u = 0 costs 1 and pulls, u = 4 costs nothing.
    z = scores([0, 100, 0], [0, 0, 1], [2, 2, 0], [4, 0, 0])
    assert [value(RampLoss(), row[None], [0]) for row in z] == [1.5, 1.5, 1, 0]
    assert gradient(RampLoss(), z, [0, 0, 0, 0]).tolist() == [[0, 0, 0], [0, 0, 0], [-0.25, 0.25, 0], [0, 0, 0]]


def test_sigmoid_stays_finite_and_exact_at_both_ends() -> None:
    p = sigmoid(np.array([-1000.0, -40, 0, 40, 1000]))
    assert p.tolist() == pytest.approx([0, math.exp(-40), 0.5, 1, 1], rel=1e-12, abs=0)


def test_a_badly_wrong_yes_costs_its_score() -> None:
    assert value(BCEWithLogitsLoss(), scores([1000, -1000]), [[0.0, 1.0]]) == 1000
    np.testing.assert_array_equal(gradient(BCEWithLogitsLoss(), scores([1000, -1000]), [[0.0, 1.0]]), [[0.5, -0.5]])


def test_from_a_badly_wrong_start_cross_entropy_pulls_hard_and_the_quadratic_cost_hardly() -> None:
    # σ(2 · 1 + 2) = 0.982 should be 0: cross-entropy's pull is σ, the quadratic one's σ · σ(1 - σ).
    z, target = scores([4]), [[0.0]]
    p = 1 / (1 + math.exp(-4))
    assert gradient(BCEWithLogitsLoss(), z, target)[0, 0] == pytest.approx(p, rel=1e-12)
    assert gradient(SigmoidQuadraticLoss(), z, target)[0, 0] == pytest.approx(p * p * (1 - p), rel=1e-12)
    assert p / (p * p * (1 - p)) > 50


def test_two_classes_by_softmax_are_one_question_by_sigmoid() -> None:
    z, yes = np.array([0.3, -2.0, 1.1]), np.array([1, 0, 0])
    both = np.stack([np.zeros(3), z], axis=1)
    asked = value(BCEWithLogitsLoss(), z[:, None], yes[:, None])
    assert asked == pytest.approx(value(CrossEntropyLoss(), both, yes), rel=1e-12)


def test_a_distribution_is_at_distance_0_from_itself_and_above_0_from_others() -> None:
    q, p = scores([0.5, 0.25, 0.25]), scores([0.2, 0.2, 0.6])
    assert value(KLDivLoss(reduction="batchmean"), np.log(q), q) == 0
    assert value(KLDivLoss(reduction="batchmean"), np.log(p), q) > 0


def test_the_kl_divergence_is_cross_entropy_less_the_targets_own_entropy() -> None:
    z, _ = random_scores()
    q = softmax(random_scores(4)[0])
    entropy = float(-(q * np.log(q)).sum(axis=1).mean())
    divergence = value(KLDivLoss(reduction="batchmean"), log_softmax(z), q)
    assert divergence == pytest.approx(value(CrossEntropyLoss(), z, q) - entropy, rel=1e-10)


def test_a_share_of_0_adds_nothing_to_the_divergence() -> None:
    # 1 · ln(1 / 0.5) = ln 2; the class with share 0 adds nothing, even where log_p is -inf.
    assert value(KLDivLoss(reduction="sum"), np.log(scores([0.5, 0.5])), [[1.0, 0.0]]) == pytest.approx(math.log(2))
    assert value(KLDivLoss(), scores([0, -1e300]), [[1.0, 0.0]]) == 0


@pytest.mark.parametrize(
    ("loss", "cost", "pull"),
    [
        (MSELoss(), 10_000, 200),
        (L1Loss(), 100, 1),
        (HuberLoss(), 99.5, 1),  # 1 · (100 - 1/2)
        (TukeyBiweightLoss(), 4.6851**2 / 6, 0),
    ],
    ids=["mse", "l1", "huber", "tukey"],
)
def test_how_far_an_outlier_at_100_pulls(loss: Any, cost: float, pull: float) -> None:
    assert value(loss, scores([100]), [[0.0]]) == pytest.approx(cost, rel=1e-12)
    assert gradient(loss, scores([100]), [[0.0]])[0, 0] == pull


def test_tukeys_cost_agrees_with_its_definition_one_residual_at_a_time() -> None:
    r, c = np.random.default_rng(2).normal(0, 5, 200), 4.6851
    assert (np.abs(r) > c).any()
    costs = [c * c / 6 * (1 - (1 - (x / c) ** 2) ** 3) if abs(x) <= c else c * c / 6 for x in r]
    assert value(TukeyBiweightLoss(), r, np.zeros(200)) == pytest.approx(np.mean(costs), rel=1e-12)


def test_tukeys_pull_is_that_of_half_a_square_near_0_and_ends_without_a_jump_at_c() -> None:
    small, at_c = 1e-4, 4.6851
    assert gradient(TukeyBiweightLoss(), scores([small]), [[0.0]])[0, 0] == pytest.approx(small, rel=1e-8)
    assert gradient(TukeyBiweightLoss(), scores([at_c * 0.999999]), [[0.0]])[0, 0] == pytest.approx(0, abs=1e-9)


def test_tukeys_location_is_95_percent_as_good_as_the_mean_on_normal_residuals() -> None:
    # The asymptotic variance of an M-estimate is E[ψ²] / E[ψ']², with ψ the pull and 1 for the mean.
    r = np.linspace(-8, 8, 400_001)
    density = np.exp(-r * r / 2)
    density /= density.sum()
    pull = gradient(TukeyBiweightLoss(), r, np.zeros(r.size)) * r.size
    variance = (pull**2 * density).sum() / (np.gradient(pull, r) * density).sum() ** 2
    assert 1 / variance == pytest.approx(0.95, abs=1e-3)


def test_center_loss_by_hand() -> None:
    # Class 0: (0, 0) and (2, 0), centre (1, 0); class 1: (5, 5) alone. L = (1 + 1 + 0) / (2 · 3).
    x, target = scores([0, 0], [2, 0], [5, 5]), np.array([0, 0, 1])
    assert value(CenterLoss(), x, target) == pytest.approx(1 / 3, rel=1e-12)
    np.testing.assert_allclose(gradient(CenterLoss(), x, target), [[-1 / 3, 0], [1 / 3, 0], [0, 0]])


def test_centers_move_towards_their_class_and_the_old_ones_stay() -> None:
    # c0 = (0, 0) meets (3, 0) and (3, 6): Σ(c - x) = (-6, -6), over 1 + 2, times 1/2: c0 moves by (1, 1).
    centers, x = np.zeros((2, 2)), scores([3, 0], [3, 6])
    moved = CenterLoss().update_centers(centers, x, np.array([0, 0]))
    np.testing.assert_allclose(moved, [[1, 1], [0, 0]])
    assert not centers.any()


@pytest.mark.parametrize("m", [1, 2, 3, 4])
def test_a_large_margin_agrees_with_its_definition_one_example_at_a_time(m: int) -> None:
    rng = np.random.default_rng(m)
    x, weight, target = rng.standard_normal((40, 3)), rng.standard_normal((4, 3)), rng.integers(0, 4, 40)
    total, segments = 0.0, set()
    for row, t in zip(x, target, strict=True):
        logits = [float(np.dot(w, row)) for w in weight]
        size = math.hypot(*weight[t]) * math.hypot(*row)
        theta = math.acos(logits[t] / size)
        k = next(k for k in range(m) if theta <= (k + 1) * math.pi / m)
        segments.add(k)
        logits[t] = size * ((-1) ** k * math.cos(m * theta) - 2 * k)
        total -= logits[t] - math.log(sum(map(math.exp, logits)))
    assert segments == set(range(m)), "every piece of ψ is met"
    loss, _ = LargeMarginSoftmaxLoss(m).forward(x, target, weight)
    assert loss == pytest.approx(total / 40, rel=1e-10)


def test_a_margin_of_1_is_cross_entropy_of_the_last_layers_scores() -> None:
    rng = np.random.default_rng(0)
    x, weight, target = rng.standard_normal((6, 3)), rng.standard_normal((4, 3)), rng.integers(0, 4, 6)
    loss, cache = LargeMarginSoftmaxLoss(m=1).forward(x, target, weight)
    assert loss == pytest.approx(value(CrossEntropyLoss(), x @ weight.T, target), rel=1e-12)
    dz = gradient(CrossEntropyLoss(), x @ weight.T, target)
    np.testing.assert_allclose(LargeMarginSoftmaxLoss(m=1).backward(cache), dz @ weight, atol=1e-14)
    np.testing.assert_allclose(LargeMarginSoftmaxLoss(m=1).backward_weight(cache), dz.T @ x, atol=1e-14)


@pytest.mark.parametrize("m", [2, 3, 4])
def test_the_gradient_of_the_last_layers_weight_agrees_with_central_differences(m: int) -> None:
    rng, h = np.random.default_rng(m), 1e-5
    x, weight, target = rng.standard_normal((6, 3)), rng.standard_normal((4, 3)), np.array([0, 1, 1, 2, 3, 0])
    loss = LargeMarginSoftmaxLoss(m)
    found = loss.backward_weight(loss.forward(x, target, weight)[1])
    for index in np.ndindex(*weight.shape):
        nudge = np.zeros_like(weight)
        nudge[index] = h
        up, down = (loss.forward(x, target, weight + sign * nudge)[0] for sign in (1, -1))
        assert found[index] == pytest.approx((up - down) / (2 * h), rel=1e-6, abs=1e-8)


def test_the_larger_the_margin_the_harder_the_same_answer() -> None:
    x, weight = scores([1, 0.3]), scores([1, 0], [0, 1])
    losses = [LargeMarginSoftmaxLoss(m).forward(x, np.array([0]), weight)[0] for m in (1, 2, 3, 4)]
    assert losses == sorted(losses)
    assert losses[0] < losses[-1]


def test_features_of_length_0_and_features_along_their_own_weight_stay_finite() -> None:
    x, weight = scores([0, 0], [3, 0], [-3, 0]), scores([2, 0], [0, 1])
    loss = LargeMarginSoftmaxLoss(m=3)
    value_, cache = loss.forward(x, np.array([0, 0, 0]), weight)
    assert math.isfinite(value_)
    assert np.isfinite(loss.backward(cache)).all()
    assert np.isfinite(loss.backward_weight(cache)).all()


@pytest.mark.parametrize(
    ("run", "error", "says"),
    [
        (lambda: CrossEntropyLoss(label_smoothing=1.5), ValueError, ["label_smoothing=1.5", "0 to 1"]),
        (lambda: CrossEntropyLoss(temperature=0), ValueError, ["temperature=0", "above 0"]),
        (lambda: CrossEntropyLoss(weight=[1, -1]), ValueError, ["-1", "at least 0"]),
        (lambda: CrossEntropyLoss(weight=[0, 0]), ValueError, ["not all of them 0"]),
        (lambda: CrossEntropyLoss(cost=[[0, 1], [1, 2]]), ValueError, ["cost", "diagonal"]),
        (lambda: CrossEntropyLoss(cost=[[0, 1, 2], [1, 0, 2]]), ValueError, ["C rows of C"]),
        (lambda: value(CrossEntropyLoss(weight=[1, 1]), np.zeros((2, 3)), [0, 1]), ShapeError, [r"\(N, 2\)"]),
        (lambda: value(CrossEntropyLoss(cost=[[0, 1], [1, 0]]), np.zeros((1, 3)), [0]), ShapeError, ["cost", "2"]),
        (lambda: value(CrossEntropyLoss(), np.zeros((2, 3)), np.ones((2, 2))), ShapeError, [r"\(2, 2\)"]),
        (
            lambda: value(CrossEntropyLoss(cost=[[0, 1], [1, 0]]), np.zeros((1, 2)), [[0.5, 0.5]]),
            ValueError,
            ["cost", r"class numbers \(N,\)"],
        ),
        (lambda: MultiMarginLoss(p=3), ValueError, ["p=3", "squared hinge"]),
        (lambda: MultiMarginLoss(margin=-1), ValueError, ["margin=-1"]),
        (lambda: value(MultiMarginLoss(), np.zeros((2, 3)), [0, 3]), ValueError, ["MultiMarginLoss", "0 to 2"]),
        (lambda: RampLoss(s=0.5), ValueError, ["s=0.5", "at most 0"]),
        (lambda: value(RampLoss(), np.zeros((2, 1)), [0, 0]), ValueError, ["at least two classes"]),
        (lambda: BCEWithLogitsLoss(pos_weight=[-1]), ValueError, ["pos_weight", "-1"]),
        (lambda: value(BCEWithLogitsLoss(), np.zeros((1, 2)), [[0, 2]]), ValueError, ["2.0", "yes"]),
        (
            lambda: value(BCEWithLogitsLoss(pos_weight=[1, 2]), np.zeros((1, 3)), np.ones((1, 3))),
            ShapeError,
            ["2 pos_weights"],
        ),
        (lambda: value(SigmoidQuadraticLoss(), np.zeros((1, 2)), [0, 1]), ShapeError, [r"\(1, 2\)", r"\(2,\)"]),
        (lambda: value(KLDivLoss(), np.zeros((1, 2)), [[-0.5, 1.5]]), ValueError, ["-0.5"]),
        (lambda: KLDivLoss(reduction="total"), ValueError, ["'total'", "batchmean"]),  # type: ignore[arg-type]
        (lambda: value(MSELoss(), np.zeros((2, 1)), [0, 1]), ShapeError, ["MSELoss", r"\(2, 1\)", "reshape"]),
        (lambda: HuberLoss(delta=0), ValueError, ["delta=0", "above 0"]),
        (lambda: TukeyBiweightLoss(c=-1), ValueError, ["c=-1", "above 0"]),
        (lambda: LargeMarginSoftmaxLoss(m=0), ValueError, ["m=0", "whole number"]),
        (lambda: value(CenterLoss(), np.zeros((2, 3)), [0]), ShapeError, [r"\(2, 3\)", r"\(1,\)"]),
        (lambda: value(CenterLoss(), np.zeros((2, 3)), [0, -1]), ValueError, ["-1", "whole numbers"]),
        (
            lambda: CenterLoss().forward(np.zeros((2, 3)), np.array([0, 5]), np.zeros((4, 3))),
            ValueError,
            ["5", "0 to 3"],
        ),
        (
            lambda: LargeMarginSoftmaxLoss().forward(np.zeros((2, 3)), np.array([0, 1]), np.zeros((4, 2))),
            ShapeError,
            [r"\(4, 2\)", r"\(C, D\)"],
        ),
    ],
)
def test_what_cannot_work_is_refused_with_the_reason(run: Any, error: type[ValueError], says: list[str]) -> None:
    for words in says:
        with pytest.raises(error, match=words):
            run()
