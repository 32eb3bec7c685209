"""What a call to a namesake of PyTorch's gives by position means the same in both; whatever differs has its reason."""

import pytest

from tests.engine.pytorch_signatures import (
    LEFT_OUT,
    ONLY_HERE,
    OTHER_DEFAULTS,
    PAGE,
    RENAMED,
    Pair,
    page,
    pairs,
    reason_left_out,
)

PAIRS = pairs()
every_pair = pytest.mark.parametrize("pair", PAIRS, ids=lambda pair: pair.name)


def test_namesakes_of_every_kind_are_compared() -> None:
    names = {pair.name for pair in PAIRS}
    assert {"Conv2d", "Upsample", "Tanh", "CrossEntropyLoss", "HuberLoss", "SGD", "AdamW", "StepLR"} <= names
    assert len(names) > 40


@every_pair
def test_what_is_given_by_position_means_the_same(pair: Pair) -> None:
    here, there = pair.by_position(pair.here), pair.by_position(pair.there)
    assert here == there[: len(here)]


@every_pair
def test_an_argument_is_given_by_name_alone_only_from_where_the_orders_part(pair: Pair) -> None:
    by_name = [name for name, parameter in pair.here.items() if parameter.kind is parameter.KEYWORD_ONLY]
    assert by_name[:1] != [pair.next_there()]


@every_pair
def test_defaults_are_pytorchs_or_have_a_reason(pair: Pair) -> None:
    other = {(pair.name, argument) for argument, here, there in pair.shared() if here != there}
    assert other == {(name, argument) for name, argument in OTHER_DEFAULTS if name == pair.name}


@every_pair
def test_what_only_one_of_both_has_says_why(pair: Pair) -> None:
    assert {(pair.name, argument) for argument in pair.own()} == {key for key in ONLY_HERE if key[0] == pair.name}
    assert [argument for argument in pair.missing() if not reason_left_out(pair.name, argument)] == []


def test_no_reason_outlives_its_difference() -> None:
    missing = {key for pair in PAIRS for argument in pair.missing() for key in (argument, f"{pair.name}.{argument}")}
    assert LEFT_OUT.keys() - missing == set()
    assert {there for there, _ in RENAMED.values()} <= {argument for pair in PAIRS for argument in pair.here}


def test_the_page_says_what_the_signatures_say() -> None:
    assert PAGE.read_text(encoding="utf-8") == page(), "python -m tests.engine.pytorch_signatures writes it again"
