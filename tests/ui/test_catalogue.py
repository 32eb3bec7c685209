"""The catalogue is consistent in itself."""

from __future__ import annotations

import re

import pytest

from ui import catalogue


def test_no_two_lessons_have_one_address() -> None:
    keys = [entry.key for entry in catalogue.LESSONS]
    assert len(set(keys)) == len(keys)


@pytest.mark.parametrize("lesson", catalogue.LESSONS, ids=lambda lesson: lesson.key)
def test_a_lesson_stands_in_a_part_of_the_course_in_a_room_of_its_own(lesson: catalogue.Lesson) -> None:
    assert lesson.part in {part.key for part in catalogue.PARTS}
    # Pages directly in pages/ would be run without app.py for a first visitor with a deep link.
    assert re.fullmatch(r"[a-z_]+", lesson.room.name)
    assert re.fullmatch(r"[a-z-]+", lesson.key)
    assert lesson.path.is_file()


def test_no_room_is_forgotten() -> None:
    rooms = {path.parent for path in catalogue.PAGES.glob("*/*/page.py")}
    assert rooms == {catalogue.HOME_ROOM, *(entry.room for entry in catalogue.LESSONS)}


@pytest.mark.parametrize("lesson", catalogue.LESSONS, ids=lambda lesson: lesson.key)
def test_a_lesson_comes_after_what_it_builds_on(lesson: catalogue.Lesson) -> None:
    keys = [entry.key for entry in catalogue.LESSONS]
    for before in lesson.prerequisites:
        assert keys.index(before) < keys.index(lesson.key)


@pytest.mark.parametrize("entry", [*catalogue.PARTS, *catalogue.LESSONS], ids=lambda entry: entry.key)
def test_titles_are_in_both_languages(entry: catalogue.Part | catalogue.Lesson) -> None:
    texts = [entry.title, entry.goal if isinstance(entry, catalogue.Lesson) else entry.question]
    for text in texts:
        assert set(text) == {"en", "zh"}
        assert re.search(r"[\u4e00-\u9fff]", text["zh"])
        assert not re.search(r"[\u4e00-\u9fff]", text["en"])


def test_an_unknown_lesson_is_named_with_those_there_are() -> None:
    names = ", ".join(lesson.key for lesson in catalogue.LESSONS)
    with pytest.raises(KeyError, match=f"No lesson 'gone'; there are {names}"):
        catalogue.lesson("gone")


def test_the_lessons_follow_each_other_from_the_first_to_the_last() -> None:
    found = [catalogue.LESSONS[0]]
    while (following := catalogue.after(found[-1].key)) is not None:
        found.append(following)
    assert tuple(found) == catalogue.LESSONS
