"""Every word that the component itself writes, in the reader's language, and its formulas."""

from __future__ import annotations

from ui.i18n import _


def _fraction(above: str, below: str) -> str:
    return f'<span class="frac"><span>{above}</span><span>{below}</span></span>'


_SUM = '<span class="sum"><big>Σ</big><small>j</small></span>'
_OTHERS = '<span class="sum"><big>Σ</big><small>j≠y</small></span>'
FORMULAS = {
    "shares": f"p<sub>k</sub> = {_fraction('e<sup>z<sub>k</sub></sup>', f'{_SUM} e<sup>z<sub>j</sub></sup>')}",
    "temperature": "p = softmax(z ÷ T)",
    "slopes": f"{_fraction('∂p<sub>i</sub>', '∂z<sub>k</sub>')} = p<sub>i</sub> (δ<sub>ik</sub> − p<sub>k</sub>)",
    "margins": f"L = {_OTHERS} max(0, z<sub>j</sub> − z<sub>y</sub> + 1)",
    "overflow": "softmax(z) = softmax(z − max z)",
}


def labels() -> dict[str, str]:
    """Name -> text. ``{name}`` is filled in by the browser."""
    return {**_chrome(), **_columns(), **_notes()}


def _chrome() -> dict[str, str]:
    return {
        "scenes": _("Scenes"),
        "scene_shares": _("Scores into shares"),
        "scene_temperature": _("Temperature"),
        "scene_slopes": _("Slopes"),
        "scene_margins": _("Hinge or softmax"),
        "scene_overflow": _("Overflow"),
        "type_number": _("Click to type another number; the arrow keys ↑ and ↓ move it."),
        "rows": _("Classes and what their scores become; the arrow keys walk from cell to cell"),
        "class": _("class {k}"),
        "score": _("score of class {k}"),
        "add_class": _("+ class"),
        "drop_class": _("− class"),
        "take_truth": _("Make this the true class"),
    }


def _columns() -> dict[str, str]:
    return {
        "scores": _("Score"),
        "exponentials": _("Exponential"),
        "shares": _("Share"),
        "truth": _("Truth"),
        "slopes": _("Slope"),
        "divided": _("Divided"),
        "even": _("even shares"),
        "curves": _("Shares at every temperature"),
        "curves_note": _("drag T along the axis"),
        "temperature": _("temperature T"),
        "hinge": _("Hinge"),
        "of_hinge": _("of the hinge"),
        "hinge_loss": _("Hinge loss"),
        "cross_entropy": _("Cross-entropy"),
        "both_losses": _("Two losses"),
        "jacobian": _("Jacobian"),
        "shifted": _("shifted"),
        "limits": _(
            "The dashed marks: float32 ends at e to the power of 88.7, float64 at 709.8; what is larger is inf."
        ),
    }


def _notes() -> dict[str, str]:
    return {
        "note_z": _("any number, above or below 0; drag it or type"),
        "note_e": _("always positive; one more in the score is e = 2.718 times as much here"),
        "note_p": _("its exponential, as a share of all of them"),
        "note_y": _("1 for the true class, 0 for the others; click to choose"),
        "note_up": _("the true class: the slope is negative, so a step raises this score"),
        "note_down": _("not the true class: the slope is positive, so a step lowers this score"),
        "note_temperature_shifted": _("first divided by T; then the largest is taken from all, then softmax"),
        "note_temperature": _("first divided by T, then softmax"),
        "note_margins": _("the true class is {k}"),
        "note_own": _("its own score: up, by p (1 − p), which is at most ¼"),
        "note_other": _("another's score: down, by the product of both shares"),
        "note_chain": _("the chain rule down one column: dL/dp times dp/dz, added up"),
        "note_cancels": _("the share {p} is less than a float holds: 1/p and p cancel first"),
        "note_naive": _("the formula as it stands"),
        "note_shifted": _("the largest score is taken from all of them first"),
        "help_rows": _("drag a score · point at any cell"),
        "help_temperature": _("drag T or a score"),
        "help_slopes": _("point at any cell of the Jacobian"),
        "surprise": _("the surprise at the true class {k}"),
    }
