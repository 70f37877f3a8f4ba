"""One image's way through: read, decode, draw, apply, encode, write, record."""

import os
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from augcli.config.schema import Config
from augcli.datasets.items import Item
from augcli.errors import SourceError
from augcli.images.decode import Picture, decode
from augcli.images.encode import encode
from augcli.images.files import read_bytes, sha256_bytes, write_atomic
from augcli.pipeline.jobs import Job, Outcome, Setting, Target, failure_of
from augcli.pipeline.records import Record
from augcli.pipeline.seeds import copy_seed, generator
from augcli.transforms.base import Sample, Size
from augcli.transforms.ranges import Ranges
from augcli.transforms.recipe import Recipe, apply_recipe, draw_recipe


def run_job(setting: Setting, job: Job) -> Outcome:
    """Does one job. What is wrong with its source becomes part of the outcome.

    Raises:
        OutputError: A copy could not be written.
    """
    try:
        data = read_bytes(job.item.file_in(setting.source))
        source_sha256 = sha256_bytes(data)
        _check_unchanged(job, source_sha256)
        picture = decode(data, setting.config)
        records = tuple(
            _make_copy(setting, job, target, picture, source_sha256) for target in job.targets
        )
    except SourceError as error:
        return Outcome(job, (), failure_of(job, error), ())
    except MemoryError:
        message = "there is not enough memory for an image of this size"
        return Outcome(job, (), failure_of(job, SourceError("decode", message)), ())
    return Outcome(job, records, None, picture.notes)


def _check_unchanged(job: Job, source_sha256: str) -> None:
    """Keeps copies of two versions of a source from standing side by side."""
    if job.source_sha256 not in {None, source_sha256}:
        raise SourceError("read", "it changed while the run went on; run the command again")


@dataclass(frozen=True, slots=True)
class Rendered:
    """One copy in memory: the content of its file, its size, and how it came about."""

    data: bytes
    size: Size
    seed: int | None
    recipe: Recipe


def render(config: Config, item: Item, picture: Picture, copy: int | None) -> Rendered:
    """Draws, applies and encodes one copy of a decoded source; its original for None.

    Raises:
        SourceError: The format cannot hold it.
    """
    sample = source_sample(picture)
    recipe: Recipe = []
    seed = None
    if copy is not None:
        seed = copy_seed(int(config.seed), item.path, copy)
        recipe = draw_recipe(config.transforms, generator(seed), sample.size)
    result = apply_recipe(sample, recipe)
    data = encode(arrange(result.image, config), config, picture.icc_profile)
    return Rendered(data, result.size, seed, recipe)


def _make_copy(
    setting: Setting, job: Job, target: Target, picture: Picture, source_sha256: str
) -> Record:
    """Renders and writes one copy."""
    copy = render(setting.config, job.item, picture, target.copy)
    write_atomic(os.path.join(setting.output, *target.name.split("/")), copy.data)
    return Record(
        file_name=target.name,
        source=job.item.path,
        source_sha256=source_sha256,
        copy=target.copy,
        label=job.item.label,
        split=job.item.split,
        width=copy.size.width,
        height=copy.size.height,
        sha256=sha256_bytes(copy.data),
        seed=copy.seed,
        recipe=copy.recipe,
    )


def source_sample(picture: Picture) -> Sample:
    """The decoded source as a sample; the levels of an integer image are its dtype's range."""
    dtype = picture.pixels.dtype
    if np.issubdtype(dtype, np.integer):
        info = np.iinfo(dtype)
        return Sample(picture.pixels, (int(info.min), int(info.max)))
    return Sample(picture.pixels, None)


def arrange(image: NDArray[np.generic], config: Config) -> NDArray[np.generic]:
    """The image with its axes as `data_format` has them; only arrays have a choice of it."""
    for step in config.transforms:
        if isinstance(step.transform, Ranges) and step.transform.data_format == "channels_first":
            return np.ascontiguousarray(np.moveaxis(image, -1, 0))
    return image
