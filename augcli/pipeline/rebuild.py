"""One recorded copy's way: read, decode, apply what is on record, encode, compare, write.

It is the way of `worker`, with the drawing replaced by the recipe of the manifest.
"""

import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any, NamedTuple

from augcli.annotations.coco import CocoImage
from augcli.annotations.placed import PlacedObject
from augcli.datasets.base import Loaded
from augcli.datasets.items import Item, Label
from augcli.datasets.targets import TargetDigests
from augcli.errors import SourceError
from augcli.images.files import sha256_bytes, write_atomic
from augcli.pipeline.jobs import Setting, Target, enough_memory

# What transforms raise on parameters that no draw has given: the recipe comes from a file.
UNUSABLE_RECIPE = (
    *(ArithmeticError, AttributeError, LookupError),
    *(RuntimeError, TypeError, ValueError),
)


class RecordedTargets(NamedTuple):
    """What the manifest says of a copy's mask and annotations.

    Attributes:
        files: The paths of the mask and of the annotation file, None where there is none.
        digests: Digests of these files' bytes.
        sources: Digests of the source's mask and annotations.
        objects: What is left of the source's objects.
        entry: What a COCO file says of the source now.
    """

    files: tuple[str | None, str | None] = (None, None)
    digests: tuple[str | None, str | None] = (None, None)
    sources: TargetDigests = TargetDigests()
    objects: list[PlacedObject] | None = None
    entry: CocoImage | None = None


class Recorded(NamedTuple):
    """One copy to rebuild, as the manifest has it."""

    file_name: str
    sha256: str
    source: str
    source_sha256: str
    recipe: Any
    label: Label = None
    sample_weight: float | None = None
    targets: RecordedTargets = RecordedTargets()


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
    for _, group in groupby(task.copies, _source_of):
        failures += _rebuild_of_one(task.setting, tuple(group))
    return Rebuilt(len(task.copies) - len(failures), tuple(failures))


def _source_of(copy: Recorded) -> tuple[str, str, TargetDigests]:
    return copy.source, copy.source_sha256, copy.targets.sources


def _rebuild_of_one(setting: Setting, copies: Sequence[Recorded]) -> Iterator[NotRebuilt]:
    """Rebuilds copies of one source; gives those that it could not rebuild."""
    source = copies[0].source
    try:
        loaded = load_recorded(setting, copies[0])
    except SourceError as error:
        for copy in copies:
            yield NotRebuilt(copy.file_name, source, str(error), is_of_source=True)
        return
    for copy in copies:
        try:
            files = _render(setting, loaded, copy)
        except SourceError as error:
            yield NotRebuilt(copy.file_name, source, str(error), is_of_source=False)
            continue
        for name, data in files.items():
            path = os.path.join(setting.output, *name.split("/"))
            os.makedirs(os.path.dirname(path), exist_ok=True)
            write_atomic(path, data)


def load_recorded(setting: Setting, copy: Recorded) -> Loaded:
    """The source of a copy, if it is what the copy was made of.

    Raises:
        SourceError: It is not, or it cannot be used.
    """
    item = Item(copy.source, None, None, entry=copy.targets.entry)
    sha256 = copy.source_sha256
    changed = SourceError("read", "the source has changed since the run")
    try:
        with enough_memory("decode"):
            loaded = setting.reader.load(item, setting.config)
    except SourceError as error:
        if setting.reader.digest(item) in {None, sha256}:
            raise
        raise changed from error
    if loaded.sha256 != sha256:
        raise changed
    if loaded.targets is not None and loaded.targets.digests != copy.targets.sources:
        raise SourceError("read", "the source's mask or annotations have changed since the run")
    return loaded


@enough_memory("transform")
def _render(setting: Setting, loaded: Loaded, copy: Recorded) -> dict[str, bytes]:
    """The content of the copy's files, by their paths.

    Raises:
        SourceError: It would not be what is on record.
    """
    from augcli.pipeline.rendering import annotation_file, render_recipe  # noqa: PLC0415  pixels
    from augcli.pipeline.standardizing import read_statistics  # noqa: PLC0415  the same

    statistics = read_statistics(setting.statistics)
    targets = loaded.targets
    try:
        rendered = render_recipe(
            setting.config, loaded.picture, copy.recipe, statistics, targets=targets
        )
    except UNUSABLE_RECIPE as error:
        raise SourceError("transform", "its recipe in the manifest cannot be applied") from error
    mask, annotations = copy.targets.files
    target = Target(copy.file_name, None, mask, annotations)
    files = {
        copy.file_name: (rendered.data, copy.sha256),
        mask: (rendered.mask, copy.targets.digests[0]),
        annotations: (
            None if targets is None else annotation_file(rendered, target, targets),
            copy.targets.digests[1],
        ),
    }
    made = {}
    for name, (data, sha256) in files.items():
        if name is None:
            continue
        if data is None or sha256_bytes(data) != sha256:
            what = "it" if name == copy.file_name else name
            raise SourceError("encode", f"rebuilt, {what} has other bytes than the manifest says")
        made[name] = data
    if rendered.objects != copy.targets.objects:
        raise SourceError("annotations", "rebuilt, it has other objects than the manifest says")
    return made
