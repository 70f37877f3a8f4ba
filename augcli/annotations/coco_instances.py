"""The objects of an image in a COCO file, see `augcli.annotations.coco`."""

import sys
from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from augcli.annotations.coco import Category, CocoImage, name_of
from augcli.annotations.objects import (
    Annotations,
    boxed_instance,
    check_size,
    segmented_instance,
    with_keypoints,
)
from augcli.annotations.placed import STAGE
from augcli.annotations.rle import decompress
from augcli.annotations.rle_masks import mask_of
from augcli.errors import SourceError
from augcli.transforms.base import Size
from augcli.transforms.instances import Bounds, BoxMethod, Instance
from augcli.transforms.polygons import NOTHING


def coco_annotations(
    image: CocoImage,
    categories: Mapping[int | str, Category],
    size: Size,
    method: BoxMethod = "corners",
) -> Annotations:
    """The objects of one image.

    Args:
        image: What the file says of it.
        categories: Those of the file.
        size: The image's height and width.
        method: What the boxes of objects without a segmentation are taken for.

    Raises:
        SourceError: Stage "annotations"; an annotation is none, or the file is of an image of
            another size.
    """
    height, width = image.entry.get("height"), image.entry.get("width")
    if isinstance(height, int) and isinstance(width, int):
        check_size(Size(height, width), size)
    instances = []
    for index, annotation in enumerate(image.annotations):
        try:
            instance = _instance(index, annotation, size, method)
        except ValueError as error:
            raise SourceError(STAGE, f"{name_of(annotation)}: {error}") from error
        if instance is not None:
            instances.append(instance)
    labels = (categories[entry["category_id"]].name for entry in image.annotations)
    return Annotations(tuple(instances), tuple(labels))


def _instance(
    index: int, annotation: Mapping[str, Any], size: Size, method: BoxMethod
) -> Instance | None:
    """One object. Its box is that of its segmentation, if it has one, whatever its bbox says."""
    segmentation, bbox, keypoints = map(annotation.get, ("segmentation", "bbox", "keypoints"))
    if segmentation == [[]]:
        segmentation = None  # some tools write [[]] where they have a box alone
    instance: Instance | None
    if isinstance(segmentation, dict):
        instance = segmented_instance(index, (), _mask(segmentation, size), size, method)
    elif segmentation:
        instance = segmented_instance(index, _polygons(segmentation), None, size, method)
    elif bbox:
        instance = boxed_instance(index, _box(bbox), size, method)
    elif keypoints:
        instance = Instance(index, NOTHING)
    else:
        raise ValueError("it has no bbox, no segmentation and no keypoints")
    if instance is None or not keypoints:
        return instance
    return _with_keypoints(instance, keypoints, size)


def _box(bbox: object) -> Bounds:
    numbers = _numbers(bbox, "bbox")
    if len(numbers) != 4:
        raise ValueError(f"bbox: {len(numbers)} numbers, not x, y, width and height")
    x, y, width, height = numbers
    if width < 0 or height < 0:
        raise ValueError("bbox: a width or height below 0")
    return Bounds(x, y, x + width, y + height)


def _numbers(values: object, key: str) -> list[float]:
    if not isinstance(values, list) or not all(
        type(value) in {int, float} and abs(value) <= sys.float_info.max for value in values
    ):
        raise ValueError(f"{key}: expected a list of numbers")
    return [float(value) for value in values]


def _polygons(segmentation: object) -> Iterator[NDArray[np.float64]]:
    for polygon in segmentation if isinstance(segmentation, list) else [segmentation]:
        numbers = _numbers(polygon, "segmentation")
        if len(numbers) % 2:
            raise ValueError("segmentation: a polygon with an x that has no y")
        yield np.array(numbers).reshape(-1, 2)


def _mask(segmentation: Mapping[str, Any], size: Size) -> NDArray[np.uint8]:
    if segmentation.get("size") != [size.height, size.width]:
        raise ValueError(
            f"segmentation: its size is {segmentation.get('size')!r}, not "
            f"[{size.height}, {size.width}], the image's height and width"
        )
    counts = segmentation.get("counts")
    if isinstance(counts, str):
        counts = decompress(counts)
    if not isinstance(counts, list) or not all(type(count) is int for count in counts):
        raise ValueError("segmentation: expected the lengths of runs as 'counts'")
    return mask_of(counts, size.height, size.width)[..., np.newaxis]


def _with_keypoints(instance: Instance, keypoints: object, size: Size) -> Instance:
    numbers = _numbers(keypoints, "keypoints")
    if len(numbers) % 3:
        raise ValueError("keypoints: not x, y and visibility of each")
    triples = np.array(numbers).reshape(-1, 3)
    points = np.ascontiguousarray(triples[:, :2]) + 0.5
    return with_keypoints(instance, points, triples[:, 2].astype(np.int64), size)
