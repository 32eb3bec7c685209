"""Augmentation: every change against an independent computation, and what stays as it was."""

import colorsys

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from engine import Conv2d, Flatten, Linear, Network, ReLU, ShapeError, one_hot, softmax
from engine.analysis.class_activation import cam
from engine.data.augmentation import (
    AUGMENTATIONS,
    affine,
    gaussian_blur,
    gaussian_noise,
    heat_crop,
    mixup,
    predict_averaged,
    random_affine,
    random_blur,
    random_crop,
    random_horizontal_flip,
    random_rotation,
    random_scale,
    random_shift,
    random_vertical_flip,
    resize,
)
from engine.data.colour import ColourAxes, colour_jitter, fancy_pca, hsv_to_rgb, rgb_to_hsv
from engine.data.digits import digits
from engine.data.photos import photo
from engine.layers import AdaptiveAvgPool2d
from engine.types import Array
from engine.zoo.digit_network import pretrained_digit_network


def rng(seed: int = 0) -> np.random.Generator:
    return np.random.default_rng(seed)


def pictures(n: int = 6, channels: int = 3, dtype: type = np.float32) -> Array:
    return rng(9).random((n, channels, 7, 9)).astype(dtype)


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
@pytest.mark.parametrize("name", AUGMENTATIONS)
def test_each_keeps_shape_and_type_and_leaves_its_argument_alone(name: str, dtype: type) -> None:
    x = pictures(dtype=dtype)
    before = x.copy()
    y = AUGMENTATIONS[name](x, rng())
    assert (y.shape, y.dtype) == (x.shape, x.dtype)
    np.testing.assert_array_equal(x, before)
    assert not np.array_equal(y, x)
    assert not np.shares_memory(x, y)


@pytest.mark.parametrize("name", AUGMENTATIONS)
def test_the_same_seed_changes_alike_and_grey_pictures_can_be_changed_too(name: str) -> None:
    x = digits().train_x[:20]
    first, again, other = (AUGMENTATIONS[name](x, rng(seed)) for seed in (1, 1, 2))
    np.testing.assert_array_equal(first, again)
    assert not np.array_equal(first, other)


@pytest.mark.parametrize(("flip", "axis"), [(random_horizontal_flip, 2), (random_vertical_flip, 1)])
def test_a_flip_mirrors_about_half_of_the_pictures(flip, axis: int) -> None:  # type: ignore[no-untyped-def]
    """400 pictures, half of them ± 5·√(400/4) = 50."""
    x = rng().random((400, 1, 3, 3))
    y = flip(x, rng())
    mirrored = np.array([np.array_equal(a, np.flip(b, axis)) for a, b in zip(y, x, strict=True)])
    same = np.array([np.array_equal(a, b) for a, b in zip(y, x, strict=True)])
    assert (mirrored ^ same).all()
    assert 150 < mirrored.sum() < 250
    np.testing.assert_array_equal(flip(x, rng(), p=1.0), np.flip(x, axis + 1))
    np.testing.assert_array_equal(flip(x, rng(), p=0.0), x)


def test_a_crop_is_a_piece_of_the_picture_and_every_place_comes_up() -> None:
    x = np.arange(5 * 6, dtype=float).reshape(1, 1, 5, 6).repeat(300, axis=0)
    pieces = random_crop(x, rng(), size=(3, 4))
    corners = pieces[:, 0, 0, 0].astype(int)
    for piece, corner in zip(pieces, corners, strict=True):
        top, left = divmod(corner, 6)
        np.testing.assert_array_equal(piece[0], x[0, 0, top : top + 3, left : left + 4])
    assert len(set(corners)) == 3 * 3


def test_a_crop_of_a_padded_picture_keeps_its_size_and_shows_the_padding() -> None:
    x = np.ones((50, 2, 4, 4), np.float32)
    y = random_crop(x, rng(), size=4, padding=2)
    assert (y.shape, y.dtype) == (x.shape, x.dtype)
    assert set(np.unique(y)) == {0, 1}
    with pytest.raises(ShapeError, match=r"9×9 was asked of pictures of 4×4 with padding 2; at most 8×8"):
        random_crop(x, rng(), size=9, padding=2)


@pytest.mark.parametrize("degrees", [15, -15, 30, -30])
def test_turning_agrees_with_scipy(degrees: float) -> None:
    from scipy import ndimage

    x = np.pad(rng().random((1, 1, 9, 9)), ((0, 0), (0, 0), (3, 3), (3, 3)))
    expected = ndimage.rotate(x[0, 0], degrees, reshape=False, order=1)
    np.testing.assert_allclose(affine(x, turn=float(degrees))[0, 0], expected, atol=1e-12)


@pytest.mark.parametrize("factor", [0.8, 0.9, 1.1, 1.2, 1.3])
def test_scaling_agrees_with_scipy(factor: float) -> None:
    from scipy import ndimage

    x = rng().random((1, 1, 11, 11))
    padded = np.pad(x[0, 0], 4)
    matrix = np.eye(2) / factor
    centre = np.array([5.0, 5.0])
    expected = ndimage.affine_transform(padded, matrix, centre + 4 - matrix @ centre, (11, 11), order=1)
    np.testing.assert_allclose(affine(x, scale_y=factor, scale_x=factor)[0, 0], expected, atol=1e-12)


def test_a_shift_by_whole_pixels_moves_whole_pixels() -> None:
    x = pictures()
    y = affine(x, shift_y=2, shift_x=-1)
    np.testing.assert_allclose(y[:, :, :5, 1:], x[:, :, 2:, :-1], atol=1e-6)
    assert not y[:, :, 5:].any()
    assert not y[:, :, :, 0].any()


def test_each_picture_gets_the_amount_that_is_meant_for_it() -> None:
    x = pictures(2)
    turns = np.array([10.0, -20.0])
    both = affine(x, turn=turns)
    for n, turn in enumerate(turns):
        np.testing.assert_allclose(both[n : n + 1], affine(x[n : n + 1], turn=turn), atol=1e-6)


class _End(np.random.Generator):
    """A generator that always draws one end of its range."""

    def __init__(self, upper: bool) -> None:
        super().__init__(np.random.PCG64(0))
        self.upper = upper

    def uniform(self, low=0.0, high=1.0, size=None):  # type: ignore[no-untyped-def, override]
        return np.full(size, high if self.upper else low)


@pytest.mark.parametrize("upper", [False, True])
def test_random_changes_go_from_one_end_of_their_range_to_the_other(upper: bool) -> None:
    x, sign = pictures(2), 1 if upper else -1
    np.testing.assert_allclose(random_rotation(x, _End(upper), degrees=30), affine(x, turn=sign * 30.0), atol=1e-6)
    factor = 1.3 if upper else 0.8
    np.testing.assert_allclose(random_scale(x, _End(upper)), affine(x, scale_y=factor, scale_x=factor), atol=1e-6)
    moved = affine(x, shift_y=sign * 0.7, shift_x=sign * 0.9)
    np.testing.assert_allclose(random_shift(x, _End(upper), translate=0.1), moved, atol=1e-6)
    blurred = gaussian_blur(x, 0.9 if upper else 0.2)
    np.testing.assert_allclose(random_blur(x, _End(upper), sigma=(0.2, 0.9)), blurred, atol=1e-6)


def test_an_affine_change_is_drawn_in_the_order_that_trained_the_digit_network() -> None:
    x, drawn = digits().train_x[:4].astype(np.float64), rng(3)
    turn, slant = drawn.uniform(-11, 11, 4), drawn.uniform(-9, 9, 4)
    scale_y, scale_x = drawn.uniform(0.89, 1.13, (2, 4))
    shift_y, shift_x = drawn.uniform(-0.08, 0.08, 4) * 8, drawn.uniform(-0.08, 0.08, 4) * 8
    expected = affine(x, turn=turn, slant=slant, scale_y=scale_y, scale_x=scale_x, shift_y=shift_y, shift_x=shift_x)
    y = random_affine(x, rng(3), degrees=11, translate=0.08, scale=(0.89, 1.13), shear=9)
    np.testing.assert_array_equal(y, expected)


@pytest.mark.parametrize("sigma", [0.5, 1.0, 2.5])
def test_blurring_agrees_with_scipy(sigma: float) -> None:
    from scipy import ndimage

    x = pictures(dtype=np.float64)
    reach = int(np.ceil(4 * sigma))
    expected = ndimage.gaussian_filter(x, (0, 0, sigma, sigma), mode="reflect", radius=(0, 0, reach, reach))
    np.testing.assert_allclose(gaussian_blur(x, sigma), expected, atol=1e-12)


def test_each_picture_has_a_blur_of_its_own() -> None:
    x = pictures(2, dtype=np.float64)
    both = gaussian_blur(x, np.array([0.5, 2.0]))
    np.testing.assert_allclose(both[1:], gaussian_blur(x[1:], 2.0), atol=1e-12)
    # The bell of the sharper one ends at 8 instead of 2 pixels, where it is below 1e-6 of its height anyway.
    np.testing.assert_allclose(both[:1], gaussian_blur(x[:1], 0.5), atol=1e-6)
    with pytest.raises(ValueError, match=r"sigma=0\.0: expected a positive"):
        gaussian_blur(x, 0.0)


def test_noise_has_the_asked_for_spread() -> None:
    """100,000 numbers: std 0.1 · (1 ± 5/√200,000 = 1.2 %), mean within 5 · 0.1/√100,000 = 0.0016."""
    x = np.full((10, 1, 100, 100), 0.5)
    push = gaussian_noise(x, rng(), std=0.1) - x
    assert push.std() == pytest.approx(0.1, rel=0.012)
    assert abs(push.mean()) < 0.0016


COLOURS = arrays(np.float64, (1, 3, 2, 2), elements=st.floats(0, 1, width=16))


@given(COLOURS)
def test_hsv_agrees_with_colorsys_and_leads_back(x: Array) -> None:
    hsv = rgb_to_hsv(x)
    for i, j in np.ndindex(2, 2):
        np.testing.assert_allclose(hsv[0, :, i, j], colorsys.rgb_to_hsv(*x[0, :, i, j]), atol=1e-12)
        np.testing.assert_allclose(hsv_to_rgb(x)[0, :, i, j], colorsys.hsv_to_rgb(*x[0, :, i, j]), atol=1e-12)
    np.testing.assert_allclose(hsv_to_rgb(hsv), x, atol=1e-12)


def test_colour_jitter_changes_hue_saturation_and_value_by_the_drawn_amounts() -> None:
    x = photo("flower")[None, :, 100:110, 200:210].astype(np.float64)
    y = colour_jitter(x, _End(upper=True), hue=0.1, saturation=0.2, value=0.05)
    h, s, v = rgb_to_hsv(x)[0]
    expected = np.stack([(h + 0.1) % 1, np.minimum(s * 1.2, 1), np.minimum(v * 1.05, 1)])[None]
    np.testing.assert_allclose(y, hsv_to_rgb(expected), atol=1e-12)


def test_colour_jitter_stays_within_0_and_1_and_each_picture_has_its_own() -> None:
    x = photo("china")[None, :, ::8, ::8].repeat(5, axis=0)
    y = colour_jitter(x, rng(), hue=0.5, saturation=0.9, value=0.9)
    assert 0 <= y.min() <= y.max() <= 1
    assert len({picture.tobytes() for picture in y}) == 5


def test_no_jitter_is_no_change() -> None:
    x = pictures(dtype=np.float64)
    np.testing.assert_allclose(colour_jitter(x, rng(), hue=0, saturation=0, value=0), x, atol=1e-12)


def test_colour_axes_are_the_principal_components_of_the_pixels() -> None:
    from sklearn.decomposition import PCA

    x = photo("china")[None, :, ::4, ::4].astype(np.float64)
    fitted, theirs = ColourAxes.fit(x), PCA(3).fit(x[0].reshape(3, -1).T)
    n = x[0, 0].size
    np.testing.assert_allclose(fitted.variances, theirs.explained_variance_ * (n - 1) / n, rtol=1e-10)
    np.testing.assert_allclose(np.abs((fitted.axes * theirs.components_).sum(axis=1)), 1, rtol=1e-10)


def test_fancy_pca_adds_one_colour_to_all_pixels_of_a_picture() -> None:
    x = photo("flower")[None, :, ::16, ::16].repeat(4, axis=0)
    colours = ColourAxes.fit(x)
    change = fancy_pca(x, rng(), colours) - x
    np.testing.assert_allclose(change, np.broadcast_to(change[:, :, :1, :1], change.shape), atol=1e-6)
    alpha = rng().normal(0, 0.1, (4, 3))
    np.testing.assert_allclose(change[:, :, 0, 0], colours.shift(alpha), atol=1e-6)
    by_hand = sum(a * colours.variances[i] * colours.axes[i] for i, a in enumerate(alpha[2]))
    np.testing.assert_allclose(colours.shift(alpha)[2], by_hand, rtol=1e-12)


def test_fancy_pca_draws_its_alphas_with_standard_deviation_a_tenth() -> None:
    """20,000 alphas: 0.1 · (1 ± 5/√40,000 = 2.5 %)."""
    x = rng().random((20_000, 3, 1, 1))
    colours = ColourAxes(np.eye(3), np.ones(3), np.ones(3))
    np.testing.assert_allclose((fancy_pca(x, rng(), colours) - x).std(axis=(0, 2, 3)), 0.1, rtol=0.025)


def test_standardised_axes_give_a_flat_channel_as_much_say() -> None:
    x = rng().random((50, 3, 4, 4)) * np.array([1, 0.01, 1])[:, None, None]
    plain, fair = ColourAxes.fit(x), ColourAxes.fit(x, standardise=True)
    assert np.abs(plain.axes[2, 1]) > 0.99, "the weak channel is the last axis"
    assert fair.variances.sum() == pytest.approx(3)
    np.testing.assert_allclose(fair.scale, x.std(axis=(0, 2, 3)), rtol=1e-10)
    alpha = rng().normal(size=(1, 3))
    np.testing.assert_allclose(fair.shift(alpha), (alpha * fair.variances) @ fair.axes * fair.scale)


@pytest.mark.parametrize("change", [rgb_to_hsv, hsv_to_rgb, ColourAxes.fit])
def test_colours_of_grey_pictures_are_refused(change) -> None:  # type: ignore[no-untyped-def]
    with pytest.raises(ShapeError, match="red, green, blue"):
        change(pictures(channels=1))


def test_mixup_mixes_pictures_and_labels_in_the_same_shares() -> None:
    x, target = pictures(), one_hot(np.array([0, 1, 2, 0, 1, 2]), 3)
    mixed = mixup(x, target, rng(), alpha=1.0)
    share, partner = mixed.share, mixed.partner
    np.testing.assert_allclose(mixed.x, share * x + (1 - share) * x[partner], atol=1e-6)
    np.testing.assert_allclose(mixed.target, share * target + (1 - share) * target[partner], atol=1e-6)
    np.testing.assert_allclose(mixed.target.sum(axis=1), 1, rtol=1e-6)
    assert mixed.x.dtype == x.dtype
    assert sorted(partner) == list(range(6))


def test_mixup_draws_its_share_from_a_beta_distribution() -> None:
    """Beta(0.2, 0.2): mean 1/2, variance 1/(4·1.4) = 0.1786; 4,000 draws: ± 5·√(0.1786/4000) = 0.033."""
    x, target, drawn = np.zeros((1, 1, 1, 1)), np.ones((1, 1)), rng()
    shares = np.array([mixup(x, target, drawn).share for _ in range(4000)])
    assert shares.mean() == pytest.approx(0.5, abs=0.034)
    assert shares.var() == pytest.approx(0.1786, rel=0.1)


def test_mixup_without_shares_is_refused() -> None:
    with pytest.raises(ShapeError, match="one_hot makes it from labels"):
        mixup(pictures(), np.arange(6), rng())
    with pytest.raises(ValueError, match="alpha=0"):
        mixup(pictures(), np.ones((6, 1)), rng(), alpha=0)


@given(st.integers(1, 5), st.integers(1, 5), st.integers(1, 12), st.integers(1, 12))
def test_resizing_agrees_with_pytorch(height: int, width: int, rows: int, columns: int) -> None:
    import torch

    x = rng().random((2, 3, height, width))
    expected = torch.nn.functional.interpolate(torch.from_numpy(x), (rows, columns), mode="bilinear")
    np.testing.assert_allclose(resize(x, (rows, columns)), expected.numpy(), atol=1e-12)


def test_a_heat_crop_is_the_best_of_all_pieces() -> None:
    """A piece of 3×4 weighs its rows by 1, 2, 1 and its columns by 1, 2, 2, 1."""
    x, heat = pictures(), rng(5).standard_normal((6, 7, 9))
    weight = np.outer([1, 2, 1], [1, 2, 2, 1])
    cut = heat_crop(x, heat, size=(3, 4))
    for n in range(6):
        held = {(i, j): (heat[n, i : i + 3, j : j + 4] * weight).sum() for i in range(5) for j in range(6)}
        top, left = max(held, key=lambda place: held[place])
        assert (cut.top[n], cut.left[n]) == (top, left)
        np.testing.assert_array_equal(cut.x[n], x[n, :, top : top + 3, left : left + 4])
    assert cut.x.dtype == x.dtype
    assert not np.shares_memory(cut.x, x)


def test_a_hot_spot_stands_in_the_middle_of_the_piece_or_as_near_as_the_edge_lets_it() -> None:
    heat = np.zeros((3, 7, 9))
    heat[0, 3, 4] = heat[1, 0, 8] = heat[2, 6, 1] = 1
    cut = heat_crop(pictures(3), heat, size=3)
    assert list(zip(cut.top, cut.left, strict=True)) == [(2, 3), (0, 6), (4, 0)]


def test_heat_of_a_coarse_layer_is_enlarged_to_the_picture() -> None:
    """A 2×3 map over 8×12 pixels, hot in its lower right cell: rows 4 to 7, columns 8 to 11."""
    heat = np.zeros((1, 2, 3))
    heat[0, 1, 2] = 1
    cut = heat_crop(np.zeros((1, 1, 8, 12)), heat, size=4)
    assert (cut.top[0], cut.left[0]) == (4, 8)
    whole = heat_crop(np.ones((1, 1, 8, 12)), heat, size=(8, 12))
    np.testing.assert_array_equal(whole.x, np.ones((1, 1, 8, 12)))


def test_a_crop_guided_by_cam_keeps_the_mark_that_makes_the_class() -> None:
    """A detector of a plus: 5 pixels of 1 less 4.5 leave 0.5 at its middle and, among fainter pixels, nothing else."""
    plus = np.array([[0, 1, 0], [1, 1, 1], [0, 1, 0]], dtype=np.float64)
    layers = (
        ("conv", Conv2d(1, 1, 3, padding=1)),
        ("relu", ReLU()),
        ("average", AdaptiveAvgPool2d(1)),
        ("flatten", Flatten()),
        ("fc", Linear(1, 2)),
    )
    params = {"conv.weight": plus[None, None], "conv.bias": np.array([-4.5])}
    params |= {"fc.weight": np.array([[-1.0], [1.0]]), "fc.bias": np.zeros(2)}
    x, drawn = rng(4).uniform(0, 0.8, (20, 1, 16, 16)), rng(2)
    places = drawn.integers(0, 14, (20, 2))
    for picture, (top, left) in zip(x[:, 0], places, strict=True):
        picture[top : top + 3, left : left + 3] = np.maximum(picture[top : top + 3, left : left + 3], plus)
    heat = cam(Network(layers, params, (1, 16, 16)).forward(x), 1).heat
    guided = heat_crop(x, heat, size=5)
    blind = random_crop(x, drawn, size=5)
    assert (guided.x == 1).sum() == 20 * 5
    assert (blind == 1).sum() < 20 * 5 / 2


def test_heat_that_does_not_fit_is_refused() -> None:
    with pytest.raises(ShapeError, match=r"Heat of shape \(5, 7, 9\) was given for 6 pictures; expected \(6, h, w\)"):
        heat_crop(pictures(), np.zeros((5, 7, 9)), size=3)
    with pytest.raises(ShapeError, match="8×3 was asked of pictures of 7×9"):
        heat_crop(pictures(), np.zeros((6, 7, 9)), size=(8, 3))


def test_an_average_over_transforms_is_the_mean_of_their_answers() -> None:
    """Scores are the sums of the left and of the right half: (1, 3) as it is, (3, 1) mirrored, (2, 2) on average."""
    x = np.array([[[[1.0, 3.0]]]])

    def halves(given: Array) -> Array:
        return given[:, 0, 0]

    mirrored = lambda given: given[..., ::-1]  # noqa: E731
    np.testing.assert_array_equal(predict_averaged(halves, x, [lambda given: given, mirrored]), [[2, 2]])
    np.testing.assert_array_equal(predict_averaged(halves, x, [mirrored]), [[3, 1]])
    with pytest.raises(ValueError, match="at least one, such as lambda x: x"):
        predict_averaged(halves, x, [])


def test_looking_at_shifted_digits_several_times_stays_as_good_and_sums_to_1() -> None:
    data, network = digits(), pretrained_digit_network()
    x, y = data.validation_x, data.validation_y
    looks = [lambda given, t=turn: affine(given, turn=t) for turn in (-6.0, 0.0, 6.0)]  # type: ignore[misc]
    shares = predict_averaged(lambda given: softmax(network.predict(given)), x, looks)
    np.testing.assert_allclose(shares.sum(axis=1), 1, rtol=1e-5)
    assert (shares.argmax(axis=1) == y).mean() >= 0.97
