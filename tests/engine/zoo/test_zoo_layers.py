"""The networks that made history: their numbers of parameters, their shapes, and that they run both ways."""

from collections.abc import Callable

import numpy as np
import pytest
import torch

from engine import CrossEntropyLoss, Network, ReLU, gradcheck
from engine.analysis.cost import network_cost
from engine.layers.blocks import Highway, Residual
from engine.types import Layer, Shape
from engine.zoo.all_convolutional import ALL_CONVOLUTIONAL_INPUT, all_convolutional_layers
from engine.zoo.highway import HIGHWAY_INPUT, highway_layers
from engine.zoo.inception import GOOGLENET_INPUT, INCEPTION_WIDTHS, googlenet_layers
from engine.zoo.nin import NIN_INPUT, nin_layers
from engine.zoo.resnet import (
    CIFAR_RESNET_INPUT,
    RESNET_INPUT,
    cifar_plain_layers,
    cifar_resnet_layers,
    resnet18_layers,
    resnet34_layers,
    resnet50_layers,
)
from engine.zoo.squeezenet import SQUEEZENET_INPUT, squeezenet_layers
from tests.engine.cases import relative_error
from tests.engine.layers.test_blocks import torch_twin

Layers = list[tuple[str, Layer]]


def conv(inputs: int, outputs: int, kernel: int) -> int:
    """kernel² · inputs weights and a bias for each of the outputs."""
    return outputs * (kernel * kernel * inputs + 1)


def googlenet_by_hand() -> int:
    """Table 1 of the paper, each convolution with its bias, without the auxiliary outputs.

    stem          conv 7×7, 3 -> 64; conv 1×1, 64 -> 64; conv 3×3, 64 -> 192
    block         1×1; 1×1 and 3×3; 1×1 and 5×5; 1×1 behind the pool
    scores        1024 · 1000 + 1000
    """
    total, channels = conv(3, 64, 7) + conv(64, 64, 1) + conv(64, 192, 3), 192
    for one, reduce3, three, reduce5, five, pool in INCEPTION_WIDTHS.values():
        total += conv(channels, one, 1) + conv(channels, pool, 1)
        total += conv(channels, reduce3, 1) + conv(reduce3, three, 3)
        total += conv(channels, reduce5, 1) + conv(reduce5, five, 5)
        channels = one + three + five + pool
    return total + 1024 * 1000 + 1000


def nin_by_hand() -> int:
    first = conv(3, 192, 5) + conv(192, 160, 1) + conv(160, 96, 1)
    second = conv(96, 192, 5) + 2 * conv(192, 192, 1)
    return first + second + conv(192, 192, 3) + conv(192, 192, 1) + conv(192, 10, 1)


def all_convolutional_by_hand() -> int:
    narrow = conv(3, 96, 3) + 2 * conv(96, 96, 3)
    wide = conv(96, 192, 3) + 3 * conv(192, 192, 3)
    return narrow + wide + conv(192, 192, 1) + conv(192, 10, 1)


def highway_by_hand(depth: int) -> int:
    return 784 * 50 + 50 + (depth - 1) * 2 * (50 * 50 + 50) + 50 * 10 + 10


# ResNets: the known totals of PyTorch's models. Of CIFAR's, the paper gives 0.27 to 1.7 million with shortcuts that
# have no parameters; the two 1×1 ones with their norms add 16·32 + 32·64 + 2·(32 + 64) = 2,752.
TOTALS: list[tuple[Layers, Shape, int, int]] = [
    (resnet18_layers(), RESNET_INPUT, 11_689_512, 1000),
    (resnet34_layers(), RESNET_INPUT, 21_797_672, 1000),
    (resnet50_layers(), RESNET_INPUT, 25_557_032, 1000),
    (cifar_resnet_layers(20), CIFAR_RESNET_INPUT, 269_722 + 2_752, 10),
    (cifar_plain_layers(20), CIFAR_RESNET_INPUT, 269_722, 10),
    (squeezenet_layers(), SQUEEZENET_INPUT, 1_248_424, 1000),
    (googlenet_layers(), GOOGLENET_INPUT, googlenet_by_hand(), 1000),
    (nin_layers(), NIN_INPUT, nin_by_hand(), 10),
    (all_convolutional_layers(), ALL_CONVOLUTIONAL_INPUT, all_convolutional_by_hand(), 10),
    (highway_layers(), HIGHWAY_INPUT, highway_by_hand(10), 10),
]
NAMES = (
    *("resnet18", "resnet34", "resnet50", "cifar_resnet20", "cifar_plain20"),
    *("squeezenet", "googlenet", "nin", "all_convolutional", "highway"),
)


@pytest.mark.parametrize(("layers", "shape", "parameters", "classes"), TOTALS, ids=NAMES)
def test_a_network_has_its_known_number_of_parameters_and_a_score_for_each_class(
    layers: Layers, shape: Shape, parameters: int, classes: int
) -> None:
    cost = network_cost(layers, shape)
    assert cost.parameters == parameters
    assert cost.rows[-1].output_shape == (classes,)
    assert len({name for name, _ in layers}) == len(layers)


def test_the_totals_by_hand_are_those_that_the_docstrings_name() -> None:
    assert googlenet_by_hand() == 6_998_552
    assert nin_by_hand() == 966_986
    assert all_convolutional_by_hand() == 1_369_738


def test_the_first_inception_block_has_the_paper_s_parameters() -> None:
    """64·193 + 96·193 + 128·(9·96 + 1) + 16·193 + 32·(25·16 + 1) + 32·193 = 163,696; the paper prints 159K."""
    row = next(r for r in network_cost(googlenet_layers(), GOOGLENET_INPUT).rows if r.name == "inception3a")
    assert row.cost.parameters.value == 163_696


@pytest.mark.parametrize(
    ("layers", "shape", "expected"),
    [
        (resnet18_layers(), RESNET_INPUT, {"pool1": (64, 56, 56), "block2_2": (64, 56, 56), "block5_2": (512, 7, 7)}),
        (resnet50_layers(), RESNET_INPUT, {"block2_3": (256, 56, 56), "block4_6": (1024, 14, 14)}),
        (cifar_resnet_layers(56), CIFAR_RESNET_INPUT, {"block2_9": (16, 32, 32), "block4_9": (64, 8, 8)}),
        (
            squeezenet_layers(),
            SQUEEZENET_INPUT,
            {"conv1": (96, 111, 111), "pool1": (96, 55, 55), "conv10": (1000, 13, 13)},
        ),
        (
            googlenet_layers(),
            GOOGLENET_INPUT,
            {"pool2": (192, 28, 28), "inception4e": (832, 14, 14), "average": (1024, 1, 1)},
        ),
        (nin_layers(), NIN_INPUT, {"pool1": (96, 16, 16), "pool2": (192, 8, 8), "conv3_3": (10, 8, 8)}),
        (all_convolutional_layers(), ALL_CONVOLUTIONAL_INPUT, {"conv3": (96, 16, 16), "conv7": (192, 6, 6)}),
    ],
)
def test_the_maps_have_the_sizes_of_the_papers(layers: Layers, shape: Shape, expected: dict[str, Shape]) -> None:
    found = {row.name: row.output_shape for row in network_cost(layers, shape).rows}
    assert {name: found[name] for name in expected} == expected


@pytest.mark.parametrize("depth", [8, 20, 56, 110])
def test_cifar_networks_are_as_deep_as_they_say(depth: int) -> None:
    layers = cifar_resnet_layers(depth)
    blocks = [layer for _, layer in layers if isinstance(layer, Residual)]
    assert 1 + 2 * len(blocks) + 1 == depth  # the stem, two convolutions in each block, the scores
    convolutions = [name for name, _ in cifar_plain_layers(depth) if "conv" in name]
    assert len(convolutions) == depth - 1
    rectifiers = sum(isinstance(layer, ReLU) for _, layer in cifar_plain_layers(depth))
    assert rectifiers == depth - 1


def test_a_highway_layer_has_about_the_parameters_of_a_plain_one_of_71_units() -> None:
    highways = [row for row in network_cost(highway_layers(10), HIGHWAY_INPUT).rows if isinstance(row.layer, Highway)]
    assert [row.cost.parameters.value for row in highways] == [5_100] * 9
    assert 71 * 71 + 71 == 5_112


@pytest.mark.parametrize(
    ("make", "complaint"),
    [
        (lambda: cifar_resnet_layers(21), r"depth=21: expected 6n \+ 2"),
        (lambda: cifar_plain_layers(2), "depth=2"),
        (lambda: cifar_resnet_layers(20_000), "from 8 to 200"),
        (lambda: highway_layers(1), "depth=1; expected 2 to 200"),
        (lambda: highway_layers(10, units=0), "units=0"),
        (lambda: resnet18_layers(0), "classes=0"),
        (lambda: nin_layers(0), "classes=0"),
        (lambda: squeezenet_layers(0), "classes=0"),
        (lambda: all_convolutional_layers(0), "classes=0"),
        (lambda: googlenet_layers(0), "out_features=0"),
    ],
)
def test_a_network_that_cannot_be_says_why(make: Callable[[], Layers], complaint: str) -> None:
    with pytest.raises(ValueError, match=complaint):
        make()


RUN: list[tuple[Layers, Shape]] = [
    (cifar_resnet_layers(8), (3, 8, 8)),
    (cifar_plain_layers(8), (3, 8, 8)),
    (nin_layers(3), (3, 8, 8)),
    (squeezenet_layers(10), (3, 63, 63)),
    (all_convolutional_layers(3), (3, 16, 16)),
    (highway_layers(4), HIGHWAY_INPUT),
]


@pytest.mark.parametrize(("layers", "shape"), RUN, ids=["resnet", "plain", "nin", "squeezenet", "all_conv", "highway"])
def test_a_small_picture_goes_through_and_its_gradient_comes_back(layers: Layers, shape: Shape) -> None:
    network = Network.build(layers, shape, rng=np.random.default_rng(0))
    x = np.random.default_rng(1).standard_normal((2, *shape)).astype(np.float32)
    loss = CrossEntropyLoss()
    trace = network.forward(x, train=True)
    value, cache = loss.forward(trace.y, np.array([0, 1]))
    back = network.backward(trace, loss.backward(cache))
    assert np.isfinite(value)
    assert back.dx.shape == x.shape
    assert back.dx.dtype == np.float32
    assert back.grads.keys() | trace.buffers.keys() == network.params.keys()
    assert all(np.isfinite(grad).all() for grad in back.grads.values())
    # Every layer that learns is reached: none of its weights' gradients is all zeros.
    assert all(grad.any() for name, grad in back.grads.items() if name.endswith("conv1.weight"))


@pytest.mark.parametrize(
    ("layers", "shape"),
    [*RUN, (resnet18_layers(5), (3, 32, 32)), (googlenet_layers(5), (3, 32, 32))],
    ids=["resnet", "plain", "nin", "squeezenet", "all_conv", "highway", "resnet18", "googlenet"],
)
def test_a_whole_network_gives_pytorchs_numbers_with_the_same_weights(layers: Layers, shape: Shape) -> None:
    network = Network.build(layers, shape, rng=np.random.default_rng(0), dtype=np.float64)
    model = torch.nn.Sequential()
    for name, layer in layers:
        model.add_module(name, torch_twin(layer, train=False))
    model = model.double().eval()
    model.load_state_dict({name: torch.from_numpy(value) for name, value in network.params.items()})
    x = np.random.default_rng(1).standard_normal((2, *shape))
    with torch.no_grad():
        expected = model(torch.from_numpy(x)).numpy()
    assert relative_error(network.predict(x), expected) <= 1e-10


def test_the_gradients_of_a_small_residual_network_agree_with_central_differences() -> None:
    network = Network.build(cifar_resnet_layers(8), (3, 8, 8), rng=np.random.default_rng(0))
    x = np.random.default_rng(1).standard_normal((2, 3, 8, 8))
    found = gradcheck.check_network(network, x, np.array([3, 7]), rng=np.random.default_rng(2), sample=40)
    assert found.worst.relative_error < 1e-6


@pytest.mark.parametrize(
    ("layers", "shape"),
    [(resnet18_layers(10), (3, 64, 64)), (resnet50_layers(10), (3, 32, 32)), (googlenet_layers(10), (3, 64, 64))],
    ids=["resnet18", "resnet50", "googlenet"],
)
def test_the_large_networks_run_both_ways_on_a_small_picture(layers: Layers, shape: Shape) -> None:
    """The global average makes them independent of the picture's size."""
    network = Network.build(layers, shape, rng=np.random.default_rng(0))
    x = np.random.default_rng(1).standard_normal((2, *shape)).astype(np.float32)
    trace = network.forward(x, train=True)
    back = network.backward(trace, np.ones_like(trace.y))
    assert trace.y.shape == (2, 10)
    assert back.grads.keys() | trace.buffers.keys() == network.params.keys()
    assert np.isfinite(back.dx).all()
