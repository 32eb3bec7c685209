"""What the lesson says of a setup: its recipe, what differs, how its gradient fared; and every label of the picture."""

from __future__ import annotations

import math

import numpy as np

from engine.signal import ACTIVATIONS
from engine.written import trimmed
from pages.backprop.vanishing.compute.setup import PRESETS
from pages.backprop.vanishing.controls import EXAMPLES, Kept, Measured, Spectra, measured
from ui.i18n import _
from ui.names import activations, draws
from ui.numbers import power_of_ten

FADED, GROWN = 1e-3, 1e3
SMALLEST, LARGEST = float(np.finfo(np.float32).smallest_subnormal), float(np.finfo(np.float32).max)


def bends() -> dict[str, str]:
    """Activations as people write them."""
    return {"linear": _("none (linear)"), **{name: activations()[name] for name in ACTIVATIONS}}


def norms() -> dict[str, str]:
    """Norms in words."""
    return {"none": _("no norm"), "batch": _("batch norm"), "layer": _("layer norm")}


def links() -> dict[str, str]:
    """What leads past a layer, in words."""
    return {"none": _("no link"), "residual": _("x added"), "highway": _("highway")}


def sizes() -> dict[str, str]:
    """Rules for a weight's size."""
    return {"xavier": "Xavier 1/√n", "he": "He √(2/n)"}


def preset_names() -> dict[str, str]:
    """The worked examples."""
    names = {
        "sigmoid-10": _("sigmoid, 10 layers"),
        "sigmoid": _("sigmoid, 50"),
        "relu-xavier": "ReLU + Xavier",
        "relu-he": "ReLU + He",
        "explodes": "ReLU + He × 1.2",
        "tanh-xavier": "tanh + Xavier",
        "batch-norm": _("sigmoid + batch norm"),
        "layer-norm": _("sigmoid + layer norm"),
        "residual": _("sigmoid + x added"),
        "residual-he": _("ReLU + He + x added"),
    }
    return {name: names[name] for name in PRESETS}


def recipe(of: Kept) -> str:
    """A setup in one line: sigmoid · Xavier · 50 × 64."""
    return " · ".join(value for name, value in _parts(of).items() if value and (name != "seed" or of.seed))


def difference(of: Kept, now: Kept) -> str:
    """Of a kept setup, what the present one has otherwise."""
    own, present = _parts(of), _parts(now)
    plain = {"times": "σ × 1", "norm": norms()["none"], "link": links()["none"], "draw": draws()["normal"]}
    found = [own[name] or plain[name] for name in own if own[name] != present[name]]
    return " · ".join(found) or _("the same")


def _parts(of: Kept) -> dict[str, str]:
    deep = of.deep
    return {
        "act": bends()[deep.activation],
        "size": sizes()[deep.size].split()[0],
        "draw": "" if deep.draw == "normal" else draws()[deep.draw],
        "times": "" if deep.times == 1 else f"σ × {trimmed(deep.times, 2)}",
        "norm": "" if deep.norm == "none" else norms()[deep.norm],
        "link": "" if deep.shortcut == "none" else links()[deep.shortcut],
        "depth": _("{count} layers").format(count=deep.depth),
        "width": _("{count} units").format(count=deep.width),
        "seed": _("seed {seed}").format(seed=of.seed),
    }


def verdict(one: Measured) -> tuple[str, dict[str, str]]:
    """The block of words for how the gradient fared, and the numbers in it."""
    flow, deep = one.flow, one.kept.deep
    left, average = float(flow.dy[0]), flow.average
    facts = {
        "depth": str(deep.depth), "left": size(left), "average": gain(average), "name": bends()[deep.activation],
        "examples": str(EXAMPLES), "smallest": power_of_ten(SMALLEST), "largest": power_of_ten(LARGEST),
        "last": size(float(flow.dweight[-1])), "first": size(float(flow.dweight[0])),
    }  # fmt: skip
    if not np.isfinite(flow.dy).all() or not np.isfinite(flow.y).all():
        facts["layer"] = str(int(np.flatnonzero(~np.isfinite(flow.dy) | ~np.isfinite(flow.y)).max()))
        return "say-overflows", facts
    if left == 0:
        facts["layer"] = str(int(np.flatnonzero(flow.dy == 0).max()))
        return "say-lost", facts
    if left < FADED:
        return "say-vanishes", facts
    if left > GROWN:
        facts["until"] = str(math.ceil(math.log(LARGEST) / math.log(average)))
        return "say-explodes", facts
    return "say-steady", facts


def spectrum_facts(of: Spectra) -> dict[str, str]:
    """The numbers of the spectrum's sentence."""
    top, bottom = of.found.product[0, 0], of.found.product[0, -1]
    return {
        "depth": str(of.deep.depth), "width": str(of.deep.width), "draw": draws()[of.deep.draw],
        "other": draws()[of.other.draw], "max": size(top), "rms": size(float(of.found.rms[0])),
        "min": size(float(bottom)) if bottom == bottom else _("lost in rounding"),
        "other_max": size(of.beside.product[0, 0]), "other_rms": size(float(of.beside.rms[0])),
    }  # fmt: skip


def size(value: float) -> str:
    """A length as the picture writes it: 0.236, 12, 4.2·10⁻³²."""
    if not math.isfinite(value):
        return "∞" if value > 0 else "–"
    if value == 0 or 1e-3 <= abs(value) < 1e4:
        return f"{value:.3g}" if abs(value) < 999.5 else f"{value:.0f}"
    return power_of_ten(value)


def gain(value: float) -> str:
    """A factor: near 1 the thousandths count, since they multiply up."""
    return f"{value:.3f}" if 0.9 < value < 1.1 else size(value)


def text_numbers() -> dict[str, str]:
    """For prose: what the engine measures of the worked examples."""
    found = {name: measured(Kept(deep, 0)) for name, deep in PRESETS.items()}
    gaps = {f"{name.replace('-', '_')}_left": size(float(one.flow.dy[0])) for name, one in found.items()}
    gaps |= {f"{name.replace('-', '_')}_average": gain(one.flow.average) for name, one in found.items()}
    sigmoid = found["sigmoid"].flow
    return gaps | {
        "ten": power_of_ten(0.25**10),
        "fifty": power_of_ten(0.25**50),
        "slope": size(float(np.sqrt(sigmoid.mean_square_slope.mean()))),
        "first": size(float(sigmoid.dweight[0])),
        "last": size(float(sigmoid.dweight[-1])),
        "grain": power_of_ten(float(np.spacing(np.float32(0.125))) / 2),
    }


def labels() -> dict[str, str]:
    """Name -> text. ``{name}`` is filled in by the browser."""
    return {**_common(), **_depth(), **_jacobian(), **_spectrum()}


def _common() -> dict[str, str]:
    return {
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
        "on_average": _("on average × {average} a layer, for {count} {count|layer|layers}"),
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
        "drowned": _("Drowned in rounding, more than {times} times smaller than the largest: {count}."),
        "no_batch": _("Batch norm ties the examples together, so one example has no Jacobian: it is left out here."),
        "no_wide": _("Here with {width} units: that many singular values say the same."),
        "bound": _("no longer than σ max of the product so far × σ max of this layer:"),
        "spread": _("σ max ÷ σ min"),
    }
