"""Coarse grids drawn out to the size of an image."""

from typing import NamedTuple

import numpy as np
from numba import njit
from numpy.typing import NDArray

_jit = njit(nogil=True, cache=True, error_model="numpy")


class Taps(NamedTuple):
    """What each place along an axis is made of: some neighbouring nodes of the grid, weighed.

    Attributes:
        first: uint32 (length,), the first of those nodes.
        weights: float32 (taps, length), the weight of each.
    """

    first: NDArray[np.uint32]
    weights: NDArray[np.float32]


def spline_taps(length: int, step: float) -> Taps:
    """The uniform cubic B-spline at every place of an axis, with a node at every `step`."""
    first, offset = np.divmod(np.arange(length), step)
    t = offset / step
    s, square, cube = 1 - t, t * t, t * t * t  # products, as powers differ between C libraries
    weights = [s * s * s, 3 * cube - 6 * square + 4, 3 * (t + square - cube) + 1, cube]
    return Taps(first.astype(np.uint32), (np.stack(weights) / 6).astype(np.float32))


@_jit
def _drawn_out(
    grid: NDArray[np.float32],
    first_row: NDArray[np.uint32],
    row_weights: NDArray[np.float32],
    first_column: NDArray[np.uint32],
    column_weights: NDArray[np.float32],
    out: NDArray[np.float32],
) -> None:
    """Columns first: they take a load from anywhere for every tap, and a grid has few rows."""
    wide = np.zeros((grid.shape[0], out.shape[1]), np.float32)
    for node in range(grid.shape[0]):
        line = wide[node]
        for tap in range(column_weights.shape[0]):
            nodes, weights = grid[node, tap:], column_weights[tap]
            for column in range(line.size):
                line[column] += weights[column] * nodes[first_column[column]]
    for row in range(out.shape[0]):
        line = out[row]
        line[:] = np.float32(0.0)
        for tap in range(row_weights.shape[0]):
            nodes, weight = wide[np.intp(first_row[row]) + tap], row_weights[tap, row]
            for column in range(line.size):
                line[column] += weight * nodes[column]


def drawn_out(grid: NDArray[np.float32], rows: Taps, columns: Taps) -> NDArray[np.float32]:
    """A grid, interpolated at every row and column of an image.

    Args:
        grid: float32 (grid height, grid width).
        rows: How each row of the result is made of rows of the grid.
        columns: How each column of the result is made of columns of the grid.

    Returns:
        float32 (height, width).

    Raises:
        ValueError: Taps reach beyond the grid.
    """
    for taps, nodes in zip((rows, columns), grid.shape, strict=True):
        if int(taps.first.max()) + len(taps.weights) > nodes:
            raise ValueError(f"expected taps within a grid of {grid.shape[0]} x {grid.shape[1]}")
    out = np.empty((rows.first.size, columns.first.size), np.float32)
    _drawn_out(np.ascontiguousarray(grid, np.float32), *rows, *columns, out)
    return out
