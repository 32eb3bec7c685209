"""What is taken home of a convolution: the numbers and the sheet of the view that is seen, as it stands."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from engine.types import Array
from pages.blocks.convolution import controls as lesson
from pages.blocks.convolution.figure import sheet
from ui import state
from ui.i18n import _

if TYPE_CHECKING:
    from ui.figures.export import Figure


def numbers() -> Mapping[str, Array]:
    """The arrays of the view, by name."""
    match state.get("view"):
        case "transposed":
            step = lesson.stamped()
            return {"x": step.x, **step.params, "y": step.y}
        case "linear":
            step, _as_linear = lesson.as_convolution()
            return {"x": step.x, **step.params, "y": step.y}
        case "local":
            return lesson.unshared().arrays()
        case _:
            return lesson.convolved().arrays()


def figure() -> Figure:
    """Picture, kernels and maps as a sheet."""
    arrays = numbers()
    weight = lesson.unshared().mosaic[None] if state.get("view") == "local" else arrays["weight"]
    kernels = weight.reshape(-1, *weight.shape[-2:])
    return sheet(arrays["x"][0], kernels, arrays["y"][0], (_("input"), _("kernels"), _("output")))
