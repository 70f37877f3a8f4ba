"""One image's way through: read, decode, draw, apply, encode, write, record.

Of a small image most of the time goes into the code around its pixels, and code is quick where it
has just run. So each step is done for several images in a row, as many as `_AT_ONCE` holds; of
large images, that is one.
"""

import os
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from functools import wraps
from typing import Any, TypeVar

from augcli.datasets.base import Loaded
from augcli.datasets.targets import LoadedTargets
from augcli.errors import SourceError
from augcli.images.files import sha256_bytes, write_atomic
from augcli.pipeline.jobs import (
    Job,
    Outcome,
    Setting,
    Target,
    changed_meanwhile,
    enough_memory,
    failure_of,
)
from augcli.pipeline.records import Failure, Record
from augcli.pipeline.rendering import (
    Rendered,
    annotation_file,
    encoded,
    recipe_of,
    source_sample,
)
from augcli.pipeline.standardizing import read_statistics
from augcli.transforms.base import Sample
from augcli.transforms.recipe import Recipe, apply_recipe

_AT_ONCE = 2**21  # bytes of pixels between two steps, which a cache holds


def run_jobs(setting: Setting, jobs: Sequence[Job]) -> list[Outcome]:
    """Does some jobs. What is wrong with the source of one becomes part of its outcome.

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
    for source in sources:
        source.draw()
    drawn = [copy for source in sources for copy in source.copies()]
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


_Step = Callable[[_UnderWay], None]


def _unless_failed(stage: str) -> Callable[[_Step[_UnderWay]], _Step[_UnderWay]]:
    """Makes a step be left out where one before it has failed; if it fails, that is noted.

    Args:
        stage: What it counts as when memory runs out.
    """

    def decorate(step: _Step[_UnderWay]) -> _Step[_UnderWay]:
        @wraps(step)
        def guarded(thing: _UnderWay) -> None:
            source = thing.source
            if source.failure is not None:
                return
            try:
                with enough_memory(stage):
                    step(thing)
            except SourceError as error:
                source.failure = failure_of(source.job, error)

        return guarded

    return decorate


def _bytes_of(sample: Sample) -> int:
    """How many bytes of pixels a sample holds."""
    return sample.image.nbytes + (0 if sample.mask is None else sample.mask.nbytes)


class _Source:
    """A source under way, and what has become of it.

    Args:
        setting: What all jobs share.
        job: Its job.
    """

    loaded: Loaded
    sample: Sample
    drawn: list[tuple[int | None, Recipe]]

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
        return _bytes_of(self.sample) * (1 + len(self.job.targets))

    @_unless_failed("decode")
    def load(self) -> None:
        """Reads and decodes it; one that fails keeps no pixels, as it holds none."""
        loaded = self.setting.reader.load(self.job.item, self.setting.config)
        _check_unchanged(self.job, loaded.sha256)
        self.sample = source_sample(loaded.picture, loaded.targets)
        self.loaded = loaded

    @_unless_failed("transform")
    def draw(self) -> None:
        """Draws the seed and the recipe of each copy."""
        config, item, size = self.setting.config, self.job.item, self.sample.size
        self.drawn = [recipe_of(config, item, size, target.copy) for target in self.job.targets]

    def copies(self) -> "list[_Copy]":
        """Its copies, as they were drawn; none if it cannot be used."""
        if self.failure is not None:
            return []
        return [
            _Copy(self, target, seed, recipe)
            for target, (seed, recipe) in zip(self.job.targets, self.drawn, strict=True)
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
    rendered: Rendered

    def __init__(self, source: _Source, target: Target, seed: int | None, recipe: Recipe) -> None:
        self.source = source
        self.target = target
        self.seed = seed
        self.recipe = recipe

    @property
    def held(self) -> int:
        """How many bytes of pixels it holds."""
        return 0 if self.source.failure is not None else _bytes_of(self.sample)

    @_unless_failed("transform")
    def apply(self) -> None:
        """Makes its pixels."""
        self.sample = apply_recipe(self.source.sample, self.recipe)

    @_unless_failed("encode")
    def encode(self) -> None:
        """Makes its files of them."""
        setting, loaded = self.source.setting, self.source.loaded
        statistics = read_statistics(setting.statistics)
        self.rendered = encoded(
            setting.config,
            loaded.picture,
            self.recipe,
            self.sample,
            statistics,
            targets=loaded.targets,
        )
        del self.sample  # many of a large size would fill the memory

    @_unless_failed("encode")
    def write(self) -> None:
        """Writes its image."""
        output = self.source.setting.output
        write_atomic(os.path.join(output, *self.target.name.split("/")), self.rendered.data)

    @_unless_failed("encode")
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


def _check_unchanged(job: Job, source_sha256: str) -> None:
    """Keeps copies of two versions of a source from standing side by side."""
    if job.source_sha256 not in {None, source_sha256}:
        raise changed_meanwhile()


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
