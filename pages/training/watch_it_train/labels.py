"""The board's fixed words, in the reader's language."""

from __future__ import annotations

from ui.i18n import _


def words() -> dict[str, str]:
    """By the names that the component's modules use."""
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
