"""Masks are read exactly, and written in the form they came in."""

import io
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from PIL import Image

from augcli.annotations.masks import Mask, MaskForm, check_mask_size, read_mask, write_mask
from augcli.errors import SourceError
from augcli.kernels.png import encode_png
from augcli.transforms.base import Size

PIXELS = 10_000
COLORS = bytes([0, 0, 0, 128, 0, 0, 0, 128, 0, 128, 128, 0, 0, 0, 128])


def saved(image: Image.Image, name: str, **options: object) -> bytes:
    """The image as a file."""
    out = io.BytesIO()
    image.save(out, name, **options)
    return out.getvalue()


def opened(data: bytes) -> Image.Image:
    """The file as Pillow reads it."""
    image = Image.open(io.BytesIO(data))
    image.load()
    return image


def palette_image(rows: list[list[int]], palette: bytes = COLORS) -> Image.Image:
    """An image of indices."""
    ids = np.array(rows, np.uint8)
    image = Image.frombytes("P", (ids.shape[1], ids.shape[0]), ids.tobytes())
    image.putpalette(palette)
    return image


def image_of(values: object, dtype: type = np.uint8) -> Image.Image:
    """An image of an array."""
    return Image.fromarray(np.array(values, dtype))


def npy(array: np.ndarray) -> bytes:
    """The array as a file."""
    out = io.BytesIO()
    np.save(out, array)
    return out.getvalue()


def test_a_palette_s_indices_are_the_ids() -> None:
    """The ids are indices, and palette, bits and transparency of the file come back."""
    data = saved(palette_image([[0, 1], [4, 2]]), "PNG", transparency=bytes([0, 255, 9]))
    mask = read_mask(data, PIXELS)
    assert mask.ids[..., 0].tolist() == [[0, 1], [4, 2]]
    again = opened(write_mask(Mask(mask.ids[:, ::-1], mask.form)))
    assert again.mode == "P"
    assert np.array(again).tolist() == [[1, 0], [2, 4]]
    assert bytes(again.getpalette() or ())[: len(COLORS)] == COLORS
    assert again.info["transparency"] == bytes([0, 255, 9])
    assert write_mask(mask)[24] == data[24] == 4  # bits a pixel


def test_a_palette_grows_for_other_ids() -> None:
    """A mask_fill beyond the palette's end is an index of the palette, in black."""
    mask = read_mask(saved(palette_image([[0, 1]]), "PNG"), PIXELS)
    again = opened(write_mask(Mask(np.full((2, 2, 1), 255, np.uint8), mask.form)))
    assert np.array(again).tolist() == [[255, 255], [255, 255]]
    assert bytes(again.getpalette() or ())[: len(COLORS)] == COLORS


@pytest.mark.parametrize("name", ["PNG", "TIFF", "BMP"])
@pytest.mark.parametrize(
    "image",
    [
        image_of([[0, 1], [7, 255]]),
        palette_image([[0, 1], [3, 2]]),
        image_of([[True, False], [True, True]], bool),
        image_of([[[0, 1, 2], [255, 0, 9]]]),
    ],
    ids=["L", "P", "1", "RGB"],
)
def test_each_kind_comes_back_in_each_format(name: str, image: Image.Image) -> None:
    """Format, mode and pixels, as Pillow sees them, are the same."""
    data = saved(image, name)
    again = opened(write_mask(read_mask(data, PIXELS)))
    assert (again.format, again.mode, again.size) == (name, image.mode, image.size)
    np.testing.assert_array_equal(np.array(again), np.array(image))


@pytest.mark.parametrize("name", ["PNG", "TIFF"])
@pytest.mark.parametrize(
    "image",
    [
        image_of([[0, 256], [65535, 1]], np.uint16),
        image_of([[[0, 1, 2, 3], [255, 0, 9, 0]]]),
        image_of([[[0, 1], [255, 0]]]),
    ],
    ids=["I;16", "RGBA", "LA"],
)
def test_16_bits_and_alpha_come_back(name: str, image: Image.Image) -> None:
    """Grey of 16 bits keeps them, and colours are kept where nothing shows them."""
    again = opened(write_mask(read_mask(saved(image, name), PIXELS)))
    assert (again.format, again.mode) == (name, image.mode)
    np.testing.assert_array_equal(np.array(again), np.array(image))


def test_32_bits_come_back() -> None:
    """A TIFF may have ids of 32 bits."""
    image = image_of([[0, 70_000], [-1, 2**31 - 1]], np.int32)
    again = opened(write_mask(read_mask(saved(image, "TIFF"), PIXELS)))
    assert again.mode == "I"
    np.testing.assert_array_equal(np.array(again), np.array(image))


def test_big_endian_tiff_is_read() -> None:
    """The ids are the numbers, in this machine's order of bytes."""
    header = b"MM\0*\0\0\0\x08\0\x09"
    tags = [(256, 2), (257, 1), (258, 16), (259, 1), (262, 1), (277, 1), (278, 1)]
    entries = b"".join(
        tag.to_bytes(2) + b"\0\3\0\0\0\1" + value.to_bytes(2) + b"\0\0" for tag, value in tags[:5]
    )
    entries += (273).to_bytes(2) + b"\0\4\0\0\0\1" + (122).to_bytes(4)
    entries += b"".join(
        tag.to_bytes(2) + b"\0\3\0\0\0\1" + value.to_bytes(2) + b"\0\0" for tag, value in tags[5:]
    )
    entries += (279).to_bytes(2) + b"\0\4\0\0\0\1" + (4).to_bytes(4)
    data = header + entries + b"\0\0\0\0" + b"\x01\x02\xff\x00"
    mask = read_mask(data, PIXELS)
    assert mask.ids.dtype == np.uint16
    assert mask.ids[..., 0].tolist() == [[0x0102, 0xFF00]]
    assert np.array(opened(write_mask(mask))).tolist() == [[0x0102, 0xFF00]]


@given(arrays(np.uint16, st.tuples(st.integers(1, 5), st.integers(1, 5), st.just(3))))
def test_16_bit_colour_comes_back(ids: np.ndarray) -> None:
    """PNG with colours of 16 bits, as some instance masks have, loses none."""
    mask = read_mask(encode_png(ids), PIXELS)
    np.testing.assert_array_equal(mask.ids, ids)
    np.testing.assert_array_equal(read_mask(write_mask(mask), PIXELS).ids, ids)


@pytest.mark.parametrize("dtype", ["uint8", "int64", "bool", ">u2"])
@pytest.mark.parametrize("shape", [(2, 3), (2, 3, 1), (2, 3, 5)])
def test_npy_keeps_dtype_and_shape(dtype: str, shape: tuple[int, ...]) -> None:
    """Whole numbers of any kind, with or without channels, come back as they were."""
    array = (np.arange(np.prod(shape)) % 2).reshape(shape).astype(dtype)
    mask = read_mask(npy(array), PIXELS)
    assert mask.ids.ndim == 3
    again = np.load(io.BytesIO(write_mask(mask)))
    assert again.dtype == np.dtype(dtype).newbyteorder("=")
    np.testing.assert_array_equal(again, array)


@pytest.mark.parametrize(
    ("data", "fill", "said"),
    [
        (saved(image_of([[True]], bool), "PNG"), 255, "id 255 .* 0 to 1"),
        (saved(image_of([[1]]), "PNG"), 256, "id 256 .* 0 to 255"),
        (saved(image_of([[1]]), "PNG"), -1, "id -1"),
        (npy(np.zeros((1, 1), np.int8)), 128, "id 128 .* -128 to 127"),
        (npy(np.zeros((1, 1), bool)), 2, "id 2 .* 0 to 1"),
    ],
)
def test_ids_that_do_not_fit_are_refused(data: bytes, fill: int, said: str) -> None:
    """An id is never cut to what the form can hold."""
    form = read_mask(data, PIXELS).form
    with pytest.raises(SourceError, match=said):
        write_mask(Mask(np.full((1, 1, 1), fill, np.int64), form))


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (saved(image_of([[1]]), "JPEG"), "a mask in JPEG, which need not keep ids exactly"),
        (saved(image_of([[[1, 2, 3]]]), "WEBP"), "a mask in WEBP"),
        (saved(image_of([[0.5]], np.float32), "TIFF"), "not read exactly"),
        (saved(image_of([[1] * 9]), "PNG")[:44], "truncated PNG"),
        (b"", "empty"),
        (b"GIF", "not an image"),
        (npy(np.zeros((1, 1))), "a mask of float64"),
        (npy(np.zeros(3, np.uint8)), "expected whole numbers"),
        (npy(np.zeros((2, 2), np.uint8))[:-1], "broken npy"),
        (npy(np.zeros((2, 2), np.uint8))[:20], "broken npy"),
        (npy(np.zeros((2, 2), np.uint8)).replace(b"False", b"F[lse"), "broken npy"),
        (npy(np.zeros((200, 200), np.uint8)), "max_pixels, 10000"),
        (saved(Image.new("L", (200, 200)), "PNG"), "max_pixels, 10000"),
        (
            saved(image_of([[1]]), "TIFF", save_all=True, append_images=[image_of([[2]])]),
            "several pages",
        ),
    ],
)
def test_what_cannot_be_read_exactly_is_refused(data: bytes, said: str) -> None:
    """The error says what the file is, and what would do."""
    with pytest.raises(SourceError) as caught:
        read_mask(data, PIXELS)
    assert caught.value.stage == "annotations"
    assert said in str(caught.value)


def test_objects_in_npy_are_never_loaded() -> None:
    """A pickle in an npy is not run."""
    pickled: Any = np.array([[{}]], object)
    with pytest.raises(SourceError, match="a mask of object"):
        read_mask(npy(pickled), PIXELS)


def test_the_size_has_to_be_the_image_s() -> None:
    """The error has both sizes, and knows a turned mask."""
    mask = Mask(np.zeros((2, 3, 1), np.uint8), MaskForm("PNG", "L"))
    check_mask_size(mask, Size(2, 3))
    with pytest.raises(SourceError, match=r"3 x 2 pixels, and its image 4 x 4$"):
        check_mask_size(mask, Size(4, 4))
    with pytest.raises(SourceError, match="EXIF"):
        check_mask_size(mask, Size(3, 2))
