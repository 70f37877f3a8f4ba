"""How light pixels are: brightness, contrast, and curves of tone.

Alpha stays as it is, and so does the image where the parameters say nothing. Levels are those of 8
bits, 0 to 255; other depths are scaled to them, but keep their own precision.
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Annotated, Any, ClassVar, Literal

import numpy as np
from pydantic import Field

from augcli.transforms.base import Params, Sample, Size, uniform, whole
from augcli.transforms.histograms import (
    equalized_by_tiles,
    equalizing,
    mapped_by_counts,
    stretching,
)
from augcli.transforms.light import mean_luma, multiplied_light
from augcli.transforms.params import integer, number, text
from augcli.transforms.settings import Around0, Around1, Span, WholeSpan, within
from augcli.transforms.tonal import Curve, Tonal, through_curve

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Values = NDArray[np.float64]


class Brightness(Curve):
    """Multiplies all values, as torchvision's and Pillow's brightness; black stays black.

    Albumentations' `brightness_limit` adds instead, which makes black grey.
    """

    op: ClassVar[str] = "brightness"

    factor: Annotated[Around1, within(0, 10)] = [0.7, 1.3]
    """Factor: 1 changes nothing, 0 makes black. A number r is short for [1 - r, 1 + r]."""

    def draw(self, rng: np.random.Generator, size: Size) -> Params:
        """One factor."""
        return {"factor": uniform(rng.random(), *self.factor)}

    @classmethod
    def curve(cls, params: Params, values: Values) -> Values:
        """Gives v * factor."""
        return values * number(params, "factor")


class Contrast(Tonal):
    """Moves all values away from a middle tone, or towards it: pivot + factor * (v - pivot)."""

    op: ClassVar[str] = "contrast"

    factor: Annotated[Around1, within(0, 10)] = [0.7, 1.3]
    """Factor: 1 changes nothing, 0 makes all pixels alike. A number r is short for
    [1 - r, 1 + r]."""
    pivot: Literal["mean", "middle"] = "mean"
    """The tone that stays: `mean`, the mean of the image in grey, as torchvision and Pillow;
    `middle`, halfway between black and white, as Albumentations."""

    def draw(self, rng: np.random.Generator, size: Size) -> Params:
        """One factor."""
        return {"factor": uniform(rng.random(), *self.factor), "pivot": self.pivot}

    @classmethod
    def toned(cls, sample: Sample, params: Params) -> NDArray[Any]:
        """The image with the factor about its pivot."""
        factor = number(params, "factor")
        if factor == 1:
            return sample.image
        pivot = mean_luma(sample) if text(params, "pivot") == "mean" else 0.5
        return through_curve(sample, lambda values: pivot + factor * (values - pivot))


class Gamma(Curve):
    """Raises values, 0 for black and 1 for white, to a power: lighter below 1, darker above.

    As torchvision's `adjust_gamma`; Albumentations' `gamma_limit` is 100 times the exponent.
    """

    op: ClassVar[str] = "gamma"

    exponent: Annotated[Span, within(0.01, 100)] = [0.7, 1.4]
    """The exponent; 1 changes nothing."""

    def draw(self, rng: np.random.Generator, size: Size) -> Params:
        """One exponent."""
        return {"exponent": uniform(rng.random(), *self.exponent)}

    @classmethod
    def curve(cls, params: Params, values: Values) -> Values:
        """Gives v ** exponent."""
        return values ** number(params, "exponent")


class Exposure(Curve):
    """As if the shutter had been open for longer, or less long: multiplies the light by 2**stops.

    Pixels are sRGB values, which are no measure of light: they are decoded, multiplied, cut off at
    white, and encoded again (IEC 61966-2-1).
    """

    op: ClassVar[str] = "exposure"

    stops: Annotated[Around0, within(-10, 10)] = [-1.0, 1.0]
    """Stops: 1 is twice the light, -1 half of it. A number r is short for [-r, r]."""

    def draw(self, rng: np.random.Generator, size: Size) -> Params:
        """One number of stops."""
        return {"stops": uniform(rng.random(), *self.stops)}

    @classmethod
    def curve(cls, params: Params, values: Values) -> Values:
        """Gives encoded(linear(v) * 2**stops)."""
        return multiplied_light(values, 2.0 ** number(params, "stops"))


class Clahe(Tonal):
    """Contrast-limited adaptive histogram equalisation: brings out what is in shadows and haze.

    Luma (ITU-R BT.601) is equalised in each of a grid of tiles, and between their middles
    linearly; chroma stays. Counts of a level beyond the limit are spread over all levels
    (Zuiderveld, Graphics Gems IV, 1994). Albumentations equalises CIE lightness by the same rules.
    """

    op: ClassVar[str] = "clahe"

    clip_limit: Annotated[Span, within(1, 256)] = [1.0, 4.0]
    """How far contrast may rise: the highest count of a level, in mean counts. At 1 next to
    nothing happens, at 256 there is no limit."""
    tile_grid_size: Annotated[
        list[Annotated[int, Field(ge=1, le=64)]], Field(min_length=2, max_length=2)
    ] = [8, 8]
    """How many tiles there are from top to bottom, and from left to right."""

    def draw(self, rng: np.random.Generator, size: Size) -> Params:
        """One limit."""
        rows, columns = self.tile_grid_size
        return {
            "clip_limit": uniform(rng.random(), *self.clip_limit),
            "tile_rows": rows,
            "tile_columns": columns,
        }

    @classmethod
    def toned(cls, sample: Sample, params: Params) -> NDArray[Any]:
        """The image, equalised by tiles; one that is smaller than the grid has fewer."""
        return equalized_by_tiles(
            sample,
            number(params, "clip_limit"),
            integer(params, "tile_rows"),
            integer(params, "tile_columns"),
        )


class Equalize(Tonal):
    """Makes all levels of a channel as frequent; with 8 bits, Pillow's `ImageOps.equalize`."""

    op: ClassVar[str] = "equalize"

    def draw(self, rng: np.random.Generator, size: Size) -> Params:
        """Nothing."""
        return {}

    @classmethod
    def toned(cls, sample: Sample, params: Params) -> NDArray[Any]:
        """The image with every channel equalised."""
        return mapped_by_counts(sample, equalizing)


class Autocontrast(Tonal):
    """Stretches every channel to the full scale; with 8 bits, Pillow's `ImageOps.autocontrast`."""

    op: ClassVar[str] = "autocontrast"

    cutoff: Annotated[Span, within(0, 49)] = [0.0, 2.0]
    """Percent of a channel's pixels that may be cut off at black, and likewise at white."""

    def draw(self, rng: np.random.Generator, size: Size) -> Params:
        """One share."""
        return {"cutoff": uniform(rng.random(), *self.cutoff)}

    @classmethod
    def toned(cls, sample: Sample, params: Params) -> NDArray[Any]:
        """The image with every channel stretched."""
        return mapped_by_counts(sample, partial(stretching, cutoff=number(params, "cutoff")))


class Posterize(Curve):
    """Keeps the upper bits of every 8-bit level, as Pillow's `ImageOps.posterize`."""

    op: ClassVar[str] = "posterize"

    bits: Annotated[WholeSpan, within(1, 8)] = [4, 6]
    """How many bits are kept: 8 changes nothing, 1 leaves two levels a channel."""

    def draw(self, rng: np.random.Generator, size: Size) -> Params:
        """One number of bits."""
        return {"bits": whole(rng.random(), *self.bits)}

    @classmethod
    def curve(cls, params: Params, values: Values) -> Values:
        """The lowest of the levels that have the upper bits in common."""
        bits = integer(params, "bits")
        if bits == 8:
            return values
        step = 2 ** (8 - bits)
        kept: Values = np.floor(_exact_levels(values) / step) * step
        return kept / 255


class Solarize(Curve):
    """Inverts what is lighter than a threshold, as Pillow's `ImageOps.solarize`."""

    op: ClassVar[str] = "solarize"

    threshold: Annotated[WholeSpan, within(0, 256)] = [96, 224]
    """Level, 0 to 255, from which on values are inverted; 256 changes nothing."""

    def draw(self, rng: np.random.Generator, size: Size) -> Params:
        """One threshold."""
        return {"threshold": whole(rng.random(), *self.threshold)}

    @classmethod
    def curve(cls, params: Params, values: Values) -> Values:
        """Gives 1 - v where v is not below the threshold."""
        is_lighter = _exact_levels(values) >= number(params, "threshold")
        return np.where(is_lighter, 1 - values, values)


def _exact_levels(values: Values) -> Values:
    """Values as levels of 0..255: whole ones where they are, not a last bit less."""
    return np.round(values * 255, 6)


class Invert(Curve):
    """The negative: black becomes white, and every colour its complement."""

    op: ClassVar[str] = "invert"

    def draw(self, rng: np.random.Generator, size: Size) -> Params:
        """Nothing."""
        return {}

    @classmethod
    def curve(cls, params: Params, values: Values) -> Values:
        """Gives 1 - v."""
        return 1 - values


class ToneCurve(Curve):
    """Bends the tone curve in its shadows and in its lights, each by itself.

    The curve is a Bézier one, from 0 to 1, by way of two control heights, 1/3 and 2/3 where it
    is straight: 3 (1 - v)² v low_y + 3 (1 - v) v² high_y + v³. As Albumentations'
    `RandomToneCurve`, whose heights are normal around 1/4 and 3/4, never straight on average.
    """

    op: ClassVar[str] = "tone_curve"

    scale: Annotated[float, Field(ge=0, le=0.33)] = 0.2
    """How far either height may be from where the curve is straight, up or down, in shares of
    full scale."""

    def draw(self, rng: np.random.Generator, size: Size) -> Params:
        """Two heights."""
        u = rng.random(2)
        return {
            "low_y": uniform(u[0], 1 / 3 - self.scale, 1 / 3 + self.scale),
            "high_y": uniform(u[1], 2 / 3 - self.scale, 2 / 3 + self.scale),
        }

    @classmethod
    def curve(cls, params: Params, values: Values) -> Values:
        """The height of the curve at v; it only ever rises."""
        low_y, high_y = number(params, "low_y"), number(params, "high_y")
        rest = 1 - values
        return values * (3 * rest * (rest * low_y + values * high_y) + values * values)
