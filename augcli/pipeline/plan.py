"""The plan: which copies of which source, under which names. Nothing in it is drawn."""

from collections.abc import Iterator
from dataclasses import dataclass

from augcli.config.schema import Config
from augcli.datasets.folder import Directory, walk
from augcli.datasets.items import Item
from augcli.images.options import EXTENSIONS
from augcli.pipeline.naming import FolderNames

COPIES_PER_JOB = 64
"""Most copies in one job: beyond that, decoding once more costs next to nothing."""


@dataclass(frozen=True, slots=True)
class Target:
    """One file to be: its path relative to the output, and its number, None for the original."""

    name: str
    copy: int | None


@dataclass(frozen=True, slots=True)
class PlannedItem:
    """One source with all files that are to be made of it."""

    item: Item
    targets: tuple[Target, ...]


@dataclass(frozen=True, slots=True)
class Job:
    """One unit of work: one source, decoded once for some of its copies.

    Attributes:
        item: The source.
        targets: The files to write.
        source_sha256: Digest that the source must have, where other copies of it stand already.
    """

    item: Item
    targets: tuple[Target, ...]
    source_sha256: str | None = None


class Plan:
    """The plan for a folder: looked at a directory at a time, so that its size does not matter.

    Args:
        config: The resolved config.
        source: Folder of the data set.
    """

    def __init__(self, config: Config, source: str) -> None:
        self._config = config
        self._source = source

    @property
    def targets_per_item(self) -> int:
        """How many files are made of each source."""
        return self._config.copies + int(self._config.include_originals)

    def directories(self) -> Iterator[Directory]:
        """The folders of the data set."""
        return walk(self._source)

    def items(self, directory: Directory) -> Iterator[PlannedItem]:
        """The sources in one of its folders, with the names of their copies."""
        names = FolderNames(
            directory.names,
            prefix=self._config.save_prefix,
            extension=EXTENSIONS[self._config.save_format],
        )
        lead = f"{directory.path}/" if directory.path else ""
        numbers: list[int | None] = list(range(self._config.copies))
        if self._config.include_originals:
            numbers.append(None)
        for name, item in zip(directory.names, directory.items(), strict=True):
            stem = names.stem(name)
            yield PlannedItem(
                item, tuple(Target(lead + names.copy(stem, number), number) for number in numbers)
            )


def split_job(job: Job, parts: int) -> list[Job]:
    """The job as about `parts` jobs of equal size, so that few sources still use all workers."""
    size = -(-len(job.targets) // max(1, parts))
    size = min(max(1, size), COPIES_PER_JOB)
    return [
        Job(job.item, job.targets[start : start + size], job.source_sha256)
        for start in range(0, len(job.targets), size)
    ]
