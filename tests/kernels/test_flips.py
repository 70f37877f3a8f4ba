"""Mirrored copies against NumPy's slices."""

from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from augcli.kernels.flips import copy_mirrored

sides = st.integers(1, 40)


@given(
    size=st.tuples(sides, sides),
    dtype=st.sampled_from([np.uint8, np.uint16, np.uint32]),
    upside_down=st.booleans(),
    data=st.data(),
)
def test_any_part_is_mirrored(
    size: tuple[int, int], dtype: Any, upside_down: bool, data: st.DataObject
) -> None:
    """The part's columns from right to left, its rows from either end."""
    height, width = size
    source = np.arange(height * width).astype(dtype).reshape(size)
    top, left = data.draw(st.integers(0, height - 1)), data.draw(st.integers(0, width - 1))
    part = source[top:, left:]
    out = np.zeros(part.shape, dtype)

    if upside_down:
        copy_mirrored(source, height - 1, -1, width - 1, out)
    else:
        copy_mirrored(source, top, 1, width - 1, out)

    assert np.array_equal(out, part[:: -1 if upside_down else 1, ::-1])


@pytest.mark.parametrize(
    ("row", "row_step", "column"), [(0, 1, 3), (0, 1, 1), (1, 1, 2), (0, -1, 2), (-1, 1, 2)]
)
def test_what_is_not_there_is_refused(row: int, row_step: int, column: int) -> None:
    """A part that reaches beyond one of the edges is a ValueError, and nothing is read."""
    source, out = np.zeros((2, 3), np.uint8), np.zeros((2, 3), np.uint8)

    with pytest.raises(ValueError, match="are not in"):
        copy_mirrored(source, row, row_step, column, out)
