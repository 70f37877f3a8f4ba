"""What is taken for the objects of a copy."""

from typing import Any

import pytest

from augcli.annotations.placed import are_placed

PLACED = {
    "index": 0,
    "label": "dog",
    "visible": 0.5,
    "box": [0, 0.5, 3, 4],
    "polygons": [[0, 0, 1, 0, 1, 1]],
    "rle": {"size": [2, 3], "counts": "06"},
    "keypoints": [1.5, 2, 2],
}


def test_objects() -> None:
    """All that augcli writes, and nothing at all."""
    assert are_placed([])
    assert are_placed([PLACED, {"index": 7, "label": 3, "visible": 1}])


@pytest.mark.parametrize(
    "change",
    [
        {"index": -1},
        {"index": True},
        {"label": None},
        {"visible": float("nan")},
        {"visible": 10**400},
        {"box": [1, 2, 3]},
        {"box": "0123"},
        {"polygons": [[1, 2, 3]]},
        {"polygons": 5},
        {"rle": {"size": [2, 3]}},
        {"rle": {"size": [2, 3], "counts": [6]}},
        {"keypoints": [1, 2]},
        {"keypoints": ["x", "y", 2]},
        {"more": 1},
    ],
)
def test_something_else(change: dict[str, Any]) -> None:
    """What augcli never writes is not taken for it."""
    assert not are_placed([PLACED | change])
    assert not are_placed(PLACED)
