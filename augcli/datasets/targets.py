"""What belongs to an image besides its pixels: its mask, and its annotations.

`Targets` stays in the parent process. Its `TargetReader` is small, can be pickled, and reads them
for one image; of COCO's one file, an image's part travels with its `Item`.
"""

import json
import os
import posixpath
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import partial
from typing import TYPE_CHECKING, Any, NamedTuple

from augcli.annotations.coco import Category, CocoFile, CocoImage, read_coco
from augcli.annotations.placed import PlacedObject
from augcli.annotations.yolo_data import YoloData, read_data_yaml
from augcli.config.schema import Config
from augcli.datasets.items import Item
from augcli.datasets.layout import Layout, joined, layout_of
from augcli.errors import SourceError, UsageError
from augcli.images.files import read_bytes, sha256_bytes, sha256_file
from augcli.images.options import Loading
from augcli.transforms.base import Size, TargetRules

if TYPE_CHECKING:  # a run's parent touches no pixel
    from augcli.annotations.masks import Mask
    from augcli.annotations.objects import Annotations
    from augcli.images.orientation import Box
    from augcli.transforms.instances import BoxMethod, Instance

MASK, ANNOTATIONS = "mask", "annotations"
"""Stages of a `SourceError`."""

WriteAnnotations = Callable[[list[PlacedObject], Size, int, str], bytes]
"""The annotation file of a copy: of its objects, size, number of channels and path."""


class TargetDigests(NamedTuple):
    """Digests of an image's mask and annotations, None where there are none."""

    mask: str | None = None
    annotations: str | None = None


@dataclass(frozen=True, slots=True)
class LoadedAnnotations:
    """The annotations of one image.

    Attributes:
        instances: Its objects, in the plane of the loaded picture.
        labels: The class of each annotation, by `Instance.index`.
        sha256: Digest of what they were read from, None where the image has no annotations.
        write: Makes the annotation file of a copy; None where a copy gets none of its own.
    """

    instances: "tuple[Instance, ...]" = ()
    labels: tuple[str | int, ...] = ()
    sha256: str | None = None
    write: WriteAnnotations | None = None


@dataclass(frozen=True, slots=True)
class LoadedTargets:
    """Mask and annotations of one image, in the plane of the loaded picture.

    Attributes:
        mask: None where the data set has no masks.
        mask_sha256: Digest of the mask's file.
        annotations: None where the data set has none.
        rules: How they move.
    """

    mask: "Mask | None"
    mask_sha256: str | None
    annotations: LoadedAnnotations | None
    rules: TargetRules

    @property
    def digests(self) -> TargetDigests:
        """What they were read from."""
        annotations = None if self.annotations is None else self.annotations.sha256
        return TargetDigests(self.mask_sha256, annotations)


@dataclass(frozen=True, slots=True)
class TargetReader:
    """Reads masks and annotations of single images.

    Attributes:
        layout: Where they are.
        rules: How they move.
        box_method: What boxes are taken for.
        yolo: The data.yaml, for YOLO.
        categories: The classes of a COCO file by their id.
    """

    layout: Layout
    rules: TargetRules
    box_method: "BoxMethod" = "corners"
    yolo: YoloData | None = None
    categories: Mapping[int | str, Category] | None = None

    def load(self, item: Item, size: Size, loading: Loading) -> LoadedTargets:
        """What belongs to an image.

        Args:
            item: The image.
            size: Of the upright picture in its file, before `target_size`.
            loading: How the image was loaded.

        Raises:
            SourceError: Stage "mask" or "annotations"; a mask is missing, or one of the two cannot
                be read, or is of an image of another size.
        """
        mask, mask_sha256 = self._mask(item, size, loading.max_pixels)
        annotations = self.load_annotations(item, size)
        if loading.target_size is not None:
            target = Size(*loading.target_size)
            crop = _crop(size, target, keep=loading.keep_aspect_ratio)
            mask = None if mask is None else _scaled_mask(mask, crop, target)
            annotations = None if annotations is None else _scaled(annotations, crop, target)
        return LoadedTargets(mask, mask_sha256, annotations, self.rules)

    def digests(self, item: Item) -> TargetDigests:
        """Digests of what belongs to an image, as it is now."""
        mask = self.layout.mask_of(item.path)
        return TargetDigests(
            None if mask is None else _digest(self.layout.file(mask)),
            self._annotations_digest(item),
        )

    def _mask(self, item: Item, size: Size, max_pixels: int) -> "tuple[Mask | None, str | None]":
        from augcli.annotations.masks import check_mask_size, read_mask  # noqa: PLC0415  NumPy

        path = self.mask_path(item)
        if path is None:
            return None, None
        try:
            data = read_bytes(self.layout.file(path))
            mask = read_mask(data, max_pixels)
            check_mask_size(mask, size)
        except SourceError as error:
            raise SourceError(MASK, f"{path}: {error}") from error
        return mask, sha256_bytes(data)

    def mask_path(self, item: Item) -> str | None:
        """Path of an image's mask in the layout; None where there are no masks.

        Messages name this path: it is the same wherever the data set lies.

        Raises:
            SourceError: Stage "mask"; it is missing.
        """
        path = self.layout.mask_of(item.path)
        if path is not None and not os.path.lexists(self.layout.file(path)):
            raise SourceError(MASK, f"there is no mask {path}")
        return path

    def load_annotations(self, item: Item, size: Size) -> LoadedAnnotations | None:
        """The annotations of an image of `size`; None where the data set has none.

        Raises:
            SourceError: Stage "annotations"; they cannot be read, or are of another size.
        """
        if self.layout.format is None:
            return None
        if self.categories is not None:
            return self._coco(item, size, self.categories)
        path = self._annotations_path(item)
        if path is None:
            return LoadedAnnotations()
        try:
            data = read_bytes(self.layout.file(path))
            return self._voc(data, size) if self.yolo is None else self._yolo(data, size, self.yolo)
        except SourceError as error:
            raise SourceError(ANNOTATIONS, f"{path}: {error}") from error

    def _annotations_path(self, item: Item) -> str | None:
        """Path of the file with an image's annotations in the layout; None where there is none."""
        path = self.layout.annotations_of(item.path)
        return path if path is not None and os.path.lexists(self.layout.file(path)) else None

    def _annotations_digest(self, item: Item) -> str | None:
        if self.categories is not None:
            return _entry_digest(item.entry)
        path = self._annotations_path(item)
        return None if path is None else _digest(self.layout.file(path))

    def _coco(
        self, item: Item, size: Size, categories: Mapping[int | str, Category]
    ) -> LoadedAnnotations:
        from augcli.annotations.coco_instances import coco_annotations  # noqa: PLC0415  NumPy

        entry = item.entry or CocoImage()
        read = coco_annotations(entry, categories, size, self.box_method)
        return LoadedAnnotations(read.instances, read.labels, _entry_digest(item.entry))

    def _voc(self, data: bytes, size: Size) -> LoadedAnnotations:
        from augcli.annotations.voc import (  # noqa: PLC0415  NumPy
            read_voc,
            voc_annotations,
            write_voc,
        )

        source = read_voc(data)
        read = voc_annotations(source, size, self.box_method)
        return _of_file(read, data, partial(write_voc, source))

    def _yolo(self, data: bytes, size: Size, yolo: YoloData) -> LoadedAnnotations:
        from augcli.annotations.yolo import (  # noqa: PLC0415  NumPy
            read_yolo,
            write_yolo,
            yolo_annotations,
        )

        source = read_yolo(data, yolo)

        def write(objects: list[PlacedObject], size: Size, _channels: int, _path: str) -> bytes:
            return write_yolo(source, objects, yolo, size)

        return _of_file(yolo_annotations(source, yolo, size, self.box_method), data, write)


def _of_file(read: "Annotations", data: bytes, write: WriteAnnotations) -> LoadedAnnotations:
    return LoadedAnnotations(read.instances, read.labels, sha256_bytes(data), write)


def _digest(path: str) -> str | None:
    try:
        return sha256_file(path)
    except (OSError, ValueError):  # ValueError: a NUL in the path
        return None


def _entry_digest(entry: CocoImage | None) -> str | None:
    """Digest of what a COCO file says of an image; None where it says nothing."""
    return None if entry is None else _plain_digest([entry.entry, *entry.annotations])


def _plain_digest(values: Any) -> str:
    return sha256_bytes(json.dumps(values, sort_keys=True).encode())


def _crop(size: Size, target: Size, *, keep: bool) -> "Box":
    """The part of an upright picture that becomes the loaded one, as `images.decode` takes it."""
    from augcli.images.orientation import Box  # noqa: PLC0415  NumPy
    from augcli.images.resize import center_crop  # noqa: PLC0415  the same

    return center_crop(*size, *target) if keep else Box(0, 0, size.width, size.height)


def _scaled_mask(mask: "Mask", crop: "Box", size: Size) -> "Mask":
    from augcli.transforms.moves import Fill, Resized  # noqa: PLC0415  NumPy
    from augcli.transforms.sampling import sampled_ids  # noqa: PLC0415  numba

    return replace(mask, ids=sampled_ids(mask.ids, Resized(crop, size), Fill()))


def _scaled(annotations: LoadedAnnotations, crop: "Box", size: Size) -> LoadedAnnotations:
    from augcli.transforms.targets import scaled  # noqa: PLC0415  NumPy

    return replace(annotations, instances=scaled(annotations.instances, crop, size))


@dataclass(frozen=True, slots=True)
class Targets:
    """The masks and annotations of a data set.

    Attributes:
        reader: Reads them.
        coco: The COCO file, None where there is none.
    """

    reader: TargetReader
    coco: CocoFile | None = None

    @property
    def layout(self) -> Layout:
        """Where they are."""
        return self.reader.layout

    def entry(self, image_path: str) -> CocoImage | None:
        """What the COCO file says of an image; None where there is no file, or nothing in it.

        Its "file_name" is relative to the folder of the images, or to the folder that images and
        annotations share.
        """
        if self.coco is None:
            return None
        found = self.coco.images.get(image_path)
        return found or self.coco.images.get(joined(self.layout.images, image_path))

    def files(self, image_paths: Iterable[str]) -> Iterator[str]:
        """The files that hold the masks and annotations of these images, and their folders.

        Those that are there. Folders are all from that of the masks, or of the annotations, down:
        where one is missing now, the time of the one around it tells when it is made. The folder
        that images and targets share is not among them: other things come and go there.
        """
        return filter(os.path.lexists, map(self.layout.file, self._paths(image_paths)))

    def _paths(self, image_paths: Iterable[str]) -> Iterator[str]:
        layout = self.layout
        tops = (layout.data_yaml, layout.annotations, layout.masks, layout.labels)
        seen = set(filter(None, tops))
        yield from sorted(seen)
        seen.add("")
        for path in image_paths:
            for inner in filter(None, (layout.mask_of(path), layout.annotations_of(path))):
                folder = posixpath.dirname(inner)
                while folder not in seen:
                    seen.add(folder)
                    yield folder
                    folder = posixpath.dirname(folder)
                yield inner

    def digest(self) -> str:
        """Digest of what is said of classes and keypoints for all images at once."""
        yolo, categories = self.reader.yolo, self.reader.categories
        values = [
            None if yolo is None else [sorted(yolo.names.items()), yolo.keypoints],
            [[key, c.name, c.keypoints] for key, c in (categories or {}).items()],
            self.reader.rules.flip_pairs,
        ]
        return _plain_digest(values)


def open_targets(config: Config, images: str) -> Targets | None:
    """The masks and annotations that a config names; None where it names none.

    Args:
        config: The resolved config.
        images: Folder that the images' paths are relative to.

    Raises:
        UsageError: They are not there.
        ConfigError: A COCO file or a data.yaml does not hold.
    """
    layout = layout_of(config, images)
    if layout is None:
        return None
    coco, yolo = None, None
    if layout.format == "coco":
        path = layout.file(layout.annotations or "")
        coco = read_coco(_read(path), path)
    elif layout.format == "yolo":
        yolo = YoloData()
        if layout.data_yaml is not None:
            path = layout.file(layout.data_yaml)
            yolo = read_data_yaml(_read(path), path)
    found = coco or yolo
    reader = TargetReader(
        layout,
        rules=_rules(config, () if found is None else found.flip_pairs),
        box_method="corners" if config.annotations is None else config.annotations.box_method,
        yolo=yolo,
        categories=None if coco is None else coco.categories,
    )
    return Targets(reader, coco)


def _rules(config: Config, found: tuple[tuple[int, int], ...]) -> TargetRules:
    fill = None if config.masks is None else config.masks.fill
    written = None if config.annotations is None else config.annotations.flip_pairs
    return TargetRules(fill, found if written is None else tuple((a, b) for a, b in written))


def _read(path: str) -> bytes:
    try:
        return read_bytes(path)
    except SourceError as error:
        raise UsageError(f"annotations: {path}: {error}") from error
