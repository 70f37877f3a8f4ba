"""Keras' arguments as augcli's settings: tuples, arrays and NumPy's numbers made plain."""

from collections.abc import Sequence
from functools import lru_cache
from typing import Any, TypeVar

import numpy as np
from numpy.typing import NDArray
from pydantic import ValidationError

from augcli.transforms.ranges import Ranges
from augcli.transforms.standardization import Standardization

Range = float | Sequence[float] | NDArray[Any]
"""A number, or several."""

M = TypeVar("M", Ranges, Standardization)


def zoom_bounds(zoom_range: Range) -> list[float]:
    """Lowest and highest zoom: [1 - z, 1 + z] of a number z, and (low, high) as they are.

    Raises:
        ValueError: Neither one number nor two.
    """
    if np.ndim(zoom_range) == 0:
        z = float(np.asarray(zoom_range))
        return [1 - z, 1 + z]
    bounds = [float(bound) for bound in np.asarray(zoom_range).ravel()]
    if len(bounds) != 2:
        raise ValueError(f"`zoom_range` should be z or (low, high). Received: {zoom_range}")
    return bounds


def make_ranges(
    *,
    width_shift_range: Range,
    height_shift_range: Range,
    zoom_range: Sequence[float],
    brightness_range: Sequence[float] | None,
    rotation_range: float,
    shear_range: float,
    channel_shift_range: float,
    horizontal_flip: bool,
    vertical_flip: bool,
    fill_mode: str,
    cval: float,
    interpolation_order: int,
    center: str,
) -> Ranges:
    """The transforms that Keras' arguments ask for.

    A negative number stands for its absolute value, and bounds may come in either order, since
    each is drawn from evenly. `ImageDataGenerator` says what the arguments are; zoom_range is
    (low, high) here.

    Raises:
        ValueError: One of them has none of its values.
    """
    if brightness_range is not None and np.shape(brightness_range) != (2,):
        raise ValueError(f"`brightness_range` should be (low, high). Received: {brightness_range}")
    return _ranges(
        rotation_range=abs(float(rotation_range)),
        width_shift_range=_shift(width_shift_range),
        height_shift_range=_shift(height_shift_range),
        shear_range=abs(float(shear_range)),
        zoom_range=tuple(sorted(map(float, zoom_range))),
        brightness_range=brightness_range and tuple(sorted(map(float, brightness_range))),
        channel_shift_range=abs(float(channel_shift_range)),
        horizontal_flip=bool(horizontal_flip),
        vertical_flip=bool(vertical_flip),
        fill_mode=fill_mode,
        cval=float(cval),
        interpolation_order=int(interpolation_order),
        center=center,
    )


def _shift(shift_range: Range) -> Any:
    """A shift range of Python's own numbers: an int, a float, or a tuple."""
    if isinstance(shift_range, int | float):
        return abs(shift_range)
    array = np.asarray(shift_range)
    return abs(array.item()) if array.ndim == 0 else tuple(array.ravel().tolist())


# A generator's attributes may be changed at any time, so every image asks anew, and checking the
# settings takes as long as moving a small image. `typed`: a shift by 2 is not one by 2.0.
@lru_cache(maxsize=64, typed=True)
def _ranges(**settings: Any) -> Ranges:
    return _checked(Ranges, settings)


@lru_cache(maxsize=64)
def make_standardization(**settings: Any) -> Standardization:
    """The standardisation that Keras' arguments ask for; see `ImageDataGenerator`.

    Args:
        settings: The switches of `Standardization`, its rescale and its zca_epsilon.

    Raises:
        ValueError: One of them has none of its values.
    """
    return _checked(Standardization, settings)


def _checked(model: type[M], settings: dict[str, Any]) -> M:
    plain: dict[str, Any] = {
        name: list(value) if isinstance(value, tuple) else value for name, value in settings.items()
    }
    try:
        return model.model_validate(plain)
    except ValidationError as error:
        raise ValueError(_explain(error)) from error


def _explain(error: ValidationError) -> str:
    """What is wrong with the arguments, in one line."""
    return "; ".join(
        f"`{problem['loc'][0]}`: {problem['msg'].removeprefix('Value error, ')}. "
        f"Received: {problem['input']}"
        for problem in error.errors()
    )
