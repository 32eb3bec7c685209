"""Figures to turn and to point at wear the same colours and typefaces as every other picture, in both modes."""

from __future__ import annotations

import pytest

from ui.figures import interactive, theme


@pytest.mark.parametrize("mode", ["light", "dark"])
def test_paper_letters_and_walls_are_the_theme_s(mode: theme.Mode) -> None:
    layout, palette = interactive.template(mode).layout, theme.PALETTES[mode]
    assert layout.font.family == layout.hoverlabel.font.family == theme.SANS
    assert layout.font.color == palette.ink
    assert layout.colorway[0] == palette.accent
    assert layout.scene.xaxis.backgroundcolor == layout.plot_bgcolor == palette.panel
    assert [colour for _at, colour in layout.colorscale.diverging] == list(theme.DIVERGING[mode])


def test_a_ramp_goes_from_0_to_1_with_its_middle_in_the_middle() -> None:
    stops = interactive.scale("diverging", "light")
    assert (stops[0][0], stops[-1][0]) == (0, 1)
    assert stops[len(stops) // 2] == (0.5, theme.DIVERGING["light"][3])


def test_letters_are_larger_in_the_lecture_view() -> None:
    usual, hall = (interactive.figure("light", height=300, present=present) for present in (False, True))
    assert hall.layout.template.layout.font.size >= 18 > usual.layout.template.layout.font.size >= 12
