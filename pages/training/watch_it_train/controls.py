"""What a learner sets for a training run: the controls, their widgets, and what they mean to the engine."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

import streamlit as st

from engine.initializers import INITIALIZERS
from engine.optimizers import OPTIMIZERS, Optimizer
from pages.training.watch_it_train.run import PACES, Recipe, make_optimizer
from ui import limits, state
from ui.controls import Choice, Number
from ui.figures import theme
from ui.i18n import _
from ui.picture_input import picture_controls

RATES = tuple(f"{digit * 10.0**power:g}" for power in range(-4, 2) for digit in (1, 2, 5))[:-2]
MOMENTA = ("0", "0.5", "0.8", "0.9", "0.95", "0.99")
DECAYS = ("0", "0.0001", "0.001", "0.01", "0.1", "0.5")
SEEDS = 9999
DIGIT = 12
BATCHES = ("8", "16", "32", "64", "128", "256")

CONTROLS = (
    Choice("init", tuple(INITIALIZERS), "he_normal"),
    Choice("optimizer", tuple(OPTIMIZERS), "sgd"),
    Choice("lr", RATES, "0.05"),
    Choice("momentum", MOMENTA, "0.9"),
    Choice("decay", DECAYS, "0.001"),
    Choice("batch", BATCHES, "64"),
    Number("epochs", 1, limits.EPOCHS, 30, integer=True),
    Number("seed", 0, SEEDS, 0, integer=True),
    Choice("speed", tuple(PACES), "steady"),
    *picture_controls(digit=DIGIT, target=2),
)


def recipe() -> Recipe:
    """What a run is started from, as the controls stand."""
    return Recipe(
        initializer=state.get("init"),
        optimizer=state.get("optimizer"),
        batch_size=int(state.get("batch")),
        seed=int(state.get("seed")),
        epochs=int(state.get("epochs")),
    )


def optimizer() -> Optimizer:
    """The optimizer, as the controls stand."""
    return make_optimizer(state.get("optimizer"), *(float(state.get(name)) for name in ("lr", "momentum", "decay")))


def recipe_widgets() -> None:
    """The widgets, to stand in a row. Learning rate, momentum and decay take effect while a run goes on."""
    another = _("Another choice starts another run.")
    _choose("init", _("first weights"), tuple(INITIALIZERS), 10, shown=_initializers(), help=another)
    _choose("optimizer", _("optimizer"), tuple(OPTIMIZERS), 6.6, shown={"sgd": "SGD", "adam": "Adam"}, help=another)
    if not state.hidden("lr"):
        st.select_slider(
            _("learning rate"),
            RATES,
            key=state.key("lr"),
            width=_pixels(16),
            help=_("Takes effect at the next step."),
        )
    _choose("momentum", _("momentum"), MOMENTA, 6.4, disabled=state.get("optimizer") == "adam")
    _choose("decay", _("weight decay"), DECAYS, 7)
    _choose("batch", _("batch size"), BATCHES, 6.4)
    _count("epochs", _("epochs"), 1, limits.EPOCHS)
    _count("seed", _("seed"), 0, SEEDS)


def _choose(
    name: str,
    label: str,
    options: tuple[str, ...],
    rem: float,
    *,
    shown: Mapping[str, str] = MappingProxyType({}),
    disabled: bool = False,
    help: str | None = None,
) -> None:
    if not state.hidden(name):
        st.selectbox(
            label, options, key=state.key(name), width=_pixels(rem), disabled=disabled, help=help,
            format_func=lambda option: shown.get(option, option),
        )  # fmt: skip


def _count(name: str, label: str, low: int, high: int) -> None:
    if not state.hidden(name):
        st.number_input(label, low, high, key=state.key(name), width=_pixels(6.9), step=1)


def _pixels(rem: float) -> int:
    """Streamlit takes widths in pixels; type is larger in the lecture view."""
    return round(rem * (theme.PRESENTER_PIXELS if state.get("present") else theme.ROOT_PIXELS))


def _initializers() -> dict[str, str]:
    return {
        "he_normal": _("He, normal"),
        "he_uniform": _("He, uniform"),
        "xavier_normal": _("Xavier, normal"),
        "xavier_uniform": _("Xavier, uniform"),
        "normal": _("Normal, std 0.01"),
        "zeros": _("Zeros"),
    }
