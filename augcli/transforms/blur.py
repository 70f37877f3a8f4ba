"""How sharp pixels are not: blurs of lenses, of movement, and of noise removal.

Alpha stays as it is, and so does the image where the parameters say nothing. Beyond its edges the
image is mirrored about the centres of its outermost pixels (d c b | a b c d | c b a), as OpenCV's
filters do. No blur needs to know what is black and white: all of them take any depth. 8 bits are
filtered in fixed point, other depths by SciPy, in float64, and rounded half up.
"""

from __future__ import annotations

import math
from functools import lru_cache, partial
from typing import TYPE_CHECKING, Annotated, Any, ClassVar

import numpy as np
from pydantic import AfterValidator

from augcli import kernels
from augcli.transforms.base import Params, Sample, Size, uniform, whole
from augcli.transforms.params import integer, number
from augcli.transforms.settings import Around0, Span, WholeSpan, within
from augcli.transforms.tonal import Tonal, with_color

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    Floats = NDArray[np.float64]

_REACH = 4.0  # standard deviations, at which a Gaussian is cut off


def _check_odd(value: list[int]) -> list[int]:
    if not all(size % 2 for size in value):
        raise ValueError("expected odd numbers, such as [3, 7], so that there is a middle pixel")
    return value


Odd = AfterValidator(_check_odd)
"""Both ends of a range are odd; only odd numbers are drawn."""


class GaussianBlur(Tonal):
    """Blurs as a lens a little out of focus: every pixel becomes a mean under a Gaussian bell.

    The bell is cut at four standard deviations, as SciPy's; OpenCV and Albumentations cut 8-bit
    images' at three and a half or less.
    """

    op: ClassVar[str] = "gaussian_blur"

    sigma: Annotated[Span, within(0, 50)] = [0.3, 1.5]
    """Standard deviation of the bell, in pixels; up to an eighth changes nothing."""

    def draw(self, rng: np.random.Generator, size: Size) -> Params:
        """One standard deviation."""
        return {"sigma": uniform(rng.random(), *self.sigma)}

    @classmethod
    def toned(cls, sample: Sample, params: Params) -> NDArray[Any]:
        """The blurred image."""
        weights = gaussian(number(params, "sigma"))
        if weights.size == 1:
            return sample.image
        if sample.image.dtype == np.uint8:
            return with_alpha_of(sample, kernels.filters.symmetric(_bytes_of(sample), weights))
        return filtered(sample, partial(blurred, weights=weights))


class BoxBlur(Tonal):
    """Every pixel becomes the plain mean of a square around it; Albumentations' `Blur`."""

    op: ClassVar[str] = "box_blur"

    kernel_size: Annotated[WholeSpan, within(1, 101), Odd] = [3, 5]
    """Pixels a side of the square, odd; 1 changes nothing."""

    def draw(self, rng: np.random.Generator, size: Size) -> Params:
        """One odd size."""
        return {"kernel_size": _odd(rng.random(), *self.kernel_size)}

    @classmethod
    def toned(cls, sample: Sample, params: Params) -> NDArray[Any]:
        """The blurred image."""
        size = integer(params, "kernel_size")
        if size == 1:
            return sample.image
        if sample.image.dtype == np.uint8:
            return with_alpha_of(sample, kernels.filters.box(_bytes_of(sample), size))
        return filtered(sample, partial(_uniform, size=size))


class MedianBlur(Tonal):
    """Every value becomes the middle one of a square around it: specks go, edges stay.

    Each channel by itself, as OpenCV and Albumentations do.
    """

    op: ClassVar[str] = "median_blur"

    kernel_size: Annotated[WholeSpan, within(1, 9), Odd] = [3, 5]
    """Pixels a side of the square, odd; 1 changes nothing."""

    def draw(self, rng: np.random.Generator, size: Size) -> Params:
        """One odd size."""
        return {"kernel_size": _odd(rng.random(), *self.kernel_size)}

    @classmethod
    def toned(cls, sample: Sample, params: Params) -> NDArray[Any]:
        """The image of medians."""
        size = integer(params, "kernel_size")
        if size == 1:
            return sample.image
        if sample.image.dtype == np.uint8:
            return with_alpha_of(sample, kernels.medians.median(_bytes_of(sample), size))
        return filtered(sample, partial(_median, size=size))


class MotionBlur(Tonal):
    """Smears the image along a line, as if the camera had moved while the shutter was open.

    The line is centred on the pixel and antialiased, so that angles and lengths change it smoothly;
    Albumentations draws it from pixel to pixel.
    """

    op: ClassVar[str] = "motion_blur"

    length: Annotated[Span, within(1, 100)] = [3.0, 9.0]
    """Length of the line, in pixels; 1 changes nothing."""
    angle: Annotated[Around0, within(-360, 360)] = [-90.0, 90.0]
    """Its direction, in degrees: 0 is level, 45 rises to the right. A number r is short for
    [-r, r]."""

    def draw(self, rng: np.random.Generator, size: Size) -> Params:
        """A length and an angle."""
        u = rng.random(2)
        return {"length": uniform(u[0], *self.length), "angle": uniform(u[1], *self.angle)}

    @classmethod
    def toned(cls, sample: Sample, params: Params) -> NDArray[Any]:
        """The smeared image."""
        return convolved(sample, line(number(params, "length"), number(params, "angle")))


class Defocus(Tonal):
    """Blurs as a lens out of focus, whose points of light become discs.

    The disc is that of ImageNet-C (Hendrycks and Dietterich, 2019): all pixels up to `radius` away,
    its edge smoothed by a Gaussian.
    """

    op: ClassVar[str] = "defocus"

    radius: Annotated[Span, within(0, 30)] = [1.0, 3.0]
    """Radius of the disc, in pixels."""
    alias_blur: Annotated[Span, within(0, 2)] = [0.1, 0.5]
    """Standard deviation of the Gaussian that smooths its edge, in pixels."""

    def draw(self, rng: np.random.Generator, size: Size) -> Params:
        """A radius and a smoothing."""
        u = rng.random(2)
        return {
            "radius": uniform(u[0], *self.radius),
            "alias_blur": uniform(u[1], *self.alias_blur),
        }

    @classmethod
    def toned(cls, sample: Sample, params: Params) -> NDArray[Any]:
        """The blurred image."""
        return convolved(sample, disc(number(params, "radius"), number(params, "alias_blur")))


class ZoomBlur(Tonal):
    """Blurs from the middle outwards, as if the camera had been zoomed while the shutter was open.

    The mean of the image magnified about its centre by 1, 1 + step, 1 + 2 steps, ..., as
    ImageNet-C's (Hendrycks and Dietterich, 2019), which counts the image itself twice.
    """

    op: ClassVar[str] = "zoom_blur"

    max_factor: Annotated[Span, within(1, 2)] = [1.02, 1.1]
    """The largest magnification; 1 changes nothing."""
    step_factor: Annotated[Span, within(0.005, 1)] = [0.01, 0.02]
    """How much more each copy is magnified than the one before it."""

    def draw(self, rng: np.random.Generator, size: Size) -> Params:
        """The largest magnification, and the step."""
        u = rng.random(2)
        return {
            "max_factor": uniform(u[0], *self.max_factor),
            "step_factor": uniform(u[1], *self.step_factor),
        }

    @classmethod
    def toned(cls, sample: Sample, params: Params) -> NDArray[Any]:
        """The mean of the magnified images."""
        reach = number(params, "max_factor") - 1
        step = number(params, "step_factor")
        count = math.floor(round(reach / step, 6))
        if count == 0:
            return sample.image
        factors = [1 + step * i for i in range(1, count + 1)]
        if sample.image.dtype == np.uint8:
            return with_alpha_of(sample, _zoomed_8_bit(_bytes_of(sample), factors))
        return filtered(sample, partial(_zoomed, factors=factors))


def _odd(u: float, low: int, high: int) -> int:
    """The odd number at `u`, from [0, 1), of low, low + 2, ..., high, all as likely."""
    return 2 * whole(u, low // 2, high // 2) + 1


@lru_cache(maxsize=8)
def gaussian(sigma: float) -> Floats:
    """A Gaussian's weights, (2 * reach + 1,), whose sum is 1, up to four standard deviations."""
    reach = int(_REACH * sigma + 0.5)
    if reach == 0:
        return np.ones(1)
    # Rounded, since the last bit of an exponential differs between C libraries.
    bell = [round(math.exp(-0.5 * (i / sigma) ** 2), 9) for i in range(-reach, reach + 1)]
    return np.array(bell) / math.fsum(bell)


@lru_cache(maxsize=8)
def line(length: float, degrees: float) -> Floats:
    """The kernel of an antialiased line through the middle, (n, n), whose sum is 1.

    A pixel's weight falls linearly, from its centre on the line to one pixel beside it, and past
    the line's ends likewise.
    """
    radians = math.radians(degrees)
    along_x, along_y = round(math.cos(radians), 9), round(-math.sin(radians), 9)
    half = (length - 1) / 2
    reach = math.ceil(half)
    y, x = np.mgrid[-reach : reach + 1, -reach : reach + 1].astype(np.float64)
    beyond = np.maximum(np.abs(x * along_x + y * along_y) - half, 0)
    beside = np.abs(x * along_y - y * along_x)
    return _of_sum_1(np.clip(1 - beyond, 0, 1) * np.clip(1 - beside, 0, 1))


@lru_cache(maxsize=8)
def disc(radius: float, alias_blur: float) -> Floats:
    """The kernel of a disc with a smooth edge, (n, n), whose sum is 1."""
    edge = gaussian(alias_blur)
    reach = int(radius)
    y, x = np.mgrid[-reach : reach + 1, -reach : reach + 1]
    flat = np.pad((x * x + y * y <= radius * radius).astype(np.float64), edge.size // 2)
    return _of_sum_1(_along(_along(flat, edge), edge))


def _along(values: Floats, weights: Floats) -> Floats:
    """The transpose of `values` (n, n), each row convolved with `weights`; 0 beyond the edges."""
    return np.array([np.convolve(row, weights, mode="same") for row in values]).T


def _of_sum_1(kernel: Floats) -> Floats:
    """A kernel of weights from 0 on, scaled to the sum 1; what differs between CPUs rounded off."""
    rounded: Floats = np.round(kernel / math.fsum(kernel.ravel()), 9)
    return rounded / math.fsum(rounded.ravel())


def convolved(sample: Sample, kernel: Floats) -> NDArray[Any]:
    """The image filtered by a kernel (rows, columns), both odd, whose sum is 1."""
    if np.count_nonzero(kernel) == 1:
        return sample.image
    if sample.image.dtype == np.uint8:
        return with_alpha_of(sample, kernels.filters.correlate(_bytes_of(sample), kernel))
    return filtered(sample, partial(correlated, kernel=kernel))


def with_alpha_of(sample: Sample, image: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """`image` itself, of the sample's shape, after it was given the sample's alpha."""
    colors = sample.color_channels
    if colors < image.shape[2]:
        image[..., colors:] = sample.image[..., colors:]
    return image


def _bytes_of(sample: Sample) -> NDArray[np.uint8]:
    return sample.image.astype(np.uint8, copy=False)


def filtered(sample: Sample, plane_filter: Callable[[Floats], Floats]) -> NDArray[Any]:
    """The image of any depth, each plane of colour through a filter in float64.

    Integers are rounded half up, and kept to their levels.
    """
    color = sample.image[..., : sample.color_channels].astype(np.float64)
    for channel in range(color.shape[2]):
        color[..., channel] = plane_filter(color[..., channel])
    if sample.levels is not None:
        low, high = sample.levels
        np.clip(np.floor(color + 0.5), low, high, out=color)
    return with_color(sample.image, color)


def correlated(plane: Floats, kernel: Floats) -> Floats:
    """A plane filtered by SciPy, mirrored beyond its edges."""
    from scipy import ndimage  # noqa: PLC0415  takes long to load; 8 bits need none of it

    result: Floats = ndimage.correlate(plane, kernel, mode="mirror")
    return result


def blurred(plane: Floats, weights: Floats) -> Floats:
    """A plane filtered by SciPy down its columns and along its rows, by the same weights (n,)."""
    from scipy import ndimage  # noqa: PLC0415  as above

    result: Floats = ndimage.correlate1d(plane, weights, axis=0, mode="mirror")
    return ndimage.correlate1d(result, weights, axis=1, mode="mirror")


def _uniform(plane: Floats, size: int) -> Floats:
    from scipy import ndimage  # noqa: PLC0415  as above

    result: Floats = ndimage.uniform_filter(plane, size, mode="mirror")
    return result


def _median(plane: Floats, size: int) -> Floats:
    from scipy import ndimage  # noqa: PLC0415  as above

    result: Floats = ndimage.median_filter(plane, size, mode="mirror")
    return result


def _zoom(factor: float, height: int, width: int) -> tuple[Floats, Floats]:
    """The map, matrix and offset, that magnifies about the centre."""
    middle = np.array([(height - 1) / 2, (width - 1) / 2])
    return np.eye(2) / factor, middle * (1 - 1 / factor)


def _zoomed_8_bit(image: NDArray[np.uint8], factors: list[float]) -> NDArray[np.uint8]:
    """The mean of the image and its magnified copies, up to 200, rounded half up."""
    height, width, _ = image.shape
    total = kernels.filters.rows_of_bytes(image).astype(np.uint16)
    for factor in factors:
        matrix, offset = _zoom(factor, height, width)
        copy = kernels.warp.warp_affine(image, matrix, offset, order=1, fill_mode="nearest")
        total += kernels.filters.rows_of_bytes(copy)
    count = np.uint16(len(factors) + 1)
    mean, rows = kernels.filters.new_image(image)
    rows[...] = (total + count // 2) // count
    return mean


def _zoomed(plane: Floats, factors: list[float]) -> Floats:
    """The mean of the plane and its magnified copies."""
    from scipy import ndimage  # noqa: PLC0415  as above

    total = plane.copy()
    for factor in factors:
        matrix, offset = _zoom(factor, *plane.shape)
        total += ndimage.affine_transform(plane, matrix, offset, order=1, mode="nearest")
    return total / (len(factors) + 1)
