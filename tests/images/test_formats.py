"""Formats are told by their first bytes."""

import subprocess
import sys
from collections.abc import Callable

import pytest
from PIL import Image

from augcli.images.formats import FORMATS, IMAGE_SUFFIXES, explain_unknown, sniff


@pytest.mark.parametrize(
    "name", ["JPEG", "PNG", "WEBP", "GIF", "TIFF", "BMP", "PPM", "AVIF", "JPEG2000", "SGI", "PCX"]
)
def test_what_pillow_writes_is_recognised(
    name: str, photo: Image.Image, save: Callable[..., bytes]
) -> None:
    """Each format is recognised in a real file of it."""
    assert sniff(save(photo, name)[:64]) == name


@pytest.mark.parametrize(
    ("head", "name"),
    [
        (b"MM\0*rest", "TIFF"),
        (b"II+\0rest", "TIFF"),
        (b"P4 8 8\n", "PPM"),
        (b"qoif\0\0", "QOI"),
        (b"\x59\xa6\x6a\x95\0\0", "SUN"),
        (b"\xff\x4f\xff\x51\0", "JPEG2000"),
        (b"\0\0\0\x1cftypmif1\0\0\0\0mif1avif", "AVIF"),
    ],
)
def test_less_usual_signatures(head: bytes, name: str) -> None:
    """Big-endian and Big TIFF, PBM, QOI, Sun rasters, bare JPEG 2000, AVIF by its brands."""
    assert sniff(head) == name


@pytest.mark.parametrize(
    "head",
    [
        b"",
        b"%!PS-Adobe-3.0 EPSF-3.0",
        b"%PDF-1.7",
        b"\xd7\xcd\xc6\x9a\0\0",
        b"SIMPLE  =                    T",
        b"\x89HDF\r\n\x1a\n",
        b"GRIB\0\0",
        b"\0\0\0\x18ftypheic\0\0\0\0",
        b"plain text",
    ],
)
def test_everything_else_is_refused(head: bytes) -> None:
    """EPS, PDF, WMF, FITS, HDF5, GRIB, HEIC and text are no image, whatever their names say."""
    assert sniff(head) is None


@pytest.mark.parametrize(
    ("head", "words"),
    [
        (b"", "empty"),
        (b"version https://git-lfs.github.com/spec/v1\n", "git lfs pull"),
        (b"\n<!DOCTYPE HTML><html>", "web page"),
        (b"<?xml version='1.0'?><svg/>", "SVG"),
        (b"\0\0\0\x18ftypheic\0\0\0\0", "HEIC"),
        (b"%PDF-1.7", "PDF"),
        (b"8BPS\0\1", "Photoshop"),
        (b"PK\x03\x04", "ZIP"),
        (bytes(64), "zero bytes"),
        (b"hello", "not an image that augcli reads (JPEG"),
    ],
)
def test_look_alikes_are_named(head: bytes, words: str) -> None:
    """A file that is no image is called what it is."""
    assert words in explain_unknown(head)


def test_suffixes_are_lower_case_with_a_dot() -> None:
    """Suffixes can be compared with `os.path.splitext(name)[1].lower()`."""
    assert all(suffix == suffix.lower() and suffix[0] == "." for suffix in IMAGE_SUFFIXES)
    assert {".jpg", ".jpeg", ".png", ".tif", ".webp", ".bmp", ".gif"} <= IMAGE_SUFFIXES


def test_no_reader_of_another_language_is_listed() -> None:
    """Formats whose readers start programs or interpret languages stay out."""
    assert not {"EPS", "PDF", "WMF", "FITS", "HDF5", "GRIB", "BUFR"} & set(FORMATS)


def test_formats_are_told_without_pillow_or_numpy() -> None:
    """Telling formats apart imports neither Pillow nor NumPy: a folder scan stays light."""
    code = (
        "import sys, augcli.images.formats; "
        "sys.exit(bool({'PIL', 'numpy', 'pydantic'} & set(sys.modules)))"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
