"""The plan: which copies of which source, under which names. Nothing in it is drawn."""

from collections.abc import Iterator
from dataclasses import dataclass

from augcli.config.schema import Config
from augcli.datasets.base import DataSet
from augcli.datasets.items import TRAINING, VALIDATION, Group, Item
from augcli.datasets.labels import CLASS_MODES
from augcli.images.options import EXTENSIONS
from augcli.pipeline.jobs import Target
from augcli.pipeline.naming import FolderNames

SPLIT_FOLDERS = {TRAINING: "train", VALIDATION: "validation"}
"""Where the two subsets stand in the output, when it has both."""


@dataclass(frozen=True, slots=True)
class PlannedItem:
    """One source with all files that are to be made of it.

    Attributes:
        item: The source.
        folder: Where the files go, relative to the output.
        targets: The files.
    """

    item: Item
    folder: str
    targets: tuple[Target, ...]


class Plan:
    """The plan for a data set: looked at a group at a time, so that its size does not matter.

    Args:
        config: The resolved config.
        data: The data set.
    """

    def __init__(self, config: Config, data: DataSet) -> None:
        self._config = config
        self._data = data
        self._has_both = bool(config.validation_split) and config.subset == "both"
        copies = [*range(config.copies), *([None] if config.include_originals else [])]
        self._training_numbers: tuple[int | None, ...] = tuple(copies)

    @property
    def splits_classes(self) -> bool:
        """Whether the output has both sides of a split, and labels that are classes."""
        return self._has_both and self._config.class_mode in CLASS_MODES

    def groups(self) -> Iterator[Group]:
        """The sources, in groups whose names have to be told apart."""
        return self._data.groups()

    def explain_empty(self, listed: int) -> str:
        """What to say when there is no source to work on, of `listed` in all subsets."""
        if listed:
            subset, share = self._config.subset, self._config.validation_split
            return f"no image is for {subset}, of {listed} and with validation_split: {share:g}"
        return self._data.explain_empty()

    def folders(self, group: Group) -> list[str]:
        """The folders, relative to the output, that the copies of a group may go to."""
        if not self._has_both:
            return [group.path]
        return [_joined(folder, group.path) for folder in SPLIT_FOLDERS.values()]

    def count(self, group: Group) -> tuple[int, int]:
        """How many sources there are in a group, and how many files are made of them."""
        if not self._config.validation_split:
            return len(group.names), len(group.names) * len(self._training_numbers)
        numbers = [len(self._numbers(item)) for item in group.samples()]
        return len(numbers), sum(numbers)

    def items(self, group: Group) -> Iterator[PlannedItem]:
        """The sources in a group, with the names of their copies."""
        names = FolderNames(
            group.names,
            prefix=self._config.save_prefix,
            extension=EXTENSIONS[self._config.save_format],
        )
        for item in group.samples():
            folder = self._folder(group, item)
            lead = f"{folder}/" if folder else ""
            stem = names.stem(item.name)
            targets = (
                Target(lead + names.copy(stem, number), number) for number in self._numbers(item)
            )
            yield PlannedItem(item, folder, tuple(targets))

    def _folder(self, group: Group, item: Item) -> str:
        if item.split is None or not self._has_both:
            return group.path
        return _joined(SPLIT_FOLDERS[item.split], group.path)

    def _numbers(self, item: Item) -> tuple[int | None, ...]:
        """The numbers of a source's copies; for validation it is taken as it is."""
        return (None,) if item.split == VALIDATION else self._training_numbers


def _joined(folder: str, path: str) -> str:
    return f"{folder}/{path}" if path else folder
