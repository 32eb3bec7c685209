"""Every lesson keeps the frame's promises: walked over the catalogue, so a new lesson is held to them too."""

from __future__ import annotations

import re
from functools import cache

import pytest
from streamlit.testing.v1 import AppTest

from engine.exercise import Problem
from tests.root import ROOT
from ui import catalogue, exercises, i18n, lesson, progress, state
from ui.controls import Control
from ui.exercises import Exercise

LANGUAGES: tuple[i18n.Language, ...] = ("en", "zh")
SEEDS = range(12)
HIDES = re.compile(r"\b(?:shows|hidden)\(\"([a-z-]+)\"\)")
TABLE_HEAD = re.compile(r"^\|(.+)\|\n\|[-:| ]+\|$", re.MULTILINE)

pytestmark = pytest.mark.parametrize("entry", catalogue.LESSONS, ids=lambda entry: entry.key)


class Recorder:
    """What a lesson asked of its frame while its page ran."""

    def __init__(self) -> None:
        self.items: list[Exercise] = []
        self.calls: list[str] = []


@cache
def recorded(key: str) -> tuple[AppTest, Recorder]:
    """A lesson's page, run once, and what it asked of its frame."""
    with pytest.MonkeyPatch.context() as patch:
        record = Recorder()
        for name in ("text", "code", "check", "exercises", "take_away"):
            patch.setattr(lesson.Frame, name, spy(getattr(lesson.Frame, name), name, record))
        return opened(catalogue.lesson(key)), record


def spy(method, name: str, record: Recorder):  # type: ignore[no-untyped-def]
    def called(self, *args, **kwargs):  # type: ignore[no-untyped-def]
        record.calls.append(name)
        if name == "exercises":
            record.items.extend(map(Exercise, args[0]))
        return method(self, *args, **kwargs)

    return called


def opened(entry: catalogue.Lesson, to: i18n.Language = "en", /, **query: str) -> AppTest:
    """The app at this lesson, in this language, with these controls in its link."""
    at = AppTest.from_file(ROOT / "ui/site/main.py", default_timeout=60)
    at.query_params["lang"] = to
    at.run()  # AppTest learns the pages' addresses from a first run
    for name, text in query.items():
        at.query_params[name] = text
    at.switch_page(str(entry.path)).run()
    assert not at.exception
    assert not at.error
    return at


def controls_of(entry: catalogue.Lesson) -> dict[str, Control]:
    bound = recorded(entry.key)[0].session_state["stepcnn.controls"]
    return {name: control for name, control in bound.items() if name not in state.FRAME_NAMES}


def problems(entry: catalogue.Lesson) -> list[tuple[Exercise, Problem]]:
    return [(item, item.problem(seed)) for item in recorded(entry.key)[1].items for seed in SEEDS]


@pytest.mark.parametrize("to", LANGUAGES)
def test_it_opens_in_both_languages_without_a_message(entry: catalogue.Lesson, to: i18n.Language) -> None:
    at = opened(entry, to)
    assert not at.warning
    titles = [body for element in at.get("html") if "<h1>" in (body := element.proto.body)]
    assert entry.title[to] in titles[0]
    assert entry.goal[to] in titles[0]


def test_its_texts_have_the_same_named_blocks_in_both_languages(entry: catalogue.Lesson) -> None:
    english, chinese = (i18n.blocks(entry.key, to) for to in LANGUAGES)
    assert list(english) == list(chinese)
    for name in english:
        assert english[name].body or english[name].heading, name
        assert bool(english[name].body) == bool(chinese[name].body), name
        assert bool(english[name].heading) == bool(chinese[name].heading), name


@pytest.mark.parametrize("to", LANGUAGES)
def test_its_tables_name_every_column_in_words_or_signs_that_are_read_aloud(
    entry: catalogue.Lesson, to: i18n.Language
) -> None:
    heads = [head for text in i18n.blocks(entry.key, to).values() for head in TABLE_HEAD.findall(text.body)]
    for name in [name.strip() for head in heads for name in head.split("|")]:
        # A formula that LaTeX sets has no name for a screen reader.
        assert re.sub(r"\$[^$]*\$", "", name).strip(), heads


def test_its_texts_have_the_same_gaps_in_both_languages(entry: catalogue.Lesson) -> None:
    english, chinese = (i18n.blocks(entry.key, to) for to in LANGUAGES)
    for name in english:
        gaps = [sorted({gap[1] for gap in i18n.GAP.finditer(text[name].body)}) for text in (english, chinese)]
        assert gaps[0] == gaps[1], name


def test_it_shows_text_code_a_check_exercises_and_downloads(entry: catalogue.Lesson) -> None:
    at, record = recorded(entry.key)
    assert {"text", "code", "exercises", "take_away"} <= set(record.calls)
    assert any("sc-marked" in element.proto.body for element in at.get("html") if "<style>" not in element.proto.body)
    files = {button.proto.label for button in at.get("download_button")}
    assert {"Figure, SVG", "Numbers, CSV"} <= files


def test_its_link_restores_every_control(entry: catalogue.Lesson) -> None:
    controls = controls_of(entry)
    query = {name: control.write(control.other()) for name, control in controls.items()}
    at = opened(entry, **query)
    assert at.session_state["stepcnn.problems"] == []
    for name, control in controls.items():
        assert at.session_state["stepcnn.values"][f"{entry.key}.{name}"] == control.other(), name
    assert {name: at.query_params[name] for name in controls} == query


def test_whatever_it_can_hide_is_known_by_its_name(entry: catalogue.Lesson) -> None:
    asked = {name for path in entry.room.rglob("*.py") for name in HIDES.findall(path.read_text())}
    assert asked <= {*state.PARTS, *controls_of(entry)}


def test_a_stale_or_hostile_link_gives_one_notice_and_the_defaults(entry: catalogue.Lesson) -> None:
    controls = controls_of(entry)
    query = dict.fromkeys(controls, "<script>" + "9" * 5000) | {"gone": "1"}
    at = opened(entry, **query)
    assert len(at.warning) == 1
    for name, control in controls.items():
        assert at.session_state["stepcnn.values"][f"{entry.key}.{name}"] == control.default, name
    assert not dict(at.query_params)


def test_it_has_at_least_two_exercises_and_their_words(entry: catalogue.Lesson) -> None:
    items = recorded(entry.key)[1].items
    assert len({item.key for item in items}) == len(items) >= 2
    for item, problem in problems(entry):
        for to in LANGUAGES:
            found = i18n.blocks(entry.key, to)
            for part in ("prompt", "hint", "solution"):
                filled = i18n.fill(found[f"{item.key}-{part}"].body, exercises.gaps(problem, entry.key, item.key))
                assert filled
                assert "{{" not in filled


def test_the_map_knows_its_exercises(entry: catalogue.Lesson) -> None:
    assert sorted(progress.exercises_of(entry.key)) == sorted({item.key for item in recorded(entry.key)[1].items})


def test_it_ends_with_the_way_to_the_next_lesson(entry: catalogue.Lesson) -> None:
    links = [link.proto.page for link in recorded(entry.key)[0].get("page_link")]
    after = catalogue.after(entry.key)
    assert links[-1] == (after.key if after else "")


def test_the_engine_confirms_every_worked_solution(entry: catalogue.Lesson) -> None:
    for item, problem in problems(entry):
        assert problem.grade(problem.worked), (item.key, problem)
        if item.kind == "choice":
            assert problem.answer in problem.choices
            assert len(set(problem.choices)) == len(problem.choices) >= 2
        else:
            typed = exercises.read_answer(item.kind, exercises.solved(problem))
            assert problem.grade(typed), f"{item.key}: the answer as the solution prints it is not accepted"


def test_a_wrong_answer_is_not_accepted(entry: catalogue.Lesson) -> None:
    for item, problem in problems(entry):
        if isinstance(problem.answer, tuple):
            assert not problem.grade((*problem.answer, 1))
        elif isinstance(problem.answer, str):
            assert not any(problem.grade(choice) for choice in problem.choices if choice != problem.answer)
        else:
            off = max(10 * problem.tolerance, 0.2 * abs(problem.answer), 1e-3)
            assert not problem.grade(problem.answer + off), (item.key, problem)


def test_another_seed_asks_something_else(entry: catalogue.Lesson) -> None:
    for item in recorded(entry.key)[1].items:
        assert len({str(item.problem(seed)) for seed in SEEDS}) > 1, item.key
