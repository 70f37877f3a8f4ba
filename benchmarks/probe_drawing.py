"""Draws a small set from many images, and others that networks are judged on."""

import os
import random
import shutil
from collections.abc import Mapping, Sequence

_MOST_UNTOUCHED = 4000


def draw(source: str, images: int, drawn: str, untouched: str) -> None:
    """Copies images of each class to two folders; a folder that is there is as it should be.

    What is drawn depends on the name of the source, the number, and the names of its files alone.

    Args:
        source: A folder of class folders.
        images: How many are drawn, the same number of each class.
        drawn: The folder for them.
        untouched: The folder for up to 4,000 of the others, the same number of each class.

    Raises:
        ValueError: So many cannot be drawn evenly and leave others.
    """
    if os.path.exists(drawn) and os.path.exists(untouched):
        return
    name = os.path.basename(os.path.abspath(source))
    rng = random.Random(f"{name}-{images}")  # noqa: S311 - nothing secret is drawn
    members = {label: _shuffled(source, label, rng) for label in sorted(os.listdir(source))}
    each, odd = divmod(images, len(members))
    others = min(len(paths) for paths in members.values()) - each
    if odd or others < 1:
        raise ValueError(
            f"{images} images cannot be drawn from {source}: "
            f"it takes as many of each of {len(members)} classes, and others of each"
        )
    others = min(others, _MOST_UNTOUCHED // len(members))
    _copy({label: paths[:each] for label, paths in members.items()}, drawn)
    _copy({label: paths[each : each + others] for label, paths in members.items()}, untouched)


def _shuffled(source: str, label: str, rng: random.Random) -> list[str]:
    """The paths of a class in a random order."""
    folder = os.path.join(source, label)
    paths = [os.path.join(folder, name) for name in sorted(os.listdir(folder))]
    rng.shuffle(paths)
    return paths


def _copy(members: Mapping[str, Sequence[str]], folder: str) -> None:
    """Copies the files of each class; the folder has its name when all of them are there."""
    unfinished = f"{folder}.unfinished"
    for label, paths in members.items():
        os.makedirs(os.path.join(unfinished, label), exist_ok=True)
        for path in paths:
            shutil.copy(path, os.path.join(unfinished, label))
    os.replace(unfinished, folder)
