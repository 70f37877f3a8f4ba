"""The main job: N recorded copies of every image in a data set."""

import os
import sqlite3
import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, Executor, Future, wait
from contextlib import ExitStack, closing, suppress
from dataclasses import asdict, dataclass, replace
from itertools import zip_longest
from typing import TYPE_CHECKING, Any

from augcli.config.schema import Config
from augcli.datasets.open import open_dataset
from augcli.errors import OutputError, SourceError
from augcli.images.files import atomic_file, explain_output, write_if_changed
from augcli.pipeline.chunks import Chunk, Chunker, run_chunk
from augcli.pipeline.executors import (
    ProcessExecutor,
    SerialExecutor,
    WorkerDiedError,
    start_server,
    usable_cpus,
)
from augcli.pipeline.interruption import Interruption
from augcli.pipeline.jobs import (
    ChunkOutcome,
    Job,
    Outcome,
    Setting,
    ShardJob,
    ShardOutcome,
    changed_meanwhile,
    failure_of,
    split_job,
)
from augcli.pipeline.ledger import Ledger
from augcli.pipeline.lock import hold
from augcli.pipeline.places import made, output_folder, source_path
from augcli.pipeline.plan import Plan, PlannedItem
from augcli.pipeline.progress import Progress, SilentProgress
from augcli.pipeline.records import (
    FAILURES,
    MANIFEST,
    RUN,
    STATISTICS,
    Failure,
    is_inner_file,
)
from augcli.pipeline.run_seed import with_seed_of_run
from augcli.pipeline.settings import (
    code_versions,
    has_statistics,
    read_run,
    run_digest,
    run_text,
    versions,
)
from augcli.pipeline.shards.plan import ShardPlan, open_plan
from augcli.pipeline.shards.targets import find_targets
from augcli.pipeline.shards.trial import ShardTrials
from augcli.pipeline.shared_files import SharedFile, recorded_files, shared_files
from augcli.pipeline.survey import Survey, survey

if TYPE_CHECKING:
    from augcli.pipeline.run_statistics import RunStatistics

_VERSIONS = 4096
_LOOK_SECONDS = 0.1  # how often a run looks whether it is to stop


@dataclass(frozen=True, slots=True)
class Summary:
    """What a run did.

    Attributes:
        sources: Images in the data set.
        copies: Copies that the output now has.
        written: Copies written by this run.
        kept: Copies that stood already.
        removed: Copies of earlier runs that the plan no longer has.
        failed: Sources that could not be used.
        seconds: Wall time.
        notes: What was noted of sources, and of how many.
        output: The output folder.
        fitted: Images that this run measured for its statistics.
        warnings: What a person should know of these, and of the split.
    """

    sources: int
    copies: int
    written: int
    kept: int
    removed: int
    failed: int
    seconds: float
    notes: dict[str, int]
    output: str
    fitted: int = 0
    warnings: tuple[str, ...] = ()

    @property
    def rate(self) -> float:
        """Copies written a second."""
        return self.written / self.seconds if self.seconds else 0.0

    def as_json(self) -> dict[str, Any]:
        """The summary as plain values."""
        return {**asdict(self), "rate": self.rate, "manifest": os.path.join(self.output, MANIFEST)}


def expand(
    config: Config,
    *,
    workers: int | None = None,
    progress: Progress | None = None,
    interruption: Interruption | None = None,
    task_timeout: float | None = None,
) -> Summary:
    """Writes the copies that `config` asks for, and their manifest.

    Args:
        config: The resolved config.
        workers: How many processes; 0 for none but this one; None for the usable processors.
        progress: Shows how it goes.
        interruption: Tells the run to stop.
        task_timeout: Seconds that a worker may take for one task; None for no limit.

    Raises:
        UsageError: Source or output cannot be used as asked; nothing was written.
        OutputBusyError: Another run holds the output.
        OutputError: The output cannot be written to.
        InterruptedRunError: The run was told to stop; the same call resumes.
    """
    start = time.perf_counter()
    source = source_path(config)
    output = output_folder(config, source)
    is_drawn = config.seed == "random"
    config = with_seed_of_run(config, output)
    count = usable_cpus() if workers is None else workers
    if count > 0 and not os.path.exists(os.path.join(output, MANIFEST)):
        start_server()  # there is work for sure: let it load while we plan
    used = versions() | code_versions(config)
    earlier = read_run(output)
    progress = progress or SilentProgress()
    interruption = interruption or Interruption()
    try:
        with ExitStack() as stack:
            data = stack.enter_context(closing(open_dataset(config)))
            plan = stack.enter_context(closing(open_plan(config, data)))
            targets = find_targets(config, data) if isinstance(plan, ShardPlan) else None
            stack.enter_context(made(output))
            stack.enter_context(hold(output))
            statistics = _statistics(
                config,
                used=used,
                output=output,
                workers=count,
                progress=progress,
                interruption=interruption,
            )
            statistics_digest = None if statistics is None else statistics.fitted.digest
            annotations = None if data.targets is None else data.targets.digest()
            digest = run_digest(config, used, statistics_digest, targets, annotations)
            ledger = stack.enter_context(
                Ledger(
                    output,
                    digest=digest,
                    earlier_digest=str(earlier.get("digest", "")),
                    drawn_seed=int(config.seed) if is_drawn else None,
                )
            )
            ledger.add_files(recorded_files(earlier))
            has_both = isinstance(plan, Plan) and plan.has_both
            shared = shared_files(data.targets, output, ledger.records, has_both=has_both)
            ahead = survey(
                plan,
                data.reader,
                output,
                ledger,
                digest=digest,
                clean=True,
                shared=[file.name for file in shared],
                progress=progress,
                interruption=interruption,
            )
            file = None if statistics is None else statistics.keep(output)
            run = _Run(
                Setting(config, data.reader, output, file, targets),
                plan=plan,
                ledger=ledger,
                digest=digest,
                ahead=ahead,
                workers=count,
                progress=progress,
                interruption=interruption,
                task_timeout=task_timeout,
            )
            run.work()
            if statistics is None and has_statistics(earlier):
                _remove_statistics(output)

            def run_yaml(files: dict[str, str]) -> bytes:
                return run_text(
                    config,
                    used,
                    source=source,
                    output=output,
                    statistics=statistics_digest,
                    targets=targets,
                    annotations=annotations,
                    files=files,
                )

            summary = run.finish(shared, run_yaml, start)
            if statistics is None:
                return summary
            return replace(
                summary,
                fitted=statistics.images,
                warnings=(*summary.warnings, *statistics.warnings),
            )
    except OSError as error:
        # A write that fails does not say of which file: it is one in the output.
        path = error.filename or os.path.join(output, "")
        raise OutputError(explain_output(path, error)) from error
    except sqlite3.OperationalError as error:
        raise OutputError(
            f"the temporary folder cannot hold the run's ledger ({error}): free some space there, "
            f"or point TMPDIR elsewhere, and run the same command again"
        ) from error


def _statistics(
    config: Config,
    *,
    used: dict[str, str],
    output: str,
    workers: int,
    progress: Progress,
    interruption: Interruption,
) -> "RunStatistics | None":
    """The statistics that the run standardises with; None where it needs none."""
    settings = config.standardization
    if settings is None or not settings.needs_statistics:
        return None
    from augcli.pipeline.run_statistics import run_statistics  # noqa: PLC0415  loads pixel libraries

    return run_statistics(
        config,
        used=used,
        output=output,
        workers=workers,
        progress=progress,
        interruption=interruption,
    )


def _remove_statistics(output: str) -> None:
    """Removes the statistics of an earlier run, now that nothing here was made with them."""
    if is_inner_file(output, STATISTICS):
        os.unlink(os.path.join(output, STATISTICS))


class _Run:
    """One run: its jobs handed out, their outcomes taken in."""

    def __init__(
        self,
        setting: Setting,
        *,
        plan: Plan | ShardPlan,
        ledger: Ledger,
        digest: str,
        ahead: Survey,
        workers: int,
        progress: Progress,
        interruption: Interruption,
        task_timeout: float | None,
    ) -> None:
        self._setting = setting
        self._plan = plan
        self._ledger = ledger
        self._digest = digest
        self._ahead = ahead
        self._workers = workers
        self._progress = progress
        self._interruption = interruption
        self._task_timeout = task_timeout
        self._failures = {failure.source: failure for failure in ahead.failures}
        self._not_made: set[str] = set()  # the files of a copy of every job that failed
        self._notes: Counter[str] = Counter()
        self._trials = ShardTrials()
        self._versions: dict[str, tuple[str | None, ...]] = {}  # of the latest sources
        self._written = 0
        self._has_results = False
        missing = ahead.copies - ahead.kept
        self._chunker = Chunker(self._jobs(), copies=missing, workers=max(1, workers))
        self._executor: Executor | None = None
        self._is_new = ledger.is_empty

    # -- handing out and taking in

    def work(self) -> None:
        """Makes every copy that does not stand already."""
        self._progress.start(copies=self._ahead.copies, sources=self._ahead.sources)
        self._progress.advance(self._ahead.kept)
        under_way: dict[Future[ChunkOutcome], Chunk] = {}
        again: list[Chunk] = []
        began = time.perf_counter()
        limit = 3 * max(1, self._workers)
        try:
            while True:
                while len(under_way) < limit:
                    chunk = again.pop() if again else self._chunker.next()
                    if chunk is None:
                        break
                    under_way[self._submit(chunk)] = chunk
                    self._interruption.check()
                if not under_way:
                    break
                done, _ = wait(under_way, timeout=_LOOK_SECONDS, return_when=FIRST_COMPLETED)
                for future in done:
                    again += self._take_in(future, under_way.pop(future))
                if not done and not self._has_results:
                    self._progress.wait(time.perf_counter() - began)
                self._ledger.flush()
                self._interruption.check()
        except BaseException:
            self._shut_down(at_once=True)
            raise
        self._shut_down(at_once=False)

    def _submit(self, chunk: Chunk) -> Future[ChunkOutcome]:
        self._ledger.begin([name for job in chunk.jobs for name in job.names])
        self._ledger.flush()
        if self._executor is None:
            self._executor = (
                ProcessExecutor(self._workers, task_timeout=self._task_timeout)
                if self._workers
                else SerialExecutor()
            )
        return self._executor.submit(run_chunk, self._setting, chunk.jobs)

    def _shut_down(self, *, at_once: bool) -> None:
        if self._executor is not None:
            self._executor.shutdown(wait=True, cancel_futures=at_once)

    def _take_in(self, future: Future[ChunkOutcome], chunk: Chunk) -> list[Chunk]:
        """Takes down what became of a chunk; what is to be tried again comes back."""
        try:
            result = future.result()
        except WorkerDiedError as error:
            return chunk.after_death() or self._give_up(chunk, f"{error}, twice")
        self._has_results = True
        self._chunker.learn(chunk.copies, result.seconds)
        again: list[ShardJob] = []
        for outcome in result.outcomes:
            if isinstance(outcome, Outcome):
                self._note_job(outcome)
            elif outcome.job.is_trial:
                again += self._trials.finish(outcome.job, died=False)
            else:
                self._note(outcome, outcome.failures)
        return [Chunk((job,)) for job in again]

    def _give_up(self, chunk: Chunk, reason: str) -> list[Chunk]:
        """Gives up a source that ends workers; in a shard, it is looked for first."""
        [job] = chunk.jobs
        if isinstance(job, Job):
            failure = failure_of(job, SourceError("worker", reason))
            self._note(Outcome(job, (), failure, ()), (failure,))
            return []
        if job.is_trial:
            [item] = job.items
            failure = failure_of(Job(item, ()), SourceError("worker", reason))
            self._progress.advance(0, failures=int(self._note_failure(failure)))
            again = self._trials.finish(job, died=True)
        else:
            again = self._trials.start(job)
        return [Chunk((job,)) for job in again]

    def _note_job(self, outcome: Outcome) -> None:
        """Takes down a job, unless another job of the same source read another version of it."""
        failure = outcome.failure
        if outcome.records and failure is None:
            source, version = outcome.job.item.path, outcome.records[0].source_version
            if self._versions.setdefault(source, version) != version:
                failure = failure_of(outcome.job, changed_meanwhile())
                outcome = Outcome(outcome.job, (), failure, ())
            if len(self._versions) > _VERSIONS:  # a source's jobs are not that far apart
                del self._versions[next(iter(self._versions))]
        self._note(outcome, () if failure is None else (failure,))

    def _note(self, outcome: Outcome | ShardOutcome, failures: Sequence[Failure]) -> None:
        """Takes down what was written, and what could not be used."""
        if outcome.records:
            self._ledger.record(outcome.records)
            self._written += len(outcome.records)
            self._notes.update(outcome.notes)
        else:
            self._not_made.update(outcome.job.first_files)
        new = [self._note_failure(failure) for failure in failures]
        self._progress.advance(outcome.job.copies, failures=sum(new))

    def _note_failure(self, failure: Failure) -> bool:
        """Takes down why a source cannot be used; whether that is new.

        Of several reasons the first in the order of the alphabet stays, whoever came first.
        """
        known = self._failures.get(failure.source)
        if known is None or failure.line() < known.line():
            self._failures[failure.source] = failure
        return known is None

    # -- what there is to do

    def _jobs(self) -> Iterator[Job | ShardJob]:
        """Every job, in the order of the plan, without the copies that stand."""
        if self._ahead.kept == self._ahead.copies:
            return
        if isinstance(self._plan, ShardPlan):
            yield from self._missing_shards(self._plan)
        else:
            yield from self._missing_files(self._plan)

    def _missing_shards(self, plan: ShardPlan) -> Iterator[ShardJob]:
        for shard in plan.shards():
            self._interruption.check()
            entry = self._ledger.find(shard.name)
            if entry is None or not entry.is_current:
                os.makedirs(self._in_output(os.path.dirname(shard.name)), exist_ok=True)
                yield self._trials.spared(shard)

    def _missing_files(self, plan: Plan) -> Iterator[Job]:
        parts = self._parts_per_item()
        for group in plan.groups():
            made_folders: set[str] = set()
            for planned in plan.items(group):
                self._interruption.check()
                job = self._missing(planned)
                for folder in {planned.folder, *job.further_folders} - made_folders:
                    os.makedirs(self._in_output(folder), exist_ok=True)
                    made_folders.add(folder)
                if job.targets:
                    yield from split_job(job, parts)

    def _missing(self, planned: PlannedItem) -> Job:
        """The copies of one source that do not stand, to be made from what the others were."""
        if self._is_new:
            return Job(planned.item, planned.targets)
        entries = {target: self._ledger.find(target.name) for target in planned.targets}
        standing = {target: e for target, e in entries.items() if e is not None and e.is_current}
        missing = tuple(target for target in planned.targets if target not in standing)
        digests = {entry.source_sha256 for entry in standing.values()}
        return Job(planned.item, missing, next(iter(digests), None))

    def _parts_per_item(self) -> int:
        """Into how many jobs each source's copies go, so that all workers have some."""
        return -(-4 * max(1, self._workers) // max(1, self._ahead.sources))

    def _in_output(self, path: str) -> str:
        return os.path.join(self._setting.output, *path.split("/"))

    # -- the end

    def finish(
        self,
        shared: Sequence[SharedFile],
        run_yaml: Callable[[dict[str, str]], bytes],
        start: float,
    ) -> Summary:
        """Removes what the plan no longer has, and writes the manifest and its companions.

        Args:
            shared: The files that are about all copies.
            run_yaml: Makes the content of run.yaml of the digests of these.
            start: When the run began.
        """
        if not isinstance(self._plan, ShardPlan):
            for source in self._failures:
                self._ledger.drop_source(source)
        removed = self._ledger.count_leftovers()
        self._remove_leftovers()
        self._remove_empty_folders(self._not_made)
        _write_lines(self._in_output(MANIFEST), self._ledger.lines)
        self._write_failures()
        digests = {file.name: self._write_shared(file) for file in shared}
        write_if_changed(self._in_output(RUN), run_yaml(digests))
        self._ledger.close_journal()
        return Summary(
            sources=self._ahead.sources,
            copies=self._ledger.count(),
            written=self._written,
            kept=self._ahead.kept,
            removed=removed,
            failed=len(self._failures),
            seconds=time.perf_counter() - start,
            notes=dict(sorted(self._notes.items())),
            output=self._setting.output,
            warnings=tuple(map(str, self._ahead.findings)),
        )

    def _write_shared(self, file: SharedFile) -> str:
        """Writes a file that is about all copies, unless it stands; its digest."""
        digest = file.digest()
        if not file.stands(self._setting.output, digest):
            self._ledger.begin([file.name])  # so that it is known as ours, should we be killed
            self._ledger.flush()
            file.write(self._setting.output)
        return digest

    def _remove_leftovers(self) -> None:
        removed = []
        for name in self._ledger.leftovers():
            if is_inner_file(self._setting.output, name):
                os.unlink(self._in_output(name))
                removed.append(name)
        self._remove_empty_folders(removed)

    def _remove_empty_folders(self, names: Iterable[str]) -> None:
        """Removes the folders of these files, and their parents, as far as they are empty."""
        for folder in {os.path.dirname(name) for name in names}:
            while folder:
                try:
                    os.rmdir(self._in_output(folder))
                except OSError:
                    break
                folder = os.path.dirname(folder)  # noqa: PLW2901  on to its parent

    def _write_failures(self) -> None:
        path = self._in_output(FAILURES)
        lines = [self._failures[source].line() for source in sorted(self._failures)]
        if lines:
            write_if_changed(path, b"".join(lines))
        else:
            with suppress(FileNotFoundError):
                os.unlink(path)


def _write_lines(path: str, lines: Callable[[], Iterator[bytes]]) -> None:
    """Writes lines to a file, whole or not at all, unless it holds just these already."""
    try:
        with open(path, "rb") as file:
            if all(old == new for old, new in zip_longest(file, lines())):
                return
    except FileNotFoundError:
        pass
    with atomic_file(path) as file:
        file.writelines(lines())
