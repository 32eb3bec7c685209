"""What is said of a view, its recipe and the numbers of its sentence; the words of the picture and of the figure."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from engine.signal import Setup
from engine.types import Array
from engine.written import raised
from pages.training.weight_initialization.ahead import classic
from pages.training.weight_initialization.compute import PRESETS, verdict
from pages.training.weight_initialization.controls import View
from ui.i18n import _
from ui.names import activations, draws


def said(one: View) -> dict[str, Any]:
    """The verdict on what was measured: the recipe above it, the block of words, and their numbers."""
    layers = one.signal.layers
    first, last = layers[0], layers[-1]
    facts = {
        "depth": one.setup.depth,
        "first": number(first.y.std),
        "last": number(last.y.std),
        "bottom": number(one.signal.dx.rms),
        "gradient": number(first.dy.rms),
        "flat": percent(last.flat),
        "width": one.setup.width,
    }
    return {"kick": recipe(one.setup), "say": f"say-{verdict(one.setup, one.signal)}", "facts": facts}


def recipe(setup: Setup) -> str:
    """A setup in one line: tanh · 10 × 500 · N(0, 0.01²)."""
    parts = [activations()[setup.activation], f"{setup.depth} × {setup.width}", drawn(setup)]
    if setup.batch_norm:
        parts.append(_("batch norm"))
    return " · ".join(parts)


def drawn(setup: Setup) -> str:
    """How a setup's weights are drawn, as a formula where there is one."""
    sigma = f"{setup.sigma:.3g}"
    n = {"xavier": "n", "glorot": "(n + n′)", "he": "n"}.get(setup.size, "")
    links = "10" if setup.draw == "sparse" else n
    square = {
        "fixed": f"{sigma}²", "xavier": f"1/{links}", "glorot": "2/(n + n′)", "he": f"2/{links}",
    }[setup.size]  # fmt: skip
    if setup.draw == "uniform":
        three = {"fixed": f"{sigma}·√3", "xavier": "√(3/n)", "glorot": "√(6/(n + n′))", "he": "√(6/n)"}
        return f"U(±{three[setup.size]})"
    if setup.draw in ("normal", "sparse"):
        return f"N(0, {square})" + (" · " + _("10 links") if setup.draw == "sparse" else "")
    if setup.draw == "constant":
        return f"w = {sigma}" if setup.size == "fixed" else f"w² = {square}"
    return draws()[setup.draw]


def preset_names() -> dict[str, tuple[str, str]]:
    """Title and note of every classic experiment."""
    names = {
        "small": ("0.01 · randn", "tanh"),
        "large": ("1 · randn", "tanh"),
        "xavier": ("Xavier", "tanh"),
        "relu-xavier": ("Xavier", "ReLU"),
        "relu-he": ("He", "ReLU"),
        "alike": (_("All alike"), "tanh · w = 0.003"),
        "normed": (_("With batch norm"), "tanh · 0.01 · randn"),
    }
    return {name: names[name] for name in PRESETS}


def race_names() -> dict[str, str]:
    """A short name for every classic experiment, to stand at a curve's end."""
    return {
        "small": "tanh · 0.01", "large": "tanh · 1", "xavier": "tanh · Xavier", "relu-xavier": "ReLU · Xavier",
        "relu-he": "ReLU · He", "alike": _("all alike"), "normed": _("batch norm · 0.01"),
    }  # fmt: skip


def number(value: float) -> str:
    """A size as the picture writes it: 0.2131, 12.4, 3.0·10⁻⁷."""
    much = abs(value)
    if not math.isfinite(value):
        return "∞"
    if value == 0:
        return "0"
    if much >= 1e4 or much < 5e-5:
        head, power = f"{value:.1e}".split("e")
        return f"{head.replace('-', '−')}·10{raised(int(power))}"
    return f"{value:.{0 if much >= 100 else 1 if much >= 10 else 2 if much >= 1 else 4}f}".replace("-", "−")


def percent(share: float) -> str:
    """A share as the picture writes it."""
    return "< 0.1 %" if 0 < share < 0.0005 else f"{100 * share:.{1 if 0 < share < 0.0995 else 0}f} %"


def classic_numbers() -> dict[str, str]:
    """For prose: the stds of the classic experiments' layers, one after the other."""
    return {
        name.replace("-", "_"): ", ".join(number(layer.y.std) for layer in one.signal.layers)
        for name, one in classic().items()
    } | {"saturated": percent(classic()["large"].signal.layers[-1].flat)}


def numbers_of(one: View) -> dict[str, Array]:
    """What is measured and predicted of a view, to take away; place 0 is the data."""
    layers = one.signal.layers
    return {
        "std_y": np.array([one.signal.x.std, *(s.y.std for s in layers)]),
        "predicted_std_y": one.predicted.std,
        "rms_dy": np.array([one.signal.dx.rms, *(s.dy.rms for s in layers)]),
        "predicted_rms_dy": one.predicted.gradient,
        "mean_y": np.array([one.signal.x.mean, *(s.y.mean for s in layers)]),
        "variance_of_sums": np.array([s.var_s for s in layers]),
        "mean_square_of_weights": np.array([s.mean_square_w for s in layers]),
        "flat": np.array([s.flat for s in layers]),
        "dead": np.array([s.dead for s in layers]),
        "std_dweight": np.array([s.std_dweight for s in layers]),
        "histogram_y": np.array([s.y.own.counts for s in layers]),
        "histogram_y_edges": np.array([s.y.own.edges for s in layers]),
        "histogram_dy": np.array([s.dy.own.counts for s in layers]),
        "histogram_dy_edges": np.array([s.dy.own.edges for s in layers]),
    }


def figure_words() -> dict[str, str]:
    """The words of the figure to take away."""
    return {
        "activations": _("Activation values"), "gradients": _("Gradients"), "measured": _("measured"),
        "predicted": _("predicted"), "layer": _("layer"),
    }  # fmt: skip


def labels() -> dict[str, str]:
    """Name -> text of what the picture writes. ``{name}`` is filled in by the browser."""
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
        "keeps_alike": _(
            "All weights are one number, so Var(w) = 0. "
            "n · E[w²] = {n} × {w} = **{product}** is what each layer's sums would multiply the mean square of their "
            "inputs by if the weights were independent."
        ),
        "play": _("Follow the signal (space)"),
        "pause": _("Pause (space)"),
        "previous": _("One layer back (←)"),
        "next": _("One layer on (→)"),
        "hover": _("hover a layer · click to lock"),
        "tap": _("tap a layer"),
        "locked": _("locked · Esc frees it"),
        "n_in": _("n: numbers that each sum reads"),
        "n_out": _("n: sums that read each number"),
        "var_w": _("Var(w): how the weights are drawn"),
        "w2": _("E[w²]: the weights' mean square; they are all one number, so Var(w) is 0"),
        "x2": _("E[x²]: mean square of what comes in"),
        "slope2": _("E[f′²]: mean square of the activation's slopes"),
        "dy2": _("E[dy²]: mean square of the gradient that comes in"),
        "norm": _("batch norm divides by each unit's variance"),
        "sum_var": "Var(s)",
        "predicted_short": _("by the rule,"),
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
