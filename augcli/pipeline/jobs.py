"""Units of work, and what becomes of them: what the parent and its workers say to each other.

What there are many of has no slots: pickle handles the slots of a frozen dataclass in Python, field
by field, which takes ten times as long as a plain `__dict__`.
"""

import posixpath
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from augcli.config.schema import Config
from augcli.datasets.base import Reader
from augcli.datasets.items import Item
from augcli.errors import SourceError
from augcli.pipeline.records import Failure, Record
from augcli.pipeline.shards.targets import Targets

COPIES_PER_JOB = 64
"""Most copies in one job: beyond that, decoding once more costs next to nothing."""


@dataclass(frozen=True)
class Target:
    """One copy to be.

    Attributes:
        name: Path of its file, relative to the output.
        copy: Its number, None for the original.
        mask: Path of its mask, None where there are no masks.
        annotations: Path of its annotation file, None where there are none, or one for all.
    """

    name: str
    copy: int | None
    mask: str | None = None
    annotations: str | None = None

    @property
    def files(self) -> tuple[str, ...]:
        """All files that may be written, the copy's own first."""
        further = (name for name in (self.mask, self.annotations) if name is not None)
        return (self.name, *further)


@dataclass(frozen=True)
class Job:
    """One unit of work: one source, decoded once for some of its copies.

    Attributes:
        item: The source.
        targets: The files to write.
        source_sha256: Digest that the source must have, where other copies of it stand already.
    """

    item: Item
    targets: tuple[Target, ...]
    source_sha256: str | None = None

    @property
    def copies(self) -> int:
        """How many copies it makes."""
        return len(self.targets)

    @property
    def names(self) -> tuple[str, ...]:
        """The files that it may write."""
        return tuple(name for target in self.targets for name in target.files)

    @property
    def first_files(self) -> tuple[str, ...]:
        """Those of the first copy."""
        return self.targets[0].files

    @property
    def further_folders(self) -> set[str]:
        """The folders of masks and annotation files."""
        return {posixpath.dirname(name) for target in self.targets for name in target.files[1:]}


@dataclass(frozen=True, slots=True)
class ShardJob:
    """Another unit of work: one shard, which has one copy of each of some sources.

    Attributes:
        name: Path of the shard, relative to the output.
        copy: Number of the epoch, which is that of each copy; None for the originals.
        items: The sources, in the order of the shard.
        without: Keys of those among them that are not to be touched.
        is_trial: Only try whether they can be used, and write nothing.
    """

    name: str
    copy: int | None
    items: tuple[Item, ...]
    without: frozenset[str] = frozenset()
    is_trial: bool = False

    @property
    def copies(self) -> int:
        """How many copies it makes."""
        return len(self.items)

    @property
    def names(self) -> tuple[str, ...]:
        """The file that it writes."""
        return (self.name,)

    @property
    def first_files(self) -> tuple[str, ...]:
        """The same."""
        return self.names


def split_job(job: Job, parts: int) -> list[Job]:
    """The job as about `parts` jobs of equal size, so that few sources still use all workers."""
    size = -(-len(job.targets) // max(1, parts))
    size = min(max(1, size), COPIES_PER_JOB)
    return [
        Job(job.item, job.targets[start : start + size], job.source_sha256)
        for start in range(0, len(job.targets), size)
    ]


@dataclass(frozen=True, slots=True)
class StatisticsFile:
    """Where the statistics of a run are, and the digest of what they are."""

    path: str
    digest: str


@dataclass(frozen=True, slots=True)
class Setting:
    """What all jobs of a run share.

    Attributes:
        config: The resolved config; its seed is a number.
        reader: Reads the samples of the data set.
        output: Folder to write to.
        statistics: What standardisation takes its numbers from, None where it needs none.
        targets: How the `y` of shards is made; None where no shards are.
    """

    config: Config
    reader: Reader
    output: str
    statistics: StatisticsFile | None = None
    targets: Targets | None = None


@dataclass(frozen=True)
class Outcome:
    """What became of one job.

    Attributes:
        job: The job.
        records: The copies written; empty when the source could not be used.
        failure: Why it could not, None where it could.
        notes: What a person might want to know of the source.
    """

    job: Job
    records: tuple[Record, ...]
    failure: Failure | None
    notes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ShardOutcome:
    """What became of one shard.

    Attributes:
        job: The shard.
        records: The copies in it; empty when no source could be used, and nothing was written.
        failures: The sources that could not be used, and why.
        notes: What a person might want to know of the others.
    """

    job: ShardJob
    records: tuple[Record, ...]
    failures: tuple[Failure, ...]
    notes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ChunkOutcome:
    """What became of a run of jobs, and the seconds that it took."""

    outcomes: tuple[Outcome | ShardOutcome, ...]
    seconds: float


def changed_meanwhile() -> SourceError:
    """What is wrong with a source of which one version is on record and another was read."""
    return SourceError("read", "it changed while the run went on; run the command again")


@contextmanager
def enough_memory(stage: str) -> Iterator[None]:
    """Makes it the fault of a source that memory runs out while something is done to it.

    Args:
        stage: What is done, as `SourceError` has it.

    Raises:
        SourceError: Memory ran out.
    """
    try:
        yield
    except MemoryError as error:
        message = "there is not enough memory for an image of this size"
        raise SourceError(stage, message) from error


def failure_of(job: Job, error: SourceError) -> Failure:
    """The line of failures.jsonl that `error` makes of the job's source."""
    cause = error.__cause__
    name = type(cause if cause is not None else error).__name__
    return Failure(job.item.path, error.stage, name, str(error))
