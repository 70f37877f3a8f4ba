"""How much is looked at in the time there is.

A model of what everything costs decides, never a clock: so the same budget gives the same report.
Its constants were measured with two workers on the two processors of a small server of 2023, and
rounded up.
"""

import math
from dataclasses import dataclass

from augcli.probe.network import BATCH
from augcli.probe.pictures import SIDE
from augcli.probe.results import Settings
from augcli.probe.trials import FIRST_STEPS, SIDE_BY_SIDE

MOST_IMAGES = 600
MOST_COPIES = 4
_MOST_REPEATS = 5
_FOLDS = (5, 4, 3)  # the fewest are left where there is little time
_COPIES = 2
_STEPS = 130
_LEAST_IMAGES = 60  # whatever the budget
_STEP = 20  # images: settings are round numbers

# Seconds of one worker.
_START = 3.0  # the processes, and what one of them does alone
_PER_IMAGE, _PER_PIXEL_READ = 0.6e-3, 5e-9
_PER_COPY = 0.1e-3  # to reduce it, and to
_PER_STEP, _PER_PIXEL_OF_STEP = 0.2e-3, 7e-9  # make it
_PER_TRAINING_STEP = 1.9e-3  # of networks side by side
_PER_READING = 6e-5  # of a picture, by networks side by side
_EXTRA_ARMS = 6  # that a suggestion takes, after all the others
_WORKER_SHARE = 0.9  # of another, that each worker after the first adds

# Bytes.
_MIB = 2**20
_PICTURE = SIDE * SIDE * 3
_NUMBER = 4
_PER_WORKER = 96 * _MIB  # pictures at full size, patches, and the kernels


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


@dataclass(frozen=True, slots=True)
class Size:
    """How much is looked at.

    Attributes:
        images: How many.
        copies: Of each image and arm.
        folds: How many parts the images are cut into.
        repeats: How often.
    """

    images: int
    copies: int
    folds: int
    repeats: int

    @property
    def splits(self) -> int:
        """Pairs of folds, in all repeats."""
        return self.repeats * math.comb(self.folds, 2)


def choose_settings(task: Task, *, seconds: float, seed: int) -> Settings:
    """As many images as fit the budget, then as many repeats, and then copies.

    A few images are looked at even if that takes longer.
    """
    size = _first_size(task, seconds)
    for more in range(2, _MOST_REPEATS + 1):
        size = _larger(task, size, Size(size.images, size.copies, size.folds, more), seconds)
    for more in range(_COPIES + 1, min(task.copies, MOST_COPIES) + 1):
        size = _larger(task, size, Size(size.images, more, size.folds, size.repeats), seconds)
    return Settings(
        seconds=seconds,
        seed=seed,
        images=size.images,
        available=task.available,
        copies=size.copies,
        folds=size.folds,
        repeats=size.repeats,
        steps=_STEPS,
        networks=SIDE_BY_SIDE * size.splits,
        arms=task.arms,
        memory_mib=_memory_mib(task, size),
    )


def _first_size(task: Task, seconds: float) -> Size:
    """The most images that fit, with as many folds as that leaves time for."""
    most = min(task.available, MOST_IMAGES)
    least = min(most, _LEAST_IMAGES)
    numbers = [*range(most, least, -_STEP), least]
    sizes = [Size(images, _COPIES, folds, 1) for folds in _FOLDS for images in numbers]
    fitting = (size for size in sizes if expected_seconds(task, size) <= seconds)
    return next(fitting, Size(least, 1, _FOLDS[-1], 1))


def _larger(task: Task, size: Size, larger: Size, seconds: float) -> Size:
    """The larger one, if there is time for it."""
    return larger if expected_seconds(task, larger) <= seconds else size


def expected_seconds(task: Task, size: Size) -> float:
    """What a probe of this size would take."""
    arms = task.arms + _EXTRA_ARMS
    per_step = _PER_STEP + task.read_pixels * _PER_PIXEL_OF_STEP
    per_copy = _PER_COPY + task.steps * per_step
    reading = 2 * size.images * (_PER_IMAGE + task.stored_pixels * _PER_PIXEL_READ)
    training = size.splits * (FIRST_STEPS + 1 + arms) * _STEPS * _PER_TRAINING_STEP
    # Two folds are read of each split, and in some arms the copies as well.
    asked = size.splits * 2 / size.folds * size.images * (1 + size.copies / 4) * _PER_READING
    work = reading + arms * (size.images * size.copies * per_copy + asked) + training
    return _START + work / (1 + _WORKER_SHARE * (task.workers - 1))


def _memory_mib(task: Task, size: Size) -> int:
    """What a probe takes at most, beyond the program itself, in all processes."""
    pictures = (task.arms * size.copies + 1) * size.images * _PICTURE
    values = (2 * size.copies + 2) * size.images * _PICTURE * 2 * _NUMBER
    batch = BATCH * _PICTURE * 64 * _NUMBER
    return math.ceil((pictures + task.workers * (values + batch + _PER_WORKER)) / _MIB)
