"""The page of "Receptive field" without a browser: what the picture is given, what becomes of its events."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pytest
import streamlit as st
from streamlit.testing.v1 import AppTest

from engine.analysis.receptive_field import receptive_fields
from engine.data.digits import digits
from engine.zoo.digit_network import pretrained_digit_network
from pages.blocks.receptive_field import controls as lesson
from pages.blocks.receptive_field import picture as shown
from pages.blocks.receptive_field.compute.measured import measured_field
from pages.blocks.receptive_field.compute.stack import layers_of, parse_stack
from pages.blocks.receptive_field.controls import Edit, read_edit
from pages.blocks.receptive_field.figure import Map, Sheet, field_figure
from tests.pages.opening import holding, link
from tests.root import ROOT
from ui import catalogue, state, trained
from ui.components import board
from ui.components.board import Drawn
from ui.components.pack import pack

KEY = lesson.KEY
FILE = str(catalogue.lesson(KEY).path)
BUTTON = "event"


@dataclass
class Picture:
    """Stands where the picture stands: keeps what it was given, and tells each change by a button."""

    given: list[Drawn] = field(default_factory=list)
    changes: list[Mapping[str, Any]] = field(default_factory=list)

    def __call__(
        self, mount: Any, drawn: Drawn, now: Any, told: Callable[[Any], None], texts: Any, *, key: str
    ) -> None:
        # As a component's events do, a button's come before the page is drawn again.
        st.button("event", key=BUTTON, on_click=lambda: told(self.changes.pop(0)))
        self.given.append(drawn)

    @property
    def meta(self) -> Mapping[str, Any]:
        return self.given[-1].meta

    @property
    def arrays(self) -> Mapping[str, np.ndarray]:
        return self.given[-1].arrays

    @property
    def seen(self) -> dict[str, int]:
        """Name and side of the field of every layer."""
        return {level["name"]: level["size"] for level in self.meta["levels"]}

    @property
    def weights(self) -> list[str]:
        return [level["weights"] for level in self.meta["levels"]]


Open = Callable[..., AppTest]


@pytest.fixture
def picture(monkeypatch: pytest.MonkeyPatch) -> Picture:
    stand_in = Picture()
    monkeypatch.setattr(board, "draw", stand_in)
    return stand_in


@pytest.fixture
def open_page(picture: Picture) -> Open:
    """Open the lesson with these query parameters and this session."""

    def opened(session: dict[str, Any] | None = None, **query: str) -> AppTest:
        at = AppTest.from_file(ROOT / "ui/site/main.py", default_timeout=60)
        for name in state.FRAME_NAMES:
            if name in query:
                at.query_params[name] = query[name]
        at.run()  # AppTest learns the pages' addresses from a first run
        for name, value in (session or {}).items():
            at.session_state[name] = value
        for name, text in query.items():
            at.query_params[name] = text
        at.switch_page(FILE).run()
        return sound(at)

    return opened


def sound(at: AppTest) -> AppTest:
    assert not at.exception
    assert not at.error
    return at


def happen(at: AppTest, picture: Picture, **change: Any) -> AppTest:
    picture.changes.append(change)
    return sound(at.button(key=BUTTON).click().run())


def edit(page: AppTest, picture: Picture, kind: str, **what: Any) -> AppTest:
    return happen(page, picture, edit={"kind": kind, **what})


def lock(at: AppTest, picture: Picture, unit: Any) -> AppTest:
    return happen(at, picture, state={"unit": unit, "held": True})


def press(at: AppTest, name: str) -> AppTest:
    return sound(at.button(key=f"{KEY}.{name}").click().run())


# The curriculum's numbers are on the page.


def test_the_page_opens_on_three_kernels_of_3_against_one_of_7(open_page: Open, picture: Picture) -> None:
    """Curriculum A [G]: three 3×3 = one 7×7, 27C² against 49C² weights."""
    open_page()
    assert picture.seen == {"input": 1, "conv1": 3, "conv2": 5, "conv3": 7}
    one = picture.meta["one"]
    assert (one["stack"], one["weights"]) == ("27 C²", "49 C²")
    assert "7×7" in one["window"]
    assert picture.weights == ["", "9 C²", "9 C²", "9 C²"]


def test_what_the_text_says_of_known_networks_is_the_engines() -> None:
    """Curriculum A [G]: conv5_3 196, pool5 212, jump 32; AlexNet's seven. A unit of conv5_3 is 16 from the next."""
    told = lesson.text_numbers()
    assert (told["vgg_conv"], told["vgg_conv_jump"]) == ("196", "16")
    assert (told["vgg_pool"], told["vgg_pool_jump"]) == ("212", "32")
    assert told["alexnet"] == ("conv1 11, pool1 19, conv2 51, pool2 67, conv3 99, conv4 131, conv5 163, pool5 195")
    assert told["last"] == "10"


def test_vgg_16_is_on_the_page(open_page: Open, picture: Picture) -> None:
    """Curriculum A [G]: conv5_3 196, pool5 212, jump 32."""
    open_page(net="vgg16")
    assert (picture.seen["conv5_3"], picture.seen["pool5"]) == (196, 212)
    assert picture.meta["levels"][-1]["jump"] == 32
    assert picture.arrays["photo"].shape == (224, 224, 3)


def test_alexnet_is_on_the_page(open_page: Open, picture: Picture) -> None:
    """Curriculum A [G]: conv1 11, pool1 19, conv2 51, conv3 99, conv4 131, conv5 163, pool5 195."""
    open_page(net="alexnet")
    golden = {"conv1": 11, "pool1": 19, "conv2": 51, "conv3": 99, "conv4": 131, "conv5": 163, "pool5": 195}
    assert golden.items() <= picture.seen.items()
    assert picture.weights[1] == "34,848"


def test_the_digit_network_is_measured_at_every_unit(open_page: Open, picture: Picture) -> None:
    open_page(net="digits")
    assert picture.seen == {"input": 1, "conv1": 3, "pool1": 4, "conv2": 8, "pool2": 10}
    x = digits().validation_x[: shown.SAMPLE]
    found = measured_field(pretrained_digit_network(), x, "conv2", (1, 2))
    np.testing.assert_allclose(picture.arrays["measured:3"][1, 2], found, rtol=1e-4, atol=1e-6)


def test_the_learner_s_own_trained_network_can_be_measured(open_page: Open, picture: Picture) -> None:
    pretrained = pretrained_digit_network()
    other = {name: 2 * value for name, value in pretrained.params.items()}
    parcel = trained._Parcel(other, trained.Note(12, 0.5))
    at = open_page(holding(network=parcel), net="digits", weights="mine")
    assert not at.warning
    x = digits().validation_x[: shown.SAMPLE]
    found = measured_field(pretrained.replace(other), x, "conv2", (0, 0))
    np.testing.assert_allclose(picture.arrays["measured:3"][0, 0], found, rtol=1e-4, atol=1e-5)


def test_a_link_to_a_network_that_nobody_trained_says_so(open_page: Open) -> None:
    assert len(open_page(net="digits", weights="mine").warning) == 1


# Building.


def test_a_layer_is_added_changed_taken_out_and_brought_back(open_page: Open, picture: Picture) -> None:
    at = open_page()
    edit(at, picture, "add", at=1, what="pool")
    assert link(at) == {"stack": "c3-m2-c3-c3", "size": "12"}, "the image grew with the stack"
    press(at, "undo")
    edit(at, picture, "add", at=3, what="conv")
    edit(at, picture, "remove", at=3)
    edit(at, picture, "set", at=0, field="dilation", value=2)
    assert link(at)["stack"] == "c3d2-c3-c3"
    assert picture.seen["conv3"] == 9
    edit(at, picture, "size", value=13)
    assert link(at) == {"stack": "c3d2-c3-c3", "size": "13"}
    for _ in range(4):
        press(at, "undo")
    assert link(at) == {}
    assert at.button(key=f"{KEY}.undo").disabled


def test_a_window_that_has_no_place_is_refused_with_what_would_help(open_page: Open, picture: Picture) -> None:
    at = open_page()
    edit(at, picture, "size", value=6)
    assert "conv3 has no place on a map of 2×2" in at.warning[0].value
    assert picture.seen["conv3"] == 7
    edit(at, picture, "set", at=1, field="stride", value=4)
    edit(at, picture, "set", at=2, field="kernel", value=11)
    assert "conv3 has no place" in at.warning[0].value
    edit(at, picture, "set", at=1, field="stride", value=1)
    assert not at.warning


@pytest.mark.parametrize(
    "wrong",
    [
        {"kind": "set", "at": 0, "field": "kernel", "value": None},
        {"kind": "set", "at": 0, "field": "stride", "value": 0},
        {"kind": "set", "at": 0, "field": "name", "value": 3},
        {"kind": "set", "at": 9, "field": "kernel", "value": 3},
        {"kind": "remove", "at": 9},
        {"kind": "add", "at": -1},
        {"kind": "size", "value": 10**9},
    ],
)
def test_a_change_that_makes_no_sense_changes_nothing(open_page: Open, picture: Picture, wrong: Any) -> None:
    at = open_page()
    happen(at, picture, edit=wrong)
    assert picture.seen == {"input": 1, "conv1": 3, "conv2": 5, "conv3": 7}


def test_no_more_layers_than_can_be_seen(open_page: Open, picture: Picture) -> None:
    at = open_page(stack="-".join(["c1"] * lesson.LAYERS))
    edit(at, picture, "add", at=0, what="conv")
    assert len(picture.meta["windows"]) == lesson.LAYERS


def test_presets_show_the_text_s_stacks(open_page: Open, picture: Picture) -> None:
    at = open_page(net="vgg16")
    for name, wide in (("seven", 7), ("dilated", 15), ("three", 7), ("pooled", 18)):
        press(at, name)
        assert picture.meta["levels"][-1]["size"] == wide
        assert picture.meta["editable"]


def test_all_layers_may_be_taken_out(open_page: Open, picture: Picture) -> None:
    at = open_page(stack="c3")
    edit(at, picture, "remove")
    assert picture.seen == {"input": 1}
    sound(at.button(key=f"{KEY}.check").click().run())


# The chosen unit.


def test_a_locked_unit_is_in_the_link_and_measured(open_page: Open, picture: Picture) -> None:
    at = open_page()
    lock(at, picture, "2.0.3")
    assert link(at) == {"unit": "2.0.3", "held": "1"}
    assert picture.meta["unit"] == [2, 0, 3]
    measured = picture.arrays["measured"]
    assert measured[:5, 3:8].all()
    assert np.count_nonzero(measured) == 25
    before = measured
    edit(at, picture, "seed")
    assert link(at) == {"unit": "2.0.3", "held": "1", "seed": "1"}
    assert not np.array_equal(picture.arrays["measured"], before)


@pytest.mark.parametrize("unit", ["9.0.0", "1.99.0", "1.-1.0", "x", "1.2.5.3", 3, None, [1, 2, 3]])
def test_a_unit_that_is_not_there_is_not_taken(open_page: Open, picture: Picture, unit: Any) -> None:
    at = open_page()
    lock(at, picture, unit)
    assert link(at) == {}


@pytest.mark.parametrize(
    ("query", "says"),
    [
        ({"unit": "3.9.9"}, "one in the middle"),
        ({"stack": "c11-c11"}, "conv2 has no place"),
        ({"stack": "m2p2"}, "half its window"),
    ],
)
def test_a_link_that_does_not_fit_together_falls_back_and_says_so(
    open_page: Open, query: dict[str, str], says: str
) -> None:
    at = open_page(**query)
    assert len(at.warning) == 1
    assert says in at.warning[0].value
    assert link(at) == {}


# What is sent, checked and taken away.


@pytest.mark.parametrize("net", lesson.NETS)
@pytest.mark.parametrize("language", ["en", "zh"])
def test_the_check_agrees_and_the_sheet_can_be_drawn(open_page: Open, net: str, language: str) -> None:
    at = open_page(net=net, lang=language)
    sound(at.button(key=f"{KEY}.check").click().run())
    table = at.dataframe[0].value
    assert table.iloc[:, 1].tolist() == table.iloc[:, 2].tolist()


def test_the_sheet_shows_every_map_and_the_measured_field(open_page: Open, picture: Picture) -> None:
    open_page()
    fields = receptive_fields(layers_of(parse_stack(lesson.STACK), relu=False), (1, lesson.SIZE, lesson.SIZE))
    maps = tuple(Map(field.name, "", np.ones(field.units)) for field in fields)
    measured = Map("measured", "", picture.arrays["measured"])
    figure = field_figure(Sheet("title", (*maps, measured), fields[-1].pixels((2, 2)), 3))
    assert len(figure.axes) == 5
    assert [len(axes.patches) for axes in figure.axes] == [1, 0, 0, 0, 1]


def test_everything_is_packed_and_another_scene_is_told_apart(open_page: Open, picture: Picture) -> None:
    at = open_page()
    sent = [_packed(picture)]
    lock(at, picture, "1.1.1")
    sent.append(_packed(picture))
    edit(at, picture, "size", value=12)
    sent.append(_packed(picture))
    assert len({bytes(data) for data in sent}) == 3


def _packed(picture: Picture) -> bytes:
    return pack(picture.meta, picture.arrays)


def test_what_comes_from_the_browser_is_read_with_care() -> None:
    assert read_edit({"kind": "set", "at": 1, "field": "kernel", "value": 5.0}) == Edit("set", 1, "kernel", 5)
    assert read_edit({"kind": "set", "value": float("nan")}) == Edit("set")
    assert read_edit({"kind": "destroy"}) is None
    assert read_edit(None) is None
