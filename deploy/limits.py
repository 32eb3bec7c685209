"""The app's own limits, read where the app reads them, so that the proxy never has other ones."""

from __future__ import annotations

import tomllib
from pathlib import Path

ROOT = Path(__file__).parent.parent
SETTINGS = ROOT / ".streamlit" / "config.toml"

ENVELOPE_KILOBYTES = 1024
"""What a browser puts around an uploaded file; Streamlit allows for as much."""


def upload_kilobytes() -> int:
    """The largest body of an upload: a file of the largest size that the app takes, and what goes round it."""
    settings = tomllib.loads(SETTINGS.read_text(encoding="utf-8"))
    return int(settings["server"]["maxUploadSize"]) * 1024 + ENVELOPE_KILOBYTES
