"""What a learner takes from a training run: its curves, its weights, and the proof that its gradients are right."""

from __future__ import annotations

import io
import math
from collections.abc import Callable
from typing import TYPE_CHECKING

import numpy as np
import streamlit as st

from engine.data.digits import digits
from engine.gradcheck import check_network
from engine.io.npz import save_npz
from engine.training.run import Run
from engine.types import Array
from pages.training.watch_it_train.figure import training_curves
from pages.training.watch_it_train.labels import words
from pages.training.watch_it_train.words import CLASSES
from ui import limits
from ui.downloads import download
from ui.figures.fonts import has_chinese_font
from ui.i18n import _, language

if TYPE_CHECKING:
    from ui.figures.export import Figure

CHECKED_DIGITS = 8
CHECKED_WEIGHTS = 40
NOISE, STEP = 0.5, 1e-6
ENGLISH = {"loss": "Loss", "accuracy": "Accuracy", "epochs": "epochs", "batch": "batch", "validation": "validation"}


def curve_arrays(run: Run) -> dict[str, Array]:
    """The whole curve, one entry a step; not-a-number at steps where validation wasn't asked."""
    points = run.points()
    columns = ("step", "epoch", "lr", "loss", "accuracy", "validation_loss", "validation_accuracy")
    return {
        name: np.array([math.nan if (v := getattr(p, name)) is None else v for p in points], dtype=np.float64)
        for name in columns
    }


def curves_figure(run: Run) -> Figure:
    """Loss and accuracy as a figure to take away; in English where the server has no font for Chinese."""
    say = words() if language() == "en" or has_chinese_font() else ENGLISH
    return training_curves(run.points(), say, guess=math.log(CLASSES))


def weights_npz(run: Run) -> bytes:
    """The network's weights, under PyTorch's names, as .npz."""
    file = io.BytesIO()
    save_npz(file, run.network.params)
    return file.getvalue()


def weights_button(run: Callable[[], Run], key: str) -> None:
    """Download the weights of what `run` gives when the button is pressed."""
    download(
        _("Weights for PyTorch, NPZ"), lambda: weights_npz(run()), file_name="digits.npz", mime="application/zip",
        key=f"{key}.weights",
    )  # fmt: skip


def gradient_check(run: Run) -> None:
    """Backprop against central differences at the weights that the run has now, as one line and a table."""
    rng = np.random.default_rng(run.step)
    data = digits()
    x, target = data.validation_x[:CHECKED_DIGITS], data.validation_y[:CHECKED_DIGITS]
    # Blank pixels and fresh biases put ReLUs exactly on their corner, where there is no slope to compare.
    x = x + rng.uniform(0, NOISE, x.shape)
    with limits.HEAVY, np.errstate(all="ignore"):
        found = check_network(run.network, x, target, rng=rng, sample=CHECKED_WEIGHTS, h=STEP)
    st.markdown(
        _(
            "At step {step}, on {digits} digits and {sample} of {all} parameters: worst relative error **{worst}** "
            "among gradients that stand clear of rounding."
        ).format(
            step=run.step,
            digits=CHECKED_DIGITS,
            sample=len(found.entries),
            all=f"{found.size:,}",
            worst=f"{found.worst.relative_error:.1e}",
        )
    )
    largest = sorted(found.entries, key=lambda entry: -abs(entry.analytic))[:10]
    st.dataframe(
        {
            _("parameter"): [f"{entry.name}[{', '.join(map(str, entry.index))}]" for entry in largest],
            _("backprop"): [f"{entry.analytic:+.9f}" for entry in largest],
            _("central difference"): [f"{entry.numeric:+.9f}" for entry in largest],
            _("relative error"): [f"{entry.relative_error:.1e}" for entry in largest],
        },
        hide_index=True,
    )
