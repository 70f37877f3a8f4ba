"""Copies rebuilt from what is on record."""

import json
import os
import shutil
import sys
from collections.abc import Callable
from itertools import count
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from support import draw, files, mtimes

from augcli.config.schema import Config
from augcli.datasets.files import FileReader
from augcli.errors import AugcliError, InterruptedRunError, UsageError
from augcli.pipeline import rendering
from augcli.pipeline.expand import expand
from augcli.pipeline.interruption import Interruption
from augcli.pipeline.jobs import Setting
from augcli.pipeline.rebuild import RebuildTask, Recorded, rebuild
from augcli.pipeline.recorded import read_recorded_run
from augcli.pipeline.replay import Replayed, replay
from augcli.pipeline.verify import verify
from augcli.transforms.base import Sample
from augcli.transforms.ranges import Ranges
from augcli.transforms.recipe import Recipe, Step

TURN = Step(transform=Ranges(rotation_range=40.0, brightness_range=[0.7, 1.3]))
REPORTS = {"manifest.jsonl", "run.yaml", "failures.jsonl", "statistics.npz"}


def rebuilt(output: Path, folder: Path, **options: Any) -> Replayed:
    """A replay in this process."""
    run = read_recorded_run(str(output), options.pop("source", None))
    return replay(run, str(folder), workers=0, **options)


def copies(output: Path) -> dict[str, bytes]:
    """The copies in an output, by their paths."""
    return {name: data for name, data in files(output).items() if name not in REPORTS}


def edited(output: Path, change: Callable[[dict[str, Any]], None]) -> None:
    """Changes every line of the manifest."""
    path = output / "manifest.jsonl"
    lines = []
    for line in path.read_text(encoding="utf-8").splitlines():
        values = json.loads(line)
        change(values)
        lines.append(json.dumps(values) + "\n")
    path.write_text("".join(lines), encoding="utf-8")


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder of three pictures, and their copies."""
    root = tmp_path_factory.mktemp("replay")
    draw(root / "photos" / "cat" / "tom.png", seed=1)
    draw(root / "photos" / "cat" / "ginger" / "garfield.png", seed=2, size=(9, 14))
    draw(root / "photos" / "dog" / "rex.png", seed=3)
    config = Config(
        source=str(root / "photos"),
        output=str(root / "out"),
        copies=3,
        include_originals=True,
        transforms=[TURN],
    )
    expand(config, workers=0)
    return root


@pytest.fixture
def root(made: Path, tmp_path: Path) -> Path:
    """The same for one test alone."""
    shutil.copytree(made, tmp_path / "run")
    return tmp_path / "run"


def test_all_copies(root: Path) -> None:
    """Everything comes back byte for byte, originals included, and the reports do not."""
    done = rebuilt(root / "out", root / "new")
    assert files(root / "new") == copies(root / "out")
    assert (done.copies, done.written, done.kept, done.failures) == (12, 12, 0, ())


def test_copies_that_are_lost(root: Path) -> None:
    """The copies are not read: manifest, run.yaml and source are enough."""
    before = copies(root / "out")
    for name in before:
        (root / "out" / name).unlink()
    rebuilt(root / "out", root / "new")
    assert files(root / "new") == before


def test_some_copies(root: Path) -> None:
    """Patterns choose, by any of them; without a match nothing is made."""
    rebuilt(root / "out", root / "new", only=["dog/*_1.png", "cat/tom_?.png"])
    assert set(files(root / "new")) == {
        *(f"cat/tom_{number}.png" for number in range(3)),
        "dog/rex_1.png",
    }
    with pytest.raises(UsageError, match=r"lists no copy that matches Dog/\* or x"):
        rebuilt(root / "out", root / "newer", only=["Dog/*", "x"])
    assert not (root / "newer").exists()


def test_again(root: Path) -> None:
    """Copies that stand are kept, with their times, and missing ones added."""
    rebuilt(root / "out", root / "new")
    (root / "new" / "cat" / "tom_0.png").unlink()
    (root / "new" / "cat" / f".augcli-tmp-{'0' * 16}").touch()  # as a kill leaves it
    before = {n: t for n, t in mtimes(root / "new").items() if "augcli-tmp" not in n}
    done = rebuilt(root / "out", root / "new")
    assert (done.written, done.kept) == (1, 11)
    assert mtimes(root / "new").items() >= before.items()
    assert files(root / "new") == copies(root / "out")


@pytest.mark.parametrize("name", ["notes.txt", "cat/tom_0.png"])
def test_other_files_in_the_way(name: str, root: Path) -> None:
    """A folder with anything else in it is left as it is."""
    (root / "new" / "cat").mkdir(parents=True)
    (root / "new" / name).write_bytes(b"mine")
    with pytest.raises(UsageError, match=f"holds other files than the copies to rebuild: {name}"):
        rebuilt(root / "out", root / "new")
    assert files(root / "new") == {name: b"mine"}


@pytest.mark.parametrize("place", ["out", "out/new", "photos", "photos/new", "photos/dog/rex.png"])
def test_places_that_are_taken(place: str, root: Path) -> None:
    """Neither output nor source get anything new, and a file is no folder."""
    before = files(root)
    with pytest.raises(UsageError, match=r"choose a folder beside it|is no folder"):
        rebuilt(root / "out", root / place)
    assert files(root) == before


def test_sources_that_changed_or_went(root: Path) -> None:
    """Their copies are named with the reason; those of other sources are made."""
    draw(root / "photos" / "dog" / "rex.png", seed=9)
    (root / "photos" / "cat" / "tom.png").unlink()
    done = rebuilt(root / "out", root / "new", only=["*_0.png"])
    assert [(f.file_name, f.source, f.message, f.is_of_source) for f in done.failures] == [
        ("cat/tom_0.png", "cat/tom.png", "the file is gone", True),
        ("dog/rex_0.png", "dog/rex.png", "the source has changed since the run", True),
    ]
    assert (done.unusable, done.different) == (2, 0)
    assert set(files(root / "new")) == {"cat/ginger/garfield_0.png"}


def test_a_source_that_broke(root: Path) -> None:
    """That it has changed is said rather than that it cannot be decoded."""
    (root / "photos" / "dog" / "rex.png").write_bytes(b"no picture")
    [failure] = rebuilt(root / "out", root / "new", only=["dog/rex_0.png"]).failures
    assert failure.message == "the source has changed since the run"


def test_a_source_elsewhere(root: Path) -> None:
    """It is looked for where it was, seen from the output, or where one says."""
    (root / "photos").rename(root / "moved")
    with pytest.raises(UsageError, match=r"photos does not exist; say with --source"):
        rebuilt(root / "out", root / "new")
    rebuilt(root / "out", root / "new", source=str(root / "moved"))
    assert files(root / "new") == copies(root / "out")


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere, names are valid Unicode")
def test_names_of_odd_bytes(root: Path) -> None:
    """Names that are not UTF-8, or hold a line break, come back as they were."""
    for name in (b"\xff.png", b"line\nbreak.png"):
        shutil.copy(root / "photos" / "dog" / "rex.png", root / "photos" / os.fsdecode(name))
    config = Config(source=str(root / "photos"), output=str(root / "odd"), transforms=[TURN])
    expand(config, workers=0)
    rebuilt(root / "odd", root / "new")
    assert files(root / "new") == copies(root / "odd")
    assert verify(str(root / "odd")).holds


def test_other_bytes(root: Path) -> None:
    """What would not be the copy on record is not written, and named."""
    edited(root / "out", lambda values: values.update(sha256="0" * 64))
    done = rebuilt(root / "out", root / "new", only=["dog/*"])
    assert (done.written, done.unusable, done.different) == (0, 0, 4)
    assert "other bytes than the manifest says" in done.failures[0].message
    assert files(root / "new") == {}


def test_other_versions(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What differs is named, and nothing made; asked to try, the digests decide."""
    versions = {**read_recorded_run(str(root / "out")).versions, "pillow": "99.0"}
    then = read_recorded_run(str(root / "out")).versions["pillow"]
    monkeypatch.setattr("augcli.pipeline.replay.versions", lambda: versions)
    with pytest.raises(UsageError, match=rf"pillow: then {then}, now 99\.0"):
        rebuilt(root / "out", root / "new")
    assert not (root / "new").exists()
    done = rebuilt(root / "out", root / "new", anyway=True)
    assert done.warnings == (f"pillow: then {then}, now 99.0",)
    assert files(root / "new") == copies(root / "out")


@pytest.mark.parametrize("source", ["../secret.png", "/etc/hostname", "cat/../../secret.png"])
def test_hostile_sources(source: str, root: Path) -> None:
    """A source outside of the data set's folder is not read."""
    edited(root / "out", lambda values: values.update(source=source))
    with pytest.raises(AugcliError, match="source outside of the data set"):
        rebuilt(root / "out", root / "new")


def test_hostile_names(root: Path) -> None:
    """A copy that would be written outside of the folder is refused."""
    edited(root / "out", lambda values: values.update(file_name="../" + values["file_name"]))
    with pytest.raises(AugcliError, match=r"manifest\.jsonl:1: a file name that leaves"):
        rebuilt(root / "out", root / "new")


@pytest.mark.parametrize(
    "recipe",
    [
        *(1, "ranges", {}, [1], [{"op": "ranges", "theta": [1]}]),
        *([{"op": "ranges", "theta": value}] for value in (float("nan"), float("inf"), 10**400)),
    ],
)
def test_recipes_that_nobody_wrote(recipe: object, root: Path) -> None:
    """Recipes of other shapes, and numbers that no draw gives, are refused."""
    edited(root / "out", lambda values: values.update(recipe=recipe))
    with pytest.raises(AugcliError, match="has a recipe that augcli never wrote"):
        rebuilt(root / "out", root / "new")


@pytest.mark.parametrize("step", [{}, {"op": "unknown"}, {"op": "ranges"}, {"op": None}])
def test_recipes_that_cannot_be_applied(step: dict[str, Any], root: Path) -> None:
    """An unknown transform or missing parameters fail that copy alone."""
    setting = Setting(Config(), FileReader(str(root / "photos")), str(root))
    digest = json.loads((root / "out" / "manifest.jsonl").read_bytes().splitlines()[0])
    copy = Recorded("new.png", "", digest["source"], digest["source_sha256"], [step])
    [failure] = rebuild(RebuildTask(setting, [copy])).failures
    assert failure.message == "its recipe in the manifest cannot be applied"


def test_memory_that_runs_out(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A copy that the memory does not hold is not rebuilt; all others are."""
    original = rendering.apply_recipe
    calls = count()

    def apply(sample: Sample, recipe: Recipe) -> Sample:
        if next(calls) == 1:
            raise MemoryError
        return original(sample, recipe)

    monkeypatch.setattr(rendering, "apply_recipe", apply)
    result = rebuilt(root / "out", root / "new")
    [failure] = result.failures
    assert "not enough memory" in failure.message
    assert result.written == result.copies - 1


def test_an_interruption(root: Path) -> None:
    """Told to stop, it stops; the same call resumes."""
    interruption = Interruption()
    interruption.signal_number = 2
    with pytest.raises(InterruptedRunError):
        rebuilt(root / "out", root / "new", interruption=interruption)
    rebuilt(root / "out", root / "new")
    assert files(root / "new") == copies(root / "out")


def test_a_table(root: Path) -> None:
    """Of a CSV, the images are enough, and may lie outside of its folder."""
    draw(root / "elsewhere" / "max.png", seed=4)
    table = root / "tables" / "labels.csv"
    table.parent.mkdir()
    table.write_text("filename,class\n../photos/cat/tom.png,cat\n../elsewhere/max.png,dog\n")
    config = Config(source=str(table), output=str(root / "t"), copies=2, transforms=[TURN])
    expand(config, workers=0)
    table.unlink()
    rebuilt(root / "t", root / "new")
    assert files(root / "new") == copies(root / "t")
    assert len(files(root / "new")) == 4


def test_arrays(root: Path) -> None:
    """Of an .npz, images come back by their index; an index that is none is refused."""
    source = root / "arrays.npz"
    np.savez(source, x=np.random.default_rng(0).integers(0, 256, (3, 8, 6, 3), np.uint8))
    config = Config(source=str(source), output=str(root / "a"), copies=2, transforms=[TURN])
    expand(config, workers=0)
    rebuilt(root / "a", root / "new")
    assert files(root / "new") == copies(root / "a")
    edited(root / "a", lambda values: values.update(source="-1"))
    with pytest.raises(AugcliError, match="source outside of the data set"):
        rebuilt(root / "a", root / "newer")


def test_standardised_arrays_of_a_split(root: Path) -> None:
    """Statistics, splits and .npy come back too; other statistics are noticed."""
    ranges = Ranges(rotation_range=20.0, featurewise_center=True, rescale=1 / 255)
    config = Config(
        source=str(root / "photos"),
        output=str(root / "s"),
        copies=2,
        color_mode="rgb",
        save_format="npy",
        validation_split=0.5,
        transforms=[Step(transform=ranges)],
    )
    expand(config, workers=0)
    rebuilt(root / "s", root / "new")
    assert files(root / "new") == copies(root / "s")
    draw(root / "photos" / "dog" / "rover.png", seed=8)
    expand(config.model_copy(update={"output": str(root / "other")}), workers=0)
    shutil.copy(root / "other" / "statistics.npz", root / "s" / "statistics.npz")
    with pytest.raises(UsageError, match=r"run\.yaml or statistics\.npz are not those"):
        rebuilt(root / "s", root / "newer")


_ranges = st.builds(
    Ranges,
    rotation_range=st.floats(0, 90),
    width_shift_range=st.sampled_from([0.2, 3, [-2, 2]]),
    shear_range=st.floats(0, 30),
    zoom_range=st.floats(0, 0.5),
    brightness_range=st.sampled_from([None, [0.5, 1.5]]),
    channel_shift_range=st.floats(0, 60),
    horizontal_flip=st.booleans(),
    fill_mode=st.sampled_from(["nearest", "reflect", "constant", "wrap"]),
    interpolation_order=st.sampled_from([0, 1, 3]),
)
_steps = st.lists(st.builds(Step, transform=_ranges, p=st.sampled_from([0.5, 1.0])), max_size=2)
_scaled = st.builds(Ranges, rotation_range=st.floats(0, 90), samplewise_center=st.just(value=True))
_settings = st.one_of(
    st.fixed_dictionaries(
        {
            "save_format": st.sampled_from(["png", "jpeg", "webp", "tiff", "bmp", "npy"]),
            "transforms": _steps,
        }
    ),
    st.fixed_dictionaries(
        {
            "save_scale": st.just("minmax"),
            "transforms": st.builds(Step, transform=_scaled).map(lambda step: [step]),
        }
    ),
)


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    values=_settings,
    seed=st.integers(0, 2**53 - 1),
    target_size=st.sampled_from([None, [5, 7]]),
    include_originals=st.booleans(),
    validation_split=st.sampled_from([0.0, 0.5]),
)
def test_what_expand_makes_replay_rebuilds(
    made: Path, tmp_path: Path, values: dict[str, Any], **more: Any
) -> None:
    """Whatever the config, all copies come back byte for byte."""
    output, folder = tmp_path / "out", tmp_path / "new"
    for path in (output, folder):
        shutil.rmtree(path, ignore_errors=True)
    source = os.fspath(made / "photos")
    expand(Config(source=source, output=str(output), copies=2, **values, **more), workers=0)
    done = rebuilt(output, folder)
    assert done.written == done.copies > 0
    assert files(folder) == copies(output)
