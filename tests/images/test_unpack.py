"""Every mode of Pillow becomes an array."""

import io
import struct
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import PIL
import pytest
from PIL import Image

from augcli.errors import SourceError
from augcli.images.unpack import is_deep_png, read_pixels

Save = Callable[..., bytes]
MakePng = Callable[..., bytes]


since_pillow_13 = pytest.mark.skipif(
    int(PIL.__version__.split(".")[0]) < 13, reason="Pillow 12 takes such a TIFF for truncated"
)


def _read(data: bytes) -> np.ndarray:
    with Image.open(io.BytesIO(data)) as image:
        return read_pixels(image, data)


def _levels(data: bytes) -> list[int]:
    """The first pixel."""
    first: list[int] = _read(data)[0, 0].tolist()
    return first


# Modes


@pytest.mark.parametrize(
    ("mode", "color", "image_format", "expected"),
    [
        ("1", 1, "PNG", [255]),
        ("1", 1, "TIFF", [255]),
        ("1", 1, "PPM", [255]),
        ("L", 9, "PNG", [9]),
        ("L", 9, "BMP", [9]),
        ("L", 9, "PPM", [9]),
        ("L", 9, "JPEG2000", [9]),
        ("LA", (9, 8), "PNG", [9, 8]),
        ("LA", (9, 8), "TIFF", [9, 8]),
        ("RGB", (1, 2, 3), "PNG", [1, 2, 3]),
        ("RGB", (1, 2, 3), "TIFF", [1, 2, 3]),
        ("RGB", (1, 2, 3), "GIF", [1, 2, 3]),
        ("RGB", (1, 2, 3), "BMP", [1, 2, 3]),
        ("RGB", (1, 2, 3), "PPM", [1, 2, 3]),
        ("RGB", (1, 2, 3), "SGI", [1, 2, 3]),
        ("RGB", (1, 2, 3), "PCX", [1, 2, 3]),
        ("RGB", (1, 2, 3), "QOI", [1, 2, 3]),
        ("RGBA", (1, 2, 3, 4), "PNG", [1, 2, 3, 4]),
        ("RGBA", (1, 2, 3, 4), "TIFF", [1, 2, 3, 4]),
        ("RGBA", (1, 2, 3, 4), "QOI", [1, 2, 3, 4]),
        ("RGBX", (1, 2, 3, 4), "TIFF", [1, 2, 3]),
        ("CMYK", (255, 0, 0, 0), "TIFF", [0, 255, 255]),
        ("CMYK", (0, 0, 0, 255), "TIFF", [0, 0, 0]),
        pytest.param("YCbCr", (76, 85, 255), "TIFF", [254, 0, 0], marks=since_pillow_13),
        ("LAB", (128, 128, 128), "TIFF", [119, 119, 119]),
    ],
)
def test_8_bit_modes(
    mode: str, color: object, image_format: str, expected: list[int], save: Save
) -> None:
    """Every 8-bit mode of Pillow comes as grey or RGB, with or without alpha."""
    pixels = _read(save(Image.new(mode, (3, 2), color), image_format))
    assert pixels.shape == (2, 3, len(expected))
    assert pixels.dtype == np.uint8
    assert pixels[1, 2].tolist() == expected


@pytest.mark.parametrize(
    ("mode", "image_format", "level", "dtype"),
    [
        ("I;16", "PNG", 300, np.uint16),
        ("I;16", "TIFF", 300, np.uint16),
        ("I;16B", "TIFF", 300, np.uint16),
        ("I;16", "PPM", 300, np.uint16),
        ("I;16", "JPEG2000", 300, np.uint16),
        ("I", "TIFF", 70_000, np.int32),
        ("I", "TIFF", -5, np.int32),
        ("F", "TIFF", 0.5, np.float32),
        ("F", "PPM", 0.5, np.float32),
    ],
)
def test_deep_modes(mode: str, image_format: str, level: float, dtype: type, save: Save) -> None:
    """16-bit grey keeps its levels as uint16; 32 bits come as int32 or float32."""
    pixels = _read(save(Image.new(mode, (3, 2), level), image_format))
    assert pixels.dtype == np.dtype(dtype)
    assert pixels.shape == (2, 3, 1)
    assert (pixels == level).all()
    assert pixels.flags.writeable


# Palettes and transparent colours


def test_a_palette_becomes_rgb(save: Save) -> None:
    """A palette's entries are looked up."""
    image = Image.new("P", (2, 2), 1)
    image.putpalette([0, 0, 0, 10, 20, 30])
    for image_format in ("PNG", "GIF", "BMP", "TIFF", "PCX"):
        assert _levels(save(image, image_format)) == [10, 20, 30]


def test_a_palette_with_transparency_becomes_rgba(save: Save) -> None:
    """One transparent entry, in PNG and GIF, and an alpha for each entry, in PNG."""
    image = Image.new("P", (2, 2), 1)
    image.putpalette([0, 0, 0, 10, 20, 30])
    assert _levels(save(image, "PNG", transparency=1))[3] == 0
    assert _levels(save(image, "GIF", transparency=1))[3] == 0
    assert _levels(save(image, "PNG", transparency=b"\xff\x40")) == [10, 20, 30, 0x40]


@dataclass(frozen=True)
class Keyed:
    """A PNG of two pixels, the samples of its tRNS chunk, and what it shows."""

    bits: int
    color_type: int
    row: bytes
    key: bytes
    expected: list[list[int]]


@pytest.mark.parametrize(
    "png",
    [
        Keyed(8, 0, b"\x05\x06", b"\x00\x05", [[5, 0], [6, 255]]),
        Keyed(8, 2, b"\1\2\3\1\2\4", b"\0\1\0\2\0\3", [[1, 2, 3, 0], [1, 2, 4, 255]]),
        Keyed(1, 0, b"\x40", b"\0\1", [[0, 255], [255, 0]]),
        Keyed(2, 0, b"\x60", b"\0\1", [[85, 0], [170, 255]]),
        Keyed(4, 0, b"\x12", b"\0\2", [[17, 255], [34, 0]]),
        Keyed(16, 0, b"\1\2\1\3", b"\1\2", [[258, 0], [259, 65535]]),
        Keyed(
            16,
            2,
            b"\1\2\3\4\5\6\1\2\3\4\5\7",
            b"\1\2\3\4\5\6",
            [[258, 772, 1286, 0], [258, 772, 1287, 65535]],
        ),
    ],
)
def test_a_transparent_color_becomes_alpha(
    png: Keyed, make_png: MakePng, png_chunk: Callable[[bytes, bytes], bytes]
) -> None:
    """PNG's tRNS of grey and RGB, compared at the depth of the file."""
    key = png_chunk(b"tRNS", png.key)
    data = make_png((1, 2), png.bits, png.color_type, [png.row], extra=key)
    assert _read(data)[0].tolist() == png.expected


# CMYK


def _without_adobe_marker(jpeg: bytes) -> bytes:
    start = jpeg.index(b"\xff\xee")
    (length,) = struct.unpack(">H", jpeg[start + 2 : start + 4])
    return jpeg[:start] + jpeg[start + 2 + length :]


def _with_transform(jpeg: bytes, transform: int) -> bytes:
    at = jpeg.index(b"Adobe") + 11
    return jpeg[:at] + bytes([transform]) + jpeg[at + 1 :]


@pytest.mark.parametrize(
    ("ink", "rgb"),
    [
        ((255, 0, 0, 0), (0, 255, 255)),
        ((0, 255, 0, 0), (255, 0, 255)),
        ((0, 0, 0, 0), (255, 255, 255)),
        ((0, 0, 0, 255), (0, 0, 0)),
    ],
)
def test_cmyk_jpeg_is_not_inverted(ink: tuple[int, ...], rgb: tuple[int, ...], save: Save) -> None:
    """Cyan, magenta, paper and black look so, with and without Adobe's marker."""
    data = save(Image.new("CMYK", (16, 16), ink), "JPEG", quality=100)
    for variant in (data, _without_adobe_marker(data)):
        np.testing.assert_allclose(_read(variant)[8, 8], rgb, atol=2)


def test_ycck_jpeg_is_not_inverted(save: Save) -> None:
    """Cyan stored as YCCK (Adobe's transform 2) is cyan."""
    stored = (76, 85, 255, 255)  # Y, Cb, Cr of cyan's complement, red; no black
    image = Image.new("CMYK", (16, 16), tuple(255 - level for level in stored))
    data = _with_transform(save(image, "JPEG", quality=100), 2)
    np.testing.assert_allclose(_read(data)[8, 8], (0, 255, 255), atol=2)


# TIFF


def test_white_is_zero_tiff_is_not_a_negative(make_tiff: Callable[..., bytes]) -> None:
    """Where 0 means white, pixels are inverted, at 8 and at 16 bits."""
    assert _levels(make_tiff(np.array([[[1]]], np.uint8), 0)) == [254]
    assert _levels(make_tiff(np.array([[[1]]], np.uint16), 0)) == [65534]


def test_12_bit_tiff_fills_the_range(make_tiff: Callable[..., bytes]) -> None:
    """12-bit grey is scaled so that white is 65535."""
    data = bytearray(make_tiff(np.array([[[0xF0FF], [0x0001]]], np.uint16), 1))
    at = data.index(struct.pack("<HHI", 258, 3, 1)) + 8
    data[at] = 12  # the samples are now 0xFFF and 0x001
    assert _read(bytes(data)).ravel().tolist() == [65535, 16]


# 16-bit colour and the unknown


@pytest.mark.parametrize(
    ("bits", "color_type", "interlace", "deep"),
    [
        (16, 2, 0, True),
        (16, 4, 0, True),
        (16, 6, 0, True),
        (16, 2, 1, False),
        (16, 0, 0, False),
        (8, 2, 0, False),
    ],
)
def test_deep_pngs_are_told_by_their_header(
    bits: int, color_type: int, interlace: int, deep: bool, make_png: MakePng
) -> None:
    """Colour of 16 bits, not interlaced, is read by our own reader; all else by Pillow."""
    data = make_png((1, 1), bits, color_type, [bytes(8)], interlace=interlace)
    with Image.open(io.BytesIO(data)) as image:
        assert is_deep_png(image, data) == deep


def test_deep_png_colors_keep_16_bits(make_png: MakePng) -> None:
    """RGB of 16 bits keeps every bit."""
    data = make_png((1, 1), 16, 2, [b"\1\2\3\4\5\6"])
    assert _levels(data) == [0x0102, 0x0304, 0x0506]
    assert _read(data).flags.writeable


def test_an_unknown_mode_is_refused(photo: Image.Image, save: Save) -> None:
    """A mode that this Pillow does not have yet would be refused by name."""
    data = save(photo, "PNG")
    with Image.open(io.BytesIO(data)) as image:
        image.load()
        image._mode = "XYZ"  # noqa: SLF001  no file of such a mode can be made
        with pytest.raises(SourceError, match=r"not read \(XYZ\)"):
            read_pixels(image, data)
