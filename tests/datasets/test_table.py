"""A CSV as a data set."""

import gc
import io
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from augcli.config.schema import Config
from augcli.datasets.items import Item
from augcli.datasets.labels import Labels
from augcli.datasets.open import open_dataset
from augcli.datasets.split import Splitting
from augcli.datasets.table import Columns, RowError, Table, output_place
from augcli.errors import ConfigError, UsageError
from augcli.pipeline.records import is_inner_path


@contextmanager
def table(
    path: Path, text: str | bytes, rule: Labels | None = None, **options: Any
) -> Iterator[Table]:
    """A CSV of this text as a data set, its paths relative to its folder."""
    path = path / "labels.csv"
    path.write_bytes(text.encode() if isinstance(text, str) else text)
    splitting = options.pop("splitting", Splitting())
    data = Table(
        str(path),
        directory=str(path.parent),
        columns=Columns(**options),
        labels=rule or Labels("categorical", None),
        splitting=splitting,
    )
    try:
        yield data
    finally:
        data.close()


def items(path: Path, text: str | bytes, rule: Labels | None = None, **options: Any) -> list[Item]:
    """The samples of a CSV."""
    with table(path, text, rule, **options) as data:
        return [item for group in data.groups() for item in group.samples()]


def problems(path: Path, text: str | bytes, **options: Any) -> list[str]:
    """What is wrong with a CSV, each with the number of its line."""
    with pytest.raises(ConfigError) as error, table(path, text, **options):
        pass
    return [str(problem).removeprefix(f"{path}/labels.csv:") for problem in error.value.problems]


def test_paths_labels_and_weights(tmp_path: Path) -> None:
    """Samples come by folder and name, whatever the order of lines and columns."""
    text = "w,class,other,filename\n0.5,dog,x,b/2.png\n1,cat,x,b/1.png\n2e0,cat,x,a.png\n"
    assert items(tmp_path, text, weight="w") == [
        Item("a.png", "cat", None, 2.0),
        Item("b/1.png", "cat", None, 1.0),
        Item("b/2.png", "dog", None, 0.5),
    ]


@pytest.mark.parametrize(
    "text",
    [
        "filename,class\na.png,é\n",
        "\ufefffilename,class\r\na.png,é\r\n",
        '"filename","class"\n"a.png","é"',
        "filename,class\n\na.png,é\n\n",
    ],
)
def test_how_it_may_be_written(tmp_path: Path, text: str) -> None:
    """With or without a byte order mark, quotes, empty lines and a last line break."""
    assert items(tmp_path, text) == [Item("a.png", "é", None)]


def test_repeated_lines(tmp_path: Path) -> None:
    """Each is a sample of its own, with a name and random numbers of its own."""
    text = "filename,class\n" + "a/x.png,cat\n" * 3 + "a/x~2.png,dog\n"
    found = items(tmp_path, text)
    assert {item.name for item in found} == {"x.png", "x~2.png", "x~3.png", "x~2~2.png"}
    assert len({item.key for item in found}) == 4
    assert [item.path for item in found].count("a/x.png") == 3


def test_paths_that_meet(tmp_path: Path) -> None:
    """What leads out of the output is left out, and samples that meet there get their own names."""
    text = "filename,class\n../a.png,x\n/a.png,x\na.png,x\n./a.png,x\n"
    with table(tmp_path, text) as data:
        [group] = data.groups()
        assert group.path == ""
        assert sorted(group.names) == ["a.png", "a~2.png", "a~3.png", "a~4.png"]
        assert {item.path for item in group.samples()} == {"../a.png", "/a.png", "a.png", "./a.png"}


@given(st.text(st.sampled_from("a./ ~é"), min_size=1, max_size=12))
def test_copies_never_leave_the_output(path: str) -> None:
    """Whatever a path is, its place in the output is inside, or there is none."""
    try:
        folder, name = output_place(path)
    except RowError:
        return
    assert is_inner_path(f"{folder}/{name}" if folder else name)


def test_several_labels(tmp_path: Path) -> None:
    """With a separator every label is a list, each name once; without one, nothing is split."""
    text = "filename,class\n1.png,a|b\n2.png,b\n3.png, b | |a|b \n"
    assert [item.label for item in items(tmp_path, text, separator="|")] == [
        *(["a", "b"], ["b"], ["b", "a"]),
    ]
    assert items(tmp_path, text)[0].label == "a|b"
    chosen = items(tmp_path, text, Labels("categorical", ["a"]), separator="|")
    assert [(item.path, item.label) for item in chosen] == [("1.png", ["a"]), ("3.png", ["a"])]


def test_classes(tmp_path: Path) -> None:
    """Lines of other classes are left out; numbers go by the order of `classes`."""
    text = "filename,class\n1.png,b\n2.png,c\n3.png,a\n"
    chosen = items(tmp_path, text, Labels("sparse", ["b", "a"]))
    assert [(item.path, item.label) for item in chosen] == [("1.png", 0), ("3.png", 1)]


def test_values(tmp_path: Path) -> None:
    """A column is of numbers when all of its fields are."""
    text = "filename,n,f,t\n1.png,1,2,3\n2.png,-4,5.5,x\n"
    columns: dict[str, Any] = {"labels": ("n", "f", "t"), "are_values": True, "is_list": True}
    raw = Labels("raw", None)
    found = items(tmp_path, text, raw, **columns)
    assert [item.label for item in found] == [[1, 2.0, "3"], [-4, 5.5, "x"]]
    assert [type(value) for value in found[0].label or ()] == [int, float, str]  # type: ignore[union-attr]  # a list
    one = items(tmp_path, text, raw, labels=("f",), are_values=True)
    assert [item.label for item in one] == [2.0, 5.5]
    nan = items(tmp_path, "filename,f\n1.png,nan\n2.png,1_0\n", raw, labels=("f",), are_values=True)
    assert [item.label for item in nan] == ["nan", "1_0"]


def test_no_labels(tmp_path: Path) -> None:
    """Without label columns there is no label, and no such column is needed."""
    assert items(tmp_path, "filename\na.png\n", Labels(None, None), labels=()) == [
        Item("a.png", None, None)
    ]


def test_a_contiguous_split(tmp_path: Path) -> None:
    """The first lines are for validation, whatever their folders."""
    text = "filename,class\nz/1.png,a\na/2.png,a\nz/3.png,a\na/4.png,a\n"
    found = items(tmp_path, text, splitting=Splitting(0.5, "validation", is_contiguous=True))
    assert [item.path for item in found] == ["a/2.png", "z/1.png"]


def test_lines_that_say_no_sample(tmp_path: Path) -> None:
    """Each is named by its number, the first of several lines that a field may take up."""
    text = (
        "filename,class,w\n"
        '"a\nb.png",x,1\n'
        "1.png,,1\n"
        "2.png,x,heavy\n"
        "3.png,x,inf\n"
        ",x,1\n"
        "folder/,x,1\n"
        "..,x,1\n"
        "a\0b.png,x,1\n"
    )
    assert problems(tmp_path, text, weight="w") == [
        "4: no label: 'class' is empty",
        "5: no number: 'w' is 'heavy'",
        "6: no number: 'w' is 'inf'",
        "7: no path of an image",
        "8: 'folder/' is no path of an image",
        "9: '..' is no path of an image",
        "10: no path of an image",
    ]
    assert problems(tmp_path, "filename,class\na.png,|\n", separator="|") == [
        "2: no label: 'class' is '|'"
    ]


def test_many_wrong_lines(tmp_path: Path) -> None:
    """The first ten are enough."""
    assert len(problems(tmp_path, "filename,class\n" + "a.png,\n" * 50)) == 10


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "1: the file is empty; it needs a line of columns"),
        ("filename,class\na.png\n", "2: 1 fields, where the first line has 2 columns"),
        ("filename,class\na.png,x,y\n", "2: 3 fields, where the first line has 2 columns"),
        ("filename;class\n", "1: the columns have to be separated by commas"),
        (b"filename,class\na.png,\xe9\n", "2: byte 0xE9 is not UTF-8; save it as UTF-8"),
        ('filename,class\n"a.png', "2: no CSV: unexpected end of data"),
        ("filename,class,class\n", "1: 2 columns are called 'class'"),
        (
            "path,label\n",
            (
                "1: no column 'class', only path, label; name one with y_col, or write "
                "'class_mode: null' for none"
            ),
        ),
    ],
)
def test_what_is_no_table(tmp_path: Path, text: str | bytes, message: str) -> None:
    """Each is an error with the number of the line, said once, and says what to do."""
    found = problems(tmp_path, text)
    assert found[-1] == message
    assert found.count(message) == 1


def test_no_file_stays_open(tmp_path: Path) -> None:
    """Not even while the error that stopped the reading is kept."""
    path = tmp_path / "labels.csv"
    path.write_text("filename,class\na.png,x\nb.png\n" + "c.png,y\n" * 10_000, encoding="utf-8")
    with pytest.raises(ConfigError) as kept:
        Table(str(path), directory="", columns=Columns(), labels=Labels("categorical", None))
    held = [thing for thing in gc.get_objects() if type(thing) is io.BufferedReader]
    assert kept.value.problems
    assert str(path) not in [thing.name for thing in held if not thing.closed]


def test_a_file_that_is_gone(tmp_path: Path) -> None:
    """It is bad usage."""
    with pytest.raises(UsageError, match="cannot be read: No such file"):
        Table(
            str(tmp_path / "x.csv"),
            directory="",
            columns=Columns(),
            labels=Labels("categorical", None),
        )


def test_what_a_run_depends_on(tmp_path: Path) -> None:
    """The CSV, and each image once."""
    with table(tmp_path, "filename,class\nb.png,x\na.png,x\nb.png,x\n") as data:
        wanted = ["labels.csv", "a.png", "b.png"]
        assert list(data.files()) == [str(tmp_path / name) for name in wanted]
        assert "labels.csv lists no images" in data.explain_empty()


def test_the_columns_of_a_config(tmp_path: Path) -> None:
    """They are Keras' unless the config names others; without labels there is no such column."""
    path = tmp_path / "labels.csv"
    path.write_text("f,a,b,w\nx.png,1,2,3\n", encoding="utf-8")
    values = {"source": str(path), "x_col": "f", "weight_col": "w", "directory": "photos"}
    config = Config.model_validate({**values, "class_mode": "multi_output", "y_col": ["b", "a"]})
    data = open_dataset(config)
    [group] = data.groups()
    assert list(group.samples()) == [Item("x.png", [2, 1], None, 3.0)]
    data.close()
    assert Columns.of_config(Config()) == Columns()
    assert Columns.of_config(Config(class_mode=None)).labels == ()
