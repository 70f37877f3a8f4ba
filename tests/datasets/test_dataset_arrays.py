"""Images in an .npz as a data set."""

import pickle
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from augcli.config.schema import Config
from augcli.datasets.arrays import Arrays
from augcli.datasets.base import DataSet
from augcli.datasets.items import Item
from augcli.datasets.open import open_dataset
from augcli.errors import SourceError, UsageError
from augcli.images.options import Loading

IMAGES = np.arange(4 * 2 * 3 * 3, dtype=np.uint8).reshape(4, 2, 3, 3)


def dataset(tmp_path: Path, config: dict[str, Any] | None = None, **arrays: Any) -> DataSet:
    """An .npz of these arrays; `x` is `IMAGES` when left out."""
    path = tmp_path / "a.npz"
    np.savez(path, **{"x": IMAGES, **arrays})
    return open_dataset(Config.model_validate({"source": str(path), **(config or {})}))


def items(data: DataSet) -> list[Item]:
    """All its samples."""
    return [item for group in data.groups() for item in group.samples()]


def labels(data: DataSet) -> list[Any]:
    """The labels of all its samples."""
    return [item.label for item in items(data)]


def test_indices_labels_and_weights(tmp_path: Path) -> None:
    """An image goes by its index; labels and weights come from their arrays."""
    weights = np.array([1, 2, 3, 4], np.float32)
    data = dataset(tmp_path, {"weight_col": "w"}, y=np.array([1, 0, 1, 2]), w=weights)
    assert items(data) == [
        Item("0", 1, None, 1.0),
        Item("1", 0, None, 2.0),
        Item("2", 1, None, 3.0),
        Item("3", 2, None, 4.0),
    ]
    assert list(data.files()) == [str(tmp_path / "a.npz")]


@pytest.mark.parametrize(
    ("y", "expected"),
    [
        (np.array(["a", "b", "a", "b"]), ["a", "b", "a", "b"]),
        (np.array([[1], [2], [3], [4]], np.uint8), [1, 2, 3, 4]),
        (np.eye(4, 2, dtype=np.int64), [[1, 0], [0, 1], [0, 0], [0, 0]]),
        (np.array([0.5, 1, 2, 3]), [0.5, 1.0, 2.0, 3.0]),
    ],
)
def test_labels_of_all_kinds(tmp_path: Path, y: np.ndarray, expected: list[Any]) -> None:
    """Texts, numbers, a column of numbers and rows of numbers become JSON's values."""
    assert labels(dataset(tmp_path, y=y)) == expected


def test_no_labels(tmp_path: Path) -> None:
    """There are none without a `y`, or with `class_mode: null`; a `y_col` has to be there."""
    assert labels(dataset(tmp_path)) == [None] * 4
    assert labels(dataset(tmp_path, {"class_mode": None}, y=np.zeros(4))) == [None] * 4
    with pytest.raises(UsageError, match="no array 'z'"):
        dataset(tmp_path, {"y_col": "z"})


def test_several_outputs(tmp_path: Path) -> None:
    """`multi_output` lists a value of each array."""
    config = {"class_mode": "multi_output", "y_col": ["b", "a"]}
    found = labels(dataset(tmp_path, config, a=np.arange(4), b=np.array(list("wxyz"))))
    assert found == [["w", 0], ["x", 1], ["y", 2], ["z", 3]]


def test_classes(tmp_path: Path) -> None:
    """Images of other classes are left out, and the others keep their indices."""
    y = np.array([7, 3, 7, 5])
    found = items(dataset(tmp_path, {"class_mode": "sparse", "classes": [7, 3]}, y=y))
    assert [(item.path, item.label) for item in found] == [("0", 0), ("1", 1), ("2", 0)]
    with pytest.raises(UsageError, match="class_mode: binary and sparse, and classes, need one"):
        dataset(tmp_path, {"class_mode": "sparse"}, y=np.eye(4))


def test_a_contiguous_split(tmp_path: Path) -> None:
    """The first images are for validation; both sides need the same classes, as in `flow`."""
    config = {"validation_split": 0.5, "split": "contiguous"}
    found = items(dataset(tmp_path, config, y=np.array([0, 1, 1, 0])))
    assert [item.split for item in found] == ["validation"] * 2 + ["training"] * 2
    in_order = np.array([0, 0, 1, 1])
    with pytest.raises(UsageError, match="ignore_class_split: true"):
        dataset(tmp_path, config, y=in_order)
    assert len(items(dataset(tmp_path, {**config, "ignore_class_split": True}, y=in_order))) == 4
    assert len(items(dataset(tmp_path, {**config, "class_mode": "raw"}, y=in_order))) == 4


@pytest.mark.parametrize(
    ("arrays", "config", "message"),
    [
        ({"x": np.zeros((4, 5), np.uint8)}, {}, r"shape \(4, 5\); expected \(images, rows"),
        ({"x": np.zeros((4, 3, 9, 9), np.uint8)}, {}, "data_format: channels_first"),
        ({"x": np.zeros((4, 9, 9), np.int64)}, {}, "holds int64; save levels as uint8"),
        ({"y": np.zeros(3)}, {}, "one entry for each of the 4 images"),
        ({"y": np.array(3)}, {}, "one entry for each of the 4 images"),
        ({"y": np.array([1, np.nan, 0, 0])}, {}, "infinity, or what is no number"),
        ({"y": np.zeros(4, complex)}, {}, "expected numbers or texts"),
        ({"w": np.zeros((4, 2))}, {"weight_col": "w"}, "one number an image"),
    ],
)
def test_arrays_that_do_not_fit(
    tmp_path: Path, arrays: dict[str, Any], config: dict[str, Any], message: str
) -> None:
    """Each is bad usage that says what was found and expected."""
    with pytest.raises(UsageError, match=message):
        dataset(tmp_path, config, **arrays)


@pytest.mark.parametrize("channels_first", [False, True])
def test_reading(tmp_path: Path, channels_first: bool) -> None:
    """Pixels come with their channels last, also by a reader that was sent to a worker."""
    x = np.moveaxis(IMAGES, -1, 1) if channels_first else IMAGES
    config = {"transforms": {"data_format": "channels_first"}} if channels_first else {}
    reader = pickle.loads(pickle.dumps(dataset(tmp_path, config, x=x).reader))  # noqa: S301  ours
    loaded = reader.load(Item("2", None, None), Loading())
    assert np.array_equal(loaded.picture.pixels, IMAGES[2])
    assert loaded.sha256 == reader.digest(Item("2", None, None))


def test_grey_images(tmp_path: Path) -> None:
    """Without an axis of channels they are grey."""
    data = dataset(tmp_path, x=IMAGES[..., 0])
    pixels = data.reader.load(Item("1", None, None), Loading()).picture.pixels
    assert np.array_equal(pixels, IMAGES[1, ..., :1])


def test_digests(tmp_path: Path) -> None:
    """An image's digest depends on its own dtype, shape and bytes."""
    digests = [
        dataset(tmp_path, x=x).reader.digest(Item(str(index), None, None))
        for x, index in (
            (IMAGES, 0),
            (IMAGES, 1),
            (IMAGES.astype(np.uint16), 0),
            (IMAGES.transpose(0, 2, 1, 3), 0),
        )
    ]
    assert len(set(digests)) == 4
    assert dataset(tmp_path, x=IMAGES[:1]).reader.digest(Item("0", None, None)) == digests[0]


def test_an_image_that_is_gone(tmp_path: Path) -> None:
    """It is an error of reading, and has no digest."""
    reader = dataset(tmp_path).reader
    assert reader.digest(Item("9", None, None)) is None
    with pytest.raises(SourceError) as error:
        reader.load(Item("9", None, None), Loading())
    assert error.value.stage == "read"


@pytest.mark.parametrize(
    ("dtype", "shape", "settings", "reason"),
    [
        ("uint8", (2, 2, 3, 3), {"save_format": "jpeg"}, None),
        ("uint16", (2, 2, 3, 3), {"save_format": "png"}, None),
        ("uint16", (2, 2, 3, 3), {"save_format": "jpeg"}, "jpeg cannot hold uint16: set depth: 8"),
        ("uint16", (2, 2, 3, 3), {"save_format": "jpeg", "depth": 8}, None),
        ("float64", (2, 2, 3, 3), {"save_format": "png"}, "png cannot hold float32: set save_for"),
        ("float64", (2, 2, 3, 3), {"save_format": "png", "save_scale": "minmax"}, None),
        ("float16", (2, 2, 3, 3), {"save_format": "npy"}, None),
        ("float16", (2, 2, 3, 3), {"save_format": "tiff"}, "float32 pixels of 3 channels"),
        ("float16", (2, 2, 3, 3), {"save_format": "tiff", "color_mode": "grayscale"}, None),
        ("float16", (2, 2, 3), {"save_format": "tiff"}, None),
    ],
)
def test_what_the_format_holds(
    tmp_path: Path, dtype: str, shape: tuple[int, ...], settings: dict[str, Any], reason: str | None
) -> None:
    """All images are of one kind, so one look tells whether their copies can be written."""
    config = Config.model_validate({"source": str(tmp_path / "a.npz"), **settings})
    data = dataset(tmp_path, settings, x=np.zeros(shape, dtype))
    assert isinstance(data, Arrays)
    if reason is None:
        data.check_held(config)
    else:
        with pytest.raises(UsageError, match=reason):
            data.check_held(config)
