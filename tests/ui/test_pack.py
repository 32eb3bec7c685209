"""The bytes that carry arrays to the browser. That the browser reads them back is shown in tests/e2e."""

from __future__ import annotations

import json
import math
from typing import Any

import numpy as np
import numpy.typing as npt
import pytest
from hypothesis import given
from hypothesis import strategies as some
from hypothesis.extra import numpy as arrays_of

from ui.components.pack import ALIGNMENT, DTYPES, MAGIC, pack


def read(data: bytes) -> tuple[dict[str, Any], dict[str, npt.NDArray[Any]]]:
    """What shared/unpack.js does, in Python."""
    assert data[:4] == MAGIC
    length = int.from_bytes(data[4:8], "little")
    header = json.loads(data[8 : 8 + length])
    body = data[8 + length :]
    found = {}
    for entry in header["arrays"]:
        size = int(np.prod(entry["shape"]))
        flat = np.frombuffer(body, np.dtype(entry["dtype"]).newbyteorder("<"), size, entry["offset"])
        found[entry["name"]] = flat.reshape(entry["shape"])
    return header["meta"], found


@given(
    array=some.sampled_from(DTYPES).flatmap(
        lambda dtype: arrays_of.arrays(dtype, arrays_of.array_shapes(min_dims=0, max_dims=4, min_side=0, max_side=4))
    )
)
def test_any_array_comes_back_bit_for_bit(array: npt.NDArray[Any]) -> None:
    _, found = read(pack({}, {"x": array, "y": array[..., None]}))
    assert found["x"].shape == array.shape
    assert found["x"].tobytes() == array.tobytes()
    assert found["y"].tobytes() == array.tobytes()


def test_every_array_starts_at_a_multiple_of_eight_bytes() -> None:
    data = pack({"é": 1}, {name: np.zeros(size, np.uint8) for name, size in (("a", 3), ("b", 9), ("c", 1))})
    length = int.from_bytes(data[4:8], "little")
    offsets = [entry["offset"] for entry in json.loads(data[8 : 8 + length])["arrays"]]
    assert length % ALIGNMENT == 0
    assert offsets == [0, 8, 24]


def test_meta_comes_back_in_any_script() -> None:
    meta = {"title": "前向", "numbers": [1, 0.5, None, True]}
    assert read(pack(meta, {}))[0] == meta


def test_a_strided_view_is_packed_in_reading_order() -> None:
    x = np.arange(6, dtype=np.float32).reshape(2, 3)
    np.testing.assert_array_equal(read(pack({}, {"x": x.T[::-1]}))[1]["x"], x.T[::-1])


def test_wide_integers_truth_values_and_half_floats_travel_as_what_the_browser_reads() -> None:
    _, found = read(pack({}, {"i": np.array([-1, 2]), "b": np.array([True, False]), "h": np.array([0.5], np.float16)}))
    assert {name: array.dtype.name for name, array in found.items()} == {"i": "int32", "b": "uint8", "h": "float32"}
    assert found["i"].tolist() == [-1, 2]


def test_arrays_may_hold_nan_and_meta_says_where_it_does() -> None:
    assert np.isnan(read(pack({}, {"x": np.array([np.nan])}))[1]["x"]).all()
    data = pack({"loss": float("nan"), "ends": [{"high": np.float64("inf")}, (1.5, -math.inf)]}, {})
    header = json.loads(data[8 : 8 + int.from_bytes(data[4:8], "little")])
    assert header["meta"] == {"loss": None, "ends": [{"high": None}, [1.5, None]]}
    assert header["wild"] == [[["loss"], "nan"], [["ends", 0, "high"], "inf"], [["ends", 1, 1], "-inf"]]


def test_what_json_cannot_hold_is_refused_wherever_it_stands() -> None:
    with pytest.raises(ValueError, match="plain JSON"):
        pack({"x": np.zeros(2), "loss": math.inf}, {})


def test_what_the_browser_cannot_read_is_refused_by_name() -> None:
    with pytest.raises(ValueError, match=r"'x' is complex128; the browser can read uint8"):
        pack({}, {"x": np.zeros(1, complex)})
    with pytest.raises(ValueError, match=r"'x' holds integers beyond 2147483647"):
        pack({}, {"x": np.array([2**40])})
    with pytest.raises(ValueError, match="plain JSON"):
        pack({"x": object()}, {})
