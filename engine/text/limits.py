"""How much is read and how large a network may be: every bound of the chapter, in one place."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Limits:
    """Bounds of what is read, checked before anything is parsed, and of what is built, before a weight is made."""

    characters: int = 100_000
    lines: int = 2_000
    tokens: int = 30_000
    """Names, numbers and signs."""
    brackets: int = 24
    """Brackets inside brackets."""
    nodes: int = 80
    """How deep the syntax tree of one piece of source may be."""
    blocks: int = 8
    """Blocks inside blocks, and modules inside modules."""
    layers: int = 400
    number: int = 100_000
    """The largest number, either way, that a layer may be given."""
    parameters: int = 20_000_000
    activations: int = 50_000_000
    """Numbers that all layers together make of one example."""
    multiply_adds: int = 5_000_000_000
    """For one example, forwards."""
    bytes: int = 2_000_000_000
    """Of a training step with one example and Adam, in float32."""
    link: int = 1_500
    """Characters of the short form that still go into a link."""
