"""The fixed words of the weight initialization pictures, in the reader's language."""

from __future__ import annotations

from ui.i18n import _


def words() -> dict[str, str]:
    """By the names that the component's modules use."""
    return {
        "activations": _("Activation values"),
        "gradients": _("Gradients"),
        "forward": _("forward"),
        "backward": _("backward"),
        "data": _("data"),
        "layer": _("layer {number}"),
        "std": _("std"),
        "rms": _("size (rms)"),
        "measured": _("measured"),
        "predicted": _("predicted from the draw alone"),
        "one_axis": _("one axis for all"),
        "own_axis": _("an axis each"),
        "flat": _("{share} flat"),
        "zero": _("{share} zero"),
        "presets": _("The classic experiments"),
        "size": _("Size of a weight, σ: drag it"),
        "no_size": _("This draw leaves no size to choose. Drag to draw normal weights of a size of your own."),
        "keeps": _(
            "n · Var(w) = {n} × {w} = **{product}**. "
            "By this each layer's sums multiply the mean square of their inputs."
        ),
        "follow": _("Follow the signal (space)"),
        "pause": _("Pause (space)"),
        "previous": _("One layer back (←)"),
        "next": _("One layer on (→)"),
        "hover": _("hover a layer · click to lock"),
        "tap": _("tap a layer"),
        "locked": _("locked · Esc frees it"),
        "n_in": _("n: numbers that each sum reads"),
        "n_out": _("n: sums that read each number"),
        "var_w": _("Var(w): how the weights are drawn"),
        "x2": _("E[x²]: mean square of what comes in"),
        "slope2": _("E[f′²]: mean square of the activation's slopes"),
        "dy2": _("E[dy²]: mean square of the gradient that comes in"),
        "norm": _("batch norm divides by each unit's variance"),
        "sum_var": "Var(s)",
        "predicted_short": _("predicted,"),
        "shifted": _("around the bias {bias}"),
        "normed": _("and batch norm makes it 1"),
        "mean": _("mean"),
        "dead": _("dead: flat for every example"),
        "flat_long": _("flat: slope below 5 % of its steepest"),
        "zero_long": _("exact zeros"),
        "dweight": _("std of dW in layer {number}"),
        "given_x": _("The data: {count} examples."),
        "given_g": _("Sent in at the top: a random gradient of size 1."),
        "no_theory": _("no prediction"),
        "examples": _("{count} examples"),
    }
