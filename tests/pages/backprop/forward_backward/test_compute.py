"""A training step is one training step on one image, kept whole, and described by plain data."""

import math
import pickle

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine import CrossEntropyLoss, Network
from engine.data.digits import digit
from engine.types import Array, ShapeError
from engine.zoo.digit_network import digit_network
from pages.backprop.forward_backward.compute import (
    MOST_EDITS,
    NUDGES,
    Edit,
    Nudged,
    TrainingStep,
    apply_edits,
    format_edits,
    parse_edits,
    parse_nudge,
    run,
    telling_pixel,
)

LR = 0.01


def network(dtype: type = np.float32) -> Network:
    return digit_network(np.random.default_rng(3)).astype(dtype)


def image() -> Array:
    return digit(5)[0][None]


def training_step(**changes: object) -> TrainingStep:
    options = {"lr": LR, "edits": (), "repeats": 0} | changes
    return run(network(), image(), 5, **options)  # type: ignore[arg-type]


def loss_of(net: Network, x: Array, target: int) -> float:
    return CrossEntropyLoss().forward(net.predict(x), np.array([target]))[0]


def test_the_loss_and_the_score_gradients_are_those_of_softmax_and_the_label() -> None:
    e = training_step()
    z = e.trace.y[0].astype(np.float64)
    p = np.exp(z) / np.exp(z).sum()
    y = np.arange(10) == 5
    np.testing.assert_allclose(e.p[0], p, rtol=1e-5)
    np.testing.assert_allclose(e.dz[0], p - y, atol=1e-6)
    assert e.loss == pytest.approx(-math.log(p[5]), rel=1e-5)
    assert e.guess == int(p.argmax())


def test_the_update_takes_lr_times_the_gradient_from_every_parameter() -> None:
    e = training_step()
    assert set(e.back.grads) == set(e.network.params)
    for name, gradient in e.back.grads.items():
        np.testing.assert_allclose(e.updated.params[name], e.network.params[name] - LR * gradient, atol=1e-6)


def test_the_loss_after_is_the_updated_network_s_on_the_same_image() -> None:
    e = training_step()
    assert e.loss_after == loss_of(e.updated, image(), 5)
    assert e.guess_after == int(e.updated.predict(image())[0].argmax())


def test_a_short_step_lowers_the_loss_by_lr_times_the_squared_gradient() -> None:
    lr = 1e-7
    e = run(network(np.float64), image(), 5, lr=lr)
    slope = sum(float((gradient**2).sum()) for gradient in e.back.grads.values())
    assert (e.loss - e.loss_after) / lr == pytest.approx(slope, rel=1e-3)


def test_repeated_losses_start_with_the_loss_go_on_with_the_loss_after_and_match_steps_made_one_by_one() -> None:
    e = training_step(repeats=4, lr=0.001)
    expected, net = [], network()
    for _ in range(5):
        once = run(net, image(), 5, lr=0.001)
        expected.append(once.loss)
        net = once.updated
    assert e.losses == tuple(expected)
    assert e.losses[:2] == (e.loss, e.loss_after)


def test_without_repeats_there_is_one_loss() -> None:
    e = training_step()
    assert e.losses == (e.loss,)


def test_a_learning_rate_of_0_changes_nothing() -> None:
    e = training_step(lr=0.0, repeats=3)
    assert e.losses == (e.loss,) * 4
    assert all(np.array_equal(e.updated.params[name], array) for name, array in e.network.params.items())


def test_a_run_that_leaves_float32_s_range_ends_there_and_says_so() -> None:
    e = training_step(lr=1e30, repeats=50)
    assert e.diverged
    assert len(e.losses) < 51
    assert all(map(math.isfinite, e.losses[:-1]))
    assert not training_step(repeats=5).diverged


def test_an_edited_pixel_changes_that_entry_and_everything_after_it() -> None:
    plain, e = training_step(), training_step(edits=[Edit("x", 21, 0.25)])
    assert e.x[0, 0, 2, 5] == 0.25
    assert int((e.x != image()).sum()) == 1
    assert np.array_equal(e.original_x, image())
    assert not np.array_equal(e.trace["conv1"].y, plain.trace["conv1"].y)
    assert e.loss != plain.loss


def test_an_edited_weight_is_the_one_that_forward_backward_and_update_use() -> None:
    e = training_step(edits=[Edit("conv2.weight", 100, 1.5)])
    place = np.unravel_index(100, (16, 8, 3, 3))
    assert e.trace["conv2"].params["weight"][place] == 1.5
    assert e.updated.params["conv2.weight"][place] == pytest.approx(1.5 - LR * e.back.grads["conv2.weight"][place])
    changed = {name for name, array in e.network.params.items() if not np.array_equal(array, e.original.params[name])}
    assert changed == {"conv2.weight"}


def test_arguments_stay_as_they_were() -> None:
    net, x = network(), image().copy()
    before = {name: array.copy() for name, array in net.params.items()}
    run(net, x, 5, lr=1.0, edits=[Edit("x", 0, 9.0), Edit("linear.bias", 2, -3.0)], repeats=3)
    assert np.array_equal(x, image())
    assert all(np.array_equal(net.params[name], array) for name, array in before.items())


def test_arrays_hold_every_value_gradient_and_updated_parameter_under_its_name() -> None:
    e = training_step(repeats=2)
    arrays = e.arrays()
    for step in e.trace:
        assert arrays[f"{step.name}.y"] is step.y
        assert arrays[f"{step.name}.y.grad"] is e.back[step.name].dy
    for name, gradient in e.back.grads.items():
        assert np.array_equal(arrays[f"{name}.grad"], gradient)
        assert np.array_equal(arrays[f"{name}.updated"], e.updated.params[name])
    assert arrays["pool1.switches"] is e.trace["pool1"].cache["switches"]
    assert arrays["x.grad"].shape == (1, 1, 8, 8)
    assert tuple(arrays["loss"]) == e.losses


def test_the_same_data_give_the_same_bits_and_a_pickle_keeps_them() -> None:
    first, second = training_step(repeats=3), training_step(repeats=3)
    kept = pickle.loads(pickle.dumps(first))
    for other in (second, kept):
        assert other.losses == first.losses
        assert all(np.array_equal(array, other.arrays()[name]) for name, array in first.arrays().items())


def test_the_telling_pixel_moves_against_its_gradient_to_an_end_of_its_range_and_promises_most() -> None:
    e = training_step()
    pixel = telling_pixel(e)
    dx, x = e.back.dx.ravel(), e.x.ravel()
    promises = [slope * (end - value) for slope, value in zip(dx, x, strict=True) for end in (0.0, 1.0)]
    assert pixel.array == "x"
    assert pixel.value == (0.0 if dx[pixel.index] > 0 else 1.0)
    assert dx[pixel.index] * (pixel.value - x[pixel.index]) == pytest.approx(min(promises))


def test_without_a_gradient_no_pixel_is_told_to_move() -> None:
    sure = [Edit("linear.bias", 5, 1000.0)]
    e = training_step(edits=sure)
    assert not e.back.dx.any()
    pixel = telling_pixel(e)
    assert pixel.value == e.x.ravel()[pixel.index]


SIZES = {"x": 64} | {name: array.size for name, array in network().params.items()}
EDITS = st.sampled_from(sorted(SIZES)).flatmap(
    lambda name: st.builds(
        Edit,
        st.just(name),
        st.integers(0, SIZES[name] - 1),
        st.floats(-1000, 1000),
    )
)


@given(st.lists(EDITS, max_size=MOST_EDITS, unique_by=lambda edit: (edit.array, edit.index)))
def test_edits_survive_being_written_and_read(edits: list[Edit]) -> None:
    assert parse_edits(format_edits(edits), network()) == tuple(edits)


def test_edits_are_written_short() -> None:
    edits = (Edit("x", 27, 0.5), Edit("conv1.weight", 3, -1.25), Edit("conv2.bias", 0, 2.0))
    assert format_edits(edits) == "x.27:0.5~conv1.weight.3:-1.25~conv2.bias.0:2"
    assert format_edits(()) == ""
    assert parse_edits("", network()) == ()


def test_of_two_edits_of_one_place_the_later_stands() -> None:
    assert parse_edits("x.1:1~x.1:0.5", network()) == (Edit("x", 1, 0.5),)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("conv9.weight.0:1", "conv9.weight"),
        ("y.0:1", "'y'"),
        ("x.64:1", "0 to 63"),
        ("x.-1:1", "array.index:value"),
        ("conv1.bias.8:1", "0 to 7"),
        ("x.0:1001", "1000"),
        ("x.0:-1000.5", "1000"),
        ("x.0:nan", "array.index:value"),
        ("x.0:inf", "array.index:value"),
        ("x.0:1e99", "1000"),
        ("x.0:1_0", "array.index:value"),
        ("x.0:٣", "array.index:value"),
        ("x.0", "array.index:value"),
        ("x.0:1~", "array.index:value"),
        ("<script>alert(1)</script>", "array.index:value"),
        ("x.99999999999999999999:1", "array.index:value"),
        ("~".join(f"x.{i}:1" for i in range(MOST_EDITS + 1)), "at most 24"),
        ("x" * 10_000, "array.index:value"),
    ],
)
def test_an_edit_that_cannot_be_made_is_named_with_what_would_do(text: str, words: str) -> None:
    with pytest.raises(ValueError, match=words) as caught:
        parse_edits(text, network())
    assert len(str(caught.value)) < 300


def test_edits_made_in_code_are_checked_too() -> None:
    with pytest.raises(ValueError, match="0 to 63"):
        apply_edits(network(), image(), [Edit("x", -1, 0.0)])
    with pytest.raises(ValueError, match="number from -1000 to 1000"):
        apply_edits(network(), image(), [Edit("x", 0, math.nan)])


def test_bad_input_is_named_with_what_was_expected() -> None:
    with pytest.raises(ShapeError, match=r"\(1, 1, 8, 8\)"):
        run(network(), image()[0], 5, lr=LR)
    with pytest.raises(ValueError, match="0 to 9"):
        run(network(), image(), 10, lr=LR)
    for rate in (math.nan, math.inf, -0.1):
        with pytest.raises(ValueError, match="finite number of at least 0"):
            run(network(), image(), 5, lr=rate)
    with pytest.raises(ValueError, match="repeats=-1"):
        run(network(), image(), 5, lr=LR, repeats=-1)


def test_a_nudge_runs_through_the_changed_network_and_picture_and_leaves_both_as_they_are() -> None:
    e = training_step(edits=[Edit("x", 21, 0.25), Edit("conv1.bias", 2, -1.0)])
    kept = e.network.params["conv1.bias"].copy()
    for name, index, h in (("conv1.bias", 2, 0.1), ("x", 21, 0.01)):
        found = Nudged(name, index, str(h)).run(e)
        expected = []
        for by in (h, -h):
            net, x = e.network.astype(np.float64), e.x.astype(np.float64)
            moved = {"x": x, **net.params}[name].copy()
            moved.flat[index] += by
            if name == "x":
                expected.append(loss_of(net, moved, 5))
            else:
                expected.append(loss_of(net.replace({**net.params, name: moved}), x, 5))
        assert [found.above, found.below] == pytest.approx(expected, rel=1e-12)
        slope = e.back.dx if name == "x" else e.back.grads[name]
        assert found.entry.analytic == pytest.approx(float(slope.flat[index]), rel=1e-4)
        assert found.value == pytest.approx(0.25 if name == "x" else -1.0)
    assert np.array_equal(e.network.params["conv1.bias"], kept)


@pytest.mark.parametrize("h", NUDGES)
@pytest.mark.parametrize("place", ["x.63", "conv2.255", "linear.9", "p.9", "conv1.weight.71", "linear.bias.0"])
def test_a_nudge_is_read_as_it_is_written(place: str, h: str) -> None:
    array, _, index = place.rpartition(".")
    assert parse_nudge(f"{place}:{h}", network()) == Nudged(array, int(index), h)
    assert parse_nudge("", network()) is None


@pytest.mark.parametrize(
    "text",
    ["x.64:0.1", "conv9.0:0.1", "x.0:0.2", "x.0", "x.0:", "x:0.1", "p.10:1", "x.-1:1", "x.٣:1", "flat.0:1", "x.0:1e-3"],
)
def test_a_nudge_of_nothing_is_named(text: str) -> None:
    with pytest.raises(ValueError, match="isn't a nudge"):
        parse_nudge(text, network())
