"""Every word that the component itself writes, in the reader's language."""

from __future__ import annotations

from ui.components.labels import common_labels
from ui.i18n import _


def labels() -> dict[str, str]:
    """Name -> text. ``{name}`` is filled in by the browser."""
    return {**_common(), **_depth(), **_jacobian(), **_spectrum()}


def _common() -> dict[str, str]:
    return common_labels() | {
        "views": _("Views"),
        "view_depth": _("Fifty layers"),
        "view_jacobian": _("The Jacobian"),
        "view_spectrum": _("Spectrum"),
        "previous": _("One layer to the left (←)"),
        "play": _("Follow the gradient back (space)"),
        "pause": _("Pause (space)"),
        "next": _("One layer to the right (→)"),
        "act": _("activation"),
        "draw": _("drawn"),
        "size": _("size"),
        "width": _("units"),
        "norm": _("norm"),
        "link": _("link"),
        "seed": _("seed"),
        "depth": _("layers"),
        "hover": _("point at a layer · click to lock"),
        "tap": _("tap a layer"),
        "locked": _("locked · Esc frees it"),
        "not_a_number": _("Type a number that fits, such as 0.5."),
        "layer": _("layer {number}"),
        "loss": _("loss"),
        "input": _("input"),
    }


def _depth() -> dict[str, str]:
    return {
        "examples": _("Worked examples"),
        "plot_dy": _("Gradient at each layer, dL/dy"),
        "plot_dw": _("Gradient of each layer's weights, dL/dW"),
        "plot_y": _("Activations of each layer, y"),
        "what": _("show"),
        "what_dy": "dL/dy",
        "what_dw": "dL/dW",
        "what_y": "y",
        "axis": _("layer (0 is the input)"),
        "length": _("root mean square"),
        "way_back": _("← the gradient's way, from the loss"),
        "way_on": _("the signal's way →"),
        "measured": _("measured"),
        "predicted": _("predicted"),
        "keep": _("Keep this curve"),
        "drop": _("Let this curve go"),
        "gains": _("What each layer multiplies the gradient by"),
        "gain_axis": _("gain"),
        "times": _("Multiplier of the weights' standard deviation"),
        "times_help": _("drag σ × {times}: a little below 1, a little above"),
        "drag_depth": _("Number of layers"),
        "layers": _("{count} layers"),
        "here": _("dL/dy of layer {number}"),
        "at_input": _("dL/dx, at the input"),
        "sent_in": _("Sent in at the loss: a random gradient of size 1."),
        "gain": _("gain"),
        "slope": _("slope f′"),
        "weight": _("weights Wᵀ"),
        "open": _("gate"),
        "shortcut": _("past the layer"),
        "branch": _("through it"),
        "gate": _("through the gate"),
        "cross": _("what they have in common"),
        "theory": _("predicted: √(n · Var(w) · E[f′²]) ="),
        "theory_short": _("predicted"),
        "no_theory": _("no prediction: here x has a mean that all units share"),
        "product": _("from the loss to here:"),
        "on_average": _("on average × {average} a layer, {count} times"),
        "lost": _("beyond float32"),
        "quarter": _("1/4, the steepest slope of a sigmoid"),
        "lower": _("below 1: shrinks"),
        "higher": _("above 1: grows"),
    }


def _jacobian() -> dict[str, str]:
    return {
        "starts": _("Start from"),
        "ellipses": _("A circle of gradients at the loss, sent back"),
        "drag_angle": _("Direction of the gradient at the loss"),
        "angle_help": _("drag the arrow on the circle"),
        "skip": _("x added"),
        "one_axis": _("one scale"),
        "own_axis": _("a scale each"),
        "zoomed": "× {zoom}",
        "weights_of": _("W of layer {number}, row {row}, column {column}"),
        "vector": _("this gradient"),
        "singular": _("singular values"),
        "det": _("determinant"),
        "product_of": _("product of J from the loss"),
        "at_loss": _("At the loss: the gradient as it was sent in, length 1."),
        "signed": _("weights and Jacobians"),
        "slopes": "f′",
    }


def _spectrum() -> dict[str, str]:
    return {
        "spectrum_plot": _("Stretch of a gradient on its way to each layer"),
        "spectrum_layer": _("Stretch by each layer alone"),
        "spectrum_axis": _("singular value σ"),
        "sigma_max": "σ max",
        "sigma_min": "σ min",
        "sigma_rms": _("mean"),
        "rank_0": _("¼ lie above"),
        "rank_1": _("½ lie above"),
        "rank_2": _("¾ lie above"),
        "of_product": _("product from the loss"),
        "of_layer": _("each layer"),
        "of": _("show"),
        "all": _("All {count} of them, largest first"),
        "rank": _("rank"),
        "drowned": _("{count} have drowned in rounding: they are more than {times} times smaller than the largest."),
        "no_batch": _("Batch norm ties the examples together, so one example has no Jacobian: it is left out here."),
        "no_wide": _("Here with {width} units: that many singular values say the same."),
        "bound": _("no longer than σ max of the product so far × σ max of this layer:"),
        "spread": _("σ max ÷ σ min"),
    }
