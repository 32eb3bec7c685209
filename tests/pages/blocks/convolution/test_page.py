"""The page of "Convolution" without a browser: what the bench is given, what becomes of its events."""

from __future__ import annotations

import io
import re
from collections.abc import Callable

import numpy as np
import pytest
from PIL import Image
from streamlit.testing.v1 import AppTest

from engine import reference
from engine.data.digits import digit
from engine.data.filters import FILTERS
from engine.kernels import convolution
from engine.layers import Conv2d, Linear
from engine.layers.padding import PADS
from pages.blocks.convolution import controls as lesson
from tests.pages.opening import Bench, do, edit, link, visit
from ui import catalogue, i18n
from ui.lesson import Frame

KEY = "convolution"
FILE = str(catalogue.lesson(KEY).path)
Open = Callable[..., AppTest]


@pytest.fixture
def bench(monkeypatch: pytest.MonkeyPatch) -> Bench:
    return Bench.instead(monkeypatch)


@pytest.fixture
def open_page(bench: Bench) -> Open:
    def opened(**query: str) -> AppTest:
        return visit(FILE, query)

    return opened


def opened(at: AppTest, popover: str) -> AppTest:
    """What a popover holds is made when it is opened."""
    at.session_state[f"{KEY}.{popover}"] = True
    return at.run()


def show(at: AppTest, example: str) -> AppTest:
    opened(at, "examples")
    next(button for button in at.button if button.key == f"{KEY}.example.{example}").click().run()
    assert not at.exception
    assert not at.error
    return at


# What a newcomer meets, and the worked examples.


def test_a_pixels_copies_are_counted_without_the_padding(open_page: Open, bench: Bench) -> None:
    open_page(view="matrix", source="digit")
    padded = float(bench.scene.facts["copies"])
    windows = sum(
        1 for row in range(8) for column in range(8) for a in (-1, 0, 1) for b in (-1, 0, 1)
        if 0 <= row + a < 8 and 0 <= column + b < 8
    )  # fmt: skip
    assert padded == pytest.approx(windows / 64, abs=0.051)
    open_page(view="matrix", source="digit", mode="replicate")
    assert float(bench.scene.facts["copies"]) == 9


def test_padding_by_half_of_an_odd_kernel_keeps_the_size() -> None:
    for kernel in (1, 3, 5, 7):
        assert Conv2d(1, 1, kernel, padding=(kernel - 1) // 2).output_shape((1, 20, 20)) == (1, 20, 20)


def test_a_neuron_that_reads_everything_has_the_weights_that_the_text_says() -> None:
    told = lesson.motive()
    for name, expected in (("small", "3,072"), ("large", "120,000")):
        side = int(told[name])
        weight = Linear(3 * side * side, 1).init(np.random.default_rng(0))["weight"]
        assert f"{weight.size:,}" == told[f"{name}_weights"] == expected


def test_the_more_alike_the_larger_is_said_of_patches_equally_strong() -> None:
    kernel = FILTERS["vertical"].ravel()
    strong, alike = np.array([9.0, 0, 0, 9, 0, 0, 9, 0, 0]), kernel.copy()
    assert strong @ kernel > alike @ kernel
    strong *= np.linalg.norm(alike) / np.linalg.norm(strong)
    assert strong @ kernel < alike @ kernel
    assert "equally strong" in i18n.blocks(KEY, "en")["scene-slide"].body


def test_the_plain_page_slides_a_sobel_kernel_over_a_digit(open_page: Open, bench: Bench) -> None:
    at = open_page()
    image = digit(504)[0][None].astype(float)
    assert np.array_equal(bench.arrays["x"], image)
    expected = convolution.conv2d(image, FILTERS["horizontal"][None, None], None, (1, 1), (1, 1))
    np.testing.assert_allclose(bench.arrays["y"], expected)
    assert link(at) == {}


@pytest.mark.parametrize(
    ("example", "expected"),
    [
        # [G] convolution: the two 5×5 examples.
        ("cross", [[4, 3, 4], [2, 4, 3], [2, 3, 4]]),
        ("cross-2", [[4, 4], [2, 4]]),
        ("counting", [[27, 28, 29], [28, 27, 16], [23, 22, 21]]),
        ("im2col", [[27, 28, 29], [28, 27, 16], [23, 22, 21]]),
    ],
)
def test_a_worked_example_is_one_click_away(
    open_page: Open, bench: Bench, example: str, expected: list[list[int]]
) -> None:
    show(open_page(stride="3", mode="circular", kernel="blur"), example)
    assert bench.arrays["y"][0, 0].tolist() == expected


def test_the_example_of_depth_has_its_shape_and_56_parameters(open_page: Open, bench: Bench) -> None:
    # [G] convolution: 7×7×3 (padding counted), two 3×3×3 kernels, stride 2 -> 3×3×2, 56 parameters.
    show(open_page(), "depth")
    assert bench.arrays["x"].shape == (1, 3, 5, 5)
    assert bench.arrays["y"].shape == (1, 2, 3, 3)
    assert "56 parameters" in bench.scene.shapes


def test_a_kernel_that_does_not_fit_is_flagged_where_it_is_set(open_page: Open, bench: Bench) -> None:
    # [G] convolution: W = 10, F = 3, P = 0, S = 2 gives 4.5.
    show(open_page(), "ten")
    assert "(10 − 3 + 2·0)/2 + 1 = **4.5**" in bench.notes
    assert "**4**" in bench.notes
    assert "a picture of 9" in bench.notes
    assert [knob.name for knob in bench.scene.knobs if knob.flagged] == ["stride"]
    assert [note.flagged for note in bench.scene.notes] == [True]


def test_alexnets_first_size_is_an_example(open_page: Open, bench: Bench) -> None:
    # [G] convolution: 227, 11, 4, 0 -> 55.
    show(open_page(), "alexnet")
    assert bench.arrays["y"].shape == (1, 1, 55, 55)
    assert "(227 − 11 + 2·0)/4 + 1 = **55**" in bench.notes
    assert not any(knob.flagged for knob in bench.scene.knobs)


@pytest.mark.parametrize("kernel", ["cross", "own-2", "point", "blur-5", "wave-11"])
@pytest.mark.parametrize("stride", ["1", "2"])
def test_one_large_matrix_makes_the_same_and_its_zeros_are_counted(
    open_page: Open, bench: Bench, kernel: str, stride: str
) -> None:
    open_page(view="sparse", source="counting", kernel=kernel, stride=stride, padding="5")
    x, dense, y = (bench.arrays[name] for name in ("x", "dense", "y"))
    assert dense.shape == (y.size, x.size)
    assert y.size <= 16, "a matrix that can be read"
    np.testing.assert_allclose(dense @ x.ravel(), y.ravel(), atol=1e-9)
    # Where the kernel has no 0 of its own, the zeros are those that the matrix has by construction.
    if FILTERS[kernel].all():
        assert f"**{np.count_nonzero(dense == 0)}** of the {dense.size} entries" in bench.notes


def test_a_filter_more_adds_no_second_matrix(open_page: Open, bench: Bench) -> None:
    open_page(view="sparse", filters="3", mode="reflect", groups="3", source="flower")
    assert bench.arrays["dense"].shape == (16, 16)


def test_the_table_beneath_counts_this_layer_and_alexnets(open_page: Open, bench: Bench) -> None:
    # [G] convolution: 34,944 shared against 105,705,600 unshared: 290,400 neurons × 364.
    at = open_page()
    table = next(text.value for text in at.markdown if "AlexNet's first layer:" in text.value)
    assert all(number in table for number in ("34,944", "105,705,600", "290,400", "364"))
    assert re.search(r"This layer: 64 outputs of 10 each \| \*\*10\*\* \| 640 \| 4,160", table)


def test_the_text_gives_the_matrices_of_alexnets_first_layer(open_page: Open, bench: Bench) -> None:
    # [G] im2col: X_col 363×3025, W_row 96×363 (the product itself: tests/engine/analysis/test_conv_arithmetic.py).
    texts = [text.value for text in open_page().markdown]
    assert any("96×363" in text and "363×3,025" in text for text in texts)


def test_a_linear_layer_and_its_convolution_give_the_same(open_page: Open, bench: Bench) -> None:
    # [G] fully connected as convolution: outputs equal.
    show(open_page(), "linear")
    assert bench.arrays["y"].shape == (1, 10, 1, 1)
    np.testing.assert_allclose(bench.arrays["y"].reshape(-1), bench.arrays["z"].reshape(-1), atol=1e-4)


def test_the_one_by_one_example_makes_grey_of_colours(open_page: Open, bench: Bench) -> None:
    show(open_page(), "one-by-one")
    grey = np.tensordot([0.299, 0.587, 0.114], bench.arrays["x"][0], axes=1)
    np.testing.assert_allclose(bench.arrays["y"][0, 0], grey)


def test_every_example_opens_in_both_languages(open_page: Open, bench: Bench) -> None:
    for language in ("en", "zh"):
        at = open_page(lang=language)
        for example in lesson.EXAMPLES:
            show(at, example)
            assert {"X", "Y"} <= bench.grids.keys()


# Groups.


@pytest.mark.parametrize("channels", [2, 3, 4, 5, 6, 7, 8])
def test_every_divisor_of_the_channels_can_be_the_groups(open_page: Open, bench: Bench, channels: int) -> None:
    for groups in (number for number in range(2, channels + 1) if channels % number == 0):
        open_page(source="maps", channels=str(channels), groups=str(groups), filters=str(groups))
        x, weight, y = (bench.arrays[name] for name in ("x", "weight", "y"))
        assert x.shape[1] == channels
        assert weight.shape[:2] == (groups, channels // groups)
        expected = convolution.conv2d(x, weight, None, (1, 1), (1, 1), (1, 1), groups)
        np.testing.assert_allclose(y, expected, atol=1e-5)
        whole = Conv2d(channels, groups, 3).init(np.random.default_rng(0))["weight"].size
        assert f"{weight.size} weights instead of {whole}." in bench.notes
        assert not any(note.flagged for note in bench.scene.notes)
        assert bench.scene.text == ("scene-depthwise" if groups == channels else "scene-grouped")
        knob = next(knob for knob in bench.scene.knobs if knob.name == "groups")
        assert [value for value, _word in knob.options] == [str(n) for n in range(1, channels + 1)]


def test_groups_of_one_by_one_kernels_are_not_said_to_see_every_channel(open_page: Open, bench: Bench) -> None:
    open_page(source="flower", kernel="point", groups="3", filters="3")
    assert bench.scene.text == "scene-depthwise"


def test_the_filters_step_from_multiple_to_multiple_of_the_groups(open_page: Open, bench: Bench) -> None:
    open_page(source="flower", groups="3", filters="3")
    knob = next(knob for knob in bench.scene.knobs if knob.name == "filters")
    assert (knob.value, knob.low, knob.high, knob.by) == (3, 3, 6, 3)


def test_a_picture_of_one_channel_is_not_left_in_groups(open_page: Open, bench: Bench) -> None:
    at = open_page(source="flower", groups="3", filters="3")
    do(at, bench, set={"source": "digit"})
    assert link(at) == {"filters": "3"}
    assert not any(note.flagged for note in bench.scene.notes)


# Every place with a kernel of its own.


def test_every_place_has_its_own_kernel_and_the_weights_are_counted(open_page: Open, bench: Bench) -> None:
    show(open_page(), "local")
    x, weight, bias, y = (bench.arrays[name] for name in ("x", "weight", "bias", "y"))
    assert weight.shape == (1, 8, 8, 1, 3, 3)
    np.testing.assert_allclose(y, reference.locally_connected2d(x, weight, bias, (1, 1), (1, 1)), atol=1e-5)
    assert f"**{weight.size}** here, for 64 places; **9** if all" in bench.notes
    above, below = weight[0, 0, 0, 0], weight[0, 7, 7, 0]
    np.testing.assert_array_equal(above, FILTERS["edges"])
    np.testing.assert_array_equal(below, FILTERS["horizontal"])
    eyes = np.argsort(y[0, 0, :4].ravel())[-2:]
    assert {divmod(int(at), 8) for at in eyes} == {(2, 2), (2, 5)}, "above, the eyes answer most"
    row, column = divmod(int(np.abs(y[0, 0, 4:]).argmax()), 8)
    assert (row + 4, column) in {(7, 3), (7, 4)}, "below, the middle of the mouth's edge"


def test_with_the_same_kernel_everywhere_it_is_the_convolution(open_page: Open, bench: Bench) -> None:
    open_page(view="local", own="one")
    x, kernel = digit(504)[0][None].astype(float), FILTERS["horizontal"][None, None]
    np.testing.assert_allclose(bench.arrays["y"], convolution.conv2d(x, kernel, None, (1, 1), (1, 1)), atol=1e-5)
    assert "it is the convolution" in bench.notes
    open_page(view="local", own="one", edits="w.40:3")
    assert "it is the convolution" not in bench.notes


def test_a_typed_weight_moves_one_output_and_goes_with_its_place(open_page: Open, bench: Bench) -> None:
    at = open_page(view="local")
    before = bench.arrays["y"].copy()
    do(at, bench, edit=edit("weight", 27 * 9 + 4, 5.5))
    assert np.flatnonzero((bench.arrays["y"] != before).ravel()).tolist() == [27]
    do(at, bench, set={"stride": 2})
    assert "edits" not in link(at), "with another stride that number would belong to another place"
    slide = open_page(edits="w.4:2")
    do(slide, bench, set={"stride": 2})
    assert link(slide) == {"edits": "w.4:2", "stride": "2"}


@pytest.mark.parametrize("kernel", ["cross", "own-2", "point", "blur-5", "wave-11"])
@pytest.mark.parametrize("source", ["digit", "china", "ten"])
def test_there_are_no_more_kernels_than_can_be_seen(open_page: Open, bench: Bench, kernel: str, source: str) -> None:
    open_page(view="local", kernel=kernel, source=source, padding="5", dilation="3")
    assert bench.arrays["y"].size <= 64
    assert np.isfinite(bench.arrays["y"]).all()


@pytest.mark.parametrize("view", lesson.VIEWS)
def test_what_is_taken_home_and_checked_is_what_is_seen(open_page: Open, bench: Bench, view: str) -> None:
    taken: list[dict[str, np.ndarray]] = []
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Frame, "take_away", lambda _frame, figure, numbers: taken.append(dict(numbers())))
        at = open_page(view=view, dilation="2")
        next(button for button in at.button if button.label == "Compute it again with plain loops").click().run()
    assert any(f"{bench.arrays['y'].size:,} numbers computed twice" in text.value for text in at.markdown)
    for name in ("x", "weight", "y"):
        np.testing.assert_array_equal(taken[0][name], bench.arrays[name])


# Settings.


@pytest.mark.parametrize("mode", tuple(PADS))
def test_every_way_of_padding_is_shown_as_it_is_read(open_page: Open, bench: Bench, mode: str) -> None:
    open_page(mode=mode, padding="2")
    image = digit(504)[0][None].astype(float)
    padded = PADS[mode]((2,) * 4).forward({}, image)[0]  # type: ignore[arg-type]
    expected = convolution.conv2d(padded, FILTERS["horizontal"][None, None], None)
    np.testing.assert_allclose(bench.arrays["y"], expected)
    shown = vars(bench.grids["X"])
    if mode == "zeros":
        assert (shown["array"], shown["pad"]) == ("x", (2, 2))
    else:
        assert (shown["array"], shown["margin"]) == ("padded", (2, 2))
        np.testing.assert_array_equal(bench.arrays["padded"], padded)


@pytest.mark.parametrize(
    ("query", "told"),
    [
        ({"source": "own"}, "uploaded in another visit"),
        ({"source": "china", "groups": "3"}, "3 now"),
        ({"source": "china", "groups": "2"}, "2 groups can't cut 3 channels into equal parts"),
        ({"source": "maps", "groups": "5"}, "these can: 1, 2, 4, 8. Taken: 4."),
        ({"source": "maps", "channels": "6", "groups": "4", "filters": "6"}, "these can: 1, 2, 3, 6. Taken: 3."),
        ({"source": "cross", "groups": "2"}, "only one channel"),
        ({"source": "cross", "kernel": "wave-11", "padding": "0"}, "has no place"),
        ({"source": "cross", "mode": "reflect", "padding": "5"}, "no more than 4"),
        ({"view": "transposed", "padding": "5"}, "at most 2"),
    ],
)
def test_settings_that_do_not_go_together_are_mended_and_said(
    open_page: Open, bench: Bench, query: dict[str, str], told: str
) -> None:
    at = open_page(**query)
    assert told in bench.notes
    assert link(at) == query


def test_settings_from_the_browser_are_taken_if_the_controls_allow_them(open_page: Open, bench: Bench) -> None:
    at = open_page()
    do(
        at,
        bench,
        set={"stride": 2, "padding": 99, "kernel": "no such", "x": 1},
    )
    assert link(at) == {"stride": "2"}


def test_another_shape_is_another_picture(open_page: Open, bench: Bench) -> None:
    at = open_page(source="shape")
    before = bench.arrays["x"]
    do(at, bench, another=True)
    assert not np.array_equal(bench.arrays["x"], before)


def png(image: np.ndarray) -> bytes:
    file = io.BytesIO()
    Image.fromarray(image).save(file, "PNG")
    return file.getvalue()


def test_an_uploaded_picture_is_made_small_and_convolved_in_colour(open_page: Open, bench: Bench) -> None:
    at = opened(open_page(), "upload")
    pixels = np.random.default_rng(0).integers(0, 256, (144, 72, 3), dtype=np.uint8)
    at.file_uploader[0].set_value(("mine.png", png(pixels), "image/png")).run()
    assert not at.exception
    small = pixels.reshape(72, 2, 36, 2, 3).mean(axis=(1, 3)).transpose(2, 0, 1) / 255
    np.testing.assert_allclose(bench.arrays["x"][0], small, atol=1e-6)
    assert link(at) == {"source": "own"}


def test_a_file_that_is_no_picture_is_refused_in_words_and_nothing_is_lost(open_page: Open, bench: Bench) -> None:
    at = opened(open_page(edits="w.4:2"), "upload")
    at.file_uploader[0].set_value(("mine.png", b"%PDF-1.7", "image/png")).run()
    assert any("PDF" in info.value for info in at.info)
    assert link(at) == {"edits": "w.4:2"}


def test_what_a_popover_holds_is_no_part_of_an_answer_until_it_is_opened(open_page: Open, bench: Bench) -> None:
    at = open_page()
    assert not at.file_uploader
    assert not [button for button in at.button if button.key and ".example." in button.key]
    assert len([b for b in opened(at, "examples").button if b.key and ".example." in b.key]) == len(lesson.EXAMPLES)


# Changed numbers.


def test_a_typed_weight_is_used_and_kept_in_the_link_and_undone(open_page: Open, bench: Bench) -> None:
    at = open_page()
    before = bench.arrays["y"]
    do(at, bench, edit=edit("weight", 4, 2.5))
    do(at, bench, edit=edit("bias", 0, -1))
    do(at, bench, edit=edit("x", 10, 0.75))
    assert link(at) == {"edits": "w.4:2.5~b.0:-1~x.10:0.75"}
    weight, x = FILTERS["horizontal"].copy(), digit(504)[0][None].astype(float)
    weight[1, 1] = 2.5
    x.flat[10] = 0.75
    np.testing.assert_allclose(
        bench.arrays["y"], convolution.conv2d(x, weight[None, None], np.array([-1.0]), (1, 1), (1, 1))
    )
    assert bench.arrays["was:weight"].flat[4] == 0
    do(at, bench, undo=True)
    assert link(at) == {"edits": "w.4:2.5~b.0:-1"}
    do(at, bench, restore=True)
    assert link(at) == {}
    np.testing.assert_array_equal(bench.arrays["y"], before)


def test_another_kernel_takes_its_changed_weights_along_and_leaves_the_pixels(open_page: Open, bench: Bench) -> None:
    at = open_page(edits="w.4:2~x.3:1")
    do(at, bench, set={"kernel": "blur"})
    assert link(at) == {"kernel": "blur", "edits": "x.3:1"}


def test_an_edit_beyond_the_end_changes_nothing(open_page: Open, bench: Bench) -> None:
    open_page(edits="w.999:2")
    np.testing.assert_array_equal(bench.arrays["weight"][0, 0], FILTERS["horizontal"])


def test_more_changes_than_a_link_can_hold_are_refused_with_a_word(open_page: Open, bench: Bench) -> None:
    many = "~".join(f"x.{n}:-123.4567" for n in range(10, 50))
    at = open_page(edits=many)
    do(at, bench, edit=edit("weight", 0, 123.4567))
    assert link(at) == {"edits": many}
    do(at, bench, edit=edit("x", 10, 1))
    assert link(at) == {"edits": many.replace("x.10:-123.4567", "x.10:1")}


def test_the_resting_cursor_is_in_the_link_and_comes_back(open_page: Open, bench: Bench) -> None:
    at = open_page()
    do(at, bench, state={"cell": 17, "c": 0, "k": 0})
    assert link(at) == {"cell": "17"}
    open_page(cell="17")
    assert bench.now["cell"] == 17


# Words.


@pytest.mark.parametrize("language", ["en", "zh"])
def test_every_scene_has_words_and_all_their_gaps_are_filled(
    open_page: Open, bench: Bench, language: i18n.Language
) -> None:
    filled_by_the_browser = {"value", "row", "column", "k", "count", "bias", "channel", "first", "last"}
    at = open_page(lang=language)
    seen = set()
    for example in ("cross", *lesson.EXAMPLES):
        show(at, example)
        block = i18n.blocks(KEY, language)[bench.scene.text]
        gaps = set(re.findall(r"\{(\w+)\}", block.heading + block.body))
        assert gaps <= filled_by_the_browser | set(bench.scene.facts), bench.scene.text
        seen.add(bench.scene.text)
    assert seen == {name for name in i18n.blocks(KEY, language) if name.startswith("scene-")}


def test_the_check_computes_every_number_again(open_page: Open, bench: Bench) -> None:
    at = open_page()
    next(button for button in at.button if button.label == "Compute it again with plain loops").click().run()
    assert any("64 numbers computed twice" in text.value for text in at.markdown)
