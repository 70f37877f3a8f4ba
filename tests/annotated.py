"""Small data sets with masks or annotations, in the layouts of their formats."""

import json
from pathlib import Path
from typing import Any

import numpy as np
from PIL import Image
from support import draw

WIDTH, HEIGHT = 40, 30
IDS = (0, 3, 7, 255)
PALETTE = [(index * 7 % 256, index * 5 % 256, index * 3 % 256) for index in range(256)]


def draw_mask(path: Path, *, seed: int = 0, mode: str = "L") -> Path:
    """Draws a mask of large patches of `IDS`, and makes its folder."""
    path.parent.mkdir(parents=True, exist_ok=True)
    patches = np.random.default_rng(seed).choice(np.array(IDS, np.uint8), (3, 4))
    image = Image.fromarray(np.kron(patches, np.ones((HEIGHT // 3, WIDTH // 4), np.uint8)))
    if mode == "P":
        image.putpalette([channel for color in PALETTE for channel in color])
    image.save(path)
    return path


def make_masks(root: Path, names: tuple[str, ...] = ("a", "b", "c"), mode: str = "L") -> Path:
    """`root/images` and `root/masks`, a mask of the same name for every image."""
    for seed, name in enumerate(names):
        draw(root / "images" / f"{name}.png", seed=seed, size=(WIDTH, HEIGHT))
        draw_mask(root / "masks" / f"{name}.png", seed=seed, mode=mode)
    return root


def voc_xml(name: str) -> str:
    """The annotation of an image of two objects, one of them at the left edge."""
    return f"""<annotation>
  <folder>JPEGImages</folder>
  <filename>{name}</filename>
  <source><database>mine</database></source>
  <size><width>{WIDTH}</width><height>{HEIGHT}</height><depth>3</depth></size>
  <object>
    <name>dog</name><pose>Left</pose><truncated>0</truncated><difficult>1</difficult>
    <bndbox><xmin>11</xmin><ymin>6</ymin><xmax>20</xmax><ymax>15</ymax></bndbox>
  </object>
  <object>
    <name>cat</name><truncated>0</truncated><difficult>0</difficult>
    <bndbox><xmin>1</xmin><ymin>1</ymin><xmax>4</xmax><ymax>30</ymax></bndbox>
  </object>
</annotation>
"""


def make_voc(root: Path, count: int = 3) -> Path:
    """The layout of VOC2012: the last image has no annotations, and lists are of the first."""
    for seed in range(count):
        draw(root / "JPEGImages" / f"{seed}.png", seed=seed, size=(WIDTH, HEIGHT))
    folder = root / "Annotations"
    folder.mkdir()
    for seed in range(count - 1):
        (folder / f"{seed}.xml").write_text(voc_xml(f"{seed}.png"), encoding="utf-8")
    lists = root / "ImageSets" / "Main"
    lists.mkdir(parents=True)
    (lists / "train.txt").write_text("0\n", encoding="utf-8")
    (lists / "dog_train.txt").write_text("0  1\n", encoding="utf-8")
    return root


def coco_content(count: int) -> dict[str, Any]:
    """A COCO file of images with a polygon, keypoints and a crowd; of the last it knows nothing."""
    images = [
        {"id": 50 + i, "file_name": f"{i}.png", "width": WIDTH, "height": HEIGHT, "flickr_url": "u"}
        for i in range(count - 1)
    ]
    annotations = [
        annotation
        for i in range(count - 1)
        for annotation in (
            {
                "id": 100 + i,
                "image_id": 50 + i,
                "category_id": 18,
                "bbox": [5, 5, 20, 10],
                "area": 200,
                "iscrowd": 0,
                "segmentation": [[5, 5, 25, 5, 25, 15, 5, 15]],
                "keypoints": [6, 6, 2, 20, 8, 1, 0, 0, 0],
                "num_keypoints": 2,
                "note": "kept",
            },
            {
                "id": 200 + i,
                "image_id": 50 + i,
                "category_id": 18,
                "bbox": [0, 0, 10, 30],
                "iscrowd": 1,
                "segmentation": {"size": [HEIGHT, WIDTH], "counts": [0, 300, 900]},
            },
        )
    ]
    keypoints = ["left_eye", "right_eye", "nose"]
    return {
        "info": {"year": 2026},
        "images": images,
        "annotations": annotations,
        "categories": [{"id": 18, "name": "dog", "keypoints": keypoints, "skeleton": [[1, 2]]}],
    }


def make_coco(root: Path, count: int = 3) -> Path:
    """`root/images`, and `root/annotations/instances.json`."""
    for seed in range(count):
        draw(root / "images" / f"{seed}.png", seed=seed, size=(WIDTH, HEIGHT))
    (root / "annotations").mkdir()
    path = root / "annotations" / "instances.json"
    path.write_text(json.dumps(coco_content(count)), encoding="utf-8")
    return root


def make_yolo(root: Path) -> Path:
    """`root/images/{train,val}`, their labels and a data.yaml; an image of each has no labels."""
    for split in ("train", "val"):
        for seed, name in enumerate("ab"):
            draw(root / "images" / split / f"{name}.png", seed=seed, size=(WIDTH, HEIGHT))
        labels = root / "labels" / split
        labels.mkdir(parents=True)
        (labels / "a.txt").write_text("0 0.25 0.5 0.4 0.2\n1 0 0 1 0 1 1 0 1\n", encoding="utf-8")
    text = "path: ../elsewhere\ntrain: images/train\nval: images/val\nnames: [dog, cat]\nmine: 1\n"
    (root / "data.yaml").write_text(text, encoding="utf-8")
    return root
