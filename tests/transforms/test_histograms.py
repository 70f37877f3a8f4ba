"""What becomes of levels, by how many pixels have them."""

import numpy as np
import pytest
from toning import in_levels, sample_of

from augcli.transforms.histograms import (
    equalized_by_tiles,
    equalizing,
    mapped_by_counts,
    stretching,
)


def counts(**pixels: int) -> "np.ndarray[tuple[int], np.dtype[np.int64]]":
    result = np.zeros(256, np.int64)
    for level, count in pixels.items():
        result[int(level[1:])] = count
    return result


def test_equalizing_is_by_the_share_of_darker_pixels() -> None:
    """510 darker than the lightest level: two pixels a level, and half a step to begin with."""
    levels = equalizing(counts(_10=255, _20=255, _30=9))
    assert levels[[10, 11, 20, 30, 31]].tolist() == [0.5, 128.0, 128.0, 255.5, 260.0]


@pytest.mark.parametrize("few", [counts(_10=1000), counts(_10=1, _20=1)])
def test_too_few_levels_or_pixels_stay(few: "np.ndarray[tuple[int], np.dtype[np.int64]]") -> None:
    """One level alone, and pictures of less than 255 pixels, have nothing to spread."""
    assert equalizing(few).tolist() == list(range(256))


def test_stretching_cuts_a_share_off_at_either_end() -> None:
    """A percent of 100 pixels is one."""
    some = counts(_0=1, _51=49, _102=49, _255=1)
    assert stretching(some, 0.0).tolist() == list(range(256))
    assert stretching(some, 1.0)[[51, 102]].tolist() == [0.0, 255.0]


def test_one_level_alone_is_not_stretched() -> None:
    """There is nothing between black and white."""
    assert stretching(counts(_7=5), 10.0).tolist() == list(range(256))


@pytest.mark.parametrize("dtype", ["uint16", "float32"])
def test_other_depths_lie_between_the_levels(dtype: str) -> None:
    """A value halfway between two levels becomes what is halfway between theirs."""
    sample = sample_of([[[0], [255], [100]]], dtype)
    sample.image[0, 2, 0] = sample.image[0, 1, 0] * (100.5 / 255)
    [[_, _, [result]]] = mapped_by_counts(sample, lambda _: np.arange(256.0) ** 2 / 255)
    expected = (100**2 + 101**2) / 2 / 255
    assert in_levels(np.array([result], sample.image.dtype)) == pytest.approx(expected, abs=0.01)


@pytest.mark.parametrize("dtype", ["uint16", "float32"])
def test_tiles_are_the_same_in_every_depth(dtype: str) -> None:
    """Grey of 16 bits and of floats becomes what it becomes of 8 bits, within a level."""
    pixels = np.random.default_rng(0).normal(100, 20, (20, 30, 1)).clip(0, 255).astype(np.uint8)
    expected = equalized_by_tiles(sample_of(pixels), 3.0, 4, 4)
    result = equalized_by_tiles(sample_of(pixels, dtype), 3.0, 4, 4)
    assert np.abs(in_levels(result) - expected).max() <= 1
