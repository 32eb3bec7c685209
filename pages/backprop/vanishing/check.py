"""What is tried out when asked: the product of Jacobians, backpropagation and small steps must agree; and the present
network is trained, with those whose curves are kept."""

from __future__ import annotations

from dataclasses import replace
from functools import lru_cache

import numpy as np
import streamlit as st

from engine.data.digits import digits
from engine.types import Array
from pages.backprop.vanishing import controls as lesson
from pages.backprop.vanishing.compute.jacobian import jacobians, products
from pages.backprop.vanishing.compute.learning import STEPS, Learned, learn
from pages.backprop.vanishing.compute.setup import sized, unit_network
from pages.backprop.vanishing.controls import Kept
from pages.backprop.vanishing.words import recipe, size
from ui import limits
from ui.i18n import _
from ui.lesson import Frame

WIDTH, DEPTH = 16, 10
H = 1e-6
SHOWN = 4
RATE = 0.03


def product_check() -> None:
    """dL/dx of one example, three ways."""
    st.dataframe(check(), hide_index=True)


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


def train(frame: Frame) -> None:
    """A hundred steps for each network, and what came of them."""
    shown = list(dict.fromkeys([lesson.setup(), *lesson.kept()]))
    with st.spinner(_("Training")):
        found = [learned(one) for one in shown]
    st.markdown(frame.words("learned", steps=STEPS, rate=RATE))
    st.dataframe(
        {
            _("network"): [recipe(one) for one in shown],
            _("loss"): [_losses(one) for one in found],
            _("new digits right"): [_right(one) for one in found],
            _("layers unchanged"): [f"{int((one.untouched == 1).sum())} / {len(one.untouched)}" for one in found],
            _("first moved"): [size(float(one.moved[0])) for one in found],
            _("last moved"): [size(float(one.moved[-1])) for one in found],
        },
        hide_index=True,
    )


def _losses(one: Learned) -> str:
    if one.accuracy is None:
        return _("overflows at step {step}").format(step=len(one.losses) + 1)
    return f"{one.losses[0]:.2f} → {one.losses[-1]:.2f}"


def _right(one: Learned) -> str:
    return "–" if one.accuracy is None else f"{100 * one.accuracy:.0f} %"


@lru_cache(maxsize=64)
def learned(of: Kept) -> Learned:
    """The network between a layer that reads the digits and one that scores them, after some steps of SGD."""
    known = digits()
    data = (_flat(known.train_x, known.train_x), known.train_y)
    validation = (_flat(known.validation_x, known.train_x), known.validation_y)
    with limits.HEAVY:
        return learn(of.deep, data, validation, lr=RATE, seed=of.seed)


def _flat(images: Array, known: Array) -> Array:
    """Digits (N, 1, 8, 8) as rows of 64, standardised by the training set's mean and std."""
    rows: Array = ((images - known.mean()) / known.std()).astype(np.float32).reshape(len(images), -1)
    return rows
