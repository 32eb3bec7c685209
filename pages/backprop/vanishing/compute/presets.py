"""Deep networks that a gradient comes through badly, or well, each for a reason of its own."""

from __future__ import annotations

from collections.abc import Mapping

from pages.backprop.vanishing.compute.setup import Deep

PRESETS: Mapping[str, Deep] = {
    "sigmoid-10": Deep(depth=10),
    "sigmoid": Deep(),
    "relu-xavier": Deep(activation="relu"),
    "relu-he": Deep(activation="relu", size="he"),
    "explodes": Deep(activation="relu", size="he", times=1.2),
    "tanh-xavier": Deep(activation="tanh"),
    "batch-norm": Deep(norm="batch"),
    "layer-norm": Deep(norm="layer"),
    "residual": Deep(link="residual"),
    "residual-he": Deep(activation="relu", size="he", link="residual"),
}
"""Sigmoids fade, as Hochreiter (1991) found; ReLU needs He's size (2015), and a fifth more already explodes. The last
four are remedies, and what each is worth: batch norm (Ioffe & Szegedy, 2015), layer norm (Ba et al., 2016) and adding
x (He et al., 2016), which keeps a gain from falling below 1 and doesn't keep it from growing."""
