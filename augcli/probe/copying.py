"""The copies themselves, made exactly as a run makes them, and then reduced."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from augcli.config.schema import Config
from augcli.datasets.base import Reader
from augcli.datasets.files import FileReader
from augcli.datasets.items import Item
from augcli.errors import SourceError
from augcli.images.header import Header, read_header
from augcli.pipeline.rendering import recipe_of, source_sample
from augcli.probe.pictures import SIDE, small, thumbnail_png, window_of
from augcli.transforms.base import Recipe, Sample
from augcli.transforms.recipe import apply_recipe

MOST_PIXELS = 400_000
"""Larger images are reduced, by a whole factor, before they are augmented."""

Small = NDArray[np.uint8]


@dataclass(frozen=True, slots=True)
class Reading:
    """How sources are read.

    Attributes:
        config: The resolved config; its seed is a number.
        reader: Reads the samples.
    """

    config: Config
    reader: Reader

    def load(self, item: Item) -> Sample:
        """The source, as a run would have it.

        Raises:
            SourceError: It cannot be read or decoded.
        """
        return source_sample(self.reader.load(item, self._loading(item)).picture)

    def reduces(self, item: Item) -> bool:
        """Whether a source is read smaller than a run would read it.

        Raises:
            SourceError: It cannot be read.
        """
        return self._loading(item) is not self.config

    def native_pixels(self, item: Item) -> int | None:
        """How many pixels an image file has, None where that is no matter of a file.

        Raises:
            SourceError: It cannot be read.
        """
        header = self._header(item)
        return None if header is None else header.height * header.width

    def _loading(self, item: Item) -> Config:
        header = self._header(item)
        if self.config.target_size is not None or header is None:
            return self.config
        factor = math.ceil(math.sqrt(header.height * header.width / MOST_PIXELS))
        if factor == 1:
            return self.config
        size = [max(1, header.height // factor), max(1, header.width // factor)]
        return self.config.model_copy(update={"target_size": size})

    def _header(self, item: Item) -> Header | None:
        if not isinstance(self.reader, FileReader):
            return None
        return read_header(item.file_in(self.reader.root), self.config.max_pixels)


@dataclass(frozen=True, slots=True)
class Pixels:
    """How large a source is.

    Attributes:
        stored: Its pixels, as the file has them.
        read: Its pixels, as the probe reads it.
    """

    stored: int
    read: int


def measure(reading: Reading, item: Item) -> Pixels | None:
    """The size of a source, None if it cannot be read."""
    try:
        size = reading.load(item).size
        read = size.height * size.width
        return Pixels(reading.native_pixels(item) or read, read)
    except SourceError:
        return None


@dataclass(frozen=True, slots=True)
class Copying:
    """What copies are made of each source.

    Attributes:
        reading: How the sources are read.
        configs: One for each arm; they differ in their transforms alone.
        copies: Of each source and arm.
    """

    reading: Reading
    configs: tuple[Config, ...]
    copies: int


@dataclass(frozen=True, slots=True, eq=False)
class Copied:
    """A source and its copies, reduced.

    Attributes:
        original: (SIDE, SIDE, 3).
        copies: (arms, copies, SIDE, SIDE, 3).
        is_reduced: Whether the source was too large to be augmented at its full size.
    """

    original: Small
    copies: Small
    is_reduced: bool


def make_copies(copying: Copying, items: Sequence[Item]) -> list[Copied | str]:
    """Some sources and their copies; of a source that cannot be used, why."""
    return [_copied(copying, item) for item in items]


def _copied(copying: Copying, item: Item) -> Copied | str:
    out = np.empty((len(copying.configs), copying.copies, SIDE, SIDE, 3), np.uint8)
    try:
        is_reduced = copying.reading.reduces(item)
        original = copying.reading.load(item)
        window = window_of(original)
        for arm, config in enumerate(copying.configs):
            for copy in range(copying.copies):
                recipe = recipe_of(config, item, original.size, copy)[1]
                out[arm, copy] = small(apply_recipe(original, recipe).image, window)
    except SourceError as error:
        return str(error)
    return Copied(small(original.image, window), out, is_reduced)


@dataclass(frozen=True, slots=True)
class Pose:
    """A copy to be shown beside its source.

    Attributes:
        config: The config of its arm.
        item: Its source.
        copy: Its number.
    """

    config: Config
    item: Item
    copy: int


@dataclass(frozen=True, slots=True)
class Portrait:
    """A copy and its source to look at, PNGs in base64, and what was done to it."""

    recipe: Recipe
    original_png: str
    copy_png: str


def portray(reading: Reading, pose: Pose) -> Portrait:
    """Makes a copy once more, to be looked at.

    Raises:
        SourceError: Its source has become unreadable.
    """
    original = reading.load(pose.item)
    window = window_of(original)
    recipe = recipe_of(pose.config, pose.item, original.size, pose.copy)[1]
    return Portrait(
        recipe,
        thumbnail_png(original.image, window),
        thumbnail_png(apply_recipe(original, recipe).image, window),
    )
