"""COCO's JSON: one file for all images, with boxes, segmentations and keypoints.

Boxes are [x, y, width, height] and polygons [x, y, x, y, ...] from the image's upper left corner;
keypoints are [x, y, visibility, ...] and count pixels from 0, so that the centre of the first one,
which is (0.5, 0.5) to augcli, is 0 0 here (https://cocodataset.org/#format-data).

Every annotation is written in its own form, with the numbers that follow from it (bbox, area,
num_keypoints) made anew; what else the file holds is carried over. Images and annotations are
numbered from 1, in the order of the copies; categories keep their ids.
"""

import json
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from augcli.annotations.placed import PlacedObject
from augcli.annotations.rle import decompress
from augcli.errors import ConfigError, Problem
from augcli.transforms.base import Size

_MOST_PROBLEMS = 20  # of one file, all of one kind as a rule
_SIDE_WORDS = {"left": "right", "right": "left", "l": "r", "r": "l"}
_SIDE = re.compile(r"left|right|(?<![a-z])[lr](?![a-z])")


@dataclass(frozen=True, slots=True)
class Category:
    """A class, and the names of the keypoints that its objects have."""

    name: str
    keypoints: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class CocoImage:
    """What the file says of one image; nothing of one that it does not name.

    Attributes:
        entry: The image's own entry.
        annotations: The entries of its objects, in the order of the file.
    """

    entry: Mapping[str, Any] = field(default_factory=dict)
    annotations: tuple[Mapping[str, Any], ...] = ()


@dataclass(frozen=True, slots=True)
class CocoFile:
    """A whole file.

    Attributes:
        content: All that is in it; "images" and "annotations" are empty.
        images: Its images by their "file_name".
        categories: Its classes by their id.
        flip_pairs: Keypoints that change places in a mirror, by their names.
    """

    content: Mapping[str, Any]
    images: Mapping[str, CocoImage]
    categories: Mapping[int | str, Category]
    flip_pairs: tuple[tuple[int, int], ...] = ()


@dataclass(frozen=True, slots=True)
class CocoCopy:
    """One copy, as its part of the output's file is made from.

    Attributes:
        file_name: Path of the copy, relative to the folder of the images.
        size: Its height and width.
        source: What the file of the source says of its source.
        objects: What is left of that.
    """

    file_name: str
    size: Size
    source: CocoImage
    objects: list[PlacedObject]


# -- reading


def read_coco(data: bytes, where: str) -> CocoFile:
    """What a COCO file says. Annotations of images that are not in it are passed over.

    Args:
        data: The file.
        where: Its name, for errors.

    Raises:
        ConfigError: It is no COCO file, or its entries contradict each other.
    """
    content = _content(data, where)
    problems: list[str] = []
    entries = {key: _entries(content, key, problems) for key in ("images", "annotations")}
    categories = _categories(_entries(content, "categories", problems), problems)
    images = _images(entries["images"], entries["annotations"], problems)
    problems += _unknown_categories(images, categories)
    flip_pairs: tuple[tuple[int, int], ...] = ()
    try:
        flip_pairs = _common_flip_pairs(categories)
    except ValueError as error:
        problems.append(str(error))
    if problems:
        raise ConfigError([Problem(where, text) for text in problems[:_MOST_PROBLEMS]])
    content |= {"images": [], "annotations": []}
    return CocoFile(content, images, categories, flip_pairs)


def _content(data: bytes, where: str) -> dict[str, Any]:
    try:
        content = json.loads(data, parse_constant=_refuse_constant)
    except (ValueError, RecursionError) as error:  # UnicodeDecodeError is a ValueError
        raise ConfigError([Problem(where, f"not JSON: {error}")]) from error
    if not isinstance(content, dict):
        raise ConfigError([Problem(where, "expected an object with 'images' and 'annotations'")])
    return content


def _refuse_constant(name: str) -> float:
    raise ValueError(f"{name} is no number of JSON")


def _entries(content: Mapping[str, Any], key: str, problems: list[str]) -> list[dict[str, Any]]:
    entries = content.get(key)
    if isinstance(entries, list) and all(isinstance(entry, dict) for entry in entries):
        return entries
    problems.append(f"{key!r}: expected a list of objects")
    return []


def _categories(entries: list[dict[str, Any]], problems: list[str]) -> dict[int | str, Category]:
    categories: dict[int | str, Category] = {}
    for position, entry in enumerate(entries):
        number, name, keypoints = entry.get("id"), entry.get("name"), entry.get("keypoints", [])
        if not isinstance(number, int | str) or not isinstance(name, str):
            problems.append(f"category {position}: expected an 'id' and a 'name'")
        elif not isinstance(keypoints, list):
            problems.append(f"category {name!r}: expected a list of names as its 'keypoints'")
        elif number in categories:
            problems.append(f"category {name!r}: another one has the id {number} too")
        else:
            categories[number] = Category(name, tuple(map(str, keypoints)))
    return categories


def _images(
    images: list[dict[str, Any]], annotations: list[dict[str, Any]], problems: list[str]
) -> dict[str, CocoImage]:
    of_image: dict[float | str, list[Mapping[str, Any]]] = {}
    named: dict[str, dict[str, Any]] = {}
    for position, entry in enumerate(images):
        number, name = entry.get("id"), entry.get("file_name")
        if not isinstance(number, int | str) or not isinstance(name, str):
            problems.append(f"image {position}: expected an 'id' and a 'file_name'")
        elif number in of_image or name in named:
            problems.append(f"image {name!r}: another one has its 'id' or 'file_name' too")
        else:
            of_image[number] = []
            named[name] = entry
    for annotation in annotations:
        number = annotation.get("image_id")  # 1.0 where a table with gaps was turned into JSON
        if isinstance(number, int | float | str) and number in of_image:
            of_image[number].append(annotation)
    return {name: CocoImage(entry, tuple(of_image[entry["id"]])) for name, entry in named.items()}


def _unknown_categories(
    images: Mapping[str, CocoImage], categories: Mapping[int | str, Category]
) -> list[str]:
    return [
        f"{name_of(annotation)}: there is no category {annotation.get('category_id')!r}"
        for image in images.values()
        for annotation in image.annotations
        if not isinstance(annotation.get("category_id"), int | str)
        or annotation["category_id"] not in categories
    ]


def name_of(annotation: Mapping[str, Any]) -> str:
    """What an annotation goes by in errors."""
    return f"annotation {annotation.get('id')!r}"


def _common_flip_pairs(
    categories: Mapping[int | str, Category],
) -> tuple[tuple[int, int], ...]:
    pairs = {
        name_pairs(category.keypoints) for category in categories.values() if category.keypoints
    }
    if len(pairs) > 1:
        raise ValueError(
            "the categories' keypoints are paired, left with right, in different ways; "
            "keep these categories in files of their own"
        )
    return pairs.pop() if pairs else ()


def name_pairs(names: tuple[str, ...]) -> tuple[tuple[int, int], ...]:
    """Pairs of keypoints whose names differ in left and right: "left_eye", "r-ear", "kneeLeft"."""
    places = {name.lower(): place for place, name in enumerate(names)}
    pairs = []
    for name, place in places.items():
        mirrored = _SIDE.sub(lambda match: _SIDE_WORDS[match[0]], name)
        if place < places.get(mirrored, -1):
            pairs.append((place, places[mirrored]))
    return tuple(pairs)


# -- writing


def write_coco(coco: CocoFile, copies: Callable[[], Iterable[CocoCopy]]) -> Iterator[bytes]:
    """The file of an output, in pieces.

    Args:
        coco: What all that is not of one image is taken from.
        copies: Gives the copies anew at each call, in the same order; it is called twice.
    """
    lead = b"{\n"
    for key, value in coco.content.items():
        yield lead + _json(key) + b": "
        if key == "images":
            yield from _array(_image_entries(copies()))
        elif key == "annotations":
            yield from _array(_annotation_entries(copies()))
        else:
            yield _json(value)
        lead = b",\n"
    yield b"\n}\n"


def _json(value: object) -> bytes:
    """ASCII, since pycocotools opens files in the system's encoding."""
    return json.dumps(value).encode("ascii")


def _array(values: Iterable[object]) -> Iterator[bytes]:
    """A list with a line for every value."""
    lead = b"[\n"
    for value in values:
        yield lead + _json(value)
        lead = b",\n"
    yield b"[]" if lead == b"[\n" else b"\n]"


def _image_entries(copies: Iterable[CocoCopy]) -> Iterator[dict[str, Any]]:
    for number, copy in enumerate(copies, 1):
        yield {
            **copy.source.entry,
            "id": number,
            "file_name": copy.file_name,
            "width": copy.size.width,
            "height": copy.size.height,
        }


def _annotation_entries(copies: Iterable[CocoCopy]) -> Iterator[dict[str, Any]]:
    number = 0
    for image_number, copy in enumerate(copies, 1):
        for placed in copy.objects:
            number += 1
            source = copy.source.annotations[placed["index"]]
            numbers = {"id": number, "image_id": image_number}
            yield {**source, **numbers, **_geometry(source, placed, copy.size)}


def _geometry(source: Mapping[str, Any], placed: PlacedObject, size: Size) -> dict[str, Any]:
    """What of an annotation moves with the image."""
    values: dict[str, Any] = {}
    if "box" in placed:
        x_min, y_min, x_max, y_max = placed["box"]
        width, height = round(x_max - x_min, 3), round(y_max - y_min, 3)
        values["bbox"] = [x_min, y_min, width, height]
        values["area"] = round(width * height, 3)
    if "polygons" in placed:
        values["segmentation"] = placed["polygons"]
        values["area"] = _area_of_polygons(placed["polygons"])
    elif "rle" in placed:
        counts = decompress(placed["rle"]["counts"])
        is_text = isinstance(source["segmentation"]["counts"], str)
        values["segmentation"] = {
            "size": placed["rle"]["size"],
            "counts": placed["rle"]["counts"] if is_text else counts,
        }
        values["area"] = sum(counts[1::2])
    if "keypoints" in placed:
        values["keypoints"] = _keypoints(placed["keypoints"], size)
        values["num_keypoints"] = sum(seen > 0 for seen in placed["keypoints"][2::3])
    return values


def _area_of_polygons(polygons: list[list[float]]) -> float:
    return round(sum(map(_area, polygons)), 3)


def _area(polygon: list[float]) -> float:
    """Of [x, y, x, y, ...], by the shoelace formula."""
    points = list(zip(polygon[::2], polygon[1::2], strict=True))
    pairs = zip(points, [*points[1:], points[0]], strict=True)
    return abs(sum(x * next_y - next_x * y for (x, y), (next_x, next_y) in pairs)) / 2


def _keypoints(triples: list[float], size: Size) -> list[float]:
    """In COCO's pixel indices: a point on the image's edge is of the last pixel before it."""
    keypoints: list[float] = []
    for x, y, seen in zip(triples[::3], triples[1::3], triples[2::3], strict=True):
        if seen:
            keypoints += [_pixel(x, size.width), _pixel(y, size.height), seen]
        else:
            keypoints += [0, 0, 0]
    return keypoints


def _pixel(coordinate: float, side: int) -> float:
    return round(min(max(coordinate - 0.5, 0.0), side - 1.0), 3)
