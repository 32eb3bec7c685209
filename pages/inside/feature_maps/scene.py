"""The picture of "Feature maps": kernels beside their maps, and what fires them, in four views of one network."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from hashlib import blake2b
from pathlib import Path
from typing import Any

from engine.types import Array, Pair
from pages.inside.feature_maps.labels import labels
from ui import state
from ui.components.modules import module, style
from ui.components.mounting import mounted
from ui.components.pack import pack
from ui.components.telling import Change, listen

BROWSER = Path(__file__).parent / "browser"

_mount = mounted(
    "stepcnn.featuremaps",
    html='<div class="fm"></div>',
    css=style(BROWSER / "featuremaps.css"),
    js=module(BROWSER / "featuremaps.js"),
)


@dataclass(frozen=True)
class Level:
    """One layer and what is known of its maps on the shown picture.

    ``behind`` is the layer whose kernels made them, ``below`` the one that is read; ``size``, ``jump`` and ``first``
    are the receptive field's. ``stats`` (3, C): largest number, mean after ReLU, share that is empty. ``runs`` (K, 3)
    and ``colour`` (K,) speak of the layer's own kernels: direction, and how much they answer to colour.
    """

    name: str
    kind: str
    behind: str
    below: str
    shape: tuple[int, int, int]
    padding: int
    size: int
    jump: int
    first: int
    stats: Array
    orders: Mapping[str, Sequence[int]]
    runs: Array
    colour: Array | None = None


@dataclass(frozen=True)
class Samples:
    """Pictures of the data set: images (N, C, H, W), and one map of each (N, H, W) or all of them (N, K, H, W).

    ``count`` is how many the data set has and ``firing`` the share of them that fires the kernel; ``boxes`` are
    (top, left, bottom, right) on the image, ``fires`` (N, K) says which kernels fire on which of these.
    """

    count: int
    firing: float
    images: Array
    maps: Array
    names: Sequence[str]
    index: Sequence[int]
    values: Sequence[float]
    units: Sequence[Pair] = ()
    boxes: Sequence[tuple[int, int, int, int]] = ()
    fires: Array | None = None


@dataclass(frozen=True)
class Scene:
    """All that the picture shows. ``channel`` None is the strongest map, ``cell`` None the strongest unit."""

    net: str
    image: Array
    title: str
    levels: tuple[Level, ...]
    maps: Mapping[str, Array]
    weights: Mapping[str, Array]
    biases: Mapping[str, Array]
    classes: Sequence[str]
    layer: str
    view: str
    channel: int | None
    cell: Pair | None
    sort: str
    scope: str
    samples: Samples | None = None
    table: Samples | None = None
    held: bool = True
    opens: bool = True
    present: bool = False


@dataclass(frozen=True)
class Events:
    """What to call for what the learner did: ``set`` for what was chosen, ``take`` for a picture of the data set,
    ``open`` for the way to the products."""

    set: Callable[[Mapping[str, Any]], None]
    take: Callable[[Any], None]
    open: Callable[[], None]


def featuremaps(scene: Scene, *, texts: Mapping[str, tuple[str, str]], events: Events, key: str) -> None:
    """Draw a scene. ``texts`` holds (heading, sentence) of every ``say-…`` block. Pointing stays in the browser."""

    def changed(change: Change) -> None:
        for name in ("set", "open"):
            chosen = change.get(name)
            if isinstance(chosen, Mapping):
                events.set({str(field): found for field, found in chosen.items()})
        if "take" in change:
            events.take(change["take"])
        if "open" in change:
            events.open()

    listen(_mount, lambda heard: payload(scene, texts=texts, heard=heard), changed, key=key)


def payload(scene: Scene, *, texts: Mapping[str, tuple[str, str]], heard: int = 0) -> bytes:
    """The scene as one block of bytes; ``heard`` is the number of the last change that it answers."""
    arrays = {"input": scene.image}
    for level in scene.levels:
        arrays |= {f"y:{level.name}": scene.maps[level.name], f"stats:{level.name}": level.stats.astype("float32")}
        if level.behind == level.name:
            arrays |= {f"w:{level.name}": scene.weights[level.name], f"b:{level.name}": scene.biases[level.name]}
            arrays |= {f"runs:{level.name}": level.runs.astype("float32")}
            if level.colour is not None:
                arrays |= {f"colour:{level.name}": level.colour.astype("float32")}
    for name, samples in (("samples", scene.samples), ("table", scene.table)):
        if samples is not None:
            arrays |= {f"{name}:images": samples.images, f"{name}:maps": samples.maps}
            if samples.fires is not None:
                arrays |= {f"{name}:fires": samples.fires}
    meta: dict[str, Any] = {
        "net": scene.net,
        "title": scene.title,
        "levels": [
            {field: getattr(level, field) for field in ("name", "kind", "behind", "below", "padding", "size", "jump")}
            | {"first": level.first, "shape": list(level.shape), "orders": dict(level.orders)}
            for level in scene.levels
        ],
        "classes": list(scene.classes),
        "samples": _listed(scene.samples),
        "table": _listed(scene.table),
        "opens": scene.opens,
        "asked": state.taken(),
        "present": scene.present,
        "texts": {name: list(text) for name, text in texts.items()},
        "labels": labels(),
    }
    # What is chosen is no reason to draw anew: the browser itself may just have told it.
    version = blake2b(repr(meta).encode(), digest_size=8)
    for name, array in arrays.items():
        version.update(name.encode() + array.tobytes())
    chosen = {name: getattr(scene, name) for name in ("layer", "view", "channel", "cell", "sort", "scope", "held")}
    chosen["cell"] = list(scene.cell) if scene.cell else None
    return pack(meta | {"version": version.hexdigest(), "chosen": chosen, "heard": heard}, arrays)


def _listed(samples: Samples | None) -> dict[str, Any] | None:
    if samples is None:
        return None
    names = ("count", "firing", "names", "index", "values", "units", "boxes")
    return {name: getattr(samples, name) for name in names}
