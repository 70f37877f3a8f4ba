"""A config before it is checked: plain values that know where they were written."""

import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import IntEnum
from typing import Any, NamedTuple, NoReturn, TypeAlias

from augcli.errors import ConfigError, Problem

Path: TypeAlias = tuple[str | int, ...]
"""Keys and list indices that lead from the top of a config to a value."""


class Layer(IntEnum):
    """Who wrote a value; a higher layer beats a lower one."""

    PRESET = 0
    FILE = 1
    COMMAND_LINE = 2


@dataclass(frozen=True, slots=True)
class Mark:
    """Where a key or a value stands. Lines and columns count from 1; 0 is a whole `label`."""

    layer: Layer
    label: str  # "augment.yaml", "preset photos", "--set copies=x", "--copies"
    line: int = 0
    column: int = 0

    def __str__(self) -> str:
        return f"{self.label}:{self.line}:{self.column}" if self.line else self.label


class Entry(NamedTuple):
    """One key of a mapping: where the key stands, and its value."""

    key_mark: Mark
    node: "Node"


Content: TypeAlias = "str | int | float | bool | list[Node] | dict[str, Entry] | None"


@dataclass(frozen=True, slots=True)
class Node:
    """One value of a config. Nodes are never changed, so aliases can share them."""

    content: Content
    mark: Mark


class Problems:
    """Collects what is wrong, so that a person hears all of it at once."""

    def __init__(self) -> None:
        self._found: list[tuple[Mark, str]] = []
        self._marks: set[Mark] = set()

    def add(self, mark: Mark, message: str) -> None:
        """Note a problem; the first one at a line and column stands, as others follow from it."""
        if mark.line and mark in self._marks:
            return
        self._marks.add(mark)
        self._found.append((mark, message))

    def stop(self, mark: Mark, message: str) -> NoReturn:
        """Note a problem that leaves nothing to go on with.

        Raises:
            ConfigError: Always, with everything noted so far.
        """
        self.add(mark, message)
        raise self._error()

    def raise_if_any(self) -> None:
        """Raise what was noted, in the order of the layers and of the lines in them.

        Raises:
            ConfigError: If anything was noted.
        """
        if self._found:
            raise self._error()

    def _error(self) -> ConfigError:
        found = sorted(self._found, key=lambda item: _position(item[0]))
        return ConfigError([Problem(str(mark), message) for mark, message in found])


def _position(mark: Mark) -> tuple[int, int, int]:
    return mark.layer, mark.line, mark.column


def to_node(value: object, mark: Mark) -> Node:
    """A plain value as a node, all of it marked with one place."""
    if isinstance(value, os.PathLike):
        return Node(os.fspath(value), mark)
    if isinstance(value, Mapping):
        return Node({str(k): Entry(mark, to_node(v, mark)) for k, v in value.items()}, mark)
    if isinstance(value, Sequence) and not isinstance(value, str):
        return Node([to_node(item, mark) for item in value], mark)
    if value is None or isinstance(value, str | int | float):
        return Node(value, mark)
    raise TypeError(f"{type(value).__name__} is no value of a config")


def to_plain(node: Node) -> Any:
    """The values of a node, without their places."""
    if isinstance(node.content, dict):
        return {key: to_plain(entry.node) for key, entry in node.content.items()}
    if isinstance(node.content, list):
        return [to_plain(item) for item in node.content]
    return node.content


def merge(low: Node, high: Node) -> Node:
    """`high` over `low`: mappings merge key by key, anything else replaces."""
    if not (isinstance(low.content, dict) and isinstance(high.content, dict)):
        return high
    merged = dict(low.content)
    for key, entry in high.content.items():
        below = merged.get(key)
        merged[key] = Entry(entry.key_mark, merge(below.node, entry.node)) if below else entry
    return Node(merged, high.mark)


def child(node: Node, key: str | int) -> Node | None:
    """The value under a key or an index, None where there is none."""
    if isinstance(node.content, dict):
        entry = node.content.get(str(key))
        return entry.node if entry else None
    if isinstance(node.content, list) and isinstance(key, int) and 0 <= key < len(node.content):
        return node.content[key]
    return None


def locate(node: Node, path: Path) -> Node:
    """The value at a path, or the nearest one above it that was written."""
    for key in path:
        below = child(node, key)
        if below is None:
            break
        node = below
    return node


def key_mark(node: Node, path: Path) -> Mark:
    """Where the last key of a path stands; the value's own place for an item of a list."""
    parent = locate(node, path[:-1])
    if isinstance(parent.content, dict) and path[-1] in parent.content:
        return parent.content[str(path[-1])].key_mark
    return locate(node, path).mark
