"""No sentence states a measured number as text: it fills a gap, or stands here with the reason why it may be text."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

import pytest

from ui import catalogue, prose

SETTING = "what the reader or the page sets, not what comes of it"
ARITHMETIC = "follows from the numbers beside it, whatever is measured"
DEFINITION = "a convention, a unit, or how something is defined"
SIZE = "how large something is built"
EXAMPLE = "the title of a worked example, which test_page holds"
SOURCE = "what a source prints or claims, and it is named as such"

Allowed = Mapping[tuple[str, str], tuple[str, str]]
ALLOWED: Allowed = {
    ("activations", "dying"): ("10 25 40", SOURCE),
    ("activations", "scene-compare"): ("10", SETTING),
    ("activations", "scene-dying"): ("100", SIZE),
    ("activations", "slopes"): ("0.25 5 10", SETTING),
    ("batch_norm", "example-long"): ("100", SETTING),
    ("batch_norm", "example-running"): ("5", SETTING),
    ("batch_norm", "reading"): ("9", SIZE),
    ("batch_norm", "testing"): ("0.1 5 6", SETTING),
    ("by_hand", "matrices"): ("4", SIZE),
    ("by_hand", "numbers"): (".75136079", SOURCE),
    ("convolution", "example-alexnet"): ("4 11 55 227", EXAMPLE),
    ("convolution", "example-counting"): ("5 16 21 22 23 27 28 29", EXAMPLE),
    ("convolution", "example-cross"): ("4 5", EXAMPLE),
    ("convolution", "example-cross-2"): ("4", EXAMPLE),
    ("convolution", "example-depth"): ("7 56", EXAMPLE),
    ("convolution", "example-dilated"): ("5", EXAMPLE),
    ("convolution", "example-ten"): ("4.5 10", EXAMPLE),
    ("convolution", "example-grouped"): ("4 8", EXAMPLE),
    ("convolution", "example-transposed"): ("4", EXAMPLE),
    ("convolution", "channels"): ("32", SIZE),
    ("convolution", "relatives"): ("7 512 4,096", SIZE),
    ("convolution", "scene-point"): ("0.114 0.299 0.587", DEFINITION),
    ("convolution", "sizes"): ("5", ARITHMETIC),
    ("convolution_backward", "example-flip"): ("9", EXAMPLE),
    ("convolution_backward", "input"): ("8 16 180", SIZE),
    ("convolution_backward", "scene-dx"): ("180", DEFINITION),
    ("cross_entropy_quadratic", "say-between"): (".2", DEFINITION),
    ("feature_maps", "networks"): ("8 32", SIZE),
    ("feature_maps", "say-colour-of"): ("100", DEFINITION),
    ("feature_maps", "try"): ("7", SETTING),
    ("forward_backward", "check-differs"): ("5 10", SETTING),
    ("forward_backward", "checked"): ("5 10", SETTING),
    ("forward_backward", "checked-tiny"): ("5 10", SETTING),
    ("forward_backward", "reading"): ("0.0003 0.001 0.3", ARITHMETIC),
    ("forward_backward", "stop-conv-input"): ("180", DEFINITION),
    ("forward_backward", "stop-image"): ("64", SIZE),
    ("forward_backward", "stop-image-wrong"): ("64", SIZE),
    ("forward_backward", "stop-loss"): ("0.69", ARITHMETIC),
    ("forward_backward", "try"): ("10", SETTING),
    ("forward_backward", "why-it-works"): ("180", DEFINITION),
    ("gradient_check", "best-h-h11"): ("10", SETTING),
    ("gradient_check", "best-h-h3"): ("4 10", SETTING),
    ("gradient_check", "best-h-h6"): ("5 10", SETTING),
    ("gradient_check", "best-h-h8"): ("10", SETTING),
    ("gradient_check", "checked"): ("10", SETTING),
    ("gradient_check", "fault-not-turned"): ("180", DEFINITION),
    ("gradient_check", "idea"): ("6", ARITHMETIC),
    ("gradient_check", "valley"): ("6 10", ARITHMETIC),
    ("graph", "chain"): ("4 5 12", ARITHMETIC),
    ("graph", "checked"): ("0.00001", SETTING),
    ("graph", "staged"): ("4", SETTING),
    ("neuron", "line"): ("64", SIZE),
    ("neuron", "neuron"): ("4", ARITHMETIC),
    ("neuron", "scene-layers"): ("4", SIZE),
    ("neuron", "scene-learn"): ("4", SIZE),
    ("neuron", "scene-learn-kept"): ("4", SIZE),
    ("neuron", "scene-learn-moved"): ("4", SIZE),
    ("neuron", "scene-learn-soft"): ("4", SIZE),
    ("neuron", "scene-line"): ("16", SIZE),
    ("neuron", "scene-line-all"): ("16", SIZE),
    ("neuron", "scene-line-goal"): ("4", SIZE),
    ("neuron", "scene-line-never"): ("4", SIZE),
    ("pooling", "example-chance"): ("10 20 30 40", EXAMPLE),
    ("pooling", "example-expected"): ("0.30", EXAMPLE),
    ("pooling", "example-length"): ("0.3 0.4 0.5 0.6 0.8", EXAMPLE),
    ("pooling", "example-tie"): ("0.88", EXAMPLE),
    ("pooling", "why"): ("27 55 75", ARITHMETIC),
    ("receptive_field", "try"): ("4 7 9 15 27 49", ARITHMETIC),
    ("receptive_field", "why"): ("16", SIZE),
    ("softmax", "hinge"): ("9 10 100", SETTING),
    ("softmax", "overflow"): ("123 456 789", SETTING),
    ("softmax", "why"): ("2.718 5", DEFINITION),
    ("vanishing", "factor"): ("0.71 1.2", ARITHMETIC),
    ("vanishing", "learned"): ("32 64", SETTING),
    ("vanishing", "learning"): ("0.125", SETTING),
    ("vanishing", "product"): ("0.25 0.8 1.2 50", ARITHMETIC),
    ("watch_it_train", "try"): ("0.5 0.9 10", SETTING),
    ("weight_initialization", "numbers"): ("0.01 500 1,000", SETTING),
    ("weight_initialization", "race"): ("32 100", SETTING),
    ("weight_initialization", "say-saturates"): ("5", DEFINITION),
    ("weight_initialization", "symmetry"): ("0.01", SETTING),
    ("weight_initialization", "try"): ("0.01", SETTING),
    ("weight_initialization", "variance"): ("6", DEFINITION),
    ("weight_initialization", "what-you-see"): ("5", DEFINITION),
}
"""(room, block): its numbers besides the smallest, and why they may stand in the text."""

SMALL = {"0", "1", "2", "3"}
_CODE = re.compile(r"```.*?```|`[^`]+`", re.DOTALL)
_GAP = re.compile(r"\{\{\s*\w+\s*\}\}|(?<![\w}^_{])\{\w+\}")
_STEP = re.compile(r"^#*\s*\d+′?\. ", re.MULTILINE)
_NUMBER = re.compile(r"(?<![0-9A-Za-z.,_])(?:\d[\d,.]*\d|\.\d+|\d)")
_TASK = re.compile(r".*-(prompt|hint|solution)")
"""An exercise is worked out for every seed by other tests."""


def numbers(block: prose.Block) -> set[str]:
    """What is written out in a block, besides small whole numbers, gaps, code and the numbers of steps."""
    text = _STEP.sub("", f"{block.heading}\n{block.body}")
    return {found.rstrip(".,") for found in _NUMBER.findall(_GAP.sub(" ", _CODE.sub(" ", text)))} - SMALL


def written(room: str, language: prose.Language) -> Iterator[tuple[str, set[str]]]:
    for lesson in catalogue.LESSONS:
        if lesson.room.name == room:
            for name, block in prose.blocks(lesson.room / f"{language}.md").items():
                if name != "sources" and not _TASK.fullmatch(name):
                    yield name, numbers(block)


ROOMS = sorted({lesson.room.name for lesson in catalogue.LESSONS})


@pytest.mark.parametrize("language", prose.LANGUAGES)
@pytest.mark.parametrize("room", ROOMS)
def test_a_number_in_a_text_is_filled_in_or_may_be_text(room: str, language: prose.Language) -> None:
    for name, found in written(room, language):
        allowed, _why = ALLOWED.get((room, name), ("", ""))
        assert found <= set(allowed.split()), (room, name, found - set(allowed.split()))


def test_nothing_is_allowed_that_no_text_says() -> None:
    said = {(room, name): found for room in ROOMS for name, found in written(room, "en")}
    for place, (allowed, _why) in ALLOWED.items():
        assert set(allowed.split()) == said[place], place


def test_a_measured_number_as_text_is_caught() -> None:
    for text in (
        "The network reads 98 of them.",
        "it falls to .0173",
        "after $0.982$ of it",
        "占 37 %。",
        "1,898 weights",
    ):
        assert numbers(prose.Block("", text)), text
    for text in ("{{share}} of {count}", "`conv2d(8, 16)`", "2 of 3", "## 7. Where?"):
        assert not numbers(prose.Block("", text)), text
