"""Where a sheet is written to, and what may stand there before."""

import os

from augcli.config.schema import Config
from augcli.errors import UsageError
from augcli.report.sheet import GENERATOR
from augcli.report.writing import check_outside_source, check_replaceable

FORMATS = {".png": "png", ".html": "html", ".htm": "html"}
"""What a sheet is written as, by the suffix of its file."""
MARKS = (
    f"tEXtSoftware\0{GENERATOR}".encode(),
    f'<meta name="generator" content="{GENERATOR}">'.encode(),
)
"""What a sheet is known by."""


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
    check_outside_source(path, config)
    check_replaceable(path, MARKS, kind="preview", force=force)
