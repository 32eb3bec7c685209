"""Every word that the component itself writes, in the reader's language, and its formulas."""

from __future__ import annotations

from ui.i18n import _, _p

NAMES = (
    *("never", "AND", "x₁ > x₂", "x₁", "x₁ < x₂", "x₂", "XOR", "OR"),
    *("NOR", "XNOR", "NOT x₂", "x₁ ≥ x₂", "NOT x₁", "x₁ ≤ x₂", "NAND", "always"),
)
"""What the sixteen functions of two bits are called, in the order of compute.FUNCTIONS."""

_SUM = '<span class="sum"><big>Σ</big><small>j</small></span>'
FORMULAS = {
    "vote": f"z = {_SUM} w<sub>j</sub> x<sub>j</sub>, &nbsp; y = [z &gt; t]",
    "line": "z = w<sub>1</sub>x<sub>1</sub> + w<sub>2</sub>x<sub>2</sub> + b, &nbsp; y = [z &gt; 0]",
    "soft": 'y = σ(kz) = <span class="frac"><span>1</span><span>1 + e<sup>−kz</sup></span></span>',
    "learn": "w<sub>j</sub> ← w<sub>j</sub> + η (t − y) x<sub>j</sub>, &nbsp; b ← b + η (t − y)",
    "layers": "h = f(Wx + b), &nbsp; y = f(v · h + c)",
    "gates": "NAND(p, q) = [−2p − 2q + 3 &gt; 0]",
    "patch": (
        'z<sub>r,c</sub> = <span class="sum"><big>Σ</big><small>a,b</small></span> w<sub>a,b</sub> '
        "x<sub>r+a,c+b</sub> + b, &nbsp; y = f(z)"
    ),
}


def names() -> list[str]:
    """``NAMES`` in the reader's language."""
    own = {"never": _("never"), "always": _("always")}
    return [own.get(name, name) for name in NAMES]


def labels() -> dict[str, str | list[str]]:
    """Name -> text. ``{name}`` is filled in by the browser."""
    return {**_chrome(), **_vote(), **_planes(), **_learning(), **_gates(), **_patch()}


def _chrome() -> dict[str, str | list[str]]:
    return {
        "scenes": _("Scenes"),
        "scene_vote": _("A weighted vote"),
        "scene_line": _("One line"),
        "scene_soft": _("A soft edge"),
        "scene_learn": _("It learns"),
        "scene_layers": _("Two layers"),
        "scene_gates": _("NAND is enough"),
        "scene_patch": _("On a patch"),
        "type_number": _("Click to type another number; the arrow keys ↑ and ↓ move it."),
    }


def _vote() -> dict[str, str | list[str]]:
    return {
        "voters": [_("friend A"), _("friend B"), _("friend C")],
        "votes": [_("the first three scores"), _("everyone counts the same")],
        "input": _("Input"),
        "weight": _("Weight"),
        "sum": _("sum z"),
        "output": _("Output"),
        "threshold": _("threshold"),
        "yes": _("go"),
        "no": _("stay"),
        "as_bias": _("or with the bias b = {b} in its place: z = {z}, compared with 0"),
        "note_vote": _("each score times what it counts"),
        "help_vote": _("drag a bar's end or the threshold · click a number to type"),
    }


def _planes() -> dict[str, str | list[str]]:
    return {
        "plane": _("Input plane"),
        "plane_note": _("orange where the unit says 1"),
        "two_lines": _("two units, two lines"),
        "hidden_plane": _("Hidden plane"),
        "hidden_note": _("where the two units put the corners"),
        "reads_h": _("reads h₁ and h₂"),
        "unit": _("Unit"),
        "type_note": _("click a number to type"),
        "table": _("Truth table"),
        "wanted": _("goal"),
        "functions": _("The sixteen functions of two bits"),
        "found": _("found"),
        "made": _("made now"),
        "take_goal": _("Make this the goal"),
        "drop_goal": _("Drop this goal"),
        "computes": _("This unit computes: {name}"),
        "score": _("{right} of 4 right · best so far {best}"),
        "right_of": _("{right} of 4 right for {name}"),
        "try_xor": _("Try XOR"),
        "show_line": _("Show a line"),
        "show_net": _("Show a network that does it"),
        "steepness": _("steepness k"),
        "step": _p("activation", "step"),
        "curve": _("Activation"),
        "curve_note": _("where the corners' sums stand on it"),
        "line_handle": _("The line; the arrow keys move it"),
        "arrow_handle": _("The weights; the arrow keys turn and stretch their arrow"),
        "note_unit": _("the sum at this point, and what the unit makes of it"),
        "note_layers": _("two sums, and a third one of their answers"),
        "plane_keys": _("the arrow keys point at its places, Escape leaves"),
        "help_plane": _("point anywhere · drag the line or its arrow"),
    }


def _learning() -> dict[str, str | list[str]]:
    return {
        "sigmoid": "sigmoid",
        "activation": _("activation"),
        "rate": _("learning rate η"),
        "one_step": _("One step: {x}"),
        "undo_step": _("Undo the step"),
        "from_start": _("Back to the start"),
        "step_number": _("Step {n}"),
        "error": _("error"),
        "note_made": _("rate × error × input went onto each number"),
        "note_would": _("what a step here would do"),
        "help_learn": _("choose a corner · drag the line for another start"),
    }


def _patch() -> dict[str, str | list[str]]:
    return {
        "picture": _("Picture"),
        "picture_note": _("ink from 0 to 16"),
        "weights": _("Nine weights"),
        "map": _("Its answers"),
        "map_note": _("one for each place"),
        "patch_keys": _("the arrow keys move the patch"),
        "kernel": _("weights"),
        "kernel_vertical": _("upright edges"),
        "kernel_horizontal": _("level edges"),
        "kernel_edges": _("all edges"),
        "kernel_cross": _("cross"),
        "answer_step": _p("activation", "step"),
        "answer_relu": "ReLU",
        "answer_sum": _p("activation", "none"),
        "note_patch": _("nine products and the bias, at this patch"),
        "help_patch": _("point at the picture · click to hold the patch"),
    }


def _gates() -> dict[str, str | list[str]]:
    return {
        "circuit": _("Circuit"),
        "gates_note": _("each gate is the same unit"),
        "help_gates": _("click x₁ or x₂ to flip it · point at a gate"),
        "flip": _("Flip {name}"),
        "note_gate": _("a unit with w = (−2, −2) and b = 3"),
        "note_wire": _("no gate is needed: the input is the answer"),
    }
