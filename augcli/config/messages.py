"""What pydantic finds wrong, in words: what was expected, what was found, what was probably meant.

What was expected is read off the JSON Schema of the field, so that every kind of error of one
field says the same, and pydantic's own texts never reach a person.
"""

import re
from collections.abc import Iterator, Mapping
from functools import cache
from itertools import islice
from typing import Any

from pydantic_core import ErrorDetails, ValidationError

from augcli.config.names import listed, nearest
from augcli.config.save_formats import format_of
from augcli.config.schema import Config
from augcli.config.tree import Node, Path, Problems, key_mark, locate
from augcli.fields import Model
from augcli.images.options import SAVE_OPTIONS
from augcli.transforms.ranges import Ranges
from augcli.transforms.recipe import Step
from augcli.transforms.registry import TRANSFORMS

_LONGEST_VALUE = 60
_NOUNS = {  # JSON Schema type -> one of them, many of them
    "boolean": ("true or false", "true or false"),
    "integer": ("a whole number", "whole numbers"),
    "number": ("a number", "numbers"),
    "string": ("text", "texts"),
    "object": ("a mapping", "mappings"),
}
_PYTHON_TUPLE = re.compile(r"\((.*?),?\s*\)")


def add_problems(error: ValidationError, tree: Node, problems: Problems) -> None:
    """Note each of the errors that a config's schema found, at the place it was written."""
    for detail in error.errors(include_url=False):
        path = detail["loc"]
        if detail["type"] == "extra_forbidden":
            problems.add(key_mark(tree, path), _unknown_key(path, tree))
        else:
            node = locate(tree, path)
            name = _name(path)
            is_flag = node.mark.label == f"--{name.replace('_', '-')}"
            lead = "" if is_flag else f"{name}: "
            problems.add(node.mark, f"{lead}{_wrong_value(detail, tree, node)}")


def _name(path: Path) -> str:
    """The key that a person would call a value by: the last one, or the place in a list."""
    keys = [key for key in path if isinstance(key, str)]
    if len(path) == 2 and keys == ["transforms"]:
        return f"transforms[{path[1]}]"
    return keys[-1]


def _wrong_value(detail: ErrorDetails, tree: Node, node: Node) -> str:
    if detail["type"] == "value_error":  # raised by the schema, in words for a person
        text = str(detail["ctx"]["error"])
        if not text.startswith("expected "):
            return text
        schema: Mapping[str, Any] = {}
    else:
        schema = _schema(detail["loc"], tree)
        text = f"expected {describe(schema)}"
    return f"{text}, found {shown(node)}{_advice(node.content, schema)}"


def _advice(content: object, schema: Mapping[str, Any]) -> str:
    """How to write what was probably meant, as the end of a message."""
    if isinstance(content, str):
        if match := _PYTHON_TUPLE.fullmatch(content.strip()):
            return f"; write [{match[1]}]"
        meant = nearest(content, map(str, schema.get("enum", ())))
        return f"; did you mean {meant!r}?" if meant else ""
    if (
        schema.get("type") == "string"
        and "enum" not in schema
        and isinstance(content, bool | int | float)
    ):
        return "; put it in quotes"
    return ""


def _unknown_key(path: Path, tree: Node) -> str:
    parent, name = path[:-1], str(path[-1])
    shown_name = repr(_shorten(name))
    if advice := _place_of(name, parent):
        return f"{shown_name} cannot stand here; {advice}"
    known = _known_keys(parent, tree)
    if parent == ("save_options",):
        return _unknown_option(shown_name, known, format_of(tree))
    if meant := nearest(name, known):
        return f"unknown key {shown_name}; did you mean {meant!r}?"
    if not parent and (meant := nearest(name, Ranges.model_fields)):
        return f"unknown key {shown_name}; did you mean 'transforms.{meant}'?"
    return f"unknown key {shown_name}; expected {listed(known)}"


def _place_of(name: str, parent: Path) -> str | None:
    """Where a key belongs that is known, but not in the mapping at `parent`."""
    is_range = name in Ranges.model_fields
    match parent:
        case () if is_range:
            return "it belongs under 'transforms'"
        case ("transforms",) if name in TRANSFORMS or name == "p":
            return "it belongs to a step, and steps are written as a list, each with a '- '"
        case (*_, int()) if is_range:
            return "it belongs under 'ranges', as in '- ranges: {rotation_range: 15}'"
    return None


def _unknown_option(shown_name: str, known: list[str], save_format: str) -> str:
    if not known:
        return f"unknown option {shown_name}; {save_format} has no options"
    meant = nearest(shown_name, known)
    hint = f"; did you mean {meant!r}?" if meant else ""
    return f"unknown option {shown_name} ({save_format} has {listed(known, 'and')}){hint}"


def _known_keys(parent: Path, tree: Node) -> list[str]:
    """The keys that the mapping at `parent` may have."""
    model = _model(parent, tree)
    return [*TRANSFORMS, "p"] if model is Step else list(model.model_fields)


def _model(parent: Path, tree: Node) -> type[Model]:
    """The model of the mapping at `parent`."""
    match parent:
        case ("transforms",):
            return Ranges
        case ("save_options",):
            return SAVE_OPTIONS[format_of(tree)]
        case (*_, int()):
            return Step
        case (*_, str(name)) if name in TRANSFORMS:
            return TRANSFORMS[name]
    return Config


def _schema(path: Path, tree: Node) -> Mapping[str, Any]:
    """JSON Schema of the value at `path`."""
    depth = max(i for i, key in enumerate(path) if isinstance(key, str))
    model = _model(path[:depth], tree)
    schema: Mapping[str, Any] = _properties(model).get(str(path[depth]), {"type": "object"})
    for _ in path[depth + 1 :]:
        schema = _without_null(schema).get("items", {})
    return _without_null(schema)


@cache
def _properties(model: type[Model]) -> Mapping[str, Any]:
    return model.model_json_schema()["properties"]  # type: ignore[no-any-return]  # JSON


def _without_null(schema: Mapping[str, Any]) -> Mapping[str, Any]:
    """The schema of a value that may be null, when it is not."""
    choices = [choice for choice in schema.get("anyOf", ()) if choice != {"type": "null"}]
    if len(choices) == 1:
        return choices[0]  # type: ignore[no-any-return]  # JSON
    return {**schema, "anyOf": choices} if choices else schema


def describe(schema: Mapping[str, Any], many: bool = False) -> str:
    """A JSON Schema in words: "a whole number from 1 on", "a list of 2 numbers from 0 on"."""
    if "enum" in schema:
        return listed(map(str, schema["enum"]))
    if "const" in schema:
        return str(schema["const"])
    if "anyOf" in schema:
        return " or ".join(describe(choice, many) for choice in schema["anyOf"])
    if schema.get("type") == "array":
        size = f"{schema['minItems']} " if "minItems" in schema else ""
        return f"{'lists' if many else 'a list'} of {size}{describe(schema['items'], many=True)}"
    return _NOUNS[schema.get("type", "object")][many] + _bounds(schema)


def _bounds(schema: Mapping[str, Any]) -> str:
    low, high, below = (schema.get(key) for key in ("minimum", "maximum", "exclusiveMaximum"))
    if low is None:
        return ""
    if high is not None:
        return f" from {low:.15g} to {high:.15g}"
    return (
        f" from {low:.15g} to below {below:.15g}" if below is not None else f" from {low:.15g} on"
    )


def shown(node: Node) -> str:
    """A value as YAML would write it, cut short."""
    return _shorten("".join(islice(_tokens(node), _LONGEST_VALUE)))


def _shorten(text: str) -> str:
    return text if len(text) <= _LONGEST_VALUE else text[: _LONGEST_VALUE - 3] + "..."


def _tokens(node: Node) -> Iterator[str]:
    """The pieces of a value in flow style; a generator, as only its start is wanted."""
    if isinstance(node.content, list):
        yield "["
        for index, item in enumerate(node.content):
            yield ", " if index else ""
            yield from _tokens(item)
        yield "]"
    elif isinstance(node.content, dict):
        yield "{"
        for index, (key, entry) in enumerate(node.content.items()):
            yield f"{', ' if index else ''}{key}: "
            yield from _tokens(entry.node)
        yield "}"
    else:
        yield _scalar(node.content)


def _scalar(value: str | float | bool | None) -> str:
    if value is None:
        return "nothing"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str):
        return repr(_shorten(value))
    return repr(value).replace("inf", ".inf").replace("nan", ".nan")
