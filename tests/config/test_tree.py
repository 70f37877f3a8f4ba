"""Nodes: plain values that know their places."""

import pytest

from augcli.config.tree import (
    Layer,
    Mark,
    Problems,
    child,
    key_mark,
    locate,
    merge,
    to_node,
    to_plain,
)
from augcli.errors import ConfigError

LOW, HIGH = Mark(Layer.PRESET, "low", 3, 4), Mark(Layer.FILE, "high", 1, 2)


def test_mappings_merge_and_keep_their_places() -> None:
    """Keys of both are there; a value keeps the place of the layer that wrote it."""
    low = to_node({"a": {"x": 1, "y": 1}, "b": [1]}, LOW)
    high = to_node({"a": {"y": 2}, "b": [2, 3]}, HIGH)
    merged = merge(low, high)
    assert to_plain(merged) == {"a": {"x": 1, "y": 2}, "b": [2, 3]}
    assert str(locate(merged, ("a", "x")).mark) == "low:3:4"
    assert str(key_mark(merged, ("a", "y"))) == "high:1:2"
    assert to_plain(low) == {"a": {"x": 1, "y": 1}, "b": [1]}


def test_a_path_that_was_not_written_ends_at_the_nearest_above() -> None:
    """Something missing has the place of what it is missing in."""
    tree = to_node({"a": [{"b": 1}]}, LOW)
    assert to_plain(locate(tree, ("a", 0, "c"))) == {"b": 1}
    assert to_plain(locate(tree, ("a", 5))) == [{"b": 1}]
    assert child(tree, "z") is None


def test_only_plain_values_become_nodes() -> None:
    """An object that YAML cannot hold is a mistake of the caller."""
    with pytest.raises(TypeError, match="set is no value of a config"):
        to_node({"a": {1, 2}}, LOW)


def test_problems_come_by_layer_and_line() -> None:
    """Lower layers come first; at one line and column, the first problem stands."""
    problems = Problems()
    problems.raise_if_any()
    problems.add(HIGH, "second")
    problems.add(LOW, "first")
    problems.add(LOW, "a consequence")
    with pytest.raises(ConfigError, match=r"^low:3:4: first\nhigh:1:2: second$"):
        problems.raise_if_any()
