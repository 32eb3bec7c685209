"""The reader's progress with the exercises: in the session, in the reader's own browser, and in files.

Nothing of it is kept on the server. What comes from a browser or a file may be anything, so each record is checked:
the lessons and exercises that there are, seeds in their range, bounded numbers, and not too many of them.
"""

from __future__ import annotations

import json
import secrets
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from typing import Any, cast

import streamlit as st

from ui import catalogue, limits
from ui.components.progress import keep_progress
from ui.i18n import _, blocks, language

LAST_SEED = 9999

_RECORDS = "stepcnn.progress"
_SESSION = "stepcnn.progress.session"
_CLEARED = "stepcnn.progress.cleared"
_HEARD = "stepcnn.progress.heard"
_PROMPT = "-prompt"


class ProgressError(ValueError):
    """A file that holds no progress; the message says what would do."""


@dataclass
class Progress:
    """How far the reader has come with one exercise, as one seed asks it."""

    lesson: str
    exercise: str
    seed: int
    tries: int = 0
    solved: bool = False

    @property
    def name(self) -> str:
        return f"{self.lesson}/{self.exercise}/{self.seed}"


def exercises_of(lesson: str) -> tuple[str, ...]:
    """The keys of a lesson's exercises, in order: each has a block of prose, ``<key>-prompt``."""
    return tuple(name.removesuffix(_PROMPT) for name in blocks(lesson, "en") if name.endswith(_PROMPT))


def records() -> dict[str, Progress]:
    """What the session knows, by "lesson/exercise/seed"."""
    return cast("dict[str, Progress]", st.session_state.setdefault(_RECORDS, {}))


def count_try(lesson: str, exercise: str, seed: int, *, right: bool) -> None:
    """One more answer was checked."""
    fresh = Progress(lesson, exercise, seed)
    record = records().get(fresh.name, fresh)
    _take([Progress(lesson, exercise, seed, record.tries + 1, record.solved or right)])


def is_solved(lesson: str, exercise: str, seed: int) -> bool:
    """Whether the exercise was solved with these very numbers."""
    record = records().get(Progress(lesson, exercise, seed).name)
    return record is not None and record.solved


def solved(lesson: str) -> frozenset[str]:
    """The exercises of a lesson that were solved, with whatever numbers."""
    there = exercises_of(lesson)
    return frozenset(
        record.exercise
        for record in records().values()
        if record.solved and record.lesson == lesson and record.exercise in there
    )


def tally(lesson: str) -> str:
    """How many of a lesson's exercises are solved, in words."""
    return _("{done} of {total} solved").format(done=len(solved(lesson)), total=len(exercises_of(lesson)))


def clear() -> None:
    """Forget everything, here and in the reader's browser."""
    records().clear()
    st.session_state[_CLEARED] = st.session_state.get(_CLEARED, 0) + 1


def cleared() -> int:
    """How often the reader has cleared the progress in this session."""
    return int(st.session_state.get(_CLEARED, 0))


def as_json() -> bytes:
    """Everything, to be taken over again by ``read``."""
    return json.dumps([asdict(record) for record in records().values()], indent=2).encode()


def as_markdown() -> bytes:
    """Everything as a table for people."""
    head = [_("Lesson"), _("Exercise"), _("Number"), _("Tries"), _("Solved")]
    lines = ["| " + " | ".join(head) + " |", "|" + " --- |" * len(head)]
    for record in records().values():
        title = catalogue.lesson(record.lesson).title[language()]
        name = blocks(record.lesson, language())[record.exercise + _PROMPT].heading or record.exercise
        cells = [title, name, str(record.seed), str(record.tries), "✓" if record.solved else "–"]
        lines.append("| " + " | ".join(cells) + " |")
    return ("\n".join(lines) + "\n").encode()


def read(text: str | bytes) -> list[Progress]:
    """The records of a file or of a browser's storage; those that fit no exercise of the course are left out.

    Raises:
        ProgressError: says in the reader's language what would do.
    """
    if len(text) > limits.PROGRESS_BYTES:
        raise ProgressError(
            _("This file is too large to be progress: at most {size} kB.").format(size=limits.PROGRESS_BYTES // 1000)
        )
    try:
        found = json.loads(text)
    except (ValueError, RecursionError):
        found = None
    if not isinstance(found, list):
        raise ProgressError(_("This is no progress of this course. Please choose a file that “Progress, JSON” gave."))
    usable = [record for raw in found[: limits.PROGRESS_RECORDS] if (record := _checked(raw)) is not None]
    if found and not usable:
        raise ProgressError(_("Nothing in this file is an exercise of this course."))
    return usable


def take_over(text: str | bytes) -> int:
    """Add what a file knows to what the session knows; gives how many records the file had.

    Raises:
        ProgressError: says in the reader's language what would do.
    """
    found = read(text)
    _take(found)
    return len(found)


def keep_in_browser() -> None:
    """Mount what holds the session's progress and the reader's browser in step; once on every page."""
    session = st.session_state
    if _SESSION not in session:
        session[_SESSION] = secrets.token_hex(8)
    told = keep_progress(
        [asdict(record) for record in records().values()],
        session=session[_SESSION],
        cleared=cleared(),
        heard=session.get(_HEARD, 0),
        on_emptied=lambda: records().clear(),
    )
    if told is not None:
        _hear(told)


def _hear(told: object) -> None:
    """What the browser had stored: taken over as far as it can be used."""
    st.session_state[_HEARD] = st.session_state.get(_HEARD, 0) + 1
    try:
        take_over(told if isinstance(told, str) else "")
    except ProgressError:
        return


def _take(found: Iterable[Progress]) -> None:
    """Merge: solved stays solved, of tries the larger number counts; bounded, what was never solved goes first."""
    known = records()
    for record in found:
        before = known.get(record.name, record)
        known[record.name] = Progress(
            record.lesson,
            record.exercise,
            record.seed,
            max(record.tries, before.tries),
            record.solved or before.solved,
        )
    while len(known) > limits.PROGRESS_RECORDS:
        unsolved = (name for name, record in known.items() if not record.solved)
        del known[next(unsolved, next(iter(known)))]


def _checked(raw: Any) -> Progress | None:
    """A record, if this is one of an exercise of the course."""
    if not isinstance(raw, dict):
        return None
    lesson, exercise, seed, tries, done = (raw.get(name) for name in ("lesson", "exercise", "seed", "tries", "solved"))
    if not isinstance(lesson, str) or not isinstance(exercise, str):
        return None
    if not any(entry.key == lesson for entry in catalogue.LESSONS) or exercise not in exercises_of(lesson):
        return None
    if type(seed) is not int or not 0 <= seed <= LAST_SEED or type(tries) is not int or tries < 0:
        return None
    return Progress(lesson, exercise, seed, min(tries, limits.PROGRESS_TRIES), done is True)
