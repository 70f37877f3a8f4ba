"""YOLO's data.yaml: the names of the classes, and what their keypoints are.

It is read as Ultralytics reads it, by PyYAML's safe loader (YAML 1.1).
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import yaml

from augcli.errors import ConfigError, Problem

_MAX_BYTES = 2**20
_SPLITS = ("train", "val", "test")
_STALE = ("path", "download", *_SPLITS)
"""What is true of the source alone: where it lies, and a script that fetches it."""
_LOADER: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)  # C where PyYAML was built with it


@dataclass(frozen=True, slots=True)
class YoloData:
    """What a data.yaml says. Without one, classes go by their numbers.

    Attributes:
        values: All of it.
        names: Names of the classes by their numbers; empty where there are none.
        keypoints: How many keypoints every object has, and how many numbers each of them: 2, or 3
            with the visibility; None without keypoints.
        flip_pairs: Keypoints that change places in a mirror.
    """

    values: Mapping[str, Any] = field(default_factory=dict)
    names: Mapping[int, str] = field(default_factory=dict)
    keypoints: tuple[int, int] | None = None
    flip_pairs: tuple[tuple[int, int], ...] = ()


def read_data_yaml(data: bytes, where: str) -> YoloData:
    """What a data.yaml says.

    Args:
        data: The file.
        where: Its name, for errors.

    Raises:
        ConfigError: It is no data.yaml.
    """
    values = _mapping(data, where)
    problems: list[Problem] = []
    try:
        names = _names(values)
    except ValueError as error:
        names = {}
        problems.append(Problem(where, str(error)))
    keypoints = None
    flip_pairs: tuple[tuple[int, int], ...] = ()
    try:
        keypoints = _keypoints(values.get("kpt_shape"))
        flip_pairs = _flip_pairs(values.get("flip_idx"), keypoints)
    except ValueError as error:
        problems.append(Problem(where, str(error)))
    if problems:
        raise ConfigError(problems)
    return YoloData(values, names, keypoints, flip_pairs)


def write_data_yaml(source: YoloData, images: Mapping[str, str]) -> bytes:
    """The data.yaml of an output: the source's, with other folders.

    Without a "path", Ultralytics' tools take the folders as relative to the file itself.

    Args:
        source: What the classes and all unknown keys are taken from.
        images: The folders of the images by their split, "train", "val" or "test", relative to
            the file's own folder. Ultralytics' tools need the first two.
    """
    values = {split: images[split] for split in _SPLITS if split in images}
    values |= {key: value for key, value in source.values.items() if key not in _STALE}
    text: str = yaml.safe_dump(values, sort_keys=False, allow_unicode=True)
    return text.encode()


def _mapping(data: bytes, where: str) -> dict[str, Any]:
    if len(data) > _MAX_BYTES:
        raise ConfigError([Problem(where, f"more than {_MAX_BYTES} bytes")])
    try:
        values = yaml.load(data, Loader=_LOADER)  # noqa: S506  a safe loader, see above
    except (yaml.YAMLError, ValueError, RecursionError) as error:  # ValueError: a date that is none
        text = " ".join(str(error).split())
        raise ConfigError([Problem(where, f"not YAML: {text}")]) from error
    if not isinstance(values, dict):
        raise ConfigError([Problem(where, "expected a mapping with 'names', as in a data.yaml")])
    return values


def _names(values: Mapping[str, Any]) -> dict[int, str]:
    """Ultralytics takes a list, or a mapping by number; an old file may have "nc" alone."""
    names = values.get("names")
    if names is None:
        return {}
    if isinstance(names, list):
        names = dict(enumerate(names))
    if not isinstance(names, dict) or not all(type(number) is int for number in names):
        raise ValueError("names: expected a list of names, or a mapping of numbers to names")
    if any(isinstance(name, list | dict) for name in names.values()):
        raise ValueError("names: a class that is a list or a mapping, where its name should be")
    count = values.get("nc", len(names))
    if count != len(names):
        raise ValueError(f"nc is {count}, but there are {len(names)} names")
    return {number: str(name) for number, name in names.items()}


def _keypoints(shape: object) -> tuple[int, int] | None:
    if shape is None:
        return None
    match shape:
        case [int(count), int(numbers)] if count >= 1 and numbers in {2, 3}:
            return count, numbers
    raise ValueError("kpt_shape: expected [number of keypoints, 2 or 3]")


def _flip_pairs(flip_idx: Any, keypoints: tuple[int, int] | None) -> tuple[tuple[int, int], ...]:
    """Pairs of a "flip_idx", which gives for every keypoint the one it becomes in a mirror."""
    if flip_idx is None:
        return ()
    if keypoints is None:
        raise ValueError("flip_idx is there, but kpt_shape is not")
    count = keypoints[0]
    if not isinstance(flip_idx, list) or len(flip_idx) != count:
        raise ValueError(f"flip_idx: expected a list of {count} numbers, one for each keypoint")
    if any(type(j) is not int or not 0 <= j < count for j in flip_idx):
        raise ValueError(f"flip_idx: expected numbers of keypoints, 0 to {count - 1}")
    if any(flip_idx[j] != i for i, j in enumerate(flip_idx)):
        raise ValueError("flip_idx: expected keypoints that change places in pairs")
    return tuple((i, j) for i, j in enumerate(flip_idx) if i < j)
