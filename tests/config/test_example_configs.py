"""The example configs in `configs/`."""

from pathlib import Path

import pytest

from augcli.config.loader import load_config
from augcli.config.schema import Config
from augcli.transforms.ranges import Ranges

CONFIGS = Path(__file__).parents[2] / "configs"


@pytest.mark.parametrize("path", sorted(CONFIGS.glob("*.yaml")), ids=lambda path: path.name)
def test_an_example_loads_and_says_how_to_run_it(path: Path) -> None:
    """Each example is a config, and its first lines hold the command that uses it."""
    config = load_config(str(path))
    assert isinstance(config, Config)
    assert f"--config configs/{path.name}" in path.read_text(encoding="utf-8")


def test_there_are_examples() -> None:
    """At least six, photos.yaml among them."""
    names = {path.name for path in CONFIGS.glob("*.yaml")}
    assert len(names) >= 6
    assert "photos.yaml" in names


def test_the_keras_example_changes_nothing() -> None:
    """imagedatagenerator.yaml spells out every range at the default, and the Keras centre."""
    [step] = load_config(str(CONFIGS / "imagedatagenerator.yaml")).transforms
    written = {"zoom_keep_aspect"} ^ step.transform.model_fields_set
    assert written == set(Ranges.model_fields)
    assert step.transform == Ranges(center="keras")
