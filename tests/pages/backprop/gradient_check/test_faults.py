"""Every planted fault is one line, is reported by the check, and leaves the pattern that the lesson's words claim."""

from __future__ import annotations

import numpy as np
import pytest

from engine import CrossEntropyLoss, layers
from engine.types import Array
from pages.backprop.gradient_check.compute import passes as written
from pages.backprop.gradient_check.compute.case import (
    CASES,
    RIGHT,
    Case,
    Strip,
    batch,
    checked,
    judged,
    numeric_gradients,
    source_of,
    wrong_line,
)

FAULTY = [case for case in CASES if case.fault]
LAYERS = [name for name, _layer in RIGHT]
RNG = np.random.default_rng(3)


def case_of(kind: str) -> Case:
    return next(case for case in CASES if case.kind == kind)


def strips(kind: str) -> dict[str, Strip]:
    return {f"{strip.layer}.{strip.name}": strip for strip in checked(case_of(kind)).strips}


def wrong(kind: str) -> set[str]:
    return {name for name, strip in strips(kind).items() if strip.wrong().any()}


@pytest.mark.parametrize(
    ("ours", "engine", "x"),
    [
        (written.Conv(2, 3, 3, padding=1), layers.Conv2d(2, 3, 3, padding=1), RNG.normal(size=(2, 2, 5, 5))),
        (written.Norm(2), layers.BatchNorm2d(2), RNG.normal(size=(3, 2, 4, 4))),
        (written.Relu(), layers.ReLU(), RNG.normal(size=(2, 3))),
        (written.Pool(2), layers.MaxPool2d(2), RNG.normal(size=(2, 2, 4, 6))),
        (written.Linear(4, 3), layers.Linear(4, 3), RNG.normal(size=(5, 4))),
    ],
    ids=lambda value: type(value).__name__,
)
def test_the_layers_written_out_are_the_engine_s(ours, engine, x: Array) -> None:  # type: ignore[no-untyped-def]
    params = engine.init(np.random.default_rng(0), dtype=np.float64)
    y, cache = ours.forward(params, x, train=True)
    dy = RNG.normal(size=y.shape)
    mine, theirs = ours.backward(params, cache, dy), engine.backward(params, cache, dy)
    np.testing.assert_allclose(mine[0], theirs[0], atol=1e-12)
    assert mine[1].keys() == theirs[1].keys()
    for name in mine[1]:
        np.testing.assert_allclose(mine[1][name], theirs[1][name], atol=1e-12)


def test_the_loss_written_out_is_the_engine_s() -> None:
    z, target = RNG.normal(size=(4, 3)), np.array([0, 2, 1, 1])
    _value, cache = written.Loss().forward(z, target)
    np.testing.assert_allclose(written.Loss().backward(cache), CrossEntropyLoss().backward(cache), atol=1e-15)


def test_a_right_network_passes_at_1e_7_wherever_a_gradient_can_be_measured() -> None:
    found = strips("nothing")
    assert not wrong("nothing")
    for name, strip in found.items():
        large = np.abs(strip.numeric) > 1e-4
        assert strip.error[large].max(initial=0) <= 1e-7, name
    # Batch norm takes every shift away: conv.bias has no gradient, and a relative error of 1 all the same.
    assert found["conv.bias"].error.max() == 1
    assert max(np.abs(found["conv.bias"].analytic).max(), np.abs(found["conv.bias"].numeric).max()) < 1e-9


def test_all_parameters_and_all_dx_are_checked() -> None:
    measured = numeric_gradients()
    found = strips("nothing")
    assert set(found) == set(measured)
    assert {name.split(".")[0] for name in found} == {*LAYERS, "loss"}
    assert batch()[0].shape == (4, 1, 8, 8)
    assert sorted(batch()[1]) == [0, 1, 2, 3]


@pytest.mark.parametrize("case", FAULTY, ids=lambda case: case.kind)
def test_a_fault_is_one_line_of_its_layer(case: Case) -> None:
    line = wrong_line(case)
    assert line is not None
    ours, theirs = source_of(case, case.layer), source_of(Case(""), case.layer)
    assert len(ours) == len(theirs)
    assert [i for i, pair in enumerate(zip(ours, theirs, strict=True)) if pair[0] != pair[1]] == [line]
    for layer in {*LAYERS, "loss"} - {case.layer, "flatten"}:
        assert source_of(case, layer) == source_of(Case(""), layer)


@pytest.mark.parametrize("case", FAULTY, ids=lambda case: case.kind)
def test_every_fault_is_reported_and_nothing_nearer_to_the_loss_is(case: Case) -> None:
    order = [*LAYERS, "loss"]
    blamed = [name.split(".")[0] for name in wrong(case.kind)]
    assert blamed
    assert max(blamed, key=order.index) == case.layer


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.kind)
def test_a_fault_s_name_is_in_none_of_the_sources_that_the_learner_sees(case: Case) -> None:
    shown = "\n".join(line for layer in {*LAYERS, "loss"} - {"flatten"} for line in source_of(case, layer))
    assert '"""' not in shown
    assert case.kind not in shown


# ---- the patterns ----


def test_a_forgotten_transpose_mirrors_one_weight_and_nothing_else() -> None:
    assert wrong("LinearTransposed") == {"hidden.weight"}
    weight = strips("LinearTransposed")["hidden.weight"]
    np.testing.assert_allclose(weight.analytic.T, weight.numeric, atol=1e-8)


def test_a_forgotten_mean_is_the_same_factor_everywhere() -> None:
    for name, strip in strips("LossNotAveraged").items():
        large = np.abs(strip.numeric) > 1e-4
        np.testing.assert_allclose(strip.analytic[large] / strip.numeric[large], 4, rtol=1e-6)
        if name != "conv.bias":
            assert strip.ratio() == pytest.approx(4, rel=1e-6)
    assert strips("nothing")["hidden.weight"].ratio() == pytest.approx(1, rel=1e-6)
    assert strips("NormWithoutMean")["norm.dx"].ratio() is None


def test_softmax_taken_number_by_number_is_right_for_the_wanted_class_only() -> None:
    scores = strips("LossOfEachAlone")["loss.dx"]
    target = batch()[1][0]
    assert scores.wrong().tolist() == [i != target for i in range(scores.analytic.size)]
    assert not scores.analytic[scores.wrong()].any(), "no other class hears of it"
    np.testing.assert_allclose(scores.analytic[target], scores.numeric[target], atol=1e-9)
    np.testing.assert_allclose(scores.numeric.sum(), 0, atol=1e-9)
    assert scores.analytic.sum() < -0.1
    assert scores.ratio() is None


def test_a_gradient_sent_to_the_wrong_cell_misses_winners_and_first_cells_only() -> None:
    assert {name.split(".")[0] for name in wrong("PoolToFirstCell")} == {"conv", "norm", "relu", "pool"}
    pool = strips("PoolToFirstCell")["pool.dx"]
    where = pool.wrong()
    assert where.sum() == 14
    first = np.zeros_like(where)
    first[:, ::4, ::4] = True
    winners = pool.numeric != 0
    assert not (where & ~(first | winners)).any()
    np.testing.assert_allclose(pool.analytic.sum(), pool.numeric.sum(), atol=1e-9)


def test_a_padding_slip_is_wrong_on_the_border_only() -> None:
    assert wrong("ConvPaddedByEdges") == {"conv.dx"}
    where = strips("ConvPaddedByEdges")["conv.dx"].wrong()[0]
    assert where.sum() == 28
    assert not where[1:-1, 1:-1].any()


def test_without_the_mean_s_way_a_channel_s_dx_no_longer_adds_up_to_0() -> None:
    assert wrong("NormWithoutMean") == {"norm.dx", "conv.dx", "conv.weight", "conv.bias"}
    assert np.abs(checked(case_of("NormWithoutMean")).sums).min() > 0.5
    assert np.abs(checked(case_of("nothing")).sums).max() < 1e-12
    norm = strips("NormWithoutMean")["norm.dx"]
    missing = (norm.analytic - norm.numeric).reshape(2, -1)
    assert np.ptp(missing, axis=1).max() < 1e-8, "the same for a whole channel"


def test_a_bias_of_one_example_is_wrong_alone() -> None:
    assert wrong("LinearBiasOfOne") == {"output.bias"}


def test_a_gate_on_the_wrong_side_stops_negative_dy() -> None:
    relu = strips("ReluGatedByGradient")["relu.dx"]
    where = relu.wrong()
    assert where.any()
    assert (relu.numeric[where] < 0).all()
    assert (relu.analytic[where] == 0).all()
    assert "norm.dx" in wrong("ReluGatedByGradient"), "and all to the left of it"


def test_a_kernel_that_wasn_t_turned_spoils_dx_and_no_weight() -> None:
    assert wrong("ConvNotTurned") == {"conv.dx"}
    assert strips("ConvNotTurned")["conv.dx"].wrong().sum() > 56


def test_too_large_and_too_small_an_h_make_a_right_network_look_worse() -> None:
    worst = {h: max(strip.worst(1e-4) for strip in checked(case_of("nothing"), h).strips) for h in (1e-2, 1e-5, 1e-10)}
    assert worst[1e-5] < 1e-6
    assert min(worst[1e-2], worst[1e-10]) > 100 * worst[1e-5]


# ---- judging ----


@pytest.mark.parametrize("case", FAULTY, ids=lambda case: case.kind)
def test_the_wrong_line_is_found_and_others_get_a_hint(case: Case) -> None:
    line = wrong_line(case)
    assert judged(case, case.layer, line).found
    assert line is not None
    assert judged(case, case.layer, line + 1).kind == "this-layer"
    assert judged(case, "", None).kind == "not-nothing"


def test_hints_follow_the_pattern() -> None:
    pooled = case_of("PoolToFirstCell")
    assert judged(pooled, "norm", 1).kind == "upstream"
    assert judged(pooled, "hidden", 1).kind == "not-here"
    assert judged(pooled, "pool", 0).kind == "this-layer"
    nothing = case_of("nothing")
    assert judged(nothing, "", None).found
    assert judged(nothing, "conv", 1).kind == "not-here"
