"""The layers that can be named, and what each may be told: by position and by name as PyTorch does, from the specs.

This table is the only way from a name in a text to something that is called.
"""

from __future__ import annotations

import difflib
import inspect
from dataclasses import MISSING, dataclass, fields
from functools import cache
from typing import Any, get_type_hints

from engine import layers
from engine.layers import Highway, Parallel, Residual, WeightNorm
from engine.types import Layer

BLOCKS = ("Residual", "Shortcut", "Parallel", "Sequential", "Highway", "Transform", "Gate", "WeightNorm")
"""What holds lines of layers. Shortcut stands in Residual, Transform and Gate in Highway, Sequential anywhere."""

LAYERS: dict[str, type[Any]] = {
    name: thing
    for name, thing in vars(layers).items()
    if inspect.isclass(thing) and hasattr(thing, "output_shape")
    if thing not in (Residual, Highway, Parallel, WeightNorm)
}
"""Every layer of the engine that holds no other, by name."""

_SHORT = {
    "Conv2d": "conv",
    "ConvTranspose2d": "conv",
    "LocallyConnected2d": "local",
    "Linear": "fc",
    "BatchNorm1d": "bn",
    "BatchNorm2d": "bn",
    "MaxPool2d": "pool",
    "AvgPool2d": "pool",
    "AdaptiveAvgPool2d": "average",
    "Dropout": "drop",
    "Dropout2d": "drop",
}
"""What layers of a kind are called where nobody named them; others after their kind, in small letters."""

_NICKNAMES = {
    "activation": "ReLU",
    "avgpool": "AvgPool2d",
    "averagepooling2d": "AvgPool2d",
    "batchnorm": "BatchNorm2d",
    "batchnormalization": "BatchNorm2d",
    "bn": "BatchNorm2d",
    "conv": "Conv2d",
    "conv2dtranspose": "ConvTranspose2d",
    "deconv": "ConvTranspose2d",
    "dense": "Linear",
    "fc": "Linear",
    "fullyconnected": "Linear",
    "globalaveragepooling2d": "AdaptiveAvgPool2d",
    "maxpool": "MaxPool2d",
    "maxpooling2d": "MaxPool2d",
    "pool": "MaxPool2d",
    "swish": "SiLU",
}

_ORDER = {
    "MaxPool2d": ("kernel_size", "stride", "padding", "dilation", "return_indices", "ceil_mode"),
    "InstanceNorm2d": ("num_features", "eps", "momentum", "affine", "track_running_stats"),
    "PReLU": ("num_parameters", "init", "device", "dtype"),
}
"""Where PyTorch's order isn't ours with more at the end."""

_ONLY_THERE: dict[str, dict[str, tuple[Any, ...]]] = {
    "AdaptiveMaxPool2d": {"return_indices": (False,)},
    "AvgPool2d": {"divisor_override": (None,)},
    "BatchNorm1d": {"device": (None,), "dtype": (None,), "bias": (True,)},
    "BatchNorm2d": {"device": (None,), "dtype": (None,), "bias": (True,)},
    "Conv2d": {"device": (None,), "dtype": (None,)},
    "ConvTranspose2d": {"padding_mode": ("zeros",), "device": (None,), "dtype": (None,)},
    "GroupNorm": {"device": (None,), "dtype": (None,), "bias": (True,)},
    "InstanceNorm2d": {
        **{"momentum": (0.1, None), "track_running_stats": (False,)},
        **{"device": (None,), "dtype": (None,), "bias": (True,)},
    },
    "LayerNorm": {"device": (None,), "dtype": (None,)},
    "Linear": {"device": (None,), "dtype": (None,)},
    "MaxPool2d": {"return_indices": (False,)},
    "PReLU": {"device": (None,), "dtype": (None,)},
    "Softplus": {"threshold": (20,)},
    "Upsample": {"align_corners": (None, False), "recompute_scale_factor": (None, False)},
    **{
        name: {"inplace": (True, False)}
        for name in ("CELU", "ELU", "SELU", "Dropout", "Dropout2d", "Hardsigmoid", "Hardswish", "Hardtanh")
    },
    **{name: {"inplace": (True, False)} for name in ("LeakyReLU", "Mish", "RReLU", "ReLU", "ReLU6", "SiLU")},
}
"""PyTorch's arguments that aren't here, with the values that change nothing."""

_ANY_WHOLE = ("start_dim", "end_dim", "dim")
_FROM_ZERO = ("padding", "output_padding")


@dataclass(frozen=True)
class Argument:
    """One thing that a layer may be told. ``field`` is what it is called here; "" where only PyTorch has it."""

    name: str
    field: str
    hint: Any = None
    needed: bool = False
    harmless: tuple[Any, ...] = ()

    @property
    def least(self) -> int | None:
        """The smallest whole number that makes sense; None where any does."""
        return None if self.name in _ANY_WHOLE else int(self.name not in _FROM_ZERO)


@cache
def arguments(name: str) -> tuple[Argument, ...]:
    """What this layer may be told, in PyTorch's order."""
    kind = LAYERS[name]
    hints = get_type_hints(kind)
    own = {
        field.name: Argument(field.name, field.name, hints[field.name], field.default is MISSING)
        for field in fields(kind)
    }
    if name == "PReLU":
        own["init"] = Argument("init", "start", hints["start"])
    there = {other: Argument(other, "", harmless=values) for other, values in _ONLY_THERE.get(name, {}).items()}
    every = own | there
    first = _ORDER.get(name, tuple(field for field in own))
    return tuple(every[each] for each in dict.fromkeys((*first, *every)))


def nearest(name: str, *, blocks: bool) -> str:
    """The layer whose name is most like this one, or the block, if it may be one; "" where none is."""
    plain = name.lower().replace("_", "")
    if plain in _NICKNAMES:
        return _NICKNAMES[plain]
    by_letters = {known.lower(): known for known in (*LAYERS, *(BLOCKS if blocks else ()))}
    found = difflib.get_close_matches(plain[:40], by_letters, n=1, cutoff=0.6)
    return by_letters[found[0]] if found else ""


def kind_name(layer: Layer) -> str:
    """What a layer of this kind is called before its number."""
    kind = type(layer).__name__
    return _SHORT.get(kind, kind.lower())
