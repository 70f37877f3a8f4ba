"""Where what is drawn for a person may be written, and how."""

import os
from collections.abc import Sequence

from augcli.config.schema import Config
from augcli.config.sources import source_kind
from augcli.errors import UsageError
from augcli.images.files import check_file_place, make_folder_of, write_atomic

_HEAD_SIZE = 512


def check_outside_source(path: str, config: Config) -> None:
    """Makes sure that a file is not in the source, where it would be taken for a part of it.

    Raises:
        UsageError: It is.
    """
    if config.source is None or source_kind(config.source) != "folder":
        return
    source, real = os.path.realpath(config.source), os.path.realpath(path)
    if os.path.commonpath([source, real]) == source:
        raise UsageError(
            f"{path} is inside the source {config.source}, which is only read; "
            f"choose a place beside it"
        )


def check_replaceable(path: str, marks: Sequence[bytes], *, kind: str, force: bool) -> None:
    """Makes sure that a file can be written to a path, where nothing stands or one of its kind.

    Args:
        path: Where something is to be written.
        marks: One of them is near the start of each file of this kind.
        kind: What it is called: "preview".
        force: Whether whatever stands there may go.

    Raises:
        UsageError: It cannot be written; or something else stands there, and nothing says that it
            may go.
    """
    check_file_place(path)
    if os.path.lexists(path) and not force and not is_marked(path, marks):
        raise UsageError(
            f"{path} exists, and is no earlier {kind}; name another file, or replace it "
            f"with --force"
        )


def is_marked(path: str, marks: Sequence[bytes]) -> bool:
    """Whether a file has one of the marks near its start."""
    if not os.path.isfile(path):
        return False
    try:
        with open(path, "rb") as file:
            head = file.read(_HEAD_SIZE)
    except OSError:
        return False
    return any(mark in head for mark in marks)


def write_file(path: str, data: bytes) -> None:
    """Writes a file, whole or not at all; makes its folder.

    Raises:
        OutputError: It cannot be written.
    """
    make_folder_of(path)
    write_atomic(path, data)
