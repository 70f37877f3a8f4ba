"""The quality of a JPEG, from its quantization tables."""

import io

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from augcli.images.jpeg_quality import estimate_quality


def jpeg(**options: object) -> bytes:
    """A JPEG of one colour."""
    out = io.BytesIO()
    Image.new("RGB", (8, 8), (200, 100, 50)).save(out, "JPEG", **options)
    return out.getvalue()


@pytest.mark.parametrize("quality", [2, 10, 25, 49, 50, 51, 75, 90, 95, 99, 100])
def test_qualities(quality: int) -> None:
    """What libjpeg was told is what is found."""
    assert estimate_quality(jpeg(quality=quality)) == quality


def test_other_layouts() -> None:
    """Grey and progressive files, and those with metadata before the tables, have them too."""
    out = io.BytesIO()
    Image.new("L", (8, 8)).save(out, "JPEG", quality=80)
    assert estimate_quality(out.getvalue()) == 80
    assert estimate_quality(jpeg(quality=80, progressive=True, comment=b"\xff\xdb" * 99)) == 80


def test_tables_of_its_own() -> None:
    """A table between two qualities is taken for the nearer one."""
    assert estimate_quality(jpeg(qtables=[[1] * 64])) == 100
    assert estimate_quality(jpeg(qtables=[[255] * 64])) == 1


def test_sixteen_bit_tables() -> None:
    """Entries may have two bytes, which are read as such."""
    table = b"\x10" + b"".join((16).to_bytes(2, "big") for _ in range(64))
    wide = b"\xff\xd8\xff\xdb" + (2 + len(table)).to_bytes(2, "big") + table + b"\xff\xda\0\0"
    assert estimate_quality(wide) == estimate_quality(jpeg(qtables=[[16] * 64]))


def test_what_is_no_jpeg() -> None:
    """There is nothing to find in it, nor in a file that ends before its tables."""
    assert estimate_quality(b"") is None
    assert estimate_quality(b"\x89PNG\r\n\x1a\n") is None
    assert estimate_quality(jpeg()[:30]) is None


@given(st.binary(max_size=200))
def test_garbage(data: bytes) -> None:
    """Whatever follows the first bytes, the answer is a quality or none."""
    quality = estimate_quality(b"\xff\xd8\xff\xdb" + data)
    assert quality is None or 1 <= quality <= 100
