"""The plan: which copies of which source, under which names. Nothing in it is drawn."""

import os
from collections.abc import Iterator
from dataclasses import dataclass

from augcli.config.schema import Config
from augcli.datasets.base import DataSet
from augcli.datasets.items import TRAINING, VALIDATION, Group, Item
from augcli.datasets.layout import Layout, joined
from augcli.errors import UsageError
from augcli.images.options import EXTENSIONS
from augcli.pipeline.balance import explain_empty_subset
from augcli.pipeline.jobs import Target
from augcli.pipeline.naming import FolderNames
from augcli.pipeline.records import Failure

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

    Raises:
        UsageError: Copies and their masks would have the same names.

    Attributes:
        config: The resolved config.
        has_both: Whether the output has both sides of a split.
        training_numbers: The copies of each source that is not for validation; None for the
            original.
        has_further_files: Whether copies have masks or annotation files.
    """

    def __init__(self, config: Config, data: DataSet) -> None:
        self.config = config
        self._data = data
        self.has_both = bool(config.validation_split) and config.subset == "both"
        copies = [*range(config.copies), *([None] if config.include_originals else [])]
        self.training_numbers: tuple[int | None, ...] = tuple(copies)
        self._layout = None if data.targets is None else data.targets.layout
        self._extension = EXTENSIONS[config.save_format]
        self.has_further_files = self._layout is not None
        if self._layout is not None:
            _check_apart(self._layout, self._extension)

    def close(self) -> None:
        """Nothing is held open."""

    def groups(self) -> Iterator[Group]:
        """The sources, in groups whose names have to be told apart."""
        return self._data.groups()

    def explain_empty(self, listed: int) -> str:
        """What to say when there is no source to work on, of `listed` in all subsets."""
        if listed:
            return str(explain_empty_subset(self.config))
        return self._data.explain_empty()

    def folders(self, group: Group) -> list[str]:
        """The folders, relative to the output, that the files of a group may go to."""
        sides = SPLIT_FOLDERS.values() if self.has_both else [""]
        folders = [self._place(side, group.path) for side in sides]
        if self._layout is None:
            return folders
        files = (
            name for item in self.items(group) for target in item.targets for name in target.files
        )
        return list(dict.fromkeys([*folders, *map(os.path.dirname, files)]))

    def count(self, group: Group) -> tuple[int, int]:
        """How many sources there are in a group, and how many files are made of them."""
        if not self.config.validation_split:
            return len(group.names), len(group.names) * len(self.training_numbers)
        numbers = [len(self._numbers(item)) for item in group.samples()]
        return len(numbers), sum(numbers)

    def items(self, group: Group) -> Iterator[PlannedItem]:
        """The sources in a group, with the names of their copies."""
        names = FolderNames(
            group.names,
            prefix=self.config.save_prefix,
            extension=self._extension,
        )
        for item in group.samples():
            side = self._side(item)
            folder = self._place(side, group.path)
            lead = f"{folder}/" if folder else ""
            stem = names.stem(item.name)
            copies = ((number, names.copy(stem, number)) for number in self._numbers(item))
            targets = (
                Target(lead + name, number, *self._companions(side, joined(group.path, name)))
                for number, name in copies
            )
            yield PlannedItem(item, folder, tuple(targets))

    def contents(self) -> Iterator[tuple[str, int]]:
        """The name of every copy, with how many copies are in its file: one."""
        for group in self.groups():
            for planned in self.items(group):
                yield from ((target.name, 1) for target in planned.targets)

    def first_copies(self) -> Iterator[tuple[Item, int | None]]:
        """Every source, with the number of its first copy."""
        for group in self.groups():
            for item in group.samples():
                yield item, self._numbers(item)[0]

    def _side(self, item: Item) -> str:
        """The folder of an item's side of the split; "" without one."""
        return SPLIT_FOLDERS[item.split] if item.split is not None and self.has_both else ""

    def _place(self, side: str, folder: str) -> str:
        """Where images of a folder of the source go."""
        return joined(side, None if self._layout is None else self._layout.images, folder)

    def _companions(self, side: str, copy_path: str) -> tuple[str | None, str | None]:
        """The paths of a copy's mask and annotation file."""
        if self._layout is None:
            return None, None
        mask = self._layout.mask_of_copy(copy_path)
        annotations = self._layout.annotations_of(copy_path)
        return mask and joined(side, mask), annotations and joined(side, annotations)

    def _numbers(self, item: Item) -> tuple[int | None, ...]:
        """The numbers of a source's copies; for validation it is taken as it is."""
        return (None,) if item.split == VALIDATION else self.training_numbers


def unlistable(group: Group) -> Failure:
    """The failure of a folder that could not be listed."""
    message = f"the folder cannot be listed: {group.error}"
    return Failure(group.path or ".", "read", "OSError", message)


def _check_apart(layout: Layout, extension: str) -> None:
    """Makes sure that no mask has the name of a copy.

    Raises:
        UsageError: Each mask has.
    """
    name = f"a.{extension}"
    if layout.mask_of_copy(name) == joined(layout.images, name):
        raise UsageError(
            f"masks would have the names of copies: write another save_format than {extension}, "
            f"or keep the masks in a folder of their own"
        )
