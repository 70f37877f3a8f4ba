"""Lookup tables and value ranges of packed 8-bit images."""

import numpy as np
from numba import njit
from numpy.typing import NDArray

from augcli.kernels import packed
from augcli.kernels.lines import line_of, scale_words

_jit = njit(nogil=True, cache=True, error_model="numpy")


@_jit
def map_words(
    words: NDArray[np.unsignedinteger],
    table: NDArray[np.uint8],
    color_channels: int,
    out: NDArray[np.unsignedinteger],
) -> None:
    """Puts the first channels of every word through `table` and keeps the others.

    Called from kernels; `words` and `out` are of one dimension and may be the same array.
    """
    if color_channels == 3:
        for j in range(words.size):
            word = np.uint32(words[j])
            out[j] = (
                np.uint32(table[word & 255])
                | np.uint32(table[(word >> 8) & 255]) << 8
                | np.uint32(table[(word >> 16) & 255]) << 16
                | word & np.uint32(0xFF000000)
            )
    else:
        for j in range(words.size):
            word = np.uint32(words[j])
            mapped = word & ~np.uint32((1 << 8 * color_channels) - 1)
            for channel in range(color_channels):
                mapped |= np.uint32(table[(word >> 8 * channel) & 255]) << 8 * channel
            out[j] = mapped


@_jit
def _range_of_words(
    words: NDArray[np.unsignedinteger], color_channels: int
) -> tuple[np.uint32, np.uint32]:
    low, high = np.uint32(255), np.uint32(0)
    for channel in range(color_channels):
        shift = np.uint32(8 * channel)
        for j in range(words.size):
            value = (np.uint32(words[j]) >> shift) & np.uint32(255)
            low = min(low, value)
            high = max(high, value)
    return low, high


def check_color_channels(channels: int, color_channels: int) -> None:
    """Raises ValueError unless `color_channels` of `channels` can be colour."""
    if not 1 <= color_channels <= channels:
        raise ValueError(f"color_channels is {color_channels}: expected 1 to {channels}")


def check_table(table: NDArray[np.uint8]) -> None:
    """Raises ValueError unless `table` holds 256 values of uint8."""
    if table.dtype != np.uint8 or table.shape != (256,):
        raise ValueError(f"expected a uint8[256] table, got {table.dtype}{list(table.shape)}")


def apply_table(
    image: NDArray[np.uint8],
    table: NDArray[np.uint8],
    color_channels: int,
    out: NDArray[np.uint8] | None = None,
) -> NDArray[np.uint8]:
    """`table[value]` for every value of the first `color_channels` channels.

    Args:
        image: uint8 (height, width, 1 to 4).
        table: uint8 (256,).
        color_channels: How many channels go through the table; the others are copied.
        out: Packed array of the image's shape to write to, which may be `image` itself.

    Returns:
        `out`, or a new packed image.

    Raises:
        ValueError: An array has another dtype, shape or layout.
    """
    words = packed.as_words(image)
    check_color_channels(image.shape[2], color_channels)
    check_table(table)
    if out is None:
        out = packed.empty(*image.shape)
    table = np.ascontiguousarray(table)
    out_words = packed.output_words(out, image.shape).reshape(-1)
    line = line_of(table) if color_channels == 3 else None
    if line is None:
        map_words(words.reshape(-1), table, color_channels, out_words)
    else:
        slopes, offsets = (np.full(3, number, np.int32) for number in line)
        scale_words(words.reshape(-1), slopes, offsets, out_words)
    return out


def color_range(image: NDArray[np.uint8], color_channels: int) -> tuple[int, int]:
    """Lowest and highest value of the first `color_channels` channels.

    Raises:
        ValueError: `image` is not uint8 (height, width, 1 to 4), or has no pixels.
    """
    words = packed.as_words(image)
    check_color_channels(image.shape[2], color_channels)
    if not image.size:
        raise ValueError("an image without pixels has no range")
    low, high = _range_of_words(words.reshape(-1), color_channels)
    return int(low), int(high)
