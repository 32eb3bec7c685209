"""The digits, their way through a link, and the generated shapes."""

import pickle
from hashlib import blake2b
from itertools import product

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from engine.data.augmentation import bilinear, random_affine
from engine.data.digits import DigitCodeError, all_digits, decode_digit, digit, digits, encode_digit
from engine.data.shapes import SHAPES, SIZE, shapes

LEVELS = arrays(np.float32, (1, 8, 8), elements=st.sampled_from([np.float32(k / 16) for k in range(17)]))


def test_the_digits_are_those_of_scikit_learn() -> None:
    from sklearn.datasets import load_digits

    source = load_digits()
    images, labels = all_digits()
    assert images.shape == (1797, 1, 8, 8)
    assert images.dtype == np.float32
    np.testing.assert_array_equal(images[:, 0] * 16, source.images)
    np.testing.assert_array_equal(labels, source.target)


def test_every_pixel_has_one_of_17_levels_from_0_to_1() -> None:
    images, _ = all_digits()
    np.testing.assert_array_equal(np.unique(images), np.arange(17) / 16)


def test_the_split_puts_every_digit_on_exactly_one_side() -> None:
    data = digits()
    both = np.concatenate([data.train_index, data.validation_index])
    np.testing.assert_array_equal(np.sort(both), np.arange(1797))


def test_the_split_leaks_no_picture() -> None:
    data = digits()
    train = {image.tobytes() for image in data.train_x}
    assert not [
        index for index, x in zip(data.validation_index, data.validation_x, strict=True) if x.tobytes() in train
    ]


def test_the_split_is_stratified() -> None:
    data = digits()
    of_all, held = np.bincount(all_digits()[1]), np.bincount(data.validation_y)
    np.testing.assert_array_equal(held, np.rint(of_all * 0.2))


def test_the_split_is_the_same_for_everyone() -> None:
    data = digits()
    assert (len(data.train_y), len(data.validation_y)) == (1438, 359)
    np.testing.assert_array_equal(data.validation_index[:8], [5, 9, 12, 14, 16, 17, 19, 23])
    # The pretrained network and every link with a digit in it rest on this very choice.
    assert blake2b(data.validation_index.astype("<i8").tobytes(), digest_size=8).hexdigest() == "f1bd2fdad55569ed"


@pytest.mark.parametrize("side", ["train", "validation"])
def test_each_example_is_the_digit_at_its_index(side: str) -> None:
    data = digits()
    x, y, index = (getattr(data, f"{side}_{name}") for name in ("x", "y", "index"))
    for place in (0, len(index) // 2, -1):
        image, label = digit(int(index[place]))
        np.testing.assert_array_equal(x[place], image)
        assert y[place] == label


def test_nobody_can_write_on_the_shared_digits() -> None:
    data = digits()
    for array in (*all_digits(), digit(0)[0], *vars(data).values()):
        with pytest.raises(ValueError, match="read-only"):
            array.flat[0] = 1


@pytest.mark.parametrize("index", [-1, 1797, 10**9])
def test_a_digit_outside_the_set_is_refused_with_its_range(index: int) -> None:
    with pytest.raises(IndexError, match=rf"no digit {index}: the set has digits 0 to 1796"):
        digit(index)


@given(LEVELS)
def test_a_digit_comes_back_from_its_code_unchanged(image: np.ndarray) -> None:
    text = encode_digit(image)
    assert len(text) == 64
    decoded = decode_digit(text)
    assert decoded.dtype == np.float32
    np.testing.assert_array_equal(decoded, image)


def test_every_digit_of_the_set_survives_a_link() -> None:
    images, _ = all_digits()
    np.testing.assert_array_equal(np.stack([decode_digit(encode_digit(image)) for image in images]), images)


def test_a_code_reads_row_by_row_from_0_to_g() -> None:
    image = decode_digit("0123456789abcdefg" + "0" * 47)
    np.testing.assert_array_equal(image[0, 0] * 16, np.arange(8))
    assert image[0, 2, 0] == 1


def test_values_between_levels_go_to_the_nearest() -> None:
    image = np.full((8, 8), 0.49 / 16)
    image[0, 0] = 15.51 / 16
    assert encode_digit(image) == "g" + "0" * 63


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("", "has 0"),
        ("0" * 63, "64 characters, but this text has 63"),
        ("0" * 10_000, "has 10000"),
        ("h" + "0" * 63, "has 'h'"),
        ("G" + "0" * 63, "has 'G'"),
        ("٣" + "0" * 63, "0-9 and a-g"),
        ("<script>" + "0" * 56, "has '<'"),
    ],
)
def test_a_text_that_spells_no_digit_is_refused(text: str, complaint: str) -> None:
    with pytest.raises(DigitCodeError, match=complaint):
        decode_digit(text)


@pytest.mark.parametrize(
    "image",
    [np.zeros((3, 8, 8)), np.zeros(64), np.full((1, 8, 8), np.nan), np.full((1, 8, 8), 1.01), np.full((8, 8), -0.1)],
)
def test_an_array_that_is_no_digit_is_refused(image: np.ndarray) -> None:
    with pytest.raises(DigitCodeError):
        encode_digit(image)


def test_shapes_have_the_promised_form() -> None:
    made = shapes(40, np.random.default_rng(1))
    assert made.x.shape == (40, 3, 32, 32)
    assert made.x.dtype == np.float32
    assert made.y.dtype == np.int64
    assert 0 <= made.x.min() < made.x.max() <= 1


def test_the_same_seed_draws_the_same_shapes_and_another_draws_others() -> None:
    first, again, other = (shapes(6, np.random.default_rng(seed)) for seed in (3, 3, 4))
    assert pickle.dumps(first) == pickle.dumps(again)
    assert not np.array_equal(first.x, other.x)


def test_every_kind_of_shape_is_drawn_about_equally_often() -> None:
    counts = np.bincount(shapes(500, np.random.default_rng(0)).y, minlength=len(SHAPES))
    assert counts.min() > 60


def test_every_shape_is_whole_and_stands_out() -> None:
    for picture in shapes(60, np.random.default_rng(5)).x:
        edge = np.concatenate([picture[:, 0], picture[:, -1], picture[:, :, 0], picture[:, :, -1]], axis=1)
        background = edge[:, 0]
        np.testing.assert_array_equal(edge, np.broadcast_to(background[:, None], edge.shape))
        difference = np.abs(np.tensordot([0.299, 0.587, 0.114], picture - background[:, None, None], axes=1))
        assert difference.max() > 0.34


@pytest.mark.parametrize(
    ("name", "area"),
    [
        ("circle", np.pi),
        ("ring", np.pi * (1 - 0.36)),
        ("square", 2.0),
        ("triangle", 3 * np.sqrt(3) / 4),
        ("cross", 2 * 1.9 * 0.6 - 0.36),
    ],
)
def test_a_shape_has_the_area_that_geometry_gives_it(name: str, area: float) -> None:
    points = (np.arange(1000) + 0.5) / 500 - 1
    inside = SHAPES[name](points, points[:, np.newaxis])
    assert inside.mean() * 4 == pytest.approx(area, rel=5e-3)


def test_edges_are_smooth() -> None:
    ring = shapes(1, np.random.default_rng(0)).x[0]
    assert len(np.unique(ring[0])) > 4


def test_no_shapes_are_an_empty_set_and_fewer_are_refused() -> None:
    assert shapes(0, np.random.default_rng(0)).x.shape == (0, 3, SIZE, SIZE)
    with pytest.raises(ValueError, match=r"n=-1: expected .* 0 or more"):
        shapes(-1, np.random.default_rng(0))


def test_reading_between_pixels_agrees_with_scipy() -> None:
    from scipy import ndimage

    rng = np.random.default_rng(2)
    x = rng.random((3, 2, 7, 9))
    i, j = rng.uniform(-2, 9, (3, 5, 4)), rng.uniform(-2, 11, (3, 5, 4))
    y = bilinear(x, i, j)
    for n, c in product(range(3), range(2)):
        padded = np.pad(x[n, c], 3)
        expected = ndimage.map_coordinates(padded, [i[n] + 3, j[n] + 3], order=1)
        np.testing.assert_allclose(y[n, c], expected, atol=1e-12)


def test_an_affine_change_of_nothing_changes_nothing() -> None:
    x = digits().train_x[:5]
    same = random_affine(x, np.random.default_rng(0), degrees=0, translate=0, scale=(1, 1), shear=0)
    np.testing.assert_allclose(same, x, atol=1e-6)
    assert same.dtype == x.dtype


class _UpperEnd(np.random.Generator):
    """A generator that always draws the upper end of its range."""

    def uniform(self, low=0.0, high=1.0, size=None):  # type: ignore[no-untyped-def, override]
        return np.full(size, high)


@pytest.mark.parametrize(
    ("change", "source"),
    [
        ({"degrees": 90}, lambda i, j: (j, -i)),
        ({"shear": 45}, lambda i, j: (i, j + i)),
        ({"scale": (0.5, 2.0)}, lambda i, j: (i / 2, j / 2)),
        ({"translate": 1 / 9}, lambda i, j: (i + 1, j + 1)),
    ],
    ids=lambda value: next(iter(value)) if isinstance(value, dict) else "",
)
def test_an_affine_change_reads_where_its_equation_says(change: dict[str, object], source) -> None:  # type: ignore[no-untyped-def]
    x = np.random.default_rng(0).random((1, 1, 9, 9))
    nothing: dict[str, object] = {"degrees": 0, "translate": 0, "scale": (1, 1), "shear": 0}
    y = random_affine(x, _UpperEnd(np.random.PCG64(0)), **{**nothing, **change})  # type: ignore[arg-type]
    i, j = np.mgrid[-4:5, -4:5].astype(float)
    at_i, at_j = source(i, j)
    np.testing.assert_allclose(y, bilinear(x, (at_i + 4)[None], (at_j + 4)[None]), atol=1e-12)
