"""Exercises: forgiving about how an answer is typed, strict about whether it is right."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as some

from engine.exercise import Problem
from tests.ui.conftest import SAMPLE, OpenSample
from tests.ui.sample_problems import size, total
from ui import catalogue
from ui.exercises import AnswerError, Exercise, gaps, precision, read_answer, written

SIZE = Exercise(size)
SUM = Exercise(total)


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("3", 3.0),
        (" −0.5 ", -0.5),
        ("0,5", 0.5),
        ("2/4", 0.5),
        ("1e-3", 0.001),
        ("\uff13\uff0e\uff15", 3.5),
        ("\uff0d\uff12", -2.0),
        ("+7", 7.0),
    ],
)
def test_numbers_may_be_typed_in_many_ways(text: str, number: float) -> None:
    assert read_answer("number", text) == number


@pytest.mark.parametrize(
    "text", ["8×4×4", "8 x 4 x 4", "(8, 4, 4)", "[8,4,4]", "8 4 4", "8*4*4", "\uff18、\uff14、\uff14"]
)
def test_shapes_may_be_typed_in_many_ways(text: str) -> None:
    assert read_answer("shape", text) == (8, 4, 4)


@pytest.mark.parametrize("kind", ["number", "shape"])
@given(text=some.text(max_size=200))
def test_any_text_is_read_or_gets_a_plain_message(kind: str, text: str) -> None:
    try:
        answer = read_answer(kind, text)
    except AnswerError:
        return
    assert read_answer(kind, written(answer)) == pytest.approx(answer, rel=1e-5)


@pytest.mark.parametrize("text", ["", "nan", "inf", "1/0", "eight", "__import__('os')", "1e999"])
def test_what_is_no_number_gets_a_message_with_examples(text: str) -> None:
    with pytest.raises(AnswerError, match=r"such as 3, −0\.5 or 2/3"):
        read_answer("number", text)


@pytest.mark.parametrize("text", ["", "8 × four", "-8 × 4", "8.5", "9" * 20])
def test_what_is_no_shape_gets_a_message_with_an_example(text: str) -> None:
    with pytest.raises(AnswerError, match="such as 8 × 4 × 4"):
        read_answer("shape", text)


def test_an_answer_that_is_far_too_long_is_refused() -> None:
    with pytest.raises(AnswerError, match="too long"):
        read_answer("number", "1" * 10_000)


@pytest.mark.parametrize("exercise", [SIZE, SUM], ids=lambda exercise: exercise.key)
def test_a_seed_makes_the_same_problem_and_another_seed_another(exercise: Exercise) -> None:
    assert exercise.problem(3) == exercise.problem(3)
    assert len({str(exercise.problem(seed)) for seed in range(20)}) > 5


def test_grading_allows_one_unit_of_the_last_decimal_asked_for_and_no_more() -> None:
    problem = Problem(answer=0.5, worked=0.5, decimals=2)
    assert problem.grade(0.509)
    assert not problem.grade(0.511)
    assert not problem.grade(float("nan"))
    assert not problem.grade((1, 2))
    assert Problem(answer=(8, 4, 4), worked=(8, 4, 4)).grade((8, 4, 4))
    assert not Problem(answer=(8, 4, 4), worked=(8, 4, 4)).grade((4, 4, 8))


def answer(at, exercise: Exercise, text: str) -> None:  # type: ignore[no-untyped-def]
    at.text_input(key=f"sample.{exercise.key}.0.answer").set_value(text)
    next(b for b in at.button if exercise.key in str(b.form_id)).click().run()


def test_a_right_answer_is_praised_counted_and_exported(open_sample: OpenSample) -> None:
    at = open_sample()
    answer(at, SIZE, written(SIZE.problem(0).answer))
    assert at.success
    assert "1 of 2 solved" in at.caption[0].value
    progress = at.session_state["stepcnn.progress"]
    assert [(p.exercise, p.tries, p.solved) for p in progress.values()] == [("size", 1, True)]


@pytest.mark.parametrize(
    ("problem", "asked", "shown", "equals"),
    [
        (Problem(2 / 3, 2 / 3, decimals=2), "Give two decimals.", "0.67", "≈"),
        (Problem(-0.5, -0.5, decimals=2), "Give two decimals.", "−0.50", "="),
        (Problem(1234.5, 1234.5, decimals=1), "Give one decimal.", "1234.5", "="),
        (Problem(0.0625, 0.0625), "", "0.0625", "="),
        (Problem((8, 4, 4), (8, 4, 4)), "", "8 × 4 × 4", "="),
    ],
)
def test_the_frame_says_how_many_decimals_are_asked_for_and_shows_as_many(
    problem: Problem, asked: str, shown: str, equals: str
) -> None:
    assert precision(problem) == asked
    filled = gaps(problem)
    assert (filled["answer"], filled["equals"]) == (shown, equals)


def test_a_known_mistake_is_answered_by_its_sentence_in_the_readers_language(open_sample: OpenSample) -> None:
    at = open_sample()
    a, b = (int(str(SUM.problem(0).values[name])) for name in "ab")
    answer(at, SUM, str(a * b))
    (said,) = (warning.value.replace("\\", "") for warning in at.warning)
    assert said == f"Not yet: {a * b} isn't it. The bias is missing."
    at.button(key="frame.language").click().run()
    assert "少了偏置。" in at.warning[0].value.replace("\\", "")


def test_a_wrong_answer_may_be_tried_again(open_sample: OpenSample) -> None:
    at = open_sample()
    answer(at, SUM, "-1")
    assert "isn't it" in at.warning[0].value
    answer(at, SUM, written(SUM.problem(0).answer))
    assert at.success
    (record,) = at.session_state["stepcnn.progress"].values()
    assert (record.tries, record.solved) == (2, True)


@pytest.mark.parametrize("text", ["", "eight", "<script>alert(1)</script>"])
def test_an_answer_that_cannot_be_read_gets_a_plain_message_and_is_no_try(open_sample: OpenSample, text: str) -> None:
    at = open_sample()
    answer(at, SUM, text)
    assert not at.exception
    assert at.info
    assert "<script>" not in at.info[0].value
    assert not at.session_state["stepcnn.progress"]


def test_other_numbers_change_the_seed_and_the_link(open_sample: OpenSample) -> None:
    at = open_sample()
    at.button(key="sample.task.next").click().run()
    assert at.query_params["task"] == "1"
    assert at.text_input(key="sample.size.1.answer")


def alerts(at) -> list[str]:  # type: ignore[no-untyped-def]
    return [element.value for kind in (at.success, at.warning, at.info) for element in kind]


def test_a_verdict_stays_when_another_exercise_is_checked_and_when_a_control_changes(open_sample: OpenSample) -> None:
    at = open_sample()
    answer(at, SIZE, written(SIZE.problem(0).answer))
    answer(at, SUM, "-1")
    assert [len(at.success), len(at.warning)] == [1, 1]
    at.slider[0].set_value(0.7).run()
    assert [len(at.success), len(at.warning)] == [1, 1]
    assert "−1 isn't it" in at.warning[0].value.replace("\\", "")


def test_a_verdict_and_its_answer_are_there_again_after_another_page(open_sample: OpenSample) -> None:
    at = open_sample()
    answer(at, SUM, "-1")
    at.switch_page(str(catalogue.HOME)).run()
    assert not alerts(at)
    at.switch_page(str(SAMPLE.path)).run()
    assert "isn't it" in at.warning[0].value
    assert at.text_input(key="sample.total.0.answer").value == "-1"


def test_a_verdict_gives_way_to_the_next_answers(open_sample: OpenSample) -> None:
    at = open_sample()
    answer(at, SUM, "-1")
    answer(at, SUM, "eight")
    assert not at.warning
    assert "such as 3" in at.info[0].value
    answer(at, SUM, written(SUM.problem(0).answer))
    assert [len(at.success), len(at.info)] == [1, 0]


def test_a_solved_exercise_is_marked_with_these_numbers_and_with_others(open_sample: OpenSample) -> None:
    at = open_sample()
    answer(at, SUM, written(SUM.problem(0).answer))
    answer(at, SUM, "-1")
    marked = [element.value for element in at.markdown if "badge" in element.value]
    assert len(marked) == 1
    assert "One cell by hand" in marked[0]
    assert "✓ Solved]" in marked[0]
    at.button(key="sample.task.next").click().run()
    marked = [element.value for element in at.markdown if "badge" in element.value]
    assert "✓ Solved with other numbers]" in marked[0]
    assert not alerts(at)


def test_the_words_of_a_verdict_follow_the_language(open_sample: OpenSample) -> None:
    at = open_sample()
    answer(at, SUM, "-1")
    at.button(key="frame.language").click().run()
    assert len(at.warning) == 1
    assert "isn't it" not in at.warning[0].value
