"""`--set KEY=VALUE` in all of its forms."""

from pathlib import Path
from typing import Any

import pytest

from augcli.config.loader import load_config
from augcli.config.schema import resolved
from augcli.errors import ConfigError

MAPPING = "transforms: {rotation_range: 1}\n"
LIST = "transforms:\n  - ranges: {rotation_range: 1}\n    p: 0.5\n"
TWO = "transforms: [{ranges: {}}, {ranges: {}}]\n"


def steps(tmp_path: Path, text: str, *overrides: str) -> Any:
    """The resolved steps of a config after `--set`."""
    path = tmp_path / "c.yaml"
    path.write_text(text, encoding="utf-8")
    return resolved(load_config(str(path), overrides=overrides))["transforms"]


@pytest.mark.parametrize(
    ("text", "override"),
    [
        ("", "rotation_range=25"),
        ("transforms:\n", "rotation_range=25"),
        (MAPPING, "rotation_range=25"),
        (MAPPING, "transforms.rotation_range=25"),
        (MAPPING, "transforms={rotation_range: 25}"),
        (MAPPING, "transforms=[{ranges: {rotation_range: 25}}]"),
        (LIST, "rotation_range=25"),
        (LIST, "transforms.0.ranges.rotation_range=25"),
        ("transforms: [{ranges: }]\n", "rotation_range=25"),
        ("", " rotation_range =25"),
    ],
)
def test_a_range_can_be_set(tmp_path: Path, text: str, override: str) -> None:
    """A range is set by its name alone or by its path, in both forms of `transforms`."""
    [step] = steps(tmp_path, text, override)
    assert step["ranges"]["rotation_range"] == 25


def test_items_and_steps_can_be_set(tmp_path: Path) -> None:
    """Numbers in a path count the items of a list from 0; later settings build on earlier ones."""
    [step] = steps(tmp_path, LIST, "zoom_range=[0.5, 1.5]", "zoom_range.1=2", "transforms.0.p=1")
    assert step["ranges"]["zoom_range"] == [0.5, 2]
    assert step["p"] == 1


def test_a_mapping_merges_and_null_replaces(tmp_path: Path) -> None:
    """A mapping adds to what stands there; null takes it away."""
    [step] = steps(tmp_path, MAPPING, "transforms={cval: 3}")
    assert (step["ranges"]["cval"], step["ranges"]["rotation_range"]) == (3, 1)
    assert steps(tmp_path, MAPPING, "transforms=") == []


@pytest.mark.parametrize(
    ("text", "override", "message"),
    [
        ("", "copies", "expected KEY=VALUE, such as copies=4 or transforms.rotation_range=25"),
        ("", "=4", "expected KEY=VALUE, such as copies=4 or transforms.rotation_range=25"),
        ("", "a..b=4", "expected KEY=VALUE, such as copies=4 or transforms.rotation_range=25"),
        ("", "copies=x", "copies: expected a whole number from 1 to 1000000, found 'x'"),
        ("", "copise=4", "unknown key 'copise'; did you mean 'copies'?"),
        ("", "zoom_rnge=4", "unknown key 'zoom_rnge'; did you mean 'transforms.zoom_range'?"),
        ("copies: 4\n", "copies.x=1", "copies is a single value, with no 'x' inside"),
        ("", "0=1", "the config is no list, so it has no entry 0"),
        (MAPPING, "transforms.0.p=1", "transforms is no list, so it has no entry 0"),
        *(
            (
                text,
                "transforms.0.ranges.zoom_range.1=3",
                (
                    "transforms is no list, so it has no entry 0; a range stands right under it: "
                    "write transforms.zoom_range.1=..."
                ),
            )
            for text in (MAPPING, "")
        ),
        (
            LIST,
            "transforms.1.p=1",
            (
                "transforms is a list of 1: expected the number of an entry, "
                "counted from 0, found '1'"
            ),
        ),
        (
            LIST,
            "transforms.p=1",
            (
                "transforms is a list of 1: expected the number of an entry, "
                "counted from 0, found 'p'"
            ),
        ),
        (
            TWO,
            "cval=1",
            (
                "transforms has 2 `ranges` steps, so which one is meant is open; write "
                "transforms.N.ranges.cval=..., N counting the steps from 0"
            ),
        ),
        (
            "transforms: []\n",
            "cval=1",
            (
                "transforms has no `ranges` steps, so which one is meant "
                "is open; write transforms.N.ranges.cval=..., N counting the steps from 0"
            ),
        ),
    ],
)
def test_a_bad_setting_is_explained(tmp_path: Path, text: str, override: str, message: str) -> None:
    """What cannot be set is named as it was typed, with what was expected."""
    with pytest.raises(ConfigError) as error:
        steps(tmp_path, text, override)
    assert str(error.value) == f"--set {override}: {message}"


def test_long_settings_are_cut_short(tmp_path: Path) -> None:
    """A path without end and a long text give a short problem."""
    with pytest.raises(ConfigError, match=r"^--set [a.]+\.\.\.: the key has more than 32 parts$"):
        steps(tmp_path, "", "a." * 100 + "a=1")
    with pytest.raises(ConfigError, match=r"unknown key '9{50,60}\.\.\.'"):
        steps(tmp_path, "", "9" * 5000 + "=1")
