"""Every word that the component itself writes, in the reader's language."""

from __future__ import annotations

from ui.components.labels import quiz_labels
from ui.i18n import _, _p


def labels() -> dict[str, str]:
    """Name -> text. ``{name}`` is filled in by the browser."""
    return {**_chrome(), **_picture(), **quiz_labels()}


def _chrome() -> dict[str, str]:
    return {
        "steps": _("Steps"),
        "forward": _("Forward"),
        "error": _("Error"),
        "backward": _("Backward"),
        "update": _("Update"),
        "again": _("After the step"),
        "view": _("View"),
        "network": _("Network"),
        "matrices": _("Matrices"),
        "sizes": _("units"),
        "hidden": _("hidden"),
        "head": _("outputs and error"),
        "head_sigmoid": _("sigmoid · ½(t − out)²"),
        "head_tanh": _("tanh · ½(t − out)²"),
        "head_linear": _("linear · ½(t − out)²"),
        "head_sigmoid-ce": _("sigmoid · cross-entropy"),
        "head_softmax-ce": _("softmax · cross-entropy"),
        "biases": _("biases"),
        "trained": _("trained"),
        "fixed": _("fixed"),
        "seed": _p("random numbers", "draw"),
        "reset": _("Start again"),
        "help": _("← → one step · click a number to change it"),
        "run": _("Learn"),
        "run_note": _("the error E, step by step"),
        "curve": _("Error after each step; click one to see its numbers"),
        "after": _("after {n} {n|step|steps}"),
        "after_none": _("before the first step"),
        "step": _("step"),
        "lr": _("learning rate"),
    }


def _picture() -> dict[str, str]:
    return {
        "inputs": _("Input"),
        "outputs": _("Output"),
        "hidden_layer": _("Hidden"),
        "targets": _("Target"),
        "net": _("net"),
        "out": _("out"),
        "values": _("values"),
        "gradients": _("gradients"),
        "layer": _("Layer {n}"),
    }
