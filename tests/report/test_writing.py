"""How what is drawn for a person is written."""

from pathlib import Path

import pytest

from augcli.config.schema import Config
from augcli.errors import OutputError, UsageError
from augcli.report.writing import check_outside_source, check_replaceable, is_marked, write_file


def test_outside_the_source(tmp_path: Path) -> None:
    """Beside a folder there is room, and in the folder of a CSV; without a source, anywhere."""
    (tmp_path / "photos").mkdir()
    inside = str(tmp_path / "photos" / "new" / "a.html")
    config = Config(source=str(tmp_path / "photos"))
    check_outside_source(str(tmp_path / "photos-report.html"), config)
    check_outside_source(inside, Config())
    check_outside_source(inside, Config(source=str(tmp_path / "photos" / "list.csv")))
    with pytest.raises(UsageError, match="is inside the source"):
        check_outside_source(inside, config)


def test_marks(tmp_path: Path) -> None:
    """A file is known by a mark near its start, and nothing else is."""
    (tmp_path / "own").write_bytes(b"see: mark")
    (tmp_path / "late").write_bytes(b" " * 600 + b"mark")
    (tmp_path / "folder").mkdir()
    marked = {
        name: is_marked(str(tmp_path / name), [b"mark"]) for name in ("own", "late", "folder")
    }
    assert marked == {"own": True, "late": False, "folder": False}
    check_replaceable(str(tmp_path / "own"), [b"mark"], kind="list", force=False)
    check_replaceable(str(tmp_path / "none"), [b"mark"], kind="list", force=False)
    check_replaceable(str(tmp_path / "late"), [b"mark"], kind="list", force=True)
    with pytest.raises(UsageError, match="is no earlier list"):
        check_replaceable(str(tmp_path / "late"), [b"mark"], kind="list", force=False)


def test_places_that_cannot_be_written(tmp_path: Path) -> None:
    """They are bad usage, --force or not."""
    (tmp_path / "file").touch()
    for path in (tmp_path, tmp_path / "file" / "report.html"):
        with pytest.raises(UsageError, match="cannot write"):
            check_replaceable(str(path), [b"mark"], kind="list", force=True)


def test_folders_are_made(tmp_path: Path) -> None:
    """The folder need not be there; a file in its place is an error that says so."""
    write_file(str(tmp_path / "a" / "b" / "report.html"), b"data")
    assert (tmp_path / "a" / "b" / "report.html").read_bytes() == b"data"
    (tmp_path / "file").write_text("")
    with pytest.raises(OutputError, match="cannot write"):
        write_file(str(tmp_path / "file" / "report.html"), b"data")
    with pytest.raises(OutputError, match="a folder of that name"):
        write_file(str(tmp_path / "a"), b"data")
