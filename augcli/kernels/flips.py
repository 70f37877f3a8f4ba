"""Mirror images of packed pixels, as quick as a plain copy."""

import numpy as np
from numba import njit
from numpy.typing import NDArray

Words = NDArray[np.unsignedinteger]


@njit(nogil=True, cache=True, error_model="numpy")
def _copy_mirrored(source: Words, row: int, row_step: int, column: int, out: Words) -> None:
    # Unsigned indices, which cannot mean "from the end", are what lets the loop vectorise.
    last = np.uint64(column)
    for i in range(out.shape[0]):
        line, mirrored = source[row + row_step * i], out[i]
        for j in range(np.uint64(out.shape[1])):
            mirrored[j] = line[last - j]


def copy_mirrored(source: Words, row: int, row_step: int, column: int, out: Words) -> None:
    """Copies a part of an image with left and right exchanged.

    Pixel (i, j) of `out` becomes (row + row_step * i, column - j) of `source`.

    Args:
        source: (height, width), C-contiguous.
        row: Row that the first one shows.
        row_step: 1, or -1 to exchange top and bottom too.
        column: Column that the first one shows.
        out: Of the same dtype, C-contiguous; it may not share memory with `source`.

    Raises:
        ValueError: `out` would show what is not in `source`.
    """
    height, width = source.shape
    last_row, last_column = row + row_step * (out.shape[0] - 1), column - (out.shape[1] - 1)
    if min(row, last_row, last_column) < 0 or max(row, last_row) >= height or column >= width:
        raise ValueError(f"{out.shape} pixels are not in {source.shape} ones from {row}, {column}")
    source = source.view()
    source.flags.writeable = False  # numba compiles one version, for read-only arrays
    _copy_mirrored(source, row, row_step, column, out)
