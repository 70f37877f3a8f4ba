"""Files that are about all copies at once: COCO's JSON, YOLO's data.yaml and VOC's image sets.

They follow from the manifest and the source's own such files, and are written at a run's end.
"""

import hashlib
import os
import posixpath
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any

from augcli.annotations.coco import CocoCopy, CocoFile, CocoImage, write_coco
from augcli.annotations.yolo_data import YoloData, write_data_yaml
from augcli.datasets.items import TRAINING, VALIDATION
from augcli.datasets.layout import Layout, joined
from augcli.datasets.targets import Targets
from augcli.errors import AugcliError, SourceError, UsageError
from augcli.images.files import atomic_file, read_bytes, sha256_file
from augcli.pipeline.plan import SPLIT_FOLDERS
from augcli.pipeline.records import OBJECTS_KEY, is_inner_path, is_plain_file
from augcli.transforms.base import Size

Records = Callable[[], Iterable[Mapping[str, Any]]]
"""Gives the lines of the manifest anew at each call."""

_IMAGE_SETS = "ImageSets"
_NUMBERED = re.compile(r"(?P<name>.*?\S)(?P<rest>(\s+-?\d+)+)")
"""A line of an image set that says more than a name: whether a class is there, or which objects."""
_WHOLE: dict[str | None, str] = {None: ""}
_SIDES: dict[str | None, str] = {split: SPLIT_FOLDERS[split] for split in (TRAINING, VALIDATION)}


@dataclass(frozen=True, slots=True)
class SharedFile:
    """One such file.

    Attributes:
        name: Its path in the output.
        pieces: Makes its content.
    """

    name: str
    pieces: Callable[[], Iterator[bytes]]

    def digest(self) -> str:
        """SHA-256 of its content."""
        digest = hashlib.sha256()
        for piece in self.pieces():
            digest.update(piece)
        return digest.hexdigest()

    def stands(self, output: str, sha256: str) -> bool:
        """Whether it is there, with content of this digest."""
        path = os.path.join(output, *self.name.split("/"))
        return is_plain_file(path) and sha256_file(path) == sha256

    def write(self, output: str) -> None:
        """Writes it, whole or not at all.

        Raises:
            OutputError: It cannot be written.
        """
        path = os.path.join(output, *self.name.split("/"))
        os.makedirs(os.path.dirname(path), exist_ok=True)
        with atomic_file(path) as file:
            file.writelines(self.pieces())


def shared_files(
    targets: Targets | None, output: str, records: Records, *, has_both: bool
) -> list[SharedFile]:
    """The files that are about all copies of a run; none where it has no annotations.

    Args:
        targets: The masks and annotations of the source.
        output: The output folder, from which a data.yaml may name folders of the source.
        records: The lines of the manifest.
        has_both: Whether both sides of a split are in the output; each has its own files, then.

    Raises:
        UsageError: A file of the source cannot be read.
    """
    if targets is None:
        return []
    layout, coco, yolo = targets.layout, targets.coco, targets.reader.yolo
    sides = _SIDES if has_both else _WHOLE
    if coco is not None:
        return [
            SharedFile(
                joined(side, layout.annotations),
                partial(_coco, coco, targets, partial(_of_side, records, split), side),
            )
            for split, side in sides.items()
        ]
    if yolo is not None and layout.data_yaml is not None:
        text = write_data_yaml(yolo, _image_folders(yolo, layout, output, has_both=has_both))
        return [SharedFile(layout.data_yaml, lambda: iter([text]))]
    if layout.format == "voc":
        return list(_image_sets(layout, records, sides))
    return []


def recorded_files(run: Mapping[str, Any]) -> dict[str, str]:
    """The shared files that a run.yaml lists, each with its digest."""
    files = run.get("files")
    if not isinstance(files, dict):
        return {}
    return {
        name: sha256
        for name, sha256 in files.items()
        if isinstance(name, str) and isinstance(sha256, str) and is_inner_path(name)
    }


def _of_side(records: Records, split: str | None) -> Iterator[Mapping[str, Any]]:
    """The lines of one side of a split; all of them for None."""
    return (values for values in records() if split is None or values["split"] == split)


# -- COCO


def _coco(
    coco: CocoFile, targets: Targets, records: Callable[[], Iterator[Mapping[str, Any]]], side: str
) -> Iterator[bytes]:
    return write_coco(coco, lambda: (_coco_copy(targets, values, side) for values in records()))


def _coco_copy(targets: Targets, values: Mapping[str, Any], side: str) -> CocoCopy:
    name, source = values["file_name"], values["source"]
    entry = targets.entry(source) or CocoImage()
    objects = values.get(OBJECTS_KEY, [])
    if any(placed["index"] >= len(entry.annotations) for placed in objects):
        raise AugcliError(f"the manifest gives {name} objects that {source} does not have")
    path = _without(name, side)
    if entry.entry.get("file_name", source) == source:
        path = _without(path, targets.layout.images)
    return CocoCopy(path, Size(values["height"], values["width"]), entry, objects)


def _without(path: str, folder: str) -> str:
    """A path as seen from a folder that it is in."""
    return path.removeprefix(f"{folder}/") if folder else path


# -- YOLO


def _image_folders(
    yolo: YoloData, layout: Layout, output: str, *, has_both: bool
) -> dict[str, str]:
    """The folders of the images by Ultralytics' names of splits, as seen from the data.yaml.

    They are those that the source has for them. Images of the source that were not expanded are
    pointed to where they are; without any for "val", those of "train" stand in.
    """
    here = posixpath.dirname(layout.data_yaml or "")
    folders = {}
    for split in ("train", "val", "test"):
        found = _folder_in_source(yolo, layout, split)
        if found is None:
            continue
        inner = os.path.relpath(found, layout.root).replace(os.sep, "/")
        if inner == layout.images or inner.startswith(f"{layout.images}/") or not layout.images:
            folders[split] = inner
        else:
            absolute = os.path.relpath(os.path.realpath(found), os.path.realpath(output))
            folders[split] = absolute.replace(os.sep, "/")
    folders.setdefault("train", layout.images or ".")
    folders.setdefault("val", folders["train"])
    if has_both:
        sides = {"train": SPLIT_FOLDERS[TRAINING], "val": SPLIT_FOLDERS[VALIDATION]}
        folders |= {split: joined(side, layout.images) for split, side in sides.items()}
    return {split: posixpath.relpath(folder, here or ".") for split, folder in folders.items()}


def _folder_in_source(yolo: YoloData, layout: Layout, split: str) -> str | None:
    """The folder that the source's data.yaml names for a split, found as Ultralytics' tools do."""
    written, base = yolo.values.get(split), yolo.values.get("path")
    if not isinstance(written, str):
        return None
    here = os.path.join(layout.root, posixpath.dirname(layout.data_yaml or ""))
    bases = [os.path.join(here, base), here] if isinstance(base, str) else [here]
    places = [
        os.path.normpath(os.path.join(place, name))
        for place in bases
        for name in (written, written.removeprefix("../"))
    ]
    return next((place for place in places if os.path.isdir(place)), None)


# -- VOC


def _image_sets(
    layout: Layout, records: Records, sides: Mapping[str | None, str]
) -> Iterator[SharedFile]:
    """The lists of ImageSets, beside the annotations: a line for each copy of an image in them."""
    beside = posixpath.dirname(layout.annotations or "")
    folder = os.path.join(layout.root, beside, _IMAGE_SETS)
    for place, folders, names in os.walk(folder):
        folders.sort()
        for name in sorted(names):
            if not name.endswith(".txt"):
                continue
            path = os.path.join(place, name)
            inner = os.path.relpath(path, layout.root).replace(os.sep, "/")
            rest_of = _image_set(path)
            for split, side in sides.items():
                copies = partial(_of_side, records, split)
                pieces = partial(_image_set_lines, rest_of, copies, joined(side, layout.images))
                yield SharedFile(joined(side, inner), pieces)


def _image_set(path: str) -> dict[str, str]:
    """What follows the name of each image in a list.

    A line whose end could be a number, or the last word of a name with spaces, is taken for both.

    Raises:
        UsageError: It cannot be read.
    """
    try:
        text = read_bytes(path).decode("utf-8", "surrogateescape")
    except SourceError as error:
        raise UsageError(f"annotations: {path}: {error}") from error
    lines = [line.rstrip() for line in text.splitlines() if line.strip()]
    numbered = filter(None, map(_NUMBERED.fullmatch, lines))
    return dict.fromkeys(lines, "") | {match["name"]: match["rest"] for match in numbered}


def _image_set_lines(
    rest_of: Mapping[str, str], records: Callable[[], Iterator[Mapping[str, Any]]], images: str
) -> Iterator[bytes]:
    """The lines of the copies: their paths in the folder `images`, as the list has their source."""
    for values in records():
        rest = rest_of.get(posixpath.splitext(values["source"])[0])
        if rest is not None:
            name = posixpath.splitext(_without(values["file_name"], images))[0]
            yield f"{name}{rest}\n".encode("utf-8", "surrogateescape")
