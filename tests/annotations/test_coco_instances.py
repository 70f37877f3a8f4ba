"""The objects of an image in a COCO file."""

from typing import Any

import numpy as np
import pytest

from augcli.annotations.coco import Category, CocoImage
from augcli.annotations.coco_instances import coco_annotations
from augcli.annotations.objects import Annotations
from augcli.errors import SourceError
from augcli.transforms.base import Size
from augcli.transforms.instances import Instance, bounds

SIZE = Size(2, 3)
CATEGORIES = {1: Category("cat"), "d": Category("dog")}


def read(*entries: dict[str, Any]) -> Annotations:
    """The objects of annotations of an image of 3 x 2 pixels."""
    annotations = tuple({"id": 5, "category_id": 1, **entry} for entry in entries)
    return coco_annotations(CocoImage({"width": 3, "height": 2}, annotations), CATEGORIES, SIZE)


def read_one(**entry: object) -> Instance:
    """The object of one annotation."""
    (instance,) = read(entry).instances
    return instance


def test_boxes_are_corner_and_sides() -> None:
    """x, y, width and height become edges; categories become names."""
    annotations = read({"bbox": [1, 0.5, 2, 1]}, {"bbox": [0, 0, 1, 1], "category_id": "d"})
    assert [bounds(instance) for instance in annotations.instances] == [
        (1, 0.5, 3, 1.5),
        (0, 0, 1, 1),
    ]
    assert annotations.labels == ("cat", "dog")


def test_a_box_is_that_of_its_segmentation() -> None:
    """Polygons of any number give the box, whatever the bbox says; tiny ones do not count."""
    instance = read_one(
        bbox=[0, 0, 3, 2], segmentation=[[1, 0, 2, 0, 2, 1], [2, 1, 3, 1, 3, 2], [0, 0, 0, 1], []]
    )
    assert bounds(instance) == (1, 0, 3, 2)
    assert len(instance.polygons) == 2
    assert bounds(read_one(segmentation=[[0, 0, 1, 0, 1, 1]])) == (0, 0, 1, 1)


@pytest.mark.parametrize("segmentation", [[], [[]], None])
def test_an_empty_segmentation_is_none(segmentation: object) -> None:
    """The box is the bbox, then."""
    assert bounds(read_one(bbox=[1, 0, 2, 1], segmentation=segmentation)) == (1, 0, 3, 1)


@pytest.mark.parametrize("counts", ["2111", [2, 1, 1, 2]])
def test_run_lengths_are_masks(counts: object) -> None:
    """Both ways of writing them give the pixels, down the columns."""
    instance = read_one(bbox=[0, 0, 3, 2], segmentation={"size": [2, 3], "counts": counts})
    assert instance.mask is not None
    assert instance.mask[..., 0].tolist() == [[0, 1, 1], [0, 0, 1]]
    assert bounds(instance) == (1, 0, 3, 2)


def test_keypoints_are_at_the_centres_of_pixels() -> None:
    """Pixel 1 0 has its centre at (1.5, 0.5); visibility 0 is not there."""
    instance = read_one(bbox=[0, 0, 3, 2], keypoints=[1, 0, 2, 0, 0, 0, 2, 1, 1])
    assert instance.keypoints is not None
    assert instance.visibility is not None
    np.testing.assert_array_equal(instance.keypoints, [(1.5, 0.5), (np.nan, np.nan), (2.5, 1.5)])
    assert instance.visibility.tolist() == [2, 0, 1]


def test_keypoints_need_no_box() -> None:
    """An annotation may have keypoints alone."""
    instance = read_one(keypoints=[1, 0, 2])
    assert bounds(instance) is None
    assert instance.keypoints is not None


def test_what_is_nowhere_is_no_instance() -> None:
    """Boxes of no width and boxes outside are passed over, and the others keep their places."""
    annotations = read({"bbox": [1, 1, 0, 1]}, {"bbox": [5, 5, 1, 1]}, {"bbox": [0, 0, 1, 1]})
    assert [instance.index for instance in annotations.instances] == [2]
    assert len(annotations.labels) == 3


def test_an_image_that_is_not_in_the_file_has_no_objects() -> None:
    """It stays a valid image."""
    assert coco_annotations(CocoImage(), CATEGORIES, SIZE) == Annotations()


def test_another_size_is_refused() -> None:
    """Annotations of another version of the image would be at wrong places."""
    with pytest.raises(SourceError, match="9 x 9 pixels"):
        coco_annotations(CocoImage({"width": 9, "height": 9}), CATEGORIES, SIZE)


@pytest.mark.parametrize(
    ("entry", "said"),
    [
        ({}, "no bbox, no segmentation and no keypoints"),
        ({"bbox": [1, 2, 3]}, "bbox: 3 numbers"),
        ({"bbox": [1, 2, 3, None]}, "bbox: expected a list of numbers"),
        ({"bbox": [1, 2, 3, float("inf")]}, "bbox: expected a list of numbers"),
        ({"bbox": [1, 2, 3, 10**400]}, "bbox: expected a list of numbers"),
        ({"bbox": "1 2 3 4"}, "bbox: expected a list of numbers"),
        ({"bbox": [0, 0, -1, 1]}, "below 0"),
        ({"segmentation": [[1, 2, 3]]}, "an x that has no y"),
        ({"segmentation": [1, 2, 3, 4]}, "segmentation: expected a list of numbers"),
        ({"segmentation": "2111"}, "segmentation: expected a list of numbers"),
        ({"segmentation": {"size": [3, 2], "counts": "2111"}}, "its size is [3, 2], not [2, 3]"),
        ({"segmentation": {"size": [2, 3], "counts": "21"}}, "run lengths"),
        ({"segmentation": {"size": [2, 3], "counts": "\u2111"}}, "run lengths"),
        ({"segmentation": {"size": [2, 3], "counts": [2.0, 4.0]}}, "the lengths of runs"),
        ({"segmentation": {"size": [2, 3]}}, "the lengths of runs"),
        ({"bbox": [0, 0, 1, 1], "keypoints": [1, 2]}, "keypoints"),
    ],
)
def test_errors_name_the_annotation(entry: dict[str, Any], said: str) -> None:
    """The annotation's id, and what is wrong with it."""
    with pytest.raises(SourceError) as caught:
        read(entry)
    assert caught.value.stage == "annotations"
    assert str(caught.value).startswith("annotation 5: ")
    assert said in str(caught.value)
