"""Where an image goes on beyond its edges, against NumPy's and SciPy's ways of saying it."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import ndimage

from augcli.kernels.edges import MODES, REFLECT, WRAP, fold, nearest_index, neighbours

lengths = st.integers(1, 7)
positions = st.floats(-1e4, 1e4) | st.integers(-60, 60).map(lambda n: n / 2)


@given(position=positions, length=lengths, mode=st.sampled_from(sorted(MODES)))
def test_nearest_index_is_scipys(position: float, length: int, mode: str) -> None:
    """The pixel nearest to any coordinate, far outside or a tie, is the one that scipy takes."""
    line = np.arange(length)
    scipy_mode = {"wrap": "grid-wrap", "constant": "nearest"}.get(mode, mode)

    expected = ndimage.map_coordinates(line, [[position]], order=0, mode=scipy_mode)

    assert nearest_index(position, length, MODES[mode]) == expected[0]


@pytest.mark.parametrize(
    ("mode", "expected"), [(REFLECT, [1, 0, 0, 1, 2, 2, 1]), (WRAP, [1, 2, 0, 1, 2, 0, 1])]
)
def test_whole_coordinates_fold_as_padding_does(mode: int, expected: list[int]) -> None:
    """From -2 to 4, three pixels are read as "symmetric" and "wrap" of NumPy's pad write them."""
    assert [fold(float(position), 3, mode) for position in range(-2, 5)] == expected


@pytest.mark.parametrize(
    ("mode", "position", "expected"),
    [
        ("nearest", -0.25, (0, 1, 0.0)),
        ("reflect", -0.25, (0, 1, 0.0)),
        ("wrap", -0.25, (2, 0, 0.75)),
        ("wrap", 2.25, (2, 0, 0.25)),
        ("nearest", 1.5, (1, 2, 0.5)),
    ],
)
def test_neighbours_across_the_edge(
    mode: str, position: float, expected: tuple[int, int, float]
) -> None:
    """Beyond the edge of three pixels a coordinate lies between those that the mode puts there."""
    assert neighbours(position, 3, MODES[mode]) == expected


@given(position=st.floats(-1e30, 1e30), length=lengths, mode=st.sampled_from(sorted(MODES)))
def test_no_coordinate_leads_out(position: float, length: int, mode: str) -> None:
    """However far a coordinate is, its neighbours are pixels of the image."""
    first, second, _ = neighbours(position, length, MODES[mode])

    assert 0 <= first < length
    assert 0 <= second < length
    assert 0 <= nearest_index(position, length, MODES[mode]) < length
