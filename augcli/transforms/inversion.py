"""Fields read backwards: where in the output a point of the input is shown.

A field says for every output pixel which input point it shows. Between pixels it is bilinear, and
beyond the outermost pixel centres it goes on with the displacement it has there, so that points
that have just left the output are still found, outside of it.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

_STEPS = 12  # Newton's: a smooth field takes 3 or 4, one with creases a few more
_CLOSE = 1e-3  # pixels, at which a point counts as found
_TOLERANCE = 0.5  # pixels, from which on a point counts as shown nowhere
_LONGEST_STEP = 16.0  # pixels: beyond it, a linear view of a field is not to be trusted
_LEAST_AREA = 1e-3  # of the input, under a pixel of the output: less is nearly a fold


class _View(NamedTuple):
    """A field at some points of the output.

    Attributes:
        points: Input row and column, (n, 2).
        by_row: How they change with the output's row, (n, 2).
        by_column: How they change with its column.
    """

    points: Floats
    by_row: Floats
    by_column: Floats


def inverted(rows: NDArray[np.float32], columns: NDArray[np.float32], points: Floats) -> Floats:
    """Where a field shows points of the input.

    Args:
        rows: (height, width), input row that each output pixel shows.
        columns: The same of input columns.
        points: float64 (n, 2), x and y of the input, from its upper left corner.

    Returns:
        float64 (n, 2), x and y of the output, to a thousandth of a pixel wherever the field does
        not fold; inside the output or not. NaN for points that were not found within half a
        pixel: those that are NaN, and some of those that a fold hides.
    """
    field = np.stack([rows, columns], axis=-1)
    wanted = points[:, ::-1] - 0.5
    found, missed = _newton(field, wanted, wanted)
    astray = np.flatnonzero(missed > _CLOSE)  # NaN is not
    if astray.size:
        starts = _nearest_pixels(field, wanted[astray])
        again, still_missed = _newton(field, wanted[astray], starts)
        nearer = still_missed < missed[astray]
        found[astray[nearer]], missed[astray[nearer]] = again[nearer], still_missed[nearer]
    found[~(missed <= _TOLERANCE)] = np.nan
    return found[:, ::-1] + 0.5


def _newton(field: NDArray[np.float32], wanted: Floats, starts: Floats) -> tuple[Floats, Floats]:
    """Newton's method from `starts`, all points at once.

    Returns:
        The best place met for each point, and how far off the field is there, in pixels.
    """
    places = np.where(np.isfinite(starts), starts, 0.0)
    best, missed = places.copy(), np.where(np.isnan(wanted).any(axis=1), np.nan, np.inf)
    for _ in range(_STEPS):
        view = _view(field, places)
        error = wanted - view.points
        distance = np.hypot(error[:, 0], error[:, 1])
        better = distance < missed
        best[better], missed[better] = places[better], distance[better]
        if not (missed > _CLOSE).any():
            break
        places = places + _step(view, error)
    return best, missed


def _step(view: _View, error: Floats) -> Floats:
    """The move that takes the error away as far as the field is linear, (n, 2)."""
    (a, c), (b, d) = view.by_row.T, view.by_column.T
    area = a * d - b * c
    is_sound = area > _LEAST_AREA
    area = np.where(is_sound, area, 1.0)
    solved = np.stack(
        [(d * error[:, 0] - b * error[:, 1]) / area, (a * error[:, 1] - c * error[:, 0]) / area],
        axis=1,
    )
    # Near a fold, the error itself leads on: there the field is a displacement that varies.
    step = np.where(is_sound[:, np.newaxis], solved, error)
    step = np.nan_to_num(step)
    length = np.hypot(step[:, 0], step[:, 1])[:, np.newaxis]
    return np.asarray(step * np.minimum(1.0, _LONGEST_STEP / np.maximum(length, 1.0)))


def _view(field: NDArray[np.float32], places: Floats) -> _View:
    """The field at `places`, output row and column, (n, 2)."""
    last = np.array(field.shape[:2]) - 1
    held = np.clip(places, 0, last)
    first = np.minimum(held.astype(np.intp), np.maximum(last - 1, 0))
    second = np.minimum(first + 1, last)
    down, right = ((held - first)[:, axis, np.newaxis] for axis in (0, 1))
    upper_left = field[first[:, 0], first[:, 1]].astype(np.float64)
    upper_right = field[first[:, 0], second[:, 1]].astype(np.float64)
    lower_left = field[second[:, 0], first[:, 1]].astype(np.float64)
    lower_right = field[second[:, 0], second[:, 1]].astype(np.float64)
    upper = upper_left + right * (upper_right - upper_left)
    lower = lower_left + right * (lower_right - lower_left)
    left = upper_left + down * (lower_left - upper_left)
    at_right = upper_right + down * (lower_right - upper_right)
    is_outside = (held != places) | (last == 0)
    return _View(
        upper + down * (lower - upper) + (places - held),
        np.where(is_outside[:, :1], (1.0, 0.0), lower - upper),
        np.where(is_outside[:, 1:], (0.0, 1.0), at_right - left),
    )


def _nearest_pixels(field: NDArray[np.float32], wanted: Floats) -> Floats:
    """For each point the output pixel that shows the nearest one, (n, 2)."""
    width = field.shape[1]
    flat = field.reshape(-1, 2)
    nearest = [int(np.argmin(((flat - point) ** 2).sum(axis=1))) for point in wanted]
    return np.array([divmod(index, width) for index in nearest], np.float64)
