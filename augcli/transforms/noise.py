"""Noise: what a sensor, a dim scene or a bad line adds to every pixel by chance.

Strengths are in levels of 8 bits, 0 to 255, whatever the depth; other depths keep their precision.
Alpha stays as it is. A recipe records the strength and a seed: each pixel's noise depends on these
and on its place alone, see `augcli.kernels.philox`, and is the same in every depth.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any, ClassVar

import numpy as np

from augcli import kernels
from augcli.transforms.base import Params, Sample, Size, drawn_seed, uniform
from augcli.transforms.params import flag, integer, number
from augcli.transforms.settings import Span, within
from augcli.transforms.tonal import Tonal, from_unit, to_unit, unit_range, with_color

if TYPE_CHECKING:
    from numpy.typing import NDArray

_WHITE = 255.0  # the level of 8 bits that is 1 in `to_unit`
# What a level of luma, of blue chroma and of red chroma is in red, green and blue: the columns of
# ITU-R BT.601's way back from YCbCr, as JFIF has it.
_RGB_OF_YCBCR = np.array(
    [[1.0, 0.0, 1.402], [1.0, -0.344136, -0.714136], [1.0, 1.772, 0.0]], np.float64
)


class GaussianNoise(Tonal):
    """Adds normal noise of mean 0, the same strength everywhere, as that of a warm sensor.

    As Albumentations' GaussNoise, whose `std_range` is a share of white: 0.1 is 25.5 levels here.
    """

    op: ClassVar[str] = "gaussian_noise"

    std: Annotated[Span, within(0, 255)] = [2.0, 12.0]
    """Standard deviation in levels of 0 to 255, scaled with the depth; 0 changes nothing."""
    per_channel: bool = True
    """Whether red, green and blue get noise of their own; else it is grey."""

    def draw(self, rng: np.random.Generator, size: Size) -> Params:
        """A strength, and the seed of the noise."""
        u = rng.random(2).tolist()
        return {
            "std": uniform(u[0], *self.std),
            "per_channel": self.per_channel,
            "seed": drawn_seed(u[1]),
        }

    @classmethod
    def toned(cls, sample: Sample, params: Params) -> NDArray[Any]:
        """Gives v + std * n, with n of the standard normal distribution.

        Raises:
            SourceError: Black and white of the source are not known.
        """
        std, seed = number(params, "std"), integer(params, "seed")
        per_channel = flag(params, "per_channel")
        if std == 0:
            return sample.image
        image = _of_8_bits(sample)
        if image is not None:
            return kernels.noise.add_normal(image, std, 0.0, seed, per_channel=per_channel)
        normal = _normal(sample, seed)
        return from_unit(
            sample, to_unit(sample) + std / _WHITE * (normal if per_channel else normal[..., :1])
        )


class SpeckleNoise(Tonal):
    """Multiplies by normal noise, so that light pixels get more of it: radar's and ultrasound's.

    As the speckle noise of ImageNet-C (Hendrycks and Dietterich, 2019), whose five severities have
    a `std` of 0.15 to 0.6.
    """

    op: ClassVar[str] = "speckle_noise"

    std: Annotated[Span, within(0, 1)] = [0.03, 0.15]
    """Standard deviation as a share of a pixel's own level; 0 changes nothing."""

    def draw(self, rng: np.random.Generator, size: Size) -> Params:
        """A strength, and the seed of the noise."""
        u = rng.random(2).tolist()
        return {"std": uniform(u[0], *self.std), "seed": drawn_seed(u[1])}

    @classmethod
    def toned(cls, sample: Sample, params: Params) -> NDArray[Any]:
        """Gives v + v * std * n, with n of the standard normal distribution.

        Raises:
            SourceError: Black and white of the source are not known.
        """
        std, seed = number(params, "std"), integer(params, "seed")
        if std == 0:
            return sample.image
        image = _of_8_bits(sample)
        if image is not None:
            return kernels.noise.add_normal(image, 0.0, std, seed)
        unit = to_unit(sample)
        return from_unit(sample, unit + unit * std * _normal(sample, seed))


class IsoNoise(Tonal):
    """Noise of luma and of chroma, each of its own strength, as a camera's at high ISO.

    Normal numbers are added to Y, Cb and Cr (ITU-R BT.601, as in JPEG); grey images get that of
    luma. Albumentations' ISONoise turns hues, which leaves grey pixels without colour noise, and
    lightens the image by noise whose mean is not 0.
    """

    op: ClassVar[str] = "iso_noise"

    luma: Annotated[Span, within(0, 100)] = [2.0, 8.0]
    """Standard deviation of the noise of luma, in levels of 0 to 255: grain."""
    chroma: Annotated[Span, within(0, 100)] = [2.0, 8.0]
    """Standard deviation of the noise of Cb and Cr, in levels of 0 to 255: specks of colour."""

    def draw(self, rng: np.random.Generator, size: Size) -> Params:
        """Two strengths, and the seed of the noise."""
        u = rng.random(3).tolist()
        return {
            "luma": uniform(u[0], *self.luma),
            "chroma": uniform(u[1], *self.chroma),
            "seed": drawn_seed(u[2]),
        }

    @classmethod
    def toned(cls, sample: Sample, params: Params) -> NDArray[Any]:
        """Gives (Y + luma * n1, Cb + chroma * n2, Cr + chroma * n3), as RGB.

        Raises:
            SourceError: Black and white of the source are not known.
        """
        luma, chroma = number(params, "luma"), number(params, "chroma")
        seed = integer(params, "seed")
        is_gray = sample.color_channels == 1
        if luma == 0 and (chroma == 0 or is_gray):
            return sample.image
        matrix = _RGB_OF_YCBCR * (luma, chroma, chroma)
        image = _of_8_bits(sample)
        if image is not None:
            if is_gray:
                return kernels.noise.add_normal(image, luma, 0.0, seed)
            return kernels.noise.add_mixed_normal(image, matrix, seed)
        normal = _normal(sample, seed)
        if is_gray:
            return from_unit(sample, to_unit(sample) + luma / _WHITE * normal)
        return from_unit(sample, to_unit(sample) + _mixed(normal, matrix / _WHITE))


class ShotNoise(Tonal):
    """Counts photons, of which few arrive in dim light: Poisson noise, in steps of a photon.

    A level is the mean of a count. As the shot noise of ImageNet-C (Hendrycks and Dietterich,
    2019), whose five severities have 60, 25, 12, 5 and 3 photons. Counts are exact to a 4096th of
    their distribution; those of a mean above 64 are of a normal distribution, corrected for
    skewness.
    """

    op: ClassVar[str] = "shot_noise"

    photons: Annotated[Span, within(1, 1e6)] = [80.0, 800.0]
    """Photons that a white pixel counts on average. Noise in white is 255 / sqrt(photons) levels:
    25 for 100 photons, 8 for 1000."""

    def draw(self, rng: np.random.Generator, size: Size) -> Params:
        """A number of photons, and the seed of their counts."""
        u = rng.random(2).tolist()
        return {"photons": uniform(u[0], *self.photons), "seed": drawn_seed(u[1])}

    @classmethod
    def toned(cls, sample: Sample, params: Params) -> NDArray[Any]:
        """Gives Poisson(v * photons) / photons, with v from 0 for black to 1 for white.

        Raises:
            SourceError: Black and white of the source are not known.
        """
        photons, seed = number(params, "photons"), integer(params, "seed")
        image = _of_8_bits(sample)
        if image is not None:
            return kernels.noise.count_photons(image, photons, seed)
        means = to_unit(sample, np.float64) * photons
        return from_unit(sample, kernels.noise.poisson_numbers(means, seed) / photons)


class SaltAndPepper(Tonal):
    """Turns some pixels white and some black, as dead pixels and bits lost on the way do.

    A pixel turns as a whole, as in Albumentations' SaltAndPepper; ImageNet-C's impulse noise and
    scikit-image turn each channel by itself.
    """

    op: ClassVar[str] = "salt_and_pepper"

    amount: Annotated[Span, within(0, 1)] = [0.005, 0.03]
    """Share of the pixels that turn, from 0 to 1; 0 changes nothing."""
    salt_vs_pepper: Annotated[Span, within(0, 1)] = [0.5, 0.5]
    """Share of those that turn white, from 0 to 1; the others turn black."""

    def draw(self, rng: np.random.Generator, size: Size) -> Params:
        """The two shares, and the seed of which pixels they are."""
        u = rng.random(3).tolist()
        return {
            "amount": uniform(u[0], *self.amount),
            "salt_vs_pepper": uniform(u[1], *self.salt_vs_pepper),
            "seed": drawn_seed(u[2]),
        }

    @classmethod
    def toned(cls, sample: Sample, params: Params) -> NDArray[Any]:
        """The image with some pixels black and white.

        Raises:
            SourceError: Black and white of the source are not known.
        """
        amount, salt = number(params, "amount"), number(params, "salt_vs_pepper")
        seed = integer(params, "seed")
        if amount == 0:
            return sample.image
        white, black = amount * salt, amount * (1 - salt)
        image = _of_8_bits(sample)
        if image is not None:
            return kernels.noise.scatter(image, black, white, seed)
        lowest, highest = unit_range(sample)
        color = sample.image[..., : sample.color_channels].copy()
        turns_black, turns_white = kernels.noise.scattered(
            black, white, seed, sample.size.height * sample.size.width
        )
        color[turns_black.reshape(sample.size)] = lowest
        color[turns_white.reshape(sample.size)] = highest
        return with_color(sample.image, color)


def _of_8_bits(sample: Sample) -> NDArray[np.uint8] | None:
    """The image where it has 8 bits, for which there are kernels."""
    return sample.image.astype(np.uint8, copy=False) if sample.image.dtype == np.uint8 else None


def _normal(sample: Sample, seed: int) -> NDArray[np.float32]:
    """A standard normal number for each value: float32 (height, width, color_channels)."""
    height, width = sample.size
    normal = kernels.noise.normal_numbers(seed, height * width).reshape(height, width, 4)
    return normal[..., : sample.color_channels]


def _mixed(normal: NDArray[np.float32], matrix: NDArray[np.float64]) -> NDArray[np.float32]:
    """`matrix` times each pixel; summed in this order, as a matrix product may round in another."""
    a, b, c = matrix.astype(np.float32).T
    mixed: NDArray[np.float32] = normal[..., :1] * a + normal[..., 1:2] * b + normal[..., 2:] * c
    return mixed
