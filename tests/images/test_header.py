"""What files say of themselves before their pixels."""

import os
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from augcli.errors import SourceError
from augcli.images.header import Header, read_header

LIMIT = 10**8


def noise(height: int, width: int) -> Image.Image:
    """A picture that no format makes small."""
    levels = np.random.default_rng(0).integers(0, 256, (height, width, 3), np.uint8)
    return Image.fromarray(levels)


@pytest.mark.parametrize("suffix", ["png", "jpg", "webp", "gif", "tif", "bmp", "ppm"])
@pytest.mark.parametrize("size", [(9, 12), (200, 300)])
def test_formats(tmp_path: Path, suffix: str, size: tuple[int, int]) -> None:
    """Height and width of small files, and of those whose start alone is read first."""
    path = tmp_path / f"a.{suffix}"
    noise(*size).save(path)
    header = read_header(str(path), LIMIT)
    assert (header.height, header.width) == size
    assert header.file_size == path.stat().st_size
    assert (header.jpeg_quality is not None) == (suffix == "jpg")


def test_orientation_and_quality(tmp_path: Path) -> None:
    """A photo that lies on its side is measured upright."""
    path = tmp_path / "a.jpg"
    exif = Image.Exif()
    exif[0x0112] = 6
    noise(9, 12).save(path, exif=exif, quality=70)
    assert read_header(str(path), LIMIT) == Header(path.stat().st_size, 12, 9, 70)


def test_a_header_longer_than_the_start(tmp_path: Path) -> None:
    """A large profile before the picture does not hide it."""
    path = tmp_path / "a.jpg"
    noise(9, 12).save(path, icc_profile=bytes(200_000))
    assert read_header(str(path), LIMIT).width == 12


def test_what_cannot_be_used(tmp_path: Path) -> None:
    """It is said in the words of the decoder, and the pixel limit holds."""
    (tmp_path / "a.jpg").write_text("hello", encoding="utf-8")
    with pytest.raises(SourceError, match="not an image"):
        read_header(str(tmp_path / "a.jpg"), LIMIT)
    with pytest.raises(SourceError, match="gone"):
        read_header(str(tmp_path / "b.jpg"), LIMIT)
    with pytest.raises(SourceError, match="folder"):
        read_header(str(tmp_path), LIMIT)
    noise(9, 12).save(tmp_path / "c.png")
    with pytest.raises(SourceError, match="max_pixels"):
        read_header(str(tmp_path / "c.png"), 100)


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="there are no named pipes")
def test_a_pipe(tmp_path: Path) -> None:
    """It is refused, not waited for."""
    os.mkfifo(tmp_path / "a.jpg")
    with pytest.raises(SourceError, match="pipe"):
        read_header(str(tmp_path / "a.jpg"), LIMIT)
