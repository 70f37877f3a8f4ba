"""How sharp pixels are: filters that bring out edges.

Alpha stays as it is, and so does the image where the parameters say nothing. 8 bits are filtered in
fixed point, other depths by SciPy; all need to know what is black and white, since results are cut
off there.
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Annotated, Any, ClassVar

import numpy as np

from augcli import kernels
from augcli.transforms.base import Params, Sample, Size, uniform, whole
from augcli.transforms.blur import blurred, correlated, gaussian, with_alpha_of
from augcli.transforms.params import integer, number
from augcli.transforms.settings import Around1, Span, WholeSpan, within
from augcli.transforms.tonal import Tonal, from_unit, to_unit

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    Floats = NDArray[np.float64]

_SMOOTH = np.array([[1.0, 1.0, 1.0], [1.0, 5.0, 1.0], [1.0, 1.0, 1.0]]) / 13


class Sharpen(Tonal):
    """Adds what a pixel has beyond its eight neighbours; imgaug's and Albumentations' `Sharpen`.

    The image, and the image under the kernel of 8 + lightness in the middle and -1 around it, are
    mixed, `alpha` of the latter.
    """

    op: ClassVar[str] = "sharpen"

    alpha: Annotated[Span, within(0, 1)] = [0.1, 0.3]
    """Share of the sharpened image: 0 changes nothing, 1 leaves little but edges."""
    lightness: Annotated[Span, within(0, 5)] = [1.0, 1.0]
    """1 keeps flat areas as light as they are, less darkens, and more lightens them."""

    def draw(self, rng: np.random.Generator, size: Size) -> Params:
        """A share and a lightness."""
        u = rng.random(2)
        return {"alpha": uniform(u[0], *self.alpha), "lightness": uniform(u[1], *self.lightness)}

    @classmethod
    def toned(cls, sample: Sample, params: Params) -> NDArray[Any]:
        """The image under the mixed kernel."""
        kernel = np.full((3, 3), -1.0)
        kernel[1, 1] = 8 + number(params, "lightness")
        return _mixed(sample, kernel, number(params, "alpha"))


class Emboss(Tonal):
    """Makes the image a relief, lit from the upper left; imgaug's and Albumentations' `Emboss`.

    The image, and the image under a kernel that takes from every pixel what is above and left of
    it and adds what is below and right, are mixed, `alpha` of the latter.
    """

    op: ClassVar[str] = "emboss"

    alpha: Annotated[Span, within(0, 1)] = [0.2, 0.5]
    """Share of the relief: 0 changes nothing."""
    strength: Annotated[Span, within(0, 5)] = [0.2, 0.7]
    """How steep it is."""

    def draw(self, rng: np.random.Generator, size: Size) -> Params:
        """A share and a strength."""
        u = rng.random(2)
        return {"alpha": uniform(u[0], *self.alpha), "strength": uniform(u[1], *self.strength)}

    @classmethod
    def toned(cls, sample: Sample, params: Params) -> NDArray[Any]:
        """The image under the mixed kernel."""
        steep = number(params, "strength")
        kernel = np.array(
            [[-1 - steep, -steep, 0.0], [-steep, 1.0, steep], [0.0, steep, 1 + steep]]
        )
        return _mixed(sample, kernel, number(params, "alpha"))


class Sharpness(Tonal):
    """Pillow's and torchvision's sharpness: smooth + factor * (image - smooth).

    `smooth` is the image under 3 x 3 weights, 5 in the middle and 1 around it; outermost pixels
    stay as they are.
    """

    op: ClassVar[str] = "sharpness"

    factor: Annotated[Around1, within(0, 10)] = [0.5, 2.0]
    """Factor: 0 is smooth, 1 changes nothing, 2 is sharp. A number r is short for
    [1 - r, 1 + r]."""

    def draw(self, rng: np.random.Generator, size: Size) -> Params:
        """One factor."""
        return {"factor": uniform(rng.random(), *self.factor)}

    @classmethod
    def toned(cls, sample: Sample, params: Params) -> NDArray[Any]:
        """The image, away from the smooth one or towards it."""
        amount = number(params, "factor") - 1
        if amount == 0:
            return sample.image
        if sample.image.dtype == np.uint8:
            image = sample.image.astype(np.uint8, copy=False)
            smooth = kernels.filters.correlate(image, _SMOOTH)
            _copy_border(image, smooth)
            sharp = kernels.filters.exaggerate(image, smooth, amount)
            return with_alpha_of(sample, sharp)
        unit = to_unit(sample, np.float64)
        difference = unit - _planes(unit, partial(correlated, kernel=_SMOOTH))
        _copy_border(np.zeros_like(unit), difference)
        return from_unit(sample, unit + amount * difference)


class UnsharpMask(Tonal):
    """Unsharp masking: adds to an image what a Gaussian blur takes from it.

    As Pillow's `ImageFilter.UnsharpMask`, by the same names, but for the blur: Pillow's is made of
    three box blurs, ours is the Gaussian itself.
    """

    op: ClassVar[str] = "unsharp_mask"

    radius: Annotated[Span, within(0, 50)] = [1.0, 2.0]
    """Standard deviation of the blur, in pixels: how broad the edges are that gain."""
    percent: Annotated[Span, within(0, 1000)] = [50.0, 150.0]
    """How much of the difference is added; 0 changes nothing, 100 doubles it."""
    threshold: Annotated[WholeSpan, within(0, 255)] = [0, 3]
    """Levels of 0..255; where image and blur differ by no more, as they do by noise, the image
    stays."""

    def draw(self, rng: np.random.Generator, size: Size) -> Params:
        """A radius, a percentage and a threshold."""
        u = rng.random(3)
        return {
            "radius": uniform(u[0], *self.radius),
            "percent": uniform(u[1], *self.percent),
            "threshold": whole(u[2], *self.threshold),
        }

    @classmethod
    def toned(cls, sample: Sample, params: Params) -> NDArray[Any]:
        """The sharpened image."""
        weights = gaussian(number(params, "radius"))
        amount, threshold = number(params, "percent") / 100, integer(params, "threshold")
        if weights.size == 1 or amount == 0:
            return sample.image
        if sample.image.dtype == np.uint8:
            image = sample.image.astype(np.uint8, copy=False)
            soft = kernels.filters.symmetric(image, weights)
            sharp = kernels.filters.exaggerate(image, soft, amount, threshold)
            return with_alpha_of(sample, sharp)
        unit = to_unit(sample, np.float64)
        difference = unit - _planes(unit, partial(blurred, weights=weights))
        difference[np.abs(difference) * 255 <= threshold] = 0
        return from_unit(sample, unit + amount * difference)


def _mixed(sample: Sample, kernel: Floats, alpha: float) -> NDArray[Any]:
    """The image and, `alpha` of it, the image under a kernel (3, 3)."""
    if alpha == 0:
        return sample.image
    mixed = alpha * kernel
    mixed[1, 1] += 1 - alpha
    if sample.image.dtype == np.uint8:
        image = sample.image.astype(np.uint8, copy=False)
        return with_alpha_of(sample, kernels.filters.correlate(image, mixed))
    return from_unit(
        sample, _planes(to_unit(sample, np.float64), partial(correlated, kernel=mixed))
    )


def _planes(unit: Floats, plane_filter: Callable[[Floats], Floats]) -> Floats:
    """(height, width, channels), each channel through a filter."""
    return np.stack([plane_filter(unit[..., k]) for k in range(unit.shape[2])], axis=-1)


def _copy_border(image: NDArray[Any], out: NDArray[Any]) -> None:
    """Gives `out` the outermost pixels of `image`."""
    for edge in (0, -1):
        out[edge] = image[edge]
        out[:, edge] = image[:, edge]
