"""The plan: which copies of which source, under which names. Nothing in it is drawn."""

from collections.abc import Iterator
from dataclasses import dataclass

from augcli.config.schema import Config
from augcli.datasets.folder import Directory, walk
from augcli.datasets.items import Item
from augcli.images.options import EXTENSIONS
from augcli.pipeline.jobs import Target
from augcli.pipeline.naming import FolderNames


@dataclass(frozen=True, slots=True)
class PlannedItem:
    """One source with all files that are to be made of it."""

    item: Item
    targets: tuple[Target, ...]


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
