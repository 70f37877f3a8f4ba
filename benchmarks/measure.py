"""Runs the rows: everyone on the same work in turn, each time into a new folder."""

import json
import os
import shutil
from collections.abc import Callable
from dataclasses import dataclass, replace

from contenders import PEERS, RANGES, Task, augcli_command
from photos import DataSet, make_data_set
from processes import Run, run
from results import Contestant, Finding, RowResult, Spread, ratios
from rows import (
    ALONE,
    COMPARISONS,
    MEMORY_RATIO,
    NOTHING_SECONDS,
    START_SECONDS,
    data_sets,
    start_photos,
    thumbnails,
)

_FEW_SOURCES = 1000  # what the memory of many sources is compared with
_PICTURES = (".jpg", ".jpeg", ".png")

Command = Callable[[Task], list[str]]


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


class Bench:
    """Measures rows in a work folder.

    Args:
        settings: What the command line asks for.
    """

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._config = os.path.join(settings.work, "augment.yaml")
        os.makedirs(settings.work, exist_ok=True)

    def measure(self, name: str) -> RowResult:
        """Measures a row of `COMPARISONS` or `ALONE`.

        Raises:
            RuntimeError: A command failed, or did not do all of the work.
        """
        alone = {"start": self._start, "nothing": self._nothing, "memory": self._memory}
        return alone[name]() if name in alone else self._compare(name)

    # -- rows

    def _compare(self, name: str) -> RowResult:
        """Augcli against its rivals, each of which runs once before it counts."""
        row = COMPARISONS[name]
        sources, large_sources = self._settings.sources, self._settings.large_sources
        data = data_sets(sources=sources, large_sources=large_sources)[row.data]
        commands: dict[str, Command] = {"augcli": augcli_command}
        commands |= {rival.name: PEERS[rival.name].command for rival in row.rivals}
        for contender, command in commands.items():
            task = self._task(start_photos(), row.save_format, row.target_size, row.config)
            self._expand(f"{name}-{contender}", command, task)

        task = self._task(data, row.save_format, row.target_size, row.config)
        runs: dict[str, list[Run]] = {contender: [] for contender in commands}
        sizes: dict[str, float] = {}
        for order in _orders(list(commands), self._settings.rounds):
            for contender in order:
                done, size = self._expand(f"{name}-{contender}", commands[contender], task)
                runs[contender].append(done)
                sizes[contender] = size
        contestants = [Contestant(who, runs[who], task.files, sizes[who]) for who in commands]
        findings = [
            finding
            for rival in row.rivals
            for finding in ratios(rival, runs["augcli"], runs[rival.name])
        ]
        return RowResult(name, row.title, task.sources, task.copies, contestants, findings)

    def _start(self) -> RowResult:
        """How long a few photos take in all; the first run fills the caches."""
        task = self._task(start_photos(), "jpeg", None)
        _, size = self._expand("start", augcli_command, task)
        runs = [
            self._expand("start", augcli_command, task)[0] for _ in range(self._settings.rounds)
        ]
        return _wall_time("start", task, runs, size, at_most=START_SECONDS)

    def _nothing(self) -> RowResult:
        """How long a run takes that finds all copies in place."""
        task = self._task(thumbnails(self._settings.nothing_sources), "jpeg", None)
        task = replace(task, output=self._fresh_output("nothing"))
        self._run("nothing", augcli_command(task))
        runs = []
        for _ in range(self._settings.rounds):
            runs.append(self._run("nothing", augcli_command(task)))
            with open(f"{self._printed('nothing')}.out", encoding="utf-8") as file:
                kept = json.load(file)["kept"]
            if kept != task.files:
                raise RuntimeError(f"{kept} copies of {task.files} were kept")
        size = self._check_output(task)
        return _wall_time("nothing", task, runs, size, at_most=NOTHING_SECONDS)

    def _memory(self) -> RowResult:
        """The main process's memory with few sources and with many, once each."""
        contestants: list[Contestant] = []
        peaks: list[float] = []
        for count in (_FEW_SOURCES, self._settings.memory_sources):
            task = self._task(thumbnails(count), "jpeg", None)
            done, size = self._expand("memory", augcli_command, task, sample_memory=True)
            if done.peak_memory is None:
                raise RuntimeError("the peak memory of a process can be read on Linux alone")
            peaks.append(done.peak_memory)
            contestants.append(Contestant(f"augcli, {count:,}", [done], task.files, size))
        few, many = peaks
        findings = [
            Finding(f"with {_FEW_SOURCES:,} sources", Spread.of([few / 1e6]), "MB"),
            Finding(f"with {task.sources:,} sources", Spread.of([many / 1e6]), "MB"),
            Finding("many : few", Spread.of([many / few]), "x", at_most=MEMORY_RATIO),
        ]
        title = ALONE["memory"]
        return RowResult("memory", title, task.sources, task.copies, contestants, findings)

    # -- one run

    def _task(
        self,
        data: DataSet,
        save_format: str,
        target_size: tuple[int, int] | None,
        config: str = RANGES,
    ) -> Task:
        settings = self._settings
        with open(self._config, "w", encoding="utf-8") as file:
            file.write(config)
        folder = os.path.join(settings.work, "data")
        return Task(
            source=make_data_set(data, folder, settings.images),
            sources=data.count,
            output="",
            copies=settings.copies,
            save_format=save_format,
            target_size=target_size,
            workers=settings.workers,
            config=self._config,
            peers_python=settings.peers_python,
        )

    def _expand(
        self, label: str, command: Command, task: Task, *, sample_memory: bool = False
    ) -> tuple[Run, float]:
        """A run into a new folder, and the mean size of its files in bytes."""
        task = replace(task, output=self._fresh_output(label))
        done = self._run(label, command(task), sample_memory=sample_memory)
        return done, self._check_output(task)

    def _run(self, label: str, command: list[str], *, sample_memory: bool = False) -> Run:
        printed = self._printed(label)
        folder = self._settings.work
        return run(command, printed=printed, folder=folder, sample_memory=sample_memory)

    def _printed(self, label: str) -> str:
        return os.path.join(self._settings.work, "logs", label)

    def _fresh_output(self, label: str) -> str:
        output = os.path.join(self._settings.work, "outputs", label)
        shutil.rmtree(output, ignore_errors=True)
        os.makedirs(output)
        return output

    def _check_output(self, task: Task) -> float:
        """The mean size of the copies in bytes, after which they go, unless they are to stay."""
        sizes = [
            os.path.getsize(os.path.join(folder, name))
            for folder, _, names in os.walk(task.output)
            for name in names
            if name.lower().endswith(_PICTURES)
        ]
        if len(sizes) != task.files:
            raise RuntimeError(f"{len(sizes)} files, not {task.files}, in {task.output}")
        if not self._settings.keep:
            shutil.rmtree(task.output)
        return sum(sizes) / len(sizes)


def _orders(contenders: list[str], rounds: int) -> list[list[str]]:
    """Who runs after whom: in every round, another one begins."""
    starts = [number % len(contenders) for number in range(rounds)]
    return [contenders[start:] + contenders[:start] for start in starts]


def _wall_time(name: str, task: Task, runs: list[Run], size: float, *, at_most: float) -> RowResult:
    """The result of a row that augcli runs alone, against the clock."""
    return RowResult(
        name,
        ALONE[name],
        task.sources,
        task.copies,
        [Contestant("augcli", runs, task.files, size)],
        [Finding("wall time", Spread.of([done.wall for done in runs]), "s", at_most=at_most)],
    )
