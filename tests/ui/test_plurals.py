"""English that counts: no "1 steps", no "3th", whatever numbers stand in the gaps."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from importlib import import_module

import numpy as np
import pytest

from pages.backprop.batch_norm.picture import short
from pages.backprop.vanishing.words import size
from tests.ui.never_one import NEVER_ONE
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


def sentences() -> Iterator[tuple[str, str, str, str | None]]:
    """Every English sentence that may have gaps: where it stands, its name (a label's own), its text, its plural."""
    for path, label in locale_tools.used():
        yield path.relative_to(translations.ROOT).as_posix(), label.message, label.message, label.plural
    for lesson in catalogue.LESSONS:
        asked = {make.__name__.replace("_", "-") for make in generators(lesson)}
        for name, block in prose.blocks(lesson.room / "en.md").items():
            if not any(name.startswith(exercise) for exercise in asked):
                yield f"{lesson.part}/{lesson.room.name}", name, f"{block.heading}\n{block.body}", None


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
    for place, sentence, text, plural in sentences():
        for name in {gap[1] for gap in GAP.finditer(text)}:
            said = filled(text if count == 1 else plural or text, name, count)
            if not never_one(place, sentence, name):
                found += [f"{place}, {sentence!r}, {name}: {fault!r}" for fault in faults(said)]
    assert not found


def meant(begins: str, sentence: str) -> bool:
    """Whether a case of the list is this sentence: its name, or how it begins before a "…"."""
    return sentence.startswith(begins[:-1]) if begins.endswith("…") else sentence == begins


def never_one(place: str, sentence: str, gap: str) -> bool:
    """Whether a gap is on the list of those that never hold a 1."""
    return any(meant(begins, sentence) and gap in gaps.split() for begins, gaps, _ in NEVER_ONE.get(place, ()))


def test_every_case_that_never_holds_a_one_is_a_case() -> None:
    """Of one sentence, which would be at fault if it did."""
    every = list(sentences())
    for where, cases in NEVER_ONE.items():
        for begins, gaps, reason in cases:
            texts = {text for place, sentence, text, _plural in every if place == where and meant(begins, sentence)}
            assert len(texts) == 1, (where, begins, texts)
            assert reason, (where, begins)
            assert all(faults(filled(text, gap, 1)) for text in texts for gap in gaps.split()), (where, begins)


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


def test_what_all_pictures_share_fills_its_sentences_by_the_rule_that_knows_plurals() -> None:
    scripts = (translations.ROOT / "ui/components").rglob("*.js")
    assert not [path.name for path in scripts if re.search(r'\.replace\("\{', path.read_text())]
