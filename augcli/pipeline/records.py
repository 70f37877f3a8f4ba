"""The lines of manifest.jsonl and failures.jsonl."""

import json
import math
import os
import re
import stat
from collections.abc import Iterator, Mapping
from dataclasses import MISSING, dataclass, fields
from typing import Any

from pydantic_core import from_json

from augcli.annotations.placed import PlacedObject, are_placed
from augcli.datasets.items import Label
from augcli.errors import AugcliError
from augcli.transforms.base import Params

MANIFEST = "manifest.jsonl"
FAILURES = "failures.jsonl"
RUN = "run.yaml"
STATISTICS = "statistics.npz"


@dataclass(frozen=True)  # no slots: see `augcli.pipeline.jobs`
class Record:
    """One copy: a line of the manifest, its keys in this order.

    Attributes:
        file_name: Path of the copy, relative to the output, with "/" between its parts.
        source: Path of its source, relative to the data set.
        source_sha256: Digest of the source's bytes.
        copy: Number of the copy from 0; None for an original that was included as it is.
        label: Class or target of the source, None where there is none.
        split: "training" or "validation", None without a split.
        width: Pixels of a row of the copy.
        height: Rows of the copy.
        sha256: Digest of the copy's bytes.
        seed: Seed of the copy's generator; None for an original.
        recipe: What was done, step by step.
        sample_weight: What the source counts for. The key is there only where there is a weight.
        index: Place of the copy in its shard. The key is there only where there are shards.
        mask: Path of the copy's mask. This key and the next two are there only where the data set
            has masks.
        mask_sha256: Digest of the mask's bytes.
        mask_source_sha256: Digest of the source's mask.
        annotations: Path of the copy's annotation file. This key and the next are there only where
            the copy has a file of its own.
        annotations_sha256: Digest of that file's bytes.
        annotations_source_sha256: Digest of what is said of the source. The key is there only
            where something is.
        objects: What is left of the source's objects. The key is there only where the data set has
            annotations.
    """

    file_name: str
    source: str
    source_sha256: str
    copy: int | None
    label: Label
    split: str | None
    width: int
    height: int
    sha256: str
    seed: int | None
    recipe: list[Params]
    sample_weight: float | None = None
    index: int | None = None
    mask: str | None = None
    mask_sha256: str | None = None
    mask_source_sha256: str | None = None
    annotations: str | None = None
    annotations_sha256: str | None = None
    annotations_source_sha256: str | None = None
    objects: list[PlacedObject] | None = None

    @property
    def source_version(self) -> tuple[str | None, ...]:
        """Digests of all that the copy was made from."""
        return self.source_sha256, self.mask_source_sha256, self.annotations_source_sha256

    def line(self) -> bytes:
        """The record as a line of JSON."""
        return json_line(record_values(self))


@dataclass(frozen=True, slots=True)
class Failure:
    """One source that could not be used: a line of failures.jsonl, its keys in this order.

    Attributes:
        source: Path of the source, relative to the data set.
        stage: "read", "decode", "mask", "annotations", "transform", "encode" or "worker".
        error: Name of the error's kind.
        message: What is wrong, in words.
    """

    source: str
    stage: str
    error: str
    message: str

    def line(self) -> bytes:
        """The failure as a line of JSON."""
        return json_line({name: getattr(self, name) for name in FAILURE_KEYS})


WEIGHT_KEY = "sample_weight"
INDEX_KEY = "index"
COMPANIONS = ("mask", "annotations")
"""The keys of a copy's further files; that of a file's digest has "_sha256" at its end, and that of
the digest of what it was made from "_source_sha256"."""
OBJECTS_KEY = "objects"
_DIGESTS = tuple(key + end for key in COMPANIONS for end in ("_sha256", "_source_sha256"))
RECORD_KEYS = tuple(field.name for field in fields(Record) if field.default is MISSING)
"""The keys that every line of a manifest has."""
FURTHER_KEYS = tuple(field.name for field in fields(Record) if field.name not in RECORD_KEYS)
"""The keys that not every manifest has, in the order in which they follow the others."""
_NO_NAMES = frozenset({"", ".", ".."})
_NEEDED = frozenset(RECORD_KEYS)
_ENCODER = json.JSONEncoder(ensure_ascii=False)
FAILURE_KEYS = tuple(field.name for field in fields(Failure))


def record_values(record: Record) -> dict[str, Any]:
    """The record as a mapping, its keys in the order of the manifest."""
    return {
        name: value
        for name, value in vars(record).items()  # in the order of the fields
        if value is not None or name in _NEEDED
    }


def further_files(values: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """The files beside a copy's own that a line names, each with the digest of its bytes."""
    return ((values[key], values[f"{key}_sha256"]) for key in COMPANIONS if key in values)


class ManifestError(AugcliError):
    """A manifest that augcli did not write, or that was damaged since."""


class HostileNameError(ManifestError):
    """A line of a manifest that names a file outside of the output."""


def json_line(values: dict[str, Any]) -> bytes:
    """One line of JSON in UTF-8; names that are not valid Unicode are escaped."""
    try:
        return _ENCODER.encode(values).encode() + b"\n"
    except UnicodeEncodeError:  # bytes of a file name that are not UTF-8
        return json.dumps(values).encode() + b"\n"


def parse_object(line: bytes) -> dict[str, Any]:
    """A line of JSON that holds an object.

    Raises:
        ManifestError: It holds something else, or is no JSON.
    """
    try:
        values = from_json(line, cache_strings="keys")
    except ValueError:
        values = _parse_patiently(line)
    if not isinstance(values, dict):
        raise ManifestError("no JSON object")
    return values


def _parse_patiently(line: bytes) -> Any:
    """A line that the quick parser refuses, as it does names that are not valid Unicode.

    Raises:
        ManifestError: It is no JSON.
    """
    try:
        return json.loads(line.decode())
    except (ValueError, RecursionError) as error:
        raise ManifestError(f"no JSON: {error}") from error


def parse_record(line: bytes) -> dict[str, Any]:
    """A manifest line as a mapping.

    Raises:
        ManifestError: The line is no record.
        HostileNameError: It names a file outside the output.
    """
    values = parse_object(line)
    if not values.keys() >= _NEEDED:
        raise ManifestError(f"no record of a copy: it needs the keys {', '.join(RECORD_KEYS)}")
    for key in ("file_name", "source", "source_sha256", "sha256"):
        if not _is_text(values[key]):
            raise ManifestError(f"{key} is no text: {values[key]!r}")
    if values["split"] is not None and not _is_text(values["split"]):
        raise ManifestError(f"split is neither text nor null: {values['split']!r}")
    if not _is_label(values["label"]):
        raise ManifestError(f"label is no text, number or list of them: {values['label']!r}")
    weight = values.get(WEIGHT_KEY)
    if weight is not None and not _is_number(weight):
        raise ManifestError(f"{WEIGHT_KEY} is no number: {weight!r}")
    copy = values["copy"]
    if copy is not None and not _is_count(copy):
        raise ManifestError(f"copy is neither a number of a copy nor null: {copy!r}")
    if not _is_count(values.get(INDEX_KEY, 0)):
        raise ManifestError(f"{INDEX_KEY} is no place in a shard: {values[INDEX_KEY]!r}")
    _check_is_inner(values["file_name"])
    if len(values) > len(_NEEDED):
        _check_targets(values)
    return values


def _check_is_inner(name: str) -> None:
    if not is_inner_path(name):
        raise HostileNameError(f"a file name that leaves the output: {name!r}")


def _check_targets(values: dict[str, Any]) -> None:
    """Checks what a line says of mask and annotations.

    Raises:
        ManifestError: Something in it is not what it should be.
    """
    for key in (*COMPANIONS, *_DIGESTS):
        if not _is_text(values.get(key, "")):
            raise ManifestError(f"{key} is no text: {values[key]!r}")
    for key in COMPANIONS:
        if key not in values:
            continue
        _check_is_inner(values[key])
        if f"{key}_sha256" not in values or f"{key}_source_sha256" not in values:
            raise ManifestError(f"{key} without its digests")
    if not are_placed(values.get(OBJECTS_KEY, [])):
        raise ManifestError("objects are not as augcli writes them")


def _is_count(value: object) -> bool:
    """Whether a value is a whole number from 0 that every JSON reader keeps."""
    return type(value) is int and 0 <= value < 2**53


def _is_label(value: object) -> bool:
    """Whether a value is a label: null, text, a number, or a list of labels."""
    if isinstance(value, list):
        return all(map(_is_label, value))
    return value is None or _is_text(value) or _is_number(value)


def _is_number(value: object) -> bool:
    """Whether a value is a number that SQLite can hold; true and false count as 1 and 0."""
    return (isinstance(value, int) and abs(value) < 2**63) or (
        isinstance(value, float) and math.isfinite(value)
    )


def _is_text(value: object) -> bool:
    """Whether a value is text that can name a file."""
    if not isinstance(value, str):
        return False
    if value.isascii():
        return True
    try:
        os.fsencode(value)
    except UnicodeEncodeError:  # one half of a surrogate pair
        return False
    return True


def is_inner_path(path: str, *, windows: bool = os.name == "nt") -> bool:
    r"""Whether a recorded path stays inside its root: relative, "/"-separated, without "..".

    Args:
        path: The path.
        windows: Whether "C:x" and "a\b" mean more than a name, as they do there.
    """
    return (
        "\0" not in path
        and not (windows and re.search(r"[\\:]", path))
        and _NO_NAMES.isdisjoint(path.split("/"))
    )


def is_inner_file(root: str, path: str) -> bool:
    """Whether `path` is a regular file below `root`, reached without a symbolic link.

    Args:
        root: Folder that the path must not leave.
        path: A recorded path, as `is_inner_path` accepts it.
    """
    folder = os.path.dirname(path)
    return is_inner_folder(root, folder) and is_plain_file(os.path.join(root, *path.split("/")))


def is_inner_folder(root: str, path: str) -> bool:
    """Whether `path` is `root` itself, or a folder below it that is reached without a link.

    Args:
        root: Folder that the path must not leave.
        path: A recorded path, as `is_inner_path` accepts it; "" for the root.
    """
    current = root
    for part in path.split("/") if path else ():
        current = os.path.join(current, part)
        if not stat.S_ISDIR(_mode(current)):
            return False
    return True


def is_plain_file(path: str) -> bool:
    """Whether there is a regular file at `path`, and no link to one."""
    return stat.S_ISREG(_mode(path))


def _mode(path: str) -> int:
    """The mode of what is at `path`, a link's own; 0, which is that of nothing, for nothing."""
    try:
        return os.lstat(path).st_mode
    except OSError:
        return 0


def read_failures(output: str) -> list[Failure]:
    """What failures.jsonl says; empty where there is none."""
    try:
        with open(os.path.join(output, FAILURES), "rb") as file:
            return [Failure(**json.loads(line)) for line in file]
    except FileNotFoundError:
        return []
