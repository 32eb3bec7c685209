"""A network as lines: what is read is what was written, and each line's numbers are the engine's own."""

import random
import string
import time
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings

from engine import (
    Conv2d,
    Flatten,
    Highway,
    Linear,
    MaxPool2d,
    Network,
    Parallel,
    ReLU,
    Residual,
    Sigmoid,
    network_cost,
    receptive_fields,
)
from engine.text import PRESETS, Limits, lines_of, read
from engine.text.known import LAYERS as KNOWN
from engine.zoo.classic import lenet5_layers
from engine.zoo.digit_network import pretrained_digit_network
from engine.zoo.highway import highway_layers
from engine.zoo.inception import googlenet_layers
from engine.zoo.resnet import cifar_resnet_layers
from tests.engine.drawn_layers import LAYERS
from tests.engine.text.places import assert_sound

every_preset = pytest.mark.parametrize("name", PRESETS)
LENET = PRESETS["LeNet-5"].text


@pytest.mark.parametrize("kind", LAYERS, ids=lambda kind: kind.__name__)
def test_every_layer_of_the_engine_reads_back_to_itself(kind: type) -> None:
    @settings(max_examples=20, deadline=None, database=None)
    @given(LAYERS[kind])
    def holds(drawn: tuple[Any, Any]) -> None:
        layer, shape = drawn
        text = lines_of([("own", layer)])
        reading = read(text, shape)
        assert reading.layers == (("own", layer),), (text, reading.faults)
        assert reading.lines[0].output == layer.output_shape(shape)

    holds()


def test_every_layer_is_drawn_that_can_be_named() -> None:
    assert {kind.__name__ for kind in LAYERS} >= KNOWN.keys()


@pytest.mark.parametrize(
    ("layers", "shape"),
    [
        (lenet5_layers(), (1, 32, 32)),
        (cifar_resnet_layers(20), (3, 32, 32)),
        (googlenet_layers(), (3, 224, 224)),
        (highway_layers(4), (1, 28, 28)),
    ],
    ids=["lenet", "resnet", "googlenet", "highway"],
)
def test_named_networks_read_back_to_themselves(layers: Any, shape: Any) -> None:
    text = lines_of(layers)
    reading = read(text, shape)
    assert reading.faults == ()
    assert reading.layers == tuple(layers)
    assert reading.text == text


@every_preset
def test_a_preset_fits_its_examples_and_is_written_as_it_stands(name: str) -> None:
    preset = PRESETS[name]
    reading = read(preset.text, preset.input_shape)
    assert reading.layers is not None, reading.faults
    assert lines_of(reading.layers) == preset.text
    network = Network.build(reading.layers, preset.input_shape, rng=np.random.default_rng(0))
    assert network.predict(np.zeros((2, *preset.input_shape), np.float32)).shape == (2, 10)


@every_preset
def test_each_lines_numbers_are_those_of_the_engines_own_tables(name: str) -> None:
    preset = PRESETS[name]
    reading = read(preset.text, preset.input_shape)
    assert reading.layers is not None
    rows = [line for line in reading.lines if line.depth == 0]
    cost = network_cost(reading.layers, preset.input_shape)
    fields = receptive_fields(reading.layers, preset.input_shape)
    assert [line.name for line in rows] == [row.name for row in cost.rows]
    assert [line.output for line in rows] == [row.output_shape for row in cost.rows]
    assert [line.parameters for line in rows] == [row.cost.parameters.value for row in cost.rows]
    assert [line.multiply_adds for line in rows] == [row.cost.multiply_adds.value for row in cost.rows]
    seen = [line.field for line in rows]
    assert [field and (field.size, field.jump, field.first) for field in seen] == [
        (field.size, field.jump, field.first) for field in fields[1:]
    ]


def test_the_digit_network_takes_the_weights_that_were_trained() -> None:
    trained = pretrained_digit_network()
    reading = read(PRESETS["Digit network"].text, trained.input_shape)
    assert reading.layers == trained.layers


def test_lines_inside_a_block_have_numbers_of_their_own() -> None:
    reading = read("Residual(\n    Conv2d(1, 1, 3, padding=1)\n    ReLU()\n)", (1, 8, 8))
    assert [(line.depth, line.output, line.parameters) for line in reading.lines] == [
        (0, (1, 8, 8), 10),
        (1, (1, 8, 8), 10),
        (1, (1, 8, 8), 0),
    ]


@pytest.mark.parametrize(
    ("text", "layers"),
    [
        ("Conv2d(1, 8, 3, padding=1)", (("conv1", Conv2d(1, 8, 3, padding=1)),)),
        ("nn.Conv2d(1, 8, kernel_size=3),  # first", (("conv1", Conv2d(1, 8, 3)),)),
        ("Conv2d(in_channels=1, out_channels=2 * 4, kernel_size=(3, 3))", (("conv1", Conv2d(1, 8, (3, 3))),)),
        ("Conv2d(\n    1,\n    8,  # maps\n    3,\n)", (("conv1", Conv2d(1, 8, 3)),)),
        ("# nothing yet\n\nfirst = MaxPool2d(2, 2, 0, 1, False, True)", (("first", MaxPool2d(2, 2, ceil_mode=True)),)),
        ("Conv2d（1，8，3）", (("conv1", Conv2d(1, 8, 3)),)),
        ("ReLU(True)\r\nReLU(inplace=True)", (("relu1", ReLU()), ("relu2", ReLU()))),
        ("Sequential(\n  a = ReLU()\n  ReLU()\n)", (("a", ReLU()), ("relu2", ReLU()))),
        ("Residual(ReLU(), Shortcut(Conv2d(1, 1, 1)))",
         (("residual1", Residual((("relu1", ReLU()),), (("conv1", Conv2d(1, 1, 1)),))),)),
        ("Parallel(\n  left = ReLU()\n  Sequential()\n)",
         (("parallel1", Parallel((("left", (("relu1", ReLU()),)), ("branch2", ())))),)),
        ("Flatten()\nHighway(Transform(Linear(64, 64)), Gate(Linear(64, 64), Sigmoid()), gate_bias=-1)",
         (("flatten", Flatten()), ("highway1", Highway(
             (("fc1", Linear(64, 64)),), (("fc1", Linear(64, 64)), ("sigmoid1", Sigmoid())), -1)))),
    ],
)  # fmt: skip
def test_lines_are_read_as_people_write_them(text: str, layers: Any) -> None:
    reading = read(text, (1, 8, 8))
    assert reading.layers == layers, reading.faults


def test_a_highways_bias_is_a_line_of_its_own() -> None:
    layer = Highway((("fc1", Linear(4, 4)),), (("fc1", Linear(4, 4)), ("sigmoid1", Sigmoid())), -1.5)
    text = lines_of([("highway1", layer)])
    assert "gate_bias = -1.5" in text
    assert read(text, (4,)).layers == (("highway1", layer),)


def test_whole_numbers_may_be_printed_as_fractions() -> None:
    assert read("Upsample(scale_factor=2.0, mode='bilinear')", (1, 8, 8)).lines[0].output == (1, 16, 16)


@pytest.mark.parametrize("shape", [(), (1, 2, 3, 4), (0, 8, 8), (1, -8, 8)])
def test_an_input_shape_that_is_none_is_refused(shape: tuple[int, ...]) -> None:
    with pytest.raises(ValueError, match="expected"):
        read("ReLU()", shape)


def test_what_print_shows_is_read_and_says_what_it_leaves_open() -> None:
    text = """Net(
  (conv1): Conv2d(1, 6, kernel_size=(5, 5), stride=(1, 1), padding=same)
  (features): Sequential(
    (0): ReLU(inplace=True)
    (1): MaxPool2d(kernel_size=2, stride=2, padding=0, dilation=1, ceil_mode=False)
  )
  (flat): Flatten(start_dim=1, end_dim=-1)
  (fc1): Linear(in_features=1176, out_features=10, bias=True)
)"""
    reading = read(text, (1, 28, 28))
    assert reading.kind == "printed"
    assert reading.text == (
        "Conv2d(1, 6, 5, stride=1, padding='same')\nReLU()\nMaxPool2d(2, stride=2)\nflat = Flatten()\nLinear(1176, 10)"
    ).replace(", stride=1", "")
    assert "forward" in str(reading.notes[0])


@pytest.mark.parametrize(
    ("text", "line", "column", "said", "fix"),
    [
        ("ReLU()\nConv2D(1, 8, 3)", 2, 1, "nearest is Conv2d", "Conv2d(1, 8, 3)"),
        ("Conv2d(1, 8)", 1, 1, "can't be without kernel_size", None),
        ("Conv2d(1, 8, 3, 1, 1, 1, 1, True, 'zeros', None, None, 5)", 1, 56, "more than can be told to Conv2d", None),
        ("Conv2d(1, 8, 3, colour=2)", 1, 17, "has no colour", None),
        ("Conv2d(1, 8, 'three')", 1, 14, "expected a whole number or a pair", None),
        ("Conv2d(1, 0, 3)", 1, 11, "at least 1", "Conv2d(1, 1, 3)"),
        ("Conv2d(1, -8, 3)", 1, 11, "at least 1", "Conv2d(1, 1, 3)"),
        ("Conv2d(1, 10000000, 3)", 1, 11, "at most 100,000", "Conv2d(1, 1, 3)"),
        ("Dropout(1e999)", 1, 9, "too large a number", None),
        ("Conv2d(1, 8, 10**9)", 1, 14, "isn't read here", None),
        ("Conv2d(1, 8, 9 // 0)", 1, 14, "a division by 0", None),
        ("Conv2d(1, 8, size)", 1, 14, "has no value", None),
        ("Conv2d(1, 8, 3", 1, 1, "never closed", "Conv2d(1, 8, 3)"),
        ("Conv2d(1, 8, 3))", 1, 16, "never opened", None),
        ("  relu", 1, 3, "brackets are missing", "  ReLU()"),
        ("ReLU() ReLU()", 1, 8, "can be read", None),
        ("ReLU(); ReLU()", 1, 1, "One layer stands in each line", None),
        ("a = ReLU()\na = ReLU()", 2, 5, "stands here twice", "a_2 = ReLU()"),
        (")", 1, 1, "never opened", ""),
        ("    ,", 1, 5, "a layer, such as", None),
        ("first =", 1, 8, "a layer, such as", None),
        ("Residual(\n  ReLU()", 1, 1, "never closed", "  ReLU()\n)"),
        ("Residual(ReLU(), Shortcut(ReLU()), Shortcut(ReLU()))", 1, 36, "stands here twice", None),
        ("Parallel(\n)", 1, 1, "doesn't hold what it needs", None),
        ("Parallel(a=ReLU(), widths=ReLU())", 1, 1, "a name of its own", None),
        ("Highway(ReLU())", 1, 1, "doesn't hold what it needs", None),
        ("Highway(gate_bias=True)", 1, 19, "is no number", None),
        ("Highway(\n  gate_bias = 'x'\n)", 2, 15, "is no number", None),
        ("WeightNorm(ReLU())", 1, 1, "doesn't hold what it needs", None),
        ("WeightNorm(3)", 1, 12, "expected a layer", None),
        ("Conv2d(**{'in_channels': 1})", 1, 10, "settings by their names", None),
        ("Conv2d(1, 8, 3, kernel_size=3)", 1, 29, "is given twice", None),
        ("Dropout(7)", 1, 1, "can't be made like this", "Dropout(0.5)"),
        ("Upsample()", 1, 1, "can't be made like this", None),
        ("Residual(" * 10 + "ReLU()" + ")" * 10, 1, 73, "more than 8 deep", None),
        ("(a): Net(\n  (b): Block(\n    (0): ReLU()\n  )\n)", 2, 3, "doesn't say how Block", None),
        ("Residual(\n)", 1, 1, "doesn't hold what it needs", None),
        ("Shortcut(\n  ReLU()\n)", 1, 1, "inside of Residual only", None),
        ("ReLU(inplace=3)", 1, 14, "may be True / False", "ReLU(inplace=True)"),
        ("Conv2d(*[1, 8, 3])", 1, 8, "a starred argument", None),
        ("Conv2d(1, 8, (k := 3))", 1, 15, "an assignment inside", None),
        ("Conv2d(1, 8, f'{3}')", 1, 14, "an f-string", None),
        ("Conv2d(1, 8, [3 for _ in (1,)])", 1, 14, "a comprehension", None),
        ("Conv2d(1, 8, lambda: 3)", 1, 14, "a lambda", None),
        ("__import__('os').system('true')", 1, 1, "isn't read here", None),
        ("ReLU().__class__", 1, 1, "isn't read here", None),
        ("", 1, 1, "no layer yet", None),
        ("import os", 1, 1, "no network", None),
        ("del os", 1, 1, "isn't read", ""),
    ],
)  # fmt: skip
def test_what_cannot_be_read_is_told_at_its_place(
    text: str, line: int, column: int, said: str, fix: str | None
) -> None:
    reading = read(text, (1, 8, 8))
    assert_sound(reading, text)
    fault = reading.faults[0]
    assert (fault.place.line, fault.place.column) == (line, column)
    assert said in str(fault.sentence)
    assert [each.text for each in fault.fixes] == ([] if fix is None else [fix])


def test_a_line_that_gets_too_little_is_mended_there_or_where_the_cause_is() -> None:
    text = LENET.replace(", padding=2", "")
    reading = read(text, (1, 28, 28))
    (fault,) = reading.faults
    assert fault.place.line == 8
    assert str(fault.sentence) == "Linear(400, 120) reads a row of 400, but one of 256 arrives"
    there, cause = fault.fixes
    assert (there.line, there.text) == (8, "Linear(256, 120)")
    assert (cause.line, cause.text) == (1, "Conv2d(1, 6, 5, padding=2)")
    assert read(there.applied(text), (1, 28, 28)).faults == ()
    assert cause.applied(text) == LENET
    assert [line.as_if for line in reading.lines] == [False] * 7 + [True] * 5
    assert [line.output for line in reading.lines[-5:]] == [(120,), (120,), (84,), (84,), (10,)]


@pytest.mark.parametrize(
    ("text", "first", "cause"),
    [
        ("Conv2d(3, 8, 3)", "Conv2d(1, 8, 3)", None),
        ("Conv2d(1, 8, 3)\nConv2d(4, 8, 3)", "Conv2d(8, 8, 3)", "Conv2d(1, 4, 3)"),
        ("Conv2d(1, 8, 3)\nBatchNorm2d(4)", "BatchNorm2d(8)", "Conv2d(1, 4, 3)"),
        ("Conv2d(1, 8, 3)\nBatchNorm1d(8)", "BatchNorm2d(8)", None),
        ("Conv2d(1, 8, 3)\nConv2d(16, 16, 3, groups=16)", "Conv2d(8, 16, 3, groups=8)", "Conv2d(1, 16, 3)"),
        ("Conv2d(1, 8, 3)\nLinear(288, 10)", "Flatten()\nLinear(288, 10)", None),
        ("Conv2d(1, 8, 3)\nLinear(72, 10)", "Flatten()\nLinear(288, 10)", None),
        ("Conv2d(1, 8, 11)", "Conv2d(1, 8, 11, padding=2)", None),
        ("MaxPool2d(9)", "MaxPool2d(9, padding=1)", None),
        ("Flatten()\nReLU()\nConv2d(1, 8, 3)", "", None),
        ("Flatten()\nLinear(64, 32)\nLinear(30, 10)", "Linear(32, 10)", "Linear(64, 30)"),
        ("LayerNorm(8)\nLayerNorm((2, 8, 8))", "LayerNorm((1, 8, 8))", None),
        ("Conv2d(1, 6, 3)\nGroupNorm(4, 8)", "GroupNorm(2, 6)", "Conv2d(1, 8, 3)"),
        ("Flatten()\nWeightNorm(Conv2d(1, 8, 3))", "", None),
        ("WeightNorm(Conv2d(3, 2, 3))", "WeightNorm(Conv2d(1, 2, 3))", None),
        ("LocallyConnected2d(1, 2, 6, 3)", "LocallyConnected2d(1, 2, 8, 3)", None),
        ("Softmax(4)", "Softmax(1)", None),
        ("Flatten(2, 5)", "Flatten(1, -1)", None),
        ("PixelUnshuffle(3)", "PixelUnshuffle(2)", None),
        ("ReflectionPad2d(9)", "ReflectionPad2d(7)", None),
        ("Flatten()\nBatchNorm2d(64)", "BatchNorm1d(64)", None),
        ("Flatten()\nDropout2d(0.3)", "Dropout(0.3)", None),
        (
            "Linear(in_features=72, out_features=10)\nFlatten()",
            "Flatten()\nLinear(in_features=64, out_features=10)",
            None,
        ),
        ("Conv2d(1, 8, 3, groups=4)", "Conv2d(1, 8, 3, groups=1)", None),
        ("MaxPool2d(3, padding=2)", "MaxPool2d(3, padding=1)", None),
        ("Parallel(\n  Conv2d(1, 2, 3)\n  Conv2d(1, 2, 1)\n)", "  Conv2d(1, 2, 3, padding=1)", None),
        (
            "Flatten()\nHighway(\n Transform(\n  Linear(64, 32)\n )\n Gate(\n  Linear(64, 64)\n )\n)\nLinear(3, 1)",
            None,
            None,
        ),
    ],
)
def test_a_misfit_is_mended(text: str, first: str | None, cause: str | None) -> None:
    reading = read(text, (1, 8, 8))
    assert_sound(reading, text)
    (fault,) = reading.faults
    if first is None:
        assert fault.fixes == ()
        return
    assert [fix.text for fix in fault.fixes[1:]] == ([] if cause is None else [cause])
    assert fault.fixes[0].text == first
    for fix in fault.fixes:
        again = read(fix.applied(text), (1, 8, 8))
        assert all(other.place.line > fault.place.line for other in again.faults), again.faults


def test_paths_that_do_not_meet_get_a_shortcut() -> None:
    text = "Residual(\n    Conv2d(1, 4, 3, stride=2, padding=1)\n)\nFlatten()\nLinear(64, 2)"
    reading = read(text, (1, 8, 8))
    (fault,) = reading.faults
    assert fault.place.line == 1
    again = read(fault.fixes[0].applied(text), (1, 8, 8))
    assert again.layers is not None
    assert isinstance(again.layers[0][1], Residual)
    assert again.layers[0][1].shortcut == (("conv1", Conv2d(1, 4, 1, stride=2)),)
    assert reading.lines[-1].output == (2,)


def mutated(text: str, rng: random.Random) -> str:
    """One number of a text made another."""
    places = [at for at, sign in enumerate(text) if sign.isdigit() and not text[at - 1].isalnum() and sign != "0"]
    at = rng.choice(places)
    return text[:at] + rng.choice("123456789") + text[at + 1 :]


def test_most_single_mistakes_are_cured_at_their_line_by_what_is_offered() -> None:
    """A fix is a cure if the line where the fault was has none any more; some mistakes have none to offer."""
    rng = random.Random(5)
    faulty = cured = offered = 0
    for _ in range(300):
        preset = PRESETS[rng.choice([*PRESETS])]
        text = mutated(preset.text, rng)
        reading = read(text, preset.input_shape)
        assert_sound(reading, text)
        if not reading.faults:
            continue
        faulty += 1
        fault = reading.faults[0]
        if not fault.fixes:
            continue
        offered += 1
        again = read(fault.fixes[0].applied(text), preset.input_shape)
        told = [(other.place.line, other.sentence) for other in again.faults]
        cured += (fault.place.line, fault.sentence) not in told
    assert faulty > 150
    assert offered > 0.95 * faulty
    assert cured == offered


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("Flatten()\nLinear(784, 90000)", "parameters; at most 20,000,000"),
        ("Upsample(scale_factor=90000)", "numbers; at most 50,000,000"),
        ("ConstantPad2d(99999, 0)\nLayerNorm((1, 200026, 200026))", "numbers; at most 50,000,000"),
        ("Conv2d(1, 1000, 11, padding=5)\n" + "Conv2d(1000, 100, 11, padding=5)", "multiply-adds; at most"),
        ("ReLU()\n" * 401, "401 layers; at most 400"),
        ("\n" * 3000, "3001 lines; at most 2000"),
        ("Residual(\n" * 20 + "ReLU()\n" + ")\n" * 20, "more than 8 deep"),
        ("ReLU(" + "(" * 10**5 + ")" * 10**5 + ")", "characters; at most 100,000"),
        ("ReLU(" + "(" * 10**4 + ")" * 10**4 + ")", "more than 24 deep"),
        ("Dropout(" + "-" * 10**4 + "1)", "too deeply"),
        ("Dropout(" + "1+" * 9000 + "1)", "too deeply"),
        ("ReLU()" * 30000, "characters; at most"),
        ("1 " * 40000, "more than 30,000 words"),
        ("x" * 10**8, "100,000,000 characters; at most 100,000"),
        ("'''" * 30000, "read"),
    ],
    ids=range(15),
)
def test_what_is_too_much_is_said_before_it_is_built(text: str, said: str) -> None:
    reading = read(text, (1, 28, 28))
    assert_sound(reading, text)
    assert said in str(reading.faults[0].sentence)


@pytest.mark.parametrize(
    "text",
    [
        "foo(\n" * 1900,
        "Parallel(\n" + "  Conv2d(8, 8, 3)\n" * 390 + "  Conv2d(8, 8, 1)\n)",
        "Residual(\n" * 8 + "Conv2d(8, 9, 3)\n" * 380 + ")\n" * 8,
        "\n".join(f"n{number} = Conv9d(8, 8, 1)" for number in range(1900)),
        "'" * 99_000,
        "Conv2d(" + "a=1, " * 7000 + ")",
    ],
    ids=["open", "branches", "nested", "misspelt", "quotes", "settings"],
)
def test_no_text_within_the_limits_takes_long(text: str) -> None:
    started = time.perf_counter()
    reading = read(text, (8, 32, 32))
    assert time.perf_counter() - started < 5
    assert_sound(reading, text)
    assert reading.faults


def test_behind_a_line_that_cannot_be_read_the_rest_is_counted_as_if_it_were_mended() -> None:
    for wrong in (
        "Conv2D(1, 8, 3)",
        "Conv2d(1, 8, 3",
        "Conv2d(1, 8, 3, groups=5)",
        "Conv2d(1, 8, 3, dtype=4)",
        "a = relu",
    ):
        reading = read(f"{wrong}\nReLU()", (1, 8, 8))
        assert [line.as_if for line in reading.lines] == [True, True], wrong
        assert reading.lines[1].output == ((1, 8, 8) if "relu" in wrong else (8, 6, 6))


def test_a_block_that_is_still_open_has_its_lines_numbers_already() -> None:
    text = "ReLU()\nResidual(\n    Conv2d(1, 1, 3, padding=1)\n    Parallel(\n        ReLU()"
    reading = read(text, (1, 8, 8))
    (fault,) = reading.faults
    assert (fault.place.line, fault.fixes[0].text) == (4, "        ReLU()\n    )\n)")
    assert read(fault.fixes[0].applied(text), (1, 8, 8)).faults == ()
    assert [line.output for line in reading.lines[:5]] == [(1, 8, 8)] * 5


def test_a_line_that_cannot_be_read_keeps_its_text() -> None:
    reading = read("ReLU()\n  Conv2d(1, colour)\nReLU()", (1, 8, 8))
    assert [line.text for line in reading.lines] == ["ReLU()", "Conv2d(1, colour)", "ReLU()"]


def test_limits_are_arguments() -> None:
    assert "at most 1 are built" in str(read("ReLU()\nReLU()", (1, 8, 8), limits=Limits(layers=1)).faults[0].sentence)
    assert read("ReLU()\n" * 500, (1, 8, 8), limits=Limits(layers=500)).faults == ()


def test_a_pattern_is_unrolled_into_lines_and_says_what_it_took() -> None:
    text = "INPUT -> [[CONV -> RELU]*N -> POOL?]*M -> [FC -> RELU]*K -> FC"
    reading = read(text, (1, 8, 8), classes=3)
    assert reading.kind == "pattern"
    assert reading.text.splitlines()[:2] == ["Conv2d(1, 16, 3, padding=1)", "ReLU()"]
    assert read(reading.text, (1, 8, 8)).layers == reading.layers
    assert reading.lines[-1].output == (3,)
    assert "N = 2, M = 2, K = 1" in str(reading.notes[0])
    assert "K" not in str(read("INPUT -> [CONV]*N -> FC", (1, 8, 8)).notes[0]).split(";")[-1]
    wrong = "INPUT ->\n  [CONV -> RELU]*Q -> FC"
    (fault,) = read(wrong, (1, 8, 8)).faults
    assert (fault.place.line, fault.place.column) == (2, 18)


PIECES = ["Conv2d(", "Linear(64, 10)", "ReLU()", "Residual(", ")", "Parallel(", "(", "[", "]", "{", "}", ",", "=", "\n",
          "\n    ", " ", "'", '"', "'''", "#", "\\", "\0", "\ud800", "٣", "１", "é", "名", "𝟙", "1e999", "10**9", "-1",
          "0x", "1_000", "1j", "...", "b''", "f'{1}'", "lambda: 1", "(a := 1)", "*x", "**x", "__import__('os')", "nn.",
          "x.__class__", "[i for i in x]", "INPUT", "->", "import os", "class A:", "def f():", "@", ";", ":", "not ",
          "-" * 50, "(" * 50, "9" * 5000, "True", "None", "padding=", "kernel_size=3", "1 if 2 else 3", "await x",
          "\t", "\r", "\x0c", "\u2028", "%", "~", "$", "?", "!", "`", "(0): ReLU()",
          "(a): B(\n  (c): ReLU()\n)"]  # fmt: skip


def test_five_hundred_bad_texts_are_answered_with_a_place_and_no_exception() -> None:
    rng = random.Random(14)
    bad = 0
    for number in range(500):
        if number % 5 == 0:
            text = "".join(rng.choice(string.printable) for _ in range(rng.randrange(1, 120)))
        elif number % 5 == 1:
            base = list(PRESETS[rng.choice([*PRESETS])].text)
            for _ in range(rng.randrange(1, 6)):
                base[rng.randrange(len(base))] = rng.choice(string.printable)
            text = "".join(base)
        else:
            text = "".join(rng.choice(PIECES) for _ in range(rng.randrange(1, 25)))
        shape = rng.choice([(1, 8, 8), (3, 32, 32), (64,), (4, 5)])
        reading = read(text, shape)
        assert_sound(reading, text)
        bad += bool(reading.faults)
    assert bad > 450
