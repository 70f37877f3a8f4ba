"""Arithmetic on pixel arrays of shape (height, width, channels): levels, depth, colour, alpha.

Channels are 1 (grey), 2 (grey, alpha), 3 (RGB) or 4 (RGB, alpha). Integers are rounded half up.
8-bit RGB comes in the packed layout of `augcli.kernels.packed`.
"""

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from augcli.errors import SourceError
from augcli.images.options import ColorMode
from augcli.kernels import packed

Pixels = NDArray[Any]
"""Any of uint8, uint16, int32 and float32."""

WHITE = (255, 255, 255)

_LUMA_WEIGHTS = (19595, 38470, 7471)  # ITU-R BT.601 (0.299, 0.587, 0.114) in 65536ths


def to_levels(values: Pixels, levels: tuple[int, int], dtype: type[np.integer]) -> Pixels:
    """Floats as whole levels: rounded half up, clipped to `levels`; NaN becomes the lowest.

    Args:
        values: Any shape.
        levels: Lowest and highest level, both within `dtype`.
        dtype: Integer type of the result.
    """
    low, high = levels
    rounded = np.add(values, 0.5, dtype=np.float64)  # float32 cannot tell the highest int32 apart
    np.floor(rounded, out=rounded)
    np.clip(rounded, low, high, out=rounded)
    rounded[np.isnan(rounded)] = low
    levels_only: Pixels = rounded.astype(dtype)
    return levels_only


def has_alpha(pixels: Pixels) -> bool:
    """Whether the last channel is alpha."""
    return pixels.shape[2] in {2, 4}


def highest_level(pixels: Pixels) -> int:
    """The highest level of uint8 or uint16 pixels: 255 or 65535."""
    return int(np.iinfo(pixels.dtype).max)


def pack(pixels: Pixels) -> Pixels:
    """The same pixels in the layout of the house: 8-bit RGB packed, all else contiguous."""
    if pixels.dtype != np.uint8 or pixels.shape[2] != 3:
        return np.ascontiguousarray(pixels)
    if packed.is_packed(pixels):
        return pixels
    out = packed.empty(pixels.shape[0], pixels.shape[1], 3)
    out[...] = pixels
    return out


def to_8_bit(pixels: NDArray[np.uint16]) -> NDArray[np.uint8]:
    """uint16 pixels as uint8: 65535 becomes 255, by v * 255 / 65535 rounded to nearest."""
    return ((pixels.astype(np.uint32) + 128) // 257).astype(np.uint8)


def add_color_key(pixels: Pixels, key: Sequence[int]) -> Pixels:
    """Adds an alpha channel: transparent where all channels equal `key`, opaque elsewhere."""
    highest = highest_level(pixels)
    matches = (pixels == np.asarray(key)).all(axis=-1, keepdims=True)
    alpha = np.where(matches, 0, highest).astype(pixels.dtype)
    return np.concatenate([pixels, alpha], axis=-1)


def flatten_alpha(pixels: Pixels, background: Sequence[int]) -> Pixels:
    """Composites uint8 or uint16 pixels over a colour; pixels without alpha come back as they are.

    Grey stays grey over a grey background, and becomes RGB over any other.

    Args:
        pixels: (height, width, channels).
        background: Red, green and blue, 0 to 255; scaled up for uint16.
    """
    if not has_alpha(pixels):
        return pixels
    highest = highest_level(pixels)
    color = pixels[..., :-1].astype(np.uint32)
    alpha = pixels[..., -1:].astype(np.uint32)
    behind = np.array(background, np.uint32) * np.uint32(highest // 255)
    if color.shape[2] == 1 and len(set(background)) == 1:
        behind = behind[:1]
    mixed = (color * alpha + behind * (highest - alpha) + highest // 2) // highest
    return pack(mixed.astype(pixels.dtype))


def change_color_mode(pixels: Pixels, color_mode: ColorMode) -> Pixels:
    """Pixels with the channels that `color_mode` asks for.

    `grayscale` weighs red, green and blue by ITU-R BT.601; `rgb` repeats grey; both composite
    transparency over white. `rgba` adds an opaque alpha. int32 and float32 pixels, always grey,
    have no highest level and so no alpha.

    Raises:
        SourceError: Stage "decode"; `rgba` of int32 or float32.
    """
    if color_mode == "keep":
        return pixels
    if color_mode == "rgba":
        return _with_alpha(pixels)
    pixels = flatten_alpha(pixels, WHITE)
    if color_mode == "grayscale":
        return pixels if pixels.shape[2] == 1 else _luma(pixels)
    return pack(_repeat_gray(pixels))


def _luma(pixels: Pixels) -> Pixels:
    red, green, blue = (pixels[..., channel, None].astype(np.uint32) for channel in range(3))
    weighted = red * _LUMA_WEIGHTS[0] + green * _LUMA_WEIGHTS[1] + blue * _LUMA_WEIGHTS[2]
    return ((weighted + 32768) >> 16).astype(pixels.dtype)


def _repeat_gray(color: Pixels) -> Pixels:
    return color if color.shape[2] == 3 else np.repeat(color, 3, axis=2)


def _with_alpha(pixels: Pixels) -> Pixels:
    if not np.issubdtype(pixels.dtype, np.unsignedinteger):
        raise SourceError(
            "decode",
            f"color_mode rgba needs 8 or 16-bit pixels, not {pixels.dtype}: "
            "keep, grayscale and rgb can hold them",
        )
    if has_alpha(pixels):
        color, alpha = pixels[..., :-1], pixels[..., -1:]
    else:
        color, alpha = pixels, np.full_like(pixels[..., :1], highest_level(pixels))
    return np.concatenate([_repeat_gray(color), alpha], axis=2)


def stretch(pixels: Pixels) -> NDArray[np.uint8]:
    """Colour stretched so that its lowest value becomes 0 and its highest 255; alpha as it is.

    As Keras-Preprocessing's `array_to_img(scale=True)`, over all colour channels at once, but
    rounded to nearest. A constant picture becomes 0.
    """
    colors = pixels.shape[2] - int(has_alpha(pixels))
    color = pixels[..., :colors].astype(np.float64)
    color -= color.min()
    highest = color.max()
    if highest > 0:
        color *= 255.0 / highest
    out = np.empty(pixels.shape, np.uint8)
    out[..., :colors] = to_levels(color, (0, 255), np.uint8)
    if colors < pixels.shape[2]:
        out[..., colors:] = _alpha_to_8_bit(pixels[..., colors:])
    return out


def _alpha_to_8_bit(alpha: Pixels) -> Pixels:
    if alpha.dtype == np.uint16:
        return to_8_bit(alpha)
    return to_levels(alpha, (0, 255), np.uint8)
