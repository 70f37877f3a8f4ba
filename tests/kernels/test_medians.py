"""Medians of 8-bit images, against SciPy's, and the networks that find them."""

from itertools import product

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp
from numpy.typing import NDArray
from scipy import ndimage

from augcli.kernels import medians, packed
from augcli.kernels.medians import Exchange, merging, network, sorting

IMAGES = st.tuples(st.integers(1, 12), st.integers(1, 12), st.integers(1, 4)).flatmap(
    lambda shape: hnp.arrays(np.uint8, shape, elements=st.integers(0, 255))
)


def exchanged(values: list[int], exchanges: list[Exchange]) -> list[int]:
    values = list(values)
    for low, high in exchanges:
        values[low], values[high] = sorted((values[low], values[high]))
    return values


@pytest.mark.parametrize("size", [1, 2, 3, 5, 7, 9])
def test_networks_sort(size: int) -> None:
    """All rows of 0 and 1 are sorted, and so, by the 0-1 principle, everything is."""
    exchanges: list[Exchange] = []
    order = sorting(list(range(size)), exchanges)
    for values in product([0, 1], repeat=size):
        result = exchanged(list(values), exchanges)
        assert [result[place] for place in order] == sorted(values)


@pytest.mark.parametrize(("first", "second"), [*product(range(7), repeat=2)])
def test_networks_merge(first: int, second: int) -> None:
    """Two sorted runs of any lengths become one; all of 0 and 1 are tried."""
    exchanges: list[Exchange] = []
    places = list(range(first + second))
    order = merging(places[:first], places[first:], exchanges)
    for ones, others in product(range(first + 1), range(second + 1)):
        values = [*sorted([1] * ones + [0] * (first - ones))]
        values += sorted([1] * others + [0] * (second - others))
        result = exchanged(values, exchanges)
        assert [result[place] for place in order] == sorted(values)


@pytest.mark.parametrize("size", [3, 5])
def test_networks_find_the_median_of_runs(size: int) -> None:
    """The place named has the median of all, for all sorted runs of 0 and 1."""
    _, _, of_runs, place = network(size)
    pairs = [(int(low), int(high)) for low, high in of_runs]
    for ones in product(range(size + 1), repeat=size):
        values = [value for n in ones for value in [0] * (size - n) + [1] * n]
        median = sorted(values)[size * size // 2]
        assert exchanged(values, pairs)[place] == median


def test_a_speck_goes_and_an_edge_stays() -> None:
    """What is a single pixel wide is no middle value; a straight edge is."""
    image = np.array([[[0]] * 5 + [[200]] * 5] * 5, np.uint8).reshape(5, 10, 1)
    specked = image.copy()
    specked[2, 2], specked[2, 7] = 255, 0
    for size in (3, 5):
        assert np.array_equal(medians.median(specked, size), image)


@given(image=IMAGES, size=st.sampled_from([1, 3, 5, 7, 9]))
def test_medians_are_scipys(image: NDArray[np.uint8], size: int) -> None:
    """Bit for bit, mirrored beyond the edges, in every channel."""
    planes = [
        ndimage.median_filter(image[..., k], size, mode="mirror") for k in range(image.shape[2])
    ]
    result = medians.median(image, size)
    assert np.array_equal(result, np.stack(planes, axis=-1))
    assert packed.is_packed(result)


def test_rows_longer_than_a_block() -> None:
    """Blocks of a row leave no seams."""
    image = np.random.default_rng(0).integers(0, 256, (6, 1100, 1), np.uint8)
    expected = ndimage.median_filter(image[..., 0], 5, mode="mirror")
    assert np.array_equal(medians.median(image, 5)[..., 0], expected)


@pytest.mark.parametrize("size", [0, 2, 11])
def test_wrong_sizes_are_refused(size: int) -> None:
    """Even sizes have no middle, larger ones no network."""
    with pytest.raises(ValueError, match="odd number up to 9"):
        medians.median(np.zeros((3, 3, 1), np.uint8), size)
