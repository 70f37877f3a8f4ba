"""What a worker measures for the statistics: a few images, in a fixed order."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby
from operator import itemgetter

import numpy as np
from numpy.typing import NDArray

from augcli.config.schema import Config
from augcli.datasets.base import Reader
from augcli.datasets.items import Item
from augcli.errors import SourceError, UsageError
from augcli.images.decode import Picture
from augcli.pipeline.jobs import Job, failure_of
from augcli.pipeline.records import Failure
from augcli.pipeline.rendering import recipe_of, source_sample
from augcli.transforms.ranges import Ranges
from augcli.transforms.recipe import apply_recipe
from augcli.transforms.statistics import Moments

Shape = tuple[int, int, int]


@dataclass(frozen=True, slots=True)
class Exemplar:
    """The image that all others have to be like.

    Attributes:
        path: Where it is.
        shape: Its height, width and channels.
    """

    path: str
    shape: Shape


@dataclass(frozen=True, slots=True)
class Measuring:
    """What all tasks of one fit share.

    Attributes:
        config: The resolved config.
        reader: Reads the images.
        exemplar: What the images have to be like; None before one was read.
        whole: Whether the images themselves are wanted, which then are of one size.
    """

    config: Config
    reader: Reader
    exemplar: Exemplar | None = None
    whole: bool = False


Portion = Sequence[tuple[Item, int | None]]
"""Images to measure: each as it is for None, or one augmented copy by its number."""


@dataclass(frozen=True, slots=True, eq=False)
class Measured:
    """What one portion came to.

    Attributes:
        moments: Of all its pixels; None when there are none.
        images: How many images they are.
        rows: The images as rows, (n, d), where they were wanted.
        exemplar: The first of them.
        digests: Key and digest of each source, None where it cannot be read.
        failures: The sources that could not be used.
    """

    moments: Moments | None
    images: int
    rows: NDArray[np.floating] | None
    exemplar: Exemplar | None
    digests: tuple[tuple[str, str | None], ...]
    failures: tuple[Failure, ...]


def measure(measuring: Measuring, portion: Portion) -> Measured:
    """Measures the images of a portion, in its order.

    Raises:
        UsageError: An image is not like the others.
    """
    digests: list[tuple[str, str | None]] = []
    failures: list[Failure] = []
    moments: Moments | None = None
    exemplar = None
    rows: list[NDArray[np.floating]] = []
    images = 0
    for item, entries in groupby(portion, itemgetter(0)):
        try:
            loaded = measuring.reader.load(item, measuring.config)
        except SourceError as error:
            digests.append((item.key, measuring.reader.digest(item)))
            failures.append(failure_of(Job(item, ()), error))
            continue
        digests.append((item.key, loaded.sha256))
        for image in _images(measuring.config, item, loaded.picture, [e[1] for e in entries]):
            height, width, channels = image.shape
            found = Exemplar(item.path, (height, width, channels))
            _check_alike(measuring, found)
            exemplar = exemplar or found
            images += 1
            own = Moments.of(image)
            moments = own if moments is None else moments.merged(own)
            if measuring.whole:
                rows.append(image.reshape(-1))
    return Measured(
        moments, images, np.stack(rows) if rows else None, exemplar, tuple(digests), tuple(failures)
    )


def _images(
    config: Config, item: Item, picture: Picture, copies: Sequence[int | None]
) -> Iterator[NDArray[np.floating]]:
    """The images as Keras' `fit` takes them: floats, rescaled, and nothing else of the stages."""
    settings = config.standardization or Ranges()
    sample = source_sample(picture)
    for copy in copies:
        done = apply_recipe(sample, recipe_of(config, item, sample.size, copy)[1])
        image = done.image.astype(settings.float_dtype or "float32")
        if settings.rescale:
            image *= settings.rescale
        yield image


def _check_alike(measuring: Measuring, found: Exemplar) -> None:
    first = measuring.exemplar
    if first is None:
        return
    if found.shape[2] != first.shape[2]:
        raise UsageError(
            f"{first.path} has {first.shape[2]} channels and {found.path} has {found.shape[2]}: "
            f"statistics are of images that have the same; set color_mode"
        )
    if measuring.whole and found.shape != first.shape:
        raise UsageError(
            f"{first.path} has {_size(first.shape)} pixels and {found.path} has "
            f"{_size(found.shape)}: zca_whitening needs images of one size; set target_size"
        )


def _size(shape: Shape) -> str:
    return f"{shape[1]} x {shape[0]}"
