"""The benchmark compares like with like: every contender computes the same, in turns; verdicts follow from numbers."""

import json
import math
import os
import platform
import subprocess
import sys
from dataclasses import replace

import numpy as np
import pytest
import torch

from benchmarks import blas, ours, torch_side, yardstick
from benchmarks.engine import arguments, contenders
from benchmarks.gates import BUSY_TO_IDLE, GATES, Gate, judge, quantities
from benchmarks.limit import TILES, Product, Products, products
from benchmarks.rounds import Crowded, Measured, Plan, difference, expect_agreement, measure, measure_crowded, turned
from benchmarks.table import WIDTH, as_json, text
from benchmarks.workloads import WORKLOADS, Workload
from engine import Params
from engine.analysis.cost import network_cost
from engine.kernels.blas import IN_PLACE, kernels, reads_in_place
from tests.root import ROOT

SMALL = 4


def small(name: str) -> Workload:
    return replace(WORKLOADS[name], batch=SMALL)


def trainers(workload: Workload) -> dict[str, ours.Training | torch_side.Training | yardstick.Training]:
    found: dict[str, ours.Training | torch_side.Training | yardstick.Training] = {
        "ours": ours.Training(workload),
        "torch": torch_side.Training(workload),
        "channels_last": torch_side.Training(workload, torch.channels_last),
    }
    return found | ({"yardstick": yardstick.Training(workload)} if workload.yardstick else {})


def after_steps(workload: Workload, steps: int) -> dict[str, tuple[float, Params]]:
    found = {}
    for name, trainer in trainers(workload).items():
        for _ in range(steps):
            trainer.step()
        found[name] = (trainer.witness(), trainer.params())
    return found


@pytest.mark.parametrize("name", ["W1", "W2", "W3", "digits"])
@pytest.mark.parametrize("steps", [1, 2])
def test_after_training_steps_all_contenders_have_the_same_loss_and_weights(name: str, steps: int) -> None:
    workload = small(name)
    start = workload.network().params
    found = after_steps(workload, steps)
    loss, params = found.pop("ours")
    assert any(np.abs(params[key] - start[key]).max() > 1e-4 for key in start)
    assert len(found) == (3 if workload.yardstick else 2)
    for other_loss, others in found.values():
        assert other_loss == pytest.approx(loss, rel=1e-5)
        assert others.keys() == params.keys()
        for key in params:
            # float32: the change of a weight is compared, not the weight that would hide it.
            change, other = params[key] - start[key], others[key] - start[key]
            np.testing.assert_allclose(other, change, rtol=1e-3, atol=1e-6 + 1e-4 * np.abs(change).max())


@pytest.mark.parametrize("name", ["W5", "trace"])
def test_without_a_loss_all_contenders_have_the_same_result(name: str) -> None:
    workload = small(name)
    mine, theirs = ours.contender(workload), torch_side.contender(workload)
    mine.step()
    theirs.step()
    assert theirs.witness() == pytest.approx(mine.witness(), rel=1e-5)
    assert mine.witness() != 0


def test_prediction_is_the_same_in_both_of_pytorchs_layouts() -> None:
    workload = replace(small("W1"), kind="predict")
    found = [ours.contender(workload), *(torch_side.contender(workload, last) for last in (False, True))]
    for contender in found:
        contender.step()
    assert [c.witness() for c in found] == pytest.approx([found[0].witness()] * 3, rel=1e-5)


def test_a_workload_gives_every_contender_the_same_numbers() -> None:
    workload = small("W2")
    first, second = workload.network().params, workload.network().params
    assert all((first[key] == second[key]).all() for key in first)
    assert all((a == b).all() for a, b in zip(workload.data(), workload.data(), strict=True))
    assert {value.dtype for value in first.values()} == {np.dtype(np.float32)}


def test_the_yardstick_says_which_layer_it_hasnt() -> None:
    with pytest.raises(TypeError, match="BatchNorm2d"):
        yardstick.contender(small("W3"))


@pytest.mark.parametrize("name", ["W1", "W2", "digits"])
def test_the_limits_products_are_the_networks_multiply_adds(name: str) -> None:
    workload = small(name)
    rows = [row.cost.multiply_adds.value for row in network_cost(workload.layers, workload.input_shape).rows]
    first, total = workload.batch * rows[0], workload.batch * sum(rows)
    # Forward, dW and dx are the same products turned round; nobody asks for the images' own gradient.
    assert sum(p.multiply_adds for p in products(workload)) == 3 * total - first
    assert sum(p.multiply_adds for p in products(replace(workload, kind="predict"))) == total


def test_with_the_inputs_gradient_every_product_counts_three_times() -> None:
    workload = small("W5")
    total = workload.batch * network_cost(workload.layers, workload.input_shape).multiply_adds
    assert sum(p.multiply_adds for p in products(workload)) == 3 * total


@pytest.mark.parametrize("largest", TILES)
@pytest.mark.parametrize("whole", [Product(16, 200, 12544), Product(512, 4608, 196), Product(8, 50176, 25)])
def test_a_tile_is_as_large_as_allowed_and_not_much_smaller(whole: Product, largest: int) -> None:
    tile = whole.tile(largest)
    assert largest / 2.1 < tile.multiply_adds <= largest
    assert tile.m <= whole.m
    assert tile.k <= whole.k
    assert tile.n <= whole.n


def test_a_matrix_times_a_vector_is_left_whole() -> None:
    assert Product(4096, 9216, 1).tile(TILES[0]) == Product(4096, 9216, 1)


def test_the_limit_does_every_multiply_add_of_its_products() -> None:
    limit = Products(small("W1"))
    limit.step()
    assert limit.witness() is None
    assert limit.multiply_adds >= sum(p.multiply_adds for p in products(small("W1")))


def test_everyone_begins_a_round_equally_often() -> None:
    orders = [turned(["a", "b", "c"], number) for number in range(6)]
    assert [order[0] for order in orders] == ["a", "b", "c", "a", "b", "c"]
    assert all(sorted(order) == ["a", "b", "c"] for order in orders)


def test_contenders_that_disagree_are_not_timed() -> None:
    expect_agreement("W1", {"ours": 2.0, "torch": 2.001, "limit": None})
    with pytest.raises(ValueError, match=r"W1: the contenders don't compute the same.*torch 2\.1"):
        expect_agreement("W1", {"ours": 2.0, "torch": 2.1})
    with pytest.raises(ValueError, match="torch nan"):
        expect_agreement("W1", {"ours": 2.0, "yardstick": 2.0, "torch": math.nan})


def test_the_difference_is_the_largest_from_ours() -> None:
    assert difference({"ours": 2.0, "torch": 2.1, "yardstick": 1.8, "limit": None}) == pytest.approx(0.1)
    assert difference({"ours": 2.0, "limit": None}) == 0
    assert math.isnan(difference({"ours": 2.0, "yardstick": 2.0, "torch": math.nan}))


def measured(ms: float, witness: float | None = 1.0, share: float = 1.0) -> Measured:
    return Measured(ms, share, imports_mb=30.0, peak_mb=70.0, witness=witness)


W1 = {
    "ours": measured(6.0),
    "torch": measured(10.0),
    "channels_last": measured(8.0),
    "limit": measured(3.0, None),
    "yardstick": measured(42.0),
}


def test_verdicts_compare_the_measured_ratios_with_the_goals() -> None:
    crowded = {"W1": {"ours": Crowded(6.0, 6.6, 1.0, 1.0)}}
    verdicts = {v.gate.quantity: (round(v.value, 3), v.met) for v in judge({"W1": W1}, crowded, in_place=True)}
    assert verdicts == {
        "ours / torch": (0.6, True),
        "ours / limit": (2.0, True),
        "yardstick / ours": (7.0, False),
        "peak MB": (70.0, True),
        "busy / idle": (1.1, True),
    }


@pytest.mark.parametrize(("in_place", "met"), [(True, True), (False, False)])
def test_the_goal_beside_the_products_alone_depends_on_how_blas_multiplies_small_ones(
    in_place: bool, met: bool
) -> None:
    (verdict,) = (v for v in judge({"W1": W1}, {}, in_place=in_place) if v.gate.quantity == "ours / limit")
    assert (verdict.value, verdict.met) == (2.0, met)


def test_a_goal_is_met_at_its_bound() -> None:
    assert Gate("W1", "ours / torch", 0.7).met(0.7)
    assert not Gate("W1", "ours / torch", 0.7).met(0.71)
    assert Gate("W1", "yardstick / ours", 8, at_least=True).met(8)
    assert not Gate("W1", "yardstick / ours", 8, at_least=True).met(7.9)


def test_a_verdict_is_doubted_where_a_contender_waited_for_a_core() -> None:
    waited = W1 | {"torch": measured(10.0, share=0.8)}
    pressed = {"W1": {"ours": Crowded(6.0, 9.0, 1.0, 0.6)}}
    doubted = {v.gate.quantity: str(v) for v in judge({"W1": waited}, pressed, in_place=True)}
    assert doubted["ours / torch"] == "met?"
    assert doubted["busy / idle"] == "not met?"
    assert doubted["peak MB"] == "met"
    pressed = {"W1": {"ours": Crowded(6.0, 9.0, 1.0, 1.0)}}
    assert not any(v.disturbed for v in judge({"W1": W1}, pressed, in_place=True))


def test_every_goal_is_about_something_that_is_measured() -> None:
    for gate in GATES:
        team = {name: measured(1.0) for name in contenders(gate.workload, torch=True)}
        known = quantities(team).keys() | ({BUSY_TO_IDLE} if gate.workload == "W1" else set())
        assert gate.quantity in known, gate


def test_without_pytorch_the_rest_is_still_measured() -> None:
    assert contenders("W1", torch=False) == ["ours", "limit", "yardstick"]
    assert contenders("W5", torch=True) == ["ours", "torch", "limit"]


def test_the_report_fits_120_columns_and_shows_what_was_measured() -> None:
    results = {name: {who: W1[who] for who in contenders(name, torch=True)} for name in WORKLOADS}
    results["VGG-16"] = {"ours": measured(12345.6, share=0.5), "torch": measured(1234.5)}
    crowded = {"W1": {"ours": Crowded(6.0, 6.6, 1.0, 0.8), "torch": Crowded(10.0, 12.0, 1.0, 1.0)}}
    report = text(["A machine"], results, crowded, judge(results, crowded, in_place=True))
    assert max(map(len, report.splitlines())) <= WIDTH
    (row,) = (line for line in report.splitlines() if line.startswith("W1 ") and "42.0" in line)
    assert " ".join(row.split()) == "W1 6.00 10.0 8.00 3.00 42.0 0.60 0.75 2.00 7.0 70 40 0e+00 1 not met?"
    assert "W1, ours" in report
    # Where a line ends doesn't matter.
    assert "VGG-16 ours 50%, W1 busy ours 80%." in " ".join(report.split())


def test_a_quiet_machine_is_not_called_disturbed() -> None:
    assert "Other programs" not in text([], {"W1": W1}, {}, judge({"W1": W1}, {}, in_place=True))


def test_json_holds_the_same_numbers() -> None:
    crowded = {"W1": {"ours": Crowded(6.0, 6.6, 1.0, 1.0)}}
    told = json.loads(as_json(["A machine"], {"W1": W1}, crowded, judge({"W1": W1}, crowded, in_place=True)))
    assert told["workloads"]["W1"]["contenders"]["torch"]["ms"] == 10.0
    assert told["workloads"]["W1"]["quantities"]["ours / torch"] == pytest.approx(0.6)
    assert told["busy"]["W1"]["ours"]["slowdown"] == pytest.approx(1.1)
    assert [gate["met"] for gate in told["gates"]] == [True, True, False, True, True]


@pytest.mark.parametrize(
    ("given", "message"),
    [(["W1", "W9"], "W9: not known here; there are W1, W2"), (["--rounds", "0"], "at least 1")],
)
def test_the_command_line_says_what_would_work(
    given: list[str], message: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit):
        arguments(given)
    assert message in capsys.readouterr().err


def test_without_names_everything_is_measured() -> None:
    assert arguments([]).names == [*WORKLOADS, "busy"]


@pytest.mark.parametrize("module", ["ours", "limit", "yardstick"])
def test_ours_carries_no_other_librarys_memory(module: str) -> None:
    code = f"import sys, benchmarks.{module}; print(sorted({{'torch', 'scipy', 'sklearn'}} & set(sys.modules)))"
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_contenders_are_measured_in_processes_of_their_own() -> None:
    found = measure("digits", ["ours", "limit"], Plan(rounds=2, seconds=0.0, threads=1))
    assert found["ours"].ms > 0
    assert found["limit"].ms > 0
    assert found["ours"].witness is not None
    assert found["limit"].witness is None
    if sys.platform == "linux":
        assert 10 < found["ours"].imports_mb < found["ours"].peak_mb < 200


def test_busy_cores_are_measured_beside_idle_ones() -> None:
    found = measure_crowded("digits", ["ours"], Plan(rounds=3, seconds=0.01, threads=1))
    assert found.keys() == ({"ours"} if (os.cpu_count() or 1) > 1 else set())
    assert all(pressed.idle_ms > 0 and pressed.busy_ms > 0 for pressed in found.values())


def test_a_contender_that_ends_early_is_named() -> None:
    with pytest.raises(RuntimeError, match="yardstick on W3 ended before it answered"):
        measure("W3", ["yardstick"], Plan(rounds=1, seconds=0.0, threads=1))


@pytest.mark.slow
def test_the_command_prints_the_table() -> None:
    command = [sys.executable, "-m", "benchmarks.engine", "digits", "--rounds", "1", "--seconds", "0.01"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)
    row = next(line for line in done.stdout.splitlines() if line.startswith("digits "))
    _, mine, theirs, *_ = row.split()
    assert float(mine) > 0
    assert float(theirs) > 0


def test_numpy_s_library_is_left_to_choose_for_this_processor() -> None:
    environment = {"OPENBLAS_CORETYPE": "Haswell", "OPENBLAS_NUM_THREADS": "1"}
    assert blas.release(environment) == ["OPENBLAS_CORETYPE=Haswell"]
    assert environment == {"OPENBLAS_NUM_THREADS": "1"}
    assert blas.release(environment) == []


@pytest.mark.skipif(platform.machine() not in ("x86_64", "AMD64"), reason="AVX is x86's")
def test_as_without_avx_512_small_products_are_repacked() -> None:
    asked = "from engine.kernels.blas import kernels, reads_in_place; print(kernels(), reads_in_place())"
    environment = os.environ | blas.WITHOUT_AVX512
    done = subprocess.run([sys.executable, "-c", asked], cwd=ROOT, env=environment, capture_output=True, text=True)
    assert done.stdout.split() in (["Haswell", "False"], ["False"])


def test_the_engine_s_own_name_for_the_kernels_is_the_one_that_threadpoolctl_finds() -> None:
    known = kernels()
    assert known in blas.described()
    assert reads_in_place() == known.startswith(IN_PLACE)


def test_the_report_names_the_kernels_that_a_new_process_gets(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("OPENBLAS_CORETYPE", raising=False)
    free = blas.described()
    assert "kernels for" in free or "doesn't tell" in free
    if "openblas" in free and platform.machine() == "x86_64":
        monkeypatch.setenv("OPENBLAS_CORETYPE", "Sandybridge")
        assert "kernels for Sandybridge" in blas.described()
