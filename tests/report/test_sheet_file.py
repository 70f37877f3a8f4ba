"""Where a sheet may be written."""

from pathlib import Path

import pytest
from PIL import Image

from augcli.config.schema import Config
from augcli.errors import UsageError
from augcli.report.sheet import Row, Sheet, Tile
from augcli.report.sheet_file import MARKS, check_place, format_of
from augcli.report.sheet_html import html_bytes
from augcli.report.sheet_png import png_bytes
from augcli.report.writing import is_marked, write_file

SHEET = Sheet("t", "s", (Row("cat", "", (Tile(Image.new("RGB", (4, 3)), "a", ""),)),))
SHEETS = {"png": png_bytes(SHEET, theme="light"), "html": html_bytes(SHEET)}


def test_formats() -> None:
    """The suffix says what is written, in letters of either case."""
    assert [format_of(name) for name in ("a.png", "b.HTML", "c.d.htm")] == ["png", "html", "html"]
    with pytest.raises(UsageError, match=r"ends in \.png or \.html"):
        format_of("sheet.jpg")


@pytest.mark.parametrize("kind", SHEETS)
def test_an_earlier_sheet_is_replaced(tmp_path: Path, kind: str) -> None:
    """What augcli wrote itself may go."""
    path = tmp_path / f"sheet.{kind}"
    write_file(str(path), SHEETS[kind])
    assert is_marked(str(path), MARKS)
    check_place(str(path), Config(), force=False)


def test_other_files_are_not_touched(tmp_path: Path) -> None:
    """Any other picture or page stays, unless --force says that it may go; a folder stays."""
    Image.new("RGB", (4, 3)).save(tmp_path / "own.png")
    (tmp_path / "own.html").write_text("<!DOCTYPE html>")
    (tmp_path / "folder.png").mkdir()
    for name in ("own.png", "own.html"):
        with pytest.raises(UsageError, match="is no earlier preview"):
            check_place(str(tmp_path / name), Config(), force=False)
        check_place(str(tmp_path / name), Config(), force=True)
    check_place(str(tmp_path / "new.png"), Config(), force=False)
    with pytest.raises(UsageError, match="a folder of that name"):
        check_place(str(tmp_path / "folder.png"), Config(), force=True)


def test_not_into_the_source(tmp_path: Path) -> None:
    """A sheet in the source would be an image of it, so not even --force puts it there."""
    config = Config(source=str(tmp_path))
    with pytest.raises(UsageError, match="is inside the source"):
        check_place(str(tmp_path / "cat" / "sheet.png"), config, force=True)
