"""Coarse grids drawn out to the size of an image."""

import hashlib

import numpy as np
import pytest
from support import ForAnyCpu

from augcli.kernels.grids import Taps, drawn_out


def taps(first: list[int], *weights: list[float]) -> Taps:
    """Taps of literal numbers."""
    return Taps(np.array(first, np.uint32), np.array(weights, np.float32))


ONE = taps([0], [1.0])


def test_each_place_is_a_weighted_sum_of_nodes() -> None:
    """Along the columns, along the rows, and along both."""
    halves = taps([0, 0, 1], [1.0, 0.5, 0.0], [0.0, 0.5, 1.0])
    line = np.array([[1.0, 3.0, 7.0]], np.float32)
    assert drawn_out(line, ONE, halves).tolist() == [[1, 2, 7]]
    assert drawn_out(line.T, halves, ONE).tolist() == [[1], [2], [7]]
    grid = np.array([[0.0, 4.0], [8.0, 12.0]], np.float32)
    middle = taps([0, 0], [1.0, 0.5], [0.0, 0.5])
    assert drawn_out(grid, middle, middle).tolist() == [[0, 2], [4, 6]]


def test_a_grid_may_lie_in_memory_as_it_likes() -> None:
    """A transposed view gives what its copy gives."""
    grid = np.arange(6, dtype=np.float32).reshape(2, 3)
    rows, columns = taps([0, 1, 1], [1.0, 0.5, 0.0], [0.0, 0.5, 1.0]), taps([1, 0], [1.0, 1.0])
    assert np.array_equal(drawn_out(grid.T, rows, columns), drawn_out(grid.T.copy(), rows, columns))


@pytest.mark.parametrize("first", [2, 2**32 - 1])
def test_taps_beyond_the_grid_are_refused(first: int) -> None:
    """Nothing is read that is not there."""
    with pytest.raises(ValueError, match="within a grid of 1 x 3"):
        drawn_out(np.zeros((1, 3), np.float32), ONE, taps([first], [0.5], [0.5]))


def digest_of_grids() -> str:
    """A digest of a grid of noise, drawn out by uneven weights."""
    rng = np.random.default_rng(0)
    grid = rng.random((9, 11), np.float32)
    rows = Taps(rng.integers(0, 6, 40, np.uint32), rng.random((4, 40), np.float32))
    columns = Taps(rng.integers(0, 8, 50, np.uint32), rng.random((4, 50), np.float32))
    return hashlib.sha256(drawn_out(grid, rows, columns).tobytes()).hexdigest()


def test_every_cpu_draws_out_the_same(for_any_cpu: ForAnyCpu) -> None:
    """Compiled for any CPU of this kind, and for this very one, the kernel gives equal bytes."""
    assert for_any_cpu(digest_of_grids) == digest_of_grids()
