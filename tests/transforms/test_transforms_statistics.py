"""Statistics in pieces: the same numbers, however they are cut."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from augcli.transforms.standardization import Standardization
from augcli.transforms.statistics import (
    FactoredWhitening,
    FullWhitening,
    Moments,
    SecondMoment,
    Statistics,
    factored_whitening,
    fit_array,
    whitening,
)


def rows(n: int, d: int, *, mean: float = 0.0) -> NDArray[np.float64]:
    """Numbers with correlations, (n, d)."""
    rng = np.random.default_rng(n)
    return rng.normal(size=(n, d)) @ rng.normal(size=(d, d)) + mean


def test_moments_of_a_literal() -> None:
    """Count, mean and squared deviation of each channel, written out."""
    moments = Moments.of(np.array([[[1.0, 10.0], [3.0, 10.0]]]))
    assert moments.count == 2
    assert moments.mean.tolist() == [2.0, 10.0]
    assert moments.deviation.tolist() == [2.0, 0.0]
    assert moments.std.tolist() == [1.0, 0.0]


@given(cut=st.integers(1, 9), mean=st.sampled_from([0.0, 1e4, 1e8]))
def test_moments_merge(cut: int, mean: float) -> None:
    """Cut anywhere and merged, they are those of the whole, beside a large mean too."""
    x = np.random.default_rng(cut).normal(mean, 1.0, (10, 3))
    merged = Moments.of(x[:cut]).merged(Moments.of(x[cut:]))
    assert merged.count == 10
    np.testing.assert_allclose(merged.mean, x.mean(axis=0), rtol=1e-14)
    np.testing.assert_allclose(merged.std, (x - mean).std(axis=0), rtol=1e-7)


def test_float32_pixels_lose_nothing() -> None:
    """Sums are float64: a hundred thousand equal pixels have their own value as mean, exactly."""
    moments = Moments.of(np.full((100_000, 1, 1), 0.1, np.float32))
    assert moments.mean.tolist() == [float(np.float32(0.1))]
    assert moments.std.tolist() == [0.0]


@given(cut=st.integers(1, 19), mean=st.sampled_from([0.0, 1e6]))
def test_second_moments_merge(cut: int, mean: float) -> None:
    """Taken in in pieces, the second moment about any centre is that of the whole."""
    x = rows(20, 4, mean=mean)
    second = SecondMoment(4)
    for piece in (x[:cut], x[cut:]):
        second.add(piece)
    center = x.mean(axis=0) + 0.5
    away = x - center
    np.testing.assert_allclose(second.about(center), away.T @ away / 20, rtol=1e-6, atol=1e-9)


def test_whitening_whitens() -> None:
    """Whitened rows have no correlations, and a variance of 1."""
    x = rows(200, 5)
    x -= x.mean(axis=0)
    white = whitening(x.T @ x / 200, 1e-12).apply(x)
    np.testing.assert_allclose(white.T @ white / 200, np.eye(5), atol=1e-8)


def test_few_images_give_the_same_matrix() -> None:
    """The factored form of fewer rows than dimensions is the full one, applied to anything."""
    x = rows(4, 9)
    full = whitening(x.T @ x / 4, 0.1)
    factored = factored_whitening(x.copy(), 0.1)
    assert isinstance(full, FullWhitening)
    assert isinstance(factored, FactoredWhitening)
    assert full.dimensions == factored.dimensions == 9
    others = rows(6, 9)
    np.testing.assert_allclose(factored.apply(others), full.apply(others), atol=1e-10)


def test_an_array_in_pieces() -> None:
    """More images than are taken in at once have the mean and deviation of them all."""
    x = np.random.default_rng(0).random((600, 2, 3, 1)).astype(np.float32)
    settings = Standardization(featurewise_center=True, featurewise_std_normalization=True)
    statistics = fit_array(x, settings)
    assert statistics.mean is not None
    assert statistics.std is not None
    np.testing.assert_allclose(statistics.mean, [x.mean(dtype=np.float64)], rtol=1e-12)
    np.testing.assert_allclose(statistics.std, [x.std(dtype=np.float64)], rtol=1e-12)
    assert statistics.whitening is None


def test_only_what_is_asked_for() -> None:
    """Without a featurewise setting nothing is kept, as in the reference's fit."""
    statistics = fit_array(np.zeros((2, 1, 1, 1)), Standardization(rescale=2.0))
    assert (statistics.mean, statistics.std, statistics.whitening) == (None, None, None)


@pytest.mark.parametrize(
    ("shape", "problem"),
    [((2, 2, 3), None), ((2, 2, 1), "not of images of 1 channels"), ((1, 4, 3), None)],
)
def test_misfits(shape: tuple[int, ...], problem: str | None) -> None:
    """Images of other channels are told apart; of another size, where ZCA minds."""
    statistics = Statistics(np.zeros(3), np.ones(3))
    found = statistics.misfit(shape)
    assert (found is None) if problem is None else (problem in str(found))


def test_a_size_that_whitening_is_not_of() -> None:
    """The message has both sizes."""
    statistics = Statistics(np.zeros(1), None, FullWhitening(np.eye(4)))
    assert statistics.misfit((2, 2, 1)) is None
    assert "of 4 numbers, and this has 3 x 2 x 1" in str(statistics.misfit((3, 2, 1)))
