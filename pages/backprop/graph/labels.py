"""Every word that the component itself writes, in the reader's language."""

from __future__ import annotations

from ui.i18n import _


def labels() -> dict[str, str]:
    """Name -> text. ``{name}`` is filled in by the browser."""
    return {**_chrome(), **_way(), **_shelf(), **_patterns()}


def views() -> dict[str, str]:
    """The two ways to look at it."""
    return {"numbers": _("One number at a time"), "matrices": _("Whole matrices")}


def preset_names() -> dict[str, str]:
    """The formulas that can be called up, by key."""
    return {
        "gates": _("two gates"),
        "neuron": _("sigmoid neuron, in pieces"),
        "sigmoid": _("σ in one piece"),
        "staged": _("in stages"),
        "square": _("a line, squared"),
        "root": _("root of a parabola"),
        "max": _("add, multiply, max"),
    }


def _chrome() -> dict[str, str]:
    return {
        "formula_input": _("A formula of your own"),
        "draw": _("Draw it"),
        "kept": _("The graph below is still the one before. Escape brings its formula back."),
        "presets": _("or take"),
        "drag": _("Drag sideways, press ↑ or ↓, or click the number to type another."),
    }


def _way() -> dict[str, str]:
    return {
        "steps": _("Steps"),
        "forward": _("Forward: values"),
        "backward": _("Backward: gradients"),
        "all": _("all"),
        "both": _("Both passes done"),
        "stuck": _("No value here"),
        "kind_start": _("The inputs"),
        "kind_forward": _("Forward"),
        "kind_seed": _("The end"),
        "kind_backward": _("Backward"),
    }


def _shelf() -> dict[str, str]:
    return {
        "input": _("Input"),
        "output": _("Output"),
        "value": _("value"),
        "gradient": _("gradient"),
        "upstream": _("upstream gradient"),
        "local": _("local derivative"),
        "wire_key": _("on each wire: value → · upstream × local = what flows back ←"),
        "in_formula": _("In the formula"),
        "hover": _("point at a number or a wire · drag an input"),
        "tap": _("tap any number"),
        "seed": _("the result moves exactly as much as itself"),
        "uses": _("{count} uses: what comes back from each adds up"),
        "uses_so_far": _("{so_far} of {count} uses so far; what comes back from each adds up"),
        "nudge": _("If {name} grows by {by}, {f} changes by about {change}."),
        "note_variable": _("input"),
        "note_constant": _("a constant: no gradient is asked for"),
    }


def _patterns() -> dict[str, str]:
    return {
        "pattern_add": _("add hands its gradient on to both, unchanged"),
        "pattern_subtract": _("minus hands on to both, and turns the sign for the second"),
        "pattern_negate": _("minus turns the sign"),
        "pattern_multiply": _("multiply swaps: each gets the gradient times the other"),
        "pattern_divide": _("divide: 1/b for what is above, −a/b² for what is below"),
        "pattern_power": _("power: b·a^(b−1) for the base"),
        "pattern_exp": _("exp is its own derivative"),
        "pattern_log": _("log: 1/a"),
        "pattern_sigmoid": _("σ: its output times what is missing to 1"),
        "pattern_tanh": _("tanh: 1 minus its output squared"),
        "pattern_relu": _("relu: open for a positive number, shut for the rest"),
        "pattern_max": _("max routes: the winner gets all, the others nothing"),
    }
