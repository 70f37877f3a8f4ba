"""The pictures of a probe: those of the sample, and the copies of every arm."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial

import numpy as np
from numpy.typing import NDArray

from augcli.config.schema import Config
from augcli.datasets.items import Item
from augcli.errors import UsageError
from augcli.probe.copying import Copied, Copying, Reading, make_copies
from augcli.probe.crew import Crew
from augcli.probe.results import LeftOut
from augcli.probe.sampling import LEAST_IMAGES, Labelled

_PORTION = 4  # sources of which one task makes all copies


@dataclass(frozen=True, slots=True, eq=False)
class Gathered:
    """Images and their copies, reduced.

    Attributes:
        images: The images.
        made: Of each, it and its copies of every arm.
        left_out: The images that could not be used.
    """

    images: tuple[Labelled, ...]
    made: tuple[Copied, ...]
    left_out: tuple[LeftOut, ...]

    @property
    def originals(self) -> NDArray[np.uint8]:
        """The images themselves: (images, SIDE, SIDE, 3)."""
        return np.stack([one.original for one in self.made])

    def copies(self, arm: int) -> NDArray[np.uint8]:
        """Those of one arm, by its number: (images, copies, SIDE, SIDE, 3)."""
        return np.stack([one.copies[arm] for one in self.made])


def gather(
    crew: Crew,
    reading: Reading,
    images: Sequence[Labelled],
    configs: Sequence[Config],
    copies: int,
) -> Gathered:
    """Reads the images and makes their copies.

    Args:
        crew: Does it.
        reading: How images are read.
        images: The images.
        configs: One for each arm.
        copies: Of each image and arm.

    Raises:
        UsageError: Too many of the images cannot be used.
    """
    total = len(images) * len(configs) * copies
    crew.progress.start(copies=total, sources=len(images), unit="copies")
    portions = [images[start : start + _PORTION] for start in range(0, len(images), _PORTION)]
    copying = partial(make_copies, Copying(reading, tuple(configs), copies))
    made: list[tuple[Labelled, Copied]] = []
    left_out: list[LeftOut] = []
    for portion, results in zip(portions, crew.do(copying, map(_items, portions)), strict=True):
        for labelled, result in zip(portion, results, strict=True):
            if isinstance(result, str):
                left_out.append(LeftOut(labelled.item.path, result))
            else:
                made.append((labelled, result))
        crew.progress.advance(len(portion) * len(configs) * copies)
    _check_enough(len(made), left_out)
    return Gathered(
        tuple(labelled for labelled, _ in made), tuple(one for _, one in made), tuple(left_out)
    )


def _items(portion: Sequence[Labelled]) -> list[Item]:
    return [labelled.item for labelled in portion]


def _check_enough(usable: int, left_out: Sequence[LeftOut]) -> None:
    if usable < LEAST_IMAGES:
        example = f" ({left_out[0].source}: {left_out[0].message})" if left_out else ""
        raise UsageError(
            f"a probe needs {LEAST_IMAGES} labelled images or more, and {usable} can be used, "
            f"{len(left_out)} cannot{example}"
        )
