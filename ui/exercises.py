"""Exercises: made from a seed, answered with a number, a shape or a choice, graded by the engine.

A generator stands beside the lesson's engine code and returns an ``engine.problem.Problem``. The words stand in
the lesson's prose, in both languages, in the blocks ``<key>-prompt``, ``<key>-hint`` and ``<key>-solution``;
``{{name}}`` in them is filled from ``Problem.values``, and ``{{answer}}`` with the answer. A choice may have
words of its own: the heading of the block ``<key>-<choice>``.
"""

from __future__ import annotations

import json
import math
import re
import unicodedata
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from typing import Any, Literal, cast

import numpy as np
import streamlit as st

from engine.problem import Answer, Problem
from ui import catalogue, limits, state
from ui.controls import Number
from ui.downloads import download
from ui.errors import plain
from ui.i18n import _, blocks, fill, language

SEED = Number("task", 0, 9999, 0, integer=True)

_PROGRESS = "stepcnn.progress"
_SEPARATORS = re.compile(r"[×xX*,、;()\[\]\s]+")
_FRACTION = re.compile(r"\s*([-+]?[\d.]+(?:e[-+]?\d+)?)\s*/\s*([\d.]+)\s*", re.IGNORECASE)


class AnswerError(ValueError):
    """An answer that can't be read; the message says what would do."""


@dataclass(frozen=True)
class Exercise:
    """``key`` names its blocks of prose; ``make`` the problem, from a seeded generator."""

    key: str
    kind: Literal["number", "shape", "choice"]
    make: Callable[[np.random.Generator], Problem]

    def problem(self, seed: int) -> Problem:
        return self.make(np.random.default_rng([seed, *self.key.encode()]))


@dataclass
class Progress:
    """How far the reader has come with one exercise."""

    lesson: str
    exercise: str
    seed: int
    tries: int = 0
    solved: bool = False


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


def words(lesson: str, exercise: str, problem: Problem) -> dict[str, str]:
    """Title, prompt, hint and solution of an exercise with its numbers put in."""
    found = blocks(lesson, language())
    values = {**problem.values, "answer": written(problem.answer, lesson, exercise)}
    prompt = found[f"{exercise}-prompt"]
    return {
        "title": prompt.heading,
        "prompt": fill(prompt.body, values),
        "hint": fill(found[f"{exercise}-hint"].body, values),
        "solution": fill(found[f"{exercise}-solution"].body, values),
    }


def progress() -> dict[str, Progress]:
    """The session's progress, by "lesson/exercise/seed"."""
    return cast("dict[str, Progress]", st.session_state.setdefault(_PROGRESS, {}))


def progress_json() -> bytes:
    """The session's progress as JSON."""
    return json.dumps([asdict(item) for item in progress().values()], indent=2).encode()


def progress_markdown() -> bytes:
    """The session's progress as a Markdown table."""
    head = [_("Lesson"), _("Exercise"), _("Number"), _("Tries"), _("Solved")]
    lines = ["| " + " | ".join(head) + " |", "|" + " --- |" * len(head)]
    for item in progress().values():
        title = catalogue.lesson(item.lesson).title[language()]
        name = blocks(item.lesson, language())[f"{item.exercise}-prompt"].heading or item.exercise
        cells = [title, name, str(item.seed), str(item.tries), "✓" if item.solved else "–"]
        lines.append("| " + " | ".join(cells) + " |")
    return ("\n".join(lines) + "\n").encode()


def show(lesson: catalogue.Lesson, items: Sequence[Exercise]) -> None:
    """All exercises of a lesson, another set on request, and the progress to take along."""
    seed = int(state.get(SEED.name))
    with st.container(horizontal=True, vertical_alignment="center"):
        st.markdown("#### " + _("Try it yourself"), width="content")
        tally = st.empty()
        st.button(_("Other numbers"), key=f"{lesson.key}.task.next", on_click=_next_seed)
    for item in items:
        _one(lesson.key, item, seed)
    done = sum(_record(lesson.key, item, seed).solved for item in items)
    tally.caption(_("{done} of {total} solved").format(done=done, total=len(items)), width="content")
    if any(record.tries for record in progress().values()):
        with st.container(horizontal=True):
            for label, make, name, kind in (
                (_("Progress, Markdown"), progress_markdown, "progress.md", "text/markdown"),
                (_("Progress, JSON"), progress_json, "progress.json", "application/json"),
            ):
                download(label, make, file_name=f"stepcnn-{name}", mime=kind, key=f"progress.{name}")


def _next_seed() -> None:
    state.set(SEED.name, (int(state.get(SEED.name)) + 1) % (int(SEED.high) + 1))


def _record(lesson: str, item: Exercise, seed: int) -> Progress:
    key = f"{lesson}/{item.key}/{seed}"
    return progress().get(key) or Progress(lesson, item.key, seed)


def _one(lesson: str, item: Exercise, seed: int) -> None:
    problem = item.problem(seed)
    text = words(lesson, item.key, problem)
    place = f"{lesson}.{item.key}.{seed}"
    with st.container(key=f"exercise-{item.key}", border=True):
        st.markdown(f"**{text['title']}**\n\n{text['prompt']}")
        with (
            st.form(f"{place}.form", border=False, enter_to_submit=True),
            st.container(horizontal=True, vertical_alignment="bottom"),
        ):
            given: Any
            if item.kind == "choice":
                given = st.radio(
                    _("Your answer"),
                    problem.choices,
                    index=None,
                    format_func=lambda name: label(lesson, item.key, name),
                    key=f"{place}.answer",
                    horizontal=True,
                    label_visibility="collapsed",
                )
            else:
                given = st.text_input(
                    _("Your answer"),
                    key=f"{place}.answer",
                    max_chars=limits.ANSWER_CHARACTERS,
                    width=200,
                    placeholder="8 × 4 × 4" if item.kind == "shape" else _("a number"),
                    label_visibility="collapsed",
                )
            asked = st.form_submit_button(_("Check"), type="primary")
        if asked:
            _grade(lesson, item, seed, problem, given)
        with st.container(horizontal=True):
            with st.expander(_("Hint")):
                st.markdown(text["hint"])
            with st.expander(_("Worked solution")):
                st.markdown(text["solution"])


def _grade(lesson: str, item: Exercise, seed: int, problem: Problem, given: str | None) -> None:
    if not given:
        st.info(_("Give an answer first."))
        return
    try:
        answer = given if item.kind == "choice" else read_answer(item.kind, given)
    except AnswerError as error:
        st.info(str(error))
        return
    record = progress().setdefault(f"{lesson}/{item.key}/{seed}", Progress(lesson, item.key, seed))
    record.tries += 1
    if problem.grade(answer):
        record.solved = True
        st.success(_("Right: {answer}.").format(answer=plain(written(problem.answer, lesson, item.key))))
    else:
        st.warning(
            _("Not yet: {answer} isn't it. The hint may help.").format(answer=plain(written(answer, lesson, item.key)))
        )
