"""Where a probe's report and its suggestion may be written."""

from pathlib import Path

import pytest
from probed import probe_result, suggestion

from augcli.config.schema import Config
from augcli.errors import UsageError
from augcli.report.probe_file import check_report_place, check_suggestion_place
from augcli.report.probe_page import html_bytes


def test_a_report_is_a_page() -> None:
    """Its name says so."""
    check_report_place("report.HTM", Config(), force=False)
    with pytest.raises(UsageError, match=r"ends in \.html"):
        check_report_place("report.pdf", Config(), force=False)


def test_earlier_ones_are_replaced(tmp_path: Path) -> None:
    """A report may take the place of a report, and a suggestion that of a suggestion."""
    report, config = tmp_path / "report.html", tmp_path / "better.yaml"
    report.write_bytes(html_bytes(probe_result()))
    config.write_text(suggestion().config, encoding="utf-8")
    check_report_place(str(report), Config(), force=False)
    check_suggestion_place(str(config), Config(), force=False)


def test_other_files_are_not_touched(tmp_path: Path) -> None:
    """A config that a person wrote stays, unless --force says that it may go."""
    report, config = tmp_path / "own.html", tmp_path / "augment.yaml"
    report.write_text("<!DOCTYPE html>", encoding="utf-8")
    config.write_text("copies: 2\n", encoding="utf-8")
    with pytest.raises(UsageError, match="is no earlier report"):
        check_report_place(str(report), Config(), force=False)
    with pytest.raises(UsageError, match="is no earlier suggestion"):
        check_suggestion_place(str(config), Config(), force=False)
    check_report_place(str(report), Config(), force=True)
    check_suggestion_place(str(config), Config(), force=True)


def test_not_into_the_source(tmp_path: Path) -> None:
    """The source is only read."""
    config = Config(source=str(tmp_path))
    with pytest.raises(UsageError, match="is inside the source"):
        check_report_place(str(tmp_path / "report.html"), config, force=True)
    with pytest.raises(UsageError, match="is inside the source"):
        check_suggestion_place(str(tmp_path / "better.yaml"), config, force=True)
