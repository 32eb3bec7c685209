"""A row of sliding windows, spelt in a few characters, and how many ways lead through it.

    stack  = window - window - ...            c3-c3s2-m2-c3p2d2
    window = kind kernel [s stride] [p padding] [d dilation]

``c`` is a convolution (stride 1 if not given), ``m`` max pooling (stride = kernel if not given). Windows are square.

**Ways.** A unit reads k places of the layer below in each direction, each of these reads k again, and so on: the
number of paths from a place below to the unit is

    ways_{l-1}[u] = Σ_{i, a : i·s + a·d - p = u} ways_l[i]        ways_L[i] = 1 for the unit, 0 for the rest

in each direction on its own, and the product of both on the map. It is the gradient of the unit in a network whose
weights are all 1, and 0 exactly where the unit doesn't look: in the holes of a dilated window, beyond the edge, and
beyond what inner padding hides.
Source: Luo, Li, Urtasun & Zemel, "Understanding the effective receptive field in deep convolutional neural
networks", 2016.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np

from engine.kernels.window import output_size
from engine.layers import Conv2d, Flatten, MaxPool2d, ReLU
from engine.types import Array, Layer, ShapeError

Kind = Literal["conv", "pool"]

LETTERS: dict[str, Kind] = {"c": "conv", "m": "pool"}
_WINDOW = re.compile(r"([cm])(\d+)(?:s(\d+))?(?:p(\d+))?(?:d(\d+))?")


@dataclass(frozen=True)
class Window:
    """A square convolution or max pooling; ``kernel``, ``stride``, ``padding``, ``dilation`` for both directions."""

    kind: Kind
    kernel: int
    stride: int = 1
    padding: int = 0
    dilation: int = 1
    name: str = ""

    def places(self, size: int) -> int:
        """How many places it has on ``size`` units in a row. Raises ShapeError where it has none."""
        count = output_size(size, self.kernel, self.stride, self.padding, self.dilation)
        if count < 1:
            raise ShapeError(
                f"{self.name or self.kind} spans {self.span} units, but there are only {size} + 2·{self.padding}. "
                f"A smaller kernel or dilation, more padding or a larger image would do."
            )
        return count

    @property
    def span(self) -> int:
        """Units from the first that the window reads to the last: d·(k - 1) + 1."""
        return self.dilation * (self.kernel - 1) + 1

    def reads(self, place: int) -> range:
        """The units that one place reads, those of the padding included."""
        first = place * self.stride - self.padding
        return range(first, first + self.span, self.dilation)

    def code(self) -> str:
        """The window as it is spelt in a stack, without what goes without saying."""
        usual = self.kernel if self.kind == "pool" else 1
        letter = next(letter for letter, kind in LETTERS.items() if kind == self.kind)
        given = (("s", self.stride, usual), ("p", self.padding, 0), ("d", self.dilation, 1))
        return f"{letter}{self.kernel}" + "".join(f"{sign}{value}" for sign, value, plain in given if value != plain)


def parse_stack(text: str) -> tuple[Window, ...]:
    """The windows that a text spells, named conv1, conv2, pool1, … by kind; an empty text spells none.

    Raises ValueError for a text that spells no stack.
    """
    found: list[Window] = []
    for word in text.split("-") if text else []:
        match = _WINDOW.fullmatch(word)
        if match is None:
            raise ValueError(f"A window is spelt like c3, c3s2p1d2 or m2, not {word!r}.")
        letter, kernel, stride, padding, dilation = match.groups()
        kind = LETTERS[letter]
        usual = int(kernel) if kind == "pool" else 1
        number = sum(window.kind == kind for window in found) + 1
        sizes = int(kernel), int(stride or usual), int(padding or 0), int(dilation or 1)
        if min(sizes[0], sizes[1], sizes[3]) < 1:
            raise ValueError(f"Kernel, stride and dilation are at least 1, unlike those of {word!r}.")
        found.append(Window(kind, *sizes, name=f"{kind}{number}"))
    return tuple(found)


def format_stack(windows: Sequence[Window]) -> str:
    """What ``parse_stack`` reads."""
    return "-".join(window.code() for window in windows)


def windows_of(layers: Sequence[tuple[str, Layer]]) -> tuple[Window, ...]:
    """The windows of a network up to where its maps are flattened; what works place by place is left out.

    Raises TypeError for a layer that is no square convolution or max pooling and not place by place.
    """
    found = []
    for name, layer in layers:
        if isinstance(layer, Flatten):
            break
        if isinstance(layer, ReLU):
            continue
        if not isinstance(layer, Conv2d | MaxPool2d):
            raise TypeError(f"{name} is a {type(layer).__name__}: a stack has convolutions, max pooling and ReLU.")
        kernel, stride, padding, dilation = (
            (layer.kernel, *layer.geometry) if isinstance(layer, Conv2d) else layer.geometry
        )
        kind: Kind = "conv" if isinstance(layer, Conv2d) else "pool"
        found.append(Window(kind, kernel[0], stride[0], padding[0], dilation[0], name))
    return tuple(found)


def layers_of(
    windows: Sequence[Window], channels: int = 1, relu: bool = True, bias: bool = True
) -> list[tuple[str, Layer]]:
    """The windows as layers for one-channel images: ``channels`` maps each, a ReLU after every convolution."""
    layers: list[tuple[str, Layer]] = []
    below = 1
    for number, window in enumerate(windows):
        name = window.name or f"layer{number + 1}"
        sizes = window.kernel, window.stride, window.padding, window.dilation
        if window.kind == "pool":
            layers.append((name, MaxPool2d(*sizes)))
            continue
        layers.append((name, Conv2d(below, channels, *sizes, bias=bias)))
        below = channels
        if relu:
            layers.append((f"{name}.relu", ReLU()))
    return layers


def map_sizes(windows: Sequence[Window], size: int) -> tuple[int, ...]:
    """How many units stand in a row after each window, the image's own ``size`` first. Raises ShapeError."""
    sizes = [size]
    for window in windows:
        sizes.append(window.places(sizes[-1]))
    return tuple(sizes)


def ways_below(windows: Sequence[Window], size: int, level: int, place: int) -> tuple[Array, ...]:
    """In one direction: from each place of the image and of every layer up to ``level``, the ways to one unit of it.

    ``level`` 0 is the image, 1 the first window's map, …; ``place`` a unit there. Returns level + 1 arrays.
    """
    sizes = map_sizes(windows[:level], size)
    ways = np.zeros(sizes[level])
    ways[place] = 1
    found = [ways]
    for window, units in zip(reversed(windows[:level]), reversed(sizes[:level]), strict=True):
        below = np.zeros(units)
        for i in np.flatnonzero(ways):
            for u in window.reads(int(i)):
                if 0 <= u < units:
                    below[u] += ways[i]
        found.append(below)
        ways = below
    return tuple(reversed(found))


def ways_above(windows: Sequence[Window], size: int, level: int, place: int) -> tuple[Array, ...]:
    """In one direction: from one unit of ``level``, the ways to each unit of it and of every layer after it.

    This is the projective field: the unit's own layer first, then len(windows) - level more.
    """
    sizes = map_sizes(windows, size)
    ways = np.zeros(sizes[level])
    ways[place] = 1
    found = [ways]
    for window, units in zip(windows[level:], sizes[level + 1 :], strict=True):
        below = ways
        ways = np.array([sum(below[u] for u in window.reads(i) if 0 <= u < len(below)) for i in range(units)])
        found.append(ways)
    return tuple(found)
