"""A folder of images as a data set; its sub-folders are classes.

What counts as an image: every file with an image's suffix, whatever it turns out to be, so that
a broken photo is reported rather than passed over; and of the other files those whose first
bytes are an image's. Names that start with a dot are skipped, and so are folders behind links.
"""

import os
from collections.abc import Iterator
from dataclasses import dataclass

from augcli.datasets.items import Item
from augcli.images.formats import HEAD_SIZE, IMAGE_SUFFIXES, sniff


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

    def items(self) -> Iterator[Item]:
        """The samples, in the order of their names; the first folder's name is the label."""
        label = self.path.split("/", 1)[0] or None
        prefix = f"{self.path}/" if self.path else ""
        for name in self.names:
            yield Item(prefix + name, label, None)


def walk(root: str) -> Iterator[Directory]:
    """Every folder below `root`, `root` first, each after its parent and in sorted order.

    Only one folder's names are held at a time, and the paths of folders still to be listed.
    """
    pending = [""]
    while pending:
        path = pending.pop()
        full = os.path.join(root, path) if path else root
        try:
            with os.scandir(full) as entries:
                names, folders = _listing(entries)
        except OSError as error:
            yield Directory(path, (), error.strerror or str(error))
            continue
        yield Directory(path, tuple(sorted(names)))
        prefix = f"{path}/" if path else ""
        pending.extend(prefix + folder for folder in sorted(folders, reverse=True))


def _listing(entries: Iterator[os.DirEntry[str]]) -> tuple[list[str], list[str]]:
    """Names of the images and of the folders among `entries`."""
    names: list[str] = []
    folders: list[str] = []
    for entry in entries:
        if entry.name.startswith("."):
            continue
        if entry.is_dir(follow_symlinks=False):
            folders.append(entry.name)
        elif not entry.is_dir() and (_has_image_suffix(entry.name) or _holds_image(entry)):
            names.append(entry.name)
    return names, folders


def _has_image_suffix(name: str) -> bool:
    return os.path.splitext(name)[1].lower() in IMAGE_SUFFIXES


def _holds_image(entry: os.DirEntry[str]) -> bool:
    """Whether a regular file without an image's suffix starts as an image does."""
    if not entry.is_file():
        return False
    try:
        with open(entry.path, "rb") as file:
            return sniff(file.read(HEAD_SIZE)) is not None
    except OSError:
        return False
