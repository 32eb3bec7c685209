"""A picture at another size: the whole of it, in its own proportions."""

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


def fit_inside(image: Array, height: int, width: int) -> Array:
    """(C, H, W) -> (C, height, width): as large as it fits, in the middle, on the median colour of its border.

    Each pixel is the mean of what it covers of the picture; of a smaller picture, that is the pixel which it lies in.
    """
    from PIL import Image

    scale = min(height / image.shape[1], width / image.shape[2])
    inner = tuple(max(1, round(side * scale)) for side in image.shape[1:])
    maps = [Image.fromarray(np.ascontiguousarray(each, np.float32)) for each in image]
    fitted = np.stack([np.asarray(each.resize(inner[::-1], Image.Resampling.BOX)) for each in maps])
    border = np.concatenate([image[:, 0], image[:, -1], image[:, :, 0], image[:, :, -1]], axis=1)
    framed = np.empty((len(image), height, width), dtype=np.float32)
    framed[...] = np.median(border, axis=1)[:, np.newaxis, np.newaxis]
    top, left = (height - inner[0]) // 2, (width - inner[1]) // 2
    framed[:, top : top + inner[0], left : left + inner[1]] = np.clip(fitted, 0, 1)
    return framed
