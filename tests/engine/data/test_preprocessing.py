"""Preprocessing: what it does to the training split, what the other split may not do to it, and scikit-learn's word."""

import numpy as np
import pytest

from engine import ShapeError
from engine.data.digits import digits
from engine.data.preprocessing import PCA, PREPROCESSORS, ChannelMean, MeanImage, MinMax, Whitening, ZScore
from engine.guard import InputError
from engine.types import Array


def pictures(n: int = 40, dtype: type = np.float64, seed: int = 0) -> Array:
    """Pictures whose channels and places differ in mean and spread."""
    rng = np.random.default_rng(seed)
    x = rng.standard_normal((n, 3, 4, 5)) * rng.uniform(0.5, 2, (3, 4, 5)) + rng.uniform(-3, 3, (3, 4, 5))
    return x.astype(dtype)


def test_the_mean_image_is_taken_away_pixel_by_pixel() -> None:
    x = pictures()
    fitted = MeanImage.fit(x)
    assert fitted.mean.shape == (3, 4, 5)
    np.testing.assert_allclose(fitted.transform(x).mean(axis=0), 0, atol=1e-12)


def test_the_channel_mean_moves_all_places_of_a_channel_alike() -> None:
    x = pictures()
    fitted = ChannelMean.fit(x)
    np.testing.assert_allclose(fitted.mean.ravel(), [x[:, c].mean() for c in range(3)], rtol=1e-12)
    np.testing.assert_allclose(np.ptp(x - fitted.transform(x), axis=(0, 2, 3)), 0, atol=1e-12)


@pytest.mark.parametrize(("per", "axes"), [("channel", (0, 2, 3)), ("pixel", (0,))])
def test_z_scores_have_mean_0_and_standard_deviation_1(per: str, axes: tuple[int, ...]) -> None:
    x = pictures()
    y = ZScore.fit(x, per=per).transform(x)  # type: ignore[arg-type]
    np.testing.assert_allclose(y.mean(axis=axes), 0, atol=1e-12)
    np.testing.assert_allclose(y.std(axis=axes), 1, rtol=1e-12)


@pytest.mark.parametrize(("per", "axes"), [("channel", (0, 2, 3)), ("pixel", (0,))])
def test_min_max_fills_0_to_1(per: str, axes: tuple[int, ...]) -> None:
    x = pictures()
    y = MinMax.fit(x, per=per).transform(x)  # type: ignore[arg-type]
    np.testing.assert_allclose(y.min(axis=axes), 0, atol=1e-12)
    np.testing.assert_allclose(y.max(axis=axes), 1, rtol=1e-12)


@pytest.mark.parametrize("kind", [ZScore, MinMax])
def test_what_never_changed_in_training_becomes_0_and_is_divided_by_nothing(kind: type[ZScore] | type[MinMax]) -> None:
    x = pictures(dtype=np.float32)
    x[:, 0, 0, 0] = 0.1
    other = x[:2].copy()
    other[:, 0, 0, 0] = 0.6
    fitted = kind.fit(x, per="pixel")
    assert not fitted.transform(x)[:, 0, 0, 0].any()
    np.testing.assert_allclose(fitted.transform(other)[:, 0, 0, 0], 0.5, rtol=1e-5)


def test_pca_agrees_with_scikit_learn() -> None:
    from sklearn.decomposition import PCA as Theirs

    x = pictures(80)
    rows = x.reshape(80, -1)
    theirs, ours = Theirs(7).fit(rows), PCA.fit(x, 7)
    signs = np.sign((theirs.components_ * ours.components).sum(axis=1, keepdims=True))
    np.testing.assert_allclose(ours.components * signs, theirs.components_, atol=1e-8)
    np.testing.assert_allclose(ours.variances, theirs.explained_variance_ * 79 / 80, rtol=1e-10)  # 1/N, not 1/(N - 1)
    np.testing.assert_allclose(ours.transform(x) * signs[:, 0], theirs.transform(rows), atol=1e-8)
    np.testing.assert_allclose(
        ours.inverse(ours.transform(x)).reshape(80, -1), theirs.inverse_transform(theirs.transform(rows)), atol=1e-8
    )


def test_pca_by_hand() -> None:
    # Points ±(3, 3) and ±(1, -1): Σ = [[5, 4], [4, 5]], λ = 9 along (1, 1)/√2 and 1 along (1, -1)/√2.
    x = np.array([[3.0, 3], [-3, -3], [1, -1], [-1, 1]])
    fitted = PCA.fit(x)
    np.testing.assert_allclose(fitted.variances, [9, 1], rtol=1e-12)
    np.testing.assert_allclose(np.abs(fitted.components), np.sqrt(0.5), rtol=1e-12)
    np.testing.assert_allclose(
        np.abs(fitted.transform(x)), [[18**0.5, 0], [18**0.5, 0], [0, 2**0.5], [0, 2**0.5]], atol=1e-12
    )


def test_the_sign_of_a_direction_is_settled_by_its_largest_entry() -> None:
    components = PCA.fit(pictures()).components
    largest = np.take_along_axis(components, np.abs(components).argmax(axis=1)[:, None], axis=1)
    assert (largest > 0).all()


@pytest.mark.parametrize("zca", [False, True])
def test_whitened_numbers_go_together_no_more(zca: bool) -> None:
    x = pictures(400)
    fitted = Whitening.fit(x, epsilon=1e-9, zca=zca)
    y = fitted.transform(x).reshape(400, -1)
    np.testing.assert_allclose(y.T @ y / 400, np.eye(60), atol=1e-6)


def test_whitening_divides_by_the_root_of_lambda_plus_epsilon() -> None:
    """Curriculum E, preprocessing, and "whitening divides by √λ": each variance becomes λ / (λ + ε)."""
    x = pictures(200)
    fitted = Whitening.fit(x, epsilon=0.5)
    variances = fitted.pca.variances
    np.testing.assert_allclose(fitted.transform(x).var(axis=0), variances / (variances + 0.5), rtol=1e-8)


def test_zca_keeps_a_picture_s_shape_and_likeness() -> None:
    x = pictures(400)
    turned, plain = Whitening.fit(x, zca=True).transform(x), Whitening.fit(x).transform(x)
    assert turned.shape == x.shape
    assert plain.shape == (400, 60)
    centred = x - x.mean(axis=0)
    likeness = (turned * centred).sum() / np.linalg.norm(turned) / np.linalg.norm(centred)
    assert likeness > 0.8


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
@pytest.mark.parametrize("name", PREPROCESSORS)
def test_each_can_be_undone_and_keeps_the_type(name: str, dtype: type) -> None:
    x = pictures(100, dtype)
    fitted = PREPROCESSORS[name].fit(x)
    y = fitted.transform(x)
    back = fitted.inverse(y)
    assert y.dtype == back.dtype == dtype
    np.testing.assert_allclose(back, x, atol=2e-4 if dtype is np.float32 else 1e-8)


def test_zca_can_be_undone() -> None:
    x = pictures(100)
    fitted = Whitening.fit(x, zca=True)
    np.testing.assert_allclose(fitted.inverse(fitted.transform(x)), x, atol=1e-8)


def test_the_statistics_are_those_of_the_training_split_alone() -> None:
    """Fitted on both splits, the mean of the training split isn't 0 any more: the other split left its trace."""
    x, others = pictures(), pictures(seed=1) + 5
    clean, leaky = ZScore.fit(x), ZScore.fit(np.concatenate([x, others]))
    assert abs(clean.transform(x).mean()) < 1e-12
    assert abs(leaky.transform(x).mean()) > 0.5
    assert clean.transform(others).mean() > 1, "another split keeps its difference"


@pytest.mark.parametrize("name", PREPROCESSORS)
def test_nothing_changes_its_argument(name: str) -> None:
    x = pictures()
    before = x.copy()
    fitted = PREPROCESSORS[name].fit(x)
    fitted.inverse(fitted.transform(x))
    np.testing.assert_array_equal(x, before)


def test_the_digits_can_be_whitened() -> None:
    data = digits()
    fitted = Whitening.fit(data.train_x, k=20)
    assert fitted.transform(data.validation_x).shape == (len(data.validation_x), 20)
    np.testing.assert_allclose(fitted.transform(data.train_x).std(axis=0), 1, rtol=1e-2)


@pytest.mark.parametrize("name", PREPROCESSORS)
def test_pictures_of_another_shape_are_refused_with_both_shapes(name: str) -> None:
    with pytest.raises(ShapeError, match=r"examples of shape .*x has shape \(2, 3, 4, 6\)|x has shape \(2, 1, 4, 5\)"):
        PREPROCESSORS[name].fit(pictures()).transform(np.zeros((2, 1, 4, 5)))


def test_rows_in_place_of_pictures_are_told_the_way() -> None:
    with pytest.raises(ShapeError, match=r"x.reshape\(-1, 3, 4, 5\) would work"):
        MeanImage.fit(pictures()).transform(np.zeros((2, 60)))


@pytest.mark.parametrize("x", [np.zeros((0, 3)), np.zeros(3)], ids=["none", "row"])
def test_statistics_of_nothing_are_refused(x: Array) -> None:
    with pytest.raises(ShapeError, match="at least one example"):
        MeanImage.fit(x)


def test_statistics_of_whole_numbers_are_refused() -> None:
    with pytest.raises(InputError, match=r"x of type int64; it expects float32 or float64"):
        MeanImage.fit(np.zeros((2, 3), int))


def test_amounts_that_make_no_sense_are_refused() -> None:
    with pytest.raises(ValueError, match=r"k=61: expected .* from 1 to 60"):
        PCA.fit(pictures(), 61)
    with pytest.raises(ValueError, match=r"epsilon=0\.0: expected a positive"):
        Whitening.fit(pictures(), epsilon=0.0)
    with pytest.raises(ValueError, match="'channel' or 'pixel'"):
        ZScore.fit(pictures(), per="row")  # type: ignore[arg-type]
