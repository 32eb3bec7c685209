"""Backpropagation against central differences, on this very network and image."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

import numpy as np
import streamlit as st

from engine.gradcheck import GOOD, WRONG, GradCheck, check_network
from pages.backprop.forward_backward import controls as lesson
from pages.backprop.forward_backward.compute import TrainingStep
from ui import limits
from ui.checks import place, side_by_side
from ui.i18n import _
from ui.numbers import power_of_ten, ten_to

if TYPE_CHECKING:
    from ui.lesson import Frame

CHECKED = 60
# What was drawn is sent every 10 ms, by another thread, which a check that began at once would keep from it.
_LEAVES = 0.02


def proof(frame: Frame) -> None:
    """Backpropagation against central differences on this very network and image; a click shows the comparison."""
    if not frame.shows("check"):
        return
    found = gradient_check(lesson.training_step())
    label, block, gaps = told(found)
    with (
        st.container(key="stage-proof"),
        st.popover(label, key="forward-backward.badge", width="content"),
    ):
        with st.container(key="gradient-check", gap="small"):
            st.markdown(frame.words("check"))
            st.markdown(frame.words(block, **gaps))
        side_by_side(found.entries, relative=True, height=260)


def told(found: GradCheck) -> tuple[str, str, dict[str, object]]:
    """What the comparison says: the badge's label, the block of the text and its gaps."""
    worst = found.worst
    error, difference = power_of_ten(worst.relative_error), power_of_ten(found.worst_difference)
    gaps: dict[str, object] = {
        "size": f"{found.size:,}",
        "count": len(found.entries),
        "name": f"`{place(worst)}`",
        "worst": error,
        "difference": difference,
        "least": power_of_ten(found.least),
        "good": ten_to(GOOD),
        "wrong": ten_to(WRONG),
    }
    if not found.agrees:
        return _("≠ Gradients differ by up to {error}").format(error=error), "check-differs", gaps
    if not found.measurable:
        label = _("✓ Gradients checked, largest difference {difference}")
        return label.format(difference=difference), "checked-tiny", gaps
    return _("✓ Gradients checked, worst relative error {error}").format(error=error), "checked", gaps


def gradient_check(of: TrainingStep) -> GradCheck:
    """This very training step's gradients against central differences, on a sample of its network's parameters."""
    return _gradient_check(lesson.flat(of.network), of.x.tobytes(), of.target)


@st.cache_data(max_entries=256, show_spinner=False)
def _gradient_check(params: bytes, x: bytes, target: int) -> GradCheck:
    with limits.SCRIPTS.away():
        time.sleep(_LEAVES)
    image = np.frombuffer(x, np.float32).reshape(1, *lesson.TEMPLATE.input_shape)
    with limits.HEAVY, np.errstate(all="ignore"):
        return check_network(
            lesson.of_bytes(params), image, np.array([target]), rng=np.random.default_rng(0), sample=CHECKED
        )
