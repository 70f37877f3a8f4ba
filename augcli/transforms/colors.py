"""What colour pixels are: hue, saturation, channels, and the colour of the light.

Grey images have no colour and stay as they are; alpha stays as it is. Levels are those of 8 bits,
0 to 255; other depths are scaled to them, but keep their own precision.
"""

from __future__ import annotations

from dataclasses import replace
from itertools import combinations, permutations
from typing import TYPE_CHECKING, Annotated, Any, ClassVar

import numpy as np

from augcli import kernels
from augcli.fields import Byte
from augcli.transforms.base import Params, Sample, Size, significant, uniform, whole
from augcli.transforms.light import lamp_gains, multiplied_light
from augcli.transforms.params import number, text
from augcli.transforms.settings import Around0, Around1, Span, WholeSpan, within
from augcli.transforms.tonal import Curve, Tonal, from_unit, to_unit, with_color
from augcli.transforms.tones import Brightness, Contrast

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Values = NDArray[np.float64]

_SEPIA = np.array([(0.393, 0.769, 0.189), (0.349, 0.686, 0.168), (0.272, 0.534, 0.131)])
_CHANNELS = "rgb"
_SHUFFLED = ["".join(order) for order in permutations(_CHANNELS)][1:]
_JITTER_ORDERS = ["".join(order) for order in permutations("bcsh")]
_JITTERED = {"b": "brightness", "c": "contrast", "s": "saturation", "h": "hue"}
_NEUTRAL = {"b": 1.0, "c": 1.0, "s": 1.0, "h": 0.0}


class Hue(Tonal):
    """Turns the hue of HSV; the highest and the lowest channel of a pixel keep their values.

    In degrees: torchvision's hue is in turns (0.1 is 36 degrees), Albumentations' `hue_shift_limit`
    in half degrees. No 8-bit HSV comes between, so hues are not coarsened.
    """

    op: ClassVar[str] = "hue"

    degrees: Annotated[Around0, within(-180, 180)] = [-20.0, 20.0]
    """Degrees on the circle red, yellow, green, cyan, blue, magenta; 120 takes red to green. A
    number r is short for [-r, r]."""

    def draw(self, rng: np.random.Generator, size: Size) -> Params:
        """One angle."""
        return {"degrees": uniform(rng.random(), *self.degrees)}

    @classmethod
    def toned(cls, sample: Sample, params: Params) -> NDArray[Any]:
        """The image with its hues turned."""
        degrees = number(params, "degrees")
        if degrees == 0 or sample.color_channels != 3:
            return sample.image
        if sample.image.dtype == np.uint8:
            image: NDArray[np.uint8] = sample.image.astype(np.uint8, copy=False)
            return kernels.colors.turn_hue(image, degrees)
        return from_unit(sample, _with_hue_turned(to_unit(sample), degrees))


def _with_hue_turned(unit: NDArray[np.float32], degrees: float) -> NDArray[np.float32]:
    """Colours (height, width, 3) as `kernels.colors.turn_hue` makes them, unrounded."""
    red, green, blue = np.moveaxis(unit, 2, 0)
    highest, lowest = unit.max(axis=2), unit.min(axis=2)
    chroma = highest - lowest
    place = np.where(
        highest == red,
        green - blue,
        np.where(highest == green, 2 * chroma + blue - red, 4 * chroma + red - green),
    )
    place += np.float32(degrees / 60) * chroma
    place += np.where(place < 0, 6 * chroma, 0)
    place -= np.where(place >= 6 * chroma, 6 * chroma, 0)
    above_lowest = (
        np.abs(place - 3 * chroma) - chroma,
        2 * chroma - np.abs(place - 2 * chroma),
        2 * chroma - np.abs(place - 4 * chroma),
    )
    return np.stack([lowest + np.clip(part, 0, chroma) for part in above_lowest], axis=2)


class Saturation(Tonal):
    """Blends every pixel with its grey, or away from it: grey + factor * (v - grey).

    As torchvision's saturation and Pillow's `ImageEnhance.Color`; grey is ITU-R BT.601 luma.
    """

    op: ClassVar[str] = "saturation"

    factor: Annotated[Around1, within(0, 10)] = [0.6, 1.4]
    """Factor: 1 changes nothing, 0 leaves no colour. A number r is short for [1 - r, 1 + r]."""

    def draw(self, rng: np.random.Generator, size: Size) -> Params:
        """One factor."""
        return {"factor": uniform(rng.random(), *self.factor)}

    @classmethod
    def toned(cls, sample: Sample, params: Params) -> NDArray[Any]:
        """The image with its colours nearer to grey, or further from it."""
        return _mixed(sample, _saturating(number(params, "factor")))


def _saturating(factor: float) -> Values:
    """The matrix (3, 3) of colours that are `factor` times as far from their luma."""
    luma = np.array(kernels.colors.LUMA_WEIGHTS) / kernels.lines.ONE
    matrix: Values = factor * np.eye(3) + (1 - factor) * luma
    return matrix


def _fixed(matrix: Values) -> NDArray[np.int32]:
    """A matrix in the whole numbers of the kernels."""
    return np.round(matrix * kernels.lines.ONE).astype(np.int32)


def _mixed(sample: Sample, matrix: Values) -> NDArray[Any]:
    """The image with every colour multiplied by a matrix (3, 3); grey stays as it is."""
    if sample.color_channels != 3 or np.array_equal(matrix, np.eye(3)):
        return sample.image
    if sample.image.dtype == np.uint8:
        image: NDArray[np.uint8] = sample.image.astype(np.uint8, copy=False)
        return kernels.colors.mix_channels(image, _fixed(matrix))
    unit = to_unit(sample)
    weights = matrix.astype(np.float32)
    # Written out, as a matrix product may add up in another order on another processor.
    mixed = [
        unit[..., 0] * row[0] + unit[..., 1] * row[1] + unit[..., 2] * row[2] for row in weights
    ]
    return from_unit(sample, np.stack(mixed, axis=2))


class ColorJitter(Tonal):
    """Brightness, contrast, saturation and hue, each drawn, one after the other in a drawn order.

    As torchvision's `ColorJitter`, except that hue is in degrees: torchvision's 0.1 is 36 here.
    Brightness and contrast touch grey images too.
    """

    op: ClassVar[str] = "color_jitter"

    brightness: Annotated[Around1, within(0, 10)] = [0.8, 1.2]
    """Factor of all values, as in `brightness`; 1 changes nothing."""
    contrast: Annotated[Around1, within(0, 10)] = [0.8, 1.2]
    """Factor about the mean of the image in grey, as in `contrast`; 1 changes nothing."""
    saturation: Annotated[Around1, within(0, 10)] = [0.8, 1.2]
    """Factor about the pixel's grey, as in `saturation`; 1 changes nothing."""
    hue: Annotated[Around0, within(-180, 180)] = [-10.0, 10.0]
    """Degrees on the circle of hues, as in `hue`; 0 changes nothing."""

    def draw(self, rng: np.random.Generator, size: Size) -> Params:
        """One of each, and the order, said by their first letters."""
        u = rng.random(5)
        return {
            "order": _JITTER_ORDERS[whole(u[0], 0, len(_JITTER_ORDERS) - 1)],
            "brightness": uniform(u[1], *self.brightness),
            "contrast": uniform(u[2], *self.contrast),
            "saturation": uniform(u[3], *self.saturation),
            "hue": uniform(u[4], *self.hue),
        }

    @classmethod
    def apply(cls, sample: Sample, params: Params) -> Sample:
        """The sample after the four, in their order."""
        if sample.image.dtype == np.uint8 and sample.color_channels == 3:
            return replace(sample, image=_jittered(sample, params))
        for letter in text(params, "order"):
            if letter == "b":
                sample = Brightness.apply(sample, {"factor": params["brightness"]})
            elif letter == "c":
                sample = Contrast.apply(sample, {"factor": params["contrast"], "pivot": "mean"})
            elif letter == "s":
                sample = Saturation.apply(sample, {"factor": params["saturation"]})
            else:
                sample = Hue.apply(sample, {"degrees": params["hue"]})
        return sample


def _jittered(sample: Sample, params: Params) -> NDArray[np.uint8]:
    """The 8-bit image in colour after the four, done at once."""
    image: NDArray[np.uint8] = sample.image.astype(np.uint8, copy=False)
    order = "".join(
        letter for letter in text(params, "order") if params[_JITTERED[letter]] != _NEUTRAL[letter]
    )
    if not order:
        return image
    return kernels.colors.jitter(
        image,
        order,
        brightness=number(params, "brightness"),
        contrast=number(params, "contrast"),
        saturation=_fixed(_saturating(number(params, "saturation"))),
        degrees=number(params, "hue"),
    )


class RgbShift(Curve):
    """Adds to red, to green and to blue, each its own number of levels."""

    op: ClassVar[str] = "rgb_shift"

    red: Annotated[Around0, within(-255, 255)] = [-20.0, 20.0]
    """Levels added to red. A number r is short for [-r, r]."""
    green: Annotated[Around0, within(-255, 255)] = [-20.0, 20.0]
    """Levels added to green."""
    blue: Annotated[Around0, within(-255, 255)] = [-20.0, 20.0]
    """Levels added to blue."""

    def draw(self, rng: np.random.Generator, size: Size) -> Params:
        """Three numbers of levels."""
        u = rng.random(3)
        return {
            "red": uniform(u[0], *self.red),
            "green": uniform(u[1], *self.green),
            "blue": uniform(u[2], *self.blue),
        }

    @classmethod
    def curve(cls, params: Params, values: Values) -> Values:
        """Gives v + levels / 255, for each channel."""
        shifts = [number(params, name) / 255 for name in ("red", "green", "blue")]
        return np.stack([values + shift for shift in shifts], axis=1)


class ChannelShuffle(Tonal):
    """Gives red, green and blue to each other, in one of the five orders that change something."""

    op: ClassVar[str] = "channel_shuffle"

    def draw(self, rng: np.random.Generator, size: Size) -> Params:
        """One order: "brg" puts blue where red was, red where green was, green where blue was."""
        return {"order": _SHUFFLED[whole(rng.random(), 0, len(_SHUFFLED) - 1)]}

    @classmethod
    def toned(cls, sample: Sample, params: Params) -> NDArray[Any]:
        """The image with its channels in that order."""
        if sample.color_channels != 3:
            return sample.image
        order = [_CHANNELS.index(letter) for letter in text(params, "order")]
        if sample.image.dtype == np.uint8:
            return _mixed(sample, np.eye(3)[order])
        return with_color(sample.image, sample.image[..., order])


class ChannelDropout(Curve):
    """Makes one of red, green and blue the same everywhere, or two of them."""

    op: ClassVar[str] = "channel_dropout"

    count: Annotated[WholeSpan, within(1, 2)] = [1, 1]
    """How many channels: 1, 2, or [1, 2]."""
    fill: Byte = 0
    """The level they get, 0 to 255."""

    def draw(self, rng: np.random.Generator, size: Size) -> Params:
        """Which channels, by their first letters."""
        u = rng.random(2)
        choices = list(combinations(_CHANNELS, whole(u[0], *self.count)))
        dropped = choices[whole(u[1], 0, len(choices) - 1)]
        return {"dropped": "".join(dropped), "fill": self.fill}

    @classmethod
    def curve(cls, params: Params, values: Values) -> Values:
        """Gives the fill for the channels that are dropped, and v for the others."""
        dropped = text(params, "dropped")
        fill = np.full_like(values, number(params, "fill") / 255)
        return np.stack([fill if name in dropped else values for name in _CHANNELS], axis=1)


class Grayscale(Tonal):
    """Takes the colour away: ITU-R BT.601 luma, as Pillow's mode L. The channels stay three."""

    op: ClassVar[str] = "grayscale"

    def draw(self, rng: np.random.Generator, size: Size) -> Params:
        """Nothing."""
        return {}

    @classmethod
    def toned(cls, sample: Sample, params: Params) -> NDArray[Any]:
        """The image with its luma in all three channels."""
        return _mixed(sample, _saturating(0.0))


class Sepia(Tonal):
    """Browns the picture, as an old photograph: the sepia of the W3C's Filter Effects Module.

    Albumentations' `ToSepia` uses the same numbers, at full strength.
    """

    op: ClassVar[str] = "sepia"

    strength: Annotated[Span, within(0, 1)] = [0.5, 1.0]
    """How much of it: 0 changes nothing, 1 leaves brown tones alone."""

    def draw(self, rng: np.random.Generator, size: Size) -> Params:
        """One strength."""
        return {"strength": uniform(rng.random(), *self.strength)}

    @classmethod
    def toned(cls, sample: Sample, params: Params) -> NDArray[Any]:
        """The image, blended with its sepia."""
        strength = number(params, "strength")
        return _mixed(sample, (1 - strength) * np.eye(3) + strength * _SEPIA)


class ColorTemperature(Curve):
    """As if the picture had been taken in the light of a warmer or a colder lamp.

    Red, green and blue are multiplied in linear light by the colour of a black body of that
    temperature, compared with one of 6,500 kelvin (Kim et al. 2002, IEC 61966-2-1); white keeps its
    luminance. Temperatures are drawn evenly in mireds, 1,000,000 / kelvin, in which equal steps
    look equal.
    """

    op: ClassVar[str] = "color_temperature"

    kelvin: Annotated[Span, within(2000, 20000)] = [4500.0, 9500.0]
    """Kelvin: 6500 changes nothing, less is warmer (a bulb's 2700), more is bluer (shade, 8000)."""

    def draw(self, rng: np.random.Generator, size: Size) -> Params:
        """One temperature."""
        low, high = self.kelvin
        mireds = uniform(rng.random(), 1e6 / high, 1e6 / low)
        return {"kelvin": min(max(significant(1e6 / mireds), low), high)}

    @classmethod
    def curve(cls, params: Params, values: Values) -> Values:
        """Gives encoded(linear(v) * gain), for each channel."""
        gains = lamp_gains(number(params, "kelvin"))
        return np.stack([multiplied_light(values, gain) for gain in gains], axis=1)
