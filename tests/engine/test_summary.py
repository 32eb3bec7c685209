"""``repr(network)`` is a table: layers, the shapes that come out of them, and how many numbers they have learned."""

import numpy as np
import torch

import engine
from engine import (
    BatchNorm2d,
    Conv2d,
    Dropout,
    Flatten,
    Linear,
    Network,
    ReLU,
    Residual,
    Upsample,
    WeightNorm,
    network_cost,
)
from engine.summary import brief
from engine.types import Layer
from engine.zoo.classic import LENET5_INPUT, lenet5_layers
from engine.zoo.digit_network import pretrained_digit_network
from engine.zoo.resnet import cifar_resnet_layers
from tests.engine.cases import CASES
from tests.engine.cases_layers2 import BATCH_NORMS, PLAIN, WITHOUT_TWIN, Held

INNER = Residual((("a", Conv2d(4, 4, 3, padding=1)), ("bn", BatchNorm2d(4))))
OUTER = Residual((("first", INNER), ("relu", ReLU())), (("bn", BatchNorm2d(4)),))


def small() -> Network:
    layers: list[tuple[str, Layer]] = [
        ("conv", WeightNorm(Conv2d(3, 4, 3, padding=1, bias=False))),
        ("block", OUTER),
        ("up", Upsample(scale_factor=2)),
        ("flatten", Flatten()),
        ("out", Linear(1024, 2)),
    ]
    return Network.build(layers, (3, 8, 8), rng=np.random.default_rng(0), dtype=np.float64)


def test_the_table_of_the_digit_network() -> None:
    assert (
        repr(pretrained_digit_network())
        == """\
Network of 8 layers, 1,898 parameters, float32
name     layer                        output      parameters
                                      (1, 8, 8)
conv1    Conv2d(1, 8, 3, padding=1)   (8, 8, 8)           80
relu1    ReLU()                       (8, 8, 8)
pool1    MaxPool2d(2)                 (8, 4, 4)
conv2    Conv2d(8, 16, 3, padding=1)  (16, 4, 4)       1,168
relu2    ReLU()                       (16, 4, 4)
pool2    MaxPool2d(2)                 (16, 2, 2)
flatten  Flatten()                    (64,)
linear   Linear(64, 10)               (10,)              650"""
    )


def test_what_is_inside_a_block_stands_below_it_and_running_means_are_not_learned() -> None:
    """The inner block: 4·4·9 + 4 weights and biases, γ and β of 4; the shortcut's norm has 8 more."""
    assert (
        repr(small())
        == """\
Network of 5 layers, 2,326 parameters, float64
name           layer                                               output       parameters
                                                                   (3, 8, 8)
conv           WeightNorm(Conv2d(3, 4, 3, padding=1, bias=False))  (4, 8, 8)           112
block          Residual                                            (4, 8, 8)           164
  body.first   Residual                                            (4, 8, 8)           156
    body.a     Conv2d(4, 4, 3, padding=1)                          (4, 8, 8)           148
    body.bn    BatchNorm2d(4)                                      (4, 8, 8)             8
  body.relu    ReLU()                                              (4, 8, 8)
  shortcut.bn  BatchNorm2d(4)                                      (4, 8, 8)             8
up             Upsample(scale_factor=2)                            (4, 16, 16)
flatten        Flatten()                                           (1024,)
out            Linear(1024, 2)                                     (2,)              2,050"""
    )


def test_the_sum_of_its_parameters_is_what_is_counted_elsewhere() -> None:
    layers = cifar_resnet_layers(20)
    network = Network.build(layers, (3, 32, 32), rng=np.random.default_rng(0))
    assert f"{network_cost(layers, (3, 32, 32)).parameters:,} parameters" in repr(network).splitlines()[0]
    lenet = Network.build(lenet5_layers(), LENET5_INPUT, rng=np.random.default_rng(0))
    assert repr(lenet).startswith("Network of 12 layers, 61,706 parameters, float32\n")


def test_a_shape_that_is_not_known_is_a_question_mark_and_nothing_is_raised() -> None:
    known = small()
    odd = repr(Network((("drop", Dropout()), *known.layers), {}, (2, 1, 1)))
    assert odd.startswith("Network of 6 layers, 0 parameters\n")
    after = [line.split()[-1] for line in odd.splitlines()[3:]]
    assert after == ["1)", *["?"] * (len(after) - 1)]


def test_a_layer_is_written_as_one_would_write_it() -> None:
    """Read as Python, it is the same layer."""
    names = {name: getattr(engine, name) for name in engine.__all__}
    cases = (*CASES, *PLAIN, *WITHOUT_TWIN, *BATCH_NORMS)
    plain = [case.layer for case in cases if not isinstance(case.layer, Held)]
    assert len(plain) > 40
    for layer in plain:
        assert eval(brief(layer), names) == layer
    assert brief(torch.nn.ReLU()) == "ReLU"
