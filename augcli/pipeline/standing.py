"""Which copies of an earlier run still stand: same source, same settings, same bytes."""

import os
from collections.abc import Mapping, Sequence

from augcli.datasets.base import Reader
from augcli.datasets.targets import TargetDigests
from augcli.images.files import sha256_file
from augcli.pipeline.jobs import Target
from augcli.pipeline.ledger import Entry
from augcli.pipeline.plan import PlannedItem
from augcli.pipeline.records import is_inner_file, is_inner_folder, is_plain_file


def what_stands(
    planned: PlannedItem,
    entries: Sequence[Entry | None],
    *,
    further: Mapping[str, Entry | None],
    reader: Reader,
    output: str,
    digest: str,
) -> tuple[str, ...]:
    """Names of the copies of one source that stand, byte for byte, masks and annotations included.

    Args:
        planned: The source and its copies.
        entries: For each copy, what is known of its file.
        further: What is known of the copies' further files, by their names.
        reader: Reads the source.
        output: The output folder.
        digest: Digest of this run's settings.
    """
    candidates = {
        target: entry
        for target, entry in zip(planned.targets, entries, strict=True)
        if entry is not None and _is_same_copy(planned, target, entry, digest)
    }
    if not candidates:
        return ()
    source_sha256 = reader.digest(planned.item)
    digests = reader.target_digests(planned.item)
    if not is_inner_folder(output, planned.folder):
        return ()
    return tuple(
        target.name
        for target, entry in candidates.items()
        if entry.source_sha256 == source_sha256
        and entry.annotations_sha256 == digests.annotations
        and _digest_of(os.path.join(output, target.name)) == entry.sha256
        and _further_files_stand(target, further, digests, output)
    )


def _further_files_stand(
    target: Target, further: Mapping[str, Entry | None], digests: TargetDigests, output: str
) -> bool:
    """Whether a copy's mask and annotation file stand; without annotations there is no file."""
    sources = {target.mask: digests.mask}
    if digests.annotations is not None:
        sources[target.annotations] = digests.annotations
    return all(
        (entry := further.get(name)) is not None
        and entry.source_sha256 == source_sha256
        and is_inner_file(output, name)
        and _digest_of(os.path.join(output, *name.split("/"))) == entry.sha256
        for name, source_sha256 in sources.items()
        if name is not None
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
