"""Runs the rows: everyone on the same work in turn, each time into a new folder."""

import json
import os
import shutil
import statistics
from collections.abc import Callable
from dataclasses import dataclass, replace

from contenders import CONFIG, PEERS, Task, augcli_command
from photos import DataSet, make_data_set
from processes import Run, run
from rows import (
    COMPARISONS,
    MEMORY_RATIO,
    NOTHING_SECONDS,
    START_SECONDS,
    Rival,
    data_sets,
    start_photos,
    thumbnails,
)

_WARM_UP_SOURCES = 10
_FEW_SOURCES = 1000  # what the memory of many sources is compared with
_PICTURES = (".jpg", ".jpeg", ".png")


@dataclass(frozen=True)
class Settings:
    """What the command line asks for.

    Attributes:
        work: Folder for data sets, outputs and logs.
        peers_python: The interpreter of the peers' environment; None if no peer takes part.
        images: Folder of photos to take instead of drawn ones.
        sources: Photos in a data set.
        large_sources: The same for those of 12 megapixels.
        nothing_sources: The same for the rerun with nothing to do.
        memory_sources: The same for the peak memory.
        copies: How many of every photo.
        rounds: How often everyone runs.
        workers: Processes.
        keep: Whether the last outputs stay, to be looked at.
    """

    work: str
    peers_python: str | None
    images: str | None
    sources: int
    large_sources: int
    nothing_sources: int
    memory_sources: int
    copies: int
    rounds: int
    workers: int
    keep: bool


@dataclass(frozen=True)
class Spread:
    """The smallest, the median and the largest of some numbers."""

    low: float
    median: float
    high: float

    @classmethod
    def of(cls, numbers: list[float]) -> "Spread":
        """The spread of at least one number."""
        return cls(min(numbers), statistics.median(numbers), max(numbers))


@dataclass(frozen=True)
class Contestant:
    """What one contender did in a row.

    Attributes:
        name: Of the contender.
        runs: One a round.
        files: How many copies it wrote.
        bytes_per_file: The mean size of them.
    """

    name: str
    runs: list[Run]
    files: int
    bytes_per_file: float


@dataclass(frozen=True)
class Finding:
    """One number that a row is for.

    Attributes:
        what: It is.
        spread: Of its values over the rounds.
        unit: "x", "s" or "MB".
        at_least: The target, if it is a lower bound.
        at_most: The target, if it is an upper bound.
    """

    what: str
    spread: Spread
    unit: str
    at_least: float | None = None
    at_most: float | None = None

    @property
    def met(self) -> bool | None:
        """Whether the median reaches the target; None if there is none."""
        if self.at_least is not None:
            return self.spread.median >= self.at_least
        if self.at_most is not None:
            return self.spread.median <= self.at_most
        return None


@dataclass(frozen=True)
class RowResult:
    """A row, measured."""

    name: str
    title: str
    sources: int
    copies: int
    contestants: list[Contestant]
    findings: list[Finding]


class Bench:
    """Measures rows in a work folder.

    Args:
        settings: What the command line asks for.
    """

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._config = os.path.join(settings.work, "augment.yaml")
        os.makedirs(settings.work, exist_ok=True)
        with open(self._config, "w", encoding="utf-8") as file:
            file.write(CONFIG)

    def compare(self, name: str) -> RowResult:
        """Measures a row of `COMPARISONS`, whose first contestant is augcli."""
        settings = self._settings
        row = COMPARISONS[name]
        counts = {"sources": settings.sources, "large_sources": settings.large_sources}
        data = data_sets(**counts)[row.data]
        source = self._data(data)
        task = self._task(source, row.save_format, row.target_size)
        commands: dict[str, Callable[[Task], list[str]]] = {"augcli": augcli_command}
        commands |= {rival.name: PEERS[rival.name].command for rival in row.rivals}

        few = replace(data, count=min(data.count, _WARM_UP_SOURCES))
        for contender, command in commands.items():
            self._expand(contender, command, replace(task, source=self._data(few)), few.count)

        runs: dict[str, list[Run]] = {contender: [] for contender in commands}
        sizes: dict[str, float] = {}
        for order in _orders(list(commands), settings.rounds):
            for contender in order:
                done, sizes[contender] = self._expand(
                    contender, commands[contender], task, data.count
                )
                runs[contender].append(done)
        contestants = [
            Contestant(contender, runs[contender], data.count * settings.copies, sizes[contender])
            for contender in commands
        ]
        findings = [
            finding
            for rival in row.rivals
            for finding in _ratios(rival, runs["augcli"], runs[rival.name])
        ]
        return RowResult(name, row.title, data.count, settings.copies, contestants, findings)

    def start(self, title: str) -> RowResult:
        """Measures how long a few photos take in all."""
        data = start_photos()
        task = self._task(self._data(data), "jpeg", None)
        self._expand("augcli", augcli_command, task, data.count)
        runs = []
        for _ in range(self._settings.rounds):
            done, size = self._expand("augcli", augcli_command, task, data.count)
            runs.append(done)
        wall = Spread.of([done.wall for done in runs])
        files = data.count * self._settings.copies
        return RowResult(
            "start",
            title,
            data.count,
            self._settings.copies,
            [Contestant("augcli", runs, files, size)],
            [Finding("wall time", wall, "s", at_most=START_SECONDS)],
        )

    def nothing(self, title: str) -> RowResult:
        """Measures a run that finds all copies in place.

        Raises:
            RuntimeError: It wrote some all the same.
        """
        settings = self._settings
        data = thumbnails(settings.nothing_sources)
        task = self._task(self._data(data), "jpeg", None)
        output = self._fresh_output("nothing")
        command = augcli_command(replace(task, output=output))
        self._run("nothing", command)
        runs = []
        files = data.count * settings.copies
        for _ in range(settings.rounds):
            runs.append(self._run("nothing", command))
            kept = json.loads(self._printed("nothing"))["kept"]
            if kept != files:
                raise RuntimeError(f"{kept} copies of {files} were kept; see {output}")
        count, size = _pictures(output)
        shutil.rmtree(output)
        wall = Spread.of([done.wall for done in runs])
        return RowResult(
            "nothing",
            title,
            data.count,
            settings.copies,
            [Contestant("augcli", runs, count, size)],
            [Finding("wall time", wall, "s", at_most=NOTHING_SECONDS)],
        )

    def memory(self, title: str) -> RowResult:
        """Measures the main process's memory with few sources and with many, once each.

        Raises:
            RuntimeError: This system does not tell how much memory a process held.
        """
        contestants = []
        peaks = []
        for count in (_FEW_SOURCES, self._settings.memory_sources):
            data = thumbnails(count)
            task = self._task(self._data(data), "jpeg", None)
            done, size = self._expand("augcli", augcli_command, task, count, sample_memory=True)
            if done.peak_memory is None:
                raise RuntimeError("the peak memory of a process can be read on Linux alone")
            peaks.append(done.peak_memory)
            files = count * self._settings.copies
            contestants.append(Contestant(f"{count:,} sources", [done], files, size))
        few, many = peaks
        findings = [
            Finding("peak memory, few sources", Spread.of([few / 1e6]), "MB"),
            Finding("peak memory, many sources", Spread.of([many / 1e6]), "MB"),
            Finding("many : few", Spread.of([many / few]), "x", at_most=MEMORY_RATIO),
        ]
        return RowResult("memory", title, data.count, self._settings.copies, contestants, findings)

    def _data(self, data: DataSet) -> str:
        folder = os.path.join(self._settings.work, "data")
        return make_data_set(data, folder, self._settings.images)

    def _task(self, source: str, save_format: str, target_size: tuple[int, int] | None) -> Task:
        settings = self._settings
        return Task(
            source=source,
            output="",
            copies=settings.copies,
            save_format=save_format,
            target_size=target_size,
            workers=settings.workers,
            config=self._config,
            peers_python=settings.peers_python,
        )

    def _expand(
        self,
        contender: str,
        command: Callable[[Task], list[str]],
        task: Task,
        sources: int,
        *,
        sample_memory: bool = False,
    ) -> tuple[Run, float]:
        """One contender's run into a new folder, and the mean size of its files.

        Raises:
            RuntimeError: It failed, or did not write as many files as it should have.
        """
        output = self._fresh_output(contender)
        done = self._run(
            contender, command(replace(task, output=output)), sample_memory=sample_memory
        )
        count, size = _pictures(output)
        if count != sources * task.copies:
            raise RuntimeError(f"{count} files, not {sources * task.copies}, of {contender}")
        if not self._settings.keep:
            shutil.rmtree(output)
        return done, size

    def _run(self, contender: str, command: list[str], *, sample_memory: bool = False) -> Run:
        log = self._log(contender)
        return run(command, log=log, folder=self._settings.work, sample_memory=sample_memory)

    def _log(self, contender: str) -> str:
        return os.path.join(self._settings.work, f"{contender}.log")

    def _printed(self, contender: str) -> str:
        with open(self._log(contender), encoding="utf-8") as file:
            return file.read()

    def _fresh_output(self, contender: str) -> str:
        output = os.path.join(self._settings.work, "outputs", contender)
        shutil.rmtree(output, ignore_errors=True)
        os.makedirs(output)
        return output


def _orders(contenders: list[str], rounds: int) -> list[list[str]]:
    """Who runs after whom: in every round, another one begins."""
    starts = [number % len(contenders) for number in range(rounds)]
    return [contenders[start:] + contenders[:start] for start in starts]


def _pictures(output: str) -> tuple[int, float]:
    """How many pictures there are below a folder, and their mean size in bytes."""
    sizes = [
        os.path.getsize(os.path.join(folder, name))
        for folder, _, names in os.walk(output)
        for name in names
        if name.lower().endswith(_PICTURES)
    ]
    return len(sizes), sum(sizes) / max(1, len(sizes))


def _ratios(rival: Rival, ours: list[Run], theirs: list[Run]) -> list[Finding]:
    """A rival's time over augcli's, round by round; a limit's the other way about."""
    is_limit = rival.within is not None
    what = f"augcli : {rival.name}" if is_limit else f"{rival.name} : augcli"
    pairs = list(zip(ours, theirs, strict=True) if is_limit else zip(theirs, ours, strict=True))
    wall = Spread.of([above.wall / below.wall for above, below in pairs])
    findings = [Finding(f"{what}, wall", wall, "x", at_least=rival.at_least, at_most=rival.within)]
    cpu = [
        above.cpu / below.cpu
        for above, below in pairs
        if above.cpu is not None and below.cpu is not None
    ]
    if cpu:
        findings.append(Finding(f"{what}, CPU", Spread.of(cpu), "x"))
    return findings
