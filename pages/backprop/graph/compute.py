"""The product of two matrices and its way back: D = W·X,  dW = dD·Xᵀ,  dX = Wᵀ·dD.

Of a scalar product f = w·x each factor's gradient is the other factor times the upstream gradient. Matrices are many
of those at once, and the shapes leave one order only: dW must be as large as W, and dX as large as X.
"""

from __future__ import annotations

from engine.explain.rule import Read, Rule, of
from engine.types import Array, ShapeError

__all__ = ["matmul", "matmul_backward", "matmul_rules"]


def matmul(W: Array, X: Array) -> Array:
    """D = W·X:  D[i, j] = Σ_k W[i, k] · X[k, j],  with W (M, K), X (K, N), D (M, N).

    Raises ShapeError where W hasn't as many columns as X has rows.
    """
    if W.ndim != 2 or X.ndim != 2 or W.shape[1] != X.shape[0]:
        raise ShapeError(
            f"W {_size(W)} · X {_size(X)} doesn't fit: each row of W meets each column of X, so W needs as many "
            "columns as X has rows."
        )
    return W @ X


def matmul_backward(W: Array, X: Array, dD: Array) -> tuple[Array, Array]:
    """(dW, dX) for an upstream gradient dD of D's shape (M, N).

        dW[i, k] = Σ_j ∂D[i, j]/∂W[i, k] · dD[i, j] = Σ_j dD[i, j] · X[k, j]     dW = dD·Xᵀ  (M, N)(N, K)
        dX[k, j] = Σ_i ∂D[i, j]/∂X[k, j] · dD[i, j] = Σ_i W[i, k] · dD[i, j]     dX = Wᵀ·dD  (K, M)(M, N)

    Raises ShapeError where dD hasn't the shape of W·X.
    """
    if dD.shape != (W.shape[0], X.shape[1]):
        raise ShapeError(f"dD is {_size(dD)}; as the gradient of W·X it must be {W.shape[0]}×{X.shape[1]}.")
    dW = dD @ X.T
    dX = W.T @ dD
    return dW, dX


def matmul_rules(rows: int, inner: int, columns: int) -> dict[str, Rule]:
    """How every number of D, dW and dX is made, for W (rows, inner) and X (inner, columns)."""
    W = Read("W", (rows, inner), (of("i"), of("k")))
    X = Read("X", (inner, columns), (of("k"), of("j")))
    dD = Read("dD", (rows, columns), (of("i"), of("j")))
    i, k, j = {"i": rows}, {"k": inner}, {"j": columns}
    return {"D": Rule(i | j, k, W, X), "dW": Rule(i | k, j, dD, X), "dX": Rule(k | j, i, W, dD)}


def _size(matrix: Array) -> str:
    return "×".join(map(str, matrix.shape))
