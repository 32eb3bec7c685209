"""Two real photographs, where size and colour matter: a temple roof and a flower.

Source: "china.jpg" by danielbuechele and "flower.jpg" by vultilion, Flickr, CC BY 2.0, as shipped with
scikit-learn (``sklearn.datasets.load_sample_images``).
"""

from __future__ import annotations

from functools import cache

import numpy as np

from engine.types import Array

PHOTOS = ("china", "flower")


@cache
def photo(name: str) -> Array:
    """One photograph (3, 427, 640), float32 in [0, 1], read-only: everyone gets the same. Raises KeyError."""
    if name not in PHOTOS:
        raise KeyError(f"There is no photograph {name!r}; there are {', '.join(PHOTOS)}.")
    from sklearn.datasets import load_sample_image  # takes about a second, so only when a photograph is wanted

    pixels = load_sample_image(f"{name}.jpg")
    image: Array = np.ascontiguousarray(pixels.transpose(2, 0, 1)).astype(np.float32) / np.float32(255)
    image.flags.writeable = False
    return image
