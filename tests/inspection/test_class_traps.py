"""What is found in the classes of a data set."""

from pathlib import Path

import numpy as np
import pytest
from inspecting import draw_classes, found
from support import draw


@pytest.mark.parametrize(
    ("setting", "kind", "remedy"),
    [
        ("horizontal_flip=true", "mirrored-classes", "horizontal_flip: false"),
        ("vertical_flip=true", "upside-down-classes", "vertical_flip: false"),
        ("rotation_range=180", "turned-classes", "15"),
    ],
)
def test_characters(tmp_path: Path, setting: str, kind: str, remedy: str) -> None:
    """A flip or a wide turn of characters is found, with the classes; of animals it is fine."""
    finding = found(draw_classes(tmp_path / "a", _6=2, _9=2), setting)[kind]
    assert finding.subject == f"transforms[0].ranges.{setting.partition('=')[0]}"
    assert "the classes 6, 9" in finding.reason
    assert remedy in finding.remedy
    assert found(draw_classes(tmp_path / "b", cat=2, dog=2), setting) == {}


@pytest.mark.parametrize(
    ("step", "kind", "key"),
    [
        ("horizontal_flip: ", "mirrored-classes", "horizontal_flip"),
        ("vertical_flip: ", "upside-down-classes", "vertical_flip"),
        ("rot90: ", "turned-classes", "rot90"),
        ("transpose: ", "turned-classes", "transpose"),
        ("d4: ", "turned-classes", "d4"),
        ("affine: {rotate: [-120, 5]}", "turned-classes", "affine.rotate"),
        ("ranges: {rotation_range: 90}", "turned-classes", "ranges.rotation_range"),
    ],
)
def test_characters_in_a_pipeline(tmp_path: Path, step: str, kind: str, key: str) -> None:
    """Steps that flip or turn are found, wherever they stand; of animals they are fine."""
    transforms = f"transforms=[{{ranges: {{}}}}, {{one_of: [{{{step}}}, {{ranges: {{}}}}]}}]"
    finding = found(draw_classes(tmp_path / "a", _6=2, _9=2), transforms)[kind]
    assert finding.subject == f"transforms[1].one_of[0].{key}"
    assert "the classes 6, 9" in finding.reason
    assert found(draw_classes(tmp_path / "b", cat=2, dog=2), transforms) == {}


def test_characters_that_stay_upright(tmp_path: Path) -> None:
    """Small turns, and steps that never happen, are harmless."""
    source = draw_classes(tmp_path, _6=2, _9=2)
    assert found(source, "rotation_range=15") == {}
    assert found(source, "transforms=[{ranges: {horizontal_flip: true}, p: 0}]") == {}
    assert found(source, "transforms=[{one_of: [{d4: , weight: 0}, {ranges: {}}]}]") == {}
    assert found(source, "transforms=[{affine: {rotate: 15}}]") == {}


def test_classes_by_number(tmp_path: Path) -> None:
    """The names count where labels are written as numbers, too; numbers alone say nothing."""
    source = draw_classes(tmp_path, left=2, right=2)
    assert "mirrored-classes" in found(source, "horizontal_flip=true", "class_mode=sparse")
    assert found(source, "horizontal_flip=true", "class_mode=null") == {}
    np.savez(tmp_path / "a.npz", x=_different(10), y=np.arange(10))
    arrays = found(tmp_path / "a.npz", "horizontal_flip=true", "class_mode=sparse")
    assert "mirrored-classes" not in arrays


def _different(number: int) -> np.ndarray:
    return np.random.default_rng(0).integers(0, 256, (number, 4, 4, 3), np.uint8)


def test_imbalance(tmp_path: Path) -> None:
    """From ten to one on, the large and the small class are named."""
    finding = found(draw_classes(tmp_path / "a", cat=20, dog=2))["class-imbalance"]
    assert "cat has 20 images" in finding.reason
    assert "dog (2)" in finding.reason
    assert "weight" in finding.remedy
    assert found(draw_classes(tmp_path / "b", cat=19, dog=2)) == {}


def test_single_images(tmp_path: Path) -> None:
    """A class of one image is named."""
    finding = found(draw_classes(tmp_path / "a", cat=3, dog=1))["single-image-class"]
    assert "class dog" in finding.reason
    assert "add images" in finding.remedy
    assert found(draw_classes(tmp_path / "b", cat=3, dog=2)) == {}


def test_images_without_a_class(tmp_path: Path) -> None:
    """Those that lie beside the folders are named; a folder without classes is as it should be."""
    draw_classes(tmp_path / "a", cat=2, dog=2)
    draw(tmp_path / "a" / "stray.png", seed=99)
    finding = found(tmp_path / "a")["unlabelled"]
    assert "1 of 5 images (stray.png) is" in finding.reason
    assert "folder" in finding.remedy
    draw(tmp_path / "b" / "alone.png")
    assert found(tmp_path / "b") == {}


def test_several_labels(tmp_path: Path) -> None:
    """An image counts for each of its labels."""
    lines = ["filename,class"]
    for seed in range(10):
        draw(tmp_path / f"{seed}.png", seed=seed)
        lines.append(f"{seed}.png,{'cat|dog' if seed == 0 else 'cat'}")
    (tmp_path / "a.csv").write_text("\n".join(lines), encoding="utf-8")
    kinds = found(tmp_path / "a.csv", "label_separator='|'")
    assert "dog (1)" in kinds["class-imbalance"].reason
