"""The suggested config as a file: it loads, and says why each line is as it is."""

from pathlib import Path
from typing import Any

import pytest

from augcli.config.loader import load_config
from augcli.config.schema import Config
from augcli.probe.arms import scaled_config, units_of
from augcli.probe.results import Choice, Effect, Interval
from augcli.probe.suggestion_text import suggestion_text

GAIN = Effect("", "whole", "", 4.14, Interval(1.0, 7.25), 0.01, 0.01, "helps")

MAPPING = {"rotation_range": 40, "zoom_range": 0.2, "horizontal_flip": True, "fill_mode": "wrap"}
LIST = [
    {"ranges": {"rotation_range": 40, "cval": 3}, "p": 0.5},
    {"sepia": {"strength": 0.4}, "p": 0.25},
    {"ranges": {"vertical_flip": True}},
    {"grayscale": None, "p": 0},
    {"one_of": [{"invert": None}, {"solarize": {"threshold": 100}, "weight": 3}]},
]


def suggested(config: Config, scales: list[float]) -> str:
    """The text of a suggestion with these widths."""
    units = units_of(config)
    choices = [
        Choice(unit.arm, f"{unit.arm}: as before", None, scale, f"because of\nscale {scale}")
        for unit, scale in zip(units, scales, strict=True)
    ]
    return suggestion_text(config, units, choices, GAIN)


@pytest.mark.parametrize(
    ("transforms", "scales"),
    [
        (MAPPING, [1, 1, 1]),
        (MAPPING, [0.5, 0, 1]),
        (MAPPING, [0, 0, 0]),
        (LIST, [1, 1, 1, 1]),
        (LIST, [0.5, 2, 0, 0.25]),
        (LIST, [0, 0, 0, 0]),
    ],
)
def test_it_loads_to_what_was_chosen(tmp_path: Path, transforms: Any, scales: list[float]) -> None:
    """Whatever is kept, scaled or left out, the file is the config with those widths."""
    source = str(tmp_path / "a source, with: marks")
    values = {"source": source, "copies": 3, "seed": 7, "transforms": transforms}
    config = Config.model_validate(values)
    (tmp_path / "suggested.yaml").write_text(suggested(config, scales), encoding="utf-8")
    loaded = load_config(str(tmp_path / "suggested.yaml"))
    units = units_of(config)
    by_arm = {unit.arm: scale for unit, scale in zip(units, scales, strict=True)}
    expected = scaled_config(config, units, by_arm)
    assert expected is not None
    if isinstance(transforms, dict) and any(scales):
        assert loaded == expected
    else:  # what has no range left is not written
        assert loaded.model_copy(update={"transforms": []}) == expected.model_copy(
            update={"transforms": []}
        )
        assert [step.written for step in loaded.transforms] == [
            step.written for step in expected.transforms
        ]


def test_it_says_why() -> None:
    """What was left out stands there as a comment, after the reason; the gain is at the top."""
    text = suggested(Config.model_validate({"transforms": MAPPING}), [0.5, 0, 1])
    assert text.startswith("# What augcli probe suggests.")
    assert "+4.1 points (+1.0 to +7.2)" in text.replace("\n# ", " ")
    assert "  # because of scale 0.5\n  rotation_range: 20\n" in text
    assert "  # because of scale 0\n  # zoom_range: as before\n" in text
    assert "save_options" not in text
    assert text.endswith("  fill_mode: wrap\n")
