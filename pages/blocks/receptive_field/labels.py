"""Every word that the receptive field's picture writes itself, in the reader's language."""

from __future__ import annotations

from ui.i18n import _


def labels() -> dict[str, str]:
    """Name -> text; ``{name}`` in it is filled in by the browser."""
    return {**_picture(), **_table(), **_panel()}


def _picture() -> dict[str, str]:
    return {
        "image": _("image"),
        "input": _("Input"),
        "output": _("Output"),
        "kernel": _("kernel"),
        "stride": _("stride"),
        "padding": _("padding"),
        "dilation": _("dilation"),
        "size": _("image size"),
        "add": _("Add a layer here"),
        "add_conv": _("Add a 3×3 convolution"),
        "add_pool": _("Add 2×2 max pooling"),
        "remove": _("Take {layer} out"),
        "way": _("way"),
        "ways": _("ways"),
        "shallower": _("One layer shallower"),
        "deeper": _("One layer deeper"),
        "hover": _("hover a unit or a pixel · click to lock"),
        "tap": _("tap any cell"),
        "keys": _("Arrow keys move the unit, Enter locks it, Escape releases it."),
    }


def _table() -> dict[str, str]:
    return {
        "table": _("The layers and what their units see"),
        "layer": _("layer"),
        "window": _("window"),
        "units": _("units"),
        "weights": _("weights"),
        "total": _("weights in all"),
    }


def _panel() -> dict[str, str]:
    return {
        "listens": _("What it really listens to"),
        "measured": _("Measured: |d unit / d pixel|"),
        "predicted": _("Expected of random weights: √ways"),
        "middle": _("The dashed middle, {inner} of {field}, has this share"),
        "share_pixels": _("of the pixels that it sees"),
        "share_expected": _("of √ways, the theory for random weights"),
        "share_measured": _("of the measured gradient"),
        "pixel_alone": _(
            "A pixel is made from nothing else. Choose a unit of a later layer to see what it listens to."
        ),
        "other_weights": _("Draw other weights"),
        "note_digits": _("Mean over {count} digits that weren't trained on, and over all maps of the layer."),
        "note_random": _("Mean over random weights and noise; click a unit to measure it."),
        "note_predicted": _("Counted, not measured: this network would have to be trained first."),
    }
