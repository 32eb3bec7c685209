"""Layers: frozen specs with ``init``, ``output_shape``, ``forward`` and ``backward``."""

from engine.guard import guard
from engine.layers.activation import ELU, LeakyReLU, ReLU, Sigmoid, Softplus, Softsign, Tanh
from engine.layers.activation_across import LogSoftmax, Maxout, Softmax
from engine.layers.activation_elu import CELU, SELU
from engine.layers.activation_hard import Hardsigmoid, Hardswish, Hardtanh, ReLU6
from engine.layers.activation_learned import PReLU, RReLU
from engine.layers.activation_smooth import GELU, Mish, SiLU
from engine.layers.blocks import Highway, Parallel, Residual
from engine.layers.conv import Conv2d
from engine.layers.conv_variants import ConvTranspose2d, LocallyConnected2d
from engine.layers.convert import conv_to_linear, linear_to_conv
from engine.layers.dropout import Dropout, Dropout2d
from engine.layers.known_blocks import basic_block, bottleneck, fire, inception
from engine.layers.linear import Linear
from engine.layers.local_response import LocalResponseNorm
from engine.layers.norm import BatchNorm1d, BatchNorm2d
from engine.layers.norm_example import GroupNorm, InstanceNorm2d, LayerNorm
from engine.layers.padding import CircularPad2d, ConstantPad2d, ReflectionPad2d, ReplicationPad2d, ZeroPad2d
from engine.layers.pixel_shuffle import PixelShuffle, PixelUnshuffle
from engine.layers.pool import AvgPool2d, MaxPool2d
from engine.layers.pool_variants import AdaptiveAvgPool2d, AdaptiveMaxPool2d, LPPool2d, StochasticPool2d
from engine.layers.resample import Upsample
from engine.layers.shape import Flatten, Identity
from engine.layers.unpool import MaxUnpool2d
from engine.layers.weight_norm import WeightNorm

__all__ = [
    "CELU",
    "ELU",
    "GELU",
    "SELU",
    "AdaptiveAvgPool2d",
    "AdaptiveMaxPool2d",
    "AvgPool2d",
    "BatchNorm1d",
    "BatchNorm2d",
    "CircularPad2d",
    "ConstantPad2d",
    "Conv2d",
    "ConvTranspose2d",
    "Dropout",
    "Dropout2d",
    "Flatten",
    "GroupNorm",
    "Hardsigmoid",
    "Hardswish",
    "Hardtanh",
    "Highway",
    "Identity",
    "InstanceNorm2d",
    "LPPool2d",
    "LayerNorm",
    "LeakyReLU",
    "Linear",
    "LocalResponseNorm",
    "LocallyConnected2d",
    "LogSoftmax",
    "MaxPool2d",
    "MaxUnpool2d",
    "Maxout",
    "Mish",
    "PReLU",
    "Parallel",
    "PixelShuffle",
    "PixelUnshuffle",
    "RReLU",
    "ReLU",
    "ReLU6",
    "ReflectionPad2d",
    "ReplicationPad2d",
    "Residual",
    "SiLU",
    "Sigmoid",
    "Softmax",
    "Softplus",
    "Softsign",
    "StochasticPool2d",
    "Tanh",
    "Upsample",
    "WeightNorm",
    "ZeroPad2d",
    "basic_block",
    "bottleneck",
    "conv_to_linear",
    "fire",
    "inception",
    "linear_to_conv",
]

guard(globals())
