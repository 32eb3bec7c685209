"""Layers as PyTorch source: a class whose arrays have the same names as here, so that a state dict passes both ways.

Each block is a class of its own, in front of the one that holds it: what its forward says (a sum, torch.cat, a gate) is
all that it does.
"""

from __future__ import annotations

import keyword
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from engine.layers import (
    Highway,
    LocallyConnected2d,
    LogSoftmax,
    Maxout,
    MaxUnpool2d,
    Parallel,
    PReLU,
    Residual,
    Softmax,
    StochasticPool2d,
    WeightNorm,
)
from engine.sentence import Sentence
from engine.summary import brief
from engine.trace import Layers
from engine.types import Layer

_HEAD = "import torch\nfrom collections import OrderedDict\nfrom torch import nn\n"
_NO_TWIN = (LocallyConnected2d, Maxout, MaxUnpool2d, StochasticPool2d)
_TAKEN = {
    *("T_destination", "add_module", "apply", "bfloat16", "buffers", "call_super_init", "children", "compile", "cpu"),
    *("cuda", "double", "dump_patches", "eval", "extra_repr", "float", "forward", "half", "modules", "parameters"),
    *("requires_grad_", "share_memory", "state_dict", "to", "to_empty", "train", "training", "type", "xpu"),
    *("ipu", "mtia", "zero_grad", "x", "self"),
}
"""What nn.Module calls things of its own."""


class Unwritable(ValueError):
    """A network that PyTorch has no layers for, or no place for a name of: says which."""

    def __init__(self, message: Sentence) -> None:
        self.message = message
        super().__init__(str(message))


def pytorch_of(layers: Sequence[tuple[str, Layer]], name: str = "Net") -> str:
    """The source of a class ``name`` of these layers, with what it imports. Raises Unwritable."""
    writer = _Writer({name})
    body = writer.definition(name, tuple(layers), [f"x = self.{own}(x)" for own, _ in layers] + ["return x"])
    return "\n\n".join([_HEAD, *writer.classes, body]) + "\n"


@dataclass
class _Writer:
    """Collects the blocks' classes, innermost first, each with a name that no other has."""

    names: set[str]
    classes: list[str] = field(default_factory=list)

    def definition(self, name: str, parts: Layers, forward: Sequence[str]) -> str:
        """A class that holds these layers as attributes."""
        made = [f"        self.{_checked(own)} = {self.made(own, layer)}" for own, layer in parts]
        return "\n".join(
            [
                f"class {name}(nn.Module):",
                "    def __init__(self):",
                "        super().__init__()",
                *made,
                "",
                "    def forward(self, x):",
                *(f"        {line}" for line in forward),
                "",
            ]
        )

    def made(self, name: str, layer: Layer) -> str:
        """The expression that makes a layer; a block's is the call of its class."""
        match layer:
            case Residual():
                right = "self.shortcut(x)" if layer.shortcut else "x"
                return self._block(name, layer.paths(), [f"return self.body(x) + {right}"])
            case Highway():
                lines = ["t = self.gate(x)", "return t * self.transform(x) + (1 - t) * x"]
                return self._block(name, layer.paths(), lines)
            case Parallel():
                outputs = ", ".join(f"self.{own}(x)" if row else "x" for own, row in layer.branches)
                return self._block(name, layer.paths(), [f"return torch.cat([{outputs}], dim=1)"])
            case WeightNorm(inner):
                return f"nn.utils.weight_norm({self.made(name, inner)})"
        if isinstance(layer, _NO_TWIN):
            raise Unwritable(
                Sentence("PyTorch has no {layer}, so this network has no PyTorch code", layer=brief(layer))
            )
        return f"nn.{_as_there(layer)}"

    def _block(self, name: str, paths: dict[str, Layers], forward: Sequence[str]) -> str:
        rows = {path: row for path, row in paths.items() if row}
        made = [f"        self.{_checked(path)} = {self._row(row)}" for path, row in rows.items()]
        own = self._class_name(name)
        text = self.definition(own, (), forward).split("\n")
        self.classes.append("\n".join([*text[:3], *made, *text[3:]]))
        return f"{own}()"

    def _row(self, row: Layers) -> str:
        """A path as a Sequential whose layers have their names."""
        pairs = list(self._pairs(row))
        return "\n".join(["nn.Sequential(OrderedDict([", *pairs, "        ]))"])

    def _pairs(self, row: Layers) -> Iterator[str]:
        for name, layer in row:
            if name in _TAKEN:
                _checked(name)
            made = self.made(name, layer)
            yield f'            ("{name}", {made}),'

    def _class_name(self, name: str) -> str:
        plain = "".join(part[:1].upper() + part[1:] for part in name.split("_")) or "Block"
        plain = plain if plain[0].isalpha() else f"Block{plain}"
        numbered = (f"{plain}{number}" for number in range(2, len(self.names) + 3))
        own = next(each for each in (plain, *numbered) if each not in self.names)
        self.names.add(own)
        return own


def _checked(name: str) -> str:
    """A name that can be an attribute of a module. Raises Unwritable."""
    if not name.isidentifier() or keyword.iskeyword(name) or name in _TAKEN or name.startswith("_"):
        told = Sentence("A PyTorch module can't hold a layer called {name}; another name works", name=name)
        raise Unwritable(told)
    return name


def _as_there(layer: Layer) -> str:
    """A layer's call where PyTorch has another name for a setting, or another default."""
    match layer:
        case PReLU():
            return re.sub(r"\bstart=", "init=", brief(layer))
        case Softmax() | LogSoftmax():
            return f"{type(layer).__name__}(dim={layer.dim})"
    return brief(layer)
