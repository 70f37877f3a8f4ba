"""Which source of a shard ends its worker: found by trying each of them alone."""

from dataclasses import dataclass, field, replace

from augcli.errors import AugcliError
from augcli.pipeline.jobs import ShardJob


@dataclass(slots=True)
class _Trial:
    """A shard whose sources are being tried."""

    job: ShardJob
    left: int
    guilty: set[str] = field(default_factory=set)


class ShardTrials:
    """The shards that have ended their workers, and what is known of their sources."""

    def __init__(self) -> None:
        self._trials: dict[str, _Trial] = {}
        self._guilty: set[str] = set()

    def spared(self, job: ShardJob) -> ShardJob:
        """The shard without the sources that have ended workers, in an earlier epoch."""
        without = self._guilty.intersection(item.key for item in job.items)
        return replace(job, without=frozenset(without))

    def start(self, job: ShardJob) -> list[ShardJob]:
        """Jobs that try each source of a shard that ends its workers, and write nothing."""
        suspects = [item for item in job.items if item.key not in job.without]
        self._trials[job.name] = _Trial(job, len(suspects))
        return [replace(job, items=(item,), is_trial=True) for item in suspects]

    def finish(self, job: ShardJob, *, died: bool) -> list[ShardJob]:
        """Takes down how a trial went; after the last one, the shard without the guilty comes.

        Args:
            job: The trial.
            died: Whether it ended its workers.

        Raises:
            AugcliError: Each source could be used by itself.
        """
        trial = self._trials[job.name]
        trial.left -= 1
        if died:
            trial.guilty |= {item.key for item in job.items}
            self._guilty |= trial.guilty
        if trial.left:
            return []
        del self._trials[job.name]
        if not trial.guilty:
            raise AugcliError(
                f"{job.name} cannot be made: its worker process ended twice, though each of its "
                f"sources can be used by itself; if memory ran out, set a smaller batch_size"
            )
        return [replace(trial.job, without=trial.job.without | trial.guilty)]
