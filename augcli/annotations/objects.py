"""From annotations to instances, which move with their image, and to what is left of them.

A format's reader gives `Annotations`. Their instances move with the image, `placed_objects` turns
what is left of them into the plain values that the manifest keeps, and the format's writer makes
the copy's annotation of these values and the source's annotation alone.

Coordinates are those of `augcli.transforms.instances`: x and y in pixels from the image's upper
left corner, so that an image of `width` pixels goes from 0 to `width`.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from augcli.annotations.placed import STAGE, PlacedObject
from augcli.annotations.rle_masks import rle_of
from augcli.errors import SourceError
from augcli.transforms.base import Size
from augcli.transforms.instances import Bounds, BoxMethod, Instance, bounds, instance_of_box
from augcli.transforms.polygons import NOTHING, clipped

_DIGITS = 3  # a thousandth of a pixel


@dataclass(frozen=True, slots=True)
class Annotations:
    """What a source says of one image.

    Attributes:
        instances: The objects in sight: a box of no area, or outside of the image, is none.
        labels: The class of each annotation of the source, by `Instance.index`.
    """

    instances: tuple[Instance, ...] = ()
    labels: tuple[str | int, ...] = ()


def check_size(stated: Size, size: Size) -> None:
    """Keeps annotations of another version of an image from being used.

    Raises:
        SourceError: The annotations are of an image of the size `stated`, and it is of `size`.
    """
    if stated == size:
        return
    turned = stated == (size.width, size.height)
    remedy = "annotate it as it is seen, by its EXIF orientation" if turned else "annotate it anew"
    raise SourceError(
        STAGE,
        f"the annotations are of an image of {stated.width} x {stated.height} pixels, and it has "
        f"{size.width} x {size.height}: {remedy}",
    )


def boxed_instance(index: int, box: Bounds, size: Size, method: BoxMethod) -> Instance | None:
    """The object in a box, cut to an image of `size`; None where nothing of it is in there."""
    x_min, x_max = (min(max(x, 0.0), float(size.width)) for x in (box.x_min, box.x_max))
    y_min, y_max = (min(max(y, 0.0), float(size.height)) for y in (box.y_min, box.y_max))
    if x_min >= x_max or y_min >= y_max:
        return None
    return instance_of_box(index, x_min, y_min, x_max, y_max, method)


def segmented_instance(
    index: int,
    polygons: Iterable[NDArray[np.float64]],
    mask: NDArray[np.uint8] | None,
    size: Size,
    method: BoxMethod,
) -> Instance | None:
    """The object of a segmentation, cut to an image of `size`; None where nothing of it is in it.

    Args:
        index: Its place among the annotations.
        polygons: Each (n, 2); none where there is a mask.
        mask: (height, width, 1), of the image's size.
        size: Of the image.
        method: What the segmentation's box is taken for, to tell how much of the object is visible.
    """
    cut = (clipped(polygon, size.width, size.height) for polygon in polygons)
    inside = tuple(polygon for polygon in cut if polygon.size)
    box = bounds(Instance(index, NOTHING, inside, mask))
    instance = None if box is None else boxed_instance(index, box, size, method)
    return None if instance is None else replace(instance, polygons=inside, mask=mask)


def with_keypoints(
    instance: Instance, points: NDArray[np.float64], visibility: NDArray[np.int64], size: Size
) -> Instance:
    """An instance with keypoints (k, 2); those outside of an image of `size` are not there."""
    edges = (size.width, size.height)
    there = (visibility > 0) & (points >= 0).all(axis=1) & (points <= edges).all(axis=1)
    return replace(
        instance,
        keypoints=np.where(there[:, np.newaxis], points, np.nan),
        visibility=np.where(there, visibility, 0),
    )


def placed_objects(
    instances: Sequence[Instance],
    labels: Sequence[str | int],
    size: Size,
    *,
    min_visibility: float = 0.0,
    min_area: float = 0.0,
) -> list[PlacedObject]:
    """The objects of a copy, in the order of the source.

    An object goes where nothing is left of its box or, where it has no box, of its keypoints.

    Args:
        instances: The source's instances, as they were moved.
        labels: Of all annotations of the source, by `Instance.index`.
        size: Height and width of the copy.
        min_visibility: An object of which a smaller share is in sight goes.
        min_area: An object whose box has fewer square pixels goes.
    """
    in_sight = (
        _values(instance, labels[instance.index], size)
        for instance in instances
        if instance.visible >= min_visibility
    )
    return [placed for placed in in_sight if _is_large_enough(placed, min_area)]


def _values(instance: Instance, label: str | int, size: Size) -> PlacedObject:
    values: PlacedObject = {
        "index": instance.index,
        "label": label,
        "visible": _rounded(instance.visible),
    }
    box = bounds(instance)
    if box is not None:
        edges = (size.width, size.height, size.width, size.height)
        values["box"] = [
            _rounded(min(max(value, 0.0), edge)) for value, edge in zip(box, edges, strict=True)
        ]
    if instance.polygons:
        values["polygons"] = [
            [_rounded(coordinate) for coordinate in polygon.ravel()]
            for polygon in instance.polygons
        ]
    if instance.mask is not None:
        values["rle"] = rle_of(instance.mask[..., 0])
    if instance.keypoints is not None and instance.visibility is not None:
        values["keypoints"] = _triples(instance.keypoints, instance.visibility)
    return values


def _triples(points: NDArray[np.float64], visibility: NDArray[np.int64]) -> list[float]:
    triples: list[float] = []
    for (x, y), seen in zip(points.tolist(), visibility.tolist(), strict=True):
        triples.extend((_rounded(x), _rounded(y), seen) if seen else (0.0, 0.0, 0))
    return triples


def _is_large_enough(values: PlacedObject, min_area: float) -> bool:
    if "box" not in values:
        return any(values.get("keypoints", ())[2::3])
    x_min, y_min, x_max, y_max = values["box"]
    area = (x_max - x_min) * (y_max - y_min)
    return area > 0 and area >= min_area


def _rounded(value: float) -> float:
    return round(float(value), _DIGITS) + 0.0  # -0.0 becomes 0.0
