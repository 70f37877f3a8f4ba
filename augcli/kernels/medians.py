"""Medians of 8-bit images, by sorting networks that run on whole rows.

A sorting network is a fixed list of exchanges: of two values, the lower goes to the one place, the
higher to the other. There is nothing to branch on, so an exchange is done to a row of pixels at
once, by vector instructions.
"""

from functools import cache

import numpy as np
from numba import njit
from numpy.typing import NDArray

from augcli.kernels.filters import Bytes, check_pixels, new_image, padded

LARGEST = 9
"""Pixels a side, up to which medians are known."""

_BLOCK = 1024  # bytes of a row done at a time: those of all places stay in the cache

Exchange = tuple[int, int]
"""Two places: the lower value goes to the first one."""

_jit = njit(nogil=True, cache=True, error_model="numpy")


def merging(a: list[int], b: list[int], exchanges: list[Exchange]) -> list[int]:
    """The places of two sorted runs in the order of their values, after the exchanges it adds.

    Batcher's odd-even merge ("Sorting networks and their applications", 1968).
    """
    if not a or not b:
        return a or b
    if len(a) == len(b) == 1:
        exchanges.append((a[0], b[0]))
        return [a[0], b[0]]
    evens = merging(a[::2], b[::2], exchanges)
    odds = merging(a[1::2], b[1::2], exchanges)
    merged = evens[:1]
    for odd, even in zip(odds, evens[1:], strict=False):
        exchanges.append((odd, even))
        merged += [odd, even]
    paired = len(merged) // 2
    return merged + odds[paired:] + evens[paired + 1 :]


def sorting(places: list[int], exchanges: list[Exchange]) -> list[int]:
    """The places in the order of their values, after the exchanges it adds."""
    if len(places) == 1:
        return places
    middle = len(places) // 2
    low, high = sorting(places[:middle], exchanges), sorting(places[middle:], exchanges)
    return merging(low, high, exchanges)


def _needed(exchanges: list[Exchange], place: int) -> list[Exchange]:
    """Those of the exchanges that decide on what is in one place at the end."""
    places, needed = {place}, []
    for exchange in reversed(exchanges):
        if places.intersection(exchange):
            places.update(exchange)
            needed.append(exchange)
    return needed[::-1]


@cache
def network(size: int) -> tuple[NDArray[np.int32], list[int], NDArray[np.int32], int]:
    """How the median of size * size values is found.

    Returns:
        The exchanges (n, 2) that sort `size` values; the places of those in order; the exchanges
        that find the median of `size` sorted runs, the k-th value of a run in place
        run * size + k; the place of the median.
    """
    of_column: list[Exchange] = []
    order = sorting(list(range(size)), of_column)
    of_runs: list[Exchange] = []
    runs = [list(range(run * size, (run + 1) * size)) for run in range(size)]
    while len(runs) > 1:
        runs = [*runs[2:], merging(runs[0], runs[1], of_runs)]
    place = runs[0][size * size // 2]
    pairs = np.array(_needed(of_runs, place), np.int32).reshape(-1, 2)
    return np.array(of_column, np.int32).reshape(-1, 2), order, pairs, place


@_jit
def _copy(source: Bytes, out: Bytes) -> None:
    for j in range(out.size):
        out[j] = source[j]


@_jit
def _exchange(low: Bytes, high: Bytes) -> None:
    for j in range(low.size):
        a, b = low[j], high[j]
        low[j] = min(a, b)
        high[j] = max(a, b)


@_jit
def _median(
    source: Bytes,
    of_column: NDArray[np.int32],
    order: NDArray[np.int32],
    of_runs: NDArray[np.int32],
    place: int,
    step: int,
    out: Bytes,
) -> None:
    """Columns are sorted once, for all the squares that they are in."""
    size = order.size
    margin = (size - 1) * step
    columns = np.empty((size, _BLOCK + margin), np.uint8)
    places = np.empty((size * size, _BLOCK), np.uint8)
    for i in range(out.shape[0]):
        for start in range(0, out.shape[1], _BLOCK):
            count = min(_BLOCK, out.shape[1] - start)
            for k in range(size):
                _copy(source[i + k][start:], columns[k][: count + margin])
            for k in range(len(of_column)):
                low, high = columns[of_column[k, 0]], columns[of_column[k, 1]]
                _exchange(low[: count + margin], high[: count + margin])
            for run in range(size):
                for k in range(size):
                    column = columns[order[k]]
                    _copy(column[run * step :], places[run * size + k][:count])
            for k in range(len(of_runs)):
                low, high = places[of_runs[k, 0]], places[of_runs[k, 1]]
                _exchange(low[:count], high[:count])
            _copy(places[place], out[i][start : start + count])


@_jit
def _middle(a: np.uint8, b: np.uint8, c: np.uint8) -> np.uint8:
    return max(min(a, b), min(max(a, b), c))


@_jit
def _median_3(source: Bytes, step: int, out: Bytes) -> None:
    """The middle of: the highest low, the middle of the middles, the lowest high of columns."""
    length, inner = source.shape[1], out.shape[1]
    low, middle = np.empty(length, np.uint8), np.empty(length, np.uint8)
    high = np.empty(length, np.uint8)
    for i in range(out.shape[0]):
        above, row, below = source[i], source[i + 1], source[i + 2]
        for j in range(length):
            a, b, c = above[j], row[j], below[j]
            low[j] = min(a, b, c)
            high[j] = max(a, b, c)
            middle[j] = _middle(a, b, c)
        last = 2 * step
        low_1, low_2 = low[step : step + inner], low[last : last + inner]
        middle_1, middle_2 = middle[step : step + inner], middle[last : last + inner]
        high_1, high_2 = high[step : step + inner], high[last : last + inner]
        result = out[i]
        for j in range(inner):
            result[j] = _middle(
                max(low[j], low_1[j], low_2[j]),
                _middle(middle[j], middle_1[j], middle_2[j]),
                min(high[j], high_1[j], high_2[j]),
            )


def median(image: Bytes, size: int) -> Bytes:
    """The median of a square of pixels, each channel by itself; mirrored beyond the edges.

    Args:
        image: uint8 (height, width, 1 to 4).
        size: Pixels a side, odd, up to `LARGEST`.

    Returns:
        A new packed image; every channel is filtered.

    Raises:
        ValueError: An argument is not as said above.
    """
    check_pixels(image)
    if not 1 <= size <= LARGEST or size % 2 == 0:
        raise ValueError(f"size is {size}: expected an odd number up to {LARGEST}")
    out, rows = new_image(image)
    source = padded(image, size // 2, size // 2)
    step = rows.shape[1] // image.shape[1]
    if size == 3:
        _median_3(source, step, rows)
        return out
    of_column, order, of_runs, place = network(size)
    _median(source, of_column, np.array(order, np.int32), of_runs, place, step, rows)
    return out
