"""torchvision's names for a ResNet's weights, and the way back, so that its published weights can be read.

    ours                              torchvision's
    conv1, bn1, fc                    conv1, bn1, fc
    block{s}_{p}.body.conv1           layer{s - 1}.{p - 1}.conv1        stages counted from 1, blocks from 0
    block{s}_{p}.shortcut.conv        layer{s - 1}.{p - 1}.downsample.0
    block{s}_{p}.shortcut.bn          layer{s - 1}.{p - 1}.downsample.1

Arrays pass as they are; both keep the order. With the names changed, ``engine.io.npz`` reads and writes state dicts.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping

from engine.types import Array, Params

_SHORTCUT = {"conv": "0", "bn": "1"}
_OURS = re.compile(r"block([2-9])_([1-9]\d*)\.(?:body\.(\w+)|shortcut\.(conv|bn))\.(\w+)", re.ASCII)
_THEIRS = re.compile(r"layer([1-8])\.(0|[1-9]\d*)\.(?:downsample\.([01])|(\w+))\.(\w+)", re.ASCII)
_SAME = re.compile(r"(conv1|bn1|fc)\.\w+", re.ASCII)


def to_torchvision(params: Mapping[str, Array]) -> Params:
    """A residual network's parameters under torchvision's names. Raises ValueError for a name that has none there."""
    return _renamed(params, _to_theirs, "a residual network of engine.zoo.resnet, such as block2_1.body.conv1.weight")


def from_torchvision(state: Mapping[str, Array]) -> Params:
    """torchvision's ResNet state dict, as NumPy arrays, under our names. Raises ValueError for another network's."""
    return _renamed(state, _to_ours, "torchvision's ResNet, such as layer1.0.conv1.weight")


def _to_theirs(name: str) -> str | None:
    found = _OURS.fullmatch(name)
    if found is None:
        return None
    stage, place, inner, shortcut, parameter = found.groups()
    inside = inner or f"downsample.{_SHORTCUT[shortcut]}"
    return f"layer{int(stage) - 1}.{int(place) - 1}.{inside}.{parameter}"


def _to_ours(name: str) -> str | None:
    found = _THEIRS.fullmatch(name)
    if found is None:
        return None
    stage, place, shortcut, inner, parameter = found.groups()
    inside = f"body.{inner}" if inner else f"shortcut.{('conv', 'bn')[int(shortcut)]}"
    return f"block{int(stage) + 1}_{int(place) + 1}.{inside}.{parameter}"


def _renamed(params: Mapping[str, Array], rename: Callable[[str], str | None], expected: str) -> Params:
    renamed: Params = {}
    for name, value in params.items():
        new = name if _SAME.fullmatch(name) else rename(name)
        if new is None:
            raise ValueError(f"{name!r} was given; expected the names of {expected}.")
        renamed[new] = value
    return renamed
