"""What a config says of its source: how samples are found, labelled and split."""

import re
from typing import Annotated, Literal

from pydantic import AfterValidator, BeforeValidator, Field, ValidationInfo, field_validator

from augcli.fields import Model

SourceKind = Literal["folder", "csv", "npz"]

_CLASS_MODES = ("categorical", "binary", "sparse")  # whose labels are classes
_SEVERAL_COLUMNS = ("multi_output", "raw")


def source_kind(source: str) -> SourceKind:
    """What a source is, by its suffix: a table, arrays, or else a folder."""
    if source.lower().endswith(".csv"):
        return "csv"
    return "npz" if source.lower().endswith(".npz") else "folder"


def _check_path(value: str) -> str:
    if not value or "\0" in value:
        raise ValueError("expected a path")
    return value


def _check_columns(value: object) -> object:
    names = value if isinstance(value, list) else [value]
    if value is not None and not (names and all(isinstance(name, str) for name in names)):
        raise ValueError("expected the name of a column, or a list of names")
    return value


def _check_classes(value: object) -> object:
    if value is None:
        return value
    if not isinstance(value, list) or not value or {*map(type, value)} - {str, int}:
        raise ValueError("expected a list of classes, such as [cat, dog]")
    if len(set(map(str, value))) < len(value):
        raise ValueError("expected each class once")
    return value


def _check_pattern(value: str) -> str:
    try:
        re.compile(value)
    except re.error as error:
        raise ValueError(f"expected a regular expression ({error})") from error
    return value


PathText = Annotated[str, AfterValidator(_check_path)]
Column = Annotated[str, Field(min_length=1)]


class Sourcing(Model):
    """How samples are found, labelled and split. A mix-in of the config, after its `source`."""

    x_col: Column | None = None
    """Column of a CSV with the paths of the images, `filename` when left out; array of an .npz
    with the images, `x` when left out."""
    class_mode: (
        Literal["categorical", "binary", "sparse", "input", "raw", "multi_output"] | None
    ) = "categorical"
    """What the labels are, as in Keras: `categorical`, names of classes; `sparse` and `binary`,
    their numbers; `raw` and `multi_output`, values of any kind; `input` and null, none."""
    y_col: Annotated[str | list[str] | None, BeforeValidator(_check_columns)] = Field(
        default=None, validate_default=True
    )
    """Column of a CSV with the labels, `class` when left out; array of an .npz, `y` when left out.
    A list of them with `class_mode: raw` and `multi_output`."""
    weight_col: Column | None = None
    """Column of a CSV, or array of an .npz, with the sample weights."""
    directory: PathText | None = None
    """Folder that the paths in a CSV are relative to, itself relative to the config's own folder;
    the folder of the CSV when left out."""
    label_separator: Column | None = None
    """What stands between the labels of one image in a CSV, such as `|`; every label is a list,
    then."""
    classes: Annotated[list[str | int] | None, BeforeValidator(_check_classes)] = None
    """The classes to take, in the order of their numbers; others are left out. All of them, sorted,
    when left out."""
    follow_links: bool = False
    """Look into sub-folders that are symbolic links."""

    validation_split: Annotated[float, Field(ge=0, lt=1)] = 0.0
    """Share of the images that is kept for validation; 0 for no split."""
    subset: Literal["training", "validation", "both"] = "both"
    """Which of the two to write; `both` puts them into OUTPUT/train and OUTPUT/validation."""
    split: Literal["hash", "contiguous"] = "hash"
    """`hash` goes by each image's path, so that added images move no other; `contiguous` takes
    the first of each class, as Keras does."""
    group_by: Annotated[str, AfterValidator(_check_pattern)] | None = None
    """Regular expression that is searched in each path: what has the same match (the same first
    group, if it has groups) is not split."""
    ignore_class_split: bool = False
    """Accept that training and validation have different classes, for an .npz."""

    @field_validator("x_col", "y_col", "weight_col")
    @classmethod
    def _check_has_columns(cls, value: object, info: ValidationInfo) -> object:
        if value is not None and _kind(info) == "folder":
            raise ValueError("a folder has no columns; leave it out, or name a .csv as source")
        return value

    @field_validator("directory", "label_separator")
    @classmethod
    def _check_is_csv(cls, value: object, info: ValidationInfo) -> object:
        if value is not None and _kind(info) in {"folder", "npz"}:
            raise ValueError("it goes with a .csv as source alone; leave it out")
        return value

    @field_validator("class_mode")
    @classmethod
    def _check_class_mode(cls, value: str | None, info: ValidationInfo) -> str | None:
        if value in _SEVERAL_COLUMNS and _kind(info) == "folder":
            raise ValueError(f"a folder has no columns for {value}; name a .csv as source")
        return value

    @field_validator("y_col")
    @classmethod
    def _check_number_of_columns(
        cls, value: str | list[str] | None, info: ValidationInfo
    ) -> str | list[str] | None:
        class_mode = info.data.get("class_mode", "raw")  # absent when it was found wrong
        if isinstance(value, list) and class_mode not in _SEVERAL_COLUMNS:
            raise ValueError("several columns need class_mode: multi_output, or raw")
        if class_mode == "multi_output" and not isinstance(value, list):
            raise ValueError("class_mode: multi_output needs a list of columns")
        if value is not None and class_mode in {None, "input"}:
            raise ValueError(f"class_mode: {class_mode or 'null'} has no labels; leave it out")
        return value

    @field_validator("label_separator")
    @classmethod
    def _check_separator(cls, value: str | None, info: ValidationInfo) -> str | None:
        if value is not None and info.data.get("class_mode", "categorical") != "categorical":
            raise ValueError("several labels need class_mode: categorical")
        return value

    @field_validator("classes")
    @classmethod
    def _check_number_of_classes(
        cls, value: list[str | int] | None, info: ValidationInfo
    ) -> list[str | int] | None:
        class_mode = info.data.get("class_mode", "categorical")
        if value is not None and class_mode not in _CLASS_MODES:
            raise ValueError(f"class_mode: {class_mode or 'null'} has no classes; leave it out")
        if value is not None and class_mode == "binary" and len(value) != 2:
            raise ValueError("expected 2 classes, as class_mode is binary")
        return value

    @field_validator("follow_links")
    @classmethod
    def _check_is_folder(cls, value: bool, info: ValidationInfo) -> bool:
        if value and _kind(info) in {"csv", "npz"}:
            raise ValueError("it goes with a folder as source alone; leave it out")
        return value

    @field_validator("subset", "split", "group_by", "ignore_class_split")
    @classmethod
    def _check_is_split(cls, value: object, info: ValidationInfo) -> object:
        is_asked_for = value not in {None, False, "both", "hash"}
        if is_asked_for and not info.data.get("validation_split", 1):
            raise ValueError("it needs a validation_split, such as 0.2")
        return value

    @field_validator("group_by")
    @classmethod
    def _check_can_group(cls, value: str | None, info: ValidationInfo) -> str | None:
        if value is not None and info.data.get("split") == "contiguous":
            raise ValueError("a contiguous split keeps no groups together; write split: hash")
        if value is not None and _kind(info) == "npz":
            raise ValueError("images in an .npz have no paths to group by; leave it out")
        return value

    @field_validator("ignore_class_split")
    @classmethod
    def _check_is_npz(cls, value: bool, info: ValidationInfo) -> bool:
        if value and _kind(info) in {"folder", "csv"}:
            raise ValueError("only the classes of an .npz are compared; leave it out")
        return value


def _kind(info: ValidationInfo) -> SourceKind | None:
    """What the config's source is; None when it has none, or a wrong one."""
    source = info.data.get("source")
    return source_kind(source) if isinstance(source, str) else None
