"""One convolution with everything that it read and made, for looking at."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from engine.kernels.im2col import im2col
from engine.layers import Conv2d
from engine.layers.conv_variants import ConvTranspose2d
from engine.layers.padding import PADS, PaddingMode
from engine.trace import Step
from engine.types import Array, Params, ShapeError


@dataclass(frozen=True)
class Convolved:
    """y = layer(x, padded in one of the four modes).

    x (1, C, H, W); ``step`` is the layer's own: with zeros it pads by itself and reads x, else it reads the padded
    image and pads with nothing. ``padding`` and ``mode`` are what was asked for.
    """

    x: Array
    padding: int
    mode: PaddingMode
    step: Step

    @property
    def layer(self) -> Conv2d:
        """The convolution that made y."""
        assert isinstance(self.step.layer, Conv2d)
        return self.step.layer

    @property
    def columns(self) -> Array:
        """X_col (C·kh·kw, OH·OW) of what the layer reads."""
        found: Array = im2col(self.step.x, self.layer.kernel, *self.layer.geometry)[0]
        return found

    @property
    def copies(self) -> float:
        """How often X_col holds a pixel of x on average; the layer's own zeros around x aren't pixels."""
        pixels = im2col(np.ones_like(self.step.x), self.layer.kernel, *self.layer.geometry)[0]
        return float(pixels.sum() / self.x.size)

    def arrays(self) -> Mapping[str, Array]:
        """What was read and made, by name."""
        padded = {} if self.step.x is self.x else {"padded": self.step.x}
        return {"x": self.x, **padded, **self.step.params, "y": self.step.y}


def convolve(
    x: Array,
    params: Params,
    *,
    stride: int = 1,
    padding: int = 0,
    mode: PaddingMode = "zeros",
    dilation: int = 1,
    groups: int = 1,
) -> Convolved:
    """Convolve x (1, C, H, W) with ``params``, a weight (K, C/groups, kh, kw) and a bias (K,).

    Raises ShapeError where the kernel or the padding finds no room, or the groups don't divide.
    """
    weight = params["weight"]
    k, c, kh, kw = weight.shape
    if c * groups != x.shape[1] or k % groups:
        raise ShapeError(
            f"{groups} groups cut {x.shape[1]} channels and {k} filters into equal parts only where they divide both; "
            "groups=1 always works."
        )
    own = padding if mode == "zeros" else 0
    layer = Conv2d(x.shape[1], k, (kh, kw), stride, own, dilation, groups, "bias" in params)
    read = x if mode == "zeros" or padding == 0 else PADS[mode]((padding,) * 4).forward({}, x)[0]
    y, cache = layer.forward(params, read)
    return Convolved(x, padding, mode, Step("conv", layer, params, read, y, cache))


def transpose(x: Array, weight: Array, *, stride: int = 1, padding: int = 0, dilation: int = 1) -> Step:
    """Stamp a weight (C, K, kh, kw) onto a larger y. Raises ShapeError where the padding cuts all of it away."""
    layer = ConvTranspose2d(
        weight.shape[0], weight.shape[1], weight.shape[2:], stride, padding, bias=False, dilation=dilation
    )
    params = {"weight": weight}
    y, cache = layer.forward(params, x)
    return Step("transposed", layer, params, x, y, cache)
