"""PNG written and read: checked by Pillow, and by a small reader of its own."""

import hashlib
import io
import struct
import zlib
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray
from PIL import Image
from support import ForAnyCpu

from augcli.kernels import packed
from augcli.kernels.png import decode_png16, encode_png

Array = NDArray[Any]
SIGNATURE = b"\x89PNG\r\n\x1a\n"
COMPRESSIONS: list[Any] = ["fast", "balanced", "smallest"]
DTYPES: list[Any] = [np.uint8, np.uint16]


def noise(height: int, width: int, channels: int, dtype: Any = np.uint8) -> Array:
    top = int(np.iinfo(dtype).max)
    rng = np.random.default_rng(height * width)
    return rng.integers(0, top, (height, width, channels), dtype, endpoint=True)


def gradient(dtype: Any = np.uint8) -> Array:
    """Smooth pixels, which the filters predict well."""
    y, x, channel = np.indices((20, 30, 3))
    return (y * 3 + x * 5 + channel * 40).astype(dtype)


def photo(height: int, width: int) -> Array:
    """Waves with the grain of a photo, more of it in their left half."""
    y, x, channel = np.indices((height, width, 3))
    waves = 128 + 60 * np.sin(y / 17 + channel) + 60 * np.cos(x / 23)
    grain = np.random.default_rng(0).normal(0, 1, waves.shape) * np.where(x < width // 2, 4, 1)
    return (waves + grain).round().astype(np.uint8)


def size_by_pillow(pixels: Array) -> int:
    """Of a PNG by Pillow's defaults."""
    with io.BytesIO() as file:
        Image.fromarray(pixels).save(file, "png")
        return file.tell()


def read_png(data: bytes) -> Array:
    """A second opinion: the specification's steps, a byte at a time."""
    assert data.startswith(SIGNATURE)
    position, body, shape = 8, b"", (0, 0, 0, 0)
    while position < len(data):
        length, kind = struct.unpack_from(">I4s", data, position)
        content = data[position + 8 : position + 8 + length]
        (checksum,) = struct.unpack_from(">I", data, position + 8 + length)
        assert checksum == zlib.crc32(kind + content)
        if kind == b"IHDR":
            shape = struct.unpack(">IIBB", content[:10])
        if kind == b"IDAT":
            body += content
        position += 12 + length
    width, height, depth, color_type = shape
    channels = {0: 1, 2: 3, 4: 2, 6: 4}[color_type]
    step = channels * depth // 8
    raw = zlib.decompress(body)
    above = [0] * (width * step)
    pixels = []
    for i in range(height):
        start = i * (1 + width * step)
        kind, line = raw[start], list(raw[start + 1 : start + 1 + width * step])
        for j in range(len(line)):
            a = line[j - step] if j >= step else 0
            b = above[j]
            c = above[j - step] if j >= step else 0
            nearest = min((abs(b - c), 0, a), (abs(a - c), 1, b), (abs(a + b - 2 * c), 2, c))[2]
            line[j] = (line[j] + [0, a, b, (a + b) // 2, nearest][kind]) % 256
        pixels += line
        above = line
    samples = np.frombuffer(bytes(pixels), np.uint8 if depth == 8 else ">u2")
    return samples.reshape(height, width, channels)


@pytest.mark.parametrize("compression", COMPRESSIONS)
@pytest.mark.parametrize(("channels", "mode"), [(1, "L"), (2, "LA"), (3, "RGB"), (4, "RGBA")])
def test_pillow_reads_8_bits(channels: int, mode: str, compression: Any) -> None:
    """Pillow reads back the pixels written, in the mode of their channels."""
    pixels = noise(7, 5, channels)

    with Image.open(io.BytesIO(encode_png(pixels, compression=compression))) as image:
        assert image.mode == mode
        assert np.array_equal(np.asarray(image).reshape(pixels.shape), pixels)


def test_pillow_reads_16_bit_grey() -> None:
    """Pillow reads 16-bit grey samples in full."""
    pixels = noise(7, 5, 1, np.uint16)

    with Image.open(io.BytesIO(encode_png(pixels))) as image:
        assert image.mode == "I;16"
        assert np.array_equal(np.asarray(image), pixels[..., 0])


@given(
    height=st.integers(1, 6),
    width=st.integers(1, 6),
    channels=st.integers(1, 4),
    dtype=st.sampled_from([np.uint8, np.uint16]),
    compression=st.sampled_from(COMPRESSIONS),
)
def test_any_image_is_read_back(
    height: int, width: int, channels: int, dtype: Any, compression: Any
) -> None:
    """Every size, depth and number of channels survives, by the test's own reader."""
    pixels = noise(height, width, channels, dtype)

    assert np.array_equal(read_png(encode_png(pixels, compression=compression)), pixels)


@pytest.mark.parametrize("dtype", [np.uint8, np.uint16])
@pytest.mark.parametrize("compression", COMPRESSIONS)
def test_smooth_pixels_are_read_back(compression: Any, dtype: Any) -> None:
    """The filters that suit smooth pixels are undone by the test's own reader."""
    pixels = gradient(dtype)

    assert np.array_equal(read_png(encode_png(pixels, compression=compression)), pixels)


@pytest.mark.parametrize("compression", COMPRESSIONS)
def test_large_pictures_are_read_back(compression: Any) -> None:
    """A picture of several of deflate's blocks comes back as it was."""
    pixels = photo(240, 320)

    with Image.open(io.BytesIO(encode_png(pixels, compression=compression))) as image:
        assert np.array_equal(np.asarray(image), pixels)


@pytest.mark.parametrize("channels", [1, 2, 3, 4])
def test_layout_does_not_change_the_file(channels: int) -> None:
    """Packed, mirrored, read-only and contiguous pixels of one picture give the same bytes."""
    pixels = noise(20, 30, channels)
    image = packed.empty(*pixels.shape)
    image[...] = pixels
    read_only = image.view()
    read_only.flags.writeable = False

    assert encode_png(image) == encode_png(read_only) == encode_png(pixels)
    assert encode_png(image[::-1, ::-1]) == encode_png(pixels[::-1, ::-1].copy())


def test_flat_pictures_are_no_larger_than_pillows() -> None:
    """A mask of few shapes, balanced, is not much larger than by Pillow's defaults, or by fast."""
    y, x = np.indices((200, 300))
    mask = np.where((y - 90) ** 2 + (x - 120) ** 2 < 70**2, 3, x // 100).astype(np.uint8)
    balanced, fast = (
        len(encode_png(mask[..., None], compression=compression))
        for compression in ("balanced", "fast")
    )

    assert balanced <= 1.1 * size_by_pillow(mask)
    assert balanced <= fast


@pytest.mark.parametrize("compression", COMPRESSIONS)
def test_photos_are_no_larger_than_pillows(compression: Any) -> None:
    """What has the grain of a photo is not much larger than by Pillow's defaults."""
    pixels = photo(240, 320)

    assert len(encode_png(pixels, compression=compression)) <= 1.1 * size_by_pillow(pixels)


@pytest.mark.parametrize("pixels", [gradient(), noise(9, 9, 3), photo(240, 320)])
def test_smallest_is_smallest(pixels: Array) -> None:
    """`smallest` is not larger than `balanced`: smooth pixels, random ones, and in between."""
    smallest, balanced = (
        encode_png(pixels, compression=compression) for compression in ("smallest", "balanced")
    )

    assert len(smallest) <= len(balanced)


def digest_of_files() -> str:
    """A digest of files of every layout."""
    images = [noise(9, 11, channels, dtype) for channels in (1, 2, 3, 4) for dtype in DTYPES]
    image = packed.empty(120, 160, 3)
    image[...] = photo(120, 160)
    images += [image, image[:, ::-1]]
    files = [encode_png(image, compression=each) for image in images for each in COMPRESSIONS]
    return hashlib.sha256(b"".join(files)).hexdigest()


def test_every_cpu_gives_the_same_files(for_any_cpu: ForAnyCpu) -> None:
    """Compiled for any CPU of this kind, and for this very one, the kernels give equal bytes."""
    assert for_any_cpu(digest_of_files) == digest_of_files()


def test_profile_is_kept() -> None:
    """The ICC profile comes back from Pillow as it was."""
    with Image.open(io.BytesIO(encode_png(gradient(), icc_profile=b"a profile" * 9))) as image:
        assert image.info["icc_profile"] == b"a profile" * 9


@pytest.mark.parametrize(
    "image",
    [np.zeros((2, 2, 3)), np.zeros((2, 2), np.uint8), np.zeros((2, 2, 5), np.uint8)],
)
def test_other_arrays_are_no_png(image: Array) -> None:
    """What PNG cannot hold is a ValueError that says so."""
    with pytest.raises(ValueError, match="PNG holds"):
        encode_png(image)


@pytest.mark.parametrize("channels", [1, 2, 3, 4])
@pytest.mark.parametrize("compression", COMPRESSIONS)
def test_16_bits_are_decoded(channels: int, compression: Any) -> None:
    """`decode_png16` gives the samples of every colour type that has 16 bits."""
    pixels = noise(5, 4, channels, np.uint16)

    decoded = decode_png16(encode_png(pixels, compression=compression))

    assert decoded.dtype == np.uint16
    assert np.array_equal(decoded, pixels)


def chunk(kind: bytes, content: bytes) -> bytes:
    checksum = struct.pack(">I", zlib.crc32(kind + content))
    return struct.pack(">I", len(content)) + kind + content + checksum


def grey16(
    rows: bytes, *, width: int = 2, height: int = 2, depth: int = 16, interlace: int = 0
) -> bytes:
    """A 16-bit grey PNG of filtered rows, whatever its header says of them."""
    header = struct.pack(">IIBBBBB", width, height, depth, 0, 0, 0, interlace)
    body = chunk(b"IHDR", header) + chunk(b"tEXt", b"a\0b") + chunk(b"IDAT", zlib.compress(rows))
    return SIGNATURE + body + chunk(b"IEND", b"")


@pytest.mark.parametrize("kind", range(5))
def test_every_filter_is_undone(kind: int) -> None:
    """Rows of each of PNG's five filters decode to what the test's own reader reads."""
    rows = bytes([kind, 1, 2, 3, 4, kind, 250, 6, 7, 200])

    assert np.array_equal(decode_png16(grey16(rows)), read_png(grey16(rows)))


def flipped(data: bytes, position: int) -> bytes:
    return data[:position] + bytes([data[position] ^ 1]) + data[position + 1 :]


ROWS = bytes(10)
GOOD = grey16(ROWS)


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b"GIF89a", "not a PNG"),
        (SIGNATURE, "cut short"),
        (GOOD[:-12], "cut short"),
        (GOOD[:60], "cut short"),
        (SIGNATURE + GOOD[33:], "does not begin with its header"),
        (flipped(GOOD, 20), "checksum of IHDR"),
        (flipped(GOOD, GOOD.index(b"IDAT") + 9), "checksum of IDAT"),
        (grey16(ROWS, depth=8), "not a 16-bit PNG"),
        (grey16(ROWS, interlace=1), "interlaced"),
        (grey16(ROWS, width=0), "header declares"),
        (grey16(ROWS[:-1]), "more or fewer pixels"),
        (grey16(ROWS + b"\0"), "more or fewer pixels"),
        (grey16(ROWS, width=2**31 - 1, height=2**31 - 1), "more or fewer pixels"),
        (grey16(bytes(10**6)), "more or fewer pixels"),
        (grey16(bytes([5]) + ROWS[1:]), "row 0 has an unknown filter"),
        (GOOD.replace(chunk(b"IDAT", zlib.compress(ROWS)), chunk(b"IDAT", b"junk")), "corrupt PNG"),
        (SIGNATURE + chunk(b"IHDR", b"short") + chunk(b"IEND", b""), "not 13 bytes"),
        (SIGNATURE + chunk(b"IEND", b""), "not 13 bytes"),
    ],
)
def test_corrupt_files_are_refused(data: bytes, message: str) -> None:
    """Each way a file can be wrong is a ValueError that says which."""
    with pytest.raises(ValueError, match=message):
        decode_png16(data)


@given(data=st.data())
def test_damage_never_crashes(data: st.DataObject) -> None:
    """Bytes changed anywhere, cut anywhere: an array, or a ValueError."""
    whole = bytearray(encode_png(noise(4, 4, 3, np.uint16)))
    for position in data.draw(st.lists(st.integers(0, len(whole) - 1), max_size=3)):
        whole[position] = data.draw(st.integers(0, 255))
    cut = data.draw(st.integers(0, len(whole)))

    try:
        decode_png16(bytes(whole[:cut]))
    except ValueError as error:
        assert str(error)  # noqa: PT017 - most damage raises, some does not
