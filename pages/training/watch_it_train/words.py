"""What the picture says about a run: a headline, a sentence with its own numbers, a likely cause; and its words."""

from __future__ import annotations

import math
from dataclasses import asdict, dataclass
from typing import Any, Literal

from engine.training.metrics import Evaluation
from engine.training.run import Run, first_step_at, likely_cause
from pages.training.watch_it_train.compute import Diagnostics
from ui.i18n import _, _n, joined
from ui.jobs import Job

CLASSES = 10
CHANCE = 1 / CLASSES
LEARNT = 0.95
GOAL = 0.97


@dataclass(frozen=True)
class Say:
    """`text` and `cause` make **words** bold; `spoken` is what a screen reader hears when it changes."""

    kick: str
    title: str
    text: str
    cause: str = ""
    tone: Literal["plain", "good", "bad"] = "plain"
    spoken: str = ""

    def as_data(self) -> dict[str, Any]:
        """As the browser reads it."""
        return asdict(self)


def say(run: Run, job: Job, step: int, seen: Diagnostics, answers: Evaluation) -> Say:
    """The one thing worth saying now."""
    if job.error is not None:
        return Say(
            _("Stopped"), _("This run stopped"), _("Something went wrong in it. Reset, and start again."), tone="bad"
        )
    if run.diverged_at is not None:
        return _diverged(run)
    if job.status == "queued":
        return Say(
            _("Waiting in line"),
            _("{count} ahead of you").format(count=job.ahead),
            _("Every core of this server is busy with other runs. Yours starts by itself when its turn comes."),
            spoken=_("Waiting in line"),
        )
    if step == 0:
        return _untrained(run, answers)
    if seen.is_dead and answers.accuracy < 2 * CHANCE and step >= run.steps_per_epoch:
        return _dead(run, answers)
    if step >= run.total_steps:
        return _finished(run, answers)
    return _learning(job, step, seen, answers)


def _untrained(run: Run, answers: Evaluation) -> Say:
    return Say(
        _("Before the first step"),
        _("What loss do you expect?"),
        joined(
            _start(run),
            _(
                "Guessing evenly among ten classes costs ln 10 = **{guess}**. This network pays **{loss}** and gets "
                "**{accuracy}** of the validation digits right. Press play: which picture changes first?"
            ).format(guess=f"{math.log(CLASSES):.3f}", loss=_number(answers.loss), accuracy=_percent(answers.accuracy)),
        ),
        cause=_("These settings may not work. Try them and see why!")
        if likely_cause(run.optimizer) != "unknown"
        else "",
        spoken=_("Before the first step"),
    )


def _start(run: Run) -> str:
    """What the weights are before the first step."""
    params = run.network.params
    if any(array.any() for name, array in params.items() if name.endswith(".weight")):
        return _("The weights are random draws.")
    return _("All weights are 0.")


def _learning(job: Job, step: int, seen: Diagnostics, answers: Evaluation) -> Say:
    largest = max(seen.layers, key=lambda layer: layer.ratio or 0.0)
    if answers.accuracy < 2 * CHANCE:
        title = _("Still guessing?")
    elif answers.accuracy < LEARNT:
        title = _("Which kernels take shape?")
    else:
        title = _("What is still hard?")
    text = _n(
        "After **{step}** step it gets **{accuracy}** of the validation digits right. It moved the weights of "
        "**{layer}** most: by **{ratio}** of their size.",
        "After **{step}** steps it gets **{accuracy}** of the validation digits right. The last step moved the "
        "weights of **{layer}** most: by **{ratio}** of their size.",
        step,
    ).format(step=step, accuracy=_percent(answers.accuracy), layer=largest.name, ratio=_percent(largest.ratio or 0, 2))
    if job.status == "running":
        kick, spoken = _("Learning"), _("Learning")
    elif job.abandoned:
        kick = _("Paused while you were away")
        spoken = kick
    else:
        kick = _("Paused")
        spoken = _("Paused at step {step}").format(step=step)
    return Say(kick, title, text, spoken=spoken)


def _finished(run: Run, answers: Evaluation) -> Say:
    wrong = round((1 - answers.accuracy) * len(answers.predicted))
    reached = first_step_at(run.points(), GOAL)
    when = _("It first reached 97 % at step **{step}**.").format(step=reached) if reached else ""
    return Say(
        _("All epochs done"),
        _("What does it still get wrong?"),
        joined(
            _(
                "**{accuracy}** of the {count} validation digits are right, **{wrong}** are not; none of them was ever "
                "trained on. Click a mistake to see what the maps make of it, or open the network and step through it."
            ).format(accuracy=_percent(answers.accuracy), count=len(answers.predicted), wrong=wrong),
            when,
        ),
        tone="good",
        spoken=_("All epochs done"),
    )


def _diverged(run: Run) -> Say:
    return Say(
        _("Stopped at step {step}").format(step=run.diverged_at),
        _("The loss is not finite"),
        _(
            "At step **{step}** the numbers outgrew float32. What you see is the network just before. Change a setting "
            "and reset: you start from the same weights."
        ).format(step=run.diverged_at),
        cause=_cause(run),
        tone="bad",
        spoken=_("The loss is not finite"),
    )


def _dead(run: Run, answers: Evaluation) -> Say:
    return Say(
        _("Nothing flows"),
        _("Every unit answers zero"),
        _(
            "A whole layer gives 0 to every digit, so no gradient reaches the weights behind it. Accuracy is "
            "**{accuracy}**: chance. More steps won't help."
        ).format(accuracy=_percent(answers.accuracy)),
        cause=_cause(run),
        tone="bad",
        spoken=_("Every unit answers zero"),
    )


def _cause(run: Run) -> str:
    optimizer = run.optimizer
    name = type(optimizer).__name__
    cause = likely_cause(optimizer)
    if cause == "weight_decay":
        decay = getattr(optimizer, "weight_decay", 0.0)
        return _(
            "Likely cause: lr × weight decay = **{product}**. Each step turns the weights over and makes them larger. "
            "Try a weight decay of 0.001."
        ).format(product=f"{optimizer.lr * decay:g}")
    if cause == "learning_rate":
        return _("Likely cause: a learning rate of **{lr}** is too high for {name}. Try **{better}**.").format(
            lr=f"{optimizer.lr:g}", name=name, better="0.005" if name == "Adam" else "0.05"
        )
    return _("Likely cause: the first weights. Try the He initializer, or another seed.")


def _number(value: float) -> str:
    return f"{value:.3f}" if math.isfinite(value) else "∞"


def _percent(share: float, decimals: int = 1) -> str:
    return f"{100 * share:.{decimals}f}\N{NO-BREAK SPACE}%" if math.isfinite(share) else "–"


def labels() -> dict[str, str]:
    """Name -> text of what the picture writes. ``{name}`` is filled in by the browser."""
    return {
        "reset": _("Reset to the same first weights (Home)"),
        "undo": _("Bring back the run that was reset, at step {step}"),
        "step": _("One step (→)"),
        "play": _("Train (space)"),
        "pause": _("Pause (space)"),
        "epoch": _("One epoch (E)"),
        "progress": _("Progress"),
        "speed": _("Speed"),
        "open": _("Open this network in Forward and backward"),
        "loss": _("Loss"),
        "accuracy": _("Accuracy"),
        "epochs": _("epochs"),
        "batch": _("batch"),
        "validation": _("validation"),
        "training": _("training"),
        "stepIs": _("step {step}"),
        "guessLoss": _("guessing: ln 10"),
        "guessAccuracy": _("guessing: 10 %"),
        "confusion": _("Confusion"),
        "truth": _("digit"),
        "answer": _("network's answer"),
        "confused": _("{truth} read as {answer}"),
        "mistakes": _("Worst mistakes"),
        "noMistakes": _("None left."),
        "input": _("input"),
        "probabilities": _("probabilities"),
        "weights": _("weights"),
        "weightGradient": _("dL/dW"),
        "lastBatch": _("last batch"),
        "maps": _("maps"),
        "logits": _("logits"),
        "mapGradient": _("dL/dY"),
        "thisDigit": _("this digit"),
        "gradients": _("gradients"),
        "activations": _("activations"),
        "ratio": _("update ÷ weights"),
        "ratioHelp": _(
            "How far the last step moved the weights, as a share of their size. The dark zone is about 0.001."
        ),
    }
