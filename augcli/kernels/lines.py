"""Tables of 8-bit levels that are straight lines, so that arithmetic can take their place.

A look-up is done value by value, arithmetic for many values at once: a quarter of the time for
brightness, contrast, an inversion, a shift. Lines are in whole numbers, 1 as `ONE`, and cut to
0..255; as a line is only used where it gives every level of its table, the pixels are the same.
"""

import numpy as np
from numba import njit
from numpy.typing import NDArray

_jit = njit(nogil=True, cache=True, error_model="numpy")

ONE = 65536
"""1 in the whole numbers that slopes and offsets are given in."""

_STEEPEST = 64 * ONE  # with it, slope * level + offset stays within 32 bits
_UNBOUNDED = 1 << 40  # beyond every offset


@_jit
def _line_of(table: NDArray[np.uint8]) -> tuple[int, int, bool]:
    """Slope and offset of a line through a table, and whether there is one.

    Each level bounds the offsets that a slope leaves open. Where the highest lower bound is above
    the lowest upper one, the two levels that they come from tell on which side the slope is wrong.
    """
    low, high = -_STEEPEST, _STEEPEST
    while low <= high:
        slope = (low + high) >> 1
        least, least_at = -_UNBOUNDED, 0
        most, most_at = _UNBOUNDED, 0
        for value in range(256):
            offset = (int(table[value]) << 16) - slope * value
            if table[value] > 0 and offset > least:
                least, least_at = offset, value
            if table[value] < 255 and offset + ONE - 1 < most:
                most, most_at = offset + ONE - 1, value
        if least <= most:
            return slope, least if least > -_UNBOUNDED else most, True
        if most_at > least_at:
            high = slope - 1
        else:
            low = slope + 1
    return 0, 0, False


def line_of(table: NDArray[np.uint8]) -> tuple[int, int] | None:
    """A line that gives every level of a table: (slope * level + offset) >> 16, cut to 0..255.

    Args:
        table: uint8 (256,).

    Returns:
        Slope and offset, 1 as `ONE`, within 32 bits as are all their values; None if no line does.
    """
    slope, offset, is_line = _line_of(table)
    return (slope, offset) if is_line else None


@_jit
def scale_words(
    words: NDArray[np.uint32],
    slopes: NDArray[np.int32],
    offsets: NDArray[np.int32],
    out: NDArray[np.uint32],
) -> None:
    """Puts the first three channels of every word through lines and keeps the fourth.

    Args:
        words: Packed pixels, one-dimensional.
        slopes: Of the three lines, as `line_of` gives them.
        offsets: Of the three lines.
        out: As `words`, and may be the same array.
    """
    lowest, highest = np.int32(0), np.int32(255)
    slope_0, slope_1, slope_2 = slopes[0], slopes[1], slopes[2]
    offset_0, offset_1, offset_2 = offsets[0], offsets[1], offsets[2]
    for j in range(words.size):
        word = words[j]
        first = np.int32(np.int32(slope_0 * np.int32(word & 255) + offset_0) >> 16)
        second = np.int32(np.int32(slope_1 * np.int32((word >> 8) & 255) + offset_1) >> 16)
        third = np.int32(np.int32(slope_2 * np.int32((word >> 16) & 255) + offset_2) >> 16)
        out[j] = np.uint32(
            np.uint32(min(max(first, lowest), highest))
            | np.uint32(np.uint32(min(max(second, lowest), highest)) << 8)
            | np.uint32(np.uint32(min(max(third, lowest), highest)) << 16)
            | word & np.uint32(0xFF000000)
        )
