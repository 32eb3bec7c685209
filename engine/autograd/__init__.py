"""Gradients without layers: expressions as graphs, and a tape that differentiates any NumPy program."""
