"""Doses: ranges and steps at other widths, around what does nothing."""

from typing import Any

import pytest

from augcli.probe.doses import NEUTRAL, active_ranges, scaled_ranges, scaled_step
from augcli.transforms.ranges import Ranges
from augcli.transforms.registry import TRANSFORMS
from augcli.transforms.step import Step


def step(**written: Any) -> Step:
    """A step as it is written."""
    return Step.model_validate(written)


@pytest.mark.parametrize(
    ("key", "value", "scale", "expected"),
    [
        ("rotation_range", 20.0, 2, 40),
        ("rotation_range", 120.0, 2, 180),  # which covers every angle
        ("shear_range", 60.0, 2, 80),  # 90 would be a line
        ("width_shift_range", 0.1, 0.5, 0.05),
        ("width_shift_range", 0.6, 2, 0.95),  # 1.2 would be pixels
        ("height_shift_range", 2.0, 0.25, 1.0),  # 0.5 would be a fraction
        ("height_shift_range", 8, 0.5, 4),
        ("height_shift_range", [0.1, 0.2], 0.5, [0.05, 0.1]),
        ("zoom_range", 0.2, 2, 0.4),
        ("zoom_range", [0.8, 1.4], 0.5, [0.9, 1.2]),
        ("brightness_range", [0.4, 1.2], 2, [0, 1.4]),
        ("channel_shift_range", 10.0, 0.25, 2.5),
    ],
)
def test_each_range_scales_in_its_own_way(
    key: str, value: object, scale: float, expected: object
) -> None:
    """A width is scaled around the value that does nothing, and keeps its unit."""
    scaled = scaled_ranges(Ranges.model_validate({key: value}), {key: scale})
    assert scaled is not None
    assert getattr(scaled, key) == expected


def test_scale_0_switches_a_range_off_and_leaves_the_others() -> None:
    """Without its rotation, a step keeps its zoom and its fill_mode."""
    ranges = Ranges(rotation_range=20, zoom_range=0.2, fill_mode="reflect")
    assert scaled_ranges(ranges, {"rotation_range": 0, "zoom_range": 1}) == Ranges(
        zoom_range=0.2, fill_mode="reflect"
    )


@pytest.mark.parametrize("key", ["horizontal_flip", "vertical_flip"])
def test_flips_have_no_width(key: str) -> None:
    """There is no half of a flip in `ranges`."""
    assert scaled_ranges(Ranges.model_validate({key: True}), {key: 0.5}) is None


def test_a_width_that_would_do_nothing_is_none() -> None:
    """A quarter of a shift of up to one pixel would never move anything."""
    assert scaled_ranges(Ranges(width_shift_range=2), {"width_shift_range": 0.25}) is not None
    assert active_ranges(Ranges(brightness_range=[1, 1], zoom_range=[1, 1])) == []


@pytest.mark.parametrize(
    ("written", "scale", "expected"),
    [
        ({"brightness": {"factor": 0.2}}, 2, {"brightness": {"factor": [0.6, 1.4]}}),
        ({"affine": {"rotate": 10}}, 0.5, {"affine": {"rotate": [-5, 5]}}),
        ({"sepia": {"strength": [0.2, 0.4]}}, 0.5, {"sepia": {"strength": [0.1, 0.2]}}),
        ({"grayscale": None}, 0.5, {"grayscale": None, "p": 0.5}),
        ({"horizontal_flip": None, "p": 0.3}, 2, {"horizontal_flip": None, "p": 0.6}),
    ],
)
def test_steps_scale_by_their_widths_or_by_p(
    written: dict[str, Any], scale: float, expected: dict[str, Any]
) -> None:
    """A step's own widths are scaled around 0 or 1; one without any happens less or more often."""
    scaled = scaled_step(step(**written), scale)
    assert scaled is not None
    key = next(iter(expected))
    given = next(iter(expected.values())) or {}
    for name, value in given.items():
        assert getattr(scaled.transform, name) == value
    assert scaled.transform.op == key
    assert scaled.p == expected.get("p", 1)


@pytest.mark.parametrize(
    "written",
    [{"grayscale": None}, {"random_resized_crop": None}],
)
def test_what_cannot_be_more_is_none(written: dict[str, Any]) -> None:
    """More often than always, or a crop of less than nothing, there is not."""
    assert scaled_step(step(**written), 2) is None


def test_neutral_values_are_of_settings_that_exist() -> None:
    """Every entry of the list is a transform and one of its settings."""
    for op, settings in NEUTRAL.items():
        assert settings.keys() <= TRANSFORMS[op].model_fields.keys()
