"""Images whose end is missing."""

import io
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from augcli.images.whole import ends_early

NOISE = np.random.default_rng(0).integers(0, 256, (9, 13, 3), np.uint8)


def encoded(name: str) -> bytes:
    """A small picture in a format."""
    out = io.BytesIO()
    if name == "npy":
        np.save(out, NOISE)
    else:
        Image.fromarray(NOISE).save(out, name)
    return out.getvalue()


@pytest.mark.parametrize("name", ["png", "jpeg", "webp", "bmp", "npy"])
def test_a_cut(name: str, tmp_path: Path) -> None:
    """Without its last byte, or most of itself, a file ends early; whole or longer, not."""
    path = tmp_path / "image"
    data = encoded(name)
    for cut in (len(data) - 1, 40):
        path.write_bytes(data[:cut])
        assert ends_early(str(path))
    for whole in (data, data + b"more"):
        path.write_bytes(whole)
        assert not ends_early(str(path))


@pytest.mark.parametrize(("data", "is_cut"), [(b"", True), (b"text", False), (b"\x93NUMPY", True)])
def test_no_images(data: bytes, is_cut: bool, tmp_path: Path) -> None:
    """Of what is no image, an empty file alone is known to be too short."""
    path = tmp_path / "file"
    path.write_bytes(data)
    assert ends_early(str(path)) is is_cut


def test_formats_without_a_sign_of_their_end(tmp_path: Path) -> None:
    """A TIFF is not told to be cut, unless it is empty."""
    path = tmp_path / "image.tif"
    path.write_bytes(encoded("tiff")[:-1])
    assert not ends_early(str(path))
