"""Options of one format do not outlive it."""

from typing import Any

import pytest

from augcli.config.save_formats import format_of, merge_layer
from augcli.config.tree import Layer, Mark, to_node, to_plain

LOW, HIGH = Mark(Layer.PRESET, "low"), Mark(Layer.FILE, "high")


@pytest.mark.parametrize(
    ("values", "save_format"),
    [
        ({}, "png"),
        ({"save_format": "webp"}, "webp"),
        ({"save_format": "jpg"}, "png"),
        ({"save_format": ["webp"]}, "png"),
    ],
)
def test_the_format_is_the_written_one_or_png(values: dict[str, Any], save_format: str) -> None:
    """What is no format counts as the default, so that other messages can go on."""
    assert format_of(to_node(values, LOW)) == save_format


@pytest.mark.parametrize(
    ("low", "high", "options"),
    [
        ({"save_format": "jpeg"}, {"save_options": {"progressive": True}}, "both"),
        ({"save_format": "jpeg"}, {"save_format": "jpeg"}, "low"),
        ({"save_format": "jpeg"}, {"save_format": "webp"}, "none"),
        ({}, {"save_format": "webp"}, "low"),
    ],
)
def test_options_go_with_their_format(
    low: dict[str, Any], high: dict[str, Any], options: str
) -> None:
    """Lower options stay while the format does; what was no option of it stays to be reported."""
    low = low | {"save_options": {"quality": 80}}
    merged = to_plain(merge_layer(to_node(low, LOW), to_node(high, HIGH)))
    assert (
        merged["save_options"]
        == {
            "both": {"quality": 80, "progressive": True},
            "low": {"quality": 80},
            "none": {},
        }[options]
    )
