"""For each kind of stop its formula and the engine's code that computes it.

In a formula ``<v g="X">`` marks the symbol that the picture with id X shows: pointing at one lights the other.
"""

from __future__ import annotations

import ast
import inspect
import textwrap
from collections.abc import Callable
from functools import cache
from typing import Any

from engine import kernels, losses
from engine.layers import Linear, MaxPool2d, ReLU
from engine.network import Network
from engine.optimizers import SGD


def _v(grid: str, symbol: str, index: str = "") -> str:
    return f'<v g="{grid}">{symbol}<sub>{index}</sub></v>' if index else f'<v g="{grid}">{symbol}</v>'


def _sum(over: str) -> str:
    return f'<span class="sum"><big>Σ</big><small>{over}</small></span>'


def _fraction(above: str, below: str) -> str:
    return f'<span class="frac"><span>{above}</span><span>{below}</span></span>'


_CONV = f"{_v('Y', 'y', 'k,i,j')} = b<sub>k</sub> + {_sum('c,a,b')} {_v('W', 'W', 'k,c,a,b')} "
_CONV += _v("X", "x", "c, i·s+a−p, j·s+b−p")
_LINEAR = f"{_v('Y', 'z', 'k')} = b<sub>k</sub> + {_sum('j')} {_v('W', 'W', 'k,j')} {_v('X', 'x', 'j')}"
_SOFTMAX = f"{_v('Y', 'p', 'k')} = " + _fraction(
    _v("E", "e<sup>z<sub>k</sub></sup>"), f"{_sum('j')} e<sup>z<sub>j</sub></sup>"
)
_LOGITS = f"{_v('Y', 'dz', 'k')} = {_v('P', 'p', 'k')} − {_v('O', 'y', 'k')}"
_AFTER = f"L({_v('Y', 'W − η dW')}) &lt; L({_v('A', 'W')}) ?"

FORMULAS: dict[str, str] = {
    "image": "x ∈ [0, 1]",
    "conv": _CONV,
    "relu": f"{_v('Y', 'y')} = max(0, {_v('X', 'x')})",
    "max-pool": f"{_v('Y', 'y', 'c,i,j')} = max<sub>a,b</sub> {_v('X', 'x', 'c, i·s+a, j·s+b')}",
    "linear": _LINEAR,
    "softmax": _SOFTMAX,
    "loss": f"L = −ln {_v('P', 'p', 't')}",
    "logits-grad": _LOGITS,
    "linear-weight": f"{_v('Y', 'dW', 'k,j')} = {_v('dY', 'dz', 'k')} {_v('X', 'x', 'j')}<br>"
    f"db<sub>k</sub> = {_v('dY', 'dz', 'k')}",
    "linear-input": f"{_v('Y', 'dx', 'j')} = {_sum('k')} {_v('dY', 'dz', 'k')} {_v('W', 'W', 'k,j')}",
    "max-pool-input": f"{_v('Y', 'dx', 'c,i*,j*')} = {_v('dY', 'dy', 'c,i,j')}, &nbsp;else 0<br>"
    f"<small>(i*, j*) = argmax of the {_v('X', 'window')}</small>",
    "relu-input": f"{_v('Y', 'dx')} = {_v('dY', 'dy')} · {_v('G', '1[x &gt; 0]')}",
    "conv-weight": f"{_v('Y', 'dW', 'k,c,a,b')} = {_sum('i,j')} {_v('dY', 'dy', 'k,i,j')} "
    f"{_v('X', 'x', 'c, i·s+a−p, j·s+b−p')}<br>{_v('B', 'db', 'k')} = {_sum('i,j')} {_v('dY', 'dy', 'k,i,j')}",
    "conv-input": f"{_v('Y', 'dx', 'c,u,v')} = {_sum('k,a,b')} "
    f"{_v('dY', 'dy', 'k, (u+p−a)/s, (v+p−b)/s')} {_v('W', 'W', 'k,c,a,b')}",
    "update": f"{_v('Y', 'W')} ← {_v('W', 'W')} − η {_v('dW', 'dW')}",
    "after": _AFTER,
}
SOURCES: dict[str, tuple[Callable[..., Any], str]] = {
    "image": (Network.forward, "layer.forward"),
    "conv": (kernels.conv2d, "np.matmul"),
    "relu": (ReLU.forward, "np.maximum"),
    "max-pool": (kernels.max_pool2d, "argmax"),
    "linear": (Linear.forward, "@ params"),
    "softmax": (losses.softmax, "e / e.sum"),
    "loss": (losses.CrossEntropyLoss.forward, "log_p[np.arange"),
    "logits-grad": (losses.CrossEntropyLoss.backward, "(p - one_hot"),
    "linear-weight": (Linear.backward, "dy.T @"),
    "linear-input": (Linear.backward, "dy @ params"),
    "max-pool-input": (MaxPool2d.backward, "one_hot_switches"),
    "relu-input": (ReLU.backward, "dy *"),
    "conv-weight": (kernels.conv2d_backward, "dweight = "),
    "conv-input": (kernels.conv2d_backward, "+= patches"),
    "update": (SGD.update, "w - self.lr * d"),
    "after": (Network.predict, "layer.forward"),
}


@cache
def source(function: Callable[..., Any], mark: str) -> dict[str, Any]:
    """A function's live source without its docstring: its name, lines, and the number of the marked line."""
    text = textwrap.dedent(inspect.getsource(function))
    node = ast.parse(text).body[0]
    assert isinstance(node, ast.FunctionDef)
    lines = text.splitlines()
    if ast.get_docstring(node) is not None:
        documented = node.body[0]
        del lines[documented.lineno - 1 : documented.end_lineno]
    marked = next(number for number, line in enumerate(lines) if mark in line)
    return {"name": function.__qualname__, "lines": lines, "marked": marked}
