"""A first look at source and output: how much there is to do, and whether it may be done."""

import os
from collections.abc import Collection, Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass

from augcli.config.traps import Finding
from augcli.datasets.base import Reader
from augcli.errors import UsageError
from augcli.images.files import is_temporary
from augcli.pipeline.balance import Balance
from augcli.pipeline.interruption import Interruption
from augcli.pipeline.ledger import Entry, Ledger
from augcli.pipeline.plan import Plan, PlannedItem, unlistable
from augcli.pipeline.progress import Progress, SilentProgress
from augcli.pipeline.records import FAILURES, MANIFEST, RUN, Failure
from augcli.pipeline.shards.plan import ShardPlan
from augcli.pipeline.shards.standing import shard_stands
from augcli.pipeline.standing import what_stands

_NAMES_SHOWN = 3


@dataclass(frozen=True, slots=True)
class Survey:
    """What a run has before it.

    Attributes:
        sources: How many images the data set has.
        copies: How many copies are planned of them.
        kept: How many of these stand already.
        failures: Folders that could not be listed.
        findings: What one side of a split lacks.
    """

    sources: int
    copies: int
    kept: int
    failures: tuple[Failure, ...]
    findings: tuple[Finding, ...] = ()


def survey(
    plan: Plan | ShardPlan,
    reader: Reader,
    output: str,
    ledger: Ledger,
    *,
    digest: str,
    clean: bool,
    shared: Sequence[str] = (),
    progress: Progress | None = None,
    interruption: Interruption | None = None,
) -> Survey:
    """Counts the plan, and compares it with what there is.

    The ledger learns which files stand. That none is overwritten which augcli did not write is
    sure before the first is written.

    Args:
        plan: The plan.
        reader: Reads the sources.
        output: The output folder, which need not exist.
        ledger: What is known of its files.
        digest: Digest of this run's settings.
        clean: Remove temporary files that a killed run left.
        shared: Files that the run writes at its end.
        progress: Shows how far the comparison is.
        interruption: Tells it to stop.

    Raises:
        UsageError: There are no images, or a file of somebody else has a planned name.
    """
    look = _Look(
        reader,
        output,
        ledger,
        digest,
        clean,
        progress or SilentProgress(),
        interruption or Interruption(),
        shared,
    )
    return _of_shards(plan, look) if isinstance(plan, ShardPlan) else _of_files(plan, look)


@dataclass(frozen=True, slots=True)
class _Look:
    """What a survey goes by; see `survey`."""

    reader: Reader
    output: str
    ledger: Ledger
    digest: str
    clean: bool
    progress: Progress
    interruption: Interruption
    shared: Sequence[str] = ()


def _of_files(plan: Plan, look: _Look) -> Survey:
    """The survey of a run that writes a file for each copy."""
    ledger, output = look.ledger, look.output
    is_new = ledger.is_empty
    sources = copies = kept = listed = 0
    failures: list[Failure] = []
    in_the_way = _shared_in_the_way(look)
    balance = Balance(plan.config)
    for group in plan.groups():
        if group.error is not None:
            failures.append(unlistable(group))
        in_group, copies_of_group = plan.count(group)
        listed += len(group.names)
        sources += in_group
        copies += copies_of_group
        if plan.has_both:
            for item in group.samples():
                balance.add(item)
        present = _present(output, plan.folders(group), clean=look.clean)
        if is_new and not present:
            continue
        for planned in plan.items(group):
            look.interruption.check()
            entries = [ledger.find(target.name) for target in planned.targets]
            further = _further_files(planned, ledger) if plan.has_further_files else {}
            in_the_way += [
                target.name
                for target, entry in zip(planned.targets, entries, strict=True)
                if entry is None and target.name in present
            ]
            in_the_way += [name for name, e in further.items() if e is None and name in present]
            standing = what_stands(
                planned,
                entries,
                further=further,
                reader=look.reader,
                output=output,
                digest=look.digest,
            )
            ledger.keep(_files_of(planned, standing) if further else standing)
            kept += len(standing)
            look.progress.compare(1)
    if sources == 0 and not failures:
        raise UsageError(plan.explain_empty(listed))
    _check_free(output, in_the_way)
    return Survey(sources, copies, kept, tuple(failures), balance.findings())


def _further_files(planned: PlannedItem, ledger: Ledger) -> dict[str, Entry | None]:
    """What is known of the masks and annotation files of a source's copies."""
    return {name: ledger.find(name) for target in planned.targets for name in target.files[1:]}


def _files_of(planned: PlannedItem, names: Collection[str]) -> list[str]:
    """All files of the copies of these names."""
    wanted = set(names)
    return [file for t in planned.targets if t.name in wanted for file in t.files]


def _shared_in_the_way(look: _Look) -> list[str]:
    """Files of somebody else that have the names of those that are written at the end."""
    folders = {os.path.dirname(name) for name in look.shared}
    present = _present(look.output, folders, clean=look.clean)
    found = [name for name in look.shared if name in present and look.ledger.find(name) is None]
    look.ledger.keep(look.shared)
    return found


def _of_shards(plan: ShardPlan, look: _Look) -> Survey:
    """The survey of a run that writes shards."""
    kept = 0
    in_the_way: list[str] = []
    if plan.sources == 0 and not plan.failures:
        raise UsageError(plan.explain_empty())
    present = _present(look.output, plan.folders, clean=look.clean)
    is_new = look.ledger.is_empty and not present
    for shard in () if is_new else plan.shards():
        look.interruption.check()
        entries = list(look.ledger.find_all(shard.name))
        if not entries and shard.name in present:
            in_the_way.append(shard.name)
        if shard_stands(
            shard, entries, digest_of=plan.digest, output=look.output, digest=look.digest
        ):
            look.ledger.keep([shard.name])
            kept += shard.copies
        look.progress.compare(shard.copies)
    _check_free(look.output, in_the_way)
    return Survey(plan.sources, plan.copies, kept, plan.failures, plan.findings())


def _check_free(output: str, in_the_way: list[str]) -> None:
    """Makes sure that no file of somebody else has a planned name, or that of a report.

    Raises:
        UsageError: One has.
    """
    in_the_way = in_the_way + _foreign_reports(output)
    if in_the_way:
        shown = ", ".join(in_the_way[:_NAMES_SHOWN])
        more = len(in_the_way) - _NAMES_SHOWN
        raise UsageError(
            f"files in {output} that augcli did not write are in the way: {shown}"
            f"{f' and {more} more' if more > 0 else ''}; move them, or choose another "
            f"save_prefix or output"
        )


def _present(output: str, folders: Iterable[str], *, clean: bool) -> set[str]:
    """The files in some folders of the output, by their paths in it; there need be no such folder.

    Args:
        output: The output folder.
        folders: The folders, relative to it.
        clean: Remove temporary files that a killed run left.
    """
    present = set()
    for folder in folders:
        full = os.path.join(output, *folder.split("/")) if folder else output
        lead = f"{folder}/" if folder else ""
        with suppress(OSError):
            present |= {lead + name for name in os.listdir(full)}
    for path in [path for path in present if clean and is_temporary(path.rpartition("/")[2])]:
        with suppress(OSError):
            os.unlink(os.path.join(output, *path.split("/")))
    return present


def _foreign_reports(output: str) -> list[str]:
    """The manifest's and its companions' names, where they are taken by something else."""
    return [
        name
        for name in (MANIFEST, FAILURES, RUN)
        if os.path.lexists(os.path.join(output, name))
        and not os.path.isfile(os.path.join(output, name))
    ]
