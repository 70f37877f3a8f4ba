"""A first look at source and output: how much there is to do, and whether it may be done."""

import os
from contextlib import suppress
from dataclasses import dataclass

from augcli.errors import UsageError
from augcli.images.files import is_temporary
from augcli.pipeline.ledger import Ledger
from augcli.pipeline.plan import Plan
from augcli.pipeline.records import FAILURES, MANIFEST, RUN, Failure

_NAMES_SHOWN = 3


@dataclass(frozen=True, slots=True)
class Survey:
    """What a run has before it.

    Attributes:
        sources: How many images the data set has.
        copies: How many files are to be made of them.
        failures: Folders that could not be listed.
    """

    sources: int
    copies: int
    failures: tuple[Failure, ...]


def survey(plan: Plan, source: str, output: str, ledger: Ledger, *, clean: bool) -> Survey:
    """Counts the plan and makes sure that it overwrites nothing that augcli did not write.

    Args:
        plan: The plan.
        source: Folder of the data set.
        output: The output folder, which need not exist.
        ledger: What is known of its files.
        clean: Remove temporary files that a killed run left.

    Raises:
        UsageError: There are no images, or a file of somebody else has a planned name.
    """
    sources = 0
    failures: list[Failure] = []
    in_the_way: list[str] = []
    for directory in plan.directories():
        if directory.error is not None:
            message = f"the folder cannot be listed: {directory.error}"
            failures.append(Failure(directory.path or ".", "read", "OSError", message))
        sources += len(directory.names)
        folder = os.path.join(output, *directory.path.split("/")) if directory.path else output
        present = _present(folder, clean=clean)
        if present and directory.names:
            lead = f"{directory.path}/" if directory.path else ""
            in_the_way += [
                target.name
                for planned in plan.items(directory)
                for target in planned.targets
                if target.name.removeprefix(lead) in present and target.name not in ledger
            ]
    if sources == 0 and not failures:
        raise UsageError(
            f"no images in {source}: looked in it and its sub-folders for files with an image's "
            f"suffix or an image's first bytes"
        )
    in_the_way += _foreign_reports(output)
    if in_the_way:
        shown = ", ".join(in_the_way[:_NAMES_SHOWN])
        more = len(in_the_way) - _NAMES_SHOWN
        raise UsageError(
            f"files in {output} that augcli did not write are in the way: {shown}"
            f"{f' and {more} more' if more > 0 else ''}; move them, or choose another "
            f"save_prefix or output"
        )
    return Survey(sources, sources * plan.targets_per_item, tuple(failures))


def _present(folder: str, *, clean: bool) -> set[str]:
    """Names of the files in an output folder, empty when there is no such folder."""
    try:
        names = set(os.listdir(folder))
    except OSError:
        return set()
    if clean:
        for name in filter(is_temporary, names):
            with suppress(OSError):
                os.unlink(os.path.join(folder, name))
    return names


def _foreign_reports(output: str) -> list[str]:
    """The manifest's and its companions' names, where they are taken by something else."""
    return [
        name
        for name in (MANIFEST, FAILURES, RUN)
        if os.path.lexists(os.path.join(output, name))
        and not os.path.isfile(os.path.join(output, name))
    ]
