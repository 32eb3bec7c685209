"""A smaller copy of a picture."""

from __future__ import annotations

import numpy as np

from engine.types import Array


def shrink(image: Array, longest: int) -> Array:
    """(C, H, W) with at most ``longest`` pixels a side, each the mean of those it stands for; never larger."""
    from PIL import Image

    most = max(image.shape[1:])
    if most <= longest:
        return image
    height, width = (max(1, round(side * longest / most)) for side in image.shape[1:])
    maps = [Image.fromarray(np.ascontiguousarray(each, np.float32)) for each in image]
    return np.stack([np.asarray(each.resize((width, height), Image.Resampling.BOX)) for each in maps])
