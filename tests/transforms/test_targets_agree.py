"""Image, mask, boxes, polygons and keypoints move together, by every transform that moves any.

An object is painted, annotated and moved; then the paint is looked for where the annotation says.
"""

import json
from typing import Any, NamedTuple

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from augcli.transforms.base import Sample, Size, Transform
from augcli.transforms.instances import BoxMethod, Instance, bounds, instance_of_box
from augcli.transforms.registry import BUILT_IN, TRANSFORMS

SIZE = Size(96, 128)
BOX = (40.0, 30.0, 84.0, 62.0)  # x_min, y_min, x_max, y_max
POINTS = np.array([(30.0, 25.0), (92.0, 48.0)])
OBJECT, BLOB = 7, 9

EVERYTHING = {
    "ranges": {
        "rotation_range": 40,
        "width_shift_range": 0.1,
        "height_shift_range": 0.1,
        "shear_range": 15.0,
        "zoom_range": 0.3,
        "horizontal_flip": True,
        "vertical_flip": True,
    },
    "affine": {
        "rotate": 60,
        "scale": [0.7, 1.4],
        "keep_ratio": False,
        "translate": 0.15,
        "shear": 15,
    },
    "perspective": {"scale": [0.1, 0.2]},
    "crop": {"height": 70, "width": 0.7},
    "pad": {"pixels": 9, "fill_mode": "reflect"},
    "resize": {"height": 120, "width": 100},
    "random_resized_crop": {"scale": [0.3, 1.0], "size": [80, 100]},
}
"""Settings of which as much as possible happens."""
MOVING = [
    name
    for name, where in BUILT_IN.items()
    if where.partition(":")[0] in {"ranges", "spatial", "cropping", "distortion"}
]
FIELDS = {name for name, where in BUILT_IN.items() if where.startswith("distortion:")}


class Painted(NamedTuple):
    """What is to be looked at: the annotated sample, moved, and how much larger than before."""

    sample: Sample
    magnified: float


def painted(method: BoxMethod) -> Sample:
    """An object in red, its two keypoints as blobs of green and of blue, and a mask of them."""
    y, x = np.indices(SIZE) + 0.5
    x_min, y_min, x_max, y_max = BOX
    right = (x - (x_min + x_max) / 2) / ((x_max - x_min) / 2)
    down = (y - (y_min + y_max) / 2) / ((y_max - y_min) / 2)
    is_object = (
        np.maximum(abs(right), abs(down)) < 1 if method == "corners" else right**2 + down**2 < 1
    )
    blobs = [np.exp(-((x - column) ** 2 + (y - row) ** 2) / 5) for column, row in POINTS]
    image = np.stack([is_object, *blobs], axis=-1) * 255
    mask = np.zeros((*SIZE, 1), np.uint16)
    mask[(blobs[0] > 0.1) | (blobs[1] > 0.1)] = BLOB
    mask[is_object] = OBJECT
    outline = instance_of_box(0, *BOX, method).outline
    instances = (
        Instance(0, outline, keypoints=POINTS, visibility=np.array([2, 1])),
        Instance(1, outline, (outline,)),
        Instance(2, outline, mask=is_object.astype(np.uint8)[..., np.newaxis]),
    )
    return Sample((image + 0.5).astype(np.uint8), (0, 255), mask, instances)


def moved(name: str, seed: int, method: BoxMethod, **more: Any) -> Painted:
    """The painted sample, moved by the transform of this name."""
    operation = TRANSFORMS[name]
    assert issubclass(operation, Transform)
    transform = operation.model_validate({**EVERYTHING.get(name, {}), **more})
    params = transform.draw(np.random.default_rng(seed), SIZE)
    sample = operation.apply(painted(method), json.loads(json.dumps(params)))
    assert sample.size == operation.size_after(params, SIZE)
    object_pixels = np.count_nonzero(painted(method).mask == OBJECT)
    pixels = np.count_nonzero(sample.mask == OBJECT)
    return Painted(sample, max(1.0, (pixels / object_pixels) ** 0.5, _stretch(name, sample.size)))


def _stretch(name: str, size: Size) -> float:
    """How many output pixels a pixel of the smallest crop takes."""
    return max(size) / 60 if name == "random_resized_crop" else 1.0


def box_of(found: NDArray[np.bool_]) -> tuple[float, float, float, float]:
    """The box of true pixels."""
    rows, columns = np.nonzero(found)
    return columns.min(), rows.min(), columns.max() + 1, rows.max() + 1


SEEDS = st.integers(0, 2**32 - 1)
EACH = pytest.mark.parametrize("name", MOVING)
FEW = settings(max_examples=8, deadline=None)


@EACH
@pytest.mark.parametrize("method", ["corners", "ellipse"])
@given(seed=SEEDS)
@FEW
def test_the_box_is_where_the_paint_is(name: str, method: BoxMethod, seed: int) -> None:
    """Taken from outline, polygon or mask, all sides are within two pixels of the paint's."""
    sample, magnified = moved(name, seed, method)
    is_red = sample.image[..., 0] > 127
    if np.count_nonzero(is_red) < 100:  # a corner of it is left, which is a pixel or is none
        return
    reach = (2.5 if name in FIELDS else 1.5) * magnified
    assert [instance.index for instance in sample.instances] == [0, 1, 2]
    for instance in sample.instances:
        assert np.allclose(bounds(instance), box_of(is_red), atol=reach), instance.index


@EACH
@given(seed=SEEDS)
@FEW
def test_the_keypoints_are_where_the_blobs_are(name: str, seed: int) -> None:
    """Those well within the output are within a pixel of the centre of what was painted there."""
    sample, magnified = moved(name, seed, "corners")
    if not sample.instances or sample.instances[0].index != 0:
        return
    keypoints, visibility = sample.instances[0].keypoints, sample.instances[0].visibility
    assert keypoints is not None
    assert visibility is not None
    margin = 10 * magnified
    height, width = sample.size
    y, x = np.indices(sample.size) + 0.5
    for point, seen, channel, expected in zip(keypoints, visibility, (1, 2), (2, 1), strict=True):
        assert np.isnan(point).all() == (seen == 0)
        if not ((margin < point) & (point < (width - margin, height - margin))).all():
            continue
        weights = sample.image[..., channel].astype(np.float64)
        weights *= np.hypot(x - point[0], y - point[1]) < margin
        center = np.array([(weights * x).sum(), (weights * y).sum()]) / weights.sum()
        assert seen == expected
        assert np.hypot(*(center - point)) < magnified


@EACH
@pytest.mark.parametrize("order", [0, 1])
@given(seed=SEEDS)
@FEW
def test_the_mask_is_where_the_paint_is(name: str, order: int, seed: int) -> None:
    """Its ids are those of before, in their dtype; but for a few pixels it is the image's region.

    The mask of the one object has the same pixels.
    """
    takes_order = "interpolation_order" in TRANSFORMS[name].model_fields
    more = {"interpolation_order": order} if takes_order else {}
    sample, magnified = moved(name, seed, "corners", **more)
    assert sample.mask is not None
    assert sample.mask.dtype == np.uint16
    assert sample.mask.shape == (*sample.size, 1)
    assert set(np.unique(sample.mask)) <= {0, OBJECT, BLOB}
    is_object, is_red = sample.mask[..., 0] == OBJECT, sample.image[..., 0] > 127
    sides = 2 * (BOX[2] - BOX[0] + BOX[3] - BOX[1])
    assert np.count_nonzero(is_object != is_red) < sides * magnified**2 / 3
    for instance in sample.instances:
        if instance.mask is not None:
            assert np.array_equal(instance.mask[..., 0] == 1, is_object)


@EACH
def test_nothing_is_moved_that_is_not_there(name: str) -> None:
    """An image without targets has none after."""
    operation = TRANSFORMS[name]
    assert issubclass(operation, Transform)
    transform = operation.model_validate(EVERYTHING.get(name, {}))
    sample = Sample(painted("corners").image, (0, 255))
    after = operation.apply(sample, transform.draw(np.random.default_rng(0), SIZE))
    assert after.mask is None
    assert after.instances == ()


def test_ranges_in_floats_move_targets_as_those_in_8_bits() -> None:
    """The reference path is taken for the image alone."""
    eight, floats = (
        moved("ranges", 5, "corners", dtype=dtype).sample for dtype in (None, "float32")
    )
    assert floats.image.dtype == np.float32
    assert np.array_equal(eight.mask, floats.mask)
    for one, other in zip(eight.instances, floats.instances, strict=True):
        assert np.allclose(one.outline, other.outline)
