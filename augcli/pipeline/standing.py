"""Which copies of an earlier run still stand: same source, same settings, same bytes."""

import os
from collections.abc import Sequence

from augcli.datasets.base import Reader
from augcli.images.files import sha256_file
from augcli.pipeline.jobs import Target
from augcli.pipeline.ledger import Entry
from augcli.pipeline.plan import PlannedItem
from augcli.pipeline.records import is_inner_folder, is_plain_file


def what_stands(
    planned: PlannedItem,
    entries: Sequence[Entry | None],
    *,
    reader: Reader,
    output: str,
    digest: str,
) -> tuple[str, ...]:
    """Names of the copies of one source that stand, byte for byte.

    Args:
        planned: The source and its copies.
        entries: For each copy, what is known of its file.
        reader: Reads the source.
        output: The output folder.
        digest: Digest of this run's settings.
    """
    candidates = {
        target.name: entry
        for target, entry in zip(planned.targets, entries, strict=True)
        if entry is not None and _is_same_copy(planned, target, entry, digest)
    }
    if not candidates:
        return ()
    source_sha256 = reader.digest(planned.item)
    if not is_inner_folder(output, planned.folder):
        return ()
    return tuple(
        name
        for name, entry in candidates.items()
        if entry.source_sha256 == source_sha256
        and _digest_of(os.path.join(output, name)) == entry.sha256
    )


def _is_same_copy(planned: PlannedItem, target: Target, entry: Entry, digest: str) -> bool:
    item = planned.item
    wanted = (item.path, target.copy, digest, item.label, item.split, item.sample_weight)
    known = (entry.source, entry.copy, entry.digest)
    return wanted == (*known, entry.label, entry.split, entry.sample_weight)


def _digest_of(path: str) -> str | None:
    """SHA-256 of a file; None when it is a link or no file, or cannot be read."""
    try:
        return sha256_file(path) if is_plain_file(path) else None
    except OSError:
        return None
