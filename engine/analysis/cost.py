"""What a network costs, counted from its layers' specs alone: no weight is made, so VGG-16 takes no time.

    parameters      Σ over the layers of weights and biases
    multiply_adds   Σ of products that are added up; one multiply-add is two floating point operations
    bytes           numbers × bytes of one number (4 in float32)

Every amount is a ``Count``: a sum of products that keeps its factors.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import prod

from engine.analysis.count import Cost, Count, Term
from engine.analysis.layer_cost import layer_cost
from engine.types import Layer, Shape, ShapeError, expect_counts

__all__ = ["Cost", "Count", "LayerCost", "NetworkCost", "Term", "layer_cost", "network_cost"]


@dataclass(frozen=True)
class LayerCost:
    """One row of a network's table; shapes are those of one example, without N."""

    name: str
    layer: Layer
    input_shape: Shape
    output_shape: Shape
    cost: Cost


@dataclass(frozen=True)
class NetworkCost:
    """The rows of a network's table, and their totals."""

    rows: tuple[LayerCost, ...]

    @property
    def total(self) -> Cost:
        """All layers together; each term says which layer it came from."""
        return sum((row.cost.of(row.name) for row in self.rows), Cost())

    @property
    def parameters(self) -> int:
        """Numbers to learn."""
        return sum(row.cost.parameters.value for row in self.rows)

    @property
    def multiply_adds(self) -> int:
        """Multiply-adds of a forward pass for one example."""
        return sum(row.cost.multiply_adds.value for row in self.rows)

    @property
    def flops(self) -> int:
        """2 · multiply_adds."""
        return 2 * self.multiply_adds

    def weight_bytes(self, bytes_per_number: int = 4) -> Count:
        """Parameters and buffers as they lie in memory or in a file."""
        expect_counts("weight_bytes", bytes_per_number=bytes_per_number)
        stored = {"parameters": self.parameters, "buffers": sum(row.cost.buffers.value for row in self.rows)}
        return Count(
            tuple(
                Term(what, (("numbers", numbers), ("bytes", bytes_per_number)))
                for what, numbers in stored.items()
                if numbers or what == "parameters"
            )
        )

    def inference_bytes(self, batch: int = 1, bytes_per_number: int = 4) -> Count:
        """The least memory for a forward pass: the weights, and the one layer whose x and y are the most numbers.

        Nothing is kept for later: as soon as a layer has its y, its x can go. A block of paths counts as one layer that
        holds all of its inner numbers at once.
        """
        expect_counts("inference_bytes", batch=batch, bytes_per_number=bytes_per_number)
        row = max(self.rows, key=_in_flight)
        each = (("examples", batch), ("bytes", bytes_per_number))
        return self.weight_bytes(bytes_per_number) + Count(
            (Term(f"x and y of {row.name}, the largest pair", (("numbers", _in_flight(row)), *each)),)
        )

    def training_bytes(self, batch: int = 1, bytes_per_number: int = 4, optimizer_states: int = 0) -> Count:
        """The least memory for a training step in which every layer keeps its own y.

        weights + their gradients + what the optimizer keeps (``optimizer_states`` numbers for each parameter: 0 for
        plain SGD, 1 with momentum, 2 for Adam) + the input and every y, kept for the backward pass + the one
        layer whose dx and dy are the most numbers. Masks of one byte or less (ReLU's gates, max pooling's switches)
        and a kernel's scratch memory are not counted; ReLU in place would keep one y less.
        """
        expect_counts("training_bytes", batch=batch, bytes_per_number=bytes_per_number)
        if optimizer_states < 0:
            raise ValueError(f"optimizer_states={optimizer_states}: expected 0 or more numbers for each parameter.")
        size, each = ("bytes", bytes_per_number), (("examples", batch), ("bytes", bytes_per_number))
        learned = ("numbers", self.parameters)
        terms = [Term("gradients of the parameters", (learned, size))]
        if optimizer_states:
            terms.append(Term("the optimizer's state", (learned, ("for each", optimizer_states), size)))
        terms.append(Term("input", (("numbers", prod(self.rows[0].input_shape)), *each)))
        terms += [
            Term(f"y of {row.name}", (("numbers", row.cost.activations.value), *each))
            for row in self.rows
            if row.cost.activations.value
        ]
        widest = max(self.rows, key=_in_flight)
        terms.append(Term(f"dx and dy of {widest.name}, the largest pair", (("numbers", _in_flight(widest)), *each)))
        return self.weight_bytes(bytes_per_number) + Count(tuple(terms))


def network_cost(layers: Sequence[tuple[str, Layer]], input_shape: Shape) -> NetworkCost:
    """The table of a network's costs, from (name, layer) in a row and the shape of one example, without N.

    Raises ShapeError that names the first layer that doesn't fit, and TypeError for a layer that can't be counted.
    """
    if not layers:
        raise ValueError("There are no layers to count; expected at least one (name, layer).")
    rows, shape = [], tuple(input_shape)
    for name, layer in layers:
        try:
            out = layer.output_shape(shape)
        except ShapeError as error:
            raise ShapeError(f"Layer {name!r}: {error}") from None
        rows.append(LayerCost(name, layer, shape, out, layer_cost(layer, shape)))
        shape = out
    return NetworkCost(tuple(rows))


def _in_flight(row: LayerCost) -> int:
    """Numbers of x and y while this layer works; what it doesn't make anew isn't counted twice."""
    return prod(row.input_shape) + row.cost.activations.value
