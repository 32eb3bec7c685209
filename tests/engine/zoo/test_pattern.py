"""The pattern language: what a pattern becomes, and a plain sentence with its place for one that can't be read."""

from collections.abc import Mapping
from contextlib import suppress

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine import Conv2d, Linear, MaxPool2d, Network, ReLU
from engine.analysis.cost import network_cost
from engine.zoo.pattern import MAX_LAYERS, MAX_LENGTH, PATTERN, PatternError, pattern_layers

SHAPE = (3, 16, 16)


def names(pattern: str, repeats: Mapping[str, int] | None = None, *, optional: bool = True) -> list[str]:
    return [name for name, _ in pattern_layers(pattern, SHAPE, 10, repeats=repeats, optional=optional)]


def test_the_pattern_of_the_textbook_is_written_out() -> None:
    layers = pattern_layers(PATTERN, SHAPE, 10, repeats={"N": 2, "M": 2, "K": 1}, channels=8, hidden=32)
    assert layers == [
        ("conv1", Conv2d(3, 8, 3, padding=1)),
        ("relu1", ReLU()),
        ("conv2", Conv2d(8, 8, 3, padding=1)),
        ("relu2", ReLU()),
        ("pool1", MaxPool2d(2)),
        ("conv3", Conv2d(8, 16, 3, padding=1)),
        ("relu3", ReLU()),
        ("conv4", Conv2d(16, 16, 3, padding=1)),
        ("relu4", ReLU()),
        ("pool2", MaxPool2d(2)),
        ("flatten", layers[10][1]),
        ("fc1", Linear(16 * 4 * 4, 32)),
        ("relu5", ReLU()),
        ("fc2", Linear(32, 10)),
    ]
    network = Network.build(layers, SHAPE, rng=np.random.default_rng(0))
    assert network.predict(np.zeros((2, *SHAPE), np.float32)).shape == (2, 10)


def test_a_question_mark_is_there_or_not() -> None:
    with_pool, without = (names("INPUT -> CONV -> POOL? -> FC", optional=choice) for choice in (True, False))
    assert with_pool == ["conv1", "pool1", "flatten", "fc1"]
    assert without == ["conv1", "flatten", "fc1"]


@pytest.mark.parametrize(
    ("pattern", "expected"),
    [
        ("INPUT -> FC", ["flatten", "fc1"]),
        ("input->conv->relu->fc", ["conv1", "relu1", "flatten", "fc1"]),
        ("INPUT → [CONV → RELU]×2 → FC", ["conv1", "relu1", "conv2", "relu2", "flatten", "fc1"]),
        ("INPUT -> ［CONV -> RELU］＊2\n\u3000-> FC", ["conv1", "relu1", "conv2", "relu2", "flatten", "fc1"]),
        ("INPUT -> CONV*2 -> FC", ["conv1", "conv2", "flatten", "fc1"]),
        ("INPUT -> [CONV -> RELU]*0 -> FC", ["flatten", "fc1"]),
        ("INPUT -> [[POOL]*2]? -> FC", ["pool1", "pool2", "flatten", "fc1"]),
        ("[INPUT -> CONV] -> [FC]", ["conv1", "flatten", "fc1"]),
    ],
)
def test_other_ways_to_write_are_read(pattern: str, expected: list[str]) -> None:
    assert names(pattern) == expected


def test_channels_double_after_each_pool_up_to_a_limit() -> None:
    def widths(channels: int) -> list[int]:
        layers = pattern_layers("INPUT -> [CONV -> POOL]*4 -> CONV -> FC", SHAPE, 10, channels=channels)
        return [layer.out_channels for _, layer in layers if isinstance(layer, Conv2d)]

    assert widths(16) == [16, 32, 64, 128, 256]
    assert widths(200) == [200, 400, 512, 512, 512]
    assert widths(600) == [600] * 5


# The caret stands under the | of the second line.
FAULTS = [
    ("", "The pattern is empty; for example INPUT -> ", ""),
    ("INPUT", "A pattern ends with FC", "|"),
    ("CONV -> FC", "A pattern starts with INPUT", "|"),
    ("INPUT -> CONV", "A pattern ends with FC", "         |"),
    ("INPUT -> CONV FC", "Here an arrow -> is missing", "              |"),
    ("INPUT -> [CONV -> FC", "This bracket is never closed", "         |"),
    ("INPUT -> CONV] -> FC", "This bracket was never opened", "             |"),
    ("INPUT -> [] -> FC", "Here a layer is expected", "          |"),
    ("INPUT -> CONV*2? -> FC", "Only one", "               |"),
    ("INPUT -> CONVV -> FC", "There is no layer called CONVV", "         |"),
    ("INPUT -> 3 -> FC", "Here a layer is expected, not 3", "         |"),
    ("INPUT -> (CONV) -> FC", r"no '\(': .* square brackets", "         |"),
    ("INPUT - > FC", "no '-': an arrow is written ->", "      |"),
    ("INPUT -> CONV; FC", "no ';': it is made of layers", "             |"),
    ("INPUT ->", "The pattern ends where a layer is expected", "        |"),
    ("INPUT -> CONV*", "After \\* a number or a letter", "              |"),
    ("INPUT -> CONV*N -> FC", "N has no number; letters that have one: M", "              |"),
    ("INPUT -> CONV*17 -> FC", "17 times is not possible", "              |"),
    ("INPUT -> CONV*M -> FC", "M = 99 times is not possible", "              |"),
    ("INPUT -> FC -> POOL -> FC", "After FC there is no picture any more; POOL", "               |"),
    ("INPUT -> FC -> CONV -> FC", "After FC there is no picture any more; CONV", "               |"),
    ("INPUT -> POOL*5 -> FC", "Here the picture is 1×1", "         |"),
    ("INPUT -> CONV -> INPUT -> FC", "INPUT stands at the start only", "                 |"),
    ("[INPUT]*0 -> FC", "A pattern starts with INPUT", "             |"),
    ("INPUT -> [[[[[CONV]]]]] -> FC", "more than 4 deep", "             |"),
    ("INPUT -> [[RELU]*16]*16 -> FC", "more than 64 layers", "           |"),
    ("INPUT\n-> CONVV -> FC", "no layer called CONVV", "         |"),
]


@pytest.mark.parametrize(("pattern", "reason", "caret"), FAULTS)
def test_a_fault_is_named_with_its_place(pattern: str, reason: str, caret: str) -> None:
    with pytest.raises(PatternError, match=reason) as caught:
        names(pattern, {"M": 99})
    assert caught.value.position == len(caret.removesuffix("|"))
    sentence, shown, under = str(caught.value).split("\n")
    assert sentence.endswith(".")
    assert shown == pattern.replace("\n", " ")
    assert under == caret.replace("|", "") + "^"


def test_an_optional_end_that_is_left_out_is_missed() -> None:
    with pytest.raises(PatternError, match="ends with FC"):
        names("INPUT -> CONV -> FC?", optional=False)


def test_a_pattern_that_is_too_long_is_not_read_nor_repeated() -> None:
    with pytest.raises(PatternError, match="1,000,000 characters; at most 300") as caught:
        names("x" * 1_000_000)
    assert len(str(caught.value)) < 3 * MAX_LENGTH


@pytest.mark.parametrize(
    ("arguments", "complaint"),
    [
        ({"classes": 0}, "classes=0"),
        ({"channels": 0}, "channels=0"),
        ({"hidden": 5000}, "hidden=5000; at most 4,096"),
        ({"input_shape": (784,)}, r"input_shape=\(784,\); expected \(channels, height, width\)"),
        ({"input_shape": (3, 0, 8)}, "all at least 1"),
    ],
)
def test_numbers_that_cannot_be_used_are_refused(arguments: dict[str, object], complaint: str) -> None:
    with pytest.raises(ValueError, match=complaint):
        pattern_layers("INPUT -> FC", **{"input_shape": SHAPE, "classes": 10, **arguments})  # type: ignore[arg-type]


PIECES = ["INPUT", "CONV", "RELU", "POOL", "FC", "->", "[", "]", "*", "?", "2", "16", "N", " ", "-", "x", "９"]


@given(st.lists(st.sampled_from(PIECES), max_size=40).map("".join))
def test_no_text_raises_anything_else_or_makes_more_than_the_limit(text: str) -> None:
    for pattern in (text, f"INPUT -> {text} -> FC"):
        with suppress(PatternError):
            assert len(pattern_layers(pattern, SHAPE, 10, repeats={"N": 3})) <= MAX_LAYERS


@given(st.integers(0, 3), st.integers(0, 4), st.integers(0, 3))
def test_whatever_the_letters_are_the_layers_fit_together(n: int, m: int, k: int) -> None:
    layers = pattern_layers(PATTERN, SHAPE, 10, repeats={"N": n, "M": m, "K": k})
    assert len(layers) == (2 * n + 1) * m + 2 * k + 2  # and the flatten
    assert network_cost(layers, SHAPE).rows[-1].output_shape == (10,)
