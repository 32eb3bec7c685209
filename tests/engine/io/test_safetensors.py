"""Weights as .safetensors: read and written by the safetensors package too, and nothing believed that a file says."""

import io
import json
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import safetensors.numpy
import safetensors.torch
import torch
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from engine import Network
from engine.io.npz import WeightsError, load_safetensors, save_npz, save_safetensors
from engine.types import Params
from engine.zoo.digit_network import digit_network, pretrained_digit_network
from engine.zoo.resnet import cifar_resnet_layers
from tests.engine.io.test_io import without

WEIGHT = np.arange(72.0, dtype=np.float32).reshape(8, 1, 3, 3)


def saved(params: Params) -> bytes:
    file = io.BytesIO()
    save_safetensors(file, params)
    return file.getvalue()


def same(a: Params, b: Params) -> bool:
    return list(a) == list(b) and all(
        np.array_equal(a[n], b[n]) and a[n].dtype == b[n].dtype and a[n].shape == b[n].shape for n in a
    )


def entry(dtype: Any = "F32", shape: Any = (2,), offsets: Any = (0, 8)) -> dict[str, Any]:
    return {"dtype": dtype, "shape": shape, "data_offsets": offsets}


def file_of(header: Any, body: bytes = bytes(8), length: int | None = None) -> bytes:
    text = header if isinstance(header, bytes) else json.dumps(header).encode()
    return (len(text) if length is None else length).to_bytes(8, "little") + text + body


def digit_model() -> torch.nn.Sequential:
    model = torch.nn.Sequential()
    for name, module in {
        "conv1": torch.nn.Conv2d(1, 8, 3, padding=1),
        "relu1": torch.nn.ReLU(),
        "pool1": torch.nn.MaxPool2d(2),
        "conv2": torch.nn.Conv2d(8, 16, 3, padding=1),
        "relu2": torch.nn.ReLU(),
        "pool2": torch.nn.MaxPool2d(2),
        "flatten": torch.nn.Flatten(),
        "linear": torch.nn.Linear(64, 10),
    }.items():
        model.add_module(name, module)
    return model


def test_weights_come_back_as_they_went(tmp_path: Path) -> None:
    params = digit_network(np.random.default_rng(0)).params
    path = tmp_path / "weights.safetensors"
    save_safetensors(path, params)
    for source in (path, str(path), path.read_bytes()):
        assert same(load_safetensors(source), params)
    with path.open("rb") as file:
        assert same(load_safetensors(file, expected=params), params)


def test_the_same_weights_give_the_same_bytes_and_numbers_start_at_multiples_of_eight() -> None:
    params = {"a": np.zeros(1, np.int8), "b": np.zeros(3), "count": np.array(7), "c": np.zeros(1, np.float32)}
    data = saved(params)
    assert data == saved(params)
    length = int.from_bytes(data[:8], "little")
    assert length % 8 == 0
    header = json.loads(data[8 : 8 + length])
    assert {name: header[name]["data_offsets"][0] % params[name].itemsize for name in params} == dict.fromkeys(
        params, 0
    )


NUMBERS = st.sampled_from(["f2", "f4", "f8", "i1", "i2", "i4", "i8", "u1", "u2", "u4", "u8", "?"])


@given(
    st.dictionaries(
        st.from_regex(r"[a-z]{1,5}(\.[a-z]{1,5})?", fullmatch=True),
        NUMBERS.flatmap(
            lambda dtype: arrays.arrays(
                dtype,
                arrays.array_shapes(min_dims=0, max_dims=4, min_side=0, max_side=4),
                elements={"allow_nan": False, "allow_infinity": False} if dtype[0] == "f" else None,
            )
        ),
        min_size=1,
        max_size=5,
    )
)
def test_the_safetensors_package_reads_what_is_saved_and_the_other_way_round(params: Params) -> None:
    theirs = safetensors.numpy.load(saved(params))
    assert same({name: theirs[name] for name in params}, params)
    written = safetensors.numpy.save(params, metadata={"format": "pt"})
    assert same(load_safetensors(written, expected=params), params)


def test_pytorch_takes_the_weights_and_gives_them_back(tmp_path: Path) -> None:
    network, model = pretrained_digit_network(), digit_model()
    x = np.random.default_rng(0).random((5, 1, 8, 8), dtype=np.float32)
    path = tmp_path / "weights.safetensors"
    save_safetensors(path, network.params)
    model.load_state_dict(safetensors.torch.load_file(path))
    np.testing.assert_allclose(network.predict(x), model(torch.from_numpy(x)).detach().numpy(), rtol=1e-4, atol=1e-5)

    torch.manual_seed(0)
    torch.nn.init.normal_(model.conv2.weight)  # type: ignore[arg-type]
    safetensors.torch.save_file(model.state_dict(), path)
    back = network.replace(load_safetensors(path, expected=network.params))
    np.testing.assert_allclose(back.predict(x), model(torch.from_numpy(x)).detach().numpy(), rtol=1e-4, atol=1e-4)


def test_the_counts_and_running_statistics_of_a_residual_network_pass_too() -> None:
    params = Network.build(cifar_resnet_layers(8), (3, 8, 8), rng=np.random.default_rng(0)).params
    theirs = safetensors.torch.load(saved(params))
    assert theirs["bn1.num_batches_tracked"].dtype == torch.int64
    assert theirs["bn1.num_batches_tracked"].shape == ()
    assert same(load_safetensors(safetensors.torch.save(theirs), expected=params), params)


def test_bfloat16_comes_as_float32_without_loss() -> None:
    torch.manual_seed(0)
    half = torch.randn(3, 5).to(torch.bfloat16)
    read = load_safetensors(safetensors.torch.save({"a": half}))["a"]
    assert read.dtype == np.float32
    np.testing.assert_array_equal(read, half.to(torch.float32).numpy())


@pytest.mark.parametrize(
    "array",
    [np.asfortranarray(np.arange(6.0).reshape(2, 3)), np.arange(3, dtype=">f4"), np.arange(12.0)[::3]],
    ids=["column order", "big-endian", "every third"],
)
def test_arrays_of_any_order_are_saved(array: np.ndarray) -> None:
    read = load_safetensors(saved({"a": array}))["a"]
    np.testing.assert_array_equal(read, array)
    np.testing.assert_array_equal(safetensors.numpy.load(saved({"a": array}))["a"], array)
    assert read.dtype.isnative
    assert read.flags.c_contiguous
    assert read.flags.writeable


def npz() -> bytes:
    file = io.BytesIO()
    save_npz(file, {"a": WEIGHT})
    return file.getvalue()


TWO = {"a": entry(), "b": entry(offsets=(8, 16))}
BAD_FILES = {
    "nothing": (b"", r"empty; expected weights saved as \.safetensors"),
    "three bytes": (b"abc", "cut short"),
    "text": (b"conv1.weight = 3", r"not \.safetensors"),
    "an npz": (npz(), r"load_npz reads \.npz"),
    "a header without its rest": (file_of({"a": entry()})[:30], "cut short: it says that its header has"),
    "a header beyond the file": (file_of({"a": entry()}, length=9000), "has 9,000 bytes, but"),
    "a header beyond all": (
        file_of({"a": entry()}, length=2**64 - 1),
        r"18,446,744,073,709,551,615 bytes; at most 10\.0",
    ),
    "a header of no bytes": (file_of({"a": entry()}, length=0), "JSON"),
    "a header that is no JSON": (file_of(b"{conv1}"), "can't be read as JSON"),
    "a header that is no text": (file_of(b"{\xff\xfe}"), "can't be read as JSON"),
    "a header nested too deep": (file_of(b'{"a":' * 100_000), "can't be read as JSON"),
    "a number beyond reading": (file_of(b'{"a": ' + b"9" * 5000 + b"}"), "can't be read as JSON"),
    "no arrays": (file_of({}), "no arrays"),
    "remarks alone": (file_of({"__metadata__": {"format": "pt"}}, b""), "no arrays"),
    "too many arrays": (file_of({f"a{i}": entry() for i in range(10_001)}), "10,001 arrays; at most 10,000"),
    "a name twice": (file_of(b'{"a": {}, "a": {}}'), "stands twice"),
    "a name that leads out": (file_of({"../a": entry()}), "can't be a parameter's name"),
    "an array that is a number": (file_of({"a": 3}), "'a' is not described by"),
    "an array without a shape": (file_of({"a": {"dtype": "F32", "data_offsets": [0, 8]}}), "'a' is not described by"),
    "an odd dtype": (file_of({"a": entry("F8_E4M3", (8,))}), "'a' holds values of type F8_E4M3; read here are F64"),
    "complex numbers": (file_of({"a": entry("C64", (1,))}), "type C64"),
    "a dtype that is a list": (file_of({"a": entry(["F32"])}), "'a' holds values of type"),
    "a negative shape": (file_of({"a": entry(shape=(-1, -2))}), r"'a' has the shape \[-1, -2\]"),
    "a shape of fractions": (file_of({"a": entry(shape=(2.0,))}), r"the shape \[2\.0\]"),
    "a shape of truths": (file_of({"a": entry(shape=(True, 2))}), r"the shape \[True, 2\]"),
    "a shape that is a word": (file_of({"a": entry(shape="2")}), "the shape 2 "),
    "too many axes": (file_of({"a": entry(shape=[1] * 17 + [2])}), "at most 16"),
    "a shape beyond 64 bits": (file_of({"a": entry(shape=(2**63, 0))}), "the shape"),
    "an empty array of too many": (
        file_of({"a": entry(shape=(2**62, 2**62, 0), offsets=(0, 0))}, b""),
        "which no array can have",
    ),
    "a shape too big for its bytes": (file_of({"a": entry(shape=(10**9, 10**9))}), "but it has 8 bytes"),
    "a place that ends before it starts": (file_of({"a": entry(offsets=(8, 0))}), r"the place \[8, 0\]"),
    "three places": (file_of({"a": entry(offsets=(0, 4, 8))}), "a beginning and an end"),
    "arrays that overlap": (
        file_of({"a": entry(), "b": entry(offsets=(4, 12))}, bytes(12)),
        "'b' overlaps the array before it: bytes 4 to 8 belong to both",
    ),
    "the same place twice": (file_of({"a": entry(), "b": entry()}), "'b' overlaps"),
    "a gap": (file_of({"a": entry(), "b": entry(offsets=(12, 20))}, bytes(20)), "Bytes 8 to 12, before 'b'"),
    "a gap at the start": (file_of({"a": entry(offsets=(4, 12))}, bytes(12)), "Bytes 0 to 4"),
    "numbers cut short": (file_of(TWO, bytes(15)), "cut short: its arrays have 16 bytes, but 15"),
    "numbers left over": (file_of(TWO, bytes(17)), "goes on for 1 bytes"),
    "an array beyond the limit": (
        file_of({"a": entry(shape=(2**28,), offsets=(0, 2**30))}),
        r"would take 1,024\.0 MB; at most 256\.0 MB",
    ),
    "bfloat16 beyond the limit once unpacked": (
        file_of({"a": entry("BF16", (2**27,), (0, 2**28))}),
        r"would take 512\.0 MB",
    ),
    "not a number": (file_of({"a": entry()}, np.array([1, np.nan], "<f4").tobytes()), "1 of 2 values .* diverged"),
    "an infinite bfloat16": (file_of({"a": entry("BF16", (1,), (0, 2))}, b"\x80\x7f"), "1 of 1 values"),
    "a truth of 2": (file_of({"a": entry("BOOL", (1,), (0, 1))}, b"\x02"), "neither 0 nor 1"),
}


@pytest.mark.parametrize("name", BAD_FILES)
def test_a_bad_file_is_refused_with_its_reason(name: str) -> None:
    data, complaint = BAD_FILES[name]
    with pytest.raises(WeightsError, match=complaint):
        load_safetensors(data)


# What the format forbids is refused by its own package too: the tests above aren't stricter than the format there.
FORBIDDEN = [
    "arrays that overlap",
    "a gap",
    "a gap at the start",
    "numbers cut short",
    "numbers left over",
    "three places",
]


@pytest.mark.parametrize("name", FORBIDDEN)
def test_the_safetensors_package_refuses_the_same_layouts(name: str) -> None:
    with pytest.raises(Exception, match=r"."):
        safetensors.numpy.load(BAD_FILES[name][0])


def test_a_header_whose_length_begins_like_a_zip_is_read() -> None:
    """0x4B50 = 19,280 bytes: in a file the letters PK."""
    text = json.dumps({"a": entry()}).encode().ljust(0x4B50)
    data = file_of(text)
    assert data.startswith(b"PK")
    assert same(load_safetensors(data), {"a": np.zeros(2, np.float32)})


def test_a_file_that_is_too_long_is_refused_before_it_is_read_whole() -> None:
    file = io.BytesIO(bytes(5000))
    with pytest.raises(WeightsError, match=r"larger than 0\.0 MB"):
        load_safetensors(file, max_bytes=1000)
    assert file.tell() == 1001


SAVED = saved({"conv1.weight": WEIGHT, "conv1.bias": np.zeros(8), "count": np.array(3)})


@given(st.integers(0, 5000), st.integers(1, 255))
def test_a_changed_byte_never_raises_anything_else(place: int, change: int) -> None:
    data = bytearray(SAVED)
    data[place % len(data)] ^= change
    with suppress(WeightsError):
        load_safetensors(bytes(data))


@given(st.integers(1, 5000))
def test_a_file_cut_short_is_refused(length: int) -> None:
    with pytest.raises(WeightsError, match="cut short"):
        load_safetensors(SAVED[: length % len(SAVED)] or b"P")


@pytest.mark.parametrize(
    ("change", "complaint"),
    [
        (without("conv1.bias"), "another network: the file lacks 'conv1.bias'"),
        (lambda p: {**p, "conv3.weight": np.zeros(1)}, "has 'conv3.weight' besides"),
        (lambda p: {**p, "linear.weight": np.zeros((10, 9))}, r"\(10, 9\) in the file; this network's is \(10, 64\)"),
    ],
)
def test_weights_of_another_network_are_refused_by_name(change: Callable[[Params], Params], complaint: str) -> None:
    params = digit_network(np.random.default_rng(0)).params
    with pytest.raises(WeightsError, match=complaint):
        load_safetensors(saved(change(params)), expected=params)


@pytest.mark.parametrize(
    ("params", "complaint"),
    [
        ({"a/../b": np.zeros(1)}, "can't be a parameter's name"),
        ({"/a": np.zeros(1)}, "can't be a parameter's name"),
        ({"a\n": np.zeros(1)}, "can't be a parameter's name"),
        ({"__metadata__": np.zeros(1)}, "can't be a parameter's name"),
        ({"a": np.array([None])}, "expected numbers"),
        ({"a": np.array([np.inf])}, "diverged"),
        ({"a": np.zeros(1, np.longdouble)}, r"which \.safetensors doesn't know"),
    ],
)
def test_what_could_not_be_read_again_is_not_saved(params: Params, complaint: str, tmp_path: Path) -> None:
    path = tmp_path / "weights.safetensors"
    with pytest.raises(WeightsError, match=complaint):
        save_safetensors(path, params)
    assert not path.exists()
