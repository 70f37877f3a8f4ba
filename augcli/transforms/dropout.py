"""What hides parts of an image: squares, rectangles, grids, single pixels.

Alpha stays as it is. Annotated objects stay as they are, also where all of one is hidden. A mask
stays too, unless `mask_fill` says what is written over it.
"""

from __future__ import annotations

import math
from dataclasses import replace
from typing import TYPE_CHECKING, Annotated, Any, ClassVar

import numpy as np
from pydantic import BeforeValidator, Field, WithJsonSchema

from augcli import kernels
from augcli.errors import SourceError
from augcli.transforms.base import Params, Sample, Size, Transform, drawn_seed, uniform, whole
from augcli.transforms.params import flag, integer, number
from augcli.transforms.settings import Span, WholeSpan, within
from augcli.transforms.tonal import unit_range

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from numpy.typing import NDArray

    Rectangle = tuple[slice, slice]  # rows and columns, within the image
    Filling = Callable[[tuple[int, ...]], NDArray[Any]]
    """Values for pixels of a shape (..., color channels), or what is broadcast to it."""

_CHANCES = 65536  # what the chance of a pixel to be hidden is counted in


def _check_fill(value: object) -> object:
    is_level = isinstance(value, int) and not isinstance(value, bool) and 0 <= value <= 255
    if not is_level and value not in ("mean", "noise"):
        raise ValueError("expected a level from 0 to 255, 'mean' or 'noise'")
    return value


Fill = Annotated[
    int | str,
    BeforeValidator(_check_fill),
    WithJsonSchema(
        {
            "anyOf": [
                {"type": "integer", "minimum": 0, "maximum": 255},
                {"enum": ["mean", "noise"]},
            ]
        }
    ),
]
"""What is written over pixels: a level, or a word for what is not one level."""


class Hiding(Transform):
    """Writes something over a part of the image."""

    fill: Fill = 0
    """What hidden pixels show: a level from 0 to 255, of whatever depth the image is; `mean`, the
    image's mean colour; or `noise`, a random colour for each pixel."""
    mask_fill: Annotated[int, Field(ge=0, le=65535)] | None = None
    """Id that hidden pixels get in the mask; left out, the mask stays as it is."""

    def _filling(self, u: float) -> Params:
        """The two settings as parameters, with the seed of the noise if there is any."""
        return {
            "fill": self.fill,
            "fill_seed": drawn_seed(u) if self.fill == "noise" else None,
            "mask_fill": self.mask_fill,
        }


class Rectangles(Hiding):
    """Writes over rectangles."""

    @classmethod
    def rectangles(cls, params: Params, size: Size) -> Sequence[Rectangle]:
        """What is hidden of an image of `size`; none of them is empty."""
        raise NotImplementedError

    @classmethod
    def apply(cls, sample: Sample, params: Params) -> Sample:
        """The sample with its rectangles hidden.

        Raises:
            SourceError: The fill is a level or noise, and the image has no known black and white;
                or the mask cannot hold `mask_fill`.
        """
        rectangles = cls.rectangles(params, sample.size)
        if not rectangles:
            return sample
        image = _copied(sample.image)
        color = image[..., : sample.color_channels]
        filling = _filling(sample, params)
        for rectangle in rectangles:
            color[rectangle] = filling(color[rectangle].shape)
        mask = _mask_to_fill(sample, params)
        if mask is not None:
            for rectangle in rectangles:
                mask[rectangle] = integer(params, "mask_fill")
        return replace(sample, image=image, mask=sample.mask if mask is None else mask)


def _filling(sample: Sample, params: Params) -> Filling:
    """What gives the values that hidden pixels of a sample get, in the image's dtype.

    Raises:
        SourceError: The fill is a level or noise, and the image has no known black and white.
    """
    dtype = sample.image.dtype
    if params["fill"] == "mean":
        mean = _rounded(_mean_color(sample), dtype)
        return lambda _: mean
    _, white = unit_range(sample)
    if params["fill"] == "noise":
        generator = _generator(params, "fill_seed")
        return lambda shape: _noise(generator, shape, white, dtype)
    level = _rounded(np.array(number(params, "fill") / 255 * white), dtype)
    return lambda _: level


def _noise(
    generator: np.random.Generator, shape: tuple[int, ...], white: float, dtype: np.dtype[Any]
) -> NDArray[Any]:
    """Values from black to white, all as likely; 8 bits are the upper half of 16."""
    noise = generator.integers(0, 65536, shape, np.uint16)
    if dtype == np.uint8:
        return (noise >> 8).astype(np.uint8)
    return _rounded(noise * (white / 65535), dtype)


def _rounded(values: NDArray[np.float64], dtype: np.dtype[Any]) -> NDArray[Any]:
    """The values in an image's dtype; integers are rounded half up."""
    return (np.floor(values + 0.5) if dtype.kind in "iu" else values).astype(dtype)


def _mean_color(sample: Sample) -> NDArray[np.float64]:
    """The mean of each colour channel."""
    image = sample.image
    if image.dtype == np.uint8:
        counts = kernels.contrast.histograms(image.astype(np.uint8, copy=False))
        return np.asarray(counts @ np.arange(256) / (image.shape[0] * image.shape[1]))
    color = image[..., : sample.color_channels]
    return np.asarray(color.mean(axis=(0, 1), dtype=np.float64))


def _mask_to_fill(sample: Sample, params: Params) -> NDArray[Any] | None:
    """A copy of the mask to write `mask_fill` into; None if nothing is to be written.

    Raises:
        SourceError: The mask cannot hold that id.
    """
    mask, mask_fill = sample.mask, params["mask_fill"]
    if mask is None or mask_fill is None:
        return None
    highest = np.iinfo(mask.dtype).max
    if integer(params, "mask_fill") > highest:
        raise SourceError(
            "transform",
            f"id {mask_fill} does not fit into a mask of {mask.dtype}, which holds up to "
            f"{highest}: give another mask_fill",
        )
    return mask.copy()


def _copied(image: NDArray[Any]) -> NDArray[Any]:
    """A copy to write into, 8 bits packed."""
    if image.dtype != np.uint8:
        return image.copy()
    pixels: NDArray[np.uint8] = image.astype(np.uint8, copy=False)
    copy = kernels.packed.empty(*pixels.shape)
    kernels.packed.as_words(copy)[...] = kernels.packed.as_words(pixels)
    return copy


def _generator(params: Params, seed: str) -> np.random.Generator:
    return np.random.Generator(np.random.Philox(integer(params, seed)))


def _rectangle(top: int, left: int, height: int, width: int, size: Size) -> list[Rectangle]:
    """A rectangle, cut to the image; none if nothing of it is left."""
    rows = slice(max(top, 0), min(top + height, size.height))
    columns = slice(max(left, 0), min(left + width, size.width))
    is_empty = rows.start >= rows.stop or columns.start >= columns.stop
    return [] if is_empty else [(rows, columns)]


def _share_of(share: float, length: int) -> int:
    """A share of a length in whole pixels: at least one, unless the share is 0."""
    return max(math.floor(share * length + 0.5), 1) if share else 0


class _OneRectangle(Rectangles):
    """Writes over a rectangle, which may reach beyond the image."""

    @classmethod
    def rectangles(cls, params: Params, size: Size) -> Sequence[Rectangle]:
        """The one."""
        top, left = integer(params, "top"), integer(params, "left")
        return _rectangle(top, left, integer(params, "height"), integer(params, "width"), size)


class Cutout(_OneRectangle):
    """Hides a square, whose centre may be anywhere: near an edge, a part of it is cut off.

    T. DeVries and G. W. Taylor, "Improved Regularization of Convolutional Neural Networks with
    Cutout" (2017). `coarse_dropout` hides several rectangles, all of them whole.
    """

    op: ClassVar[str] = "cutout"

    size: Annotated[Span, within(0, 1)] = [0.2, 0.4]
    """Side of the square, as a share of the image's shorter side; 0 hides nothing."""

    def draw(self, rng: np.random.Generator, size: Size) -> Params:
        """The square, in pixels."""
        u = rng.random(4)
        side = _share_of(uniform(u[0], *self.size), min(size))
        return {
            "top": whole(u[1], 0, size.height - 1) - side // 2,
            "left": whole(u[2], 0, size.width - 1) - side // 2,
            "height": side,
            "width": side,
            **self._filling(u[3]),
        }


class RandomErasing(_OneRectangle):
    """Hides a rectangle of random area and shape, all of it within the image.

    Z. Zhong et al., "Random Erasing Data Augmentation" (2020): filled with noise, as there. Shapes
    are drawn evenly on a logarithmic scale, as torchvision does. Where the paper tries again until
    a rectangle fits, its shape is drawn here from those that fit; only if there are none, its sides
    are cut to the image's.
    """

    op: ClassVar[str] = "random_erasing"

    scale: Annotated[Span, within(0, 1)] = [0.02, 0.33]
    """Part of the image's area; 0 hides nothing."""
    ratio: Annotated[Span, within(0.01, 100)] = [0.3, 3.3]
    """Height over width of the rectangle."""
    fill: Fill = "noise"
    """What hidden pixels show: `noise`, a random colour for each pixel; `mean`, the image's mean
    colour; or a level from 0 to 255, of whatever depth the image is."""

    def draw(self, rng: np.random.Generator, size: Size) -> Params:
        """The rectangle, in pixels."""
        u = rng.random(5)
        height, width = self._sides(u[0], u[1], size)
        return {
            "top": whole(u[2], 0, size.height - height),
            "left": whole(u[3], 0, size.width - width),
            "height": height,
            "width": width,
            **self._filling(u[4]),
        }

    def _sides(self, u_area: float, u_ratio: float, size: Size) -> tuple[int, int]:
        """Height and width."""
        area = uniform(u_area, *self.scale) * size.height * size.width
        if area == 0:
            return 0, 0
        lowest, highest = self.ratio
        low = min(max(lowest, area / size.width**2), highest)
        high = max(min(highest, size.height**2 / area), low)
        ratio = low * (high / low) ** u_ratio
        return (
            min(max(math.floor(math.sqrt(area * ratio) + 0.5), 1), size.height),
            min(max(math.floor(math.sqrt(area / ratio) + 0.5), 1), size.width),
        )


class CoarseDropout(Rectangles):
    """Hides some rectangles, each of its own size and all of them within the image.

    They may overlap. As Albumentations' transform of this name, but for sizes, which are shares of
    the image's sides here whatever they are.
    """

    op: ClassVar[str] = "coarse_dropout"

    num_holes: Annotated[WholeSpan, within(0, 1000)] = [2, 6]
    """How many rectangles."""
    hole_height: Annotated[Span, within(0, 1)] = [0.05, 0.15]
    """Height of each, drawn from this range, as a share of the image's height."""
    hole_width: Annotated[Span, within(0, 1)] = [0.05, 0.15]
    """Width of each, drawn from this range, as a share of the image's width."""

    def draw(self, rng: np.random.Generator, size: Size) -> Params:
        """How many, between which heights and widths in pixels, and a seed of where they are."""
        u = rng.random(3)
        lowest, highest = (_share_of(share, size.height) for share in self.hole_height)
        narrowest, widest = (_share_of(share, size.width) for share in self.hole_width)
        return {
            "num_holes": whole(u[0], *self.num_holes),
            "min_height": lowest,
            "max_height": highest,
            "min_width": narrowest,
            "max_width": widest,
            "seed": drawn_seed(u[1]),
            **self._filling(u[2]),
        }

    @classmethod
    def rectangles(cls, params: Params, size: Size) -> Sequence[Rectangle]:
        """All of them, from the seed."""
        shapes = _generator(params, "seed").random((integer(params, "num_holes"), 4))
        found: list[Rectangle] = []
        for u_height, u_width, u_top, u_left in shapes.tolist():
            height = whole(u_height, integer(params, "min_height"), integer(params, "max_height"))
            width = whole(u_width, integer(params, "min_width"), integer(params, "max_width"))
            top = whole(u_top, 0, max(size.height - height, 0))
            left = whole(u_left, 0, max(size.width - width, 0))
            found += _rectangle(top, left, height, width, size)
        return found


class GridDropout(Rectangles):
    """Hides squares at equal distances from each other.

    P. Chen et al., "GridMask Data Augmentation" (2020), without the rotation of the grid. `ratio`
    is what is hidden, as in Albumentations, where the paper's is what is kept.
    """

    op: ClassVar[str] = "grid_dropout"

    unit_size: Annotated[Span, within(0.01, 1)] = [0.15, 0.3]
    """From one square to the next, as a share of the image's shorter side."""
    ratio: Annotated[Span, within(0, 1)] = [0.4, 0.5]
    """Side of a square, as a share of that distance; 0 hides nothing and 1 everything."""
    random_offset: bool = True
    """Whether the grid begins anywhere; false: with a square in the upper left corner."""

    def draw(self, rng: np.random.Generator, size: Size) -> Params:
        """Distance, side and beginning, in pixels."""
        u = rng.random(5)
        unit = _share_of(uniform(u[0], *self.unit_size), min(size))
        return {
            "unit": unit,
            "side": min(_share_of(uniform(u[1], *self.ratio), unit), unit),
            "top": -whole(u[2], 0, unit - 1) if self.random_offset else 0,
            "left": -whole(u[3], 0, unit - 1) if self.random_offset else 0,
            **self._filling(u[4]),
        }

    @classmethod
    def rectangles(cls, params: Params, size: Size) -> Sequence[Rectangle]:
        """All of the grid that is in the image."""
        unit, side = integer(params, "unit"), integer(params, "side")
        return [
            rectangle
            for top in range(integer(params, "top"), size.height, unit)
            for left in range(integer(params, "left"), size.width, unit)
            for rectangle in _rectangle(top, left, side, side, size)
        ]


class PixelDropout(Hiding):
    """Hides single pixels, each by the same chance."""

    op: ClassVar[str] = "pixel_dropout"

    share: Annotated[Span, within(0, 1)] = [0.01, 0.05]
    """Share of the pixels; 0 hides nothing and 1 everything."""
    per_channel: bool = False
    """Whether each colour channel loses other pixels; the mask then gets its `mask_fill` where all
    of them have lost one."""

    def draw(self, rng: np.random.Generator, size: Size) -> Params:
        """The share, and a seed of which ones."""
        u = rng.random(3)
        return {
            "share": uniform(u[0], *self.share),
            "per_channel": self.per_channel,
            "seed": drawn_seed(u[1]),
            **self._filling(u[2]),
        }

    @classmethod
    def apply(cls, sample: Sample, params: Params) -> Sample:
        """The sample with some of its pixels hidden.

        Raises:
            SourceError: As those of `Rectangles.apply`.
        """
        chances = round(number(params, "share") * _CHANCES)
        if chances == 0:
            return sample
        planes = sample.color_channels if flag(params, "per_channel") else 1
        numbers = _generator(params, "seed").integers(
            0, _CHANCES, (*sample.size, planes), np.uint16
        )
        hidden = numbers < chances
        rows, columns, channels = hidden.nonzero()
        image = _copied(sample.image)
        values = _filling(sample, params)((rows.size, sample.color_channels))
        if flag(params, "per_channel"):
            each = np.broadcast_to(values, (rows.size, sample.color_channels))
            image[rows, columns, channels] = each[np.arange(rows.size), channels]
        else:
            image[..., : sample.color_channels][rows, columns] = values
        mask = _mask_to_fill(sample, params)
        if mask is not None:
            mask[hidden.all(axis=2)] = integer(params, "mask_fill")
        return replace(sample, image=image, mask=sample.mask if mask is None else mask)
