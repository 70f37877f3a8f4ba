"""Source and output: refused where they cannot be, and made where they can."""

import os
from pathlib import Path

import pytest

from augcli.config.schema import Config
from augcli.errors import OutputError, UsageError
from augcli.pipeline.places import made, output_folder, source_path


def config(source: Path | None = None, output: Path | None = None) -> Config:
    """A config of these two folders."""
    return Config(source=source and str(source), output=output and str(output))


def test_a_table_or_arrays_have_to_be_a_file(tmp_path: Path) -> None:
    """By its suffix a source is a file, and a folder of that name is none."""
    (tmp_path / "labels.csv").touch()
    assert source_path(config(tmp_path / "labels.csv")) == str(tmp_path / "labels.csv")
    (tmp_path / "x.NPZ").mkdir()
    with pytest.raises(UsageError, match=r"is no file; expected a \.csv or an \.npz"):
        source_path(config(tmp_path / "x.NPZ"))


def test_an_output_beside_a_table(tmp_path: Path) -> None:
    """It may be anywhere but around the CSV or the folder of its paths."""
    table = tmp_path / "labels" / "labels.csv"
    for output in (tmp_path / "labels" / "out", tmp_path / "photos" / "out"):
        asked = config(table, output).model_copy(update={"directory": str(tmp_path / "photos")})
        assert output_folder(asked, str(table)) == str(output)
    for output in (tmp_path / "labels", tmp_path / "photos"):
        asked = config(table, output).model_copy(update={"directory": str(tmp_path / "photos")})
        with pytest.raises(UsageError, match="inside the output"):
            output_folder(asked, str(table))


def test_a_source_has_to_be_a_folder(tmp_path: Path) -> None:
    """None named, none there, a file, and one that may not be read are each said apart."""
    (tmp_path / "file").touch()
    assert source_path(config(tmp_path)) == str(tmp_path)
    for source, message in (
        (None, "no source: name a folder"),
        (tmp_path / "missing", "does not exist"),
        (tmp_path / "file", "is no folder"),
    ):
        with pytest.raises(UsageError, match=message):
            source_path(config(source))


def test_a_source_that_may_not_be_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """It is bad usage, not an empty data set."""
    monkeypatch.setattr(os, "access", lambda path, mode: False)
    with pytest.raises(UsageError, match="no permission"):
        source_path(config(tmp_path))


def test_an_output_apart_from_its_source(tmp_path: Path) -> None:
    """Neither is inside the other, behind links and ".." neither; names that look alike may be."""
    source = tmp_path / "photos"
    (source / "cat").mkdir(parents=True)
    (tmp_path / "link").symlink_to(source)
    (tmp_path / "file").touch()
    (tmp_path / "nowhere").symlink_to(tmp_path / "missing")
    for output in (tmp_path / "photos-augmented", tmp_path / "new" / "deep"):
        assert output_folder(config(source, output), str(source)) == str(output)
    for output, message in (
        (None, "no output: name a folder"),
        (tmp_path / "file", "is no folder"),
        (tmp_path / "nowhere", "is no folder"),
        (source, "same folder"),
        (tmp_path / "link", "same folder"),
        (source / "cat" / "new", "inside the source"),
        (tmp_path / "link" / "new", "inside the source"),
        (tmp_path / "x" / ".." / "photos" / "new", "inside the source"),
        (tmp_path, "inside the output"),
    ):
        with pytest.raises(UsageError, match=message):
            output_folder(config(source, output), str(source))


def test_an_output_that_cannot_be_made(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A file above it, or a folder that may not be written to, is bad usage."""
    (tmp_path / "photos").mkdir()
    (tmp_path / "file").touch()
    for output in ("file/new", "file/new/deep"):
        with pytest.raises(UsageError, match="a file stands where its folder should be"):
            output_folder(config(tmp_path / "photos", tmp_path / output), str(tmp_path / "photos"))
    monkeypatch.setattr(os, "access", lambda path, mode: False)
    with pytest.raises(UsageError, match="may not be written to"):
        output_folder(config(tmp_path / "photos", tmp_path / "new"), str(tmp_path / "photos"))


def test_a_made_folder_goes_again_on_bad_usage(tmp_path: Path) -> None:
    """What was made and is still empty is removed; what stood before, or holds a file, is not."""
    new = tmp_path / "old" / "a" / "b"
    (tmp_path / "old").mkdir()
    with pytest.raises(UsageError), made(str(new)):
        raise UsageError("no")
    assert list(tmp_path.rglob("*")) == [tmp_path / "old"]
    new.mkdir(parents=True)
    with pytest.raises(UsageError), made(str(new)):
        raise UsageError("no")
    assert new.exists()
    with pytest.raises(UsageError), made(str(new / "c" / "d")):
        _fill_and_fail(new / "c" / "file")
    assert (new / "c" / "file").exists()


def _fill_and_fail(file: Path) -> None:
    file.touch()
    raise UsageError("no")


def test_a_folder_that_cannot_be_made(tmp_path: Path) -> None:
    """It is an error of the output, with the reason."""
    (tmp_path / "file").touch()
    with pytest.raises(OutputError, match="cannot make the folder"), made(f"{tmp_path}/file/new"):
        pass
