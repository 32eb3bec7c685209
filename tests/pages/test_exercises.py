"""The exercises of every lesson, for any seed: what is worked out by hand is what the engine computes, an answer
rounded as it is asked for is right, and a known mistake is answered as such and never taken for the right answer."""

from __future__ import annotations

import math
import re
from functools import cache
from importlib import import_module

import numpy as np
import pytest

from engine.exercise import ORDER, ROUNDED, SIGN, Answer, Mistake, Problem
from engine.sentence import Sentence
from tests.equations import false_ones, plain
from tests.root import ROOT
from ui import catalogue, i18n
from ui.exercises import Exercise, Make, gaps, read_answer, solved, written
from ui.prose import LANGUAGES

SEEDS = range(60)
MANY = range(300)
FEWEST = 30


def makers() -> list[Make]:
    """Every lesson's generators."""
    rooms = [".".join(entry.path.relative_to(ROOT).parent.parts) for entry in catalogue.LESSONS]
    return [make for room in rooms for make in import_module(f"{room}.exercises").EXERCISES]


def name(make: Make) -> str:
    return f"{make.__module__.split('.')[-2]}.{make.__name__}"


def lesson(make: Make) -> str:
    return make.__module__.split(".")[-2].replace("_", "-")


@cache
def problem(make: Make, seed: int) -> Problem:
    return make(np.random.default_rng(seed))


def problems(make: Make, seeds: range = SEEDS) -> list[Problem]:
    return [problem(make, seed) for seed in seeds]


def prompt(make: Make, one: Problem) -> str:
    return i18n.fill(i18n.blocks(lesson(make), "en")[f"{Exercise(make).key}-prompt"].body, one.values)


each = pytest.mark.parametrize("make", makers(), ids=name)


@each
def test_the_worked_solution_is_graded_as_right_and_another_answer_as_wrong(make: Make) -> None:
    for one in problems(make, MANY):
        assert one.grade(one.worked), one
        if isinstance(one.answer, tuple):
            assert not one.grade((*one.answer[::-1], 1))
        elif isinstance(one.answer, str):
            assert not any(one.grade(choice) for choice in one.choices if choice != one.answer)
        else:
            assert not one.grade(one.answer + 2 * one.tolerance + 1)


@each
def test_a_seed_makes_the_same_question_again_and_another_seed_another_one(make: Make) -> None:
    again = [make(np.random.default_rng(seed)) for seed in SEEDS]
    assert problems(make) == again
    assert len({str(one) for one in again}) > 3


@each
def test_a_question_with_choices_is_not_always_answered_alike(make: Make) -> None:
    answers = {one.answer for one in problems(make) if one.choices}
    assert len(answers) != 1


@each
def test_an_answer_is_right_as_it_is_asked_for_and_clearly_wrong_beyond(make: Make) -> None:
    for one in problems(make, MANY):
        if not isinstance(one.answer, float | int):
            continue
        if one.decimals is None:
            assert one.grade(read_answer("number", written(one.answer))), f"{one.answer} is no short number"
            off = 1e-6 * max(1.0, abs(one.answer))
        else:
            for value in (one.answer, one.worked):
                assert isinstance(value, float | int)
                for decimals in (one.decimals, one.decimals + 1):
                    assert one.grade(round(value, decimals)), one
            assert one.grade(read_answer("number", solved(one)))
            off = 2.01 * 10.0**-one.decimals
        assert one.grade(one.answer)
        assert not one.grade(one.answer + off)
        assert not one.grade(one.answer - off)


@each
def test_as_many_decimals_are_asked_as_say_something(make: Make) -> None:
    for one in problems(make, MANY):
        if one.decimals is not None and isinstance(one.answer, float | int) and one.answer:
            assert 1 <= one.decimals <= 4
            assert abs(one.answer) >= 10.0**-one.decimals, one


@each
def test_no_prompt_says_by_hand_how_an_answer_is_rounded(make: Make) -> None:
    for to in LANGUAGES:
        body = i18n.blocks(lesson(make), to)[f"{Exercise(make).key}-prompt"].body
        assert not re.search(r"decimal|digits|rounded to|小数|保留", body) or Exercise(make).kind == "choice"


@each
def test_every_step_of_a_solution_holds_at_the_digits_that_are_shown(make: Make) -> None:
    key, false = Exercise(make).key, set()
    for to in LANGUAGES:
        found = i18n.blocks(lesson(make), to)
        for one in problems(make, MANY):
            values = gaps(one, lesson(make), key)
            for part in ("prompt", "hint", "solution"):
                false |= set(false_ones(plain(i18n.fill(found[f"{key}-{part}"].body, values))))
    assert not false


@each
def test_there_are_many_different_questions(make: Make) -> None:
    assert len({prompt(make, one) for one in problems(make, range(600))}) >= FEWEST


@each
def test_each_known_mistake_is_answered_by_its_own_sentence_and_a_right_answer_never_is(make: Make) -> None:
    for one in problems(make, range(100)):
        for right in (one.answer, one.worked):
            assert one.mistaken(right) is None
        for mistake in one.mistakes:
            for given in typed(one, mistake.gives):
                assert not one.grade(given), (one, mistake)
                assert one.mistaken(given) == mistake.says, (one, mistake)


def typed(one: Problem, value: Answer) -> list[Answer]:
    """What someone may type who got this."""
    if isinstance(value, float | int) and one.decimals is not None:
        return [value, round(value, one.decimals), round(value, one.decimals + 1)]
    return [value]


def test_most_exercises_know_mistakes_of_their_own() -> None:
    """A mistake is known if it can be told from the right answer in most questions."""
    telling = [make for make in makers() if sum(bool(one.mistakes) for one in problems(make)) > len(SEEDS) / 2]
    assert len(telling) >= 2 / 3 * len(makers())


TOLD = Sentence("So."), Sentence("Or so.")


def test_a_mistake_that_cannot_be_told_from_the_right_answer_or_from_another_one_is_left_out() -> None:
    def left(*gives: float, decimals: int | None) -> list[Answer]:
        mistakes = tuple(Mistake(value, TOLD[0]) for value in gives)
        return [each.gives for each in Problem(0.5, 0.5, decimals=decimals, mistakes=mistakes).mistakes]

    assert left(0.515, 0.53, 0.54, 0.6, math.nan, decimals=2) == [0.53, 0.6]
    assert left(0.5, 1 / 3, 0.25, 0.25, decimals=None) == [1 / 3, 0.25]


def test_a_mistake_is_recognised_as_it_would_be_typed() -> None:
    exact = Problem(0.25, 0.25, mistakes=(Mistake(1 / 3, TOLD[0]), Mistake(2.0, TOLD[1])))
    assert [exact.mistaken(given) for given in (0.33, 0.3333, 2.0, 0.3, 7.0)] == [TOLD[0], TOLD[0], TOLD[1], None, None]
    choice = Problem("a", "a", choices=("a", "b", "c"), mistakes=(Mistake("b", TOLD[0]),))
    assert [choice.mistaken(given) for given in "abc"] == [None, TOLD[0], None]


def test_any_question_knows_a_wrong_sign_a_rounded_number_and_another_order() -> None:
    assert Problem(0.0625, 0.0625).mistaken(-0.0625) == SIGN
    assert Problem(0.0625, 0.0625).mistaken(0.062) == ROUNDED
    assert Problem(0.0625, 0.0625, decimals=2).mistaken(0.0625) is None
    assert Problem((8, 4, 6), (8, 4, 6)).mistaken((4, 6, 8)) == ORDER
    assert Problem((8, 4, 6), (8, 4, 6)).mistaken((4, 6, 9)) is None
