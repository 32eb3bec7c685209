"""Whatever the engine refuses of what a learner typed is said in the reader's language."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import numpy as np
import pytest

from engine import L1Loss, Linear, ReLU
from engine.autograd.expression import ParseError, parse
from engine.autograd.tape import TROUBLES
from engine.guard import InputError
from engine.sentence import Sentence
from pages.backprop.gradient_check.compute.sweep import formula_subject
from tests.engine.autograd.test_graph import HOSTILE
from ui import locale_tools, sentences

TYPED = [
    *HOSTILE, "x ^ 2", "x = 2", "2x", "(x)(y)", "x + y)", "sin(x)", "max(x)", "exp(x, y)", "x // y", "exp", "",
    "1e7 * x", "log(0 - 1)", "1 / 0", "0 ** (-1)", "(-2) ** 0.5", "exp(99)", "x1234567890123456", "x + w",
]  # fmt: skip
CHINESE = {label.message for label in locale_tools.translated()}


def all_of(sentence: Sentence) -> Iterator[Sentence]:
    """It, and those in its gaps."""
    yield sentence
    for value in sentence.values.values():
        if isinstance(value, Sentence):
            yield from all_of(value)


@pytest.mark.parametrize("text", TYPED)
def test_every_complaint_about_a_formula_has_its_chinese(text: str) -> None:
    with pytest.raises(ParseError) as caught:
        parse(text, {"x": 3, "y": -4})
    assert {sentence.template for sentence in all_of(caught.value.message)} <= CHINESE


@pytest.mark.parametrize("text", ["x + y", "log(x - 2)", "x ** 2 +"])
def test_so_has_what_a_sweep_can_t_differentiate(text: str) -> None:
    with pytest.raises(ParseError) as caught:
        formula_subject(text, 1.0)
    assert {sentence.template for sentence in all_of(caught.value.message)} <= CHINESE


@pytest.mark.parametrize(
    "given",
    [
        lambda: ReLU().forward({}, [1, 2]),  # type: ignore[arg-type]
        lambda: ReLU().forward({}, np.arange(3)),
        lambda: L1Loss().forward(np.zeros(2), np.zeros(2, complex)),
        lambda: Linear(1, 1).init(np.random.default_rng(0), dtype=np.float16),
        lambda: Linear(1, 1).init(0),  # type: ignore[arg-type]
    ],
)
def test_so_has_what_is_said_of_numbers_of_another_kind(given: Callable[[], object]) -> None:
    with pytest.raises(InputError) as caught:
        given()
    assert caught.value.message.template in CHINESE
    assert str(caught.value) == str(caught.value.message)
    assert "{" not in sentences.said(caught.value.message)


def test_values_stand_in_their_gaps_and_a_negative_one_has_a_true_minus() -> None:
    with pytest.raises(ParseError) as caught:
        parse("log(0 - 1)", {})
    assert sentences.said(caught.value.message) == "A logarithm needs a positive number, and here it is given −1"
    with pytest.raises(ParseError) as caught:
        parse("x = 2", {"x": 3})
    assert sentences.said(caught.value.message) == (
        "'=' has no place in a formula: only the formula itself is wanted, without an equals sign"
    )


def test_the_browser_s_tape_gets_numbered_gaps() -> None:
    found = sentences.troubles()
    assert found.keys() == TROUBLES.keys()
    assert found["broken-power"] == "Here {0}, a negative number, is raised to the broken power {1}"
