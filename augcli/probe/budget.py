"""How much is looked at in the time there is.

A model of what everything costs decides, never a clock: so the same budget gives the same report.
Its constants were measured on one core of a server of 2023, and rounded up.
"""

import math
from dataclasses import dataclass

from augcli.probe.features import SIDE, feature_count
from augcli.probe.results import Settings

FOLDS = 5
NESTED = 2
"""Repeats of which every pair of folds is held out as well, for the suggestion."""

MOST_IMAGES = 2000
MOST_COPIES = 4
_REPEATS = 10
_FILTERS = 200
_LEAST_IMAGES = 60  # whatever the budget
_ENOUGH_IMAGES = 600  # from here on, a further copy of each is worth more than further images
_MOST_ROWS = 4500  # originals and copies: the matrix of all their products is inverted
_STEP = 20  # images: settings are round numbers

# Seconds of one core.
_START = 3.0  # the processes, and what one of them does alone
_PER_IMAGE, _PER_PIXEL_READ = 0.6e-3, 5e-9
_PER_COPY = 0.1e-3  # to reduce it, and to
_PER_STEP, _PER_PIXEL_OF_STEP = 0.2e-3, 7e-9  # make it
_PER_FILTER = 4.5e-6  # and copy
_PER_SQUARE, _PER_CUBE = 1.1e-7, 2e-11  # of a trial's rows
_EXTRA_ARMS = 6  # that a suggestion takes, after all the others
_WORKER_SHARE = 0.9  # of a core, that each worker after the first adds

# Bytes.
_MIB = 2**20
_PICTURE = SIDE * SIDE * 3
_NUMBER = 4
_MATRICES = 4  # a trial's products of all rows, their inverse, and what comes between
_PER_WORKER = 64 * _MIB  # pictures at full size, and the filters' responses to some small ones


@dataclass(frozen=True, slots=True)
class Task:
    """What is to be probed.

    Attributes:
        available: Labelled images there are.
        stored_pixels: Of an image as it is stored, on average.
        read_pixels: Of an image as the probe reads it.
        arms: Ways to augment.
        steps: In one of them, on average; those inside of steps counted too.
        copies: That the config asks for.
        workers: Processes.
    """

    available: int
    stored_pixels: float
    read_pixels: float
    arms: int
    steps: float
    copies: int
    workers: int


def choose_settings(task: Task, *, seconds: float, seed: int) -> Settings:
    """As many images as fit the budget, and then as many copies of each.

    A few images are looked at even if that takes longer.
    """
    images, copies = _most_images(task, 1, seconds), 1
    while copies < min(max(task.copies, 2), MOST_COPIES):
        fewer = _most_images(task, copies + 1, seconds)
        is_over = expected_seconds(task, fewer, copies + 1) > seconds
        if is_over or fewer < min(images, _ENOUGH_IMAGES):
            break
        images, copies = fewer, copies + 1
    return Settings(
        seconds=seconds,
        seed=seed,
        images=images,
        available=task.available,
        copies=copies,
        folds=FOLDS,
        repeats=_REPEATS,
        filters=_FILTERS,
        features=feature_count(_FILTERS),
        arms=task.arms,
        memory_mib=_memory_mib(task, images, copies),
    )


def _most_images(task: Task, copies: int, seconds: float) -> int:
    """The most images of which so many copies fit the budget."""
    most = min(task.available, MOST_IMAGES, _MOST_ROWS // (1 + copies))
    sizes = [*range(_LEAST_IMAGES, most, _STEP), most]
    fitting = [images for images in sizes if expected_seconds(task, images, copies) <= seconds]
    return max(fitting, default=min(most, _LEAST_IMAGES))


def expected_seconds(task: Task, images: int, copies: int) -> float:
    """What a probe of so many images and copies would take."""
    rows = images * (1 + copies)
    arms = task.arms + _EXTRA_ARMS
    per_step = _PER_STEP + task.read_pixels * _PER_PIXEL_OF_STEP
    per_copy = _PER_COPY + task.steps * per_step + _FILTERS * _PER_FILTER
    per_trial = _PER_SQUARE * rows**2 + _PER_CUBE * rows**3
    reading = 2 * images * (_PER_IMAGE + task.stored_pixels * _PER_PIXEL_READ)
    work = reading + arms * (images * copies * per_copy + per_trial)
    return _START + work / (1 + _WORKER_SHARE * (task.workers - 1))


def _memory_mib(task: Task, images: int, copies: int) -> int:
    """What a probe takes at most, beyond the program itself, in all processes."""
    rows = images * (1 + copies)
    pictures = (task.arms * copies + 1) * images * _PICTURE
    trial = rows * (_MATRICES * rows + 2 * feature_count(_FILTERS)) * _NUMBER
    return math.ceil((pictures + task.workers * (trial + _PER_WORKER)) / _MIB)
