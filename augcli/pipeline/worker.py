"""One image's way through: read, decode, draw, apply, encode, write, record."""

import os
from dataclasses import dataclass

import numpy as np

from augcli.config.schema import Config, is_channels_first
from augcli.datasets.base import Loaded
from augcli.datasets.items import Item
from augcli.errors import SourceError
from augcli.images.decode import Picture
from augcli.images.encode import encode
from augcli.images.files import sha256_bytes, write_atomic
from augcli.pipeline.jobs import Job, Outcome, Setting, Target, changed_meanwhile, failure_of
from augcli.pipeline.records import Record
from augcli.pipeline.seeds import copy_seed, generator
from augcli.pipeline.standardizing import read_statistics, standardized
from augcli.transforms.base import Sample, Size
from augcli.transforms.recipe import Recipe, apply_recipe, draw_recipe
from augcli.transforms.statistics import Statistics


def run_job(setting: Setting, job: Job) -> Outcome:
    """Does one job. What is wrong with its source becomes part of the outcome.

    Raises:
        OutputError: A copy could not be written.
    """
    try:
        loaded = setting.reader.load(job.item, setting.config)
        _check_unchanged(job, loaded.sha256)
        records = tuple(_make_copy(setting, job, target, loaded) for target in job.targets)
    except SourceError as error:
        return Outcome(job, (), failure_of(job, error), ())
    except MemoryError:
        return Outcome(job, (), failure_of(job, too_large()), ())
    return Outcome(job, records, None, loaded.picture.notes)


def too_large() -> SourceError:
    """The error of a source that fills the memory."""
    return SourceError("decode", "there is not enough memory for an image of this size")


def _check_unchanged(job: Job, source_sha256: str) -> None:
    """Keeps copies of two versions of a source from standing side by side."""
    if job.source_sha256 not in {None, source_sha256}:
        raise changed_meanwhile()


@dataclass(frozen=True, slots=True)
class Rendered:
    """One copy in memory: the content of its file, its size, and how it came about."""

    data: bytes
    size: Size
    seed: int | None
    recipe: Recipe


def render(
    config: Config,
    item: Item,
    picture: Picture,
    copy: int | None,
    statistics: Statistics | None = None,
) -> Rendered:
    """Draws, applies, standardises and encodes one copy of a decoded source; its original for None.

    Raises:
        SourceError: It cannot be standardised, or the format cannot hold it.
    """
    seed, recipe = recipe_of(config, item, Size(*picture.pixels.shape[:2]), copy)
    data, size = render_recipe(config, picture, recipe, statistics)
    return Rendered(data, size, seed, recipe)


def render_recipe(
    config: Config, picture: Picture, recipe: Recipe, statistics: Statistics | None = None
) -> tuple[bytes, Size]:
    """What a recipe makes of a decoded source: the content of the copy's file, and its size.

    Raises:
        SourceError: It cannot be standardised, or the format cannot hold it.
    """
    result = apply_recipe(source_sample(picture), recipe)
    image = standardized(result.image, config, statistics)
    data = encode(image, config, picture.icc_profile, channels_first=is_channels_first(config))
    return data, result.size


def recipe_of(
    config: Config, item: Item, size: Size, copy: int | None
) -> tuple[int | None, Recipe]:
    """The seed and the recipe of one copy of an image of `size`; of its original for None."""
    if copy is None:
        return None, []
    seed = copy_seed(int(config.seed), item.key, copy)
    return seed, draw_recipe(config.transforms, generator(seed), size)


def _make_copy(setting: Setting, job: Job, target: Target, loaded: Loaded) -> Record:
    """Renders and writes one copy."""
    statistics = None if setting.statistics is None else read_statistics(setting.statistics)
    copy = render(setting.config, job.item, loaded.picture, target.copy, statistics)
    write_atomic(os.path.join(setting.output, *target.name.split("/")), copy.data)
    return Record(
        file_name=target.name,
        source=job.item.path,
        source_sha256=loaded.sha256,
        copy=target.copy,
        label=job.item.label,
        split=job.item.split,
        width=copy.size.width,
        height=copy.size.height,
        sha256=sha256_bytes(copy.data),
        seed=copy.seed,
        recipe=copy.recipe,
        sample_weight=job.item.sample_weight,
    )


def source_sample(picture: Picture) -> Sample:
    """The decoded source as a sample; the levels of an integer image are its dtype's range."""
    dtype = picture.pixels.dtype
    if np.issubdtype(dtype, np.integer):
        info = np.iinfo(dtype)
        return Sample(picture.pixels, (int(info.min), int(info.max)))
    return Sample(picture.pixels, None)
