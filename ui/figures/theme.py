"""Every colour and typeface of StepCNN, for light and dark, and the maps from a number to a colour.

Signed values use one diverging ramp centred on zero; everything else one sequential ramp. Both are legible to
the colour-blind: blue against orange, and light against dark. The accent never encodes data.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any, Literal

import numpy as np
import numpy.typing as npt

Mode = Literal["light", "dark"]
Ramp = Literal["diverging", "sequential"]

SANS = (
    '"Inter", "SF Pro Text", -apple-system, "Segoe UI", Roboto, "Helvetica Neue", "Liberation Sans", '
    '"DejaVu Sans Condensed", "PingFang SC", "Microsoft YaHei", "Noto Sans CJK SC", system-ui, sans-serif'
)
SERIF = (
    '"STIX Two Text", Cambria, "Iowan Old Style", Georgia, "Liberation Serif", "Songti SC", "Noto Serif CJK SC", serif'
)
MONO = '"JetBrains Mono", "SF Mono", Menlo, Consolas, "Liberation Mono", "Noto Sans Mono CJK SC", monospace'
MATPLOTLIB_FONTS = ["Liberation Sans", "DejaVu Sans", "Noto Sans CJK SC", "Noto Sans CJK JP"]


@dataclass(frozen=True)
class Palette:
    """The named colours of one mode.

    ``pos``/``neg`` colour signed numbers in text; ``ok`` says "agrees", ``warn`` "look here", ``bad`` "broken";
    ``ring`` and ``ring2`` outline a chosen cell, legible on every colour of the ramps.
    """

    bg: str
    panel: str
    ink: str
    soft: str
    mute: str
    line: str
    line2: str
    accent: str
    accent_bg: str
    pos: str
    neg: str
    ok: str
    ok_bg: str
    hatch: str
    warn: str
    warn_bg: str
    bad: str
    ring: str
    ring2: str


PALETTES: Mapping[Mode, Palette] = {
    "light": Palette(
        bg="#faf9f6",
        panel="#ffffff",
        ink="#1b1d22",
        soft="#4b4f58",
        mute="#636771",
        line="#e5e2db",
        line2="#cfcbc2",
        accent="#5a3fd0",
        accent_bg="#efecfb",
        pos="#a54c0a",
        neg="#1f6aa8",
        ok="#23724f",
        ok_bg="#e8f3ec",
        hatch="#efece6",
        warn="#8a5a00",
        warn_bg="#fbf1dc",
        bad="#b3261e",
        ring="#111111",
        ring2="#ffffff",
    ),
    "dark": Palette(
        bg="#101216",
        panel="#171a1f",
        ink="#eceae5",
        soft="#c3c4c8",
        mute="#969aa5",
        line="#282c34",
        line2="#3d424d",
        accent="#b6a5ff",
        accent_bg="#262142",
        pos="#f0a060",
        neg="#7fbcf2",
        ok="#7fd0a4",
        ok_bg="#15291f",
        hatch="#20242a",
        warn="#e5b860",
        warn_bg="#2c2414",
        bad="#f2a19b",
        ring="#ffffff",
        ring2="#0b0c0f",
    ),
}

DIVERGING: Mapping[Mode, tuple[str, ...]] = {
    "light": ("#0d3f73", "#2b7bba", "#9cc8e8", "#f4f2ee", "#f6c48f", "#d56f1b", "#7d3503"),
    "dark": ("#8fcbff", "#2f7fc4", "#1d4264", "#22252b", "#5c3615", "#c96c1c", "#ffc07f"),
}
SEQUENTIAL: Mapping[Mode, tuple[str, ...]] = {
    "light": ("#f6f4f0", "#8d9099", "#17191e"),
    "dark": ("#1d2025", "#767b86", "#f3f1ec"),
}
RAMPS: Mapping[Ramp, Mapping[Mode, tuple[str, ...]]] = {"diverging": DIVERGING, "sequential": SEQUENTIAL}

# Where black and white stand out equally, as the Web Content Accessibility Guidelines measure it.
EVEN_LUMINANCE = (1.05 * 0.05) ** 0.5 - 0.05

ROOT_PIXELS = 15
PRESENTER_PIXELS = 20
# The smallest type there is: on a desk, and from the last row of a hall.
FINEST_PIXELS = 12
PRESENTER_FINEST_PIXELS = 18


def hex_to_rgb(colour: str) -> tuple[int, int, int]:
    """``"#5a3fd0"`` -> ``(90, 63, 208)``."""
    return int(colour[1:3], 16), int(colour[3:5], 16), int(colour[5:7], 16)


def colours(
    values: npt.ArrayLike, limit: float | None = None, *, ramp: Ramp = "diverging", mode: Mode = "light"
) -> npt.NDArray[np.uint8]:
    """Colour of every value, by straight lines between the stops of a ramp.

    Args:
        values: any shape S. Not-a-number is drawn in the hatch colour, infinities at the ends.
        limit: the value at the end of the ramp: diverging covers [-limit, limit], sequential [0, limit].
            By default the largest finite absolute value.
        ramp: "diverging" for signed values, "sequential" for the rest.
        mode: "light" or "dark".

    Returns:
        uint8 array of shape (*S, 3).
    """
    array = np.asarray(values, dtype=np.float64)
    finite = np.abs(array[np.isfinite(array)])
    end = float(limit) if limit else float(finite.max(initial=0.0)) or 1.0
    stops = np.array([hex_to_rgb(stop) for stop in RAMPS[ramp][mode]], dtype=np.float64)
    share = np.clip(array / end, -1.0, 1.0)
    place = (share + 1.0) / 2.0 if ramp == "diverging" else np.clip(share, 0.0, 1.0)
    at = np.linspace(0.0, 1.0, len(stops))
    known = np.nan_to_num(place)
    rgb = np.stack([np.interp(known, at, stops[:, channel]) for channel in range(3)], axis=-1)
    rgb[np.isnan(array)] = hex_to_rgb(PALETTES[mode].hatch)
    return np.rint(rgb).astype(np.uint8)


def ink_on(background: npt.ArrayLike) -> str:
    """Black or white, whichever stands out more from this RGB colour (0 to 255): by 4.5 to 1 at least.

    Between the two there is no room for a softer black: where both are equally legible, the ratio is 4.58.
    """
    share = np.asarray(background, dtype=np.float64) / 255
    linear = np.where(share <= 0.04045, share / 12.92, ((share + 0.055) / 1.055) ** 2.4)
    return "#000000" if float(linear @ [0.2126, 0.7152, 0.0722]) > EVEN_LUMINANCE else "#ffffff"


def as_data() -> dict[str, Any]:
    """All of the theme as plain data, as the browser-side modules read it."""
    return {
        "palettes": {mode: asdict(palette) for mode, palette in PALETTES.items()},
        "ramps": {ramp: {mode: list(stops) for mode, stops in by.items()} for ramp, by in RAMPS.items()},
        "fonts": {"sans": SANS, "serif": SERIF, "mono": MONO},
        "pixels": {
            "root": ROOT_PIXELS,
            "presenter": PRESENTER_PIXELS,
            "finest": FINEST_PIXELS,
            "presenter_finest": PRESENTER_FINEST_PIXELS,
        },
    }


def javascript() -> str:
    """The theme as an ES module: what ``import { THEME } from "stepcnn:theme"`` gives a component."""
    return f"export const THEME = {json.dumps(as_data())};\n"


def css_variables() -> str:
    """The named colours as CSS custom properties that follow the page's colour scheme.

    ``--accent-bg: light-dark(#efecfb, #262142); …``, and the typefaces ``--sans``, ``--serif``, ``--mono``.
    """
    dark = asdict(PALETTES["dark"])
    named = [(name, f"light-dark({colour}, {dark[name]})") for name, colour in asdict(PALETTES["light"]).items()]
    fonts = [("sans", SANS), ("serif", SERIF), ("mono", MONO)]
    return " ".join(f"--{name.replace('_', '-')}: {value};" for name, value in named + fonts)
