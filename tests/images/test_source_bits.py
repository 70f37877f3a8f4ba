"""Colour of more than 8 bits is seen in the header."""

import io
from collections.abc import Callable

import numpy as np
import pytest
from PIL import Image, ImageFile

from augcli.images.source_bits import lost_bits


def _opened(data: bytes) -> ImageFile.ImageFile:
    return Image.open(io.BytesIO(data))


def test_png(make_png: Callable[..., bytes]) -> None:
    """16-bit colour loses bits; 16-bit grey and 8-bit colour do not."""
    deep = make_png((1, 1), 16, 2, [bytes(6)])
    gray = make_png((1, 1), 16, 0, [bytes(2)])
    flat = make_png((1, 1), 8, 2, [bytes(3)])
    assert [lost_bits(data, _opened(data)) for data in (deep, gray, flat)] == [16, 0, 0]


def test_tiff(make_tiff: Callable[..., bytes]) -> None:
    """16-bit RGB loses bits; 16-bit grey and 8-bit RGB do not."""
    deep = make_tiff(np.zeros((1, 1, 3), np.uint16), 2)
    gray = make_tiff(np.zeros((1, 1, 1), np.uint16), 1)
    flat = make_tiff(np.zeros((1, 1, 3), np.uint8), 2)
    assert [lost_bits(data, _opened(data)) for data in (deep, gray, flat)] == [16, 0, 0]


@pytest.mark.parametrize(
    ("header", "bits"),
    [
        (b"P6 1 1 65535\n", 16),
        (b"P6 1 1 1023\n", 10),
        (b"P6 1 1 255\n", 0),
        (b"P6 1 1 100\n", 0),
        (b"P5 1 1 65535\n", 0),
        (b"P3 1 1 4095\n", 12),
    ],
)
def test_ppm(header: bytes, bits: int) -> None:
    """PPM says its highest level; grey keeps its depth."""
    data = header + bytes(6)
    assert lost_bits(data, _opened(data)) == bits


def test_sgi(photo: Image.Image, save: Callable[..., bytes]) -> None:
    """SGI says its bytes a channel."""
    flat, deep = save(photo, "SGI"), save(photo, "SGI", bpc=2)
    assert [lost_bits(data, _opened(data)) for data in (flat, deep)] == [0, 16]


def test_jpeg2000(photo: Image.Image, save: Callable[..., bytes]) -> None:
    """JPEG 2000 says a depth for each component, in a bare codestream and in a JP2 file."""
    for options in ({"no_jp2": True}, {}):
        data = bytearray(save(photo, "JPEG2000", **options))
        assert lost_bits(bytes(data), _opened(bytes(data))) == 0
        first_depth = data.index(b"\xff\x4f\xff\x51") + 42
        data[first_depth] = 11  # one less than the bits, T.800 table A.11
        assert lost_bits(bytes(data), _opened(bytes(data))) == 12


@pytest.mark.parametrize(("flags", "bits"), [(0x00, 0), (0x40, 10), (0x60, 12)])
def test_avif(photo: Image.Image, save: Callable[..., bytes], flags: int, bits: int) -> None:
    """AVIF says its depth in the AV1 configuration."""
    data = save(photo, "AVIF")
    image = _opened(data)
    at = data.index(b"av1C") + 6
    changed = data[:at] + bytes([data[at] & 0x1F | flags]) + data[at + 1 :]
    assert lost_bits(changed, image) == bits


def test_other_formats_lose_nothing(photo: Image.Image, save: Callable[..., bytes]) -> None:
    """Formats of 8 bits have nothing to lose."""
    data = save(photo, "JPEG")
    assert lost_bits(data, _opened(data)) == 0
