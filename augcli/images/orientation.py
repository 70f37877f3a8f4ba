"""The eight ways a camera may have been held: EXIF's Orientation.

A file stores its pixels in one frame, and the tag says how to turn that into the upright picture.
"""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from augcli.images.pixels import Pixels
from augcli.kernels import packed

UPRIGHT = 1


class Box(NamedTuple):
    """A region in pixels, edges at whole numbers; right and bottom lie outside of it."""

    left: float
    top: float
    right: float
    bottom: float


class _Turn(NamedTuple):
    """What makes stored pixels upright: rows and columns swapped first, then mirrored."""

    swaps_axes: bool
    mirrors_rows: bool
    mirrors_columns: bool


# Exif 2.32 (CIPA DC-008), tag 274: 1 to 8, by where row 0 and column 0 belong.
_TURNS: dict[int, _Turn] = {
    1: _Turn(False, False, False),
    2: _Turn(False, False, True),
    3: _Turn(False, True, True),
    4: _Turn(False, True, False),
    5: _Turn(True, False, False),
    6: _Turn(True, False, True),
    7: _Turn(True, True, True),
    8: _Turn(True, True, False),
}


def is_valid(orientation: object) -> bool:
    """Whether it is one of the eight."""
    return isinstance(orientation, int) and orientation in _TURNS


def swaps_axes(orientation: int) -> bool:
    """Whether height and width trade places."""
    return _TURNS[orientation].swaps_axes


def turn_upright(pixels: Pixels, orientation: int) -> Pixels:
    """The upright pixels of stored ones (height, width, channels), in the same layout."""
    if orientation == UPRIGHT:
        return pixels
    if pixels.dtype != np.uint8:
        return np.ascontiguousarray(_turn(pixels, _TURNS[orientation]))
    channels = pixels.shape[2]
    words = packed.as_words(pixels)  # a word a pixel moves quicker
    turned = np.ascontiguousarray(_turn(words, _TURNS[orientation]))
    return turned.view(np.uint8).reshape(*turned.shape, -1)[..., :channels]


def _turn(array: NDArray[np.generic], turn: _Turn) -> NDArray[np.generic]:
    if turn.swaps_axes:
        array = array.swapaxes(0, 1)
    if turn.mirrors_rows:
        array = array[::-1]
    if turn.mirrors_columns:
        array = array[:, ::-1]
    return array


def to_stored_frame(box: Box, orientation: int, height: int, width: int) -> Box:
    """Where a region of the upright picture, `height` x `width`, lies among the stored pixels."""
    left, top, right, bottom = box
    turn = _TURNS[orientation]
    if turn.mirrors_rows:
        top, bottom = height - bottom, height - top
    if turn.mirrors_columns:
        left, right = width - right, width - left
    if turn.swaps_axes:
        left, top, right, bottom = top, left, bottom, right
    return Box(left, top, right, bottom)
