"""Batches of images listed in a table: what `ImageDataGenerator.flow_from_dataframe` gives.

pandas is not imported: a column of any table that gives one by its name will do.
"""

from __future__ import annotations

import os
import warnings
from collections.abc import Iterable, Sequence
from typing import Any

import numpy as np
from numpy.typing import DTypeLike, NDArray

from augcli.keras.files import FileIterator
from augcli.keras.iterator import ImageGenerator
from augcli.keras.subsets import check_subset, subset_slice, validation_split_of

CLASS_MODES = ("binary", "categorical", "sparse")


class DataFrameIterator(FileIterator):
    """Batches of transformed images whose paths, and what belongs to them, are in a table.

    Args:
        dataframe: A pandas DataFrame; it is not changed.
        directory: Folder that the paths are relative to; None for paths that are absolute, or
            relative to the current folder.
        image_data_generator: Transforms and standardises; None leaves the images as they are.
        x_col: Column of the paths.
        y_col: Column of the targets: of class mode "categorical" a class or a list of classes, of
            "binary" and "sparse" a class, of "raw" a value; of "raw" and "multi_output" also a
            list of columns.
        weight_col: Column of the sample weights.
        target_size: (height, width) in pixels.
        color_mode: "rgb", "rgba" or "grayscale".
        classes: Classes to use; all when left out. Their indices follow their sorted order.
        class_mode: What y is: "binary", "categorical", "input", "multi_output", "raw", "sparse"
            or None, see `FileIterator`.
        batch_size: Samples a batch.
        shuffle: Whether each epoch has an order of its own.
        seed: Of the order and of the transforms.
        data_format: "channels_last" or "channels_first".
        save_to_dir: A folder for pictures of what the transforms made, before it is standardised.
        save_prefix: Start of their names.
        save_format: Their format.
        subset: "training" or "validation", by the generator's `validation_split`: the first rows
            are for validation.
        interpolation: Filter of the resize.
        dtype: Of the images in a batch.
        validate_filenames: Leave out the rows whose file is missing or has no suffix of
            `white_list_formats`, with a warning.
        keep_aspect_ratio: Crop the centre to the target's aspect ratio before the resize.

    Attributes:
        filenames: Column `x_col`, without what was left out.
        filepaths: Path of each image.
        classes: Index of each image's class, or a list of them; where the class mode has classes.
        class_indices: The index of each class by its name.
        samples: How many images.

    Raises:
        KeyError: The table has no such column.
        TypeError: A column has values of another type than the class mode needs.
        ValueError: An argument has none of its values, or "binary" has not two classes.
    """

    allowed_class_modes = ("binary", "categorical", "input", "multi_output", "raw", "sparse", None)

    def __init__(
        self,
        dataframe: Any,
        directory: str | os.PathLike[str] | None = None,
        image_data_generator: ImageGenerator | None = None,
        x_col: str = "filename",
        y_col: str | list[str] = "class",
        weight_col: str | None = None,
        target_size: Sequence[int] = (256, 256),
        color_mode: str = "rgb",
        classes: Sequence[str] | None = None,
        class_mode: str | None = "categorical",
        batch_size: int = 32,
        shuffle: bool = True,
        seed: int | None = None,
        data_format: str = "channels_last",
        save_to_dir: str | os.PathLike[str] | None = None,
        save_prefix: str = "",
        save_format: str = "png",
        subset: str | None = None,
        interpolation: str = "nearest",
        dtype: DTypeLike = "float32",
        validate_filenames: bool = True,
        *,
        keep_aspect_ratio: bool = False,
    ) -> None:
        if class_mode not in self.allowed_class_modes:
            raise ValueError(
                f"`class_mode` should be one of {self.allowed_class_modes}. Received: {class_mode}"
            )
        check_subset(subset)
        self.directory = "" if directory is None else os.fspath(directory)
        names = list(dataframe[x_col])
        if not all(isinstance(name, str) for name in names):
            raise TypeError(f"every value of the column {x_col!r} should be a string")
        rows = self._valid_rows(names, x_col) if validate_filenames else list(range(len(names)))
        class_indices: dict[str, int] = {}
        if class_mode in CLASS_MODES:
            values = list(dataframe[y_col])
            _check_class_values(values, y_col, class_mode, classes)
            class_indices = _class_indices([values[row] for row in rows], classes)
            rows = _rows_of_classes(rows, values, class_indices)
        elif classes:
            warnings.warn(f"`classes` has no use with class_mode={class_mode!r}", stacklevel=3)
        fraction = validation_split_of(image_data_generator)
        rows = rows[subset_slice(len(rows), fraction, subset)]
        labels: Any = None
        if class_mode in CLASS_MODES:
            labels = self.classes = [_indices(values[row], class_indices) for row in rows]
        elif class_mode == "multi_output":
            if not isinstance(y_col, list):
                raise TypeError('class_mode "multi_output" takes a list of columns as `y_col`')
            labels = [np.array([list(dataframe[column])[row] for row in rows]) for column in y_col]
        elif class_mode == "raw":
            labels = np.asarray(dataframe[y_col])[rows]
        super().__init__(
            [names[row] for row in rows],
            [self._path(names[row]) for row in rows],
            image_data_generator,
            class_mode=class_mode,
            class_indices=class_indices,
            labels=labels,
            sample_weight=None if weight_col is None else _weights(dataframe, weight_col)[rows],
            target_size=target_size,
            color_mode=color_mode,
            batch_size=batch_size,
            shuffle=shuffle,
            seed=seed,
            data_format=data_format,
            save_to_dir=save_to_dir,
            save_prefix=save_prefix,
            save_format=save_format,
            subset=subset,
            interpolation=interpolation,
            dtype=dtype,
            keep_aspect_ratio=keep_aspect_ratio,
        )

    def get_classes(self, df: Any, y_col: str) -> list[int | list[int]]:
        """The indices of the classes in a column of a table, as `classes` has them.

        Raises:
            KeyError: The table has no such column, or a class is not in `class_indices`.
        """
        return [_indices(value, self.class_indices) for value in df[y_col]]

    def _path(self, name: str) -> str:
        return os.path.join(self.directory, name)

    def _valid_rows(self, names: list[str], x_col: str) -> list[int]:
        """The rows whose file is there and has a known suffix; says how many others there are."""
        suffixes = {f".{suffix}" for suffix in self.white_list_formats}
        rows = [
            row
            for row, name in enumerate(names)
            if os.path.splitext(name)[1].lower() in suffixes and os.path.isfile(self._path(name))
        ]
        others = sorted(set(range(len(names))).difference(rows))
        if others:
            warnings.warn(
                f"{len(others)} rows are left out, such as {names[others[0]]!r}: in column "
                f"{x_col!r} they name no file, or none with a suffix of {self.white_list_formats}",
                stacklevel=4,
            )
        return rows


def _weights(dataframe: Any, weight_col: str) -> NDArray[Any]:
    weights = np.asarray(dataframe[weight_col])
    if not np.issubdtype(weights.dtype, np.number):
        raise TypeError(f"the column {weight_col!r} should hold numbers")
    return weights


def _check_class_values(
    values: list[Any], y_col: str | list[str], class_mode: str | None, classes: Sequence[str] | None
) -> None:
    """Raises what is wrong with a column of classes."""
    if class_mode == "categorical":
        if not all(isinstance(value, str | list | tuple) for value in values):
            raise TypeError(
                f"every value of the column {y_col!r} should be a string, or a list of strings"
            )
        return
    if not all(isinstance(value, str) for value in values):
        raise TypeError(
            f"every value of the column {y_col!r} should be a string, by class_mode {class_mode!r}"
        )
    found = set(classes or values)
    if class_mode == "binary" and len(found) != 2:
        raise ValueError(f'class_mode "binary" takes 2 classes. Received: {len(found)}')


def _as_list(value: Any) -> list[str]:
    return [value] if isinstance(value, str) else list(value)


def _class_indices(values: list[Any], classes: Iterable[str] | None) -> dict[str, int]:
    """The index of each class: of those asked for, or of those there are, sorted."""
    found = set(classes or ()) or {name for value in values for name in _as_list(value)}
    return {name: index for index, name in enumerate(sorted(found))}


def _rows_of_classes(
    rows: list[int], values: list[Any], class_indices: dict[str, int]
) -> list[int]:
    """The rows that have one of the classes; says how many others there are."""
    kept = [row for row in rows if any(name in class_indices for name in _as_list(values[row]))]
    if len(kept) < len(rows):
        warnings.warn(
            f"{len(rows) - len(kept)} rows are left out: none of their classes is in `classes`",
            stacklevel=4,
        )
    return kept


def _indices(value: Any, class_indices: dict[str, int]) -> int | list[int]:
    """The index of a class, or a list of those of several."""
    if isinstance(value, str):
        return class_indices[value]
    return [class_indices[name] for name in value if name in class_indices]
