"""What a learner sets for a training run: the controls, their widgets, what they mean to the engine, and the run."""

from __future__ import annotations

import streamlit as st

from engine.initializers import INITIALIZERS
from engine.optimizers import OPTIMIZERS, Optimizer
from engine.training.run import Run
from pages.training.watch_it_train.run import PACES, Recipe, Training, desk, make_optimizer
from ui import limits, state
from ui.controls import Choice, Control, Number
from ui.i18n import _
from ui.picture_input import picture_controls, picture_input
from ui.row import count, pixels, select

RATES = tuple(f"{digit * 10.0**power:g}" for power in range(-4, 2) for digit in (1, 2, 5))[:-2]
MOMENTA = ("0", "0.5", "0.8", "0.9", "0.95", "0.99")
DECAYS = ("0", "0.0001", "0.001", "0.01", "0.1", "0.5")
SEEDS = 9999
DIGIT = 12
BATCHES = ("8", "16", "32", "64", "128", "256")

PICTURE: tuple[Control, ...] = (Choice("speed", tuple(PACES), "steady"),)
CONTROLS: tuple[Control, ...] = (
    Choice("init", tuple(INITIALIZERS), "he_normal"),
    Choice("optimizer", tuple(OPTIMIZERS), "sgd"),
    Choice("lr", RATES, "0.05"),
    Choice("momentum", MOMENTA, "0.9"),
    Choice("decay", DECAYS, "0.001"),
    Choice("batch", BATCHES, "64"),
    Number("epochs", 1, limits.EPOCHS, 30, integer=True),
    Number("seed", 0, SEEDS, 0, integer=True),
    *PICTURE,
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


def current() -> Training:
    """This session's training, as the controls stand."""
    return desk().training(recipe(), optimizer(), state.get("speed"))


def shown() -> Run:
    """The run that is shown. What is made of it later must not begin another, whatever the controls say by then."""
    return (desk().at_work or current()).run


def widgets() -> None:
    """What stands above the picture. Learning rate, momentum and decay take effect while a run goes on."""
    another = _("Another choice starts another run.")
    select("init", _("first weights"), tuple(INITIALIZERS), 10, _initializers(), help=another)
    select("optimizer", _("optimizer"), tuple(OPTIMIZERS), 6.6, {"sgd": "SGD", "adam": "Adam"}, help=another)
    if not state.hidden("lr"):
        st.select_slider(
            _("learning rate"),
            RATES,
            key=state.key("lr"),
            width=pixels(16),
            help=_("Takes effect at the next step."),
        )
    select("momentum", _("momentum"), MOMENTA, 6.4, disabled=state.get("optimizer") == "adam")
    select("decay", _("weight decay"), DECAYS, 7)
    select("batch", _("batch size"), BATCHES, 6.4)
    count("epochs", _("epochs"), 1, limits.EPOCHS, 6.9)
    count("seed", _("seed"), 0, SEEDS, 6.9)
    picture_input(current().run.network)


def _initializers() -> dict[str, str]:
    return {
        "he_normal": _("He, normal"),
        "he_uniform": _("He, uniform"),
        "xavier_normal": _("Xavier, normal"),
        "xavier_uniform": _("Xavier, uniform"),
        "normal": _("Normal, std 0.01"),
        "zeros": _("Zeros"),
    }
