"""One recorded copy's way: read, decode, apply what is on record, encode, compare, write.

It is the way of `worker`, with the drawing replaced by the recipe of the manifest.
"""

import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any, NamedTuple

from augcli.datasets.base import Loaded
from augcli.datasets.items import Item, Label
from augcli.errors import SourceError
from augcli.images.files import sha256_bytes, write_atomic
from augcli.pipeline.jobs import Setting

# What transforms raise on parameters that no draw has given: the recipe comes from a file.
UNUSABLE_RECIPE = (
    *(ArithmeticError, AttributeError, LookupError),
    *(RuntimeError, TypeError, ValueError),
)


class Recorded(NamedTuple):
    """One copy to rebuild, as the manifest has it."""

    file_name: str
    sha256: str
    source: str
    source_sha256: str
    recipe: Any
    label: Label = None
    sample_weight: float | None = None


class RebuildTask(NamedTuple):
    """Some copies to rebuild, those of one source side by side, or those of one shard."""

    setting: Setting
    copies: Sequence[Recorded]


@dataclass(frozen=True, slots=True)
class NotRebuilt:
    """A file that was not rebuilt.

    Attributes:
        file_name: Its path, as in the manifest.
        source: Path of its source.
        message: Why.
        is_of_source: Whether its source cannot be used; else what was made of it is not the copy.
        copies: How many copies are in it.
    """

    file_name: str
    source: str
    message: str
    is_of_source: bool
    copies: int = 1


class Rebuilt(NamedTuple):
    """What became of a task."""

    written: int
    failures: tuple[NotRebuilt, ...]


def rebuild(task: RebuildTask) -> Rebuilt:
    """Rebuilds some copies; what differs from the manifest is not written.

    Raises:
        OutputError: A copy could not be written.
    """
    failures: list[NotRebuilt] = []
    for (source, sha256), group in groupby(task.copies, _source_of):
        failures += _rebuild_of_one(task.setting, source, sha256, tuple(group))
    return Rebuilt(len(task.copies) - len(failures), tuple(failures))


def _source_of(copy: Recorded) -> tuple[str, str]:
    return copy.source, copy.source_sha256


def _rebuild_of_one(
    setting: Setting, source: str, sha256: str, copies: Sequence[Recorded]
) -> Iterator[NotRebuilt]:
    """Rebuilds copies of one source; gives those that it could not rebuild."""
    try:
        loaded = load_recorded(setting, source, sha256)
    except SourceError as error:
        for copy in copies:
            yield NotRebuilt(copy.file_name, source, str(error), is_of_source=True)
        return
    for copy in copies:
        try:
            data = _render(setting, loaded, copy)
        except SourceError as error:
            yield NotRebuilt(copy.file_name, source, str(error), is_of_source=False)
            continue
        path = os.path.join(setting.output, *copy.file_name.split("/"))
        os.makedirs(os.path.dirname(path), exist_ok=True)
        write_atomic(path, data)


def load_recorded(setting: Setting, source: str, sha256: str) -> Loaded:
    """The source, if it is the one that the copies were made of.

    Raises:
        SourceError: It is not, or it cannot be used.
    """
    item = Item(source, None, None)
    changed = SourceError("read", "the source has changed since the run")
    try:
        loaded = setting.reader.load(item, setting.config)
    except SourceError as error:
        if setting.reader.digest(item) in {None, sha256}:
            raise
        raise changed from error
    except MemoryError as error:
        message = "there is not enough memory for an image of this size"
        raise SourceError("decode", message) from error
    if loaded.sha256 != sha256:
        raise changed
    return loaded


def _render(setting: Setting, loaded: Loaded, copy: Recorded) -> bytes:
    """The content of the copy's file.

    Raises:
        SourceError: It would not be the one on record.
    """
    from augcli.pipeline.standardizing import read_statistics  # noqa: PLC0415  pixel libraries
    from augcli.pipeline.worker import render_recipe  # noqa: PLC0415  the same

    statistics = None if setting.statistics is None else read_statistics(setting.statistics)
    try:
        data, _ = render_recipe(setting.config, loaded.picture, copy.recipe, statistics)
    except UNUSABLE_RECIPE as error:
        raise SourceError("transform", "its recipe in the manifest cannot be applied") from error
    if sha256_bytes(data) != copy.sha256:
        raise SourceError("encode", "rebuilt, it has other bytes than the manifest says")
    return data
