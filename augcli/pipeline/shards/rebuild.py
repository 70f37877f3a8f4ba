"""One recorded shard's way: its samples made again from what is on record, compared, written."""

import os
from collections.abc import Sequence
from itertools import groupby
from typing import TYPE_CHECKING

from augcli.datasets.base import Loaded
from augcli.errors import AugcliError, SourceError
from augcli.images.files import sha256_bytes, write_atomic
from augcli.pipeline.jobs import Setting, enough_memory
from augcli.pipeline.rebuild import (
    UNUSABLE_RECIPE,
    NotRebuilt,
    RebuildTask,
    Rebuilt,
    Recorded,
    load_recorded,
)
from augcli.pipeline.shards.targets import Targets

if TYPE_CHECKING:
    from augcli.pipeline.shards.worker import ShardSample


def rebuild_shards(task: RebuildTask) -> Rebuilt:
    """Rebuilds some shards, each as a whole; what differs from the manifest is not written.

    Raises:
        OutputError: A shard could not be written.
    """
    failures = []
    written = 0
    for _, group in groupby(task.copies, lambda copy: copy.file_name):
        copies = tuple(group)
        failure = _rebuild_shard(task.setting, copies)
        if failure is None:
            written += len(copies)
        else:
            failures.append(failure)
    return Rebuilt(written, tuple(failures))


def _rebuild_shard(setting: Setting, copies: Sequence[Recorded]) -> NotRebuilt | None:
    """Rebuilds one shard; why that was not possible, if it was not."""
    name = copies[0].file_name
    samples = []
    for copy in copies:
        try:
            loaded = load_recorded(setting, copy)
        except SourceError as error:
            return NotRebuilt(name, copy.source, str(error), True, len(copies))
        try:
            samples.append(_sample(setting, loaded, copy))
        except SourceError as error:
            return NotRebuilt(name, copy.source, str(error), False, len(copies))
    try:
        data = _bytes(setting, samples, copies[0].sha256)
    except AugcliError as error:
        return NotRebuilt(name, copies[0].source, str(error), False, len(copies))
    path = os.path.join(setting.output, *name.split("/"))
    os.makedirs(os.path.dirname(path), exist_ok=True)
    write_atomic(path, data)
    return None


@enough_memory("transform")
def _sample(setting: Setting, loaded: Loaded, copy: Recorded) -> "ShardSample":
    """One sample, by its recipe.

    Raises:
        SourceError: It cannot be made.
    """
    from augcli.pipeline.shards.worker import ShardSample, sample_array  # noqa: PLC0415  pixels
    from augcli.pipeline.standardizing import read_statistics  # noqa: PLC0415  the same

    statistics = read_statistics(setting.statistics)
    try:
        array, _ = sample_array(setting.config, loaded.picture, copy.recipe, statistics)
    except UNUSABLE_RECIPE as error:
        raise SourceError("transform", "its recipe in the manifest cannot be applied") from error
    return ShardSample(copy.source, array, copy.label, copy.sample_weight)


def _bytes(setting: Setting, samples: "Sequence[ShardSample]", sha256: str) -> bytes:
    """The content of the shard.

    Raises:
        AugcliError: It would not be the one on record.
    """
    from augcli.pipeline.shards.worker import shard_bytes  # noqa: PLC0415  pixel libraries

    try:
        data = shard_bytes(samples, setting.targets or Targets(None))
    except UNUSABLE_RECIPE as error:
        raise AugcliError("its labels in the manifest are not those of the run") from error
    if sha256_bytes(data) != sha256:
        raise AugcliError("rebuilt, it has other bytes than the manifest says")
    return data
