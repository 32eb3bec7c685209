"""Worked examples that every course on convolutional networks uses: the engine arrives at their numbers."""

import math

import numpy as np
import pytest

from engine import Conv2d, CrossEntropyLoss, Linear, MaxPool2d, Network, ReLU, fit, softmax
from engine.layers.conv import places
from engine.optimizers import SGD
from engine.types import Array


def picture(rows: str) -> Array:
    """ "12/34" -> [[1, 2], [3, 4]] as one image of one channel."""
    return np.array([[list(map(float, row)) for row in rows.split("/")]])[None]


def convolve(image: str, kernel: str, stride: int = 1) -> list[list[float]]:
    weight = picture(kernel)
    layer = Conv2d(1, 1, weight.shape[-1], stride=stride, bias=False)
    y, _ = layer.forward({"weight": weight}, picture(image))
    found: list[list[float]] = y[0, 0].tolist()
    return found


SHAPE = "11100/01110/00111/00110/01100"
COUNTING = "12345/67890/98765/43210/12345"
DIAGONAL_CROSS = "101/010/101"


def test_a_cross_slides_over_a_binary_picture() -> None:
    assert convolve(SHAPE, DIAGONAL_CROSS) == [[4, 3, 4], [2, 4, 3], [2, 3, 4]]


def test_a_cross_slides_over_it_two_cells_at_a_time() -> None:
    assert convolve(SHAPE, DIAGONAL_CROSS, stride=2) == [[4, 4], [2, 4]]


def test_a_cross_slides_over_a_picture_of_digits() -> None:
    # The first cell: 1 + 3 + 7 + 9 + 7 = 27.
    assert convolve(COUNTING, DIAGONAL_CROSS) == [[27, 28, 29], [28, 27, 16], [23, 22, 21]]


@pytest.mark.parametrize(
    ("size", "kernel", "stride", "padding", "expected"),
    [
        (227, 11, 4, 0, 55),  # AlexNet's first layer
        (224, 11, 4, 0, 54),  # (224 - 11) / 4 + 1 = 54.25: the last three columns are never read
        (10, 3, 2, 0, 4),  # (10 - 3) / 2 + 1 = 4.5: floored, as in every framework
        (7, 3, 2, 1, 4),
        (7, 3, 1, 1, 7),
    ],
)
def test_sizes_of_outputs(size: int, kernel: int, stride: int, padding: int, expected: int) -> None:
    layer = Conv2d(1, 1, kernel, stride=stride, padding=padding)
    assert layer.output_shape((1, size, size)) == (1, expected, expected)
    pair = ((kernel, kernel), (stride, stride), (padding, padding), (1, 1))
    assert places((1, size, size), *pair, "a test") == (expected, expected)


def test_parameters_of_a_small_layer_and_of_alexnets_first() -> None:
    def count(layer: Conv2d) -> int:
        return sum(value.size for value in layer.init(np.random.default_rng(0)).values())

    # Two kernels of 3·3·3 weights and a bias each; 96 of 11·11·3 and a bias.
    assert count(Conv2d(3, 2, 3, stride=2, padding=1)) == 2 * (27 + 1) == 56
    assert count(Conv2d(3, 96, 11, stride=4)) == 96 * (363 + 1) == 34_944


@pytest.mark.parametrize(
    ("scores", "shares"),
    [
        ([3, 1, -3], [0.8789, 0.1189, 0.0022]),
        ([1, -2, 0], [0.705, 0.035, 0.259]),
        ([0.5, -1, 0], [0.547, 0.122, 0.331]),
        ([123, 456, 789], [0, 0, 1]),
    ],
)
def test_softmax_of_textbook_scores(scores: list[float], shares: list[float]) -> None:
    np.testing.assert_allclose(softmax(np.array([scores], dtype=float))[0], shares, atol=6e-4)


def test_a_perceptron_votes_no_and_a_nand_gate_yes() -> None:
    # 4·1 + 1·3 - 3·2 = 1 stays below the threshold 3; NAND of (0, 1): -2·0 - 2·1 + 3 = 1 > 0.
    vote, _ = Linear(3, 1).forward(
        {"weight": np.array([[1.0, 3.0, 2.0]]), "bias": np.array([-3.0])}, np.array([[4.0, 1.0, -3.0]])
    )
    nand, _ = Linear(2, 1).forward(
        {"weight": np.array([[-2.0, -2.0]]), "bias": np.array([3.0])}, np.array([[0.0, 1.0], [1.0, 1.0]])
    )
    assert vote.tolist() == [[-2]]
    assert nand.tolist() == [[1], [-1]]


def test_pooling_by_two_drops_three_quarters_of_the_activations() -> None:
    layer = MaxPool2d(2)
    x = np.random.default_rng(0).standard_normal((1, 3, 8, 8))
    y, cache = layer.forward({}, x)
    dx, _ = layer.backward({}, cache, np.ones_like(y))
    assert y.size == np.count_nonzero(dx) == x.size / 4


@pytest.mark.parametrize("classes", [2, 10, 1000])
def test_a_network_that_knows_nothing_loses_the_logarithm_of_the_number_of_classes(classes: int) -> None:
    loss, _ = CrossEntropyLoss().forward(np.zeros((3, classes)), np.array([0, 1, 1]))
    assert loss == pytest.approx(math.log(classes), rel=1e-12)


@pytest.mark.parametrize("value", [0.0, 0.3])
def test_units_that_start_alike_stay_alike(value: float) -> None:
    rng = np.random.default_rng(0)
    network = Network.build(
        [("hidden", Linear(4, 5)), ("relu", ReLU()), ("out", Linear(5, 3))],
        input_shape=(4,),
        rng=rng,
        initializer=lambda rng, shape: np.full(shape, value),
        dtype=np.float64,
    )
    data = rng.standard_normal((30, 4)), rng.integers(0, 3, 30)
    *_, last = fit(network, data, SGD(0.1), rng=rng, epochs=20)
    rows = last.network.params["hidden.weight"]
    np.testing.assert_allclose(rows, np.broadcast_to(rows[0], rows.shape), atol=1e-12)
    if value:
        assert not np.allclose(rows, value), "the weights moved, but all of them together"
