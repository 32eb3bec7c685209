"""The bench of the lesson "Convolution": which picture, which settings, and what is said about their sizes."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from math import prod
from typing import TYPE_CHECKING, Any

import numpy as np
import streamlit as st

from engine import reference
from engine.analysis.conv_arithmetic import Counts, Fit, count
from engine.data.filters import FILTERS
from engine.kernels.im2col import im2col
from engine.layers import Conv2d
from engine.layers.convert import conv_to_linear, linear_to_conv
from engine.types import Array
from engine.written import trimmed
from pages.blocks.convolution import controls as lesson
from pages.blocks.convolution import grids as figures
from pages.blocks.convolution import local
from pages.blocks.convolution import sources as pictures
from pages.blocks.convolution.compute.convolved import Convolved
from ui import state
from ui.components.bench import Knob, Note, Scene, bench, undoing
from ui.components.board import Drawn
from ui.figures.formulas import formula, source
from ui.i18n import _, _n, joined
from ui.numbers import power_of_ten, size_of

if TYPE_CHECKING:
    from ui.lesson import Frame

Arrays = dict[str, Array]


def drawn() -> Drawn:
    """The view that the settings ask for."""
    makers: Mapping[str, Callable[[list[Note]], tuple[Scene, Arrays]]] = {
        "slide": _slide, "matrix": _matrix, "sparse": _sparse, "transposed": _transposed, "linear": _linear,
        "local": _local,
    }  # fmt: skip
    scene, arrays = makers[state.get("view")]([Note(notice, flagged=True) for notice in lesson.settings().notices])
    words = {"window": _("Window"), "patches": _("Patches"), "kernels": _("Kernels")}
    words |= {"every_kernel": _("Every place's kernel"), "own_kernel": _("Its own kernel")}
    words |= {"laid_flat": _("All of x, one column (laid on its side)"), "one_matrix": _("A row for each output")}
    return bench(scene, arrays, words)


def views() -> dict[str, str]:
    """Six ways to see a convolution, in the reader's language."""
    return {
        "slide": _("Slide"),
        "matrix": _("As a matrix product"),
        "sparse": _("As one large matrix"),
        "transposed": _("Transposed"),
        "linear": _("Linear layer"),
        "local": _("Not shared"),
    }


def _slide(notes: list[Note]) -> tuple[Scene, Arrays]:
    now = lesson.convolved()
    channels, filters = now.x.shape[1], len(now.step.params["weight"])
    kh, kw = now.layer.kernel
    made = Scene(
        **_common(),
        rows=figures.slide(now, edit_pixels=now.step.x is now.x),
        text=_question(now.layer),
        kicker=pictures.names()[pictures.OWN.source()],
        formula=formula("conv", now.layer),
        shapes=shapes(now),
        code=source(reference.conv2d, "weight["),
        facts={"kh": kh, "kw": kw, "channels": channels, "filters": filters, "groups": now.layer.groups},
        knobs=_knobs("kernel", "stride", "padding", "mode", "dilation", "filters", "channels", "groups"),
        notes=[*notes, *sizes(now), *saved(now.layer)],
    )
    return made, dict(now.arrays()) | _was(now)


def _question(layer: Conv2d) -> str:
    """The block of words that the layer is a case of."""
    if layer.groups > 1:
        return "scene-depthwise" if layer.groups == layer.in_channels else "scene-grouped"
    return "scene-point" if layer.kernel == (1, 1) else "scene-channels" if layer.in_channels > 1 else "scene-slide"


def _matrix(notes: list[Note]) -> tuple[Scene, Arrays]:
    now = lesson.convolved()
    rows, columns = figures.patches_of(now.step)
    cut = max(pictures.picture().shape[1:]) > lesson.FEW
    told = [Note(_("Of this picture the 8×8 pixels in its middle, so that every number can be seen."))] if cut else []
    made = Scene(
        **_common(),
        rows=figures.matrix(now),
        align="end",
        text="scene-matrix",
        kicker="im2col",
        formula=figures.matrix_formula(),
        shapes=f"W_row {len(now.step.params['weight'])}×{rows} · X_col {rows}×{columns}",
        code=source(im2col, "patches.transpose"),
        facts={"rows": rows, "columns": columns, "copies": f"{now.copies:.1f}"},
        knobs=_knobs("kernel", "stride", "padding", "mode", "dilation", "filters"),
        notes=[*notes, *told, *sizes(now)],
    )
    return made, dict(now.arrays()) | {"columns": now.columns} | _was(now)


def _sparse(notes: list[Note]) -> tuple[Scene, Arrays]:
    now, as_linear = lesson.as_matrix()
    dense = as_linear.params["weight"]
    rows, columns = dense.shape
    weights = now.step.params["weight"]
    ones = {"weight": np.ones_like(weights), "bias": np.zeros(1)}
    kept = np.count_nonzero(conv_to_linear(now.layer, ones, now.x.shape[1:])[1]["weight"])
    gap = float(abs(now.step.y.reshape(-1) - as_linear.y.reshape(-1)).max())
    small = _("Of the picture its middle {size}×{size} pixels, in grey, so that every entry can be seen.")
    told = _n(
        "**{zeros}** of the {size} entries are 0 by construction; in the other {kept} stands the same weight.",
        "**{zeros}** of the {size} entries are 0 by construction; in the other {kept} stand the same {weights} "
        "weights.",
        weights.size,
    )
    counted = told.format(zeros=rows * columns - kept, size=rows * columns, kept=kept, weights=weights.size)
    made = Scene(
        **_common(),
        rows=figures.sparse(now, dense.shape),
        align="end",
        text="scene-sparse",
        kicker=_("convolution as a linear layer"),
        formula=figures.sparse_formula(),
        shapes=f"W {rows}×{columns} · x {columns} → y {rows}",
        code=source(conv_to_linear, "answers, _"),
        facts={
            "rows": rows,
            "columns": columns,
            "size": rows * columns,
            "weights": weights.size,
            "gap": power_of_ten(gap),
        },
        knobs=_knobs("kernel", "stride", "padding", "dilation"),
        notes=[*notes, Note(small.format(size=lesson.SMALL)), Note(counted)],
    )
    return made, dict(now.arrays()) | {"dense": dense} | _was(now)


def _transposed(notes: list[Note]) -> tuple[Scene, Arrays]:
    step = lesson.stamped()
    size, places = step.x.shape[-1], step.y.shape[-1]
    (stride, _w), (padding, _p), (dilation, _d) = step.layer.geometry  # type: ignore[attr-defined]
    kernel = step.params["weight"].shape[-1]
    line = _("Output size: ({size} − 1)·{stride} − 2·{padding} + {span} = **{places}**").format(
        size=size, stride=stride, padding=padding, span=dilation * (kernel - 1) + 1, places=places
    )
    small = _("The picture is first made small and grey: {size}×{size} numbers go in.").format(size=size)
    made = Scene(
        **_common(),
        rows=figures.transposed(step),
        text="scene-transposed",
        kicker=_("transposed convolution"),
        formula=figures.transposed_formula(),
        shapes=f"x {size_of(step.x.shape[1:])} → y {size_of(step.y.shape[1:])}",
        code=source(reference.conv_transpose2d, "weight[c, k, a, b]"),
        facts={"size": size, "places": places},
        knobs=_knobs("kernel", "stride", "padding", "dilation"),
        notes=[*notes, Note(small), Note(line)],
    )
    return made, {"x": step.x, "weight": step.params["weight"], "y": step.y}


def _linear(notes: list[Note]) -> tuple[Scene, Arrays]:
    convolution, as_linear = lesson.as_convolution()
    features, classes = as_linear.x.shape[1], as_linear.y.shape[1]
    maps = size_of(convolution.x.shape[1:])
    gap = float(abs(convolution.y.reshape(-1) - as_linear.y.reshape(-1)).max())
    made = Scene(
        **_common(),
        start=int(as_linear.y.argmax()),
        rows=figures.linear(convolution, as_linear),
        text="scene-linear",
        kicker=_("linear as convolution"),
        formula=figures.linear_formula(),
        code=source(linear_to_conv, "return conv"),
        shapes=f"x {maps} · W {size_of(convolution.params['weight'].shape)} → y {classes}×1×1",
        facts={"features": features, "classes": classes, "gap": power_of_ten(gap), "maps": maps},
        notes=notes,
        plays=False,
    )
    arrays = {"x": convolution.x, "weight": convolution.params["weight"], "bias": convolution.params["bias"]}
    arrays |= {"flat": as_linear.x, "matrix": as_linear.params["weight"], "y": convolution.y, "z": as_linear.y}
    return made, arrays


def _local(notes: list[Note]) -> tuple[Scene, Arrays]:
    return local.scene(_common(), _knobs("kernel", "own", "stride", "padding"), notes)


def _common() -> dict[str, Any]:
    view = state.get("view")
    return {"id": f"{view}.{state.get('source')}", "cursors": {"c": 0, "k": 0, "one": 0}}


def _was(now: Convolved) -> Arrays:
    """The numbers before the learner's own, where there are any."""
    if not lesson.EDITS.typed:
        return {}
    return {f"was:{name}": array for name, array in lesson.given().items() if name != "x" or now.step.x is now.x}


# ---- settings ----


def _knobs(*wanted: str) -> list[Knob]:
    """The settings of a scene, with the picture first; groups only where there is more than one channel."""
    now, view, channels = lesson.settings(), state.get("view"), len(lesson.image())
    most, may = lesson.MOST_FILTERS - lesson.MOST_FILTERS % now.groups, range(1, channels + 1)
    grouped = tuple((str(n), _("{count}: depthwise").format(count=n) if n == channels else str(n)) for n in may)
    misfit = view in ("slide", "matrix") and not all(fit.fits for fit in fits().values())
    steps = {
        "stride": Knob("step", "stride", _("stride"), now.stride, 1, 4, flagged=misfit),
        "padding": Knob("step", "padding", _("padding"), now.padding, 0, lesson.MOST_PADDING),
        "dilation": Knob("step", "dilation", _("dilation"), now.dilation, 1, 3),
        "filters": Knob("step", "filters", _("filters"), now.filters, now.groups, most, by=now.groups),
        "channels": Knob("step", "channels", _("channels"), channels, 1, pictures.MAPS),
        "mode": Knob("select", "mode", "", state.get("mode"), options=tuple(modes().items()), said=_("padding")),
        "kernel": Knob("select", "kernel", _("kernel"), state.get("kernel"), options=tuple(kernels().items())),
        "own": Knob("choice", "own", "", state.get("own"), options=tuple(bands().items()), said=_("kernels")),
        "groups": Knob("select", "groups", _("groups"), str(now.groups), options=grouped),
    }
    fitting = {"groups": channels > 1, "channels": pictures.OWN.source() == "maps"}
    made = [Knob("select", "source", _("picture"), pictures.OWN.source(), options=_sources())]
    if pictures.OWN.source() in ("shape", "ten", "five"):
        made.append(Knob("button", "another", _("another shape")))
    made += [steps[name] for name in wanted if fitting.get(name, True)]
    return [*made, *undoing(lesson.EDITS)]


def _sources() -> tuple[tuple[str, str], ...]:
    names = pictures.names()
    return tuple((name, word) for name, word in names.items() if name != "own" or pictures.OWN.image is not None)


def bands() -> dict[str, str]:
    """Which kernels the places have at first where each has its own."""
    return {"two": _("one above, another below"), "one": _("everywhere the same")}


def modes() -> dict[str, str]:
    """The padding modes by name, in the reader's language."""
    return {
        "zeros": _("zeros"),
        "reflect": _("reflect"),
        "replicate": _("replicate"),
        "circular": _("circular"),
    }


def kernels() -> dict[str, str]:
    """The kernels by name, in the reader's language."""
    return {
        "identity": _("identity"),
        "edges": _("edges, all"),
        "horizontal": _("edges, horizontal (Sobel)"),
        "vertical": _("edges, vertical (Sobel)"),
        "blur": _("blur"),
        "soft-blur": _("soft blur"),
        "sharpen": _("sharpen"),
        "emboss": _("emboss"),
        "cross": _("cross"),
        "blur-5": _("blur, 5×5"),
        "own-2": _("your own, 2×2"),
        "own-3": _("your own, 3×3"),
        "own-5": _("your own, 5×5"),
        "point": _("one cell, 1×1"),
        "wave-11": _("wave, 11×11"),
    }


# ---- sizes ----


def fits() -> dict[str, Fit]:
    """How the kernel fits along the rows ("H") and the columns ("W") of the picture."""
    kernel = FILTERS[state.get("kernel")].shape
    now = lesson.settings()
    numbers = {"stride": now.stride, "padding": now.padding, "dilation": now.dilation}
    return {axis: Fit(size, k, **numbers) for axis, size, k in zip("HW", lesson.image().shape[1:], kernel, strict=True)}


def sizes(now: Convolved) -> list[Note]:
    """The output size with its numbers put in; where the kernel doesn't fit, what would make it fit."""
    by_axis = fits()
    along = [by_axis["H"]] if by_axis["H"] == by_axis["W"] else list(by_axis.values())
    return [note for name, fit in zip(_axes(len(along)), along, strict=True) for note in _size(name, fit)]


def saved(layer: Conv2d) -> list[Note]:
    """How many weights groups leave of those that filters through all channels would have."""
    if layer.groups == 1:
        return []
    image = (layer.in_channels, *layer.kernel)
    own, whole = (count(replace(layer, groups=groups, bias=False), image).shared for groups in (layer.groups, 1))
    told = _("In {groups} groups each filter reads {each} of {channels} channels: {own} weights instead of {whole}.")
    each = layer.in_channels // layer.groups
    return [Note(told.format(groups=layer.groups, each=each, channels=layer.in_channels, own=own, whole=whole))]


def _axes(number: int) -> list[str]:
    return [_("Output size")] if number == 1 else [_("Output height"), _("Output width")]


def _size(name: str, fit: Fit) -> list[Note]:
    span = str(fit.span) if fit.dilation == 1 else f"[{fit.dilation}·({fit.kernel} − 1) + 1]"
    sum_ = f"{name}: ({fit.size} − {span} + 2·{fit.padding})/{fit.stride} + 1 = **{trimmed(float(fit.exact), 2)}**"
    if fit.fits:
        return [Note(sum_)]
    told = _(
        "{sum}: the kernel doesn't fit. Frameworks round down to **{places}**; rows or columns at the far end that are "
        "never read: {unread}."
    ).format(sum=sum_, places=fit.places, unread=fit.unread)
    return [Note(joined(told, _remedy(fit)), flagged=True)]


def _remedy(fit: Fit) -> str:
    words = {
        "padding": _("padding {value}"),
        "stride": _("stride {value}"),
        "kernel": _("a kernel of {value}"),
        "size": _("a picture of {value}"),
    }
    found = dict(fit.remedies())
    options = [words[name].format(value=value) for name, value in found.items()]
    said = _("It would fit with {options}.").format(options=_(" or ").join(options))
    return said if "padding" in found else joined(said, _("No padding mends it: padding adds 2 at a time."))


def counts() -> tuple[str, Counts]:
    """A name for the layer on the bench, and its parameters against those of its unshared kin."""
    if state.get("view") == "linear":
        layer, image = lesson.as_convolution()[0].layer, lesson.as_convolution()[0].x.shape[1:]
        assert isinstance(layer, Conv2d)
        return _("This linear layer"), count(layer, image)
    if state.get("view") == "local":
        unshared = lesson.unshared()
        return _("This layer, shared"), count(unshared.shared, unshared.step.x.shape[1:])
    now = lesson.convolved()
    return _("This layer"), count(now.layer, now.step.x.shape[1:])


def shapes(now: Convolved) -> str:
    """The shapes and the parameters, as the line under the formula."""
    weight = now.step.params["weight"]
    found = count(now.layer, now.step.x.shape[1:])
    x, w, y = (size_of(shape) for shape in (now.x.shape[1:], weight.shape, now.step.y.shape[1:]))
    parameters = _("{filters} × ({each} + 1) = {shared} parameters").format(
        filters=len(weight), each=prod(weight.shape[1:]), shared=found.shared
    )
    return f"x {x} · W {w} → y {y} · {parameters}"


def sharing(frame: Frame) -> None:
    """This layer's parameters, and AlexNet's first layer's, against the same without sharing and fully connected."""
    if not frame.shows("sharing"):
        return
    name, own = counts()
    gaps: dict[str, object] = {"own_name": name}
    for who, found in (("own", own), ("alexnet", count(*lesson.ALEXNET))):
        gaps |= {f"{who}_{kind}": f"{value:,}" for kind, value in vars(found).items()}
    with st.container(key="sharing"):
        st.markdown(frame.words("sharing", **gaps))
