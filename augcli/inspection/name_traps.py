"""Rules on sources that are copies already, told by their names and by a manifest."""

import os
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import groupby
from operator import itemgetter

from augcli.config.sources import source_kind
from augcli.config.traps import Finding
from augcli.inspection.catalogue import SHOWN
from augcli.inspection.known import Known, count, listed_names
from augcli.pipeline.manifest import Manifest
from augcli.pipeline.records import MANIFEST, ManifestError, parse_record

_LONGEST_LINE = 2**16  # bytes of a manifest that are read to see that it is one
_UUID = r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}"
_REMEDY = (
    "expand the originals instead; where there are none, keep copies of one image on one side of "
    "a split with group_by"
)


@dataclass(frozen=True, slots=True)
class _Convention:
    """How a program names the copies it writes.

    Attributes:
        how: How such images are named, in words.
        pattern: What is found in the stem of such a name. If it has a group, that is what copies
            of one image share, and one name alone says nothing.
    """

    how: str
    pattern: re.Pattern[str]

    def image_of(self, path: str) -> str | None:
        """What copies of the same image share; None if this is no copy by its name."""
        folder, _, name = path.rpartition("/")
        match = self.pattern.search(name.rpartition(".")[0] or name)
        if match is None:
            return None
        return f"{folder}/{match[1]}" if self.pattern.groups else path

    def copies(self, paths: Iterable[str]) -> Iterator[str]:
        """Those of the paths, which are sorted, that are copies by their names."""
        images = ((image, path) for path in paths if (image := self.image_of(path)) is not None)
        for _, group in groupby(images, itemgetter(0)):
            copies = [path for _, path in group]
            if len(copies) > 1 or not self.pattern.groups:
                yield from copies


_CONVENTIONS = (
    # prefix, number of the image, and a random number below 10 million
    _Convention(
        "named as Keras' save_to_dir does", re.compile(r"^(.*_(?:0|[1-9]\d{0,5}))_[1-9]\d{5,6}$")
    ),
    _Convention("named as Augmentor does", re.compile(rf"_original_.*_{_UUID}$")),
    _Convention("named as Roboflow does", re.compile(r"^(.*)\.rf\.[0-9a-f]{32}$")),
    _Convention(
        "with a word for it",
        re.compile(
            r"^(?:aug|augmented|flipped|mirrored|rotated|[hv]flip)[-_]"
            # after a digit, "aug" may be a month
            r"|(?:(?<!\d)[-_]aug|[-_](?:augmented|flip|flipped|[hv]flip|mirror|mirrored|rotated"
            r"|rot_?(?:90|180|270)))(?:_?\d{1,3})?$",
            re.IGNORECASE,
        ),
    ),
)


def named_as_copies(known: Known) -> Iterator[Finding]:
    """Images that have the names of copies."""
    texts = []
    for convention in _CONVENTIONS:
        number = 0
        first: list[str] = []
        for path in convention.copies(known.catalogue.sorted_paths()):
            number += 1
            first += [path] * (len(first) < SHOWN)
        if number:
            texts.append(
                f"{count(number, 'image')} {convention.how} ({listed_names(first, number)})"
            )
    if texts:
        yield Finding(
            "augmented-source",
            "source",
            f"it may be augmented already, by its names: {', '.join(texts)}",
            _REMEDY,
        )


def listed_as_copies(known: Known) -> Iterator[Finding]:
    """A source that augcli has written itself."""
    source = known.config.source
    if source is None or source_kind(source) != "folder":
        return
    path = os.path.join(source, MANIFEST)
    if _is_manifest(path):
        yield Finding(
            "output-as-source",
            "source",
            f"it is what an earlier run has written: its {MANIFEST} lists "
            f"{Manifest(path).count():,} copies",
            "expand the source of that run instead",
        )


def _is_manifest(path: str) -> bool:
    try:
        with open(path, "rb") as file:
            parse_record(file.readline(_LONGEST_LINE))
    except (OSError, ManifestError):
        return False
    return True
