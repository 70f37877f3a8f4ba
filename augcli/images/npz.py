"""Arrays to the bytes of an .npz, the same on every system and at every time."""

import io
import zipfile
from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

_NO_TIME = (1980, 1, 1, 0, 0, 0)  # the earliest that a zip file knows
_UNIX = 3


def timeless_member(name: str) -> zipfile.ZipInfo:
    """The head of a part of a zip file: no time, and the same on every system."""
    member = zipfile.ZipInfo(name, _NO_TIME)
    member.create_system = _UNIX
    member.external_attr = 0o644 << 16
    return member


def npz_bytes(arrays: Mapping[str, NDArray[Any]]) -> bytes:
    """An .npz that `numpy.load` reads without pickles, its arrays stored as they are.

    Args:
        arrays: The arrays by their names, in the order of the file.

    Raises:
        ValueError: An array holds Python objects.
    """
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name, array in arrays.items():
            with archive.open(timeless_member(f"{name}.npy"), "w", force_zip64=True) as file:
                contiguous = np.asarray(array, order="C")
                np.lib.format.write_array(file, contiguous, version=(1, 0), allow_pickle=False)
    return out.getvalue()
