"""Every word that the component itself writes, in the reader's language, and its formulas."""

from __future__ import annotations

from engine.gradcheck import GOOD, WRONG
from ui.i18n import _
from ui.numbers import ten_to

_FRACTION = '<span class="frac"><span>{above}</span><span>{below}</span></span>'
FORMULAS = {
    "central": "f′(x) ≈ " + _FRACTION.format(above="f(x + h) − f(x − h)", below="2h"),
    "one-sided": "f′(x) ≈ " + _FRACTION.format(above="f(x + h) − f(x)", below="h"),
}


def labels() -> dict[str, str]:
    """Name -> text. ``{name}`` is filled in by the browser."""
    return {**_shared(), **_vee(), **_kink(), **_fault()}


def views() -> dict[str, str]:
    """The three ways to look at it."""
    return {"h": _("How small should h be?"), "kink": _("A kink"), "fault": _("Find the fault")}


def _shared() -> dict[str, str]:
    return {
        "analytic": _("analytic"),
        "numeric": _("numeric"),
        "error": _("relative error"),
        "good": _("good"),
        "closer": _("look closer"),
        "wrong": _("wrong"),
        "none": "—",
        "h_axis": _("step h"),
        "error_axis": _("relative error"),
        "good_rule": _("below {limit}: good").format(limit=ten_to(GOOD)),
        "wrong_rule": _("above {limit}: wrong").format(limit=ten_to(WRONG)),
        "h_handle": _("The step h"),
        "kink_here": _("kink"),
    }


def _vee() -> dict[str, str]:
    return {
        "vee": _("Relative error against h, for float64 and float32"),
        "vee_kicker": _("How small should h be?"),
        "of": _("differentiate"),
        "rule": _("rule"),
        "central": _("both sides"),
        "one-sided": _("one side"),
        "strong": _("matters most"),
        "weak": _("hardly matters"),
        "digit": _("digit no."),
        "formula": _("formula"),
        "formula_input": _("A formula of your own in one variable"),
        "take": _("Take it"),
        "kept": _("The picture is still of the formula before."),
        "best": _("best h ≈ {h}"),
        "truncation_central": _("truncation ∝ h²"),
        "truncation_one-sided": _("truncation ∝ h"),
        "round_off": _("round-off ∝ 1/h"),
        "over_2h": _("difference ÷ 2h"),
        "over_h": _("difference ÷ h"),
        "at_x": _("at x ="),
        "no_value": _("f has no value here."),
        "digits_note": _("grey digits cancel in the difference; the bold ones are all that is left"),
        "vee_help": _("drag the ring · click a place · ← →"),
    }


def _kink() -> dict[str, str]:
    return {
        "kink_kicker": _("Where a tangent and a chord disagree"),
        "function": _("function"),
        "curve": _("The function, its tangent and its chord"),
        "curve_note": _("dashed: the tangent at x · violet: the chord from x − h to x + h"),
        "error_plot": _("The error at every h"),
        "error_plot_note": _("for this x"),
        "x_handle": _("The place x"),
        "tangent": _("tangent f′(x)"),
        "nearest": _("Nearest kink: {flip}, {distance} away."),
        "share": _(
            "In the trained digit network, on this digit, the check of **{c2}** of {total} weights crosses a kink at "
            "h = 10⁻², of **{c3}** at 10⁻³, of **{c5}** at 10⁻⁵."
        ),
        "kink_note": _("the chord's slope, and the tangent's"),
        "kink_help": _("drag x or x + h · ← →"),
        "kink_verdict": _("not wrong: a kink"),
    }


def _fault() -> dict[str, str]:
    return {
        "fault_kicker": _("Find the fault: {found} of {total} found"),
        "case": _("case"),
        "show": _("show"),
        "show_error": _("relative error"),
        "show_analytic": _("analytic"),
        "show_numeric": _("numeric"),
        "legend_error": _("relative error"),
        "legend_analytic": _("analytic gradient"),
        "legend_numeric": _("numeric gradient"),
        "input_side": _("input"),
        "flow": _("← gradients flow from the loss to the input ←"),
        "loss_side": _("loss"),
        "as_found": _("as found"),
        "mended": _("mended"),
        "entry_note": _("the entry that you point at"),
        "difference": _("difference"),
        "ratio": _("analytic ÷ numeric"),
        "noise": _("Both are 0 but for rounding: a relative error says nothing here."),
        "tiny": _("too small to tell"),
        "ratio_all": _("Analytic ÷ numeric is {ratio} for every entry of this array."),
        "sum_all": _("Channel {channel} of the analytic dx adds up to {sum} over the whole batch."),
        "code_note": _("click the line that is wrong"),
        "code_done": _("this is the line"),
        "how_to_read": _(
            "Under each name: the gradient at the layer's input (dx), then its parameters. Faint squares agree."
        ),
        "nothing": _("Nothing is wrong here"),
        "before_after": _(
            "Largest relative error among gradients above 10⁻⁶: **{before}** before, **{after}** mended."
        ),
        "never_wrong": _("Largest relative error among gradients above 10⁻⁶: **{after}**."),
        "next_case": _("Next case"),
        "all_found": _("All cases are solved."),
    }
