"""Crops, pads and resizes: what changes how much of an image there is, and at what size."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Annotated, Any, ClassVar, Self, cast

import numpy as np
from pydantic import BeforeValidator, Field, model_validator

from augcli.errors import SourceError
from augcli.fields import FillMode
from augcli.images.options import Interpolation, Side
from augcli.images.orientation import Box
from augcli.transforms.base import Params, Size, significant, uniform, whole
from augcli.transforms.maps import Fill, Projective, Resized
from augcli.transforms.moves import Geometric, Move
from augcli.transforms.params import integer, number, text
from augcli.transforms.settings import Span, within

if TYPE_CHECKING:
    from numpy.typing import NDArray


def _check_length(value: object) -> object:
    """A side's length: a whole number of pixels, or a fraction."""
    is_number = isinstance(value, int | float) and not isinstance(value, bool)
    highest = 100_000 if isinstance(value, int) else 1
    if not is_number or not 0 < cast(float, value) <= highest:
        raise ValueError(
            "expected a whole number of pixels, or a fraction with a point, above 0 and up to 1.0"
        )
    return value


Length = Annotated[int | float, BeforeValidator(_check_length)]
"""A whole number: pixels. A number with a point: a fraction of the image's height or width."""


def _pixels(length: float, side: int) -> int:
    """A length in pixels."""
    return length if isinstance(length, int) else max(1, math.floor(length * side + 0.5))


def _cut(top: int, left: int, size: Size) -> Projective:
    """The map of a crop at whole pixels, or of a pad where `top` and `left` are below 0."""
    matrix = np.eye(3)
    matrix[0, 2], matrix[1, 2] = top, left
    return Projective(matrix, size)


class _Cut(Geometric):
    """Keeps a rectangle, pixel by pixel."""

    height: Length = 0.9
    """Height of the crop: pixels, or with a point a fraction of the image's (1 is one pixel,
    1.0 is all of it)."""
    width: Length = 0.9
    """Width of the crop, in the same forms."""

    def _size(self, size: Size) -> Size:
        return Size(_pixels(self.height, size.height), _pixels(self.width, size.width))

    @classmethod
    def size_after(cls, params: Params, size: Size) -> Size:
        """The crop's."""
        return Size(integer(params, "height"), integer(params, "width"))

    @classmethod
    def move(cls, params: Params, size: Size) -> Move:
        """A map by whole pixels.

        Raises:
            SourceError: The image is smaller than the crop.
        """
        crop = cls.size_after(params, size)
        if crop.height > size.height or crop.width > size.width:
            raise SourceError(
                "transform",
                f"{size.width} x {size.height} pixels are too few for a {cls.op} of {crop.width} "
                f"x {crop.height}: put a `pad` or a `resize` before it, or give it fractions",
            )
        return Move(_cut(integer(params, "top"), integer(params, "left"), crop), fill=None)


class Crop(_Cut):
    """Keeps a rectangle at a random place.

    An image smaller than the crop is a failed source: put a `pad` or a `resize` before it.
    """

    op: ClassVar[str] = "crop"

    def draw(self, rng: np.random.Generator, size: Size) -> Params:
        """The rectangle, in pixels."""
        u = rng.random(2)
        crop = self._size(size)
        return {
            "top": whole(u[0], 0, max(size.height - crop.height, 0)),
            "left": whole(u[1], 0, max(size.width - crop.width, 0)),
            "height": crop.height,
            "width": crop.width,
        }


class CenterCrop(_Cut):
    """Keeps the rectangle in the middle.

    An image smaller than the crop is a failed source: put a `pad` or a `resize` before it.
    """

    op: ClassVar[str] = "center_crop"

    def draw(self, rng: np.random.Generator, size: Size) -> Params:
        """The rectangle, in pixels; of an odd rest, the larger part is below and to the right."""
        crop = self._size(size)
        return {
            "top": max(size.height - crop.height, 0) // 2,
            "left": max(size.width - crop.width, 0) // 2,
            "height": crop.height,
            "width": crop.width,
        }


class RandomResizedCrop(Geometric):
    """A random part of random shape, resized: how Inception nets and most since were trained.

    After C. Szegedy et al., Going Deeper with Convolutions (2015), as torchvision's transform of
    this name does it: the shape is drawn up to ten times until it fits into the image, else it
    is the largest centred part whose shape is allowed. Reducing averages over all pixels.
    """

    op: ClassVar[str] = "random_resized_crop"

    size: Annotated[list[Side], Field(min_length=2, max_length=2)] | None = None
    """Height and width of the result, in pixels; the image's own when left out."""
    scale: Annotated[Span, within(0.0001, 1)] = [0.08, 1.0]
    """Part of the image's area: a number, or [low, high]."""
    ratio: Annotated[Span, within(0.01, 100)] = [0.75, 1.3333]
    """Width over height of the part: a number, or [low, high], both sides of 1 as likely."""
    interpolation: Interpolation = "bilinear"
    """Filter of the resize; all but nearest average over the pixels that one covers."""

    def draw(self, rng: np.random.Generator, size: Size) -> Params:
        """The part and the result's size, in pixels."""
        tries = rng.random((10, 2))
        place = rng.random(2)
        part = self._part(tries, size)
        height, width = self.size or size
        return {
            "top": whole(place[0], 0, size.height - part.height),
            "left": whole(place[1], 0, size.width - part.width),
            "crop_height": part.height,
            "crop_width": part.width,
            "height": height,
            "width": width,
            "interpolation": self.interpolation,
        }

    def _part(self, tries: NDArray[np.float64], size: Size) -> Size:
        """The first shape that fits."""
        narrowest, widest = self.ratio
        for u_area, u_ratio in tries.tolist():
            area = uniform(u_area, *self.scale) * size.height * size.width
            ratio = significant(narrowest * (widest / narrowest) ** u_ratio)
            part = Size(_rounded(math.sqrt(area / ratio)), _rounded(math.sqrt(area * ratio)))
            if part.height <= size.height and part.width <= size.width:
                return part
        ratio = min(max(size.width / size.height, narrowest), widest)
        return Size(
            min(size.height, _rounded(size.width / ratio)),
            min(size.width, _rounded(size.height * ratio)),
        )

    @classmethod
    def size_after(cls, params: Params, size: Size) -> Size:
        """The result's."""
        return Size(integer(params, "height"), integer(params, "width"))

    @classmethod
    def move(cls, params: Params, size: Size) -> Move:
        """A resize of the part."""
        top, left = integer(params, "top"), integer(params, "left")
        bottom = top + integer(params, "crop_height")
        right = left + integer(params, "crop_width")
        return _resized(Box(left, top, right, bottom), params, cls.size_after(params, size))


def _rounded(length: float) -> int:
    return max(1, math.floor(length + 0.5))


def _resized(box: Box, params: Params, size: Size) -> Move:
    interpolation = cast(Interpolation, text(params, "interpolation"))
    return Move(Resized(box, size, interpolation), fill=None)


class Pad(Geometric):
    """Adds rows and columns on all sides: a border, or what a smaller image lacks of a size.

    A larger image is not cut. Of an odd rest, the larger part is below and to the right.
    """

    op: ClassVar[str] = "pad"

    pixels: Annotated[int, Field(ge=0, le=10_000)] = 0
    """Pixels added on each side, first of all."""
    min_height: Side | None = None
    """Rows that there are to be at least, in pixels."""
    min_width: Side | None = None
    """Columns that there are to be at least, in pixels."""
    fill_mode: FillMode = "constant"
    """What stands there; `constant` takes `cval`."""
    cval: Annotated[float, Field(ge=-1e6, le=1e6)] = 0.0
    """Level of `fill_mode: constant`."""

    @model_validator(mode="after")
    def _check(self) -> Self:
        if not self.pixels and self.min_height is None and self.min_width is None:
            raise ValueError("expected pixels, min_height or min_width")
        return self

    def draw(self, rng: np.random.Generator, size: Size) -> Params:
        """How much is added on each side, in pixels."""
        top, bottom = self._added(size.height, self.min_height)
        left, right = self._added(size.width, self.min_width)
        return {
            "top": top,
            "bottom": bottom,
            "left": left,
            "right": right,
            "fill_mode": self.fill_mode,
            "cval": self.cval,
        }

    def _added(self, side: int, least: int | None) -> tuple[int, int]:
        lacking = max((least or 0) - side - 2 * self.pixels, 0)
        return self.pixels + lacking // 2, self.pixels + lacking - lacking // 2

    @classmethod
    def size_after(cls, params: Params, size: Size) -> Size:
        """The image's and what is added."""
        return Size(
            size.height + integer(params, "top") + integer(params, "bottom"),
            size.width + integer(params, "left") + integer(params, "right"),
        )

    @classmethod
    def move(cls, params: Params, size: Size) -> Move:
        """A map by whole pixels, never done in one with what is before it.

        It pads what the move before has shown, and that may have been filled up otherwise.
        """
        top, left = integer(params, "top"), integer(params, "left")
        fill = Fill(cast(FillMode, text(params, "fill_mode")), number(params, "cval"))
        plane_map = _cut(-top, -left, cls.size_after(params, size))
        return Move(plane_map, fill, joins_earlier=False)


class Resize(Geometric):
    """Resizes: to a height and width, or keeping the aspect ratio, by one side.

    Reducing averages over all pixels, so that it does not alias.
    """

    op: ClassVar[str] = "resize"

    height: Side | None = None
    """Height in pixels; without `width`, that follows."""
    width: Side | None = None
    """Width in pixels; without `height`, that follows."""
    longest_side: Side | None = None
    """Height or width in pixels, whichever is longer; the other follows."""
    shortest_side: Side | None = None
    """Height or width in pixels, whichever is shorter; the other follows."""
    interpolation: Interpolation = "bilinear"
    """Filter; all but nearest average over the pixels that one covers."""

    @model_validator(mode="after")
    def _check(self) -> Self:
        ways: list[Any] = [
            (self.height, self.width) != (None, None),
            self.longest_side is not None,
            self.shortest_side is not None,
        ]
        if sum(ways) != 1:
            raise ValueError("expected height and width, or longest_side, or shortest_side")
        return self

    def draw(self, rng: np.random.Generator, size: Size) -> Params:
        """The size in pixels."""
        height, width = self._size(size)
        return {"height": height, "width": width, "interpolation": self.interpolation}

    def _size(self, size: Size) -> Size:
        if self.height is not None and self.width is not None:
            return Size(self.height, self.width)
        if self.height is not None:
            factor = self.height / size.height
        elif self.width is not None:
            factor = self.width / size.width
        elif self.longest_side is not None:
            factor = self.longest_side / max(size)
        else:
            factor = cast(int, self.shortest_side) / min(size)
        return Size(_rounded(size.height * factor), _rounded(size.width * factor))

    @classmethod
    def size_after(cls, params: Params, size: Size) -> Size:
        """The new one."""
        return Size(integer(params, "height"), integer(params, "width"))

    @classmethod
    def move(cls, params: Params, size: Size) -> Move:
        """A resize of all of it."""
        box = Box(0, 0, size.width, size.height)
        return _resized(box, params, cls.size_after(params, size))
