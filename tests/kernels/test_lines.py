"""Straight lines in place of tables."""

from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from augcli.kernels import colors, packed
from augcli.kernels.lines import line_of, scale_words
from augcli.kernels.tables import apply_table

Array = NDArray[Any]
LEVELS = np.arange(256)


def rounded(values: Array) -> Array:
    """Values in levels as a table."""
    return np.floor(np.clip(values, 0, 255) + 0.5).astype(np.uint8)


STRAIGHT = {
    "same": rounded(LEVELS),
    "inverted": rounded(255 - LEVELS),
    "lighter": rounded(1.3 * LEVELS),
    "flatter": rounded(128 + 0.4 * (LEVELS - 128)),
    "shifted": rounded(LEVELS - 20),
    "black": rounded(0 * LEVELS),
    "white": rounded(0 * LEVELS + 255),
    "level": rounded(0 * LEVELS + 7),
}
BENT = {
    "gamma": rounded(255 * (LEVELS / 255) ** 1.2),
    "solarized": np.where(LEVELS < 128, LEVELS, 255 - LEVELS).astype(np.uint8),
    "posterized": (LEVELS & 0xF0).astype(np.uint8),
    "step": np.where(LEVELS < 100, 0, 255).astype(np.uint8),
    "one other level": rounded(np.where(LEVELS == 77, 78, LEVELS)),
}


def on_line(line: tuple[int, int]) -> Array:
    """The table of a line."""
    slope, offset = line
    return np.clip((slope * LEVELS + offset) >> 16, 0, 255).astype(np.uint8)


@pytest.mark.parametrize("name", STRAIGHT)
def test_a_line_gives_every_level_of_its_table(name: str) -> None:
    """What brightness, contrast, an inversion, shifts and fills make is found to be a line."""
    line = line_of(STRAIGHT[name])
    assert line is not None
    assert np.array_equal(on_line(line), STRAIGHT[name])


@pytest.mark.parametrize("name", BENT)
def test_what_is_no_line_is_found_to_be_none(name: str) -> None:
    """Curves, steps and one level beside the line have no line."""
    assert line_of(BENT[name]) is None


@given(slope=st.floats(-5, 5), pivot=st.floats(-100, 355))
def test_every_rounded_line_is_found(slope: float, pivot: float) -> None:
    """A line about any pivot is found again, whatever of it is cut off at black and white."""
    table = rounded(pivot + slope * (LEVELS - pivot))
    line = line_of(table)
    assert line is not None
    assert np.array_equal(on_line(line), table)


@given(table=st.lists(st.integers(0, 255), min_size=256, max_size=256))
def test_no_line_is_found_that_is_not_there(table: list[int]) -> None:
    """For whatever table, the line is of the table, or there is none."""
    levels = np.array(table, np.uint8)
    line = line_of(levels)
    assert line is None or np.array_equal(on_line(line), levels)


def test_three_lines_keep_the_fourth_byte() -> None:
    """Each of three channels goes along its own line, and the fourth byte stays."""
    words = np.array([[10, 20, 30, 40], [250, 5, 255, 1]], np.uint8).view(np.uint32).reshape(-1)
    slopes = np.array([2 * 65536, -65536, 0], np.int32)
    offsets = np.array([0, 255 * 65536, 9 * 65536], np.int32)
    out = np.empty_like(words)
    scale_words(words, slopes, offsets, out)
    assert out.view(np.uint8).reshape(2, 4).tolist() == [[20, 235, 9, 40], [255, 250, 9, 1]]


@pytest.mark.parametrize("name", [*STRAIGHT, *BENT])
def test_images_are_the_same_by_line_and_by_table(name: str) -> None:
    """`apply_table` and `apply_tables` are indexing, whether the table is a line or not."""
    table = (STRAIGHT | BENT)[name]
    image = packed.empty(16, 16, 4)
    image[...] = np.arange(1024, dtype=np.uint16).reshape(16, 16, 4) // 4
    expected = np.concatenate([table[image[..., :3]], image[..., 3:]], axis=2)
    assert np.array_equal(apply_table(image, table, 3), expected)
    assert np.array_equal(colors.apply_tables(image, np.stack([table] * 3, axis=1)), expected)


def test_lines_and_a_curve_beside_each_other() -> None:
    """Where one of three tables is bent, all are looked up."""
    tables = np.stack([STRAIGHT["lighter"], BENT["gamma"], STRAIGHT["inverted"]], axis=1)
    image = packed.empty(16, 16, 3)
    image[...] = np.arange(768, dtype=np.uint16).reshape(16, 16, 3) // 3
    expected = np.stack([tables[image[..., k], k] for k in range(3)], axis=2)
    assert np.array_equal(colors.apply_tables(image, tables), expected)
