"""Arms: a config in parts, at several widths, alone and without."""

from typing import Any

import pytest
import yaml

from augcli.config.schema import Config
from augcli.probe.arms import arms_of, flow, scaled_config, setting_text, units_of, written_step


def config(transforms: Any) -> Config:
    """A config of these transforms."""
    return Config.model_validate({"transforms": transforms})


LIST = [
    {"ranges": {"rotation_range": 20, "horizontal_flip": True, "fill_mode": "reflect"}},
    {"brightness": {"factor": 0.2}, "p": 0.5},
    {"grayscale": None, "p": 0},
]


def test_units_of_a_mapping_go_by_their_keys() -> None:
    """The ranges of a mapping are called as they are written; what does nothing is no unit."""
    transforms = {"rotation_range": 20, "zoom_range": 0, "horizontal_flip": True}
    units = units_of(config(transforms))
    assert [unit.arm for unit in units] == ["rotation_range", "horizontal_flip"]


def test_units_of_a_list_say_where_they_stand() -> None:
    """Ranges and steps are called by their place; a step that never happens is no unit."""
    assert [unit.arm for unit in units_of(config(LIST))] == [
        "transforms[0].ranges.rotation_range",
        "transforms[0].ranges.horizontal_flip",
        "transforms[1].brightness",
    ]


def test_arms_of_one_range() -> None:
    """A single range: the config, and the range at four widths; the config without it is none."""
    written = config({"rotation_range": 20})
    arms = list(arms_of(written, units_of(written)))
    assert [(arm.kind, arm.scale) for arm in arms] == [
        ("whole", None),
        ("alone", 1),
        ("dose", 0.25),
        ("dose", 0.5),
        ("dose", 2),
    ]
    assert [arm.config.transforms[0].transform.rotation_range for arm in arms] == [
        20,
        20,
        5,
        10,
        40,
    ]  # type: ignore[attr-defined]  # they are ranges


def test_alone_and_without_leave_the_rest_as_it_is() -> None:
    """Alone, a flip keeps the fill_mode of its step; without it, all other steps stay."""
    written = config(LIST)
    arms = {
        (arm.kind, arm.unit.arm if arm.unit else ""): arm
        for arm in arms_of(written, units_of(written))
        if arm.kind in {"alone", "without"}
    }
    flip = "transforms[0].ranges.horizontal_flip"
    alone = [written_step(step) for step in arms["alone", flip].config.transforms]
    assert alone == [
        {"ranges": {"horizontal_flip": True, "fill_mode": "reflect"}},
        {"grayscale": {}, "p": 0},
    ]
    without = arms["without", flip].config.transforms
    assert [step.transform.op for step in without] == ["ranges", "brightness", "grayscale"]


def test_standardisation_stays_when_all_ranges_are_left_out() -> None:
    """A step of ranges that also rescales is not dropped with its rotation."""
    written = Config.model_validate(
        {"save_format": "npy", "transforms": {"rotation_range": 20, "rescale": 0.5}}
    )
    left = scaled_config(written, units_of(written), {"rotation_range": 0})
    assert left is not None
    assert [written_step(step) for step in left.transforms] == [{"ranges": {"rescale": 0.5}}]


@pytest.mark.parametrize(
    ("transforms", "expected"),
    [
        ({"rotation_range": 20}, "rotation_range: 20"),
        ({"width_shift_range": 2.0}, "width_shift_range: 2.0"),  # 2 would be whole pixels
        ({"brightness_range": [0.8, 1.2]}, "brightness_range: [0.8, 1.2]"),
        ([{"sepia": None, "p": 0.5}], "sepia: {}, p: 0.5"),
        (
            [{"one_of": [{"grayscale": None}, {"sepia": None, "weight": 2}]}],
            "one_of: [{grayscale: {}}, {sepia: {}, weight: 2.0}]",
        ),
        (
            [{"some_of": {"n": 1, "steps": [{"grayscale": None}]}}],
            "some_of: {n: [1, 1], steps: [{grayscale: {}}]}",
        ),
    ],
)
def test_settings_are_written_on_one_line(transforms: Any, expected: str) -> None:
    """A part of a config as a person writes it, which reads back to the same."""
    written = config(transforms)
    text = setting_text(written, units_of(written)[0])
    assert text == expected
    again = yaml.safe_load("{" + text + "}")
    assert config(again if isinstance(transforms, dict) else [again]) == written


def test_settings_at_other_widths() -> None:
    """Each part of a list at half its width, wherever it stands."""
    written = config(LIST)
    assert [setting_text(written, unit, 0.5) for unit in units_of(written)] == [
        "rotation_range: 10",
        "horizontal_flip: true",  # which has no other width
        "brightness: {factor: [0.9, 1.1]}, p: 0.5",
    ]


@pytest.mark.parametrize("text", ["a, b: {c}", "x" * 300 + " y", "null", "0.5", "two\nlines", "#"])
def test_flow_keeps_any_text_whole(text: str) -> None:
    """Texts with marks of YAML, long ones and ones like numbers are read back as they were."""
    written = flow({"key": [text]})
    assert "\n" not in written
    assert yaml.safe_load(written) == {"key": [text]}
