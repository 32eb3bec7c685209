"""The pooling lesson's pictures: their rules make the engine's numbers, and the sheet to take away."""

from __future__ import annotations

import numpy as np
import pytest

from engine.data.digits import digit
from engine.layers import AvgPool2d, MaxPool2d
from engine.layers.pool_variants import LPPool2d, StochasticPool2d
from pages.blocks.pooling import grids as figures
from pages.blocks.pooling.compute import Pooled, PoolLayer, moved, pool, strided_convolution, strided_kernel
from pages.blocks.pooling.figure import sheet
from ui.figures.grids import Grid

DIGIT = digit(504)[0][None].astype(float)
LAYERS: dict[str, PoolLayer] = {
    "max": MaxPool2d(3, 2, 1),
    "average": AvgPool2d(2),
    "norm": LPPool2d(2, 2),
    "stochastic": StochasticPool2d(2),
    "convolution": strided_convolution(1, 2, 2),
}


def made(name: str) -> Pooled:
    params = {"weight": strided_kernel("edge", 2, 1)} if name == "convolution" else {}
    train = name == "stochastic"
    return pool(LAYERS[name], DIGIT, np.copy, params=params, train=train, rng=np.random.default_rng(0))


def flat(rows: figures.Rows) -> list[Grid]:
    found: list[Grid] = []
    for item in (item for row in rows for item in row):
        found += [item] if isinstance(item, Grid) else [] if isinstance(item, str) else list(item)
    return found


@pytest.mark.parametrize("name", LAYERS)
def test_every_result_has_a_rule_whose_arrays_are_there(name: str) -> None:
    pooled = made(name)
    arrays = dict(pooled.arrays())
    for grid in flat(figures.both_ways(pooled)):
        assert grid.array in arrays or grid.array == "shares"
        if grid.result:
            assert grid.rule is not None
            for read in (grid.rule["left"], grid.rule["right"], *grid.rule["also"], *grid.rule["beside"]):
                assert read["array"] in arrays or read["array"] == "shares"


@pytest.mark.parametrize(
    ("name", "marked"), [("max", "taken"), ("stochastic", "share"), ("average", None), ("norm", None)]
)
def test_only_layers_that_take_one_cell_mark_it(name: str, marked: str | None) -> None:
    x = next(grid for grid in flat(figures.both_ways(made(name))) if grid.id == "X")
    assert x.winners == marked


def test_gradients_share_their_colours() -> None:
    limits = {grid.id: grid.limit for grid in flat(figures.both_ways(made("max"))) if grid.id in ("DY", "DX")}
    assert limits["DY"] == limits["DX"]


def test_small_shares_are_written_with_four_decimals() -> None:
    grids = {grid.id: grid for grid in flat(figures.both_ways(pool(AvgPool2d(8), DIGIT)))}
    assert grids["DX"].decimals == grids["Y"].decimals == 4


def test_before_and_after_are_twins_and_all_their_arrays_are_there() -> None:
    moves = {name: tuple(pool(LAYERS[name], x) for x in (DIGIT, moved(DIGIT, 1, 0))) for name in ("max", "average")}
    grids, arrays = flat(figures.before_and_after(moves, "before", "after")), figures.moved_arrays(moves)  # type: ignore[arg-type]
    by_id = {grid.id: grid for grid in grids}
    for grid in grids:
        assert grid.array in arrays
        if grid.result:
            assert grid.twin is not None
            assert by_id[grid.twin].twin == grid.id
            assert by_id[grid.twin].limit == grid.limit
    np.testing.assert_array_equal(arrays["was:max1"], arrays["max0"])


def test_the_sheet_has_a_row_for_each_channel_and_a_column_for_each_array() -> None:
    pooled = pool(MaxPool2d(2), np.repeat(DIGIT, 3, axis=1))
    figure = sheet(pooled, ("input", "output"))
    assert len(figure.axes) == 3 * 4
    assert figure.axes[0].get_title() == "input x[0]"


def test_every_kind_of_pooling_has_its_formula() -> None:
    assert set(figures.FORMULAS) == {"max", "average", "norm", "draw", "expected", "global", "convolution", "move"}
