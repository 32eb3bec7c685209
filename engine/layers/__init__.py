"""Layers: frozen specs with ``init``, ``output_shape``, ``forward`` and ``backward``."""

from engine.layers.activation import ReLU
from engine.layers.conv import Conv2d
from engine.layers.linear import Linear
from engine.layers.pool import AvgPool2d, MaxPool2d
from engine.layers.shape import Flatten

__all__ = ["AvgPool2d", "Conv2d", "Flatten", "Linear", "MaxPool2d", "ReLU"]
