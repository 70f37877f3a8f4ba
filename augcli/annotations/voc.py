"""Pascal VOC: an XML file for every image, with the boxes of its objects.

VOC counts pixels from 1, and a box's edges are the first and the last pixel that belong to it
(VOC2012 development kit, section "Annotation"): xmin 1 and xmax 1 are the first column. Boxes of
files that count from 0 reach beyond the image by a pixel, and are cut. Boxes are written in whole
pixels, as VOC's own readers expect them.

The boxes of parts, such as the head of a person, are objects with a label like "person/head" that
follow all the others. Of what else is in the file, geometry that is not moved (polygons, rotated
boxes, points) is left out of the copies', for it would be wrong there; all other elements are
carried over as they are. "pose" is one of these: a mirror does not change it. "truncated" becomes
1 where a copy's object is cut.
"""

import copy
import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from xml.etree.ElementTree import Element

from augcli.annotations.objects import (
    Annotations,
    boxed_instance,
    check_size,
)
from augcli.annotations.placed import STAGE, PlacedObject
from augcli.annotations.xml_tree import read_xml, write_xml
from augcli.errors import SourceError
from augcli.transforms.base import Size
from augcli.transforms.instances import Bounds, BoxMethod

_EDGES = ("xmin", "ymin", "xmax", "ymax")
_UNMOVED_GEOMETRY = frozenset({"polygon", "robndbox", "segmentation", "mask", "point"})


@dataclass(frozen=True, slots=True)
class VocObject:
    """One object, or one part of an object.

    Attributes:
        label: Its class; of a part "object/part".
        box: As the file has it.
    """

    label: str
    box: Bounds


@dataclass(frozen=True, slots=True)
class VocFile:
    """One annotation file.

    Attributes:
        root: The whole of it.
        size: Of the image, None where the file does not say.
        objects: All objects, in the order of the file, and then all parts.
    """

    root: Element
    size: Size | None
    objects: tuple[VocObject, ...]


def read_voc(data: bytes) -> VocFile:
    """The annotations in an XML file.

    Raises:
        SourceError: Stage "annotations"; it is no such file, or a box in it is none.
    """
    try:
        root = read_xml(data)
    except ValueError as error:
        raise SourceError(STAGE, str(error)) from error
    if root.tag != "annotation":
        raise SourceError(STAGE, f"<{root.tag}> where Pascal VOC has <annotation>")
    objects = tuple(
        VocObject(label, _box(element, f"object {number}, {label!r}"))
        for number, (label, element) in enumerate(_annotated(root), 1)
    )
    return VocFile(root, _size(root), objects)


def voc_annotations(voc: VocFile, size: Size, method: BoxMethod = "corners") -> Annotations:
    """The objects of an image of `size`.

    Raises:
        SourceError: Stage "annotations"; the file is of an image of another size.
    """
    if voc.size is not None:
        check_size(voc.size, size)
    instances = []
    for index, annotated in enumerate(voc.objects):
        x_first, y_first, x_last, y_last = annotated.box
        box = Bounds(x_first - 1, y_first - 1, x_last, y_last)
        instance = boxed_instance(index, box, size, method)
        if instance is not None:
            instances.append(instance)
    return Annotations(tuple(instances), tuple(annotated.label for annotated in voc.objects))


def write_voc(
    source: VocFile, objects: Sequence[PlacedObject], size: Size, channels: int, path: str
) -> bytes:
    """The annotation file of a copy: the source's, with the copy's name, size and objects.

    Args:
        source: What the objects come from.
        objects: Of the copy.
        size: Height and width of the copy.
        channels: What the file calls its depth.
        path: Of the copy, with "/" between its parts.
    """
    root = copy.deepcopy(source.root)
    _name_copy(root, path)
    for tag, number in zip(
        ("width", "height", "depth"), (size.width, size.height, channels), strict=True
    ):
        _set_text(root.find(f"size/{tag}"), str(number))
    kept = {placed["index"]: placed for placed in objects}
    elements = [element for _, element in _annotated(root)]
    for index, element in enumerate(elements):
        if index in kept:
            _place(element, kept[index], size)
    gone = {id(element) for index, element in enumerate(elements) if index not in kept}
    _remove(root, gone)
    return write_xml(root)


def _annotated(root: Element) -> Iterator[tuple[str, Element]]:
    """Every object and then every part, each with its label."""
    objects = root.findall("object")
    for element in objects:
        yield _text(element, "name"), element
    for element in objects:
        for part in element.findall("part"):
            yield f"{_text(element, 'name')}/{_text(part, 'name')}", part


def _text(element: Element, tag: str) -> str:
    return (element.findtext(tag) or "").strip()


def _box(element: Element, where: str) -> Bounds:
    if element.find("bndbox") is None:
        raise SourceError(STAGE, f"{where} has no <bndbox>")
    x_first, y_first, x_last, y_last = (
        _number(_text(element, f"bndbox/{edge}"), f"<{edge}> of {where}") for edge in _EDGES
    )
    if x_first > x_last or y_first > y_last:
        raise SourceError(STAGE, f"the box of {where} ends before it begins")
    return Bounds(x_first, y_first, x_last, y_last)


def _number(text: str, where: str) -> float:
    try:
        value = float(text)
    except ValueError:
        value = math.nan
    if not math.isfinite(value):
        raise SourceError(STAGE, f"{text!r} is no number, in {where}")
    return value


def _size(root: Element) -> Size | None:
    """The size that is stated; many tools write 0 where they do not know it."""
    texts = [_text(root, f"size/{side}") for side in ("height", "width")]
    if not all(texts):
        return None
    height, width = (int(_number(text, "<size>")) for text in texts)
    return Size(height, width) if height and width else None


def _name_copy(root: Element, path: str) -> None:
    folder, _, name = path.rpartition("/")
    _set_text(root.find("filename"), name)
    _set_text(root.find("folder"), folder.rpartition("/")[2])
    full_path = root.find("path")
    if full_path is not None and full_path.text:
        full_path.text = path


def _set_text(element: Element | None, text: str) -> None:
    if element is not None:
        element.text = text


def _place(element: Element, placed: PlacedObject, size: Size) -> None:
    x_min, y_min, x_max, y_max = placed["box"]
    x_first, x_last = _whole_pixels(x_min, x_max, size.width)
    y_first, y_last = _whole_pixels(y_min, y_max, size.height)
    for edge, value in zip(_EDGES, (x_first, y_first, x_last, y_last), strict=True):
        _set_text(element.find(f"bndbox/{edge}"), str(value))
    if placed["visible"] < 1:
        _set_text(element.find("truncated"), "1")
    _remove(element, {id(child) for child in element if child.tag in _UNMOVED_GEOMETRY})


def _whole_pixels(low: float, high: float, side: int) -> tuple[int, int]:
    """First and last pixel, counted from 1, between two edges; at least one."""
    first, last = math.floor(low + 0.5) + 1, math.floor(high + 0.5)
    if first > last:  # less than half a pixel wide
        first = last = math.floor((low + high) / 2) + 1
    return min(first, side), min(last, side)


def _remove(root: Element, gone: set[int]) -> None:
    """Takes elements out; the line break behind the last one stays the last."""
    for parent in list(root.iter()):
        kept = [child for child in parent if id(child) not in gone]
        if 0 < len(kept) < len(parent):
            kept[-1].tail = parent[-1].tail
        parent[:] = kept
