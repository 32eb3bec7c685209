"""What the server does ahead of need: the experiments that this lesson opens on are measured once, for all readers."""

from __future__ import annotations

import threading

from pages.training.weight_initialization.compute import PRESETS
from pages.training.weight_initialization.controls import MANY, View, measured
from ui import limits

_READY: dict[str, View] = {}
_BEGUN, _ALL = threading.Lock(), threading.Event()


def ready() -> dict[str, View]:
    """The classic experiments that are measured by now; the others come."""
    prepare()
    return dict(_READY)


def classic() -> dict[str, View]:
    """All classic experiments; waits until they are measured."""
    prepare()
    with limits.SCRIPTS.away():
        _ALL.wait()
    return ready()


def prepare() -> None:
    """Begin to measure the classic experiments in the background, once for the whole server."""
    if _BEGUN.acquire(blocking=False):
        threading.Thread(target=_prepare, name="stepcnn-presets", daemon=True).start()


def _prepare() -> None:
    try:
        for name, known in PRESETS.items():
            _READY[name] = measured(known, "noise", int(MANY), 0)
    finally:
        _ALL.set()
