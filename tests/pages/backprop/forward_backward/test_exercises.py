"""The exercises of "Forward and backward": the engine's answer, the hand's answer, and the usual slips."""

from collections.abc import Callable

import numpy as np
import pytest

from engine.exercise import Problem
from pages.backprop.forward_backward import exercises

MAKERS = (
    exercises.convolution_output,
    exercises.convolution_gradient,
    exercises.weight_gradient,
    exercises.pool_routing,
    exercises.shapes,
    exercises.score_gradient,
)
Maker = Callable[[np.random.Generator], Problem]
each_exercise = pytest.mark.parametrize("make", MAKERS, ids=lambda make: make.__name__)


def problems(make: Maker, count: int = 100) -> list[Problem]:
    return [make(np.random.default_rng(seed)) for seed in range(count)]


def parsed(shown: object) -> np.ndarray:
    """The numbers of a matrix as the learner reads them."""
    body = str(shown).split("bmatrix}")[1].removesuffix(r" \end{")
    return np.array([[float(cell) for cell in row.split("&")] for row in body.split(r"\\")])


@each_exercise
def test_the_worked_solution_arrives_at_the_engine_s_answer(make: Maker) -> None:
    assert all(problem.grade(problem.worked) for problem in problems(make))


@each_exercise
def test_the_same_seed_asks_the_same_question(make: Maker) -> None:
    assert problems(make, 10) == problems(make, 10)


@each_exercise
def test_other_seeds_ask_other_questions(make: Maker) -> None:
    assert len({repr(problem) for problem in problems(make, 20)}) > 15


@pytest.mark.parametrize("make", MAKERS[:3], ids=lambda make: make.__name__)
def test_the_written_sum_has_the_answer_s_value(make: Maker) -> None:
    for problem in problems(make):
        plain = str(problem.values["terms"]).replace("−", "-").replace("×", "*")
        assert eval(plain, {"__builtins__": {}}) == problem.answer


@pytest.mark.parametrize("make", MAKERS[:3], ids=lambda make: make.__name__)
def test_a_pencil_will_do(make: Maker) -> None:
    for problem in problems(make):
        assert isinstance(problem.answer, float)
        assert abs(problem.answer) < 60
        assert problem.answer * 2 == int(problem.answer * 2)
        assert str(problem.values["terms"]).count("×") >= exercises.FEWEST_TERMS


def test_the_convolution_can_be_found_from_what_is_shown() -> None:
    for problem in problems(exercises.convolution_output):
        v = problem.values
        x, weight = np.pad(parsed(v["x"]), int(str(v["padding"]))), parsed(v["weight"])
        row, column = int(str(v["row"])), int(str(v["column"]))
        bias = float(str(v["bias"]).replace("−", "-"))
        assert problem.answer == (x[row : row + 3, column : column + 3] * weight).sum() + bias


def test_a_kernel_turned_where_it_is_not_or_left_where_it_is_turned_gives_a_wrong_answer() -> None:
    for problem in problems(exercises.convolution_output):
        v = problem.values
        x, weight = np.pad(parsed(v["x"]), int(str(v["padding"]))), parsed(v["weight"])
        row, column = int(str(v["row"])), int(str(v["column"]))
        bias = float(str(v["bias"]).replace("−", "-"))
        turned = float((x[row : row + 3, column : column + 3] * weight[::-1, ::-1]).sum() + bias)
        assert not problem.grade(turned)
    for problem in problems(exercises.convolution_gradient):
        v = problem.values
        dy, weight = np.pad(parsed(v["dy"]), 1), parsed(v["weight"])
        row, column = int(str(v["row"])), int(str(v["column"]))
        patch = dy[row : row + 3, column : column + 3]
        assert problem.grade(float((patch * weight[::-1, ::-1]).sum()))
        assert not problem.grade(float((patch * weight).sum()))


def test_the_gradient_of_a_weight_can_be_found_from_what_is_shown() -> None:
    for problem in problems(exercises.weight_gradient):
        v = problem.values
        row, column = int(str(v["row"])), int(str(v["column"]))
        patch = parsed(v["x"])[row : row + 2, column : column + 2]
        assert problem.answer == (patch * parsed(v["dy"])).sum()


def test_the_pooled_window_has_one_largest_number_and_it_takes_the_gradient() -> None:
    for problem in problems(exercises.pool_routing):
        window = parsed(problem.values["x"])
        row, column = np.unravel_index(window.argmax(), window.shape)
        assert (window == window.max()).sum() == 1
        assert problem.answer == f"({row}, {column})"
        assert [choice for choice in problem.choices if problem.grade(choice)] == [problem.answer]


def test_every_cell_wins_now_and_then() -> None:
    assert {problem.answer for problem in problems(exercises.pool_routing)} == set(exercises.CELLS)


def test_shapes_that_do_not_divide_are_asked_too_and_never_vanish() -> None:
    found = problems(exercises.shapes)
    assert all(min(problem.answer) >= 1 for problem in found if isinstance(problem.answer, tuple))
    assert any(int(str(problem.values["after_height"])) % 2 for problem in found)


def test_the_true_class_and_the_others_are_both_asked_about() -> None:
    signs = {float(problem.answer) < 0 for problem in problems(exercises.score_gradient) if problem.answer}
    assert signs == {True, False}


def test_the_shown_probabilities_are_shares_of_one() -> None:
    for problem in problems(exercises.score_gradient):
        shares = [float(share) for share in str(problem.values["p"]).split(", ")]
        assert sum(shares) == pytest.approx(1)
        assert min(shares) > 0
