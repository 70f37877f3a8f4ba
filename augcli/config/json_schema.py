"""The config's JSON Schema: what an editor needs to complete keys and to underline mistakes."""

import ast
import inspect
import textwrap
from itertools import pairwise
from typing import Any

from pydantic.json_schema import models_json_schema

from augcli.config.schema import Config, Fitting, written_step
from augcli.fields import Model
from augcli.images.options import SAVE_OPTIONS
from augcli.transforms.ranges import Ranges
from augcli.transforms.registry import TRANSFORMS

_DIALECT = "https://json-schema.org/draft/2020-12/schema"
_NULL = {"type": "null"}


def json_schema() -> dict[str, Any]:
    """JSON Schema (draft 2020-12) of the YAML that a person writes.

    `transforms` has its two forms, and `save_options` the options of the format at hand. The
    schema is a little laxer than the loader, where a rule compares several values.
    """
    steps = [written_step(name) for name in TRANSFORMS]
    models: list[type[Model]] = [Ranges, Fitting, *steps, *SAVE_OPTIONS.values()]
    references, definitions = models_json_schema([(model, "validation") for model in models])
    of_model = {model: references[model, "validation"] for model in models}

    for model in models:
        name = references[model, "validation"]["$ref"].rpartition("/")[2]
        _describe(definitions["$defs"][name], model)
    schema = Config.model_json_schema()
    _describe(schema, Config)
    properties = schema["properties"]
    # As in ImageDataGenerator, it may stand among the ranges too; the loader moves it to the top.
    of_ranges = definitions["$defs"][of_model[Ranges]["$ref"].rpartition("/")[2]]
    of_ranges["properties"]["validation_split"] = properties["validation_split"]
    properties["transforms"] |= {
        "anyOf": [
            of_model[Ranges],
            {"type": "array", "items": {"oneOf": [of_model[step] for step in steps]}},
            _NULL,
        ]
    }
    for key in ("type", "items"):
        del properties["transforms"][key]
    properties["save_options"] = {
        "description": properties["save_options"]["description"],
        "type": ["object", "null"],
    }
    schema["allOf"] = [
        _options_of(save_format, of_model[model]) for save_format, model in SAVE_OPTIONS.items()
    ]
    return {"$schema": _DIALECT} | schema | {"$defs": definitions["$defs"]}


def _options_of(save_format: str, options: dict[str, Any]) -> dict[str, Any]:
    """The rule that a format has these save_options."""
    condition: dict[str, Any] = {"properties": {"save_format": {"const": save_format}}}
    if save_format != Config.model_fields["save_format"].default:
        condition["required"] = ["save_format"]
    return {"if": condition, "then": {"properties": {"save_options": {"anyOf": [options, _NULL]}}}}


def _describe(schema: dict[str, Any], model: type[Model]) -> None:
    """Adds what the fields' docstrings say to a model's schema.

    Pydantic can read them too, but then does so whenever the model is loaded.
    """
    for name, text in _field_docstrings(model).items():
        schema["properties"][name].setdefault("description", text)


def _field_docstrings(model: type[Model]) -> dict[str, str]:
    """The text that stands below each field of a model and of its bases."""
    texts: dict[str, str] = {}
    for base in reversed(model.__mro__):
        if base.__module__.partition(".")[0] != "augcli" or base.__module__ == __name__:
            continue
        try:
            tree = ast.parse(textwrap.dedent(inspect.getsource(base)))
        except OSError:  # made at run time: its fields say what they are themselves
            continue
        [definition] = tree.body
        statements = definition.body if isinstance(definition, ast.ClassDef) else []
        for field, below in pairwise(statements):
            match field, below:
                case ast.AnnAssign(target=ast.Name(id=name)), ast.Expr(
                    value=ast.Constant(value=str(text))
                ) if name in model.model_fields:
                    texts[name] = inspect.cleandoc(text)
    return texts
