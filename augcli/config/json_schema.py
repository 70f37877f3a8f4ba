"""The config's JSON Schema: what an editor needs to complete keys and to underline mistakes."""

import ast
import inspect
import textwrap
from collections.abc import Mapping
from itertools import pairwise
from typing import Any

from pydantic.json_schema import models_json_schema

from augcli.config.schema import Config, Fitting
from augcli.config.targets import Annotations, Masks
from augcli.fields import Model
from augcli.images.options import SAVE_OPTIONS
from augcli.transforms.base import Operation
from augcli.transforms.ranges import Ranges
from augcli.transforms.registry import TRANSFORMS
from augcli.transforms.step import Composite, Step, WeightedStep, written_step

_DIALECT = "https://json-schema.org/draft/2020-12/schema"
_NULL = {"type": "null"}


def json_schema() -> dict[str, Any]:
    """JSON Schema (draft 2020-12) of the YAML that a person writes.

    `transforms` has its two forms, and `save_options` the options of the format at hand. The
    schema is a little laxer than the loader, where a rule compares several values.

    Raises:
        PluginError: A transform of another package cannot be used.
    """
    written = {name: written_step(name, Step) for name in TRANSFORMS}
    models: list[type[Model]] = [Ranges, Fitting, Masks, Annotations]
    models += (Operation, Step, WeightedStep)
    models += SAVE_OPTIONS.values()
    models += (
        operation
        for operation in TRANSFORMS.values()
        if operation is not Ranges and _is_model(operation.written_type())
    )
    models += written.values()
    references, schema_of_all = models_json_schema([(model, "validation") for model in models])
    definitions = schema_of_all["$defs"]
    of_model = {model: references[model, "validation"] for model in models}
    name_of = {model: reference["$ref"].rpartition("/")[2] for model, reference in of_model.items()}

    for model in models:
        _describe(definitions[name_of[model]], model)
    steps = {
        name: definitions.pop(name_of[model])["properties"][name] for name, model in written.items()
    }
    del definitions[name_of[Operation]]  # in whose place stand the settings of each transform
    for kind in (Step, WeightedStep):
        _write_steps_out(definitions[name_of[kind]], steps)
    schema = Config.model_json_schema()
    _describe(schema, Config)
    properties = schema["properties"]
    # As in ImageDataGenerator, it may stand among the ranges too; the loader moves it to the top.
    of_ranges = definitions[name_of[Ranges]]
    of_ranges["properties"]["validation_split"] = properties["validation_split"]
    properties["transforms"] |= {
        "anyOf": [of_model[Ranges], {"type": "array", "items": of_model[Step]}, _NULL]
    }
    for key in ("type", "items"):
        del properties["transforms"][key]
    properties["masks"]["anyOf"].append({"type": "string"})
    properties["save_options"] = {
        "description": properties["save_options"]["description"],
        "type": ["object", "null"],
    }
    schema["allOf"] = [
        _options_of(save_format, of_model[model]) for save_format, model in SAVE_OPTIONS.items()
    ]
    return {"$schema": _DIALECT} | schema | {"$defs": definitions}


def _is_model(written_type: object) -> bool:
    return isinstance(written_type, type) and issubclass(written_type, Model)


def _write_steps_out(schema: dict[str, Any], steps: Mapping[str, dict[str, Any]]) -> None:
    """Gives the schema of a step every transform as a key, of which one has to be there.

    A flat list of keys is what editors complete, and name in their messages, best.
    """
    beside = {key: of_key for key, of_key in schema["properties"].items() if key != "transform"}
    transforms = {name: _of_step(name, settings) for name, settings in steps.items()}
    schema |= {
        "properties": transforms | beside,
        "oneOf": [{"required": [name]} for name in steps],
    }
    del schema["required"]


def _of_step(name: str, settings: dict[str, Any]) -> dict[str, Any]:
    """What stands under the name of a transform; nothing is short for all of its defaults."""
    operation = TRANSFORMS[name]
    text = {"description": (inspect.getdoc(operation) or "").partition("\n\n")[0]}
    if issubclass(operation, Composite):
        return settings | text
    return {"anyOf": [settings, _NULL], **text}


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
    for name, text in field_docstrings(model).items():
        schema["properties"][name].setdefault("description", text)


def field_docstrings(model: type[Model]) -> dict[str, str]:
    """The text that stands below each field of a model and of its bases."""
    texts: dict[str, str] = {}
    for base in reversed(model.__mro__):
        if base is Model or not issubclass(base, Model):
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
