"""The ranges of Keras' ImageDataGenerator: one step that holds all of them.

The reference is Keras-Preprocessing 1.1.2: the same names, units and order of operations.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any, ClassVar, Literal

from pydantic import AfterValidator, BeforeValidator, Field

from augcli.fields import FillMode, NonNegative
from augcli.transforms.base import Params, Sample, Size, Transform, significant, uniform
from augcli.transforms.standardization import Standardization

if TYPE_CHECKING:
    import numpy as np


def _is_number(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _check_shift(value: object) -> object:
    """A shift range: a float, an int or a list of numbers, each kind with its own meaning."""
    numbers: list[Any] = value if isinstance(value, list) else [value]
    if not numbers or not all(map(_is_number, numbers)):
        raise ValueError(
            "expected a fraction below 1, a number of pixels, or a list of shifts to choose from"
        )
    if any(not 0 <= abs(n) < 1e9 for n in numbers):  # refuses NaN too
        raise ValueError("expected finite numbers below 1e9")
    if not isinstance(value, list) and numbers[0] < 0:
        raise ValueError("expected 0 or more, as a range reaches as far to both sides")
    return value


def _check_zoom(value: object) -> object:
    """A zoom range: z for [1 - z, 1 + z], or [low, high]."""
    numbers: list[Any] = value if isinstance(value, list) else [value]
    if not all(map(_is_number, numbers)) or (isinstance(value, list) and len(value) != 2):
        raise ValueError("expected a number z for [1 - z, 1 + z], or [low, high]")
    if not isinstance(value, list) and not 0 <= numbers[0] < 1:
        raise ValueError("expected 0 or more and below 1, so that [1 - z, 1 + z] stays above 0")
    if isinstance(value, list) and not 0 < value[0] <= value[1] < 1e6:
        raise ValueError("expected 0 < low <= high, such as [0.8, 1.2]")
    return value


def _check_pair(value: list[float]) -> list[float]:
    if value[0] > value[1]:
        raise ValueError("expected [low, high] with low <= high, such as [0.8, 1.2]")
    return value


Pair = Field(min_length=2, max_length=2)
ShiftRange = Annotated[
    int | float | list[int | float],
    BeforeValidator(_check_shift),
]
ZoomRange = Annotated[float | Annotated[list[float], Pair], BeforeValidator(_check_zoom)]
BrightnessRange = Annotated[list[NonNegative], Pair, AfterValidator(_check_pair)]


NEUTRAL: Params = {
    "theta": 0.0,
    "tx": 0.0,
    "ty": 0.0,
    "shear": 0.0,
    "zx": 1.0,
    "zy": 1.0,
    "flip_horizontal": False,
    "flip_vertical": False,
    "channel_shift_intensity": 0.0,
    "brightness": 1.0,
}
"""The drawn parameters of `ranges`, each with the value that changes nothing."""


class Ranges(Standardization, Transform):
    """Keras' ranges, drawn together: affine, channel shift, flips, brightness, in that order.

    Then the standardisation, which is not drawn and no part of a recipe: see `standardize`.
    """

    op: ClassVar[str] = "ranges"

    rotation_range: Annotated[float, Field(ge=0, le=360)] = 0.0
    """Degrees; the angle is drawn from [-r, r]."""
    width_shift_range: ShiftRange = 0.0
    """Sideways shift. A float below 1: a fraction of the width; a float from 1 on: pixels, both
    drawn from [-r, r]. An int n: a whole number of pixels below n, either way. A list: one of its
    values, either way (fractions when all are below 1)."""
    height_shift_range: ShiftRange = 0.0
    """Shift up or down, in the same forms."""
    shear_range: Annotated[float, Field(ge=0, lt=90)] = 0.0
    """Degrees; the shear angle is drawn from [-s, s]."""
    zoom_range: ZoomRange = 0.0
    """z for [1 - z, 1 + z], or [low, high]; rows and columns are drawn apart; below 1 magnifies."""
    zoom_keep_aspect: bool = False
    """Draw one zoom for rows and columns."""
    brightness_range: BrightnessRange | None = None
    """[low, high] factors; 1 changes nothing."""
    channel_shift_range: NonNegative = 0.0
    """Levels; one value from [-c, c] is added to all colour channels."""
    horizontal_flip: bool = False
    """Mirror left and right in half of the copies."""
    vertical_flip: bool = False
    """Mirror top and bottom in half of the copies."""
    fill_mode: FillMode = "nearest"
    """What stands where the source has no pixels; `constant` takes `cval`."""
    cval: Annotated[float, Field(ge=-1e6, le=1e6)] = 0.0
    """Level of `fill_mode: constant`."""
    interpolation_order: Annotated[int, Field(ge=0, le=5)] = 1
    """Order of the spline between pixels: 0 nearest, 1 linear, 3 cubic."""
    center: Literal["exact", "keras"] = "exact"
    """Point that rotation, shear and zoom leave in place: `exact`, the middle of the image,
    (h/2 - 0.5, w/2 - 0.5); `keras`, (h/2 + 0.5, w/2 + 0.5), as Keras-Preprocessing 1.1.2
    computes it, a pixel off."""
    dtype: Literal["float16", "float32", "float64"] | None = None
    """Compute in this float type by the reference path, and save it where the format can."""
    data_format: Literal["channels_last", "channels_first"] = "channels_last"
    """Order of the axes of arrays that are saved as .npy."""

    def draw(self, rng: np.random.Generator, size: Size) -> Params:
        """One value for each range.

        Twelve numbers are drawn whatever is switched on, a fixed one for each parameter: turning
        one range on or off leaves the other parameters of every copy as they were.
        """
        u = rng.random(12).tolist()  # plain floats are quicker one by one
        zoom_low, zoom_high = self._zoom_bounds()
        zx = uniform(u[6], zoom_low, zoom_high)
        brightness = uniform(u[11], *self.brightness_range) if self.brightness_range else 1.0
        return {
            "theta": uniform(u[0], -self.rotation_range, self.rotation_range),
            "tx": _draw_shift(self.height_shift_range, u[1], u[2], size.height),
            "ty": _draw_shift(self.width_shift_range, u[3], u[4], size.width),
            "shear": uniform(u[5], -self.shear_range, self.shear_range),
            "zx": zx,
            "zy": zx if self.zoom_keep_aspect else uniform(u[7], zoom_low, zoom_high),
            "flip_horizontal": bool(self.horizontal_flip and u[8] < 0.5),
            "flip_vertical": bool(self.vertical_flip and u[9] < 0.5),
            "channel_shift_intensity": uniform(
                u[10], -self.channel_shift_range, self.channel_shift_range
            ),
            "brightness": brightness,
            "fill_mode": self.fill_mode,
            "cval": self.cval,
            "interpolation_order": self.interpolation_order,
            "center": self.center,
            **({"dtype": self.float_dtype} if self.float_dtype else {}),
        }

    @property
    def float_dtype(self) -> str | None:
        """The float type to compute in; None where integer pixels stay integers."""
        return self.dtype or ("float32" if self.asked else None)

    def _zoom_bounds(self) -> tuple[float, float]:
        if isinstance(self.zoom_range, list):
            low, high = self.zoom_range
            return low, high
        return 1 - self.zoom_range, 1 + self.zoom_range

    @classmethod
    def apply(cls, sample: Sample, params: Params) -> Sample:
        """Affine, channel shift, flips, brightness, as the reference orders them.

        Integer images come back in their own dtype, rounded once, at the end. With a "dtype",
        the result stays in that float type, unrounded; its levels keep the source's range.
        """
        from augcli.transforms.ranges_pixels import apply_ranges  # noqa: PLC0415  see there

        return apply_ranges(sample, params)


def _draw_shift(shift_range: float | list[float], choice: float, sign: float, length: int) -> float:
    """A shift in pixels along an axis of `length`, by the reference's three forms.

    Args:
        shift_range: A float range, an int, or a list to choose from.
        choice: A uniform number in [0, 1) that chooses the size.
        sign: A uniform number in [0, 1) that chooses the direction of a discrete shift.
        length: Pixels along this axis; a fraction is a fraction of it.
    """
    if isinstance(shift_range, float):
        reach = shift_range * length if shift_range < 1 else shift_range
        return uniform(choice, -reach, reach)
    values: list[float] | range
    values = shift_range if isinstance(shift_range, list) else range(max(shift_range, 1))
    value = values[int(choice * len(values))]
    shift = float(value if sign < 0.5 else 0 - value)  # `-value` would make -0.0 of 0.0
    return significant(shift * length) if max(values) < 1 else shift
