"""Where an image goes on beyond its edges.

Coordinates are led back into the image as `scipy.ndimage` does, in its order of operations, so
that ties between two pixels fall to the same one.
"""

from typing import Literal

import numpy as np
from numba import njit

FillMode = Literal["nearest", "reflect", "constant", "wrap"]

NEAREST, REFLECT, CONSTANT, WRAP = range(4)
MODES: dict[str, int] = {
    "nearest": NEAREST,
    "reflect": REFLECT,
    "constant": CONSTANT,
    "wrap": WRAP,
}

_jit = njit(nogil=True, cache=True, error_model="numpy")


@_jit
def fold(position: float, length: int, mode: int) -> float:
    """A coordinate led back into the image, as scipy's "reflect" and "grid-wrap" do.

    The result lies in (-1, length): up to half a pixel outside when reflected; between the last
    pixel and the first, at either end, when wrapped.
    """
    if 0.0 <= position <= length - 1.0:
        return position
    if length == 1:
        return 0.0
    if mode == WRAP:
        if position < 0.0:
            position += length * (np.trunc((-1.0 - position) / length) + 1.0)
        else:
            position -= length * np.trunc(position / length)
        return position
    period = 2.0 * length
    if position < 0.0:
        if position < -period:
            position += period * np.trunc(-position / period)
        return position + period if position < -length else -position - 1.0
    position -= period * np.trunc(position / period)
    return period - position - 1.0 if position >= length else position


@_jit
def around(index: int, length: int) -> int:
    """An index from -1 to length + 1, modulo length: branches are quicker than a division."""
    if index < 0:
        return index + length
    return index - length if index >= length else index


@_jit
def neighbours(position: float, length: int, mode: int) -> tuple[int, int, float]:
    """The two pixels that a coordinate lies between, and how far it is from the first."""
    if mode in (REFLECT, WRAP):
        position = fold(position, length, mode)
    if mode == WRAP:
        position = min(max(position, -1.0), np.float64(length))
        floor = int(np.floor(position))
        return around(floor, length), around(floor + 1, length), position - floor
    position = min(max(position, 0.0), length - 1.0)
    first = int(position)
    return first, min(first + 1, length - 1), position - first


@_jit
def nearest_index(position: float, length: int, mode: int) -> int:
    """The pixel nearest to a coordinate; of two as near the later, as in scipy."""
    if mode in (REFLECT, WRAP):
        position = fold(position, length, mode)
    if mode == WRAP:
        index = int(np.floor(min(max(position, -1.0), np.float64(length)) + 0.5))
        return around(index, length)
    return int(min(max(position, 0.0), length - 1.0) + 0.5)
