"""Colours: one owner, the same for Streamlit, for figures and in the browser, and legible."""

from __future__ import annotations

import re
import tomllib

import numpy as np
import pytest

from tests.root import ROOT
from ui.downloads import failure_style
from ui.figures import logo, theme

MODES: tuple[theme.Mode, ...] = ("light", "dark")


@pytest.mark.parametrize("mode", MODES)
def test_streamlits_own_theme_has_the_palettes_colours(mode: theme.Mode) -> None:
    config = tomllib.loads((ROOT / ".streamlit" / "config.toml").read_text())["theme"]
    palette = theme.PALETTES[mode]
    assert config[mode]["primaryColor"] == palette.accent
    assert config[mode]["backgroundColor"] == palette.bg
    assert config[mode]["secondaryBackgroundColor"] == palette.panel
    assert config[mode]["textColor"] == palette.ink
    assert config[mode]["borderColor"] == palette.line
    assert config["baseFontSize"] == theme.ROOT_PIXELS


def test_style_sheets_name_no_colour_of_their_own() -> None:
    for path in [found for part in ("assets", "ui", "pages") for found in (ROOT / part).rglob("*.css")]:
        assert not re.findall(r"#[0-9a-fA-F]{3,8}\b", path.read_text()), path.name


def test_style_sheets_use_only_variables_that_exist() -> None:
    frame = "".join(path.read_text() for path in ROOT.glob("assets/style/*.css"))
    told = [*ROOT.glob("ui/components/**/*.js"), ROOT / "ui" / "uploads.py"]
    known = set(re.findall(r"(--[\w-]+):", theme.css_variables() + failure_style() + frame))
    known |= set(re.findall(r'"(--[\w-]+)"', "".join(path.read_text() for path in told)))
    for path in [*ROOT.glob("assets/style/*.css"), *ROOT.glob("pages/*/*/page.css")]:
        assert set(re.findall(r"var\((--[\w-]+)", path.read_text())) <= known, path.name


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("ramp", ["diverging", "sequential"])
def test_the_stops_of_a_ramp_are_its_own_colours(mode: theme.Mode, ramp: theme.Ramp) -> None:
    stops = theme.RAMPS[ramp][mode]
    low = -2.0 if ramp == "diverging" else 0.0
    rgb = theme.colours(np.linspace(low, 2.0, len(stops)), 2.0, ramp=ramp, mode=mode)
    assert rgb.tolist() == [list(theme.hex_to_rgb(stop)) for stop in stops]


def test_values_beyond_the_limit_take_the_colour_of_the_end() -> None:
    rgb = theme.colours([-9.0, 9.0, -np.inf, np.inf], 1.0)
    assert rgb[0].tolist() == rgb[2].tolist() == list(theme.hex_to_rgb(theme.DIVERGING["light"][0]))
    assert rgb[1].tolist() == rgb[3].tolist() == list(theme.hex_to_rgb(theme.DIVERGING["light"][-1]))


def test_a_map_of_zeros_or_of_nothing_finite_can_be_drawn() -> None:
    zero = list(theme.hex_to_rgb(theme.DIVERGING["light"][3]))
    assert theme.colours(np.zeros((2, 2))).tolist() == [[zero, zero], [zero, zero]]
    assert theme.colours([np.nan]).tolist() == [list(theme.hex_to_rgb(theme.PALETTES["light"].hatch))]
    assert theme.colours(np.zeros((0, 3))).shape == (0, 3, 3)


def contrast(a: str, b: str) -> float:
    """The contrast ratio of the Web Content Accessibility Guidelines 2.1, 1 to 21."""

    def luminance(colour: str) -> float:
        share = np.array(theme.hex_to_rgb(colour)) / 255
        linear = np.where(share <= 0.04045, share / 12.92, ((share + 0.055) / 1.055) ** 2.4)
        return float(linear @ [0.2126, 0.7152, 0.0722])

    high, low = sorted((luminance(a), luminance(b)), reverse=True)
    return (high + 0.05) / (low + 0.05)


def mixed(colour: str, ground: str, share: float) -> str:
    """A tint, as CSS mixes it."""
    parts = zip(theme.hex_to_rgb(colour), theme.hex_to_rgb(ground), strict=True)
    return "#{:02x}{:02x}{:02x}".format(*(round(share * a + (1 - share) * b) for a, b in parts))


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("ground", ["bg", "panel"])
def test_text_is_legible_on_every_ground(mode: theme.Mode, ground: str) -> None:
    palette = theme.PALETTES[mode]
    for name in ("ink", "soft", "mute", "accent", "pos", "neg", "ok"):
        assert contrast(getattr(palette, name), getattr(palette, ground)) >= 4.5, name
    assert contrast(palette.ok, palette.ok_bg) >= 4.5
    assert contrast(palette.warn, palette.warn_bg) >= 4.5
    for name in ("accent_bg", "hatch", "ok_bg", "warn_bg"):
        assert contrast(palette.mute, getattr(palette, name)) >= 4.5, name
    # A chip of arithmetic stands on a tint of its own colour, and says beside it in a quiet one what it is.
    for name in ("pos", "neg", "accent"):
        tint = mixed(getattr(palette, name), getattr(palette, ground), 0.11)
        assert contrast(getattr(palette, name), tint) >= 4.5, name
        assert contrast(palette.mute, tint) >= 4.5, name


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("ramp", ["diverging", "sequential"])
def test_numbers_are_legible_on_every_colour_of_a_ramp(mode: theme.Mode, ramp: theme.Ramp) -> None:
    for value in np.linspace(-1, 1, 101):
        rgb = theme.colours(value, 1.0, ramp=ramp, mode=mode)
        ground = "#{:02x}{:02x}{:02x}".format(*rgb)
        assert contrast(theme.ink_on(rgb), ground) >= 4.5


def test_the_logo_files_are_what_the_script_draws() -> None:
    for mode in MODES:
        assert (logo.IMAGES / f"logo-{mode}.svg").read_text() == logo.logo(mode)
    assert (logo.IMAGES / "favicon.svg").read_text() == logo.favicon()
