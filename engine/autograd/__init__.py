"""Gradients without layers: expressions as graphs, a tape that differentiates any NumPy program, and Taylor
arithmetic, which has further derivatives, too."""
