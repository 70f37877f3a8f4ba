"""What is found of images that are there more than once."""

import shutil
from pathlib import Path

import numpy as np
from inspecting import draw_classes, found
from support import draw


def test_duplicates(tmp_path: Path) -> None:
    """Files of the same bytes are named side by side; files of the same size alone are not."""
    source = draw_classes(tmp_path, cat=3, dog=3)
    for path in source.rglob("*.png"):
        path.rename(path.with_suffix(".bmp"))  # any name will do
    assert found(source) == {}
    shutil.copy(source / "cat" / "0.bmp", source / "cat" / "again.bmp")
    finding = found(source)["duplicates"]
    assert "2 images" in finding.reason
    assert "cat/0.bmp = cat/again.bmp" in finding.reason
    assert "keep one" in finding.remedy


def test_same_size_other_bytes(tmp_path: Path) -> None:
    """Uncompressed pictures of one size are compared by content."""
    for seed in range(3):
        draw(tmp_path / f"{seed}.bmp", seed=seed)
    assert found(tmp_path) == {}


def test_many_duplicates(tmp_path: Path) -> None:
    """However many there are, three sets of three are shown, and the rest is counted."""
    for seed in range(5):
        for number in range(4):
            draw(tmp_path / f"{seed}{number}.png", seed=seed)
    reason = found(tmp_path)["duplicates"].reason
    assert "20 images" in reason
    assert "00.png = 01.png = 02.png = ..., " in reason
    assert reason.endswith("20.png = 21.png = 22.png = ... and 2 more")


def test_different_labels(tmp_path: Path) -> None:
    """The same image in two classes is worse than a duplicate, and said once."""
    source = draw_classes(tmp_path, cat=3, dog=3)
    shutil.copy(source / "cat" / "0.png", source / "dog" / "x.png")
    kinds = found(source)
    assert list(kinds) == ["label-conflict"]
    assert "cat/0.png = dog/x.png" in kinds["label-conflict"].reason
    assert "labelled right" in kinds["label-conflict"].remedy
    assert list(found(source, "class_mode=null")) == ["duplicates"]


def test_leakage(tmp_path: Path) -> None:
    """The same image on both sides of a split is found, whichever side is to be written."""
    for name in ("0", "1", "2", "3"):
        draw(tmp_path / f"{name}.png", seed=min(int(name), 2))
    for subset in ("both", "training"):
        kinds = found(tmp_path, "validation_split=0.75", "split=contiguous", f"subset={subset}")
        assert list(kinds) == ["split-leakage"]
        assert "2.png = 3.png" in kinds["split-leakage"].reason
        assert "group_by" in kinds["split-leakage"].remedy
    assert list(found(tmp_path, "validation_split=0.5", "split=contiguous")) == ["duplicates"]


def test_a_path_listed_twice(tmp_path: Path) -> None:
    """A CSV that lists an image twice is told so in those words."""
    draw(tmp_path / "a.png")
    text = "filename,class\na.png,cat\na.png,dog\n"
    (tmp_path / "a.csv").write_text(text, encoding="utf-8")
    assert "a.png listed 2 times" in found(tmp_path / "a.csv")["label-conflict"].reason


def test_arrays(tmp_path: Path) -> None:
    """Images in an array are compared too."""
    images = np.arange(4 * 12, dtype=np.uint8).reshape(4, 2, 2, 3)
    np.savez(tmp_path / "a.npz", x=images)
    assert found(tmp_path / "a.npz", "class_mode=null") == {}
    np.savez(tmp_path / "b.npz", x=images[[0, 1, 2, 1]])
    assert "1 = 3" in found(tmp_path / "b.npz", "class_mode=null")["duplicates"].reason
