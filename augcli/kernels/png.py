"""PNG: written quickly, and its 16-bit colour read, which Pillow reduces to 8 bits.

The format is that of the PNG specification, third edition (https://www.w3.org/TR/png-3/).
"""

import numpy as np
from numba import njit
from numpy.typing import NDArray

_jit = njit(nogil=True, cache=True, error_model="numpy")

_NONE, _SUB, _UP, _AVERAGE, _PAETH = range(5)


@_jit
def _read_row(pixels, row):
    """A row's samples as PNG's bytes: no padding, 16-bit samples high byte first."""
    width, channels = pixels.shape
    if pixels.itemsize == 1:
        if channels == 3:
            for j in range(width):
                row[3 * j] = pixels[j, 0]
                row[3 * j + 1] = pixels[j, 1]
                row[3 * j + 2] = pixels[j, 2]
        else:
            for j in range(width):
                for channel in range(channels):
                    row[channels * j + channel] = pixels[j, channel]
    else:
        for j in range(width):
            for channel in range(channels):
                k = 2 * (channels * j + channel)
                row[k] = pixels[j, channel] >> 8
                row[k + 1] = pixels[j, channel] & 255


@_jit
def _predict(kind, left, up, upper_left):
    if kind == _NONE:
        return np.int32(0)
    if kind == _SUB:
        return left
    if kind == _UP:
        return up
    if kind == _AVERAGE:
        return np.int32((left + up) >> 1)
    to_left = np.int32(abs(up - upper_left))
    to_up = np.int32(abs(left - upper_left))
    to_upper_left = np.int32(abs(left + up - 2 * upper_left))
    if to_left <= to_up and to_left <= to_upper_left:
        return left
    return up if to_up <= to_upper_left else upper_left


@_jit
def _filter_row(kind, row, above, step, out):
    """Differences of a row to their prediction; `row` and `above` begin with `step` zeros.
    
    Returns sum of differences, as signed bytes."""
    cost = np.int32(0)
    for j in range(out.size):
        left = np.int32(row[j])
        up = np.int32(above[j + step])
        upper_left = np.int32(above[j])
        d = np.uint8(np.int32(row[j + step]) - _predict(kind, left, up, upper_left))
        out[j] = d
        cost += np.int32(min(d, np.uint8(-d)))
    return cost

@_jit
def _filter_rows(image, step, kinds, out):
    height = image.shape[0]
    length = out.shape[1] - 1
    row, above = np.zeros(step + length, np.uint8), np.zeros(step + length, np.uint8)
    best, trial = np.empty(length, np.uint8), np.empty(length, np.uint8)
    for i in range(height):
        _read_row(image[i], row[step:])
        best_cost = 0x7fffffff
        best_kind = 0
        if kinds & 1:
            cost = _filter_row(_NONE, row, above, step, trial)
            if cost<best_cost:
                best_cost, best_kind = cost, 0
                best, trial = trial, best
        if kinds & 2:
            cost = _filter_row(_SUB, row, above, step, trial)
            if cost<best_cost:
                best_cost, best_kind = cost, 1
                best, trial = trial, best
        if kinds & 4:
            cost = _filter_row(_UP, row, above, step, trial)
            if cost<best_cost:
                best_cost, best_kind = cost, 2
                best, trial = trial, best
        if kinds & 8:
            cost = _filter_row(_AVERAGE, row, above, step, trial)
            if cost<best_cost:
                best_cost, best_kind = cost, 3
                best, trial = trial, best
        if kinds & 16:
            cost = _filter_row(_PAETH, row, above, step, trial)
            if cost<best_cost:
                best_cost, best_kind = cost, 4
                best, trial = trial, best
        out[i,0]=best_kind
        out[i,1:]=best
        row, above = above, row
