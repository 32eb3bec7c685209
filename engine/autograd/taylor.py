"""A formula in one variable: its value in any floating type, and its first three derivatives, exactly.

    f(x + t) = c0 + c1 t + c2 t² + c3 t³ + …,   so  f' = c1,  f'' = 2 c2,  f''' = 6 c3

The derivatives come from Taylor arithmetic: every operation of the formula takes the four coefficients of its
operands and gives its own, so no step h is involved. Griewank & Walther, "Evaluating derivatives", 2008, ch. 13.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence

import numpy as np

from engine.autograd.expression import Planned
from engine.types import Array

ORDER = 3

Jet = tuple[float, ...]
"""c0 … c3."""


def evaluate(plan: Sequence[Planned], x: Array) -> Array:
    """f at every number of x, in x's own dtype; NaN or an infinity where f has no value.

    ``plan`` is what ``expression.outline`` gives for a formula in one variable.
    """
    values: list[Array] = []
    with np.errstate(all="ignore"):
        for node in plan:
            if node.op == "variable":
                values.append(x)
            elif node.op == "constant":
                values.append(np.full_like(x, float(node.label)))
            else:
                values.append(VALUES[node.op](*(values[parent] for parent in node.parents)))
    return values[-1]


def derivatives(plan: Sequence[Planned], x: float) -> tuple[float, float, float]:
    """f'(x), f''(x) and f'''(x). Raises ArithmeticError where f has no value or no derivative."""
    jets: list[Jet] = []
    for node in plan:
        if node.op == "variable":
            jets.append((x, 1.0, 0.0, 0.0))
        elif node.op == "constant":
            jets.append(_constant(float(node.label)))
        else:
            jets.append(JETS[node.op](*(jets[parent] for parent in node.parents)))
    _c0, c1, c2, c3 = jets[-1]
    return c1, 2 * c2, 6 * c3


def _sigmoid_values(a: Array) -> Array:
    made: Array = 1 / (1 + np.exp(-a))
    return made


def _relu_values(a: Array) -> Array:
    made: Array = np.maximum(a, a.dtype.type(0))
    return made


VALUES: dict[str, Callable[..., Array]] = {
    "add": np.add,
    "subtract": np.subtract,
    "multiply": np.multiply,
    "divide": np.divide,
    "power": np.power,
    "negate": np.negative,
    "exp": np.exp,
    "log": np.log,
    "sigmoid": _sigmoid_values,
    "tanh": np.tanh,
    "relu": _relu_values,
    "max": lambda *of: np.maximum.reduce(of),
}


def _constant(value: float) -> Jet:
    return (value, *(0.0,) * ORDER)


def _add(a: Jet, b: Jet) -> Jet:
    return tuple(left + right for left, right in zip(a, b, strict=True))


def _scale(a: Jet, by: float) -> Jet:
    return tuple(by * c for c in a)


def _multiply(a: Jet, b: Jet) -> Jet:
    """c_k = Σ_j a_j b_(k-j)."""
    return tuple(sum(a[j] * b[k - j] for j in range(k + 1)) for k in range(ORDER + 1))


def _divide(a: Jet, b: Jet) -> Jet:
    """q · b = a, solved for one coefficient after the other."""
    q: list[float] = []
    for k in range(ORDER + 1):
        q.append((a[k] - sum(b[j] * q[k - j] for j in range(1, k + 1))) / b[0])
    return tuple(q)


def _exp(a: Jet) -> Jet:
    """e' = e · a'."""
    e = [math.exp(a[0])]
    for k in range(1, ORDER + 1):
        e.append(sum(j * a[j] * e[k - j] for j in range(1, k + 1)) / k)
    return tuple(e)


def _log(a: Jet) -> Jet:
    """l' · a = a'."""
    if a[0] <= 0:
        raise ArithmeticError(f"A logarithm needs a positive number, and here it is given {a[0]:g}")
    found = [math.log(a[0])]
    for k in range(1, ORDER + 1):
        found.append((a[k] - sum(j * found[j] * a[k - j] for j in range(1, k)) / k) / a[0])
    return tuple(found)


def _sigmoid(a: Jet) -> Jet:
    """s' = (s - s²) · a'."""
    s = [1 / (1 + math.exp(-a[0])) if a[0] >= 0 else math.exp(a[0]) / (1 + math.exp(a[0]))]
    slope: list[float] = []
    for k in range(1, ORDER + 1):
        slope.append(s[k - 1] - sum(s[j] * s[k - 1 - j] for j in range(k)))
        s.append(sum(j * a[j] * slope[k - j] for j in range(1, k + 1)) / k)
    return tuple(s)


def _tanh(a: Jet) -> Jet:
    """tanh a = 2 σ(2a) - 1."""
    return _add(_scale(_sigmoid(_scale(a, 2.0)), 2.0), _constant(-1.0))


def _power(a: Jet, b: Jet) -> Jet:
    """a^b: products for a whole number b that stays, else e^(b · ln a)."""
    if not any(b[1:]) and b[0] == int(b[0]) and abs(b[0]) <= 64:
        made = _constant(1.0)
        for _ in range(int(abs(b[0]))):
            made = _multiply(made, a)
        return made if b[0] >= 0 else _divide(_constant(1.0), made)
    return _exp(_multiply(b, _log(a)))


def _relu(a: Jet) -> Jet:
    return a if a[0] > 0 else _constant(0.0)


def _max(*of: Jet) -> Jet:
    return max(of, key=lambda one: one[0])


JETS: dict[str, Callable[..., Jet]] = {
    "add": _add,
    "subtract": lambda a, b: _add(a, _scale(b, -1.0)),
    "multiply": _multiply,
    "divide": _divide,
    "power": _power,
    "negate": lambda a: _scale(a, -1.0),
    "exp": _exp,
    "log": _log,
    "sigmoid": _sigmoid,
    "tanh": _tanh,
    "relu": _relu,
    "max": _max,
}
