"""Facts about normalisations, and batch norm in its nine elementary steps."""

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from engine import Conv2d, Flatten, Linear, Network, ReLU
from engine.layers.conv_variants import ConvTranspose2d
from engine.layers.local_response import LocalResponseNorm
from engine.layers.norm import BatchNorm1d, BatchNorm2d
from engine.layers.norm_example import GroupNorm, InstanceNorm2d, LayerNorm
from engine.layers.weight_norm import WeightNorm
from engine.types import Array, Layer, Params
from tests.engine.cases import Passes, engine_passes, random_params, relative_error
from tests.engine.cases_layers2 import Held


def rng(seed: int = 0) -> np.random.Generator:
    return np.random.default_rng(seed)


def nine_steps(x: Array, gamma: Array, beta: Array, eps: float, dy: Array) -> Passes:
    """Batch norm of x (N, D), one elementary step after the other, forwards and then literally back."""
    N = len(x)
    mean = x.sum(axis=0) / N  # 1
    centred = x - mean  # 2
    squares = centred**2  # 3
    var = squares.sum(axis=0) / N  # 4
    std = np.sqrt(var + eps)  # 5
    inverse = 1 / std  # 6
    x_hat = centred * inverse  # 7
    scaled = gamma * x_hat  # 8
    y = scaled + beta  # 9

    dscaled, dbeta = dy, dy.sum(axis=0)  # 9'
    dx_hat, dgamma = dscaled * gamma, (dscaled * x_hat).sum(axis=0)  # 8'
    dcentred, dinverse = dx_hat * inverse, (dx_hat * centred).sum(axis=0)  # 7'
    dstd = dinverse * -1 / std**2  # 6'
    dvar = dstd / (2 * np.sqrt(var + eps))  # 5'
    dsquares = np.ones((N, 1)) * dvar / N  # 4'
    dcentred = dcentred + 2 * centred * dsquares  # 3'
    dx, dmean = dcentred, -dcentred.sum(axis=0)  # 2'
    dx = dx + np.ones((N, 1)) * dmean / N  # 1'
    return Passes(y, dx, {"weight": dgamma, "bias": dbeta})


@given(st.integers(2, 8), st.integers(1, 5), st.sampled_from([1e-5, 1e-2]), st.integers(0, 2**32 - 1))
def test_batch_norm_is_its_nine_steps(batch: int, features: int, eps: float, seed: int) -> None:
    random = rng(seed)
    x, dy = random.standard_normal((2, batch, features))
    layer = Held(BatchNorm1d(features, eps=eps))
    params = random_params(layer, random)
    given = engine_passes(layer, params, x, dy)
    # With two examples dx is what rounding leaves of a difference of nearly equal numbers: measure it by dy/std.
    expected = nine_steps(x, params["weight"], params["bias"], eps, dy)
    scale = np.abs(params["weight"] * dy / np.sqrt(x.var(axis=0) + eps)).max()
    assert np.abs(given.dx - expected.dx).max() <= 1e-12 * scale
    assert Passes(given.y, expected.dx, given.grads).worst_error(expected) <= 1e-12


def test_batch_norm_subtracts_the_mean_and_gives_each_channel_mean_beta_and_deviation_gamma() -> None:
    layer = BatchNorm2d(3, eps=0.0)
    params = layer.init(rng(), dtype=np.float64) | {"weight": np.array([1.0, 2, 3]), "bias": np.array([0.0, -1, 5])}
    x = rng().normal(50, 7, (4, 3, 5, 5))
    y, _ = layer.forward(params, x, train=True)
    np.testing.assert_allclose(y.mean(axis=(0, 2, 3)), params["bias"], atol=1e-12)
    np.testing.assert_allclose(y.std(axis=(0, 2, 3)), params["weight"], rtol=1e-12)


def test_running_statistics_by_hand() -> None:
    # The batch 1, 3 has the mean 2 and the unbiased variance 2; from 0 and 1 a tenth of the way: 0.2 and 1.1.
    layer = BatchNorm1d(1)
    params = layer.init(rng(), dtype=np.float64)
    _, cache = layer.forward(params, np.array([[1.0], [3.0]]), train=True)
    assert cache["running_mean"].tolist() == pytest.approx([0.2])
    assert cache["running_var"].tolist() == pytest.approx([1.1])
    assert cache["num_batches_tracked"] == 1
    assert params["running_mean"].tolist() == [0]
    # In testing they stand in for the batch's: (x - 0.2)/√(1.1 + ε), whoever else is in the batch.
    learned = {name: cache.get(name, value) for name, value in params.items()}
    y, cache = layer.forward(learned, np.array([[1.3]]))
    assert y.item() == pytest.approx(1.1 / np.sqrt(1.1 + 1e-5))
    assert "running_mean" not in cache


def test_a_mean_far_from_zero_costs_no_digits() -> None:
    x = rng().standard_normal((64, 2)).astype(np.float32)
    layer = BatchNorm1d(2)
    params = layer.init(rng())
    near, _ = layer.forward(params, x, train=True)
    far, _ = layer.forward(params, x + np.float32(1000), train=True)
    assert np.abs(near - far).max() < 1e-3, "mean(x²) - mean(x)² would be off by more than the variance itself"


@pytest.mark.parametrize("layer", [BatchNorm1d(2), BatchNorm2d(2)], ids=str)
def test_a_single_number_has_no_variance(layer: Layer) -> None:
    x = np.ones((1, 2) if isinstance(layer, BatchNorm1d) else (1, 2, 1, 1))
    with pytest.raises(ValueError, match=r"\(1, 2.*two examples, or train=False"):
        layer.forward(layer.init(rng()), x, train=True)


def test_a_networks_trace_hands_on_new_running_statistics() -> None:
    network = Network.build(
        [
            ("conv", Conv2d(1, 2, 3)),
            ("bn", BatchNorm2d(2)),
            ("relu", ReLU()),
            ("flat", Flatten()),
            ("fc", Linear(8, 2)),
        ],
        (1, 4, 4),
        rng=rng(),
    )
    x = rng(1).standard_normal((5, 1, 4, 4)).astype(np.float32)
    assert not network.forward(x).buffers
    trace = network.forward(x, train=True)
    assert set(trace.buffers) == {"bn.running_mean", "bn.running_var", "bn.num_batches_tracked"}
    back = network.backward(trace, np.ones_like(trace.y))
    assert set(back.grads) == set(network.params) - set(trace.buffers)


def test_group_norm_lies_between_layer_norm_and_instance_norm() -> None:
    x = rng().standard_normal((2, 4, 3, 3))
    one_group, _ = GroupNorm(1, 4, affine=False).forward({}, x)
    each_channel, _ = GroupNorm(4, 4, affine=False).forward({}, x)
    np.testing.assert_allclose(one_group, LayerNorm((4, 3, 3), elementwise_affine=False).forward({}, x)[0], rtol=1e-12)
    np.testing.assert_allclose(each_channel, InstanceNorm2d(4).forward({}, x)[0], rtol=1e-12)


def test_instance_norm_takes_out_brightness_and_contrast() -> None:
    x = rng().standard_normal((2, 3, 5, 5))
    layer = InstanceNorm2d(3, eps=0.0)
    np.testing.assert_allclose(layer.forward({}, 4 * x + 10)[0], layer.forward({}, x)[0], rtol=1e-10)


def test_local_response_normalisation_by_hand() -> None:
    # AlexNet's k = 2, α = 1e-4 (ours: 5 times that), β = 0.75 on the channels 10, 20, 30, and a window of 5:
    # each sees all three, 2 + 1e-4·(100 + 400 + 900) = 2.14, and is divided by 2.14^0.75.
    x = np.array([[10.0, 20.0, 30.0]])
    y, _ = LocalResponseNorm(5, alpha=5e-4, beta=0.75, k=2).forward({}, x)
    np.testing.assert_allclose(y, x / 2.14**0.75)
    # A window of 2 looks one channel back: 2 + (100), 2 + (100 + 400), 2 + (400 + 900), at β = 1 and α/size = 1.
    y, _ = LocalResponseNorm(2, alpha=2, beta=1, k=2).forward({}, x)
    np.testing.assert_allclose(y, [[10 / 102, 20 / 502, 30 / 1302]])


WRAPPED: tuple[tuple[Layer, torch.nn.Module, tuple[int, ...]], ...] = (
    (Linear(5, 3), torch.nn.Linear(5, 3), (5,)),
    (Linear(4, 2, bias=False), torch.nn.Linear(4, 2, bias=False), (4,)),
    (Conv2d(2, 4, 3, padding=1), torch.nn.Conv2d(2, 4, 3, padding=1), (2, 5, 4)),
    (Conv2d(4, 4, (1, 2), stride=2, groups=2), torch.nn.Conv2d(4, 4, (1, 2), stride=2, groups=2), (4, 3, 6)),
    (ConvTranspose2d(2, 3, 2, stride=2), torch.nn.ConvTranspose2d(2, 3, 2, stride=2), (2, 3, 3)),
)


@pytest.mark.parametrize(("layer", "module", "shape"), WRAPPED, ids=str)
def test_weight_norm_agrees_with_pytorchs(layer: Layer, module: torch.nn.Module, shape: tuple[int, ...]) -> None:
    random = rng(3)
    normed = WeightNorm(layer)
    params = random_params(normed, random)
    x = random.standard_normal((2, *shape))
    dy = random.standard_normal((2, *normed.output_shape(shape)))
    given = engine_passes(normed, params, x, dy)

    twin = torch.nn.utils.parametrizations.weight_norm(module.double())
    names = {
        "weight_g": "parametrizations.weight.original0",
        "weight_v": "parametrizations.weight.original1",
        "bias": "bias",
    }
    twin.load_state_dict({names[name]: torch.from_numpy(value.copy()) for name, value in params.items()})
    tx = torch.from_numpy(x).requires_grad_()
    y = twin(tx)
    y.backward(torch.from_numpy(dy))
    held = dict(twin.named_parameters())
    grads: Params = {name: held[names[name]].grad.numpy() for name in params}
    assert given.worst_error(Passes(y.detach().numpy(), tx.grad.numpy(), grads)) <= 1e-10


@pytest.mark.parametrize(("layer", "module", "shape"), WRAPPED, ids=str)
def test_weight_norm_starts_as_the_plain_layer(layer: Layer, module: torch.nn.Module, shape: tuple[int, ...]) -> None:
    x = rng().standard_normal((2, *shape))
    plain, normed = layer.init(rng(5), dtype=np.float64), WeightNorm(layer).init(rng(5), dtype=np.float64)
    assert relative_error(WeightNorm(layer).forward(normed, x)[0], layer.forward(plain, x)[0]) <= 1e-12


def test_the_length_of_v_is_of_no_account_and_its_gradient_stands_at_right_angles_to_it() -> None:
    layer = WeightNorm(Linear(5, 3))
    params = random_params(layer, rng())
    x, dy = rng(1).standard_normal((2, 5)), rng(2).standard_normal((2, 3))
    before = engine_passes(layer, params, x, dy)
    longer = engine_passes(layer, params | {"weight_v": 10 * params["weight_v"]}, x, dy)
    assert relative_error(longer.y, before.y) <= 1e-12
    assert relative_error(10 * longer.grads["weight_v"], before.grads["weight_v"]) <= 1e-12
    np.testing.assert_allclose((before.grads["weight_v"] * params["weight_v"]).sum(axis=1), 0, atol=1e-12)


def test_weight_norm_names_what_it_cannot_work_with() -> None:
    with pytest.raises(ValueError, match="ReLU has no weight"):
        WeightNorm(ReLU()).init(rng())
    layer = WeightNorm(Linear(2, 2))
    params = layer.init(rng()) | {"weight_v": np.array([[1.0, 2.0], [0.0, 0.0]])}
    with pytest.raises(ValueError, match=r"all 0.*no direction"):
        layer.forward(params, np.ones((1, 2)))
