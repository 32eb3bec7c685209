"""A text's short form comes back as it was, and what isn't one is refused."""

import base64
import zlib

import pytest

from engine.sentence import Sentence
from engine.text import PRESETS, Limits, fits_link, packed, unpacked


@pytest.mark.parametrize("text", [*(preset.text for preset in PRESETS.values()), "", "名 = ReLU()", "x" * 1000])
def test_a_text_comes_back_from_its_short_form(text: str) -> None:
    code = packed(text)
    assert set(code) <= set("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_")
    assert unpacked(code) == text


def test_every_preset_goes_into_a_link_of_few_letters() -> None:
    assert max(len(packed(preset.text)) for preset in PRESETS.values()) < 200


def test_a_network_too_long_for_a_link_says_so() -> None:
    long = "\n".join(f"Linear({number * 7919 % 9973}, {number * 104729 % 9967})" for number in range(400))
    assert not fits_link(long)
    assert fits_link(long, Limits(link=10**6))
    assert all(fits_link(preset.text) for preset in PRESETS.values())


@pytest.mark.parametrize(
    "code",
    ["", "1", "2" + packed("ReLU()")[1:], packed("ReLU()")[:-3], packed("ReLU()") + "AAAA", "1é", "1====", "1 x"],
)
def test_what_is_no_short_form_is_refused(code: str) -> None:
    assert isinstance(unpacked(code), Sentence)


def test_a_changed_letter_is_noticed() -> None:
    code = packed(PRESETS["LeNet-5"].text)
    for at in range(1, len(code) - 1):
        other = "A" if code[at] != "A" else "B"
        assert isinstance(unpacked(code[:at] + other + code[at + 1 :]), Sentence)


def test_a_bomb_is_refused_before_it_is_unpacked() -> None:
    bomb = "1" + base64.urlsafe_b64encode(zlib.compress(b"A" * 50_000_000, 9)).decode().rstrip("=")
    assert len(bomb) < 70_000
    assert "characters" in str(unpacked(bomb))
    assert "characters" in str(unpacked("1" + "A" * 10**7))
