"""Annotations, read, mirrored with their image and written, in each format."""

import json
from typing import Any

import numpy as np

from augcli.annotations.coco import CocoCopy, read_coco, write_coco
from augcli.annotations.coco_instances import coco_annotations
from augcli.annotations.objects import Annotations, placed_objects
from augcli.annotations.placed import PlacedObject
from augcli.annotations.rle import compress
from augcli.annotations.rle_masks import counts_of
from augcli.annotations.voc import read_voc, voc_annotations, write_voc
from augcli.annotations.yolo import read_yolo, write_yolo, yolo_annotations
from augcli.annotations.yolo_data import YoloData
from augcli.transforms.base import Sample, Size, TargetRules
from augcli.transforms.moves import Projective
from augcli.transforms.targets import moved_instances

SIZE = Size(30, 40)


def mirrored(
    annotations: Annotations, flip_pairs: tuple[tuple[int, int], ...] = ()
) -> list[PlacedObject]:
    """The objects of the image, left and right exchanged."""
    mirror = np.array([(1.0, 0.0, 0.0), (0.0, -1.0, SIZE.width - 1.0), (0.0, 0.0, 1.0)])
    sample = Sample(
        np.zeros((*SIZE, 3), np.uint8),
        (0, 255),
        instances=annotations.instances,
        rules=TargetRules(flip_pairs=flip_pairs),
    )
    instances = moved_instances(sample, Projective(mirror, SIZE))
    return placed_objects(instances, annotations.labels, SIZE)


def test_voc() -> None:
    """Pixels 1 to 10 of 40 become pixels 31 to 40."""
    voc = read_voc(
        b"<annotation><object><name>a</name><bndbox><xmin>1</xmin><ymin>3</ymin><xmax>10</xmax>"
        b"<ymax>5</ymax></bndbox></object></annotation>"
    )
    text = write_voc(voc, mirrored(voc_annotations(voc, SIZE)), SIZE, 3, "b.png")
    assert b"<xmin>31</xmin><ymin>3</ymin><xmax>40</xmax><ymax>5</ymax>" in text


def test_yolo() -> None:
    """A share x becomes 1 - x, and keypoints left and right change places."""
    yolo = YoloData(keypoints=(3, 3), flip_pairs=((0, 1),))
    objects = read_yolo(b"0 0.3 0.5 0.2 0.4 0.25 0.5 2 0.35 0.5 1 0 0 0", yolo)
    placed = mirrored(yolo_annotations(objects, yolo, SIZE), yolo.flip_pairs)
    assert write_yolo(objects, placed, yolo, SIZE) == (
        b"0 0.700000 0.500000 0.200000 0.400000 "
        b"0.650000 0.500000 1 0.750000 0.500000 2 0.000000 0.000000 0\n"
    )


def test_coco() -> None:
    """Polygons are mirrored as they are, masks pixel by pixel, keypoints from pixel to pixel."""
    mask = np.zeros(SIZE, np.uint8)
    mask[4:7, 0:5] = 1
    mask[9, 20] = 1
    content: dict[str, Any] = {
        "images": [{"id": 1, "file_name": "a.jpg"}],
        "annotations": [
            {"id": 1, "image_id": 1, "category_id": 1, "segmentation": [[1, 2, 11, 2, 1, 6]]},
            {
                "id": 2,
                "image_id": 1,
                "category_id": 1,
                "iscrowd": 1,
                "segmentation": {"size": list(SIZE), "counts": compress(counts_of(mask))},
            },
            {
                "id": 3,
                "image_id": 1,
                "category_id": 1,
                "bbox": [0, 0, 10, 10],
                "keypoints": [0, 1, 2, 9, 1, 1],
            },
        ],
        "categories": [{"id": 1, "name": "face", "keypoints": ["left_eye", "right_eye"]}],
    }
    coco = read_coco(json.dumps(content).encode(), "coco.json")
    image = coco.images["a.jpg"]
    placed = mirrored(coco_annotations(image, coco.categories, SIZE), coco.flip_pairs)
    copies = [CocoCopy("b.jpg", SIZE, image, placed)]
    polygon, crowd, face = json.loads(b"".join(write_coco(coco, lambda: copies)))["annotations"]
    assert polygon["segmentation"] == [[39, 2, 29, 2, 39, 6]]
    assert (polygon["bbox"], polygon["area"]) == ([29, 2, 10, 4], 20)
    assert crowd["segmentation"]["counts"] == compress(counts_of(mask[:, ::-1]))
    assert (crowd["bbox"], crowd["area"], crowd["iscrowd"]) == ([19, 4, 21, 6], 16, 1)
    assert face["bbox"] == [30, 0, 10, 10]
    assert face["keypoints"] == [30, 1, 1, 39, 1, 2]
