"""Odd, broken and hostile image files, made from nothing."""

import io
import struct
import zlib

import numpy as np
from PIL import Image, ImageCms

NOISE = np.random.default_rng(5).integers(0, 256, (6, 9, 3), np.uint8)
PICTURE = Image.fromarray(NOISE)
SRGB = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()


def encoded(image: Image.Image, image_format: str, **options: object) -> bytes:
    """A file of the image."""
    out = io.BytesIO()
    image.save(out, image_format, **options)
    return out.getvalue()


def png(size: tuple[int, int], bits: int, color_type: int, rows: bytes, more: bytes = b"") -> bytes:
    """A PNG of (width, height) with rows of samples, each after its filter byte."""
    header = struct.pack(">IIBBBBB", *size, bits, color_type, 0, 0, 0)
    chunks = chunk(b"IHDR", header) + more + chunk(b"IDAT", zlib.compress(rows))
    return b"\x89PNG\r\n\x1a\n" + chunks + chunk(b"IEND", b"")


def chunk(kind: bytes, body: bytes) -> bytes:
    """A chunk of a PNG."""
    return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))


def deep_rgb_png() -> bytes:
    """A PNG of 2 x 1 pixels of 16-bit colour, none of which 8 bits can say."""
    return png((2, 1), 16, 2, b"\0" + struct.pack(">6H", 1, 300, 40_001, 65_534, 257, 999))


def ycck_jpeg(cmyk: tuple[int, int, int, int]) -> bytes:
    """A JPEG of one colour as Adobe's YCCK: the marker that Pillow writes, with another transform.

    YCCK is the YCbCr of C, M and Y taken for R, G and B. Pillow stores 255 minus what it is given.
    """
    [converted] = Image.new("RGB", (1, 1), cmyk[:3]).convert("YCbCr").get_flattened_data()
    stored = (*(255 - int(value) for value in converted), cmyk[3])
    image = Image.new("CMYK", (16, 16), stored)
    data = bytearray(encoded(image, "JPEG", quality=100, subsampling=0))
    data[data.index(b"Adobe") + 11] = 2
    return bytes(data)


def sized(data: bytes, at: int, layout: str, *size: int) -> bytes:
    """The file with another width and height written into its header."""
    numbers = struct.pack(layout, *size)
    return data[:at] + numbers + data[at + len(numbers) :]


def bombs() -> dict[str, bytes]:
    """Files of a few hundred bytes that claim to be gigantic pictures, by their names."""
    jpeg, tiff = encoded(PICTURE, "JPEG"), encoded(PICTURE, "TIFF")
    width, height = (tiff.index(struct.pack("<HH", tag, 4)) + 8 for tag in (256, 257))
    return {
        "bomb.png": png((200_000, 200_000), 8, 2, b""),
        "bomb.jpg": sized(jpeg, jpeg.index(b"\xff\xc0") + 5, ">HH", 65_000, 65_000),
        "bomb.gif": sized(encoded(PICTURE, "GIF"), 6, "<HH", 65_000, 65_000),
        "bomb.bmp": sized(encoded(PICTURE, "BMP"), 18, "<ii", 300_000, 300_000),
        "bomb.tif": sized(sized(tiff, width, "<I", 300_000), height, "<I", 300_000),
        "bomb.ppm": b"P6 300000 300000 255\n" + bytes(100),
    }


def hidden_bombs() -> dict[str, bytes]:
    """PNGs whose header is modest, and whose compressed parts unpack to 256 MiB."""
    large = zlib.compress(bytes(2**28), 1)
    row = b"\0" + bytes(27)
    return {
        "hidden-profile.png": png((9, 6), 8, 2, 6 * row, chunk(b"iCCP", b"icc\0\0" + large)),
        "hidden-text.png": png((9, 6), 8, 2, 6 * row, chunk(b"zTXt", b"a\0\0" + large)),
        "hidden-pixels.png": png((9, 6), 8, 2, b"").replace(
            chunk(b"IDAT", zlib.compress(b"")), chunk(b"IDAT", large)
        ),
    }
