"""The logo: a kernel's nine weights with a window sliding over them, and the name.

``python -m ui.figures.logo`` writes assets/images/{logo-light,logo-dark,favicon}.svg. Letters are drawn as
paths, so that the logo looks the same without any font.
"""

from __future__ import annotations

from pathlib import Path

from matplotlib.font_manager import FontProperties
from matplotlib.path import Path as Outline
from matplotlib.textpath import TextPath

from ui.figures import theme

IMAGES = Path(__file__).parents[2] / "assets" / "images"

# Weights of an edge kernel that looks for a stroke falling to the right, from -1 to 1.
WEIGHTS = ((0.95, 0.35, -0.45), (0.35, 0.75, 0.2), (-0.75, 0.1, 0.95))
CELL, GAP, MARGIN = 9.0, 1.2, 1.4
HEIGHT = 3 * CELL + 2 * GAP + 2 * MARGIN
LETTERS = 21.0


def mark(mode: theme.Mode) -> str:
    """The nine cells and the window over the upper left four."""
    colours = theme.colours(WEIGHTS, 1.0)
    cells = []
    for row in range(3):
        for column in range(3):
            x, y = (MARGIN + index * (CELL + GAP) for index in (column, row))
            fill = "#{:02x}{:02x}{:02x}".format(*colours[row, column])
            cells.append(f'<rect x="{x:g}" y="{y:g}" width="{CELL:g}" height="{CELL:g}" rx="1.6" fill="{fill}"/>')
    size = 2 * CELL + GAP + 1.6
    frame = (
        f'<rect x="{MARGIN - 0.8:g}" y="{MARGIN - 0.8:g}" width="{size:g}" height="{size:g}" rx="2.6" '
        f'fill="none" stroke="{theme.PALETTES[mode].accent}" stroke-width="1.9"/>'
    )
    return "".join(cells) + frame


def logo(mode: theme.Mode) -> str:
    """Mark and name, as SVG."""
    palette = theme.PALETTES[mode]
    step, width = _letters("Step", HEIGHT + 6.0)
    cnn, end = _letters("CNN", width)
    return _document(
        end + 1.0,
        f'{mark(mode)}<path d="{step}" fill="{palette.ink}"/><path d="{cnn}" fill="{palette.accent}"/>',
    )


def favicon() -> str:
    """The mark alone, in the light colours: browsers show it on tabs of any shade."""
    return _document(HEIGHT, mark("light"))


def _document(width: float, body: str) -> str:
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width:g} {HEIGHT:g}" width="{width:g}" '
        f'height="{HEIGHT:g}" role="img" aria-label="StepCNN">{body}</svg>\n'
    )


def _letters(text: str, x: float) -> tuple[str, float]:
    """SVG path of a text that starts at x, and where it ends."""
    bold = FontProperties(family="DejaVu Sans", weight="bold")
    outline = TextPath((0, 0), text, size=LETTERS, prop=bold)
    base = HEIGHT / 2 + LETTERS * 0.365
    names = {Outline.MOVETO: "M", Outline.LINETO: "L", Outline.CURVE3: "Q", Outline.CURVE4: "C"}
    pieces = []
    for points, code in outline.iter_segments():
        if code == Outline.CLOSEPOLY:
            pieces.append("Z")
            continue
        numbers = [
            f"{x + value * 0.94:.2f}" if index % 2 == 0 else f"{base - value:.2f}" for index, value in enumerate(points)
        ]
        pieces.append(names[code] + " ".join(numbers))
    return "".join(pieces), x + float(outline.get_extents().x1) * 0.94 + 1.2


def write() -> None:
    """Write the three files."""
    IMAGES.mkdir(parents=True, exist_ok=True)
    for mode in theme.PALETTES:
        (IMAGES / f"logo-{mode}.svg").write_text(logo(mode), encoding="utf-8")
    (IMAGES / "favicon.svg").write_text(favicon(), encoding="utf-8")


if __name__ == "__main__":
    write()
