"""How gradients become new weights.

``update(params, grads, state)`` returns new arrays and a new state and changes none of its arguments, so any
step can be revisited, and everything inside it (buffers, corrections) read from the state that it returns.
"""

from engine.guard import guard
from engine.optimizers.adam import Adam, AdamW
from engine.optimizers.adaptive import Adadelta, Adagrad, RMSprop
from engine.optimizers.base import Optimizer, State
from engine.optimizers.nadam import NAdam
from engine.optimizers.proximal import FTRL, ProximalAdagrad, ProximalSGD
from engine.optimizers.rprop import Rprop
from engine.optimizers.sgd import SGD

OPTIMIZERS: dict[str, type[SGD] | type[Adam]] = {"sgd": SGD, "adam": Adam}
"""The two that most training starts with; their settings are enough for a first training run."""

ALL_OPTIMIZERS: dict[str, type[Optimizer]] = {
    **OPTIMIZERS,
    "adamw": AdamW,
    "nadam": NAdam,
    "adagrad": Adagrad,
    "rmsprop": RMSprop,
    "adadelta": Adadelta,
    "rprop": Rprop,
    "ftrl": FTRL,
    "proximal_sgd": ProximalSGD,
    "proximal_adagrad": ProximalAdagrad,
}
"""Every optimizer by name. Momentum and Nesterov's are settings of SGD."""

__all__ = [
    "ALL_OPTIMIZERS",
    "FTRL",
    "OPTIMIZERS",
    "SGD",
    "Adadelta",
    "Adagrad",
    "Adam",
    "AdamW",
    "NAdam",
    "Optimizer",
    "ProximalAdagrad",
    "ProximalSGD",
    "RMSprop",
    "Rprop",
    "State",
]

guard(globals())
