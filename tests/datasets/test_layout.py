"""Where masks and annotations lie, in the source and in the output."""

from pathlib import Path

import pytest
from annotated import make_coco, make_masks, make_voc, make_yolo

from augcli.config.schema import Config
from augcli.datasets.layout import Layout, layout_of
from augcli.errors import UsageError


def layout(images: Path, **settings: object) -> Layout:
    """The layout of a folder of images with these settings."""
    found = layout_of(Config.model_validate({"source": str(images), **settings}), str(images))
    assert found is not None
    return found


def annotations(name: str, path: Path) -> dict[str, str]:
    """The settings of annotations."""
    return {"format": name, "path": str(path)}


def test_without_masks_and_annotations(tmp_path: Path) -> None:
    """There is no layout to speak of."""
    assert layout_of(Config(source=str(tmp_path)), str(tmp_path)) is None


def test_side_by_side(tmp_path: Path) -> None:
    """What lies side by side does so below the folder that is shared."""
    make_masks(tmp_path)
    found = layout(tmp_path / "images", masks={"path": str(tmp_path / "masks")})
    assert (found.root, found.images, found.masks) == (str(tmp_path), "images", "masks")
    assert found.mask_of("cat/a.jpg") == "masks/cat/a.png"
    assert found.mask_of_copy("cat/a_0.jpg") == "masks/cat/a_0.png"
    assert found.annotations_of("cat/a.jpg") is None
    assert found.inner_folders() == frozenset()
    assert found.inner_masks() is None


@pytest.mark.parametrize(
    ("pattern", "source", "copy"),
    [
        ("{path}_m.png", "cat/a_m.png", "cat/a_0_m.png"),
        ("{folder}/m/{stem}.png", "cat/m/a.png", "cat/m/a_0.png"),
        ("{stem}.png", "a.png", "cat/a_0.png"),
        ("{folder}_{stem}.png", "cat_a.png", "cat/_a_0.png"),
    ],
)
def test_masks_of_copies_have_names_of_their_own(
    tmp_path: Path, pattern: str, source: str, copy: str
) -> None:
    """By a pattern that does not tell folders apart, they lie in folders as the images do."""
    make_masks(tmp_path)
    masks = {"path": str(tmp_path / "masks"), "pattern": pattern}
    found = layout(tmp_path / "images", masks=masks)
    assert found.mask_of("cat/a.jpg") == f"masks/{source}"
    assert found.mask_of_copy("cat/a_0.jpg") == f"masks/{copy}"


@pytest.mark.parametrize(
    ("folder", "masks", "file"),
    [
        ("", "in/masks", "in/masks/cat/a.png"),
        ("in", "masks", "masks/cat/a.png"),
        ("in/images", "../masks", "../masks/cat/a.png"),
        ("", "{root}/in/masks", "{root}/in/masks/cat/a.png"),
    ],
)
def test_paths_are_as_the_config_writes_them(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, folder: str, masks: str, file: str
) -> None:
    """Relative to the current folder if they are written so, and absolute if not."""
    make_masks(tmp_path / "in")
    monkeypatch.chdir(tmp_path / folder)
    found = layout(tmp_path / "in" / "images", masks={"path": masks.format(root=tmp_path)})
    assert found.file("masks/cat/a.png") == file.format(root=tmp_path)


def test_inside_the_source(tmp_path: Path) -> None:
    """Folders inside the source are known, and so are masks among the images."""
    make_masks(tmp_path)
    inside = layout(tmp_path, masks={"path": str(tmp_path / "masks")})
    assert (inside.images, inside.inner_folders()) == ("", {"masks"})
    among = layout(tmp_path, masks={"path": str(tmp_path), "pattern": "{path}_mask.png"})
    assert among.inner_folders() == frozenset()
    pattern = among.inner_masks()
    assert pattern is not None
    assert pattern.fullmatch("cat/a_mask.png")
    assert not pattern.fullmatch("cat/a.png")


def test_voc(tmp_path: Path) -> None:
    """A file of its own for every image."""
    make_voc(tmp_path)
    found = layout(
        tmp_path / "JPEGImages", annotations=annotations("voc", tmp_path / "Annotations")
    )
    assert found.annotations_of("0.png") == "Annotations/0.xml"


def test_coco(tmp_path: Path) -> None:
    """One file for all."""
    make_coco(tmp_path)
    path = tmp_path / "annotations" / "instances.json"
    found = layout(tmp_path / "images", annotations=annotations("coco", path))
    assert found.annotations == "annotations/instances.json"
    assert found.annotations_of("0.png") is None


def test_yolo(tmp_path: Path) -> None:
    """Labels are where Ultralytics looks for them, wherever in the layout the source begins."""
    make_yolo(tmp_path)
    settings = annotations("yolo", tmp_path / "data.yaml")
    found = layout(tmp_path / "images", annotations=settings)
    assert (found.data_yaml, found.annotations) == ("data.yaml", None)
    assert found.annotations_of("train/a.png") == "labels/train/a.txt"
    part = layout(tmp_path / "images" / "train", annotations=settings)
    assert (part.images, part.annotations_of("a.png")) == ("images/train", "labels/train/a.txt")
    labels = layout(tmp_path / "images", annotations=annotations("yolo", tmp_path / "labels"))
    assert labels.data_yaml == "data.yaml"
    assert labels.annotations_of("train/a.png") == "labels/train/a.txt"


def test_yolo_in_the_folder_of_the_images(tmp_path: Path) -> None:
    """Of images beside their data.yaml, the labels may lie one folder further up."""
    make_yolo(tmp_path)
    path = (tmp_path / "data.yaml").rename(tmp_path / "images" / "data.yaml")
    found = layout(tmp_path / "images", annotations=annotations("yolo", path))
    assert (found.root, found.images) == (str(tmp_path), "images")
    assert found.annotations_of("train/a.png") == "labels/train/a.txt"


@pytest.mark.parametrize(
    ("settings", "said"),
    [
        ({"masks": {"path": "gone"}}, "masks: there is no folder gone"),
        ({"annotations": {"format": "voc", "path": "gone"}}, "annotations: there is no gone"),
        ({"annotations": {"format": "voc", "path": __file__}}, "is no folder"),
        ({"annotations": {"format": "coco", "path": "."}}, "is no file"),
        ({"annotations": {"format": "yolo", "path": __file__}}, "is no data.yaml"),
        ({"masks": {"path": "/"}}, "share no folder"),
    ],
)
def test_what_cannot_be(tmp_path: Path, settings: dict[str, object], said: str) -> None:
    """What is not there, or is something else, is said before anything is read."""
    with pytest.raises(UsageError, match=said):
        layout(tmp_path, **settings)
