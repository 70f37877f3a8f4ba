"""What the command line sets: `--set KEY=VALUE`, and the options that have names of their own."""

import re
from typing import NamedTuple

from augcli.config.schema import Config
from augcli.config.tree import Entry, Layer, Mark, Node, Path, Problems, child, merge
from augcli.config.yaml_text import MAX_DEPTH, read_yaml
from augcli.transforms.ranges import Ranges

_LONGEST_LABEL = 60
_INDEX = re.compile(r"[0-9]{1,6}")


class Override(NamedTuple):
    """One `--set`, taken apart."""

    path: Path
    value: Node


class _OverrideError(Exception):
    """A path that leads nowhere; the text says why."""


def parse_override(text: str, problems: Problems) -> Override | None:
    """`KEY=VALUE`, the key dotted and the value YAML; None after noting why it is neither."""
    label = text if len(text) <= _LONGEST_LABEL else text[: _LONGEST_LABEL - 3] + "..."
    mark = Mark(Layer.COMMAND_LINE, f"--set {label}")
    key, equals, value = text.partition("=")
    parts = key.strip().split(".")
    if not equals or not all(parts):
        problems.add(mark, "expected KEY=VALUE, such as copies=4 or transforms.rotation_range=25")
        return None
    if len(parts) > MAX_DEPTH:
        problems.add(mark, f"the key has more than {MAX_DEPTH} parts")
        return None
    path = tuple(int(part) if _INDEX.fullmatch(part) else part for part in parts)
    return Override(path, read_yaml(value, mark, problems))


def apply_override(tree: Node, override: Override, problems: Problems) -> Node:
    """The config with one value set; unchanged after noting why the path leads nowhere."""
    try:
        path = _full_path(tree, override.path)
        return _with_value(tree, path, override.value)
    except _OverrideError as error:
        problems.add(override.value.mark, str(error))
        return tree


def _full_path(tree: Node, path: Path) -> Path:
    """The path from the top: a field of `ranges` alone means that of the only `ranges` step."""
    name = path[0]
    if name in Config.model_fields or name not in Ranges.model_fields:
        return path
    transforms = child(tree, "transforms")
    if transforms is None or not isinstance(transforms.content, list):
        return ("transforms", *path)
    steps = [i for i, step in enumerate(transforms.content) if _holds(step, "ranges")]
    if len(steps) != 1:
        raise _OverrideError(
            f"transforms has {len(steps) or 'no'} `ranges` steps, so which one is meant is open; "
            f"write transforms.N.ranges.{name}=..., N counting the steps from 0"
        )
    return ("transforms", steps[0], "ranges", *path)


def _holds(step: Node, name: str) -> bool:
    return isinstance(step.content, dict) and name in step.content


def _with_value(node: Node, path: Path, value: Node, done: Path = ()) -> Node:
    """A copy of `node` with `value` at `path`; mappings that are missing on the way are made.

    Args:
        node: The value that `path` starts from.
        path: What is left of the path.
        value: What to put there; a mapping is merged into the one that stands there.
        done: The path so far, for messages.
    """
    if not path:
        return merge(node, value)
    key, rest = path[0], path[1:]
    if isinstance(node.content, list):
        index = _index(node.content, key, done)
        items = list(node.content)
        items[index] = _with_value(items[index], rest, value, (*done, key))
        return Node(items, node.mark)
    if node.content is not None and not isinstance(node.content, dict):
        raise _OverrideError(f"{_dotted(done)} is a single value, with no {str(key)!r} inside")
    if isinstance(key, int):
        raise _OverrideError(
            f"{_dotted(done)} is no list, so it has no entry {key}{_advice(done, rest)}"
        )
    entries = node.content or {}
    below = entries[key].node if key in entries else Node(None, value.mark)
    entry = Entry(value.mark, _with_value(below, rest, value, (*done, key)))
    return Node({**entries, key: entry}, node.mark)


def _index(items: list[Node], key: str | int, done: Path) -> int:
    if isinstance(key, int) and key < len(items):
        return key
    raise _OverrideError(
        f"{_dotted(done)} is a list of {len(items)}: expected the number of an entry, counted "
        f"from 0, found {str(key)!r}"
    )


def _advice(done: Path, rest: Path) -> str:
    """What to write for a range's path in a list of steps, where `transforms` is a mapping."""
    if done == ("transforms",) and len(rest) > 1 and rest[0] == "ranges":
        return f"; a range stands right under it: write {_dotted((*done, *rest[1:]))}=..."
    return ""


def _dotted(path: Path) -> str:
    return ".".join(map(str, path)) or "the config"
