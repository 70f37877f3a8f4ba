"""YOLO's text labels: a line for every object, of numbers that are shares of the image's sides.

A line is "class x_center y_center width height" for a box, "class x y x y ..." for a polygon, and,
where the data.yaml has a kpt_shape, a box followed by its keypoints, "x y" or "x y visibility" each
(https://docs.ultralytics.com/datasets/). Every line is written in its own form, numbers with six
decimals, as Ultralytics' tools write them. A rotated box is a polygon of four points to these
tools, and so it is here: one that is cut at the image's edge has more.

Without a visibility, a keypoint at 0 0 is one that is not there.
"""

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np

from augcli.annotations.objects import (
    Annotations,
    boxed_instance,
    segmented_instance,
    with_keypoints,
)
from augcli.annotations.placed import STAGE, PlacedObject
from augcli.annotations.yolo_data import YoloData
from augcli.errors import SourceError
from augcli.transforms.base import Size
from augcli.transforms.instances import Bounds, BoxMethod, Instance

_TOLERANCE = 0.01  # by how much a share may be out of 0 to 1: rounding, not pixels
_BOX = 4  # numbers
_SMALLEST_POLYGON = 6  # numbers


@dataclass(frozen=True, slots=True)
class YoloObject:
    """One line.

    Attributes:
        number: Of its class.
        form: What the shares are.
        shares: What follows the class.
    """

    number: int
    form: Literal["box", "polygon", "keypoints"]
    shares: tuple[float, ...]


def read_yolo(data: bytes, yolo: YoloData) -> tuple[YoloObject, ...]:
    """The objects in a label file; an empty one has none.

    Raises:
        SourceError: Stage "annotations"; a line is no object of this data set.
    """
    try:
        lines = data.decode("utf-8-sig").splitlines()
    except UnicodeDecodeError as error:
        raise SourceError(STAGE, "labels that are no text") from error
    return tuple(
        _object(line.split(), yolo, f"line {number}")
        for number, line in enumerate(lines, 1)
        if line.strip()
    )


def yolo_annotations(
    objects: Sequence[YoloObject], yolo: YoloData, size: Size, method: BoxMethod = "corners"
) -> Annotations:
    """The objects of an image of `size`."""
    instances = (
        _instance(index, labelled, yolo, size, method) for index, labelled in enumerate(objects)
    )
    return Annotations(
        tuple(instance for instance in instances if instance is not None),
        tuple(yolo.names.get(labelled.number, labelled.number) for labelled in objects),
    )


def write_yolo(
    source: Sequence[YoloObject], objects: Iterable[PlacedObject], yolo: YoloData, size: Size
) -> bytes:
    """The label file of a copy of `size`, empty where it has no objects."""
    lines = [_line(source[placed["index"]], placed, yolo, size) for placed in objects]
    return "".join(f"{line}\n" for line in lines).encode()


def _object(words: list[str], yolo: YoloData, where: str) -> YoloObject:
    numbers = [_number(word, where) for word in words]
    label, shares = numbers[0], tuple(numbers[1:])
    if label < 0 or label != int(label):
        raise SourceError(STAGE, f"{where}: {words[0]!r} is no number of a class")
    if yolo.names and int(label) not in yolo.names:
        raise SourceError(STAGE, f"{where}: class {int(label)}, which data.yaml has no name for")
    form = _form(len(shares), yolo, where)
    _check_shares(_plane_shares(form, shares, yolo), where)
    return YoloObject(int(label), form, shares)


def _number(word: str, where: str) -> float:
    try:
        value = float(word)
    except ValueError:
        value = math.nan
    if not math.isfinite(value):
        raise SourceError(STAGE, f"{where}: {word!r} is no number")
    return value


def _form(count: int, yolo: YoloData, where: str) -> Literal["box", "polygon", "keypoints"]:
    if yolo.keypoints is not None:
        points, numbers = yolo.keypoints
        if count == _BOX + points * numbers:
            return "keypoints"
        expected = f"{_BOX + points * numbers}, by kpt_shape [{points}, {numbers}]"
    elif count == _BOX:
        return "box"
    elif count >= _SMALLEST_POLYGON and count % 2 == 0:
        return "polygon"
    else:
        expected = "4 of a box, or an even count of at least 6 of a polygon"
    raise SourceError(STAGE, f"{where}: {count} numbers after the class, not {expected}")


def _plane_shares(form: str, shares: tuple[float, ...], yolo: YoloData) -> tuple[float, ...]:
    """The shares without the visibilities."""
    if form == "keypoints" and yolo.keypoints is not None and yolo.keypoints[1] == 3:
        return tuple(share for i, share in enumerate(shares) if i < _BOX or (i - _BOX) % 3 != 2)
    return shares


def _check_shares(shares: tuple[float, ...], where: str) -> None:
    for share in shares:
        if not -_TOLERANCE <= share <= 1 + _TOLERANCE:
            raise SourceError(
                STAGE,
                f"{where}: {share:g} is not from 0 to 1; YOLO's numbers are shares of the "
                f"image's width and height, not pixels",
            )


def _instance(
    index: int, labelled: YoloObject, yolo: YoloData, size: Size, method: BoxMethod
) -> Instance | None:
    if labelled.form == "polygon":
        polygon = np.array(labelled.shares).reshape(-1, 2) * (size.width, size.height)
        return segmented_instance(index, [polygon], None, size, method)
    instance = boxed_instance(index, _box(labelled.shares, size), size, method)
    if instance is None or yolo.keypoints is None:
        return instance
    return _with_keypoints(instance, labelled.shares[_BOX:], yolo.keypoints, size)


def _box(shares: tuple[float, ...], size: Size) -> Bounds:
    x, y, width, height = shares[:_BOX]
    return Bounds(
        (x - width / 2) * size.width,
        (y - height / 2) * size.height,
        (x + width / 2) * size.width,
        (y + height / 2) * size.height,
    )


def _with_keypoints(
    instance: Instance, shares: tuple[float, ...], shape: tuple[int, int], size: Size
) -> Instance:
    numbers = np.array(shares).reshape(shape)
    points = numbers[:, :2] * (size.width, size.height)
    if shape[1] == 3:
        visibility = numbers[:, 2].astype(np.int64)
    else:
        visibility = np.where((points > 0).any(axis=1), 2, 0)
    return with_keypoints(instance, points, visibility, size)


def _line(labelled: YoloObject, placed: PlacedObject, yolo: YoloData, size: Size) -> str:
    if labelled.form == "polygon":
        words = _points(placed["polygons"][0], size)
    else:
        words = _box_words(placed["box"], size)
    if labelled.form == "keypoints" and yolo.keypoints is not None:
        triples = placed["keypoints"]
        for start in range(0, len(triples), 3):
            words += _points(triples[start : start + 2], size)
            if yolo.keypoints[1] == 3:
                words.append(str(int(triples[start + 2])))
    return " ".join([str(labelled.number), *words])


def _box_words(box: list[float], size: Size) -> list[str]:
    x_min, y_min, x_max, y_max = box
    return [
        _word((x_min + x_max) / 2 / size.width),
        _word((y_min + y_max) / 2 / size.height),
        _word((x_max - x_min) / size.width),
        _word((y_max - y_min) / size.height),
    ]


def _points(coordinates: Sequence[float], size: Size) -> list[str]:
    sides = (size.width, size.height)
    return [_word(value / sides[i % 2]) for i, value in enumerate(coordinates)]


def _word(share: float) -> str:
    return f"{share:.6f}"
