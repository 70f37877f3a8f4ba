"""Chunks: every job once, in order, in helpings of a sensible size."""

from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st
from support import draw

from augcli.config.schema import Config
from augcli.datasets.files import FileReader
from augcli.datasets.items import Item
from augcli.pipeline.chunks import Chunk, Chunker, run_chunk
from augcli.pipeline.jobs import Job, Setting, Target


def job(number: int, copies: int = 1) -> Job:
    """A job of so many copies."""
    targets = tuple(Target(f"{number}_{copy}.png", copy) for copy in range(copies))
    return Job(Item(f"{number}.png", None, None), targets)


@given(
    st.lists(st.integers(1, 9), max_size=80),
    st.integers(1, 8),
    st.lists(st.floats(0, 10), min_size=1, max_size=5),
    st.integers(0, 500),
)
def test_every_job_goes_out_once(
    copies: list[int], workers: int, seconds: list[float], expected: int
) -> None:
    """In order, however long the chunks take, and however many copies were expected."""
    jobs = [job(number, count) for number, count in enumerate(copies)]
    chunker = Chunker(iter(jobs), copies=expected, workers=workers)
    handed_out: list[Job] = []
    while (chunk := chunker.next()) is not None:
        assert chunk.jobs
        handed_out += chunk.jobs
        chunker.learn(chunk.copies, seconds[len(handed_out) % len(seconds)])
    assert handed_out == jobs
    assert chunker.next() is None


def test_sizes() -> None:
    """One job while nothing is known; then about 0.15 s of work; at the end a part of the rest."""
    chunker = Chunker((job(number) for number in range(1000)), copies=136, workers=2)
    assert chunker.next().copies == 1
    chunker.learn(1, 0.01)
    assert [chunker.next().copies for _ in range(5)] == [15, 15, 13, 11, 10]
    chunker.learn(0, 99.0)  # says nothing about how long a copy takes
    assert chunker.next().copies == 71 // 8


def test_quick_jobs_are_not_piled_up_without_end() -> None:
    """However quick they are, 64 jobs are enough for a chunk."""
    chunker = Chunker((job(number) for number in range(10_000)), copies=10_000, workers=1)
    chunker.learn(1, 0.0)
    assert len(chunker.next().jobs) == 64


def test_after_a_death() -> None:
    """Each job is tried alone; one that was alone already when a second worker died is given up."""
    first, second = job(1), job(2)
    assert Chunk((first, second)).after_death() == [Chunk((first,), 1), Chunk((second,), 1)]
    assert Chunk((first,)).after_death() == [Chunk((first,), 1)]
    assert Chunk((first,), 1).after_death() == []


def test_running_a_chunk(tmp_path: Path) -> None:
    """Its jobs are done one after the other; one that fails does not keep the next from it."""
    draw(tmp_path / "in" / "2.png")
    (tmp_path / "out").mkdir()
    setting = Setting(Config(), FileReader(str(tmp_path / "in")), str(tmp_path / "out"))
    result = run_chunk(setting, (job(1), job(2)))
    assert [outcome.failure is None for outcome in result.outcomes] == [False, True]
    assert result.seconds > 0
    assert (tmp_path / "out" / "2_0.png").exists()
