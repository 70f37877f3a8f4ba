"""Run lengths as a text."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from augcli.annotations.rle import compress, decompress


@pytest.mark.parametrize(
    ("counts", "text"),
    [
        ([2, 1, 1, 2], "2111"),  # the fourth is 2, less 1
        ([0, 6], "06"),
        ([16], "`0"),  # its fifth bit is set, as that of a negative number would be
        ([0, 1, 6000, 1, 1_993_998, 2_000_000], "01`k50n\\el1oSQm1"),
    ],
)
def test_a_text_is_that_of_pycocotools(counts: list[int], text: str) -> None:
    """Texts that pycocotools 2.0 writes are written and read."""
    assert compress(counts) == text
    assert decompress(text) == counts


@given(st.lists(st.integers(0, 2**36)))
def test_every_list_comes_back(counts: list[int]) -> None:
    """What is compressed and read again is the same."""
    assert decompress(compress(counts)) == counts


@pytest.mark.parametrize("text", ["2\x7f", "2 1", "2é", "P", "o" * 9])
def test_other_texts_are_refused(text: str) -> None:
    """Characters that do not occur, and numbers without an end, are errors."""
    with pytest.raises(ValueError, match="run lengths"):
        decompress(text)
