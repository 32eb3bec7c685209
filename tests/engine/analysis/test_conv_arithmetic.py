"""How often a kernel fits, what would make it fit, and how many numbers sharing saves."""

from fractions import Fraction
from math import prod

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.analysis.conv_arithmetic import Fit, count
from engine.kernels import convolution
from engine.kernels.im2col import im2col
from engine.layers import Conv2d, Linear
from engine.layers.conv_variants import LocallyConnected2d
from engine.types import ShapeError

torch = pytest.importorskip("torch")

fits = st.builds(Fit, st.integers(1, 40), st.integers(1, 7), st.integers(1, 5), st.integers(0, 4), st.integers(1, 3))


def test_a_kernel_of_3_on_10_with_stride_2_has_four_and_a_half_places() -> None:
    # [G] convolution: W = 10, F = 3, P = 0, S = 2 gives 4.5.
    fit = Fit(10, 3, 2)
    assert (fit.exact, fit.places, fit.unread) == (Fraction(9, 2), 4, 1)
    assert fit.remedies() == (("stride", 1), ("kernel", 2), ("size", 9))


def test_alexnets_first_layer_fits_227_and_not_224() -> None:
    # [G] convolution: 227, 11, 4, 0 -> 55; 224 doesn't divide.
    assert Fit(227, 11, 4).exact == 55
    assert Fit(224, 11, 4).exact == Fraction(217, 4) == 54.25
    assert dict(Fit(224, 11, 4).remedies())["size"] in (223, 227)


@given(fits)
def test_the_number_of_places_is_the_layers_own(fit: Fit) -> None:
    layer = Conv2d(1, 1, fit.kernel, stride=fit.stride, padding=fit.padding, dilation=fit.dilation)
    if fit.places == 0:
        with pytest.raises(ShapeError):
            layer.output_shape((1, fit.size, fit.size))
    else:
        assert layer.output_shape((1, fit.size, fit.size))[1] == fit.places
        reached = (fit.places - 1) * fit.stride + fit.span
        assert fit.unread == fit.size + 2 * fit.padding - reached


@given(fits)
def test_every_remedy_makes_it_fit_by_one_setting_alone(fit: Fit) -> None:
    assert bool(fit.remedies()) <= (not fit.fits)
    for name, value in fit.remedies():
        settings = {"size": fit.size, "kernel": fit.kernel, "stride": fit.stride, "padding": fit.padding}
        assert Fit(**settings | {name: value}, dilation=fit.dilation).exact.denominator == 1


def test_two_kernels_of_3x3x3_on_7x7x3_padding_counted() -> None:
    # [G] convolution: 7×7×3, pad 1, two 3×3×3 kernels, stride 2 -> 3×3×2, 56 parameters. The 7×7 hold the padding: the
    # picture itself is 5×5.
    layer = Conv2d(3, 2, 3, stride=2, padding=1)
    assert layer.output_shape((3, 5, 5)) == (2, 3, 3)
    assert count(layer, (3, 5, 5)).shared == 56


def test_sharing_in_alexnets_first_layer() -> None:
    # [G] convolution: 34,944 shared, 105,705,600 unshared (290,400 neurons × 364).
    found = count(Conv2d(3, 96, 11, stride=4), (3, 227, 227))
    assert (found.shared, found.unshared) == (34_944, 105_705_600)
    assert (found.neurons, found.each) == (290_400, 364)


def test_the_counts_are_those_of_the_three_layers() -> None:
    image, layer = (3, 6, 5), Conv2d(3, 4, 3, stride=2, padding=1)
    rng, out = np.random.default_rng(0), layer.output_shape((3, 6, 5))
    layers = (layer, LocallyConnected2d(3, 4, (6, 5), 3, stride=2, padding=1), Linear(prod(image), prod(out)))
    sizes = [sum(array.size for array in each.init(rng).values()) for each in layers]
    found = count(layer, image)
    assert sizes == [found.shared, found.unshared, found.full]


def test_a_matrix_of_patches_times_a_matrix_of_kernels_is_the_convolution() -> None:
    # [G] im2col: 227×227×3 with 11×11, stride 4 -> X_col 363×3025, W_row 96×363.
    rng = np.random.default_rng(0)
    x, weight = rng.standard_normal((1, 3, 227, 227)), rng.standard_normal((96, 3, 11, 11))
    columns, rows = im2col(x, (11, 11), (4, 4))[0], weight.reshape(96, -1)
    assert columns.shape == (363, 3025)
    assert rows.shape == (96, 363)
    y = convolution.conv2d(x, weight, None, (4, 4))
    np.testing.assert_allclose((rows @ columns).reshape(96, 55, 55), y[0], rtol=1e-9, atol=1e-9)


@pytest.mark.parametrize(("stride", "padding", "dilation"), [(1, 0, 1), (2, 1, 1), (3, 2, 2)])
def test_im2col_is_pytorchs_unfold(stride: int, padding: int, dilation: int) -> None:
    x = np.random.default_rng(1).standard_normal((2, 3, 9, 8))
    ours = im2col(x, (3, 2), (stride, stride), (padding, padding), (dilation, dilation))
    theirs = torch.nn.functional.unfold(torch.tensor(x), (3, 2), dilation, padding, stride).numpy()
    np.testing.assert_array_equal(ours, theirs)
