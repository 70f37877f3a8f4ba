"""Noise on 8-bit pixels: its distributions, its bytes, and equal bytes on every CPU."""

import hashlib
import math
from statistics import NormalDist

import numpy as np
import pytest
from numpy.typing import NDArray
from scipy import stats
from support import ForAnyCpu

from augcli.kernels import noise, packed

MATRIX = np.array([[3.0, 0.0, 4.0], [3.0, -1.0, -2.0], [3.0, 5.0, 0.0]])
PINNED = {
    "normal": [[108, 112, 117], [140, 141, 130], [114, 136, 127], [132, 139, 127]],
    "mixed": [[118, 126, 114], [133, 130, 138], [124, 123, 128], [129, 128, 135]],
    "photons": [[85, 94, 102], [157, 157, 132], [98, 149, 128], [136, 153, 128]],
    "scatter": [[0, 0, 0], [128, 128, 128], [255, 255, 255], [128, 128, 128]],
}


def picture(height: int, width: int, channels: int, level: int | None = None) -> NDArray[np.uint8]:
    """A packed image of one level, or of levels of all kinds."""
    image = packed.empty(height, width, channels)
    levels = np.arange(height * width * channels) * 37 % 256
    image[...] = levels.reshape(image.shape) if level is None else level
    return image


def test_normal_quantiles() -> None:
    """Ascending, symmetric, of mean 0 and variance 1; the median of each share to 1/131072."""
    quantiles = noise.normal_quantiles().astype(np.float64) / noise.NORMAL_ONE
    assert quantiles.shape == (65536,)
    assert (np.diff(quantiles) >= 0).all()
    assert np.array_equal(quantiles, -quantiles[::-1])
    assert abs(quantiles.var() - 1) < 1e-4
    assert 4.3 < quantiles.max() < 4.4
    shares = [NormalDist().cdf(quantile) for quantile in quantiles[::64]]
    middles = (np.arange(0, 65536, 64) + 0.5) / 65536
    assert np.abs(shares - middles).max() < 1 / 16384  # of which 1 / 4096 of a deviation is most


def test_normal_noise_is_normal() -> None:
    """Mean, deviation and kurtosis of 480,000 numbers; neighbours and channels know nothing."""
    normal = noise.normal_numbers(5, 120_000).astype(np.float64)
    assert abs(normal.mean()) < 5 / math.sqrt(normal.size)
    assert abs(normal.std() - 1) < 5 / math.sqrt(2 * normal.size)
    assert abs((normal**4).mean() - 3) < 5 * math.sqrt(96 / normal.size)
    for one, other in ((normal[1:], normal[:-1]), (normal[:, 1:], normal[:, :-1])):
        assert abs((one * other).mean()) < 5 / math.sqrt(one.size)


def test_the_strength_is_in_levels() -> None:
    """On grey in the middle of the scale, noise has the deviation that was asked for."""
    image = picture(200, 200, 3, 128)
    flat = noise.add_normal(image, 10.0, 0.0, 1).astype(np.float64)
    assert abs(flat.mean() - 128) < 0.15
    assert flat.std() == pytest.approx(math.hypot(10, math.sqrt(1 / 12)), rel=0.01)  # and rounding
    growing = noise.add_normal(image, 2.0, 0.1, 1).astype(np.float64)
    assert growing.std() == pytest.approx(2 + 0.1 * 128, rel=0.01)


def test_noise_is_its_formula() -> None:
    """Levels become level + (base + slope * level) * n, rounded half up and cut off."""
    image = picture(40, 50, 4)
    normal = noise.normal_numbers(9, 2000)[:, :3].reshape(40, 50, 3).astype(np.float64)
    color = image[..., :3].astype(np.float64)
    exact = (color + (3 + 0.1 * color) * normal).clip(0, 255)
    result = noise.add_normal(image, 3.0, 0.1, 9)
    assert np.abs(result[..., :3] - exact).max() < 0.501
    assert np.array_equal(result[..., 3], image[..., 3])
    shared = noise.add_normal(image, 3.0, 0.1, 9, per_channel=False)
    exact = (color + (3 + 0.1 * color) * normal[..., :1]).clip(0, 255)
    assert np.abs(shared[..., :3] - exact).max() < 0.501


def test_mixed_noise_is_its_formula() -> None:
    """The matrix times three numbers a pixel."""
    image = picture(40, 50, 4)
    normal = noise.normal_numbers(9, 2000)[:, :3].reshape(40, 50, 3).astype(np.float64)
    exact = (image[..., :3] + normal @ MATRIX.T).clip(0, 255)
    result = noise.add_mixed_normal(image, MATRIX, 9)
    assert np.abs(result[..., :3] - exact).max() < 0.501
    assert np.array_equal(result[..., 3], image[..., 3])


@pytest.mark.parametrize("mean", [0.0, 0.02, 0.7, 3.3, 20.0, 63.9])
def test_small_counts_are_exact(mean: float) -> None:
    """Poisson's quantiles, as SciPy has them."""
    shares = (np.arange(noise.COUNT_QUANTILES) + 0.5) / noise.COUNT_QUANTILES
    counts = quantiles_of(mean)
    assert np.array_equal(counts, stats.poisson.ppf(shares, mean))


@pytest.mark.parametrize("mean", [64.1, 200.0, 5000.5])
def test_large_counts_are_one_off_at_most(mean: float) -> None:
    """Within a count of Poisson's quantiles, and of the same mean and variance."""
    shares = (np.arange(noise.COUNT_QUANTILES) + 0.5) / noise.COUNT_QUANTILES
    counts = quantiles_of(mean)
    assert np.abs(counts - stats.poisson.ppf(shares, mean)).max() <= 1
    assert counts.mean() == pytest.approx(mean, abs=0.05)
    assert counts.var() == pytest.approx(mean, rel=0.01)


def quantiles_of(mean: float) -> NDArray[np.float64]:
    """The count at every quantile, found among the counts of many pixels."""
    pixels = 60_000
    counts = noise.poisson_numbers(np.full((pixels, 1, 1), mean), 4).ravel()
    chosen = noise.random_numbers(4, pixels)[:, 0] >> 4
    assert len(np.unique(chosen)) == noise.COUNT_QUANTILES
    quantiles = np.empty(noise.COUNT_QUANTILES)
    quantiles[chosen] = counts
    return quantiles


@pytest.mark.parametrize("photons", [3.0, 60.0, 700.0])
def test_photons_are_counted(photons: float) -> None:
    """Levels are counts in steps of a photon; the mean is the level, the variance the mean's."""
    image = picture(150, 150, 3, 90)
    result = noise.count_photons(image, photons, 2)
    means = np.full(image.shape, 90 / 255 * photons)
    counts = noise.poisson_numbers(means, 2)
    assert np.array_equal(result, np.floor(counts * 255 / photons + 0.5).clip(0, 255))
    assert counts.mean() == pytest.approx(means[0, 0, 0], rel=0.02)
    assert counts.var() == pytest.approx(means[0, 0, 0], rel=0.03)


def test_scattered_pixels() -> None:
    """Whole pixels turn, as many as were asked for, and alpha does not."""
    image = picture(200, 200, 4, 100)
    result = noise.scatter(image, 0.02, 0.1, 3)
    is_black = (result[..., :3] == 0).all(axis=2)
    is_white = (result[..., :3] == 255).all(axis=2)
    assert is_black.mean() == pytest.approx(0.02, abs=0.004)
    assert is_white.mean() == pytest.approx(0.1, abs=0.008)
    assert (result[..., :3][~is_black & ~is_white] == 100).all()
    assert (result[..., 3] == 100).all()
    black, white = noise.scattered(0.02, 0.1, 3, 40_000)
    assert np.array_equal(black, is_black.ravel())
    assert np.array_equal(white, is_white.ravel())
    assert (noise.scatter(image, 1.0, 0.0, 3)[..., :3] == 0).all()
    assert (noise.scatter(image, 0.0, 1.0, 3)[..., :3] == 255).all()


@pytest.mark.parametrize("channels", [1, 2, 3, 4])
def test_channels_are_as_in_rgb(channels: int) -> None:
    """Grey gets the noise of red; results are packed, and the image stays as it was."""
    image, whole = picture(30, 40, channels, 128), picture(30, 40, 3, 128)
    colors = 3 if channels >= 3 else 1
    pairs = [
        (noise.add_normal(image, 20.0, 0.0, 6), noise.add_normal(whole, 20.0, 0.0, 6)),
        (noise.count_photons(image, 60.0, 6), noise.count_photons(whole, 60.0, 6)),
        (noise.scatter(image, 0.2, 0.2, 6), noise.scatter(whole, 0.2, 0.2, 6)),
    ]
    for result, expected in pairs:
        assert packed.is_packed(result)
        assert np.array_equal(result[..., :colors], expected[..., :colors])
        assert (result[..., colors:] == 128).all()
    assert (image == 128).all()


def test_the_bytes_never_change() -> None:
    """Recorded recipes are rebuilt from these numbers, so they are part of what a release keeps."""
    row = picture(1, 4, 3, 128)
    assert noise.add_normal(row, 10.0, 0.0, 1)[0].tolist() == PINNED["normal"]
    assert noise.add_mixed_normal(row, MATRIX, 1)[0].tolist() == PINNED["mixed"]
    assert noise.count_photons(row, 60.0, 1)[0].tolist() == PINNED["photons"]
    assert noise.scatter(row, 0.3, 0.5, 1)[0].tolist() == PINNED["scatter"]


def test_unfit_arguments_are_refused() -> None:
    """Grey has nothing to mix, and a matrix is of three numbers to three."""
    with pytest.raises(ValueError, match="3 or 4 channels"):
        noise.add_mixed_normal(picture(2, 2, 1), MATRIX, 0)
    with pytest.raises(ValueError, match=r"\(3, 3\)"):
        noise.add_mixed_normal(picture(2, 2, 3), MATRIX[:2], 0)
    with pytest.raises(ValueError, match="uint8"):
        noise.add_normal(np.zeros((2, 2, 3), np.float32), 1.0, 0.0, 0)  # type: ignore[arg-type]  what is refused


def digest_of_noise() -> str:
    """A digest of what every kernel makes of one image."""
    image = picture(61, 67, 3)
    digest = hashlib.sha256()
    digest.update(noise.add_normal(image, 7.3, 0.05, 11).tobytes())
    digest.update(noise.add_mixed_normal(image, MATRIX, 12).tobytes())
    digest.update(noise.count_photons(image, 90.0, 13).tobytes())
    digest.update(noise.scatter(image, 0.1, 0.2, 14).tobytes())
    means = np.linspace(0, 100, 3000).reshape(30, 50, 2)
    digest.update(noise.poisson_numbers(means, 15).tobytes())
    return digest.hexdigest()


def test_every_cpu_gives_the_same_noise(for_any_cpu: ForAnyCpu) -> None:
    """Compiled for any CPU of this kind, and for this very one, the kernels give equal bytes."""
    assert for_any_cpu(digest_of_noise) == digest_of_noise()
