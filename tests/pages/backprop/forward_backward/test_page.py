"""The page of "Forward and backward" without a browser: what the stage is given, what becomes of its events."""

from __future__ import annotations

import json
import re
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import streamlit as st
from streamlit.testing.v1 import AppTest

from engine.data.digits import digit, digits
from engine.gradcheck import GOOD, WRONG
from engine.kernels import convolution
from engine.layers import Conv2d, ReLU
from engine.zoo.digit_network import digit_network, pretrained_digit_network
from pages.backprop.forward_backward import controls as lesson
from pages.backprop.forward_backward.check import CHECKED
from pages.backprop.forward_backward.compute import NUDGES, Edit, Nudged, TrainingStep, run, telling_pixel
from pages.backprop.forward_backward.stops import Stops
from tests.equations import false_ones
from tests.pages.opening import Picture, do, edit, holding, link
from tests.root import ROOT
from ui import catalogue, i18n, state, trained
from ui.numbers import ten_to

KEY = "forward-backward"
FILE = str(catalogue.lesson("forward-backward").path)
DRAWN = "0" * 20 + "ggg" + "0" * 41


class Stage(Picture):
    """Stands where the stage stands; ``given`` are the training steps that it was drawn from."""

    def __init__(self) -> None:
        super().__init__()
        self.given: list[TrainingStep] = []

    def __call__(self, *given: Any, **options: Any) -> None:
        super().__call__(*given, **options)
        self.given.append(lesson.training_step())

    @property
    def shown(self) -> TrainingStep:
        return self.given[-1]


Open = Callable[..., AppTest]


@pytest.fixture
def stage(monkeypatch: pytest.MonkeyPatch) -> Stage:
    return Stage.instead(monkeypatch)


@pytest.fixture
def open_page(stage: Stage) -> Open:
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
        assert not at.exception
        assert not at.error
        return at

    return opened


def press(at: AppTest, label: str) -> AppTest:
    next(button for button in at.button if button.label == label).click().run()
    assert not at.exception
    assert not at.error
    return at


# What a newcomer meets.


def test_the_first_digit_is_held_out_and_misread_and_one_step_mends_it_without_harm() -> None:
    image, label = digit(lesson.DIGIT)
    e = run(pretrained_digit_network(), image[None], label, lr=lesson.RATE)
    assert lesson.DIGIT in digits().validation_index
    assert e.guess != e.target
    assert e.guess_after == e.target
    assert e.loss_after < 0.6 * e.loss
    assert lesson.known(e.updated)[0] >= lesson.known(e.network)[0] - 1


def test_a_step_a_hundred_times_longer_learns_this_digit_and_forgets_most_others() -> None:
    image, label = digit(lesson.DIGIT)
    e = run(pretrained_digit_network(), image[None], label, lr=lesson.LONG_RATE)
    before, count = lesson.known(e.network)
    assert e.loss_after < 0.01
    assert lesson.known(e.updated)[0] < count / 2 < before


def test_the_plain_page_shows_the_first_digit_through_the_pretrained_network(open_page: Open, stage: Stage) -> None:
    at = open_page()
    assert np.array_equal(stage.shown.x, digit(lesson.DIGIT)[0][None])
    assert stage.shown.network is stage.shown.original or not stage.shown.edits
    assert stage.shown.network.params["conv1.weight"] is pretrained_digit_network().params["conv1.weight"]
    assert link(at) == {}


def test_the_line_beneath_the_stage_counts_the_other_held_out_digits_and_not_the_one_that_the_step_learns_from(
    open_page: Open, stage: Stage
) -> None:
    of_training = int(digits().train_index[0])
    for shown, count in ((lesson.DIGIT, 358), (of_training, 359)):
        at = open_page(lr="0.05", digit=str(shown))
        others = digits().validation_index != shown
        x, y = digits().validation_x[others], digits().validation_y[others]
        counts = [int((of.predict(x).argmax(1) == y).sum()) for of in (stage.shown.network, stage.shown.updated)]
        line = next(
            text.value for text in at.markdown if "this step" in text.value and "never trained on" in text.value
        )
        assert [int(number) for number in re.findall(r"\*\*(\d+)\*\*", line)] == counts
        assert f"Of {count} other digits" in line
        assert len(y) == count


def test_the_controls_know_every_stop_of_the_journey() -> None:
    image, label = digit(lesson.DIGIT)
    e = run(pretrained_digit_network(), image[None], label, lr=0.1)
    assert tuple(stop.id for stop in Stops(e).stops()) == lesson.STOPS
    assert set(lesson.CURSORS) <= set(Stops(e).best())


# The words of the stage.


def stop_texts(to: i18n.Language) -> dict[str, i18n.Block]:
    return {name: block for name, block in i18n.blocks(KEY, to).items() if name.startswith("stop-")}


def gaps(text: str) -> set[str]:
    return set(re.findall(r"{(\w+)}", text))


def test_every_stop_has_its_sentence_whatever_becomes_of_the_digit() -> None:
    wanted: set[str] = set()
    for index, rate in ((lesson.DIGIT, 0.0005), (lesson.DIGIT, 0.0001), (0, 0.001)):
        image, label = digit(index)
        e = run(pretrained_digit_network(), image[None], label, lr=rate)
        wanted |= {f"stop-{stop.text or stop.kind}" for stop in Stops(e).stops()}
    assert {"stop-image", "stop-image-wrong", "stop-after-wrong"} <= wanted
    assert wanted <= set(stop_texts("en"))


@pytest.mark.parametrize("name", sorted(stop_texts("en")))
def test_a_stop_says_the_same_with_the_same_numbers_in_both_languages(name: str) -> None:
    english, chinese = stop_texts("en")[name], stop_texts("zh")[name]
    assert gaps(english.body) == gaps(chinese.body)
    assert english.body.count("**") == chinese.body.count("**")
    assert not gaps(english.heading + chinese.heading)


@pytest.mark.parametrize("name", sorted(stop_texts("en")))
def test_a_stop_s_headline_is_short_and_its_text_two_sentences_at_most(name: str) -> None:
    block = stop_texts("en")[name]
    assert len(block.heading.split()) <= 6
    assert len(re.findall(r"[.!?](?:\s|$)", block.body)) <= 2
    assert len(stop_texts("zh")[name].heading) <= 13


def test_chinese_text_has_chinese_punctuation() -> None:
    for name, block in i18n.blocks(KEY, "zh").items():
        prose = re.sub(r"\$[^$]*\$|`[^`]*`", "", block.heading + block.body)
        assert not re.search(r"[\u4e00-\u9fff][,;:?!]|[,;:?!][\u4e00-\u9fff]", prose), name


# The link.


def test_a_link_sets_picture_rate_edits_repeats_and_place(open_page: Open, stage: Stage) -> None:
    query = {
        "digit": "7", "lr": "0.002", "edits": "x.21:0.25~conv1.bias.2:-10", "repeats": "20", "at": "conv2.weight",
        "k1": "3", "k2": "11", "k3": "0",
    }  # fmt: skip
    at = open_page(**query)
    e = stage.shown
    assert np.array_equal(e.original_x, digit(7)[0][None])
    assert (e.lr, e.edits) == (0.002, (Edit("x", 21, 0.25), Edit("conv1.bias", 2, -10.0)))
    assert len(e.losses) == 21
    assert stage.now["at"] == "conv2.weight"
    assert {cursor: stage.now[name] for cursor, name in stage.meta["named"].items()} == {
        "conv1": 3, "conv2": 11, "class": 0
    }  # fmt: skip
    assert link(at) == query


def test_a_drawing_and_what_it_is_meant_to_be_come_from_the_link(open_page: Open, stage: Stage) -> None:
    open_page(drawn=DRAWN, target="1")
    assert stage.shown.target == 1
    assert stage.shown.x.ravel()[20:23].tolist() == [1, 1, 1]
    assert stage.shown.x.sum() == 3


@pytest.mark.parametrize("edits", ["x.99:1", "conv9.weight.0:1", "x.1:99999", "x.1", "~~~", "x.1:1~" * 25 + "x.1:1"])
def test_edits_that_cannot_be_made_leave_every_number_as_it_was_and_say_so(
    open_page: Open, stage: Stage, edits: str
) -> None:
    at = open_page(edits=edits)
    assert stage.shown.edits == ()
    assert [warning.value for warning in at.warning] == [
        "The changed numbers in this link couldn't be read, so every number is as it was."
    ]


def test_a_link_to_one_s_own_network_falls_back_to_the_pretrained_one_with_a_notice(
    open_page: Open, stage: Stage
) -> None:
    at = open_page(weights="mine")
    assert stage.shown.original is pretrained_digit_network()
    assert len(at.warning) == 1
    assert "network that you trained" in at.warning[0].value


def test_a_network_that_was_handed_over_is_the_one_on_the_stage_and_the_pretrained_one_a_click_away(
    open_page: Open, stage: Stage
) -> None:
    params = digit_network(np.random.default_rng(99)).params
    at = open_page(session=holding(network=trained._Parcel(params, trained.Note(12, 0.5))))
    mine = params["conv1.weight"]
    assert stage.shown.original.params["conv1.weight"] is mine
    assert link(at)["weights"] == "mine"
    at.segmented_control(key=f"{KEY}.weights").set_value("pretrained").run()
    assert stage.shown.original is pretrained_digit_network()
    assert "weights" not in link(at)
    at.run()
    assert stage.shown.original is pretrained_digit_network()


# What the learner does on the stage.


def test_an_edit_reaches_the_engine_and_the_link_and_undo_takes_it_back(open_page: Open, stage: Stage) -> None:
    at = open_page()
    plain = stage.shown
    do(at, stage, edit=edit("conv1.weight", 3, -1.25))
    assert stage.shown.network.params["conv1.weight"].flat[3] == -1.25
    assert stage.shown.loss != plain.loss
    do(at, stage, edit=edit("x", 21, 0.25))
    assert link(at)["edits"] == "conv1.weight.3:-1.25~x.21:0.25"
    do(at, stage, undo=True)
    assert link(at)["edits"] == "conv1.weight.3:-1.25"
    do(at, stage, undo=True)
    assert stage.shown.loss == plain.loss
    assert link(at) == {}


def test_editing_the_same_number_again_replaces_it(open_page: Open, stage: Stage) -> None:
    at = open_page(edits="x.21:0.25~x.3:1")
    do(at, stage, edit=edit("x", 21, 0.5))
    assert link(at)["edits"] == "x.3:1~x.21:0.5"


@pytest.mark.parametrize(("array", "index", "value"), [("x", 64, 0.0), ("nothing", 0, 0.0), ("x", 0, 5000.0)])
def test_an_edit_that_the_network_cannot_take_changes_nothing(
    open_page: Open, stage: Stage, array: str, index: int, value: float
) -> None:
    at = open_page(edits="x.21:0.25")
    do(at, stage, edit=edit(array, index, value))
    assert link(at)["edits"] == "x.21:0.25"


def test_reset_restores_the_same_weights_and_the_same_image(open_page: Open, stage: Stage) -> None:
    at = open_page(edits="x.21:0.25~conv2.weight.100:2", repeats="30")
    do(at, stage, reset=True)
    plain = run(pretrained_digit_network(), digit(lesson.DIGIT)[0][None], lesson.DIGIT, lr=lesson.RATE)
    assert stage.shown.loss == plain.loss
    assert len(stage.shown.losses) == 1
    assert link(at) == {}


def test_the_step_is_repeated_ten_times_at_a_click_and_a_hundred_at_most(open_page: Open, stage: Stage) -> None:
    at = open_page(repeats="85")
    for repeats in (95, 100, 100):
        do(at, stage, repeat=True)
        assert len(stage.shown.losses) == repeats + 1


def test_another_learning_rate_makes_another_update(open_page: Open, stage: Stage) -> None:
    at = open_page()
    before = stage.shown
    do(at, stage, set={"lr": 0.01})
    assert stage.shown.lr == 0.01
    assert stage.shown.loss == before.loss
    assert stage.shown.loss_after != before.loss_after
    do(at, stage, set={"lr": 1e9})
    assert stage.shown.lr == 0.01


def test_place_and_channels_go_into_the_link_and_the_loudest_channel_needs_no_word(
    open_page: Open, stage: Stage
) -> None:
    at = open_page()
    loudest = Stops(stage.shown).best()
    other = (loudest["conv2"] + 1) % 16
    do(at, stage, state={"at": "pool1.forward", "k1": -1, "k2": other, "k3": -1})
    assert link(at) == {"at": "pool1.forward", "k2": str(other)}
    do(at, stage, state={"at": "<script>", "gone": 3})
    assert link(at) == {"at": "pool1.forward", "k2": str(other)}


def test_another_digit_takes_changed_pixels_along_but_not_changed_weights(open_page: Open, stage: Stage) -> None:
    at = open_page(edits="x.21:0.25~conv1.bias.2:-10", repeats="10", k1="3")
    at.session_state[f"{KEY}.digit"] = 8
    at.run()
    assert stage.shown.edits == (Edit("conv1.bias", 2, -10.0),)
    assert np.array_equal(stage.shown.x, digit(8)[0][None])
    assert link(at) == {"digit": "8", "edits": "conv1.bias.2:-10"}


def test_the_image_is_called_so_in_the_reader_s_language(open_page: Open, stage: Stage) -> None:
    open_page(lang="zh", edits="x.21:0.25")
    assert [edit["name"] for edit in stage.meta["edits"]] == ["图像"]
    told = json.dumps(stage.meta["stops"], ensure_ascii=False)
    assert '"name": "图像"' in told
    assert '"name": "d图像"' in told
    assert not re.search(r'"name": "d?image"', told)


# The suggestions.


def test_one_click_changes_the_pixel_that_promises_most_and_the_loss_falls(open_page: Open, stage: Stage) -> None:
    at = open_page(at="loss")
    plain, asked = stage.shown, at.session_state["stepcnn.taken"]
    press(at, "Change one pixel")
    assert stage.shown.edits == (telling_pixel(plain),)
    assert stage.shown.loss < 0.1 * plain.loss
    assert stage.now["at"] == "image"
    assert at.session_state["stepcnn.taken"] > asked, "the browser takes the whole state"


def test_one_click_takes_a_long_step(open_page: Open, stage: Stage) -> None:
    at = press(open_page(), "Take a step 100 times longer")
    assert stage.shown.lr == lesson.LONG_RATE
    assert stage.now["at"] == "after"
    assert link(at) == {"lr": "0.05", "at": "after"}


def test_one_click_puts_a_kernel_to_sleep_forwards_and_backwards(open_page: Open, stage: Stage) -> None:
    press(open_page(), "Put a kernel to sleep")
    e, channel = stage.shown, stage.now["k1"]
    assert e.edits == (Edit("conv1.bias", channel, lesson.SLEEP),)
    assert not e.trace["relu1"].y[0, channel].any()
    assert not e.back.grads["conv1.weight"][channel].any()
    assert e.back.grads["conv1.weight"].any()


# A number moved both ways.


def places(e: TrainingStep) -> dict[str, int]:
    """Every array whose numbers can be nudged, and how many there are."""
    sizes = {"x": e.x.size, "p": e.p.size} | {step.name: step.y.size for step in e.trace}
    return sizes | {name: value.size for name, value in e.network.params.items()}


def test_a_nudge_comes_from_the_link_and_is_answered_with_both_losses_and_both_slopes(
    open_page: Open, stage: Stage
) -> None:
    at = open_page(nudge="conv2.weight.970:0.01")
    found, told = Nudged("conv2.weight", 970, "0.01").run(stage.shown), stage.meta["nudge"]
    assert told["text"] == "conv2.weight.970:0.01"
    assert [float(loss) for loss in told["losses"]] == pytest.approx([found.above, found.below], abs=1e-6)
    assert float(told["numeric"].replace("−", "-")) == pytest.approx(found.entry.numeric, abs=6e-6)
    assert float(told["analytic"].replace("−", "-")) == pytest.approx(found.entry.analytic, abs=6e-6)
    assert told["verdict"] == found.verdict
    assert told["facts"]["digits"] == found.digits
    assert link(at) == {"nudge": "conv2.weight.970:0.01"}
    do(at, stage, state={"nudge": ""})
    assert stage.meta["nudge"] is None
    assert link(at) == {}


def test_a_nudge_is_of_the_numbers_as_they_are_changed_and_goes_with_the_picture(open_page: Open, stage: Stage) -> None:
    at = open_page(nudge="linear.5:0.1", edits="conv1.bias.2:-10")
    assert stage.meta["nudge"]["value"] == f"{stage.shown.trace.y[0, 5]:.4f}"
    do(at, stage, set={"nudge": "x.20:1"})
    assert stage.meta["nudge"]["value"] == "0.9375"
    do(at, stage, set={"digit": 0})
    assert stage.meta["nudge"] is None


@pytest.mark.parametrize("text", ["conv9.0:0.1", "x.64:0.1", "x.0:0.3", "nothing"])
def test_a_link_that_nudges_what_isn_t_there_says_so(open_page: Open, stage: Stage, text: str) -> None:
    at = open_page(nudge=text)
    assert any("nudges doesn't exist" in str(note.value) for note in [*at.info, *at.warning, *at.markdown])
    assert stage.meta["nudge"] is None
    assert link(at) == {}


def test_every_nudge_holds_at_its_shown_digits(open_page: Open, stage: Stage) -> None:
    at, rng = open_page(), np.random.default_rng(0)
    read = set()
    for name, size in places(stage.shown).items():
        for h in NUDGES:
            index = stage.shown.target if name == "p" else int(rng.integers(size))
            do(at, stage, set={"nudge": f"{name}.{index}:{h}"})
            told = stage.meta["nudge"]
            if "losses" in told:
                above, below = told["losses"]
                line = f"((L(v + h) {above}) − (L(v − h) {below})) ÷ (2 × {h}) {told['sign']} {told['numeric']}"
                plain = line.replace("L(v + h) ", "").replace("L(v − h) ", "")
                assert not false_ones(plain), plain
                # Of a slope that rounding blurs even one figure may be too many.
                assert told["sign"] == "=" or told["verdict"] == "tiny"
                read.add(told["sign"])
            else:
                assert (told["verdict"], name, h) == ("outside", "p", "1")
                read.add("outside")
    assert read >= {"=", "outside"}


def test_the_loss_of_a_share_that_is_gone_is_answered_too(open_page: Open, stage: Stage) -> None:
    open_page(nudge="p.5:0.1", edits="linear.bias.5:-1000")
    assert stage.meta["nudge"]["verdict"] == "outside"
    json.dumps(stage.meta["nudge"], allow_nan=False)


def test_a_nudge_is_answered_within_a_tenth_of_a_second(open_page: Open, stage: Stage) -> None:
    open_page()
    took = []
    for name in places(stage.shown):
        began = time.perf_counter()
        Nudged(name, 0, "0.01").run(stage.shown)
        took.append(time.perf_counter() - began)
    assert sorted(took)[len(took) // 2] < 0.1


# The update.


def test_the_update_shows_every_parameter_of_the_network(open_page: Open, stage: Stage) -> None:
    open_page()
    e, facts = stage.shown, next(stop for stop in stage.meta["stops"] if stop["id"] == "update")["facts"]
    shown = {}
    for choice in facts["choices"]:
        old, _minus, gradient, _equal, new = choice["picture"]
        assert (gradient["array"], new["array"]) == (f"d:{old['array']}", f"new:{old['array']}")
        array = stage.arrays[old["array"]]
        # A picture shows as much of the array as its cursors leave; together they reach all of it.
        cursors = [array.shape[{"k": 0, "row": 0, "c": 1}[axis]] for axis in old["cursor"]]
        cells = old["shape"][-2] * old["shape"][-1]
        shown[old["array"]] = cells * int(np.prod(cursors))
        expected = array - np.float32(e.lr) * stage.arrays[gradient["array"]]
        np.testing.assert_allclose(stage.arrays[new["array"]], expected, rtol=1e-6)
    assert shown == {name: value.size for name, value in e.network.params.items()}
    assert sum(shown.values()) == facts["parameters"]
    # Links from before there were others know these two.
    assert [choice["name"] for choice in facts["choices"]][:2] == ["conv1 W", "conv2 W"]
    assert facts["choices"][facts["usual"]]["name"] == "conv2 W"


# The badge.


def badge(at: AppTest) -> str:
    return str(next(p.proto.popover.label for p in at.get("popover") if "radients" in p.proto.popover.label))


def test_the_badge_compares_sixty_gradients_of_this_network_with_central_differences(open_page: Open) -> None:
    at = open_page()
    assert badge(at).startswith("✓ Gradients checked")
    table = at.dataframe[0].value
    assert len(table) == CHECKED
    assert (table["backprop"].astype(float) - table["central difference"].astype(float)).abs().max() < 1e-6


def test_good_and_wrong_in_the_badge_are_the_engines_and_a_sure_network_is_not_said_to_stand_on_a_kink(
    open_page: Open,
) -> None:
    words = " ".join(text.value for text in open_page().markdown)
    assert f"stays under about {ten_to(GOOD)}; a wrong one shows {ten_to(WRONG)} or more" in words
    sure = open_page(digit="4")
    assert badge(sure).startswith("✓ Gradients checked, largest difference")
    assert "kink" not in " ".join(text.value for text in sure.markdown if "parameters" in text.value)


def test_the_badge_says_so_when_a_gradient_is_wrong(open_page: Open, monkeypatch: pytest.MonkeyPatch) -> None:
    right = ReLU.backward
    monkeypatch.setattr(ReLU, "backward", lambda *given: (2 * right(*given)[0], {}))
    st.cache_data.clear()
    try:
        assert badge(open_page()).startswith("≠ Gradients differ")
    finally:
        st.cache_data.clear()


def test_an_instructor_can_hide_badge_and_suggestions(open_page: Open) -> None:
    at = open_page(hide="check,suggestions")
    assert not [p for p in at.get("popover") if "radients" in p.proto.popover.label]
    assert "Change one pixel" not in [button.label for button in at.button]


def test_the_routine_shown_under_the_loops_is_the_one_that_takes_the_image_forwards(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    taken = []
    routine = convolution.correlate_few

    def watched(*given: Any) -> Any:
        taken.append(given)
        return routine(*given)

    assert "frame.code(convolution.correlate_few" in Path(FILE).read_text(encoding="utf-8")
    monkeypatch.setattr(convolution, "correlate_few", watched)
    network = pretrained_digit_network()
    network.forward(digits().validation_x[:1])
    assert len(taken) == sum(isinstance(layer, Conv2d) for _, layer in network.layers)
