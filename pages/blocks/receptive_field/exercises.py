"""Exercises for "Receptive field": how far a unit sees, from where, who sees a pixel, and what one kernel would cost.

Every answer comes from the engine's own fields; every worked solution from the equations with the numbers put in.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from engine.analysis.layer_cost import layer_cost
from engine.analysis.receptive_field import Field, receptive_fields
from engine.exercise import Mistake, Problem, number
from engine.layers import Conv2d
from engine.mistakes import NO_PADDING
from engine.sentence import Sentence
from pages.blocks.receptive_field.compute.stack import Window, layers_of

ROOMY = 96
"""An image on which every stack drawn here has a place."""


def field_size(rng: np.random.Generator) -> Problem:
    """r after three windows; at least one of the first two strides, so that the jump matters."""
    while True:
        windows = [
            Window("conv", int(rng.integers(2, 6)), int(rng.integers(1, 4)), name=f"conv{n + 1}") for n in range(3)
        ]
        if windows[0].stride * windows[1].stride > 1:
            break
    r, jump, late, lines = 1, 1, 1, []
    for window in windows:
        lines.append(
            f"{window.name}: $r = {r} + ({window.kernel}-1)\\cdot {jump} = {r + (window.kernel - 1) * jump}$, "
            f"$j = {jump}\\cdot {window.stride} = {jump * window.stride}$"
        )
        r, jump = r + (window.kernel - 1) * jump, jump * window.stride
        late += (window.kernel - 1) * jump
    return Problem(
        answer=float(_fields(windows)[-1].size[0]),
        worked=float(r),
        values={"stack": _described(windows), "lines": "\n".join(f"- {line}" for line in lines)},
        mistakes=(
            Mistake(
                float(1 + sum(window.kernel - 1 for window in windows)),
                Sentence("That holds for stride 1. Each stride makes all steps of the layers above it longer."),
            ),
            Mistake(float(late), Sentence("A layer's own stride counts for the layers above it, not for itself.")),
            Mistake(
                float(sum(window.kernel for window in windows)),
                Sentence("Those are the kernels' widths added up. Each layer adds one step fewer than its kernel has."),
            ),
            Mistake(float(r - 1), Sentence("The pixel to begin with is missing: r begins at 1.")),
        ),
    )


def one_kernel(rng: np.random.Generator) -> Problem:
    """The weights of the one kernel that sees as much as a stack of equal kernels, in units of C²."""
    kernel, count = int(rng.choice([3, 5, 7])), int(rng.integers(2, 14))
    windows = [Window("conv", kernel, name=f"conv{n + 1}") for n in range(count)]
    wide = _fields(windows)[-1].size[0]
    alone = layer_cost(Conv2d(1, 1, wide, bias=False), (1, ROOMY, ROOMY)).parameters.value
    side = 1 + count * (kernel - 1)
    return Problem(
        answer=float(alone),
        worked=float(side**2),
        values={"kernel": kernel, "count": count, "side": side, "stack": count * kernel**2},
        mistakes=(
            Mistake(
                float((count * kernel) ** 2),
                Sentence("The fields overlap: each layer adds {kernel} − 1 pixels, not {kernel}.", kernel=kernel),
            ),
            Mistake(float(count * kernel**2), Sentence("That is what the stack has.")),
            Mistake(float(side), Sentence("That is how wide the kernel is. It is square.")),
            Mistake(float((side - 1) ** 2), Sentence("The pixel to begin with is missing: r begins at 1.")),
        ),
    )


def first_pixel(rng: np.random.Generator) -> Problem:
    """The first row that a unit sees, after two windows with padding; below 0 it lies on the padding."""
    windows = [
        Window(
            "conv",
            int(rng.integers(3, 6)),
            int(rng.integers(1, 4)),
            padding=int(rng.integers(0, 3)),
            name=f"conv{n + 1}",
        )
        for n in range(2)
    ]
    field, row = _fields(windows)[-1], int(rng.integers(0, 6))
    one, two = windows
    first = -one.padding - two.padding * one.stride
    jump = one.stride * two.stride
    return Problem(
        answer=float(field.pixels((row, 0)).top),
        worked=float(first + row * jump),
        values={
            "stack": _described(windows),
            "row": row,
            "first": number(first),
            "jump": jump,
            "padding": one.padding,
            "padding_2": two.padding,
            "jump_1": one.stride,
        },
        mistakes=(
            Mistake(float(row * jump), NO_PADDING),
            Mistake(
                float(row * jump - one.padding - two.padding),
                Sentence(
                    "The second layer's padding is counted in its own cells: each is {jump} pixels.", jump=one.stride
                ),
            ),
            Mistake(
                float(first + row * (one.stride + two.stride)), Sentence("The strides are multiplied, not added up.")
            ),
            Mistake(float(first + (row - 1) * jump), Sentence("Rows are counted from 0.")),
            Mistake(0.0, Sentence("Rows on the padding count too: there the number is negative.")),
        ),
    )


def who_sees(rng: np.random.Generator) -> Problem:
    """How many units in a row have a pixel in their field: the projective field, side to side."""
    while True:
        kernel, stride = int(rng.integers(2, 8)), int(rng.integers(1, 4))
        pixels, padding = int(rng.integers(12, 25)), int(rng.integers(0, 3))
        window = Window("conv", kernel, stride, padding=padding, name="conv1")
        field = receptive_fields(layers_of([window]), (1, pixels, pixels))[-1]
        pixel = int(rng.integers(0, pixels))
        reached = field.reached((pixel, 0))
        if reached.bottom - reached.top > 1:
            break
    seeing = [i for i in range(field.units[0]) if pixel in window.reads(i)]
    beyond = [i for i in range(-kernel, pixels + kernel) if 0 <= pixel + padding - stride * i < kernel]
    bare = [i for i in range((pixels - kernel) // stride + 1) if 0 <= pixel - stride * i < kernel]
    return Problem(
        answer=float(reached.bottom - reached.top),
        worked=float(len(seeing)),
        values={
            "stack": _described([window]),
            "pixels": pixels,
            "pixel": pixel,
            "units": field.units[0],
            "stride": stride,
            "padding": padding,
            "last": kernel - 1 - padding,
            "from_unit": seeing[0],
            "to_unit": seeing[-1],
        },
        mistakes=(
            Mistake(
                float(len(beyond)),
                Sentence("Not all of these units exist: the first is 0, the last {last}.", last=field.units[0] - 1),
            ),
            Mistake(float(len(bare)), NO_PADDING),
            Mistake(float(kernel), Sentence("So many it would be with stride 1.")),
            Mistake(float(seeing[-1] - seeing[0]), Sentence("Both the first and the last of them count.")),
        ),
    )


def _fields(windows: Sequence[Window]) -> tuple[Field, ...]:
    return receptive_fields(layers_of(windows, relu=False), (1, ROOMY, ROOMY))


def _described(windows: Sequence[Window]) -> str:
    """The windows as lines of a list."""
    lines = []
    for window in windows:
        sizes = f"k = {window.kernel}, s = {window.stride}, p = {window.padding}"
        lines.append(f"- {window.name}: ${sizes}$")
    return "\n".join(lines)


EXERCISES = (field_size, one_kernel, first_pixel, who_sees)
