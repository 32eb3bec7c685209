"""The page of "Feature maps" without a browser: what the picture is given, what becomes of its events."""

from __future__ import annotations

import io
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pytest
import streamlit as st
from PIL import Image
from streamlit.testing.v1 import AppTest

from engine.data.digits import decode_digit, digit, digits
from engine.data.photos import photo
from engine.zoo.digit_network import pretrained_digit_network
from engine.zoo.shape_network import pretrained_shape_network
from pages.inside.feature_maps import controls as lesson
from pages.inside.feature_maps import sources as pictures
from pages.inside.feature_maps.figure import Sheet, kernel_picture, maps_figure
from tests.pages.opening import holding, link
from tests.root import ROOT
from ui import catalogue, state, trained
from ui.components import board
from ui.components.board import Drawn
from ui.components.pack import pack
from ui.prose import Block

KEY = lesson.KEY
FILE = str(catalogue.lesson(KEY).path)
Change = Mapping[str, Any]
BUTTON = "event"


@dataclass
class Picture:
    """Stands where the picture stands: keeps what it was given, and tells each change by a button."""

    given: list[Drawn] = field(default_factory=list)
    state: Mapping[str, Any] = field(default_factory=dict)
    texts: Mapping[str, Block] = field(default_factory=dict)
    changes: list[Change] = field(default_factory=list)

    def __call__(
        self, mount: Any, drawn: Drawn, now: Mapping[str, Any], told: Callable[[Change], None], texts: Any, *, key: str
    ) -> None:
        # As a component's events do, a button's come before the page is drawn again.
        st.button("event", key=BUTTON, on_click=lambda: told(self.changes.pop(0)))
        self.given.append(drawn)
        self.state, self.texts = now, texts

    @property
    def meta(self) -> Mapping[str, Any]:
        return self.given[-1].meta

    @property
    def arrays(self) -> Mapping[str, np.ndarray]:
        return self.given[-1].arrays


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


def test_it_opens_on_the_eight_maps_of_the_first_layer_strongest_first(open_page: Open, picture: Picture) -> None:
    open_page()
    assert [picture.state[name] for name in ("layer", "view", "sort")] == ["conv1", "maps", "max"]
    y = pretrained_digit_network().forward(digit(lesson.DIGIT)[0][None])["conv1"].y[0]
    np.testing.assert_array_equal(picture.arrays["y:conv1"], y)
    assert picture.meta["levels"][0]["orders"]["max"] == np.argsort(-y.max(axis=(1, 2))).tolist()
    np.testing.assert_allclose(picture.arrays["stats:conv1"][2], (y <= 0).mean(axis=(1, 2)))
    assert "horizontal strokes" in picture.texts["say-strokes"].heading
    assert [float(share) >= 0.75 for share in picture.arrays["runs:conv1"][:, 0]].index(True) == 1


def test_every_layer_is_open_with_the_kernels_behind_it(open_page: Open, picture: Picture) -> None:
    open_page()
    levels = picture.meta["levels"]
    assert [(level["name"], level["behind"], level["below"]) for level in levels] == [
        ("conv1", "conv1", "input"), ("relu1", "conv1", "conv1"), ("pool1", "conv1", "relu1"),
        ("conv2", "conv2", "pool1"), ("relu2", "conv2", "conv2"), ("pool2", "conv2", "relu2"),
        ("linear", "linear", "pool2"),
    ]  # fmt: skip
    assert picture.arrays["w:linear"].shape == (10, 16, 2, 2)
    assert [level["size"] for level in levels] == [3, 3, 4, 8, 8, 10, 8]


def test_the_shape_network_shows_colour_kernels(open_page: Open, picture: Picture) -> None:
    open_page(net="shapes", source="shape", shape="11")
    assert picture.arrays["input"].shape == (3, 32, 32)
    assert "colour:conv1" in picture.arrays
    assert len(picture.meta["classes"]) == 5
    y = pretrained_shape_network().forward(pictures.coloured(11)[0][None])["conv3"].y[0]
    np.testing.assert_array_equal(picture.arrays["y:conv3"], y)


def test_the_learner_s_own_network_can_be_looked_into(open_page: Open, picture: Picture) -> None:
    other = {name: 2 * value for name, value in pretrained_digit_network().params.items()}
    parcel = trained._Parcel(other, trained.Note(12, 0.5))
    at = open_page(holding(network=parcel), weights="mine")
    assert not at.warning
    np.testing.assert_array_equal(picture.arrays["w:conv1"], other["conv1.weight"])


# Pictures


@pytest.mark.parametrize("net", ["digits", "shapes"])
@pytest.mark.parametrize("source", ["digit", "shape", "china", "flower"])
def test_any_picture_fits_any_network_and_a_note_says_how(
    open_page: Open, picture: Picture, net: str, source: str
) -> None:
    at = open_page(net=net, source=source)
    image = picture.arrays["input"]
    assert image.shape == ((1, 8, 8) if net == "digits" else (3, 32, 32))
    assert 0 <= image.min() < image.max() <= 1
    fits = (net, source) in {("digits", "digit"), ("shapes", "shape")}
    assert any("This network reads" in caption.value for caption in at.caption) != fits


def test_a_photograph_shown_to_the_digit_network_keeps_to_its_levels() -> None:
    image = pictures.fit(photo("china"), (1, 8, 8))
    np.testing.assert_array_equal(image * 16, np.rint(image * 16))


def test_dark_is_ink_and_ink_is_dark() -> None:
    white = pictures.fit(np.ones((3, 32, 32), np.float32), (1, 8, 8))
    assert not white.any()
    paper = pictures.fit(np.zeros((1, 8, 8), np.float32), (3, 32, 32))
    assert (paper == 1).all()


def test_an_uploaded_picture_is_shown(open_page: Open, picture: Picture) -> None:
    file = io.BytesIO()
    Image.fromarray(np.random.default_rng(0).integers(0, 256, (40, 60, 3), dtype=np.uint8)).save(file, "PNG")
    at = open_page(net="shapes", source="shape")
    at.file_uploader[0].upload("mine.png", file.getvalue(), "image/png")
    sound(at.run())
    assert link(at)["source"] == "own"
    assert picture.arrays["input"].shape == (3, 32, 32)
    assert picture.meta["title"] == "your picture"


def test_a_file_that_is_no_picture_is_refused_with_words(open_page: Open) -> None:
    at = open_page()
    at.file_uploader[0].upload("mine.png", b"hello", "image/png")
    sound(at.run())
    assert "expected a picture" in at.info[0].value


# What is chosen


def test_what_the_learner_chooses_is_in_the_link(open_page: Open, picture: Picture) -> None:
    at = open_page()
    told = {"layer": "relu2", "view": "kernel", "channel": "4", "cell": "1.2", "sort": "mean", "scope": "map"}
    happen(at, picture, state=told)
    assert link(at) == {
        "layer": "relu2", "view": "kernel", "channel": "4", "cell": "1.2", "sort": "mean", "scope": "map"
    }  # fmt: skip
    assert (picture.state["channel"], picture.state["cell"]) == ("4", "1.2")
    assert picture.meta["samples"] is not None


@pytest.mark.parametrize(
    "wrong",
    [
        {"layer": "conv7"},
        {"layer": "conv3"},
        {"view": 7},
        {"channel": "99"},
        {"channel": "<b>"},
        {"channel": None},
        {"channel": "1", "cell": "9.9"},
        {"cell": "x"},
        {"cell": "-1.0"},
        {"cell": [9, 9]},
        {"sort": None},
    ],
)
def test_what_makes_no_sense_changes_nothing(open_page: Open, picture: Picture, wrong: dict[str, Any]) -> None:
    at = open_page()
    happen(at, picture, state=wrong)
    assert link(at) == {}


@pytest.mark.parametrize(
    ("query", "says"),
    [
        ({"layer": "conv3"}, "no layer conv3"),
        ({"channel": "12"}, "strongest one"),
        ({"layer": "pool2", "channel": "3", "cell": "2.0"}, "strongest one"),
        ({"source": "own"}, "uploaded in another visit"),
        ({"weights": "mine"}, "none yet"),
    ],
)
def test_a_link_that_does_not_fit_together_falls_back_and_says_so(
    open_page: Open, picture: Picture, query: dict[str, str], says: str
) -> None:
    at = open_page(**query)
    assert len(at.warning) == 1
    assert says in at.warning[0].value
    assert picture.state["channel"] == ""


def test_another_network_brings_its_own_pictures(open_page: Open, picture: Picture) -> None:
    at = open_page(layer="conv2", channel="3")
    at.segmented_control(key=f"{KEY}.net").set_value("shapes").run()
    sound(at)
    assert link(at) == {"net": "shapes", "source": "shape", "layer": "conv2"}
    sound(at.button(key=f"{KEY}.another").click().run())
    assert link(at)["shape"] == str(lesson.SHAPE + 1)


# What fires a kernel


def test_the_nine_pictures_that_fire_a_kernel_most_are_shown_with_their_maps(open_page: Open, picture: Picture) -> None:
    open_page(view="kernel", layer="relu2", channel="5")
    samples, images, maps = picture.meta["samples"], picture.arrays["samples:images"], picture.arrays["samples:maps"]
    assert (len(samples["names"]), samples["count"]) == (9, 1797)
    assert list(samples["values"]) == sorted(samples["values"], reverse=True)
    for n, (i, j) in enumerate(samples["units"]):
        np.testing.assert_array_equal(images[n], digit(samples["index"][n])[0])
        assert maps[n, i, j] == pytest.approx(samples["values"][n], rel=1e-5)


def test_a_picture_of_the_nine_can_be_taken(open_page: Open, picture: Picture) -> None:
    at = open_page(view="kernel", drawn=pictures_example())
    index = picture.meta["samples"]["index"][2]
    happen(at, picture, take=index)
    assert link(at)["digit"] == str(index)
    assert picture.state["view"] == "maps"
    np.testing.assert_array_equal(picture.arrays["input"], digit(index)[0])
    happen(at, picture, take="x")
    happen(at, picture, take=10**9)
    assert link(at)["digit"] == str(index)


def pictures_example() -> str:
    return "002888c200cgeef100e90c6000a28b000002e30000098000000e4000003f0000"


def test_the_table_shows_every_kernel_on_every_class_and_the_shown_picture_first(
    open_page: Open, picture: Picture
) -> None:
    open_page(view="crossing", layer="relu2")
    assert picture.arrays["table:maps"].shape == (11, 16, 4, 4)
    np.testing.assert_array_equal(picture.arrays["table:images"][0], picture.arrays["input"])
    assert sorted(digit(index)[1] for index in picture.meta["table"]["index"][1:]) == list(range(10))
    assert picture.arrays["table:fires"].shape == (11, 16)


def test_the_shapes_that_fire_a_kernel_are_those_of_their_number(open_page: Open, picture: Picture) -> None:
    at = open_page(net="shapes", source="shape", view="kernel", layer="relu3", channel="2")
    first = picture.meta["samples"]["index"][0]
    np.testing.assert_array_equal(picture.arrays["samples:images"][0], pictures.coloured(first)[0])
    happen(at, picture, take=first)
    assert link(at)["shape"] == str(first)


# On to the products, the check, the sheet


def test_the_products_open_in_forward_and_backward_at_the_same_map() -> None:
    """What the way on asks for is a link which that lesson understands."""
    from pages.backprop.forward_backward.controls import CONTROLS as THERE

    controls = {control.name: control for control in THERE}

    def script() -> None:
        import streamlit as st

        from pages.inside.feature_maps import controls as lesson
        from ui import state

        state.restore(*lesson.CONTROLS, page=lesson.KEY)
        lesson.leave(lesson.channel())
        st.session_state["asked"] = lesson.leaving()

    for query, wanted in [
        ({"layer": "relu2", "channel": "9", "digit": "7"}, {"at": "relu2.forward", "k2": "9", "digit": "7"}),
        ({"layer": "conv1", "digit": "8"}, {"at": "conv1.forward", "digit": "8"}),
        ({"layer": "linear", "channel": "3", "digit": "9"}, {"at": "linear.forward", "k3": "3", "digit": "9"}),
    ]:
        at = AppTest.from_function(script)
        for name, text in query.items():
            at.query_params[name] = text
        at.run()
        assert not at.exception
        assert at.session_state["asked"] == wanted
        for name, text in wanted.items():
            controls[name].read(text)
    at = AppTest.from_function(script)
    at.query_params["source"] = "flower"
    at.run()
    drawn = at.session_state["asked"]["drawn"]
    np.testing.assert_allclose(decode_digit(drawn), pictures.fit(pictures._square("flower"), (1, 8, 8)), atol=1e-6)


@pytest.mark.parametrize("query", [{}, {"layer": "pool2"}, {"layer": "linear"}, {"net": "shapes", "source": "shape"}])
def test_plain_loops_make_the_same_maps(open_page: Open, query: dict[str, str]) -> None:
    at = open_page(**query)
    sound(at.button(key=f"{KEY}.check").click().run())
    assert any("made again by plain loops" in text.value for text in at.markdown)


def test_the_sheet_shows_each_kernel_above_its_map() -> None:
    rng = np.random.default_rng(0)
    sheet = Sheet(
        "title",
        rng.random((3, 8, 8)),
        rng.normal(size=(10, 3, 3, 3)),
        rng.normal(size=(10, 4, 4)),
        tuple(f"conv1[{k}]" for k in range(10)),
        (0.5,) * 10,
        "empty",
        True,
    )
    figure = maps_figure(sheet)
    assert sum(bool(axes.images) for axes in figure.axes) == 1 + 2 * 10
    assert kernel_picture(sheet.kernels[0], 1, "light").shape == (7, 7, 3)


def test_everything_is_packed_and_what_is_chosen_is_no_new_picture(open_page: Open, picture: Picture) -> None:
    at = open_page()
    first = packed(picture)
    happen(at, picture, state={"scope": "map", "channel": "2", "cell": "1.1"})
    assert packed(picture) == first
    happen(at, picture, state={"view": "crossing"})
    assert packed(picture) != first


def packed(picture: Picture) -> bytes:
    return pack(picture.meta, picture.arrays)


def test_what_the_text_says_of_the_two_networks_is_counted() -> None:
    told = lesson.network_facts()
    network, known = pretrained_digit_network(), digits()
    assert told["digit_size"] == f"{sum(array.size for array in network.params.values()):,}"
    right = (network.predict(known.validation_x).argmax(1) == known.validation_y).mean()
    assert told["digit_right"] == f"{100 * right:.1f}"
    assert float(told["digit_right"]) > 98
    assert float(told["shape_right"]) > 98
