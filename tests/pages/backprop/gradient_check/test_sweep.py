"""The error of a numeric gradient is measured in each type, and foretold from f'', f''' and rounding alone."""

from __future__ import annotations

import numpy as np
import pytest

from engine import CrossEntropyLoss
from engine.autograd.expression import ParseError
from engine.data.digits import digit
from engine.gradcheck import numeric_gradient
from engine.types import Floating
from engine.zoo.digit_network import pretrained_digit_network
from pages.backprop.gradient_check.compute.sweep import (
    DTYPES,
    RULES,
    STEPS,
    Rule,
    Subject,
    Weight,
    formula_subject,
    notable_weights,
    sweep,
    unit,
    weight_subject,
)

NETWORK = pretrained_digit_network()
IMAGE, LABEL = digit(5)


def subjects() -> dict[str, Subject]:
    found = {"x**3": formula_subject("x**3", 2), "sigmoid": formula_subject("sigmoid(x)", 1),
             "1/x": formula_subject("1/x", 0.05)}  # fmt: skip
    weights = notable_weights(NETWORK, IMAGE, LABEL, ("conv2", "linear"))
    strong = {
        name: weight_subject(NETWORK, IMAGE, LABEL, weight) for name, weight in weights.items() if "strong" in name
    }
    return found | strong


SUBJECTS = subjects()


# ---- what can be differentiated ----


def test_a_formula_must_have_one_variable_and_a_slope() -> None:
    with pytest.raises(ParseError, match="One variable is wanted, and here are 2"):
        formula_subject("x * y", 1)
    with pytest.raises(ParseError, match="One variable is wanted, and here are 0"):
        formula_subject("3", 1)
    with pytest.raises(ParseError, match="positive number"):
        formula_subject("log(x)", -1)
    with pytest.raises(ValueError, match="expected a number from -1,000 to 1,000"):
        formula_subject("x", 1e9)


# ---- the sweep ----


def test_the_sweep_is_what_the_gradient_checker_does() -> None:
    subject, w = SUBJECTS["x**3"], np.array([2.0])
    found = sweep(subject, "float64").numeric()
    for i in (0, 20, 44):
        measured = numeric_gradient(lambda: float(subject.f(w)[0]), w, (0,), float(STEPS[i]))
        assert found[i] == pytest.approx(measured, rel=1e-15)


@pytest.mark.parametrize("dtype", DTYPES)
def test_a_sweep_stays_in_its_type_to_the_last_operation(dtype: Floating) -> None:
    for subject in SUBJECTS.values():
        found = sweep(subject, dtype)
        for rule in RULES:
            assert found.above.dtype == found.below.dtype == found.numeric(rule).dtype == np.dtype(dtype)


def test_a_subject_that_leaves_the_type_is_refused() -> None:
    wide = Subject(lambda x: x.astype(np.float64), 1.0, 1.0, 0.0, 0.0, 1.0)
    with pytest.raises(TypeError, match="given float32 and answered in float64"):
        sweep(wide, "float32")


@pytest.mark.parametrize("name", SUBJECTS)
@pytest.mark.parametrize("rule", RULES)
def test_truncation_is_foretold(name: str, rule: Rule) -> None:
    subject, found = SUBJECTS[name], sweep(SUBJECTS[name], "float64")
    truncation, round_off = subject.truncation(STEPS, rule), subject.round_off(STEPS, "float64", rule)
    alone = (truncation > 1e3 * round_off) & (truncation < 1e-3)
    assert alone.sum() >= 4
    np.testing.assert_allclose(found.error(rule)[alone], truncation[alone], rtol=0.06)


@pytest.mark.parametrize("name", SUBJECTS)
@pytest.mark.parametrize("rule", RULES)
@pytest.mark.parametrize("dtype", DTYPES)
def test_round_off_is_foretold_within_a_factor(name: str, rule: Rule, dtype: Floating) -> None:
    subject, found = SUBJECTS[name], sweep(SUBJECTS[name], dtype)
    truncation, round_off = subject.truncation(STEPS, rule), subject.round_off(STEPS, dtype, rule)
    alone = (round_off > 10 * truncation) & (round_off < 0.1)
    assert alone.sum() >= 4
    typical = np.sqrt(np.mean((found.error(rule)[alone] / round_off[alone]) ** 2))
    assert 0.08 < typical < 1


def test_both_errors_have_the_slopes_that_the_picture_claims() -> None:
    subject = SUBJECTS["x**3"]
    for rule, power in (("central", 2), ("one-sided", 1)):
        assert subject.truncation(np.array([1e-3, 1e-2]), rule) == pytest.approx(  # type: ignore[arg-type]
            np.array([1, 10**power]) * subject.truncation(np.array([1e-3]), rule)[0]  # type: ignore[arg-type]
        )
    off = subject.round_off(np.array([1e-3, 1e-4]), "float64")
    assert off[1] == pytest.approx(10 * off[0])


@pytest.mark.parametrize("name", SUBJECTS)
@pytest.mark.parametrize("dtype", DTYPES)
@pytest.mark.parametrize("rule", RULES)
def test_the_best_h_is_where_the_sum_of_both_is_smallest(name: str, dtype: Floating, rule: Rule) -> None:
    subject = SUBJECTS[name]
    best = subject.best_h(dtype, rule)
    assert best is not None
    near = best * np.array([0.8, 1.0, 1.25])
    total = subject.truncation(near, rule) + subject.round_off(near, dtype, rule)
    assert total.argmin() == 1
    error = sweep(subject, dtype).error(rule)
    measured = STEPS[error.argmin()]
    assert best / 30 < measured < 3 * best


def test_the_rule_of_thumb_s_numbers_for_h() -> None:
    # u^(1/3) and u^(1/2), as the lesson's table prints them.
    assert unit("float64") ** (1 / 3) == pytest.approx(4.8e-6, rel=0.01)
    assert unit("float32") ** (1 / 3) == pytest.approx(3.9e-3, rel=0.01)
    assert unit("float64") ** 0.5 == pytest.approx(1.05e-8, rel=0.01)
    assert unit("float32") ** 0.5 == pytest.approx(2.4e-4, rel=0.02)


def test_float32_is_never_good_enough_for_the_rule_of_thumb_and_float64_is() -> None:
    """Relative-error rules of thumb: 1e-7 good, 1e-2 wrong (curriculum, "gradient check")."""
    for subject in SUBJECTS.values():
        best = {dtype: sweep(subject, dtype).error().min() for dtype in DTYPES}
        assert best["float64"] < 1e-10
        assert best["float32"] > 1e-7
        small = STEPS < 1e-9
        assert (sweep(subject, "float32").error()[small] > 1e-2).all()


def test_a_parabola_has_no_truncation_and_no_best_h() -> None:
    subject = formula_subject("x**2", 3)
    assert subject.best_h("float64") is None
    assert sweep(subject, "float64").error()[-1] < 1e-14
    assert subject.best_h("float64", "one-sided") is not None


def test_a_number_that_moves_nothing_has_an_error_of_0_or_1_and_no_warning() -> None:
    flat = formula_subject("0*x + 2", 1)
    assert flat.slope == 0
    assert set(sweep(flat, "float64").error()) == {0.0}
    assert np.isinf(flat.truncation(STEPS)).all()


def test_a_weight_s_sweep_is_the_network_s_own_loss_and_gradient() -> None:
    network, loss = NETWORK.astype(np.float64), CrossEntropyLoss()
    trace = network.forward(IMAGE[None].astype(np.float64))
    value, cache = loss.forward(trace.y, np.array([LABEL]))
    grads = network.backward(trace, loss.backward(cache)).grads
    for weight in (Weight("conv1.weight", (1, 0, 2, 0)), Weight("conv2.bias", (7,)), Weight("linear.weight", (5, 5))):
        subject = weight_subject(NETWORK, IMAGE, LABEL, weight)
        assert sweep(subject, "float64").centre == pytest.approx(value, rel=1e-14)
        assert subject.slope == pytest.approx(grads[weight.name][weight.index], rel=1e-10)


def test_the_strong_weight_moves_the_loss_most_and_the_weak_one_hardly() -> None:
    found = notable_weights(NETWORK, IMAGE, LABEL, ("conv1", "conv2"))
    slope = {name: abs(weight_subject(NETWORK, IMAGE, LABEL, weight).slope) for name, weight in found.items()}
    assert slope["conv2.strong"] > 1e4 * slope["conv2.weak"] > 0
    weak = weight_subject(NETWORK, IMAGE, LABEL, found["conv2.weak"])
    strong = weight_subject(NETWORK, IMAGE, LABEL, found["conv2.strong"])
    assert sweep(weak, "float64").error().min() > 100 * sweep(strong, "float64").error().min()
