"""A folder as a data set: what counts as an image, and in which order they come."""

import os
import sys
from pathlib import Path

import pytest
from support import draw

from augcli.datasets.folder import Directory, walk
from augcli.datasets.items import Item


def paths(root: Path) -> list[str]:
    """The paths of all items below a folder."""
    return [item.path for directory in walk(str(root)) for item in directory.items()]


def test_folders_and_labels(tmp_path: Path) -> None:
    """Folders come each after its parent, sorted; the first folder's name is the label."""
    for name in ("b/x.png", "b/deep/er/y.png", "a/z.png", "a b/w.png", "v.png"):
        draw(tmp_path / name)
    (tmp_path / "c").mkdir()
    directories = list(walk(str(tmp_path)))
    assert directories == [
        Directory("", ("v.png",)),
        Directory("a", ("z.png",)),
        Directory("a b", ("w.png",)),
        Directory("b", ("x.png",)),
        Directory("b/deep", ()),
        Directory("b/deep/er", ("y.png",)),
        Directory("c", ()),
    ]
    items = [item for directory in directories for item in directory.items()]
    assert items == [
        Item("v.png", None, None),
        Item("a/z.png", "a", None),
        Item("a b/w.png", "a b", None),
        Item("b/x.png", "b", None),
        Item("b/deep/er/y.png", "b", None),
    ]
    assert [Path(item.file_in(str(tmp_path))).exists() for item in items] == [True] * 5


def test_what_counts_as_an_image(tmp_path: Path) -> None:
    """An image's suffix is enough, and so are an image's first bytes under any other name."""
    png = draw(tmp_path / "a.png").read_bytes()
    for name, data in (
        ("broken.JPG", b"no picture"),
        ("empty.tiff", b""),
        ("no-suffix", png),
        ("picture.dat", png),
        ("notes.txt", b"no picture"),
        ("label.csv", b"a,b"),
        ("short", b"\x89"),
        (".hidden.png", png),
        (".DS_Store", b""),
        ("Thumbs.db", b""),
    ):
        (tmp_path / name).write_bytes(data)
    draw(tmp_path / ".git" / "a.png")
    assert paths(tmp_path) == ["a.png", "broken.JPG", "empty.tiff", "no-suffix", "picture.dat"]


@pytest.mark.skipif(sys.platform == "win32", reason="links and pipes are POSIX's")
def test_links_and_pipes(tmp_path: Path) -> None:
    """Links to files count, broken ones too; folders behind links do not; nothing waits."""
    elsewhere = tmp_path / "elsewhere"
    draw(elsewhere / "x.png")
    root = tmp_path / "root"
    root.mkdir()
    (root / "file.png").symlink_to(elsewhere / "x.png")
    (root / "broken.png").symlink_to(root / "missing")
    (root / "broken").symlink_to(root / "missing")
    (root / "folder").symlink_to(elsewhere)
    (root / "folder.png").symlink_to(elsewhere)
    (root / "round").symlink_to(root)
    os.mkfifo(root / "pipe")
    os.mkfifo(root / "pipe.png")
    assert paths(root) == ["broken.png", "file.png", "pipe.png"]


def test_a_folder_that_cannot_be_listed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """It comes with its reason, and the others with their images."""
    draw(tmp_path / "a" / "x.png")
    draw(tmp_path / "b" / "y.png")
    scandir = os.scandir

    def guarded(path: str) -> object:
        if os.path.basename(path) == "a":
            raise PermissionError(13, "Permission denied")
        return scandir(path)

    monkeypatch.setattr(os, "scandir", guarded)
    assert list(walk(str(tmp_path)))[1:] == [
        Directory("a", (), "Permission denied"),
        Directory("b", ("y.png",)),
    ]


def test_names_that_are_no_text(tmp_path: Path) -> None:
    """Bytes that are not UTF-8 are part of a path like any others."""
    name = os.fsdecode(b"\xff.png")
    try:
        draw(tmp_path / "a.png").rename(tmp_path / name)
    except OSError:
        pytest.skip("this file system holds no such name")
    [item] = next(walk(str(tmp_path))).items()
    assert item.path == name
    assert Path(item.file_in(str(tmp_path))).exists()
