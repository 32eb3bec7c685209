"""What the browser is sent of a training run, and what the learner does to the run in the picture."""

from __future__ import annotations

import math
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import numpy as np
import streamlit as st

from engine.data.digits import digits
from engine.network import Network
from engine.training.metrics import Evaluation, Histogram, confusion_matrix, evaluate, worst_mistakes
from engine.training.run import Point
from engine.types import Array
from pages.training.watch_it_train.compute import Diagnostics, LayerDiagnostics, diagnose
from pages.training.watch_it_train.controls import current
from pages.training.watch_it_train.run import PACES, Training, desk, digit_answered, sample
from pages.training.watch_it_train.words import CLASSES, labels, say
from ui import state
from ui.catalogue import lesson
from ui.components.board import Drawn, board
from ui.i18n import _
from ui.picture_input import chosen_picture

MOUNT = board(__file__, "plot")
OPEN, CHOSEN = "watch-it-train.open", "watch-it-train.chosen"
MISTAKES = 9
CURVE_POINTS = 1500
LONG = 10_000
"""From here on a number is written as a power of ten."""


@dataclass(frozen=True)
class Example:
    """The digit whose maps are shown, (1, 8, 8), and its class."""

    image: Array
    label: int


def drawn() -> Drawn:
    """The run at this moment. Each time it is drawn, the run learns that someone is watching."""
    training, digit = current(), chosen_picture()
    if st.session_state.pop(OPEN, False):
        training.hand_over()
        picked = {"drawn": state.get("drawn"), "target": state.get("target")} if state.get("drawn") else {}
        state.go(lesson("forward-backward"), weights="mine", **(picked or {"digit": state.get("digit")}))
    if st.session_state.pop(CHOSEN, False):
        st.rerun()  # another digit stands above the picture too
    training.job.look()
    return picture(training, Example(digit.image, digit.label), desk().before())


def do(actions: object) -> None:
    """Drive the run, in this order: play, pause, step, epoch, reset, undo."""
    for action in actions if isinstance(actions, list) else []:
        if action == "reset":
            desk().reset()
        elif action == "undo":
            desk().undo_reset()
        else:
            current().do(action)


def choose(index: Any) -> None:
    """Show the maps of another digit of the set."""
    state.take({"digit": index, "drawn": ""})
    st.session_state[CHOSEN] = True


def choose_answered(cell: Any) -> None:
    """Show a digit that the network answers so, by its place in the table of mistakes."""
    index = digit_answered(current().run.network, *divmod(int(cell), CLASSES))
    if index is not None:
        choose(index)


def open_network(_told: object) -> None:
    """Take the network along to another lesson, as soon as this one is drawn again."""
    st.session_state[OPEN] = True


def picture(training: Training, example: Example, before: int | None) -> Drawn:
    """What is drawn of a training; ``before`` is the step of a run that was reset and can be brought back."""
    run, job = training.run, training.job
    status = job.status
    # The run goes on while this is drawn: everything here belongs to one step of it.
    snapshot = run.snapshot
    step, network = (snapshot.step, snapshot.network) if snapshot else (0, run.initial)
    points = run.points()[:step]
    data = digits()
    seen = diagnose(network, snapshot, example.image, example.label, sample())
    answers = evaluate(network, data.validation_x, data.validation_y)
    left = training.seconds_left() if status == "running" else None
    confusion = confusion_matrix(data.validation_y, answers.predicted, CLASSES)
    mistakes = worst_mistakes(answers, data.validation_y, MISTAKES)
    meta = {
        "speeds": [{"value": name, "label": label} for name, label in zip(PACES, _speeds(), strict=True)],
        "status": status,
        "ended": run.ended or status in ("ended", "stopped"),
        "step": step,
        "before": before,
        "total": run.total_steps,
        "epochs": training.recipe.epochs,
        "stepsPerEpoch": run.steps_per_epoch,
        "where": _("step {step} of {total} · epoch {epoch} of {epochs}").format(
            step=step, total=run.total_steps, epoch=f"{step / run.steps_per_epoch:.1f}", epochs=training.recipe.epochs
        ),
        "left": _time_left(left),
        "say": say(run, job, step, seen, answers).as_data(),
        "loss": _shown(answers.loss, 3),
        "lossTrain": _train_mean(points, "loss"),
        "accuracy": _shown(100 * answers.accuracy, 1) + " %",
        "accuracyTrain": _train_mean(points, "accuracy"),
        "lossTop": _loss_top(points, answers.loss),
        "guessLoss": math.log(CLASSES),
        "confusionTop": int(np.bincount(data.validation_y, minlength=CLASSES).max()),
        "mostMistakes": MISTAKES,
        "mistakesNote": _("{count} of {all}").format(
            count=int((answers.predicted != data.validation_y).sum()), all=len(data.validation_y)
        ),
        "mistakes": [
            {
                "index": int(data.validation_index[m.index]),
                "label": f"{m.target} → {m.predicted}",
                "title": _("a {truth}, read as a {answer} with p = {p}; p of the truth {q}").format(
                    truth=m.target, answer=m.predicted, p=f"{m.p_predicted:.3f}", q=f"{m.p_target:.3f}"
                ),
            }
            for m in mistakes
        ],
        "digitLabel": example.label,
        "digitNote": _("a {label}, loss {loss}").format(label=example.label, loss=_shown(seen.loss, 2)),
        "layers": [_layer_meta(layer, network) for layer in seen.layers],
    }
    curves = _curves(points, run.before, step, answers)
    return Drawn(meta, {**curves, **_arrays(seen, answers, confusion, example, mistakes)}, labels())


def _arrays(
    seen: Diagnostics, answers: Evaluation, confusion: Array, example: Example, mistakes: Any
) -> dict[str, Array]:
    data = digits()
    arrays: dict[str, Array] = {
        "image": example.image[0],
        "p": seen.p.astype(np.float32),
        "confusion": confusion,
        "mistakes": data.validation_x[[m.index for m in mistakes], 0].astype(np.float32),
    }
    for layer in seen.layers:
        arrays[f"{layer.name}.weight"] = layer.weight
        arrays[f"{layer.name}.dweight"] = layer.dweight if layer.dweight is not None else np.zeros_like(layer.weight)
        arrays[f"{layer.name}.y"] = layer.y
        arrays[f"{layer.name}.dy"] = layer.dy.astype(np.float32)
        arrays[f"{layer.name}.weights"] = layer.weights.counts
        arrays[f"{layer.name}.gradients"] = layer.gradients.counts
        arrays[f"{layer.name}.activations"] = layer.activations.counts
    return arrays


def _layer_meta(layer: LayerDiagnostics, network: Network) -> dict[str, Any]:
    parameters = sum(v.size for name, v in network.params.items() if name.startswith(layer.name + "."))
    return {
        "name": layer.name,
        "about": _("{shape} · {count} parameters").format(
            shape="×".join(map(str, layer.y.shape)), count=f"{parameters:,}"
        ),
        "maps": "maps" if layer.y.ndim == 3 else "logits",
        "ratio": layer.ratio if layer.ratio is not None and math.isfinite(layer.ratio) else None,
        "hasGradient": layer.dweight is not None,
        "histograms": {
            "weights": _histogram_meta(layer.weights),
            "gradients": _histogram_meta(layer.gradients),
            "activations": _histogram_meta(layer.activations),
        },
    }


def _histogram_meta(counted: Histogram) -> dict[str, Any]:
    zeros = _("{share} % are 0").format(share=round(100 * counted.zeros / counted.size)) if counted.zeros else ""
    broken = _("{count} not finite").format(count=counted.not_finite) if counted.not_finite else ""
    return {"low": float(counted.edges[0]), "high": float(counted.edges[-1]), "note": broken or zeros}


def _curves(points: tuple[Point, ...], before: Evaluation, step: int, now: Evaluation) -> dict[str, Array]:
    """Batch figures (thinned when there are very many), their means between validations, and validation's, which
    begin before the first step and reach to this moment."""
    every = max(1, len(points) // CURVE_POINTS)
    thin = points[(len(points) - 1) % every :: every]
    asked = [p for p in points if p.validation_loss is not None]
    validated = [(0, before.loss, before.accuracy)]
    validated += [(p.step, p.validation_loss or 0.0, p.validation_accuracy or 0.0) for p in asked]
    if validated[-1][0] != step:
        validated.append((step, now.loss, now.accuracy))
    changes = [b.step for a, b in pairwise(points) if a.lr != b.lr]
    steps = np.array([p.step for p in points], dtype=np.float64)
    batch = {
        "loss": np.array([p.loss for p in points], dtype=np.float64),
        "accuracy": np.array([p.accuracy for p in points], dtype=np.float64),
    }
    ends = np.searchsorted(steps, [p.step for p in asked], side="right")
    starts = np.concatenate([[0], ends[:-1]]).astype(int) if len(ends) else ends
    curves = {
        "steps": np.array([p.step for p in thin], dtype=np.float32),
        "loss": np.array([p.loss for p in thin], dtype=np.float32),
        "accuracy": np.array([p.accuracy for p in thin], dtype=np.float32),
        "validated": np.array([held[0] for held in validated], dtype=np.float32),
        "validation_loss": np.array([held[1] for held in validated], dtype=np.float32),
        "validation_accuracy": np.array([held[2] for held in validated], dtype=np.float32),
        "changes": np.array(changes, dtype=np.float32),
        "means": np.array([p.step for p in asked], dtype=np.float32),
    }
    for name, values in batch.items():
        curves[f"mean_{name}"] = np.array(
            [values[a:b].mean() for a, b in zip(starts, ends, strict=True)], dtype=np.float32
        )
    return curves


def _loss_top(points: tuple[Point, ...], now: float) -> float:
    """A round upper end for the loss axis: above the first loss, and not driven off by a run that blows up."""
    first = max([p.loss for p in points[:5]] + [now if math.isfinite(now) else 0.0, math.log(CLASSES)])
    return float(min(max(3.0, math.ceil(first)), 12.0))


def _train_mean(points: tuple[Point, ...], what: str) -> str:
    """The mean of the last five batches, in words; empty before the first."""
    if not points:
        return ""
    last = [getattr(p, what) for p in points[-5:]]
    mean = sum(last) / len(last)
    return _shown(mean, 3) if what == "loss" else _shown(100 * mean, 1) + " %"


def _time_left(seconds: float | None) -> str:
    if seconds is None:
        return ""
    if seconds < 60:
        return _("{seconds} s left").format(seconds=math.ceil(seconds))
    return _("{minutes} min left").format(minutes=math.ceil(seconds / 60))


def _shown(value: float, decimals: int) -> str:
    if not math.isfinite(value):
        return "∞"
    return f"{value:.{decimals}f}" if abs(value) < LONG else f"{value:.1e}"


def _speeds() -> tuple[str, ...]:
    return (_("slow"), _("steady"), _("full speed"))
