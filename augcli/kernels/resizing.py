"""Bilinear resizes of 8-bit images that average over all pixels they cover.

The filter is Pillow's `BILINEAR`: a triangle as wide as an output pixel is when seen in the
input, and at least as wide as an input pixel. It is taken of rows first and of columns then, in
float32, and rounded once.
"""

from typing import Any

import numpy as np
from numba import njit
from numpy.typing import NDArray

from augcli.kernels import packed

_jit = njit(nogil=True, cache=True, error_model="numpy")


@_jit
def _taps(
    start: float, stop: float, count: int, length: int
) -> tuple[NDArray[np.uint32], NDArray[np.float32]]:
    """What each of `count` output pixels reads of a line of `length` pixels.

    Args:
        start: Where the resized part of the line begins.
        stop: Where it ends.
        count: Output pixels.
        length: Pixels of the line; the filter reaches beyond the part, and not beyond the line.

    Returns:
        The first pixel (count,), and the weights (count, taps) of that and the next; their sum
        is 1. The last taps of a pixel may lie outside of the line, with a weight of 0.
    """
    step = (stop - start) / count
    reach = max(step, 1.0)
    firsts = np.empty(count, np.uint32)
    weights = np.zeros((count, int(2 * reach) + 2))
    most = 1
    for j in range(count):
        center = start + (j + 0.5) * step
        first = max(int(np.floor(center - reach + 0.5)), 0)
        firsts[j] = first
        total = 0.0
        for tap in range(min(weights.shape[1], length - first)):
            weight = 1.0 - abs(first + tap + 0.5 - center) / reach
            if weight > 0.0:
                weights[j, tap] = weight
                total += weight
                most = max(most, tap + 1)
        weights[j] /= total
    return firsts, weights[:, :most].astype(np.float32)


@_jit
def _add_rows(
    source: NDArray[np.uint8],
    first: int,
    weights: NDArray[np.float32],
    line: NDArray[np.float32],
) -> None:
    """The weighted sum of some rows, byte by byte."""
    weight, row = weights[0], source[first]
    for k in range(line.size):
        line[k] = weight * np.float32(row[k])
    for tap in range(1, weights.size):
        weight = weights[tap]
        if weight > 0:  # else the row may lie outside
            row = source[first + tap]
            for k in range(line.size):
                line[k] += weight * np.float32(row[k])


@_jit
def _level(value: np.float32) -> np.int32:
    return np.int32(min(value, np.float32(255.0)) + np.float32(0.5))


@_jit
def _add_columns(
    line: NDArray[np.float32],
    firsts: NDArray[np.uint32],
    weights: NDArray[np.float32],
    sums: NDArray[np.float32],
    out: NDArray[np.unsignedinteger],
) -> None:
    """The weighted sums of columns of one row, as packed pixels.

    They are rounded in a loop of their own, which then vectorises.
    """
    zero = np.float32(0.0)
    if sums.shape[0] == 1:
        for j in range(firsts.size):
            level, k = zero, np.uint32(firsts[j])
            for tap in range(weights.shape[1]):
                level += weights[j, tap] * line[k]
                k += np.uint32(1)
            sums[0, j] = level
        for j in range(firsts.size):
            out[j] = _level(sums[0, j])
        return
    for j in range(firsts.size):
        red, green, blue = zero, zero, zero
        k = np.uint32(4) * firsts[j]
        for tap in range(weights.shape[1]):
            weight = weights[j, tap]
            red += weight * line[k]
            green += weight * line[k + np.uint32(1)]
            blue += weight * line[k + np.uint32(2)]
            k += np.uint32(4)
        sums[0, j], sums[1, j], sums[2, j] = red, green, blue
    for j in range(firsts.size):
        red_green = _level(sums[0, j]) | _level(sums[1, j]) << np.int32(8)
        out[j] = red_green | _level(sums[2, j]) << np.int32(16)


@_jit
def _resize(
    source: NDArray[np.uint8],
    rows: NDArray[np.uint32],
    row_weights: NDArray[np.float32],
    columns: NDArray[np.uint32],
    column_weights: NDArray[np.float32],
    line: NDArray[np.float32],
    sums: NDArray[np.float32],
    out: NDArray[np.unsignedinteger],
) -> None:
    """`line` has room for the bytes of a row of `source`, and for the taps beyond it."""
    line[:] = np.float32(0.0)
    for i in range(rows.size):
        _add_rows(source, int(rows[i]), row_weights[i], line[: source.shape[1]])
        _add_columns(line, columns, column_weights, sums, out[i])


def resize_bilinear(
    image: NDArray[np.uint8], height: int, width: int, box: tuple[float, float, float, float]
) -> NDArray[np.uint8]:
    """A part of an image, resized; within one level of Pillow's `BILINEAR`.

    Args:
        image: uint8 (rows, columns, 1 or 3). If packed (see `packed`), it is read without a copy.
        height: Of the result, in pixels.
        width: Of the result, in pixels.
        box: Left, top, right and bottom edge of the part, in pixels; fractions are allowed.

    Returns:
        uint8 (height, width, 1 or 3), packed.

    Raises:
        ValueError: An argument is not as said above, or the part is not in the image.
    """
    left, top, right, bottom = box
    packed.check_image(image)
    rows, columns, channels = image.shape
    if channels not in {1, 3}:
        raise ValueError(f"expected 1 or 3 channels, got {channels}")
    if height < 1 or width < 1:
        raise ValueError(f"cannot resize to {height} x {width}")
    if not (0 <= left < right <= columns and 0 <= top < bottom <= rows):
        raise ValueError(f"expected a part of the {rows} x {columns} image, got {box}")
    row_firsts, row_weights = _taps(float(top), float(bottom), height, rows)
    column_firsts, column_weights = _taps(float(left), float(right), width, columns)
    begin, end = int(column_firsts[0]), int(column_firsts[-1]) + column_weights.shape[1]
    bytes_a_pixel = 1 if channels == 1 else 4
    words = packed.as_words(image)[:, begin:end]  # only the columns that are read
    source: NDArray[Any] = words.view(np.uint8)
    source.flags.writeable = False  # numba compiles one version, for read-only arrays
    result = packed.empty(height, width, channels)
    _resize(
        source,
        row_firsts,
        row_weights,
        column_firsts - np.uint32(begin),
        column_weights,
        np.empty((end - begin) * bytes_a_pixel, np.float32),
        np.empty((channels, width), np.float32),
        packed.as_words(result),
    )
    return result
