"""Files that Pillow cannot write, made by hand."""

import io
import struct
import zlib
from collections.abc import Callable

import numpy as np
import pytest
from PIL import Image


def _png_chunk(kind: bytes, body: bytes) -> bytes:
    return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))


@pytest.fixture
def png_chunk() -> Callable[[bytes, bytes], bytes]:
    """Makes one chunk of a PNG from its kind and its body."""
    return _png_chunk


@pytest.fixture
def make_png() -> Callable[..., bytes]:
    """Makes a PNG from its header's numbers and rows of packed samples, unfiltered."""

    def make(
        size: tuple[int, int],
        bits: int,
        color_type: int,
        rows: list[bytes],
        *,
        extra: bytes = b"",
        interlace: int = 0,
    ) -> bytes:
        header = struct.pack(">IIBBBBB", size[1], size[0], bits, color_type, 0, 0, interlace)
        pixels = zlib.compress(b"".join(b"\0" + row for row in rows))
        return (
            b"\x89PNG\r\n\x1a\n"
            + _png_chunk(b"IHDR", header)
            + extra
            + _png_chunk(b"IDAT", pixels)
            + _png_chunk(b"IEND", b"")
        )

    return make


@pytest.fixture
def make_tiff() -> Callable[..., bytes]:
    """Makes an uncompressed little-endian TIFF of one strip."""

    def make(samples: np.ndarray, photometric: int) -> bytes:
        height, width, channels = samples.shape
        bits = samples.dtype.itemsize * 8
        bits_at = 8 + 2 + 9 * 12 + 4
        strip_at = bits_at + 2 * channels
        body = samples.astype(samples.dtype.newbyteorder("<")).tobytes()
        bits_entry = (258, 3, channels, bits_at if channels > 2 else bits)
        entries = [
            (256, 3, 1, width),
            (257, 3, 1, height),
            bits_entry,
            (259, 3, 1, 1),
            (262, 3, 1, photometric),
            (273, 4, 1, strip_at),
            (277, 3, 1, channels),
            (278, 3, 1, height),
            (279, 4, 1, len(body)),
        ]
        directory = struct.pack("<H", len(entries))
        directory += b"".join(struct.pack("<HHII", *entry) for entry in entries)
        directory += struct.pack("<I", 0)
        return (
            b"II*\0" + struct.pack("<I", 8) + directory + channels * struct.pack("<H", bits) + body
        )

    return make


@pytest.fixture
def save() -> Callable[..., bytes]:
    """Writes an image to bytes by Pillow."""

    def write(image: Image.Image, image_format: str, **options: object) -> bytes:
        out = io.BytesIO()
        image.save(out, image_format, **options)
        return out.getvalue()

    return write


@pytest.fixture
def photo() -> Image.Image:
    """A smooth 48 x 32 RGB picture, no two of whose corners look alike."""
    row, column = np.mgrid[:32, :48]
    red, green, blue = 5 * column, 7 * row, 4 * column + 2 * (31 - row)
    return Image.fromarray(np.stack([red, green, blue], -1).clip(0, 255).astype(np.uint8))
