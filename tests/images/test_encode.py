"""Pixels become files, or a sentence on why not."""

import io

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp
from PIL import Image, ImageCms

from augcli.errors import SourceError
from augcli.images.decode import decode
from augcli.images.encode import WRITERS, encode
from augcli.images.options import SAVE_OPTIONS, Loading, Saving
from augcli.images.pixels import pack
from augcli.kernels import packed

SRGB = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()


def _saved(pixels: np.ndarray, save_format: str, **options: bool | int | str) -> bytes:
    return encode(pixels, Saving(save_format=save_format, save_options=options), None)


def _opened(data: bytes) -> Image.Image:
    return Image.open(io.BytesIO(data))


def _noise(*shape: int, dtype: type = np.uint8) -> np.ndarray:
    high = int(np.iinfo(dtype).max)
    return np.random.default_rng(0).integers(0, high, shape, dtype, endpoint=True)


def test_every_format_has_a_writer_and_options() -> None:
    """The formats that can be asked for, their writers and their options are the same set."""
    assert set(WRITERS) == set(SAVE_OPTIONS)


# Lossless formats give the pixels back


PIXELS_8 = st.integers(1, 4).flatmap(
    lambda channels: hnp.arrays(
        np.uint8, st.tuples(st.integers(1, 9), st.integers(1, 9), st.just(channels))
    )
)


@pytest.mark.parametrize("compression", ["fast", "balanced", "smallest"])
@given(pixels=PIXELS_8)
def test_png_is_exact(compression: str, pixels: np.ndarray) -> None:
    """8-bit PNG gives back every pixel and channel, at every compression."""
    data = _saved(pixels, "png", compression=compression)
    np.testing.assert_array_equal(decode(data, Loading()).pixels, pixels)


@pytest.mark.parametrize("compression", ["none", "lzw", "deflate"])
@given(pixels=PIXELS_8)
def test_tiff_is_exact(compression: str, pixels: np.ndarray) -> None:
    """8-bit TIFF gives back every pixel and channel, at every compression."""
    data = _saved(pixels, "tiff", compression=compression)
    np.testing.assert_array_equal(decode(data, Loading()).pixels, pixels)


@given(pixels=PIXELS_8.filter(lambda pixels: pixels.shape[2] in {1, 3}))
def test_bmp_is_exact(pixels: np.ndarray) -> None:
    """BMP gives back grey and RGB."""
    np.testing.assert_array_equal(decode(_saved(pixels, "bmp"), Loading()).pixels, pixels)


@given(pixels=PIXELS_8)
def test_lossless_webp_is_exact(pixels: np.ndarray) -> None:
    """Lossless WebP gives back every level, grey as RGB, transparent colours included."""
    restored = np.asarray(_opened(_saved(pixels, "webp", lossless=True, method=0)).convert("RGBA"))
    color = pixels[..., :3] if pixels.shape[2] >= 3 else pixels[..., :1]
    np.testing.assert_array_equal(restored[..., :3], np.broadcast_to(color, (*color.shape[:2], 3)))
    if pixels.shape[2] in {2, 4}:
        np.testing.assert_array_equal(restored[..., 3], pixels[..., -1])


@given(
    pixels=hnp.arrays(
        st.sampled_from([np.uint8, np.uint16, np.int32, np.float32, np.float64, np.float16]),
        hnp.array_shapes(min_dims=3, max_dims=3, max_side=5),
    )
)
def test_npy_is_the_array(pixels: np.ndarray) -> None:
    """An npy file gives back the array, dtype, shape and bits."""
    restored = np.load(io.BytesIO(_saved(pixels, "npy")))
    assert restored.dtype == pixels.dtype
    np.testing.assert_array_equal(restored, pixels)


@pytest.mark.parametrize(
    ("dtype", "levels"),
    [
        (np.uint16, (0, 300, 65535)),
        (np.int32, (-(2**31), 0, 2**31 - 1)),
        (np.float32, (-0.5, 0.1, 1e9)),
    ],
)
@pytest.mark.parametrize("compression", ["none", "lzw", "deflate"])
def test_deep_gray_tiff_is_exact(dtype: type, levels: tuple[float, ...], compression: str) -> None:
    """TIFF gives back uint16, int32 and float32 grey."""
    pixels = np.array(levels, dtype).reshape(1, 3, 1)
    restored = decode(_saved(pixels, "tiff", compression=compression), Loading()).pixels
    assert restored.dtype == dtype
    np.testing.assert_array_equal(restored, pixels)


@pytest.mark.parametrize("channels", [1, 2, 3, 4])
def test_16_bit_png_is_exact(channels: int) -> None:
    """16-bit PNG gives back every pixel and channel."""
    pixels = _noise(3, 5, channels, dtype=np.uint16)
    restored = decode(_saved(pixels, "png"), Loading()).pixels
    np.testing.assert_array_equal(restored, pixels)


# JPEG


def test_jpeg_is_written_from_packed_pixels() -> None:
    """Packed RGBX pixels give the very file that Pillow writes from RGB."""
    pixels = _noise(16, 24, 3)
    expected = io.BytesIO()
    Image.fromarray(pixels).save(expected, "JPEG", quality=95, subsampling="4:2:0")
    assert _saved(pack(pixels), "jpeg") == _saved(pixels, "jpeg") == expected.getvalue()


def test_jpeg_options_are_honoured() -> None:
    """Quality, subsampling, progressive scans and optimised tables all reach the file."""
    pixels = _noise(64, 64, 3)
    plain = _saved(pixels, "jpeg")
    assert len(_saved(pixels, "jpeg", quality=30)) < len(plain)
    assert len(_saved(pixels, "jpeg", subsampling="4:4:4")) > len(plain)
    assert len(_saved(pixels, "jpeg", optimize=True)) < len(plain)
    assert "progressive" not in _opened(plain).info
    assert "progressive" in _opened(_saved(pixels, "jpeg", progressive=True)).info


def test_jpeg_of_gray_is_gray() -> None:
    """One channel stays one channel."""
    assert _opened(_saved(_noise(8, 8, 1), "jpeg")).mode == "L"


# Alpha


@pytest.mark.parametrize("save_format", ["jpeg", "bmp"])
def test_transparency_shows_the_background(save_format: str) -> None:
    """Formats without alpha show the background where a picture is transparent."""
    clear = np.zeros((8, 8, 4), np.uint8)
    saving = Saving(save_format=save_format, background=[0, 0, 250])
    restored = np.asarray(_opened(encode(clear, saving, None)).convert("RGB"))
    np.testing.assert_allclose(restored[4, 4].astype(int), (0, 0, 250), atol=3)


@pytest.mark.parametrize("save_format", ["jpeg", "bmp"])
def test_gray_over_gray_stays_gray(save_format: str) -> None:
    """Transparent grey over the white default is grey."""
    restored = _opened(_saved(np.zeros((8, 8, 2), np.uint8), save_format))
    assert restored.mode == "L"
    assert restored.getpixel((4, 4)) == 255


# What does not fit


@pytest.mark.parametrize(
    ("dtype", "channels", "save_format", "words"),
    [
        (
            np.uint16,
            3,
            "jpeg",
            "jpeg cannot hold uint16: set depth: 8, or save_format: png or tiff",
        ),
        (np.uint16, 1, "webp", "depth: 8"),
        (np.uint16, 1, "bmp", "depth: 8"),
        (np.uint16, 3, "tiff", "uint16 pixels of 3 channels: set depth: 8, or save_format: png"),
        (np.float32, 1, "png", "png cannot hold float32: .*npy.*save_scale: minmax"),
        (np.int32, 1, "jpeg", "save_scale: minmax"),
        (np.float32, 3, "tiff", "float32 pixels of 3 channels"),
        (np.float64, 1, "tiff", "float64"),
    ],
)
def test_depths_a_format_cannot_hold(
    dtype: type, channels: int, save_format: str, words: str
) -> None:
    """A depth that does not fit is refused with what would help, never reduced in silence."""
    with pytest.raises(SourceError, match=words) as caught:
        _saved(np.zeros((2, 2, channels), dtype), save_format)
    assert caught.value.stage == "encode"


@pytest.mark.parametrize(("save_format", "side"), [("webp", 16384), ("jpeg", 65501)])
def test_sides_a_format_cannot_hold(save_format: str, side: int) -> None:
    """A side beyond the format's limit is refused in words."""
    with pytest.raises(SourceError, match=f"a side of {save_format} may have {side - 1} at most"):
        _saved(np.zeros((1, side, 1), np.uint8), save_format)


def test_what_the_encoder_refuses_is_a_failure(monkeypatch: pytest.MonkeyPatch) -> None:
    """An error below Pillow becomes a failure of this source."""

    def fail(*_: object, **__: object) -> None:
        raise OSError("encoder error -2")

    monkeypatch.setattr(Image.Image, "save", fail)
    with pytest.raises(SourceError, match="cannot be written as webp: encoder error -2"):
        _saved(np.zeros((2, 2, 1), np.uint8), "webp")


# save_scale


@pytest.mark.parametrize("save_format", ["png", "bmp", "tiff", "npy"])
@pytest.mark.parametrize("dtype", [np.float32, np.int32, np.uint16, np.uint8])
def test_minmax_makes_a_picture_of_numbers(save_format: str, dtype: type) -> None:
    """Any dtype is stretched to 0-255 and written as 8 bits."""
    pixels = np.array([[[1], [2], [3]]], dtype)
    data = encode(pixels, Saving(save_format=save_format, save_scale="minmax"), None)
    restored = np.load(io.BytesIO(data)) if save_format == "npy" else np.asarray(_opened(data))
    assert restored.ravel().tolist() == [0, 128, 255]


# Metadata


@pytest.mark.parametrize("save_format", ["png", "jpeg", "webp", "tiff"])
def test_the_profile_is_written(save_format: str) -> None:
    """The colour profile goes into each format that holds one, unless it does not fit."""
    saving = Saving(save_format=save_format)
    rgb = encode(_noise(8, 8, 3), saving, SRGB)
    assert _opened(rgb).info["icc_profile"] == SRGB
    gray = encode(_noise(8, 8, 1), saving, SRGB)
    assert not _opened(gray).info.get("icc_profile")


@pytest.mark.parametrize("save_format", ["png", "jpeg", "webp", "tiff", "bmp", "npy"])
def test_the_same_pixels_give_the_same_bytes(save_format: str) -> None:
    """Encoding is repeatable, whatever the padding of packed pixels holds."""
    pixels = pack(_noise(16, 16, 3))
    once = _saved(pixels, save_format)
    packed.as_words(pixels)[...] ^= 0xFF000000  # X, which means nothing
    assert _saved(pixels, save_format) == once


@pytest.mark.parametrize("save_format", ["png", "jpeg", "webp", "tiff"])
def test_nothing_but_pixels_is_written(save_format: str) -> None:
    """No EXIF, no comment, no software name."""
    image = _opened(_saved(_noise(8, 8, 3), save_format))
    assert not image.info.keys() & {"exif", "comment", "Software", "date:create"}
    assert not {305, 306} & dict(image.getexif()).keys()  # software, date


def test_channels_first_is_stretched_as_a_picture() -> None:
    """The axes move after `minmax` has looked at colours and alpha, and so at the right ones."""
    saving = Saving(save_format="npy", save_scale="minmax")
    pixels = np.arange(2 * 4 * 3, dtype=np.float32).reshape(2, 4, 3)
    last = np.load(io.BytesIO(encode(pixels, saving, None)))
    first = np.load(io.BytesIO(encode(pixels, saving, None, channels_first=True)))
    assert first.shape == (3, 2, 4)
    np.testing.assert_array_equal(first, np.moveaxis(last, -1, 0))
