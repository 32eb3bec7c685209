"""Networks, and the traces that their passes leave behind."""

import itertools
import pickle
from typing import Any

import numpy as np
import pytest
import torch

from engine import BatchNorm2d, Conv2d, CrossEntropyLoss, Flatten, HeNormal, Linear, Network, ReLU, ShapeError
from engine.types import Array
from tests.engine.cases import relative_error, torch_module
from tests.engine.networks import small_network, stripes


def loss_gradient(network: Network, x: Array, target: Array) -> Array:
    loss = CrossEntropyLoss()
    return loss.backward(loss.forward(network.predict(x), target)[1])


@pytest.mark.parametrize(("dtype", "tolerance"), [(np.float64, 1e-10), (np.float32, 1e-4)])
def test_a_whole_network_agrees_with_pytorch(dtype: Any, tolerance: float) -> None:
    network, (x, target) = small_network(dtype=dtype), stripes(6, dtype=dtype)
    trace = network.forward(x)
    back = network.backward(trace, loss_gradient(network, x, target))

    twin = torch.nn.Sequential()
    for name, layer in network.layers:
        twin.add_module(name, torch_module(layer))
    twin.to(torch.from_numpy(x).dtype)
    twin.load_state_dict({name: torch.from_numpy(value.copy()) for name, value in network.params.items()})
    tx = torch.from_numpy(x.copy()).requires_grad_()
    logits = twin(tx)
    torch.nn.functional.cross_entropy(logits, torch.from_numpy(target)).backward()

    assert tx.grad is not None
    assert relative_error(trace.y, logits.detach().numpy()) <= tolerance
    assert relative_error(back.dx, tx.grad.numpy()) <= tolerance
    expected = {name: value.grad for name, value in twin.named_parameters() if value.grad is not None}
    assert back.grads.keys() == expected.keys()
    for name, grad in back.grads.items():
        assert relative_error(grad, expected[name].numpy()) <= tolerance, name


def test_parameters_have_the_names_of_a_pytorch_state_dict() -> None:
    assert list(small_network().params) == [
        "conv1.weight",
        "conv1.bias",
        "conv2.weight",
        "conv2.bias",
        "linear.weight",
        "linear.bias",
    ]
    assert list(small_network().params_of("conv2")) == ["weight", "bias"]


def test_the_declared_shapes_are_those_of_the_trace() -> None:
    network = small_network()
    trace = network.forward(stripes(2)[0])
    assert [(step.name, step.y.shape[1:]) for step in trace] == list(network.shapes())


def test_each_step_hands_its_output_to_the_next_and_gradients_come_back_the_same_way() -> None:
    network, (x, _) = small_network(), stripes(2)
    trace = network.forward(x)
    back = network.backward(trace, np.ones_like(trace.y))
    names = [name for name, _ in network.layers]
    assert [step.name for step in trace] == names
    assert [step.name for step in back] == names[::-1]
    assert trace.x is x
    assert trace.y is trace[-1].y
    assert back.dx is back[-1].dx
    for before, after in itertools.pairwise(trace):
        assert after.x is before.y
    for before, after in itertools.pairwise(back):
        assert after.dy is before.dx
    for step in trace:
        assert back[step.name].dy.shape == step.y.shape
        assert back[step.name].dx.shape == step.x.shape


def test_predict_gives_the_output_of_the_trace() -> None:
    network, (x, _) = small_network(), stripes(4)
    assert network.predict(x).tobytes() == network.forward(x).y.tobytes()


def test_a_pickled_trace_runs_backwards_to_the_same_bits() -> None:
    network, (x, _) = small_network(), stripes(3)
    trace = network.forward(x)
    again, network_again = pickle.loads(pickle.dumps((trace, network)))
    dy = np.ones_like(trace.y)
    expected, back = network.backward(trace, dy), network_again.backward(again, dy)
    assert back.dx.tobytes() == expected.dx.tobytes()
    for name, grad in expected.grads.items():
        assert back.grads[name].tobytes() == grad.tobytes()
    assert pickle.loads(pickle.dumps(expected)).dx.tobytes() == expected.dx.tobytes()


def test_passes_leave_the_network_and_its_input_as_they_were() -> None:
    network, (x, _) = small_network(), stripes(3)
    before = pickle.dumps((network, x))
    trace = network.forward(x, train=True, rng=np.random.default_rng(0))
    kept = pickle.dumps(trace)
    network.forward(2 * x)
    network.backward(trace, np.ones_like(trace.y))
    assert pickle.dumps((network, x)) == before
    assert pickle.dumps(trace) == kept


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_a_dtype_stays_itself_through_the_whole_network(dtype: Any) -> None:
    network, (x, _) = small_network(dtype=dtype), stripes(2, dtype=dtype)
    trace = network.forward(x)
    back = network.backward(trace, np.ones_like(trace.y))
    assert {step.y.dtype for step in trace} | {step.dx.dtype for step in back} == {np.dtype(dtype)}
    assert {value.dtype for value in [*network.params.values(), *back.grads.values()]} == {np.dtype(dtype)}


def test_the_same_seed_builds_the_same_bits() -> None:
    first, second, other = small_network(3), small_network(3), small_network(4)
    assert all(first.params[name].tobytes() == second.params[name].tobytes() for name in first.params)
    assert first.params["conv1.weight"].tobytes() != other.params["conv1.weight"].tobytes()


def test_other_parameters_make_another_network_and_leave_the_first_alone() -> None:
    network, (x, _) = small_network(), stripes(2)
    before = network.predict(x).copy()
    louder = network.replace({name: 2 * value for name, value in network.params.items()})
    assert not np.allclose(louder.predict(x), before)
    assert network.predict(x).tobytes() == before.tobytes()


def test_float64_is_one_word_away_from_float32() -> None:
    network, (x, _) = small_network(), stripes(2)
    double = network.astype(np.float64)
    assert double.predict(x.astype(np.float64)).dtype == np.float64
    assert relative_error(network.predict(x).astype(np.float64), double.predict(x.astype(np.float64))) < 1e-5


def test_a_trace_counts_and_slices_like_a_list() -> None:
    network = small_network()
    trace = network.forward(stripes(1)[0])
    back = network.backward(trace, np.ones_like(trace.y))
    assert len(trace) == len(back) == len(network.layers) == 7
    assert [step.name for step in trace[-2:]] == ["flatten", "linear"]
    assert [step.name for step in back] == [step.name for step in reversed(trace)]


def test_an_unknown_step_is_answered_with_the_known_ones() -> None:
    with pytest.raises(KeyError, match=r"conv9.*conv1, relu1, pool1"):
        small_network().forward(stripes(1)[0])["conv9"]


def test_a_network_is_built_without_the_app() -> None:
    network = Network.build(
        [("conv1", Conv2d(1, 2, 3)), ("relu1", ReLU()), ("flatten", Flatten()), ("linear", Linear(8, 2))],
        input_shape=(1, 4, 4),
        rng=np.random.default_rng(0),
        initializer=HeNormal(),
    )
    assert network.predict(np.ones((5, 1, 4, 4), np.float32)).shape == (5, 2)


def build(*layers: Any, shape: tuple[int, ...] = (1, 6, 6)) -> Network:
    return Network.build(list(layers), input_shape=shape, rng=np.random.default_rng(0))


@pytest.mark.parametrize(
    ("attempt", "error", "says"),
    [
        (
            lambda: build(("conv1", Conv2d(1, 2, 3)), ("conv2", Conv2d(3, 2, 3))),
            ShapeError,
            ["'conv2'", r"\(2, 4, 4\)", "3"],
        ),
        (
            lambda: build(("flatten", Flatten()), ("linear", Linear(35, 2))),
            ShapeError,
            ["'linear'", "35", "36"],
        ),
        (
            lambda: build(("conv1", Conv2d(1, 1, 3)), ("conv1", ReLU())),
            ValueError,
            ["conv1", "name of its own"],
        ),
        (lambda: build(), ValueError, ["0 layers", "at least one"]),
        (
            lambda: small_network().forward(np.zeros((2, 1, 6, 5), np.float32)),
            ShapeError,
            [r"\(2, 1, 6, 5\)", r"\(N, 1, 6, 6\)"],
        ),
        (
            lambda: small_network().forward(np.zeros((1, 6, 6), np.float32)),
            ShapeError,
            [r"\(1, 6, 6\)", r"x\[None\]"],
        ),
        (
            lambda: small_network().predict(np.zeros((2, 1, 6, 5), np.float32)),
            ShapeError,
            [r"\(2, 1, 6, 5\)"],
        ),
        (
            lambda: small_network().backward(small_network().forward(stripes(2)[0]), np.zeros((3, 3), np.float32)),
            ShapeError,
            [r"\(3, 3\)", r"\(2, 3\)"],
        ),
        (
            lambda: small_network().replace({"conv1.weight": np.zeros((3, 1, 3, 3))}),
            ShapeError,
            ["conv2.weight", "don't fit"],
        ),
        (
            lambda: small_network().replace({**small_network().params, "linear.bias": np.zeros(4, np.float32)}),
            ShapeError,
            [r"linear.bias \(4,\)", r"linear.bias \(3,\)"],
        ),
    ],
)
def test_what_does_not_fit_is_named(attempt: Any, error: type[ValueError], says: list[str]) -> None:
    with pytest.raises(error) as caught:
        attempt()
    for words in says:
        assert caught.match(words)


def test_a_training_pass_gives_the_numbers_of_forward_and_backward() -> None:
    network = Network.build(
        [("conv", Conv2d(2, 3, 3)), ("bn", BatchNorm2d(3)), ("relu", ReLU()), ("flatten", Flatten())],
        (2, 5, 5),
        rng=np.random.default_rng(0),
        dtype=np.float64,
    )
    x, dy = (np.random.default_rng(seed).standard_normal((4, size)) for seed, size in ((1, 50), (2, 27)))
    trace = network.forward(x.reshape(4, 2, 5, 5), train=True)
    passed = network.train_forward(x.reshape(4, 2, 5, 5))
    np.testing.assert_array_equal(passed.y, trace.y)
    assert passed.buffers.keys() == trace.buffers.keys()
    grads, expected = network.gradients(passed, dy), network.backward(trace, dy).grads
    assert grads.keys() == expected.keys()
    for name, value in expected.items():
        np.testing.assert_array_equal(grads[name], value)
    assert passed.layers == []
