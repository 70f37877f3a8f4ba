"""Pixels of any kind as pictures that a screen can show."""

import io
from collections.abc import Sequence

import numpy as np
from PIL import Image

from augcli.config.schema import Config, is_channels_first
from augcli.images.decode import decode
from augcli.images.options import ARRAY_FORMATS, Loading
from augcli.images.pillow import as_image
from augcli.images.pixels import Pixels, has_alpha, pack, to_8_bit, to_levels

LONGEST_SIDE = 720
"""Pictures are reduced to this many pixels: twice what a sheet shows of them on most screens."""
_NO_LIMIT = 2**40

Window = tuple[float, float]
"""The values that are shown black and white."""


def pixels_in(data: bytes, config: Config) -> Pixels:
    """The pixels that a reader of a copy finds in its file, (height, width, channels).

    Args:
        data: The file's content.
        config: The config it was written by.

    Raises:
        SourceError: It cannot be read back.
    """
    if config.save_format not in ARRAY_FORMATS:
        return decode(data, Loading(max_pixels=_NO_LIMIT)).pixels
    array: Pixels
    if config.save_format == "npz":
        with np.load(io.BytesIO(data), allow_pickle=False) as shard:
            [array] = shard["x"]
    else:
        array = np.load(io.BytesIO(data), allow_pickle=False)
    return np.moveaxis(array, 0, -1) if is_channels_first(config) else array


def window_of(pictures: Sequence[Pixels]) -> Window | None:
    """Lowest and highest colour of all pictures; None when all have 8 bits and need no window."""
    if all(pixels.dtype == np.uint8 for pixels in pictures):
        return None
    colors = [_color(pixels) for pixels in pictures]
    finite = [color[np.isfinite(color)] for color in colors]
    ends = [end for values in finite if values.size for end in (values.min(), values.max())]
    return (float(min(ends)), float(max(ends))) if ends else (0.0, 1.0)


def shown(pixels: Pixels, window: Window | None) -> Image.Image:
    """The picture as RGB or RGBA, no side longer than `LONGEST_SIDE`.

    Args:
        pixels: (height, width, channels), channels 1 (grey), 2 (grey, alpha), 3 or 4 (RGB, alpha).
        window: What becomes black and white; of 8-bit pixels, which stay as they are, None.
    """
    levels = pixels if pixels.dtype == np.uint8 else _in_window(pixels, window or (0.0, 1.0))
    picture = as_image(pack(levels)).convert("RGBA" if has_alpha(levels) else "RGB")
    picture.thumbnail((LONGEST_SIDE, LONGEST_SIDE), Image.Resampling.LANCZOS)
    return picture


def _color(pixels: Pixels) -> Pixels:
    """The channels that are colour."""
    return pixels[..., :-1] if has_alpha(pixels) else pixels


def _in_window(pixels: Pixels, window: Window) -> Pixels:
    low, high = window
    color = _color(pixels).astype(np.float64)
    scaled = (color - low) / ((high - low) or 1.0) * 255
    levels = to_levels(scaled, (0, 255), np.uint8)
    if not has_alpha(pixels):
        return levels
    alpha = pixels[..., -1:]
    opacity = to_8_bit(alpha) if alpha.dtype == np.uint16 else to_levels(alpha, (0, 255), np.uint8)
    return np.concatenate([levels, opacity], axis=2)
