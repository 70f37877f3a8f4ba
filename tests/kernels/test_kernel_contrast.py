"""Histograms, tiles, and contrast that is equalised tile by tile."""

from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp
from numpy.typing import NDArray

from augcli.kernels import packed
from augcli.kernels.contrast import clahe, equalizing_tables, histograms, tiles_of

Array = NDArray[Any]


@given(
    pixels=st.integers(1, 4).flatmap(lambda channels: hnp.arrays(np.uint8, (3, 5, channels))),
)
def test_histograms_count_the_colors(pixels: Array) -> None:
    """One count a colour channel, as NumPy's `bincount`; alpha is not counted."""
    colors = 3 if pixels.shape[2] >= 3 else 1
    expected = [np.bincount(pixels[..., c].ravel(), minlength=256) for c in range(colors)]
    assert np.array_equal(histograms(pixels), expected)


def test_tiles_of_an_axis() -> None:
    """Six pixels in two tiles: the middles are between pixels 1 and 2, and pixels 4 and 5."""
    tiles = tiles_of(6, 2)
    assert tiles.edges.tolist() == [0, 3, 6]
    assert tiles.before.tolist() == [0, 0, 0, 0, 1, 1]
    assert tiles.after.tolist() == [1, 1, 1, 1, 1, 1]
    assert [round(share / 256, 2) for share in tiles.share] == [0, 0, 0.33, 0.66, 0, 0]


@given(length=st.integers(1, 200), count=st.integers(1, 64))
def test_tiles_cover_an_axis(length: int, count: int) -> None:
    """There are no empty tiles, and every pixel is between two neighbours."""
    tiles = tiles_of(length, count)
    assert len(tiles.edges) == min(length, count) + 1
    assert (tiles.edges[0], tiles.edges[-1]) == (0, length)
    assert (np.diff(tiles.edges) > 0).all()
    assert ((tiles.after - tiles.before == 1) | (tiles.share == 0)).all()
    assert tiles.after.max() < len(tiles.edges) - 1


def test_without_a_limit_a_tile_is_equalised() -> None:
    """A level becomes the share of the pixels that are not lighter."""
    tiles = tiles_of(2, 1)
    plane = np.array([[10, 10], [20, 200]], np.uint8)
    [[table]] = equalizing_tables(plane, tiles, tiles, 256)
    assert [table[level] / 64 for level in (9, 10, 20, 199, 200, 255)] == pytest.approx(
        [0, 127.5, 191.25, 191.25, 255, 255], abs=1 / 64
    )


def plain_clahe(plane: Array, clip_limit: float, rows: int, columns: int) -> Array:
    """CLAHE of a grey plane as its definition reads, in floats, pixel by pixel."""
    height, width = plane.shape
    tables = np.empty((rows, columns, 256))
    for i in range(rows):
        for j in range(columns):
            tile = plane[
                i * height // rows : (i + 1) * height // rows,
                j * width // columns : (j + 1) * width // columns,
            ]
            counts = np.bincount(tile.ravel(), minlength=256)
            limit = max(int(clip_limit * tile.size / 256), 1)
            excess = np.maximum(counts - limit, 0).sum()
            counts = np.minimum(counts, limit) + excess / 256
            tables[i, j] = np.cumsum(counts) / tile.size * 255
    result = np.empty(plane.shape)
    for y in range(height):
        for x in range(width):
            row = min(max((y + 0.5) * rows / height - 0.5, 0), rows - 1)
            column = min(max((x + 0.5) * columns / width - 0.5, 0), columns - 1)
            i, j = int(row), int(column)
            i2, j2 = min(i + 1, rows - 1), min(j + 1, columns - 1)
            level, down, right = plane[y, x], row - i, column - j
            upper = tables[i, j, level] * (1 - right) + tables[i, j2, level] * right
            lower = tables[i2, j, level] * (1 - right) + tables[i2, j2, level] * right
            result[y, x] = upper * (1 - down) + lower * down
    return result


@settings(max_examples=25)
@given(
    seed=st.integers(0, 2**32 - 1),
    shape=st.tuples(st.integers(8, 40), st.integers(8, 40)),
    grid=st.tuples(st.integers(1, 8), st.integers(1, 8)),
    clip_limit=st.floats(1, 256),
)
def test_clahe_is_its_definition(
    seed: int, shape: tuple[int, int], grid: tuple[int, int], clip_limit: float
) -> None:
    """Of grey images, within a rounding and the 256ths that the integers leave."""
    levels = np.random.default_rng(seed).normal(120, 30, shape)
    plane = np.clip(levels, 0, 255).astype(np.uint8)
    result = clahe(plane[..., np.newaxis], clip_limit, *grid)
    expected = plain_clahe(plane, clip_limit, *grid)
    assert np.abs(result[..., 0] - expected).max() < 1.6


def test_clahe_keeps_alpha_and_chroma() -> None:
    """What is grey stays grey, alpha is copied, and the result is packed."""
    gray = np.arange(48, dtype=np.uint8).reshape(6, 8, 1)
    image = np.concatenate([gray, gray, gray, 255 - gray], axis=2)
    result = clahe(image, 4, 2, 2)
    assert (result[..., 0] == result[..., 1]).all()
    assert (result[..., 0] == result[..., 2]).all()
    assert np.array_equal(result[..., 3], image[..., 3])
    assert np.array_equal(result[..., 0], clahe(gray, 4, 2, 2)[..., 0])
    assert packed.is_packed(result)
