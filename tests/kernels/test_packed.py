"""The packed layout: which arrays have it, and what their words are."""

from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from augcli.kernels import packed

Array = NDArray[Any]


@pytest.mark.parametrize("channels", [1, 2, 3, 4])
def test_new_images_are_packed(channels: int) -> None:
    """`empty` gives the shape asked for, in a layout that `as_words` reads without a copy."""
    image = packed.empty(2, 3, channels)

    assert image.shape == (2, 3, channels)
    assert packed.is_packed(image)
    assert np.shares_memory(packed.as_words(image), image)


def test_first_channel_is_the_lowest_byte() -> None:
    """A word holds its channels from the lowest byte up."""
    rgba = np.array([[[0x11, 0x22, 0x33, 0x44]]], np.uint8)
    grey_alpha = np.array([[[0x11, 0x22]]], np.uint8)

    assert packed.as_words(rgba).tolist() == [[0x44332211]]
    assert packed.as_words(grey_alpha).tolist() == [[0x2211]]


def test_writing_words_writes_the_image() -> None:
    """Words of a packed image are a view to write through; X does not show in the image."""
    image = packed.empty(1, 2, 3)

    packed.as_words(image)[...] = [[0xFF030201, 0x00060504]]

    assert image.tolist() == [[[1, 2, 3], [4, 5, 6]]]


@pytest.mark.parametrize(
    "image",
    [
        np.arange(24, dtype=np.uint8).reshape(2, 4, 3),
        packed.empty(2, 4, 4)[:, ::-1],
        packed.empty(2, 6, 4)[:, 1:5],
        np.empty(33, np.uint8)[1:].reshape(2, 4, 4),
        packed.as_words(packed.empty(2, 4, 3)).view(np.uint8).reshape(2, 4, 4)[..., 1:],
    ],
    ids=["contiguous RGB", "mirrored", "cropped", "unaligned", "a channel further"],
)
def test_other_layouts_are_copied(image: Array) -> None:
    """An image in any other layout gives the words of an equal packed copy."""
    words = packed.as_words(image)

    assert not packed.is_packed(image)
    assert not np.shares_memory(words, image)
    channels = image.shape[2]
    assert np.array_equal(words.view(np.uint8).reshape(2, -1, 4)[..., :channels], image)


def test_memory_beyond_the_base_is_never_read() -> None:
    """A view whose last X byte would lie outside its base counts as not packed."""
    view = np.lib.stride_tricks.as_strided(
        np.arange(7, dtype=np.uint8), (1, 2, 3), (8, 4, 1), writeable=False
    )

    assert not packed.is_packed(np.ndarray((1, 2, 3), np.uint8, bytes(7), 0, (8, 4, 1)))
    assert packed.as_words(view).view(np.uint8)[0, 4:7].tolist() == [4, 5, 6]


def test_views_of_read_only_memory_stay_read_only() -> None:
    """Pixels that belong to a bytes object cannot be written through their words."""
    image = np.frombuffer(bytes(range(8)), np.uint8).reshape(1, 2, 4)[..., :3]

    assert packed.is_packed(image)
    assert not packed.as_words(image).flags.writeable


@pytest.mark.parametrize(
    "image", [np.zeros((2, 2)), np.zeros((2, 2), np.uint8), np.zeros((2, 2, 5), np.uint8)]
)
def test_other_arrays_are_refused(image: Array) -> None:
    """What is no 8-bit image of one to four channels is a ValueError that says its shape."""
    with pytest.raises(ValueError, match="expected uint8 pixels"):
        packed.as_words(image)


def test_output_must_be_packed_and_of_the_right_shape() -> None:
    """A caller's buffer of another layout or shape is refused, not silently left unwritten."""
    with pytest.raises(ValueError, match="writable packed image"):
        packed.output_words(np.zeros((2, 2, 3), np.uint8), (2, 2, 3))
    with pytest.raises(ValueError, match="writable packed image"):
        packed.output_words(packed.empty(2, 2, 3), (2, 3, 3))
