"""How much of an archive of pictures is read: every bound in one place."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class FolderLimits:
    """Bounds of what is unpacked, each counted while reading, and of what is made of it."""

    archive_bytes: int = 100 * 2**20
    entries: int = 20_000
    """Of the archive's list, folders and hidden files among them."""
    path_characters: int = 300
    file_bytes: int = 20 * 2**20
    """Of one file, unpacked."""
    unpacked_bytes: int = 500 * 2**20
    """Of all files together."""
    pixels: int = 16_000_000
    """Of one picture."""
    all_pixels: int = 1_000_000_000
    """Of all pictures together, as they are in their files: what decoding them takes."""
    side: int = 256
    """Of a picture as it is wanted."""
    numbers: int = 50_000_000
    """Of all pictures together, as they are wanted."""
    classes: int = 100
    least: int = 2
    """Pictures of a class."""
