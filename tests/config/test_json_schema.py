"""The JSON Schema that editors check configs with."""

from pathlib import Path
from typing import Any

import pytest
import yaml
from jsonschema import Draft202012Validator
from support import config_schema

from augcli.config.presets import PRESETS, init_text, preset_text
from augcli.config.schema import Config, resolved

CONFIGS = sorted((Path(__file__).parents[2] / "configs").glob("*.yaml"))
VALIDATOR = Draft202012Validator(config_schema())


def errors(text: str) -> list[Any]:
    """What an editor would underline in a YAML text."""
    return list(VALIDATOR.iter_errors(yaml.safe_load(text)))


def test_it_is_a_schema_of_its_dialect() -> None:
    """The schema is valid itself, and names the dialect."""
    Draft202012Validator.check_schema(config_schema())
    assert config_schema()["$schema"] == "https://json-schema.org/draft/2020-12/schema"


@pytest.mark.parametrize("path", CONFIGS, ids=lambda path: path.name)
def test_the_examples_are_valid(path: Path) -> None:
    """No example config is underlined."""
    assert errors(path.read_text(encoding="utf-8")) == []


@pytest.mark.parametrize("name", PRESETS)
def test_presets_and_starting_configs_are_valid(name: str) -> None:
    """No preset, starting config or resolved config is underlined."""
    assert errors(preset_text(name)) == []
    assert errors(init_text(name)) == []
    assert list(VALIDATOR.iter_errors(resolved(Config()))) == []


@pytest.mark.parametrize(
    "text",
    [
        "copise: 4",
        "copies: 0",
        "seed: x",
        "target_size: [1]",
        "transforms: {rotation_rnge: 3}",
        "transforms: [{ranges: {rotation_rnge: 3}}]",
        "transforms: [{ranges: {}, p: 2}]",
        "transforms: [{p: 1}]",
        "transforms: [{ranges: {}, d4: {}}]",
        "transforms: [{ranges: {}, weight: 1}]",
        "transforms: [{one_of: [{ranges: {rotation_rnge: 3}}]}]",
        "transforms: [{one_of: {ranges: {}}}]",
        "transforms: [{one_of: []}]",
        "transforms: [{one_of: }]",
        "transforms: [{some_of: {n: 1}}]",
        "transforms: [{sequence: [{one_of: [{foo: {}}]}]}]",
        "save_options: {quality: 3}",
        "{save_format: jpeg, save_options: {compression: fast}}",
    ],
)
def test_mistakes_are_underlined(text: str) -> None:
    """Unknown keys, wrong values and options of another format are found."""
    assert errors(text)


@pytest.mark.parametrize(
    "text", ["{}", "transforms: ", "transforms: []", "save_options: ", "transforms: [{ranges: }]"]
)
def test_empty_keys_are_not(text: str) -> None:
    """What the loader takes as nothing is nothing to an editor too."""
    assert errors(text) == []


def test_steps_in_steps_are_valid() -> None:
    """Steps may hold steps, and weights stand beside those of a choice."""
    text = """
    transforms:
      - one_of:
          - ranges: {rotation_range: 5}
            weight: 2
          - sequence: [{some_of: {n: [0, 2], steps: [{ranges: }, {d4: , p: 0.5}]}}]
        p: 0.5
    """
    assert errors(text) == []
    config = Config.model_validate(yaml.safe_load(text))
    assert list(VALIDATOR.iter_errors(resolved(config))) == []


def test_every_key_is_described() -> None:
    """Each key of the config, of the transforms and of the options has a description."""
    schema = config_schema()
    for model in (schema, *schema["$defs"].values()):
        for key, value in model.get("properties", {}).items():
            assert value.get("description"), key
