"""One image's way through, without a run around it."""

import hashlib
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from support import draw, files

from augcli.config.schema import Config
from augcli.datasets.base import Loaded
from augcli.datasets.files import FileReader
from augcli.datasets.items import Item
from augcli.errors import OutputError
from augcli.images.decode import Picture
from augcli.images.options import Loading
from augcli.pipeline import worker
from augcli.pipeline.jobs import Job, Setting, Target
from augcli.pipeline.rendering import render
from augcli.pipeline.seeds import copy_seed
from augcli.pipeline.worker import run_job, run_jobs
from augcli.transforms.ranges import Ranges
from augcli.transforms.recipe import Step

CONFIG = Config(seed=3, transforms=[Step(transform=Ranges(rotation_range=30.0))])


@pytest.fixture
def setting(tmp_path: Path) -> Setting:
    """A source with `a.png` in it, and an output."""
    draw(tmp_path / "in" / "a.png")
    (tmp_path / "out").mkdir()
    return Setting(CONFIG, FileReader(str(tmp_path / "in")), str(tmp_path / "out"))


def job(*copies: int | None, source: str = "a.png", sha256: str | None = None) -> Job:
    """A job of these copies of a source."""
    targets = tuple(Target(f"a_{copy}.png", copy) for copy in copies)
    return Job(Item(source, "label", None), targets, sha256)


def named(source: str, sha256: str | None = None) -> Job:
    """A job of two copies whose names begin with the source's."""
    targets = tuple(Target(f"{source}_{copy}.png", copy) for copy in (0, 1))
    return Job(Item(source, None, None), targets, sha256)


def test_copies_and_their_records(setting: Setting) -> None:
    """Each copy is written, with a record of its seed, its recipe and its bytes."""
    outcome = run_job(setting, job(0, 5, None))
    assert outcome.failure is None
    assert [record.copy for record in outcome.records] == [0, 5, None]
    for record in outcome.records:
        data = Path(setting.output, record.file_name).read_bytes()
        assert record.sha256 == hashlib.sha256(data).hexdigest()
        assert (record.label, record.width, record.height) == ("label", 12, 8)
    first, second, original = outcome.records
    assert (first.seed, second.seed) == (copy_seed(3, "a.png", 0), copy_seed(3, "a.png", 5))
    assert first.recipe[0]["theta"] != second.recipe[0]["theta"]
    assert (original.seed, original.recipe) == (None, [])


def test_a_copy_alone_is_the_same(setting: Setting) -> None:
    """What is made beside a copy has no influence on it."""
    beside = run_job(setting, job(0, 1, 2)).records[2]
    assert run_job(setting, job(2)).records == (beside,)


def test_a_source_that_is_gone(setting: Setting) -> None:
    """It is a failure of reading, and nothing is written."""
    outcome = run_job(setting, job(0, source="missing.png"))
    assert outcome.records == ()
    assert outcome.failure is not None
    assert (outcome.failure.stage, outcome.failure.error) == ("read", "FileNotFoundError")
    assert list(Path(setting.output).iterdir()) == []


def test_a_source_that_changed_meanwhile(setting: Setting) -> None:
    """Where other copies of it stand, a source with other bytes is a failure of this run."""
    sha256 = hashlib.sha256(Path(setting.reader.root, "a.png").read_bytes()).hexdigest()
    assert run_job(setting, job(0, sha256=sha256)).failure is None
    outcome = run_job(setting, job(0, sha256="0" * 64))
    assert outcome.failure is not None
    assert "changed while the run went on" in outcome.failure.message


@pytest.mark.parametrize("at_once", [1, 1000, 2**21])
def test_several_jobs(setting: Setting, monkeypatch: pytest.MonkeyPatch, at_once: int) -> None:
    """However many go through together, each comes out as by itself, in the order they came in.

    One that cannot be decoded, or is not the one it was, fails alone.
    """
    monkeypatch.setattr(worker, "_AT_ONCE", at_once)
    sources = Path(setting.reader.root)
    (sources / "broken.png").write_bytes(b"")
    for number in range(4):
        draw(sources / f"{number}.png", seed=number, size=(9 + number, 8))
    jobs = [named("0.png"), named("broken.png"), named("1.png", sha256="0" * 64)]
    jobs += [named("2.png"), named("missing.png"), named("3.png")]
    together = run_jobs(setting, jobs)
    written = files(Path(setting.output))
    assert [outcome.job for outcome in together] == jobs
    assert [len(outcome.records) for outcome in together] == [2, 0, 0, 2, 0, 2]
    assert sorted(written) == [f"{n}.png_{copy}.png" for n in (0, 2, 3) for copy in (0, 1)]
    assert [run_job(setting, job) for job in jobs] == together
    assert files(Path(setting.output)) == written


def test_too_little_memory(setting: Setting, monkeypatch: pytest.MonkeyPatch) -> None:
    """An image for which memory runs out is a failure, not the end of the run."""

    def run_out(reader: FileReader, item: Item, loading: Loading) -> Loaded:
        raise MemoryError

    monkeypatch.setattr(FileReader, "load", run_out)
    outcome = run_job(setting, job(0))
    assert outcome.failure is not None
    assert (outcome.failure.stage, outcome.failure.source) == ("decode", "a.png")


def test_an_output_that_cannot_be_written(setting: Setting) -> None:
    """It is no fault of the source: the error goes up."""
    with pytest.raises(OutputError, match="folder is gone"):
        run_job(replace(setting, output=setting.output + "/missing"), job(0))


def test_arrays_with_channels_first() -> None:
    """`data_format: channels_first` moves the axis in the file; the record has width and height."""
    ranges = Ranges(data_format="channels_first", dtype="float32")
    config = Config(save_format="npy", transforms=[Step(transform=ranges)])
    picture = Picture(np.zeros((4, 6, 3), np.uint8), None, ())
    copy = render(config, Item("a.png", None, None), picture, 0)
    assert (copy.size.width, copy.size.height) == (6, 4)
    assert b"(3, 4, 6)" in copy.data[:128]
    assert b"<f4" in copy.data[:128]
