"""Exercises: made from a seed, answered with a number, a shape or a choice, graded by the engine.

A generator stands in the lesson's room and returns an ``engine.exercise.Problem``; its name, written with hyphens, is
the exercise's key. The words stand in the lesson's prose, in both languages, in the blocks ``<key>-prompt``,
``<key>-hint`` and ``<key>-solution``; ``{{name}}`` in them is filled from ``Problem.values``, ``{{answer}}`` with the
answer, and ``{{equals}}`` before it with = or, where it is rounded, ≈. To how many decimals it is asked, the frame
says. A choice may have words of its own: the heading of the block ``<key>-<choice>``.
"""

from __future__ import annotations

import math
import re
import unicodedata
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal, cast

import numpy as np
import streamlit as st

from engine.exercise import Answer, Problem
from ui import catalogue, limits, progress, progress_panel, state
from ui.controls import Number
from ui.errors import plain
from ui.i18n import _, blocks, fill, joined, language
from ui.sentences import said

SEED = Number("task", 0, progress.LAST_SEED, 0, integer=True)

_GIVEN = "stepcnn.answers"
_SEPARATORS = re.compile(r"[×xX*,、;()\[\]\s]+")
_FRACTION = re.compile(r"\s*([-+]?[\d.]+(?:e[-+]?\d+)?)\s*/\s*([\d.]+)\s*", re.IGNORECASE)


class AnswerError(ValueError):
    """An answer that can't be read; the message says what would do."""


Make = Callable[[np.random.Generator], Problem]


@dataclass(frozen=True)
class Exercise:
    """``make`` gives the problem, from a seeded generator."""

    make: Make

    @property
    def key(self) -> str:
        """What names its blocks of prose, and the reader's progress with it."""
        return self.make.__name__.replace("_", "-")

    @property
    def kind(self) -> Literal["number", "shape", "choice"]:
        """What an answer is."""
        answer = self.problem(0).answer
        return "choice" if isinstance(answer, str) else "shape" if isinstance(answer, tuple) else "number"

    def problem(self, seed: int) -> Problem:
        return _made(self.make, self.key, seed)


@lru_cache(maxsize=2048)
def _made(make: Make, key: str, seed: int) -> Problem:
    """A class opens a lesson on the same numbers: they are worked out once."""
    return make(np.random.default_rng([seed, *key.encode()]))


def read_answer(kind: str, text: str) -> Answer:
    """What the reader typed, as a number or a shape; forgiving about ×, commas and full-width signs.

    Raises:
        AnswerError: says in the reader's language what would do.
    """
    if len(text) > limits.ANSWER_CHARACTERS:
        raise AnswerError(_("That is too long for an answer."))
    return _shape(text) if kind == "shape" else _number(text)


def _plain_signs(text: str) -> str:
    """Full-width digits and signs, and the true minus, as their ASCII selves."""
    return unicodedata.normalize("NFKC", text).replace("−", "-").strip()


def _number(text: str) -> float:
    clean = _plain_signs(text).replace(" ", "")
    fraction = _FRACTION.fullmatch(clean)
    try:
        value = float(fraction[1]) / float(fraction[2]) if fraction else float(clean.replace(",", "."))
    except (ValueError, ZeroDivisionError):
        value = math.nan
    if not math.isfinite(value):
        raise AnswerError(_("Please type a number, such as 3, −0.5 or 2/3."))
    return value


def _shape(text: str) -> tuple[int, ...]:
    pieces = _SEPARATORS.sub(" ", _plain_signs(text)).split()
    if not pieces or not all(piece.isascii() and piece.isdigit() and len(piece) <= 9 for piece in pieces):
        raise AnswerError(_("Please type a shape, such as 8 × 4 × 4."))
    return tuple(int(piece) for piece in pieces)


def label(lesson: str, exercise: str, choice: str) -> str:
    """A choice in words: the heading of the block ``<exercise>-<choice>`` where there is one, or its own name."""
    block = blocks(lesson, language()).get(f"{exercise}-{choice}")
    return block.heading if block else choice


def written(answer: Answer, lesson: str = "", exercise: str = "") -> str:
    """An answer as it is shown."""
    if isinstance(answer, tuple):
        return " × ".join(map(str, answer))
    if isinstance(answer, str):
        return label(lesson, exercise, answer)
    return f"{answer:.6g}".replace("-", "−")


def solved(problem: Problem, lesson: str = "", exercise: str = "") -> str:
    """The right answer as it is shown: with the decimals that it was asked to."""
    if problem.decimals is not None and isinstance(problem.answer, float | int):
        return f"{problem.answer:.{problem.decimals}f}".replace("-", "−")
    return written(problem.answer, lesson, exercise)


def gaps(problem: Problem, lesson: str = "", exercise: str = "") -> dict[str, object]:
    """What an exercise's texts are filled with."""
    shown, answer = solved(problem, lesson, exercise), problem.answer
    rounded = isinstance(answer, float | int) and not math.isclose(answer, _number(shown), abs_tol=1e-12)
    return {**problem.values, "answer": shown, "equals": "≈" if rounded else "="}


def precision(problem: Problem) -> str:
    """To how many decimals the answer is asked; nothing where it is asked for exactly, which the field says."""
    said_of = {
        None: "",
        1: _("Give one decimal."),
        2: _("Give two decimals."),
        3: _("Give three decimals."),
        4: _("Give four decimals."),
    }
    return said_of[problem.decimals]


def words(lesson: str, exercise: str, problem: Problem) -> dict[str, str]:
    """Title, prompt, hint and solution of an exercise with its numbers put in."""
    found = blocks(lesson, language())
    values = gaps(problem, lesson, exercise)
    prompt = found[f"{exercise}-prompt"]
    return {
        "title": prompt.heading,
        "prompt": joined(fill(prompt.body, values), precision(problem)),
        "hint": fill(found[f"{exercise}-hint"].body, values),
        "solution": fill(found[f"{exercise}-solution"].body, values),
    }


def show(lesson: catalogue.Lesson, items: Sequence[Exercise]) -> None:
    """All exercises of a lesson, another set on request, and the progress to take along."""
    seed = int(state.get(SEED.name))
    with st.container(horizontal=True, vertical_alignment="center"):
        st.markdown("## " + _("Try it yourself"), width="content")
        st.button(_("Other numbers"), key=f"{lesson.key}.task.next", on_click=_next_seed)
        st.caption(progress.tally(lesson.key), width="content")
    for item in items:
        _one(lesson.key, item, seed)
    progress_panel.show()


def _next_seed() -> None:
    state.set(SEED.name, (int(state.get(SEED.name)) + 1) % (int(SEED.high) + 1))


def _place(lesson: str, item: Exercise, seed: int) -> str:
    return f"{lesson}.{item.key}.{seed}"


def _given() -> dict[str, str]:
    """The answer to each exercise that was checked last, as it was given; while the progress isn't cleared."""
    kept = st.session_state.setdefault(_GIVEN, (0, {}))
    if kept[0] != progress.cleared():
        kept = st.session_state[_GIVEN] = (progress.cleared(), {})
    return cast("dict[str, str]", kept[1])


def _one(lesson: str, item: Exercise, seed: int) -> None:
    problem = item.problem(seed)
    text = words(lesson, item.key, problem)
    place = _place(lesson, item, seed)
    given = _given().get(place, "")
    # A field that was left with its page is empty afterwards: the answer that the verdict speaks of returns to it.
    if given and f"{place}.answer" not in st.session_state:
        st.session_state[f"{place}.answer"] = given
    with st.container(key=f"exercise-{item.key}", border=True):
        st.markdown(f"**{text['title']}**{_mark(lesson, item, seed)}\n\n{text['prompt']}")
        with (
            st.form(f"{place}.form", border=False, enter_to_submit=True),
            st.container(horizontal=True, vertical_alignment="bottom"),
        ):
            if item.kind == "choice":
                st.radio(
                    _("Your answer"),
                    problem.choices,
                    index=None,
                    format_func=lambda name: label(lesson, item.key, name),
                    key=f"{place}.answer",
                    horizontal=True,
                    label_visibility="collapsed",
                )
            else:
                st.text_input(
                    _("Your answer"),
                    key=f"{place}.answer",
                    max_chars=limits.ANSWER_CHARACTERS,
                    width=200,
                    placeholder=_placeholder(problem),
                    label_visibility="collapsed",
                )
            st.form_submit_button(_("Check"), type="primary", on_click=_grade, args=(lesson, item, seed))
        if st.session_state.pop(f"{place}.empty", False):
            st.info(_("Give an answer first."))
        elif given:
            _verdict(lesson, item, problem, given)
        with st.container(horizontal=True):
            with st.expander(_("Hint")):
                st.markdown(text["hint"])
            with st.expander(_("Worked solution")):
                st.markdown(text["solution"])


def _mark(lesson: str, item: Exercise, seed: int) -> str:
    """A badge beside the title of an exercise that was solved, with these numbers or with others."""
    if progress.is_solved(lesson, item.key, seed):
        return f" :green-badge[✓ {_('Solved')}]"
    if item.key in progress.solved(lesson):
        return f" :gray-badge[✓ {_('Solved with other numbers')}]"
    return ""


def _grade(lesson: str, item: Exercise, seed: int) -> None:
    """An answer was sent: it is counted, and kept for its verdict to be shown until another one is sent."""
    place = _place(lesson, item, seed)
    given = st.session_state.get(f"{place}.answer")
    if not given:
        st.session_state[f"{place}.empty"] = True
        return
    _given()[place] = given
    with suppress(AnswerError):
        right = item.problem(seed).grade(_read(item, given))
        progress.count_try(lesson, item.key, seed, right=right)


def _read(item: Exercise, given: str) -> Answer:
    return given if item.kind == "choice" else read_answer(item.kind, given)


def _verdict(lesson: str, item: Exercise, problem: Problem, given: str) -> None:
    try:
        answer = _read(item, given)
    except AnswerError as error:
        st.info(str(error))
        return
    shown = plain(written(answer, lesson, item.key))
    if problem.grade(answer):
        st.success(_("Right: {answer}.").format(answer=plain(solved(problem, lesson, item.key))))
    elif mistake := problem.mistaken(answer):
        st.warning(_("Not yet: {answer} isn't it. {why}").format(answer=shown, why=plain(said(mistake))))
    else:
        st.warning(_("Not yet: {answer} isn't it. The hint may help.").format(answer=shown))


def _placeholder(problem: Problem) -> str:
    if isinstance(problem.answer, tuple):
        return "8 × 4 × 4"
    return _("the exact number") if problem.decimals is None else _("a number")
