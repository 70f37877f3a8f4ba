"""Standardisation: settings, their implications, and the numbers, held against the reference."""

import warnings
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp
from keras_preprocessing.image import ImageDataGenerator
from numpy.typing import NDArray

from augcli.transforms.standardization import Standardization, implied
from augcli.transforms.standardize import standardize
from augcli.transforms.statistics import Statistics, fit_array

SWITCHES = (
    "samplewise_center",
    "samplewise_std_normalization",
    "featurewise_center",
    "featurewise_std_normalization",
    "zca_whitening",
)


def images(n: int = 12, seed: int = 0) -> NDArray[np.float64]:
    """Images of 3 x 2 pixels with correlated levels, (n, 3, 2, 3)."""
    x = np.random.default_rng(seed).random((n, 3, 2, 3)) * 255
    x[:, 1:] += x[:, :-1] / 2
    return x


def reference(**settings: Any) -> ImageDataGenerator:
    """The reference's generator, without what it warns of."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return ImageDataGenerator(dtype="float64", **settings)


@pytest.mark.parametrize("mask", range(2 ** len(SWITCHES)))
def test_numbers_are_the_reference_s(mask: int) -> None:
    """Fit and standardize, in every combination, give the reference's values."""
    written = {name: bool(mask >> bit & 1) for bit, name in enumerate(SWITCHES)}
    keras = reference(rescale=1 / 255, zca_epsilon=1e-3, **written)
    keras.fit(images())
    settings, _ = implied(Standardization(rescale=1 / 255, zca_epsilon=1e-3, **written))
    statistics = fit_array(images() / 255, settings)
    for image in images(seed=1):
        found = standardize(image, settings, statistics)
        np.testing.assert_allclose(found, keras.standardize(image.copy()), rtol=1e-9, atol=1e-9)


@pytest.mark.parametrize("mask", range(4))
def test_without_statistics_the_bits_are_the_reference_s(mask: int) -> None:
    """What needs no statistics is the same to the last bit, in the float type of the image."""
    written = {name: bool(mask >> bit & 1) for bit, name in enumerate(SWITCHES[:2])}
    settings, _ = implied(Standardization(rescale=1 / 255, **written))
    for dtype in (np.float32, np.float64):
        image = images()[0].astype(dtype)
        found = standardize(image, settings)
        assert found.dtype == dtype
        expected = reference(rescale=1 / 255, **written).standardize(image.copy())
        np.testing.assert_array_equal(found, expected)


def test_a_batch_has_one_mean() -> None:
    """As in the reference, samplewise means of a batch are those of the batch."""
    settings = Standardization(samplewise_center=True)
    expected = reference(samplewise_center=True).standardize(images())
    np.testing.assert_array_equal(standardize(images(), settings), expected)


def test_missing_statistics_are_left_out() -> None:
    """A step without its numbers is passed over, and `lacks` says which are."""
    settings, _ = implied(Standardization(featurewise_std_normalization=True, zca_whitening=True))
    image = images()[0]
    np.testing.assert_array_equal(standardize(image, settings), image)
    np.testing.assert_array_equal(standardize(image, settings, Statistics()), image)
    assert Statistics().lacks(settings) == ["featurewise_center", "zca_whitening"]
    assert Statistics(mean=np.zeros(3)).lacks(settings) == ["zca_whitening"]


@given(hnp.arrays(np.float32, (2, 3, 1), elements=st.floats(0, 255, width=32)))
def test_the_input_is_left_alone(image: NDArray[np.float32]) -> None:
    """The result is an array of its own, whatever is asked for; and it is finite."""
    before = image.copy()
    settings = Standardization(
        rescale=1 / 255, samplewise_center=True, samplewise_std_normalization=True
    )
    for wanted in (Standardization(), settings):
        found = standardize(image, wanted)
        assert not np.shares_memory(found, image)
        assert np.isfinite(found).all()
    np.testing.assert_array_equal(image, before)


def test_a_function_comes_first() -> None:
    """It sees the levels, before rescale; what it does to its argument stays its own affair."""

    def halve(image: NDArray[np.floating]) -> NDArray[np.floating]:
        image /= 2
        return image

    image = np.full((1, 1, 1), 8, np.float32)
    found = standardize(image, Standardization(rescale=0.5), preprocess=halve)
    assert found.tolist() == [[[2.0]]]
    assert image.tolist() == [[[8.0]]]
    assert found.dtype == np.float32


def test_a_function_that_changes_the_shape() -> None:
    """An array of another shape is refused, with both shapes."""
    with pytest.raises(ValueError, match=r"gave shape \(3,\); expected \(1, 1, 3\)"):
        standardize(np.zeros((1, 1, 3)), Standardization(), preprocess=np.ravel)
