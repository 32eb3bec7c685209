"""Layers that hold layers: sums, gates and side-by-side branches. A Trace can be opened at each of them.

Their parameters have dotted names, "body.conv1.weight", as in PyTorch's modules; their caches hold the Traces of
their paths by name, so every inner step can be looked at like an outer one.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from engine.initializers import HeNormal
from engine.trace import Layers, Trace, backward_through, forward_through, init_all, params_of, shapes_through
from engine.types import Array, Cache, Initializer, Layer, Params, Shape, ShapeError

_NAME = re.compile(r"\w+", re.ASCII)


class _Paths:
    """What all blocks share: named paths, each a row of layers, and parameters "path.layer.parameter"."""

    def __post_init__(self) -> None:
        for path, layers in self.paths().items():
            _expect_row(f"{type(self).__name__}: {path}", layers)

    def paths(self) -> dict[str, Layers]:
        """The block's paths by name, empty ones (which pass x on as it is) too."""
        raise NotImplementedError

    def init(
        self,
        rng: np.random.Generator,
        initializer: Initializer = HeNormal(),
        dtype: npt.DTypeLike = np.float32,
    ) -> Params:
        """Fresh parameters of all paths."""
        return {
            f"{path}.{name}": value
            for path, layers in self.paths().items()
            for name, value in init_all(layers, rng, initializer, dtype).items()
        }

    def output_shape(self, shape: Shape) -> Shape:
        """The output's shape for one example of ``shape``; raises ShapeError where the paths don't fit together."""
        raise NotImplementedError

    def _shapes(self, shape: Shape) -> dict[str, Shape]:
        """What each path makes of an input of this shape."""
        found = {}
        for path, layers in self.paths().items():
            try:
                found[path] = shapes_through(layers, shape)[-1][1] if layers else shape
            except ShapeError as error:
                raise ShapeError(f"Path {path!r}: {error}") from None
        return found

    def _forward(
        self, params: Params, x: Array, train: bool, rng: np.random.Generator | None
    ) -> tuple[dict[str, Array], dict[str, Any]]:
        """Each path's output, and a cache of their Traces and of the buffers that their layers brought up to date."""
        self.output_shape(x.shape[1:])
        outputs: dict[str, Array] = {}
        cache: dict[str, Any] = {}
        for path, layers in self.paths().items():
            trace = forward_through(layers, params_of(path, params), x, train=train, rng=rng)
            outputs[path] = trace.y if layers else x
            cache[path] = trace
            cache |= {f"{path}.{name}": value for name, value in trace.buffers.items()}
        return outputs, cache

    def _backward(self, cache: Cache, path: str, dy: Array) -> tuple[Array, Params]:
        """One path's dx, and its grads under the block's names."""
        trace: Trace = cache[path]
        if not trace.steps:
            return dy, {}
        back = backward_through(trace, dy)
        return back.dx, {f"{path}.{name}": value for name, value in back.grads.items()}


def _expect_row(what: str, layers: Layers) -> None:
    """Raise ValueError unless this is a tuple of (name, layer), each name one that a parameter's name can hold."""
    expected = 'a tuple of (name, layer), such as (("conv", Conv2d(8, 8, 3, padding=1)), ("relu", ReLU()))'
    if not isinstance(layers, tuple):
        raise ValueError(f"{what} is a {type(layers).__name__}; expected {expected}.")
    for entry in layers:
        if not (isinstance(entry, tuple) and len(entry) == 2 and isinstance(entry[1], Layer)):
            raise ValueError(f"{what} holds {entry!r}; expected {expected}.")
    _expect_names(what, [name for name, _ in layers])


def _expect_names(what: str, names: list[str]) -> None:
    """Raise ValueError for a name that stands twice, or that would be two names in "path.layer.parameter"."""
    for name in names:
        if not isinstance(name, str) or not _NAME.fullmatch(name):
            raise ValueError(f"{what}: {name!r} can't be a name; expected letters, digits and _, such as 'conv1'.")
        if names.count(name) > 1:
            raise ValueError(f"{what} has more than one {name!r}; expected a name of its own for each.")


@dataclass(frozen=True)
class Residual(_Paths):
    """y = F(x) + S(x): the body learns what to add to x; an empty shortcut S passes x on as it is.

    Where the body changes the shape, the shortcut must change it alike (a 1×1 convolution, in ResNet). Raises
    ShapeError where the two don't fit. The ReLU that follows the sum in ResNet is a layer of its own.
    He, Zhang, Ren & Sun, "Deep residual learning for image recognition", 2016.
    """

    body: Layers
    shortcut: Layers = ()

    def __post_init__(self) -> None:
        super().__post_init__()
        if not self.body:
            raise ValueError("Residual: the body is empty, so there is nothing to learn; expected at least one layer.")

    def paths(self) -> dict[str, Layers]:
        """body and shortcut."""
        return {"body": self.body, "shortcut": self.shortcut}

    def output_shape(self, shape: Shape) -> Shape:
        """The shape that both paths make."""
        made = self._shapes(shape)
        if made["body"] != made["shortcut"]:
            raise ShapeError(
                f"Residual adds its two paths, but from {shape} the body makes {made['body']} and the shortcut "
                f"{made['shortcut']}. A shortcut of a 1×1 convolution with the body's channels and stride would fit."
            )
        return made["body"]

    def forward(
        self, params: Params, x: Array, *, train: bool = False, rng: np.random.Generator | None = None
    ) -> tuple[Array, Cache]:
        """1. f = F(x), s = S(x).  2. y = f + s."""
        outputs, cache = self._forward(params, x, train, rng)
        return outputs["body"] + outputs["shortcut"], cache

    def backward(self, params: Params, cache: Cache, dy: Array) -> tuple[Array, Params]:
        """2'. A sum hands dy to both of its terms unchanged: that is the path on which gradients don't fade.

        1'. dx = (dF/dx)ᵀ dy + (dS/dx)ᵀ dy: x was used twice, so its gradients add up.
        """
        from_body, body_grads = self._backward(cache, "body", dy)
        from_shortcut, shortcut_grads = self._backward(cache, "shortcut", dy)
        return from_body + from_shortcut, body_grads | shortcut_grads


@dataclass(frozen=True)
class Highway(_Paths):
    """y = t ⊙ H(x) + (1 - t) ⊙ x, with t = T(x) between 0 and 1: the gate decides how much of x is replaced.

    H and T are any layers, convolutions as well as linear ones, that keep x's shape (ShapeError where they don't);
    T should end in a Sigmoid. The last bias of T starts at ``gate_bias``: at -2 the gate is 0.12 open on average, and
    x passes nearly as it is. A T without a bias starts as its layers do.
    Srivastava, Greff & Schmidhuber, "Training very deep networks", 2015.
    """

    transform: Layers
    gate: Layers
    gate_bias: float = -2.0

    def __post_init__(self) -> None:
        super().__post_init__()
        if not np.isfinite(self.gate_bias):
            raise ValueError(f"Highway: gate_bias={self.gate_bias!r}; expected a finite number, such as -2.")

    def init(
        self,
        rng: np.random.Generator,
        initializer: Initializer = HeNormal(),
        dtype: npt.DTypeLike = np.float32,
    ) -> Params:
        """Fresh parameters of both paths, the gate's last bias at ``gate_bias``."""
        params = super().init(rng, initializer, dtype)
        biases = [name for name in params if name.startswith("gate.") and name.endswith(".bias")]
        for name in biases[-1:]:
            params[name] = np.full_like(params[name], self.gate_bias)
        return params

    def paths(self) -> dict[str, Layers]:
        """transform and gate."""
        return {"transform": self.transform, "gate": self.gate}

    def output_shape(self, shape: Shape) -> Shape:
        """The input's own shape."""
        for path, made in self._shapes(shape).items():
            if made != shape:
                raise ShapeError(f"Highway mixes x with its paths, but from {shape} the {path} makes {made}.")
        return shape

    def forward(
        self, params: Params, x: Array, *, train: bool = False, rng: np.random.Generator | None = None
    ) -> tuple[Array, Cache]:
        """1. h = H(x), t = T(x).  2. y = t · h + (1 - t) · x."""
        outputs, cache = self._forward(params, x, train, rng)
        h, t = outputs["transform"], outputs["gate"]
        return t * h + (1 - t) * x, {**cache, "x": x, "h": h, "t": t}

    def backward(self, params: Params, cache: Cache, dy: Array) -> tuple[Array, Params]:
        """2'. dh = dy · t, dt = dy · (h - x), and x gets dy · (1 - t) directly.

        1'. To that come the gradients of x through H and through T.
        """
        t = cache["t"]
        from_h, h_grads = self._backward(cache, "transform", dy * t)
        from_t, t_grads = self._backward(cache, "gate", dy * (cache["h"] - cache["x"]))
        return dy * (1 - t) + from_h + from_t, h_grads | t_grads


@dataclass(frozen=True)
class Parallel(_Paths):
    """y = branches' outputs one behind the other, along the channels: [B_1(x), B_2(x), …].

    ``branches`` are (name, layers); all must make the same H and W. Inception's and SqueezeNet's blocks are made of
    it. Szegedy et al., "Going deeper with convolutions", 2015; Iandola et al., "SqueezeNet", 2016.
    """

    branches: tuple[tuple[str, Layers], ...]

    def __post_init__(self) -> None:
        if not self.branches:
            raise ValueError("Parallel: there are no branches; expected at least one (name, layers).")
        _expect_names("Parallel", [name for name, _ in self.branches])
        if "widths" in self.paths():
            raise ValueError("Parallel: 'widths' is what the cache calls the branches' channels; choose another name.")
        super().__post_init__()

    def paths(self) -> dict[str, Layers]:
        """The branches by name."""
        return dict(self.branches)

    def output_shape(self, shape: Shape) -> Shape:
        """(sum of the branches' channels, H, W)."""
        made = self._shapes(shape)
        if len({own[1:] for own in made.values()}) != 1:
            raise ShapeError(
                f"Parallel joins its branches along the channels, so they need the same height and width, but from "
                f"{shape} they make " + ", ".join(f"{path} {own}" for path, own in made.items()) + "."
            )
        first = next(iter(made.values()))
        return (sum(own[0] for own in made.values()), *first[1:])

    def forward(
        self, params: Params, x: Array, *, train: bool = False, rng: np.random.Generator | None = None
    ) -> tuple[Array, Cache]:
        """1. y_b = B_b(x) for each branch.  2. y = all of them, channel by channel."""
        outputs, cache = self._forward(params, x, train, rng)
        widths = tuple(made.shape[1] for made in outputs.values())
        return np.concatenate(list(outputs.values()), axis=1), {**cache, "widths": widths}

    def backward(self, params: Params, cache: Cache, dy: Array) -> tuple[Array, Params]:
        """2'. Each branch gets the part of dy that belongs to its channels.

        1'. dx = Σ_b of the branches' gradients: x went into all of them.
        """
        grads: Params = {}
        dx: Array | None = None
        start = 0
        for (path, _), channels in zip(self.branches, cache["widths"], strict=True):
            from_path, own = self._backward(cache, path, dy[:, start : start + channels])
            dx = from_path if dx is None else dx + from_path
            grads |= own
            start += channels
        assert dx is not None
        return dx, grads
