"""One config from all that a person wrote: a preset, a file, and the command line."""

import codecs
import os
from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

from pydantic_core import ValidationError

from augcli.config.messages import add_problems
from augcli.config.overrides import apply_override, parse_override
from augcli.config.presets import preset_text
from augcli.config.save_formats import merge_layer, without_options_of_other_format
from augcli.config.schema import Config
from augcli.config.tree import Entry, Layer, Mark, Node, Problems, child, merge, to_node, to_plain
from augcli.config.yaml_text import MAX_BYTES, read_yaml

_PATHS = ("source", "output", "directory", "statistics")
_NESTED_PATHS = ("masks", "annotations")  # mappings with a "path"
_SPLIT = "validation_split"


class Flag(NamedTuple):
    """A value from a command-line option of its own."""

    label: str  # "--copies", as messages call it
    value: object


def load_config(
    path: str | None = None,
    *,
    preset: str | None = None,
    overrides: Sequence[str] = (),
    flags: Mapping[str, Flag] | None = None,
) -> Config:
    """The config that a preset, a file, `--set` and flags make together.

    A flag beats `--set`, which beats the file, which beats the preset. Mappings merge key by key;
    anything else replaces what it beats. Paths in the file are relative to its folder; paths
    from the command line, to the current folder. `~` is expanded in both.

    Args:
        path: The config file, if there is one.
        preset: Name of the preset to start from.
        overrides: The texts of `--set`, each `KEY=VALUE`; a later one beats an earlier one.
        flags: Values of the options that have a config key, by that key.

    Raises:
        ConfigError: If what they make together is no config, with every problem.
        UsageError: If there is no preset of that name.
    """
    problems = Problems()
    tree = Node({}, Mark(Layer.PRESET, "config"))
    if preset is not None:
        mark = Mark(Layer.PRESET, f"preset {preset}", 1, 1)
        tree = merge_layer(tree, _top(read_yaml(preset_text(preset), mark, problems), problems))
    if path is not None:
        tree = merge_layer(tree, _read_file(path, problems))
    tree = _apply_command_line(tree, overrides, flags or {}, problems)
    tree = _with_split_on_top(tree, problems)
    try:
        config = Config.model_validate(to_plain(tree))
    except ValidationError as error:
        add_problems(error, tree, problems)
    problems.raise_if_any()
    return config


def _read_file(path: str, problems: Problems) -> Node:
    """The mapping that a config file holds, its paths made relative to the current folder."""
    mark = Mark(Layer.FILE, path, 1, 1)
    tree = _top(read_yaml(_read_text(path, problems), mark, problems), problems)
    return _with_paths(tree, os.path.dirname(path))


def _read_text(path: str, problems: Problems) -> str:
    mark = Mark(Layer.FILE, path)
    try:
        with open(path, "rb") as file:
            data = file.read(MAX_BYTES + 1)
    except FileNotFoundError:
        problems.stop(mark, "there is no such file")
    except IsADirectoryError:
        problems.stop(mark, "expected a config file, found a folder")
    except OSError as error:
        problems.stop(mark, f"cannot be read: {error.strerror}")
    except ValueError:  # a NUL in the path
        problems.stop(mark, "expected the path of a config file")
    if len(data) > MAX_BYTES:
        problems.stop(mark, f"larger than {MAX_BYTES // 2**20} MiB, which no config is")
    data = data.removeprefix(codecs.BOM_UTF8)
    try:
        return data.decode()
    except UnicodeDecodeError as error:
        before = data[: error.start].decode()
        line, column = before.count("\n") + 1, len(before) - before.rfind("\n")
        problems.stop(
            Mark(Layer.FILE, path, line, column),
            f"byte 0x{data[error.start]:02X} is not UTF-8; save the file as UTF-8",
        )


def _top(node: Node, problems: Problems) -> Node:
    """The top of a config, which is a mapping or nothing at all."""
    if isinstance(node.content, dict):
        return node
    if node.content is not None:
        problems.stop(node.mark, "expected a mapping of keys to values, such as 'copies: 4'")
    return Node({}, node.mark)


def _with_paths(tree: Node, folder: str) -> Node:
    """The config with its paths expanded, and relative to `folder`."""
    tree = _with_paths_at(_with_mask_folder(tree), _PATHS, folder)
    entries = dict(tree.content) if isinstance(tree.content, dict) else {}
    for key in _NESTED_PATHS:
        entry = entries.get(key)
        if entry and isinstance(entry.node.content, dict):
            entries[key] = Entry(entry.key_mark, _with_paths_at(entry.node, ("path",), folder))
    return Node(entries, tree.mark)


def _with_mask_folder(tree: Node) -> Node:
    """The config with `masks` as a mapping, for which the folder alone is short."""
    masks = child(tree, "masks")
    if masks is None or not isinstance(masks.content, str) or not isinstance(tree.content, dict):
        return tree
    key_mark = tree.content["masks"].key_mark
    mapping = Node({"path": Entry(key_mark, masks)}, masks.mark)
    return Node({**tree.content, "masks": Entry(key_mark, mapping)}, tree.mark)


def _with_paths_at(mapping: Node, keys: Iterable[str], folder: str) -> Node:
    """The mapping with the paths under these keys expanded, and relative to `folder`."""
    entries = dict(mapping.content) if isinstance(mapping.content, dict) else {}
    for key in keys:
        entry = entries.get(key)
        if entry and isinstance(entry.node.content, str) and entry.node.content:
            path = os.path.join(folder, os.path.expanduser(entry.node.content))
            entries[key] = Entry(entry.key_mark, Node(path, entry.node.mark))
    return Node(entries, mapping.mark)


def _with_split_on_top(tree: Node, problems: Problems) -> Node:
    """The config with its `validation_split` at the top.

    Among the ranges, where ImageDataGenerator takes it, it means the same, and is moved.
    """
    ranges = child(tree, "transforms")
    if ranges is None or not isinstance(ranges.content, dict) or not isinstance(tree.content, dict):
        return tree
    split = ranges.content.get(_SPLIT)
    if split is None:
        return tree
    if _SPLIT in tree.content:
        problems.add(split.key_mark, f"{_SPLIT} stands at the top as well; leave one of them out")
    others = {key: entry for key, entry in ranges.content.items() if key != _SPLIT}
    transforms = Entry(tree.content["transforms"].key_mark, Node(others, ranges.mark))
    return Node({_SPLIT: split, **tree.content, "transforms": transforms}, tree.mark)


def _apply_command_line(
    tree: Node, overrides: Sequence[str], flags: Mapping[str, Flag], problems: Problems
) -> Node:
    parsed = [override for text in overrides if (override := parse_override(text, problems))]
    named = {
        key: to_node(flag.value, Mark(Layer.COMMAND_LINE, flag.label))
        for key, flag in flags.items()
    }
    formats = [override.value for override in parsed if override.path == ("save_format",)]
    for save_format in [*formats, *filter(None, [named.get("save_format")])][-1:]:
        tree = without_options_of_other_format(tree, save_format)
    # What follows is one layer, whose own options have to fit its own format.
    for override in parsed:
        tree = _with_mask_folder(apply_override(tree, override, problems))
    named_entries = {key: Entry(node.mark, node) for key, node in named.items()}
    tree = merge(tree, Node(named_entries, tree.mark))
    return _with_paths(tree, "")
