"""What a pixel's values become, wherever it is: transforms that touch the image alone.

Whatever the depth, a transform can see values as shares of full scale, 0 for black and 1 for
white: `to_unit` and `from_unit` are the way there and back. For 8 bits there are quicker ways.
"""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, Any, TypeVar

import numpy as np

from augcli import kernels
from augcli.errors import SourceError
from augcli.transforms.base import Params, Sample, Transform

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

Unsigned = TypeVar("Unsigned", np.uint8, np.uint16)


class Tonal(Transform):
    """Touches the image alone; mask, boxes and points stay as they are."""

    @classmethod
    def toned(cls, sample: Sample, params: Params) -> NDArray[Any]:
        """The new image: same shape and dtype, alpha as it was, 8-bit packed."""
        raise NotImplementedError

    @classmethod
    def apply(cls, sample: Sample, params: Params) -> Sample:
        """The sample with its image toned."""
        return replace(sample, image=cls.toned(sample, params))


class Curve(Tonal):
    """Maps every value by itself. For 8 bits that is a table, and neighbouring tables are one."""

    @classmethod
    def curve(cls, params: Params, values: NDArray[np.float64]) -> NDArray[np.float64]:
        """What becomes of `values`, (n,), 0 for black and 1 for white; cut to 0..1 later.

        Returns:
            (n,), or (n, 3) where red, green and blue differ; grey images then stay as they are.
        """
        raise NotImplementedError

    @classmethod
    def table(cls, params: Params) -> NDArray[np.uint8]:
        """The curve for 8 bits: uint8 (256,) or (256, 3), rounded to nearest."""
        return table_of(partial(cls.curve, params), np.uint8)

    @classmethod
    def toned(cls, sample: Sample, params: Params) -> NDArray[Any]:
        """The image through the curve.

        Raises:
            SourceError: Black and white of the source are not known.
        """
        return through_curve(sample, partial(cls.curve, params))


def table_of(
    curve: Callable[[NDArray[np.float64]], NDArray[np.float64]], dtype: type[Unsigned]
) -> NDArray[Unsigned]:
    """A curve as a table of all levels of `dtype`, (levels,) or (levels, 3), rounded half up.

    Args:
        curve: As `Curve.curve`, of its values alone.
        dtype: uint8 or uint16.
    """
    white = np.iinfo(dtype).max
    levels = np.clip(curve(np.arange(white + 1) / white), 0.0, 1.0) * white
    # The last bits, in which powers differ between processors, are rounded away.
    return np.floor(np.round(levels, 6) + 0.5).astype(dtype)


def through_curve(
    sample: Sample, curve: Callable[[NDArray[np.float64]], NDArray[np.float64]]
) -> NDArray[Any]:
    """The image of any depth through a curve, which is as `Curve.curve`, of its values alone.

    Raises:
        SourceError: Black and white of the source are not known.
    """
    if sample.image.dtype == np.uint8:
        return through_table(sample, table_of(curve, np.uint8)).image
    if sample.image.dtype == np.uint16:
        return _through_long_table(sample, table_of(curve, np.uint16))
    unit = to_unit(sample, np.float64)
    values = curve(unit.ravel())
    if values.ndim == 1:
        return from_unit(sample, values.reshape(unit.shape))
    if sample.color_channels != 3:
        return sample.image
    # Of every value there is now what it would be as red, as green and as blue.
    return from_unit(sample, np.diagonal(values.reshape(*unit.shape, 3), axis1=2, axis2=3))


def through_table(sample: Sample, table: NDArray[np.uint8]) -> Sample:
    """The 8-bit sample with its image through a table, (256,) or (256, 3).

    A table (256, 3) is for red, green and blue: grey samples come back as they are, as does any
    sample from a table that changes nothing.
    """
    if not touches(sample, table):
        return sample
    image: NDArray[np.uint8] = sample.image.astype(np.uint8, copy=False)
    if table.ndim == 1:
        toned = kernels.tables.apply_table(image, table, sample.color_channels)
    else:
        toned = kernels.colors.apply_tables(image, table)
    return replace(sample, image=toned)


def _through_long_table(sample: Sample, table: NDArray[np.uint16]) -> NDArray[Any]:
    """The 16-bit image through a table, (65536,) or (65536, 3), as `through_table`."""
    image = sample.image
    if not touches(sample, table):
        return image
    columns = np.broadcast_to(table.reshape(65536, -1), (65536, sample.color_channels))
    toned = image.copy()
    for channel in range(sample.color_channels):
        toned[..., channel] = columns[image[..., channel], channel]
    return toned


def touches(sample: Sample, table: NDArray[Any]) -> bool:
    """Whether the sample may be another after a table, (levels,) or (levels, 3).

    It is not where every level stays what it is; nor where a grey sample would need colour.
    """
    if table.ndim == 2 and sample.color_channels != 3:
        return False
    return not np.equal(table.T, np.arange(len(table))).all()


def unit_range(sample: Sample) -> tuple[float, float]:
    """The values that stand for black, which is 0, and white: 255, 65535, or 1 of floats.

    Raises:
        SourceError: The source is of floats beyond 0..1, or of signed integers, as those of 32
            bits are: nobody knows what is black and white in them.
    """
    if sample.levels is not None:
        low, high = sample.levels
        if low < 0:
            raise SourceError(
                "transform",
                "32-bit integers have no known black and white for this transform: "
                "save them as 16 bits, or as floats from 0 to 1",
            )
        return float(low), float(high)
    color = sample.image[..., : sample.color_channels]
    if not (color.min() >= 0 and color.max() <= 1):  # said so that NaN is refused as well
        raise SourceError(
            "transform",
            "floats beyond 0 and 1 have no known black and white for this transform: "
            "scale them to 0 to 1",
        )
    return 0.0, 1.0


def to_unit(sample: Sample, dtype: type[np.floating] = np.float32) -> NDArray[Any]:
    """The image's colour as shares of full scale: 0 for black, 1 for white.

    Args:
        sample: Of any depth whose black and white are known.
        dtype: float32, which tells all of 16 bits apart, or float64.

    Returns:
        (height, width, color_channels) of `dtype`, a new array, contiguous. Alpha is left out.

    Raises:
        SourceError: As `unit_range`.
    """
    _, white = unit_range(sample)
    color = sample.image[..., : sample.color_channels]
    unit = np.empty(color.shape, dtype)
    for channel in range(color.shape[2]):  # quicker than pixel by pixel, which NumPy would do
        unit[..., channel] = color[..., channel]
    unit /= white
    return unit


def from_unit(sample: Sample, values: NDArray[Any]) -> NDArray[Any]:
    """The sample's image with its colour replaced; the way back from `to_unit`.

    Args:
        sample: Of any depth whose black and white are known; its alpha is kept.
        values: Floats (height, width, color_channels), 0 for black and 1 for white; what is
            beyond is cut off.

    Returns:
        A new image of the sample's shape and dtype. Integers are rounded half up, and 8 bits
        packed.
    """
    _, white = sample.levels or (0, 1)
    color = np.clip(values, 0.0, 1.0)
    color *= white
    if sample.image.dtype.kind in "iu":
        color += 0.5  # and what is left of the point is the nearest level
    return with_color(sample.image, color)


def with_color(image: NDArray[Any], color: NDArray[Any]) -> NDArray[Any]:
    """A new image of `image`'s shape and dtype, its colour replaced and its alpha kept.

    Args:
        image: (height, width, 1 to 4).
        color: (height, width, color channels), values that the dtype can hold; fractions are cut
            off for integers.
    """
    channels = color.shape[2]
    out: NDArray[Any]
    if image.dtype == np.uint8:
        out = kernels.packed.empty(*image.shape)
    else:
        out = np.empty(image.shape, image.dtype)
    typed = color.astype(image.dtype, copy=False)
    for channel in range(image.shape[2]):  # quicker than pixel by pixel, which NumPy would do
        out[..., channel] = (typed if channel < channels else image)[..., channel]
    return out
