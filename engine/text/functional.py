"""PyTorch's functions and tensor methods that are layers without a name: F.relu(x) is ReLU()(x).

    FUNCTIONS[name] = layer, what stands behind x in the call's order

This table is the only way from such a name to a layer.
"""

from __future__ import annotations

import ast

from engine.sentence import Sentence
from engine.text.arguments import layer_of
from engine.text.constant import Constant, refused
from engine.text.limits import Limits
from engine.text.reading import Fault, Refused
from engine.text.said import Call
from engine.text.source import Source
from engine.types import Layer

_RESIZE = ("size", "scale_factor", "mode", "align_corners")
_DROP = ("p", "training", "inplace")

FUNCTIONS: dict[str, tuple[str, tuple[str, ...]]] = {
    "adaptive_avg_pool2d": ("AdaptiveAvgPool2d", ("output_size",)),
    "adaptive_max_pool2d": ("AdaptiveMaxPool2d", ("output_size", "return_indices")),
    "avg_pool2d": (
        "AvgPool2d",
        ("kernel_size", "stride", "padding", "ceil_mode", "count_include_pad", "divisor_override"),
    ),
    "celu": ("CELU", ("alpha", "inplace")),
    "dropout": ("Dropout", _DROP),
    "dropout2d": ("Dropout2d", _DROP),
    "elu": ("ELU", ("alpha", "inplace")),
    "gelu": ("GELU", ("approximate",)),
    "hardsigmoid": ("Hardsigmoid", ("inplace",)),
    "hardswish": ("Hardswish", ("inplace",)),
    "hardtanh": ("Hardtanh", ("min_val", "max_val", "inplace")),
    "interpolate": ("Upsample", (*_RESIZE, "recompute_scale_factor")),
    "leaky_relu": ("LeakyReLU", ("negative_slope", "inplace")),
    "local_response_norm": ("LocalResponseNorm", ("size", "alpha", "beta", "k")),
    "log_softmax": ("LogSoftmax", ("dim",)),
    "lp_pool2d": ("LPPool2d", ("norm_type", "kernel_size", "stride", "ceil_mode")),
    "max_pool2d": ("MaxPool2d", ("kernel_size", "stride", "padding", "dilation", "ceil_mode", "return_indices")),
    "mish": ("Mish", ("inplace",)),
    "pixel_shuffle": ("PixelShuffle", ("upscale_factor",)),
    "pixel_unshuffle": ("PixelUnshuffle", ("downscale_factor",)),
    "relu": ("ReLU", ("inplace",)),
    "relu6": ("ReLU6", ("inplace",)),
    "selu": ("SELU", ("inplace",)),
    "sigmoid": ("Sigmoid", ()),
    "silu": ("SiLU", ("inplace",)),
    "softmax": ("Softmax", ("dim",)),
    "softplus": ("Softplus", ("beta", "threshold")),
    "softsign": ("Softsign", ()),
    "tanh": ("Tanh", ()),
    "upsample": ("Upsample", _RESIZE),
}

METHODS = ("relu", "sigmoid", "tanh", "softmax", "log_softmax")
"""Those that a tensor has itself: x.relu()."""


def layer_called(
    source: Source, node: ast.Call, name: str, behind: int, known: dict[str, Constant], limits: Limits
) -> tuple[Layer, Call]:
    """The layer of a function's call; ``behind`` is how many of its arguments are x. Raises Refused."""
    layer, order = FUNCTIONS[name]
    given = node.args[behind:]
    if len(given) > len(order):
        told = Sentence(
            "That is more than can be told to {layer}; its settings: {takes}",
            layer=name,
            takes=", ".join(order) or "–",
        )
        raise refused(source, given[len(order)], told)
    keywords = [
        ast.copy_location(ast.keyword(argument, value), value) for argument, value in zip(order, given, strict=False)
    ]
    keywords += [keyword for keyword in node.keywords if keyword.arg != "input"]
    if "training" in order:
        keywords = _without_training(source, node, keywords)
    as_layer = ast.copy_location(ast.Call(node.func, [], keywords), node)
    return layer_of(source, as_layer, layer, known, limits)


def _without_training(source: Source, node: ast.Call, keywords: list[ast.keyword]) -> list[ast.keyword]:
    """The settings of a dropout without ``training``, which must say that it drops in training alone."""
    told = [keyword for keyword in keywords if keyword.arg == "training"]
    match [keyword.value for keyword in told]:
        case [ast.Attribute(ast.Name("self"), "training")]:
            return [keyword for keyword in keywords if keyword not in told]
    place = source.place(node)
    sentence = Sentence(
        "A dropout that isn't told {expected} goes on dropping when the network is used",
        expected="training=self.training",
    )
    if told:
        fix = source.edited([(source.place(told[0].value), "self.training")])
    else:
        call = Call(source, place, place, {})
        fix = source.edited([(call.closing, ", training=self.training")])
    raise Refused(Fault(place, sentence, (fix,)))
