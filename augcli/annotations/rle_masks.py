"""Masks to run lengths and back, see `augcli.annotations.rle`."""

from collections.abc import Sequence
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from augcli.annotations.rle import Rle, compress


def rle_of(mask: NDArray[np.uint8]) -> Rle:
    """The run lengths of a mask (height, width), 0 or 1, compressed."""
    height, width = mask.shape
    return {"size": [height, width], "counts": compress(counts_of(mask))}


def counts_of(mask: NDArray[np.uint8]) -> list[int]:
    """The run lengths of a mask (height, width), 0 or 1."""
    pixels = mask.ravel(order="F")
    changes = np.flatnonzero(np.diff(pixels)) + 1
    edges = [0, *changes.tolist(), len(pixels)]
    if pixels[0]:
        edges.insert(0, 0)
    return [end - start for start, end in pairwise(edges)]


def mask_of(counts: Sequence[int], height: int, width: int) -> NDArray[np.uint8]:
    """The mask (height, width), 0 or 1, of run lengths.

    Raises:
        ValueError: They are negative, or not of so many pixels.
    """
    if any(count < 0 for count in counts) or sum(counts) != height * width:
        raise ValueError(f"run lengths that are not those of {width} x {height} pixels")
    values = np.arange(len(counts), dtype=np.int64) % 2
    pixels = np.repeat(values.astype(np.uint8), np.array(counts, np.int64))
    return np.ascontiguousarray(pixels.reshape(width, height).T)
