"""Numbers that the learner typed into a convolution: ``w.4:2~b.0:-1~x.12:0.5``, the newest last."""

from __future__ import annotations

from ui.typed_numbers import Typed as Edit
from ui.typed_numbers import TypedNumbers, apply

__all__ = ("LETTERS", "PATTERN", "Edit", "apply", "parse", "write")

_TYPED = TypedNumbers({"weight": "w", "bias": "b", "x": "x"})
LETTERS, PATTERN, parse, write = _TYPED.letters, _TYPED.pattern, _TYPED.parse, _TYPED.write
