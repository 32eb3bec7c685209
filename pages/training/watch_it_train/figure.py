"""What a learner takes from a run: its curves, as a figure and as numbers, and its weights."""

from __future__ import annotations

import io
import math
from collections.abc import Mapping
from typing import TYPE_CHECKING

import numpy as np

from engine.io.npz import save_npz
from engine.training.run import Point, Run
from engine.types import Array
from pages.training.watch_it_train.words import CLASSES, labels
from ui.figures import theme
from ui.figures.fonts import families
from ui.figures.theme import Mode

if TYPE_CHECKING:  # matplotlib takes long to import, and only a download needs it
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure


def curve_arrays(run: Run) -> dict[str, Array]:
    """The whole curve, one entry a step; not-a-number at steps where validation wasn't asked."""
    points = run.points()
    columns = ("step", "epoch", "lr", "loss", "accuracy", "validation_loss", "validation_accuracy")
    return {
        name: np.array([math.nan if (v := getattr(p, name)) is None else v for p in points], dtype=np.float64)
        for name in columns
    }


def curves_figure(run: Run) -> Figure:
    """Loss and accuracy as a figure to take away."""
    return training_curves(run.points(), labels(), guess=math.log(CLASSES))


def weights_npz(run: Run) -> bytes:
    """The network's weights, under PyTorch's names, as .npz."""
    file = io.BytesIO()
    save_npz(file, run.network.params)
    return file.getvalue()


def training_curves(
    points: tuple[Point, ...], labels: Mapping[str, str], *, guess: float, mode: Mode = "light"
) -> Figure:
    """Loss and accuracy over epochs: each batch faint, validation strong, guessing dashed.

    Args:
        points: a run's steps; without any, the axes stay empty.
        labels: words for "loss", "accuracy", "epochs", "batch", "validation".
        guess: the loss of an even guess, ln C.
        mode: "light" or "dark".
    """
    import matplotlib as mpl

    with mpl.rc_context({"font.family": families()}):
        return _draw(points, labels, guess, mode)


def _draw(points: tuple[Point, ...], labels: Mapping[str, str], guess: float, mode: Mode) -> Figure:
    from matplotlib.figure import Figure

    palette = theme.PALETTES[mode]
    figure = Figure(figsize=(10, 3.8), facecolor=palette.panel, layout="constrained")
    loss, accuracy = figure.subplots(1, 2)
    asked = [p for p in points if p.validation_loss is not None]
    every, at = [p.epoch for p in points], [p.epoch for p in asked]
    _curves(loss, every, [p.loss for p in points], at, [p.validation_loss or 0.0 for p in asked], labels, mode)
    _curves(
        accuracy,
        every,
        [100 * p.accuracy for p in points],
        at,
        [100 * (p.validation_accuracy or 0.0) for p in asked],
        labels,
        mode,
    )
    for axes, name, level in ((loss, labels["loss"], guess), (accuracy, labels["accuracy"] + ", %", 10.0)):
        axes.axhline(level, color=palette.mute, linewidth=1, linestyle=(0, (3, 3)))
        axes.set_title(name, loc="left", fontsize=11, fontweight="bold", color=palette.ink)
        axes.set_xlabel(labels["epochs"], color=palette.soft)
        axes.set_ylim(bottom=0)
    accuracy.set_ylim(0, 102)
    loss.set_ylim(0, max([3.0, *(p.loss for p in points[:5])]))
    return figure


def _curves(
    axes: Axes,
    steps: list[float],
    batch: list[float],
    asked: list[float],
    validation: list[float],
    labels: Mapping[str, str],
    mode: Mode,
) -> None:
    palette = theme.PALETTES[mode]
    axes.set_facecolor(palette.panel)
    axes.plot(steps, batch, color=palette.line2, linewidth=1, label=labels["batch"])
    axes.plot(asked, validation, color=palette.ink, linewidth=2, label=labels["validation"])
    axes.grid(axis="y", color=palette.line)
    axes.set_axisbelow(True)
    axes.tick_params(colors=palette.mute, length=0)
    for spine in axes.spines.values():
        spine.set_visible(False)
    axes.legend(frameon=False, labelcolor=palette.soft)
