"""What an image file says of itself before its pixels, read without the pixels."""

import os
import stat
from dataclasses import dataclass

from augcli.errors import SourceError
from augcli.images.decode import probe
from augcli.images.files import read_bytes
from augcli.images.jpeg_quality import estimate_quality
from augcli.images.options import Loading

_START = 2**16  # bytes that hold nearly every header


@dataclass(frozen=True, slots=True)
class Header:
    """What is known of an image file from its header.

    Attributes:
        file_size: In bytes.
        height: In pixels, upright.
        width: In pixels, upright.
        jpeg_quality: From 1 to 100, estimated; None of other formats.
    """

    file_size: int
    height: int
    width: int
    jpeg_quality: int | None


def read_header(path: str, max_pixels: int) -> Header:
    """The header of an image file; of most files, no more than the start is read.

    An EXIF orientation that stands behind the pixels of a large PNG is not seen.

    Raises:
        SourceError: Stage "read" or "decode", as when the file is decoded.
    """
    loading = Loading(max_pixels=max_pixels)
    try:
        file_size, data = _start_of(path)
        height, width = probe(data, loading)
    except (OSError, SourceError):  # the start alone is not enough, or the file is no good
        data = read_bytes(path)
        file_size = len(data)
        height, width = probe(data, loading)
    return Header(file_size, height, width, estimate_quality(data))


def _start_of(path: str) -> tuple[int, bytes]:
    """Size and first bytes of a regular file; a pipe is not opened, which might wait for ever."""
    if not stat.S_ISREG(os.stat(path).st_mode):
        raise OSError
    with open(path, "rb") as file:
        return os.fstat(file.fileno()).st_size, file.read(_START)
