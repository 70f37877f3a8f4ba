"""A folder as a data set: what counts as an image, and in which order they come."""

import os
import sys
from pathlib import Path
from typing import Any

import pytest
from support import draw

from augcli.datasets.folder import Directory, Folder, walk
from augcli.datasets.items import Item
from augcli.datasets.labels import Labels
from augcli.datasets.split import Splitting
from augcli.errors import UsageError


def folder(root: Path, class_mode: str | None = "categorical", **options: Any) -> Folder:
    """A folder as a data set."""
    return Folder(str(root), labels=Labels(class_mode, options.get("classes")), **options)


def items(data: Folder) -> list[Item]:
    """All its samples."""
    return [item for group in data.groups() for item in group.samples()]


def paths(root: Path, **options: Any) -> list[str]:
    """The paths of all items below a folder."""
    return [item.path for item in items(folder(root, **options))]


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
    found = items(folder(tmp_path))
    assert found == [
        Item("v.png", None, None),
        Item("a/z.png", "a", None),
        Item("a b/w.png", "a b", None),
        Item("b/x.png", "b", None),
        Item("b/deep/er/y.png", "b", None),
    ]
    assert [Path(item.file_in(str(tmp_path))).exists() for item in found] == [True] * 5
    assert [group.path for group in folder(tmp_path).groups()] == [d.path for d in directories]


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


@pytest.mark.skipif(sys.platform == "win32", reason="links are POSIX's")
def test_links_that_are_followed(tmp_path: Path) -> None:
    """`follow_links` looks behind links to folders, but never round in a circle."""
    draw(tmp_path / "elsewhere" / "x.png")
    root = tmp_path / "root"
    draw(root / "a" / "y.png")
    (root / "a" / "up").symlink_to(root)
    (root / "a" / "itself").symlink_to(root / "a")
    (root / "b").symlink_to(tmp_path / "elsewhere")
    (root / "c").symlink_to(root / "missing")
    (tmp_path / "elsewhere" / "back").symlink_to(root)
    assert paths(root, follow_links=True) == ["a/y.png", "b/x.png"]


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
    [item] = items(folder(tmp_path))
    assert item.path == name
    assert Path(item.file_in(str(tmp_path))).exists()


def test_classes(tmp_path: Path) -> None:
    """Only the sub-folders in `classes` are looked into, and the folder itself is not."""
    for name in ("a/1.png", "b/2.png", "c/b/3.png", "top.png"):
        draw(tmp_path / name)
    assert paths(tmp_path, classes=["c", "a"]) == ["a/1.png", "c/b/3.png"]
    with pytest.raises(UsageError, match=r"nothing in .* has the class 'd'"):
        folder(tmp_path, classes=["a", "d"])


def test_numbers_of_classes(tmp_path: Path) -> None:
    """`sparse` numbers sorted folders, or `classes` in their order; `binary` wants just two."""
    for name in ("a/1.png", "b/2.png", "c/3.png", "top.png"):
        draw(tmp_path / name)
    assert [item.label for item in items(folder(tmp_path, "sparse"))] == [None, 0, 1, 2]
    chosen = folder(tmp_path, "binary", classes=["c", "a"])
    assert {item.path: item.label for item in items(chosen)} == {"a/1.png": 1, "c/3.png": 0}
    assert {item.label for item in items(folder(tmp_path, None))} == {None}
    with pytest.raises(UsageError, match=r"needs 2 classes, and .* has 3"):
        folder(tmp_path, "binary")


def test_a_contiguous_split(tmp_path: Path) -> None:
    """The first share of each class, rounded down, is for validation, over all its folders."""
    for name in ("a/1.png", "a/2.png", "a/x/3.png", "a/x/4.png", "a/x/5.png", "b/1.png", "b/2.png"):
        draw(tmp_path / name)
    data = folder(tmp_path, splitting=Splitting(0.6, is_contiguous=True))
    chosen = [item.path for item in items(data) if item.split == "validation"]
    assert chosen == ["a/1.png", "a/2.png", "a/x/3.png", "b/1.png"]


def test_files(tmp_path: Path) -> None:
    """A run depends on the folders, empty ones included, and on the images."""
    draw(tmp_path / "a" / "1.png")
    (tmp_path / "b").mkdir()
    wanted = [tmp_path, tmp_path / "a", tmp_path / "a" / "1.png", tmp_path / "b"]
    assert list(folder(tmp_path).files()) == [str(path) for path in wanted]


def test_a_root_that_cannot_be_listed(tmp_path: Path) -> None:
    """Where its classes have to be known, that is an error; else it is reported as a failure."""
    missing = tmp_path / "missing"
    with pytest.raises(UsageError, match="cannot be listed"):
        folder(missing, "sparse")
    [group] = folder(missing).groups()
    assert group.error is not None
