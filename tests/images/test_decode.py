"""Files become pixels, or a sentence on what is wrong with them."""

import io
from collections.abc import Callable

import numpy as np
import pytest
from PIL import Image, ImageCms

from augcli.errors import SourceError
from augcli.images.decode import decode, probe
from augcli.images.options import Loading
from augcli.kernels import packed

KEEP = Loading()
EIGHT_BITS = Loading(depth=8)
Save = Callable[..., bytes]
MakePng = Callable[..., bytes]


def _levels(data: bytes, loading: Loading = KEEP) -> list[int]:
    """The first pixel."""
    first: list[int] = decode(data, loading).pixels[0, 0].tolist()
    return first


def test_rgb_is_packed_and_writable(photo: Image.Image, save: Save) -> None:
    """8-bit RGB comes in the RGBX layout that the kernels work on, ready to be changed."""
    pixels = decode(save(photo, "PNG"), KEEP).pixels
    assert packed.is_packed(pixels)
    assert pixels.flags.writeable
    np.testing.assert_array_equal(pixels, np.asarray(photo))


# 16 bits


def test_depth_8_reduces_gray_by_rounding(save: Save) -> None:
    """16-bit grey becomes 8-bit grey only where the config allows it."""
    data = save(Image.new("I;16", (1, 1), 65535 - 128), "PNG")
    assert _levels(data) == [65407]
    assert _levels(data, EIGHT_BITS) == [255]
    assert decode(data, EIGHT_BITS).pixels.dtype == np.uint8


def test_depth_8_leaves_32_bits_alone(save: Save) -> None:
    """int32 and float32 have no known highest level to reduce from."""
    assert _levels(save(Image.new("F", (1, 1), 0.5), "TIFF"), EIGHT_BITS) == [0.5]


@pytest.mark.parametrize(
    ("color_type", "row", "expected"),
    [
        (2, b"\1\2\3\4\5\6", [258, 772, 1286]),
        (4, b"\1\2\3\4", [258, 772]),
        (6, b"\1\2\3\4\5\6\7\x08", [258, 772, 1286, 1800]),
    ],
)
def test_16_bit_color_png_keeps_its_depth(
    color_type: int, row: bytes, expected: list[int], make_png: MakePng
) -> None:
    """Colour PNG of 16 bits keeps all of them; with depth 8 it is reduced, and that is noted."""
    data = make_png((1, 1), 16, color_type, [row])
    assert _levels(data) == expected
    reduced = decode(data, EIGHT_BITS)
    assert reduced.pixels[0, 0].tolist() == [round(level / 257) for level in expected]
    assert reduced.notes == ("16-bit colour reduced to 8 bits",)


def test_interlaced_16_bit_color_png_needs_depth_8(
    make_png: MakePng, png_chunk: Callable[[bytes, bytes], bytes]
) -> None:
    """What cannot be read in full is refused with the remedy, and reduced when asked."""
    key = png_chunk(b"tRNS", b"\1\2\3\4\5\6")
    data = make_png((1, 1), 16, 2, [b"\1\2\3\4\5\6"], extra=key, interlace=1)
    with pytest.raises(SourceError, match=r"16-bit colour.*set depth: 8"):
        decode(data, KEEP)
    assert _levels(data, EIGHT_BITS) == [1, 3, 5, 0]


def test_16_bit_color_tiff_needs_depth_8(make_tiff: Callable[..., bytes]) -> None:
    """TIFF of 16-bit colour is refused with the remedy, and reduced and noted when asked."""
    data = make_tiff(np.array([[[0x0102, 0x0304, 0xFFFF]]], np.uint16), 2)
    with pytest.raises(SourceError, match=r"16-bit colour.*TIFF: set depth: 8") as caught:
        decode(data, KEEP)
    assert caught.value.stage == "decode"
    picture = decode(data, EIGHT_BITS)
    assert picture.pixels[0, 0].tolist() == [1, 3, 255]
    assert picture.notes == ("16-bit colour reduced to 8 bits",)


def test_a_conversion_is_noted(save: Save) -> None:
    """CMYK, whose colours RGB only approximates, and the profile it loses are noted."""
    header = bytearray(128)
    header[16:20], header[36:40] = b"CMYK", b"acsp"
    image = Image.new("CMYK", (8, 8), (255, 0, 0, 0))
    picture = decode(save(image, "JPEG", icc_profile=bytes(header)), KEEP)
    assert picture.icc_profile is None
    assert picture.notes == (
        "CMYK converted to RGB",
        "colour profile dropped: it does not fit the pixels",
    )


# Orientation


RED, GREEN, BLUE, WHITE = (250, 0, 0), (0, 250, 0), (0, 0, 250), (250, 250, 250)
STORED = ((RED, GREEN), (BLUE, WHITE))
UPRIGHT = {
    1: ((RED, GREEN), (BLUE, WHITE)),
    2: ((GREEN, RED), (WHITE, BLUE)),
    3: ((WHITE, BLUE), (GREEN, RED)),
    4: ((BLUE, WHITE), (RED, GREEN)),
    5: ((RED, BLUE), (GREEN, WHITE)),
    6: ((BLUE, RED), (WHITE, GREEN)),
    7: ((WHITE, GREEN), (BLUE, RED)),
    8: ((GREEN, WHITE), (RED, BLUE)),
}


def _quarters(height: int, width: int) -> Image.Image:
    quarters = np.array(STORED, np.uint8).repeat(height // 2, 0).repeat(width // 2, 1)
    return Image.fromarray(quarters)


def _exif(orientation: int) -> Image.Exif:
    exif = Image.Exif()
    exif[274] = orientation
    return exif


@pytest.mark.parametrize("orientation", range(1, 9))
@pytest.mark.parametrize("image_format", ["JPEG", "PNG", "TIFF", "WEBP", "AVIF"])
@pytest.mark.parametrize("target", [None, [16, 24]])
def test_exif_orientation_is_applied(
    orientation: int, image_format: str, target: list[int] | None, save: Save
) -> None:
    """A picture stored in any of the eight orientations comes upright, also when resized."""
    data = save(_quarters(32, 64), image_format, exif=_exif(orientation), quality=100)
    loading = Loading(target_size=target)
    pixels = decode(data, loading).pixels
    height, width = target or ((64, 32) if orientation >= 5 else (32, 64))
    assert pixels.shape == (height, width, 3)
    assert probe(data, loading) == (height, width)
    middles = pixels[height // 4 :: height // 2, width // 4 :: width // 2].astype(int)
    np.testing.assert_allclose(middles, UPRIGHT[orientation], atol=12)


@pytest.mark.parametrize("orientation", range(1, 9))
def test_the_crop_follows_the_upright_picture(orientation: int, save: Save) -> None:
    """Keeping the aspect ratio crops the same pixels however the camera was held."""
    upright = np.random.default_rng(0).integers(0, 256, (30, 17, 3), np.uint8)
    stored = _store_turned(upright, orientation)
    loading = Loading(target_size=[6, 6], keep_aspect_ratio=True)
    expected = decode(save(Image.fromarray(upright), "PNG"), loading).pixels
    data = save(Image.fromarray(stored), "PNG", exif=_exif(orientation))
    np.testing.assert_allclose(
        decode(data, loading).pixels.astype(int), expected.astype(int), atol=1
    )


def _store_turned(upright: np.ndarray, orientation: int) -> np.ndarray:
    inverse = {6: 8, 8: 6}.get(orientation, orientation)
    method = {
        2: Image.Transpose.FLIP_LEFT_RIGHT,
        3: Image.Transpose.ROTATE_180,
        4: Image.Transpose.FLIP_TOP_BOTTOM,
        5: Image.Transpose.TRANSPOSE,
        6: Image.Transpose.ROTATE_270,
        7: Image.Transpose.TRANSVERSE,
        8: Image.Transpose.ROTATE_90,
    }.get(inverse)
    image = Image.fromarray(upright)
    return np.asarray(image if method is None else image.transpose(method))


def test_exif_behind_the_pixels_of_a_png_counts(
    make_png: MakePng, png_chunk: Callable[[bytes, bytes], bytes]
) -> None:
    """PNG allows eXIf after the pixels; decode and probe both find it there."""
    data = make_png((1, 2), 8, 0, [b"\1\2"])
    end = data.index(b"IEND") - 4
    exif = png_chunk(b"eXIf", _exif(6).tobytes().removeprefix(b"Exif\0\0"))
    data = data[:end] + exif + data[end:]
    assert decode(data, KEEP).pixels[..., 0].tolist() == [[1], [2]]
    assert probe(data, KEEP) == (2, 1)


@pytest.mark.parametrize("exif", [_exif(0), _exif(99), b"Exif\0\0II*\0", b"Exif\0\0rubbish"])
@pytest.mark.filterwarnings("ignore:.*EXIF.*:UserWarning")
def test_a_bad_orientation_is_no_orientation(
    exif: Image.Exif | bytes, photo: Image.Image, save: Save
) -> None:
    """Values that mean nothing, and EXIF that cannot be read, leave the picture as stored."""
    picture = decode(save(photo, "JPEG", exif=exif), KEEP)
    assert picture.pixels.shape == (32, 48, 3)


# Frames


@pytest.mark.parametrize("image_format", ["GIF", "PNG", "WEBP", "TIFF", "MPO", "AVIF"])
def test_the_first_frame_is_taken_and_noted(image_format: str, save: Save) -> None:
    """Of an animation, a multi-page TIFF or an MPO the first picture is read, and that is said."""
    frames = [Image.new("RGB", (16, 16), (80 * index, 0, 0)) for index in range(1, 4)]
    data = save(frames[0], image_format, save_all=True, append_images=frames[1:])
    picture = decode(data, KEEP)
    np.testing.assert_allclose(picture.pixels[8, 8].astype(int), (80, 0, 0), atol=3)
    assert picture.notes == ("first frame of 3",)


# Colour modes and sizes


@pytest.mark.parametrize(
    ("color_mode", "expected"),
    [("grayscale", [18]), ("rgb", [10, 20, 30]), ("rgba", [10, 20, 30, 255])],
)
def test_color_mode(color_mode: str, expected: list[int], save: Save) -> None:
    """The colour mode decides the channels."""
    data = save(Image.new("RGB", (2, 2), (10, 20, 30)), "PNG")
    assert _levels(data, Loading(color_mode=color_mode)) == expected


def test_transparency_shows_white_in_rgb(save: Save) -> None:
    """Where `rgb` drops an alpha, white shows through."""
    data = save(Image.new("RGBA", (1, 1), (0, 0, 0, 51)), "PNG")
    assert _levels(data, Loading(color_mode="rgb")) == [204, 204, 204]


@pytest.mark.parametrize("interpolation", ["nearest", "bilinear", "bicubic", "lanczos"])
def test_target_size_is_pillows_resize(interpolation: str, photo: Image.Image, save: Save) -> None:
    """A lossless picture is resized as Pillow resizes it, and comes packed."""
    loading = Loading(target_size=[20, 10], interpolation=interpolation)
    pixels = decode(save(photo, "PNG"), loading).pixels
    expected = photo.resize((10, 20), Image.Resampling[interpolation.upper()])
    np.testing.assert_array_equal(pixels, np.asarray(expected))
    assert packed.is_packed(pixels)


def test_target_size_keeps_16_bits(save: Save) -> None:
    """16-bit grey is resized at its depth."""
    image = Image.fromarray(np.array([[1000, 3000]], np.uint16))
    loading = Loading(target_size=[1, 1], interpolation="box")
    assert _levels(save(image, "PNG"), loading) == [2000]


@pytest.mark.parametrize("orientation", [1, 6])
@pytest.mark.parametrize("keep_aspect_ratio", [False, True])
def test_a_jpeg_read_reduced_is_the_jpeg_resized(
    orientation: int, keep_aspect_ratio: bool, photo: Image.Image, save: Save
) -> None:
    """The decoder's reduction is within a level or two, on average, of a full decode's resize."""
    large = photo.resize((413, 301), Image.Resampling.BICUBIC)
    loading = Loading(target_size=[30, 40], keep_aspect_ratio=keep_aspect_ratio)
    jpeg = save(large, "JPEG", quality=95, exif=_exif(orientation))
    png = save(Image.open(io.BytesIO(jpeg)), "PNG", exif=_exif(orientation))  # no reduced reading
    difference = np.abs(decode(jpeg, loading).pixels - decode(png, loading).pixels.astype(float))
    assert difference.mean() < 1.5


@pytest.mark.parametrize(("side", "is_reduced"), [(106, True), (107, False)])
def test_a_reduced_jpeg_stays_larger_than_the_target(
    side: int, is_reduced: bool, photo: Image.Image, save: Save
) -> None:
    """318 rows are halved for 106, as that leaves 1.5 times as many, and not for 107."""
    jpeg = save(photo.resize((480, 318), Image.Resampling.NEAREST), "JPEG")
    loading = Loading(target_size=[side, side])
    full = decode(jpeg, loading, may_reduce=False).pixels
    assert np.array_equal(decode(jpeg, loading).pixels, full) is not is_reduced


def test_a_full_decode_is_pillows(photo: Image.Image, save: Save) -> None:
    """Where it may not be reduced, a large JPEG is decoded in full and resized by Pillow."""
    jpeg = save(photo.resize((480, 320), Image.Resampling.NEAREST), "JPEG")
    pixels = decode(jpeg, Loading(target_size=[10, 15]), may_reduce=False).pixels
    expected = Image.open(io.BytesIO(jpeg)).resize((15, 10), Image.Resampling.BILINEAR)
    np.testing.assert_array_equal(pixels, np.asarray(expected))


def test_nearest_reads_a_jpeg_in_full(photo: Image.Image, save: Save) -> None:
    """Nearest takes single pixels of the full picture, so nothing is averaged first."""
    large = photo.resize((480, 320))
    jpeg = save(large, "JPEG")
    loading = Loading(target_size=[10, 10], interpolation="nearest")
    expected = Image.open(io.BytesIO(jpeg)).resize((10, 10), Image.Resampling.NEAREST)
    np.testing.assert_array_equal(decode(jpeg, loading).pixels, np.asarray(expected))


# Colour profiles


SRGB = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()


@pytest.mark.parametrize("image_format", ["JPEG", "PNG", "WEBP", "TIFF", "AVIF"])
def test_the_color_profile_is_kept(image_format: str, photo: Image.Image, save: Save) -> None:
    """The profile of each format that holds one comes with the pixels."""
    picture = decode(save(photo, image_format, icc_profile=SRGB), KEEP)
    assert picture.icc_profile == SRGB
    assert picture.notes == ()


def test_a_profile_of_other_colors_is_dropped(photo: Image.Image, save: Save) -> None:
    """An RGB profile does not fit the grey pixels made of its picture; that is noted."""
    picture = decode(save(photo, "PNG", icc_profile=SRGB), Loading(color_mode="grayscale"))
    assert picture.icc_profile is None
    assert picture.notes == ("colour profile dropped: it does not fit the pixels",)


def test_a_broken_profile_fails_nothing(photo: Image.Image, save: Save) -> None:
    """Rubbish in the profile's place is dropped and noted; the picture is fine."""
    picture = decode(save(photo, "PNG", icc_profile=b"rubbish"), KEEP)
    assert picture.icc_profile is None
    assert "colour profile dropped" in picture.notes[0]


# Limits and broken files


def test_the_pixel_limit_is_checked_before_decoding(make_png: MakePng) -> None:
    """A header that claims 40 gigapixels is refused by decode and probe, nothing being decoded."""
    data = make_png((200_000, 200_000), 8, 2, [b""])
    for read in (decode, probe):
        with pytest.raises(SourceError, match="200000 x 200000 pixels are more than max_pixels"):
            read(data, KEEP)


def test_the_limit_is_the_configs_alone(
    photo: Image.Image, save: Save, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Pillow's own limit neither fires nor changes."""
    monkeypatch.setattr(Image, "MAX_IMAGE_PIXELS", 10)
    for image_format in ("JPEG", "PNG", "GIF", "BMP"):
        decode(save(photo, image_format), KEEP)
    assert Image.MAX_IMAGE_PIXELS == 10
    with pytest.raises(SourceError, match="more than max_pixels, 1535"):
        decode(save(photo, "PNG"), Loading(max_pixels=48 * 32 - 1))


@pytest.mark.parametrize("data", [b"", b"hello", b"%PDF-1.7"])
def test_what_is_no_image_is_named(data: bytes) -> None:
    """A file of another kind is a decode failure."""
    with pytest.raises(SourceError) as caught:
        decode(data, KEEP)
    assert caught.value.stage == "decode"


def _pixels_if_sound(data: bytes, loading: Loading) -> np.ndarray | None:
    """The pixels, or None for a refusal; any other error fails the test."""
    try:
        return decode(data, loading).pixels
    except SourceError:
        return None


ALL_FORMATS = ["JPEG", "PNG", "WEBP", "GIF", "TIFF", "BMP", "PPM", "AVIF", "JPEG2000", "QOI"]
ALL_FORMATS += ["SGI", "PCX"]


@pytest.mark.parametrize("image_format", ALL_FORMATS)
@pytest.mark.filterwarnings("ignore::UserWarning:PIL")
def test_a_truncated_file_never_passes(image_format: str, photo: Image.Image, save: Save) -> None:
    """Cut anywhere before its last pixels, a file is refused: never a crash, never grey filling."""
    data = save(photo, image_format)
    whole = decode(data, KEEP).pixels
    for length in [*range(0, 64, 3), *range(64, len(data), len(data) // 40 + 1), len(data) - 1]:
        pixels = _pixels_if_sound(data[:length], KEEP)
        if pixels is not None:  # what was cut off held none
            np.testing.assert_array_equal(pixels, whole)


@pytest.mark.parametrize("image_format", ["JPEG", "PNG", "WEBP", "TIFF", "BMP", "JPEG2000"])
def test_half_a_file_is_called_truncated(image_format: str, photo: Image.Image, save: Save) -> None:
    """The usual damage, half a file, has its own sentence."""
    data = save(photo, image_format)
    message = f"truncated {image_format}: the file ends before the picture does"
    with pytest.raises(SourceError, match=message):
        decode(data[: len(data) // 2], KEEP)


@pytest.mark.parametrize("image_format", ALL_FORMATS)
@pytest.mark.filterwarnings("ignore::UserWarning:PIL")
def test_flipped_bytes_give_pixels_or_a_failure(
    image_format: str, photo: Image.Image, save: Save
) -> None:
    """200 files with bytes changed at random decode to sound pixels or fail as they should."""
    data = save(photo, image_format)
    rng = np.random.default_rng(0)
    loading = Loading(max_pixels=100_000)
    for _ in range(200):
        mutant = np.frombuffer(data, np.uint8).copy()
        at = rng.integers(0, min(mutant.size, int(rng.choice([64, 1024, 10**9]))), 4)
        mutant[at] = rng.integers(0, 256, 4)
        pixels = _pixels_if_sound(mutant.tobytes(), loading)
        assert pixels is None or (pixels.ndim == 3 and pixels.size > 0)
