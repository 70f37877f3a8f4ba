"""Where a probe's report and its suggestion are written to, and what may stand there before."""

import os

from augcli.config.schema import Config
from augcli.errors import UsageError
from augcli.report.probe_page import GENERATOR
from augcli.report.writing import check_outside_source, check_replaceable

_PAGE = f'<meta name="generator" content="{GENERATOR}">'.encode()
_SUGGESTION = b"# What augcli probe suggests."


def check_report_place(path: str, config: Config, *, force: bool) -> None:
    """Makes sure that a report may be written to `path`.

    Raises:
        UsageError: It is no name of a page, or in the source, or something else than a report
            stands there, and nothing says that it may go.
    """
    if os.path.splitext(path)[1].lower() not in {".html", ".htm"}:
        raise UsageError(f"{path}: expected a name that ends in .html")
    check_outside_source(path, config)
    check_replaceable(path, [_PAGE], kind="report", force=force)


def check_suggestion_place(path: str, config: Config, *, force: bool) -> None:
    """Makes sure that a suggested config may be written to `path`.

    Raises:
        UsageError: It is in the source, or something else than an earlier suggestion stands there,
            and nothing says that it may go.
    """
    check_outside_source(path, config)
    check_replaceable(path, [_SUGGESTION], kind="suggestion", force=force)
