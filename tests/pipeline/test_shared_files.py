"""Files that are about all copies at once."""

from pathlib import Path
from typing import Any

import pytest
import yaml
from annotated import make_voc, make_yolo

from augcli.config.schema import Config
from augcli.datasets.open import targets_of
from augcli.errors import AugcliError
from augcli.pipeline.shared_files import recorded_files, shared_files

LINE = {"file_name": "JPEGImages/0_0.png", "source": "0.png", "split": "training"}


def contents(
    config: Config, output: Path, records: list[dict[str, Any]], *, has_both: bool = False
) -> dict[str, bytes]:
    """The content of every shared file, by its name."""
    found = shared_files(targets_of(config), str(output), lambda: records, has_both=has_both)
    return {file.name: b"".join(file.pieces()) for file in found}


def test_none() -> None:
    """Without annotations there are none."""
    assert shared_files(None, "out", list, has_both=False) == []


def test_image_sets_of_a_split(tmp_path: Path) -> None:
    """Either side has all lists, each with the copies of its own."""
    root = make_voc(tmp_path)
    settings = {"format": "voc", "path": str(root / "Annotations")}
    config = Config.model_validate({"source": str(root / "JPEGImages"), "annotations": settings})
    line = {**LINE, "file_name": "train/JPEGImages/0_0.png"}
    assert contents(config, tmp_path / "out", [line], has_both=True) == {
        "train/ImageSets/Main/dog_train.txt": b"0_0  1\n",
        "train/ImageSets/Main/train.txt": b"0_0\n",
        "validation/ImageSets/Main/dog_train.txt": b"",
        "validation/ImageSets/Main/train.txt": b"",
    }


def test_image_sets_name_images_by_their_paths(tmp_path: Path) -> None:
    """Names may have spaces, tabs and Windows' line ends behind them, and lie in sub-folders."""
    root = make_voc(tmp_path)
    lists = root / "ImageSets" / "Main"
    (lists / "train.txt").write_bytes("my ö 7\r\nsub/0\r\n".encode())
    (lists / "dog_train.txt").write_bytes(b"0\t-1\r\nsub/0  1\r\n")
    settings = {"format": "voc", "path": str(root / "Annotations")}
    config = Config.model_validate({"source": str(root / "JPEGImages"), "annotations": settings})
    lines = [
        {**LINE, "file_name": f"JPEGImages/{name}_0.png", "source": f"{name}.png"}
        for name in ("0", "my ö 7", "sub/0")
    ]
    assert contents(config, tmp_path / "out", lines) == {
        "ImageSets/Main/dog_train.txt": b"0_0\t-1\nsub/0_0  1\n",
        "ImageSets/Main/train.txt": "my ö 7_0\nsub/0_0\n".encode(),
    }


@pytest.mark.parametrize(
    ("written", "train", "val"),
    [
        ("train: images/train\nval: images/val", "images/train", "images/val"),
        ("train: ../images/train\nval: ../images/val", "images/train", "images/val"),
        ("path: images\ntrain: train\nval: val", "images/train", "images/val"),
        ("train: images/train", "images/train", "images/train"),
        ("train: [images/train]\nval: gone", "images", "images"),
    ],
)
def test_data_yaml(tmp_path: Path, written: str, train: str, val: str) -> None:
    """Folders are found as Ultralytics' tools find them; without any, all images are for both."""
    root = make_yolo(tmp_path)
    (root / "data.yaml").write_text(f"{written}\nnames: [dog, cat]\n", encoding="utf-8")
    settings = {"format": "yolo", "path": str(root / "data.yaml")}
    config = Config.model_validate({"source": str(root / "images"), "annotations": settings})
    [text] = contents(config, tmp_path / "out", []).values()
    values = yaml.safe_load(text)
    assert (values["train"], values["val"]) == (train, val)


def test_objects_that_no_source_has(tmp_path: Path) -> None:
    """A manifest that was edited is found out."""
    path = tmp_path / "a.json"
    path.write_text('{"images": [], "annotations": [], "categories": []}', encoding="utf-8")
    settings = {"format": "coco", "path": str(path)}
    config = Config.model_validate({"source": str(tmp_path), "annotations": settings})
    line = {**LINE, "width": 4, "height": 3, "objects": [{"index": 0}]}
    with pytest.raises(AugcliError, match="does not have"):
        contents(config, tmp_path / "out", [line])


def test_recorded_files() -> None:
    """What a run.yaml lists, without what leads out of the output."""
    files = {"a.json": "0", "../b": "0", "c": 5, 6: "0"}
    assert recorded_files({"files": files}) == {"a.json": "0"}
    assert recorded_files({"files": "a"}) == recorded_files({}) == {}
