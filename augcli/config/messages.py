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
from augcli.config.other_names import known_as
from augcli.config.save_formats import format_of
from augcli.config.schema import Config, Fitting
from augcli.config.targets import Annotations, Masks
from augcli.config.tree import Node, Path, Problems, key_mark, locate
from augcli.fields import Model
from augcli.images.options import SAVE_OPTIONS
from augcli.transforms.base import Operation
from augcli.transforms.ranges import Ranges
from augcli.transforms.registry import TRANSFORMS
from augcli.transforms.step import Composite, Step, WeightedStep, beside_of

_LONGEST_VALUE = 60
_NOUNS = {  # JSON Schema type -> one of them, many of them
    "boolean": ("true or false", "true or false"),
    "integer": ("a whole number", "whole numbers"),
    "number": ("a number", "numbers"),
    "string": ("text", "texts"),
    "object": ("a mapping", "mappings"),
}
_SHORTEST_PART = 3  # characters of a transform's name that say what is looked for
_MOST_ALIKE = 8
_PYTHON_TUPLE = re.compile(r"\((.*?),?\s*\)")
_MAPPINGS: dict[str, type[Model]] = {"fit": Fitting, "masks": Masks, "annotations": Annotations}


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
    name = next(key for key in reversed(path) if isinstance(key, str))
    return f"{name}[{path[-1]}]" if _step_kind(path) else name


def _wrong_value(detail: ErrorDetails, tree: Node, node: Node) -> str:
    if detail["type"] == "missing":
        return f"it is missing; expected {describe(_schema(detail['loc'], tree))}"
    if detail["type"] == "value_error":  # raised by the schema, in words for a person
        text = str(detail["ctx"]["error"])
        if not text.startswith("expected "):
            return text
        schema: Mapping[str, Any] = {}
    else:
        schema = _schema(detail["loc"], tree)
        operation = _operation(detail["loc"])
        text = f"expected {_settings_of(operation) if operation else describe(schema)}"
    return f"{text}, found {shown(node)}{_advice(node.content, schema)}"


def _settings_of(operation: type[Operation]) -> str:
    """What stands under a transform's name."""
    names = list(operation.model_fields)
    if not names:
        return "nothing, as it has no settings"
    return "a mapping" if len(names) > _MOST_ALIKE else f"a mapping of {listed(names, 'and')}"


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
    if kind := _step_kind(parent):
        return _unknown_in_step(name, kind, locate(tree, parent))
    known = list(_model(parent, tree).model_fields)
    if parent == ("save_options",):
        return _unknown_option(shown_name, known, format_of(tree))
    if meant := nearest(name, known):
        return f"unknown key {shown_name}; did you mean {meant!r}?"
    if not parent and (meant := nearest(name, Ranges.model_fields)):
        return f"unknown key {shown_name}; did you mean 'transforms.{meant}'?"
    expected = f"expected {listed(known)}" if known else f"{parent[-1]} has no settings"
    return f"unknown key {shown_name}; {expected}"


def _place_of(name: str, parent: Path) -> str | None:
    """Where a key belongs that is known, but not in the mapping at `parent`."""
    is_range = name in Ranges.model_fields
    kind = _step_kind(parent)
    if kind:
        if is_range and name not in TRANSFORMS:
            return "it belongs under 'ranges', as in '- ranges: {rotation_range: 15}'"
        if name in WeightedStep.model_fields:
            return "it belongs to a step of a 'one_of', beside the name of its transform"
    elif not parent and is_range:
        return "it belongs under 'transforms'"
    elif parent == ("transforms",) and (name in TRANSFORMS or name == "p"):
        return "it belongs to a step, and steps are written as a list, each with a '- '"
    elif _operation(parent):
        return _place_beside(name)
    return None


def _place_beside(name: str) -> str | None:
    """Where a key belongs that stands among a transform's settings, and is none."""
    if name in beside_of(WeightedStep):
        return "it belongs beside the name of the transform, not under it"
    if known_as(name) == ("p",):
        return "write 'p', beside the name of the transform, not under it"
    return None


def _unknown_in_step(name: str, kind: type[Step], step: Node) -> str:
    """A key that is no transform, nor anything that stands beside one."""
    lead = f"unknown key {_shorten(name)!r}"
    beside = beside_of(kind)
    if owner := _owner(name, step):
        return f"{lead}; settings of {owner!r} stand under it, further to the right"
    if meant_here := known_as(name):
        return f"{lead}; did you mean {listed(map(repr, meant_here))}?"
    alike = [key for key in TRANSFORMS if len(name) >= _SHORTEST_PART and name.lower() in key]
    if alike:
        return f"{lead}; did you mean {listed(map(repr, alike[:_MOST_ALIKE]))}?"
    if meant := nearest(name, [*TRANSFORMS, *beside]):
        return f"{lead}; did you mean {meant!r}?"
    is_complete = isinstance(step.content, dict) and any(key in TRANSFORMS for key in step.content)
    return f"{lead}; expected {listed(beside if is_complete else [*TRANSFORMS, *beside])}"


def _owner(name: str, step: Node) -> str | None:
    """The transform of a step that has a setting `name`."""
    if not isinstance(step.content, dict):
        return None
    for key in step.content:
        if key in TRANSFORMS:
            operation = TRANSFORMS[key]
            is_list = issubclass(operation, Composite) and not operation.steps_at
            if name in operation.model_fields and not is_list:
                return key
    return None


def _unknown_option(shown_name: str, known: list[str], save_format: str) -> str:
    if not known:
        return f"unknown option {shown_name}; {save_format} has no options"
    meant = nearest(shown_name, known)
    hint = f"; did you mean {meant!r}?" if meant else ""
    return f"unknown option {shown_name} ({save_format} has {listed(known, 'and')}){hint}"


def _model(parent: Path, tree: Node) -> type[Model]:
    """The model of the mapping at `parent`."""
    if parent == ("transforms",):
        return Ranges
    if parent == ("save_options",):
        return SAVE_OPTIONS[format_of(tree)]
    if len(parent) == 1 and parent[0] in _MAPPINGS:
        return _MAPPINGS[str(parent[0])]
    return _step_kind(parent) or _operation(parent) or Config


def _step_kind(path: Path) -> type[Step] | None:
    """What kind of step stands at `path`; None where something else does."""
    if not path or not isinstance(path[-1], int):
        return None
    if path[:-1] == ("transforms",):
        return Step
    for length in (1, 2):  # keys from a composite's name on to its list
        composite = _operation(path[:-length])
        if (
            composite
            and issubclass(composite, Composite)
            and composite.steps_at == path[len(path) - length : -1]
        ):
            return composite.step
    return None


def _operation(path: Path) -> type[Operation] | None:
    """The operation whose settings stand at `path`; None where something else does."""
    name = path[-1] if path else None
    if isinstance(name, str) and _step_kind(path[:-1]) and name in TRANSFORMS:
        return TRANSFORMS[name]
    return None


def _schema(path: Path, tree: Node) -> Mapping[str, Any]:
    """JSON Schema of the value at `path`."""
    depth = max(i for i, key in enumerate(path) if isinstance(key, str))
    model = _model(path[:depth], tree)
    schema: Mapping[str, Any] = _properties(model).get(str(path[depth]), {"type": "object"})
    for _ in path[depth + 1 :]:
        schema = _items(schema)
    return _without_null(schema)


def _items(schema: Mapping[str, Any]) -> Mapping[str, Any]:
    """The schema of what a list holds, where a value may be one."""
    choices = [schema, *schema.get("anyOf", ())]
    return next((choice["items"] for choice in choices if "items" in choice), {})


@cache
def _properties(model: type[Model]) -> Mapping[str, Any]:
    return model.model_json_schema()["properties"]  # type: ignore[no-any-return]  # JSON


def _without_null(schema: Mapping[str, Any]) -> Mapping[str, Any]:
    """The schema of a value that may be null, when it is not."""
    choices = [choice for choice in schema.get("anyOf", ()) if choice != {"type": "null"}]
    if len(choices) == 1:
        return choices[0]  # type: ignore[no-any-return]  # JSON
    return {**schema, "anyOf": choices} if choices else schema


def expectation(model: type[Model], name: str) -> str:
    """What the field `name` of a model takes, in words; where it may be null, what else it may."""
    return describe(_without_null(_properties(model)[name]))


def describe(schema: Mapping[str, Any], many: bool = False) -> str:
    """A JSON Schema in words: "a whole number from 1 on", "a list of 2 numbers from 0 on"."""
    if "enum" in schema:
        return listed(map(str, schema["enum"]))
    if "const" in schema:
        return str(schema["const"])
    if "anyOf" in schema:
        return " or ".join(describe(choice, many) for choice in schema["anyOf"])
    if schema.get("type") == "array":
        is_sized = "minItems" in schema and schema["minItems"] == schema.get("maxItems")
        size = f"{schema['minItems']} " if is_sized else ""
        return f"{'lists' if many else 'a list'} of {size}{describe(schema['items'], many=True)}"
    return _NOUNS[schema.get("type", "object")][many] + _bounds(schema)


def _bounds(schema: Mapping[str, Any]) -> str:
    low, high, below = (schema.get(key) for key in ("minimum", "maximum", "exclusiveMaximum"))
    above = schema.get("exclusiveMinimum")
    if above is not None:
        return f" above {above:.15g}" + (f", up to {high:.15g}" if high is not None else "")
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
