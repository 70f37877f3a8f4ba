"""One image's way through, without a run around it."""

import hashlib
from dataclasses import replace
from itertools import count
from pathlib import Path
from weakref import ref

import numpy as np
import pytest
from support import draw, files

from augcli.annotations.masks import Mask, MaskForm
from augcli.config.schema import Config
from augcli.datasets.base import Loaded
from augcli.datasets.files import FileReader
from augcli.datasets.items import Item
from augcli.datasets.targets import LoadedTargets
from augcli.errors import OutputError, SourceError
from augcli.images.decode import Picture
from augcli.images.options import Loading
from augcli.pipeline import worker
from augcli.pipeline.jobs import Job, Outcome, Setting, Target
from augcli.pipeline.rendering import render
from augcli.pipeline.seeds import copy_seed
from augcli.pipeline.worker import run_jobs
from augcli.transforms.base import TargetRules
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


def run_one(setting: Setting, job: Job) -> Outcome:
    """What becomes of a job by itself."""
    [outcome] = run_jobs(setting, [job])
    return outcome


def test_copies_and_their_records(setting: Setting) -> None:
    """Each copy is written, with a record of its seed, its recipe and its bytes."""
    outcome = run_one(setting, job(0, 5, None))
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
    beside = run_one(setting, job(0, 1, 2)).records[2]
    assert run_one(setting, job(2)).records == (beside,)


def test_a_source_that_is_gone(setting: Setting) -> None:
    """It is a failure of reading, and nothing is written."""
    outcome = run_one(setting, job(0, source="missing.png"))
    assert outcome.records == ()
    assert outcome.failure is not None
    assert (outcome.failure.stage, outcome.failure.error) == ("read", "FileNotFoundError")
    assert list(Path(setting.output).iterdir()) == []


def test_a_source_that_changed_meanwhile(setting: Setting) -> None:
    """Where other copies of it stand, a source with other bytes is a failure of this run."""
    sha256 = hashlib.sha256(Path(setting.reader.root, "a.png").read_bytes()).hexdigest()
    assert run_one(setting, job(0, sha256=sha256)).failure is None
    outcome = run_one(setting, job(0, sha256="0" * 64))
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
    assert [run_one(setting, job) for job in jobs] == together
    assert files(Path(setting.output)) == written


@pytest.mark.parametrize("at_once", [1, 2**21])
@pytest.mark.parametrize("error", [SourceError("encode", "too small"), MemoryError()])
@pytest.mark.parametrize(
    ("step", "stage"),
    [("recipe_of", "transform"), ("apply_recipe", "transform"), ("encoded", "encode")],
)
def test_a_step_that_fails(
    setting: Setting,
    monkeypatch: pytest.MonkeyPatch,
    *,
    step: str,
    stage: str,
    error: Exception,
    at_once: int,
) -> None:
    """Whichever step fails, in the midst of others, it is a failure of that source alone."""
    monkeypatch.setattr(worker, "_AT_ONCE", at_once)
    for number in range(3):
        draw(Path(setting.reader.root) / f"{number}.png", seed=number)
    jobs = [named(f"{number}.png") for number in range(3)]
    undisturbed = run_jobs(setting, jobs)
    original = getattr(worker, step)
    calls = count(1)

    def fails(*args: object, **options: object) -> object:
        if next(calls) == 4:  # the second copy of the second source
            raise error
        return original(*args, **options)

    monkeypatch.setattr(worker, step, fails)
    outcomes = run_jobs(setting, jobs)
    failure = outcomes[1].failure
    assert failure is not None
    assert (failure.source, failure.error) == ("1.png", type(error).__name__)
    assert failure.stage == (stage if isinstance(error, MemoryError) else "encode")
    assert outcomes[1].records == ()
    assert [outcomes[0], outcomes[2]] == [undisturbed[0], undisturbed[2]]


def test_what_is_in_memory_at_once(setting: Setting, monkeypatch: pytest.MonkeyPatch) -> None:
    """Masks count as pixels do, and of sources that cannot be used no pixels are kept."""
    pixels = np.zeros((10, 10, 3), np.uint8)
    mask = Mask(np.zeros((10, 10, 1), np.int32), MaskForm("NPY", "int32"))
    loaded: list[ref[object]] = []
    alive: list[int] = []

    def load(reader: FileReader, item: Item, loading: Loading) -> Loaded:
        alive.append(sum(earlier() is not None for earlier in loaded))
        targets = LoadedTargets(mask, "m" * 64, None, TargetRules())
        one = pixels.copy()
        loaded.append(ref(one))
        return Loaded(Picture(one, None, ()), "s" * 64, targets)

    monkeypatch.setattr(FileReader, "load", load)
    monkeypatch.setattr(worker, "_AT_ONCE", 2101)  # a source and two copies of 10 * 10 * 7 bytes
    run_jobs(setting, [named(f"{number}.png") for number in range(4)])
    assert alive == [0, 1, 0, 1]
    loaded.clear()
    alive.clear()
    run_jobs(setting, [named(f"{number}.png", sha256="0" * 64) for number in range(4)])
    assert alive == [0, 0, 0, 0]


def test_too_little_memory(setting: Setting, monkeypatch: pytest.MonkeyPatch) -> None:
    """An image for which memory runs out is a failure, not the end of the run."""

    def run_out(reader: FileReader, item: Item, loading: Loading) -> Loaded:
        raise MemoryError

    monkeypatch.setattr(FileReader, "load", run_out)
    outcome = run_one(setting, job(0))
    assert outcome.failure is not None
    assert (outcome.failure.stage, outcome.failure.source) == ("decode", "a.png")


def test_an_output_that_cannot_be_written(setting: Setting) -> None:
    """It is no fault of the source: the error goes up."""
    with pytest.raises(OutputError, match="folder is gone"):
        run_one(replace(setting, output=setting.output + "/missing"), job(0))


def test_arrays_with_channels_first() -> None:
    """`data_format: channels_first` moves the axis in the file; the record has width and height."""
    ranges = Ranges(data_format="channels_first", dtype="float32")
    config = Config(save_format="npy", transforms=[Step(transform=ranges)])
    picture = Picture(np.zeros((4, 6, 3), np.uint8), None, ())
    copy = render(config, Item("a.png", None, None), picture, 0)
    assert (copy.size.width, copy.size.height) == (6, 4)
    assert b"(3, 4, 6)" in copy.data[:128]
    assert b"<f4" in copy.data[:128]
