"""Whether a file that begins as an image also ends as one, told without decoding it."""

from augcli.images.formats import HEAD_SIZE, sniff

_PNG_END = b"\x00\x00\x00\x00IEND\xaeB`\x82"  # the last chunk: length, type, CRC
_JPEG_END = b"\xff\xd9"  # the marker EOI
_NPY_START = b"\x93NUMPY"


def ends_early(path: str) -> bool:
    """Whether a file is empty, or an image whose end is missing.

    PNG and JPEG end with a mark; WebP and BMP say their size; an .npy, that of its array. Other
    formats give no sign of their end: of these, only empty files are found.

    Raises:
        OSError: It cannot be read.
    """
    with open(path, "rb") as file:
        data = file.read()
    match sniff(data[:HEAD_SIZE]):
        case "PNG":
            return _PNG_END not in data
        case "JPEG":
            return _JPEG_END not in data
        case "WEBP":  # RIFF counts what follows the count itself
            return len(data) < 8 + int.from_bytes(data[4:8], "little")
        case "BMP":
            return len(data) < int.from_bytes(data[2:6], "little")
    return not data or (data.startswith(_NPY_START) and _array_ends_early(path))


def _array_ends_early(path: str) -> bool:
    import numpy as np  # noqa: PLC0415  few callers ever come here

    try:
        np.load(path, mmap_mode="r", allow_pickle=False)
    except (ValueError, EOFError):  # the header is cut, or there is less to map than it says
        return True
    return False
