"""What the browser is sent: a training step's stops, losses and arrays. Every number is explained there."""

from __future__ import annotations

from dataclasses import asdict
from hashlib import blake2b
from math import floor, log10
from typing import TYPE_CHECKING, Any

import streamlit as st

from engine.written import equation, signed
from pages.backprop.forward_backward import controls as lesson
from pages.backprop.forward_backward.compute import NUDGES, TrainingStep
from pages.backprop.forward_backward.figure import training_step_maps
from pages.backprop.forward_backward.labels import labels
from pages.backprop.forward_backward.stops import Stops
from ui import state
from ui.components.board import Drawn, board
from ui.i18n import _
from ui.numbers import power_of_ten
from ui.picture_input import chosen_picture

if TYPE_CHECKING:
    from ui.figures.export import Figure
    from ui.lesson import Frame

MOUNT = board(__file__)
FIGURES = 5
"""Of a slope, beside another one that it should agree with."""
MOST_DIGITS = 14
"""That a float holds, and a loss is written with."""


def drawn() -> Drawn:
    """The stage: one cursor over forward, loss, backward and update."""
    e = lesson.training_step()
    stops = Stops(e)
    meta: dict[str, Any] = {
        "id": _begins(e),
        "best": stops.best(),
        "named": lesson.CURSORS,
        "stops": [_in_words(stop.as_data(dict(e.network.layers))) for stop in stops.stops()],
        "columns": [asdict(column) for column in stops.columns()],
        "last": stops.places[-1].step.name,
        "target": e.target,
        "lr": e.lr,
        "rates": lesson.RATES,
        "loss": _finite(e.loss),
        "loss_after": _finite(e.loss_after),
        "losses": [_finite(loss) for loss in e.losses],
        "sizes": NUDGES,
        "nudge": _nudge(e),
        "edits": [_edit(e, edit.array, edit.index, edit.value) for edit in e.edits],
    }
    return Drawn(meta, stops.arrays(), labels())


def _in_words(data: Any) -> Any:
    """The same, with the grids that are named after a word, not after an array, in the reader's language."""
    if isinstance(data, list):
        return [_in_words(item) for item in data]
    if not isinstance(data, dict):
        return data
    words = {"image": _("image"), "dimage": f"d{_('image')}"}
    return {key: words.get(item, item) if key == "name" else _in_words(item) for key, item in data.items()}


def _begins(e: TrainingStep) -> str:
    """Another picture or network is another scene: the channels that are looked at begin anew."""
    found = blake2b(e.original_x.tobytes() + bytes([e.target]), digest_size=8)
    for array in e.original.params.values():
        found.update(array.tobytes())
    return found.hexdigest()


def _edit(e: TrainingStep, array: str, index: int, now: float) -> dict[str, Any]:
    before = e.original_x if array == "x" else e.original.params[array]
    return {"name": _("image") if array == "x" else array, "was": float(before.flat[index]), "now": now}


def _nudge(e: TrainingStep) -> dict[str, Any] | None:
    """The number that is nudged: both losses, the quotient that they make as printed, and what there is to say."""
    asked = lesson.nudged()
    if asked is None:
        return None
    found = asked.run(e)
    numeric, analytic, difference = found.entry.numeric, found.entry.analytic, found.entry.difference
    told = {
        "text": state.get("nudge"),
        "value": _written(found.value, 4),
        "analytic": _slope(analytic),
        "tones": [_finite(numeric), _finite(analytic)],
        "verdict": found.verdict,
        "facts": {
            "digits": found.digits,
            "difference": "∞" if _finite(difference) is None else power_of_ten(difference),
            "places": ", ".join(f"{layer} ({count})" for layer, count in found.flips.items()),
        },
    }
    if found.verdict == "outside":
        return told
    # A float ends somewhere: of a slope that is next to nothing, two losses tell fewer figures.
    most = MOST_DIGITS - len(f"{max(found.above, found.below):.0f}")
    lines = [
        equation(
            [found.above, found.below],
            lambda losses: (losses[0] - losses[1]) / (2 * found.h),
            numeric,
            decimals=_decimals(numeric, figures),
            given=4,
            most=most,
            write=_written,
        )
        for figures in range(FIGURES, 0, -1)
    ]
    line = next((line for line in lines if line.sign == "="), lines[-1])
    return told | {"losses": line.parts, "sign": line.sign, "numeric": line.result}


def _decimals(slope: float, figures: int = FIGURES) -> int:
    """How many decimals a slope has to be written with."""
    return max(2, figures - 1 - floor(log10(abs(slope)))) if slope else figures


def _slope(slope: float) -> str:
    return _written(slope, _decimals(slope)) if _finite(slope) is not None else "−∞"


def _written(value: float, decimals: int) -> str:
    """A number with so many decimals at most; where nearly all of them are 0, as a power of ten."""
    if 0 < abs(value) < 1e-4:
        return power_of_ten(value, max(0, min(MOST_DIGITS, decimals + floor(log10(abs(value))))))
    return signed(value, decimals)


def _finite(value: float) -> float | None:
    """None says that the loss is no longer a number."""
    return value if value == value and abs(value) != float("inf") else None


# ---- around the stage ----


def suggestions(frame: Frame) -> None:
    """The three suggestions of the text, each one click away."""
    if frame.shows("suggestions"):
        with st.container(key="suggestions", horizontal=True, width="content"):
            st.button(_("Change one pixel"), on_click=lesson.change_a_pixel)
            st.button(_("Take a step 100 times longer"), on_click=lesson.take_a_long_step)
            st.button(_("Put a kernel to sleep"), on_click=lesson.put_a_kernel_to_sleep)


def held_out(frame: Frame) -> None:
    """How many other digits that it never trained on the network reads, before and after this step."""
    now, on_stage = lesson.training_step(), chosen_picture().index
    before, count = lesson.known(now.network, on_stage)
    after, _count = lesson.known(now.updated, on_stage)
    with st.container(key="held-out"):
        st.markdown(frame.words("held-out", before=before, after=after, count=count))


def figure() -> Figure:
    """The sheet to take away: every layer's maps and their gradients."""
    now = lesson.training_step()
    title = _("A {label}, read as {guess}").format(label=now.target, guess=now.guess)
    words = {"image": _("image"), "values": _("values"), "gradients": _("gradients"), "title": title}
    return training_step_maps(now, words)
