"""Where images, masks and annotations lie, in the source and, just so, in the output.

The output mirrors the source from the folder down that all of them share: of `street/images` and
`street/masks` it has `images` and `masks`, and the tools of a format find their files in it.
"""

import os
import posixpath
import re
from dataclasses import dataclass
from typing import NamedTuple

from augcli.annotations.places import companion_path, yolo_label_path
from augcli.config.schema import Config
from augcli.config.targets import Annotations
from augcli.errors import UsageError

_VOC_PATTERN = "{path}.xml"
_YOLO_PATTERN = "{path}.txt"
_TELLS_FOLDERS = re.compile(r"(^|/)(\{path\}|\{folder\}/)")
_AS_REGEX = {"path": r".+", "folder": r".*", "name": r"[^/]+", "stem": r"[^/]+"}
_DATA_YAML = "data.yaml"
_YAML_SUFFIXES = (".yaml", ".yml")


@dataclass(frozen=True, slots=True)
class Layout:
    """Where things lie below the folder they share: paths with "/" between parts, "" for itself.

    Attributes:
        root: The folder that they share; relative to the current folder where the config names
            masks or annotations so, for paths below it to be those that a person would write.
        images: Folder of the images.
        masks: Folder of the masks, None without any.
        mask_pattern: Path of an image's mask in it.
        annotations: Folder of the annotation files, or the one file of COCO; None where there is
            none, and where YOLO's rule says where the labels of each image are.
        format: Of the annotations; None without any.
        data_yaml: YOLO's data.yaml, None without one.
    """

    root: str
    images: str
    masks: str | None = None
    mask_pattern: str = ""
    annotations: str | None = None
    format: str | None = None
    data_yaml: str | None = None

    # -- in the source

    def file(self, inner: str) -> str:
        """The file or folder at a path below the root."""
        root = "" if self.root == os.curdir else self.root
        return os.path.join(root, *inner.split("/"))

    def mask_of(self, image_path: str) -> str | None:
        """Path of an image's mask, the image's path being relative to its own folder."""
        if self.masks is None:
            return None
        return joined(self.masks, companion_path(self.mask_pattern, image_path))

    def annotations_of(self, image_path: str) -> str | None:
        """Path of the file with an image's annotations; None where one file has those of all."""
        if self.format == "voc":
            return joined(self.annotations, companion_path(_VOC_PATTERN, image_path))
        if self.format != "yolo":
            return None
        if self.annotations is not None:
            return joined(self.annotations, companion_path(_YOLO_PATTERN, image_path))
        return yolo_label_path(joined(self.images, image_path))

    @property
    def labels(self) -> str | None:
        """Folder of labels that lie where YOLO's rule says; None where it does not say so."""
        if self.format != "yolo" or self.annotations is not None:
            return None
        return posixpath.dirname(yolo_label_path(joined(self.images, "example.jpg")))

    # -- in the output

    def mask_of_copy(self, copy_path: str) -> str | None:
        """Path of a copy's mask, the copy's path being relative to the folder of the images.

        By a pattern that does not tell folders apart, masks of two copies would have one name:
        such masks lie in sub-folders as the images do.
        """
        if self.masks is None:
            return None
        if _TELLS_FOLDERS.search(self.mask_pattern):
            return self.mask_of(copy_path)
        folder, _, name = copy_path.rpartition("/")
        return joined(self.masks, joined(folder, companion_path(self.mask_pattern, name)))

    # -- in a source that they are inside of

    def inner_folders(self) -> frozenset[str]:
        """Folders of masks and annotations inside that of the images, relative to it."""
        folders = (self.masks, self.annotations if self.format in {"voc", "yolo"} else None)
        lead = f"{self.images}/" if self.images else ""
        return frozenset(
            folder.removeprefix(lead)
            for folder in folders
            if folder is not None and folder.startswith(lead) and folder not in {"", self.images}
        )

    def inner_masks(self) -> re.Pattern[str] | None:
        """What masks are called that lie among the images; None where none do."""
        if self.masks != self.images:
            return None
        parts = re.split(r"\{(\w+)\}", self.mask_pattern)
        return re.compile(
            "".join(_AS_REGEX[part] if i % 2 else re.escape(part) for i, part in enumerate(parts))
        )


def joined(*parts: str | None) -> str:
    """The parts of a path, those that are empty left out."""
    return "/".join(part for part in parts if part)


def layout_of(config: Config, images: str) -> Layout | None:
    """The layout that a config describes; None where it has neither masks nor annotations.

    Args:
        config: The resolved config.
        images: Folder that the images' paths are relative to.

    Raises:
        UsageError: A folder or file is not there, or they share no folder.
    """
    masks, annotations = config.masks, config.annotations
    if masks is None and annotations is None:
        return None
    images = images or os.curdir  # of a CSV in the current folder
    if masks is not None and not os.path.isdir(masks.path):
        raise UsageError(f"masks: there is no folder {masks.path}")
    places = None if annotations is None else _annotation_places(annotations, images)
    folders = [images, *([masks.path] if masks else []), *(places.folders if places else ())]
    root = _common(folders)
    if not all(os.path.isabs(written.path) for written in (masks, annotations) if written):
        root = os.path.relpath(root)
    return Layout(
        root,
        images=_relative(images, root),
        masks=None if masks is None else _relative(masks.path, root),
        mask_pattern="" if masks is None else masks.pattern,
        annotations=_relative(places.path, root) if places and places.path else None,
        format=None if annotations is None else annotations.format,
        data_yaml=_relative(places.data_yaml, root) if places and places.data_yaml else None,
    )


class _Places(NamedTuple):
    """Where annotations are: their folder or file, a data.yaml, and the folders around them."""

    path: str | None
    data_yaml: str | None
    folders: tuple[str, ...]


def _annotation_places(annotations: Annotations, images: str) -> _Places:
    """Where annotations are, all of them being there.

    A data.yaml is enough, as labels are where Ultralytics' tools look for them; that of a folder
    of labels lies in it or beside it.
    """
    path = annotations.path
    _check_annotations(annotations.format, path)
    if annotations.format == "coco":
        return _Places(path, None, (os.path.dirname(path),))
    if annotations.format == "voc":
        return _Places(path, None, (path,))
    if not os.path.isdir(path):
        folder = os.path.dirname(path)
        above = os.path.dirname(_common([images, folder]))
        label = yolo_label_path(joined(_relative(images, above), "example.jpg"))
        return _Places(None, path, (folder, os.path.join(above, os.path.dirname(label))))
    around = (path, os.path.dirname(os.path.abspath(path)))
    found = [file for folder in around if os.path.isfile(file := os.path.join(folder, _DATA_YAML))]
    data_yaml = found[0] if found else None
    return _Places(path, data_yaml, (path, *map(os.path.dirname, found[:1])))


def _check_annotations(name: str, path: str) -> None:
    if not os.path.exists(path):
        raise UsageError(f"annotations: there is no {path}")
    if name == "voc" and not os.path.isdir(path):
        raise UsageError(f"annotations: {path} is no folder; name that of the XML files")
    if name == "coco" and not os.path.isfile(path):
        raise UsageError(f"annotations: {path} is no file; name the JSON file")
    if name == "yolo" and not os.path.isdir(path) and not path.endswith(_YAML_SUFFIXES):
        raise UsageError(f"annotations: {path} is no data.yaml; name one, or the labels' folder")


def _common(folders: list[str]) -> str:
    try:
        root = os.path.commonpath([os.path.abspath(folder) for folder in folders])
    except ValueError:  # on different drives
        root = os.sep
    if root == os.path.dirname(root):
        raise UsageError(
            f"{', '.join(folders)} share no folder; put images, masks and annotations side by side"
        )
    return root


def _relative(path: str, folder: str) -> str:
    """`path` seen from `folder`, with "/" between its parts; "" for the folder itself."""
    relative = os.path.relpath(path, folder).replace(os.sep, "/")
    return "" if relative == "." else relative
