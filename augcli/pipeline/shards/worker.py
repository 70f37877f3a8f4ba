"""One shard's way: each of its sources read, drawn, applied and standardised, then all written."""

import os
from collections.abc import Iterable, Sequence
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from augcli.config.schema import Config, is_channels_first
from augcli.datasets.base import Loaded
from augcli.datasets.items import VALIDATION, Item, Label
from augcli.errors import AugcliError, SourceError
from augcli.images.decode import Picture
from augcli.images.files import sha256_bytes, write_if_changed
from augcli.images.npz import npz_bytes
from augcli.images.pixels import stretch
from augcli.pipeline.jobs import Job, Setting, ShardJob, ShardOutcome, enough_memory, failure_of
from augcli.pipeline.records import Failure, Record
from augcli.pipeline.rendering import recipe_of, source_sample
from augcli.pipeline.shards.targets import Targets, target_arrays
from augcli.pipeline.standardizing import read_statistics, standardized
from augcli.transforms.base import Size
from augcli.transforms.recipe import Recipe, apply_recipe
from augcli.transforms.statistics import Statistics


class ShardSample(NamedTuple):
    """One sample of a shard.

    Attributes:
        source: Path of its source.
        array: What stands in `x`.
        label: Label of its source.
        weight: What its source counts for.
    """

    source: str
    array: NDArray[Any]
    label: Label
    weight: float | None


class _Made(NamedTuple):
    """A copy in memory, and how it came about."""

    item: Item
    source_sha256: str
    array: NDArray[Any]
    size: Size
    seed: int | None
    recipe: Recipe
    notes: tuple[str, ...]


def run_shard(setting: Setting, job: ShardJob) -> ShardOutcome:
    """Does one shard. A source that cannot be used leaves it one sample short.

    Raises:
        OutputError: It could not be written.
        AugcliError: Its samples do not go together.
    """
    made: list[_Made] = []
    failures: list[Failure] = []
    for item in job.items:
        if item.key in job.without:
            continue
        try:
            made.append(_make(setting, item, job.copy))
        except SourceError as error:
            failures.append(failure_of(Job(item, ()), error))
    if job.is_trial:
        return ShardOutcome(job, (), (), ())
    records = _write(setting, job, made) if made else ()
    notes = tuple(note for copy in made if _is_first(job, copy.item) for note in copy.notes)
    return ShardOutcome(job, records, tuple(failures), notes)


def _is_first(job: ShardJob, item: Item) -> bool:
    """Whether no other shard has a copy of the source that comes before; it is noted once."""
    return job.copy == 0 or item.split == VALIDATION


def _make(setting: Setting, item: Item, copy: int | None) -> _Made:
    """A copy of one source.

    Raises:
        SourceError: The source cannot be used.
    """
    with enough_memory("decode"):
        loaded: Loaded = setting.reader.load(item, setting.config)
    picture = loaded.picture
    with enough_memory("transform"):
        seed, recipe = recipe_of(setting.config, item, source_sample(picture).size, copy)
        statistics = read_statistics(setting.statistics)
        array, size = sample_array(setting.config, picture, recipe, statistics)
    return _Made(item, loaded.sha256, array, size, seed, recipe, picture.notes)


def sample_array(
    config: Config, picture: Picture, recipe: Recipe, statistics: Statistics | None
) -> tuple[NDArray[Any], Size]:
    """What a recipe makes of a decoded source, as it stands in `x`, and the copy's size.

    Raises:
        SourceError: It cannot be standardised.
    """
    result = apply_recipe(source_sample(picture), recipe)
    image = standardized(result.image, config, statistics)
    if config.save_scale == "minmax":
        image = stretch(image)
    if is_channels_first(config):
        image = np.ascontiguousarray(np.moveaxis(image, -1, 0))
    return image, result.size


def _write(setting: Setting, job: ShardJob, made: Sequence[_Made]) -> tuple[Record, ...]:
    """Writes the shard, unless it holds just this already, and records its copies."""
    samples = [
        ShardSample(copy.item.path, copy.array, copy.item.label, copy.item.sample_weight)
        for copy in made
    ]
    data = shard_bytes(samples, _targets(setting))
    write_if_changed(os.path.join(setting.output, *job.name.split("/")), data)
    sha256 = sha256_bytes(data)
    return tuple(
        Record(
            file_name=job.name,
            source=copy.item.path,
            source_sha256=copy.source_sha256,
            copy=job.copy,
            label=copy.item.label,
            split=copy.item.split,
            width=copy.size.width,
            height=copy.size.height,
            sha256=sha256,
            seed=copy.seed,
            recipe=copy.recipe,
            sample_weight=copy.item.sample_weight,
            index=index,
        )
        for index, copy in enumerate(made)
    )


def _targets(setting: Setting) -> Targets:
    return Targets(None) if setting.targets is None else setting.targets


def shard_bytes(samples: Sequence[ShardSample], targets: Targets) -> bytes:
    """The content of a shard: `x`, `y` where there are labels, `sample_weight` where there are.

    Args:
        samples: Its samples, one at least.
        targets: How `y` is made.

    Raises:
        AugcliError: They do not go together, or there is not enough memory.
    """
    _check_go_together(samples)
    try:
        arrays = {"x": np.stack([sample.array for sample in samples])}
        arrays |= target_arrays(targets, [sample.label for sample in samples])
        weights = [sample.weight for sample in samples]
        if None not in weights:
            arrays["sample_weight"] = np.array(weights, np.float64)
        return npz_bytes(arrays)
    except MemoryError as error:
        raise AugcliError(
            f"there is not enough memory for a shard of {len(samples)} copies: set a smaller "
            f"batch_size"
        ) from error


def _check_go_together(samples: Iterable[ShardSample]) -> None:
    """Makes sure that all samples have one shape and one dtype.

    Raises:
        AugcliError: They have not.
    """
    first, *others = samples
    for other in others:
        if other.array.shape != first.array.shape:
            raise AugcliError(
                f"the copies in a shard need one shape: {first.source} has "
                f"{first.array.shape}, and {other.source} {other.array.shape}; set target_size, "
                f"and color_mode where the channels differ"
            )
        if other.array.dtype != first.array.dtype:
            raise AugcliError(
                f"the copies in a shard need one type: {first.source} has {first.array.dtype}, "
                f"and {other.source} {other.array.dtype}; set depth: 8, or dtype: float32 under "
                f"transforms"
            )
