"""Experiments with activations: what one does to a crowd of numbers, to a gradient, and to units that learn."""
