"""Classes that a mirror or a turn changes, by their names."""

import pytest

from augcli.inspection.class_names import mirrored, turned, upside_down


@pytest.mark.parametrize(
    ("names", "expected"),
    [
        (list("0123456789"), list("0123456789")),
        (["6", "9"], ["6", "9"]),
        (["b", "d", "cat"], ["b", "d"]),
        (["p", "q"], ["p", "q"]),
        (["A", "K", "R"], ["A", "K", "R"]),
        (["left", "right", "straight"], ["left", "right"]),
        (["turn_left", "turn-right", "stop"], ["turn_left", "turn-right"]),
        (["TurnLeft", "KeepRight"], ["TurnLeft", "KeepRight"]),
        (["arrow 1", "circle"], ["arrow 1"]),
        (["hand_open", "foot"], ["hand_open"]),
        (["counterclockwise"], ["counterclockwise"]),
    ],
)
def test_mirrored(names: list[str], expected: list[str]) -> None:
    """Characters, sides, arrows and hands are something else in a mirror."""
    assert mirrored(names) == expected


@pytest.mark.parametrize(
    "names",
    [
        ["cat", "dog"],
        ["0", "1"],
        ["0", "1", "2", "3", "4"],
        ["1", "2", "3"],
        ["A", "B", "C"],
        ["copyright", "bright", "leftover", "handbag", "arrowhead"],
        ["right", "wrong"],
        ["up", "down"],
        ["00", "01", "10"],
        [],
    ],
)
def test_not_mirrored(names: list[str]) -> None:
    """Words that merely contain such words, grades, and numbers of classes are no reason."""
    assert mirrored(names) == []


def test_upside_down() -> None:
    """Up and down, where there are both; characters and arrows, but no sides."""
    assert upside_down(["thumbs_up", "thumbs_down", "ok"]) == ["thumbs_up", "thumbs_down"]
    assert upside_down(["pick_up", "van"]) == []
    assert upside_down(["left", "right"]) == []
    assert upside_down(["6", "9", "arrow"]) == ["6", "9", "arrow"]


def test_turned() -> None:
    """Whatever a flip changes, without hands, in the order of the classes."""
    assert turned(["up", "left", "down", "left_hand", "right", "cat"]) == [
        "up",
        "left",
        "down",
        "right",
    ]
    assert turned(["hand", "foot"]) == []
