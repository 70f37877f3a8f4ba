"""What a config may say of standardisation, and what it is warned of."""

from pathlib import Path

import pytest

from augcli.config.loader import load_config
from augcli.config.schema import Config, pixel_digest
from augcli.config.traps import find_traps
from augcli.errors import ConfigError


def config(*overrides: str) -> Config:
    """The config that these texts of `--set` make, saved as npy unless they say otherwise."""
    return load_config(overrides=["save_format=npy", *overrides])


def trapped(*overrides: str) -> list[str]:
    """The keys of `ranges` that are warned of."""
    return [
        trap.subject.removeprefix("transforms[0].ranges.")
        for trap in find_traps(config(*overrides))
    ]


def test_a_picture_cannot_hold_it(tmp_path: Path) -> None:
    """Each such setting is an error in its own line, with both ways out."""
    path = tmp_path / "augment.yaml"
    path.write_text(
        "transforms:\n  rescale: 1/255\n  zca_whitening: true\n  dtype: float32\n", encoding="utf-8"
    )
    with pytest.raises(ConfigError) as error:
        load_config(str(path))
    places = [problem.where.rpartition("augment.yaml")[2] for problem in error.value.problems]
    assert places == [":2:12", ":3:18", ":4:10"]
    assert "'save_format: npy', or 'save_scale: minmax'" in str(error.value)
    with pytest.raises(ConfigError, match="dtype: png cannot hold this"):
        load_config(str(path), overrides=["save_scale=minmax"])
    assert load_config(str(path), overrides=["save_format=npy"]).standardization is not None


def test_only_the_last_step_standardises() -> None:
    """In an earlier step it is an error that names the step's key."""
    with pytest.raises(ConfigError, match="this is done once, at the end"):
        config("transforms=[{ranges: {rescale: 0.5}}, {ranges: {rotation_range: 5}}]")
    last = config("transforms=[{ranges: {rotation_range: 5}}, {ranges: {rescale: 0.5}}]")
    assert last.standardization is not None
    assert last.standardization.rescale == 0.5


def test_no_choice_standardises(tmp_path: Path) -> None:
    """What every copy needs is an error inside a step of steps, in its line; the rest is fine."""
    path = tmp_path / "augment.yaml"
    path.write_text(
        "save_format: npy\ntransforms:\n  - one_of:\n      - sequence:\n          - ranges:\n"
        "              rescale: 0.5\n              dtype: float32\n"
        "              data_format: channels_first\n              rotation_range: 5\n",
        encoding="utf-8",
    )
    with pytest.raises(ConfigError) as error:
        load_config(str(path))
    assert [str(problem).rpartition("augment.yaml")[2] for problem in error.value.problems] == [
        f":{place}: {key}: every copy needs this; write it in the last step of the list"
        for place, key in (("6:24", "rescale"), ("7:22", "dtype"), ("8:28", "data_format"))
    ]


def test_settings_as_they_take_effect() -> None:
    """`standardization` has the implications in it; `transforms` stays as written."""
    asked = config("zca_whitening=true")
    assert asked.standardization is not None
    assert asked.standardization.featurewise_center
    assert not asked.transforms[0].transform.model_dump()["featurewise_center"]
    assert config("rotation_range=5").standardization is None
    assert config().standardization is None


def test_paths_of_statistics(tmp_path: Path) -> None:
    """In a file, `statistics` is relative to its folder."""
    path = tmp_path / "augment.yaml"
    path.write_text("statistics: stats.npz", encoding="utf-8")
    assert load_config(str(path)).statistics == str(tmp_path / "stats.npz")


def test_what_shapes_pixels() -> None:
    """The settings do; how and where statistics were measured counts by their own digest."""
    plain = config()
    assert pixel_digest(config("rescale=0.5")) != pixel_digest(plain)
    for key in ("statistics=a.npz", "fit.augment=true"):
        assert pixel_digest(config(key)) == pixel_digest(plain)


def test_implications_are_warnings() -> None:
    """What a setting turns on or off is said beside it."""
    assert trapped("featurewise_std_normalization=true") == ["featurewise_std_normalization"]
    assert trapped("featurewise_std_normalization=true", "featurewise_center=true") == []
    [trap] = find_traps(config("samplewise_std_normalization=true"))
    assert trap.reason == "samplewise_std_normalization turns samplewise_center on"


def test_traps() -> None:
    """Statistics of other images, and what a stretched picture cannot show."""
    both = ("featurewise_center=true", "samplewise_center=true")
    assert trapped(*both, "preprocessing_function=a:b") == [
        "preprocessing_function",
        "samplewise_center",
    ]
    assert trapped("rescale=0.5", "save_scale=minmax") == ["rescale"]
    assert trapped("rescale=0.5") == []
