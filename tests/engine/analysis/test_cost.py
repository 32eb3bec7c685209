"""What networks cost: each amount agrees with the arrays and products that really come about."""

import time

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine import AvgPool2d, Conv2d, Flatten, Linear, MaxPool2d, Network, ReLU, ShapeError
from engine.analysis.cost import Cost, Count, Term, layer_cost, network_cost
from engine.layers.activation import LeakyReLU, Sigmoid
from engine.layers.activation_across import LogSoftmax, Maxout, Softmax
from engine.layers.activation_hard import Hardswish, ReLU6
from engine.layers.activation_learned import PReLU
from engine.layers.activation_smooth import GELU
from engine.layers.blocks import Highway, Parallel, Residual
from engine.layers.conv_variants import ConvTranspose2d, LocallyConnected2d
from engine.layers.dropout import Dropout, Dropout2d
from engine.layers.local_response import LocalResponseNorm
from engine.layers.norm import BatchNorm1d, BatchNorm2d
from engine.layers.norm_example import GroupNorm, InstanceNorm2d, LayerNorm
from engine.layers.padding import CircularPad2d, ConstantPad2d, ReflectionPad2d, ReplicationPad2d, ZeroPad2d
from engine.layers.pixel_shuffle import PixelShuffle, PixelUnshuffle
from engine.layers.pool_variants import AdaptiveAvgPool2d, AdaptiveMaxPool2d, LPPool2d, StochasticPool2d
from engine.layers.resample import Upsample
from engine.layers.unpool import MaxUnpool2d
from engine.layers.weight_norm import WeightNorm
from engine.types import Layer, Shape
from engine.zoo.classic import VGG_INPUT, vgg16_layers
from engine.zoo.digit_network import digit_network
from tests.engine.cases import CASES, Case
from tests.engine.strategies import avg_pools, convolutions, max_pools

Layers = list[tuple[str, Layer]]

SMALL: Layers = [
    ("conv", Conv2d(3, 4, 3, padding=1)),
    ("relu", ReLU()),
    ("pool", MaxPool2d(2)),
    ("flatten", Flatten()),
    ("linear", Linear(4 * 3 * 3, 5)),
]


def amounts(layer: Layer, shape: Shape) -> tuple[int, int, int]:
    """(parameters, numbers made, numbers of the output) as they come about when the layer runs."""
    rng = np.random.default_rng(0)
    params = layer.init(rng)
    x = rng.standard_normal((1, *shape)).astype(np.float32)
    y, _ = layer.forward(params, x)
    return sum(value.size for value in params.values()), 0 if np.shares_memory(x, y) else y.size, y.size


@given(st.one_of(convolutions(), max_pools(), avg_pools()))
def test_parameters_and_activations_are_those_of_the_arrays(drawn: tuple[Layer, Shape]) -> None:
    cost = layer_cost(*drawn)
    assert (cost.parameters.value, cost.activations.value) == amounts(*drawn)[:2]


@pytest.mark.parametrize("case", CASES, ids=str)
def test_every_layer_of_the_contract_can_be_counted(case: Case) -> None:
    cost = layer_cost(case.layer, case.shape)
    parameters, made, _ = amounts(case.layer, case.shape)
    assert (cost.parameters.value, cost.activations.value) == (parameters, made)


RESIDUAL = Residual(
    (("conv1", Conv2d(4, 4, 3, padding=1, bias=False)), ("bn1", BatchNorm2d(4)), ("relu", ReLU())),
    (("conv", Conv2d(4, 4, 1)),),
)
OTHERS: list[tuple[Layer, Shape]] = [
    (ConvTranspose2d(4, 6, 3, stride=2, groups=2), (4, 5, 6)),
    (ConvTranspose2d(4, 6, (1, 2), bias=False), (4, 5, 6)),
    (LocallyConnected2d(4, 3, (5, 6), 3, padding=1), (4, 5, 6)),
    (LocallyConnected2d(4, 3, (5, 6), 2, bias=False), (4, 5, 6)),
    (WeightNorm(Conv2d(4, 6, 3)), (4, 5, 6)),
    (WeightNorm(Linear(4, 3, bias=False)), (4,)),
    (LeakyReLU(), (4, 5, 6)),
    (GELU(), (7,)),
    (PReLU(4), (4, 5, 6)),
    (Maxout(2), (4, 5, 6)),
    (Softmax(), (5,)),
    (LogSoftmax(), (5,)),
    (Hardswish(), (4, 5, 6)),
    (ReLU6(), (4, 5, 6)),
    (Dropout(), (4, 5, 6)),
    (Dropout2d(), (4, 5, 6)),
    (BatchNorm1d(5), (5,)),
    (BatchNorm2d(4), (4, 5, 6)),
    (BatchNorm2d(4, affine=False, track_running_stats=False), (4, 5, 6)),
    (LayerNorm((5, 6)), (4, 5, 6)),
    (GroupNorm(2, 4), (4, 5, 6)),
    (InstanceNorm2d(4), (4, 5, 6)),
    (LocalResponseNorm(5), (4, 5, 6)),
    (LPPool2d(2, 2), (4, 5, 6)),
    (StochasticPool2d(2), (4, 5, 6)),
    (AdaptiveAvgPool2d((3, 1)), (4, 5, 6)),
    (AdaptiveMaxPool2d((3, 1)), (4, 5, 6)),
    (PixelShuffle(2), (4, 5, 6)),
    (PixelUnshuffle(2), (4, 4, 6)),
    (ZeroPad2d(1), (4, 5, 6)),
    (ConstantPad2d(1, 2.0), (4, 5, 6)),
    (ReflectionPad2d((1, 2, 0, 3)), (4, 5, 6)),
    (ReplicationPad2d(2), (4, 5, 6)),
    (CircularPad2d(2), (4, 5, 6)),
    (Upsample(scale_factor=2), (4, 5, 6)),
    (Upsample(size=(7, 3)), (4, 5, 6)),
    (Upsample(scale_factor=2, mode="bilinear"), (4, 5, 6)),
]
BLOCKS: list[tuple[Layer, Shape]] = [
    (RESIDUAL, (4, 5, 6)),
    (Highway((("conv", Conv2d(4, 4, 3, padding=1)),), (("conv", Conv2d(4, 4, 1)), ("gate", Sigmoid()))), (4, 5, 6)),
    (Parallel((("a", (("conv", Conv2d(4, 2, 1)),)), ("b", (("conv", Conv2d(4, 3, 3, padding=1)),)))), (4, 5, 6)),
]


def named(given: tuple[Layer, Shape]) -> str:
    return type(given[0]).__name__


@pytest.mark.parametrize("given", OTHERS + BLOCKS, ids=named)
def test_every_kind_of_layer_has_the_parameters_and_buffers_of_its_arrays(given: tuple[Layer, Shape]) -> None:
    layer, shape = given
    params = layer.init(np.random.default_rng(0))
    buffers = sum(v.size for name, v in params.items() if "running" in name or "tracked" in name)
    cost = layer_cost(layer, shape)
    assert cost.buffers.value == buffers
    assert cost.parameters.value == sum(value.size for value in params.values()) - buffers


@pytest.mark.parametrize("given", OTHERS, ids=named)
def test_every_kind_of_layer_makes_the_numbers_of_its_output(given: tuple[Layer, Shape]) -> None:
    layer, shape = given
    x = np.random.default_rng(0).random((2, *shape))
    y, _ = layer.forward(layer.init(np.random.default_rng(0)), x, train=True, rng=np.random.default_rng(0))
    assert layer_cost(layer, shape).activations.value == y[0].size


def test_products_of_the_relatives_of_the_convolution() -> None:
    # Stamped: each of 4·5·6 inputs, 3 outputs of its group, 3·3 cells. Not shared: 3·5·6 places, 4·3·3 weights.
    stamped = layer_cost(ConvTranspose2d(4, 6, 3, stride=2, groups=2), (4, 5, 6))
    assert stamped.multiply_adds.value == 4 * 5 * 6 * 3 * 9
    assert "3 out_channels of its group" in str(stamped.multiply_adds)
    unshared = layer_cost(LocallyConnected2d(4, 3, (5, 6), 3, padding=1), (4, 5, 6))
    shared = layer_cost(Conv2d(4, 3, 3, padding=1), (4, 5, 6))
    assert unshared.multiply_adds.value == shared.multiply_adds.value == 3 * 5 * 6 * 4 * 9
    assert unshared.parameters.value == 30 * shared.parameters.value, "as often as there are places"
    assert layer_cost(WeightNorm(Conv2d(4, 3, 3)), (4, 5, 6)).multiply_adds == (
        layer_cost(Conv2d(4, 3, 3), (4, 5, 6)).multiply_adds
    )


def test_a_linear_layer_multiplies_for_every_row() -> None:
    assert layer_cost(Linear(4, 3), (4,)).multiply_adds.value == 4 * 3
    assert layer_cost(Linear(4, 3), (2, 5, 4)).multiply_adds.value == 4 * 3 * 2 * 5
    assert layer_cost(Linear(4, 3), (2, 5, 4)).parameters == layer_cost(Linear(4, 3), (4,)).parameters


def test_a_block_costs_its_paths_and_their_meeting() -> None:
    cost = layer_cost(RESIDUAL, (4, 5, 6))
    assert cost.multiply_adds.value == 120 * (36 + 4)
    assert cost.activations.value == 120 * 5, "conv1, bn1, relu; the shortcut's conv; the sum"
    assert [term.what for term in cost.parameters.terms] == [
        "body.conv1: weight",
        "body.bn1: weight",
        "body.bn1: bias",
        "shortcut.conv: weight",
        "shortcut.conv: bias",
    ]
    plain = layer_cost(Residual(RESIDUAL.body), (4, 5, 6))
    assert plain.multiply_adds.value == 120 * 36, "an empty shortcut is free"
    assert plain.other_operations.terms[-1].what == "additions"
    joined = layer_cost(BLOCKS[2][0], (4, 5, 6))
    assert joined.activations.value == 30 * (2 + 3) * 2, "each branch's own, and joined"


def test_adaptive_pooling_reads_overlapping_windows_twice() -> None:
    # 5 rows into 3 windows: rows 0-1, 1-3, 3-4, together 7; 6 columns into 1.
    cost = layer_cost(AdaptiveAvgPool2d((3, 1)), (4, 5, 6))
    assert cost.other_operations.value == 4 * 7 * 6


def test_what_only_moves_numbers_makes_them_and_does_no_arithmetic() -> None:
    for layer, made in ((MaxUnpool2d(2), 4 * 10 * 12), (PixelShuffle(2), 4 * 5 * 6), (ReflectionPad2d(1), 4 * 7 * 8)):
        cost = layer_cost(layer, (4, 5, 6))
        assert (cost.activations.value, cost.other_operations.value, cost.multiply_adds.value) == (made, 0, 0)


def test_buffers_are_stored_but_not_learned() -> None:
    table = network_cost([("bn", BatchNorm2d(4))], (4, 5, 6))
    assert table.parameters == 8
    assert table.weight_bytes().value == (8 + 9) * 4
    assert [term.what for term in table.weight_bytes().terms] == ["parameters", "buffers"]


@given(convolutions())
def test_a_convolution_multiplies_as_often_as_its_loops_do(drawn: tuple[Conv2d, Shape]) -> None:
    layer, shape = drawn
    _, out_h, out_w = layer.output_shape(shape)
    products = 0
    for _ in np.ndindex(layer.out_channels, out_h, out_w):
        products += layer.in_channels // layer.groups * layer.kernel[0] * layer.kernel[1]
    cost = layer_cost(layer, shape)
    assert cost.multiply_adds.value == products
    assert cost.flops == 2 * products


def test_a_small_network_by_hand() -> None:
    # conv 4·3·3·3 + 4 = 112, linear 5·36 + 5 = 185; products 108·36 = 3888 and 180.
    table = network_cost(SMALL, (3, 6, 6))
    assert table.parameters == 112 + 185
    assert table.multiply_adds == 3888 + 180
    assert table.flops == 2 * 4068
    assert [row.output_shape for row in table.rows] == [(4, 6, 6), (4, 6, 6), (4, 3, 3), (36,), (5,)]
    assert table.rows[1].cost.other_operations.value == 144, "one comparison for each number"
    assert table.rows[2].cost.other_operations.value == 36 * 3, "the largest of four takes three comparisons"
    assert layer_cost(AvgPool2d(2), (4, 6, 6)).other_operations.value == 36 * 4, "three additions and a division"
    assert table.rows[3].cost == Cost(), "flattening is free"


def test_memory_by_hand() -> None:
    # 297 parameters. Numbers: input 108, conv 144, relu 144, pool 36, linear 5. The largest pair is relu's: 144 + 144.
    table = network_cost(SMALL, (3, 6, 6))
    assert table.weight_bytes().value == 297 * 4
    assert table.inference_bytes(batch=10).value == 297 * 4 + 10 * 288 * 4
    kept = 108 + 144 + 144 + 36 + 5
    assert table.training_bytes(batch=10).value == 2 * 297 * 4 + 10 * (kept + 288) * 4
    assert table.training_bytes(batch=10, optimizer_states=2).value == 4 * 297 * 4 + 10 * (kept + 288) * 4
    assert table.training_bytes(batch=1, bytes_per_number=8).value == 2 * table.training_bytes(batch=1).value


def test_every_amount_says_what_it_is_made_of() -> None:
    cost = layer_cost(Conv2d(4, 6, (3, 5), groups=2), (4, 8, 8))
    assert str(cost.parameters) == (
        "weight: 6 out_channels × 2 in_channels of its group × 3 kernel height × 5 kernel width = 180\n"
        "bias: 6 out_channels = 6\n"
        "together: 186"
    )
    assert str(cost.multiply_adds).endswith("× 6 places down × 4 places across = 4,320")
    assert str(layer_cost(Linear(1000, 10, bias=False), (1000,)).parameters) == (
        "weight: 10 out_features × 1,000 in_features = 10,000"
    )
    assert str(Count()) == "together: 0"


def test_the_terms_of_a_total_name_their_layers_and_add_up() -> None:
    table = network_cost(SMALL, (3, 6, 6))
    total = table.total
    assert [term.what for term in total.parameters.terms] == [
        "conv: weight",
        "conv: bias",
        "linear: weight",
        "linear: bias",
    ]
    assert total.parameters.value == table.parameters
    assert total.multiply_adds.value == table.multiply_adds
    assert total.activations.value == 144 + 144 + 36 + 5


def test_the_digit_network_costs_what_its_arrays_say() -> None:
    network = digit_network(np.random.default_rng(0))
    table = network_cost(network.layers, network.input_shape)
    assert table.parameters == sum(value.size for value in network.params.values()) == 1898
    assert table.weight_bytes().value == sum(value.nbytes for value in network.params.values())


@pytest.mark.parametrize("layers", [SMALL, [("relu", ReLU())]], ids=["small", "relu alone"])
def test_shapes_are_those_of_the_network(layers: Layers) -> None:
    network = Network.build(layers, (3, 6, 6), rng=np.random.default_rng(0))
    assert tuple((row.name, row.output_shape) for row in network_cost(layers, (3, 6, 6)).rows) == network.shapes()


def test_vgg_16_is_counted_without_making_its_half_gigabyte() -> None:
    start = time.process_time()
    network_cost(vgg16_layers(), VGG_INPUT)
    assert time.process_time() - start < 0.5


def test_a_term_is_the_product_of_its_factors() -> None:
    assert Term("numbers", (("rows", 3), ("columns", 7))).value == 21


@pytest.mark.parametrize(
    ("arguments", "complaint"),
    [
        ({"batch": 0}, "batch=0"),
        ({"bytes_per_number": -4}, "bytes_per_number"),
        ({"optimizer_states": -1}, "0 or more"),
    ],
    ids=str,
)
def test_amounts_that_make_no_sense_are_refused(arguments: dict[str, int], complaint: str) -> None:
    with pytest.raises(ValueError, match=complaint):
        network_cost(SMALL, (3, 6, 6)).training_bytes(**arguments)


def test_what_can_t_be_counted_is_named() -> None:
    with pytest.raises(ShapeError, match="Layer 'linear'"):
        network_cost(SMALL, (3, 8, 8))
    with pytest.raises(ValueError, match="no layers"):
        network_cost([], (3, 8, 8))
    with pytest.raises(TypeError, match=r"what object costs.*layer_cost.register"):
        layer_cost(object(), (1,))  # type: ignore[arg-type]
