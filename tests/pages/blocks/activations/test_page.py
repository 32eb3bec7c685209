"""The page of "Activations", run without a browser."""

from __future__ import annotations

import json

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

from engine.data.digits import digits
from engine.zoo.digit_network import pretrained_digit_network
from pages.blocks.activations.compute.functions import FUNCTIONS, Settings
from pages.blocks.activations.compute.learning import RACERS, race, slope_fit
from pages.blocks.activations.compute.units import pass_through
from pages.blocks.activations.controls import CONTROLS, FIT, NUMBERS, SCENES, slope_numbers, sparse_numbers
from pages.blocks.activations.labels import WRITTEN
from tests.pages.opening import bound
from tests.root import ROOT
from ui import state
from ui.catalogue import lesson


def opened(**query: str) -> AppTest:
    at = AppTest.from_file(ROOT / "ui/site/main.py", default_timeout=60)
    for name, text in query.items():
        at.query_params[name] = text
    at.run()  # AppTest learns the pages' addresses from a first run
    for name, text in query.items():
        at.query_params[name] = text
    at.switch_page(str(lesson("activations").path)).run()
    assert not at.exception
    assert not at.error
    return at


def sent(at: AppTest) -> tuple[dict, dict[str, np.ndarray]]:  # type: ignore[type-arg]
    """What the picture was given: its meta data and its arrays."""
    data = next(
        element.proto for element in at.get("bidi_component") if element.proto.component_name.endswith("activations")
    ).bytes
    length = int.from_bytes(data[4:8], "little")
    header = json.loads(data[8 : 8 + length])
    arrays = {}
    for entry in header["arrays"]:
        count = int(np.prod(entry["shape"]))
        start = 8 + length + entry["offset"]
        arrays[entry["name"]] = np.frombuffer(data, entry["dtype"], count, start).reshape(entry["shape"])
    return header["meta"], arrays


def test_every_activation_of_the_course_is_written_out() -> None:
    assert list(WRITTEN) == list(FUNCTIONS)
    assert {
        "sigmoid",
        "tanh",
        "relu",
        "leaky_relu",
        "prelu",
        "rrelu",
        "elu",
        "softplus",
        "maxout",
        "gelu",
        "silu",
    } == set(FUNCTIONS)


@pytest.mark.parametrize("scene", SCENES)
@pytest.mark.parametrize("language", ["en", "zh"])
def test_every_scene_opens_in_both_languages(scene: str, language: str) -> None:
    meta, _ = sent(opened(at=scene, lang=language))
    assert meta["state"]["at"] == scene
    assert meta["texts"]


def test_the_slopes_of_the_course_stand_in_the_text() -> None:
    # [G] activations: σ'(0) = 0.25, σ'(±10) ≈ 0, tanh'(0) = 1.
    text = " ".join(block.value for block in opened().markdown)
    for number in ("**0.25**", "**0.000045**", "is **1**"):
        assert number in text


def test_the_summary_that_is_sent_is_the_engines() -> None:
    meta, _ = sent(opened(f="relu", mean="-1.5", spread="1"))
    assert meta["crowd"]["summary"] == pytest.approx(pass_through("relu", -1.5, 1).summary())
    assert len(meta["crowd"]["dead"]) == meta["crowd"]["summary"]["dead"] > 0


def test_a_setting_of_the_link_bends_the_curve_that_is_sent() -> None:
    _, usual = sent(opened())
    _, bent = sent(opened(alpha="0.5"))
    assert usual["elu.y"].min() == pytest.approx(-1, abs=1e-4)
    assert bent["elu.y"].min() == pytest.approx(-0.5, abs=1e-4)


def test_names_in_the_link_that_are_no_activations_are_left_out() -> None:
    meta, _ = sent(opened(**{"with": "gelu~swoosh"}))
    assert meta["state"]["with"] == "gelu"


def test_a_picture_that_stands_as_it_opens_puts_nothing_into_the_link(monkeypatch: pytest.MonkeyPatch) -> None:
    bound(monkeypatch, CONTROLS, "activations")
    state.hear(CONTROLS, json.loads(json.dumps({control.name: control.default for control in CONTROLS})))
    assert state.query() == {}


def test_networks_are_trained_only_for_who_asks_for_them() -> None:
    assert sent(opened())[0]["dying"]["names"] == []
    assert sent(opened(at="dying", f="leaky_relu"))[0]["dying"]["names"] == ["relu", "leaky_relu"]


def test_the_race_that_is_sent_is_the_engines() -> None:
    assert sent(opened())[0]["race"]["leads"] == []
    meta, arrays = sent(opened(at="race"))
    for name, entrant in race().items():
        np.testing.assert_array_equal(arrays[f"race.{name}"], entrant.at_best)
        assert meta["race"]["rates"][name] == entrant.rate
    behind, ahead = (race()[name].at_best for name in RACERS)
    apart = behind - ahead
    for lap, told in enumerate(meta["race"]["leads"]):
        assert told["mean"] == pytest.approx(apart[:, lap].mean())
        assert told["spread"] == pytest.approx(apart[:, lap].std(ddof=1))
        assert told["tied"] == (abs(told["mean"]) <= 2 * told["spread"])


def test_the_learned_slope_starts_where_prelu_is_set() -> None:
    meta, arrays = sent(opened(at="learned", weight="-0.5", aim="0.3", fit_lr="0.2", seed="4"))
    expected = slope_fit(-0.5, 0.3, 0.2, FIT, 4)
    np.testing.assert_array_equal(arrays["learned.w"], expected.w)
    np.testing.assert_array_equal(arrays["learned.dy"], expected.dy)
    assert meta["learned"]["best"] == expected.best


def test_the_check_finds_every_slope_right() -> None:
    at = opened()
    at.button(key="activations.check").click().run()
    assert not at.exception
    assert not at.error
    table = at.dataframe[0].value
    assert len(table) == len(FUNCTIONS)
    assert max(float(cell) for cell in table.iloc[:, 3]) < 1e-7


def test_settings_and_ranges_agree() -> None:
    for name, value in vars(Settings()).items():
        low, high = NUMBERS[name]
        assert low <= value <= high
        assert next(control.default for control in CONTROLS if control.name == name) == pytest.approx(value)


def test_the_share_of_zeros_is_that_of_the_digit_networks_relus() -> None:
    told = sparse_numbers()
    trace = pretrained_digit_network().forward(digits().validation_x)
    both = np.concatenate([trace[name].y.ravel() for name in ("relu1", "relu2")])
    assert told["zeros_digits"] == f"{100 * (both == 0).mean():.0f}"
    assert 45 < int(told["zeros"]) < 55


def test_the_slope_of_a_sigmoid_at_5_is_on_the_page() -> None:
    assert float(slope_numbers()["sigmoid5"]) == pytest.approx(0.006648, abs=5e-5)
