"""The small sums behind a convolution: how often its kernel fits, and how many numbers it has to learn."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from fractions import Fraction
from math import prod

from engine.layers import Conv2d
from engine.types import Shape

NEARBY = 4


@dataclass(frozen=True)
class Fit:
    """(size - span + 2·padding) / stride + 1 places, where span = dilation·(kernel - 1) + 1: along one axis.

    All are counts of rows (or columns). The kernel fits where that is a whole number; if not, frameworks round down,
    and the last ``unread`` rows of the padded image are never read.
    Dumoulin & Visin, "A guide to convolution arithmetic for deep learning", 2016.
    """

    size: int
    kernel: int
    stride: int = 1
    padding: int = 0
    dilation: int = 1

    @property
    def span(self) -> int:
        """How many rows the kernel covers, from its first cell to its last."""
        return self.dilation * (self.kernel - 1) + 1

    @property
    def exact(self) -> Fraction:
        """The number of places as the formula gives it, whole or not; below 1 where the kernel is too large."""
        return Fraction(self.size - self.span + 2 * self.padding, self.stride) + 1

    @property
    def places(self) -> int:
        """The number of places: rounded down, 0 where the kernel is too large."""
        return max(0, self.exact.__floor__())

    @property
    def fits(self) -> bool:
        """Does the kernel tile the input with nothing left over?"""
        return self.exact >= 1 and self.exact.denominator == 1

    @property
    def unread(self) -> int:
        """Rows at the far end that no place of the kernel reaches."""
        return (
            self.size + 2 * self.padding
            if self.places == 0
            else (self.size - self.span + 2 * self.padding) % self.stride
        )

    def remedies(self) -> tuple[tuple[str, int], ...]:
        """(setting, value): the nearest change of each one setting that makes the kernel fit; () where it does."""
        return () if self.fits else tuple(self._remedies())

    def _remedies(self) -> Iterator[tuple[str, int]]:
        for name, least in (("padding", 0), ("stride", 1), ("kernel", 1), ("size", 1)):
            now: int = getattr(self, name)
            nearest = sorted(range(max(least, now - NEARBY), now + NEARBY + 1), key=lambda value: abs(value - now))
            for value in nearest:
                if replace(self, **{name: value}).fits:
                    yield name, value
                    break


@dataclass(frozen=True)
class Counts:
    """Parameters, biases included, of three layers that read the same image and make the same output."""

    shared: int
    """A convolution: one kernel for all places."""
    unshared: int
    """Locally connected: the same windows, a kernel of its own at each place."""
    full: int
    """Fully connected: every output reads every input."""
    neurons: int
    """Numbers in the output."""
    each: int
    """Parameters of one neuron: a window's weights and a bias."""


def count(layer: Conv2d, image: Shape) -> Counts:
    """The parameters of ``layer`` on an image (C, H, W), against the same without sharing and fully connected."""
    out = layer.output_shape(image)
    bias = int(layer.bias)
    each = layer.in_channels // layer.groups * prod(layer.kernel) + bias
    neurons = prod(out)
    return Counts(layer.out_channels * each, neurons * each, neurons * (prod(image) + bias), neurons, each)
