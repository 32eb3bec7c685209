"""What the server does ahead of need: both networks name all the pictures that they never trained on."""

from __future__ import annotations

import threading

from pages.inside.feature_maps.controls import network_facts

_BEGUN = threading.Lock()


def prepare() -> None:
    """Begin to count in the background, once for the whole server."""
    if _BEGUN.acquire(blocking=False):
        threading.Thread(target=network_facts, name="stepcnn-networks", daemon=True).start()
