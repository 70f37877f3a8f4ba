"""A folder of images as a data set; its sub-folders are classes.

What counts as an image: every file with an image's suffix, whatever it turns out to be, so that
a broken photo is reported rather than passed over; and of the other files those whose first
bytes are an image's. Names that start with a dot are skipped, and so are folders behind links
unless they are asked for.
"""

import os
import re
from collections import Counter
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from typing import NamedTuple

from augcli.datasets.files import FileReader
from augcli.datasets.items import Group, Item
from augcli.datasets.labels import Labels
from augcli.datasets.split import NO_SPLIT, Splitting
from augcli.datasets.targets import Targets
from augcli.errors import UsageError
from augcli.images.formats import HEAD_SIZE, IMAGE_SUFFIXES, sniff


@dataclass(frozen=True, slots=True)
class LeftOut:
    """What is no image of a folder, although it is in it: its masks and annotations.

    Attributes:
        folders: Folders that are not looked into, relative to the source.
        files: What the paths of other files are, relative to the source; None where there are none.
    """

    folders: frozenset[str] = frozenset()
    files: re.Pattern[str] | None = None

    @classmethod
    def of(cls, targets: Targets | None) -> "LeftOut":
        """What belongs to images."""
        if targets is None:
            return cls()
        return cls(targets.layout.inner_folders(), targets.layout.inner_masks())

    def has(self, path: str) -> bool:
        """Whether a file is left out."""
        return self.files is not None and self.files.fullmatch(path) is not None


_NOTHING = LeftOut()


@dataclass(frozen=True, slots=True)
class Directory:
    """The images directly inside one folder.

    Attributes:
        path: Path relative to the source, with "/" between its parts; "" for the source itself.
        names: File names of the images, sorted.
        error: Why the folder could not be listed, None where it could.
    """

    path: str
    names: tuple[str, ...]
    error: str | None = None

    @property
    def class_name(self) -> str | None:
        """The first folder's name; None for the source itself."""
        return self.path.split("/", 1)[0] or None


class Folder:
    """The images below a folder; the first folder's name is the label. A `DataSet`.

    Args:
        root: The folder.
        labels: What becomes of the names of its sub-folders.
        classes: The sub-folders to look into; all of them, and the folder itself, for None.
        splitting: How images are split; a contiguous split takes the first of each class.
        follow_links: Look into folders behind links too.
        targets: Masks and annotations of the images.

    Raises:
        UsageError: A class has no folder, or there are not two and the class mode is binary.
    """

    def __init__(
        self,
        root: str,
        *,
        labels: Labels,
        classes: Sequence[str] | None = None,
        splitting: Splitting = NO_SPLIT,
        follow_links: bool = False,
        targets: Targets | None = None,
    ) -> None:
        self._root = root
        self._left_out = LeftOut.of(targets)
        self._labels = labels
        self._classes = classes
        self._splitting = splitting
        self._follow_links = follow_links
        self.targets = targets
        self.reader = FileReader(root, None if targets is None else targets.reader)
        if labels.are_counted:
            for name in self._class_folders():
                labels.take(name)
            labels.settle(root)
        self._counts: Counter[str | None] = Counter()
        if splitting.is_contiguous:
            for directory in self._walk():
                self._counts[directory.class_name] += len(directory.names)

    def groups(self) -> Iterator[Group]:
        """The images of one sub-folder after the other."""
        before: Counter[str | None] = Counter()
        for directory in self._walk():
            start = before[directory.class_name]
            before[directory.class_name] += len(directory.names)
            yield Group(
                directory.path,
                directory.names,
                partial(self._samples, directory, start),
                directory.error,
            )

    def files(self) -> Iterator[str]:
        """The folders, the images in them, and the files with their masks and annotations."""
        for directory in self._walk():
            folder = os.path.join(self._root, directory.path) if directory.path else self._root
            yield folder
            for name in directory.names:
                yield os.path.join(folder, name)
        if self.targets is not None:
            yield from self.targets.files(
                f"{directory.path}/{name}".lstrip("/")
                for directory in self._walk()
                for name in directory.names
            )

    def explain_empty(self) -> str:
        """What to say when there is no image at all."""
        return (
            f"no images in {self._root}: looked in it and its sub-folders for files with an "
            f"image's suffix or an image's first bytes"
        )

    def close(self) -> None:
        """Nothing is held open."""

    def _samples(self, directory: Directory, start: int) -> Iterator[Item]:
        """The samples of one folder, `start` of its class being in folders before it."""
        name = directory.class_name
        label = self._labels.of(name) if self._labels.are_asked_for else None
        prefix = f"{directory.path}/" if directory.path else ""
        for position, file in enumerate(directory.names, start):
            path = prefix + file
            split = self._splitting.of(path, position, self._counts[name])
            if self._splitting.wants(split):
                entry = None if self.targets is None else self.targets.entry(path)
                yield Item(path, label, split, entry=entry)

    def _walk(self) -> Iterator[Directory]:
        return walk(
            self._root,
            classes=self._classes,
            follow_links=self._follow_links,
            left_out=self._left_out,
        )

    def _class_folders(self) -> list[str]:
        """Names of the sub-folders that are classes; whether they can be read shows later."""
        try:
            with os.scandir(self._root) as entries:
                folders = _listing(entries, follow_links=self._follow_links).folders
        except OSError as error:
            raise UsageError(
                f"the source {self._root} cannot be listed: {error.strerror}"
            ) from error
        return [folder for folder in folders if folder not in self._left_out.folders]


class _Pending(NamedTuple):
    """A folder still to be listed, and where it and those around it really are."""

    path: str
    identities: frozenset[tuple[int, int]]


def walk(
    root: str,
    *,
    classes: Collection[str] | None = None,
    follow_links: bool = False,
    left_out: LeftOut = _NOTHING,
) -> Iterator[Directory]:
    """Every folder below `root`, `root` first, each after its parent and in sorted order.

    Only one folder's names are held at a time, and the paths of folders still to be listed. A
    link that leads back to a folder around it is not followed.

    Args:
        root: The folder to start from.
        classes: The folders in it to look into, of which `root` itself is none; None for all.
        follow_links: Look into folders behind links too.
        left_out: What to pass over.
    """
    pending = [_Pending("", _identity(root, follow_links=follow_links))]
    while pending:
        path, around = pending.pop()
        full = os.path.join(root, path) if path else root
        try:
            with os.scandir(full) as entries:
                names, folders = _listing(entries, follow_links=follow_links)
        except OSError as error:
            yield Directory(path, (), error.strerror or str(error))
            continue
        if not path and classes is not None:
            names, folders = [], [folder for folder in folders if folder in classes]
        prefix = f"{path}/" if path else ""
        yield Directory(path, tuple(sorted(n for n in names if not left_out.has(prefix + n))))
        for folder in sorted(folders, reverse=True):
            if prefix + folder in left_out.folders:
                continue
            identity = _identity(os.path.join(full, folder), follow_links=follow_links)
            if not identity & around:
                pending.append(_Pending(prefix + folder, around | identity))


def _identity(folder: str, *, follow_links: bool) -> frozenset[tuple[int, int]]:
    """What tells a folder from all others, as a set of one; empty where no link is followed."""
    if not follow_links:
        return frozenset()
    try:
        status = os.stat(folder)
    except OSError:  # listing it will say why
        return frozenset()
    return frozenset({(status.st_dev, status.st_ino)})


class _Listing(NamedTuple):
    """Names of the images and of the folders in a folder."""

    names: list[str]
    folders: list[str]


def _listing(entries: Iterator[os.DirEntry[str]], *, follow_links: bool) -> _Listing:
    listing = _Listing([], [])
    for entry in entries:
        if entry.name.startswith("."):
            continue
        if _is_folder(entry, follow_links=follow_links):
            listing.folders.append(entry.name)
        elif not _is_folder(entry, follow_links=True) and (
            _has_image_suffix(entry.name) or _holds_image(entry)
        ):
            listing.names.append(entry.name)
    return listing


def _is_folder(entry: os.DirEntry[str], *, follow_links: bool) -> bool:
    """Whether it is a folder; a link that leads to itself, which the system refuses, is none."""
    try:
        return entry.is_dir(follow_symlinks=follow_links)
    except OSError:
        return False


def _has_image_suffix(name: str) -> bool:
    return os.path.splitext(name)[1].lower() in IMAGE_SUFFIXES


def _holds_image(entry: os.DirEntry[str]) -> bool:
    """Whether a regular file without an image's suffix starts as an image does."""
    try:
        if not entry.is_file():
            return False
        with open(entry.path, "rb") as file:
            return sniff(file.read(HEAD_SIZE)) is not None
    except OSError:
        return False
