"""Worked examples of losses, updates, schedules and first weights: the engine arrives at the numbers of the courses.

[G] names the golden number of the curriculum that a test reproduces.
"""

import math

import numpy as np
import pytest

from engine import Linear, Network, ReLU, fit
from engine.initializers import Constant, HeNormal, LeCunNormal, Normal, Zeros
from engine.losses import CrossEntropyLoss, MultiMarginLoss, SigmoidQuadraticLoss, sigmoid, softmax
from engine.optimizers import SGD
from engine.schedules import CyclicCosine
from engine.types import Array, Initializer, Params

# [G] Backpropagation by hand: two inputs, two hidden and two output units, all sigmoids, and the quadratic cost.
INPUT, TARGET = np.array([[0.05, 0.10]]), np.array([[0.01, 0.99]])
START: Params = {
    "hidden.weight": np.array([[0.15, 0.20], [0.25, 0.30]]),
    "hidden.bias": np.array([0.35, 0.35]),
    "out.weight": np.array([[0.40, 0.45], [0.50, 0.55]]),
    "out.bias": np.array([0.60, 0.60]),
}
LAYER, LOSS = Linear(2, 2), SigmoidQuadraticLoss()


def part(params: Params, name: str) -> Params:
    return {key: params[f"{name}.{key}"] for key in ("weight", "bias")}


def forward(params: Params) -> tuple[Array, Array, Array, float]:
    """Net inputs of the hidden layer, what it puts out, net inputs of the output layer, and the cost."""
    net_h, _ = LAYER.forward(part(params, "hidden"), INPUT)
    net_o, _ = LAYER.forward(part(params, "out"), sigmoid(net_h))
    return net_h, sigmoid(net_h), net_o, LOSS.forward(net_o, TARGET)[0]


def weight_gradients(params: Params) -> Params:
    """dE/dw of both layers; the biases are left out, so that they stay."""
    _, out_h, net_o, _ = forward(params)
    d_net_o = LOSS.backward(LOSS.forward(net_o, TARGET)[1])
    d_out_h, out = LAYER.backward(part(params, "out"), {"x": out_h}, d_net_o)
    _, hidden = LAYER.backward(part(params, "hidden"), {"x": INPUT}, d_out_h * out_h * (1 - out_h))
    return {"hidden.weight": hidden["weight"], "out.weight": out["weight"]}


def test_the_forward_pass_of_two_by_two_by_two_sigmoids() -> None:
    net_h, out_h, net_o, cost = forward(START)
    assert net_h[0, 0] == pytest.approx(0.3775, abs=1e-12)
    np.testing.assert_allclose(out_h, [[0.593269992, 0.596884378]], atol=5e-10)
    assert net_o[0, 0] == pytest.approx(1.105905967, abs=5e-10)
    np.testing.assert_allclose(sigmoid(net_o), [[0.751365070, 0.772928465]], atol=5e-10)
    halves = [LOSS.forward(net_o[:, k : k + 1], TARGET[:, k : k + 1])[0] for k in (0, 1)]
    assert halves == pytest.approx([0.274811083, 0.023560026], abs=5e-10)
    assert cost == pytest.approx(0.298371109, abs=5e-10)


def test_one_step_of_gradient_descent_on_its_weights() -> None:
    grads = weight_gradients(START)
    assert grads["out.weight"][0, 0] == pytest.approx(0.082167041, abs=5e-10)
    params, _ = SGD(0.5).update(START, grads)
    hidden, out = params["hidden.weight"], params["out.weight"]
    np.testing.assert_allclose(out, [[0.358916480, 0.408666186], [0.511301270, 0.561370121]], atol=5e-10)
    np.testing.assert_allclose(hidden, [[0.149780716, 0.199561432], [0.249751144, 0.299502287]], atol=5e-10)
    assert forward(params)[3] == pytest.approx(0.291027774, abs=5e-10)


def test_ten_thousand_steps_bring_its_outputs_to_their_targets() -> None:
    params, state = START, None
    for _ in range(10_000):
        params, state = SGD(0.5).update(params, weight_gradients(params), state)
    _, _, net_o, cost = forward(params)
    assert cost == pytest.approx(3.5102e-5, abs=5e-10)
    np.testing.assert_allclose(sigmoid(net_o), [[0.015913620, 0.984064274]], atol=5e-9)
    assert params["out.bias"] is START["out.bias"]


def test_a_temperature_of_2_gives_the_shares_of_half_the_scores() -> None:
    # [G] softmax(1, -2, 0), and that of half the scores.
    z = np.array([[1.0, -2.0, 0.0]])
    _, cache = CrossEntropyLoss(temperature=2).forward(z, np.array([0]))
    np.testing.assert_allclose(softmax(z), [[0.705, 0.035, 0.259]], atol=6e-4)
    np.testing.assert_allclose(cache["p"], [[0.547, 0.122, 0.331]], atol=6e-4)


@pytest.mark.parametrize("classes", [2, 10, 1000])
def test_first_losses_of_a_network_that_knows_nothing(classes: int) -> None:
    # [G] The initial loss is ln C.
    z, target = np.zeros((4, classes)), np.zeros(4, int)
    for settings in (CrossEntropyLoss(), CrossEntropyLoss(label_smoothing=0.1), CrossEntropyLoss(temperature=4)):
        assert settings.forward(z, target)[0] == pytest.approx(math.log(classes), rel=1e-12)
    assert MultiMarginLoss(mean_over_classes=False).forward(z, target)[0] == classes - 1


def test_cyclic_cosine_annealing_is_its_formula_at_every_step() -> None:
    # [G] η(t) = η0/2 · (cos(π · mod(t-1, ⌈T/M⌉) / ⌈T/M⌉) + 1).
    for eta0, T, M in ((0.1, 300, 5), (0.2, 100, 7)):
        cycle = -(-T // M)
        expected = [eta0 / 2 * (math.cos(math.pi * ((t - 1) % cycle) / cycle) + 1) for t in range(1, T + 1)]
        schedule = CyclicCosine(eta0, T, M)
        assert [schedule(t) for t in range(1, T + 1)] == pytest.approx(expected, rel=1e-14)
        assert schedule(1) == eta0
        assert schedule(cycle + 1) == eta0, "the rate jumps back"
        assert len(schedule.snapshots()) == M


def test_half_way_through_a_cycle_the_rate_is_half() -> None:
    assert CyclicCosine(0.2, 200, 2)(51) == pytest.approx(0.1, rel=1e-12)


@pytest.mark.parametrize("initializer", [Zeros(), Constant(0.3), Constant(-0.01)], ids=str)
def test_constant_first_weights_leave_all_units_of_a_layer_alike_for_ever(initializer: Initializer) -> None:
    # [G] Symmetry never breaks.
    rng = np.random.default_rng(0)
    layers = [("hidden", Linear(4, 5)), ("relu", ReLU()), ("out", Linear(5, 3))]
    network = Network.build(layers, (4,), rng=rng, initializer=initializer, dtype=np.float64)
    data = rng.standard_normal((30, 4)), rng.integers(0, 3, 30)
    *_, last = fit(network, data, SGD(0.1), rng=rng, epochs=20)
    rows = last.network.params["hidden.weight"]
    np.testing.assert_allclose(rows, np.broadcast_to(rows[0], rows.shape), atol=1e-12)
    assert np.ptp(last.network.params["out.bias"]) > 1e-3, "it did train"


# [G] The standard deviations of ten layers' activations, within 5 %. Deep down among ReLUs they differ by more from one
# draw of the weights to the next, so there the bounds are wider.


def stds(initializer: Initializer, activation: str) -> list[float]:
    """1000 normal samples through ten layers of 500 units: the standard deviation after each."""
    rng = np.random.default_rng(0)
    x, found = rng.standard_normal((1000, 500)), []
    for _ in range(10):
        layer = Linear(500, 500, bias=False)
        s, _ = layer.forward(layer.init(rng, initializer, np.float64), x)
        x = np.tanh(s) if activation == "tanh" else np.maximum(s, 0)
        found.append(float(x.std()))
    return found


def test_small_first_weights_let_the_signal_of_tanh_layers_fade_to_nothing() -> None:
    found = stds(Normal(0.01), "tanh")
    assert found[:6] == pytest.approx([0.2131, 0.0476, 0.0106, 0.0024, 0.0005, 0.0001], rel=0.05, abs=5e-5)
    assert round(found[-1], 4) == 0


def test_large_first_weights_saturate_tanh_layers() -> None:
    assert stds(Normal(1), "tanh") == pytest.approx([0.98] * 10, rel=0.05)


def test_xaviers_first_weights_keep_the_signal_of_tanh_layers() -> None:
    found = stds(LeCunNormal(), "tanh")
    assert found[:3] == pytest.approx([0.63, 0.49, 0.41], rel=0.05)
    assert found[-1] == pytest.approx(0.23, rel=0.05)


def test_xaviers_first_weights_let_relu_layers_die_and_hes_do_not() -> None:
    xavier, he = stds(LeCunNormal(), "relu"), stds(HeNormal(), "relu")
    assert (xavier[0], xavier[-1]) == (pytest.approx(0.585, rel=0.05), pytest.approx(0.023, rel=0.3))
    assert (he[0], he[-1]) == (pytest.approx(0.83, rel=0.05), pytest.approx(0.73, rel=0.3))
    assert min(he) > 0.5
