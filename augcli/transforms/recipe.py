"""Recipes: what was done to one copy, as a list of flat, JSON-ready steps.

Steps are applied in order, and neighbours are done in one where that gives more for less: moves
become one map, so that pixels are interpolated once; tables of 8-bit values become one table.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from augcli.transforms.base import Params, Recipe, Sample, Size
from augcli.transforms.moves import Geometric, Move, joined, moved
from augcli.transforms.registry import transform_of
from augcli.transforms.step import Step, draw_steps
from augcli.transforms.tonal import Curve, through_table, touches

if TYPE_CHECKING:
    from numpy.typing import NDArray

__all__ = ["Recipe", "Step", "apply_recipe", "draw_recipe"]


def draw_recipe(steps: Sequence[Step], rng: np.random.Generator, size: Size) -> Recipe:
    """The recipe of one copy of an image of `size`."""
    recipe, _ = draw_steps(steps, rng, size)
    return recipe


def apply_recipe(sample: Sample, recipe: Recipe) -> Sample:
    """What `recipe` makes of `sample`, which is left as it is."""
    work = _Work(sample)
    for params in recipe:
        work.add(params)
    return work.finished()


class _Work:
    """A sample, and what is to be done to it next: a move, or a table, and never both."""

    def __init__(self, sample: Sample) -> None:
        self._sample = sample
        self._move: Move | None = None
        self._table: NDArray[np.uint8] | None = None

    def add(self, params: Params) -> None:
        """Does a step, or puts it off until it is known whether the next can be done with it."""
        transform = transform_of(str(params["op"]))
        if issubclass(transform, Geometric):
            self._add_move(transform, params)
        elif issubclass(transform, Curve) and self._sample.image.dtype == np.uint8:
            self._add_table(transform.table(params))
        else:
            self._sample = transform.apply(self.finished(), params)

    def _add_move(self, transform: type[Geometric], params: Params) -> None:
        if self._move is None:
            self._move = transform.move(params, self.finished().size)
            return
        move = transform.move(params, self._move.plane_map.size)
        both = joined(self._move, move)
        if both is None:
            self.finished()
        self._move = both or move

    def _add_table(self, table: NDArray[np.uint8]) -> None:
        earlier = self._table
        if not touches(self._sample, table):
            return
        if earlier is None:
            self.finished()
            self._table = table
        else:
            self._table = chained(earlier, table)

    def finished(self) -> Sample:
        """The sample with all done that was put off."""
        if self._move is not None:
            self._sample = moved(self._sample, self._move)
            self._move = None
        if self._table is not None:
            self._sample = through_table(self._sample, self._table)
            self._table = None
        return self._sample


def chained(earlier: NDArray[np.uint8], later: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """Two tables, each (256,) or (256, 3), as one that does the same."""
    if earlier.ndim == later.ndim == 1:
        return later[earlier]
    columns = np.arange(3)
    earlier, later = (
        np.broadcast_to(table.reshape(256, -1), (256, 3)) for table in (earlier, later)
    )
    return later[earlier, columns]
