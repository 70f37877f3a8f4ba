"""Jobs: how the copies of one source are shared out, and what a failure says."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from augcli.datasets.items import Item
from augcli.errors import SourceError
from augcli.pipeline.jobs import COPIES_PER_JOB, Job, Target, enough_memory, failure_of, split_job

ITEM = Item("a.png", None, None)


@given(st.integers(1, 300), st.integers(-1, 20))
def test_split_jobs_hold_the_same_copies(copies: int, parts: int) -> None:
    """In order, in parts of about equal size, none of them too large."""
    targets = tuple(Target(f"a_{number}.png", number) for number in range(copies))
    jobs = split_job(Job(ITEM, targets, "0" * 64), parts)
    assert tuple(target for job in jobs for target in job.targets) == targets
    assert {job.source_sha256 for job in jobs} == {"0" * 64}
    sizes = [len(job.targets) for job in jobs]
    assert max(sizes) <= COPIES_PER_JOB
    assert set(sizes[:-1]) <= {sizes[0]}
    assert len(jobs) <= max(1, parts, -(-copies // COPIES_PER_JOB))


@pytest.mark.parametrize(
    ("cause", "name"), [(None, "SourceError"), (PermissionError("no"), "PermissionError")]
)
def test_a_failure_names_its_cause(cause: Exception | None, name: str) -> None:
    """The kind of error is that of what went wrong first."""
    error = SourceError("read", "cannot be read")
    error.__cause__ = cause
    failure = failure_of(Job(ITEM, ()), error)
    assert (failure.source, failure.stage, failure.error) == ("a.png", "read", name)
    assert failure.message == "cannot be read"


@pytest.mark.parametrize("stage", ["decode", "transform"])
def test_memory_that_runs_out(stage: str) -> None:
    """It is the source's fault, at the stage that was under way; other errors are let through."""
    with pytest.raises(SourceError, match="not enough memory") as caught, enough_memory(stage):
        raise MemoryError
    failure = failure_of(Job(ITEM, ()), caught.value)
    assert (failure.stage, failure.error) == (stage, "MemoryError")
    with pytest.raises(KeyError), enough_memory(stage):
        raise KeyError
