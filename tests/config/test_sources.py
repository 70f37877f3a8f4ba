"""What a config says of its source."""

from typing import Any

import pytest
from pydantic import ValidationError
from support import ROOT

from augcli.config.schema import Config, pixel_digest, resolved
from augcli.config.sources import Sourcing, source_kind

CSV, NPZ = {"source": "a.csv"}, {"source": "a.npz"}
SPLIT = {"validation_split": 0.2}


@pytest.mark.parametrize(
    ("source", "kind"),
    [("photos", "folder"), ("a/labels.CSV", "csv"), ("x.npz", "npz"), ("x.npy", "folder")],
)
def test_kinds(source: str, kind: str) -> None:
    """The suffix says what a source is, in letters of any size."""
    assert source_kind(source) == kind


@pytest.mark.parametrize(
    "values",
    [
        {**CSV, "x_col": "path", "y_col": "label", "weight_col": "w", "directory": "photos"},
        {**CSV, "class_mode": "multi_output", "y_col": ["a", "b"]},
        {**CSV, "class_mode": "raw", "y_col": "a"},
        {**CSV, "class_mode": None},
        {**CSV, "label_separator": "|", "classes": ["a", 3]},
        {**NPZ, "x_col": "x_train", "class_mode": "binary", "classes": [0, 1]},
        {**NPZ, **SPLIT, "split": "contiguous", "ignore_class_split": True},
        {"source": "photos", "follow_links": True, "classes": ["a"]},
        {**SPLIT, "subset": "training", "group_by": r"(\w+)_\d+"},
        {"validation_split": 0},
        {"x_col": "path"},
    ],
)
def test_what_goes_together(values: dict[str, Any]) -> None:
    """These are valid, also when every default is written out."""
    config = Config.model_validate(values)
    assert Config.model_validate(resolved(config)) == config


@pytest.mark.parametrize(
    ("values", "key", "message"),
    [
        ({"source": "photos", "x_col": "a"}, "x_col", "a folder has no columns"),
        ({"source": "photos", "y_col": "a"}, "y_col", "a folder has no columns"),
        ({"source": "photos", "weight_col": "a"}, "weight_col", "a folder has no columns"),
        ({"source": "photos", "class_mode": "raw"}, "class_mode", "a folder has no columns"),
        ({**NPZ, "directory": "a"}, "directory", "a .csv as source alone"),
        ({"source": "photos", "label_separator": "|"}, "label_separator", "a .csv as source"),
        ({**CSV, "follow_links": True}, "follow_links", "a folder as source alone"),
        ({**CSV, "y_col": ["a", "b"]}, "y_col", "need class_mode: multi_output, or raw"),
        ({**CSV, "class_mode": "multi_output"}, "y_col", "needs a list of columns"),
        ({**CSV, "class_mode": "multi_output", "y_col": "a"}, "y_col", "needs a list of columns"),
        ({**CSV, "class_mode": None, "y_col": "a"}, "y_col", "null has no labels"),
        ({**CSV, "y_col": []}, "y_col", "expected the name of a column, or a list"),
        ({**CSV, "y_col": 3}, "y_col", "expected the name of a column, or a list"),
        ({"class_mode": "sparse", **CSV, "label_separator": "|"}, "label_separator", "categorical"),
        ({"classes": []}, "classes", "expected a list of classes"),
        ({"classes": "cat"}, "classes", "expected a list of classes"),
        ({"classes": [True]}, "classes", "expected a list of classes"),
        ({"classes": ["1", 1]}, "classes", "expected each class once"),
        ({"class_mode": "binary", "classes": ["a"]}, "classes", "expected 2 classes"),
        ({**CSV, "class_mode": "raw", "classes": ["a"]}, "classes", "raw has no classes"),
        ({"class_mode": None, "classes": ["a"]}, "classes", "null has no classes"),
        ({"subset": "training"}, "subset", "needs a validation_split"),
        ({"split": "contiguous"}, "split", "needs a validation_split"),
        ({"group_by": "a"}, "group_by", "needs a validation_split"),
        ({**NPZ, "ignore_class_split": True}, "ignore_class_split", "needs a validation_split"),
        ({**SPLIT, **CSV, "ignore_class_split": True}, "ignore_class_split", "only the classes"),
        ({**SPLIT, "group_by": "("}, "group_by", "expected a regular expression"),
        ({**SPLIT, "split": "contiguous", "group_by": "a"}, "group_by", "no groups together"),
        ({**SPLIT, **NPZ, "group_by": "a"}, "group_by", "no paths to group by"),
        ({"validation_split": 1.0}, "validation_split", "less than 1"),
    ],
)
def test_what_does_not(values: dict[str, Any], key: str, message: str) -> None:
    """A key without a meaning is an error at that key, which says what it needs."""
    with pytest.raises(ValidationError) as error:
        Config.model_validate(values)
    [detail] = error.value.errors()
    assert detail["loc"] == (key,)
    assert message in detail["msg"]


def test_a_wrong_value_is_one_error() -> None:
    """What follows from a wrong value is not reported beside it."""
    values = {**CSV, "class_mode": "many", "y_col": ["a"], "classes": ["a"], "validation_split": 2}
    with pytest.raises(ValidationError) as error:
        Config.model_validate({**values, "subset": "training"})
    assert [detail["loc"] for detail in error.value.errors()] == [
        *(("class_mode",), ("validation_split",)),
    ]


def test_the_axes_of_arrays() -> None:
    """`data_format` says how an .npz is read, whatever is written of it."""
    values = {"transforms": {"data_format": "channels_first"}}
    assert Config.model_validate({**NPZ, **values})
    with pytest.raises(ValidationError, match="png cannot hold this"):
        Config.model_validate({**CSV, **values})


def test_every_key_is_documented() -> None:
    """docs/config.md has a row for each key."""
    text = (ROOT / "docs" / "config.md").read_text(encoding="utf-8")
    assert [key for key in Sourcing.model_fields if f"\n| `{key}` | " not in text] == []


def test_pixels_do_not_depend_on_it() -> None:
    """Labels and splits are compared by themselves, so that changing them keeps what it can."""
    values = {**CSV, **SPLIT, "class_mode": "sparse", "classes": ["a"], "x_col": "path"}
    assert pixel_digest(Config.model_validate(values)) == pixel_digest(Config())
