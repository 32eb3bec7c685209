"""CAM and Grad-CAM: by hand, against PyTorch's own gradients, and against each other where theory says they agree."""

import pickle
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from engine import Conv2d, Flatten, Linear, MaxPool2d, Network, ReLU
from engine.analysis.class_activation import cam, grad_cam, score_gradient
from engine.layers import AdaptiveAvgPool2d, BatchNorm2d, Residual
from engine.types import Array, Layer, ShapeError
from engine.zoo.nin import nin_layers
from engine.zoo.resnet import cifar_resnet_layers
from tests.engine.cases import relative_error
from tests.engine.layers.test_blocks import torch_twin
from tests.engine.networks import small_network

HAND_MAPS = np.array([[[[1.0, 2.0], [0.0, 4.0]], [[3.0, 0.0], [1.0, 0.0]]]])
HAND_WEIGHT = np.array([[1.0, -2.0], [0.5, 1.0]])


def hand_network() -> Network:
    """Two maps as they come -> global average -> two scores, bias 10 and 20."""
    layers: tuple[tuple[str, Layer], ...] = (
        ("relu", ReLU()),
        ("average", AdaptiveAvgPool2d(1)),
        ("flatten", Flatten()),
        ("fc", Linear(2, 2)),
    )
    return Network(layers, {"fc.weight": HAND_WEIGHT, "fc.bias": np.array([10.0, 20.0])}, (2, 2, 2))


def ending_in_an_average(seed: int, kernels: int = 4, classes: int = 3) -> tuple[Network, Array]:
    layers: list[tuple[str, Layer]] = [
        ("conv1", Conv2d(2, 3, 3, padding=1)),
        ("relu1", ReLU()),
        ("pool1", MaxPool2d(2)),
        ("block", Residual((("conv", Conv2d(3, 3, 3, padding=1)), ("bn", BatchNorm2d(3))))),
        ("conv2", Conv2d(3, kernels, 3, padding=1)),
        ("relu2", ReLU()),
        ("average", AdaptiveAvgPool2d(1)),
        ("flatten", Flatten()),
        ("fc", Linear(kernels, classes)),
    ]
    rng = np.random.default_rng(seed)
    network = Network.build(layers, (2, 8, 6), rng=rng, dtype=np.float64)
    return network, rng.standard_normal((3, 2, 8, 6))


def test_a_hand_calculation_of_cam() -> None:
    """Class 0 weighs the maps by 1 and -2: 1 - 6, 2 - 0, 0 - 2, 4 - 0. Their mean, -1/4, plus the bias 10 is S_0."""
    trace = hand_network().forward(HAND_MAPS)
    found = cam(trace, 0)
    np.testing.assert_array_equal(found.heat, [[[-5, 2], [-2, 4]]])
    np.testing.assert_array_equal(found.weights, [[1, -2]])
    assert found.layer == "relu"
    assert trace.y[0, 0] == -0.25 + 10


def test_a_hand_calculation_of_grad_cam() -> None:
    """Each of the 4 places has a quarter of the weight: α = (1/4, -1/2), and of the heat -5/4, 2/4, -2/4, 1 rests
    (0, 1/2, 0, 1)."""
    network = hand_network()
    trace = network.forward(HAND_MAPS)
    found = grad_cam(trace, network.backward(trace, score_gradient(trace.y, 0)), "relu")
    np.testing.assert_array_equal(found.weights, [[0.25, -0.5]])
    np.testing.assert_array_equal(found.heat, [[[0, 0.5], [0, 1]]])


@given(st.integers(0, 2**32 - 1), st.lists(st.integers(0, 2), min_size=3, max_size=3))
def test_grad_cam_is_cam_without_its_negative_part_where_cam_exists(seed: int, classes: list[int]) -> None:
    network, x = ending_in_an_average(seed)
    trace = network.forward(x)
    by_gradient = grad_cam(trace, network.backward(trace, score_gradient(trace.y, classes)), "relu2")
    by_weight = cam(trace, classes)
    places = by_weight.heat[0].size
    np.testing.assert_allclose(by_gradient.heat, np.maximum(by_weight.heat, 0) / places, rtol=1e-10, atol=1e-12)
    scores = by_weight.heat.mean(axis=(1, 2)) + network.params["fc.bias"][classes]
    np.testing.assert_allclose(scores, trace.y[np.arange(3), classes], rtol=1e-10, atol=1e-12)


def grad_cam_in_pytorch(network: Network, x: Array, classes: list[int], layer: str) -> Array:
    """The paper's formulas on PyTorch's own modules and gradients."""
    model = torch.nn.Sequential()
    for name, spec in network.layers:
        model.add_module(name, torch_twin(spec, train=False))
    model = model.double().eval()
    model.load_state_dict({name: torch.from_numpy(np.array(value)) for name, value in network.params.items()})
    kept: dict[str, torch.Tensor] = {}

    def keep(module: torch.nn.Module, given: Any, out: torch.Tensor) -> None:
        out.retain_grad()
        kept["maps"] = out

    model.get_submodule(layer).register_forward_hook(keep)
    scores = model(torch.from_numpy(x))
    scores[torch.arange(len(x)), torch.tensor(classes)].sum().backward()
    maps = kept["maps"]
    assert maps.grad is not None
    alpha = maps.grad.mean(dim=(2, 3), keepdim=True)
    heat: Array = torch.relu((alpha * maps).sum(dim=1)).detach().numpy()
    return heat


@settings(max_examples=40)
@given(
    st.sampled_from(["relu1", "pool1", "block", "conv2", "relu2"]),
    st.integers(0, 2**32 - 1),
    st.lists(st.integers(0, 2), min_size=3, max_size=3),
)
def test_grad_cam_agrees_with_pytorch_at_every_layer(layer: str, seed: int, classes: list[int]) -> None:
    network, x = ending_in_an_average(seed)
    trace = network.forward(x)
    found = grad_cam(trace, network.backward(trace, score_gradient(trace.y, classes)), layer)
    expected = grad_cam_in_pytorch(network, x, classes, layer)
    assert np.abs(found.heat - expected).max() <= 1e-12 + 1e-9 * np.abs(expected).max()


def test_grad_cam_needs_no_average_at_the_end() -> None:
    network = small_network(dtype=np.float64)
    x = np.random.default_rng(3).standard_normal((3, 1, 6, 6))
    trace = network.forward(x)
    found = grad_cam(trace, network.backward(trace, score_gradient(trace.y, [2, 0, 1])), "conv2")
    assert relative_error(found.heat, grad_cam_in_pytorch(network, x, [2, 0, 1], "conv2")) <= 1e-10
    with pytest.raises(ValueError, match=r"flatten \(Flatten\), linear \(Linear\).*grad_cam takes any network"):
        cam(trace, 0)


def test_cam_of_a_network_with_a_map_for_each_class_is_that_map() -> None:
    network = Network.build(nin_layers(3), (3, 8, 8), rng=np.random.default_rng(0))
    trace = network.forward(np.random.default_rng(1).standard_normal((2, 3, 8, 8)).astype(np.float32))
    found = cam(trace, [2, 0])
    np.testing.assert_allclose(found.heat, trace["relu3_3"].y[[0, 1], [2, 0]], rtol=1e-6)
    assert found.layer == "relu3_3"
    assert found.heat.dtype == np.float32


def test_cam_of_a_residual_network_shows_the_last_block() -> None:
    network = Network.build(cifar_resnet_layers(8), (3, 32, 32), rng=np.random.default_rng(0))
    trace = network.forward(np.random.default_rng(1).standard_normal((1, 3, 32, 32)).astype(np.float32))
    found = cam(trace, 4)
    assert found.layer == "relu4_1"
    assert found.heat.shape == (1, 8, 8)


def test_the_maps_start_a_network_that_begins_with_the_average() -> None:
    layers: tuple[tuple[str, Layer], ...] = (("average", AdaptiveAvgPool2d(1)), ("flatten", Flatten()))
    found = cam(Network(layers, {}, (2, 2, 2)).forward(HAND_MAPS), 1)
    assert found.layer == "x"
    np.testing.assert_array_equal(found.heat, HAND_MAPS[:, 1])


def test_traces_stay_as_they_were() -> None:
    network, x = ending_in_an_average(0)
    trace = network.forward(x)
    back = network.backward(trace, score_gradient(trace.y, 1))
    before = pickle.dumps((trace, back))
    grad_cam(trace, back, "relu2")
    cam(trace, 1)
    assert pickle.dumps((trace, back)) == before


@pytest.mark.parametrize(
    ("run", "error", "says"),
    [
        (lambda trace, back: grad_cam(trace, back, "fc"), ShapeError, r"'fc' gives \(1, 2\).*last convolution"),
        (lambda trace, back: grad_cam(trace, back, "conv9"), KeyError, "No layer is called 'conv9'"),
        (lambda trace, back: cam(trace, 2), ValueError, "whole numbers from 0 to 1"),
        (lambda trace, back: cam(trace, -1), ValueError, "whole numbers from 0 to 1"),
        (lambda trace, back: score_gradient(trace.y, [0, 1]), ShapeError, r"classes of shape \(2,\)"),
        (lambda trace, back: score_gradient(trace.y, 0.5), ValueError, "whole numbers"),
        (lambda trace, back: score_gradient(trace.x, 0), ShapeError, r"scores \(N, C\)"),
    ],
)
def test_what_cannot_work_is_refused_with_the_reason(
    run: Callable[[Any, Any], Any], error: type[Exception], says: str
) -> None:
    network = hand_network()
    trace = network.forward(HAND_MAPS)
    back = network.backward(trace, np.ones_like(trace.y))
    with pytest.raises(error, match=says):
        run(trace, back)
