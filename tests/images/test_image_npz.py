"""Bytes of an .npz: readable without pickles, and the same everywhere."""

import io
import zipfile

import numpy as np
import pytest

from augcli.images.npz import npz_bytes


def test_arrays_come_back() -> None:
    """`numpy.load` finds every array, in order, with its dtype and shape."""
    arrays = {
        "x": np.arange(24, dtype=np.uint8).reshape(2, 3, 4)[:, ::-1],
        "y": np.array(["cat", "dog"]),
        "sample_weight": np.float32([0.5, 2]),
    }
    with np.load(io.BytesIO(npz_bytes(arrays)), allow_pickle=False) as found:
        assert list(found) == list(arrays)
        for name, array in arrays.items():
            assert found[name].dtype == array.dtype
            np.testing.assert_array_equal(found[name], array)


def test_no_time_and_no_system_in_it() -> None:
    """Members are stored as they are, with a fixed date, system and mode."""
    [member] = zipfile.ZipFile(io.BytesIO(npz_bytes({"x": np.zeros(3)}))).infolist()
    assert member.filename == "x.npy"
    assert member.date_time == (1980, 1, 1, 0, 0, 0)
    assert (member.create_system, member.external_attr) == (3, 0o644 << 16)
    assert member.compress_type == zipfile.ZIP_STORED


def test_objects_are_refused() -> None:
    """An array of Python objects would need a pickle."""
    with pytest.raises(ValueError, match="allow_pickle"):
        npz_bytes({"x": np.array([None])})
