"""Light: sRGB values and what they stand for, luma, and the colour of lamps."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from augcli import kernels
from augcli.transforms.tonal import to_unit

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from augcli.transforms.base import Sample

NEUTRAL_KELVIN = 6500.0
"""The colour temperature at which pictures are taken to be balanced: daylight, as sRGB's white."""

_LUMINANCE = (0.2126, 0.7152, 0.0722)  # of linear red, green and blue, IEC 61966-2-1


def linear(values: NDArray[np.float64]) -> NDArray[np.float64]:
    """Light of sRGB values, both 0..1 (IEC 61966-2-1)."""
    return np.where(values <= 0.04045, values / 12.92, ((values + 0.055) / 1.055) ** 2.4)


def encoded(light: NDArray[np.float64]) -> NDArray[np.float64]:
    """Values in sRGB of light, at least 0 (IEC 61966-2-1)."""
    return np.where(light <= 0.0031308, light * 12.92, 1.055 * light ** (1 / 2.4) - 0.055)


def multiplied_light(values: NDArray[np.float64], gain: float) -> NDArray[np.float64]:
    """Values in sRGB, 0..1, of `gain` times the light."""
    return values if gain == 1 else encoded(linear(values) * gain)


def lamp_gains(kelvin: float) -> NDArray[np.float64]:
    """What a lamp of `kelvin` makes of linear red, green and blue in neutral light, (3,).

    The lamp's colour is a black body's, by the cubic approximation of Kim et al., "Design of
    advanced color temperature control system for HDTV applications" (2002), from 1,667 to 25,000
    kelvin. White keeps its luminance.
    """
    gains = _black_body(kelvin) / _black_body(NEUTRAL_KELVIN)
    luminance = sum(gain * share for gain, share in zip(gains, _LUMINANCE, strict=True))
    rounded: NDArray[np.float64] = np.round(gains / luminance, 9)  # 6500 K: 1, to the last bit
    return rounded


def _black_body(kelvin: float) -> NDArray[np.float64]:
    """Linear sRGB of a black body, of luminance 1, (3,)."""
    t = 1000 / kelvin
    if kelvin <= 4000:
        x = ((-0.2661239 * t - 0.2343589) * t + 0.8776956) * t + 0.179910
    else:
        x = ((-3.0258469 * t + 2.1070379) * t + 0.2226347) * t + 0.240390
    if kelvin <= 2222:
        y = ((-1.1063814 * x - 1.34811020) * x + 2.18555832) * x - 0.20219683
    elif kelvin <= 4000:
        y = ((-0.9549476 * x - 1.37418593) * x + 2.09137015) * x - 0.16748867
    else:
        y = ((3.0817580 * x - 5.87338670) * x + 3.75112997) * x - 0.37001483
    big_x, big_z = x / y, (1 - x - y) / y  # CIE XYZ, whose Y is 1
    return np.array(
        [
            3.2406 * big_x - 1.5372 - 0.4986 * big_z,
            -0.9689 * big_x + 1.8758 + 0.0415 * big_z,
            0.0557 * big_x - 0.2040 + 1.0570 * big_z,
        ]
    )


def luma(unit: NDArray[Any]) -> NDArray[Any]:
    """ITU-R BT.601 luma of colour (height, width, 3), or grey itself; (height, width)."""
    if unit.shape[2] == 1:
        return unit[..., 0]
    return 0.299 * unit[..., 0] + 0.587 * unit[..., 1] + 0.114 * unit[..., 2]


def mean_luma(sample: Sample) -> float:
    """The mean luma of the image, 0..1; of 8 bits rounded to a level, as Pillow has it.

    It is a mean of whole levels, so that it is the same on every processor.
    """
    if sample.image.dtype == np.uint8:
        mean = kernels.colors.mean_luma(sample.image.astype(np.uint8, copy=False))
        return int(mean + 0.5) / 255
    levels = np.floor(luma(to_unit(sample)) * 65535 + 0.5)
    return float(levels.mean(dtype=np.float64)) / 65535
