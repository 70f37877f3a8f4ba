"""What masks and annotations have that most likely is not meant."""

import os
from collections import Counter
from collections.abc import Iterator

from augcli.config.schema import Config
from augcli.config.traps import Finding
from augcli.datasets.items import Item
from augcli.datasets.targets import Targets
from augcli.errors import SourceError
from augcli.images.header import read_header
from augcli.inspection.catalogue import SHOWN, Some
from augcli.inspection.known import count, listed, listed_names, shown
from augcli.pipeline.manifest import NameSet
from augcli.transforms.base import Size
from augcli.transforms.ranges import Ranges
from augcli.transforms.step import walk

_SUFFIXES = {"voc": ".xml", "yolo": ".txt"}
_NPY = ".npy"


class TargetsSeen:
    """The masks and annotations of a data set, looked over image by image.

    Args:
        targets: Where they are.
        config: The resolved config.
        names: Takes in what belongs to an image: paths of annotation files, or names in a COCO
            file.
    """

    def __init__(self, targets: Targets, config: Config, names: NameSet) -> None:
        self._targets = targets
        self._config = config
        self._names = names
        self._images = 0
        self._without: list[str] = []
        self._without_number = 0
        self._labels: Counter[str] = Counter()
        self._has_keypoints = False

    def add(self, item: Item, size: Size) -> None:
        """Looks at what belongs to an image of `size`.

        Of a mask, the header is read; annotations are read as in a run.

        Raises:
            SourceError: It cannot be used.
        """
        reader = self._targets.reader
        mask = reader.mask_path(item)
        if mask is not None and not mask.endswith(_NPY):
            header = read_header(reader.layout.file(mask), self._config.max_pixels)
            if (header.height, header.width) != size:
                raise SourceError(
                    "mask",
                    f"{mask}: the mask has {header.width} x {header.height} pixels, and its image "
                    f"{size.width} x {size.height}",
                )
        annotations = reader.load_annotations(item, size)
        if annotations is None:
            return
        self._images += 1
        self._labels.update(label for label in annotations.labels if isinstance(label, str))
        self._has_keypoints |= any(one.keypoints is not None for one in annotations.instances)
        if annotations.sha256 is None:
            self._without_number += 1
            self._without += [] if len(self._without) == SHOWN else [item.path]
            return
        inner = self._targets.layout.annotations_of(item.path)
        self._names.add(inner or str((item.entry.entry if item.entry else {}).get("file_name")))

    def findings(self) -> Iterator[Finding]:
        """What there is to say of all of them."""
        yield from self._missing()
        yield from self._orphans()
        yield from self._spellings()
        yield from self._unpaired()

    def _missing(self) -> Iterator[Finding]:
        if self._without_number:
            names = listed_names(self._without, self._without_number)
            yield Finding(
                "without-annotations",
                "annotations",
                f"{self._without_number:,} of {count(self._images, 'image')} ({names}) "
                f"{'has' if self._without_number == 1 else 'have'} none, and counts as an image "
                f"without objects",
                "annotate it, or leave this as it is, if it shows none",
            )

    def _orphans(self) -> Iterator[Finding]:
        orphans = self._without_image()
        if orphans.number:
            yield Finding(
                "annotations-without-image",
                "annotations",
                f"{count(orphans.number, 'image')} that they are about "
                f"({listed_names(orphans.first, orphans.number)}) cannot be found in the source",
                "put the images there, or compare the names",
            )

    def _without_image(self) -> Some:
        first: list[str] = []
        number = 0
        for name in self._annotated():
            if name not in self._names:
                number += 1
                first += [name] if len(first) < SHOWN else []
        return Some(number, tuple(first))

    def _annotated(self) -> Iterator[str]:
        """All that annotations are about, as `add` names it."""
        layout = self._targets.layout
        if self._targets.coco is not None:
            yield from self._targets.coco.images
        suffix = _SUFFIXES.get(layout.format or "")
        if suffix is None or layout.annotations is None:
            return
        root = os.path.join(layout.root, layout.annotations)
        for folder, folders, files in os.walk(root):
            folders.sort()
            for file in sorted(files):
                if file.endswith(suffix):
                    path = os.path.relpath(os.path.join(folder, file), layout.root)
                    yield path.replace(os.sep, "/")

    def _spellings(self) -> Iterator[Finding]:
        alike: dict[str, list[str]] = {}
        for label in self._labels:
            key = "".join(char for char in label.casefold() if char.isalnum())
            alike.setdefault(key, []).append(label)
        several = [sorted(labels) for labels in alike.values() if len(labels) > 1]
        if several:
            texts = [" = ".join(map(shown, labels)) for labels in several]
            yield Finding(
                "class-spellings",
                "annotations",
                f"classes whose names differ in little: {listed(texts, len(texts))}",
                "write each class in one way",
            )

    def _unpaired(self) -> Iterator[Finding]:
        if self._has_keypoints and not self._targets.reader.rules.flip_pairs and self._mirrors():
            yield Finding(
                "unpaired-keypoints",
                "annotations.flip_pairs",
                "copies are mirrored, and no keypoints change places, so that a left eye stays a "
                "left eye on the right",
                "write the pairs, such as [[1, 2]]",
            )

    def _mirrors(self) -> bool:
        steps = [step.transform for _, step in walk(self._config.transforms, happening=True)]
        return any(
            step.horizontal_flip if isinstance(step, Ranges) else step.op == "horizontal_flip"
            for step in steps
        )
