"""Stacks of windows: how they are spelt, and how many ways lead through them."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine import AvgPool2d, ShapeError
from engine.analysis.receptive_field import receptive_fields
from engine.zoo.classic import ALEXNET_INPUT, VGG_INPUT, alexnet_layers, vgg16_layers
from pages.blocks.receptive_field.compute.measured import ways_by_gradient
from pages.blocks.receptive_field.compute.stack import (
    Window,
    format_stack,
    layers_of,
    map_sizes,
    parse_stack,
    ways_above,
    ways_below,
    windows_of,
)

SIZE = 30

WINDOWS = st.builds(
    Window,
    st.just("conv"),
    kernel=st.integers(1, 3),
    stride=st.integers(1, 2),
    padding=st.integers(0, 2),
    dilation=st.integers(1, 2),
)


@st.composite
def stacks(draw: st.DrawFn) -> tuple[Window, ...]:
    """One to three windows that have a place on an image of SIZE."""
    found = parse_stack(format_stack(draw(st.lists(WINDOWS, min_size=1, max_size=3))))
    map_sizes(found, SIZE)
    return found


@given(stacks(), st.data())
def test_ways_are_the_gradient_of_a_network_of_ones(stack: tuple[Window, ...], data: st.DataObject) -> None:
    level = data.draw(st.integers(0, len(stack)))
    last = map_sizes(stack, SIZE)[level] - 1
    place = data.draw(st.tuples(st.integers(0, last), st.integers(0, last)))
    down, across = (ways_below(stack, SIZE, level, at)[0] for at in place)
    np.testing.assert_array_equal(ways_by_gradient(stack, SIZE, level, place), np.outer(down, across))


@given(stacks(), st.data())
def test_as_many_ways_lead_up_as_down(stack: tuple[Window, ...], data: st.DataObject) -> None:
    pixel = data.draw(st.integers(0, SIZE - 1))
    up = ways_above(stack, SIZE, 0, pixel)
    for level, ways in enumerate(up):
        for place, count in enumerate(ways):
            assert ways_below(stack, SIZE, level, place)[0][pixel] == count


@given(stacks(), st.data())
def test_no_way_leads_out_of_the_field(stack: tuple[Window, ...], data: st.DataObject) -> None:
    field = receptive_fields(layers_of(stack), (1, SIZE, SIZE))[-1]
    assert field.units[0] == map_sizes(stack, SIZE)[-1]
    row = data.draw(st.integers(0, field.units[0] - 1))
    seen = np.flatnonzero(ways_below(stack, SIZE, len(stack), row)[0])
    box = field.pixels((row, 0))
    assert all(box.top <= pixel < box.bottom for pixel in seen)


def test_three_3x3_kernels_give_the_middle_49_ways_and_a_corner_one() -> None:
    ways = ways_below(parse_stack("c3-c3-c3"), 7, 3, 0)[0]
    np.testing.assert_array_equal(ways, [1, 3, 6, 7, 6, 3, 1])


def test_dilation_leaves_holes_that_no_way_passes() -> None:
    assert (ways_below(parse_stack("c3d2"), 5, 1, 0)[0] > 0).tolist() == [True, False, True, False, True]
    assert (ways_below(parse_stack("c3-c3d2-c3d4"), 15, 3, 0)[0] > 0).all()


@given(stacks())
def test_a_stack_is_read_as_it_is_written(stack: tuple[Window, ...]) -> None:
    assert parse_stack(format_stack(stack)) == stack


def test_a_pool_steps_by_its_own_width_unless_told_otherwise() -> None:
    two, three = parse_stack("m2-m3s2p1")
    assert (two.kind, two.stride, two.name, two.code()) == ("pool", 2, "pool1", "m2")
    assert (three.stride, three.padding, three.name, three.code()) == (2, 1, "pool2", "m3s2p1")
    assert parse_stack("") == ()


def test_a_network_s_own_windows_give_its_own_layers_back() -> None:
    stack = parse_stack("c3p1-m2-c5s2p4d2")
    assert windows_of(layers_of(stack, channels=4)) == stack


@pytest.mark.parametrize(
    ("layers", "shape", "names"),
    [(alexnet_layers(), ALEXNET_INPUT, 8), (vgg16_layers(), VGG_INPUT, 18)],
)
def test_named_networks_end_where_their_maps_are_flattened(layers: list, shape: tuple, names: int) -> None:  # type: ignore[type-arg]
    stack = windows_of(layers)
    assert len(stack) == names
    assert stack[-1].name == "pool5"
    field = {field.name: field for field in receptive_fields(layers, shape)}["pool5"]
    assert map_sizes(stack, shape[1])[-1] == field.units[0]


@pytest.mark.parametrize("text", ["c", "x3", "c3-", "c3p", "c0", "m2d0", "c3d2p1", "c-3"])
def test_what_spells_no_window_is_named(text: str) -> None:
    with pytest.raises(ValueError, match=r"c3, c3s2p1d2 or m2|at least 1"):
        parse_stack(text)


def test_a_window_without_a_place_says_what_would_help() -> None:
    with pytest.raises(ShapeError, match=r"conv2 spans 9 units.*only 4.*larger image"):
        map_sizes(parse_stack("c3-c3d4"), 6)


def test_a_layer_that_no_stack_can_spell_is_named() -> None:
    with pytest.raises(TypeError, match="mean is a AvgPool2d"):
        windows_of([("mean", AvgPool2d(2))])
