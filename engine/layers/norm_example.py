"""Normalisations within one example: they need no batch, and do the same in training and testing."""

from __future__ import annotations

from abc import ABC, abstractmethod
from dataclasses import KW_ONLY, dataclass
from math import prod

import numpy as np
import numpy.typing as npt

from engine.initializers import HeNormal
from engine.layers.norm import scale_and_shift, scale_and_shift_backward, standardise, standardise_backward
from engine.types import Array, Cache, Initializer, Params, Shape, ShapeError, expect_counts


@dataclass(frozen=True)
class LayerNorm:
    """y = γ · (x - μ) / √(σ² + ε) + β, μ and σ² over the last axes of one example, of shape normalized_shape.

    x (N, …, *normalized_shape), weight (γ) and bias (β) of normalized_shape, y like x. Raises ShapeError for
    another shape. Ba, Kiros & Hinton, "Layer normalization", 2016.
    """

    normalized_shape: int | Shape
    eps: float = 1e-5
    elementwise_affine: bool = True
    bias: bool = True

    def __post_init__(self) -> None:
        for size in self.sizes or (0,):
            expect_counts("LayerNorm", normalized_shape=size)

    @property
    def sizes(self) -> Shape:
        """normalized_shape as a tuple."""
        given = self.normalized_shape
        return (given,) if isinstance(given, int | np.integer) else tuple(given)

    def init(
        self,
        rng: np.random.Generator,
        initializer: Initializer = HeNormal(),
        dtype: npt.DTypeLike = np.float32,
    ) -> Params:
        """γ = 1, β = 0."""
        if not self.elementwise_affine:
            return {}
        params = {"weight": np.ones(self.sizes, dtype)}
        if self.bias:
            params["bias"] = np.zeros(self.sizes, dtype)
        return params

    def output_shape(self, shape: Shape) -> Shape:
        """The input's own shape."""
        if shape[-len(self.sizes) :] != self.sizes:
            raise ShapeError(
                f"{self!r} was given an input of shape {shape}; its last axes must be {self.sizes}. "
                f"normalized_shape={shape} would normalise over all of it."
            )
        return shape

    def forward(
        self, params: Params, x: Array, *, train: bool = False, rng: np.random.Generator | None = None
    ) -> tuple[Array, Cache]:
        """1. μ, σ² of each example.  2. x̂ = (x - μ) / √(σ² + ε).  3. y = γ · x̂ + β."""
        self.output_shape(x.shape[1:])
        x_hat, inv_std, _mean, _var = standardise(x, self.eps, self._axes)
        return scale_and_shift(x_hat, params, self.sizes), {"x_hat": x_hat, "inv_std": inv_std}

    @property
    def _axes(self) -> tuple[int, ...]:
        return tuple(range(-len(self.sizes), 0))

    def backward(self, params: Params, cache: Cache, dy: Array) -> tuple[Array, Params]:
        """3'. dγ = Σ_n dy · x̂, dβ = Σ_n dy, dx̂ = dy · γ.  2'. 1'. As in batch norm's steps 7' to 1'."""
        x_hat = cache["x_hat"]
        others = tuple(range(dy.ndim - len(self.sizes)))
        grads = {}
        if "weight" in params:
            grads["weight"] = (dy * x_hat).sum(axis=others)
        if "bias" in params:
            grads["bias"] = dy.sum(axis=others)
        dx_hat = dy * params["weight"] if "weight" in params else dy
        return standardise_backward(dx_hat, x_hat, cache["inv_std"], self._axes), grads


class _ChannelGroups(ABC):
    """y = γ_c · (x - μ) / √(σ² + ε) + β_c, μ and σ² over one example's group of neighbouring channels."""

    eps: float
    affine: bool

    @property
    @abstractmethod
    def groups(self) -> int:
        """How many groups the channels are cut into."""

    @property
    @abstractmethod
    def channels(self) -> int:
        """How many channels there are."""

    def init(
        self,
        rng: np.random.Generator,
        initializer: Initializer = HeNormal(),
        dtype: npt.DTypeLike = np.float32,
    ) -> Params:
        """γ = 1, β = 0 for each channel."""
        if not self.affine:
            return {}
        return {"weight": np.ones(self.channels, dtype), "bias": np.zeros(self.channels, dtype)}

    def output_shape(self, shape: Shape) -> Shape:
        """The input's own shape."""
        if not shape or shape[0] != self.channels:
            raise ShapeError(
                f"{self!r} was given an input of shape {shape}; it expects {self.channels} channels, as in "
                f"({self.channels}, H, W)."
            )
        if prod(shape) == self.groups:
            raise ShapeError(
                f"{self!r} was given an input of shape {shape}, with one number in each group: minus its own mean "
                "that is always 0. A larger H and W, or fewer groups, would work."
            )
        return shape

    def forward(
        self, params: Params, x: Array, *, train: bool = False, rng: np.random.Generator | None = None
    ) -> tuple[Array, Cache]:
        """1. μ, σ² of each group.  2. x̂ = (x - μ) / √(σ² + ε).  3. y = γ · x̂ + β."""
        self.output_shape(x.shape[1:])
        grouped = x.reshape(len(x), self.groups, prod(x.shape[1:]) // self.groups)
        x_hat, inv_std, _mean, _var = standardise(grouped, self.eps, (2,))
        x_hat = x_hat.reshape(x.shape)
        return scale_and_shift(x_hat, params, (1, -1, *(1,) * (x.ndim - 2))), {"x_hat": x_hat, "inv_std": inv_std}

    def backward(self, params: Params, cache: Cache, dy: Array) -> tuple[Array, Params]:
        """3'. dγ_c = Σ dy · x̂, dβ_c = Σ dy over the channel, dx̂ = dy · γ.  2'. 1'. As batch norm's 7' to 1'."""
        across = (1, -1, *(1,) * (dy.ndim - 2))
        dx_hat, grads = scale_and_shift_backward(params, cache["x_hat"], dy, across)
        grouped = (len(dy), self.groups, prod(dy.shape[1:]) // self.groups)
        dx = standardise_backward(dx_hat.reshape(grouped), cache["x_hat"].reshape(grouped), cache["inv_std"], (2,))
        return dx.reshape(dy.shape), grads


@dataclass(frozen=True)
class GroupNorm(_ChannelGroups):
    """y = γ_c · (x - μ) / √(σ² + ε) + β_c, μ and σ² over num_channels/num_groups neighbouring channels of an example.

    x (N, num_channels, …), weight (γ) and bias (β) (num_channels,), y like x. One group is layer norm over the
    whole example, as many groups as channels is instance norm. Raises ShapeError for other channels.
    Wu & He, "Group normalization", 2018.
    """

    num_groups: int
    num_channels: int
    eps: float = 1e-5
    affine: bool = True

    def __post_init__(self) -> None:
        expect_counts("GroupNorm", num_groups=self.num_groups, num_channels=self.num_channels)
        if self.num_channels % self.num_groups:
            raise ValueError(
                f"GroupNorm: num_groups={self.num_groups} must divide num_channels={self.num_channels}; "
                "num_groups=1 always works."
            )

    @property
    def groups(self) -> int:
        """num_groups."""
        return self.num_groups

    @property
    def channels(self) -> int:
        """num_channels."""
        return self.num_channels


@dataclass(frozen=True)
class InstanceNorm2d(_ChannelGroups):
    """y = (x - μ) / √(σ² + ε), μ and σ² over H and W of one channel of one example; γ, β with affine=True.

    x (N, num_features, H, W), y alike. Takes contrast and brightness out of every map. Raises ShapeError for
    other channels. Ulyanov, Vedaldi & Lempitsky, "Instance normalization", 2016.
    """

    num_features: int
    eps: float = 1e-5
    _: KW_ONLY
    affine: bool = False

    def __post_init__(self) -> None:
        expect_counts("InstanceNorm2d", num_features=self.num_features)

    @property
    def groups(self) -> int:
        """One for each channel."""
        return self.num_features

    @property
    def channels(self) -> int:
        """num_features."""
        return self.num_features
