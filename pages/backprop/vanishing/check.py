"""The check of "Vanishing and exploding": the product of Jacobians, backpropagation and small steps must agree."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from pages.backprop.vanishing import controls as lesson
from pages.backprop.vanishing.compute import jacobians, products, sized, unit_network
from ui.i18n import _

WIDTH, DEPTH = 16, 10
H = 1e-6
SHOWN = 4


def check() -> dict[str, list[str]]:
    """The present setup, at most ten layers of 16 units and without batch norm: dL/dx of one example, three ways.

    L = r · y for a random r, so dL/dx is Pᵀ r for the product P of all Jacobians, what the network's backward pass
    makes of r, and (L(x + h) - L(x - h)) / 2h for each entry of x.
    """
    of = lesson.setup()
    deep = replace(
        of.deep,
        depth=min(DEPTH, of.deep.depth),
        width=WIDTH,
        norm="none" if of.deep.norm == "batch" else of.deep.norm,
    )
    network = sized(unit_network(deep, np.random.default_rng([of.seed, 0])), deep).astype(np.float64)
    x, r = (np.random.default_rng([of.seed, part]).standard_normal((1, WIDTH)) for part in (1, 2))
    product = products(jacobians(network, x[0]))[0].T @ r[0]
    passed = network.backward(network.forward(x), r).dx[0]
    around = np.concatenate([x + H * np.eye(WIDTH), x - H * np.eye(WIDTH)])
    losses = network.predict(around) @ r[0]
    steps = (losses[:WIDTH] - losses[WIDTH:]) / (2 * H)
    rows = {
        _("entry of x"): [*(str(i) for i in range(SHOWN)), _("largest difference")],
        _("product of Jacobians"): [*(f"{v:.9e}" for v in product[:SHOWN]), ""],
        _("backward pass"): [*(f"{v:.9e}" for v in passed[:SHOWN]), f"{np.abs(product - passed).max():.1e}"],
        _("central difference"): [*(f"{v:.9e}" for v in steps[:SHOWN]), f"{np.abs(product - steps).max():.1e}"],
    }
    return rows
