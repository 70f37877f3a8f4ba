"""pydantic's errors in words: no kind of them reaches a person as it is."""

from typing import Annotated, Any

import pytest
from pydantic import TypeAdapter, ValidationError

from augcli.config.messages import add_problems, describe, shown
from augcli.config.schema import Config
from augcli.config.tree import Layer, Mark, Problems, to_node, to_plain
from augcli.errors import ConfigError
from augcli.transforms.registry import BUILT_IN
from augcli.transforms.settings import Span, WholeSpan, within

MARK = Mark(Layer.COMMAND_LINE, "here")


@pytest.mark.parametrize(
    ("kind", "values", "message"),
    [
        ("extra_forbidden", {"foo": 1, "seed": 1}, "unknown key 'foo'; expected source, output"),
        ("int_type", {"copies": "4"}, "expected a whole number from 1 to 1000000, found '4'"),
        ("greater_than_equal", {"copies": 0}, "expected a whole number from 1 to 1000000, found 0"),
        ("less_than_equal", {"background": [0, 0, 999]}, "from 0 to 255, found 999"),
        ("less_than", {"transforms": {"shear_range": 91}}, "from 0 to below 90, found 91"),
        (
            "float_type",
            {"transforms": {"cval": None}},
            "cval: expected a number from -1000000 to 1000000, found nothing",
        ),
        ("finite_number", {"transforms": {"cval": float("inf")}}, "1000000, found .inf"),
        ("bool_type", {"include_originals": 1}, "expected true or false, found 1"),
        ("string_type", {"source": 1}, "source: expected text, found 1; put it in quotes"),
        ("value_error", {"save_prefix": "\ud800"}, r"control characters, found '\ud800'"),
        ("list_type", {"target_size": 1}, "expected a list of 2 whole numbers from 1 to"),
        ("too_short", {"target_size": [1]}, "found [1]"),
        ("too_long", {"target_size": [1, 2, 3]}, "found [1, 2, 3]"),
        ("literal_error", {"save_format": "pgn"}, "found 'pgn'; did you mean 'png'?"),
        ("model_type", {"save_options": []}, "save_options: expected a mapping, found []"),
        ("value_error", {"seed": 0.5}, "or random, found 0.5"),
    ],
)
def test_each_kind_of_error_is_put_in_words(
    kind: str, values: dict[str, Any], message: str
) -> None:
    """Every kind that the schema can raise says what was expected and what was found."""
    tree = to_node(values, MARK)
    problems = Problems()
    with pytest.raises(ValidationError) as error:
        Config.model_validate(to_plain(tree))
    assert [detail["type"] for detail in error.value.errors()] == [kind]
    add_problems(error.value, tree, problems)
    with pytest.raises(ConfigError) as config_error:
        problems.raise_if_any()
    assert message in str(config_error.value)
    assert str(config_error.value).startswith("here: ")


def test_no_transform_is_loaded_for_a_message(monkeypatch: pytest.MonkeyPatch) -> None:
    """Names are compared without the modules of the transforms that are not used."""
    monkeypatch.setitem(BUILT_IN, "frobnicate", "no_such_module:Frobnicate")
    tree = to_node({"transforms": [{"one_of": [{"frobnicat": {}}, {"xyz": {}}]}]}, MARK)
    problems = Problems()
    with pytest.raises(ValidationError) as error:
        Config.model_validate(to_plain(tree))
    add_problems(error.value, tree, problems)
    with pytest.raises(ConfigError, match="did you mean 'frobnicate'"):
        problems.raise_if_any()


@pytest.mark.parametrize(
    ("schema", "words"),
    [
        ({"type": "integer", "minimum": 1}, "a whole number from 1 on"),
        ({"type": "number", "minimum": 0.0, "maximum": 1.0}, "a number from 0 to 1"),
        ({"type": "number", "exclusiveMinimum": 0.0}, "a number above 0"),
        (
            {"type": "number", "exclusiveMinimum": 0.0, "maximum": 1e6},
            "a number above 0, up to 1000000",
        ),
        ({"type": "array", "items": {"type": "string"}}, "a list of texts"),
        ({"anyOf": [{"type": "integer"}, {"const": "random"}]}, "a whole number or random"),
        ({"enum": ["keep", 8]}, "keep or 8"),
        (TypeAdapter(Span).json_schema(), "a number or a list of 2 numbers"),
        (
            TypeAdapter(Annotated[WholeSpan, within(1, 9)]).json_schema(),
            "a whole number from 1 to 9 or a list of 2 whole numbers from 1 to 9",
        ),
        ({"type": "array", "items": {"$ref": "a"}, "minItems": 1}, "a list of mappings"),
        ({}, "a mapping"),
    ],
)
def test_a_schema_reads_as_words(schema: dict[str, Any], words: str) -> None:
    """Types, bounds, lists and choices are named as a person would."""
    assert describe(schema) == words


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (None, "nothing"),
        (True, "true"),
        ("a\nb", r"'a\nb'"),
        (float("nan"), ".nan"),
        ([1, [2.5, "x"], {}], "[1, [2.5, 'x'], {}]"),
        ({"a": {"b": None}}, "{a: {b: nothing}}"),
    ],
)
def test_a_value_is_shown_as_yaml(value: object, text: str) -> None:
    """Values look as they would in a config."""
    assert shown(to_node(value, MARK)) == text


def test_a_long_value_is_cut_short() -> None:
    """A long text or list takes one short piece of a line."""
    assert len(shown(to_node("x" * 10**6, MARK))) <= 62
    assert len(shown(to_node([["x" * 99] * 99] * 99, MARK))) <= 62


@pytest.mark.parametrize(
    ("step", "message"),
    [
        ({"horizontal_flip": {"limit": 1}}, "unknown key 'limit'; horizontal_flip has no settings"),
        ({"horizontal_flip": {"probability": 1}}, "write 'p', beside the name of the transform"),
        ({"horizontal_flip": {}, "probability": 1}, "did you mean 'p'?"),
        ({"gaussian_blur": None, "sigma": 2}, "settings of 'gaussian_blur' stand under it"),
        ({"RandomBrightnessContrast": {}}, "did you mean 'brightness' or 'contrast'?"),
        ({"ShiftScaleRotate": {}}, "did you mean 'affine'?"),
        ({"random_rotation": 15}, "did you mean 'affine'?"),
        ({"ImageCompression": {}}, "did you mean 'jpeg_compression' or 'webp_compression'?"),
        ({"GaussianBlur": {}}, "did you mean 'gaussian_blur'?"),
        ({"brightness": 0.2}, "brightness: expected a mapping of factor, found 0.2"),
        ({"horizontal_flip": 0.5}, "expected nothing, as it has no settings, found 0.5"),
        ({"affine": {"scale": 1.0}}, "from 0.01 to 100, and 1.0 stands for [0.0, 2.0], found 1.0"),
        ({"affine": {"rotate": 400}}, "expected numbers from -360 to 360, found 400"),
        ({"some_of": []}, "expected a mapping of steps and n, found []"),
    ],
)
def test_what_is_written_elsewhere_is_understood(step: dict[str, Any], message: str) -> None:
    """Names and habits of other tools get an answer that says how to write it here."""
    tree = to_node({"transforms": [step]}, MARK)
    problems = Problems()
    with pytest.raises(ValidationError) as error:
        Config.model_validate(to_plain(tree))
    add_problems(error.value, tree, problems)
    with pytest.raises(ConfigError) as config_error:
        problems.raise_if_any()
    assert message in str(config_error.value)
