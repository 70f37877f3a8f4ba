"""Masks to run lengths and back."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from augcli.annotations.rle import decompress
from augcli.annotations.rle_masks import counts_of, mask_of, rle_of


@pytest.mark.parametrize(
    ("rows", "counts"),
    [
        ([[0, 1, 1], [0, 0, 1]], [2, 1, 1, 2]),  # column by column: 00 10 11
        ([[1, 1, 1], [1, 1, 1]], [0, 6]),  # a run of 0 comes first, if an empty one
        ([[0, 0], [0, 0]], [4]),
        ([[1]], [0, 1]),
    ],
)
def test_runs_go_down_the_columns(rows: list[list[int]], counts: list[int]) -> None:
    """Run lengths of tiny masks, by hand, and back."""
    mask = np.array(rows, np.uint8)
    assert counts_of(mask) == counts
    np.testing.assert_array_equal(mask_of(counts, *mask.shape), mask)


@given(
    arrays(np.uint8, st.tuples(st.integers(1, 9), st.integers(1, 9)), elements=st.integers(0, 1))
)
def test_every_mask_comes_back(mask: np.ndarray) -> None:
    """A mask, compressed and read again, is the same."""
    rle = rle_of(mask)
    assert rle["size"] == list(mask.shape)
    np.testing.assert_array_equal(mask_of(decompress(rle["counts"]), *mask.shape), mask)


@pytest.mark.parametrize("counts", [[3], [5], [], [-1, 5], [6, -2]])
def test_runs_of_another_size_are_refused(counts: list[int]) -> None:
    """Run lengths have to be those of so many pixels, and none of them negative."""
    with pytest.raises(ValueError, match="2 x 2 pixels"):
        mask_of(counts, 2, 2)
