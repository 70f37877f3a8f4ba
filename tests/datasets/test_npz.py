"""Arrays in an .npz, mapped."""

import io
import zipfile
from pathlib import Path

import numpy as np
import pytest

from augcli.datasets.npz import array_names, open_array
from augcli.errors import UsageError


@pytest.mark.parametrize("save", [np.savez, np.savez_compressed])
@pytest.mark.parametrize(
    "array",
    [
        np.arange(24, dtype=np.uint8).reshape(2, 3, 4),
        np.asfortranarray(np.arange(6, dtype=">u2").reshape(2, 3)),
        np.zeros((0, 3), np.float32),
        np.array(["a", "bcd"]),
        np.float64(3),
    ],
)
def test_arrays(tmp_path: Path, save: object, array: np.ndarray) -> None:
    """Stored or compressed, of any order and byte order, an array is what was saved."""
    path = str(tmp_path / "a.npz")
    save(path, other=np.zeros(3), x=array)  # type: ignore[operator]  # one of two functions
    found = open_array(path, "x")
    assert np.array_equal(found, array)
    assert found.dtype == array.dtype
    assert array_names(path) == ["other", "x"]


def test_a_file_that_changes(tmp_path: Path) -> None:
    """It is opened anew."""
    path = str(tmp_path / "a.npz")
    for length in (1, 2):
        np.savez(path, x=np.zeros(length))
        assert len(open_array(path, "x")) == length


def test_objects_are_refused(tmp_path: Path) -> None:
    """Reading them would run code."""
    path = str(tmp_path / "a.npz")
    np.savez(path, x=np.array([{}], dtype=object))
    with pytest.raises(UsageError, match="Python objects"):
        open_array(path, "x")


def test_an_array_that_is_not_there(tmp_path: Path) -> None:
    """The others are listed."""
    path = str(tmp_path / "a.npz")
    np.savez(path, x_train=np.zeros(1), x_test=np.zeros(1))
    with pytest.raises(UsageError, match=r"no array 'x' in .*, only x_train, x_test"):
        open_array(path, "x")


def member(data: bytes) -> bytes:
    """An .npz with these bytes as `x`."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("x.npy", data)
    return out.getvalue()


def npy(array: np.ndarray) -> bytes:
    """The bytes of an .npy."""
    out = io.BytesIO()
    np.save(out, array)
    return out.getvalue()


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"no zip",
        member(b"no array"),
        member(npy(np.zeros(3))[:-1]),
        member(npy(np.zeros(3)) + b"x"),
        member(b"\x93NUMPY\x09\x00" + bytes(80)),
    ],
)
def test_broken_files(tmp_path: Path, data: bytes) -> None:
    """What is no .npz, and arrays that are cut short, are bad usage."""
    path = tmp_path / "a.npz"
    path.write_bytes(data)
    with pytest.raises(UsageError, match=r"cannot be read as \.npz"):
        open_array(str(path), "x")


def test_a_file_that_is_gone(tmp_path: Path) -> None:
    """It is bad usage, with the system's reason."""
    with pytest.raises(UsageError, match="No such file"):
        array_names(str(tmp_path / "a.npz"))
