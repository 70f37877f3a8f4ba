"""Presets and the configs that `augcli init` writes."""

from pathlib import Path

import pytest

from augcli.config.loader import load_config
from augcli.config.presets import PRESETS, init_text, preset_text
from augcli.config.schema import Config
from augcli.errors import UsageError
from augcli.transforms.ranges import Ranges


def preset_ranges(name: str) -> Ranges:
    """The ranges of a preset."""
    [step] = load_config(preset=name).transforms
    assert isinstance(step.transform, Ranges)
    return step.transform


def test_the_presets_are_the_files() -> None:
    """Each YAML file beside the module is a preset."""
    assert PRESETS == ("digits", "documents", "medical", "photos", "satellite")


@pytest.mark.parametrize("name", PRESETS)
def test_a_preset_loads_and_explains_itself(name: str) -> None:
    """A preset is a config without source and output, and starts with what it is for."""
    config = load_config(preset=name)
    assert (config.source, config.output) == (None, None)
    assert preset_text(name).startswith("# ")


def test_labels_survive() -> None:
    """Flips are for what has no fixed sides; only tiles seen from above may turn all the way."""
    flips = {name: preset_ranges(name).horizontal_flip for name in PRESETS}
    assert flips == {
        "digits": False, "documents": False, "medical": False, "photos": True, "satellite": True,
    }  # fmt: skip
    angles = {name: preset_ranges(name).rotation_range for name in PRESETS}
    assert angles.pop("satellite") == 180
    assert max(angles.values()) <= 15


@pytest.mark.parametrize("name", [None, *PRESETS])
def test_a_starting_config_loads(tmp_path: Path, name: str | None) -> None:
    """What `init` writes loads as it stands, with the preset's transforms."""
    path = tmp_path / "augment.yaml"
    path.write_text(init_text(name), encoding="utf-8")
    config = load_config(str(path))
    assert config.transforms == load_config(preset=name or "photos").transforms
    assert config.source == str(tmp_path / "photos")


@pytest.mark.parametrize("name", PRESETS)
def test_a_starting_config_names_every_key_once(name: str) -> None:
    """Every key of the schema stands in it, written or commented out."""
    keys = [line.strip().removeprefix("# ").split(":")[0] for line in init_text(name).splitlines()]
    for key in (*Config.model_fields, *Ranges.model_fields):
        assert keys.count(key) == 1, key


_FOR_A_CSV = [
    *("save_format=npy", "save_options=null", "source=labels.csv"),
    *("follow_links=false", "ignore_class_split=false"),  # of a folder, and of an .npz
]


def test_what_is_commented_out_loads_too(tmp_path: Path) -> None:
    """Uncommenting all keys of a starting config gives a config, as `npy` holds floats."""
    keys = (*Config.model_fields, *Ranges.model_fields)
    lines = []
    for line in init_text("medical").splitlines():
        bare = line.replace("# ", "", 1)
        is_key = bare.strip().split(":")[0] in keys and line.strip().startswith("# ")
        lines.append(bare if is_key else line)
    path = tmp_path / "augment.yaml"
    path.write_text("\n".join(lines), encoding="utf-8")
    config = load_config(str(path), overrides=_FOR_A_CSV)
    assert config.include_originals
    assert config.target_size == [224, 224]


def test_an_unknown_preset_is_a_usage_error() -> None:
    """The error lists the presets and names the nearest."""
    with pytest.raises(UsageError) as error:
        init_text("photo")
    assert str(error.value) == (
        "unknown preset 'photo' (there are digits, documents, medical, photos and satellite); "
        "did you mean 'photos'?"
    )
    with pytest.raises(UsageError, match=r"^unknown preset '\.\./x' \(there are .*\)$"):
        load_config(preset="../x")
