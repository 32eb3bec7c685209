"""The bench of the lesson "Convolution, backward": which picture, which settings, and what is said about sizes."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

import numpy as np
import streamlit as st

from engine import reference
from engine.explain import rules
from engine.kernels import window
from engine.layers import AvgPool2d
from engine.types import Array
from engine.written import signed
from pages.backprop.convolution_backward import controls as lesson
from pages.backprop.convolution_backward import grids as figures
from pages.backprop.convolution_backward.compute import ConvBackward, col2im
from ui import catalogue, state
from ui.components.bench import Knob, Note, Scene, bench, undoing
from ui.components.board import Drawn, board
from ui.figures.formulas import formula, source
from ui.figures.number_sheet import number_sheet
from ui.header import way
from ui.i18n import _, _n, joined
from ui.numbers import size_of

if TYPE_CHECKING:
    from ui.figures.export import Figure
    from ui.lesson import Frame

Arrays = dict[str, Array]
BENCH = board(__file__)


def drawn() -> Drawn:
    """The view that the settings ask for."""
    makers: Mapping[str, Callable[[], tuple[Scene, Arrays]]] = {
        "weight": _journey, "dw": _weight, "dx": _input, "columns": _columns, "pool": _pool,
    }  # fmt: skip
    return bench(*makers[state.get("view")](), labels())


def views() -> dict[str, str]:
    """One weight, and four ways to see all, in the reader's language."""
    return {
        "weight": _("One weight"),
        "dw": _("To the kernel: dW"),
        "dx": _("To the input: dX"),
        "columns": _("As a matrix product: col2im"),
        "pool": _("Pooling"),
    }


def labels() -> dict[str, str]:
    """Names of this lesson's pictures."""
    return {
        "spread": _("Upstream, zeros between"),
        "kernels": _("Kernels, a column each"),
        "upstream_rows": _("Upstream, a row each"),
        "copies": _("Gradient of every copy"),
        "share": _("Share"),
        "met": _("Pixels it met"),
        "products": _("Pixel × dy"),
        "so_far": _("so far"),
        "note_place": _("place {place} of {places}"),
    }


def _input() -> tuple[Scene, Arrays]:
    now = lesson.backward()
    maps = now.dy.shape[1]
    text = "scene-dx-stride" if figures.strided(now.layer) else "scene-dx-maps" if maps > 1 else "scene-dx"
    dy, weight, dx = (size_of(shape) for shape in (now.dy.shape[1:], now.params["weight"].shape, now.x.shape[1:]))
    made = Scene(
        **_common(),
        rows=figures.input_grad(now),
        text=text,
        kicker=_kicker("dL/dx"),
        formula=figures.input_formula(now.layer),
        shapes=f"dy {dy} · W {weight} → dx {dx}",
        code=source(reference.conv2d_backward, "dx["),
        facts=_facts(now),
        knobs=_knobs("stride", "padding", "dilation"),
        notes=_sizes(now),
    )
    arrays = {"dy": now.dy, "z": now.spread, "weight": now.params["weight"], "dx": now.dx}
    return made, arrays | _was()


def _journey() -> tuple[Scene, Arrays]:
    now = lesson.backward()
    x, dy, weight = (size_of(shape) for shape in (now.x.shape[1:], now.dy.shape[1:], now.params["weight"].shape))
    made = Scene(
        **_common(),
        rows=figures.journey(now),
        text="scene-journey",
        how="journey",
        kicker=_kicker("dL/dW"),
        formula=formula("conv-weight", now.layer),
        shapes=f"x {x} · dy {dy} → dW {weight}",
        code=source(reference.conv2d_backward, "dweight["),
        knobs=_knobs("stride", "padding", "dilation"),
        notes=[_met(now)],
    )
    arrays = {"x": now.x, "weight": now.params["weight"], "y": now.y, "dy": now.dy, "dweight": now.grads["weight"]}
    return made, arrays | _was()


def _weight() -> tuple[Scene, Arrays]:
    now = lesson.backward()
    strided = figures.strided(now.layer)
    x, dy, weight = (size_of(shape) for shape in (now.x.shape[1:], now.dy.shape[1:], now.params["weight"].shape))
    made = Scene(
        **_common(),
        rows=figures.weight_grad(now, hide=lesson.hides()),
        text="scene-dw-stride" if strided else "scene-dw",
        kicker=_kicker("dL/dW"),
        formula=formula("conv-weight", now.layer),
        shapes=f"x {x} · dy {dy} → dW {weight}",
        code=source(reference.conv2d_backward, "dweight["),
        facts=_facts(now),
        knobs=[*_knobs("stride", "padding", "dilation"), *_hiding()],
        notes=_roles(now),
    )
    arrays = {"x": now.x, "dy": now.dy, "z": now.spread, "dweight": now.grads["weight"], "dbias": now.grads["bias"]}
    return made, arrays | _was()


def _columns() -> tuple[Scene, Arrays]:
    now = lesson.backward()
    rows, places = now.columns.shape
    made = Scene(
        **_common(),
        rows=figures.columns(now),
        align="end",
        text="scene-columns",
        kicker="col2im",
        formula=figures.columns_formula(),
        shapes=f"W_rowᵀ {rows}×{now.rows.shape[1]} · dY_row {now.rows.shape[1]}×{places} → dX_col {rows}×{places}",
        code=source(window.spread, "+="),
        facts=_facts(now) | {"rows": rows, "places": places},
        knobs=_knobs("stride", "padding", "dilation"),
        notes=_copied(now),
    )
    return made, {"dy": now.dy, "rows": now.rows, "columns": now.columns, "dx": now.dx} | _was()


def _pool() -> tuple[Scene, Arrays]:
    step, back = lesson.pooled()
    average = isinstance(step.layer, AvgPool2d)
    (kh, kw), (sh, _sw), *_rest = step.layer.geometry  # type: ignore[attr-defined]
    loops = reference.avg_pool2d_backward if average else reference.max_pool2d_backward
    made = Scene(
        **_common(),
        rows=figures.pooling(step, back),
        text="scene-pool-average" if average else "scene-pool-max",
        how="sum" if average else "route",
        kicker=_kicker(_("average pooling") if average else _("max pooling")),
        formula=figures.average_formula() if average else formula("max-pool-input"),
        shapes=f"dy {size_of(back.dy.shape[1:])} → dx {size_of(back.dx.shape[1:])}",
        code=source(loops, "dx[n, c,"),
        facts={"kh": kh, "kw": kw, "cells": kh * kw},
        knobs=_pool_knobs(),
        notes=[_received(back.dy, back.dx, overlapping=sh < kh)],
    )
    arrays = {"dy": back.dy, "dx": back.dx}
    if average:
        return made, arrays | {"share": step.cache["share"], "cell": np.full((1, 1, kh, kw), 1 / (kh * kw))} | _was()
    return made, arrays | {"x": step.x, "taken": rules.factors(step)["taken"]} | _was()


def _common() -> dict[str, Any]:
    cursors = {"c": 0, "k": 0, "one": 0}
    name = f"{state.get('view')}.{state.get('source')}{'.quiz' if lesson.hides() else ''}"
    return {"id": name, "cursors": cursors, "result": "shown"}


def _facts(now: ConvBackward) -> dict[str, str | int]:
    (stride, _s), (_p, _q), (dilation, _d) = now.layer.geometry
    kh, kw = now.layer.kernel
    return {"kh": kh, "kw": kw, "stride": stride, "dilation": dilation, "zeros": stride - 1, "maps": now.dy.shape[1]}


def _kicker(what: str) -> str:
    names = sources()
    return f"{what} · {names[state.get('source')]}"


def _was() -> Arrays:
    """The numbers before the learner's own, where there are any."""
    return {f"was:{name}": array for name, array in lesson.given().items()} if lesson.EDITS.typed else {}


# ---- settings ----


def sources() -> dict[str, str]:
    """Where the numbers come from, in the reader's language."""
    return {
        "small": _("whole numbers"),
        "two": _("two channels, two kernels"),
        "conv1": _("the digit network's first block"),
        "conv2": _("the digit network's second block"),
    }


def _knobs(*wanted: str) -> list[Knob]:
    highest = {"stride": lesson.MOST_STRIDE, "padding": lesson.MOST_PADDING, "dilation": lesson.MOST_DILATION}
    words = {"stride": _("stride"), "padding": _("padding"), "dilation": _("dilation")}
    made = [_source()]
    if state.get("source") in ("small", "two"):
        lows = {"padding": 0}
        made += [
            Knob("step", name, words[name], int(state.get(name)), lows.get(name, 1), highest[name]) for name in wanted
        ]
    return made + undoing(lesson.EDITS)


def _hiding() -> list[Knob]:
    """The button that hides dW's values; those of the trained network are too long to be added up."""
    if state.get("source") not in ("small", "two"):
        return []
    return [Knob("button", "quiz", _("Show the values") if lesson.hides() else _("Hide the values"))]


def _pool_knobs() -> list[Knob]:
    kinds = (("max", _("max")), ("average", _("average")))
    made = [_source(), Knob("choice", "kind", _("pooling"), state.get("kind"), options=kinds)]
    if state.get("source") in ("small", "two"):
        made += [
            Knob("step", "window", _("window"), int(state.get("window")), 2, lesson.MOST_WINDOW),
            Knob("step", "step", _("stride"), int(state.get("step")), 1, lesson.MOST_WINDOW),
        ]
    return made + undoing(lesson.EDITS)


def _source() -> Knob:
    return Knob("select", "source", _("numbers"), state.get("source"), options=tuple(sources().items()))


# ---- what is said about sizes ----


def _sizes(now: ConvBackward) -> list[Note]:
    """From dy to dx: the stride's zeros, the frame around, the kernel's places."""
    (stride, _s), (padding, _p), (dilation, _d) = now.layer.geometry
    kernel, size = now.layer.kernel[0], now.x.shape[2]
    given, between = now.dy.shape[2], now.spread.shape[2]
    around = dilation * (kernel - 1) - padding
    steps = [_("dy {size}×{size}").format(size=given)]
    if stride > 1:
        steps.append(_("{zeros} between two cells: {size}×{size}").format(zeros=stride - 1, size=between))
    frame = _("{dilation}·({kernel} − 1) − {padding} = {around} around: {size}×{size}")
    full = between + 2 * around
    steps.append(frame.format(dilation=dilation, kernel=kernel, padding=padding, around=around, size=full))
    made = full - dilation * (kernel - 1)
    steps.append(_("the turned {kernel}×{kernel} kernel: **{size}×{size}**").format(kernel=kernel, size=made))
    notes = [Note(" → ".join(steps))]
    if made < size:
        unread = _n(
            "The forward pass never read the last row and column of x, so their dx is 0.",
            "The forward pass never read the last {count} rows and columns of x, so their dx is 0.",
            size - made,
        )
        notes.append(Note(unread.format(count=size - made), flagged=True))
    return notes


def _met(now: ConvBackward) -> Note:
    """How many pixels a weight meets, and how far apart."""
    (stride, _s), *_rest = now.layer.geometry
    rows, columns = now.dy.shape[2:]
    told = _(
        "{rows}×{columns} outputs, so each weight met {rows}×{columns} pixels, **{stride}** apart: "
        "it moves with the kernel, by the stride."
    )
    return Note(told.format(rows=rows, columns=columns, stride=stride))


def _roles(now: ConvBackward) -> list[Note]:
    """Stride and dilation change places."""
    (stride, _s), _padding, (dilation, _d) = now.layer.geometry
    told = _(
        "Forward, the kernel moves by the stride {stride} and its cells are {dilation} apart. "
        "Here dy is the kernel: its cells are **{stride}** apart and it moves by **{dilation}**."
    )
    return [Note(told.format(stride=stride, dilation=dilation))]


def _copied(now: ConvBackward) -> list[Note]:
    """How often the forward pass had copied a pixel."""
    image = (now.x.shape[2], now.x.shape[3])
    times = col2im(np.ones((1, *now.columns.shape)), image, now.layer.kernel, *now.layer.geometry)
    told = _("im2col had copied each pixel {least} to {most} times; as many numbers come home to it.")
    notes = [Note(told.format(least=int(times.min()), most=int(times.max())))]
    if lesson.one_channel_only():
        notes.append(Note(_("Of x's 8 channels the first is shown: every channel has nine rows of its own.")))
    return notes


def _received(dy: Array, dx: Array, *, overlapping: bool) -> Note:
    """How much of dy arrives, and where."""
    told = _("Σ dy = **{given}**, Σ dx = **{got}**: nothing is lost. {some} of {cells} cells of x hear anything.")
    if overlapping:
        told = joined(told, _("The windows overlap: a cell may hear from several."))
    given, got = (signed(float(array.sum()), 3) for array in (dy, dx))
    return Note(told.format(given=given, got=got, some=np.count_nonzero(dx), cells=dx.size))


# ---- beside the picture ----


def links(frame: Frame) -> None:
    """The same arithmetic in two other lessons."""
    if not frame.shows("text"):
        return
    with st.container(key="links", horizontal=True):
        for key, label, place in (
            ("forward-backward", _("dx of a trained network's second convolution"), {"at": "conv2.input"}),
            ("convolution", _("The same arithmetic forward: transposed convolution"), {"view": "transposed"}),
        ):
            way(str(catalogue.lesson(key).path), label + " →", **place)


def figure() -> Figure:
    """What the bench shows, every first channel, as a sheet of numbers."""
    numbers = lesson.numbers()
    if state.get("view") == "pool":
        return number_sheet([[(name, numbers[name][0, 0]) for name in ("x", "y", "dy", "dx")]])
    turned = numbers["weight"][0, 0, ::-1, ::-1]
    above = [("dy", numbers["dy"][0, 0]), (_("W, turned"), turned), ("dx", numbers["dx"][0, 0])]
    return number_sheet([above, [("x", numbers["x"][0, 0]), ("dW", numbers["dweight"][0, 0])]])
