"""The main job: N recorded copies of every image in a folder."""

import os
import sqlite3
import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import FIRST_COMPLETED, Executor, Future, wait
from contextlib import suppress
from dataclasses import asdict, dataclass
from itertools import zip_longest
from typing import Any

from augcli.config.schema import Config
from augcli.errors import OutputError, SourceError
from augcli.images.files import atomic_file, explain_output, write_if_changed
from augcli.pipeline.chunks import Chunk, Chunker, run_chunk
from augcli.pipeline.executors import (
    ProcessExecutor,
    SerialExecutor,
    WorkerDiedError,
    start_server,
)
from augcli.pipeline.interruption import Interruption
from augcli.pipeline.jobs import (
    ChunkOutcome,
    Job,
    Outcome,
    Setting,
    failure_of,
    split_job,
)
from augcli.pipeline.ledger import Ledger
from augcli.pipeline.lock import hold
from augcli.pipeline.places import made, output_folder, source_folder
from augcli.pipeline.plan import Plan, PlannedItem
from augcli.pipeline.progress import Progress, SilentProgress
from augcli.pipeline.records import FAILURES, MANIFEST, RUN, is_inner_file
from augcli.pipeline.settings import read_run, run_digest, run_text, versions
from augcli.pipeline.standing import Standing, what_stands
from augcli.pipeline.survey import Survey, survey

_LOOK_SECONDS = 0.1  # how often a run looks whether it is to stop


@dataclass(frozen=True, slots=True)
class Summary:
    """What a run did.

    Attributes:
        sources: Images in the data set.
        copies: Files that the output now has.
        written: Copies written by this run.
        kept: Copies that stood already.
        removed: Files that the plan no longer has.
        failed: Sources that could not be used.
        seconds: Wall time.
        notes: What was noted of sources, and of how many.
        output: The output folder.
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

    @property
    def rate(self) -> float:
        """Copies written a second."""
        return self.written / self.seconds if self.seconds else 0.0

    def as_json(self) -> dict[str, Any]:
        """The summary as plain values."""
        return {**asdict(self), "rate": self.rate, "manifest": os.path.join(self.output, MANIFEST)}


def usable_cpus() -> int:
    """How many processors this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


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
        config: The resolved config; its seed is a number.
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
    source = source_folder(config)
    output = output_folder(config, source)
    count = usable_cpus() if workers is None else workers
    if count > 0 and not os.path.exists(os.path.join(output, MANIFEST)):
        start_server()  # there is work for sure: let it load while we plan
    used = versions()
    digest = run_digest(config, used)
    earlier = str(read_run(output).get("digest", ""))
    try:
        with (
            made(output),
            hold(output),
            Ledger(output, digest=digest, earlier_digest=earlier) as ledger,
        ):
            plan = Plan(config, source)
            ahead = survey(plan, source, output, ledger, clean=True)
            run = _Run(
                Setting(config, source, output),
                plan=plan,
                ledger=ledger,
                digest=digest,
                ahead=ahead,
                workers=count,
                progress=progress or SilentProgress(),
                interruption=interruption or Interruption(),
                task_timeout=task_timeout,
            )
            run.work()
            return run.finish(run_text(config, used, source=source, output=output), start)
    except OSError as error:
        raise OutputError(explain_output(error.filename or output, error)) from error
    except sqlite3.OperationalError as error:
        raise OutputError(
            f"the temporary folder cannot hold the run's ledger ({error}): free some space there, "
            f"or point TMPDIR elsewhere, and run the same command again"
        ) from error


class _Run:
    """One run: its jobs handed out, their outcomes taken in."""

    def __init__(
        self,
        setting: Setting,
        *,
        plan: Plan,
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
        self._notes: Counter[str] = Counter()
        self._written = 0
        self._kept = 0
        self._chunker = Chunker(self._jobs(), copies=ahead.copies, workers=max(1, workers))
        self._executor: Executor | None = None
        self._is_new = ledger.is_empty

    # -- handing out and taking in

    def work(self) -> None:
        """Makes every copy that does not stand already."""
        self._progress.start(copies=self._ahead.copies, sources=self._ahead.sources)
        under_way: dict[Future[ChunkOutcome], Chunk] = {}
        again: list[Chunk] = []
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
                self._ledger.flush()
                self._interruption.check()
        except BaseException:
            self._shut_down(at_once=True)
            raise
        self._shut_down(at_once=False)

    def _submit(self, chunk: Chunk) -> Future[ChunkOutcome]:
        self._ledger.begin([target.name for job in chunk.jobs for target in job.targets])
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
            again = chunk.after_death()
            if not again:
                [job] = chunk.jobs
                failure = failure_of(job, SourceError("worker", f"{error}, twice"))
                self._note_outcome(Outcome(job, (), failure, ()))
            return again
        self._chunker.learn(chunk.copies, result.seconds)
        for outcome in result.outcomes:
            self._note_outcome(outcome)
        return []

    def _note_outcome(self, outcome: Outcome) -> None:
        failure = outcome.failure
        if failure is None:
            self._ledger.record(outcome.records)
            self._written += len(outcome.records)
            self._notes.update(outcome.notes)
            self._progress.advance(len(outcome.records))
            return
        is_new = failure.source not in self._failures
        self._failures[failure.source] = failure
        self._progress.advance(len(outcome.job.targets), failures=int(is_new))

    # -- what there is to do

    def _jobs(self) -> Iterator[Job]:
        """Every job, in the order of the plan, without the copies that stand."""
        parts = self._parts_per_item()
        for directory in self._plan.directories():
            if directory.names:
                os.makedirs(self._in_output(directory.path), exist_ok=True)
            for planned in self._plan.items(directory):
                standing = self._standing(planned)
                if standing.kept:
                    self._keep(standing)
                if standing.job is not None:
                    yield from split_job(standing.job, parts)

    def _standing(self, planned: PlannedItem) -> Standing:
        """What stands of one source's copies."""
        self._interruption.check()
        if self._is_new:
            return Standing((), Job(planned.item, planned.targets))
        return what_stands(
            planned,
            [self._ledger.find(target.name) for target in planned.targets],
            source=self._setting.source,
            output=self._setting.output,
            digest=self._digest,
        )

    def _keep(self, standing: Standing) -> None:
        self._ledger.keep(standing.kept)
        self._kept += len(standing.kept)
        self._chunker.settle(len(standing.kept))
        self._progress.advance(len(standing.kept))

    def _parts_per_item(self) -> int:
        """Into how many jobs each source's copies go, so that all workers have some."""
        return -(-4 * max(1, self._workers) // max(1, self._ahead.sources))

    def _in_output(self, path: str) -> str:
        return os.path.join(self._setting.output, *path.split("/"))

    # -- the end

    def finish(self, run_yaml: bytes, start: float) -> Summary:
        """Removes what the plan no longer has, and writes the manifest and its companions."""
        for source in self._failures:
            self._ledger.drop_source(source)
        removed = self._remove_leftovers()
        self._remove_empty_folders(self._failures)
        _write_lines(self._in_output(MANIFEST), self._ledger.lines)
        self._write_failures()
        write_if_changed(self._in_output(RUN), run_yaml)
        self._ledger.close_journal()
        return Summary(
            sources=self._ahead.sources,
            copies=self._ledger.count(),
            written=self._written,
            kept=self._kept,
            removed=removed,
            failed=len(self._failures),
            seconds=time.perf_counter() - start,
            notes=dict(sorted(self._notes.items())),
            output=self._setting.output,
        )

    def _remove_leftovers(self) -> int:
        removed = []
        for name in self._ledger.leftovers():
            if is_inner_file(self._setting.output, name):
                os.unlink(self._in_output(name))
                removed.append(name)
        self._remove_empty_folders(removed)
        return len(removed)

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
