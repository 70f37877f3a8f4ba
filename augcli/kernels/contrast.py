"""Histograms of 8-bit images, and contrast that is equalised tile by tile."""

from typing import NamedTuple

import numpy as np
from numba import njit
from numpy.typing import NDArray

from augcli.kernels import colors, packed

_jit = njit(nogil=True, cache=True, error_model="numpy")


@_jit
def _count(words: NDArray[np.unsignedinteger], counts: NDArray[np.int64]) -> None:
    if len(counts) == 3:
        red, green, blue = counts[0], counts[1], counts[2]
        for j in range(words.size):
            word = np.uint32(words[j])
            red[word & 255] += 1
            green[(word >> 8) & 255] += 1
            blue[(word >> 16) & 255] += 1
    else:
        for j in range(words.size):
            counts[0, np.uint32(words[j]) & 255] += 1


def histograms(image: NDArray[np.uint8]) -> NDArray[np.int64]:
    """How many pixels have which level, for grey alone or for red, green and blue.

    Args:
        image: uint8 (height, width, 1 to 4); alpha is not counted.

    Returns:
        int64 (1 or 3, 256).

    Raises:
        ValueError: `image` has another dtype or shape.
    """
    words = packed.as_words(image)
    counts = np.zeros((3 if image.shape[2] >= 3 else 1, 256), np.int64)
    _count(words.reshape(-1), counts)
    return counts


class Tiles(NamedTuple):
    """How an axis is cut into tiles, and between which of them its pixels are.

    Attributes:
        edges: int32 (tiles + 1,): where tiles begin, and where the last one ends.
        before: int32 (length,): for every pixel, the tile whose middle is before or at it.
        after: int32 (length,): the tile whose middle is after it; at the ends the same one.
        share: int32 (length,): how much of the pixel is the later one's, in 256ths.
    """

    edges: NDArray[np.int32]
    before: NDArray[np.int32]
    after: NDArray[np.int32]
    share: NDArray[np.int32]


def tiles_of(length: int, count: int) -> Tiles:
    """An axis of `length` pixels cut into at most `count` tiles, equal to a pixel."""
    count = min(count, length)
    edges = np.arange(count + 1) * length // count
    # (pixel + 1/2) * count / length - 1/2, in 256ths
    place = ((2 * np.arange(length) + 1) * count - length) * 128 // length
    place = np.clip(place, 0, (count - 1) * 256)
    before = place >> 8
    after = np.minimum(before + 1, count - 1)
    return Tiles(*(part.astype(np.int32) for part in (edges, before, after, place & 255)))


@_jit
def _count_tiles(
    plane: NDArray[np.uint8],
    rows: NDArray[np.int32],
    columns: NDArray[np.int32],
    counts: NDArray[np.int64],
) -> None:
    for tile_row in range(rows.size - 1):
        for row in range(rows[tile_row], rows[tile_row + 1]):
            for tile_column in range(columns.size - 1):
                count = counts[tile_row, tile_column]
                for column in range(columns[tile_column], columns[tile_column + 1]):
                    count[plane[row, column]] += 1


def equalizing_tables(
    plane: NDArray[np.uint8], rows: Tiles, columns: Tiles, clip_limit: float
) -> NDArray[np.int32]:
    """For every tile, what becomes of its levels: their share of the pixels, limited.

    Counts above `clip_limit` times the mean count are cut off, and what is cut is spread over all
    levels alike (Zuiderveld, "Contrast limited adaptive histogram equalization", Graphics Gems IV,
    1994; spread once, as OpenCV does).

    Args:
        plane: uint8 (height, width).
        rows: The tiles of its height.
        columns: The tiles of its width.
        clip_limit: From 1, where next to nothing is equalised, on.

    Returns:
        int32 (tiles down, tiles across, 256), in 64ths of a level.
    """
    shape = (len(rows.edges) - 1, len(columns.edges) - 1, 256)
    counts = np.zeros(shape, np.int64)
    _count_tiles(np.ascontiguousarray(plane), rows.edges, columns.edges, counts)
    pixels = counts.sum(axis=2, keepdims=True)
    limit = np.maximum(np.floor(pixels * (clip_limit / 256)), 1).astype(np.int64)
    kept = np.minimum(counts, limit)
    spread = (pixels - kept.sum(axis=2, keepdims=True)) * np.arange(1, 257)
    below = np.cumsum(kept, axis=2) * 256 + spread  # in 256ths of a pixel
    tables: NDArray[np.int64] = (below * (255 * 64) + pixels * 128) // (pixels * 256)
    return tables.astype(np.int32)


@_jit
def _equalize(
    plane: NDArray[np.uint8],
    tables: NDArray[np.int32],
    above: NDArray[np.int32],
    below: NDArray[np.int32],
    row_share: NDArray[np.int32],
    left: NDArray[np.int32],
    right: NDArray[np.int32],
    column_share: NDArray[np.int32],
    out: NDArray[np.uint8],
) -> None:
    """Between the tables of the four tiles whose middles are around a pixel, linearly."""
    height, width = plane.shape
    for row in range(height):
        upper, lower = tables[above[row]], tables[below[row]]
        down = row_share[row]
        up = np.int32(256 - down)
        for column in range(width):
            level = plane[row, column]
            start, end = left[column], right[column]
            on_right = column_share[column]
            on_left = np.int32(256 - on_right)
            first = np.int32(upper[start, level] * on_left + upper[end, level] * on_right)
            second = np.int32(lower[start, level] * on_left + lower[end, level] * on_right)
            out[row, column] = np.int32(first * up + second * down + (1 << 21)) >> 22


def clahe(
    image: NDArray[np.uint8], clip_limit: float, tile_rows: int, tile_columns: int
) -> NDArray[np.uint8]:
    """The image with the contrast of its luma equalised tile by tile, within limits.

    Args:
        image: uint8 (height, width, 1 to 4); chroma stays, and alpha is copied.
        clip_limit: See `equalizing_tables`.
        tile_rows: How many tiles from top to bottom; never more than pixels.
        tile_columns: How many tiles from left to right, likewise.

    Returns:
        A new packed image.

    Raises:
        ValueError: `image` has another dtype or shape.
    """
    plane = colors.luma(image)
    rows, columns = (
        tiles_of(length, count)
        for length, count in zip(plane.shape, (tile_rows, tile_columns), strict=True)
    )
    tables = equalizing_tables(plane, rows, columns, clip_limit)
    equalized = np.empty_like(plane)
    _equalize(plane, tables, *rows[1:], *columns[1:], equalized)
    return colors.change_luma(image, equalized)
