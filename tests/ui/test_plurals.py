"""English that counts: no "1 steps", no "3th", whatever numbers stand in the gaps."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from importlib import import_module

import numpy as np
import pytest

from pages.backprop.batch_norm.picture import short
from pages.backprop.vanishing.words import size
from ui import catalogue, exercises, i18n, locale_tools, prose, translations

GAP = re.compile(r"\{+(\w+)(?:\|([^|{}]*)\|([^|{}]*))?\}+")
COUNTS = (0, 1, 2, 3, 11, 21, 1000)
# A 1 that counts, not a factor or an index, and the word after it.
ONE = re.compile(r"(?<![\w×·/.,−+=^–-])(?<![×·/+=−–] )1(?:\*\*)? ((?:[a-z]+ )?)([a-z]+s)\b")
ADJECTIVES = {"", "more ", "other ", "random ", "real ", "full ", "output ", "independent ", "sigmoid ", "validation "}
ORDINAL = re.compile(r"\d(?:th|st|nd|rd)\b")
# No plurals, though they end like one.
OTHERS = """
    is was as has this its less across makes says gets does plus times passes gives sees stands moves leads goes
    stays opens finds grows changes lets leaves takes reads weighs answers ends behind fits lies hands arrives tells
    leans compares likes sends runs puts reaches comes adds mixes
"""
# In these sentences the gap counts what is never one: a batch, a network's layers, all of a data set, what is checked.
NEVER_ONE = {
    "ui/components/bench/labels.py": "count", "ui/controls.py": "count", "backprop/batch_norm": "m count",
    "backprop/cross_entropy_quadratic": "epochs", "backprop/by_hand": "steps E",
    "backprop/convolution_backward": "count size cells maps", "backprop/gradient_check": "total size pool_all edge_all",
    "backprop/graph": "count", "backprop/vanishing": "count width depth until steps layers answer",
    "blocks/activations": "count units examples steps numbers", "blocks/neuron": "lines",
    "blocks/convolution":
        "count span channels features classes alexnet_neurons filters small_weights columns size",
    "blocks/pooling": "count draws side equals cells digits",
    "blocks/receptive_field": "count seen most square vgg_conv jump",
    "inside/feature_maps": "count reads all size shape_size digit_size shape_count",
    "training/watch_it_train": "count digits all",
    "training/weight_initialization": "samples count width", "engine/": "count most stride",
    "backprop/forward_backward": "count channels total features places maps parameters size filters",
}  # fmt: skip


def sentences() -> Iterator[tuple[str, str, str | None]]:
    """Every English sentence that may have gaps: where it stands, its text, and its plural if it has one."""
    for path, label in locale_tools.used():
        yield path.relative_to(translations.ROOT).as_posix(), label.message, label.plural
    for lesson in catalogue.LESSONS:
        asked = {make.__name__.replace("_", "-") for make in generators(lesson)}
        for name, block in prose.blocks(lesson.room / "en.md").items():
            if not any(name.startswith(exercise) for exercise in asked):
                yield f"pages/{lesson.part}/{lesson.room.name}/en.md", f"{block.heading}\n{block.body}", None


def generators(lesson: catalogue.Lesson) -> list[exercises.Make]:
    found: list[exercises.Make] = list(import_module(f"pages.{lesson.part}.{lesson.room.name}.exercises").EXERCISES)
    return found


def filled(text: str, name: str, count: int) -> str:
    """With so many in one gap, and 7 in the others."""

    def put(gap: re.Match[str]) -> str:
        value = count if gap[1] == name else 7
        return str(value) if gap[2] is None else gap[2] if value == 1 else gap[3]

    return GAP.sub(put, text)


def faults(said: str) -> list[str]:
    """Where it says "1 steps" or "3th"."""
    pairs = [
        m
        for m in ONE.finditer(said)
        if m[1] in ADJECTIVES and m[2] not in OTHERS.split() and m[1].strip() not in OTHERS.split()
    ]
    return [said[max(0, m.start() - 30) : m.end() + 20] for m in [*pairs, *ORDINAL.finditer(said)]]


@pytest.mark.parametrize("count", COUNTS)
def test_a_count_goes_with_its_word(count: int) -> None:
    found = []
    for place, text, plural in sentences():
        never = next((names.split() for part, names in NEVER_ONE.items() if part in place), [])
        for name in {gap[1] for gap in GAP.finditer(text)} - set(never):
            found += [
                f"{place}: {fault!r}" for fault in faults(filled(text if count == 1 else plural or text, name, count))
            ]
    assert not found


@pytest.mark.parametrize("lesson", catalogue.LESSONS, ids=lambda lesson: lesson.key)
def test_an_exercise_counts_in_good_english_whatever_its_numbers(lesson: catalogue.Lesson) -> None:
    found = set()
    with i18n.speaking("en"):
        for make in generators(lesson):
            name = make.__name__.replace("_", "-")
            for seed in range(80):
                said = exercises.words(lesson.key, name, make(np.random.default_rng(seed)))
                found |= {f"{name}: {fault!r}" for text in said.values() for fault in faults(text)}
    assert not found


def test_the_faults_are_found() -> None:
    assert faults("after **1** steps")
    assert faults("the other 1 maps")
    assert faults("a 3th each")
    assert not faults("1 step, 2·1 maps, 11 maps, row 1 is")


def test_a_word_follows_its_count() -> None:
    assert [i18n.fill("{{n}} {{n|step|steps}}", {"n": n}) for n in (0, 1, 2, 11, 21, "1,000")] == [
        "0 steps", "1 step", "2 steps", "11 steps", "21 steps", "1,000 steps",
    ]  # fmt: skip


@pytest.mark.parametrize("write", [size, short])
@pytest.mark.parametrize("power", range(-3, 8))
def test_no_number_is_written_as_a_program_writes_it(write: Callable[[float], str], power: int) -> None:
    for value in (10.0**power, 0.9999 * 10.0**power, 9.996 * 10.0**power):
        assert "e" not in write(value)
