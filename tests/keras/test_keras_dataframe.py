"""`flow_from_dataframe` and `DataFrameIterator`."""

import contextlib
import io
from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np
import pandas as pd
import pytest

from augcli.errors import SourceError
from augcli.keras import DataFrameIterator, ImageDataGenerator

NAMES = ["cat/a.png", "dog/1.png", "cat/b.bmp", "bird/a.png", "dog/2.ppm", "bird/b.png"]
TABLE = pd.DataFrame(
    {
        "filename": NAMES,
        "class": ["cat", "dog", "cat", "bird", "dog", "bird"],
        "two": ["no", "yes", "no", "no", "yes", "no"],
        "tags": [["cat"], ["dog", "wild"], ("cat", "wild"), ["bird"], ["dog"], ["wild", "bird"]],
        "x": [0.5, 1.5, 2.5, 3.5, 4.5, 5.5],
        "y": [1, 2, 3, 4, 5, 6],
        "weight": [0.1, 0.2, 0.3, 0.4, 0.5, 0.6],
    }
)
CASES: list[dict[str, Any]] = [
    {"class_mode": "categorical"},
    {"class_mode": "categorical", "y_col": "tags"},
    {"class_mode": "categorical", "classes": ["dog", "cat", "bird"]},
    {"class_mode": "sparse"},
    {"class_mode": "binary", "y_col": "two"},
    {"class_mode": "input"},
    {"class_mode": "raw", "y_col": "x"},
    {"class_mode": "raw", "y_col": ["x", "y"]},
    {"class_mode": "multi_output", "y_col": ["x", "y"]},
    {"class_mode": None},
    {"class_mode": "sparse", "weight_col": "weight"},
    {"class_mode": "raw", "y_col": "y", "weight_col": "y"},
]


def flow(table: Any, folder: Path | str | None, **arguments: Any) -> DataFrameIterator:
    """An iterator of images of 5 x 4 pixels, in order."""
    settings: dict[str, Any] = {"target_size": (5, 4), "shuffle": False, **arguments}
    return ImageDataGenerator().flow_from_dataframe(table, folder, **settings)


def both(reference: ModuleType, folder: Path, **arguments: Any) -> tuple[Any, Any]:
    """Our iterator and the reference's, of images of 5 x 4 pixels, in order."""
    split = arguments.pop("validation_split", 0.0)
    settings = {"target_size": (5, 4), "shuffle": False, **arguments}
    made = []
    for cls in (ImageDataGenerator, reference.ImageDataGenerator):
        generator = cls(validation_split=split)
        with contextlib.redirect_stdout(io.StringIO()):  # the reference prints what it found
            made.append(generator.flow_from_dataframe(TABLE, str(folder), **settings))
    return made[0], made[1]


def same(found: Any, expected: Any) -> bool:
    """Whether two batches are equal, dtypes included."""
    if isinstance(expected, tuple | list):
        return len(found) == len(expected) and all(map(same, found, expected))
    return found.dtype == expected.dtype and np.array_equal(found, expected)


def test_nothing_public_is_missing(reference: ModuleType, folders: Path) -> None:
    """Each public attribute of the reference's iterator is there, `get_classes` with its result."""
    ours, theirs = both(reference, folders, subset="training", validation_split=0.5)
    assert [name for name in dir(theirs) if name[0] != "_" and not hasattr(ours, name)] == []
    assert ours.split == theirs.split
    table = pd.DataFrame({"tags": ["dog", ["bird", "dog"]]})
    assert ours.get_classes(table, "tags") == theirs.get_classes(table, "tags")


@pytest.mark.parametrize("arguments", CASES, ids=str)
def test_batches_are_the_references(
    reference: ModuleType, folders: Path, arguments: dict[str, Any]
) -> None:
    """Every class mode gives the reference's batches, targets and weights."""
    ours, theirs = both(reference, folders, **arguments, batch_size=4)
    assert ours.filenames == theirs.filenames == NAMES
    assert ours.filepaths == theirs.filepaths
    for _ in range(3):
        assert same(next(ours), next(theirs))


def test_what_is_known_of_the_rows(reference: ModuleType, folders: Path) -> None:
    """Classes, labels and indices are the reference's; classes are sorted however they are given.

    So a model that was trained by the reference finds its classes in their places.
    """
    ours, theirs = both(reference, folders, classes=["dog", "cat", "bird"])
    assert ours.classes == theirs.classes == ours.labels
    assert ours.class_indices == theirs.class_indices == {"bird": 0, "cat": 1, "dog": 2}
    assert (ours.samples, ours.n, len(ours)) == (6, 6, 1)


def test_several_labels_are_one_row(folders: Path) -> None:
    """A list of classes sets a one for each of them."""
    _, y = next(flow(TABLE, folders, y_col="tags"))
    assert y.tolist()[:3] == [[0, 1, 0, 0], [0, 0, 1, 1], [0, 1, 0, 1]]


@pytest.mark.parametrize("validation_split", [0.25, 0.5])
def test_subsets_are_the_references(
    reference: ModuleType, folders: Path, validation_split: float
) -> None:
    """The first rows are for validation; weights and targets go with their rows."""
    names = []
    for subset in ("validation", "training"):
        arguments: dict[str, Any] = {"subset": subset, "weight_col": "weight"}
        ours, theirs = both(reference, folders, validation_split=validation_split, **arguments)
        assert same(next(ours), next(theirs))
        names += ours.filenames
    assert names == NAMES


def test_raw_strings_are_an_array(folders: Path) -> None:
    """Targets are NumPy arrays, also of strings, which pandas keeps in arrays of its own."""
    _, y = next(flow(TABLE, folders, class_mode="raw", y_col="class"))
    assert isinstance(y, np.ndarray)
    assert y.tolist() == TABLE["class"].tolist()


def test_absolute_paths(folders: Path) -> None:
    """Without a directory, the paths stand for themselves."""
    table = TABLE.assign(filename=[str(folders / name) for name in NAMES])
    assert len(next(flow(table, None, class_mode=None))) == 6


def test_any_index_will_do(folders: Path) -> None:
    """Rows are taken in their order, whatever they are called, also when some are missing."""
    table = TABLE.assign(filename=["gone.png", *NAMES[1:]])
    table.index = pd.Index([5, 5, 1, 0, 9, 2])
    with pytest.warns(UserWarning, match="1 rows are left out"):
        found = flow(table, folders, class_mode="raw", y_col="y", weight_col="weight")
    _, y, weights = next(found)
    assert y.tolist() == [2, 3, 4, 5, 6]
    assert weights.tolist() == [0.2, 0.3, 0.4, 0.5, 0.6]


def test_the_table_is_not_changed(folders: Path) -> None:
    """Rows are left out of the iterator, and stay in the table."""
    table = TABLE.copy(deep=True)
    with pytest.warns(UserWarning, match="left out"):
        flow(table, folders, classes=["cat"])
    pd.testing.assert_frame_equal(table, TABLE)


def test_any_table_with_columns_will_do(folders: Path) -> None:
    """A mapping of columns is a table too: pandas is not needed for it."""
    table = {name: TABLE[name].tolist() for name in TABLE}
    for arguments in CASES[:7]:
        assert same(
            next(flow(table, folders, **arguments)), next(flow(TABLE, folders, **arguments))
        )


def test_rows_without_a_file_are_left_out_aloud(folders: Path) -> None:
    """A missing file and one of another kind are left out, with a warning that counts them."""
    (folders / "notes.txt").write_text("no image")
    table = TABLE.assign(filename=["gone.png", "notes.txt", *NAMES[2:]])
    with pytest.warns(UserWarning, match=r"2 rows are left out, such as 'gone\.png'"):
        found = flow(table, folders)
    assert found.filenames == NAMES[2:]


def test_rows_are_taken_as_they_are_when_not_validated(folders: Path) -> None:
    """Without `validate_filenames`, a missing file is an error that names it, when it is read."""
    table = TABLE.assign(filename=["gone.png", *NAMES[1:]])
    found = flow(table, folders, validate_filenames=False)
    assert found.samples == 6
    with pytest.raises(SourceError, match=r"gone\.png: the file is gone"):
        next(found)


def test_rows_of_other_classes_are_left_out_aloud(folders: Path) -> None:
    """`classes` takes the rows that have one of them, and says how many have none."""
    with pytest.warns(UserWarning, match="2 rows are left out"):
        found = flow(TABLE, folders, y_col="tags", classes=["dog", "wild"])
    _, y = next(found)
    assert y.tolist() == [[1, 1], [0, 1], [1, 0], [0, 1]]


def test_unused_classes_warn(folders: Path) -> None:
    """`classes` has no use without classes."""
    with pytest.warns(UserWarning, match="no use"):
        flow(TABLE, folders, classes=["cat"], class_mode=None)


@pytest.mark.parametrize(
    ("arguments", "error", "complaint"),
    [
        ({"class_mode": "output"}, ValueError, "class_mode"),
        ({"color_mode": "cmyk"}, ValueError, "color_mode"),
        ({"subset": "test"}, ValueError, "subset"),
        ({"class_mode": "binary"}, ValueError, "2 classes"),
        ({"class_mode": "binary", "y_col": "two", "classes": ["no"]}, ValueError, "2 classes"),
        ({"class_mode": "binary", "y_col": "tags"}, TypeError, "'tags'"),
        ({"class_mode": "sparse", "y_col": "y"}, TypeError, "'y'"),
        ({"class_mode": "categorical", "y_col": "y"}, TypeError, "'y'"),
        ({"class_mode": "multi_output", "y_col": "x"}, TypeError, "list of columns"),
        ({"x_col": "y"}, TypeError, "'y' should be a string"),
        ({"weight_col": "class"}, TypeError, "'class' should hold numbers"),
        ({"x_col": "path"}, KeyError, "path"),
        ({"shuffel": True}, TypeError, "no argument shuffel"),
    ],
)
def test_wrong_arguments_are_named(
    folders: Path, arguments: dict[str, Any], error: type[Exception], complaint: str
) -> None:
    """What an argument or a column cannot be is an error that names it."""
    with pytest.raises(error, match=complaint):
        flow(TABLE, folders, **arguments)


@pytest.mark.parametrize("name", ["has_ext", "sort", "drop_duplicates"])
def test_arguments_of_old_do_nothing(folders: Path, name: str) -> None:
    """Arguments that the reference has given up are met with advice."""
    with pytest.warns(DeprecationWarning, match=f"`{name}` does nothing"):
        flow(TABLE, folders, **{name: True})


def test_class_mode_other_is_raw(folders: Path) -> None:
    """The old name of "raw" still works."""
    with pytest.warns(DeprecationWarning, match="raw"):
        found = flow(TABLE, folders, class_mode="other", y_col="y")
    assert next(found)[1].tolist() == [1, 2, 3, 4, 5, 6]


def test_transforms_and_saving(folders: Path, tmp_path: Path) -> None:
    """One seed gives one epoch of images, and `save_to_dir` has one picture of each."""
    generator = ImageDataGenerator(rotation_range=90)
    x, again = (
        next(
            generator.flow_from_dataframe(
                TABLE, folders, class_mode=None, seed=1, save_to_dir=tmp_path / "seen"
            )
        )
        for _ in range(2)
    )
    assert np.array_equal(x, again)
    assert len(list((tmp_path / "seen").iterdir())) == 6


def test_the_class_itself(folders: Path) -> None:
    """Without a generator the images come as they are."""
    x, y = next(DataFrameIterator(TABLE, folders, target_size=(9, 7), batch_size=4))
    assert (x.shape, y.shape) == ((4, 9, 7, 3), (4, 3))
