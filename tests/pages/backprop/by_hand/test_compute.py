"""Backpropagation by hand: the sheet's numbers are the network's, its formulas compute them, its run is descent."""

from __future__ import annotations

import re
from dataclasses import replace

import numpy as np
import pytest

from engine.autograd.expression import parse
from engine.optimizers import SGD
from engine.types import ShapeError
from pages.backprop.by_hand.compute.run import descend
from pages.backprop.by_hand.compute.setup import CLASSIC, HEADS, HIDDEN, Setup, drawn
from pages.backprop.by_hand.compute.sheet import Sheet, written_out
from pages.backprop.by_hand.figure import handout, written
from pages.backprop.by_hand.picture import text_of

SIZES = [(2, 2, 2), (3, 4, 2), (1, 1), (1, 1, 1), (4, 3, 2, 3), (4, 4, 4, 4, 4)]
WORDS = {"title": "T", "given": "G", "forward": "F", "error": "E", "backward": "B", "update": "U", "again": "A"}
ALL = [(sizes, hidden, head) for sizes in SIZES for hidden in HIDDEN for head in HEADS]


def sheet_of(sizes: tuple[int, ...], hidden: str, head: str) -> Sheet:
    return written_out(replace(drawn(sizes, 3, hidden=hidden, head=head), biases=True))


def test_every_number_of_the_2_2_2_network_to_its_printed_digits() -> None:
    # [G] backprop by hand.
    sheet = written_out(CLASSIC)
    expected = {
        "net_h1": "0.3775", "out_h1": "0.593269992", "out_h2": "0.596884378", "net_o1": "1.105905967",
        "out_o1": "0.75136507", "out_o2": "0.772928465", "E_o1": "0.274811083", "E_o2": "0.023560026",
        "E": "0.298371109", "dE_w5": "0.082167041",
        "new_w5": "0.35891648", "new_w6": "0.408666186", "new_w7": "0.51130127", "new_w8": "0.561370121",
        "new_w1": "0.149780716", "new_w2": "0.199561432", "new_w3": "0.249751144", "new_w4": "0.299502287",
    }  # fmt: skip
    assert {name: written(sheet.value(name)) for name in expected} == expected
    assert len(sheet.lines) == 40


def test_the_error_after_one_step_and_after_ten_thousand() -> None:
    # [G] E = .291027774 after one step; 3.5102e-5 and (.015913620, .984064274) after 10,000, weights only.
    run = descend(CLASSIC, 10_000)
    assert written(run.errors[1]) == "0.291027774"
    assert written(run.errors[-1]) == "3.5102e-05"
    end = written_out(CLASSIC.at(run.at(10_000)))
    np.testing.assert_allclose([end.value("out_o1"), end.value("out_o2")], [0.015913620, 0.984064274], atol=5e-10)
    assert end.value("E") == pytest.approx(run.errors[-1], rel=1e-12)
    assert run.params[:, 8:].tolist() == [[0.35, 0.35, 0.6, 0.6]] * 10_001


@pytest.mark.parametrize(("sizes", "hidden", "head"), ALL)
def test_its_values_are_the_passes_own_arrays(sizes: tuple[int, ...], hidden: str, head: str) -> None:
    sheet = sheet_of(sizes, hidden, head)
    trace, back, error = sheet.setup.passes()
    assert sheet.value("E") == error
    for at in range(1, len(sizes)):
        for k, unit in enumerate(sheet.units[at]):
            assert sheet.value(f"net_{unit}") == trace[f"fc{at}"].y[0, k]
            assert sheet.value(f"d_{unit}") == back[f"fc{at}"].dy[0, k]
            assert sheet.value(f"dE_{sheet.biases[at - 1][k]}") == back.grads[f"fc{at}.bias"][k]
            for j, weight in enumerate(sheet.weights[at - 1][k]):
                assert sheet.value(f"dE_{weight}") == back.grads[f"fc{at}.weight"][k, j]
                assert sheet.value(weight) == trace[f"fc{at}"].params["weight"][k, j]


@pytest.mark.parametrize(("sizes", "hidden", "head"), ALL)
def test_each_formula_with_its_numbers_gives_its_value(sizes: tuple[int, ...], hidden: str, head: str) -> None:
    sheet = sheet_of(sizes, hidden, head)
    made: set[str] = set()
    given = {name for name in sheet.symbols if name not in {line.result for line in sheet.lines}}
    for line in sheet.lines:
        reads = line.reads(sheet.symbols)
        assert set(reads) <= given | made, f"{line.result} reads what isn't known yet"
        made.add(line.result)
        if ">0]" in line.tokens:
            value = float(sheet.value(line.tokens[1]) > 0)
        else:
            # Names as long as dE_out_h10 are fine for the parser; E alone, too.
            value = parse(line.expression, {name: sheet.value(name) for name in reads}).value
        assert value == pytest.approx(sheet.value(line.result), rel=1e-9, abs=1e-12), line


@pytest.mark.parametrize(("sizes", "hidden", "head"), ALL)
def test_its_gradients_agree_with_central_differences(sizes: tuple[int, ...], hidden: str, head: str) -> None:
    setup = sheet_of(sizes, hidden, head).setup
    analytic, h = setup.flat(setup.passes()[1].grads), 1e-6

    def error(at: int, by: float) -> float:
        params = (*setup.params[:at], setup.params[at] + by, *setup.params[at + 1 :])
        return setup.at(params).passes()[2]

    numeric = [(error(at, h) - error(at, -h)) / (2 * h) for at in range(len(analytic))]
    np.testing.assert_allclose(analytic, numeric, atol=1e-8, rtol=1e-6)


@pytest.mark.parametrize("biases", [False, True])
@pytest.mark.parametrize(("sizes", "hidden", "head"), ALL[::3])
def test_a_run_is_the_engine_s_own_descent(sizes: tuple[int, ...], hidden: str, head: str, biases: bool) -> None:
    setup = replace(drawn(sizes, 5, hidden=hidden, head=head), biases=biases, lr=0.2)
    run = descend(setup, 30)
    now, optimizer = setup, SGD(setup.lr)
    for step in range(30):
        _trace, back, error = now.passes()
        assert run.errors[step] == pytest.approx(error, rel=1e-9, abs=1e-12)
        grads = {name: grad for name, grad in back.grads.items() if biases or name.endswith("weight")}
        now = now.at(now.flat(optimizer.update(now.network().params, grads)[0]))
    np.testing.assert_allclose(run.params[-1], now.params, rtol=1e-9, atol=1e-12)


@pytest.mark.parametrize(("sizes", "hidden", "head"), ALL)
def test_the_walk_ends_on_the_error_after_the_step(sizes: tuple[int, ...], hidden: str, head: str) -> None:
    sheet = sheet_of(sizes, hidden, head)
    last = sheet.lines[-1]
    assert last.result == "new_E"
    assert sheet.value("new_E") == pytest.approx(descend(sheet.setup, 1).errors[1], rel=1e-12)
    assert sheet.value("new_E") == pytest.approx(sum(sheet.value(part) for part in last.reads(sheet.symbols)), rel=1e-9)


def test_what_came_of_the_step_is_said_as_it_is() -> None:
    for lr, block in ((0.5, "step-again"), (0.0, "step-again-same"), (5.0, "step-again-more")):
        sheet = written_out(replace(CLASSIC, head="linear", lr=lr))
        assert text_of(sheet.lines[-1], sheet) == block


def test_trained_biases_make_the_error_smaller() -> None:
    assert descend(replace(CLASSIC, biases=True), 1000).errors[-1] < descend(CLASSIC, 1000).errors[-1]


def test_a_run_that_explodes_ends_at_its_last_finite_numbers() -> None:
    run = descend(replace(drawn((4, 4, 4, 4), 0, hidden="relu", head="linear"), lr=90.0), 1000)
    assert 0 < run.steps < 1000
    assert np.isfinite(run.params).all()


@pytest.mark.parametrize(
    ("change", "complaint"),
    [
        ({"sizes": (2, 5, 2)}, "1 to 4"),
        ({"x": (1.0,)}, "expects 2"),
        ({"hidden": "sine"}, "sigmoid"),
        ({"head": "sigmoid-ce", "target": (0.0, 2.0)}, "from 0 to 1"),
    ],
)
def test_what_doesn_t_fit_is_refused_with_what_would(change: dict[str, object], complaint: str) -> None:
    with pytest.raises(ValueError, match=complaint) as caught:
        replace(CLASSIC, **change)  # type: ignore[arg-type]
    assert isinstance(caught.value, ShapeError) or "expect" in str(caught.value)


def test_the_handout_has_every_line_with_its_numbers() -> None:
    sheet = written_out(CLASSIC)
    text = handout(sheet, WORDS)
    assert text.count("$$") == 2 * len(sheet.lines)
    assert re.findall("^#+ (.)$", text, re.MULTILINE) == ["T", "G", "F", "E", "B", "U", "A"]
    assert r"\delta_{o1} \cdot \mathit{out}_{h1} = 0.138498562 \cdot 0.593269992 = 0.082167041" in text
    assert r"\tfrac12 (t_{1} - \mathit{out}_{o1})^2 = \tfrac12 (0.01 - 0.75136507)^2 = 0.274811083" in text
    assert text.count("{") == text.count("}")


def test_a_number_below_0_stands_in_brackets_and_a_tiny_one_has_a_power_of_ten() -> None:
    setup = Setup((1, 1), (0.5,), (1.0,), (-0.3, 0.00002), head="linear")
    text = handout(written_out(setup), WORDS)
    assert "(-0.3)" in text
    assert r"2.0000 \cdot 10^{-5}" in text


def test_what_no_line_computes_and_steps_beyond_the_most_are_refused() -> None:
    with pytest.raises(KeyError, match="No line computes 'out_o9'"):
        written_out(CLASSIC).line("out_o9")
    with pytest.raises(ValueError, match="expected 0 to"):
        descend(CLASSIC, -1)
    assert written(0.0) == "0"


def test_the_classic_network_with_other_units_keeps_its_numbers() -> None:
    other = drawn(CLASSIC.sizes, 0, hidden="tanh")
    assert other.params == CLASSIC.params
    assert other.hidden == "tanh"


def test_softmax_s_delta_with_shares_that_don_t_add_up_to_one_is_written_with_their_sum() -> None:
    setup = replace(CLASSIC, head="softmax-ce", target=(0.5, 0.25))
    sheet = written_out(setup)
    p, t = sheet.value("out_o1"), 0.5
    assert "(" in sheet.line("d_o1").tokens
    assert sheet.value("d_o1") == pytest.approx(p * 0.75 - t)
