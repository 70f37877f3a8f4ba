"""What standardisation has to know of a whole data set: means, deviations, and ZCA's matrix.

Everything is summed in float64 about running means and merged by Chan, Golub and LeVeque
("Algorithms for computing the sample variance", 1983), so that neither a large mean nor a large
number of images costs digits. A data set never has to be in memory: `Moments` and `SecondMoment`
take it in pieces.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import reduce
from typing import Any

import numpy as np
from numpy.typing import NDArray

from augcli.transforms.standardization import Standardization

Vector = NDArray[np.float64]
Matrix = NDArray[np.float64]

_ROWS_AT_ONCE = 256  # images of an array that are taken in together


@dataclass(frozen=True, slots=True, eq=False)
class FullWhitening:
    """ZCA as one matrix: whitened row = row @ matrix.

    Attributes:
        matrix: (d, d), symmetric, d = height * width * channels.
    """

    matrix: Matrix

    @property
    def dimensions(self) -> int:
        """How many numbers an image has."""
        return len(self.matrix)

    def apply(self, rows: NDArray[np.floating]) -> Matrix:
        """Whitened rows, (n, d), of images whose mean is taken off."""
        return rows.astype(np.float64, copy=False) @ self.matrix


@dataclass(frozen=True, slots=True, eq=False)
class FactoredWhitening:
    """ZCA by the few directions that the images vary in, where they are fewer than dimensions.

    Its matrix, basis diag(scales) basis' + rest (I - basis basis'), is never formed.

    Attributes:
        basis: (d, r), orthonormal columns: the directions with a variance.
        scales: (r,), the factor of each direction, 1 / sqrt(variance + epsilon).
        rest: The factor of every other direction, 1 / sqrt(epsilon).
    """

    basis: Matrix
    scales: Vector
    rest: float

    @property
    def dimensions(self) -> int:
        """How many numbers an image has."""
        return len(self.basis)

    def apply(self, rows: NDArray[np.floating]) -> Matrix:
        """Whitened rows, (n, d), of images whose mean is taken off."""
        x = rows.astype(np.float64, copy=False)
        along = (x @ self.basis) * (self.scales - self.rest)
        return self.rest * x + along @ self.basis.T


Whitening = FullWhitening | FactoredWhitening


@dataclass(frozen=True, slots=True, eq=False)
class Statistics:
    """What was measured over a data set; None for what was not.

    Attributes:
        mean: (channels,), float64.
        std: (channels,), float64, of the population (divided by n).
        whitening: ZCA, for images that have `mean` taken off.
    """

    mean: Vector | None = None
    std: Vector | None = None
    whitening: Whitening | None = None

    def lacks(self, settings: Standardization) -> list[str]:
        """The settings, by name, that need a number which is not here."""
        needed = {
            "featurewise_center": self.mean,
            "featurewise_std_normalization": self.std,
            "zca_whitening": self.whitening,
        }
        return [name for name, found in needed.items() if getattr(settings, name) and found is None]

    def misfit(self, shape: tuple[int, ...]) -> str | None:
        """Why these are no statistics of images of `shape`, (height, width, channels); or None."""
        channels = shape[-1]
        if any(part is not None and len(part) != channels for part in (self.mean, self.std)):
            return f"the statistics are not of images of {channels} channels: set color_mode"
        if self.whitening is not None and self.whitening.dimensions != math.prod(shape):
            return (
                f"zca_whitening is of images of {self.whitening.dimensions} numbers, and this has "
                f"{' x '.join(map(str, shape))}: set target_size"
            )
        return None


@dataclass(frozen=True, slots=True, eq=False)
class Moments:
    """Count, mean and summed squared deviation of each channel.

    Attributes:
        count: How many pixels.
        mean: (channels,).
        deviation: (channels,), sum of (x - mean) ** 2.
    """

    count: int
    mean: Vector
    deviation: Vector

    @classmethod
    def of(cls, values: NDArray[Any]) -> Moments:
        """The moments of an image or a batch, shape (..., channels), of at least one pixel."""
        # Channel after channel, so that NumPy sums along memory, pairwise.
        channels = np.array(values.reshape(-1, values.shape[-1]).T, np.float64, order="C")
        mean = channels.mean(axis=1)
        channels -= mean[:, None]
        return cls(channels.shape[1], mean, np.einsum("cn,cn->c", channels, channels))

    def merged(self, other: Moments) -> Moments:
        """The moments of both together."""
        count = self.count + other.count
        between = other.mean - self.mean
        share = other.count / count
        return Moments(
            count,
            self.mean + between * share,
            self.deviation + other.deviation + between**2 * (self.count * share),
        )

    @property
    def std(self) -> Vector:
        """Standard deviation of each channel, of the population."""
        return np.sqrt(self.deviation / self.count)


class SecondMoment:
    """Sum over images of x x', taken about a running mean; one (d, d) matrix of memory.

    Args:
        dimensions: d, how many numbers an image has.
    """

    def __init__(self, dimensions: int) -> None:
        self._count = 0
        self._mean = np.zeros(dimensions)
        self._scatter = np.zeros((dimensions, dimensions))

    @property
    def dimensions(self) -> int:
        """How many numbers an image has."""
        return len(self._mean)

    def add(self, rows: NDArray[np.floating]) -> None:
        """Takes in images as rows, (n, d)."""
        n = len(rows)
        mean = rows.mean(axis=0, dtype=np.float64)
        between = mean - self._mean
        count = self._count + n
        centered = rows - mean
        self._scatter += centered.T @ centered
        self._scatter += np.outer(between, between * (self._count * n / count))
        self._mean += between * (n / count)
        self._count = count

    def about(self, center: Vector) -> Matrix:
        """Mean over images of (x - center)(x - center)', center (d,).

        It is made of this object's own matrix, which has no further use.
        """
        away = self._mean - center
        moment, self._scatter = self._scatter, np.empty((0, 0))
        moment /= self._count
        moment += np.outer(away, away)
        return moment


def whitening(moment: Matrix, epsilon: float) -> FullWhitening:
    """ZCA from the second moment of images: U diag(1 / sqrt(s + epsilon)) U'.

    As Keras-Preprocessing, which takes U and s from a singular value decomposition; those of a
    symmetric matrix without negative eigenvalues are its eigenvectors and eigenvalues.

    Args:
        moment: (d, d), symmetric; overwritten, to save memory.
        epsilon: `zca_epsilon`.
    """
    from scipy import linalg  # noqa: PLC0415  slow to load, and workers need none of it

    values, vectors = linalg.eigh(moment, overwrite_a=True, check_finite=False, driver="evd")
    vectors *= (np.maximum(values, 0) + epsilon) ** -0.25  # half of each scale on either side
    return FullWhitening(vectors @ vectors.T)


def factored_whitening(rows: Matrix, epsilon: float) -> FactoredWhitening:
    """ZCA from the images themselves, where they are fewer than dimensions.

    Args:
        rows: (n, d), n < d, the mean taken off; overwritten, to save memory.
        epsilon: `zca_epsilon`.
    """
    from scipy import linalg  # noqa: PLC0415  see above

    _, roots, basis = linalg.svd(rows, full_matrices=False, overwrite_a=True, check_finite=False)
    scales = 1 / np.sqrt(roots**2 / len(rows) + epsilon)
    return FactoredWhitening(np.ascontiguousarray(basis.T), scales, epsilon**-0.5)


def fit_array(images: NDArray[Any], settings: Standardization) -> Statistics:
    """What the settings need to know of an array of images, as Keras' `fit` measures it.

    The images are taken as they are: `rescale`, where there is one, comes before.

    Args:
        images: (n, height, width, channels), n at least 1.
        settings: As `implied` gives them.
    """
    pieces = [
        images[start : start + _ROWS_AT_ONCE] for start in range(0, len(images), _ROWS_AT_ONCE)
    ]
    moments = reduce(Moments.merged, map(Moments.of, pieces))
    mean = moments.mean if settings.featurewise_center else None
    std = moments.std if settings.featurewise_std_normalization else None
    if not settings.zca_whitening:
        return Statistics(mean, std)
    pixels = images.shape[1] * images.shape[2]
    second = SecondMoment(pixels * images.shape[3])
    for piece in pieces:
        second.add(piece.reshape(len(piece), -1))
    moment = second.about(np.tile(moments.mean, pixels))
    return Statistics(mean, std, whitening(moment, settings.zca_epsilon))
