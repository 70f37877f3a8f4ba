"""Where a sheet is written to, and what may stand there before."""

import os

from augcli.config.schema import Config
from augcli.config.sources import source_kind
from augcli.errors import OutputError, UsageError
from augcli.images.files import explain_output, write_atomic
from augcli.report.sheet import GENERATOR

FORMATS = {".png": "png", ".html": "html", ".htm": "html"}
"""What a sheet is written as, by the suffix of its file."""
_HEAD_SIZE = 512
_MARKS = (
    f"tEXtSoftware\0{GENERATOR}".encode(),
    f'<meta name="generator" content="{GENERATOR}">'.encode(),
)


def format_of(path: str) -> str:
    """What a sheet is written as to `path`: "png" or "html".

    Raises:
        UsageError: The suffix is neither's.
    """
    suffix = os.path.splitext(path)[1].lower()
    if suffix not in FORMATS:
        raise UsageError(f"{path}: expected a name that ends in .png or .html")
    return FORMATS[suffix]


def check_place(path: str, config: Config, *, force: bool) -> None:
    """Makes sure that a sheet may be written to `path`.

    Raises:
        UsageError: It is in the source, where it would be taken for an image of it; or something
            else than a sheet stands there, and nothing says that it may go.
    """
    if config.source is not None and source_kind(config.source) == "folder":
        source, real = os.path.realpath(config.source), os.path.realpath(path)
        if os.path.commonpath([source, real]) == source:
            raise UsageError(
                f"{path} is inside the source {config.source}, which is only read; "
                f"choose a place beside it"
            )
    if os.path.lexists(path) and not force and not is_sheet(path):
        raise UsageError(
            f"{path} exists, and is no earlier preview; name another file, or replace it "
            f"with --force"
        )


def is_sheet(path: str) -> bool:
    """Whether a file is a sheet that augcli wrote."""
    if not os.path.isfile(path):
        return False
    try:
        with open(path, "rb") as file:
            head = file.read(_HEAD_SIZE)
    except OSError:
        return False
    return any(mark in head for mark in _MARKS)


def write_sheet(path: str, data: bytes) -> None:
    """Writes a sheet, whole or not at all; makes its folder.

    Raises:
        OutputError: It cannot be written.
    """
    folder = os.path.dirname(path)
    try:
        if folder:
            os.makedirs(folder, exist_ok=True)
    except OSError as error:
        raise OutputError(explain_output(folder, error)) from error
    write_atomic(path, data)
