"""JPEG read straight into a packed buffer."""

import io

import numpy as np
import pytest
from PIL import Image

from augcli.images import turbojpeg
from augcli.kernels import packed


def photo(mode: str, size: tuple[int, int]) -> Image.Image:
    """Colours with soft and hard edges, the same on every run."""
    noise = np.random.default_rng(5).integers(0, 256, (8, 11, 3), np.uint8)
    return Image.fromarray(noise).resize(size, Image.Resampling.BICUBIC).convert(mode)


@pytest.mark.parametrize("subsampling", ["4:4:4", "4:2:2", "4:2:0"])
@pytest.mark.parametrize("progressive", [False, True])
@pytest.mark.parametrize(("mode", "channels"), [("L", 1), ("RGB", 3)])
def test_pixels_are_those_of_pillow(
    mode: str, channels: int, progressive: bool, subsampling: str
) -> None:
    """It is the same decoder, so not one level differs, whatever the kind of JPEG."""
    out = io.BytesIO()
    photo(mode, (61, 43)).save(
        out, "JPEG", quality=90, subsampling=subsampling, progressive=progressive
    )
    pixels = turbojpeg.read(out.getvalue(), 43, 61, channels)

    assert pixels is not None
    assert packed.is_packed(pixels)
    expected = np.asarray(Image.open(out)).reshape(43, 61, channels)
    np.testing.assert_array_equal(pixels, expected)


@pytest.mark.parametrize("length", [0, 2, 100, 700, -200])
def test_a_cut_file_is_left_to_pillow(length: int) -> None:
    """Nothing is made up where a file ends early."""
    out = io.BytesIO()
    photo("RGB", (61, 43)).save(out, "JPEG")
    assert turbojpeg.read(out.getvalue()[:length], 43, 61, 3) is None


def test_a_header_that_says_another_size_is_left_to_pillow() -> None:
    """The buffer is as large as was said, and no larger picture is written to it."""
    out = io.BytesIO()
    photo("RGB", (61, 43)).save(out, "JPEG")
    assert turbojpeg.read(out.getvalue(), 20, 20, 3) is None
