"""The statistics of a run: taken over while they hold, else measured anew."""

from pathlib import Path
from typing import Any

import pytest
from support import draw

from augcli.config.schema import Config, Fitting
from augcli.errors import UsageError
from augcli.pipeline.interruption import Interruption
from augcli.pipeline.progress import SilentProgress
from augcli.pipeline.run_statistics import RunStatistics, run_statistics, standing_statistics
from augcli.transforms.ranges import Ranges
from augcli.transforms.recipe import Step

USED = {"augcli": "1"}
SIZE = (4, 3)  # width and height


@pytest.fixture
def photos(tmp_path: Path) -> Path:
    """Forty pictures of 4 x 3 pixels in two classes: more than one portion."""
    for number in range(40):
        folder = "cat" if number % 2 else "dog"
        draw(tmp_path / "photos" / folder / f"{number:02}.png", seed=number, size=SIZE)
    return tmp_path / "photos"


def config(source: Path, fitting: Fitting | None = None, **ranges: Any) -> Config:
    """A config that standardises by the data set."""
    settings = Ranges(**({"featurewise_std_normalization": True} | ranges))
    return Config(
        source=str(source),
        save_format="npy",
        transforms=[Step(transform=settings)],
        fit=fitting or Fitting(),
    )


def of_run(wanted: Config, output: Path) -> RunStatistics:
    """The statistics of a run, kept in its output."""
    found = run_statistics(
        wanted,
        used=USED,
        output=str(output),
        workers=0,
        progress=SilentProgress(),
        interruption=Interruption(),
    )
    found.keep(str(output))
    return found


def test_a_rerun_measures_nothing(photos: Path, tmp_path: Path) -> None:
    """Statistics of the same images and settings are taken over, and their file stays."""
    assert of_run(config(photos), tmp_path).images == 40
    before = (tmp_path / "statistics.npz").stat().st_mtime_ns
    assert of_run(config(photos), tmp_path).images == 0
    assert (tmp_path / "statistics.npz").stat().st_mtime_ns == before


def test_changes_are_measured_again(photos: Path, tmp_path: Path) -> None:
    """Another setting, another image, another library: each time a new measurement."""
    of_run(config(photos), tmp_path)
    assert of_run(config(photos, rescale=0.5), tmp_path).images == 40
    assert of_run(config(photos, Fitting(augment=True), rescale=0.5), tmp_path).images == 40
    wanted = config(photos)
    of_run(wanted, tmp_path)
    draw(photos / "cat" / "01.png", seed=99, size=SIZE)
    assert of_run(wanted, tmp_path).images == 40
    (photos / "cat" / "01.png").unlink()
    assert of_run(wanted, tmp_path).images == 39
    assert standing_statistics(wanted, USED, str(tmp_path)) is not None
    assert standing_statistics(wanted, {"augcli": "2"}, str(tmp_path)) is None


def test_a_file_of_somebody_else(photos: Path, tmp_path: Path) -> None:
    """It is not overwritten; a damaged one of an earlier run is."""
    (tmp_path / "statistics.npz").write_bytes(b"precious")
    with pytest.raises(UsageError, match="was not written by augcli"):
        of_run(config(photos), tmp_path)
    assert (tmp_path / "statistics.npz").read_bytes() == b"precious"
    (tmp_path / "run.yaml").write_text("config: {statistics: statistics.npz}", encoding="utf-8")
    assert of_run(config(photos), tmp_path).images == 40
