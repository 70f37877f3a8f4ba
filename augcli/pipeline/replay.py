"""Copies rebuilt from the manifest, run.yaml and the source, byte for byte."""

import os
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import Executor
from contextlib import suppress
from dataclasses import dataclass
from fnmatch import fnmatchcase
from itertools import groupby
from typing import Any

from augcli.config.schema import Config
from augcli.config.sources import SourceKind, source_kind
from augcli.datasets.open import open_reader, table_directory, targets_of
from augcli.datasets.targets import TargetDigests, Targets
from augcli.errors import AugcliError, OutputError, UsageError
from augcli.images.files import check_folder_place, explain_output, is_temporary
from augcli.pipeline.executors import ProcessExecutor, SerialExecutor, usable_cpus
from augcli.pipeline.in_order import in_order
from augcli.pipeline.interruption import Interruption
from augcli.pipeline.jobs import Setting
from augcli.pipeline.lock import hold
from augcli.pipeline.manifest import Manifest, NameSet, files_in, finished_manifest
from augcli.pipeline.places import made
from augcli.pipeline.progress import Progress, SilentProgress
from augcli.pipeline.rebuild import (
    NotRebuilt,
    RebuildTask,
    Recorded,
    RecordedTargets,
    rebuild,
)
from augcli.pipeline.recorded import RecordedRun, differences, recorded_statistics
from augcli.pipeline.records import (
    COMPANIONS,
    OBJECTS_KEY,
    WEIGHT_KEY,
    is_inner_file,
    is_inner_path,
)
from augcli.pipeline.settings import code_versions, versions
from augcli.pipeline.shards.rebuild import rebuild_shards
from augcli.pipeline.shared_files import shared_files
from augcli.pipeline.verify import Expected, Kind, compare

FAILURES_KEPT = 1000
"""Most failures that are kept; the others are counted."""
_COPIES_PER_TASK = 32
_TASKS_PER_WORKER = 4
_NAMES_SHOWN = 3
_LARGEST = 1e12  # what no parameter of a recipe comes near


@dataclass(frozen=True, slots=True)
class Replayed:
    """What a replay did.

    Attributes:
        folder: Where the copies are.
        copies: Copies that were asked for.
        written: Copies rebuilt by this call.
        kept: Copies that stood there already.
        unusable: Copies whose source is gone, has changed or cannot be read.
        different: Copies that would have had other bytes than on record, and were not written.
        failures: The first of both.
        warnings: What has changed since the run, where that was accepted.
        seconds: Wall time.
    """

    folder: str
    copies: int
    written: int
    kept: int
    unusable: int
    different: int
    failures: tuple[NotRebuilt, ...]
    warnings: tuple[str, ...]
    seconds: float


def replay(
    run: RecordedRun,
    folder: str,
    *,
    only: Sequence[str] = (),
    anyway: bool = False,
    workers: int | None = None,
    progress: Progress | None = None,
    interruption: Interruption | None = None,
) -> Replayed:
    """Rebuilds copies of a run, each only if it comes out with the bytes on record.

    A preprocessing_function of its config is imported and called: ask before.

    Args:
        run: The run.
        folder: Where to write them, under their names in the manifest. It need not exist; what is
            in it has to be copies that this would write.
        only: Patterns of file names, as the shell has them, but "*" matches "/" too. A copy that
            one of them matches is rebuilt; all are without any.
        anyway: Try even if versions or settings differ from those of the run.
        workers: How many processes; 0 for none but this one; None for the usable processors.
        progress: Shows how it goes.
        interruption: Tells it to stop.

    Raises:
        UsageError: Nothing was written, as something is missing, differs or is in the way.
        OutputBusyError: Another process writes to `folder`.
        OutputError: It cannot be written to.
        AugcliError: The manifest was damaged, or a run is not done with it.
        InterruptedRunError: It was told to stop; the same call resumes.
    """
    start = time.perf_counter()
    manifest = Manifest(finished_manifest(run.output))
    _check_place(folder, run)
    statistics = recorded_statistics(run)
    used = versions() | code_versions(run.config)
    _check_source(run.config)
    targets = targets_of(run.config)
    changes = differences(
        run,
        used,
        None if statistics is None else statistics.digest,
        None if targets is None else targets.digest(),
    )
    if changes and not anyway:
        raise UsageError(
            f"the copies in {run.output} were made with something else than there is now:\n  "
            + "\n  ".join(changes)
            + "\ninstall what there was then; or try with --anyway, which writes only what comes "
            "out the same"
        )
    reader = open_reader(run.config, targets)
    setting = Setting(run.config, reader, folder, statistics, run.targets)
    try:
        with made(folder), hold(folder), NameSet() as standing:
            _remove_temporary_files(folder)
            work = _Replay(setting, manifest, only, standing, targets)
            total = work.survey()
            count = usable_cpus() if workers is None else workers
            work.work(total, count, progress or SilentProgress(), interruption or Interruption())
    except OSError as error:
        # A write that fails does not say of which file: it is one in the folder.
        path = error.filename or os.path.join(folder, "")
        raise OutputError(explain_output(path, error)) from error
    return Replayed(
        folder=folder,
        copies=total,
        written=work.written,
        kept=work.kept,
        unusable=work.unusable,
        different=work.different,
        failures=tuple(work.failures),
        warnings=tuple(changes),
        seconds=time.perf_counter() - start,
    )


def _check_source(config: Config) -> None:
    """Makes sure that the source is there.

    Raises:
        UsageError: It is not.
    """
    source = str(config.source)
    place = table_directory(config, source) if source_kind(source) == "csv" else source
    if not os.path.exists(place):
        raise UsageError(f"the source {place} does not exist; say with --source where it is now")


def _check_place(folder: str, run: RecordedRun) -> None:
    """Makes sure that the copies do not get between other files that matter.

    Raises:
        UsageError: They would.
    """
    if os.path.lexists(folder) and not os.path.isdir(folder):
        raise UsageError(f"{folder} is no folder")
    check_folder_place(folder)
    source = str(run.config.source)
    others = [run.output, *([source] if source_kind(source) == "folder" else [])]
    for other in others:
        real, real_other = os.path.realpath(folder), os.path.realpath(other)
        with suppress(ValueError):  # on another drive
            if os.path.commonpath([real, real_other]) == real_other:
                raise UsageError(f"{folder} is in {other}; choose a folder beside it")


def _remove_temporary_files(folder: str) -> None:
    """Removes what a killed replay left half-written; the folder is held, so nobody needs it."""
    for path, _, names in os.walk(folder):
        for name in filter(is_temporary, names):
            os.unlink(os.path.join(path, name))


class _Replay:
    """The copies that are asked for, and what becomes of them."""

    def __init__(
        self,
        setting: Setting,
        manifest: Manifest,
        only: Sequence[str],
        standing: NameSet,
        targets: Targets | None,
    ) -> None:
        self._setting = setting
        self._manifest = manifest
        self._only = only
        self._standing = standing
        self._kind = source_kind(str(setting.config.source))
        self._targets = targets
        self._shared = shared_files(
            targets, setting.output, self._rebuilt, has_both=_has_both(setting.config)
        )
        self.written = 0
        self.kept = 0
        self.unusable = 0
        self.different = 0
        self.failures: list[NotRebuilt] = []

    def survey(self) -> int:
        """How many copies are asked for; those that stand already are taken down.

        Raises:
            UsageError: There are none, or other files are in the way.
        """
        is_new = next(files_in(self._setting.output), None) is None
        total = 0
        in_the_way: list[str] = []
        with NameSet() as names:
            for shared in self._shared:  # which is made anew where it is not as it should be
                names.add(shared.name)
            for name, copies in self._files():
                total += len(copies)
                if is_new:
                    continue
                files = _expected(copies[0])
                for file in files:
                    names.add(file.name)
                found = [compare(self._setting.output, file) for file in files]
                if found == [None] * len(found):
                    self._standing.add(name)
                    self.kept += len(copies)
                in_the_way += [f.name for f in found if f and f.kind is not Kind.MISSING]
            in_the_way += [name for name in files_in(self._setting.output) if name not in names]
        if total == 0:
            wanted = f" that matches {' or '.join(self._only)}" if self._only else ""
            raise UsageError(f"{self._manifest.path} lists no copy{wanted}")
        if in_the_way:
            more = len(in_the_way) - _NAMES_SHOWN
            raise UsageError(
                f"{self._setting.output} holds other files than the copies to rebuild: "
                f"{', '.join(in_the_way[:_NAMES_SHOWN])}{f' and {more} more' if more > 0 else ''}; "
                f"choose a new folder"
            )
        return total

    def work(
        self, total: int, workers: int, progress: Progress, interruption: Interruption
    ) -> None:
        """Rebuilds what does not stand already, `total` copies being asked for."""
        progress.start(copies=total, sources=total)
        progress.advance(self.kept)
        left = total - self.kept
        share = -(-left // (_TASKS_PER_WORKER * max(1, workers)))
        size = min(max(1, share), _COPIES_PER_TASK)
        workers = min(workers, -(-left // size))
        executor: Executor = ProcessExecutor(workers) if workers else SerialExecutor()
        ahead = _TASKS_PER_WORKER * max(1, workers)
        for done in in_order(
            executor,
            rebuild if self._setting.targets is None else rebuild_shards,
            self._tasks(size),
            ahead=ahead,
            interruption=interruption,
        ):
            self.written += done.written
            self._note(done.failures)
            failed = sum(failure.copies for failure in done.failures)
            progress.advance(done.written + failed, failures=failed)
        for file in self._shared:
            if not file.stands(self._setting.output, file.digest()):
                file.write(self._setting.output)

    def _note(self, failures: Sequence[NotRebuilt]) -> None:
        for failure in failures:
            if failure.is_of_source:
                self.unusable += failure.copies
            else:
                self.different += failure.copies
        self.failures += failures[: FAILURES_KEPT - len(self.failures)]

    def _tasks(self, size: int) -> Iterator[RebuildTask]:
        """The work in pieces of about `size` copies; no file is in two of them."""
        together: list[Recorded] = []
        for name, copies in self._files():
            if name not in self._standing:
                together += copies
            if len(together) >= size:
                yield RebuildTask(self._setting, tuple(together))
                together = []
        if together:
            yield RebuildTask(self._setting, tuple(together))

    def _files(self) -> Iterator[tuple[str, list[Recorded]]]:
        """The files that are asked for, each with its copies: one, or those of a shard."""
        for name, copies in groupby(self._copies(), lambda copy: copy.file_name):
            yield name, list(copies)

    def _copies(self) -> Iterator[Recorded]:
        """The copies that are asked for, in the order of the manifest."""
        for values in self._wanted():
            yield _recorded(values, self._kind, self._targets)

    def _wanted(self) -> Iterator[dict[str, Any]]:
        """Their lines in the manifest."""
        return (v for v in self._manifest.records() if self._is_wanted(v["file_name"]))

    def _rebuilt(self) -> Iterator[dict[str, Any]]:
        """The lines of those that are there."""
        folder = self._setting.output
        return (v for v in self._wanted() if is_inner_file(folder, v["file_name"]))

    def _is_wanted(self, name: str) -> bool:
        return not self._only or any(fnmatchcase(name, pattern) for pattern in self._only)


def _has_both(config: Config) -> bool:
    """Whether both sides of a split are in the output."""
    return bool(config.validation_split) and config.subset == "both"


def _expected(copy: Recorded) -> list[Expected]:
    """A copy's files, as they should be."""
    targets = copy.targets
    further = zip(targets.files, targets.digests, strict=True)
    return [
        Expected(copy.file_name, copy.sha256),
        *(Expected(name, sha256) for name, sha256 in further if name and sha256),
    ]


def _recorded(values: dict[str, Any], kind: SourceKind, targets: Targets | None) -> Recorded:
    """What a manifest's line says of a copy, whose source and recipe are looked at first.

    Raises:
        AugcliError: It leads out of the source, or no transform could have drawn it.
    """
    name, source, recipe = values["file_name"], values["source"], values["recipe"]
    if not _is_source(source, kind):
        raise AugcliError(f"{name} in the manifest has a source outside of the data set: {source}")
    if not _is_recipe(recipe):
        raise AugcliError(f"{name} in the manifest has a recipe that augcli never wrote")
    return Recorded(
        file_name=name,
        sha256=values["sha256"],
        source=source,
        source_sha256=values["source_sha256"],
        recipe=recipe,
        label=values["label"],
        sample_weight=values.get(WEIGHT_KEY),
        targets=_recorded_targets(values, targets),
    )


def _recorded_targets(values: dict[str, Any], targets: Targets | None) -> RecordedTargets:
    """What a line says of mask and annotations."""
    mask, annotations = COMPANIONS
    return RecordedTargets(
        (values.get(mask), values.get(annotations)),
        (values.get(f"{mask}_sha256"), values.get(f"{annotations}_sha256")),
        TargetDigests(*(values.get(f"{key}_source_sha256") for key in COMPANIONS)),
        values.get(OBJECTS_KEY),
        None if targets is None else targets.entry(values["source"]),
    )


def _is_source(source: str, kind: SourceKind) -> bool:
    """Whether a recorded source is one of the data set; a CSV may name any file."""
    if kind == "npz":
        return source.isascii() and source.isdigit()
    return kind == "csv" or is_inner_path(source)


def _is_recipe(recipe: object) -> bool:
    return isinstance(recipe, list) and all(
        isinstance(step, dict) and all(map(_is_parameter, step.values())) for step in recipe
    )


def _is_parameter(value: object) -> bool:
    if isinstance(value, int | float):
        return -_LARGEST <= value <= _LARGEST  # which NaN is not
    return value is None or isinstance(value, str)
