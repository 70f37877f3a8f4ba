"""What the owner of a broken file is told."""

import struct

import pytest
from PIL import Image

from augcli.images.broken import BROKEN_FILE, explain


@pytest.mark.parametrize(
    ("name", "data", "error", "words"),
    [
        (
            "PNG",
            b"",
            OSError("image file is truncated (9 bytes not processed)"),
            "truncated PNG: the",
        ),
        ("GIF", b"", EOFError(), "truncated GIF: the file ends before the picture does"),
        ("WEBP", b"RIFF\xff\0\0\0WEBP", OSError("no decoder"), "truncated WEBP"),
        (
            "WEBP",
            b"RIFF\4\0\0\0WEBP",
            OSError("no decoder"),
            "broken WEBP: its data cannot be read",
        ),
        ("JPEG2000", b"\xff\x4f", OSError("broken data stream"), "truncated JPEG2000"),
        ("TIFF", b"", SyntaxError("Missing\n dimensions"), r"its header .*\(Missing dimensions\)"),
        ("PNG", b"", MemoryError(), "not enough memory to decode this PNG"),
        (
            "TIFF",
            b"",
            Image.DecompressionBombError("limit"),
            r"larger than Pillow allows \(limit\)",
        ),
        ("BMP", b"", KeyError(), r"broken BMP: its data cannot be read \(KeyError\)"),
    ],
)
def test_errors_in_words(name: str, data: bytes, error: Exception, words: str) -> None:
    """Each kind of damage has its sentence; the library's own words stand in parentheses."""
    with pytest.raises(AssertionError, match=words):
        raise AssertionError(explain(name, data, error))


@pytest.mark.parametrize("error", [struct.error, OverflowError, IndexError, KeyError, UnicodeError])
def test_what_readers_raise_is_foreseen(error: type[Exception]) -> None:
    """The errors that hostile headers provoke are all of the named kinds."""
    assert issubclass(error, BROKEN_FILE)


@pytest.mark.parametrize("error", [KeyboardInterrupt, SystemExit, ImportError])
def test_what_is_no_fault_of_the_file_passes(error: type[BaseException]) -> None:
    """Ctrl-C and a broken installation are not blamed on the file."""
    assert not issubclass(error, BROKEN_FILE)
