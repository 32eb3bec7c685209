"""Matplotlib figures as files."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING

if TYPE_CHECKING:  # matplotlib takes long to import, and only a download needs it
    from matplotlib.figure import Figure

__all__ = ["Figure", "png", "svg"]

PIXELS_PER_INCH = 200
LONGEST = 4096
"""Pixels along a picture's longer side, at most: more than a large screen shows, and quick to make."""


def svg(figure: Figure) -> bytes:
    """A figure as SVG. Letters stay letters, so they can be edited; the same figure gives the same bytes."""
    import matplotlib as mpl

    file = io.BytesIO()
    with mpl.rc_context({"svg.fonttype": "none", "svg.hashsalt": "stepcnn"}):
        figure.savefig(file, format="svg", metadata={"Date": None})
    return file.getvalue()


def png(figure: Figure) -> bytes:
    """A figure as PNG."""
    file = io.BytesIO()
    figure.savefig(file, format="png", dpi=min(PIXELS_PER_INCH, LONGEST / max(figure.get_size_inches())))
    return file.getvalue()
