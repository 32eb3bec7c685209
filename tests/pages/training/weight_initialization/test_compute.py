"""The classic experiments, the fate of a signal in one word, and which starts learn."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from engine.data.digits import digits
from engine.signal import (
    Setup,
    Signal,
    measure,
    network_of,
    predict,
)
from engine.types import Array
from pages.training.weight_initialization.compute import (
    PRESETS,
    STEPS,
    Record,
    Training,
    apart,
    classifier,
    smoothed,
    verdict,
)

# [G] The standard deviations of ten layers' activations, as the curriculum has them: within 5 %, where four decimals
# can say so. Deep down among ReLUs they differ by more from one draw to the next.
GOLDEN = {
    "small": ([0.2131, 0.0476, 0.0106, 0.0024, 0.0005, 0.0001], 0.0),
    "large": ([0.98] * 10, 0.98),
    "xavier": ([0.63, 0.49, 0.41], 0.23),
    "relu-xavier": ([0.585], 0.023),
    "relu-he": ([0.83], 0.73),
}


def sent(setup: Setup, samples: int = 200, seed: int = 0) -> tuple[Array, Array]:
    """Noise to send forwards, and a gradient to send backwards."""
    rng = np.random.default_rng([seed, 1])
    x = rng.standard_normal((samples, *setup.input_shape), dtype=np.float32)
    return x, rng.standard_normal((samples, *setup.input_shape), dtype=np.float32)


def measured(setup: Setup, samples: int = 200, seed: int = 0) -> Signal:
    x, dy = sent(setup, samples, seed)
    return measure(network_of(setup, x, np.random.default_rng([seed, 0])), x, dy)


@pytest.mark.parametrize("name", GOLDEN)
def test_the_classic_experiments_give_the_known_numbers(name: str) -> None:
    first, last = GOLDEN[name]
    found = [layer.y.std for layer in measured(PRESETS[name], samples=1000).layers]
    assert found[: len(first)] == pytest.approx(first, rel=0.05, abs=5e-5)
    assert found[-1] == pytest.approx(last, rel=0.3 if "relu" in name else 0.05, abs=5e-5)
    assert all(layer.n_in == 500 for layer in measured(PRESETS[name], 2).layers)


def test_a_few_examples_show_the_same_as_a_thousand() -> None:
    for name in GOLDEN:
        few, many = (measured(PRESETS[name], samples) for samples in (100, 1000))
        for a, b in zip(few.layers, many.layers, strict=True):
            assert a.y.std == pytest.approx(b.y.std, rel=0.08)


def test_with_1_randn_most_units_are_saturated_and_the_gradient_explodes_all_the_same() -> None:
    signal = measured(PRESETS["large"])
    assert all(layer.flat > 0.9 for layer in signal.layers)
    assert signal.dx.rms > 1e4


def test_weights_that_are_all_one_number_have_no_prediction() -> None:
    found = predict(PRESETS["alike"], (500,))
    assert np.isnan(found.std[1:]).all()
    assert np.isnan(found.gradient[:-1]).all()


VERDICTS = {
    "fades": PRESETS["small"],
    "saturates": PRESETS["large"],
    "steady": PRESETS["relu-he"],
    "halves": PRESETS["relu-xavier"],
    "alike": PRESETS["alike"],
    "zeros": Setup(draw="zeros"),
    "explodes": Setup(sigma=0.1, activation="relu"),
    "starves": Setup(size="xavier", activation="sigmoid"),
    "swells": Setup(size="he", activation="relu", batch_norm=True, depth=20),
    "overflows": Setup(sigma=10, activation="relu", depth=20),
}


@pytest.mark.parametrize("name", VERDICTS)
def test_each_fate_of_a_signal_has_its_word(name: str) -> None:
    assert verdict(VERDICTS[name], measured(VERDICTS[name], 100)) == name


def trained(setup: Setup, lr: float = 0.01) -> Record:
    data = digits()
    scaled = [(x - data.train_x.mean()) / data.train_x.std() for x in (data.train_x, data.validation_x)]
    train, validation = scaled if setup.stack == "conv" else (x.reshape(len(x), -1) for x in scaled)
    run = Training(setup, (train, data.train_y), (validation, data.validation_y), lr=lr, seed=0)
    while run.advance():
        pass
    return run.record()


def test_good_starts_learn_the_digits_in_a_hundred_steps_and_bad_ones_do_not() -> None:
    found = {name: trained(replace(setup, width=100)) for name, setup in PRESETS.items()}
    assert all(len(record.losses) == STEPS and record.ended for record in found.values())
    learnt = {name for name, record in found.items() if (record.accuracy or 0) > 0.7}
    assert {"relu-he", "xavier", "normed"} <= learnt
    assert not learnt & {"small", "large", "alike"}


@pytest.mark.parametrize("value", [0.01, 0.03], ids=str)
def test_units_that_start_alike_stay_alike_while_they_learn(value: float) -> None:
    # [G] Symmetry never breaks: rows differ by no more than float32 rounds a weight of this size.
    record = trained(Setup(draw="constant", sigma=value, width=100, depth=3))
    assert apart(record.rows).max() <= np.spacing(np.float32(value)) * 2
    assert np.abs(record.rows[-1] - record.rows[0]).max() > 1e-4, "they did learn"


def test_with_zeros_no_weight_but_the_last_bias_ever_moves() -> None:
    # [G] Symmetry never breaks.
    record = trained(Setup(draw="zeros", width=100, depth=3))
    assert not record.rows.any()
    assert record.losses[0] == pytest.approx(np.log(10), rel=1e-6)


def test_units_that_start_apart_stay_apart() -> None:
    record = trained(Setup(width=50, depth=3, size="he", activation="relu"))
    assert (apart(record.rows) > 0.1).all()
    assert record.rows.shape == (STEPS + 1, 8, 64)


def test_a_run_whose_numbers_outgrow_float32_ends_and_keeps_what_it_has() -> None:
    record = trained(Setup(width=100, depth=8, sigma=2, activation="relu"), lr=0.1)
    assert record.ended
    assert record.accuracy is None
    assert len(record.rows) == len(record.losses) + 1 < STEPS


def test_a_convolutional_start_learns_too() -> None:
    record = trained(Setup(stack="conv", width=8, depth=3, size="he", activation="relu"), lr=0.05)
    assert record.accuracy is not None
    assert record.accuracy > 0.7
    assert record.rows.shape == (STEPS + 1, 8, 9)


def test_the_classifier_is_the_stack_and_a_last_layer_for_the_classes() -> None:
    network = classifier(
        Setup(depth=2, width=6, size="he"), np.zeros((3, 64), np.float32), 10, np.random.default_rng(0)
    )
    assert [name for name, _ in network.layers] == ["weight1", "tanh1", "weight2", "tanh2", "weight3"]
    assert network.shapes()[-1][1] == (10,)


def test_smoothing_takes_the_mean_around_each_step() -> None:
    np.testing.assert_allclose(smoothed(np.array([0, 3, 6, 9], np.float32), 3), [1.5, 3, 6, 7.5])
    assert len(smoothed(np.zeros(0, np.float32))) == 0
