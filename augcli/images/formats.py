"""The image formats that are read, told apart by content rather than by name.

An allow-list: every format here is parsed by a plain decoder. Those whose readers start an
external program or interpret another language (EPS, PDF, WMF, FITS, HDF5, GRIB and others) are
absent on purpose, so no file can reach them whatever its name says.

Nothing is imported here, so that a scan of a folder stays light.
"""

import re
from dataclasses import dataclass

HEAD_SIZE = 64
"""How many of a file's first bytes `sniff` needs."""


@dataclass(frozen=True, slots=True)
class Format:
    """A format that is read.

    Attributes:
        plugin: The Pillow module that reads it.
        suffixes: Usual endings of file names, lower case.
        signature: Matches the first bytes of such a file.
    """

    plugin: str
    suffixes: tuple[str, ...]
    signature: re.Pattern[bytes]


def _starts_with(pattern: bytes) -> re.Pattern[bytes]:
    return re.compile(pattern, re.DOTALL)


FORMATS: dict[str, Format] = {
    "JPEG": Format(
        "PIL.JpegImagePlugin",
        (".jpg", ".jpeg", ".jpe", ".jfif", ".mpo"),
        _starts_with(rb"\xff\xd8\xff"),
    ),
    "PNG": Format(
        "PIL.PngImagePlugin",
        (".png", ".apng"),
        _starts_with(rb"\x89PNG\r\n\x1a\n"),
    ),
    "WEBP": Format("PIL.WebPImagePlugin", (".webp",), _starts_with(rb"RIFF....WEBP")),
    "GIF": Format("PIL.GifImagePlugin", (".gif",), _starts_with(rb"GIF8[79]a")),
    "TIFF": Format(
        "PIL.TiffImagePlugin",
        (".tif", ".tiff"),
        _starts_with(rb"II(?:[*+]\0|\0\*)|MM(?:\0[*+]|\*\0)"),
    ),
    "BMP": Format("PIL.BmpImagePlugin", (".bmp", ".dib"), _starts_with(rb"BM")),
    "PPM": Format(
        "PIL.PpmImagePlugin",
        (".ppm", ".pgm", ".pbm", ".pnm", ".pfm"),
        _starts_with(rb"P[1-6f]\s"),
    ),
    "AVIF": Format(
        "PIL.AvifImagePlugin",
        (".avif", ".avifs"),
        _starts_with(rb"....ftyp(?:avi[fs]|(?:mif1|msf1)....(?:....)*?avi[fs])"),
    ),
    "JPEG2000": Format(
        "PIL.Jpeg2KImagePlugin",
        (".jp2", ".j2k", ".j2c", ".jpc", ".jpf", ".jpx"),
        _starts_with(rb"\xff\x4f\xff\x51|\0\0\0\x0cjP {2}\r\n\x87\n"),
    ),
    "QOI": Format("PIL.QoiImagePlugin", (".qoi",), _starts_with(rb"qoif")),
    "SGI": Format(
        "PIL.SgiImagePlugin",
        (".sgi", ".rgb", ".rgba", ".bw"),
        _starts_with(rb"\x01\xda[\x00\x01][\x01\x02]"),
    ),
    "SUN": Format("PIL.SunImagePlugin", (".ras",), _starts_with(rb"\x59\xa6\x6a\x95")),
    "PCX": Format(
        "PIL.PcxImagePlugin",
        (".pcx",),
        _starts_with(rb"\n[\x00\x02\x03\x05]\x01[\x01\x02\x04\x08]"),
    ),
}
"""Every format that is read, by the name Pillow gives it."""

IMAGE_SUFFIXES: frozenset[str] = frozenset(
    suffix for image_format in FORMATS.values() for suffix in image_format.suffixes
)
"""Lower-case endings of the files that a folder scan takes for images."""

_LOOKALIKES: tuple[tuple[re.Pattern[bytes], str], ...] = (
    (_starts_with(rb"\Z"), "the file is empty"),
    (
        _starts_with(rb"version https://git-lfs"),
        "a Git LFS pointer stands in the image's place; fetch it with 'git lfs pull'",
    ),
    (
        _starts_with(rb"\s*(?i:<!doctype html|<html|<head)"),
        "a web page saved under an image's name; download the image again",
    ),
    (_starts_with(rb"(?:\xef\xbb\xbf)?\s*(?i:<\?xml|<svg)"), "an SVG or XML file, not pixels"),
    (
        _starts_with(rb"....ftyp(?:hei[cx]|hev[cx]|mif1|msf1)"),
        "a HEIC photo, which is not read; convert it to JPEG or PNG",
    ),
    (_starts_with(rb"%PDF|%!PS"), "a PDF or PostScript file, which is not read"),
    (_starts_with(rb"8BPS"), "a Photoshop file, which is not read; export it as PNG or TIFF"),
    (_starts_with(rb"PK\x03\x04"), "a ZIP archive, not an image"),
    (_starts_with(rb"\0+\Z"), "the file holds zero bytes only, as after a broken copy"),
)


def sniff(head: bytes) -> str | None:
    """The name, in `FORMATS`, of the format that a file's first `HEAD_SIZE` bytes show."""
    for name, image_format in FORMATS.items():
        if image_format.signature.match(head):
            return name
    return None


def explain_unknown(head: bytes) -> str:
    """What a file is whose first bytes `sniff` does not know, in words for its owner."""
    for pattern, explanation in _LOOKALIKES:
        if pattern.match(head[:HEAD_SIZE]):
            return explanation
    return f"not an image that augcli reads ({', '.join(FORMATS)})"
