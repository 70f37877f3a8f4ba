"""How maps move annotated objects, on a plane of 8 x 6 pixels."""

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from augcli.images.orientation import Box
from augcli.transforms.base import Sample, Size, TargetRules
from augcli.transforms.distortion import OpticalDistortion
from augcli.transforms.instances import Instance, bounds, instance_of_box
from augcli.transforms.moves import FieldMap, PlaneMap, Projective
from augcli.transforms.polygons import area
from augcli.transforms.targets import moved_instances, scaled

SIZE = Size(6, 8)
NO_BOX = np.empty((0, 2))
MIRROR = np.array([(1.0, 0.0, 0.0), (0.0, -1.0, 7.0), (0.0, 0.0, 1.0)])


def shift(down: float, right: float) -> Projective:
    """The map by which everything moves down and to the right."""
    return Projective(np.array([(1, 0, -down), (0, 1, -right), (0, 0, 1)], np.float64), SIZE)


def field(down: float, right: float) -> FieldMap:
    """The same as a field."""
    rows, columns = np.mgrid[:6, :8].astype(np.float32)
    return FieldMap(rows - np.float32(down), columns - np.float32(right))


def move(
    instances: Instance | tuple[Instance, ...],
    plane_map: PlaneMap,
    rules: TargetRules = TargetRules(),  # noqa: B008  frozen
) -> tuple[Instance, ...]:
    """Instances of an image of `SIZE`, moved."""
    several = instances if isinstance(instances, tuple) else (instances,)
    image = np.zeros((*SIZE, 1), np.uint8)
    return moved_instances(Sample(image, (0, 255), instances=several, rules=rules), plane_map)


def points(*pairs: tuple[float, float]) -> NDArray[np.float64]:
    """Points of literal numbers."""
    return np.array(pairs, np.float64)


@pytest.mark.parametrize("plane_map", [shift(2, -3), field(2, -3)], ids=["matrix", "field"])
def test_everything_moves_together(plane_map: PlaneMap) -> None:
    """Box, polygon, mask and keypoint go two down and three to the left."""
    mask = np.zeros((*SIZE, 1), np.uint8)
    mask[1:3, 4:7] = 1
    box = instance_of_box(5, 4, 1, 7, 3, "corners")
    instance = Instance(
        5, box.outline, (box.outline,), mask, points((5, 2)), np.array([2], np.int64)
    )
    [moved] = move(instance, plane_map)
    assert moved.index == 5
    assert moved.mask is not None
    assert moved.mask.dtype == np.uint8
    assert np.argwhere(moved.mask[..., 0]).min(axis=0).tolist() == [3, 1]
    assert moved.mask.sum() == 6
    assert moved.keypoints is not None
    assert moved.visibility is not None
    assert np.allclose(moved.keypoints, [(2, 4)], atol=1e-3)
    assert moved.visibility.tolist() == [2]
    assert moved.visible == pytest.approx(1, abs=1e-3)
    for outline in (moved.outline, *moved.polygons):
        assert np.allclose(bounds(Instance(0, outline)), (1, 3, 4, 5), atol=1e-3)


def test_boxes_are_cut_at_the_edges() -> None:
    """A third of the box's width is outside; that share is remembered, from move to move."""
    [once] = move(instance_of_box(0, 4, 1, 7, 3, "corners"), shift(0, 2))
    assert bounds(once) == (6, 1, 8, 3)
    assert once.visible == pytest.approx(2 / 3)
    [twice] = move(once, shift(0, 1))
    assert bounds(twice) == (7, 1, 8, 3)
    assert twice.visible == pytest.approx(1 / 3)


def test_what_is_outside_is_dropped() -> None:
    """The other instances keep their order, and know which ones they are."""
    boxes = [instance_of_box(i, x, 1, x + 1, 3, "corners") for i, x in enumerate((0, 3, 7))]
    assert [moved.index for moved in move(tuple(boxes), shift(0, -1))] == [1, 2]
    assert move((), shift(0, 1)) == ()


def test_an_instance_goes_with_its_segmentation() -> None:
    """A box of which the polygon, or the mask, is outside shows nothing of its object."""
    box = instance_of_box(0, 0, 0, 4, 4, "corners").outline
    corner = points((0, 0), (1, 0), (1, 1))
    mask = np.zeros((*SIZE, 1), np.uint8)
    mask[0, 0] = 1
    assert move(Instance(0, box, (corner,)), shift(0, -2)) == ()
    assert move(Instance(0, box, mask=mask), shift(0, -2)) == ()
    assert len(move(Instance(0, box, (corner, box)), shift(0, -2))) == 1


def test_an_instance_of_keypoints_stays_while_one_is_left() -> None:
    """Those outside are NaN and of visibility 0; when all are, it is dropped."""
    instance = Instance(
        0,
        NO_BOX,
        keypoints=points((0, 1), (5, 5), (np.nan, np.nan)),
        visibility=np.array([2, 1, 0]),
    )
    [moved] = move(instance, shift(0, -1))
    assert moved.keypoints is not None
    assert moved.visibility is not None
    assert np.isnan(moved.keypoints[[0, 2]]).all()
    assert moved.keypoints[1].tolist() == [4, 5]
    assert moved.visibility.tolist() == [0, 1, 0]
    assert move(instance, shift(0, -6)) == ()


def test_a_mirror_swaps_left_and_right() -> None:
    """Keypoints of a pair change places, with their visibility; a pair that is not there does not.

    What is only turned stays in its order.
    """
    rules = TargetRules(flip_pairs=((0, 2), (1, 3)))
    instance = Instance(
        0, NO_BOX, keypoints=points((1, 1), (4, 2), (6, 1)), visibility=np.array([2, 2, 1])
    )
    [mirrored] = move(instance, Projective(MIRROR, SIZE), rules)
    assert mirrored.keypoints is not None
    assert mirrored.visibility is not None
    assert mirrored.keypoints.tolist() == [[2, 1], [4, 2], [7, 1]]
    assert mirrored.visibility.tolist() == [1, 2, 2]
    half_turn = np.array([(-1.0, 0.0, 5.0), (0.0, -1.0, 7.0), (0.0, 0.0, 1.0)])
    [turned] = move(instance, Projective(half_turn, SIZE), rules)
    assert turned.keypoints is not None
    assert turned.keypoints.tolist() == [[7, 5], [4, 4], [2, 5]]


def test_keypoints_may_have_no_visibility() -> None:
    """Then they get none."""
    [moved] = move(Instance(0, NO_BOX, keypoints=points((1, 1))), shift(1, 1))
    assert moved.visibility is None
    assert moved.keypoints is not None
    assert moved.keypoints.tolist() == [[2, 2]]


def test_what_is_known_is_never_mixed_up_with_what_comes_in() -> None:
    """An object's mask is empty where the image is filled up, however the image is."""
    mask = np.ones((*SIZE, 1), np.uint8)
    [moved] = move(Instance(0, NO_BOX, mask=mask), shift(0, 3), TargetRules(mask_fill=1))
    assert moved.mask is not None
    assert moved.mask[..., 0].sum(axis=0).tolist() == [0, 0, 0, 6, 6, 6, 6, 6]


@pytest.mark.parametrize("degrees", [0, 30, 45, 77])
def test_an_ellipse_has_the_box_of_a_turned_ellipse(degrees: int) -> None:
    """To a thousandth, by its formula: the half width is the root of (a cos)^2 + (b sin)^2."""
    cosine, sine = math.cos(math.radians(degrees)), math.sin(math.radians(degrees))
    size = Size(600, 800)
    turn = np.array([(cosine, -sine, 0), (sine, cosine, 0), (0, 0, 1)])
    middle = np.array([(1, 0, 299.5), (0, 1, 399.5), (0, 0, 1)])
    plane_map = Projective(middle @ turn @ np.linalg.inv(middle), size)
    instance = instance_of_box(0, 300, 250, 500, 350, "ellipse")
    sample = Sample(np.zeros((*size, 1), np.uint8), (0, 255), instances=(instance,))
    [moved] = moved_instances(sample, plane_map)
    box = bounds(moved)
    assert box is not None
    half_width, half_height = (
        math.hypot(100 * cosine, 50 * sine),
        math.hypot(100 * sine, 50 * cosine),
    )
    expected = (400 - half_width, 300 - half_height, 400 + half_width, 300 + half_height)
    assert np.allclose(box, expected, atol=0.2)


def test_polygons_end_before_the_horizon() -> None:
    """Of a strip that leads from below the viewer to behind, the part in sight is left."""
    # The output pixel (row, column) shows the input's row / (1 - row / 8): row 8 is the horizon,
    # and input rows above -8 are behind it.
    matrix = np.array([(1.0, 0.0, 0.0), (0.0, 1.0, 0.0), (-0.125, 0.0, 1.0)])
    strip = points((0, -30), (8, -30), (8, 3.5), (0, 3.5))
    [moved] = move(Instance(0, NO_BOX, (strip,)), Projective(matrix, SIZE))
    box = bounds(moved)
    assert box is not None
    assert box.y_min == 0
    assert box.y_max == pytest.approx(3 / (1 + 3 / 8) + 0.5)


def test_what_is_behind_the_viewer_is_gone() -> None:
    """It is not shown upside down."""
    matrix = np.array([(1.0, 0.0, 0.0), (0.0, 1.0, 0.0), (-0.125, 0.0, 1.0)])
    behind = instance_of_box(0, 0, -30, 8, -20, "corners")
    assert move(behind, Projective(matrix, SIZE)) == ()
    assert move(instance_of_box(0, 0, 0, 4, 4, "corners"), Projective(-matrix, SIZE)) == ()


def test_a_field_bends_the_sides_of_polygons() -> None:
    """A lens rounds a square off; its outline stays convex, and holds the polygon."""
    lens = OpticalDistortion(distort_limit=[0.5, 0.5])
    size = Size(60, 80)
    plane_map = lens.move(lens.draw(np.random.default_rng(0), size), size).plane_map
    outline = instance_of_box(0, 10, 10, 70, 50, "corners").outline
    sample = Sample(
        np.zeros((*size, 1), np.uint8), (0, 255), instances=(Instance(0, outline, (outline,)),)
    )
    [moved] = moved_instances(sample, plane_map)
    [polygon] = moved.polygons
    assert len(polygon) > 40
    straight = plane_map.to_output(outline)
    assert area(polygon) > area(straight) + 50
    assert area(moved.outline) == pytest.approx(area(polygon))  # it was bent outwards alone
    assert np.allclose(bounds(moved), bounds(Instance(0, moved.outline)), atol=1e-6)


def test_loading_scales_a_crop() -> None:
    """The right half of the image, twice as wide as before: boxes are cut to it and stretched."""
    boxes = (
        instance_of_box(0, 2, 1, 6, 3, "corners"),
        instance_of_box(1, 0, 0, 4, 6, "corners"),
    )
    [moved] = scaled(boxes, Box(4, 0, 8, 6), Size(6, 8))
    assert moved.index == 0
    assert bounds(moved) == (0, 1, 4, 3)
    assert moved.visible == 0.5


@given(st.tuples(*[st.floats(-9, 9)] * 4), st.tuples(*[st.floats(-5, 12)] * 4))
@settings(max_examples=50, deadline=None)
def test_objects_end_within_the_image(
    numbers: tuple[float, float, float, float], corners: tuple[float, float, float, float]
) -> None:
    """Whatever the affine map, outlines are within the output and `visible` within 0..1."""
    a, b, c, d = numbers
    if abs(a * d - b * c) < 0.01:
        return
    plane_map = Projective(np.array([(a, b, 1.0), (c, d, 2.0), (0, 0, 1)]), SIZE)
    x, y = sorted(corners[:2]), sorted(corners[2:])
    for moved in move(instance_of_box(0, x[0], y[0], x[1], y[1], "corners"), plane_map):
        assert ((moved.outline >= 0) & (moved.outline <= (8, 6))).all()
        assert 0 <= moved.visible <= 1


def test_loading_scales_masks_of_objects() -> None:
    """To twice the size, each pixel is four."""
    mask = np.zeros((*SIZE, 1), np.uint8)
    mask[2, 3] = 1
    [moved] = scaled((Instance(0, NO_BOX, mask=mask),), Box(0, 0, 8, 6), Size(12, 16))
    assert moved.mask is not None
    assert np.argwhere(moved.mask[..., 0]).tolist() == [[4, 6], [4, 7], [5, 6], [5, 7]]
