"""What "Vanishing and exploding" trains when asked: the present network and those whose curves are kept."""

from __future__ import annotations

from functools import lru_cache

import numpy as np
import streamlit as st

from engine.data.digits import digits
from engine.types import Array
from pages.backprop.vanishing import controls as lesson
from pages.backprop.vanishing.compute import STEPS, Learned, learn
from pages.backprop.vanishing.controls import Kept
from pages.backprop.vanishing.words import recipe, size
from ui import limits
from ui.i18n import _
from ui.lesson import Frame

RATE = 0.03


def train(frame: Frame) -> None:
    """A hundred steps for each network, and what came of them."""
    shown = list(dict.fromkeys([lesson.setup(), *lesson.kept()]))
    with st.spinner(_("Training")):
        found = [learned(one) for one in shown]
    st.markdown(frame.words("learned", steps=STEPS, rate=RATE))
    st.dataframe(
        {
            _("network"): [recipe(one) for one in shown],
            _("loss"): [_losses(one) for one in found],
            _("new digits right"): [_right(one) for one in found],
            _("layers unchanged"): [f"{int((one.untouched == 1).sum())} / {len(one.untouched)}" for one in found],
            _("first moved"): [size(float(one.moved[0])) for one in found],
            _("last moved"): [size(float(one.moved[-1])) for one in found],
        },
        hide_index=True,
    )


def _losses(one: Learned) -> str:
    if one.accuracy is None:
        return _("overflows at step {step}").format(step=len(one.losses) + 1)
    return f"{one.losses[0]:.2f} → {one.losses[-1]:.2f}"


def _right(one: Learned) -> str:
    return "–" if one.accuracy is None else f"{100 * one.accuracy:.0f} %"


@lru_cache(maxsize=64)
def learned(of: Kept) -> Learned:
    """The network between a layer that reads the digits and one that scores them, after some steps of SGD."""
    known = digits()
    data = (_flat(known.train_x, known.train_x), known.train_y)
    validation = (_flat(known.validation_x, known.train_x), known.validation_y)
    with limits.HEAVY:
        return learn(of.deep, data, validation, lr=RATE, seed=of.seed)


def _flat(images: Array, known: Array) -> Array:
    """Digits (N, 1, 8, 8) as rows of 64, standardised by the training set's mean and std."""
    rows: Array = ((images - known.mean()) / known.std()).astype(np.float32).reshape(len(images), -1)
    return rows
