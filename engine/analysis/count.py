"""Amounts that remember what they are made of: ``str(count)`` reads

weight: 96 out_channels × 3 in_channels × 11 kernel height × 11 kernel width = 34,848
bias: 96 out_channels = 96
together: 34,944
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from math import prod


@dataclass(frozen=True)
class Term:
    """One product of whole numbers, each with its meaning: value = Π factors."""

    what: str
    factors: tuple[tuple[str, int], ...]

    @property
    def value(self) -> int:
        """The product."""
        return prod(number for _, number in self.factors)

    def __str__(self) -> str:
        return (
            f"{self.what}: " + " × ".join(f"{number:,} {name}" for name, number in self.factors) + f" = {self.value:,}"
        )


@dataclass(frozen=True)
class Count:
    """value = Σ terms: an amount together with the products that it came from."""

    terms: tuple[Term, ...] = ()

    @property
    def value(self) -> int:
        """The sum."""
        return sum(term.value for term in self.terms)

    def __add__(self, other: Count) -> Count:
        return Count(self.terms + other.terms)

    def __str__(self) -> str:
        lines = [str(term) for term in self.terms]
        return "\n".join([*lines, f"together: {self.value:,}"] if len(lines) != 1 else lines)


@dataclass(frozen=True)
class Cost:
    """What one layer costs for one example.

    ``multiply_adds``: products that are added up, those with padding included, as everybody counts. A sum of n
    products that starts from its bias takes n multiplications and n additions, so biases are in it already.
    ``other_operations``: comparisons, additions and the like; by custom they don't count as FLOPs.
    ``buffers``: numbers that are stored but not learned. ``activations``: numbers that the layer makes.
    """

    parameters: Count = Count()
    buffers: Count = Count()
    multiply_adds: Count = Count()
    other_operations: Count = Count()
    activations: Count = Count()

    @property
    def flops(self) -> int:
        """2 · multiply_adds."""
        return 2 * self.multiply_adds.value

    def __add__(self, other: Cost) -> Cost:
        return Cost(
            self.parameters + other.parameters,
            self.buffers + other.buffers,
            self.multiply_adds + other.multiply_adds,
            self.other_operations + other.other_operations,
            self.activations + other.activations,
        )

    def of(self, name: str) -> Cost:
        """The same cost, each of its terms saying that it belongs to ``name``: "weight" -> "conv1: weight".

        What has a name already gets the other one before it, as in "body.conv1: weight".
        """

        def named(count: Count) -> Count:
            return Count(
                tuple(
                    replace(term, what=f"{name}{'.' if ': ' in term.what else ': '}{term.what}") for term in count.terms
                )
            )

        return Cost(
            named(self.parameters),
            named(self.buffers),
            named(self.multiply_adds),
            named(self.other_operations),
            named(self.activations),
        )
