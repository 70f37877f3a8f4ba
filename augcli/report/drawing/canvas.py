"""A canvas for drawn pictures: smooth edges, gradients, soft shadows, grain.

Lengths are in heights of the picture, so a scene fits any size: x runs from 0 to `right`, y from
0 at the top to 1. All is drawn several times larger than asked for, and averaged down at the end.
Colours are whole numbers at every step, and chance comes from a seeded generator: the same drawing
gives the same pixels wherever Pillow is the same.
"""

from collections.abc import Callable, Iterable, Sequence
from itertools import pairwise
from random import Random

from PIL import Image, ImageChops, ImageDraw, ImageFilter

Color = tuple[int, int, int]
"""Red, green and blue, 0 to 255."""
Point = tuple[float, float]
Ellipse = tuple[float, float, float, float]
"""Centre x and y, radius in x and in y."""

BLACK: Color = (12, 14, 22)
WHITE: Color = (255, 255, 255)

_SUPERSAMPLING = 3
_GRAIN = 5  # levels, peak to peak
_VIGNETTE = 0.16  # how much darker the corners are


def mix(first: Color, second: Color, share: float) -> Color:
    """The colour that lies `share` of the way from `first` to `second`."""
    red, green, blue = (round(a + (b - a) * share) for a, b in zip(first, second, strict=True))
    return red, green, blue


def overlap(first: Image.Image, second: Image.Image) -> Image.Image:
    """The mask of what two masks share."""
    return ImageChops.multiply(first, second)


def without(mask: Image.Image, other: Image.Image) -> Image.Image:
    """The mask of what the first has and the second has not."""
    return ImageChops.multiply(mask, ImageChops.invert(other))


class Canvas:
    """A picture in the making.

    Args:
        width: Width of the finished picture, in pixels.
        height: Its height.

    Attributes:
        right: The x of the right edge.
    """

    def __init__(self, width: int, height: int) -> None:
        self.right = width / height
        self._scale = height * _SUPERSAMPLING
        self._size = (width * _SUPERSAMPLING, self._scale)
        self._image = Image.new("RGB", self._size)
        self._alpha = Image.new("L", self._size, 0)

    # -- masks: grey pictures that say where and how much to paint

    def polygons(self, polygons: Iterable[Sequence[Point]]) -> Image.Image:
        """A mask of filled polygons."""
        mask, draw = self._new_mask()
        for polygon in polygons:
            draw.polygon([self._pixel(point) for point in polygon], fill=255)
        return mask

    def rectangle(self, left: float, top: float, right: float, bottom: float) -> Image.Image:
        """A mask of a filled rectangle."""
        return self.polygons([[(left, top), (right, top), (right, bottom), (left, bottom)]])

    def ellipses(self, ellipses: Iterable[Ellipse]) -> Image.Image:
        """A mask of filled ellipses."""
        mask, draw = self._new_mask()
        for x, y, radius_x, radius_y in ellipses:
            start = self._pixel((x - radius_x, y - radius_y))
            end = self._pixel((x + radius_x, y + radius_y))
            draw.ellipse((*start, *end), fill=255)
        return mask

    def lines(self, lines: Iterable[Sequence[Point]], width: float) -> Image.Image:
        """A mask of lines, all of one width."""
        mask, draw = self._new_mask()
        pixels = max(1, round(width * self._scale))
        for line in lines:
            draw.line([self._pixel(point) for point in line], fill=255, width=pixels)
        return mask

    def ramp_x(self, start: float, end: float) -> Image.Image:
        """A mask that rises from nothing at x = `start` to all at `end`, which may lie left."""
        row = self._ramp(start, end, self._size[0])
        return row.resize(self._size, Image.Resampling.NEAREST)

    def ramp_y(self, start: float, end: float) -> Image.Image:
        """A mask that rises from nothing at y = `start` to all at `end`, which may lie above."""
        row = self._ramp(start, end, self._size[1])
        column = row.transpose(Image.Transpose.TRANSPOSE)
        return column.resize(self._size, Image.Resampling.NEAREST)

    def soften(self, mask: Image.Image, radius: float) -> Image.Image:
        """The mask, blurred."""
        box = mask.getbbox()
        if box is None:
            return mask
        pixels = radius * self._scale
        reach = round(3 * pixels) + 1  # further out, a Gaussian leaves nothing
        around = (
            max(0, box[0] - reach),
            max(0, box[1] - reach),
            min(self._size[0], box[2] + reach),
            min(self._size[1], box[3] + reach),
        )
        blurred = Image.new("L", self._size, 0)
        blurred.paste(mask.crop(around).filter(ImageFilter.GaussianBlur(pixels)), around)
        return blurred

    # -- paint

    def paint(self, mask: Image.Image, color: Color, opacity: float = 1.0) -> None:
        """Lays a colour over what is there."""
        box = mask.getbbox()
        if box is None:
            return
        mask = mask.crop(box)
        if opacity < 1:
            mask = mask.point([round(level * opacity) for level in range(256)])
        self._image.paste(color, box, mask)
        self._alpha.paste(255, box, mask)

    def fill(self, stops: Sequence[tuple[float, Color]]) -> None:
        """Paints all of it, from top to bottom: at each y, from the first on, its colour."""
        everywhere = Image.new("L", self._size, 255)
        self.paint(everywhere, stops[0][1])
        for (start, _), (end, color) in pairwise(stops):
            self.paint(self.ramp_y(start, end), color)

    def reflect(self, level: float, ripple: Callable[[float], float]) -> None:
        """Mirrors what is above y = `level` to below it, as rippled water does.

        Args:
            level: The water line, below the middle.
            ripple: At a depth below the water line, how far the reflection is moved sideways.
        """
        width, height = self._size
        line = round(level * self._scale)
        for depth in range(height - line):
            mirrored = line - 1 - depth
            strip = self._image.crop((0, mirrored, width, mirrored + 1))
            shift = round(ripple(depth / self._scale) * self._scale)
            self._image.paste(ImageChops.offset(strip, shift, 0), (0, line + depth))

    def finish(self, rng: Random) -> Image.Image:
        """The picture at its own size: RGB, or RGBA if some of it was left unpainted."""
        large = self._image.copy()
        large.putalpha(self._alpha)
        small = large.reduce(_SUPERSAMPLING)
        color = _with_grain(small.convert("RGB"), rng)
        if self._alpha.getextrema() == (255, 255):
            return _with_vignette(color)
        color.putalpha(small.getchannel("A"))
        return color

    def _new_mask(self) -> tuple[Image.Image, ImageDraw.ImageDraw]:
        mask = Image.new("L", self._size, 0)
        return mask, ImageDraw.Draw(mask)

    def _pixel(self, point: Point) -> tuple[int, int]:
        return round(point[0] * self._scale), round(point[1] * self._scale)

    def _ramp(self, start: float, end: float, length: int) -> Image.Image:
        first, last = start * self._scale, end * self._scale
        levels = [255 * (place + 0.5 - first) / (last - first) for place in range(length)]
        row = bytes(min(255, max(0, round(level))) for level in levels)
        return Image.frombytes("L", (length, 1), row)


def _with_vignette(picture: Image.Image) -> Image.Image:
    """A little darker towards the corners, as lenses are."""
    distance = Image.radial_gradient("L").resize(picture.size)
    kept = distance.point([255 - round(_VIGNETTE * 255 * (d / 255) ** 2) for d in range(256)])
    return ImageChops.multiply(picture, kept.convert("RGB"))


def _with_grain(picture: Image.Image, rng: Random) -> Image.Image:
    """With the fine noise of a sensor."""
    noise = Image.frombytes("L", picture.size, rng.randbytes(picture.width * picture.height))
    grain = noise.point([level * _GRAIN // 255 for level in range(256)]).convert("RGB")
    return ImageChops.add(picture, grain, offset=-(_GRAIN // 2))
