"""Whether the files of an output are those of its manifest, byte for byte.

So are those that the copies would be rebuilt from: run.yaml, and the statistics of the run.

No path of the manifest is trusted: what leads out of the output, whether by its name or by a
link, is refused and not opened.
"""

import os
import stat
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import Executor, ThreadPoolExecutor
from dataclasses import dataclass
from enum import StrEnum
from itertools import chain, islice
from typing import Any, NamedTuple

from augcli.errors import AugcliError
from augcli.images.files import sha256_file
from augcli.images.whole import ends_early
from augcli.pipeline.executors import SerialExecutor, usable_cpus
from augcli.pipeline.in_order import in_order
from augcli.pipeline.interruption import Interruption
from augcli.pipeline.manifest import Manifest, NameSet, files_in, finished_manifest
from augcli.pipeline.progress import Progress, SilentProgress
from augcli.pipeline.records import MANIFEST, RUN, STATISTICS, HostileNameError, further_files
from augcli.pipeline.run_check import find_damage
from augcli.pipeline.settings import has_statistics, read_run
from augcli.pipeline.shared_files import recorded_files

FINDINGS_KEPT = 1000
"""Most findings of a kind that are kept; the others are counted."""
_FILES_PER_TASK = 32
_TASKS_AHEAD = 4  # for each thread


class Kind(StrEnum):
    """What may be wrong with an output, the worst first."""

    INVALID = "invalid"  # a line of the manifest that says no copy
    REFUSED = "refused"  # a path that leads out of the output, or no file that can be read
    MISSING = "missing"
    TRUNCATED = "truncated"  # other bytes, and the end of the image is not among them
    CHANGED = "changed"  # other bytes, or other settings or numbers than the run had
    EXTRA = "extra"  # a file that the manifest does not list


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that is not as the manifest says.

    Attributes:
        kind: What is wrong.
        name: Path of the file in the output; of a line of the manifest, "manifest.jsonl:12".
        message: Why, where the kind alone does not say; else empty.
    """

    kind: Kind
    name: str
    message: str = ""

    def __str__(self) -> str:
        return f"{self.name} ({self.message})" if self.message else self.name


@dataclass(frozen=True, slots=True)
class Verdict:
    """What came of it.

    Attributes:
        output: The output folder.
        copies: Lines of the manifest.
        sound: Copies that are as it says.
        bad_lines: Lines that augcli did not write so.
        seed: The run's, None where run.yaml is not as the run left it.
        counts: How many findings there are of each kind, those without any included.
        findings: The first `FINDINGS_KEPT` of each kind, in the order of the manifest.
    """

    output: str
    copies: int
    sound: int
    bad_lines: int
    seed: int | None
    counts: dict[Kind, int]
    findings: tuple[Finding, ...]

    @property
    def holds(self) -> bool:
        """Whether all is there, and as the run left it; there may be further files."""
        return not any(count for kind, count in self.counts.items() if kind is not Kind.EXTRA)

    @property
    def extra(self) -> int:
        """How many files there are that the manifest does not list."""
        return self.counts[Kind.EXTRA]


class Expected(NamedTuple):
    """One file as it should be.

    Attributes:
        name: Its path in the folder.
        sha256: Digest of its bytes.
        copies: How many copies are in it; none in a file about all of them.
        further: The mask and the annotation file of its copy, with the digests of their bytes.
    """

    name: str
    sha256: str
    copies: int = 1
    further: tuple[tuple[str, str], ...] = ()


def verify(
    output: str,
    *,
    workers: int | None = None,
    progress: Progress | None = None,
    interruption: Interruption | None = None,
) -> Verdict:
    """Compares the files in `output` with its manifest. Nothing is written.

    Memory grows with what is wrong, up to a limit, and not with the manifest.

    Args:
        output: The output folder.
        workers: How many threads read files; 0 for none but this one; None for as many as there
            are usable processors. Threads, as they hash large files, and wait for slow disks, side
            by side; small files on a quick disk take less time than handing them to a process.
        progress: Shows how it goes.
        interruption: Tells it to stop.

    Raises:
        UsageError: There is no manifest.
        AugcliError: A run on it is not done, or a folder or the manifest cannot be read.
        InterruptedRunError: It was told to stop.
    """
    manifest = Manifest(finished_manifest(output))
    count = usable_cpus() if workers is None else workers
    progress = progress or SilentProgress()
    executor: Executor = ThreadPoolExecutor(count) if count else SerialExecutor()
    try:
        lines = manifest.count()
        progress.start(copies=lines, sources=lines, unit="files")
        with NameSet() as names:
            comparison = _Comparison(output, manifest, names)
            for result in in_order(
                executor,
                _look_at,
                comparison.tasks(),
                ahead=_TASKS_AHEAD * max(1, count),
                interruption=interruption or Interruption(),
            ):
                comparison.take_in(result)
                progress.advance(result.copies)
            comparison.look_at_needed_files()
            comparison.look_for_extra_files()
    except OSError as error:
        raise AugcliError(f"{manifest.path} cannot be read: {error.strerror}") from error
    return comparison.verdict(lines)


class _Comparison:
    """A manifest compared with a folder."""

    def __init__(self, output: str, manifest: Manifest, names: NameSet) -> None:
        self._output = output
        self._manifest = manifest
        self._names = names
        self._unreadable = _unreadable(output, RUN)
        self._run = {} if self._unreadable else read_run(output)
        self._counts: Counter[Kind] = Counter()
        self._findings: dict[Kind, list[Finding]] = {kind: [] for kind in Kind}
        self._sound = 0
        self._bad_lines = 0
        self._seed: int | None = None

    def tasks(self) -> Iterator["_Task"]:
        """The files that the manifest lists, some at a time; bad lines are noted on the way."""
        expected = chain(self._expected(), self._shared())
        while files := tuple(islice(expected, _FILES_PER_TASK)):
            yield _Task(self._output, files)

    def take_in(self, result: "_Result") -> None:
        """Takes down what came of a task."""
        self._sound += result.sound
        for finding in result.findings:
            self._note(finding)

    def _expected(self) -> Iterator[Expected]:
        """Each file once, with the number of its copies: one, or those of a shard."""
        file: Expected | None = None
        for number, values, error in self._manifest.lines():
            if error is not None:
                self._bad_lines += 1
                kind = Kind.REFUSED if isinstance(error, HostileNameError) else Kind.INVALID
                self._note(Finding(kind, f"{MANIFEST}:{number}", str(error)))
            if values is None:
                continue
            if self._names.add(values["file_name"]):
                if file is not None:
                    yield file
                file = self._of_line(values)
            elif error is None and file is not None:
                file = file._replace(copies=file.copies + 1)
        if file is not None:
            yield file

    def _of_line(self, values: Mapping[str, Any]) -> Expected:
        """The file of a copy, with its further files."""
        further = tuple(further_files(values))
        for name, _ in further:
            self._names.add(name)
        return Expected(values["file_name"], values["sha256"], further=further)

    def _shared(self) -> Iterator[Expected]:
        """The files that are about all copies."""
        for name, sha256 in recorded_files(self._run).items():
            if self._names.add(name):
                yield Expected(name, sha256, copies=0)

    def look_at_needed_files(self) -> None:
        """Notes what is wrong with the files that the copies would be rebuilt from."""
        finding = self._unreadable
        if finding is None and has_statistics(self._run):
            finding = _unreadable(self._output, STATISTICS)
        if finding is None and (damage := find_damage(self._output)):
            finding = Finding(Kind.CHANGED, *damage)
        if finding is not None:
            self._note(finding)
        if finding is None or finding.name != RUN:
            self._seed = _seed_in(self._run)

    def look_for_extra_files(self) -> None:
        """Notes the files that the manifest does not list."""
        for name in files_in(self._output):
            if name not in self._names:
                self._note(Finding(Kind.EXTRA, name))

    def verdict(self, lines: int) -> Verdict:
        """What came of it."""
        return Verdict(
            output=self._output,
            copies=lines,
            sound=self._sound,
            bad_lines=self._bad_lines,
            seed=self._seed,
            counts={kind: self._counts[kind] for kind in Kind},
            findings=tuple(f for kind in Kind for f in self._findings[kind]),
        )

    def _note(self, finding: Finding) -> None:
        """Counts a finding, and keeps it if it is one of the first of its kind."""
        self._counts[finding.kind] += 1
        kept = self._findings[finding.kind]
        if len(kept) < FINDINGS_KEPT:
            kept.append(finding)


class _Task(NamedTuple):
    """Files of one folder to look at together."""

    folder: str
    files: Sequence[Expected]


class _Result(NamedTuple):
    """How many copies a task had, how many are sound, and what is wrong with the others."""

    copies: int
    sound: int
    findings: tuple[Finding, ...]


def _look_at(task: _Task) -> _Result:
    findings = []
    unsound = 0
    for expected in task.files:
        files = (expected, *(Expected(*file) for file in expected.further))
        found = [finding for file in files if (finding := compare(task.folder, file))]
        findings += found
        unsound += expected.copies if found else 0
    copies = sum(expected.copies for expected in task.files)
    return _Result(copies, copies - unsound, tuple(findings))


def compare(folder: str, expected: Expected) -> Finding | None:
    """What is wrong with one file; None when its bytes are as they should be.

    Args:
        folder: The folder that it must not leave.
        expected: The file; its name is one that `is_inner_path` accepts.
    """
    path = os.path.join(folder, *expected.name.split("/"))
    try:
        obstacle = _obstacle(folder, expected.name)
        if obstacle is not None:
            return Finding(Kind.REFUSED, expected.name, obstacle)
        if sha256_file(path) == expected.sha256:
            return None
        kind = Kind.TRUNCATED if ends_early(path) else Kind.CHANGED
        return Finding(kind, expected.name)
    except OSError as error:
        return _of_error(expected.name, error)


def _seed_in(run: Mapping[str, Any]) -> int | None:
    """The seed that a run.yaml says."""
    config = run.get("config")
    seed = config.get("seed") if isinstance(config, dict) else None
    return seed if isinstance(seed, int) else None


def _unreadable(folder: str, name: str) -> Finding | None:
    """Why a file cannot be read; None when it can, whatever is in it."""
    try:
        obstacle = _obstacle(folder, name)
        if obstacle is not None:
            return Finding(Kind.REFUSED, name, obstacle)
        with open(os.path.join(folder, name), "rb"):
            return None
    except OSError as error:
        return _of_error(name, error)


def _of_error(name: str, error: OSError) -> Finding:
    """What it means that a file could not be opened or read."""
    if isinstance(error, FileNotFoundError | NotADirectoryError):
        return Finding(Kind.MISSING, name)
    return Finding(Kind.REFUSED, name, f"cannot be read: {error.strerror}")


def _obstacle(folder: str, name: str) -> str | None:
    """Why a path is not to be opened; None for a regular file that no link leads to.

    Raises:
        OSError: There is no such file, or the system does not tell.
    """
    mode = 0
    parts = name.split("/")
    for count in range(1, len(parts) + 1):
        mode = os.lstat(os.path.join(folder, *parts[:count])).st_mode
        if stat.S_ISLNK(mode):
            place = "" if count == len(parts) else f"in {'/'.join(parts[:count])}, "
            return f"{place}a symbolic link, which augcli never writes"
    return None if stat.S_ISREG(mode) else "no regular file"
