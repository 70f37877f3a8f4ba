"""What is found in masks and annotations."""

import json
from pathlib import Path

import pytest
from annotated import make_coco, make_masks, make_voc, make_yolo
from inspecting import found
from support import draw

from augcli.config.loader import load_config
from augcli.inspection.inspection import inspect


def test_annotations_and_images_without_each_other(tmp_path: Path) -> None:
    """Both are counted, the first of them by their names."""
    root = make_voc(tmp_path)
    (root / "JPEGImages" / "1.png").unlink()
    annotations = f"annotations={{format: voc, path: {root / 'Annotations'}}}"
    findings = found(root / "JPEGImages", annotations)
    assert "1 of 2 images (2.png) has none" in findings["without-annotations"].reason
    assert "(Annotations/1.xml)" in findings["annotations-without-image"].reason


def test_coco_images_that_are_gone(tmp_path: Path) -> None:
    """A COCO file names images that are not there."""
    root = make_coco(tmp_path)
    (root / "images" / "0.png").unlink()
    path = root / "annotations" / "instances.json"
    findings = found(root / "images", f"annotations={{format: coco, path: {path}}}")
    assert "1 image that they are about (0.png)" in findings["annotations-without-image"].reason


def test_all_is_well(tmp_path: Path) -> None:
    """Labels for which all images are there are no finding."""
    root = make_yolo(tmp_path)
    annotations = f"annotations={{format: yolo, path: {root / 'labels'}}}"
    assert "annotations-without-image" not in found(root / "images", annotations)


def test_spellings(tmp_path: Path) -> None:
    """Two ways to write a class are most likely one class."""
    root = make_voc(tmp_path)
    path = root / "Annotations" / "0.xml"
    path.write_text(path.read_text(encoding="utf-8").replace(">dog", ">Dog"), encoding="utf-8")
    annotations = f"annotations={{format: voc, path: {root / 'Annotations'}}}"
    finding = found(root / "JPEGImages", annotations)["class-spellings"]
    assert "Dog = dog" in finding.reason


@pytest.mark.parametrize("flip", ["horizontal_flip=true", "transforms=[horizontal_flip: {}]"])
def test_keypoints_without_pairs(tmp_path: Path, flip: str) -> None:
    """A mirror makes a left eye a right one, unless nothing says which these are."""
    root = make_coco(tmp_path)
    path = root / "annotations" / "instances.json"
    annotations = f"annotations={{format: coco, path: {path}}}"
    assert "unpaired-keypoints" not in found(root / "images", annotations, flip)
    content = json.loads(path.read_text(encoding="utf-8"))
    content["categories"][0]["keypoints"] = ["a", "b", "c"]
    path.write_text(json.dumps(content), encoding="utf-8")
    assert "unpaired-keypoints" in found(root / "images", annotations, flip)
    assert "unpaired-keypoints" not in found(root / "images", annotations)


def test_sources_that_cannot_be_used(tmp_path: Path) -> None:
    """Images whose mask is missing, or of another size, are failures."""
    root = make_masks(tmp_path)
    (root / "masks" / "a.png").unlink()
    draw(root / "masks" / "b.png", size=(9, 8))
    config = load_config(overrides=[f"source={root / 'images'}", f"masks={root / 'masks'}"])
    missing, other_size = inspect(config).failures
    assert missing.startswith("a.png: there is no mask")
    assert other_size.startswith("b.png: ")
    assert "9 x 8 pixels, and its image 40 x 30" in other_size
