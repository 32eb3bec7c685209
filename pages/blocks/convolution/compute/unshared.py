"""A convolution that doesn't share: the same windows, and a kernel of its own at every place."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from engine.layers import Conv2d
from engine.layers.conv_variants import LocallyConnected2d
from engine.trace import Step
from engine.types import Array, Pair, Params


@dataclass(frozen=True)
class Unshared:
    """y = layer(x) by a LocallyConnected2d, and the convolution with the same windows, which shares its kernel."""

    step: Step
    shared: Conv2d

    @property
    def mosaic(self) -> Array:
        """All kernels of the first channel as one picture, (out_h·kh, out_w·kw), each at its place."""
        _k, height, width, _c, kh, kw = self.step.params["weight"].shape
        kernels = self.step.params["weight"][0, :, :, 0]
        return np.ascontiguousarray(kernels.transpose(0, 2, 1, 3)).reshape(height * kh, width * kw)

    def arrays(self) -> Mapping[str, Array]:
        """What was read and made, by name."""
        return {"x": self.step.x, **self.step.params, "y": self.step.y}


def places(size: Pair, kernel: Pair, stride: int, padding: int) -> Pair:
    """Rows and columns of the output."""
    _k, height, width = Conv2d(1, 1, kernel, stride, padding).output_shape((1, *size))
    return height, width


def banded(kernels: Sequence[Array], places: Pair, channels: int) -> Array:
    """A weight (1, out_h, out_w, channels, kh, kw): equal bands of places, from above, each with one kernel."""
    height, width = places
    rows = np.stack([kernels[i * len(kernels) // height] for i in range(height)])
    kh, kw = rows.shape[1:]
    return np.broadcast_to(rows[None, :, None, None], (1, height, width, channels, kh, kw)).copy()


def connect(x: Array, params: Params, *, stride: int = 1, padding: int = 0) -> Unshared:
    """x (1, C, H, W), weight (1, out_h, out_w, C, kh, kw), bias (1, out_h, out_w)."""
    channels, kernel = x.shape[1], params["weight"].shape[-2:]
    layer = LocallyConnected2d(channels, 1, x.shape[2:], kernel, stride, padding)
    y, cache = layer.forward(params, x)
    return Unshared(Step("local", layer, params, x, y, cache), Conv2d(channels, 1, kernel, stride, padding))
