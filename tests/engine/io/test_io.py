"""Weights out and in: the same numbers, PyTorch's names, and nothing believed that a file says of itself."""

import io
import pickle
import struct
import zipfile
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.io.npz import WeightsError, load_npz, save_npz
from engine.types import Params
from engine.zoo.digit_network import digit_network, pretrained_digit_network


def network_params() -> Params:
    return digit_network(np.random.default_rng(0)).params


def saved(params: Params) -> bytes:
    file = io.BytesIO()
    save_npz(file, params)
    return file.getvalue()


def archive(members: dict[str, bytes], compression: int = zipfile.ZIP_STORED) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", compression) as made:
        for name, data in members.items():
            made.writestr(name, data)
    return file.getvalue()


def npy(array: np.ndarray) -> bytes:
    file = io.BytesIO()
    np.save(file, array)
    return file.getvalue()


def header_only(header: str) -> bytes:
    text = header.encode() + b" " * (-(len(header) + 11) % 64) + b"\n"
    return b"\x93NUMPY\x01\x00" + struct.pack("<H", len(text)) + text


def same(a: Params, b: Params) -> bool:
    return list(a) == list(b) and all(np.array_equal(a[n], b[n]) and a[n].dtype == b[n].dtype for n in a)


def test_weights_come_back_as_they_went() -> None:
    params = network_params()
    assert same(load_npz(saved(params)), params)
    assert same(load_npz(saved(params), expected=params), params)


def test_a_path_an_open_file_and_bytes_are_all_read(tmp_path: Path) -> None:
    params = network_params()
    path = tmp_path / "weights.npz"
    save_npz(path, params)
    assert same(load_npz(path), params)
    assert same(load_npz(str(path)), params)
    assert same(load_npz(path.read_bytes()), params)
    with path.open("rb") as file:
        assert same(load_npz(file), params)


def test_numpy_reads_what_is_saved_and_the_other_way_round() -> None:
    params = network_params()
    with np.load(io.BytesIO(saved(params))) as read:
        assert same(dict(read), params)
    for write in (np.savez, np.savez_compressed):
        file = io.BytesIO()
        write(file, **params)
        assert same(load_npz(file.getvalue(), expected=params), params)


def test_the_same_weights_give_the_same_bytes() -> None:
    assert saved(network_params()) == saved(network_params())


def test_pytorch_takes_the_weights_and_gives_them_back() -> None:
    import torch

    network = pretrained_digit_network()
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
    x = np.random.default_rng(0).random((5, 1, 8, 8), dtype=np.float32)

    with np.load(io.BytesIO(saved(network.params))) as file:
        model.load_state_dict({name: torch.from_numpy(value) for name, value in file.items()})
    np.testing.assert_allclose(network.predict(x), model(torch.from_numpy(x)).detach().numpy(), rtol=1e-4, atol=1e-5)

    torch.manual_seed(0)
    torch.nn.init.normal_(model.conv2.weight)
    file = io.BytesIO()
    np.savez(file, **{name: value.numpy() for name, value in model.state_dict().items()})
    back = network.replace(load_npz(file.getvalue(), expected=network.params))
    np.testing.assert_allclose(back.predict(x), model(torch.from_numpy(x)).detach().numpy(), rtol=1e-4, atol=1e-4)


def test_weights_take_the_order_and_precision_that_are_expected() -> None:
    params = network_params()
    doubled = {name: value.astype(np.float64) for name, value in reversed(params.items())}
    assert same(load_npz(saved(doubled), expected=params), params)


@pytest.mark.parametrize(
    "array",
    [np.asfortranarray(np.arange(6.0).reshape(2, 3)), np.arange(3, dtype=">f4"), np.float64(2.5), np.zeros((0, 4))],
    ids=["column order", "big-endian", "a scalar", "empty"],
)
def test_unusual_but_plain_arrays_are_read(array: np.ndarray) -> None:
    read = load_npz(archive({"a.npy": npy(np.asanyarray(array))}))["a"]
    np.testing.assert_array_equal(read, array)
    assert read.dtype.isnative
    assert read.flags.c_contiguous
    assert read.flags.writeable


class Harmful:
    """A pickle that would tell on itself by making a file."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def __reduce__(self) -> tuple[Callable[..., object], tuple[object, ...]]:
        return Path.touch, (self.path,)


def test_a_pickle_is_refused_and_not_opened(tmp_path: Path) -> None:
    mark = tmp_path / "opened"
    objects = np.array([Harmful(mark)], dtype=object)
    hidden = io.BytesIO()
    np.save(hidden, objects, allow_pickle=True)
    for data in (archive({"a.npy": hidden.getvalue()}), pickle.dumps(Harmful(mark))):
        with pytest.raises(WeightsError):
            load_npz(data)
    with pytest.raises(WeightsError, match="can run code"):
        load_npz(archive({"a.npy": hidden.getvalue()}))
    assert not mark.exists()


def test_a_pytorch_file_is_refused_with_the_way_that_works(tmp_path: Path) -> None:
    import torch

    path = tmp_path / "model.pt"
    torch.save({"weight": torch.zeros(2)}, path)
    with pytest.raises(WeightsError, match=r"numpy\.savez.*state_dict"):
        load_npz(path)


def bomb() -> bytes:
    """A few hundred kilobytes that say they unpack to 300 MB, and would."""
    return archive({"a.npy": npy(np.zeros(1)) + bytes(300 * 2**20)}, zipfile.ZIP_DEFLATED)


def lying_about_its_size() -> bytes:
    """The table of contents says 8 bytes where 4,000 are packed."""
    data = bytearray(archive({"a.npy": npy(np.zeros(500))}, zipfile.ZIP_DEFLATED))
    central = data.rindex(b"PK\x01\x02")
    data[central + 24 : central + 28] = (8).to_bytes(4, "little")
    return bytes(data)


BAD_FILES = {
    "nothing": (b"", "empty"),
    "text": (b"conv1.weight = 3", r"not an \.npz"),
    "a lone array": (npy(np.zeros(3)), r"not an \.npz"),
    "no arrays": (archive({}), "no arrays"),
    "another file inside": (archive({"readme.txt": b"hello"}), r"'readme.txt'; expected \.npy"),
    "a name that leads out": (archive({"../../a.npy": npy(np.zeros(1))}), "can't be a parameter's name"),
    "markup for a name": (archive({"<b>.npy": npy(np.zeros(1))}), "can't be a parameter's name"),
    "no array behind the name": (archive({"a.npy": b"no array"}), r"not a plain \.npy"),
    "text for numbers": (archive({"a.npy": npy(np.array(["x"]))}), "expected numbers"),
    "complex numbers": (archive({"a.npy": npy(np.array([1j]))}), "expected numbers"),
    "fields for numbers": (archive({"a.npy": npy(np.zeros(2, dtype="f4,f4"))}), "expected numbers"),
    "not a number": (archive({"a.npy": npy(np.array([1, np.nan]))}), "1 of 2 values .* diverged"),
    "infinite": (archive({"a.npy": npy(np.array([np.inf, -np.inf]))}), "2 of 2 values"),
    "packed oddly": (archive({"a.npy": npy(np.zeros(1))}, zipfile.ZIP_LZMA), "unusual way"),
    "a shape too big for its bytes": (
        archive({"a.npy": header_only("{'descr': '<f4', 'fortran_order': False, 'shape': (999999999, 999999999), }")}),
        r"shape \(999999999, 999999999\).* but 0 bytes follow",
    ),
    "a shape beyond printing": (
        archive(
            {
                "a.npy": header_only(
                    f"{{'descr': '<f4', 'fortran_order': False, 'shape': ({'9' * 4000}, {'9' * 4000}), }}"
                )
            }
        ),
        "says that it has shape",
    ),
    "a negative shape": (
        archive({"a.npy": header_only("{'descr': '<f4', 'fortran_order': False, 'shape': (-1, -1), }") + bytes(4)}),
        "'a' ",
    ),
    "a header nested too deep": (archive({"a.npy": header_only("(" * 5000)}), r"not a plain \.npy"),
    "a header that never ends": (archive({"a.npy": header_only("{'shape': (3,")}), r"not a plain \.npy"),
    "a header that is code": (archive({"a.npy": header_only("__import__('os').abort()")}), r"not a plain \.npy"),
    "a bomb": (bomb(), r"would unpack to 300\.0 MB; at most 256\.0 MB"),
    "a false size": (lying_about_its_size(), "'a' is not|damaged"),
    "too many arrays": (archive({f"a{i}.npy": b"" for i in range(10_001)}), "10,001 files; at most 10,000"),
}


@pytest.mark.parametrize("name", BAD_FILES)
def test_a_bad_file_is_refused_with_its_reason(name: str) -> None:
    data, complaint = BAD_FILES[name]
    with pytest.raises(WeightsError, match=complaint):
        load_npz(data)


def test_the_same_name_twice_is_refused() -> None:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as made:
        made.writestr("a.npy", npy(np.zeros(1)))
        with pytest.warns(UserWarning, match="Duplicate"):
            made.writestr("a.npy", npy(np.ones(1)))
    with pytest.raises(WeightsError, match="same name"):
        load_npz(file.getvalue())


def test_a_file_that_is_too_long_is_refused_before_it_is_read_whole() -> None:
    file = io.BytesIO(bytes(5000))
    with pytest.raises(WeightsError, match=r"larger than 0\.0 MB"):
        load_npz(file, max_bytes=1000)
    assert file.tell() == 1001


@given(st.integers(0, 5000), st.integers(1, 255))
def test_a_changed_byte_never_raises_anything_else(place: int, change: int) -> None:
    data = bytearray(SAVED)
    data[place % len(data)] ^= change
    with suppress(WeightsError):
        load_npz(bytes(data))


@given(st.lists(st.tuples(st.integers(0, 5000), st.integers(0, 30)), min_size=1, max_size=5))
def test_missing_pieces_never_raise_anything_else(pieces: list[tuple[int, int]]) -> None:
    data = bytearray(SAVED)
    for place, length in pieces:
        del data[place % len(SAVED) : place % len(SAVED) + length]
    with suppress(WeightsError):
        load_npz(bytes(data))


@given(st.integers(1, 5000))
def test_a_file_cut_short_is_refused(length: int) -> None:
    with pytest.raises(WeightsError, match=r"cut short|not an \.npz"):
        load_npz(SAVED[: length % len(SAVED)] or b"P")


SAVED = saved({"conv1.weight": np.arange(72.0, dtype=np.float32).reshape(8, 1, 3, 3), "conv1.bias": np.zeros(8)})


def without(name: str) -> Callable[[Params], Params]:
    return lambda params: {key: value for key, value in params.items() if key != name}


@pytest.mark.parametrize(
    ("change", "complaint"),
    [
        (without("conv1.bias"), "another network: the file lacks 'conv1.bias'"),
        (lambda p: {**p, "conv3.weight": np.zeros(1)}, "has 'conv3.weight' besides"),
        (lambda p: {f"features.{n}": v for n, v in p.items()}, "lacks .* and 3 more and has 'features.conv1.weight'"),
        (
            lambda p: {**p, "linear.weight": np.zeros((10, 100))},
            r"\(10, 100\) in the file; this network's is \(10, 64\)",
        ),
        (lambda p: {**p, "conv1.bias": np.full(8, 1e300)}, "8 of 8 values .* in float32"),
    ],
)
def test_weights_of_another_network_are_refused_by_name(change: Callable[[Params], Params], complaint: str) -> None:
    params = network_params()
    with pytest.raises(WeightsError, match=complaint):
        load_npz(saved(change(params)), expected=params)


@pytest.mark.parametrize(
    ("params", "complaint"),
    [
        ({"a/../b": np.zeros(1)}, "can't be a parameter's name"),
        ({"/a": np.zeros(1)}, "can't be a parameter's name"),
        ({"a\n": np.zeros(1)}, "can't be a parameter's name"),
        ({"": np.zeros(1)}, "can't be a parameter's name"),
        ({"a": np.array([None])}, "expected numbers"),
        ({"a": np.array([np.nan])}, "diverged"),
    ],
)
def test_what_could_not_be_read_again_is_not_saved(params: Params, complaint: str, tmp_path: Path) -> None:
    path = tmp_path / "weights.npz"
    with pytest.raises(WeightsError, match=complaint):
        save_npz(path, params)
    assert not path.exists()
