"""Which copies of an earlier run still stand: same source, same settings, same bytes."""

import os
from collections.abc import Sequence
from dataclasses import dataclass

from augcli.images.files import sha256_file
from augcli.pipeline.jobs import Job, Target
from augcli.pipeline.ledger import Entry
from augcli.pipeline.plan import PlannedItem
from augcli.pipeline.records import is_inner_file


@dataclass(frozen=True, slots=True)
class Standing:
    """What an earlier run leaves to do for one source.

    Attributes:
        kept: Names of the copies that stand.
        job: The copies to make, None when there are none.
    """

    kept: tuple[str, ...]
    job: Job | None


def what_stands(
    planned: PlannedItem,
    entries: Sequence[Entry | None],
    *,
    source: str,
    output: str,
    digest: str,
) -> Standing:
    """Compares what is planned of one source with what there is, byte for byte.

    Args:
        planned: The source and its copies.
        entries: For each copy, what is known of its file.
        source: Folder of the data set.
        output: The output folder.
        digest: Digest of this run's settings.
    """
    candidates = {
        target.name: entry
        for target, entry in zip(planned.targets, entries, strict=True)
        if entry is not None and _is_same_copy(planned, target, entry, digest)
    }
    source_sha256 = None
    if candidates:
        source_sha256 = _digest_of(planned.item.file_in(source))
    kept = tuple(
        name
        for name, entry in candidates.items()
        if entry.source_sha256 == source_sha256
        and is_inner_file(output, name)
        and _digest_of(os.path.join(output, *name.split("/"))) == entry.sha256
    )
    missing = tuple(target for target in planned.targets if target.name not in kept)
    if not missing:
        return Standing(kept, None)
    return Standing(kept, Job(planned.item, missing, source_sha256 if kept else None))


def _is_same_copy(planned: PlannedItem, target: Target, entry: Entry, digest: str) -> bool:
    item = planned.item
    wanted = (item.path, target.copy, digest, item.label, item.split)
    return wanted == (entry.source, entry.copy, entry.digest, entry.label, entry.split)


def _digest_of(path: str) -> str | None:
    """SHA-256 of a file; None when it cannot be read."""
    try:
        return sha256_file(path)
    except OSError:
        return None
