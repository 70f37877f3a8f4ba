"""Weather: fog, rain, snow, shadows, and the sun in the lens.

Each lays a colour over the picture, in some places more than in others. Sizes are shares of the
image's shorter side, so that a picture looks the same at any resolution. Grey images get the grey
of that colour; alpha stays as it is.
"""

from __future__ import annotations

import math
from dataclasses import replace
from typing import TYPE_CHECKING, Annotated, Any, ClassVar, NamedTuple

import numpy as np
from pydantic import AfterValidator, Field

from augcli import kernels
from augcli.fields import Byte
from augcli.transforms.base import Params, Sample, Size, drawn_seed, significant, uniform, whole
from augcli.transforms.light import luma
from augcli.transforms.params import integer, number
from augcli.transforms.polygons import convex_hull
from augcli.transforms.settings import Around0, Span, WholeSpan, within
from augcli.transforms.tonal import Tonal, from_unit, through_curve, to_unit

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray
    from PIL import Image, ImageDraw

    from augcli.transforms.polygons import Polygon

    Floats = NDArray[np.float32]
    Weights = NDArray[np.uint16]  # (height, width), of `kernels.blending.ONE`

_LEAST_ROUND = 1.5  # pixels: a streak of a smaller radius needs no round ends
_FINENESS = 2  # how much finer streaks and discs are drawn than they are seen


class Color(NamedTuple):
    """Levels of red, green and blue, 0 to 255."""

    red: int
    green: int
    blue: int


_BLACK = Color(0, 0, 0)
_RAIN = Color(208, 212, 218)
_SNOW = Color(250, 251, 255)


def _generator(params: Params) -> np.random.Generator:
    return np.random.Generator(np.random.Philox(integer(params, "seed")))


def _laid_over(sample: Sample, weights: Weights, color: Color) -> NDArray[Any]:
    """The sample's image of any depth with a colour over it, rounded half up.

    Raises:
        SourceError: Black and white of the source are not known.
    """
    if sample.image.dtype == np.uint8 and sample.color_channels == 3:
        image: NDArray[np.uint8] = sample.image.astype(np.uint8, copy=False)
        return kernels.blending.blend_with_color(image, weights, color)
    unit = to_unit(sample, np.float64)
    shares = weights[..., np.newaxis] / kernels.blending.ONE
    target = np.array(color) / 255
    if sample.color_channels == 1:
        target = luma(target.reshape(1, 1, 3)).ravel()
    return from_unit(sample, unit + (target - unit) * shares)


def _weights_of_drawing(drawing: Image.Image, opacity: float) -> Weights:
    """A drawing of mode L as weights: where it is white, `opacity`."""
    table = kernels.blending.weights_of(np.arange(256) * (opacity / 255))
    return table.take(np.asarray(drawing))


def _check_region(region: list[float]) -> list[float]:
    left, top, right, bottom = region
    if not (0 <= left < right <= 1 and 0 <= top < bottom <= 1):
        raise ValueError(
            "expected [left, top, right, bottom] from 0 to 1, left < right, top < bottom"
        )
    return region


Region = Annotated[list[float], Field(min_length=4, max_length=4), AfterValidator(_check_region)]
"""A part of an image: left, top, right, bottom, as shares of its width and height."""


class Fog(Tonal):
    """Fog, thicker in some places than in others.

    A pixel v becomes v + (level - v) * t, as in the usual model of haze (H. Koschmieder, 1924),
    where t varies about `density`: it is a fractal, smooth noise of five octaves, each half as
    large and half as strong as the one before (as the plasma of D. Hendrycks and T. Dietterich,
    "Benchmarking Neural Network Robustness to Common Corruptions and Perturbations", 2019).
    Albumentations draws discs, and blurs the picture.
    """

    op: ClassVar[str] = "fog"

    density: Annotated[Span, within(0, 1)] = [0.3, 0.6]
    """How thick it is on average: 0 changes nothing, and 1 hides everything that the variation does
    not leave."""
    variation: Annotated[Span, within(0, 1)] = [0.2, 0.5]
    """How much the thickness varies, as a share of it; 0 is the same veil everywhere."""
    level: Annotated[WholeSpan, within(0, 255)] = [190, 230]
    """Level of its grey, 0 to 255."""

    def draw(self, rng: np.random.Generator, size: Size) -> Params:
        """Density, variation, grey, and a seed of where it is thick."""
        u = rng.random(4)
        return {
            "density": uniform(u[0], *self.density),
            "variation": uniform(u[1], *self.variation),
            "level": whole(u[2], *self.level),
            "seed": drawn_seed(u[3]),
        }

    @classmethod
    def toned(cls, sample: Sample, params: Params) -> NDArray[Any]:
        """The image in fog."""
        density, variation = number(params, "density"), number(params, "variation")
        if density == 0:
            return sample.image
        noise = _fractal_noise(_generator(params), sample.size)
        noise *= np.float32(density * variation)
        noise += np.float32(density)
        gray = integer(params, "level")
        return _laid_over(sample, kernels.blending.weights_of(noise), Color(gray, gray, gray))


_OCTAVES = 5
_CELLS = 2  # of the largest octave, along the longer side


def _fractal_noise(generator: np.random.Generator, size: Size) -> Floats:
    """Smooth noise for every pixel, (height, width), from -1 to 1.

    Octaves are added up on the grid of the finest of them, which is then drawn out to pixels.
    """
    finest = _CELLS * 2 ** (_OCTAVES - 1)
    step = max(size) / finest
    shape = [math.ceil(length / step) + 3 for length in size]
    nodes = np.zeros(shape, np.float32)
    for octave in range(_OCTAVES):
        taps = [kernels.grids.spline_taps(length, 2 ** (_OCTAVES - 1 - octave)) for length in shape]
        coarse = [int(axis.first[-1]) + 4 for axis in taps]
        values = generator.random(coarse, np.float32) - np.float32(0.5)
        nodes += np.float32(0.5**octave) * kernels.grids.drawn_out(values, *taps)
    low, high = nodes.min(), nodes.max()
    nodes = (nodes - low) * (2 / max(high - low, np.float32(1e-6))) - np.float32(1)
    return kernels.grids.drawn_out(
        nodes, *(kernels.grids.spline_taps(length, step) for length in size)
    )


class _Streaks(NamedTuple):
    """Drops or flakes, and the ways they fall while the shutter is open, the farthest ones first.

    Attributes:
        ways: (count, 4), x and y of where each way begins and of where it ends, in pixels.
        nearness: (count,), the size of each, of the nearest one's size.
        strength: (count,), the opacity of each, 0.5 to 1.
    """

    ways: NDArray[np.float64]
    nearness: NDArray[np.float64]
    strength: NDArray[np.float64]


def _streaks(
    generator: np.random.Generator, count: int, length: float, angle: float, size: Size
) -> _Streaks:
    """Streaks that are spread evenly over an image; a part of some of them is outside.

    Args:
        generator: Of where they are.
        count: How many.
        length: Of the nearest one's way, in pixels.
        angle: Degrees from straight down, to the right.
        size: Of the image.
    """
    u = generator.random((count, 4))
    # In a deep space most are far away: from 0.3 to 1, half of them below 0.46.
    nearness = np.sort(0.3 / (1 - 0.7 * u[:, 2]))
    radians = math.radians(angle)
    # To nine digits, as far as every C library's sine agrees.
    right, down = round(math.sin(radians), 9), round(math.cos(radians), 9)
    way = length * nearness
    x = u[:, 0] * (size.width + abs(right) * way) - max(right, 0.0) * way
    y = u[:, 1] * (size.height + down * way) - down * way
    ways = np.stack([x, y, x + right * way, y + down * way], axis=1)
    return _Streaks(ways, nearness, 0.5 + 0.5 * u[:, 3])


class Rain(Tonal):
    """Rain: bright streaks, near and far, over a darker picture.

    Half of the streaks are less than half as long, wide and near as the nearest. Albumentations'
    are all of one size in pixels, whatever the image's.
    """

    op: ClassVar[str] = "rain"

    num_drops: Annotated[WholeSpan, within(0, 10000)] = [150, 600]
    """How many streaks there are."""
    length: Annotated[Span, within(0, 1)] = [0.05, 0.12]
    """Length of the nearest streaks; the farthest are a third as long. As a share of the image's
    shorter side."""
    width: Annotated[Span, within(0, 0.1)] = [0.003, 0.005]
    """Width of the nearest streaks, as a share of the image's shorter side."""
    angle: Annotated[Around0, within(-80, 80)] = [-15.0, 15.0]
    """Degrees by which the wind blows them off: above 0 to the right, below 0 to the left."""
    opacity: Annotated[Span, within(0, 1)] = [0.3, 0.6]
    """How much of what is behind a streak it hides, at most."""
    brightness: Annotated[Span, within(0, 1)] = [0.7, 0.9]
    """Factor of the picture's values, as it is dark when it rains; 1 leaves them."""

    def draw(self, rng: np.random.Generator, size: Size) -> Params:
        """All of it, in pixels and degrees, and a seed of where the streaks are."""
        u = rng.random(7)
        shorter = min(size)
        return {
            "num_drops": whole(u[0], *self.num_drops),
            "length": significant(uniform(u[1], *self.length) * shorter),
            "width": significant(uniform(u[2], *self.width) * shorter),
            "angle": uniform(u[3], *self.angle),
            "opacity": uniform(u[4], *self.opacity),
            "brightness": uniform(u[5], *self.brightness),
            "seed": drawn_seed(u[6]),
        }

    @classmethod
    def toned(cls, sample: Sample, params: Params) -> NDArray[Any]:
        """The image in rain."""
        brightness = number(params, "brightness")
        if brightness != 1:
            sample = replace(
                sample, image=through_curve(sample, lambda values: values * brightness)
            )
        if integer(params, "num_drops") == 0 or number(params, "opacity") == 0:
            return sample.image
        weights = _weights_of_drawing(_drawn_rain(params, sample.size), number(params, "opacity"))
        return _laid_over(sample, weights, _RAIN)


def _drawn_rain(params: Params, size: Size) -> Image.Image:
    """The streaks, white on black."""
    from PIL import Image, ImageDraw  # noqa: PLC0415  the settings are read without it

    fine = Size(size.height * _FINENESS, size.width * _FINENESS)
    drawing = Image.new("L", (fine.width, fine.height))
    pen = ImageDraw.Draw(drawing)
    length, width = (number(params, name) * _FINENESS for name in ("length", "width"))
    count, angle = integer(params, "num_drops"), number(params, "angle")
    streaks = _streaks(_generator(params), count, length, angle, fine)
    widths = np.maximum(np.floor(width * streaks.nearness + 0.5), 1).astype(int)
    levels = (255 * streaks.strength).astype(int)
    for way, level, wide in zip(
        streaks.ways.tolist(), levels.tolist(), widths.tolist(), strict=True
    ):
        pen.line(way, fill=level, width=wide)
    return drawing.reduce(_FINENESS)


class Snow(Tonal):
    """Falling snow: white flakes, near and far, and a touch of white on what is light already.

    The flakes are after D. Hendrycks and T. Dietterich, "Benchmarking Neural Network Robustness to
    Common Corruptions and Perturbations" (2019), but round. Albumentations has no flakes by
    default: it whitens what is darker than a threshold.
    """

    op: ClassVar[str] = "snow"

    num_flakes: Annotated[WholeSpan, within(0, 10000)] = [150, 500]
    """How many flakes there are."""
    size: Annotated[Span, within(0, 0.2)] = [0.01, 0.02]
    """Diameter of the nearest flakes; the farthest are a third as large. As a share of the image's
    shorter side."""
    speed: Annotated[Span, within(0, 1)] = [0.0, 0.015]
    """How far the nearest flakes fall while the picture is taken, as a share of the image's shorter
    side; 0 leaves them round."""
    angle: Annotated[Around0, within(-80, 80)] = [-30.0, 30.0]
    """Degrees by which the wind blows them off: above 0 to the right, below 0 to the left."""
    opacity: Annotated[Span, within(0, 1)] = [0.7, 0.95]
    """How much of what is behind a flake it hides, at most."""
    cover: Annotated[Span, within(0, 1)] = [0.1, 0.4]
    """How white the lightest parts of the picture become; 0 leaves it, 1 makes white white."""

    def draw(self, rng: np.random.Generator, size: Size) -> Params:
        """All of it, in pixels and degrees, and a seed of where the flakes are."""
        u = rng.random(7)
        shorter = min(size)
        return {
            "num_flakes": whole(u[0], *self.num_flakes),
            "diameter": significant(uniform(u[1], *self.size) * shorter),
            "fall": significant(uniform(u[2], *self.speed) * shorter),
            "angle": uniform(u[3], *self.angle),
            "opacity": uniform(u[4], *self.opacity),
            "cover": uniform(u[5], *self.cover),
            "seed": drawn_seed(u[6]),
        }

    @classmethod
    def toned(cls, sample: Sample, params: Params) -> NDArray[Any]:
        """The image in snow."""
        cover, opacity = number(params, "cover"), number(params, "opacity")
        if cover > 0:
            weights = _weights_of_cover(sample, cover)
            sample = replace(sample, image=_laid_over(sample, weights, _SNOW))
        if integer(params, "num_flakes") == 0 or opacity == 0:
            return sample.image
        weights = _weights_of_drawing(_drawn_snow(params, sample.size), opacity)
        return _laid_over(sample, weights, _SNOW)


def _weights_of_cover(sample: Sample, cover: float) -> Weights:
    """How much snow lies on each pixel: none on dark ones, and `cover` on white ones."""
    if sample.image.dtype == np.uint8:
        table = kernels.blending.weights_of(cover * _smooth_step(np.arange(256) / 255))
        return table.take(kernels.colors.luma(sample.image.astype(np.uint8, copy=False)))
    return kernels.blending.weights_of(cover * _smooth_step(luma(to_unit(sample, np.float64))))


def _smooth_step(values: NDArray[np.float64]) -> NDArray[np.float64]:
    """From 0 up to a fifth to 1 at 1, without an edge."""
    t = np.clip((values - 0.2) / 0.8, 0.0, 1.0)
    smooth: NDArray[np.float64] = t * t * (3 - 2 * t)
    return smooth


def _drawn_snow(params: Params, size: Size) -> Image.Image:
    """The flakes, white on black, a little out of focus."""
    from PIL import Image, ImageDraw, ImageFilter  # noqa: PLC0415  the settings are read without it

    drawing = Image.new("L", (size.width, size.height))
    pen = ImageDraw.Draw(drawing)
    count, diameter = integer(params, "num_flakes"), number(params, "diameter")
    fall, angle = number(params, "fall"), number(params, "angle")
    streaks = _streaks(_generator(params), count, fall, angle, size)
    radii = diameter / 2 * streaks.nearness
    levels = (255 * streaks.strength).astype(int)
    for way, level, radius in zip(
        streaks.ways.tolist(), levels.tolist(), radii.tolist(), strict=True
    ):
        _draw_flake(pen, way, radius, level)
    return drawing.filter(ImageFilter.BoxBlur(max(diameter / 10, 0.5)))


def _draw_flake(pen: ImageDraw.ImageDraw, way: list[float], radius: float, level: int) -> None:
    """A disc, drawn out along its way if that can be seen."""
    x, y, x_end, y_end = way
    is_drawn_out = max(abs(x_end - x), abs(y_end - y)) >= max(radius, 1.0)
    if is_drawn_out:
        pen.line(way, fill=level, width=max(1, math.floor(2 * radius + 0.5)))
        if radius < _LEAST_ROUND:
            return
        _draw_disc(pen, x_end, y_end, radius, level)
    _draw_disc(pen, x, y, radius, level)


def _draw_disc(pen: ImageDraw.ImageDraw, x: float, y: float, radius: float, level: int) -> None:
    reach = max(radius - 0.5, 0.0)  # as Pillow's ellipses include the pixels that they end in
    pen.ellipse((x - reach, y - reach, x + reach, y + reach), fill=level)


class Shadow(Tonal):
    """Shadows of things outside the picture: dark polygons with soft edges.

    Each has the convex hull of some points for an outline. (Albumentations joins them in any order,
    so that outlines may cross themselves, with hard edges.)
    """

    op: ClassVar[str] = "shadow"

    num_shadows: Annotated[WholeSpan, within(0, 100)] = [1, 2]
    """How many there are; where they overlap it is not darker."""
    num_corners: Annotated[WholeSpan, within(3, 100)] = [3, 5]
    """Corners of each, at most."""
    intensity: Annotated[Span, within(0, 1)] = [0.3, 0.5]
    """How dark they are: 0 changes nothing, 1 is black."""
    softness: Annotated[Span, within(0, 0.2)] = [0.005, 0.03]
    """Width of the edge in which it gets dark, as a share of the image's shorter side."""
    region: Region = [0.0, 0.0, 1.0, 1.0]
    """Where they lie: left, top, right and bottom, as shares of the image's width and height.
    [0, 0.5, 1, 1] is the lower half, where streets are."""

    def draw(self, rng: np.random.Generator, size: Size) -> Params:
        """How many, of how many corners and how dark, the region in pixels, and a seed."""
        u = rng.random(5)
        left, top, right, bottom = self.region
        return {
            "num_shadows": whole(u[0], *self.num_shadows),
            "min_corners": self.num_corners[0],
            "max_corners": self.num_corners[1],
            "intensity": uniform(u[2], *self.intensity),
            "edge": significant(uniform(u[3], *self.softness) * min(size)),
            "left": significant(left * size.width),
            "top": significant(top * size.height),
            "right": significant(right * size.width),
            "bottom": significant(bottom * size.height),
            "seed": drawn_seed(u[4]),
        }

    @classmethod
    def toned(cls, sample: Sample, params: Params) -> NDArray[Any]:
        """The image with shadows on it."""
        intensity = number(params, "intensity")
        if integer(params, "num_shadows") == 0 or intensity == 0:
            return sample.image
        drawing = _drawn_shadows(params, sample.size)
        return _laid_over(sample, _weights_of_drawing(drawing, intensity), _BLACK)


def _drawn_shadows(params: Params, size: Size) -> Image.Image:
    """The shadows, white on black.

    They are drawn, reduced, blurred, and drawn out again, which takes little time for any edge.
    """
    from PIL import Image, ImageDraw, ImageFilter  # noqa: PLC0415  the settings are read without it

    block = max(1, math.floor(number(params, "edge") / 4 + 0.5))
    rows, columns = (-(-length // block) for length in size)
    drawing = Image.new("L", (columns * block, rows * block))
    pen = ImageDraw.Draw(drawing)
    for hull in _outlines(params):
        pen.polygon(hull.ravel().tolist(), fill=255)
    soft = drawing.reduce(block).filter(ImageFilter.BoxBlur(1))
    seen = (0.0, 0.0, size.width / block, size.height / block)
    return soft.resize((size.width, size.height), Image.Resampling.BILINEAR, box=seen)


def _outlines(params: Params) -> Iterator[Polygon]:
    """The convex hulls of some points each, in pixels."""
    generator = _generator(params)
    left, top, right, bottom = (number(params, name) for name in ("left", "top", "right", "bottom"))
    for _ in range(integer(params, "num_shadows")):
        count = whole(
            generator.random(), integer(params, "min_corners"), integer(params, "max_corners")
        )
        points = generator.random((count, 2)) * (right - left, bottom - top)
        yield convex_hull(points + np.array([left, top]))


class SunFlare(Tonal):
    """The sun, or a lamp, shining into the lens: a glow, and its reflections between the lenses.

    The glow is a sum of three Gaussians, of which the widest veils the picture. Reflections are
    discs on the line from the light through the middle of the image.
    """

    op: ClassVar[str] = "sun_flare"

    x: Annotated[Span, within(-1, 2)] = [0.0, 1.0]
    """Where the light is, as a share of the image's width; below 0 and above 1 it is outside."""
    y: Annotated[Span, within(-1, 2)] = [0.0, 0.5]
    """The same of the height, from the top."""
    radius: Annotated[Span, within(0.01, 5)] = [0.2, 0.5]
    """How far the glow reaches, as a share of the image's shorter side."""
    intensity: Annotated[Span, within(0, 1)] = [0.6, 1.0]
    """How much of the picture the light hides where it is: 0 changes nothing."""
    num_reflections: Annotated[WholeSpan, within(0, 100)] = [2, 6]
    """How many discs there are."""
    color: Annotated[list[Byte], Field(min_length=3, max_length=3)] = [255, 246, 225]
    """Red, green and blue of the light, 0 to 255."""

    def draw(self, rng: np.random.Generator, size: Size) -> Params:
        """Place and reach of the light in pixels, and a seed of its reflections."""
        u = rng.random(6)
        red, green, blue = self.color
        return {
            "x": significant(uniform(u[0], *self.x) * size.width),
            "y": significant(uniform(u[1], *self.y) * size.height),
            "radius": significant(uniform(u[2], *self.radius) * min(size)),
            "intensity": uniform(u[3], *self.intensity),
            "num_reflections": whole(u[4], *self.num_reflections),
            "red": red,
            "green": green,
            "blue": blue,
            "seed": drawn_seed(u[5]),
        }

    @classmethod
    def toned(cls, sample: Sample, params: Params) -> NDArray[Any]:
        """The image with the light in it."""
        intensity = number(params, "intensity")
        if intensity == 0:
            return sample.image
        color = Color(*(integer(params, name) for name in Color._fields))
        weights = kernels.blending.weights_of(_glow(params, sample.size))
        image = _laid_over(sample, weights, color)
        if integer(params, "num_reflections") == 0:
            return image
        weights = _weights_of_drawing(_drawn_reflections(params, sample.size), intensity)
        return _laid_over(replace(sample, image=image), weights, color)


_GLOW = ((0.6, 0.2), (0.4, 0.5), (0.25, 1.1))
"""The strength and the standard deviation, in radii, of the Gaussians that a glow is made of."""


def _glow(params: Params, size: Size) -> Floats:
    """How much of the light there is at each pixel, (height, width), from 0 to beyond 1."""
    radius, intensity = number(params, "radius"), number(params, "intensity")
    down = np.arange(size.height) + 0.5 - number(params, "y")
    right = np.arange(size.width) + 0.5 - number(params, "x")
    glow = np.zeros(size, np.float32)
    for strength, sigma in _GLOW:
        rows = _bell(down, sigma * radius) * np.float32(strength * intensity)
        glow += rows[:, np.newaxis] * _bell(right, sigma * radius)
    return glow


def _bell(distances: NDArray[np.floating], sigma: float) -> Floats:
    """A Gaussian, 1 at 0."""
    # To nine digits, as far as every processor's exponential agrees.
    bell: Floats = np.exp(-0.5 * (distances / sigma) ** 2).round(9).astype(np.float32)
    return bell


def _drawn_reflections(params: Params, size: Size) -> Image.Image:
    """The discs, grey on black; the larger, the fainter."""
    from PIL import Image, ImageDraw  # noqa: PLC0415  the settings are read without it

    fine = Size(size.height * _FINENESS, size.width * _FINENESS)
    drawing = Image.new("L", (fine.width, fine.height))
    pen = ImageDraw.Draw(drawing)
    shapes = _generator(params).random((integer(params, "num_reflections"), 3))
    x, y = number(params, "x") * _FINENESS, number(params, "y") * _FINENESS
    for u_place, u_size, u_strength in shapes.tolist():
        along = 0.3 + 1.7 * u_place  # 1 is the middle of the image, 2 is opposite the light
        center_x = x + along * (fine.width / 2 - x)
        center_y = y + along * (fine.height / 2 - y)
        radius = (0.015 + 0.1 * u_size * u_size) * min(fine)
        box = (center_x - radius, center_y - radius, center_x + radius, center_y + radius)
        pen.ellipse(box, fill=int(255 * (0.1 + 0.15 * u_strength) * (1 - 0.6 * u_size)))
    return drawing.reduce(_FINENESS)
