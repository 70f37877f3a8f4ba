"""What make needs of a run: a stamp whose time says when it was done, and what it depends on."""

import os
import re
import shutil
from collections.abc import Iterator

from augcli.datasets.base import DataSet
from augcli.images.files import atomic_file, make_folder_of

_SPECIAL = re.compile(r"[ #:]")
_NO_NAME = re.compile(r"[\r\n\t;|*?\[~=%\\]")  # what GNU make cannot hold in all places of a rule


def stamp(path: str, nanoseconds: int) -> None:
    """Makes an empty file, modified when a run began; one that stands keeps what is in it.

    Not when the run ended: a source that changed in between is newer than the stamp, then, and the
    next `make` sees it. The file has this time as soon as it has its name.

    Args:
        path: The file; its folder is made.
        nanoseconds: The time, since 1970.

    Raises:
        OutputError: It cannot be written.
    """
    make_folder_of(path)
    with atomic_file(path) as file:
        if os.path.exists(path):
            with open(path, "rb") as before:
                shutil.copyfileobj(before, file)
        file.flush()  # what is written later would change the time
        os.utime(file.name, ns=(nanoseconds, nanoseconds))


def write_depfile(
    path: str,
    *,
    target: str,
    data: DataSet,
    config: str | None,
    statistics: str | None = None,
) -> list[str]:
    """Writes a makefile that says what `target` depends on: config, folders, images and targets.

    Each prerequisite is a target without a rule as well, so that make goes on when one has been
    removed; the time of its folder then says that something has changed.

    Args:
        path: The makefile to write; its folder is made.
        target: What is made.
        data: The data set.
        config: The config file, if there is one.
        statistics: The file of statistics that the config names, if it does.

    Returns:
        The files that were left out, because make can hold no such name (a line break in it, for
        one); the folders of images are in.

    Raises:
        OutputError: It cannot be written.
    """
    left_out = []
    make_folder_of(path)
    with atomic_file(path) as file:
        file.write(_encoded(f"{_escaped(target)}:"))
        for name in _prerequisites(data, config, statistics):
            if _NO_NAME.search(name):
                left_out.append(name)
            else:
                file.write(_encoded(f" \\\n  {_escaped(name)}"))
        file.write(b"\n\n")
        for name in _prerequisites(data, config, statistics):
            if not _NO_NAME.search(name):
                file.write(_encoded(f"{_escaped(name)}:\n"))
    return left_out


def _prerequisites(data: DataSet, config: str | None, statistics: str | None) -> Iterator[str]:
    yield from (file for file in (config, statistics) if file is not None)
    yield from data.files()


def _escaped(name: str) -> str:
    """The name as GNU make reads it back."""
    return _SPECIAL.sub(r"\\\g<0>", name.replace("$", "$$"))


def _encoded(text: str) -> bytes:
    return text.encode("utf-8", "surrogateescape")
