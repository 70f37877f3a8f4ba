"""One image's way through: read, decode, draw, apply, encode, write, record.

Of a small image most of the time goes into the code around its pixels, and code is quick where it
has just run. So each step is done for several images in a row, as many as `_AT_ONCE` holds; of
large images, that is one.
"""

import os
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cache, wraps
from typing import Any, TypeVar

import numpy as np

from augcli.annotations.masks import write_mask
from augcli.annotations.objects import placed_objects
from augcli.annotations.placed import PlacedObject
from augcli.config.schema import Config, is_channels_first
from augcli.datasets.base import Loaded
from augcli.datasets.items import Item
from augcli.datasets.targets import LoadedTargets
from augcli.errors import SourceError
from augcli.images.decode import Picture
from augcli.images.encode import encode
from augcli.images.files import sha256_bytes, write_atomic
from augcli.pipeline.jobs import Job, Outcome, Setting, Target, changed_meanwhile, failure_of
from augcli.pipeline.records import Failure, Record
from augcli.pipeline.seeds import copy_seed, generator
from augcli.pipeline.standardizing import read_statistics, standardized
from augcli.transforms.base import Sample, Size
from augcli.transforms.recipe import Recipe, apply_recipe, draw_recipe
from augcli.transforms.statistics import Statistics

_AT_ONCE = 2**21  # bytes of pixels between two steps, which a cache holds


def run_job(setting: Setting, job: Job) -> Outcome:
    """Does one job. What is wrong with its source becomes part of the outcome.

    Raises:
        OutputError: A copy could not be written.
    """
    [outcome] = run_jobs(setting, [job])
    return outcome


def run_jobs(setting: Setting, jobs: Sequence[Job]) -> list[Outcome]:
    """Does several jobs, as `run_job` does one.

    Raises:
        OutputError: A copy could not be written.
    """
    outcomes: list[Outcome] = []
    for sources in _portions((_Source(setting, job) for job in jobs), _Source.load):
        _make_copies(sources)
        outcomes += [source.outcome() for source in sources]
    return outcomes


def _make_copies(sources: Sequence["_Source"]) -> None:
    """Draws, applies, encodes, writes and records all copies of these sources."""
    drawn = [copy for source in sources for copy in source.draw()]
    for copies in _portions(drawn, _Copy.apply):
        for step in (_Copy.encode, _Copy.write, _Copy.record):
            for copy in copies:
                step(copy)


_UnderWay = TypeVar("_UnderWay", "_Source", "_Copy")


def _portions(
    things: Iterable[_UnderWay], step: Callable[[_UnderWay], None]
) -> Iterator[list[_UnderWay]]:
    """Does a step for each thing, and gives them in lists of about `_AT_ONCE`.

    A list is emptied before the next is begun, so that no more of them stay in memory.
    """
    portion: list[_UnderWay] = []
    held = 0
    for thing in things:
        step(thing)
        portion.append(thing)
        held += thing.held
        if held >= _AT_ONCE:
            yield portion
            portion.clear()
            held = 0
    yield portion


def _unless_failed(step: Callable[[_UnderWay], None]) -> Callable[[_UnderWay], None]:
    """The step, left out where one before it has failed; if it fails, that is noted."""

    @wraps(step)
    def guarded(thing: _UnderWay) -> None:
        source = thing.source
        if source.failure is not None:
            return
        try:
            step(thing)
        except SourceError as error:
            source.failure = failure_of(source.job, error)
        except MemoryError:
            source.failure = failure_of(source.job, too_large())

    return guarded


class _Source:
    """A source under way, and what has become of it.

    Args:
        setting: What all jobs share.
        job: Its job.
    """

    loaded: Loaded
    sample: Sample

    def __init__(self, setting: Setting, job: Job) -> None:
        self.setting = setting
        self.job = job
        self.failure: Failure | None = None
        self.records: list[Record] = []

    @property
    def source(self) -> "_Source":
        """Itself, as a copy has it."""
        return self

    @property
    def held(self) -> int:
        """About how many bytes of pixels it holds, and its copies will."""
        if self.failure is not None:
            return 0
        return self.loaded.picture.pixels.nbytes * (1 + len(self.job.targets))

    @_unless_failed
    def load(self) -> None:
        """Reads and decodes it."""
        self.loaded = self.setting.reader.load(self.job.item, self.setting.config)
        _check_unchanged(self.job, self.loaded.sha256)
        self.sample = source_sample(self.loaded.picture, self.loaded.targets)

    def draw(self) -> "list[_Copy]":
        """Its copies, as they are to be; none if it cannot be used."""
        if self.failure is not None:
            return []
        config, item, size = self.setting.config, self.job.item, self.sample.size
        return [
            _Copy(self, target, *recipe_of(config, item, size, target.copy))
            for target in self.job.targets
        ]

    def outcome(self) -> Outcome:
        """What became of its job."""
        if self.failure is not None:
            return Outcome(self.job, (), self.failure, ())
        return Outcome(self.job, tuple(self.records), None, self.loaded.picture.notes)


class _Copy:
    """A copy under way.

    Args:
        source: What it is made of.
        target: Its files.
        seed: What its recipe was drawn from; None for an original.
        recipe: What is to be done.
    """

    sample: Sample
    rendered: "Rendered"

    def __init__(self, source: _Source, target: Target, seed: int | None, recipe: Recipe) -> None:
        self.source = source
        self.target = target
        self.seed = seed
        self.recipe = recipe

    @property
    def held(self) -> int:
        """How many bytes of pixels it holds."""
        return 0 if self.source.failure is not None else self.sample.image.nbytes

    @_unless_failed
    def apply(self) -> None:
        """Makes its pixels."""
        self.sample = apply_recipe(self.source.sample, self.recipe)

    @_unless_failed
    def encode(self) -> None:
        """Makes its files of them."""
        setting, loaded = self.source.setting, self.source.loaded
        statistics = None if setting.statistics is None else read_statistics(setting.statistics)
        self.rendered = _encoded(
            setting.config,
            loaded.picture,
            self.recipe,
            self.sample,
            statistics,
            targets=loaded.targets,
        )
        del self.sample  # many of a large size would fill the memory

    @_unless_failed
    def write(self) -> None:
        """Writes its image."""
        output = self.source.setting.output
        write_atomic(os.path.join(output, *self.target.name.split("/")), self.rendered.data)

    @_unless_failed
    def record(self) -> None:
        """Records it, and writes its mask and its annotation file."""
        setting, job, loaded = self.source.setting, self.source.job, self.source.loaded
        record = Record(
            file_name=self.target.name,
            source=job.item.path,
            source_sha256=loaded.sha256,
            copy=self.target.copy,
            label=job.item.label,
            split=job.item.split,
            width=self.rendered.size.width,
            height=self.rendered.size.height,
            sha256=sha256_bytes(self.rendered.data),
            seed=self.seed,
            recipe=self.recipe,
            sample_weight=job.item.sample_weight,
        )
        if loaded.targets is not None:
            record = _with_targets(record, setting, self.target, self.rendered, loaded.targets)
        self.source.records.append(record)
        del self.rendered


def too_large() -> SourceError:
    """The error of a source that fills the memory."""
    return SourceError("decode", "there is not enough memory for an image of this size")


def _check_unchanged(job: Job, source_sha256: str) -> None:
    """Keeps copies of two versions of a source from standing side by side."""
    if job.source_sha256 not in {None, source_sha256}:
        raise changed_meanwhile()


@dataclass(frozen=True, slots=True)
class Rendered:
    """One copy in memory.

    Attributes:
        data: The content of its file.
        size: Its height and width.
        channels: How many channels it has.
        recipe: What was done.
        seed: What that was drawn from; None for an original, and for what is on record.
        mask: The content of its mask's file, None without a mask.
        objects: What is left of its source's objects, None without annotations.
    """

    data: bytes
    size: Size
    channels: int
    recipe: Recipe
    seed: int | None = None
    mask: bytes | None = None
    objects: list[PlacedObject] | None = None


def render(
    config: Config,
    item: Item,
    picture: Picture,
    copy: int | None,
    statistics: Statistics | None = None,
    *,
    targets: LoadedTargets | None = None,
) -> Rendered:
    """Draws, applies, standardises and encodes one copy of a decoded source; its original for None.

    Raises:
        SourceError: It cannot be standardised, or a format cannot hold it.
    """
    seed, recipe = recipe_of(config, item, Size(*picture.pixels.shape[:2]), copy)
    rendered = render_recipe(config, picture, recipe, statistics, targets=targets)
    return replace(rendered, seed=seed)


def render_recipe(
    config: Config,
    picture: Picture,
    recipe: Recipe,
    statistics: Statistics | None = None,
    *,
    targets: LoadedTargets | None = None,
) -> Rendered:
    """What a recipe makes of a decoded source.

    Raises:
        SourceError: It cannot be standardised, or a format cannot hold it.
    """
    result = apply_recipe(source_sample(picture, targets), recipe)
    return _encoded(config, picture, recipe, result, statistics, targets=targets)


def _encoded(
    config: Config,
    picture: Picture,
    recipe: Recipe,
    result: Sample,
    statistics: Statistics | None,
    *,
    targets: LoadedTargets | None,
) -> Rendered:
    """The files of a copy, `result`, which a recipe has made of a decoded source."""
    image = standardized(result.image, config, statistics)
    data = encode(image, config, picture.icc_profile, channels_first=is_channels_first(config))
    rendered = Rendered(data, result.size, int(image.shape[2]), recipe)
    if targets is None:
        return rendered
    return replace(
        rendered,
        mask=_mask_file(result, targets),
        objects=_objects(config, result, recipe, targets),
    )


def _mask_file(result: Sample, targets: LoadedTargets) -> bytes | None:
    if targets.mask is None or result.mask is None:
        return None
    return write_mask(replace(targets.mask, ids=result.mask))


def _objects(
    config: Config, result: Sample, recipe: Recipe, targets: LoadedTargets
) -> list[PlacedObject] | None:
    """What is left of the objects; all of them where nothing happened, as to an original."""
    annotations, settings = targets.annotations, config.annotations
    if annotations is None or settings is None:
        return None
    return placed_objects(
        result.instances,
        annotations.labels,
        result.size,
        min_visibility=settings.min_visibility if recipe else 0.0,
        min_area=settings.min_area if recipe else 0.0,
    )


def recipe_of(
    config: Config, item: Item, size: Size, copy: int | None
) -> tuple[int | None, Recipe]:
    """The seed and the recipe of one copy of an image of `size`; of its original for None."""
    if copy is None:
        return None, []
    seed = copy_seed(int(config.seed), item.key, copy)
    return seed, draw_recipe(config.transforms, generator(seed), size)


def _with_targets(
    record: Record, setting: Setting, target: Target, copy: Rendered, targets: LoadedTargets
) -> Record:
    """Writes a copy's mask and annotation file; gives its record with what is said of them."""
    digests = targets.digests
    files = {"mask": (target.mask, copy.mask)}
    files["annotations"] = (target.annotations, annotation_file(copy, target, targets))
    said: dict[str, Any] = {}
    for key, (name, data) in files.items():
        if name is not None and data is not None:
            write_atomic(os.path.join(setting.output, *name.split("/")), data)
            said |= {key: name, f"{key}_sha256": sha256_bytes(data)}
    return replace(
        record,
        mask_source_sha256=digests.mask,
        annotations_source_sha256=digests.annotations,
        objects=copy.objects,
        **said,
    )


def annotation_file(copy: Rendered, target: Target, targets: LoadedTargets) -> bytes | None:
    """The content of a copy's annotation file; None where it gets none of its own."""
    annotations = targets.annotations
    if target.annotations is None or annotations is None or annotations.write is None:
        return None
    return annotations.write(copy.objects or [], copy.size, copy.channels, target.name)


def source_sample(picture: Picture, targets: LoadedTargets | None = None) -> Sample:
    """The decoded source as a sample; the levels of an integer image are its dtype's range."""
    sample = Sample(picture.pixels, _levels_of(picture.pixels.dtype))
    if targets is None:
        return sample
    return replace(
        sample,
        mask=None if targets.mask is None else targets.mask.ids,
        instances=() if targets.annotations is None else targets.annotations.instances,
        rules=targets.rules,
    )


@cache
def _levels_of(dtype: np.dtype[Any]) -> tuple[int, int] | None:
    if not np.issubdtype(dtype, np.integer):
        return None
    info = np.iinfo(dtype)
    return int(info.min), int(info.max)
