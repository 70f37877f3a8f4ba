"""Which source of a shard ends its worker."""

from dataclasses import replace

import pytest

from augcli.datasets.items import Item
from augcli.errors import AugcliError
from augcli.pipeline.jobs import ShardJob
from augcli.pipeline.shards.trial import ShardTrials

JOB = ShardJob("0_0.npz", 0, tuple(Item(name, None, None) for name in "abc"))


def test_the_guilty_are_left_out() -> None:
    """Each source is tried alone; then the shard comes without the guilty, as do later ones."""
    trials = ShardTrials()
    tried = trials.start(JOB)
    assert tried == [replace(JOB, items=(item,), is_trial=True) for item in JOB.items]
    assert trials.finish(tried[0], died=False) == []
    assert trials.finish(tried[1], died=True) == []
    [again] = trials.finish(tried[2], died=False)
    assert again == replace(JOB, without=frozenset("b"))
    later = replace(JOB, name="1_0.npz", copy=1)
    assert trials.spared(later) == replace(later, without=frozenset("b"))
    assert trials.spared(replace(later, items=JOB.items[:1])).without == frozenset()


def test_one_more_is_guilty() -> None:
    """A shard that still ends its workers is looked at again, without those that are known."""
    trials = ShardTrials()
    tried = trials.start(replace(JOB, without=frozenset("b")))
    assert [job.items for job in tried] == [JOB.items[:1], JOB.items[2:]]
    assert trials.finish(tried[0], died=True) == []
    [again] = trials.finish(tried[1], died=False)
    assert again.without == frozenset("ab")


def test_nobody_is_guilty() -> None:
    """A shard whose sources all can be used ends the run, rather than being tried for ever."""
    trials = ShardTrials()
    *others, last = trials.start(JOB)
    for job in others:
        assert trials.finish(job, died=False) == []
    with pytest.raises(AugcliError, match="smaller batch_size"):
        trials.finish(last, died=False)
