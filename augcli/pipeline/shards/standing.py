"""Whether a shard of an earlier run still stands: same sources, same settings, same bytes."""

import os
from collections.abc import Callable, Sequence

from augcli.datasets.items import Item
from augcli.images.files import sha256_file
from augcli.pipeline.jobs import ShardJob
from augcli.pipeline.ledger import Entry
from augcli.pipeline.records import is_inner_file


def shard_stands(
    shard: ShardJob,
    entries: Sequence[Entry],
    *,
    digest_of: Callable[[Item], str | None],
    output: str,
    digest: str,
) -> bool:
    """Whether a shard stands, byte for byte, with all of its sources in it.

    Args:
        shard: The shard.
        entries: What is known of each copy in it.
        digest_of: Digest of a source as it is now.
        output: The output folder.
        digest: Digest of this run's settings.
    """
    wanted = [
        (item.path, shard.copy, digest, item.label, item.split, item.sample_weight)
        for item in shard.items
    ]
    known = [(e.source, e.copy, e.digest, e.label, e.split, e.sample_weight) for e in entries]
    if wanted != known:
        return False
    digests = {entry.sha256 for entry in entries}
    return digests == {_file_digest(output, shard.name)} and all(
        digest_of(item) == entry.source_sha256
        for item, entry in zip(shard.items, entries, strict=True)
    )


def _file_digest(output: str, name: str) -> str | None:
    """SHA-256 of a file of the output; None when there is none that can be read."""
    if not is_inner_file(output, name):
        return None
    try:
        return sha256_file(os.path.join(output, *name.split("/")))
    except OSError:
        return None
