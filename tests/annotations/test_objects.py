"""What is left of an image's objects in a copy."""

import json

import numpy as np
import pytest

from augcli.annotations.objects import (
    boxed_instance,
    check_size,
    placed_objects,
    segmented_instance,
    with_keypoints,
)
from augcli.errors import SourceError
from augcli.transforms.base import Size
from augcli.transforms.instances import Bounds, Instance, bounds
from augcli.transforms.polygons import NOTHING

SIZE = Size(10, 20)
LABELS = ("cat", "dog", 2)


def boxed(index: int, *box: float) -> Instance:
    """An object in a box inside of the image."""
    instance = boxed_instance(index, Bounds(*box), SIZE, "corners")
    assert instance is not None
    return instance


def test_objects_are_plain_values() -> None:
    """A box, polygons, a mask and keypoints, rounded to a thousandth, ready for JSON."""
    mask = np.zeros((10, 20, 1), np.uint8)
    mask[1:3, 2:5] = 1
    triangle = np.array([(0, 0), (4, 0), (0, 1 / 3)])
    points = np.array([(1.0, 2.0), (3.0, 4.0)])
    instances = (
        with_keypoints(boxed(0, 1, 2, 3, 4.00049), points, np.array([2, 0]), SIZE),
        segmented_instance(1, [triangle], None, SIZE, "corners"),
        segmented_instance(2, [], mask, SIZE, "corners"),
    )
    objects = placed_objects([i for i in instances if i], LABELS, SIZE)
    assert objects == [
        {
            "index": 0,
            "label": "cat",
            "visible": 1.0,
            "box": [1.0, 2.0, 3.0, 4.0],
            "keypoints": [1.0, 2.0, 2, 0.0, 0.0, 0],
        },
        {
            "index": 1,
            "label": "dog",
            "visible": 1.0,
            "box": [0.0, 0.0, 4.0, 0.333],
            "polygons": [[0.0, 0.0, 4.0, 0.0, 0.0, 0.333]],
        },
        {
            "index": 2,
            "label": 2,
            "visible": 1.0,
            "box": [2.0, 1.0, 5.0, 3.0],
            "rle": {"size": [10, 20], "counts": "e028000e4"},
        },
    ]
    assert json.loads(json.dumps(objects)) == objects


def test_small_and_hidden_objects_go() -> None:
    """min_visibility and min_area keep what is exactly at them."""
    half = boxed(0, 0, 0, 2, 3)
    half = Instance(0, half.outline, visible=0.5)
    assert placed_objects([half], LABELS, SIZE, min_visibility=0.5, min_area=6)
    assert not placed_objects([half], LABELS, SIZE, min_visibility=0.501)
    assert not placed_objects([half], LABELS, SIZE, min_area=6.001)


def test_a_box_that_rounds_to_nothing_goes() -> None:
    """No box without an area is ever written."""
    assert not placed_objects([boxed(0, 1, 1, 1.0002, 5)], LABELS, SIZE)


def test_boxes_end_at_the_image() -> None:
    """A box that reaches beyond the copy is cut to it."""
    outline = np.array([(-1.0, -1.0), (25.0, -1.0), (25.0, 12.0), (-1.0, 12.0)])
    objects = placed_objects([Instance(0, outline)], LABELS, SIZE)
    assert objects[0]["box"] == [0.0, 0.0, 20.0, 10.0]


def test_an_object_without_a_box_lives_by_its_keypoints() -> None:
    """It has no "box", and goes when no keypoint is left."""
    point = np.array([(1.0, 1.0)])
    there = with_keypoints(Instance(0, NOTHING), point, np.array([1]), SIZE)
    gone = with_keypoints(Instance(0, NOTHING), point, np.array([0]), SIZE)
    (left,) = placed_objects([there, gone], LABELS, SIZE)
    assert left == {"index": 0, "label": "cat", "visible": 1.0, "keypoints": [1.0, 1.0, 1]}


@pytest.mark.parametrize("box", [(3, 3, 3, 8), (-5, 1, 0, 3), (20, 1, 30, 3), (1, 4, 5, 4)])
def test_a_box_with_nothing_in_the_image_is_no_instance(box: tuple[float, ...]) -> None:
    """Boxes without an area, and boxes outside, are not there."""
    assert boxed_instance(0, Bounds(*box), SIZE, "corners") is None


def test_boxes_and_polygons_are_cut_to_the_image() -> None:
    """What an annotation has outside of its own image does not count."""
    assert bounds(boxed(0, -3, 2, 5, 40)) == (0, 2, 5, 10)
    square = np.array([(-2.0, 0.0), (2.0, 0.0), (2.0, 4.0), (-2.0, 4.0)])
    cut = segmented_instance(0, [square, square + 100], None, SIZE, "corners")
    assert cut is not None
    assert bounds(cut) == (0, 0, 2, 4)
    assert len(cut.polygons) == 1


def test_a_segmentation_with_nothing_in_the_image_is_no_instance() -> None:
    """Empty masks, and polygons of a point or outside of the image, are not there."""
    empty = np.zeros((10, 20, 1), np.uint8)
    assert segmented_instance(0, [], empty, SIZE, "corners") is None
    outside = np.array([(30.0, 1.0), (40.0, 1.0), (30.0, 9.0)])
    assert segmented_instance(0, [outside, outside[:1], NOTHING], None, SIZE, "corners") is None


def test_keypoints_outside_are_not_there() -> None:
    """Their visibility is 0, and that of points on the edge is kept."""
    points = np.array([(20.0, 10.0), (20.1, 5.0), (-0.1, 5.0), (5.0, 5.0)])
    instance = with_keypoints(boxed(0, 0, 0, 1, 1), points, np.array([2, 2, 2, 0]), SIZE)
    assert instance.visibility is not None
    assert instance.keypoints is not None
    assert instance.visibility.tolist() == [2, 0, 0, 0]
    assert np.isnan(instance.keypoints[1:]).all()


def test_annotations_of_another_size_are_refused() -> None:
    """The error has both sizes, and knows a turned image."""
    check_size(SIZE, SIZE)
    with pytest.raises(SourceError, match=r"30 x 10 pixels, and it has 20 x 10") as caught:
        check_size(Size(10, 30), SIZE)
    assert caught.value.stage == "annotations"
    with pytest.raises(SourceError, match="EXIF"):
        check_size(Size(20, 10), SIZE)
