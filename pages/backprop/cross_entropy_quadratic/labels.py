"""Every word that the component itself writes, in the reader's language, and its formulas."""

from __future__ import annotations

from ui.i18n import _

FORMULAS = {
    "quadratic": "C = ½ (a − y)<sup>2</sup>",
    "cross_entropy": 'C = −(y ln a + <span class="whole">(1 − y) ln(1 − a))</span>',
}


def labels() -> dict[str, str]:
    """Name -> text. ``{name}`` is filled in by the browser."""
    return {
        "quadratic": _("quadratic"),
        "cross_entropy": _("cross-entropy"),
        "kicker": _("One sigmoid unit, twice"),
        "plane": _("Start"),
        "plane_note": _("drag the ring: weight w across, bias b up"),
        "start": _("Start: weight and bias"),
        "sigma": _("Where on the curve?"),
        "sigma_note": _("the line's steepness is σ′(z)"),
        "course_answer": _("Answer a"),
        "course_cost": _("Cost C"),
        "course_gradient": _("Gradient ∂C/∂z"),
        "course_note": _("point at an epoch · click to stay there"),
        "show": _("show"),
        "answer": _("answer"),
        "cost": _("cost"),
        "gradient": _("gradient"),
        "epoch": _("epoch"),
        "epochs": _("epochs"),
        "lr": _("learning rate"),
        "input": _("input x"),
        "target": _("target"),
        "start_0": _("a little wrong"),
        "start_1": _("badly wrong"),
        "range": _("This can be from {low} to {high}."),
        "start_2": _("nearly right"),
        "at_epoch": _("at epoch {epoch}"),
        "never": _("not within {epochs} {epochs|epoch|epochs}"),
        "note": _("epoch {epoch}: where the two stand, and the gradient for w"),
        "carries": _("carries σ′(z)"),
        "cancels": _("σ′(z) has gone"),
    }
