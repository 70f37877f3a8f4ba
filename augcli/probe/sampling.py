"""Which images a probe looks at: labelled ones, some of each class."""

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from augcli.datasets.base import DataSet
from augcli.datasets.items import VALIDATION, Item
from augcli.errors import UsageError
from augcli.probe.results import Label

LEAST_OF_CLASS = 5
"""A class with fewer images is left out: each fold needs one of them."""

LEAST_IMAGES = 40
"""With fewer in all, nothing could be told."""

_WANTED_OF_CLASS = 10  # where there are many classes, rather some of them than a few of each


@dataclass(frozen=True, slots=True)
class Labelled:
    """A sample with its class.

    Attributes:
        item: The sample.
        label: Its class.
        group: Samples with the same one stay together.
    """

    item: Item
    label: Label
    group: str


def list_labelled(data: DataSet, group_by: str | None) -> list[Labelled]:
    """The labelled samples, without those that are kept for validation.

    Args:
        data: The data set.
        group_by: Regular expression that is searched in each path: what has the same match, or the
            same first group, stays together; None for no groups.

    Raises:
        UsageError: There are no classes, or a path has no group.
    """
    pattern = None if group_by is None else re.compile(group_by)
    listed: list[Labelled] = []
    for group in data.groups():
        for item in group.samples():
            if item.split == VALIDATION or item.label is None:
                continue
            if isinstance(item.label, list):
                raise UsageError(
                    f"{item.path} has several labels: a probe needs one class for each image"
                )
            listed.append(Labelled(item, item.label, _group_of(item, pattern)))
    if not listed:
        raise UsageError(
            "a probe needs labelled images: a sub-folder for each class, or a CSV with a class for "
            "each file"
        )
    return listed


def _group_of(item: Item, pattern: re.Pattern[str] | None) -> str:
    if pattern is None:
        return item.key
    match = pattern.search(item.path)
    key = match[min(1, pattern.groups)] if match else None
    if key is None:
        raise UsageError(
            f"group_by: {pattern.pattern!r} is not found in {item.path!r}; every path has to say "
            f"which group it belongs to"
        )
    return key


@dataclass(frozen=True, slots=True)
class Classes:
    """The classes that a probe tells apart.

    Attributes:
        labels: In a fixed order; a class's number is its place here.
        left_out: How many classes are left out.
    """

    labels: tuple[Label, ...]
    left_out: int


def choose_classes(listed: Sequence[Labelled], most_images: int) -> Classes:
    """The classes with enough groups; the most frequent ones if there are too many.

    Raises:
        UsageError: They are fewer than two, or have too few images.
    """
    groups: dict[Label, set[str]] = {}
    counts: Counter[Label] = Counter()
    for labelled in listed:
        groups.setdefault(labelled.label, set()).add(labelled.group)
        counts[labelled.label] += 1
    enough = [label for label in groups if len(groups[label]) >= LEAST_OF_CLASS]
    enough.sort(key=lambda label: (-counts[label], str(label)))
    if most_images < sum(counts[label] for label in enough):
        enough = enough[: max(2, most_images // _WANTED_OF_CLASS)]
    chosen = sorted(enough, key=str)
    if len(chosen) < 2:
        raise UsageError(
            f"a probe needs two classes or more, each with at least {LEAST_OF_CLASS} images that "
            f"belong to different groups; {len(enough)} of {len(groups)} has as many"
        )
    total = sum(counts[label] for label in chosen)
    if total < LEAST_IMAGES:
        raise UsageError(f"a probe needs {LEAST_IMAGES} labelled images or more, not {total}")
    return Classes(tuple(chosen), len(groups) - len(chosen))


def draw_sample(
    listed: Sequence[Labelled], classes: Classes, images: int, rng: np.random.Generator
) -> list[Labelled]:
    """So many images, or all there are, each class by its share; in the order they are listed.

    Every class has at least `LEAST_OF_CLASS`, or all it has.
    """
    numbers = {label: number for number, label in enumerate(classes.labels)}
    of_class: list[list[int]] = [[] for _ in classes.labels]
    for place, labelled in enumerate(listed):
        if labelled.label in numbers:
            of_class[numbers[labelled.label]].append(place)
    share = min(1.0, images / sum(map(len, of_class)))
    chosen: list[int] = []
    for places in of_class:
        wanted = max(round(share * len(places)), min(LEAST_OF_CLASS, len(places)))
        chosen += rng.permutation(places)[:wanted].tolist()
    return [listed[place] for place in sorted(chosen)]
