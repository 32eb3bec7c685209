"""Every word that the feature maps' picture writes itself, in the reader's language."""

from __future__ import annotations

from ui.i18n import _


def labels() -> dict[str, str]:
    """Name -> text; ``{name}`` in it is filled in by the browser."""
    return {**_views(), **_maps(), **_shelf(), **_data()}


def _views() -> dict[str, str]:
    return {
        "views": _("What is shown"),
        "view_maps": _("Many kernels, one picture"),
        "view_kernel": _("One kernel, many pictures"),
        "view_crossing": _("Kernels × pictures"),
        "view_layers": _("All layers"),
        "sort": _("Order"),
        "sort_max": _("largest number"),
        "sort_mean": _("mean"),
        "sort_number": _("kernel number"),
        "scope": _("Colours span"),
        "scope_map": _("each map"),
        "scope_layer": _("the layer"),
        "scope_all": _("all layers"),
        "layers": _("Layers, from shallow to deep"),
    }


def _maps() -> dict[str, str]:
    return {
        "input": _("Input"),
        "output": _("Output"),
        "kernel": _("kernel"),
        "empty": _("empty"),
        "largest": _("largest number"),
        "mean": _("mean after ReLU"),
        "rows": _("row to row"),
        "columns": _("column to column"),
        "rest": _("slanted, mixed"),
        "colour": _("answers to colour"),
        "runs": _("Which way the kernel varies"),
        "of_kernel": _("{layer}, kernel {k}"),
        "keys": _("Arrow keys move the unit, Enter holds it, Escape lets it go."),
        "hint": _("point at a map · click to hold a unit"),
        "tap": _("tap a map"),
        "what_fires": _("What fires it most?"),
        "open": _("Its products, one by one"),
        "own_largest": _("own largest"),
        "weights": _("weights"),
        "picture_colours": _("red, green, blue; grey = 0"),
    }


def _shelf() -> dict[str, str]:
    return {
        "unit": _("{layer}[{k}], row {i}, column {j}"),
        "bias": _("bias"),
        "map": _("map {c}"),
        "red": _("red"),
        "green": _("green"),
        "blue": _("blue"),
        "products": _("{count} {count|product|products}, weight × pixel, and the bias"),
        "sum_of": _("{count} {count|product|products} and the bias, added up by the map that is read"),
        "relu_of": _("max(0, {x}): below 0 nothing gets through"),
        "pool_of": _("the largest of four"),
    }


def _data() -> dict[str, str]:
    return {
        "top": _("The nine of {count} pictures that fire it most; framed is what the unit sees"),
        "take": _("Show {name} in the first view"),
        "crossing": _("Rows are pictures, columns kernels; framed maps reach half of their kernel's largest number"),
        "sees": _("sees {r}×{r}"),
        "waiting": _("searching the pictures …"),
    }
