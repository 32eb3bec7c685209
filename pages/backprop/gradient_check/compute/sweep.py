"""How wrong is a numeric gradient, for every h and in either floating type? Measured, and foretold.

    central      (f(x + h) - f(x - h)) / 2h  =  f' + f''' h²/6 + …  ± noise / h
    one-sided    (f(x + h) - f(x)) / h       =  f' + f'' h/2  + …  ± 2 noise / h

The first error is truncation: the chord isn't the tangent. It grows with h. The second is round-off: f is known
to a few parts in 1/u only, and the difference of two numbers that are nearly the same keeps that error and loses the
rest. It grows as h shrinks. The sum is smallest where the two are about as large, at h of the order of u^(1/3)
(central) or u^(1/2) (one-sided). Nocedal & Wright, "Numerical optimization", 2nd ed. 2006, section 8.1.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

import numpy as np

from engine.types import Array, Floating

Rule = Literal["central", "one-sided"]
RULES: tuple[Rule, ...] = ("central", "one-sided")
DTYPES: tuple[Floating, ...] = ("float64", "float32")
PER_DECADE = 4
STEPS: Array = 10.0 ** (np.arange(-12 * PER_DECADE, -PER_DECADE + 1) / PER_DECADE)
"""10⁻¹² … 10⁻¹, four a decade, ascending."""


@dataclass(frozen=True)
class Subject:
    """A function of one number, to be differentiated at x.

    f      takes many x at once and answers in their own dtype
    x      a number that float32 holds exactly, so that both types start from the same
    slope, second, third   f', f'' and f''' at x
    noise  by how much f's own value is off, in units of u: √Σ (v · ∂f/∂v)² over every number v on the way to f.
           Each v is rounded by at most u · |v| and moves f by ∂f/∂v of that: Higham, "Accuracy and stability of
           numerical algorithms", 2nd ed. 2002, chapters 1 and 3; errors of random sign add up as squares.
    """

    f: Callable[[Array], Array]
    x: float
    slope: float
    second: float
    third: float
    noise: float

    def truncation(self, h: Array, rule: Rule = "central") -> Array:
        """|f'''| h²/6 (one-sided: |f''| h/2), over |f'|."""
        found: Array = abs(self.third) * h**2 / 6 if rule == "central" else abs(self.second) * h / 2
        return self._over_slope(found)

    def round_off(self, h: Array, dtype: Floating, rule: Rule = "central") -> Array:
        """u · noise / h (one-sided: twice that), over |f'|."""
        found: Array = (1 if rule == "central" else 2) * unit(dtype) * self.noise / h
        return self._over_slope(found)

    def _over_slope(self, found: Array) -> Array:
        """Relative to |f'|; infinite where f' is 0."""
        return found / abs(self.slope) if self.slope else np.full_like(found, np.inf)

    def best_h(self, dtype: Floating, rule: Rule = "central") -> float | None:
        """Where truncation + round-off is smallest; None where there is no truncation, so that more is better.

        central:    d/dh (|f'''| h²/6 + u·noise/h) = 0   at h = (3 u·noise / |f'''|)^(1/3)
        one-sided:  d/dh (|f''| h/2 + 2 u·noise/h) = 0   at h = 2 (u·noise / |f''|)^(1/2)
        """
        curved = abs(self.third if rule == "central" else self.second)
        if not curved:
            return None
        share = unit(dtype) * self.noise / curved
        return float(np.cbrt(3 * share)) if rule == "central" else float(2 * np.sqrt(share))


@dataclass(frozen=True)
class Sweep:
    """f around x for every h, all in one floating type: the values, and what either rule makes of them.

    h, above = f(x + h), below = f(x - h): (n,). centre = f(x). ``slope`` is the analytic gradient, in float64.
    """

    h: Array
    above: Array
    below: Array
    centre: Array
    slope: float

    def numeric(self, rule: Rule = "central") -> Array:
        """The numeric gradient, every operation in the sweep's own type; (n,)."""
        h = self.h.astype(self.above.dtype)
        central: Array = (self.above - self.below) / (2 * h)
        one_sided: Array = (self.above - self.centre) / h
        return central if rule == "central" else one_sided

    def error(self, rule: Rule = "central") -> Array:
        """|analytic - numeric| / max(|analytic|, |numeric|), as ``gradcheck.Entry`` has it; 0 where both are 0."""
        numeric = self.numeric(rule).astype(np.float64)
        scale = np.maximum(abs(self.slope), np.abs(numeric))
        return np.divide(np.abs(self.slope - numeric), scale, out=np.zeros_like(scale), where=scale != 0)


def unit(dtype: Floating) -> float:
    """u, the largest relative error of one rounding: half the gap from 1 to the next number."""
    return float(np.finfo(dtype).eps) / 2


def sweep(subject: Subject, dtype: Floating, h: Array = STEPS) -> Sweep:
    """Evaluate the subject at x and at x ± h for every h, everything in ``dtype``; h is rounded to it, too."""
    kind = np.dtype(dtype).type
    x, step = kind(subject.x), h.astype(dtype)
    with np.errstate(all="ignore"):
        values = subject.f(np.concatenate([[x], x + step, x - step]).astype(dtype))
    if values.dtype != np.dtype(dtype):
        raise TypeError(f"The subject was given {dtype} and answered in {values.dtype}; it must keep to the type.")
    return Sweep(h, values[1 : len(h) + 1], values[len(h) + 1 :], values[0], subject.slope)
