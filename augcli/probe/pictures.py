"""Pictures as the probe looks at them: small, in red, green and blue, of 8 bits."""

import base64

import numpy as np
from numpy.typing import NDArray

from augcli.images.orientation import Box
from augcli.images.pixels import Pixels, change_color_mode, has_alpha, highest_level, to_levels
from augcli.images.resize import resize
from augcli.kernels.png import encode_png
from augcli.transforms.base import Sample

SIDE = 24
"""Height and width of the pictures that networks are trained on."""

THUMBNAIL = 96
"""Pixels along the longer side of the pictures that are shown."""

Window = tuple[float, float]
"""The values that stand for black and white."""


def window_of(original: Sample) -> Window:
    """Black and white of a source, and so of its copies.

    Integers without a sign have those of their depth, and floats from 0 to 1 have 0 and 1. Of
    others it is the source's own lowest and highest value.
    """
    if original.levels is not None and original.levels[0] == 0:
        return original.levels
    finite = original.image[np.isfinite(original.image)]
    low, high = (float(finite.min()), float(finite.max())) if finite.size else (0.0, 1.0)
    return (0.0, 1.0) if 0 <= low <= high <= 1 else (low, high)


def small(pixels: Pixels, window: Window) -> NDArray[np.uint8]:
    """The picture by the mean of each area: (SIDE, SIDE, 3). Its proportions are given up."""
    return _resized(_as_rgb(pixels, window), SIDE, SIDE)


def thumbnail_png(pixels: Pixels, window: Window) -> str:
    """A picture to look at, no side longer than `THUMBNAIL`: a PNG in base64."""
    height, width = pixels.shape[:2]
    scale = min(1.0, THUMBNAIL / max(height, width))
    size = max(1, round(height * scale)), max(1, round(width * scale))
    picture = _resized(_as_rgb(pixels, window), *size)
    return base64.b64encode(encode_png(picture)).decode("ascii")


def _resized(pixels: Pixels, height: int, width: int) -> NDArray[np.uint8]:
    region = Box(0, 0, pixels.shape[1], pixels.shape[0])
    return resize(pixels, height, width, "box", region)


def _as_rgb(pixels: Pixels, window: Window) -> Pixels:
    """Red, green and blue in 8 bits; white shows through what is transparent."""
    if pixels.dtype != np.uint8:
        pixels = _as_8_bit(pixels, window)
    return change_color_mode(pixels, "rgb")


def _as_8_bit(pixels: Pixels, window: Window) -> Pixels:
    low, high = window
    scaled = (pixels.astype(np.float64) - low) / ((high - low) or 1.0) * 255
    if has_alpha(pixels) and np.issubdtype(pixels.dtype, np.unsignedinteger):
        scaled[..., -1] = pixels[..., -1] * (255 / highest_level(pixels))
    return to_levels(scaled, (0, 255), np.uint8)
