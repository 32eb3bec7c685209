"""How each activation is written: its formula, its slope's, and both with the numbers put in.

Gaps of the lines: {x}, {y} = f(x), {s} = f'(x), and the activation's own settings by name. Where an activation is
made of parts, ``left`` is its line for x ≤ 0 and ``right`` the one for x > 0. ``e^[…]`` is a power.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from types import MappingProxyType


def _fraction(above: str, below: str) -> str:
    return f'<span class="frac"><span>{above}</span><span>{below}</span></span>'


def _cases(*lines: tuple[str, str]) -> str:
    rows = "".join(f"<span>{value}</span><span>{where}</span>" for value, where in lines)
    return f'<span class="cases">{rows}</span>'


@dataclass(frozen=True)
class Written:
    """``symbol`` is how a plot names f; ``formula`` and ``slope`` are HTML; the four lines are plain text."""

    symbol: str
    formula: str
    slope: str
    left: str
    right: str
    slope_left: str
    slope_right: str

    def as_data(self) -> dict[str, str]:
        """As the browser reads it."""
        return asdict(self)


def _leaky(symbol: str, factor: str, gap: str) -> Written:
    return Written(
        symbol,
        _cases(("x", "x &gt; 0"), (f"{factor}·x", "x ≤ 0")),
        _cases(("1", "x &gt; 0"), (factor, "x ≤ 0")),
        f"{gap} × {{x}}", "{x}", gap, "1",
    )  # fmt: skip


WRITTEN: Mapping[str, Written] = MappingProxyType(
    {
        "sigmoid": Written(
            "σ",
            _fraction("1", "1 + e<sup>−x</sup>"), "σ(x)·(1 − σ(x))",
            "1 / (1 + e^[−{x}])", "1 / (1 + e^[−{x}])", "{y} × (1 − {y})", "{y} × (1 − {y})",
        ),
        "tanh": Written(
            "tanh",
            f"{_fraction('e<sup>x</sup> − e<sup>−x</sup>', 'e<sup>x</sup> + e<sup>−x</sup>')} = 2σ(2x) − 1",
            "1 − tanh<sup>2</sup>(x)",
            "2·σ(2 × {x}) − 1", "2·σ(2 × {x}) − 1", "1 − {y}²", "1 − {y}²",
        ),
        "relu": Written(
            "ReLU", "max(0, x)", _cases(("1", "x &gt; 0"), ("0", "x ≤ 0")), "max(0, {x})", "max(0, {x})", "0", "1"
        ),
        "leaky_relu": _leaky("LeakyReLU", "s", "{negative_slope}"),
        "prelu": _leaky("PReLU", "w", "{weight}"),
        "rrelu": _leaky("RReLU", "r", "({lower} + {upper})/2"),
        "elu": Written(
            "ELU",
            _cases(("x", "x &gt; 0"), ("α·(e<sup>x</sup> − 1)", "x ≤ 0")),
            _cases(("1", "x &gt; 0"), ("α·e<sup>x</sup>", "x ≤ 0")),
            "{alpha} × (e^[{x}] − 1)", "{x}", "{alpha} × e^[{x}]", "1",
        ),
        "softplus": Written(
            "softplus",
            f"{_fraction('1', 'β')} ln(1 + e<sup>βx</sup>)", "σ(βx)",
            "ln(1 + e^[{beta} × {x}]) / {beta}", "ln(1 + e^[{beta} × {x}]) / {beta}",
            "σ({beta} × {x})", "σ({beta} × {x})",
        ),
        "maxout": Written(
            "maxout",
            "max(s<sub>1</sub>x, s<sub>2</sub>x, c)", "the winning piece’s own",
            "max({left} × {x}, {right} × {x}, {level})", "max({left} × {x}, {right} × {x}, {level})", "{s}", "{s}",
        ),
        "gelu": Written(
            "GELU", "x·Φ(x)", "Φ(x) + x·φ(x)", "{x} × Φ({x})", "{x} × Φ({x})",
            "Φ({x}) + {x} × φ({x})", "Φ({x}) + {x} × φ({x})",
        ),
        "silu": Written(
            "SiLU", "x·σ(x)", "σ(x)·(1 + x·(1 − σ(x)))", "{x} × σ({x})", "{x} × σ({x})",
            "σ({x}) × (1 + {x} × (1 − σ({x})))", "σ({x}) × (1 + {x} × (1 − σ({x})))",
        ),
    }
)  # fmt: skip
