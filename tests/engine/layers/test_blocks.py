"""Blocks that hold layers: sums, gates and branches against differences, PyTorch and arithmetic by hand."""

import pickle
from collections.abc import Callable
from dataclasses import fields
from typing import Any

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from engine import SGD, Conv2d, Flatten, Linear, MaxPool2d, Network, ReLU, fit
from engine.layers.activation import Sigmoid
from engine.layers.blocks import Highway, Parallel, Residual
from engine.layers.dropout import Dropout
from engine.layers.known_blocks import basic_block, bottleneck, fire, highway_conv, inception
from engine.layers.norm import BatchNorm2d
from engine.trace import Trace
from engine.types import Array, Layer, Params, Shape, ShapeError
from tests.engine.cases import engine_passes, random_params, relative_error
from tests.engine.layers.test_layer_contract import central_differences

CONV = (("conv", Conv2d(2, 2, 3, padding=1)), ("relu", ReLU()))
GATE = (("conv", Conv2d(2, 2, 1)), ("sigmoid", Sigmoid()))
FIRE = Parallel((("fire", fire(3, 2, 2, 1)),))
BLOCKS: list[tuple[Layer, Shape]] = [
    (Residual(CONV), (2, 3, 4)),
    (Residual((("conv", Conv2d(2, 3, 3, 2, 1)),), (("conv", Conv2d(2, 3, 1, 2)),)), (2, 5, 4)),
    (Residual((("inner", Residual(CONV)), ("relu", ReLU()))), (2, 3, 3)),
    (basic_block(2, 2), (2, 4, 3)),
    (basic_block(2, 3, stride=2), (2, 5, 4)),
    (bottleneck(4, 1), (4, 3, 4)),
    (bottleneck(2, 2, stride=2, expansion=2), (2, 4, 5)),
    (Highway(CONV, GATE), (2, 3, 4)),
    (Highway((("linear", Linear(4, 4)),), (("linear", Linear(4, 4)), ("sigmoid", Sigmoid()))), (4,)),
    (highway_conv(2), (2, 4, 3)),
    (Parallel((("a", CONV), ("b", (("conv", Conv2d(2, 1, 1)),)), ("itself", ()))), (2, 3, 4)),
    (inception(3, 1, 2, 2, 1, 2, 1), (3, 4, 4)),
    (FIRE, (3, 3, 4)),
]
every_block = pytest.mark.parametrize(("block", "shape"), BLOCKS, ids=lambda value: str(value)[:40])


def setup(block: Layer, shape: Shape, dtype: Any = np.float64, seed: int = 7) -> tuple[Params, Array, Array]:
    """Parameters in general position (running variances above 0), a batch and an upstream gradient for it."""
    rng = np.random.default_rng(seed)
    params = random_params(block, rng, np.float64)
    for name, value in params.items():
        if name.endswith("running_var"):
            params[name] = np.abs(value) + 0.5
        if name.endswith("num_batches_tracked"):
            params[name] = np.array(3)
    params = {n: v.astype(dtype) if v.dtype.kind == "f" else v for n, v in params.items()}
    x = rng.standard_normal((3, *shape)).astype(dtype)
    return params, x, rng.standard_normal((3, *block.output_shape(shape))).astype(dtype)


class TorchPaths(torch.nn.Module):
    """A block's paths in PyTorch, and how their outputs are put together."""

    def __init__(self, block: Any, train: bool) -> None:
        super().__init__()
        self.names = list(block.paths())
        for name, layers in block.paths().items():
            row = torch.nn.Sequential()
            for inner, layer in layers:
                row.add_module(inner, torch_twin(layer, train))
            self.add_module(name, row)
        self.kind = type(block)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        out = [self.get_submodule(name)(x) for name in self.names]
        if self.kind is Residual:
            return out[0] + out[1]
        if self.kind is Highway:
            return out[1] * out[0] + (1 - out[1]) * x
        return torch.cat(out, dim=1)


def torch_twin(layer: Any, train: bool) -> torch.nn.Module:
    if hasattr(layer, "paths"):
        return TorchPaths(layer, train)
    arguments = {field.name: getattr(layer, field.name) for field in fields(layer)}
    module = getattr(torch.nn, type(layer).__name__)(**arguments)
    assert isinstance(module, torch.nn.Module)
    return module.train(train)


def compare_with_torch(block: Layer, shape: Shape, dtype: Any, train: bool, seed: int = 7) -> tuple[float, int]:
    """The worst relative error of outputs, gradients and buffers, and how many arrays were compared."""
    params, x, dy = setup(block, shape, dtype, seed)
    module = torch_twin(block, train).to(torch.from_numpy(x).dtype).train(train)
    module.load_state_dict({name: torch.from_numpy(value.copy()) for name, value in params.items()})
    tx = torch.from_numpy(x.copy()).requires_grad_()
    ty = module(tx)
    ty.backward(torch.from_numpy(dy))
    y, cache = block.forward(params, x, train=train)
    dx, grads = block.backward(params, cache, dy)
    expected = {name: value.grad.numpy() for name, value in module.named_parameters()}  # type: ignore[union-attr]
    assert grads.keys() == expected.keys()
    assert tx.grad is not None
    errors = [relative_error(y, ty.detach().numpy()), relative_error(dx, tx.grad.numpy())]
    # A bias before a batch norm has a gradient of 0 but for rounding: measured by the largest of all gradients.
    largest = max((float(np.abs(g).max()) for g in expected.values()), default=1.0)
    errors += [float(np.abs(grads[name] - expected[name]).max()) / largest for name in grads]
    buffers = dict(module.named_buffers())
    for name, value in buffers.items():
        found = cache[name] if train else params[name]
        errors.append(relative_error(np.asarray(found), value.numpy()))
    return max(errors), len(errors)


@every_block
def test_the_declared_shape_is_the_actual_shape(block: Layer, shape: Shape) -> None:
    params, x, dy = setup(block, shape)
    passes = engine_passes(block, params, x, dy)
    assert passes.y.shape == (3, *block.output_shape(shape))
    assert passes.dx.shape == x.shape
    buffers = {name for name in params if "running_" in name or name.endswith("num_batches_tracked")}
    assert passes.grads.keys() == params.keys() - buffers
    assert all(passes.grads[name].shape == params[name].shape for name in passes.grads)


@every_block
@pytest.mark.parametrize("train", [False, True])
def test_the_gradients_agree_with_central_differences(block: Layer, shape: Shape, train: bool) -> None:
    params, x, dy = setup(block, shape)
    _, cache = block.forward(params, x, train=train)
    dx, grads = block.backward(params, cache, dy)

    def loss(given: Params, at: Array) -> float:
        return float((block.forward(given, at, train=train)[0] * dy).sum())

    numeric = central_differences(lambda moved: loss(params, moved), x, h=1e-6)
    assert relative_error(dx, numeric) <= 1e-7
    largest = max((float(np.abs(g).max()) for g in grads.values()), default=1.0)
    for name in grads:

        def of_param(moved: Array, name: str = name) -> float:
            return loss({**params, name: moved}, x)

        numeric = central_differences(of_param, params[name], h=1e-6)
        assert float(np.abs(grads[name] - numeric).max()) <= 1e-7 * largest, name


@every_block
@pytest.mark.parametrize("train", [False, True])
@pytest.mark.parametrize(("dtype", "tolerance"), [(np.float64, 1e-10), (np.float32, 1e-4)])
def test_both_passes_and_the_buffers_agree_with_pytorch(
    block: Layer, shape: Shape, dtype: Any, tolerance: float, train: bool
) -> None:
    worst, count = compare_with_torch(block, shape, dtype, train)
    assert worst <= tolerance
    assert count >= 2


def drawn_highway(n: list[int]) -> tuple[Layer, int]:
    """Convolutions in rows of several layers, through other widths and with groups, a norm in one path."""
    transform = (
        ("conv", Conv2d(n[0], n[0] * n[1], 3, padding=1, groups=n[0])),
        ("bn", BatchNorm2d(n[0] * n[1])),
        ("relu", ReLU()),
        ("back", Conv2d(n[0] * n[1], n[0], 2 * (n[2] % 3) + 1, padding=n[2] % 3)),
    )
    gate = (
        ("conv", Conv2d(n[0], n[3], 3, padding=2, dilation=2)),
        ("back", Conv2d(n[3], n[0], 1, bias=n[4] > 1)),
        ("sigmoid", Sigmoid()),
    )
    return Highway(transform, gate, gate_bias=-n[5]), n[0]


WIDTHS = st.integers(1, 4)
MAKERS: list[Callable[[list[int]], tuple[Layer, int]]] = [
    lambda n: (basic_block(n[0], n[1], 1 + n[2] % 2), n[0]),
    lambda n: (bottleneck(n[0], n[1], 1 + n[2] % 2, n[3]), n[0]),
    lambda n: (inception(*n), n[0]),
    lambda n: (highway_conv(n[0], 2 * (n[1] % 3) + 1), n[0]),
    drawn_highway,
    lambda n: (Parallel((("fire", fire(n[0], n[1], n[2], n[3])), ("conv", (("conv", Conv2d(n[0], n[4], 1)),)))), n[0]),
]


@given(
    st.sampled_from(MAKERS),
    st.lists(WIDTHS, min_size=7, max_size=7),
    st.tuples(st.integers(2, 6), st.integers(2, 6)),
    st.booleans(),
    st.integers(0, 9),
)
def test_drawn_blocks_agree_with_pytorch(
    make: Callable[[list[int]], tuple[Layer, int]], widths: list[int], image: tuple[int, int], train: bool, seed: int
) -> None:
    block, channels = make(widths)
    assert compare_with_torch(block, (channels, *image), np.float64, train, seed)[0] <= 1e-9


@every_block
@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_a_dtype_stays_itself(block: Layer, shape: Shape, dtype: Any) -> None:
    params, x, dy = setup(block, shape, dtype)
    fresh = block.init(np.random.default_rng(0), dtype=dtype)
    for train in (False, True):
        y, cache = block.forward(params, x, train=train)
        dx, grads = block.backward(params, cache, dy)
        kept = [value for value in cache.values() if isinstance(value, np.ndarray)]
        found = {value.dtype for value in [*fresh.values(), y, dx, *grads.values(), *kept] if value.dtype.kind == "f"}
        assert found == {np.dtype(dtype)}


@every_block
def test_specs_and_caches_pickle_and_specs_are_hashable(block: Layer, shape: Shape) -> None:
    params, x, dy = setup(block, shape)
    _, cache = block.forward(params, x)
    again, cache_again = pickle.loads(pickle.dumps((block, cache)))
    assert again == block
    assert hash(again) == hash(block)
    (dx, grads), (dx2, grads2) = block.backward(params, cache, dy), again.backward(params, cache_again, dy)
    # A pickle lays arrays out anew, and sums are then added in another order.
    assert relative_error(dx2, dx) <= 1e-12
    assert grads.keys() == grads2.keys()
    assert all(relative_error(grads2[name], grads[name]) <= 1e-12 for name in grads)


@every_block
def test_arguments_stay_as_they_were(block: Layer, shape: Shape) -> None:
    params, x, dy = setup(block, shape)
    for array in (*params.values(), x, dy):
        array.flags.writeable = False
    for train in (False, True):
        _, cache = block.forward(params, x, train=train)
        block.backward(params, cache, dy)


def test_a_trace_opens_at_a_block_inside_a_block() -> None:
    network = Network.build(
        [("outer", Residual((("inner", Residual(CONV)),))), ("flatten", Flatten()), ("linear", Linear(18, 2))],
        input_shape=(2, 3, 3),
        rng=np.random.default_rng(0),
    )
    x = np.random.default_rng(1).standard_normal((2, 2, 3, 3)).astype(np.float32)
    trace = network.forward(x)
    outer = trace["outer"].cache["body"]
    assert isinstance(outer, Trace)
    inner = outer["inner"].cache["body"]
    assert [step.name for step in inner] == ["conv", "relu"]
    np.testing.assert_array_equal(inner["conv"].x, x)
    np.testing.assert_array_equal(inner["relu"].y, np.maximum(inner["conv"].y, 0))
    # Two identity paths, one inside the other: y = (relu(conv x) + x) + x.
    np.testing.assert_allclose(trace["outer"].y, inner["relu"].y + x + x, rtol=1e-6)
    assert network.params["outer.body.inner.body.conv.weight"] is inner["conv"].params["weight"]


def test_buffers_deep_inside_reach_the_networks_trace_and_training_keeps_them() -> None:
    layers: list[tuple[str, Layer]] = [
        ("wrap", Residual((("block", basic_block(2, 2)),))),
        ("side", Parallel((("a", (("bn", BatchNorm2d(2)),)),))),
        ("flatten", Flatten()),
        ("linear", Linear(18, 2)),
    ]
    network = Network.build(layers, input_shape=(2, 3, 3), rng=np.random.default_rng(0))
    x = np.random.default_rng(1).standard_normal((8, 2, 3, 3)).astype(np.float32)
    prefixes = ("wrap.body.block.body.bn1", "wrap.body.block.body.bn2", "side.a.bn")
    expected = {f"{p}.{b}" for p in prefixes for b in ("running_mean", "running_var", "num_batches_tracked")}
    buffers = network.forward(x, train=True).buffers
    assert buffers.keys() == expected
    assert network.forward(x).buffers == {}
    # momentum 0.1 from (0, 1) towards this batch's.
    np.testing.assert_allclose(
        buffers["side.a.bn.running_mean"],
        0.1 * network.forward(x, train=True)["side"].x.mean(axis=(0, 2, 3)),
        rtol=1e-5,
    )
    data = (x, np.arange(8) % 2)
    last = list(fit(network, data, SGD(lr=0.1), rng=np.random.default_rng(0), batch_size=4, epochs=2))[-1].network
    for prefix in prefixes:
        assert last.params[f"{prefix}.num_batches_tracked"] == 4
        assert last.params[f"{prefix}.running_mean"].any()


def test_a_dropout_inside_a_block_draws_in_training_and_asks_for_rng() -> None:
    block = Residual((("drop", Dropout(0.5)),))
    x = np.ones((1, 100))
    y, _ = block.forward({}, x, train=True, rng=np.random.default_rng(0))
    assert set(np.unique(y)) == {1.0, 3.0}  # x + 0, or x + x / 0.5
    np.testing.assert_array_equal(block.forward({}, x)[0], 2 * x)
    with pytest.raises(ValueError, match="rng"):
        block.forward({}, x, train=True)


def test_a_gate_starts_nearly_closed_and_how_nearly_can_be_chosen() -> None:
    """σ(-2) = 1 / (1 + e²) = 0.1192."""
    x = np.random.default_rng(0).standard_normal((4, 2, 5, 5))
    for bias, gate in ((-2.0, 0.1192), (-5.0, 0.0067), (0.0, 0.5)):
        block = Highway(CONV, GATE, gate_bias=bias)
        assert highway_conv(2, gate_bias=bias).gate_bias == bias
        params = block.init(np.random.default_rng(0), lambda _, shape: np.zeros(shape), np.float64)
        np.testing.assert_allclose(block.forward(params, x)[1]["t"], gate, atol=5e-5)
        assert not params["transform.conv.bias"].any()


def test_the_identity_path_hands_the_gradient_on_unchanged() -> None:
    block = Residual(CONV)
    params = {name: np.zeros_like(value) for name, value in block.init(np.random.default_rng(0)).items()}
    x = np.random.default_rng(0).standard_normal((2, 2, 3, 3)).astype(np.float32)
    y, cache = block.forward(params, x)
    np.testing.assert_array_equal(y, x)
    np.testing.assert_array_equal(block.backward(params, cache, 3 * x)[0], 3 * x)


def test_named_blocks_have_the_papers_sizes() -> None:
    def count(*layers: tuple[str, Layer]) -> int:
        return sum(value.size for _, layer in layers for value in layer.init(np.random.default_rng(0)).values())

    def norms(*widths: int) -> int:
        return sum(2 * width + 1 for width in widths)  # running mean and variance, and the count

    # 256·64 + 9·64·64 + 64·256 weights, and γ, β of three norms.
    assert count(("b", bottleneck(256, 64))) == 69_632 + 768 + norms(64, 64, 256) == 70_400 + norms(64, 64, 256)
    # Inception 3a of the paper: 163,696 with biases, written out term by term in test_zoo_layers.py.
    assert inception(192, 64, 96, 128, 16, 32, 32).output_shape((192, 28, 28)) == (256, 28, 28)
    # fire2: 96·16 + 16, then 16·64 + 64 and 9·16·64 + 64.
    assert count(*fire(96, 16, 64, 64)) == 1_552 + 1_088 + 9_280
    assert dict(fire(96, 16, 64, 64))["expand"].output_shape((16, 55, 55)) == (128, 55, 55)


@pytest.mark.parametrize(
    ("make", "complaint"),
    [
        (lambda: Residual(()), "body is empty"),
        (lambda: Residual([("relu", ReLU())]), "body is a list; expected a tuple"),  # type: ignore[arg-type]
        (lambda: Residual((ReLU(),)), r"body holds ReLU\(\)"),  # type: ignore[arg-type]
        (lambda: Residual((("relu", "relu"),)), "body holds"),  # type: ignore[arg-type]
        (lambda: Residual((("a.b", ReLU()),)), r"'a\.b' can't be a name"),
        (lambda: Residual((("relu", ReLU()), ("relu", ReLU()))), "more than one 'relu'"),
        (lambda: Highway(CONV, GATE, gate_bias=float("nan")), "gate_bias=nan"),
        (lambda: Parallel(()), "no branches"),
        (lambda: Parallel((("a", CONV), ("a", CONV))), "more than one 'a'"),
        (lambda: Parallel((("widths", CONV),)), "'widths'"),
        (lambda: Parallel((("", CONV),)), "can't be a name"),
        (lambda: basic_block(0, 4), "basic_block: in_channels=0"),
        (lambda: bottleneck(4, 4, stride=0), "bottleneck: stride=0"),
        (lambda: inception(3, 1, 1, 1, 0, 1, 1), "inception: reduce5x5=0"),
        (lambda: fire(3, 0, 1, 1), "fire: squeeze=0"),
        (lambda: highway_conv(0), "highway_conv: channels=0"),
        (lambda: highway_conv(2, 4), "kernel_size=4; expected an odd number"),
    ],
)
def test_a_block_that_cannot_work_says_why(make: Callable[[], Layer], complaint: str) -> None:
    with pytest.raises(ValueError, match=complaint):
        make()


@pytest.mark.parametrize(
    ("block", "shape", "complaint"),
    [
        (Residual((("conv", Conv2d(2, 3, 3)),)), (2, 5, 5), r"makes \(3, 3, 3\) and the shortcut \(2, 5, 5\).*1×1"),
        (Residual((("conv", Conv2d(2, 1, 1)),)), (2, 5, 5), "Residual adds its two paths"),
        (Highway((("pool", MaxPool2d(2)),), GATE), (2, 4, 4), r"the transform makes \(2, 2, 2\)"),
        (Highway(CONV, (("conv", Conv2d(2, 1, 1)), ("s", Sigmoid()))), (2, 4, 4), r"the gate makes \(1, 4, 4\)"),
        (Parallel((("a", CONV), ("b", (("pool", MaxPool2d(2)),)))), (2, 4, 4), r"a \(2, 4, 4\), b \(2, 2, 2\)"),
        (basic_block(2, 2), (3, 4, 4), "Path 'body': Layer 'conv1'"),
        (inception(3, 1, 1, 1, 1, 1, 1), (4, 4, 4), "Path 'conv1x1': Layer 'conv'"),
    ],
)
def test_an_input_that_does_not_fit_is_refused_before_anything_is_computed(
    block: Layer, shape: Shape, complaint: str
) -> None:
    with pytest.raises(ShapeError, match=complaint):
        block.output_shape(shape)
    params = block.init(np.random.default_rng(0))
    with pytest.raises(ShapeError, match=complaint):
        block.forward(params, np.zeros((1, *shape), np.float32))
