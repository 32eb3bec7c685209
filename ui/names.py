"""What the engine's choices are called on a page."""

from __future__ import annotations

from ui.i18n import _, _p


def activations() -> dict[str, str]:
    """Names as people write them."""
    return {
        "tanh": "tanh", "relu": "ReLU", "leaky_relu": "leaky ReLU", "elu": "ELU", "gelu": "GELU", "silu": "SiLU",
        "sigmoid": "sigmoid",
    }  # fmt: skip


def draws() -> dict[str, str]:
    """How weights are drawn, in words."""
    return {
        "normal": _("normal"),
        "uniform": _("uniform"),
        "sparse": _("sparse, 10 links"),
        "orthogonal": _("orthogonal"),
        "lsuv": _("fitted to the data"),
        "constant": _("all one number"),
        "zeros": _p("weights", "zeros"),
    }
