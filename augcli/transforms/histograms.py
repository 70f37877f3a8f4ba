"""Contrast by what levels an image has, as `equalize`, `autocontrast` and `clahe` change it.

Other depths than 8 bits are counted in 8-bit levels, and mapped in their own precision, linearly
between what becomes of the levels.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from augcli import kernels
from augcli.transforms.light import luma
from augcli.transforms.tonal import from_unit, through_table, to_unit

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    from augcli.transforms.base import Sample

_LEVELS = np.arange(256.0)


def equalizing(counts: NDArray[np.int64]) -> NDArray[np.float64]:
    """What becomes of levels so that all are as frequent, by Pillow's `ImageOps.equalize`.

    Args:
        counts: How many pixels have which level, (256,).

    Returns:
        Levels, (256,), unrounded and uncut; Pillow's, once their fractions are cut off.
    """
    present = counts[counts > 0]
    step = int(present[:-1].sum()) // 255
    if step == 0:
        return _LEVELS.copy()
    darker: NDArray[np.int64] = np.cumsum(counts) - counts
    return (darker + step // 2) / step


def stretching(counts: NDArray[np.int64], cutoff: float) -> NDArray[np.float64]:
    """What becomes of levels so that they fill 0 to 255, by Pillow's `ImageOps.autocontrast`.

    Args:
        counts: How many pixels have which level, (256,).
        cutoff: Percent of the pixels, below 50, that may be cut off at either end.

    Returns:
        Levels, as `equalizing` gives them.
    """
    cut = int(int(counts.sum()) * cutoff // 100)
    low = int(np.argmax(np.cumsum(counts) > cut))
    high = 255 - int(np.argmax(np.cumsum(counts[::-1]) > cut))
    if low >= high:
        return _LEVELS.copy()
    scale = 255.0 / (high - low)
    return _LEVELS * scale - low * scale


def mapped_by_counts(
    sample: Sample, mapping: Callable[[NDArray[np.int64]], NDArray[np.float64]]
) -> NDArray[Any]:
    """The image with every colour channel mapped by its own histogram.

    Args:
        sample: Of any depth whose black and white are known.
        mapping: From counts (256,) to levels (256,), whose fractions are cut off for 8 bits.
    """
    if sample.image.dtype == np.uint8:
        image: NDArray[np.uint8] = sample.image.astype(np.uint8, copy=False)
        levels = np.stack([mapping(counts) for counts in kernels.contrast.histograms(image)], 1)
        table = np.clip(levels, 0, 255).astype(np.uint8)
        return through_table(sample, table if table.shape[1] == 3 else table[:, 0]).image
    toned = to_unit(sample, np.float64) * 255
    for channel in range(toned.shape[2]):
        values = toned[..., channel]
        counts = np.bincount(_nearest_levels(values).ravel(), minlength=256)
        toned[..., channel] = _between(values, mapping(counts))
    return from_unit(sample, toned / 255)


def equalized_by_tiles(
    sample: Sample, clip_limit: float, tile_rows: int, tile_columns: int
) -> NDArray[Any]:
    """The image with the contrast of its luma equalised tile by tile: see `kernels.contrast`."""
    if sample.image.dtype == np.uint8:
        image: NDArray[np.uint8] = sample.image.astype(np.uint8, copy=False)
        return kernels.contrast.clahe(image, clip_limit, tile_rows, tile_columns)
    unit = to_unit(sample, np.float64)
    plane = luma(unit) * 255
    rows = kernels.contrast.tiles_of(plane.shape[0], tile_rows)
    columns = kernels.contrast.tiles_of(plane.shape[1], tile_columns)
    tables = kernels.contrast.equalizing_tables(_nearest_levels(plane), rows, columns, clip_limit)
    down, right = rows.share[:, np.newaxis] / 256, columns.share / 256
    upper, lower = (
        _between(plane, tables, tile_row[:, np.newaxis], columns.before) * (1 - right)
        + _between(plane, tables, tile_row[:, np.newaxis], columns.after) * right
        for tile_row in (rows.before, rows.after)
    )
    equalized = (upper * (1 - down) + lower * down) / 64
    return from_unit(sample, unit + (equalized - plane)[..., np.newaxis] / 255)


def _nearest_levels(values: NDArray[np.float64]) -> NDArray[np.uint8]:
    """The whole levels, 0..255, nearest to values."""
    return np.clip(np.floor(values + 0.5), 0, 255).astype(np.uint8)


def _between(
    values: NDArray[np.float64], tables: NDArray[Any], *which: NDArray[np.int32]
) -> NDArray[np.float64]:
    """What a table, (..., 256), makes of values of 0..255, linearly between its levels.

    Args:
        values: Any shape.
        tables: One table, or an array of them.
        which: Which table is which value's: indices of the array, broadcast with `values`.
    """
    level = np.clip(values, 0, 254).astype(np.intp)
    start, end = tables[(*which, level)], tables[(*which, level + 1)]
    return start + (values - level) * (end - start)  # type: ignore[no-any-return]  # NumPy's stubs
