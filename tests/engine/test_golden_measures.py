"""Published numbers of famous networks, as the curriculum lists them (A: receptive field, F: explorer)."""

import numpy as np
import pytest

from engine import Conv2d, Network
from engine.analysis.cost import layer_cost, network_cost
from engine.analysis.receptive_field import chain, receptive_fields, slide, through
from engine.zoo.classic import (
    ALEXNET_INPUT,
    LENET5_INPUT,
    VGG_INPUT,
    Layers,
    alexnet_layers,
    lenet5_layers,
    vgg11_layers,
    vgg16_layers,
)


def test_fields_of_vgg_16() -> None:
    """Curriculum A: conv5_3 196, pool5 212, jump 32."""
    fields = {field.name: field for field in receptive_fields(vgg16_layers(), VGG_INPUT)}
    assert fields["conv5_3"].size == (196, 196)
    assert fields["pool5"].size == (212, 212)
    assert fields["pool5"].jump == (32, 32)


@pytest.mark.parametrize(
    ("name", "size"),
    [("conv1", 11), ("pool1", 19), ("conv2", 51), ("conv3", 99), ("conv4", 131), ("conv5", 163), ("pool5", 195)],
)
def test_fields_of_alexnet(name: str, size: int) -> None:
    """Curriculum A: conv1 11, pool1 19, conv2 51, conv3 99, conv4 131, conv5 163, pool5 195."""
    fields = {field.name: field for field in receptive_fields(alexnet_layers(), ALEXNET_INPUT)}
    assert fields[name].size == (size, size)


def test_three_kernels_of_3_see_as_far_as_one_of_7_with_fewer_weights() -> None:
    """Curriculum A: 27·C² weights against 49·C²."""
    channels, pixel = 16, receptive_fields([], (16, 32, 32))[0]
    three, seven = [Conv2d(channels, channels, 3, bias=False)] * 3, Conv2d(channels, channels, 7, bias=False)
    assert chain([("conv", layer) for layer in three], pixel) == through(seven, pixel) == slide(pixel, (7, 7))
    assert sum(layer_cost(layer, (channels, 32, 32)).parameters.value for layer in three) == 27 * channels**2
    assert layer_cost(seven, (channels, 32, 32)).parameters.value == 49 * channels**2


def test_alexnet_in_one_piece() -> None:
    """Curriculum F: 62,378,344 parameters; 227 -> 55 -> 27 -> 13 -> 6. Curriculum A: 34,944 of them in conv1."""
    table = network_cost(alexnet_layers(), ALEXNET_INPUT)
    rows = {row.name: row for row in table.rows}
    assert table.parameters == 62_378_344
    assert rows["conv1"].cost.parameters.value == 34_944
    assert [rows[name].output_shape[1] for name in ("conv1", "pool1", "pool2", "pool5")] == [55, 27, 13, 6]


def test_vgg_16() -> None:
    """Curriculum F: 138,357,544 parameters, 15.47 G multiply-adds = 30.94 GFLOPs, about 528 MB of weights."""
    table = network_cost(vgg16_layers(), VGG_INPUT)
    assert table.parameters == 138_357_544
    assert round(table.multiply_adds / 1e9, 2) == 15.47
    assert round(table.flops / 1e9, 2) == 30.94
    assert round(table.weight_bytes().value / 2**20) == 528
    assert next(row for row in table.rows if row.name == "pool5").output_shape == (512, 7, 7)


def test_vgg_11_has_as_many_parameters_as_torchvision_s() -> None:
    assert network_cost(vgg11_layers(), VGG_INPUT).parameters == 132_863_336


def test_lenet_5_by_hand() -> None:
    # 6·26 + 16·151 + 120·401 + 84·121 + 10·85
    assert network_cost(lenet5_layers(), LENET5_INPUT).parameters == 156 + 2416 + 48_120 + 10_164 + 850 == 61_706


@pytest.mark.parametrize(("layers", "shape"), [(lenet5_layers(7), LENET5_INPUT), (vgg16_layers(7)[:11], VGG_INPUT)])
def test_a_list_becomes_a_network_of_the_counted_size(layers: Layers, shape: tuple[int, ...]) -> None:
    network = Network.build(layers, shape, rng=np.random.default_rng(0))
    assert sum(value.size for value in network.params.values()) == network_cost(layers, shape).parameters


@pytest.mark.parametrize("make", [alexnet_layers, vgg11_layers, vgg16_layers, lenet5_layers])
def test_the_number_of_classes_can_be_chosen(make) -> None:  # type: ignore[no-untyped-def]
    shape = {alexnet_layers: ALEXNET_INPUT, lenet5_layers: LENET5_INPUT}.get(make, VGG_INPUT)
    assert network_cost(make(5), shape).rows[-1].output_shape == (5,)
