"""Arrays in an .npz, mapped into memory rather than read.

An array that is stored as it is, as `numpy.savez` writes it, is mapped where it lies. A compressed
one, as `numpy.savez_compressed` writes it, is unpacked once a process into a temporary file, which
goes with the process. Arrays of Python objects are refused: reading one would run code.
"""

import os
import struct
import tempfile
import zipfile
import zlib
from functools import lru_cache
from typing import Any, BinaryIO, Literal

import numpy as np
from numpy.lib import format as npy_format
from numpy.typing import NDArray

from augcli.errors import UsageError

_LOCAL_HEADER = struct.Struct("<26xHH")  # of a zip's member: lengths of its name and extra field
_READERS = {
    (1, 0): npy_format.read_array_header_1_0,
    (2, 0): npy_format.read_array_header_2_0,
}
_BROKEN = (
    *(OSError, ValueError, EOFError, struct.error),
    *(zipfile.BadZipFile, zlib.error, RuntimeError),  # the last of what is encrypted
)


def array_names(path: str) -> list[str]:
    """The names of the arrays in an .npz.

    Raises:
        UsageError: It is no .npz, or cannot be read.
    """
    try:
        with zipfile.ZipFile(path) as archive:
            return [name.removesuffix(".npy") for name in archive.namelist()]
    except _BROKEN as error:
        raise UsageError(_explain(path, error)) from error


def open_array(path: str, name: str) -> NDArray[Any]:
    """One array of an .npz, read-only; kept open until the file changes.

    Raises:
        UsageError: There is no such array, or it cannot be read.
    """
    try:
        status = os.stat(path)
        return _open_array(path, name, status.st_mtime_ns, status.st_size)
    except KeyError:
        found = ", ".join(array_names(path)) or "nothing"
        raise UsageError(f"no array {name!r} in {path}, only {found}") from None
    except _BROKEN as error:
        raise UsageError(_explain(path, error)) from error


def _explain(path: str, error: Exception) -> str:
    reason = error.strerror if isinstance(error, OSError) and error.strerror else str(error)
    return f"the source {path} cannot be read as .npz: {reason}"


@lru_cache(maxsize=8)
def _open_array(path: str, name: str, _mtime: int, _size: int) -> NDArray[Any]:
    with zipfile.ZipFile(path) as archive:
        member = archive.getinfo(f"{name}.npy")
        if member.compress_type == zipfile.ZIP_STORED:
            with open(path, "rb") as file:
                file.seek(member.header_offset)
                lengths = _LOCAL_HEADER.unpack(file.read(_LOCAL_HEADER.size))
                file.seek(sum(lengths), os.SEEK_CUR)
                return _mapped(file, member.file_size)
        with archive.open(member) as packed, tempfile.TemporaryFile() as file:
            while block := packed.read(2**20):
                file.write(block)
            file.seek(0)
            return _mapped(file, member.file_size)


def _mapped(file: BinaryIO, size: int) -> NDArray[Any]:
    """The array in the `size` bytes from where the file stands."""
    start = file.tell()
    version = npy_format.read_magic(file)
    if version not in _READERS:
        raise ValueError(f"version {version} of npy is not known")
    shape, is_fortran, dtype = _READERS[version](file)
    if dtype.hasobject:
        raise ValueError(
            "an array of Python objects, which cannot be read safely; save numbers or texts"
        )
    count = int(np.prod(shape, dtype=object))  # of Python's numbers, which do not overflow
    if file.tell() - start + count * dtype.itemsize != size:
        raise ValueError("an array is shorter or longer than it says")
    order: Literal["C", "F"] = "F" if is_fortran else "C"
    if count == 0 or dtype.itemsize == 0:  # nothing can be mapped
        return np.zeros(shape, dtype, order)
    # The file itself, rather than its name: a temporary one has none.
    mapped: NDArray[Any] = np.memmap(file, dtype, "r", file.tell(), shape, order)
    return mapped
