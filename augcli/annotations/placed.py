"""What the record of a copy says of its objects."""

import sys
from typing import NotRequired, TypedDict

from augcli.annotations.rle import Rle

STAGE = "annotations"
"""Stage of a `SourceError` of this room."""


class PlacedObject(TypedDict):
    """One object of a copy, ready for JSON; numbers to a thousandth of a pixel.

    Attributes:
        index: Its place among the annotations of the source.
        label: Its class: a name, or a number where the source has no names.
        visible: Share of the object that is still in the image, 0 to 1.
        box: x_min, y_min, x_max, y_max; of an object that has keypoints alone there is none.
        polygons: The segmentation, each [x, y, x, y, ...].
        rle: The segmentation as pixels.
        keypoints: [x, y, visibility, x, y, visibility, ...]; all three 0 where there is none.
    """

    index: int
    label: str | int
    visible: float
    box: NotRequired[list[float]]
    polygons: NotRequired[list[list[float]]]
    rle: NotRequired[Rle]
    keypoints: NotRequired[list[float]]


def are_placed(values: object) -> bool:
    """Whether a value that was read from JSON is a list of `PlacedObject`."""
    return isinstance(values, list) and all(map(_is_placed, values))


def _is_placed(value: object) -> bool:
    if not isinstance(value, dict) or not value.keys() <= PlacedObject.__annotations__.keys():
        return False
    index, label, visible = (value.get(key) for key in ("index", "label", "visible"))
    polygons = value.get("polygons", [])
    keypoints = value.get("keypoints", [])
    return (
        type(index) is int
        and index >= 0
        and type(label) in {int, str}
        and _are_numbers([visible])
        and ("box" not in value or _are_numbers(value["box"], 4))
        and isinstance(polygons, list)
        and all(_are_numbers(polygon) and len(polygon) % 2 == 0 for polygon in polygons)
        and _are_numbers(keypoints)
        and len(keypoints) % 3 == 0
        and ("rle" not in value or _is_rle(value["rle"]))
    )


def _are_numbers(values: object, count: int | None = None) -> bool:
    """Whether a value is a list of finite numbers, `count` of them where that is given."""
    return (
        isinstance(values, list)
        and (count is None or len(values) == count)
        and all(
            type(value) in {int, float} and abs(value) <= sys.float_info.max for value in values
        )
    )


def _is_rle(value: object) -> bool:
    return (
        isinstance(value, dict)
        and value.keys() == {"size", "counts"}
        and _are_numbers(value["size"], 2)
        and isinstance(value["counts"], str)
    )
