"""The bench of the lesson "Pooling": which pictures, which settings, and what is said about their sizes."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from engine import reference
from engine.layers.pool_variants import StochasticPool2d
from engine.types import Array
from engine.written import trimmed
from pages.blocks.pooling import controls as lesson
from pages.blocks.pooling import grids as figures
from pages.blocks.pooling.compute import Pooled, each_cells_share
from pages.blocks.pooling.figure import sheet
from pages.blocks.pooling.labels import labels
from ui import state
from ui.components.bench import Knob, Note, Scene, bench, undoing
from ui.components.board import Drawn, board
from ui.figures.formulas import source
from ui.i18n import _, _n
from ui.numbers import size_of

if TYPE_CHECKING:
    from ui.figures.export import Figure

Arrays = dict[str, Array]

CODE = {
    "max": (reference.max_pool2d_backward, "+= dy"),
    "average": (reference.avg_pool2d_backward, "+= dy"),
    "norm": (reference.lp_pool2d_backward, "slope = "),
    "draw": (reference.stochastic_pool2d_backward, "+= dy"),
    "expected": (reference.expected_pool2d, "+= chance"),
    "global": (reference.adaptive_avg_pool2d, "sum("),
    "convolution": (reference.conv2d_backward, "dweight["),
    "move": (reference.max_pool2d, "max("),
}


MOUNT = board(__file__)


def drawn() -> Drawn:
    """The view that the settings ask for."""
    notes = [Note(notice, flagged=True) for notice in lesson.settings().notices]
    scene, arrays = _move(notes) if state.get("view") == "move" else _both(notes)
    return bench(scene, arrays, labels())


def views() -> dict[str, str]:
    """Two ways to look at pooling, in the reader's language."""
    return {"both": _("Forward and backward"), "move": _("Move the picture")}


def kind() -> str:
    """The name of what is shown: the method, and of stochastic pooling its phase."""
    if state.get("view") == "move":
        return "move"
    method: str = state.get("method")
    if method != "stochastic":
        return method
    return "draw" if state.get("phase") == "train" else "expected"


def _both(notes: list[Note]) -> tuple[Scene, Arrays]:
    now, shown = lesson.pooled(), kind()
    settings = lesson.settings()
    made = Scene(
        **_common(f"{shown}.{state.get('source')}"),
        rows=figures.both_ways(now),
        text=f"scene-{shown}",
        kicker=methods()[state.get("method")],
        shapes=f"x {size_of(now.step.x.shape[1:])} → y {size_of(now.step.y.shape[1:])}",
        facts={"window": settings.window, "stride": settings.stride, "p": state.get("p"), "unnoticed": now.unnoticed}
        | {"cells": now.step.x.size, "ties": now.ties},
        knobs=_knobs("method"),
        notes=[*notes, *_sizes(now)],
        how="sum",
        plays=True,
    )
    arrays = dict(now.arrays()) | _was(now)
    shares = each_cells_share(now)
    if shares is not None:
        arrays["shares"] = shares
    if isinstance(now.layer, StochasticPool2d):
        arrays["chances"] = now.layer.chances(now.step.x)
    return made, arrays


def _move(notes: list[Note]) -> tuple[Scene, Arrays]:
    moves = lesson.moves()
    pairs = {name: (move.before, move.after) for name, move in moves.items()}
    shown = moves["max"].before
    counts = {name: move.stays for name, move in moves.items()}
    facts: dict[str, Any] = {f"{name}_{what}": value for name, c in counts.items() for what, value in vars(c).items()}
    settings = lesson.settings("max")
    made = Scene(
        **_common(f"move.{state.get('source')}"),
        rows=figures.before_and_after(pairs, _("before"), _("after")),
        text="scene-move",
        kicker=_("Move the picture"),
        shapes=f"x {size_of(shown.step.x.shape[1:])} → y {size_of(shown.step.y.shape[1:])}",
        facts=facts | {"window": settings.window, "stride": settings.stride},
        knobs=_knobs("moved"),
        notes=[*notes, *_whole_steps(moves["max"]), Note(_stayed(counts))],
        how="sum",
        plays=False,
    )
    arrays = figures.moved_arrays(pairs)
    return made, arrays | ({"was:x0": lesson.image()} if lesson.EDITS.typed else {})


def _common(id_: str) -> dict[str, Any]:
    found = {"id": id_, "cursors": {"c": 0, "one": 0}, "formula": figures.FORMULAS[kind()]}
    named = {} if kind() == "move" else {"result": "back", "results": lesson.RESULTS}
    return found | named | {"code": source(*CODE[kind()])}


def _was(now: Pooled) -> Arrays:
    """The numbers before the learner's own, where there are any."""
    if not lesson.EDITS.typed:
        return {}
    found = {"was:x": lesson.image(), "was:dy": lesson.given_upstream(now.step.y)}
    return found | ({"was:weight": lesson.weight()} if now.step.params else {})


# ---- settings ----


def _knobs(chooser: str) -> list[Knob]:
    """The row of settings; only those that mean something now."""
    method = state.get("method") if chooser == "method" else "move"
    now = lesson.settings(None if chooser == "method" else "max")
    misfit = method != "global" and not lesson.fit().fits
    if chooser == "moved":
        made = [*_arrows()]
    else:
        made = [Knob("select", "method", "", method, options=_options(methods()), said=_("pooling"))]
    if method != "global":
        made += [
            Knob("step", "window", _("window"), now.window, 1, lesson.MOST_WINDOW),
            Knob("step", "stride", _("stride"), now.stride, 1, lesson.MOST_WINDOW, flagged=misfit),
        ]
    if method in ("max", "average", "convolution", "move"):
        made.append(Knob("step", "padding", _("padding"), now.padding, 0, lesson.MOST_PADDING))
    if method == "average" and now.padding:
        counted = {"yes": _("padding counts"), "no": _("padding doesn't count")}
        made.append(Knob("select", "counted", "", state.get("counted"), options=_options(counted), said=_("padding")))
    if method == "norm":
        made.append(Knob("step", "p", "p", int(state.get("p")), 1, 16))
    if method == "stochastic":
        phases = {"train": _("training: draw"), "test": _("testing: weigh")}
        made.append(Knob("choice", "phase", "", state.get("phase"), options=_options(phases), said=_("pooling")))
        if state.get("phase") == "train":
            made.append(Knob("button", "draw", _("draw again")))
    if method in ("convolution", "move"):
        name = "kernel" if method == "convolution" else "moved"
        words = _("kernel") if method == "convolution" else _("strided kernel")
        made.append(Knob("select", name, words, state.get(name), options=_options(kernels())))
    if chooser == "method":
        losses = {"ones": "L = Σ y", "square": "L = ½ Σ y²"}
        made.append(Knob("select", "upstream", "", state.get("upstream"), options=_options(losses), said=_("loss")))
    made.append(Knob("select", "source", "", state.get("source"), options=_options(sources()), said=_("numbers")))
    return [*made, *undoing(lesson.EDITS)]


def _arrows() -> list[Knob]:
    signs = {"left": "←", "right": "→", "up": "↑", "down": "↓"}
    return [Knob("button", name, sign) for name, sign in signs.items()]


def _options(words: Mapping[str, str]) -> tuple[tuple[str, str], ...]:
    return tuple(words.items())


def methods() -> dict[str, str]:
    """The ways of pooling by name, in the reader's language."""
    return {
        "max": _("max pooling"),
        "average": _("average pooling"),
        "norm": _("L2 and other norms"),
        "stochastic": _("stochastic pooling"),
        "global": _("global average"),
        "convolution": _("strided convolution"),
    }


def sources() -> dict[str, str]:
    """What can be pooled, in the reader's language: all of a digit, a part of it, or the maps that it becomes."""
    pixels = _("pixels {size}×{size}")
    words = {name: pixels.format(size=side) for name, side in lesson.SIDES.items()}
    return words | {"maps": _("feature maps")}


def kernels() -> dict[str, str]:
    """The strided convolution's first weights by name, in the reader's language."""
    return {"mean": _("all alike"), "pick": _("first cell only"), "edge": _("left minus right")}


# ---- sizes and counts ----


def _sizes(now: Pooled) -> list[Note]:
    """The output's size, how many numbers are left, and a word where the window doesn't fit."""
    kept = _kept(now)
    if state.get("method") == "global":
        return [Note(kept)]
    fit = lesson.fit()
    size = _("Output size: ({size} − {window} + 2·{padding})/{stride} + 1 = **{exact}**").format(
        size=fit.size, window=fit.kernel, padding=fit.padding, stride=fit.stride, exact=trimmed(float(fit.exact), 2)
    )
    if fit.fits:
        return [Note(f"{size}; {kept}")]
    told = _(
        "{size}: the window doesn't fit and is rounded down to **{places}**; rows and columns at the far end that no "
        "window reads: {unread}."
    ).format(size=size, places=fit.places, unread=fit.unread)
    return [Note(told, flagged=True), Note(kept)]


def _kept(now: Pooled) -> str:
    """How many numbers become how many; they are dropped only where each number that stays is one of them."""
    kernel, stride, *_rest = now.layer.geometry
    numbers = now.step.y.size
    picks = kind() in ("max", "draw") and all(step >= side for side, step in zip(kernel, stride, strict=True))
    if now.dropped <= 0:
        told = _n("{numbers} number stands for {pixels}.", "{numbers} numbers stand for {pixels}.", numbers)
    elif picks:
        told = _n(
            "{numbers} number stands for {pixels}: **{dropped} %** are dropped.",
            "{numbers} numbers stand for {pixels}: **{dropped} %** are dropped.",
            numbers,
        )
    else:
        told = _n(
            "{numbers} number stands for {pixels}: **{dropped} %** fewer.",
            "{numbers} numbers stand for {pixels}: **{dropped} %** fewer.",
            numbers,
        )
    return told.format(numbers=numbers, pixels=now.step.x.size, dropped=f"{100 * now.dropped:.3g}")


def _stayed(counts: Mapping[str, Any]) -> str:
    """How many outputs are what they were, method by method."""
    words = {"max": _("max"), "average": _("average"), "convolution": _("strided convolution")}
    one = _("{name} **{same}** of {total} (not 0: {same_live} of {live})")
    parts = [one.format(name=words[name], **vars(found)) for name, found in counts.items()]
    across, down = int(state.get("right")), int(state.get("down"))
    head = _("Moved {across} to the right, {down} down. Unchanged: ").format(
        across=str(across).replace("-", "−"), down=str(down).replace("-", "−")
    )
    return head + " · ".join(parts)


def _whole_steps(move: lesson.Moved) -> list[Note]:
    """A word where the picture moved by whole strides."""
    across, down, stride = int(state.get("right")), int(state.get("down")), lesson.settings("max").stride
    if across % stride or down % stride or (across, down) == (0, 0) or lesson.settings("max").padding:
        return []
    return [Note(_("A whole number of strides: the output has moved along, by {cells}.").format(
        cells=_("{right} to the right and {down} down").format(
            right=str(across // stride).replace("-", "−"), down=str(down // stride).replace("-", "−")
        )
    ))]  # fmt: skip


def figure() -> Figure:
    """What goes in and what comes out, as a sheet to take away."""
    return sheet(lesson.pooled(), (_("input"), _("output")))
