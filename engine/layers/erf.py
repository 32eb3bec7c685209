"""The error function, which NumPy lacks."""

from __future__ import annotations

import numpy as np

from engine.types import Array

# Rational approximations by W. J. Cody, "Rational Chebyshev approximations for the error function",
# Mathematics of Computation 23, 1969; highest power first.
_SMALL = (
    (1.85777706184603153e-1, 3.16112374387056560, 1.13864154151050156e2, 3.77485237685302021e2, 3.20937758913846947e3),
    (1.0, 2.36012909523441209e1, 2.44024637934444173e2, 1.28261652607737228e3, 2.84423683343917062e3),
)
_MIDDLE = (
    (
        2.15311535474403846e-8, 5.64188496988670089e-1, 8.88314979438837594e0, 6.61191906371416295e1,
        2.98635138197400131e2, 8.81952221241769090e2, 1.71204761263407058e3, 2.05107837782607147e3,
        1.23033935479799725e3,
    ),
    (
        1.0, 1.57449261107098347e1, 1.17693950891312499e2, 5.37181101862009858e2, 1.62138957456669019e3,
        3.29079923573345963e3, 4.36261909014324716e3, 3.43936767414372164e3, 1.23033935480374942e3,
    ),
)  # fmt: skip
_LARGE = (
    (
        1.63153871373020978e-2, 3.05326634961232344e-1, 3.60344899949804439e-1, 1.25781726111229246e-1,
        1.60837851487422766e-2, 6.58749161529837803e-4,
    ),
    (
        1.0, 2.56852019228982242e0, 1.87295284992346725e0, 5.27905102951428412e-1, 6.05183413124413191e-2,
        2.33520497626869185e-3,
    ),
)  # fmt: skip


def erf(x: Array) -> Array:
    """2/√π · ∫ e^-t² dt from 0 to x: from -1 to 1, right to about 2e-16 in float64.

    |x| ≤ 0.47: x · a ratio in x².  Beyond: 1 - e^-x² · a ratio in |x|, and past 4 in 1/x².
    """
    size = np.abs(x)
    square = x * x
    small = x * _ratio(_SMALL, np.minimum(square, 0.25))
    middle = _ratio(_MIDDLE, np.clip(size, 0.25, 4))
    far = np.maximum(size, 4)
    inverse = 1 / (far * far)
    large = (1 / np.sqrt(np.pi) - inverse * _ratio(_LARGE, inverse)) / far
    tail = np.exp(-square) * np.where(size <= 4, middle, large)
    return np.where(size <= 0.46875, small, np.sign(x) * (1 - tail)).astype(x.dtype)


def _ratio(coefficients: tuple[tuple[float, ...], tuple[float, ...]], x: Array) -> Array:
    above, below = (np.full_like(x, powers[0]) for powers in coefficients)
    for a in coefficients[0][1:]:
        above = above * x + a
    for b in coefficients[1][1:]:
        below = below * x + b
    ratio: Array = above / below
    return ratio
