"""For each kind of stop its formula, and the code that says the same as plain loops (engine/reference/__init__.py).

In a formula ``<v g="X">`` marks the symbol that the picture with id X shows: pointing at one lights the other.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from typing import Any

from engine import reference
from engine.layers import Conv2d, MaxPool2d
from engine.network import Network
from engine.optimizers import SGD
from engine.syntax import undocumented
from engine.trace import forward_through
from engine.types import Layer


def _v(grid: str, symbol: str, index: str = "") -> str:
    return f'<v g="{grid}">{symbol}<sub>{index}</sub></v>' if index else f'<v g="{grid}">{symbol}</v>'


def _sum(over: str) -> str:
    return f'<span class="sum"><big>Σ</big><small>{over}</small></span>'


def _fraction(above: str, below: str) -> str:
    return f'<span class="frac"><span>{above}</span><span>{below}</span></span>'


def _reads(place: str, cell: str, stride: int, padding: int, dilation: int) -> str:
    """Which row (or column) kernel cell ``cell`` reads at ``place``: 2i+a−1."""
    by = f"{stride}{place}" if stride > 1 else place
    of = f"{dilation}{cell}" if dilation > 1 else cell
    return f"{by}+{of}" + (f"−{padding}" if padding else "")


def _fed(place: str, cell: str, stride: int, padding: int, dilation: int) -> str:
    """Which row (or column) of the output read ``place`` through kernel cell ``cell``: (u+1−a)/2."""
    of = f"{dilation}{cell}" if dilation > 1 else cell
    at = place + (f"+{padding}" if padding else "") + f"−{of}"
    return f"({at})/{stride}" if stride > 1 else at


def _grouped(layer: Conv2d) -> tuple[str, str, str]:
    """Which channel of the input filter k reads, what the sum goes over, and which slice of the kernel it is."""
    filters, channels = layer.out_channels // layer.groups, layer.in_channels // layer.groups
    group = "k" if filters == 1 else f"⌊k/{filters}⌋"
    return (group, "a,b", "0") if channels == 1 else (f"{channels}{group}+c", "c,a,b", "c")


def formula(kind: str, layer: Layer | None = None) -> str:
    """The formula of a kind of stop as HTML, with the layer's own stride, padding and dilation put in."""
    own, over, slice_ = "c", "c,a,b", "c"
    if isinstance(layer, Conv2d | MaxPool2d):
        stride, padding, dilation = layer.geometry[-3:]
        rows, columns = zip(stride, padding, dilation, strict=True)
        if isinstance(layer, Conv2d) and layer.groups > 1:
            own, over, slice_ = _grouped(layer)
        patch = f"{own}, {_reads('i', 'a', *rows)}, {_reads('j', 'b', *columns)}"
        fed = f"k, {_fed('u', 'a', *rows)}, {_fed('v', 'b', *columns)}"
    else:
        patch = fed = ""
    y, x, w = _v("Y", "y", "k,i,j"), _v("X", "x", patch), _v("W", "W", f"k,{slice_},a,b")
    dy, dz = _v("dY", "dy", "k,i,j"), _v("dY", "dz", "k")
    shares = _fraction(_v("E", "e<sup>z<sub>k</sub></sup>"), f"{_sum('j')} e<sup>z<sub>j</sub></sup>")
    match kind:
        case "image":
            return "x ∈ [0, 1]"
        case "conv":
            return f"{y} = b<sub>k</sub> + {_sum(over)} {w} {x}"
        case "relu":
            return f"{_v('Y', 'y')} = max(0, {_v('X', 'x')})"
        case "max-pool":
            return f"{_v('Y', 'y', 'c,i,j')} = max<sub>a,b</sub> {x}"
        case "linear":
            return f"{_v('Y', 'z', 'k')} = b<sub>k</sub> + {_sum('j')} {_v('W', 'W', 'k,j')} {_v('X', 'x', 'j')}"
        case "softmax":
            return f"{_v('Y', 'p', 'k')} = {shares}"
        case "loss":
            return f"L = −ln {_v('P', 'p', 't')}"
        case "logits-grad":
            return f"{_v('Y', 'dz', 'k')} = {_v('P', 'p', 'k')} − {_v('O', 'y', 'k')}"
        case "linear-weight":
            return f"{_v('Y', 'dW', 'k,j')} = {dz} {_v('X', 'x', 'j')}<br>db<sub>k</sub> = {dz}"
        case "linear-input":
            return f"{_v('Y', 'dx', 'j')} = {_sum('k')} {dz} {_v('W', 'W', 'k,j')}"
        case "max-pool-input":
            won = f"{_v('Y', 'dx', 'c,i*,j*')} = {_v('dY', 'dy', 'c,i,j')}, &nbsp;else 0"
            return f"{won}<br><small>(i*, j*) = argmax of the {_v('X', 'window')}</small>"
        case "relu-input":
            return f"{_v('Y', 'dx')} = {_v('dY', 'dy')} · {_v('G', '1[x &gt; 0]')}"
        case "conv-weight":
            bias = f"{_v('B', 'db', 'k')} = {_sum('i,j')} {dy}"
            return f"{_v('Y', 'dW', 'k,c,a,b')} = {_sum('i,j')} {dy} {x}<br>{bias}"
        case "conv-input":
            return f"{_v('Y', 'dx', 'c,u,v')} = {_sum('k,a,b')} {_v('dY', 'dy', fed)} {w}"
        case "update":
            return f"{_v('Y', 'W')} ← {_v('W', 'W')} − η {_v('dW', 'dW')}"
        case "update-bias":
            return f"{_v('Y', 'b')} ← {_v('W', 'b')} − η {_v('dW', 'db')}"
        case "after":
            return f"L({_v('Y', 'W − η dW')}) &lt; L({_v('A', 'W')}) ?"
    raise KeyError(f"No formula is written for {kind!r}.")


SOURCES: dict[str, tuple[Callable[..., Any], str]] = {
    "image": (forward_through, "layer.forward"),
    "conv": (reference.conv2d, "weight["),
    "relu": (reference.relu, "y[at] ="),
    "max-pool": (reference.max_pool2d, "max("),
    "linear": (reference.linear, "+= weight"),
    "softmax": (reference.softmax, "/ total"),
    "loss": (reference.cross_entropy, "loss -="),
    "logits-grad": (reference.cross_entropy_backward, "-= 1"),
    "linear-weight": (reference.linear_backward, "dweight[o, i] +="),
    "linear-input": (reference.linear_backward, "dx[n, i] +="),
    "max-pool-input": (reference.max_pool2d_backward, "dx[n, c, *winner] +="),
    "relu-input": (reference.relu_backward, "dx[at] ="),
    "conv-weight": (reference.conv2d_backward, "dweight["),
    "conv-input": (reference.conv2d_backward, "dx["),
    "update": (SGD.update, "w - self.lr * d"),
    "after": (Network.predict, "layer.forward"),
}


@cache
def source(function: Callable[..., Any], mark: str) -> dict[str, Any]:
    """A function's live source without its docstring: its name, lines, and the number of the marked line."""
    lines = undocumented(function)
    marked = next(number for number, line in enumerate(lines) if mark in line)
    return {"name": function.__qualname__, "lines": lines, "marked": marked}
