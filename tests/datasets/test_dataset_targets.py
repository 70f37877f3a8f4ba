"""Masks and annotations as a data set's reader gives them."""

import pickle
from contextlib import closing
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from annotated import HEIGHT, WIDTH, draw_mask, make_coco, make_masks, make_voc, make_yolo
from PIL import Image
from support import draw

from augcli.config.schema import Config
from augcli.datasets.base import Loaded
from augcli.datasets.items import Item
from augcli.datasets.open import open_dataset, targets_of
from augcli.datasets.targets import TargetDigests
from augcli.errors import ConfigError, SourceError


def config_of(images: Path, **settings: Any) -> Config:
    """A config of a folder of images."""
    return Config.model_validate({"source": str(images), **settings})


def coco(root: Path) -> Config:
    """The config of the layout of `make_coco`."""
    path = make_coco(root) / "annotations" / "instances.json"
    return config_of(root / "images", annotations={"format": "coco", "path": str(path)})


def voc(root: Path) -> Config:
    """The config of the layout of `make_voc`."""
    path = make_voc(root) / "Annotations"
    return config_of(root / "JPEGImages", annotations={"format": "voc", "path": str(path)})


def loaded(config: Config) -> dict[str, Loaded]:
    """Every image of a data set, read by a reader that went to another process."""
    with closing(open_dataset(config)) as data:
        reader = pickle.loads(pickle.dumps(data.reader))  # noqa: S301  our own
        items = [item for group in data.groups() for item in group.samples()]
        return {item.path: reader.load(item, config) for item in items}


def test_a_mask(tmp_path: Path) -> None:
    """The ids of the mask's file, and its digest, which is known without reading it."""
    make_masks(tmp_path, ("a",))
    config = config_of(tmp_path / "images", masks={"path": str(tmp_path / "masks"), "fill": 9})
    found = loaded(config)["a.png"].targets
    assert found is not None
    assert found.mask is not None
    with Image.open(tmp_path / "masks" / "a.png") as image:
        assert np.array_equal(found.mask.ids[..., 0], np.array(image))
    assert found.annotations is None
    assert found.rules.mask_fill == 9
    targets = targets_of(config)
    assert targets is not None
    assert targets.reader.digests(Item("a.png", None, None)) == found.digests
    assert targets.reader.digests(Item("gone.png", None, None)) == TargetDigests()


def test_masks_of_a_table(tmp_path: Path) -> None:
    """The images of a CSV have masks by their paths in it."""
    make_masks(tmp_path, ("a",))
    table = tmp_path / "labels.csv"
    table.write_text("filename,class\nimages/a.png,x\n", encoding="utf-8")
    masks = {"path": str(tmp_path / "masks"), "pattern": "{stem}.png"}
    found = loaded(config_of(table, masks=masks))["images/a.png"].targets
    assert found is not None
    assert found.mask is not None
    with closing(open_dataset(config_of(table, masks=masks))) as data:
        assert str(tmp_path / "masks" / "a.png") in list(data.files())


def test_an_image_that_lies_on_its_side(tmp_path: Path) -> None:
    """Masks are of the picture as it is seen; one of the stored pixels is told from it."""
    draw(tmp_path / "images" / "a.png", size=(HEIGHT, WIDTH))
    with Image.open(tmp_path / "images" / "a.png") as image:
        exif = Image.Exif()
        exif[0x0112] = 6  # a quarter turn
        image.save(tmp_path / "images" / "a.png", exif=exif)
    draw_mask(tmp_path / "masks" / "a.png")
    config = config_of(tmp_path / "images", masks={"path": str(tmp_path / "masks")})
    assert loaded(config)["a.png"].targets is not None
    draw(tmp_path / "masks" / "a.png", size=(HEIGHT, WIDTH))
    with pytest.raises(SourceError, match="EXIF"):
        loaded(config)


@pytest.mark.parametrize("make", [voc, coco])
def test_annotations_and_images_without(tmp_path: Path, make: Any) -> None:
    """Objects with their labels; an image without annotations has none, and no digest of any."""
    found = loaded(make(tmp_path))
    first, last = found["0.png"].targets, found["2.png"].targets
    assert first is not None
    assert first.annotations is not None
    assert [one.index for one in first.annotations.instances] == [0, 1]
    assert first.annotations.labels[0] == "dog"
    assert last is not None
    assert last.digests == TargetDigests()
    assert last.annotations is not None
    assert last.annotations.instances == ()


def test_digests_of_annotations(tmp_path: Path) -> None:
    """They are the same whether annotations are read or not, and change with what is said."""
    config = coco(tmp_path)
    read = {path: one.targets for path, one in loaded(config).items()}
    with closing(open_dataset(config)) as data:
        for group in data.groups():
            for item in group.samples():
                one = read[item.path]
                assert one is not None
                assert data.reader.target_digests(item) == one.digests
    assert len({one.digests for one in read.values() if one}) == 3


def test_flip_pairs(tmp_path: Path) -> None:
    """They are taken from the annotations, unless the config says them."""
    config = coco(tmp_path)
    found = targets_of(config)
    assert found is not None
    assert found.reader.rules.flip_pairs == ((0, 1),)
    settings = config.model_dump()["annotations"] | {"flip_pairs": [[0, 2]]}
    changed = targets_of(config_of(tmp_path / "images", annotations=settings))
    assert changed is not None
    assert changed.reader.rules.flip_pairs == ((0, 2),)
    assert changed.digest() != found.digest()


def test_files(tmp_path: Path) -> None:
    """A data set names the files that its annotations are in, and their folders, each once."""
    config = voc(tmp_path / "voc")
    with closing(open_dataset(config)) as data:
        names = {Path(name).name for name in data.files()}
    assert {"0.xml", "1.xml", "Annotations"} < names
    assert "2.xml" not in names
    root = make_yolo(tmp_path / "yolo")
    settings = {"format": "yolo", "path": str(root / "data.yaml")}
    with closing(open_dataset(config_of(root / "images", annotations=settings))) as data:
        found = [Path(name) for name in data.files()]
    labels = [root / "labels" / split for split in ("train", "val")]
    assert {root / "data.yaml", *labels, *(path / "a.txt" for path in labels)} < set(found)
    assert root not in found
    assert len(found) == len(set(found))


def test_folders_above_those_that_are_not_there_yet(tmp_path: Path) -> None:
    """All from the top one down are named: their times tell when one is made below them."""
    for path in ("p/a.png", "p/q/a.png"):
        draw(tmp_path / "images" / path)
    draw_mask(tmp_path / "masks" / "p" / "a.png")
    (tmp_path / "labels" / "p").mkdir(parents=True)
    (tmp_path / "data.yaml").write_text("names: [dog]\n", encoding="utf-8")
    config = config_of(
        tmp_path / "images",
        masks={"path": str(tmp_path / "masks"), "pattern": "{path}.png"},
        annotations={"format": "yolo", "path": str(tmp_path / "data.yaml")},
    )
    with closing(open_dataset(config)) as data:
        found = {Path(name).relative_to(tmp_path).as_posix() for name in data.files()}
    folders = {"masks", "masks/p", "labels", "labels/p"}
    assert found >= folders
    assert not found & {".", "masks/p/q", "labels/p/q"}


def test_a_broken_data_yaml(tmp_path: Path) -> None:
    """It is wrong for all images, and so is a config error."""
    root = make_yolo(tmp_path)
    (root / "data.yaml").write_text("names: 5\n", encoding="utf-8")
    settings = {"format": "yolo", "path": str(root / "data.yaml")}
    with pytest.raises(ConfigError, match=r"data\.yaml"):
        targets_of(config_of(root / "images", annotations=settings))


def test_a_broken_file(tmp_path: Path) -> None:
    """Of one image, it is a failure that names the file."""
    config = voc(tmp_path)
    (tmp_path / "Annotations" / "0.xml").write_text("<annotation>", encoding="utf-8")
    with pytest.raises(SourceError, match=r"0\.xml: ") as caught:
        loaded(config)
    assert caught.value.stage == "annotations"
