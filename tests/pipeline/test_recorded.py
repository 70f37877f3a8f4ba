"""What run.yaml says of a run."""

import os
from pathlib import Path

import pytest
import yaml

from augcli.config.schema import Config, pixel_digest
from augcli.errors import AugcliError, ConfigError, UsageError
from augcli.pipeline import recorded as recorded_run
from augcli.pipeline.recorded import (
    differences,
    plugin_versions,
    read_recorded_run,
    recorded_statistics,
)
from augcli.pipeline.run_check import find_damage
from augcli.pipeline.settings import run_text
from augcli.transforms.ranges import Ranges
from augcli.transforms.recipe import Step
from augcli.transforms.registry import PluginError

VERSIONS = {"augcli": "1", "pillow": "12.2"}


def recorded(folder: Path, config: Config, source: Path) -> Path:
    """An output with nothing but an empty manifest and the run.yaml of a config."""
    output = folder / "out"
    output.mkdir(exist_ok=True)
    (output / "manifest.jsonl").touch()
    text = run_text(config, VERSIONS, source=str(source), output=str(output))
    (output / "run.yaml").write_bytes(text)
    return output


@pytest.fixture
def output(tmp_path: Path) -> Path:
    """That of a run with a rotation."""
    config = Config(seed=7, transforms=[Step(transform=Ranges(rotation_range=20.0))])
    return recorded(tmp_path, config, tmp_path / "photos")


def test_the_config_comes_back(output: Path, tmp_path: Path) -> None:
    """Settings are those of the run, and the source is where it was, seen from the output."""
    run = read_recorded_run(str(output))
    assert run.config.source == str(tmp_path / "photos")
    assert run.config.transforms == [Step(transform=Ranges(rotation_range=20.0))]
    assert (run.config.seed, run.versions) == (7, VERSIONS)
    assert differences(run, VERSIONS, None, None) == []


def test_another_place_of_the_source(output: Path) -> None:
    """It may be said where the source is now, but not that it is of another kind."""
    assert read_recorded_run(str(output), "elsewhere").config.source == "elsewhere"
    with pytest.raises(UsageError, match=r"made of a folder, and labels\.csv is none"):
        read_recorded_run(str(output), "labels.csv")


def test_another_place_of_a_table(tmp_path: Path) -> None:
    """Of a table, the new place may be its own or that of the folder with the images."""
    table = tmp_path / "labels.csv"
    output = str(recorded(tmp_path, Config(source=str(table)), table))
    assert read_recorded_run(output, "new.csv").config.source == "new.csv"
    moved = read_recorded_run(output, "images").config
    assert (moved.source, moved.directory) == (str(table), "images")


def test_what_differs(output: Path) -> None:
    """Versions that changed, came or went are named with then and now."""
    now = {"augcli": "1", "pillow": "13.0", "libjpeg": "3"}
    assert differences(read_recorded_run(str(output)), now, None, None) == [
        "libjpeg: then absent, now 3",
        "pillow: then 12.2, now 13.0",
    ]


def test_edited_settings(output: Path) -> None:
    """A run.yaml whose settings are not those of its digest is noticed."""
    text = (output / "run.yaml").read_text(encoding="utf-8")
    edited = text.replace("rotation_range: 20.0", "rotation_range: 30.0")
    assert edited != text
    (output / "run.yaml").write_text(edited, encoding="utf-8")
    [difference] = differences(read_recorded_run(str(output)), VERSIONS, None, None)
    assert "run.yaml are not those that the run had" in difference


def test_a_package_that_is_not_installed(tmp_path: Path, output: Path) -> None:
    """It is named with its version, rather than its transform called an unknown key."""
    used = VERSIONS | {"plugin/augcli-none": "1.2"}
    text = run_text(Config(), used, source=str(tmp_path / "photos"), output=str(output))
    (output / "run.yaml").write_bytes(text)
    with pytest.raises(UsageError, match=r"made with transforms of augcli-none 1\.2, not inst"):
        read_recorded_run(str(output))


def test_packages_that_clash(output: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where a run used none, its settings are read whatever is installed."""

    def clash() -> dict[str, str]:
        raise PluginError("one has a transform 'crop', which augcli has itself")

    monkeypatch.setattr(recorded_run, "plugin_packages", clash)
    assert read_recorded_run(str(output)).config.seed == 7
    assert find_damage(str(output)) is None
    with pytest.raises(PluginError):
        plugin_versions(["augcli", "plugin/one"])


def test_no_run(output: Path) -> None:
    """Without run.yaml, or a manifest, it is said that the copies cannot be rebuilt."""
    (output / "run.yaml").unlink()
    with pytest.raises(UsageError, match=r"no .*run\.yaml, which says how the copies were made"):
        read_recorded_run(str(output))
    (output / "manifest.jsonl").unlink()
    with pytest.raises(UsageError, match=r"no .*manifest\.jsonl"):
        read_recorded_run(str(output))


@pytest.mark.parametrize(
    "text",
    ["", "- a\n", "digest: x\n", "config: {}\nversions: {a: 1}\ndigest: x\n", "a: &a [*a]\n"],
)
def test_a_text_that_is_no_run(text: str, output: Path) -> None:
    """Anything else than what a run writes is refused."""
    (output / "run.yaml").write_text(text, encoding="utf-8")
    with pytest.raises(UsageError, match=r"run\.yaml"):
        read_recorded_run(str(output))


def test_bytes_that_are_no_text(output: Path) -> None:
    """Neither is what is not UTF-8."""
    (output / "run.yaml").write_bytes(b"\xff\xfe")
    with pytest.raises(UsageError, match="cannot be read"):
        read_recorded_run(str(output))


def test_settings_that_do_not_hold(output: Path) -> None:
    """Wrong settings are config errors, in the name of run.yaml."""
    path = output / "run.yaml"
    values = yaml.safe_load(path.read_text(encoding="utf-8"))
    values["config"]["copies"] = -1
    path.write_text(yaml.safe_dump(values), encoding="utf-8")
    with pytest.raises(ConfigError) as error:
        read_recorded_run(str(output))
    [problem] = error.value.problems
    assert problem.where == os.path.join(output, "run.yaml")
    assert "copies" in problem.message


def test_statistics_that_are_gone(tmp_path: Path) -> None:
    """A run that standardised needs its statistics; others need none."""
    ranges = Ranges(featurewise_center=True)
    config = Config(save_format="npy", transforms=[Step(transform=ranges)])
    output = recorded(tmp_path, config, tmp_path / "photos")
    with pytest.raises(UsageError, match=r"statistics\.npz, which is gone or damaged"):
        recorded_statistics(read_recorded_run(str(output)))
    output = recorded(tmp_path, Config(), tmp_path / "photos")
    assert recorded_statistics(read_recorded_run(str(output))) is None


def test_the_digest_of_pixels_comes_back(output: Path) -> None:
    """All that shapes a pixel survives being written to run.yaml and read back."""
    config = Config(seed=7, transforms=[Step(transform=Ranges(rotation_range=20.0))])
    assert pixel_digest(read_recorded_run(str(output)).config) == pixel_digest(config)


def test_a_run_under_way(output: Path) -> None:
    """While a run is not done, nothing is read."""
    (output / ".augcli-journal.jsonl").touch()
    with pytest.raises(AugcliError, match="has not come to its end"):
        read_recorded_run(str(output))
