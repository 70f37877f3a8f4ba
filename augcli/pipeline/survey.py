"""A first look at source and output: how much there is to do, and whether it may be done."""

import os
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass

from augcli.datasets.base import Reader
from augcli.errors import UsageError
from augcli.images.files import is_temporary
from augcli.pipeline.balance import Balance
from augcli.pipeline.interruption import Interruption
from augcli.pipeline.ledger import Ledger
from augcli.pipeline.plan import Plan
from augcli.pipeline.progress import Progress, SilentProgress
from augcli.pipeline.records import FAILURES, MANIFEST, RUN, Failure
from augcli.pipeline.standing import what_stands

_NAMES_SHOWN = 3


@dataclass(frozen=True, slots=True)
class Survey:
    """What a run has before it.

    Attributes:
        sources: How many images the data set has.
        copies: How many files are planned of them.
        kept: How many of these stand already.
        failures: Folders that could not be listed.
        warnings: Classes that one side of a split lacks.
    """

    sources: int
    copies: int
    kept: int
    failures: tuple[Failure, ...]
    warnings: tuple[str, ...] = ()


def survey(
    plan: Plan,
    reader: Reader,
    output: str,
    ledger: Ledger,
    *,
    digest: str,
    clean: bool,
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
        progress: Shows how far the comparison is.
        interruption: Tells it to stop.

    Raises:
        UsageError: There are no images, or a file of somebody else has a planned name.
    """
    progress, interruption = progress or SilentProgress(), interruption or Interruption()
    is_new = ledger.is_empty
    sources = copies = kept = listed = 0
    failures: list[Failure] = []
    in_the_way: list[str] = []
    balance = Balance()
    for group in plan.groups():
        if group.error is not None:
            message = f"the folder cannot be listed: {group.error}"
            failures.append(Failure(group.path or ".", "read", "OSError", message))
        in_group, copies_of_group = plan.count(group)
        listed += len(group.names)
        sources += in_group
        copies += copies_of_group
        if plan.splits_classes:
            for item in group.samples():
                balance.add(item)
        present = _present(output, plan.folders(group), clean=clean)
        if is_new and not present:
            continue
        for planned in plan.items(group):
            interruption.check()
            entries = [ledger.find(target.name) for target in planned.targets]
            in_the_way += [
                target.name
                for target, entry in zip(planned.targets, entries, strict=True)
                if entry is None and target.name in present
            ]
            standing = what_stands(planned, entries, reader=reader, output=output, digest=digest)
            ledger.keep(standing)
            kept += len(standing)
            progress.compare(1)
    if sources == 0 and not failures:
        raise UsageError(plan.explain_empty(listed))
    in_the_way += _foreign_reports(output)
    if in_the_way:
        shown = ", ".join(in_the_way[:_NAMES_SHOWN])
        more = len(in_the_way) - _NAMES_SHOWN
        raise UsageError(
            f"files in {output} that augcli did not write are in the way: {shown}"
            f"{f' and {more} more' if more > 0 else ''}; move them, or choose another "
            f"save_prefix or output"
        )
    return Survey(sources, copies, kept, tuple(failures), balance.warnings())


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
