"""What the browser is sent in each of the three views: numbers, names, and facts for their words."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from engine.gradcheck import GOOD, WRONG
from engine.types import Array
from engine.written import signed, trimmed
from pages.backprop.gradient_check import controls as lesson
from pages.backprop.gradient_check.compute.case import CASES, Case, Checked, checked, source_of, wrong_line
from pages.backprop.gradient_check.compute.kinks import SIMPLE, Path, Place
from pages.backprop.gradient_check.compute.sweep import DTYPES, PER_DECADE, RULES
from pages.backprop.gradient_check.figure import sweep_figure
from pages.backprop.gradient_check.labels import FORMULAS, labels
from ui import state
from ui.components.board import Drawn, board
from ui.i18n import _, joined
from ui.numbers import power_of_ten
from ui.sentences import said

if TYPE_CHECKING:
    from ui.figures.export import Figure

MOUNT = board(__file__, "plot")
View = tuple[dict[str, Any], dict[str, Array]]
SAYS = ("say-", "kink-", "fault-", "hint-")
"""How the blocks begin that the picture may say."""
KINDS = {
    "LinearTransposed": "transposed",
    "PoolToFirstCell": "first-cell",
    "LossNotAveraged": "not-averaged",
    "LossOfEachAlone": "each-alone",
    "NormWithoutMean": "without-mean",
    "ConvPaddedByEdges": "edges",
    "LinearBiasOfOne": "bias-of-one",
    "ReluGatedByGradient": "gated",
    "ConvNotTurned": "not-turned",
    "nothing": "nothing",
}
"""A fault's class, and the block of prose that explains it: ``fault-…``."""


def drawn() -> Drawn:
    """The open view."""
    view = str(state.get("view"))
    meta, arrays = {"h": vee, "kink": kink, "fault": fault}[view]()
    rules = {"good": GOOD, "wrong": WRONG}
    return Drawn({"view": view, "formulas": FORMULAS, "rules": rules, **meta}, arrays, labels())


# ---- the error against h ----


def vee() -> View:
    """The sweep of the chosen subject in both types, by both rules, and what was foretold."""
    subject, sweeps = lesson.subject()
    h = sweeps["float64"].h
    arrays: dict[str, Array] = {"h": h}
    for rule in RULES:
        arrays[f"{rule}.truncation"] = subject.truncation(h, rule)
    for dtype, one in sweeps.items():
        arrays |= {f"{dtype}.above": one.above, f"{dtype}.below": one.below, f"{dtype}.centre": one.centre.reshape(1)}
        for rule in RULES:
            arrays[f"{dtype}.{rule}.error"] = one.error(rule)
            arrays[f"{dtype}.{rule}.numeric"] = one.numeric(rule)
            arrays[f"{dtype}.{rule}.round_off"] = subject.round_off(h, dtype, rule)
    formula, x, refused = lesson.own()
    return {
        "of": state.get("of"),
        "per_decade": PER_DECADE,
        "slope": subject.slope,
        "best": {dtype: {rule: subject.best_h(dtype, rule) for rule in RULES} for dtype in DTYPES},
        "kink": _kink_distance(),
        "subjects": [*_subject_names(), ("own", _("your own")), ("weight", _("a weight"))],
        "layers": [(name, name) for name in lesson.LAYERS],
        "last_digit": 1796,
        "own": {"f": formula, "x": x},
        "refused": refused and {**refused._asdict(), "reason": said(refused.reason)},
        "subject": _subject_words(subject.x, (subject.slope, subject.second, subject.third)),
    }, arrays


def _subject_names() -> list[tuple[str, str]]:
    return [("cube", "x³"), ("sigmoid", "σ(x)"), ("steep", "1/x")]


def _kink_distance() -> float | None:
    """How far the nearest kink is along the chosen weight; None for a formula, or where there is none."""
    if state.get("of") != "weight":
        return None
    weight = lesson.weight()
    found = lesson.path(int(state.get("digit")), weight)
    distance = found.distance(float(found.edges[0] + lesson.REACH))
    return distance if distance < lesson.REACH else None


def _subject_words(x: float, derivatives: tuple[float, float, float]) -> str:
    first, second, third = (_number(value) for value in derivatives)
    if state.get("of") == "weight":
        weight = lesson.weight()
        place = f"{weight.name}[{', '.join(map(str, weight.index))}]"
        head = _("f: the digit network’s loss on digit no. {number}, a {label}; x: its {place}, **{x}**.").format(
            number=int(state.get("digit")), label=lesson.label(), place=place, x=_number(x)
        )
    else:
        formula = dict(_subject_names()).get(state.get("of")) or lesson.own()[0].replace("**", "^")
        head = _("f(x) = **{formula}** at x = **{x}**.").format(formula=formula, x=_number(x))
    slopes = _("f′ = {first}, f″ = {second}, f‴ = {third}.").format(first=first, second=second, third=third)
    return joined(head, slopes)


def _number(value: float) -> str:
    small = value != 0 and abs(value) < 1e-3
    if small or abs(value) >= 1e6:
        return power_of_ten(value)
    return signed(value, 4 if abs(value) < 1000 else 0)


# ---- a kink ----


def kink() -> View:
    """Every function's straight pieces, and where to begin on each."""
    weight, along = lesson.kink_path()
    paths: dict[str, Path] = {**SIMPLE, "network": along}
    crossed = lesson.crossed(int(state.get("digit")))
    place = f"{weight.name}[{', '.join(map(str, weight.index))}]"
    names = {
        "relu": "max(0, x)",
        "max": _("max of two"),
        "abs": "|x|",
        "smooth": _("smooth"),
        "network": _("the network’s loss"),
    }
    arrays = {f"{name}.{part}": getattr(one, part) for name, one in paths.items() for part in ("edges", "z")}
    return {
        "functions": [(name, names[name]) for name in lesson.FUNCTIONS],
        "targets": {name: one.target for name, one in paths.items()},
        "flips": {name: [_flip(flip) for flip in one.flips] for name, one in paths.items()},
        "axes": {name: place if name == "network" else "x" for name in paths},
        "starts": {name: _start(name, one) for name, one in paths.items()},
        "share": {
            "total": f"{crossed.total:,}",
            **{name: crossed.crossed[h] for name, h in zip(("c2", "c3", "c5"), lesson.SHARES, strict=True)},
        },
    }, arrays


def _flip(flip: Place) -> str:
    """A unit that decides otherwise, in words."""
    layer, unit = flip
    where = ", ".join(map(str, unit))
    return (_("{layer} opens or shuts at [{where}]") if layer.startswith("relu")
            else _("{layer} finds another winner at [{where}]")).format(layer=layer, where=where)  # fmt: skip


def _start(name: str, path: Path) -> dict[str, float]:
    """Where a function is opened: beside its sharpest kink, h reaching over it."""
    if name != "network":
        x, h = {"max": (0.2, 0.5)}.get(name, lesson.START)
        return {"x": x, "h": h}
    middle = float(path.edges[0] + path.edges[-1]) / 2
    sharpest = path.sharpest()
    return {"x": round((sharpest if sharpest is not None else middle) + 0.02, 4), "h": 0.08}


# ---- find the fault ----


def fault() -> View:
    """The open case: every gradient both ways, the sources, and, once it is found, the fault itself."""
    case, h = lesson.case(), lesson.STEPS[state.get("fh")]
    right = Case("")
    check, mended = checked(case, h), checked(right, h)
    found = lesson.solved(case.key)
    shown = [strip for strip in check.strips if strip.layer in lesson.SUSPECTS]
    arrays = _arrays(check, "") | (_arrays(mended, "mended.") if found else {})
    strips = [
        {
            "layer": strip.layer,
            "name": strip.name,
            "shape": list(strip.analytic.shape),
            "columns": strip.analytic.shape[-1] if strip.analytic.ndim > 1 else strip.analytic.size,
        }
        for strip in shown
    ]
    return {
        "case": case.key,
        "cases": [{"key": one.key, "found": lesson.solved(one.key)} for one in CASES],
        "hs": [(name, power_of_ten(value).replace("1.0·", "")) for name, value in lesson.STEPS.items()],
        "layers": [{"name": name, "title": title} for name, title in _layer_titles().items()],
        "strips": strips,
        "sources": {layer: list(source_of(case, layer)) for layer in lesson.SUSPECTS},
        "verdict": None if found else lesson.verdict(),
        "found": found,
        "kind": KINDS[case.kind] if found else "",
        "fault": _fault(case) if found and case.fault else None,
        "facts": _facts(case, check, mended),
    }, arrays


def _arrays(check: Checked, prefix: str) -> dict[str, Array]:
    made: dict[str, Array] = {f"{prefix}sums": check.sums}
    for strip in check.strips:
        if strip.layer in lesson.SUSPECTS:
            key = f"{strip.layer}.{strip.name}.{prefix}"
            made |= {f"{key}analytic": strip.analytic, f"{key}error": strip.error}
            made |= {} if prefix else {f"{key}numeric": strip.numeric}
    return made


def _fault(case: Case) -> dict[str, Any]:
    """Where the fault is, and the line that mends it."""
    line = wrong_line(case)
    assert line is not None
    return {"layer": case.layer, "line": line, "right": source_of(Case(""), case.layer)[line]}


def _facts(case: Case, check: Checked, mended: Checked) -> dict[str, str | int]:
    """Numbers of this case for the explanations and hints."""
    wrong = [strip for strip in check.strips if strip.wrong().any()]
    last = lesson.verdict()
    own = [strip.name for strip in wrong if last and strip.layer == last["layer"]]
    padded, pooled, scores = (next(s for s in check.of(layer) if s.name == "dx") for layer in ("conv", "pool", "loss"))
    return {
        "before": power_of_ten(check.worst) if check.worst < 1e-2 else trimmed(check.worst, 2),
        "after": power_of_ten(mended.worst),
        "strips": ", ".join(own),
        "sum0": signed(float(check.sums[0]), 2),
        "sum1": signed(float(check.sums[1]), 2),
        "pool_wrong": int(pooled.wrong().sum()),
        "pool_all": pooled.analytic.size,
        "edge_wrong": int(padded.wrong().sum()),
        "edge_all": padded.analytic.size,
        "score_wrong": int(scores.wrong().sum()),
        "score_all": scores.analytic.size,
        "score_sum": signed(float(scores.analytic.sum()), 3),
        "examples": 4,
    }


def _layer_titles() -> dict[str, str]:
    return {
        "conv": "3×3, 1 → 2",
        "norm": _("batch norm"),
        "relu": "max(0, x)",
        "pool": "max 4×4",
        "hidden": "8 → 8",
        "relu2": "max(0, x)",
        "output": "8 → 4",
        "loss": _("cross-entropy"),
    }


# ---- what is taken away ----


def figure() -> Figure:
    """The V of the chosen subject."""
    words = {
        "h": _("step h"),
        "error": _("relative error"),
        "truncation": _("truncation"),
        "round_off": _("round-off"),
    }
    subject, sweeps = lesson.subject()
    return sweep_figure(subject, sweeps, state.get("rule"), words)
