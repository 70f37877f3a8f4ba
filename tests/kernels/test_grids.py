"""Coarse grids drawn out to the size of an image."""

import hashlib
import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

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


def test_every_cpu_draws_out_the_same(pytestconfig: pytest.Config, tmp_path: Path) -> None:
    """Compiled for any CPU of this kind, and for this very one, the kernel gives equal bytes."""
    cache = getattr(pytestconfig, "cache", None)
    numba_cache = cache.mkdir("numba-generic") if cache else tmp_path  # compiling takes a while

    generic = subprocess.run(
        [sys.executable, "-c", "import test_grids; print(test_grids.digest_of_grids())"],
        env={
            **os.environ,
            "PYTHONPATH": os.pathsep.join([os.path.dirname(__file__), *sys.path]),
            "NUMBA_CPU_NAME": "generic",
            "NUMBA_CPU_FEATURES": "",
            "NUMBA_CACHE_DIR": str(numba_cache),
        },
        check=True,
        capture_output=True,
        text=True,
    ).stdout

    assert generic.strip() == digest_of_grids()
