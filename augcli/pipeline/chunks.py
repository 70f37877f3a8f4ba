"""What goes to a worker at once: chunks of jobs.

Enough that handing over costs nothing, and few enough that all workers finish together.
"""

import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from augcli.pipeline.jobs import ChunkOutcome, Job, Setting, ShardJob

_CHUNK_SECONDS = 0.15
_CHUNK_JOBS = 64
_TRIES = 2  # a source that ends two workers is given up


@dataclass(frozen=True, slots=True)
class Chunk:
    """Jobs that go to a worker together, and how many workers these jobs have ended."""

    jobs: tuple[Job | ShardJob, ...]
    deaths: int = 0

    @property
    def copies(self) -> int:
        """How many files the chunk makes."""
        return sum(job.copies for job in self.jobs)

    def after_death(self) -> "list[Chunk]":
        """What to try next, now that a worker ended on this chunk: each of its jobs alone.

        Empty when that has been tried: the chunk's only job is to be given up.
        """
        if self.deaths + 1 >= _TRIES and len(self.jobs) == 1:
            return []
        return [Chunk((job,), self.deaths + 1) for job in self.jobs]


class Chunker:
    """Groups jobs into chunks of about equal time, smaller towards the end.

    Args:
        jobs: The jobs, which are drawn as chunks are asked for.
        copies: About how many copies there are in all.
        workers: How many workers share them.
    """

    def __init__(self, jobs: Iterator[Job | ShardJob], *, copies: int, workers: int) -> None:
        self._jobs = jobs
        self._remaining = copies
        self._workers = workers
        self._seconds_per_copy: float | None = None

    def learn(self, copies: int, seconds: float) -> None:
        """Takes note of how long a chunk took."""
        if copies:
            measured = seconds / copies
            known = self._seconds_per_copy
            self._seconds_per_copy = measured if known is None else 0.7 * known + 0.3 * measured

    def next(self) -> Chunk | None:
        """The next chunk; None when there are no more jobs."""
        wanted = self._copies_wanted()
        jobs: list[Job | ShardJob] = []
        copies = 0
        while copies < wanted and len(jobs) < _CHUNK_JOBS:
            job = next(self._jobs, None)
            if job is None:
                break
            jobs.append(job)
            copies += job.copies
        self._remaining -= copies
        return Chunk(tuple(jobs)) if jobs else None

    def _copies_wanted(self) -> int:
        if self._seconds_per_copy is None:
            return 1
        by_time = int(_CHUNK_SECONDS / max(self._seconds_per_copy, 1e-6))
        by_share = self._remaining // (4 * self._workers)
        return max(1, min(by_time, by_share))


def run_chunk(setting: Setting, jobs: Sequence[Job | ShardJob]) -> ChunkOutcome:
    """Does some jobs; see `worker.run_jobs` and `shards.worker.run_shard`.

    Raises:
        OutputError: A copy could not be written.
        AugcliError: The copies in a shard do not go together.
    """
    from augcli.pipeline.shards.worker import run_shard  # noqa: PLC0415  loads pixel libraries
    from augcli.pipeline.worker import run_jobs  # noqa: PLC0415  the same

    start = time.perf_counter()
    shards = [run_shard(setting, job) for job in jobs if isinstance(job, ShardJob)]
    others = run_jobs(setting, [job for job in jobs if isinstance(job, Job)])
    return ChunkOutcome((*shards, *others), time.perf_counter() - start)
